"""Who sees what: one function, which every query, count, search, feed, export and error goes through. Pure.

A row is `public` (compiled from public sources), `released` (this side or the other has told the other) or `national`
(this side alone). What is national may be kept to a restricted group of offices: its row carries the group's code,
which stands in the leaf, so that an erased or unreadable text closes and never opens. Whoever may not see a row cannot
count it, find it, or be refused differently because of it.
"""

import re

import msgspec

PUBLIC, RELEASED, NATIONAL = "public", "released", "national"
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


def labels(viewer: Viewer) -> tuple[str, ...]:
    """The labels of rows that `viewer` may see."""
    if viewer.public:
        return (PUBLIC,)
    return (PUBLIC, RELEASED, NATIONAL) if viewer.national else (PUBLIC, RELEASED)


def sees(viewer: Viewer, label: str, kept: str = "") -> bool:
    """Whether `viewer` may see a row of this label that is kept to a group (none where empty)."""
    return label in labels(viewer) and (not kept or (viewer.national and kept in viewer.groups))


def clause(viewer: Viewer) -> tuple[str, tuple[str, ...]]:
    """The condition on label and group, and its values, that every query of rows carries."""
    wanted = labels(viewer)
    return f"label IN ({','.join('?' * len(wanted))}) AND {within(viewer)}", wanted


def within(viewer: Viewer) -> str:
    """The condition on the group that every query carries, of rows and of acts alike."""
    groups = sorted(set(viewer.groups)) if viewer.national else []
    return "kept IN (''" + "".join(f",'{each}'" for each in groups if _GROUP.match(each)) + ")"
