"""Reading the record: what pages, commands and feeds ask of the projection. Every answer goes through `visibility`.

Everything takes the moment asked about (`clock.At`, or a claimed time alone): `known` bounds the rows in the tables;
what is asked *on* a day gone by is read by `then`, from what is known and as things were.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from datetime import date
from functools import lru_cache
from typing import Any

import msgspec

from dtti.accord import table_2
from dtti.accord.grade import GRADES
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.view import Text as Account
from dtti.accord.view import View
from dtti.language import folding
from dtti.ledger.act import RECORD_ID, MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Erased
from dtti.ledger.engine import Postgres
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, Placed
from dtti.node.core import standing, text, visibility
from dtti.node.core.node import Node
from dtti.node.core.state_row import group_of
from dtti.node.core.tables import FAR
from dtti.node.core.text import Text
from dtti.node.core.visibility import Viewer
from dtti.programme import reports
from dtti.programme.facets import KEPT, Columns, used
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.published import PUBLISHED
from dtti.programme.reports.records import Collection, Records, Version, created_by, heard
from dtti.programme.reports.rests import Result

from . import clock, then
from .clock import At

log = logging.getLogger(__name__)

PAGE = 50


class _Identified(Columns, frozen=True):
    record: str
    kind: str
    side: str
    label: str


class Listed(_Identified, frozen=True, kw_only=True):
    """One record as a list shows it: what its acts say of it beside the columns of its content."""

    grade: str
    number: int
    stated_by: str
    pen: str
    court: str
    court_since: str
    court_why: str
    offer: str
    offer_side: str
    offer_until: str
    answer: str
    answered: str
    beside: int
    standing: str
    flagged: int
    text_state: str
    known_from: str
    act: str
    part: int
    against: str  # JSON: rule, reason and remedy of all that makes its text unreadable here
    name: str
    kept: str = ""  # code of the restricted group to which a national record is kept; empty where to none

    @property
    def notices(self) -> list[tuple[str, str]]:
        """Who suspended it or withdrew from it: side and notice. What was agreed stands under them."""
        return [
            (side, notice) for side, _, notice in (each.partition(":") for each in self.standing.split(",") if each)
        ]

    @property
    def awaits(self) -> str:
        """The side whose office system has yet to close the offer that was answered; empty where none has."""
        return self.offer_side if self.answered else ""

    @property
    def code(self) -> str:
        """What addresses the record: its code, and its whole id where another record has that code."""
        return self.name

    @property
    def stands_against(self) -> list[Refusal]:
        """Why its text cannot be read here; empty for a text that can."""
        return [Refusal(*each) for each in json.loads(self.against)]


LISTED = ", ".join(Listed.__struct_fields__)

#: Columns that a list may filter by, and order by.
FILTERS = (*used(Columns, "filter"), "grade", "court", "pen", "side", "standing")
ORDERS = (*used(Columns, "order"), "known_from", "court_since")
_MAY_LACK = [name for name, held in KEPT.items() if held is not str]


#: A record as it is made of a row, by place: by name, a thousand of them would take ten times as long.
_ROW: Callable[..., Listed] = msgspec.defstruct(  # type: ignore[assignment] # it has the same fields in their order
    "Listed", [(each.name, each.type) for each in msgspec.structs.fields(Listed)], bases=(Listed,), frozen=True
)


def listed(row: Sequence[Any]) -> Listed:
    """A record from a row that begins with the columns of `LISTED`."""
    return _ROW(*row[: len(Listed.__struct_fields__)])


class Page(msgspec.Struct, frozen=True):
    """A stretch of a list, and how many rows the whole has for this viewer."""

    rows: list[Listed]
    total: int
    start: int


class Done(msgspec.Struct, frozen=True):
    """One act in a history or in the record explorer; `rule` is empty unless it is void.

    `time`: from when it counts as known: its claimed time, and where that was under a clock repaired since, the
    repair's (`claimed` then holds what it claims; else it is empty).
    """

    ledger: str
    index: int
    id: str
    side: str
    record: str
    verb: str
    office: str
    time: str
    rule: str
    reason: str
    remedy: str
    overtaken: str
    terms: dict[str, Any]
    bodies: list[str]
    claimed: str = ""

    @property
    def verdict(self) -> str:
        """valid, void or overtaken."""
        return "void" if self.rule else "overtaken" if self.overtaken else "valid"


class Shown(msgspec.Struct, frozen=True):
    """A body as a viewer may see it. `state`: held, erased (then `tombstone`), missing, unreadable."""

    state: str
    text: Text | None = None
    tombstone: str = ""


def _bound(known: str) -> tuple[str, tuple[str, ...]]:
    """The rows that stood at a claimed time."""
    if known:
        return "known_from <= ? AND known_until > ?", (known, known)
    return f"known_until = '{FAR}'", ()  # in the words of the index of what stands now


#: A condition that leaves out what the other side sent and cannot be read here: no list, count or link is made of it.
READABLE = "text_state <> 'unreadable'"


def seen_where(
    viewer: Viewer, known: str | At, kind: str = "", filters: Mapping[str, str] | None = None
) -> tuple[str, list[Any]]:
    """The condition on table `state` that keeps what a viewer sees, as known, of a kind, by filters; and its values."""
    seen, values = visibility.clause(viewer)
    bound, moments = _bound(clock.at(known).known)
    parts, bound_values = [bound, seen], [*moments, *values]
    if kind:
        parts.insert(0, "kind = ?")
        bound_values.insert(0, kind)
    for column, value in checked(filters).items():
        parts.append(f"{column} = ?")
        bound_values.append(value)
    return " AND ".join(parts), bound_values


def checked(filters: Mapping[str, str] | None) -> Mapping[str, str]:
    """Filters of a list; Refused where one is of no column that lists are filtered by."""
    for column in filters or {}:
        if column not in FILTERS:
            raise Refused(refuse("filter", f"lists are not filtered by {column}", f"Use one of: {', '.join(FILTERS)}."))
    return filters or {}


def in_order(order: str) -> str:
    """A column that lists are ordered by; Refused where they are not."""
    if order not in ORDERS:
        raise Refused(refuse("order", f"lists are not ordered by {order[:40]}", f"Use one of: {', '.join(ORDERS)}."))
    return order


def asked_words(words: str) -> str:
    """Words to search by, as they are compared; Refused where they hold what no text holds."""
    if len(words) > 200 or any(ord(sign) < 32 or 0xD800 <= ord(sign) < 0xE000 for sign in words):
        remedy = "Type words, at most 200 letters."
        raise Refused(refuse("words", "the words asked for hold signs that no text holds", remedy))
    return words


def listing(
    node: Node,
    viewer: Viewer,
    kind: str = "",
    *,
    filters: Mapping[str, str] | None = None,
    words: str = "",
    order: str = "title",
    descending: bool = False,
    start: int = 0,
    count: int = PAGE,
    known: str | At = "",
    readable: bool = True,
) -> Page:
    """Records of a kind (or of all), filtered, searched, ordered: one query for the rows and their total together.

    `readable` false: with those whose text cannot be read here.
    """
    where, values = seen_where(viewer, known, kind, filters)
    in_order(order)
    if then.apart(known, words):
        held = then.rows(node, viewer, clock.at(known), kind)
        held = then.readable(held) if readable else held
        return then.page(held, filters, words, order, descending=descending, start=start, count=count)
    if readable:
        where = f"{where} AND {READABLE}"
    if words:
        condition, wanted = matches(node, words)
        where, values = f"{where} AND {condition}", [*values, *wanted]  # of now: `then` answers for other times
    return stretch(node, where, values, order, descending=descending, start=start, count=count, once=bool(words))


def stretch(
    node: Node,
    where: str,
    values: Sequence[Any],
    order: str,
    *,
    descending: bool,
    start: int,
    count: int,
    once: bool = False,
) -> Page:
    """The rows that fit a condition, from `start` on, and how many fit: one query, that reads only the rows it gives.

    Which rows those are, and how many there are in all, the index of what stands now says by itself. `once`: the
    condition is dear, as one on words is, and looked at once for both.
    """
    column = f"{order}_order" if order in ("title", "ref") else order
    way = f"{'DESC' if descending else 'ASC'}{' NULLS LAST' if order in _MAY_LACK else ''}"
    by, found = f"{column} {way}, ref_order, record", f"first_by {way}, then_by, last_by"
    rows = node.projection.engine.run(
        f"WITH found AS MATERIALIZED (SELECT place, {column} AS first_by, ref_order AS then_by, record AS last_by "
        f"FROM state WHERE {where}) SELECT {LISTED}, (SELECT COUNT(*) FROM found) FROM state WHERE place IN "
        f"(SELECT place FROM found ORDER BY {found} LIMIT ? OFFSET ?) ORDER BY {by}"
        if once
        else f"SELECT {LISTED}, (SELECT COUNT(*) FROM state WHERE {where}) FROM state WHERE place IN "
        f"(SELECT place FROM state WHERE {where} ORDER BY {by} LIMIT ? OFFSET ?) ORDER BY {by}",
        [*values, *([] if once else values), count, start],
    )
    if rows or not start:
        return Page([listed(row) for row in rows], int(rows[0][-1]) if rows else 0, start)
    # Past its end a list still says how long it is.
    return Page([], int(node.projection.engine.run(f"SELECT COUNT(*) FROM state WHERE {where}", values)[0][0]), start)


def matches(node: Node, words: str) -> tuple[str, tuple[str, ...]]:
    """The condition on table `state` that keeps what holds all words, by the index of words; and its values."""
    wanted = folding.asked(asked_words(words))
    if not wanted:
        return "1 = 0", ()
    if isinstance(node.projection.engine, Postgres):
        question = _in_words(wanted, "'{}':*", " & ", " | ")
        return "record IN (SELECT record FROM search WHERE words @@ CAST(? AS tsquery))", (question,)
    return "words_at IN (SELECT rowid FROM search WHERE search MATCH ?)", (_in_words(wanted, '"{}"*', " AND ", " OR "),)


def _in_words(wanted: Sequence[folding.Ways], word: str, both: str, either: str) -> str:
    """A question as an index of words takes it: letters and digits alone stand between the quotes."""
    said = (either.join(f"({both.join(map(word.format, way))})" for way in ways) for ways in wanted)
    return both.join(f"({one})" for one in said)


def facet_values(
    node: Node, viewer: Viewer, kind: str, columns: Sequence[str], known: str | At = ""
) -> dict[str, list[tuple[str, int]]]:
    """The values that each column takes among the rows a viewer sees, with how many rows have it: one query for all."""
    for column in columns:
        if column not in FILTERS:
            raise Refused(refuse("filter", f"lists are not filtered by {column}", f"Use one of: {', '.join(FILTERS)}."))
    if not columns:
        return {}
    where, values = seen_where(viewer, known, kind)
    names = ", ".join(columns)
    if then.apart(known):
        rows: Sequence[Sequence[Any]] = [
            (*(getattr(one.row, column) for column in columns), 1)
            for one in then.readable(then.rows(node, viewer, clock.at(known), kind))
        ]
    else:
        rows = node.projection.engine.run(
            f"SELECT {names}, COUNT(*) FROM state WHERE {where} AND {READABLE} GROUP BY {names}", values
        )
    found: dict[str, dict[str, int]] = {column: {} for column in columns}
    for *row, count in rows:
        for column, value in zip(columns, row, strict=True):
            if value:
                found[column][value] = found[column].get(value, 0) + int(count)
    return {column: sorted(counts.items()) for column, counts in found.items()}


class Ambiguous(Refused):
    """A readable reference that several records carry: none of them is guessed. `rows`: those the viewer sees."""

    def __init__(self, name: str, rows: list[Listed]) -> None:
        self.rows = rows
        said = ", ".join(row.record for row in rows[:6])
        super().__init__(
            refuse(
                "ambiguous",
                f"{name[:80]!r} is the reference of {len(rows)} records: {said}",
                "Name the record by its code, which is its own.",
            )
        )


#: Records of one reference that are looked at to say which it may mean.
_MOST_ALIKE = 20


def under_notice(node: Node, viewer: Viewer, kind: str, known: str | At = "") -> list[tuple[str, int]]:
    """How many rows of each grade stand under a suspension or a withdrawal, where any do."""
    if then.apart(known):
        counted = Counter(one.row.grade for one in then.rows(node, viewer, clock.at(known), kind) if one.row.standing)
        return sorted(counted.items())
    where, values = seen_where(viewer, known, kind)
    rows = node.projection.engine.run(
        f"SELECT grade, COUNT(*) FROM state WHERE {where} AND standing <> '' GROUP BY grade ORDER BY grade", values
    )
    return [(str(grade), int(count)) for grade, count in rows]


def first_known(node: Node, viewer: Viewer, record: str) -> str:
    """The claimed time from which a viewer sees a record; empty where he sees none."""
    seen, values = visibility.clause(viewer)
    rows = node.projection.engine.run(
        f"SELECT MIN(known_from) FROM state WHERE record = ? AND {seen}", [record, *values]
    )
    return str(rows[0][0] or "")


def find(node: Node, viewer: Viewer, name: str, kind: str = "", known: str | At = "") -> str | None:
    """The record that `name` means: an id, a code, or a readable reference (``kind:ref`` or plain). None where unseen.

    A code is a record's own address; a reference never speaks over one. A reference works where one record that the
    viewer sees carries it; Ambiguous where several do, since the other side may use any reference again.
    """
    if then.apart(known):
        return then.find(then.rows(node, viewer, clock.at(known), kind), name, kind)
    where, values = seen_where(viewer, known, kind)
    if RECORD_ID.match(name):
        return _first(node, f"record = ? AND {where}", [name, *values])
    if ":" in name and not kind:
        given, ref = name.split(":", 1)
        where, values = f"{where} AND kind = ?", [*values, given]
    else:
        ref = name
    found = _first(node, f"name = ? AND {where}", [ref, *values])
    if found is not None:
        return found
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE ref = ? AND {where} AND {READABLE} ORDER BY record LIMIT ?",
        [ref, *values, _MOST_ALIKE],
    )
    if len(rows) > 1:
        raise Ambiguous(name, [listed(row) for row in rows])
    return str(rows[0][0]) if rows else None


def _first(node: Node, where: str, values: Sequence[Any]) -> str | None:
    rows = node.projection.engine.run(f"SELECT record FROM state WHERE {where} ORDER BY record LIMIT 1", values)
    return str(rows[0][0]) if rows else None


def unreadable(node: Node, viewer: Viewer, kind: str, known: str | At = "", count: int = PAGE) -> list[Listed]:
    """Records of a kind whose text, theirs, cannot be read here: shown beside a list, and never counted in it."""
    where, values = seen_where(viewer, known, kind)
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND text_state = 'unreadable' "
        "ORDER BY known_from DESC, record LIMIT ?",
        [*values, count],
    )
    return [listed(row) for row in rows]


def said_beside(node: Node, viewer: Viewer, row: Listed) -> Account | None:
    """What the other side states otherwise of a record of the public record, for officials; None where nothing."""
    if viewer.public or not row.beside or row.side != PUBLISHED:
        return None
    view = node.book.view(row.record)
    theirs = [one for one in view.texts if one.side not in (node.side, row.stated_by)]
    return theirs[-1] if theirs else None


def text_shown(node: Node, view: View) -> Account | None:
    """The text of a record that stands here (see `standing`), in a view of it as it is now."""
    rows = node.projection.engine.run(
        f"SELECT unread FROM state WHERE record = ? AND known_until = '{FAR}'", (view.record,)
    )
    unread = {(act, part) for act, part in json.loads(rows[0][0])} if rows else set()
    return standing.shown(view, node.side, unread)


def state(node: Node, viewer: Viewer, record: str, known: str | At = "") -> tuple[Listed, dict[str, Any]] | None:
    """A record's row and the content of its current text; None where the viewer sees no such record."""
    if then.apart(known):
        held = then.rows(node, viewer, clock.at(known), record.split("/")[0])
        return next(((one.row, json.loads(one.stored)) for one in held if one.row.record == record), None)
    where, values = seen_where(viewer, known)
    rows = node.projection.engine.run(
        f"SELECT {LISTED}, content FROM state WHERE record = ? AND {where}", [record, *values]
    )
    return (listed(rows[0]), json.loads(rows[0][-1])) if rows else None


