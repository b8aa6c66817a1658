"""What a page that binds shows whole: acts with their texts and files, how their bytes read, and their digests."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from dtti.accord.refusal import Refusal, Refused
from dtti.ledger import canonical
from dtti.node.core import text

#: Characters of a body that are shown where it cannot be read as a text; the rest is a file to be opened.
MOST_RAW: Final = 60_000

#: The spelling of a line feed in JSON, and not that of a backslash before the letter n.
_LINE_FEED: Final = re.compile(r"(?<!\\)((?:\\\\)*\\n)")

#: What an act has to do with the one about to be written.
Role = Literal[
    "written",  # it is the one
    "offer",  # the open offer that it answers or ends
    "answered",  # the offer to which that is a counter-text
    "answer",  # the other side's answer by which it ends an offer
    "sighted",  # an entry of one's own that had not seen that answer
    "report",  # the other side's report that it confirms
    "national",  # the national version that it releases
    "released",  # the copy by which that was released before
    "stands",  # the text that both sides hold
    "latest",  # the latest text where both hold none: one side's, or published
]


class Part(msgspec.Struct, frozen=True):
    """A body of an act. `state`: held, erased, missing, or unreadable (held, and no text of this version).

    `commitment`: what the leaf says of it; `digest`: SHA-256 of its bytes alone, by which a file is compared elsewhere.
    `raw`: a text as it is stored, readable by people; `cut`: characters of it that are left out here.
    """

    number: int
    state: str
    size: int
    commitment: str
    digest: str = ""
    text: text.Text | None = None
    raw: str = ""
    cut: int = 0
    name: str = ""
    media: str = ""


class Deed(msgspec.Struct, frozen=True):
    """An act as it is shown: written, or about to be. `carries`: which part is the text of the record, -1 for none.

    `against`: what stands against reading that text as its kind; then it is shown raw, and nobody can agree to it.
    """

    role: Role
    verb: str
    side: str
    ledger: str
    record: str
    office: str
    terms: dict[str, Any]
    rests: tuple[str, ...]
    parts: tuple[Part, ...]
    carries: int = -1
    id: str = ""
    index: int = -1
    time: str = ""
    rules: str = ""
    grade: str = ""
    against: tuple[Refusal, ...] = ()

    @property
    def part(self) -> Part | None:
        """The part that is the text of the record."""
        return self.parts[self.carries] if 0 <= self.carries < len(self.parts) else None

    @property
    def content(self) -> dict[str, Any] | None:
        """The content of the text, as it is stored; None where there is none that this version reads."""
        return self.part.text.content if self.part and self.part.text else None

    @property
    def texts(self) -> list[text.Text]:
        """What people read beside the contents: remarks, paper, who acted."""
        return [part.text for part in self.parts if part.text]


def as_text(part: Part, data: bytes) -> Part:
    """A part with the text that its bytes are, or with the bytes as people read them where they are none."""
    try:
        found: text.Text | None = text.read(data)
        state = "held"
    except Refused:
        found, state = None, "unreadable"
    raw = raw_form(data)
    if found is None and len(raw) > MOST_RAW:
        return replace(part, state=state, raw=raw[:MOST_RAW], cut=len(raw) - MOST_RAW)
    return replace(part, state=state, text=found, raw=raw)


def raw_form(data: bytes) -> str:
    """The bytes of a text for people to read: JSON in lines where it is JSON, else as it is. Nothing in it is hidden.

    Characters that show nothing, or make others read otherwise, are written as their code points.
    """
    try:
        said = spelled(canonical.decode(data), indent=1)
    except (canonical.ProfileError, RecursionError):  # as it came: another JSON may hold more than its reader keeps
        try:
            said = data.decode()
        except UnicodeDecodeError:
            return data.hex(" ")
    return plain(said)


def spelled(value: Any, indent: int | None = None) -> str:
    """A value as JSON spells it, its texts broken after each line feed: inside a text JSON has no other line feed."""
    said = json.dumps(value, ensure_ascii=False, indent=indent)
    return _LINE_FEED.sub(r"\1\n", said)


def plain(said: str) -> str:
    """A text with every character that does not print written as its code point; line feeds stay."""
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in said)


def _summary(deed: Deed) -> dict[str, Any]:
    parts = [[part.commitment, part.state] for part in deed.parts]
    return {"role": deed.role, "act": deed.id, "carries": deed.carries + 1, "parts": parts, "rules": deed.rules}


def digest(
    side: str,
    constitution: str,
    written: Sequence[Deed],
    named: Sequence[Deed],
    compared: Sequence[Deed],
    acts: Sequence[str],
) -> str:
    """The digest of all that a page shows. An act's commitments stand for its bodies, as they do in its leaf."""
    shown = {
        "acts": list(acts),
        "compared": [_summary(each) for each in compared],
        "constitution": constitution,
        "named": [_summary(each) for each in named],
        "side": side,
        "written": [
            {
                "ledger": each.ledger,
                "office": each.office,
                "parts": [[part.commitment, part.size] for part in each.parts],
                "record": each.record,
                "rests": list(each.rests),
                "rules": each.rules,
                "terms": each.terms,
                "verb": each.verb,
            }
            for each in written
        ],
    }
    return sha256(b"dtti-shown-1\0" + canonical.encode(shown)).hexdigest()


def marks(
    written: Sequence[Deed], named: Sequence[Deed], compared: Sequence[Deed], heads: Mapping[str, int]
) -> dict[str, str]:
    """A short digest of every part of a page, by name: ``office``, ``terms.until``, ``content.measures``, ``named``."""
    found: dict[str, Any] = {
        "office": written[0].office,
        "named": [[each.role, each.id, [part.state for part in each.parts]] for each in named],
        "compared": [[each.role, each.id] for each in compared],
        "heads": dict(heads),
    }
    for name, value in written[0].terms.items():
        found[f"terms.{name}"] = value
    for said in written[0].texts:
        for name, value in msgspec.to_builtins(said).items():
            if name == "content":
                found |= {f"content.{member}": one for member, one in value.items()}
            else:
                found.setdefault(f"text.{name}", value)
    for part in written[0].parts:
        if part.text is None:
            found[f"file.{part.name}"] = part.digest
    for deed in written[1:]:
        if deed.carries >= 0:
            found[f"also.{deed.record}"] = [deed.terms, deed.content, deed.office, deed.ledger]
    return {
        name: sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:10]
        for name, value in found.items()
    }
