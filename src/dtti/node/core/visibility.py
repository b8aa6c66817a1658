"""Who sees what: one function, which every query, count, search, feed, export and error goes through.

A row is `public` (compiled from public sources), `released` (this side or the other has told the other) or `national`
(this side alone). Where more was done with a record than to compile it, what the public sees of it are rows of their
own (`shown`, see `audience`), in which nothing of that stands. The row that officials see is then `compiled` where it
shows a compiled text, and `released` where not. Both are read as `public`, so that not even the label tells more
(see `columns`). A text is not public before the time that its public offices gave.

What is national may be kept to a restricted group of offices: its row carries the group's code, which stands in the
leaf, so that an erased or unreadable text closes and never opens. Whoever may not see a row cannot count it, find it,
or be refused differently because of it. Knows the time it is, and no table.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

PUBLIC, RELEASED, NATIONAL = "public", "released", "national"
SHOWN, COMPILED = "shown", "compiled"
#: Condition on rows that are the record's own, not what the public is shown of it apart (see `audience`).
OWN = f"label <> '{SHOWN}'"
_GROUP = re.compile(r"[a-z2-7]{16}\Z")


class Viewer(msgspec.Struct, frozen=True):
    """Someone looking. `public`: nobody signed in. `national`: may see what this side has not released.

    `groups`: codes of the restricted groups of which the office is a member today.
    """

    side: str
    national: bool = False
    person: str = ""
    office: str = ""
    public: bool = False
    groups: tuple[str, ...] = ()


_fixed: list[str] = []


def now() -> str:
    """The time at which somebody looks, by which a text is public or not yet: as acts claim times."""
    return _fixed[0] if _fixed else datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fix(moment: str) -> None:
    """Have this process show what is public at one moment, whenever it is asked."""
    _fixed[:] = [moment]


def labels(viewer: Viewer) -> tuple[str, ...]:
    """The labels of rows that `viewer` may see."""
    if viewer.public:
        return (PUBLIC, SHOWN)
    told = (PUBLIC, COMPILED, RELEASED)
    return (*told, NATIONAL) if viewer.national else told


def sees(viewer: Viewer, label: str, kept: str = "") -> bool:
    """Whether `viewer` may see a row of this label that is kept to a group (none where empty)."""
    return label in labels(viewer) and (not kept or (viewer.national and kept in viewer.groups))


def clause(viewer: Viewer) -> tuple[str, tuple[str, ...]]:
    """The condition on label and group, and its values, that every query of rows carries."""
    wanted = labels(viewer)
    said = f"label IN ({','.join('?' * len(wanted))}) AND {within(viewer)}"
    if viewer.public:
        return f"{said} AND (label <> '{SHOWN}' OR known_from <= ?)", (*wanted, now())
    return said, wanted


def columns(names: Iterable[str]) -> str:
    """Columns of rows as a query reads them: by the label whoever sees a row learns of no other one.

    That a record has rows of the public beside those of officials hangs on the node too, on which act came first.
    """
    read = f"CASE WHEN label IN ('{SHOWN}', '{COMPILED}') THEN '{PUBLIC}' ELSE label END"
    return ", ".join(read if each == "label" else each for each in names)


def within(viewer: Viewer) -> str:
    """The condition on the group that every query carries, of rows and of acts alike."""
    groups = sorted(set(viewer.groups)) if viewer.national else []
    return "kept IN (''" + "".join(f",'{each}'" for each in groups if _GROUP.match(each)) + ")"
