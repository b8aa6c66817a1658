"""Offers made to be slow: the pages that compare two texts keep their bound of processor time, whatever is sent."""

import random
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.node.capitals import FAR, Pair, project
from tests.simulator.node import put

from dtti.accord import table
from dtti.node.core import text

from .test_arriving import MOST, against, desk, pages_of  # noqa: F401 - fixtures

Rows = list[dict[str, Any]]


def some(rows: int, count: int, alphabet: str = "alpha beta gamma delta", seed: int = 1) -> Rows:
    """Statements of `count` words each, drawn from an alphabet."""
    rng = random.Random(seed)
    words = alphabet.split()
    return [
        {
            "date": f"20{number % 90 + 10}",
            "status": "named",
            "note": " ".join(rng.choice(words) for _ in range(count)),
        }
        for number in range(rows)
    ]


def shuffled(rows: Rows) -> Rows:
    """The same rows in another order."""
    return random.Random(2).sample(rows, len(rows))


PAIRS: dict[str, tuple[Callable[[], Rows], Callable[[], Rows]]] = {
    "shuffled": (lambda: some(500, 40), lambda: shuffled(some(500, 40))),
    "shuffled and changed": (lambda: some(500, 40), lambda: shuffled(some(500, 40, seed=3))),
    "few long notes of two words": (lambda: some(90, 990, "a b"), lambda: some(90, 990, "a b", seed=3)),
    "alternating": (
        lambda: [{"date": "2020", "status": "named", "note": "x " + "a b " * 490 + "y"} for _ in range(99)],
        lambda: [{"date": "2020", "status": "named", "note": "z " + "b a " * 480 + "q"} for _ in range(99)],
    ),
}


@pytest.mark.long
@pytest.mark.parametrize("case", PAIRS)
def test_an_offer_made_to_be_slow_takes_no_page_away(against: Pair, desk: Client, case: str) -> None:  # noqa: F811
    first, second = (made() for made in PAIRS[case])
    ref = "ex-" + case.replace(" ", "-")
    record, offer = put(against.usa, "project", project(ref) | {"statements": first})
    against.swap()
    against.ind.write("accept", record, table.Answer(offer.act))
    for _ in range(2):
        against.swap()
    said = text.Text(content=project(ref) | {"statements": second})
    against.usa.write("propose", record, table.Propose(1, "USA", FAR), said)
    against.swap()
    took = {}
    for address in pages_of(against, [record]):
        begun = time.process_time()
        answer = desk.get(address)
        took[address] = time.process_time() - begun
        assert answer.status_code == 200, address
    assert {address: seconds for address, seconds in took.items() if seconds > MOST} == {}
