"""What is kept between two runs beside the public folder: of each page what it rested on and where its links led.

A note beside the folder, for its owner alone. It is believed of a page only where the software is the same, each of its
questions has the same answer, the day is the same where the page asked it, and its files are as they were written. A
note that cannot be read is none. Knows no page.
"""

from __future__ import annotations

import hashlib
import os
from importlib import metadata
from pathlib import Path
from typing import Final

import msgspec

import dtti
from dtti.node.folder import files
from dtti.node.folder.config import Folder

from .resting import Question

FORM: Final = 1


class Page(msgspec.Struct, frozen=True, array_like=True):
    """An address that answered on the run before, and its files as they were put into the folder.

    `links`: addresses it leads to. `rests`: keys of questions. `dated`: whether it asked the day. `twin`: whether it
    has a `.json` twin. `found`, `lost`: what its links were looked up as, and whether that was in the folder. `digest`,
    `twin_digest`: of its files.
    """

    links: tuple[str, ...]
    rests: tuple[str, ...]
    dated: bool
    twin: bool
    found: tuple[str, ...]
    lost: tuple[str, ...]
    digest: str
    twin_digest: str = ""


class Note(msgspec.Struct, array_like=True):
    """All that is kept of a run. `software`: which, and under which settings; `questions`: each with its answer."""

    form: int
    software: str
    day: str
    questions: dict[str, tuple[Question, str]]
    pages: dict[str, Page]


def place(out: Path) -> Path:
    """Where the note of a folder stands."""
    return out.with_name(f".{out.name}.kept")


def software(folder: Folder) -> str:
    """A digest of everything that a page is made by beside the record: this software, what it uses, the settings."""
    said = hashlib.blake2b(digest_size=16)
    root = Path(dtti.__file__).parent
    for path in sorted(root.rglob("*")):
        if path.is_file() and path.suffix not in (".pyc", ".ttf", ".woff2"):
            said.update(f"{path.relative_to(root)}\0".encode() + hashlib.blake2b(path.read_bytes()).digest())
    installed = sorted(f"{each.name} {each.version}" for each in metadata.distributions())
    said.update("\n".join(installed).encode())
    said.update((folder.path / "node.toml").read_bytes())
    return said.hexdigest()


def read(out: Path, by: str) -> Note:
    """What was kept of the run before by the same software; a note of nothing where that is not known."""
    try:
        note = msgspec.json.decode(place(out).read_bytes(), type=Note)
    except (OSError, ValueError, msgspec.MsgspecError):
        return Note(FORM, by, "", {}, {})
    return note if (note.form, note.software) == (FORM, by) else Note(FORM, by, "", {}, {})


def write(out: Path, note: Note) -> None:
    """Keep a note of the folder that now stands."""
    files.replace(place(out), msgspec.json.encode(note))


def digest(path: Path) -> str:
    """The digest of a file; empty where there is none."""
    try:
        return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest()
    except OSError:
        return ""


def put(old: Path, new: Path) -> None:
    """The file of the run before as one of this run: the same bytes, which nobody writes to again."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        new.write_bytes(old.read_bytes())