def done_of(rows: Sequence[Sequence[Any]]) -> list[Done]:
    """Rows of `DONE_COLUMNS` as acts."""
    names = {number: name for name, number in LEDGERS.items()}
    fields = Done.__struct_fields__
    return [
        Done(**dict(zip(fields, (names[row[0]], *row[1:12], _terms(row), json.loads(row[13]), row[14]), strict=True)))
        for row in rows
    ]


def _terms(row: Sequence[Any]) -> dict[str, Any]:
    """The fields of an act. A void one may hold anything there: what has no form of its verb is left to its leaf."""
    terms: dict[str, Any] = json.loads(row[12])
    return {} if row[8] and not table_2.formed(row[5], terms) else terms


DONE_COLUMNS = (
    "ledger, idx, id, side, record, verb, office, time, rule, reason, remedy, overtaken, terms, bodies, claimed"
)


def _ledgers(viewer: Viewer) -> str:
    seen = [
        number for name, number in LEDGERS.items() if name != NATIONAL or visibility.sees(viewer, visibility.NATIONAL)
    ]
    # Plus nothing: by time, or by record, as its callers ask, and never by the index of a ledger.
    return f"ledger + 0 IN ({','.join(map(str, seen))}) AND {visibility.within(viewer)}"


def history(node: Node, viewer: Viewer, record: str, known: str | At = "", naming: str = "") -> list[Done]:
    """Every act on a record that a viewer sees, in order of claimed time; `naming`: of which the terms name this id."""
    if viewer.public:
        return []
    upto = clock.at(known).acts
    bound, values = ("AND time <= ?", [upto]) if upto else ("", [])
    if naming:
        bound, values = f"{bound} AND terms LIKE ?", [*values, f'%"{naming}"%']
    return as_known(
        done_of(
            node.projection.engine.run(
                f"SELECT {DONE_COLUMNS} FROM done WHERE record = ? AND {_ledgers(viewer)} {bound} "
                "ORDER BY time, ledger, idx",
                [record, *values],
            )
        ),
        upto,
    )


