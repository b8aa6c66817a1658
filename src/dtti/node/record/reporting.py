"""The reports of the programme over the records that a viewer sees, and those records."""

import logging
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from dtti.accord.grade import GRADES
from dtti.accord.refusal import Refused, refuse
from dtti.node.core import standing
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.programme import reports
from dtti.programme.kinds import KINDS
from dtti.programme.published import PUBLISHED
from dtti.programme.reports.records import Collection, Records, Version, created_by, heard
from dtti.programme.reports.rests import Result

from . import clock, read, then
from .clock import At

log = logging.getLogger(__name__)

# What reports count: texts that stand. An offer or a draft is nobody's record of anything.
_STANDS = ", ".join(f"'{each}'" for each in GRADES)


def _of_our_offices(kind: str, about: str, side: str, by: str, mine: str) -> bool:
    """Whether it is the other side's word on this side's offices or who sits in them, in its own or the public record.

    That this side says alone: what the other says of it stands on its own pages, and counts nowhere.
    """
    return kind in ("office", "appointment") and about == mine and (by != mine if side == PUBLISHED else side != mine)


class _Lazy(Collection):
    """Records read kind by kind as a report asks for them; `project`: of kinds that name one, those of this alone."""

    def __init__(self, node: Node, viewer: Viewer, known: str | At, project: str = "") -> None:
        super().__init__(())
        self._node, self._viewer, self._known, self._project = node, viewer, clock.at(known), project
        self._read: dict[str, list[Version[Any]]] = {}

    def of(self, kind: str) -> Sequence[Version[Any]]:
        if kind not in self._read:
            self.read(kind)
        return self._read[kind]

    def read(self, *kinds: str) -> None:
        """Read records of some kinds in one question."""
        named = [kind for kind in kinds if self._project and "project" in KINDS[kind].content.__struct_fields__]
        if self._known.on:
            for kind in kinds:
                found = _then(self._node, self._viewer, self._known, kind)
                self._read[kind] = [
                    each for each in found if kind not in named or each.content.project == self._project
                ]
            return
        self._read |= {kind: [] for kind in kinds}
        where = " OR ".join("kind = ? AND project = ?" if kind in named else "kind = ?" for kind in kinds)
        values = [value for kind in kinds for value in ((kind, self._project) if kind in named else (kind,))]
        for each in _now(self._node, self._viewer, self._known, f"({where})", values):
            self._read[each.kind].append(each)


def _then(node: Node, viewer: Viewer, known: At, kind: str) -> list[Version[Any]]:
    return [
        Version(row.record, row.ref, kind, row.side, row.grade, row.act, row.known_from, content)
        for row, content in then.whole(node, viewer, known, kind)
        if row.grade in GRADES and not _of_our_offices(kind, row.about, row.side, row.stated_by, node.side)
    ]


def _now(node: Node, viewer: Viewer, known: At, condition: str, wanted: Sequence[str]) -> list[Version[Any]]:
    where, values = read.seen_where(viewer, known)
    rows = node.projection.engine.run(
        "SELECT record, kind, ref, side, about, stated_by, grade, act, known_from, content FROM state "
        f"WHERE {condition} AND {where} AND text_state = 'held' AND grade IN ({_STANDS}) ORDER BY ref, record",
        [*wanted, *values],
    )
    return [
        Version(
            record,
            ref,
            of,
            side,
            grade,
            act,
            recorded,
            read.read_content(of, content),
            speaks=standing.speaks(grade, side, by, node.side),
        )
        for record, of, ref, side, about, by, grade, act, recorded, content in rows
        if not _of_our_offices(of, about, side, by, node.side)
    ]


def records(node: Node, viewer: Viewer, known: str | At = "") -> Collection:
    """The records that reports are computed from, as the viewer sees them, as known at a time (now if empty)."""
    return _Lazy(node, viewer, known)


def of_project(node: Node, viewer: Viewer, known: str | At, project: str, kinds: Iterable[str]) -> Collection:
    """The same; of kinds whose records name a project, those of this project alone. `kinds` are read at once."""
    found = _Lazy(node, viewer, known, project)
    found.read(*kinds)
    return found


def of_links(node: Node, viewer: Viewer, known: str | At, links: Iterable[str]) -> Collection:
    """The same, of what some links (``kind:ref``) name alone, read in one question."""
    wanted, at = sorted(set(links)), clock.at(known)
    if at.on:
        kinds = sorted({each.partition(":")[0] for each in wanted})
        found = [each for kind in kinds for each in _then(node, viewer, at, kind) if f"{kind}:{each.ref}" in wanted]
        return Collection(found)
    refs: dict[str, list[str]] = {}
    for link in wanted:
        kind, _, ref = link.partition(":")
        refs.setdefault(kind, []).append(ref)
    there = " OR ".join(f"kind = ? AND ref IN ({','.join('?' * len(each))})" for each in refs.values())
    values = [value for kind, each in refs.items() for value in (kind, *each)]
    return Collection(_now(node, viewer, at, f"({there})", values) if refs else ())


OF = ("all", "published", "live")


def known_by(node: Node, viewer: Viewer, on: date | None, known: str | At = "") -> Records:
    """The records that a question about a day is asked of, as known at a time: that day's end where it names none."""
    at = clock.at(known)
    if on is not None and not at.on:
        at = clock.At(at.known, clock.asked(on.isoformat(), "").on)
    return records(node, viewer, at)


def part(node: Node, whole: Records, of: str) -> Records:
    """Of records all, the published ones, or the live ones. Refused where `of` is none of these."""
    if of not in OF:
        raise Refused(refuse("report-of", f"records are not parted by {of[:40]!r}", f"Use one of: {', '.join(OF)}."))
    if of == "all":
        return whole
    return created_by(whole, *((PUBLISHED,) if of == "published" else node.book.sides))


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
    apart = node.config.environment == "exercise" and body is None
    beside = apart and not of and name in _BODY_BY_BODY
    of = of or ("published" if apart else "all")
    whole = held if held is not None else known_by(node, viewer, on, known)
    made = _made(name, part(node, whole, of), on, body)
    if beside:
        # Bodies of the exercise answer each for itself beside those of the public record, and enter none of its totals.
        own = _made(name, created_by(whole, *node.book.sides), on, None)
        both = [each for each in ("bodies", "offices") if hasattr(made, each)]
        made = msgspec.structs.replace(made, **{each: {**getattr(own, each), **getattr(made, each)} for each in both})
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
