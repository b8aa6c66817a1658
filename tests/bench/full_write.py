"""One act written in full (signed, judged, appended to store and tree, durable, projected) against a bare fsync."""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dtti.accord.authority import Authority
from dtti.ledger import keylist
from dtti.ledger.engine import Sqlite
from dtti.ledger.store import Store
from dtti.node.projection import Projection
from dtti.node.write import Draft, Node, Receipt

from . import making
from .measure import Bench, Stage, medians, pairs, rate, undisturbed

ROUNDS = 400


def run(folder: Path) -> list[Bench]:
    """A project stated for the first time (text, facets, words to search), and a comment on one with a history."""
    node = making.alone(folder / "ind")
    office = making.office(node)
    making.write(node, office, 200)
    numbers = iter(range(10**6, 10**7))
    record = next(making.acts(office, 1))[0]
    node.write(record)
    drafts: dict[str, Callable[[], Draft]] = {
        "state": lambda: making.proposal(office, next(numbers)),
        "comment": lambda: making.remark(office, record.record, next(numbers)),
    }
    found = []
    for name, draft in drafts.items():
        found.append(_measure(node, name, draft, folder / f"floor-{name}"))
    node.close()
    return found


def _measure(node: Node, name: str, draft: Callable[[], Draft], path: Path) -> Bench:
    ready = [draft() for _ in range(ROUNDS + 53)]
    waiting = iter(ready)
    last = node.write(next(waiting))
    size = _bytes(node, last)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    data = os.urandom(size)

    def floor() -> None:
        os.write(descriptor, data)
        os.fsync(descriptor)

    taken = pairs(floor, lambda: node.write(next(waiting)), ROUNDS)
    os.close(descriptor)
    bare, whole = medians(taken)
    return Bench(
        f"full_write.{name}",
        f"one {name} signed, judged, appended, durable, projected",
        rate(taken),
        0.3,
        ">=",
        f"write and fsync of the same {size} bytes",
        [
            Stage("floor", bare),
            Stage("whole write", whole),
            Stage("the same ratio by the quickest tenth of each", undisturbed(taken), ""),
            *_stages(node, [next(waiting) for _ in range(49)]),
        ],
    )


def _bytes(node: Node, receipt: Receipt) -> int:
    """What an act brings that must not be lost: its leaf and its bodies."""
    leaf = node.store.leaf(receipt.ledger, receipt.index)
    return len(leaf) + sum(one.size for one in node.book.entry(leaf).act.body)


_TIMED = (
    ("sign", keylist, "sign"),
    ("judge: place, power, clocks", Authority, "examine"),
    ("judge: record and content", Node, "_check_record"),
    ("append and tree", Store, "append"),
    ("body", Store, "put_body"),
    ("durable: both commits", Sqlite, "commit"),
    ("project", Projection, "catch_up"),
    ("mark", Node, "put_mark"),
)


def _stages(node: Node, drafts: list[Draft]) -> list[Stage]:
    """Medians of the parts, from further writes of which each part is timed. `project` holds one of the commits."""
    times: dict[str, list[float]] = {name: [] for name, _, _ in _TIMED}
    for draft in drafts:
        sums = dict.fromkeys(times, 0.0)
        with _timed(sums):
            node.write(draft)
        for name, value in sums.items():
            times[name].append(value)
    return [Stage(name, statistics.median(each) * 1e6) for name, each in times.items()]


@contextmanager
def _timed(sums: dict[str, float]) -> Iterator[None]:
    def timing(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **options: Any) -> Any:
            began = time.perf_counter()
            try:
                return work(*args, **options)
            finally:
                sums[name] += time.perf_counter() - began

        return timed

    plain = [(owner, method, getattr(owner, method)) for _, owner, method in _TIMED]
    for (name, _, _), (owner, method, work) in zip(_TIMED, plain, strict=True):
        setattr(owner, method, timing(name, work))
    try:
        yield
    finally:
        for owner, method, work in plain:
            setattr(owner, method, work)
