"""Answers drawn from many records that say little of them, each by a name: what a page rests on is then that answer.

Whoever keeps a page between runs has to know whether it would be the same today. That it read a whole register would
have it made anew at each change of that; what the register said of its one record seldom changes. Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar, cast

from .asking import Asking

T = TypeVar("T")
#: An answer about what `argument` names, the same for equal records whoever asks twice.
Draw = Callable[[Asking, str], T]
#: Told the name, the argument and how to answer; answers.
Watch = Callable[[Asking, str, str, Draw[object]], object]

DRAWN: Final[dict[str, Draw[object]]] = {}
_watch: list[Watch] = []


def watch(each: Watch) -> None:
    """Have every drawn answer of this process asked through `each`."""
    _watch[:] = [each]


def watched() -> bool:
    """Whether drawn answers are asked through somebody who keeps them."""
    return bool(_watch)


def drawn(name: str) -> Callable[[Draw[T]], Draw[T]]:
    """Register a function as a drawn answer. Its value says by its `repr` all that pages make of it."""

    def register(draw: Draw[T]) -> Draw[T]:
        DRAWN[name] = draw

        def ask(asking: Asking, argument: str) -> T:
            if _watch and asking.moment.now:
                return cast(T, _watch[0](asking, name, argument, draw))
            return draw(asking, argument)

        return ask

    return register
