"""What a room says of a text that is drafted, sent or agreed to, beside what the page shows of every text.

Each room for its own kinds. None of it is part of what is signed, or of the digest of the page.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from dtti.office.asking import Stored
from dtti.programme.judging import judge_body
from dtti.programme.kind import Content
from dtti.web.binding_parts import Beside
from dtti.web.requests import PageRequest


class Given(msgspec.Struct, frozen=True):
    """A text: its record, as stored, as its kind reads it; None while a form is filled in, which need not be whole.

    `stands`: whether both sides hold a text of the record already.
    """

    record: str
    stored: Stored
    content: Content | None = None
    stands: bool = False


Room = Callable[[PageRequest, Given], list[Beside]]
ROOMS: dict[str, Room] = {}


def room(kind: str) -> Callable[[Room], Room]:
    """Register what a room says of texts of a kind."""

    def register(said: Room) -> Room:
        ROOMS[kind] = said
        return said

    return register


def of_form(request: PageRequest, record: str, stored: Stored) -> list[Beside]:
    """What is said where a text is drafted."""
    found = ROOMS.get(record.partition("/")[0])
    return found(request, Given(record, stored)) if found else []


def of_text(request: PageRequest, record: str, stored: Stored, *, stands: bool) -> list[Beside]:
    """What is said where a text is sent, offered or agreed to."""
    kind = record.partition("/")[0]
    content = judge_body(kind, stored).content if kind in ROOMS else None
    return [] if content is None else ROOMS[kind](request, Given(record, stored, content, stands))