def history_page(
    node: Node, viewer: Viewer, record: str, known: str | At = "", start: int = 0, count: int = PAGE
) -> tuple[list[Done], int]:
    """`count` acts on a record that a viewer sees, newest first, after the first `start`; and how many there are."""
    if viewer.public:
        return [], 0
    upto = clock.at(known).acts
    where, values = f"record = ? AND {_ledgers(viewer)}", [record]
    if upto:
        where, values = f"{where} AND time <= ?", [record, upto]
    engine = node.projection.engine
    total = engine.run(f"SELECT COUNT(*) FROM done WHERE {where}", values)[0][0]
    acts = done_of(
        engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE {where} ORDER BY time DESC, ledger DESC, idx DESC LIMIT ? OFFSET ?",
            [*values, count, start],
        )
    )
    later = sorted({one.overtaken for one in acts if len(one.overtaken) > 1}) if upto else []
    held = engine.run(
        f"SELECT id FROM done WHERE id IN ({','.join('?' * len(later))}) AND {where}", [*later, *values]
    ) if later else []  # fmt: skip
    return as_known(acts, upto, {row[0] for row in held}), int(total)


def as_known(acts: list[Done], upto: str, also: Set[str] = frozenset()) -> list[Done]:
    """Acts, without what came to be known of them only later: that an act after `upto` overtook one.

    `also`: ids of other acts that were there by then.
    """
    if not upto:
        return acts
    held = {one.id for one in acts} | also
    return [
        msgspec.structs.replace(one, overtaken="") if len(one.overtaken) > 1 and one.overtaken not in held else one
        for one in acts
    ]


