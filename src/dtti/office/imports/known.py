"""What is there already to be matched with: records, and drafts of the office, by what they are known by. No file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from dtti.documents.sheet.text import folded
from dtti.office.asking import Asking, Stored
from dtti.programme.kinds import KINDS
from dtti.programme.published import PUBLISHED

from . import content as contents
from .targets import Target

#: Records of one kind that are looked through; where there are more, what is not found may be there all the same.
MOST: Final = 20_000


class Known(msgspec.Struct, frozen=True):
    """A record, or a draft of one: its id, reference, title and content.

    `barred`: why this side cannot state it anew (a reason of `proposal.REASONS`); `agreed`: both sides hold its text.
    """

    record: str
    ref: str
    title: str
    content: Stored
    draft: bool = False
    barred: str = ""
    agreed: bool = False


class Shelf:
    """The records and drafts of one kind, to be found by what they are known by."""

    def __init__(self, held: Sequence[Known]) -> None:
        self.held = held
        self.refs = {each.ref.casefold() for each in held}
        self._by: dict[tuple[str, ...], dict[tuple[str, ...], list[Known]]] = {}

    def alike(self, content: Stored, paths: tuple[str, ...]) -> list[Known]:
        """Those that are the same by these paths, a draft before the record that it is a draft of."""
        if paths not in self._by:
            made: dict[tuple[str, ...], list[Known]] = defaultdict(list)
            for each in self.held:
                for key in contents.alike(each.content, paths):
                    made[key].append(each)
            self._by[paths] = made
        found = [one for key in contents.alike(content, paths) for one in self._by[paths].get(key, ())]
        return list({each.record: each for each in sorted(found, key=lambda one: one.draft)}.values())

    def called(self, said: str, side: str = "") -> list[Known]:
        """Those that are called so: by reference, title, or another name; of `side` where one is given."""
        wanted = folded(said)
        return [
            each
            for each in self.held
            if wanted and wanted in names_of(each) and (not side or each.ref.startswith(f"{side}/"))
        ]


def names_of(one: Known) -> set[str]:
    """All that a record is called, folded."""
    said = [one.ref, one.ref.rpartition("/")[2], one.title]
    for path in ("name", "title", "later_title", "aliases", "short_name"):
        said += contents.at(one.content, path)
    return {folded(each) for each in said}


def shelf(asking: Asking, kind: str, drafts: Iterable[Known] = ()) -> Shelf:
    """What is known of a kind: records that the viewer sees, and drafts of the office (`drafts` of any kind)."""
    rows = asking.rows(kind, count=MOST)
    held = asking.contents(rows)
    made = [
        Known(
            row.record,
            row.ref,
            row.title,
            KINDS[kind].write(held[row.record]),
            barred=_barred(kind, row.side, asking.mine),
            agreed=row.grade in ("agreed_here", "on_paper"),
        )
        for row in rows
        if row.record in held
    ]
    return Shelf([*made, *(each for each in drafts if each.record.startswith(f"{kind}/"))])


def _barred(kind: str, creator: str, mine: str) -> str:
    if KINDS[kind].mode == "joint" or creator == mine:
        return ""
    return "published" if creator == PUBLISHED else "other-side"


def draft(record: str, content: Stored, target: Target | None = None) -> Known:
    """A draft of the office as something known."""
    kind = KINDS[record.partition("/")[0]]
    title = _title(content, target.named if target else "")
    return Known(record, str(content.get("ref", "")), title or kind.face.one, content, draft=True)


def _title(content: Stored, named: str) -> str:
    said: Any = next((content[key] for key in (named, "name", "title", "text") if content.get(key)), "")
    return str(said)
