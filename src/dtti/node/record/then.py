"""The record as things were on a day gone by, and words searched in what was known then. Reads the projection alone.

Rare questions, answered in memory from one query of a kind: a record speaks by the text known at the time asked, cut to
the day; an offer, an agreement made here, a turn or a notice by the row that stood that day. Goes through `visibility`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec

from dtti.language import folding
from dtti.ledger.act import RECORD_ID
from dtti.node.core import visibility
from dtti.node.core.state_row import as_json
from dtti.node.core.tables import FAR
from dtti.node.core.visibility import Viewer
from dtti.programme import walk
from dtti.programme.asof import as_of
from dtti.programme.facets import Columns
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS

from . import clock
from .clock import At

if TYPE_CHECKING:
    from dtti.node.core.node import Node

    from .read import Listed, Page

#: Grades of accounts of the past: they say of a day what they say, whenever they were written.
ACCOUNTS = ("published", "recorded", "on_paper", "stated")
#: What the acts up to the day say, whatever the text.
_OF_ACTS: Final = (
    "pen",
    "court",
    "court_since",
    "court_why",
    "offer",
    "offer_side",
    "offer_until",
    "answer",
    "answered",
    "standing",
)


@dataclass(frozen=True, slots=True)
class Then:
    """A record as it was: its row, the JSON of its content and the content (None where it cannot be read)."""

    row: Listed
    stored: str
    content: Content | None


def apart(known: str | At, words: str = "") -> bool:
    """Whether a question is answered here, not by the tables: about a day gone by, or by words of an earlier time."""
    at = clock.at(known)
    return bool(at.on or (words and at.known))


def rows(node: Node, viewer: Viewer, at: At, kind: str = "") -> Sequence[Then]:
    """The records of a kind (or all) as they were at `at`, by reference; kept while the record does not change."""
    question = ("then", kind, at, seeing(viewer))
    return node.projection.kept(question, lambda: _rows(node, viewer, at, kind))


def _rows(node: Node, viewer: Viewer, at: At, kind: str) -> Sequence[Then]:
    later = _later(node, viewer, at) if at.on else frozenset()
    day = date.fromisoformat(at.on) if at.on else None
    found = []
    for row, stored in _raw(node, viewer, at, kind):
        content = _content(row, stored)
        if content is not None and day is not None:
            cut = as_of(content, day, later)
            if cut is not content:
                facets = KINDS[row.kind].facets(cut)
                stored, content = as_json(KINDS[row.kind].write(cut)), cut
                row = msgspec.structs.replace(
                    row, **{name: getattr(facets, name) for name in Columns.__struct_fields__}
                )
        found.append(Then(row, stored, content))
    return found


def whole(node: Node, viewer: Viewer, at: At, kind: str) -> list[tuple[Listed, Content]]:
    """Records of a kind as they were, their contents uncut: what reports read, which answer by dates themselves."""
    question = ("whole", kind, at, seeing(viewer))
    held = node.projection.kept(question, lambda: _raw(node, viewer, at, kind))
    return [(row, content) for row, stored in held if (content := _content(row, stored)) is not None]


def _content(row: Listed, stored: str) -> Content | None:
    from .read import read_content

    return read_content(row.kind, stored) if row.text_state == "held" else None


def _later(node: Node, viewer: Viewer, at: At) -> frozenset[str]:
    """The records known at the time that were not there yet on the day, as links."""

    def find() -> frozenset[str]:
        there = {(row.kind, row.ref) for row, _ in _raw(node, viewer, at, "")}
        seen, values = visibility.clause(viewer)
        bound, moments = _bound(at.known)
        known = node.projection.engine.run(
            f"SELECT kind, ref FROM state WHERE {bound} AND {seen}",
            [*moments, *values],
        )
        return frozenset(f"{kind}:{ref}" for kind, ref in known if (kind, ref) not in there)

    return node.projection.kept(("later", at, seeing(viewer)), find)


def seeing(viewer: Viewer) -> Viewer:
    """All that decides what a viewer sees, for answers that are kept: the same for all who see the same."""
    groups = tuple(sorted(set(viewer.groups)))
    # What is not public yet may be in a minute.
    minute = visibility.now()[:16] if viewer.public else ""
    return msgspec.structs.replace(viewer, person=minute, office="", groups=groups)


def _bound(known: str) -> tuple[str, list[str]]:
    return ("known_from <= ? AND known_until > ?", [known, known]) if known else (f"known_until = '{FAR}'", [])


def _stood(node: Node, viewer: Viewer, known: str, kind: str) -> list[tuple[Listed, str, str | None]]:
    """The rows that stood at a claimed time, with the content of each and the day on which it can have begun."""
    from .read import LISTED, listed

    bound, values = _bound(known)
    seen, labels = visibility.clause(viewer)
    where = f"{bound} AND {seen}" + (" AND kind = ?" if kind else "")
    rows = node.projection.engine.run(
        f"SELECT {LISTED}, content, began FROM state WHERE {where} ORDER BY ref, record",
        [*values, *labels, *([kind] if kind else [])],
    )
    return [(listed(row), row[-2], row[-1]) for row in rows]


def _raw(node: Node, viewer: Viewer, at: At, kind: str) -> list[tuple[Listed, str]]:
    known = _stood(node, viewer, at.known, kind)
    if not at.on:
        return [(row, stored) for row, stored, _ in known]
    was = {each[0].record: each for each in _stood(node, viewer, at.acts, kind)}
    found = []
    for row, stored, began in known:
        stood = was.get(row.record)
        if row.grade not in ACCOUNTS and stood is not None:
            row, stored, began = stood
        elif row.grade not in ACCOUNTS and not began:
            continue  # it came to be by acts after the day, and nothing dates it earlier
        if began and began > at.on:
            continue
        acts = {name: getattr(stood[0], name) if stood else "" for name in _OF_ACTS}
        found.append((msgspec.structs.replace(row, **acts), stored))
    found.sort(key=lambda each: (each[0].ref, each[0].record))
    return found


def readable(held: Sequence[Then]) -> list[Then]:
    """Those whose text can be read here: no list, count or link is made of any other."""
    return [one for one in held if one.row.text_state != "unreadable"]


def find(held: Sequence[Then], name: str, kind: str) -> str | None:
    """The record that `name` means among these, as `read.find` chooses; Ambiguous where a reference is of several."""
    from .read import Ambiguous

    if RECORD_ID.match(name):
        return next((one.row.record for one in held if one.row.record == name), None)
    given, _, ref = name.partition(":") if ":" in name and not kind else (kind, "", name)
    of_kind = [one.row for one in held if not given or one.row.kind == given]
    coded = next((row.record for row in of_kind if row.name == ref), None)
    if coded is not None:
        return coded
    alike = [row for row in of_kind if row.ref == ref and row.text_state != "unreadable"]
    if len(alike) > 1:
        raise Ambiguous(name, alike)
    return alike[0].record if alike else None


def page(
    held: Sequence[Then],
    filters: Mapping[str, str] | None,
    words: str,
    order: str,
    *,
    descending: bool,
    start: int,
    count: int,
) -> Page:
    """A stretch of these that fit, in order, as `read.listing` gives it."""
    from .read import Page, asked_words, checked

    wanted = folding.asked(asked_words(words))
    for column, value in checked(filters).items():
        held = [one for one in held if getattr(one.row, column) == value]
    if words:
        held = [one for one in held if one.content and folding.holds(walk.texts(one.content), wanted)]
    rows = sorted((one.row for one in held), key=lambda row: (folding.sort_key(row.ref), row.record))
    known = [row for row in rows if getattr(row, order) is not None]
    known.sort(key=lambda row: _place(row, order), reverse=descending)
    ordered = [*known, *(row for row in rows if getattr(row, order) is None)]
    shown = ordered[start : start + count]
    return Page(shown, len(ordered), start)


def _place(row: Listed, order: str) -> Any:
    value = getattr(row, order)
    return folding.sort_key(value) if order in ("title", "ref") else value