def recent(
    node: Node, viewer: Viewer, count: int = 20, *, verbs: Sequence[str] = (), known: str | At = "", record: str = ""
) -> list[Done]:
    """The latest acts that a viewer sees, newest first, of the given verbs (all if none), on one record where named."""
    if viewer.public:
        return []
    parts, values = [_ledgers(viewer)], list[Any]()
    if verbs:
        parts.append(f"verb IN ({','.join('?' * len(verbs))})")
        values += verbs
    if record:
        parts.append("record = ?")
        values.append(record)
    if upto := clock.at(known).acts:
        parts.append("time <= ?")
        values.append(upto)
    return done_of(
        node.projection.engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE {' AND '.join(parts)} ORDER BY time DESC, ledger, idx DESC LIMIT ?",
            [*values, count],
        )
    )


def ledger_pages(
    node: Node, viewer: Viewer, ledgers: Sequence[str], *, before: str = "", count: int = PAGE
) -> list[Done]:
    """Acts of the named ledgers in one order of time, newest first, from before a moment on: the record explorer."""
    wanted = [name for name in ledgers if name != NATIONAL or visibility.sees(viewer, visibility.NATIONAL)]
    if viewer.public or not wanted:
        return []
    numbers = ",".join(str(LEDGERS[name]) for name in wanted)
    bound, values = ("AND time < ?", [before]) if before else ("", [])
    return done_of(
        node.projection.engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE ledger + 0 IN ({numbers}) AND {visibility.within(viewer)} {bound} "
            "ORDER BY time DESC, ledger, idx DESC LIMIT ?",
            [*values, count],
        )
    )


