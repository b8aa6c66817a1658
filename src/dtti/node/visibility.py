"""Who sees what: one function, which every query, count, search, feed, export and error goes through. Pure.

A row is `public` (compiled from public sources), `released` (this side or the other has told the other) or `national`
(this side alone). Whoever may not see a row cannot count it, find it, or be refused differently because of it.
"""

import msgspec

PUBLIC, RELEASED, NATIONAL = "public", "released", "national"


class Viewer(msgspec.Struct, frozen=True):
    """Someone looking. `public`: nobody signed in. `national`: may see what this side has not released."""

    side: str
    national: bool = False
    person: str = ""
    office: str = ""
    public: bool = False


def labels(viewer: Viewer) -> tuple[str, ...]:
    """The labels of rows that `viewer` may see."""
    if viewer.public:
        return (PUBLIC,)
    return (PUBLIC, RELEASED, NATIONAL) if viewer.national else (PUBLIC, RELEASED)


def sees(viewer: Viewer, label: str) -> bool:
    """Whether `viewer` may see a row of this label."""
    return label in labels(viewer)


def clause(viewer: Viewer, column: str = "label") -> tuple[str, tuple[str, ...]]:
    """The condition on `column`, and its values, that every query of rows carries."""
    wanted = labels(viewer)
    return f"{column} IN ({','.join('?' * len(wanted))})", wanted
