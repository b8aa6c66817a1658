"""What the texts of a record say here: each is read once, and what the other side sent is judged, as it is projected.

What fails stays *theirs, and cannot be read here*: this node's view, made by the version of the checks it has, and
made anew with them. It knows bodies and kinds; it changes no verdict, no number, nothing that is sent.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, cast

import msgspec
from msgspec.structs import replace

from dtti.accord import table
from dtti.accord.fold import Filed, View
from dtti.accord.refusal import Refusal, Refused
from dtti.accord.view import Text
from dtti.ledger.body import Body, Erased, Owner
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis, Content, Context

from . import ceiling, context, standing, text
from .book import Book


class Reading(msgspec.Struct, frozen=True):
    """A text as this node reads it. `state`: held, unreadable, erased, missing, none (it has no content).

    `content` is there where its form can be read, also of an unreadable one; `against` says why it is unreadable.
    """

    state: str
    content: Content | None = None
    stored: dict[str, Any] = {}
    against: tuple[Refusal, ...] = ()


NONE = Reading("none")


class Texts:
    """The texts of one record. `exists`: whether a record of a kind carries a reference, by what is held here."""

    def __init__(self, book: Book, record: str, exists: Callable[[str, str], bool]) -> None:
        self._book, self.record, self._exists = book, record, exists
        self._kind = record.split("/")[0]
        self._read: dict[standing.Key, Reading] = {}
        self.unread: set[standing.Key] = set()
        self.unnamed: set[tuple[str, str]] = set()  # records that a text names and nothing here carries

    def take(self, view: View, one: Filed) -> None:
        """Judge the text that `one` brings, if the other side wrote it; `view` has just taken it in."""
        act, terms = one.act, one.terms
        if act.side == self._book.side:
            return
        part, basis = 0, "own"
        if isinstance(terms, table.State):
            basis = terms.basis or "own"
        elif isinstance(terms, table.SendBack) and len(act.body) > 1:
            part = 1
        elif not isinstance(terms, table.Propose):
            if act.verb == "draft":
                self._judge((one.id, 0), None)
            return
        before = replace(view, texts=[each for each in view.texts if each.act != one.id])
        follows = context.followed(before, act.side)
        previous = self.read((follows.act, follows.body)).content if follows else None
        self._judge((one.id, part), self._context(act.side, basis, previous))

    def _context(self, author: str, basis: str, previous: Content | None) -> Context:
        author = "" if basis == "published" else author
        return Context(basis=cast(Basis, basis), previous=previous, exists=self._named, author=author)

    def read(self, key: standing.Key) -> Reading:
        """A text: judged before where the other side wrote it; of this side's own the form alone."""
        if key not in self._read:
            self._judge(key, None)
        return self._read[key]

    def same(self, one: Text, other: Text) -> bool:
        """Whether two texts say the same."""
        first, second = self.read((one.act, one.body)), self.read((other.act, other.body))
        return first.state == second.state == "held" and first.stored == second.stored

    def _named(self, kind: str, ref: str) -> bool:
        if self._exists(kind, ref):
            return True
        self.unnamed.add((kind, ref))
        return False

    def _judge(self, key: standing.Key, beside: Context | None) -> None:
        placed = self._book.store.find(key[0])
        act = self._book.entry(placed.leaf).act if placed else None
        theirs = act is not None and act.side != self._book.side
        owner = placed.owner(key[1]) if placed and act and key[1] < len(act.body) else None
        made = self._judged(owner, beside, theirs=theirs)
        self._read[key] = made
        if made.state == "unreadable" and theirs:
            self.unread.add(key)

    def _judged(self, owner: Owner | None, beside: Context | None, *, theirs: bool) -> Reading:
        body = self._book.store.body(owner) if owner else None
        if isinstance(body, Erased):
            return Reading("erased")
        if not isinstance(body, Body):
            return Reading("missing" if owner else "none")
        try:
            said = text.read(body.data)
        except Refused as refused:
            return Reading("unreadable", against=refused.refusals)
        stored = said.content
        if theirs and (marked := ceiling.of_content(msgspec.to_builtins(said))):
            return Reading("unreadable", against=tuple(marked))
        if stored is None and not theirs:
            return NONE
        if beside is not None and beside.exists is not None and stored is not None:
            beside = self._knowing_itself(beside, stored)
        judged = judge_body(self._kind, stored, beside)
        state = "held" if judged.readable else "unreadable"
        return Reading(state, judged.content, stored or {}, judged.against)

    def _knowing_itself(self, beside: Context, stored: dict[str, Any]) -> Context:
        """A text may name its own record, whatever else is held."""
        itself, named = (self._kind, str(stored.get("ref", ""))), self._named
        return dataclasses.replace(beside, exists=lambda kind, ref: (kind, ref) == itself or named(kind, ref))
