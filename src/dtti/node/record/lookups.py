"""What a page asks beside its list or record: names for links, what points here, contents of the rows shown, counts.

Each is one query whatever the number of rows, and goes through `visibility` like every other. Knows no page, no rule.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dtti.accord.refusal import Refused, refuse
from dtti.accord.view import PUBLISHED
from dtti.language import folding
from dtti.node.core import release, standing, visibility
from dtti.node.core.node import Node
from dtti.node.core.tables import FAR
from dtti.node.core.visibility import NATIONAL, Viewer
from dtti.programme import walk
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS

from . import clock, read, then
from .clock import At
from .read import Listed, Page

#: No more links than this are named on one page; the rest keep their references.
MOST_LINKS = 2000


def named(node: Node, viewer: Viewer, links: Iterable[str], known: str | At = "") -> dict[str, Listed]:
    """The records that links (``kind:ref``) mean, as far as the viewer sees them, under the link.

    Where several records carry one reference, that one is named which speaks first here (see `standing.speaks`).
    """
    pairs = sorted({tuple(link.split(":", 1)) for link in links if ":" in link})[:MOST_LINKS]
    if not pairs:
        return {}
    if then.apart(known):
        then_rows = [one.row for one in then.readable(then.rows(node, viewer, clock.at(known)))]
        alike = sorted(
            (row for row in then_rows if (row.kind, row.ref) in set(pairs)),
            key=lambda row: (
                standing.speaks(row.grade, row.side, row.stated_by, node.side),
                row.known_from,
                row.record,
            ),
        )
        return {f"{row.kind}:{row.ref}": row for row in alike}
    where, values = read.seen_where(viewer, known)
    kinds = sorted({kind for kind, _ in pairs})
    refs = sorted({ref for _, ref in pairs})
    rows = node.projection.engine.run(
        f"SELECT {read.LISTED} FROM state WHERE ref IN ({_marks(refs)}) AND kind IN ({_marks(kinds)}) AND {where} "
        f"AND {read.READABLE} ORDER BY known_from, record",
        [*refs, *kinds, *values],
    )
    wanted = set(pairs)
    found = sorted(
        map(read.listed, rows), key=lambda row: standing.speaks(row.grade, row.side, row.stated_by, node.side)
    )
    return {f"{each.kind}:{each.ref}": each for each in found if (each.kind, each.ref) in wanted}


def last_released(node: Node, viewer: Viewer, projects: Iterable[str], known: str | At = "") -> dict[str, str]:
    """The claimed time of the last change, of those that the other side was told of, of what names each project.

    National work is left out, so that both nodes say the same and nothing is betrayed.
    """
    refs = sorted(set(projects))[:MOST_LINKS]
    if not refs:
        return {}
    seen, values = visibility.clause(viewer)
    until = clock.at(known).acts
    bound = "known_from <= ?" if until else f"known_until = '{FAR}'"
    rows = node.projection.engine.run(
        f"SELECT project, MAX(known_from) FROM state WHERE project IN ({_marks(refs)}) AND project <> '' AND {bound} "
        f"AND {seen} "
        "AND label <> 'national' GROUP BY project",
        [*refs, *([until] if until else []), *values],
    )
    return {str(project): str(time) for project, time in rows}


def bearing(node: Node, viewer: Viewer, kind: str, refs: Sequence[str]) -> list[Listed]:
    """The records of a kind that bear one of these references, as the viewer sees them now; one query for all."""
    if not refs:
        return []
    where, values = read.seen_where(viewer, "", kind)
    rows = node.projection.engine.run(
        f"SELECT {read.LISTED} FROM state WHERE {where} AND ref IN ({_marks(refs)}) AND {read.READABLE}",
        [*values, *refs],
    )
    return [read.listed(row) for row in rows]


def not_released(node: Node, viewer: Viewer, links: Iterable[str], known: str | At = "") -> list[str]:
    """Those of the records named by links (``kind:ref``) that the other side has not been told of."""
    if not viewer.national:
        return []
    return untold(node, named(node, viewer, links, known).values(), known)


def untold(node: Node, rows: Iterable[Listed], known: str | At = "") -> list[str]:
    """Those of the records that are kept inside, and of which the other side was given no copy of what they say."""
    kept = {row.record: row for row in rows if row.label == NATIONAL}
    found = (
        release.untold(node, {row.record: row.act for row in kept.values()}, clock.at(known).acts) if kept else set()
    )
    return sorted(f"{kept[record].kind}:{kept[record].ref}" for record in found)


def contents(node: Node, viewer: Viewer, records: Sequence[str], known: str | At = "") -> dict[str, Content]:
    """The contents of the named records that the viewer sees and that are held here, by record."""
    if not records:
        return {}
    if then.apart(known):
        asked = set(records)
        held = [one for one in then.rows(node, viewer, clock.at(known)) if one.row.record in asked]
        return {one.row.record: one.content for one in held if one.content is not None}
    where, values = read.seen_where(viewer, known)
    rows = node.projection.engine.run(
        f"SELECT record, kind, content FROM state WHERE record IN ({_marks(records)}) AND {where} "
        "AND text_state = 'held'",
        [*records, *values],
    )
    return {record: read.read_content(kind, content) for record, kind, content in rows}


def begun(
    node: Node, viewer: Viewer, kind: str, known: str | At = "", most: int = 2_000
) -> list[tuple[Listed, Content]]:
    """Records of a kind that a side began and the viewer sees, with what they say, by reference; at most `most`.

    What was compiled from public sources is left out, and is not read: it is nobody's work, and most of the record.
    """
    if then.apart(known):
        held = [one for one in then.rows(node, viewer, clock.at(known), kind) if one.row.side != PUBLISHED]
        held.sort(key=lambda one: (folding.sort_key(one.row.ref), one.row.record))
        return [(one.row, one.content) for one in held if one.content is not None][:most]
    where, values = read.seen_where(viewer, known)
    published = f"{kind}/{PUBLISHED}"
    rows = node.projection.engine.run(
        f"SELECT {read.LISTED}, content FROM state WHERE (record > ? AND record < ? OR record > ? AND record < ?) "
        f"AND {where} AND text_state = 'held' ORDER BY ref_order, record LIMIT ?",
        [f"{kind}/", f"{published}/", f"{published}0", f"{kind}0", *values, most],  # "0" follows "/"
    )
    return [(read.listed(row), read.read_content(kind, row[-1])) for row in rows]


def pointing(
    node: Node,
    viewer: Viewer,
    kind: str,
    ref: str,
    known: str | At = "",
    most: int = 500,
    *,
    among: Sequence[str] = (),
) -> list[tuple[Listed, Content]]:
    """Records whose current text names the record ``kind:ref``, for the viewer, by kind and reference; at most `most`.

    `among`: of these kinds alone. The table of links holds those of every text of a record; which of them the text
    shown has is read from it.
    """
    link = f"{kind}:{ref}"
    if then.apart(known):
        held = [
            (one.row, one.content)
            for one in then.rows(node, viewer, clock.at(known))
            if one.content is not None and link in walk.links(one.content) and (not among or one.row.kind in among)
        ]
        held.sort(key=lambda each: (each[0].kind, each[0].ref, each[0].record))
        return [each for each in held if (each[0].kind, each[0].ref) != (kind, ref)][:most]
    where, values = read.seen_where(viewer, known)
    if among:
        where, values = f"kind IN ({_marks(among)}) AND {where}", [*among, *values]
    rows = node.projection.engine.run(
        f"SELECT {read.LISTED}, content FROM state WHERE record IN (SELECT record FROM link WHERE target = ?) "
        f"AND {where} AND text_state = 'held' ORDER BY kind, ref, record LIMIT ?",
        [link, *values, most],
    )
    found = []
    for row in rows:
        listed, content = read.listed(row), read.read_content(row[1], row[-1])
        if link in walk.links(content) and (listed.kind, listed.ref) != (kind, ref):
            found.append((listed, content))
    return found


def counts(node: Node, viewer: Viewer, known: str | At = "") -> dict[str, int]:
    """How many records of each kind the viewer sees."""
    if then.apart(known):
        held = then.readable(then.rows(node, viewer, clock.at(known)))
        return dict(Counter(one.row.kind for one in held if one.row.kind in KINDS))
    where, values = read.seen_where(viewer, known)
    where = f"{where} AND {read.READABLE}"
    rows = node.projection.engine.run(f"SELECT kind, COUNT(*) FROM state WHERE {where} GROUP BY kind", values)
    return {str(kind): int(number) for kind, number in rows if kind in KINDS}


def years(node: Node, viewer: Viewer, kind: str, known: str | At = "") -> list[str]:
    """The years in which the main dates of a kind begin, latest first."""
    if then.apart(known):
        found = {one.row.earliest[:4] for one in then.rows(node, viewer, clock.at(known), kind) if one.row.earliest}
        return sorted(found, reverse=True)
    where, values = read.seen_where(viewer, known, kind)
    rows = node.projection.engine.run(
        f"SELECT DISTINCT substr(earliest, 1, 4) FROM state WHERE {where} AND earliest IS NOT NULL ORDER BY 1 DESC",
        values,
    )
    return [str(year) for (year,) in rows]


def dated(
    node: Node,
    viewer: Viewer,
    kind: str,
    *,
    first: str = "",
    last: str = "",
    filters: Mapping[str, str] | None = None,
    words: str = "",
    order: str = "title",
    descending: bool = False,
    start: int = 0,
    count: int = read.PAGE,
    known: str | At = "",
) -> Page:
    """`read.listing` bounded by main dates.

    `first`, `last`: days between which the date may fall.
    """
    read.in_order(order)
    if then.apart(known, words):
        held = [
            one
            for one in then.readable(then.rows(node, viewer, clock.at(known), kind))
            if (not first or (one.row.latest and one.row.latest >= first))
            and (not last or (one.row.earliest and one.row.earliest <= last))
        ]
        return then.page(held, filters, words, order, descending=descending, start=start, count=count)
    where, values = read.seen_where(viewer, known, kind, filters)
    where = f"{where} AND {read.READABLE}"
    for bound, condition in (
        (first, "latest >= ?"),
        (last, "earliest <= ?"),
    ):
        if bound:
            where, values = f"{where} AND {condition}", [*values, bound]
    if words:
        condition, wanted = read.matches(node, words)
        where, values = f"{where} AND {condition}", [*values, *wanted]
    return read.stretch(node, where, values, order, descending=descending, start=start, count=count, once=bool(words))


def stored(content: Content) -> dict[str, Any]:
    """A content as JSON shows it."""
    kind = next(kind for kind in KINDS.values() if isinstance(content, kind.content))
    found: dict[str, Any] = json.loads(json.dumps(kind.write(content)))
    return found


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))


def facet_values(
    node: Node, viewer: Viewer, kind: str, columns: Sequence[str], known: str | At = ""
) -> dict[str, list[tuple[str, int]]]:
    """The values that each column takes among the rows a viewer sees, with how many rows have it: one query for all."""
    for column in columns:
        if column not in read.FILTERS:
            raise Refused(
                refuse("filter", f"lists are not filtered by {column}", f"Use one of: {', '.join(read.FILTERS)}.")
            )
    if not columns:
        return {}
    where, values = read.seen_where(viewer, known, kind)
    names = ", ".join(columns)
    if then.apart(known):
        rows: Sequence[Sequence[Any]] = [
            (*(getattr(one.row, column) for column in columns), 1)
            for one in then.readable(then.rows(node, viewer, clock.at(known), kind))
        ]
    else:
        rows = node.projection.engine.run(
            f"SELECT {names}, COUNT(*) FROM state WHERE {where} AND {read.READABLE} GROUP BY {names}", values
        )
    found: dict[str, dict[str, int]] = {column: {} for column in columns}
    for *row, count in rows:
        for column, value in zip(columns, row, strict=True):
            if value:
                found[column][value] = found[column].get(value, 0) + int(count)
    return {column: sorted(counts.items()) for column, counts in found.items()}


def under_notice(node: Node, viewer: Viewer, kind: str, known: str | At = "") -> list[tuple[str, int]]:
    """How many rows of each grade stand under a suspension or a withdrawal, where any do."""
    if then.apart(known):
        counted = Counter(one.row.grade for one in then.rows(node, viewer, clock.at(known), kind) if one.row.standing)
        return sorted(counted.items())
    where, values = read.seen_where(viewer, known, kind)
    rows = node.projection.engine.run(
        f"SELECT grade, COUNT(*) FROM state WHERE {where} AND standing <> '' GROUP BY grade ORDER BY grade", values
    )
    return [(str(grade), int(count)) for grade, count in rows]