def act(node: Node, viewer: Viewer, identity: str) -> Done | None:
    """One act by its id, or None where the viewer sees no such act."""
    if viewer.public:
        return None
    found = done_of(
        node.projection.engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE id = ? AND {_ledgers(viewer)} LIMIT 1", (identity,)
        )
    )
    return found[0] if found else None


def by_passkey(node: Node, done: Done) -> bool:
    """Whether a person's passkey confirmed an act, and not a server-held key alone. A void act confirms nothing.

    A release is confirmed by what it gives out, where each copy stands and its office signed it so.
    """
    if done.rule or done.verb != "release":
        return not done.rule and "assertion" in done.terms
    copies = [act(node, Viewer(node.side, national=True), each) for each in done.terms.get("released", ())]
    return bool(copies) and all(
        one and one.verb == "state" and (one.side, one.office) == (done.side, done.office) and by_passkey(node, one)
        for one in copies
    )


def body_of(node: Node, viewer: Viewer, identity: str, part: int = 0) -> Shown | None:
    """A text of an act as the viewer may see it; None where the viewer sees no such act or it has no such part."""
    raw = raw_body(node, viewer, identity, part)
    if raw is None or isinstance(raw, Shown):
        return raw
    try:
        return Shown("held", text.read(raw))
    except Refused:
        return Shown("unreadable")


