"""What an honest capital may write next on a record: of candidates of every verb, those valid in its own view."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from dtti.accord import table
from dtti.accord.fold import Filed, View, judge
from dtti.accord.replay import State

from .capital import RULES, Capital

PLAIN = table.Plain()


@dataclass(frozen=True)
class Move:
    """An act to write: its verb, record and fields."""

    verb: str
    about: str
    terms: msgspec.Struct = PLAIN
    fields: dict[str, Any] = field(default_factory=dict)


def moves(capital: Capital, about: str, state: State) -> list[Move]:
    """Every move on record `about` that is valid in `state`, which is what `capital` holds."""
    mode = RULES.kinds[about.split("/")[0]]
    folded = state.records.get(about)
    view = folded.whole if folded else View(about, mode, ("IND", "USA"), about.split("/")[1] if mode == "joint" else "")
    # What `replay` takes for the latest time heard from the other side.
    other = state.authorities.get((capital.other, "released"))
    return [
        move
        for move in _candidates(capital, about, view)
        if judge(view, capital.side, Filed("", _act(capital, move), move.terms, other.time if other else "")) is None
    ]


def play(capital: Capital, move: Move) -> Any:
    """Write a move."""
    return capital.write(move.verb, move.about, move.terms, **move.fields)


def _act(capital: Capital, move: Move) -> Any:
    return capital.act(move.verb, move.about, move.terms, **move.fields)


def _candidates(capital: Capital, about: str, view: View) -> Iterator[Move]:
    yield Move("draft", about)
    yield Move("comment", about)
    mine = max((text.number for text in view.texts if text.side == capital.side), default=0)
    yield Move("state", about, table.State(base=mine))
    yield Move("state", about, table.State(basis="published"), {"office": ""})
    yield Move("state", about, table.State(basis="paper"))
    for text in view.texts:
        yield Move("state", about, table.State(basis="paper", confirms=text.act))
    for firm in (False, True):
        for holder in view.sides:
            yield Move("propose", about, table.Propose(view.version, holder, capital.ahead(20), firm))
    yield Move("hand_over", about)
    yield Move("request_pen", about)
    for notice in ("suspend", "resume", "withdraw_from"):
        yield Move("notice", about, table.Notice(notice))  # type: ignore[arg-type]
    if view.offer is None:
        return
    offer = view.offer
    yield Move("accept", about, table.Answer(offer.id))
    yield Move("send_back", about, table.SendBack(offer.id))
    for holder in view.sides:
        yield Move("send_back", about, table.SendBack(offer.id, holder, capital.ahead(20)), {"texts": 2})
    yield Move("withdraw", about, table.Answer(offer.id))
    yield Move("close", about, table.Close(offer.id, "agreed", offer.answer or "0" * 64))
    yield Move("close", about, table.Close(offer.id, "returned", offer.answer or "0" * 64))
    yield Move("close", about, table.Close(offer.id, "lapsed"))
