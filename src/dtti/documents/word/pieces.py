"""What a returned Word file is read as: paragraphs of pieces with their state. Knows no XML, and no text of ours."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

from .remarks import Remark

State = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Tracked:
    """Who made a tracked change, and when, as their program wrote it (ISO 8601, often local time marked as UTC)."""

    author: str = ""
    at: str = ""


@dataclass(frozen=True)
class Piece:
    """A run of text, alike throughout. `marks`: the bookmarks around it; `style`: its character style's name."""

    text: str
    state: State = "same"
    by: Tracked | None = None
    marks: frozenset[str] = frozenset()
    style: str = ""
    comments: frozenset[str] = frozenset()
    at: int = -1
    """The paragraph that it stands in, counted from 0 over the whole file."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its style's name, its pieces, the state of the mark at its end. `cell`: (table, row, column)."""

    style: str
    pieces: tuple[Piece, ...]
    end: State = "same"
    by: Tracked | None = None
    cell: tuple[int, int, int] | None = None
    counted: bool = False
    """Whether Word counts a number before it (automatic numbering), which is no part of the text."""


@dataclass
class Body:
    """All of it. `notes`: footnotes and endnotes that the text refers to; `formatting`: formatting changes tracked.

    `unlike`: words that a reader sees otherwise than they are read here, by why (`words.UNLIKE`). `prompts`: what empty
    content controls say, which is no text. `equations`: those that are read as signs in one line.
    """

    paragraphs: list[Paragraph] = field(default_factory=list)
    remarks: dict[str, Remark] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    formatting: int = 0
    pictures: int = 0
    unlike: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    prompts: list[str] = field(default_factory=list)
    equations: list[str] = field(default_factory=list)
