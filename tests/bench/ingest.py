"""Another ledger taken in: every signature, place, power and text checked; against bare verification."""

import os
import shutil
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from dtti.ledger import export, pack
from dtti.ledger.act import open_leaf
from dtti.node.core.node import Node
from dtti.node.line import exchange

from . import making
from .measure import Bench, Stage, medians, processor, rate

COUNT, ROUNDS = 10_000, 3
SMALL = {"COUNT": 60, "ROUNDS": 1}
Signed = tuple[bytes, bytes, bytes]  # public key, signature, what was signed
Spent = tuple[float, float]  # seconds, and seconds of processors


def run(folder: Path) -> list[Bench]:
    """Ten thousand acts with their texts, by pack; then the same ledger as an export, checked by itself."""
    india, usa = making.pair(folder)
    making.write(usa, making.office(usa), COUNT)
    given = pack.open_pack(exchange.make_pack(usa, start=india.store.size("mirror"), sealed=False))
    usa.checkpoint()
    export.write(usa.store, "released", folder / "export")
    india.close()
    signed = _signed(usa, given.leaves)
    usa.close()
    parts: dict[str, list[float]] = {"then projected": [], "then attended to": []}
    ingests, checks = [], []
    for number in range(ROUNDS):
        shutil.copytree(folder / "ind", folder / f"ind-{number}")
        ingests.append((_spent(lambda: _verify_bare(signed)), _ingest(Node(folder / f"ind-{number}"), given, parts)))
        checks.append((_spent(lambda: _verify_bare(signed)), _spent(lambda: _check(folder / "export"))))
    count = len(signed)
    after = [Stage(f"{name}, an act", statistics.median(each) * 1e6 / count) for name, each in parts.items()]
    return [
        _bench("ingest", f"{count} acts and their texts checked, judged and kept", ingests, count, after),
        _bench("ingest.export", f"{count} acts checked in a static export, every tile with them", checks, count, []),
    ]


def _bench(name: str, says: str, rounds: list[tuple[Spent, Spent]], count: int, after: list[Stage]) -> Bench:
    time_taken = [(one[0], other[0]) for one, other in rounds]
    effort = [(one[1], other[1]) for one, other in rounds]
    bare, whole = medians(time_taken, 1e6 / count)
    return Bench(
        name,
        says,
        rate(time_taken),
        0.5,
        ">=",
        "bare Ed25519 verification of the same signatures by as many processes as there are processors",
        [
            Stage("floor, an act", bare),
            Stage("whole, an act", whole),
            *after,
            Stage("the same ratio in processor time", rate(effort), ""),
        ],
    )


def _spent(work: Callable[[], object]) -> Spent:
    began, effort = time.perf_counter(), processor()
    work()
    return time.perf_counter() - began, processor() - effort


def _signed(node: Node, leaves: list[bytes]) -> list[Signed]:
    public = {key.id: bytes.fromhex(key.public) for role in ("node", "power") for key in node.standing.keys.keys(role)}
    found = []
    for entry in map(open_leaf, leaves):
        found += [(public[keyid], signature, entry.signed) for keyid, signature in entry.signatures if keyid in public]
    return found


def _verify_some(signed: list[Signed]) -> None:
    keys = {public: Ed25519PublicKey.from_public_bytes(public) for public in {one[0] for one in signed}}
    for public, signature, message in signed:
        keys[public].verify(signature, message)


_shared: list[list[Signed]] = []


def _verify_share(number: int) -> None:
    _verify_some(_shared[number])


def _verify_bare(signed: list[Signed]) -> None:
    """Each process has its share before the clock of the pool starts: nothing is sent but a number."""
    count = os.cpu_count() or 1
    _shared[:] = [signed[number::count] for number in range(count)]
    with ProcessPoolExecutor(count, mp_context=get_context("fork")) as pool:
        list(pool.map(_verify_share, range(count)))


def _ingest(node: Node, given: pack.Pack, parts: dict[str, list[float]]) -> Spent:
    """What it took until the ledger was checked and kept. Projecting it, and the node's own acts, go into `parts`."""
    node.signer.ready("mirror")  # a node at work has opened its keys, which takes a fifth of a second on purpose
    after: list[Spent] = []
    settle, attend = node.settle, exchange.attend

    def timed(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*given: Any) -> Any:
            kept: list[Any] = []
            within = len(after)
            spent = _spent(lambda: kept.append(work(*given)))
            del after[within:]  # the node's own acts settle too
            after.append(spent)
            if name == "then attended to" or not within:
                parts[name].append(spent[0])
            return kept[0]

        return run

    node.__dict__.update(settle=timed("then projected", settle))
    exchange.attend = timed("then attended to", attend)
    texts = given.bodies
    try:
        whole = _spent(
            lambda: exchange.ingest(
                node, given.checkpoint, given.leaves, given.manifest.start, lambda one: texts.get(one.digest)
            )
        )
    finally:
        exchange.attend = attend
    node.close()
    return whole[0] - sum(one for one, _ in after), whole[1] - sum(one for _, one in after)


def _check(folder: Path) -> None:
    report = export.check(folder)
    if not report.good:
        raise AssertionError(report.faults[:3])
