"""Whether the public folder is to be made: what it would be made of, and whether it stands. Knows no page."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Final

from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer

from . import feed

MARK: Final = "public.json"  # says that a folder was made here, and may be made anew


def today() -> str:
    """The day that a folder made now tells of (UTC)."""
    return datetime.now(UTC).date().isoformat()


def state(node: Node) -> tuple[str, list[str]]:
    """The day, and everything public as it stands."""
    node.settle()
    found = feed.changes(node, Viewer(node.side, public=True))
    return today(), [f"{each.record} {each.known_from} {each.number}" for each in found]


def made_of(node: Node) -> str:
    """A digest of all that the folder of the settings is made of: day, public record, this version, where it stands."""
    day, found = state(node)
    wanted = node.config.public
    said = [wanted.folder, wanted.url, metadata.version("dtti"), day, *found]
    return hashlib.blake2b("\n".join(said).encode(), digest_size=16).hexdigest()


def stands(out: Path) -> bool:
    """Whether a public folder was made at `out`."""
    return (out / MARK).is_file()
