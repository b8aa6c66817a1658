"""What comes in, looked at before anything is kept: texts and files, by every door. It holds no rule of its own.

Importing it gives the node the reader of files; a door that forgets it takes no file in at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dtti.accord.refusal import Refusal, Refused
from dtti.node.core import ceiling

if TYPE_CHECKING:
    from dtti.documents.passages import Passage

__all__ = ["ceiling"]


def _passages(data: bytes, name: str) -> Sequence[Passage]:
    from dtti.documents.passages import passages  # here: it is large, and few acts bring a file

    return passages(data, name)


ceiling.read_files_by(_passages)


def file(data: bytes, name: str = "") -> bytes:
    """The file itself, where nothing in it is marked above the ceiling; Refused otherwise, before it is kept."""
    found = ceiling.of_file(data, name)
    if found:
        raise Refused(*found)
    return data


def against(texts: Mapping[str, Iterable[str]], files: Iterable[tuple[str, str, bytes]]) -> list[Refusal]:
    """What stands against a form: `texts` by their fields, `files` by field, name and content."""
    found = [one for name, values in texts.items() for value in values for one in ceiling.of_text(value, "", name)]
    for field, name, data in files:
        try:
            made = ceiling.of_file(data, name)
        except Refused as refused:
            made = list(refused.refusals)
        found += [replace(one, field=field) for one in made]
    return found[: ceiling.MOST_TOLD]
