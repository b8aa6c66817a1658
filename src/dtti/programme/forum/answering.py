"""Where a recommendation stands and by when it is to be answered, from its own text and the disposition. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from dtti.programme.kinds.recommendation import Recommendation

from .terms import terms

State = Literal["received", "considered", "more-needed", "to-co-chairs", "disposed", "withdrawn"]
#: States in which the office still owes an answer.
OWED: Final[tuple[State, ...]] = ("received", "considered", "to-co-chairs", "disposed")


class Clock(msgspec.Struct, frozen=True):
    """By when a recommendation is to be answered. `due`: the last day; None where its receipt is not known to the day.

    `waited`: days on which more was asked of the submitter, which do not count. `replied`: the day of the first reply.
    `late`: how many days over (0: none); of one that is answered, as it was then.
    """

    days: int
    waited: int
    due: date | None
    replied: date | None
    late: int
    stopped: bool


def state_of(of: Recommendation, *, agreed: bool = False) -> State:
    """The state of a recommendation; `agreed`: both sides have agreed what becomes of it."""
    last = of.steps[-1].reached if of.steps else ""
    if last == "withdrawn":
        return "withdrawn"
    if agreed or of.replies:
        return "disposed"
    if last == "answered":
        return "considered"
    return last or "received"


def clock(of: Recommendation, today: date) -> Clock:
    """The clock of a recommendation: the same days for all, from the day of its receipt."""
    days, received = terms().answer.days, of.received_on.day
    waited, asked = 0, None
    for step in of.steps:
        on = step.on.day
        if step.reached == "more-needed":
            asked = asked or on
        elif asked is not None:
            waited += max(0, (on - asked).days) if on else 0
            asked = None
    if asked is not None:
        waited += max(0, (today - asked).days)
    replied = min((each.on.day for each in of.replies if each.on.day), default=None)
    due = received + timedelta(days=days + waited) if received else None
    stopped = bool(of.replies) or bool(of.steps and of.steps[-1].reached in ("withdrawn", "more-needed"))
    until = replied or (None if stopped else today)
    late = max(0, (until - due).days) if due and until else 0
    return Clock(days, waited, due, replied, late, stopped)


class InTime(msgspec.Struct, frozen=True):
    """Replies counted: in time, late, still open and late, still open; each with its references."""

    in_time: list[str]
    late: list[str]
    open_late: list[str]
    open: list[str]


def counted(every: Iterable[Recommendation], today: date) -> InTime:
    """How the replies of this side stand, one list for each answer; withdrawn ones are in none."""
    made = InTime([], [], [], [])
    for each in sorted(every, key=lambda one: one.ref):
        held = clock(each, today)
        if held.replied:
            (made.late if held.late else made.in_time).append(each.ref)
        elif state_of(each) != "withdrawn":
            (made.open_late if held.late else made.open).append(each.ref)
    return made
