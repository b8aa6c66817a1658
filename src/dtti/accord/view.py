"""A record as one observer knows it: pen, open offer, offers and texts so far, notices, requests. Pure structures.

`discipline` asks them whether an act is valid, `fold` changes them by its effect. Ids are act ids, times are claimed
(where a wrong clock was repaired, from when the act counts as known).
"""

from collections.abc import Container
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from dtti.ledger.act import Act

if TYPE_CHECKING:
    from .rules import RuleSet

Mode = Literal["own", "joint"]

PUBLISHED = "PUB"  # the side of records compiled from public sources: created by neither, so nobody holds their pen

Outcome = Literal["agreed", "returned", "withdrawn", "lapsed", "late"]


class Filed(msgspec.Struct, frozen=True):
    """A sound act (see `authority`) on a record, with its typed fields.

    `heard`: claimed time of the other side's last act that it had seen. `rules`: the set it names, dtti_1's where none
    is given. `known`: from when it counts as known, where that is not its claimed time (see `reset_time`).
    """

    id: str
    act: Act
    terms: object
    heard: str = ""
    rules: "RuleSet | None" = None
    known: str = ""

    @property
    def time(self) -> str:
        """From when it counts as known. No verdict hangs on it: a repair comes after what it repairs was judged."""
        return self.known or self.act.time


class Offer(msgspec.Struct):
    """A text put to the other side. `id` names the proposal, or the send-back whose counter-text this is."""

    id: str
    side: str
    base: int
    next: str
    until: str
    firm: bool  # never withdrawn
    body: int  # which body of the act is the text
    opened: str  # claimed time
    answer: str = ""  # act id
    answer_verb: str = ""
    answered: str = ""
    outcome: Outcome | None = None
    decided_by: str = ""
    decided: str = ""
    flagged: str = ""  # id of a notice concurrent with the agreement
    counter_of: str = ""  # the offer that this counter-text answers
    counter: "Offer | None" = None  # what opens when this is closed as returned
    stage: str = ""  # that its text enters, where its act says so
    closes: bool = False  # firm, and closed by its proposer's node all the same: no answer decides by itself


class Text(msgspec.Struct):
    """A text of the record as one act carries it: an agreed offer, a report, or a version of an own record."""

    act: str
    body: int
    side: str
    verb: str
    time: str  # claimed: of the decision for an agreed text, of the statement for any other
    basis: str = ""
    number: int = 0  # of texts agreed here, or of versions of an own record (each ledger counts its own)
    change: str = ""
    ledger: str = "released"
    confirms: str = ""  # the other side's paper report that this one says is of the same text
    confirmed_by: str = ""  # the other side's report that says so of this one
    flagged: str = ""
    group: str = ""  # to which a national one is kept; empty for all of its side


class Request(msgspec.Struct):
    """A request for the pen, open until the pen passes or a text is agreed."""

    act: str
    side: str
    since: str
    until: str = ""


class Passage(msgspec.Struct, frozen=True):
    """The pen came to `side` by `act` at `time`."""

    side: str
    act: str
    time: str


class View(msgspec.Struct):
    """A record as far as one observer knows it."""

    record: str
    mode: Mode
    sides: tuple[str, ...]
    pen: str = ""  # nobody's where empty
    exists: bool = False
    version: int = 0
    offer: Offer | None = None
    offers: list[Offer] = []
    texts: list[Text] = []
    notices: dict[str, tuple[str, str]] = {}  # side: (suspend or withdraw_from, act id)
    requests: list[Request] = []
    passages: list[Passage] = []
    overtaken: dict[str, str] = {}  # act id: by which act
    notice_acts: list[tuple[str, str, str, str]] = []  # side, notice, act id, time
    made_public: list[tuple[str, str, str]] = []  # side, act of the text, time from which that side lets it be read
    reasons: dict[str, str] = {}  # act id of a notice: the code of its reason, where it gives one

    @property
    def stages(self) -> set[str]:
        """The stages that the texts agreed here say they enter."""
        return {each.stage for each in self.offers if each.stage and each.outcome == "agreed"}


def blank(record: str, mode: Mode, sides: tuple[str, ...]) -> View:
    """A record of which nothing is known yet. The pen of a joint one is with the side that it is named after."""
    creator = record.split("/")[1]
    return View(record, mode, sides, creator if mode == "joint" and creator != PUBLISHED else "")


def latest_version(view: View, side: str, ledger: str) -> int:
    """Number of the latest version of an own record that `side` has stated in that ledger of its; 0 for none."""
    return max((text.number for text in view.texts if (text.side, text.ledger) == (side, ledger)), default=0)


def readable(view: View, groups: Container[str]) -> View:
    """The view without texts that are kept to a group which is not among `groups`.

    A text that is kept to a group follows what its group reads; any other follows what all of its side read, so that no
    number betrays that something is kept.
    """
    texts = [text for text in view.texts if not text.group or text.group in groups]
    return view if len(texts) == len(view.texts) else replace(view, texts=texts)


def facing(view: View, side: str) -> str:
    """The side that faces `side` on this record; itself where it is alone."""
    return next((each for each in view.sides if each != side), side)
