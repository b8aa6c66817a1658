"""One function decides what a seat may do: for every draft, every form that is sent, every act. Pure.

Default deny. What is asked for is a *purpose* of the table below; which duty may write which verb on which kind stays
in ``duties.toml``. Whoever asks and is allowed gets a `Permit`, and no page writes without one. The power of the office
is another matter, judged by the write path from the ledger.
"""

from typing import Any, Final, Literal, Protocol

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import visibility as seen

from . import duties


class Taken(Protocol):
    """The seat that someone acts from."""

    @property
    def office(self) -> str: ...  # id of the office's record

    @property
    def duty(self) -> str: ...  # a code of duties.toml


class Purpose(msgspec.Struct, frozen=True):
    """What may be asked for. `any_of`: verbs of which the duty must include one on the kind; `verb`: the one written.

    `on`: records it is done to, by who was told of them. `all`: any; `told`: not those kept for this side alone, since
    a text of this side leaves by `release` and by nothing else; `kept`: only those.
    `ledgers`: where it may be written; a record that the other side was not told of takes national acts alone.
    """

    code: str
    any_of: tuple[str, ...]
    verb: str = ""
    on: Literal["all", "told", "kept"] = "all"
    ledgers: tuple[str, ...] = (RELEASED,)


#: Verb by which a draft of each purpose becomes an act: propose, counter, state, paper (see `models.Draft`).
BECOMES: Final = {"propose": "propose", "counter": "send_back", "state": "state", "paper": "state"}

_BOTH = (NATIONAL, RELEASED)
_PURPOSES = (
    Purpose("show_draft", ("draft",), "draft", "told"),
    Purpose("propose", ("propose",), "propose", "told"),
    Purpose("counter", ("send_back",), "send_back", "told"),
    Purpose("state", ("state",), "state", ledgers=_BOTH),
    Purpose("paper", ("state",), "state", ledgers=_BOTH),
    Purpose("confirm_paper", ("state",), "state", "told"),
    Purpose("accept", ("accept",), "accept", "told"),
    Purpose("send_back", ("send_back",), "send_back", "told"),
    Purpose("withdraw", ("withdraw",), "withdraw", "told"),
    Purpose("late", ("withdraw",), "close", "told"),  # to end an offer whose answer was first seen late
    Purpose("hand_over", ("hand_over",), "hand_over", "told"),
    Purpose("request_pen", ("request_pen",), "request_pen", "told"),
    Purpose("notice", ("notice",), "notice", "told"),
    Purpose("remark", ("comment",), "comment", ledgers=(NATIONAL,)),
    Purpose("remark_to_other", ("comment",), "comment", "told"),
    Purpose("release", ("release",), "release", "kept", ledgers=_BOTH),
    Purpose("make_public", ("make_public",), "make_public", "told"),
    Purpose("seat", ("seat",), "seat", ledgers=(NATIONAL,)),
    Purpose("restrict", ("restrict",), "restrict", ledgers=(NATIONAL,)),
    *(
        Purpose(f"{doing}:{code}", ("draft", verb), on="all" if code in ("state", "paper") else "told")
        for doing in ("read_draft", "write_draft")
        for code, verb in BECOMES.items()
    ),
)
#: Everything a seat can be asked about, by its code. What is not here is refused.
PURPOSES: Final = {one.code: one for one in _PURPOSES}


class Permit(msgspec.Struct, frozen=True):
    """What was asked for and allowed: the purpose, on a record of this kind, from this office, into these ledgers."""

    purpose: str
    verb: str
    kind: str
    office: str
    ledgers: tuple[str, ...]

    def check(self, verb: str, record: str, ledger: str) -> None:
        """ValueError where an act is not the one that was allowed: a defect of the page that writes it."""
        if (verb, record.split("/")[0]) != (self.verb, self.kind) or ledger not in self.ledgers:
            raise ValueError(f"allowed was {self.purpose} on a {self.kind}, not {verb} on {record} ({ledger})")


class Forbidden(Refused):
    """The seat taken does not allow it: answered 403, and nothing was looked at further."""


def permit(seat: Taken | None, purpose: str, kind: str, *, label: str = "", office: str = "") -> Permit:
    """Leave for whoever sits in `seat` to do `purpose` on a record of `kind`, or Forbidden with what stands against it.

    `label`: who was told of the record (`visibility`), empty where it does not exist yet. `office`: the one that the
    thing asked about belongs to, where it belongs to one; no other office may touch it.
    """
    refusal = against(seat, purpose, kind, label=label, office=office)
    if refusal is not None or seat is None:
        raise Forbidden(refusal or _unknown(purpose))
    asked = PURPOSES[purpose]
    ledgers = tuple(one for one in asked.ledgers if label != seen.NATIONAL or one == NATIONAL or asked.on == "kept")
    return Permit(purpose, asked.verb, kind, seat.office, ledgers)


def against(seat: Taken | None, purpose: str, kind: str, *, label: str = "", office: str = "") -> Refusal | None:
    """What stands against `permit`; None where nothing does. For showing a button, or a list without what is closed."""
    asked = PURPOSES.get(purpose)
    if asked is None:
        return _unknown(purpose)
    seats = [seat] if seat else []
    refusals = [duties.may(seats, verb, kind) for verb in asked.any_of]
    if all(refusals):
        return refusals[-1]
    if office and seat and seat.office != office:
        return refuse(
            "draft-office",
            "it belongs to another office of this side",
            "Take a seat in that office, or ask someone who has one.",
        )
    if label == seen.NATIONAL and asked.on == "told":
        return refuse(
            "national",
            "the other side has not been told of this record, and this would tell it",
            "Ask a disclosure officer to release it first.",
        )
    if label and label != seen.NATIONAL and asked.on == "kept":
        return refuse("release", "the other side has been told of this record already", "Nothing needs to be done.")
    return None


def against_submitting(seat: Taken | None) -> Refusal | None:
    """What stands against `seat` sending something in the industry room; None where nothing does."""
    if duties.submits(seat):
        return None
    return refuse("duty", "the seat taken is none of industry", "Sign in with the account of a company or association.")


def ever(seat: Taken | None, purpose: str, kinds: Any) -> Refusal | None:
    """What stands against `purpose` on each of `kinds` alike; None where one of them is allowed.

    The question before a record is looked for, so that whoever may not do a thing at all learns nothing by trying.
    """
    found = [against(seat, purpose, kind) for kind in kinds]
    return found[0] if found and all(found) else None


def _unknown(purpose: str) -> Refusal:
    return refuse("duty", f"{purpose[:40]!r} is nothing that a seat allows", "Use the buttons of the page.")
