"""What goes with a meeting: the pack, the delegations, the cover sheet. Knows no layout."""

import msgspec

from dtti.documents.values import Line, Side, Words

from .agenda import Agenda
from .head import Day, Head, Minute, a_day, once
from .record import Action


class PackPaper(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A paper in a pack: either its text, or the name of a PDF that is put in page by page."""

    reference: Line
    title: Words
    item: Line = ""
    label: Line = ""
    text: tuple[Minute, ...] = ()
    file: Line = ""

    def __post_init__(self) -> None:
        if bool(self.text) == bool(self.file):
            raise ValueError(f"paper {self.reference} must have either text or file")


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A meeting pack: contents, agenda, papers in order, open actions. Its head's label covers all that is in it."""

    head: Head
    agenda: Agenda
    papers: tuple[PackPaper, ...] = ()
    actions: tuple[Action, ...] = ()

    def __post_init__(self) -> None:
        once("actions", (each.number for each in self.actions))


class Delegate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A member of a delegation. `role`: head of delegation, member, interpreter, ... ; `visit`: its visit request."""

    name: Line
    office: Words
    organisation: Words | None = None
    role: Words | None = None
    visit: Line = ""


class Delegation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """One side's list in protocol order, which is the order given: precedence is its owner's to say."""

    side: Side
    members: tuple[Delegate, ...]


class DelegationList(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The delegations to a meeting, in the order given."""

    head: Head
    body: Words
    delegations: tuple[Delegation, ...]
    host: Side | None = None

    def __post_init__(self) -> None:
        held = [each.side for each in self.delegations]
        if len(set(held)) != len(held):
            raise ValueError("a side has more than one delegation")


class Portion(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A part of the enclosed file and its own marking."""

    part: Words
    mark: Line
    releasable: Line = ""
    pages: Line = ""


class CoverSheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """The sheet on top of a file: label, both file numbers, what is inside with its portions, who is to have it."""

    head: Head
    subject: Words
    portions: tuple[Portion, ...] = ()
    originator: Words | None = None
    copies: tuple[Words, ...] = ()
    handling: tuple[Words, ...] = ()
    review_on: Day | None = None
    enclosures: int = 0

    def __post_init__(self) -> None:
        a_day(self.review_on or "")
        if not 0 <= self.enclosures < 100_000:
            raise ValueError("enclosures must lie between 0 and 99,999")
