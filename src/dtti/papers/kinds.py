"""The papers there are: for each its name, what it holds, its template and its title. Knows no layout."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from dtti.documents.values import Side, Words

from . import programme, wording
from .data.agenda import Agenda
from .data.brief import Brief
from .data.handover import Handover
from .data.instrument import Instrument
from .data.intent import StatementOfIntent
from .data.letter import Letter
from .data.meeting import CoverSheet, DelegationList, Pack
from .data.portfolio import PortfolioPage
from .data.project import OnePager
from .data.public import FactSheet, Readout
from .data.record import Record
from .data.reply import ReplySheet

Extra = Callable[[Any, Side], Mapping[str, Any]]
Named = Callable[[Any], tuple[str, ...]]


@dataclass(frozen=True)
class Kind:
    """A kind of paper.

    `struct`: what it holds. `template`: its file in typst/, which reads `data` from house.typ. `title`: its name for
    people. `two_originals`: it is made once for each side, and must be told which side comes first. `extra`: what the
    template needs and Typst should not work out, made from the struct and the side that comes first; read there as
    `extra`. `files`: names of the PDFs to put in, one for each place in the struct that may have one, "" where it has
    none; the template finds path and pages in `extra.files`, in the same order.
    """

    name: str
    struct: type[msgspec.Struct]
    template: str
    title: Words
    two_originals: bool = False
    extra: Extra | None = None
    files: Named | None = None


def _pack_files(pack: Pack) -> tuple[str, ...]:
    return tuple(each.file for each in pack.papers)


_NEGOTIATED = (
    Kind("agenda", Agenda, "agenda-paper.typ", Words("Agenda", "कार्यसूची")),
    Kind("meeting-pack", Pack, "pack.typ", Words("Meeting pack", "बैठक-पत्रावली"), files=_pack_files),
    Kind("record", Record, "record.typ", Words("Record of discussion", "चर्चा-अभिलेख")),
    Kind(
        "statement-of-intent",
        StatementOfIntent,
        "intent.typ",
        Words("Statement of Intent", "आशय वक्तव्य"),
        two_originals=True,
        extra=wording.figures,
    ),
    Kind(
        "instrument",
        Instrument,
        "instrument.typ",
        Words("Instrument", "लिखत"),
        two_originals=True,
        extra=wording.figures,
    ),
    Kind("delegation", DelegationList, "delegation.typ", Words("Delegations", "प्रतिनिधिमंडल")),
    Kind("cover-sheet", CoverSheet, "cover.typ", Words("Cover sheet", "आवरण पत्र")),
)

_PROGRAMME: tuple[Kind, ...] = (
    Kind("brief", Brief, "brief.typ", Words("Co-chair brief", "सह-अध्यक्ष हेतु संक्षेप")),
    Kind(
        "one-pager",
        OnePager,
        "one-pager.typ",
        Words("Project on one page", "परियोजना एक पृष्ठ में"),
        extra=programme.project_figures,
    ),
    Kind(
        "portfolio",
        PortfolioPage,
        "portfolio.typ",
        Words("Portfolio on one page", "परियोजना-समूह एक पृष्ठ में"),
        extra=programme.portfolio_figures,
    ),
    Kind(
        "handover",
        Handover,
        "handover.typ",
        Words("Handover pack", "पदभार हस्तांतरण पत्रावली"),
        extra=programme.handover_figures,
    ),
    Kind("letter", Letter, "letter.typ", Words("Letter", "पत्र")),
    Kind("readout", Readout, "readout.typ", Words("Joint readout", "संयुक्त वक्तव्य")),
    Kind("fact-sheet", FactSheet, "fact-sheet.typ", Words("Fact sheet", "तथ्य पत्र")),
    Kind(
        "reply-sheet",
        ReplySheet,
        "reply-sheet.typ",
        Words("Reply sheet", "उत्तर पत्र"),
        extra=programme.reply_figures,
    ),
)

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*_NEGOTIATED, *_PROGRAMME)}
"""Every kind by its name, as `dtti paper KIND` and samples/KIND.json spell it."""
