"""Who may act here, as the national ledger says it: accounts and seats. Computed from acts; knows no Django, no page.

Each change is an act of the power keys, or asked by one office and confirmed by another. The tables of `models` follow.
"""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import quote

import msgspec

from dtti.accord import table_2
from dtti.accord.refusal import Refused
from dtti.ledger.act import Act, open_leaf
from dtti.ledger.body import Body
from dtti.ledger.store import NATIONAL, Placed

from . import text
from .draft import Draft
from .node import Node

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
    asker: str = ""  # account of the person who asked, as the entry names it
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
    user = name = reason = ""
    held = node.store.body(placed.owner()) if act.body else None
    if isinstance(held, Body):
        try:
            said = text.read(held.data)
            content = said.content or {}
            user, name = (str(content.get(each, "")) for each in ("user", "name"))
            reason = said.remarks
        except Refused:
            pass
    return Change(placed.id, placed.index, act.time, act.office, terms, user, name, reason, terms.by or "")


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


class Row(msgspec.Struct, frozen=True):
    """A seat as the tables have it: who signs in, whether the account is open, and what he would act as."""

    user: str
    account: str
    open: bool
    code: str
    office: str
    duty: str


CLOSED = "the account is closed"


def against(standing: Seating, row: Row, on: date) -> str:
    """Why a row of the tables seats nobody on a day, by what stands in the record; empty where it does.

    An account is known by its code, and by the user name that the entry gave: where nobody can read that any more, by
    neither.
    """
    one, account = standing.seats.get(row.code), standing.accounts.get(row.account)
    if one is None:
        return "no entry gives this seat"
    if one.account != row.account:
        return "the entry gives it to another account"
    if (one.office, one.duty) != (row.office, row.duty):
        return "the entry gives another office or duty"
    named = one.given.user or (account.user if account else "")
    if named != row.user:
        return f"the entry gives it to {named}" if named else "the text that named the person is gone"
    if not row.open or (account is not None and not account.open):
        return CLOSED
    if on < one.since or (one.until is not None and one.until <= on):
        return "the entry gives it for other days"
    return ""


def astray(node: Node, rows: Iterable[Row], on: date) -> list[tuple[Row, str]]:
    """Rows of the tables, held on a day, that seat nobody, and why; none where seats need no entry."""
    if not required(node):
        return []
    standing = read(node)
    found = [(row, against(standing, row, on)) for row in rows]
    # A seat of an account that is closed in the tables too is no sign of harm.
    return [(row, why) for row, why in found if why and (row.open or why != CLOSED)]


def tables(path: Path) -> bool:
    """Whether the accounts database at `path` is there, with its table of seats. sqlite3.Error where it is damaged."""
    if not path.is_file():
        return False
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=30)) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'node_seat'").fetchone())


def there(node: Node) -> bool:
    """Whether the accounts database has its tables; one that cannot be read is there, and broken."""
    if node.store.is_postgres:
        table = f"{node.config.schema}_accounts.node_seat"
        return bool(node.projection.engine.run("SELECT to_regclass(?)", (table,))[0][0])
    try:
        return tables(node.folder.accounts)
    except sqlite3.Error:
        return True


def lost(node: Node, on: date) -> str:
    """What the accounts database lacks of what the national record holds, in words; empty where it lacks nothing.

    That is all of it, or accounts of those who are seated on a day; an account without a seat may be one whose making
    was cut short, which is then made again. sqlite3.Error where the database is damaged.
    """
    standing = read(node)
    if not standing.accounts and not standing.seats:
        return ""
    names = {one.code: one.user for one in standing.accounts.values()}
    names |= {one.account: one.given.user for one in standing.seats.values() if one.given.user}
    closed = {one.code for one in standing.accounts.values() if not one.open}
    seated = {
        one.account
        for one in standing.seats.values()
        if one.account not in closed and one.since <= on and (one.until is None or on < one.until)
    }
    if not there(node):
        return f"the accounts database is gone, and the national record names {len(names)} accounts"
    if not (held := _held_codes(node)):
        return f"the accounts database is empty, and the national record names {len(names)} accounts"
    missing = sorted(names.get(code) or code for code in seated - held)
    more = f" and {len(missing) - 5} more" if len(missing) > 5 else ""
    return f"the accounts database lacks {', '.join(missing[:5])}{more}, whom the national record seats" * bool(missing)


def _held_codes(node: Node) -> set[str]:
    query = "SELECT account FROM {0}node_person"
    if node.store.is_postgres:
        rows = node.projection.engine.run(query.format(f"{node.config.schema}_accounts."))
    else:
        place = f"file:{quote(str(node.folder.accounts))}?mode=rw"  # as in `tabled`
        with closing(sqlite3.connect(place, uri=True, timeout=30)) as connection:
            rows = connection.execute(query.format("")).fetchall()
    return {str(code) for (code,) in rows}


def tabled(node: Node, on: date) -> list[Row]:
    """The seats that the accounts database holds on a day, read without Django; none where there is no such file."""
    query = (
        "SELECT person.username, person.account, person.is_active, seat.code, seat.office, seat.duty "
        "FROM {0}node_seat AS seat JOIN {0}node_person AS person ON person.id = seat.person_id "
        "WHERE seat.since <= ? AND (seat.until IS NULL OR seat.until > ?) ORDER BY seat.id"
    )
    if node.store.is_postgres:
        if not there(node):
            return []
        found = node.projection.engine.run(query.format(f"{node.config.schema}_accounts."), (on, on))
    else:
        if not tables(node.folder.accounts):
            return []
        place = f"file:{quote(str(node.folder.accounts))}?mode=rw"  # for writing: a journal left by a death goes first
        with closing(sqlite3.connect(place, uri=True, timeout=30)) as connection:
            found = connection.execute(query.format(""), (on.isoformat(), on.isoformat())).fetchall()
    return [Row(str(user), str(account), bool(active), *map(str, more)) for user, account, active, *more in found]


def draft(
    terms: table_2.Seat,
    *,
    user: str = "",
    name: str = "",
    reason: str = "",
    office: str = "",
    by: text.By | None = None,
) -> Draft:
    """The act of a change: by the power keys, or asked by an office (`terms.by`: the account of who asks)."""
    said = text.Text(content={"user": user, "name": name}, remarks=reason, by=by)
    return Draft(VERB, "", terms, office, (said,), ledger=NATIONAL, role="" if office else "power")


def confirmation(asked: Change, office: str, account: str, by: text.By | None = None) -> Draft:
    """The act by which another office, and in it the person of `account`, confirms what was asked."""
    said = text.Text(content={"user": asked.user, "name": asked.name}, by=by)
    terms = msgspec.structs.replace(asked.terms, confirms=asked.act, by=account)
    return Draft(VERB, "", terms, office, (said,), rests=(asked.act,), ledger=NATIONAL)
