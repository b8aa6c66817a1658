"""All projects on one page: along time, how long in each stage, what is open and slipped. Knows no layout."""

from typing import Annotated

import msgspec

from dtti.documents.values import Words
from dtti.papers.charts.portfolio import Portfolio as Drawn
from dtti.programme.sop.spine import ShownStage

from .head import Day, Head, a_day


class Aged(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """How long projects were in a stage: of those that left it, and of those that are in it still."""

    stage: ShownStage
    left: Words
    open: Words


class PortfolioPage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The projects of a programme on a day. `left_out`: how many have no row here, which the page of projects has."""

    head: Head
    as_of: Day
    projects: Drawn
    ageing: Annotated[tuple[Aged, ...], msgspec.Meta(max_length=7)] = ()
    left_out: Annotated[int, msgspec.Meta(ge=0)] = 0
    notes: Annotated[tuple[Words, ...], msgspec.Meta(max_length=4)] = ()

    def __post_init__(self) -> None:
        a_day(self.as_of)
        if len(self.projects.projects) > 12:
            raise ValueError(f"it is one page, and has rows for 12 projects, not {len(self.projects.projects)}")
