"""Who may act here, as the national ledger says it: accounts and seats. Computed from acts; knows no Django, no page.

Each change is an act of the power keys, or asked by one office and confirmed by another. The tables of `models` follow.
"""

from datetime import date

import msgspec

from dtti.accord import table_2
from dtti.accord.refusal import Refused
from dtti.ledger.act import Act, open_leaf
from dtti.ledger.body import Body
from dtti.ledger.store import NATIONAL, Placed

from . import text
from .write import Draft, Node

VERB = "seat"


class Change(msgspec.Struct, frozen=True):
    """One asked or made change: the act, its place and time, the office that asked (empty: the power keys), its fields.

    `user`, `name`: who it is, from the body; empty where that is gone. `confirmed`: the act that made it count.
    """

    act: str
    index: int
    time: str
    office: str
    terms: table_2.Seat
    user: str
    name: str
    reason: str
    asker: str = ""  # account of the person who asked
    confirmed: str = ""
    confirmed_by: str = ""


class Account(msgspec.Struct, frozen=True):
    """An account: its code, the user name and full name it was opened with, whether it is open."""

    code: str
    user: str
    name: str
    open: bool


class Held(msgspec.Struct, frozen=True):
    """A seat: who sits where with which duty from which day (until which), by which change."""

    code: str
    account: str
    office: str
    duty: str
    since: date
    until: date | None
    given: Change


class Seating(msgspec.Struct, frozen=True):
    """Everything that stands, and what was asked and nobody confirmed yet."""

    accounts: dict[str, Account]
    seats: dict[str, Held]
    asked: dict[str, Change]
    changes: list[Change]


def required(node: Node) -> bool:
    """Whether a seat counts only by an act: since the founding under dtti_2, or since the first such act."""
    standing = node.book.released.standing()
    founded = standing is not None and "dtti_1" not in standing.rule_sets
    return founded or bool(node.store.of_verb(VERB, NATIONAL))


def possible(node: Node) -> bool:
    """Whether such acts can be written here: the rule set in force for what stays national has the verb."""
    return VERB in node.rules_for(Draft(VERB, ledger=NATIONAL)).table


def read(node: Node) -> Seating:
    """The seating now."""
    size = node.store.size(NATIONAL)
    held = _held.get(id(node.store))
    if held is not None and held[0] == size and held[2] is node.store:
        return held[1]
    made = _fold(node)
    _held.clear()
    _held[id(node.store)] = (size, made, node.store)
    return made


_held: dict[int, tuple[int, Seating, object]] = {}  # of the node that this process serves


def _fold(node: Node) -> Seating:
    seating = Seating({}, {}, {}, [])
    voids = node.store.voids(NATIONAL)
    for placed in node.store.of_verb(VERB, NATIONAL):
        if placed.index in voids:
            continue
        act = open_leaf(placed.leaf).act
        terms = msgspec.convert(act.terms, table_2.Seat)
        change = _change(node, placed, act, terms)
        if terms.confirms:
            asked = seating.asked.pop(terms.confirms, None)
            if asked is not None:
                _apply(seating, msgspec.structs.replace(asked, confirmed=placed.id, confirmed_by=act.office))
        elif act.role == "power":
            _apply(seating, change)
        else:
            seating.asked[placed.id] = change
    return seating


def _change(node: Node, placed: Placed, act: Act, terms: table_2.Seat) -> Change:
    user = name = reason = asker = ""
    held = node.store.body(placed.owner()) if act.body else None
    if isinstance(held, Body):
        try:
            said = text.read(held.data)
            content = said.content or {}
            user, name, asker = (str(content.get(each, "")) for each in ("user", "name", "asker"))
            reason = said.remarks
        except Refused:
            pass
    return Change(placed.id, placed.index, act.time, act.office, terms, user, name, reason, asker)


def _apply(seating: Seating, change: Change) -> None:
    terms = change.terms
    seating.changes.append(change)
    was = seating.accounts.get(terms.account)
    if terms.does == "open":
        seating.accounts[terms.account] = Account(terms.account, change.user, change.name, True)
    elif terms.does == "close" and was is not None:
        seating.accounts[terms.account] = msgspec.structs.replace(was, open=False)
    elif terms.does == "seat" and terms.seat and terms.since:
        seating.seats[terms.seat] = Held(
            terms.seat, terms.account, terms.office, terms.duty or "", _day(terms.since), _until(terms.until), change
        )
    elif terms.does == "unseat" and terms.seat in seating.seats:
        held = seating.seats[terms.seat]
        if held.account == terms.account:
            seating.seats[held.code] = msgspec.structs.replace(held, until=_until(terms.until))


def _day(time: str) -> date:
    return date.fromisoformat(time[:10])


def _until(time: str | None) -> date | None:
    return _day(time) if time else None


def moment(day: date) -> str:
    """A day as it stands in a leaf: its beginning, UTC."""
    return f"{day.isoformat()}T00:00:00Z"


def draft(
    terms: table_2.Seat,
    *,
    user: str = "",
    name: str = "",
    reason: str = "",
    office: str = "",
    by: text.By | None = None,
    asker: str = "",
) -> Draft:
    """The act of a change: by the power keys, or asked by an office (`asker`: the account of who asks)."""
    who = {"user": user, "name": name} | ({"asker": asker} if asker else {})
    said = text.Text(content=who, remarks=reason, by=by)
    return Draft(VERB, "", terms, office, (said,), ledger=NATIONAL, role="" if office else "power")


def confirmation(asked: Change, office: str, by: text.By | None = None) -> Draft:
    """The act by which another office confirms what was asked."""
    said = text.Text(content={"user": asked.user, "name": asked.name}, by=by)
    terms = msgspec.structs.replace(asked.terms, confirms=asked.act)
    return Draft(VERB, "", terms, office, (said,), rests=(asked.act,), ledger=NATIONAL)
