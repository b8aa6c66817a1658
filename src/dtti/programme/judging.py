"""Whether a content can be read here: its kind's form and bounds, then its rules. One answer for every door. Pure.

It is this version's view, never a verdict: bodies can be erased and versions differ, so that nothing here may reach the
judging of acts. Own writing is refused by it; what the other side sent is kept, and shown as what cannot be read here.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Final

from dtti.accord import procedures
from dtti.accord.refusal import Refusal, Refused, refuse

from .kind import Content, Context
from .kinds import KINDS

#: What no check of a content reads: the public record itself.
_NO_CHECKS: Final = "record"


@dataclass(frozen=True, slots=True)
class Judged:
    """A content as far as its form can be read (None where it cannot), and all that stands against it."""

    content: Content | None
    against: tuple[Refusal, ...]

    @property
    def readable(self) -> bool:
        """Whether it may be shown as what the record says, agreed to, counted and linked."""
        return self.content is not None and not self.against


def judge_body(kind: str, stored: Any, context: Context | None = None) -> Judged:
    """Judge the stored content of a record of `kind`; without a context its form and bounds alone. Raises nothing.

    `stored` is whatever a body holds in the place of a content, made by anybody.
    """
    if kind not in KINDS:
        return Judged(None, (refuse("kind", f"{kind[:40]} is no kind of record here", "Upgrade, then look again."),))
    if not isinstance(stored, dict):
        return Judged(None, (refuse("content", "there is no content in it", "Ask its side to state it again."),))
    content = None
    try:
        content = KINDS[kind].read(stored)
        KINDS[kind].facets(content)
        against = KINDS[kind].rules(content, context) if context else []
    except Refused as refused:
        return Judged(None, refused.refusals)
    except Exception as error:  # a check that fails must not stop an exchange: what it met is not readable
        found = refuse(
            "content-checks",
            f"The checks of {kind} do not come to an end on it ({type(error).__name__}).",
            "Ask its side to state it again; report this text to whoever maintains this office system.",
        )
        return Judged(content, (found,))
    return Judged(content, tuple(against))


@cache
def checks_version() -> str:
    """The version of the checks: of the code that reads and judges contents. What was judged by another is rejudged."""
    made = hashlib.sha256()
    for name, data in sorted([*_files(resources.files(__package__)), *_files(resources.files(procedures))]):
        made.update(name.encode() + b"\0" + data)
    return made.hexdigest()[:16]


def _files(folder: Traversable, name: str = "") -> Iterator[tuple[str, bytes]]:
    """Code and data of a package and its rooms, each with its name within it."""
    for each in folder.iterdir():
        if each.name.endswith((".py", ".toml")):
            yield name + each.name, each.read_bytes()
        elif each.is_dir() and each.name not in (_NO_CHECKS, "__pycache__"):
            yield from _files(each, f"{name}{each.name}/")