def raw_body(node: Node, viewer: Viewer, identity: str, part: int) -> bytes | Shown | None:
    """The bytes of a part of an act (a text or a file), under the same rule of visibility."""
    placed = node.store.find(identity)
    if placed is None or (viewer.public and not _is_published(placed.leaf)):
        return None
    if not sees_act(viewer, placed):
        return None
    commitments = open_leaf(placed.leaf).act.body
    if not 0 <= part < len(commitments):
        return None
    held = node.store.body(placed.owner(part))
    if isinstance(held, Erased):
        return Shown("erased", tombstone=held.tombstone)
    return held.data if isinstance(held, Body) else Shown("missing")


def sees_act(viewer: Viewer, placed: Placed) -> bool:
    """Whether a viewer sees an act of a ledger, where it is one; a leaf that is no act is kept to no group."""
    if placed.ledger != NATIONAL:
        return True
    try:
        kept = group_of(open_leaf(placed.leaf).act)
    except MalformedLeaf:
        kept = ""
    return visibility.sees(viewer, visibility.NATIONAL, kept)


def _is_published(leaf: bytes) -> bool:
    return open_leaf(leaf).act.terms.get("basis") == "published"


# --- records for reports ---------------------------------------------------------------------------------------------


# What reports count: texts that stand. An offer or a draft is nobody's record of anything.
_STANDS = ", ".join(f"'{each}'" for each in GRADES)


@lru_cache(maxsize=4096)
def read_content(kind: str, stored: str) -> Content:
    """A content as the projection stores it, read by its kind."""
    content: Content = KINDS[kind].read(json.loads(stored))
    return content


def _of_our_offices(kind: str, about: str, side: str, by: str, mine: str) -> bool:
    """Whether it is the other side's word on this side's offices or who sits in them, in its own or the public record.

    That this side says alone: what the other says of it stands on its own pages, and counts nowhere.
    """
    return kind in ("office", "appointment") and about == mine and (by != mine if side == PUBLISHED else side != mine)


class _Lazy(Collection):
    """Records read kind by kind as a report asks for them."""

    def __init__(self, node: Node, viewer: Viewer, known: str | At) -> None:
        super().__init__(())
        self._node, self._viewer, self._known = node, viewer, clock.at(known)
        self._read: dict[str, list[Version[Any]]] = {}

    def of(self, kind: str) -> Sequence[Version[Any]]:
        if kind not in self._read and self._known.on:
            self._read[kind] = [
                Version(row.record, row.ref, kind, row.side, row.grade, row.act, row.known_from, content)
                for row, content in then.whole(self._node, self._viewer, self._known, kind)
                if row.grade in GRADES
                and not _of_our_offices(kind, row.about, row.side, row.stated_by, self._node.side)
            ]
        if kind not in self._read:
            where, values = seen_where(self._viewer, self._known, kind)
            mine = self._node.side
            rows = self._node.projection.engine.run(
                f"SELECT record, ref, side, about, stated_by, grade, act, known_from, content FROM state WHERE {where} "
                f"AND text_state = 'held' AND grade IN ({_STANDS}) ORDER BY ref, record",
                values,
            )
            self._read[kind] = [
                Version(
                    record,
                    ref,
                    kind,
                    side,
                    grade,
                    act,
                    known,
                    read_content(kind, content),
                    speaks=standing.speaks(grade, side, by, mine),
                )
                for record, ref, side, about, by, grade, act, known, content in rows
                if not _of_our_offices(kind, about, side, by, mine)
            ]
        return self._read[kind]


