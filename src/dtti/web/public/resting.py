"""What a page rests on: every question put to the databases while it was made, and whether it asked the day. No page.

A page made on an earlier run is the same today where each of its questions has the same answer as then. A question is
the words and values of a query, or the name and argument of an answer that the office draws from many records
(`office.drawn`): of that its value counts, not what it was read from. Answers are kept as digests.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

import msgspec

from dtti.node.core import visibility
from dtti.node.core.node import Node
from dtti.node.core.projection import KEPT
from dtti.node.core.visibility import Viewer
from dtti.node.record import clock
from dtti.office import drawn
from dtti.office.asking import Asking, Moment

T = TypeVar("T")
#: In the values of a question: the moment of the run, by which a text is public or not yet.
NOW: Final = "\0now"
RAW: Final = "\0raw"  # before bytes, in hexadecimal
RECORD, LEDGER, DRAWN = "record", "ledger", "drawn"  # of what a question is asked


class Question(msgspec.Struct, frozen=True, array_like=True):
    """A question that can be asked again: `of` the record, the ledger or the office; its words; its values (JSON)."""

    of: str
    words: str
    values: str

    @property
    def key(self) -> str:
        """What it is called in notes."""
        return _digest(f"{self.of}\0{self.words}\0{self.values}")[:24]


class Part(msgspec.Struct):
    """What an answer rested on: keys of its questions, whether it asked the day, whether something went unseen."""

    questions: dict[str, None] = {}
    dated: bool = False
    lost: bool = False

    def join(self, other: Part) -> None:
        """Let this rest on what another rests on too."""
        self.questions |= other.questions
        self.dated = self.dated or other.dated
        self.lost = self.lost or other.lost


def _digest(said: str) -> str:
    return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


class Resting:
    """Watches the questions that this process asks of a node. One for each process; it is not for several threads."""

    def __init__(self, node: Node) -> None:
        self.node, self.moment = node, visibility.now()
        visibility.fix(self.moment)
        self.asked: dict[str, Question] = {}
        self.answers: dict[str, str] = {}  # digests, by the key of the question
        self._told: set[str] = set()
        self._parts: list[Part] = []
        self._kept: dict[object, tuple[object, Part]] = {}
        self._run: dict[str, Callable[..., Any]] = {}
        self._watched: list[Any] = []
        self._see()
        node.projection.kept = self._keep  # type: ignore[method-assign]  # what it keeps, it keeps with what that rests on
        clock.tell(self._ask_day)
        drawn.watch(self._draw)

    def forget(self) -> None:
        """Forget every answer: the record may have changed."""
        self.answers.clear()
        self._told.clear()
        self._kept.clear()

    def of(self, make: Callable[[], T]) -> tuple[T, Part]:
        """What `make` gives, and what that rests on."""
        part = Part()
        self._parts.append(part)
        try:
            made = make()
        finally:
            self._parts.pop()
        part.lost = part.lost or self._see()
        return made, part

    def news(self, part: Part) -> dict[str, tuple[Question, str]]:
        """Of the questions of a part those that were not told of yet, each with the digest of its answer."""
        fresh = [key for key in part.questions if key not in self._told]
        self._told.update(fresh)
        return {key: (self.asked[key], self.answers[key]) for key in fresh}

    def again(self, question: Question) -> str:
        """The digest of the answer that a question has now."""
        if (held := self.answers.get(question.key)) is not None:
            return held
        values = msgspec.json.decode(question.values)
        if question.of == DRAWN:
            draw = drawn.DRAWN.get(question.words)
            made = repr(draw(self._asking(), values)) if draw else ""
        else:
            said = [self._meant(each) for each in values]
            made = repr(self._run[question.of](question.words, said))
        self.answers[question.key] = _digest(made)
        return self.answers[question.key]

    def _asking(self) -> Asking:
        return Asking(self.node, Viewer(self.node.side, public=True), Moment())

    def _see(self) -> bool:
        """Watch the connections of the node; whether one of them is another than before, and was not watched."""
        engines = [self.node.projection.engine, self.node.store.engine]
        if len(self._watched) == 2 and all(one is other for one, other in zip(engines, self._watched, strict=True)):
            return False
        for name, engine in zip((RECORD, LEDGER), engines, strict=True):
            if not any(engine is each for each in self._watched):
                self._watch(name, engine)
        self._watched = engines
        return True

    def _watch(self, name: str, engine: Any) -> None:
        run = self._run[name] = engine.run

        def watched(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
            rows: list[tuple[Any, ...]] = run(sql, values)
            if not self._parts:
                return rows
            if all(isinstance(each, str | int | bytes | None) for each in values):
                said = [self._said(each) for each in values]
                self._note(Question(name, sql, msgspec.json.encode(said).decode()), rows)
            else:  # such a question cannot be put again from a note
                self._parts[-1].lost = True
            return rows

        engine.run = watched

    def _said(self, value: Any) -> Any:
        """A value of a question as a note holds it."""
        if isinstance(value, bytes):
            return RAW + value.hex()
        return NOW if value == self.moment else value

    def _meant(self, value: Any) -> Any:
        """A value of a question from a note."""
        if isinstance(value, str) and value.startswith(RAW):
            return bytes.fromhex(value.removeprefix(RAW))
        return self.moment if value == NOW else value

    def _note(self, question: Question, answer: object) -> None:
        key = question.key
        self._parts[-1].questions[key] = None
        self.asked.setdefault(key, question)
        if key not in self.answers:
            self.answers[key] = _digest(repr(answer))

    def _ask_day(self) -> None:
        if self._parts:
            self._parts[-1].dated = True

    def _keep(self, question: object, answer: Callable[[], Any]) -> Any:
        if len(self._kept) >= KEPT:
            self._kept.clear()
        if question not in self._kept:
            self._kept[question] = self.of(answer)
        value, part = self._kept[question]
        if self._parts:
            self._parts[-1].join(part)
        return value

    def _draw(self, asking: Asking, name: str, argument: str, draw: drawn.Draw[object]) -> object:
        value, part = self.of(lambda: draw(asking, argument))
        if part.lost and self._parts:
            self._parts[-1].lost = True
        if self._parts and asking.viewer.public:
            self._note(Question(DRAWN, name, msgspec.json.encode(argument).decode()), value)
        elif self._parts:
            self._parts[-1].join(part)
        return value


def all_drawn() -> None:
    """Know every drawn answer of the office, in a process that has answered no page yet."""
    from dtti import office

    for each in pkgutil.iter_modules(office.__path__, "dtti.office."):
        importlib.import_module(each.name)


#: Questions that are asked again by one process at a time.
STRETCH: Final = 400


def standing(resting: Resting, asked: Iterable[tuple[Question, str]]) -> list[str]:
    """The keys of those questions that have the answer they had."""
    return [question.key for question, answer in asked if resting.again(question) == answer]
