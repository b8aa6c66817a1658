"""One act written in full (signed, judged, appended to store and tree, durable, projected) against a bare fsync."""

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.authority import Authority
from dtti.ledger import keylist
from dtti.ledger.engine import Sqlite
from dtti.ledger.store import Store
from dtti.node.core import word_index
from dtti.node.core.book import Book
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.node import Node
from dtti.node.core.projection import Projection

from . import making
from .measure import Bench, Stage, medians, pairs, rate, seconds, undisturbed

ROUNDS, STAGED = 400, 99
SMALL = {"ROUNDS": 3, "STAGED": 3}
#: Part of a bare sync's rate that is wanted, where one takes less than SLOW, and where it takes that or more.
WANTED, WANTED_SLOW, SLOW = {"state": 0.15, "comment": 0.2}, 0.35, 600e-6
LARGEST = 0.25  # of the whole: the most that one stage may take
DELAY = 900  # microseconds that strace adds to every sync, for the figures of a slow disc


def run(folder: Path) -> list[Bench]:
    """A project stated for the first time (text, facets, words to search), and a comment on one with a history.

    Then the same, where strace is installed, with every sync made slower.
    """
    found = _run(folder)
    if shutil.which("strace"):
        slowed = f"inject=fsync,fdatasync:delay_exit={DELAY}"
        command = [
            "strace",
            "-f",
            "--seccomp-bpf",
            "-qq",
            "-o",
            os.devnull,
            "-e",
            "trace=fsync,fdatasync",
            "-e",
            slowed,
        ]
        command += [sys.executable, "-m", "tests.bench.full_write", str(folder / "slow"), str(ROUNDS), str(STAGED)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        for each in msgspec.json.decode(said.stdout, type=list[Bench]):
            says = f"{each.says}, with {DELAY} us added to every sync"
            found.append(msgspec.structs.replace(each, name=f"{each.name}.slow", says=says))
    return found


def _run(folder: Path) -> list[Bench]:
    node = making.alone(folder / "ind")
    office = making.office(node)
    making.write(node, office, ROUNDS // 2)
    numbers = iter(range(10**6, 10**7))
    record = next(making.acts(office, 1))[0]
    node.write(record)
    drafts: dict[str, Callable[[], Draft]] = {
        "state": lambda: making.proposal(office, next(numbers)),
        "comment": lambda: making.remark(office, record.record, next(numbers)),
    }
    found = []
    for name, draft in drafts.items():
        found += _measure(node, name, draft, folder / f"floor-{name}")
    node.close()
    return found


def _measure(node: Node, name: str, draft: Callable[[], Draft], path: Path) -> list[Bench]:
    waiting = iter([draft() for _ in range(ROUNDS + STAGED + 4)])
    last = node.write(next(waiting))
    size = _bytes(node, last)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    data = os.urandom(size)

    def floor() -> None:
        os.write(descriptor, data)
        os.fsync(descriptor)

    taken = pairs(floor, lambda: node.write(next(waiting)), ROUNDS)
    bare, whole = medians(taken)
    stages, synced = _stages(node, [next(waiting) for _ in range(STAGED)], floor)
    # What is durable costs a sync, whoever writes it: a stage is held to what it takes beyond that.
    beyond = {each.name: each.value - (synced if each.name == DURABLE else 0) for each in stages}
    os.close(descriptor)
    largest = max(beyond, key=lambda each: beyond[each])
    return [
        Bench(
            f"full_write.{name}",
            f"one {name} signed, judged, appended, durable, projected",
            rate(taken),
            WANTED[name] if bare < SLOW * 1e6 else WANTED_SLOW,
            ">=",
            f"write and fsync of the same {size} bytes",
            [
                Stage("floor", bare),
                Stage("whole write", whole),
                Stage("the same ratio by the quickest tenth of each", undisturbed(taken), ""),
                *stages,
            ],
        ),
        Bench(
            f"full_write.{name}.stage",
            f"the largest stage of it, {largest}, beyond the one sync",
            beyond[largest] / sum(each.value for each in stages),
            LARGEST,
            "<=",
            "the whole write",
            [],
        ),
    ]


def _bytes(node: Node, receipt: Receipt) -> int:
    """What an act brings that must not be lost: its leaf and its bodies."""
    leaf = node.store.leaf(receipt.ledger, receipt.index)
    return len(leaf) + sum(one.size for one in node.book.entry(leaf).act.body)


DURABLE, UNSYNCED, REST = "durable: the ledger's commit", "project: its commit, not synced", "the rest"
_TIMED: tuple[tuple[str, object, str], ...] = (
    ("append lock", Sqlite, "begin"),
    ("what others wrote", Book, "sync"),
    ("held to the mark", Node, "behind"),
    ("form the act", Node, "_sign"),
    ("sign", keylist, "sign"),
    ("judge: place, power, clocks", Authority, "examine"),
    ("judge: record and content", Node, "check_record"),
    ("take into the book", Book, "append"),
    ("append and tree", Store, "append"),
    ("bodies", Store, "put_bodies"),
    ("project: rows", Projection, "catch_up"),
    ("project: the text and its facets", Projection, "_text"),
    ("project: words to search", word_index, "put"),
    ("mark", Node, "put_mark"),
    ("commit", Sqlite, "commit"),
)


def _stages(node: Node, drafts: list[Draft], floor: Callable[[], None]) -> tuple[list[Stage], float]:
    """Medians of the parts, from further writes of which each part is timed without those within it; and of `floor`."""
    names = [name for name, _, _ in _TIMED if name != "commit"] + [DURABLE, UNSYNCED, REST]
    times: dict[str, list[float]] = {name: [] for name in names}
    ledger, syncs = node.store.engine, []
    for draft in drafts:
        syncs.append(seconds(floor))
        sums = dict.fromkeys(times, 0.0)
        began = time.perf_counter()
        with _timed(sums, ledger):
            node.write(draft)
        sums[REST] = time.perf_counter() - began - sum(sums.values())
        for name, value in sums.items():
            times[name].append(value)
    stages = [Stage(name, statistics.median(each) * 1e6) for name, each in times.items()]
    return stages, statistics.median(syncs) * 1e6


@contextmanager
def _timed(sums: dict[str, float], ledger: object) -> Iterator[None]:
    within = [0.0]  # seconds of the parts inside the one that runs, outermost first

    def timing(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*given: Any, **options: Any) -> Any:
            began = time.perf_counter()
            within.append(0.0)
            try:
                return work(*given, **options)
            finally:
                took = time.perf_counter() - began
                whose = name if name != "commit" else DURABLE if given[0] is ledger else UNSYNCED
                sums[whose] += took - within.pop()
                within[-1] += took

        return timed

    plain = [(owner, method, getattr(owner, method)) for _, owner, method in _TIMED]
    for (name, _, _), (owner, method, work) in zip(_TIMED, plain, strict=True):
        setattr(owner, method, timing(name, work))
    try:
        yield
    finally:
        for owner, method, work in plain:
            setattr(owner, method, work)


if __name__ == "__main__":
    where, rounds, staged = sys.argv[1:]
    ROUNDS, STAGED = int(rounds), int(staged)
    sys.stdout.write(json.dumps(msgspec.to_builtins(_run(Path(where)))))
