"""Reading the record: what pages, commands and feeds ask of the projection. Every answer goes through `visibility`.

Everything takes the moment asked about (`clock.At`, or a claimed time alone): `known` bounds the rows in the tables;
what is asked *on* a day gone by is read by `then`, from what is known and as things were.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.view import Text as Account
from dtti.accord.view import View
from dtti.language import folding
from dtti.ledger.act import RECORD_ID
from dtti.ledger.engine import Postgres
from dtti.node.core import standing, visibility
from dtti.node.core.node import Node
from dtti.node.core.tables import FAR, PUBLIC_WORDS
from dtti.node.core.visibility import Viewer
from dtti.programme.facets import KEPT, Columns, used
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.published import PUBLISHED

from . import clock, then
from .clock import At

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
        return [(side, notice) for side, notice, _reason, _time in self.given]

    @property
    def given(self) -> list[tuple[str, str, str, str]]:
        """The notices that stand, each with the code of its reason (empty where it gives none) and its claimed time."""
        split = (each.split(":", 3) for each in self.standing.split(",") if each)
        return [(side, notice, reason, time) for side, notice, reason, time in split]

    @property
    def awaits(self) -> str:
        """The side whose office system has yet to close the offer that was answered; empty where none has."""
        return self.offer_side if self.answered else ""

    @property
    def compiled(self) -> bool:
        """Whether its text was compiled from public sources: nobody's work, unlike a text that was made public."""
        return self.label == visibility.PUBLIC and self.grade == "published"

    @property
    def code(self) -> str:
        """What addresses the record: its code, and its whole id where another record has that code."""
        return self.name

    @property
    def stands_against(self) -> list[Refusal]:
        """Why its text cannot be read here; empty for a text that can."""
        return [Refusal(*each) for each in json.loads(self.against)]


LISTED = visibility.columns(Listed.__struct_fields__)

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


def _bound(known: str) -> tuple[str, tuple[str, ...]]:
    """The rows that stood at a claimed time."""
    if known:
        return "known_from <= ? AND known_until > ?", (known, known)
    return f"known_until = '{FAR}'", ()  # in the words of the index of what stands now


#: A condition that leaves out what the other side sent and cannot be read here: no list, count or link is made of it.
READABLE = "text_state <> 'unreadable'"

#: A condition that leaves out what `Listed.compiled` is said of, by the labels as rows bear them.
NOT_COMPILED = (
    f"NOT (grade = 'published' AND label IN ('{visibility.PUBLIC}', '{visibility.COMPILED}', '{visibility.SHOWN}'))"
)


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
        # the index of projects holds the records that name one: a condition that says so finds it
        parts.append(f"{column} = ? AND project <> ''" if column == "project" and value else f"{column} = ?")
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
        named = f"record || CASE label WHEN '{visibility.SHOWN}' THEN '{PUBLIC_WORDS}' ELSE '' END"
        return f"{named} IN (SELECT record FROM search WHERE words @@ CAST(? AS tsquery))", (question,)
    return "words_at IN (SELECT rowid FROM search WHERE search MATCH ?)", (_in_words(wanted, '"{}"*', " AND ", " OR "),)


def _in_words(wanted: Sequence[folding.Ways], word: str, both: str, either: str) -> str:
    """A question as an index of words takes it: letters and digits alone stand between the quotes."""
    said = (either.join(f"({both.join(map(word.format, way))})" for way in ways) for ways in wanted)
    return both.join(f"({one})" for one in said)


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
        f"SELECT unread FROM state WHERE record = ? AND known_until = '{FAR}' AND {visibility.OWN}", (view.record,)
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


# --- records for reports ---------------------------------------------------------------------------------------------


def waiting(node: Node, viewer: Viewer, side: str, known: str | At = "", count: int = 200) -> list[Listed]:
    """Records in the court of `side`, longest first."""
    page = listing(node, viewer, filters={"court": side}, order="court_since", count=count, known=known, readable=False)
    return page.rows


@lru_cache(maxsize=4096)
def read_content(kind: str, stored: str) -> Content:
    """A content as the projection stores it, read by its kind."""
    content: Content = KINDS[kind].read(json.loads(stored))
    return content