def records(node: Node, viewer: Viewer, known: str | At = "") -> Collection:
    """The records that reports are computed from, as the viewer sees them, as known at a time (now if empty)."""
    return _Lazy(node, viewer, known)


OF = ("all", "published", "live")
# Reports that answer for each body by itself, so that bodies of an exercise add nothing to those of the public record.
_BODY_BY_BODY = ("cadence", "co-chairs", "bodies")


def report(
    node: Node,
    viewer: Viewer,
    name: str,
    *,
    on: date | None = None,
    body: str | None = None,
    known: str | At = "",
    of: str = "",
    held: Records | None = None,
) -> Result:
    """A report of the programme over the records that a viewer sees, as known at a time.

    `of`: over all records, the published ones, or the live ones. In an exercise a report over the whole record is of
    the published records unless asked otherwise: invented projects beside real ones make no total. `held`: records
    already read.
    """
    if of and of not in OF:
        raise Refused(refuse("report-of", f"records are not parted by {of[:40]!r}", f"Use one of: {', '.join(OF)}."))
    apart = node.config.environment == "exercise" and body is None
    beside = apart and not of and name in _BODY_BY_BODY
    of = of or ("published" if apart else "all")
    at = clock.at(known)
    if on is not None and not at.on:
        at = clock.At(at.known, clock.asked(on.isoformat(), "").on)
    found: Records = held if held is not None else records(node, viewer, at)
    whole = found
    if of != "all":
        found = created_by(found, *((PUBLISHED,) if of == "published" else node.book.sides))
    made = _made(name, found, on, body)
    if beside:
        # Bodies of the exercise answer each for itself beside those of the public record, and enter none of its totals.
        own = _made(name, created_by(whole, *node.book.sides), on, None)
        both = [part for part in ("bodies", "offices") if hasattr(made, part)]
        made = msgspec.structs.replace(made, **{part: {**getattr(own, part), **getattr(made, part)} for part in both})
    return msgspec.structs.replace(made, of=of)


def _made(name: str, found: Records, on: date | None, body: str | None) -> Result:
    try:
        return reports.report(name, found, on=on, body=body)
    except Refused:
        raise
    except Exception:
        # What the other side alone states takes no report away: it is made without that, and says so.
        log.exception("the report %s cannot be made of all records", name)
        made = reports.report(name, heard(found), on=on, body=body)
        return msgspec.structs.replace(made, left_out="what the other side alone states: no report could be made of it")


def waiting(node: Node, viewer: Viewer, side: str, known: str | At = "", count: int = 200) -> list[Listed]:
    """Records in the court of `side`, longest first."""
    page = listing(node, viewer, filters={"court": side}, order="court_since", count=count, known=known, readable=False)
    return page.rows


def answered(node: Node, viewer: Viewer, known: str | At = "", count: int = 200) -> list[Listed]:
    """Records on which an answer was given that the proposer's office system has not closed yet, longest first."""
    at = clock.at(known)
    where, values = seen_where(viewer, clock.At(at.acts))
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND answered <> '' ORDER BY answered, record LIMIT ?",
        [*values, count],
    )
    return [listed(row) for row in rows]


def changed(node: Node, viewer: Viewer, since: str, count: int = 20, known: str | At = "") -> list[Listed]:
    """Records, published ones apart, whose state changed after `since`, newest first."""
    where, values = seen_where(viewer, clock.At(clock.at(known).acts))
    rows = node.projection.engine.run(
        f"SELECT {LISTED} FROM state WHERE {where} AND label <> 'public' AND known_from > ? "
        "ORDER BY known_from DESC LIMIT ?",
        [*values, since, count],
    )
    return [listed(row) for row in rows]


def mirrored(node: Node) -> int:
    """How many entries of the counterpart are held here."""
    return node.store.size(MIRROR)
