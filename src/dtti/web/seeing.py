"""Looking as the other side does: what its office system would show of what this side has told it. Reads alone.

Everything shown in this mode goes through `visibility` as a reader of the other side, who sees what is public and what
either side has released; turns and own records are told from that side's place. There is nothing here to write with.
"""

from __future__ import annotations

from copy import copy
from typing import Any, Final, cast

from django.http import HttpRequest
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language.names import facing
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer

from .requests import PageRequest

#: Session key: the side as which whoever is signed in looks.
KEY: Final = "see_as"
#: Pages that take something in this mode: it is left, one signs out, a browser reports on its policy.
TAKES: Final = frozenset({"see_as", "account_logout", "csp_report"})
_WRITES: Final = frozenset({"write", "write_seen", "sign", "append"})


class _Book:
    """The book of a node from the other side's place: who the other one is."""

    def __init__(self, node: Node) -> None:
        self._book, self.other = node.book, node.side

    def __getattr__(self, name: str) -> Any:
        return getattr(self._book, name)


class Theirs:
    """A node from the other side's place, for pages alone: `side` is theirs, nothing can be written."""

    def __init__(self, node: Node) -> None:
        self._node, self.side, self.book = node, other_of(node), _Book(node)

    def __getattr__(self, name: str) -> Any:
        if name in _WRITES:
            raise Refused(against())
        return getattr(self._node, name)


def other_of(node: Node) -> str:
    """The side as which one can look: the counterpart, or the one that would join."""
    return node.book.other or facing(node.side)


def viewer(node: Node) -> Viewer:
    """A reader of the other side, who sees what this side has told it."""
    return Viewer(other_of(node))


def may(request: PageRequest) -> bool:
    """Whether whoever is signed in may look so: an official of this side who reads what it has not released."""
    return bool(request.seat) and request.viewer.national


def take(request: PageRequest) -> None:
    """Put the reader of the other side on a request, in the place of the person and the seat."""
    request.see_as, request.seat_behind = other_of(request.node), request.seat
    request.viewer, request.seat, request.seats = viewer(request.node), None, ()
    request.node = cast("Node", Theirs(request.node))


def as_they(request: HttpRequest) -> HttpRequest:
    """A copy of a request on which names and facts are made as the other side would see them."""
    made = copy(request)
    asked = cast(PageRequest, made)
    node = asked.node
    asked.viewer, asked.seat, asked.seats = viewer(node), None, ()
    asked.node = cast("Node", Theirs(node))
    for held in ("rest", "group_names"):
        made.__dict__.pop(held, None)
    return made


def against() -> Refusal:
    """Why nothing can be done in this mode."""
    return refuse(
        "see-as",
        _("You are looking as the other side does, and nothing can be written so."),
        _("Go back to your own view first."),
    )
