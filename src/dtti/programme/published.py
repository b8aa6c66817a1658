"""The public record as packaged: typed items, and the code of each in a ledger. Reads package files and nothing else.

The files in `record/` are the record in the product's own form, kept by hand: one file per kind, one table per record,
fields as in docs/kinds.md. What they hold is *published*: compiled from public sources, confirmed by neither side.
"""

import base64
import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Final

from dtti.accord.refusal import Refused

from .kind import Content, Context
from .kinds import KINDS

#: The creator's place in the id of a record that neither side created.
PUBLISHED: Final = "PUB"


@dataclass(frozen=True, slots=True)
class PublishedItem:
    """One record of the public record: its kind, its readable reference, its content."""

    kind: str
    ref: str
    content: Content


def load() -> Iterator[PublishedItem]:
    """Every item, kind by kind in the order of the registry. ValueError, naming the item, where one breaks a rule."""
    found: dict[tuple[str, str], Content] = {}
    folder = resources.files(__package__).joinpath("record")
    for code, kind in KINDS.items():
        file = folder.joinpath(f"{code}.toml")
        if file.is_file():
            for stored in tomllib.loads(file.read_text(encoding="utf-8")).get(code, []):
                try:
                    content = kind.read(stored)
                except Refused as refused:
                    raise ValueError(f"{code}:{stored.get('ref')}: {refused}") from refused
                if (code, content.ref) in found:
                    raise ValueError(f"{code}:{content.ref} stands twice")
                found[code, content.ref] = content
    context = Context(basis="published", exists=lambda kind, ref: (kind, ref) in found)
    for (code, ref), content in found.items():
        against = KINDS[code].rules(content, context)
        if against:
            raise ValueError(f"{code}:{ref}: {Refused(*against)}")
        yield PublishedItem(code, ref, content)


def code(kind: str, ref: str) -> str:
    """The code of a published item: 16 characters of lower-case base32, the same on every node."""
    digest = hashlib.sha256(b"dtti public record\0" + f"{kind}/{ref}".encode()).digest()
    return base64.b32encode(digest).decode("ascii").lower()[:16]


def record_id(kind: str, ref: str) -> str:
    """The id of a published item: ``kind/PUB/code``."""
    return f"{kind}/{PUBLISHED}/{code(kind, ref)}"


def digest(stored: Mapping[str, Any]) -> str:
    """The digest of a stored content, by which `superseded` names it: SHA-256 of its JSON with members in order."""
    text = json.dumps(stored, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def superseded() -> dict[str, frozenset[str]]:
    """The digests of contents that earlier versions of the record held in the place of one of today (``kind:ref``)."""
    text = resources.files(__package__).joinpath("record/superseded.toml").read_text(encoding="utf-8")
    return {link: frozenset(digests) for link, digests in tomllib.loads(text)["superseded"].items()}
