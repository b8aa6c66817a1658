"""The client of the counterpart's exchange door: what it asks for, and how much of the answer it takes in. No Django.

What is asked for is listed in docs/exchange.md; the door that answers is `dtti.api.exchange`. Stands apart from the
certificates of the line (`tls`): a door needs those, and nothing that asks.
"""

from contextlib import ExitStack, suppress

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.act import NOTHING
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.core.node import Node
from dtti.node.folder import keys, tally

from . import exchange, recover
from . import stage as stages
from .exchange import Given, Taken
from .fetching import Fetching
from .stage import PAGE, Begin, Room, Stage
from .tls import client_context
from .wire import LineCut, Wire

STEP, STEP_BYTES = 4096, 64 * 1024 * 1024  # entries, and bytes with their texts, that are checked and kept at a time
MIB = 1024 * 1024


class Budget:
    """How much may still be taken in: entries, and bytes of entries and texts."""

    def __init__(self, entries: int, size: int) -> None:
        self.entries, self.bytes = entries, size

    def spend(self, entries: int, size: int) -> None:
        """So much was taken."""
        self.entries, self.bytes = self.entries - entries, self.bytes - size

    @property
    def spent(self) -> bool:
        """Whether nothing more fits."""
        return self.entries <= 0 or self.bytes <= 0


class Line:
    """A client of the counterpart's exchange door."""

    def __init__(self, node: Node, address: str = "") -> None:
        self.node = node
        self.address = address or node.config.peer_address
        if not self.address:
            raise Refused(
                refuse(
                    "peer", "no address of the counterpart is set", "Set peer_address in node.toml, or exchange packs."
                )
            )
        self._open = ExitStack()
        name = keys.exchange_name(node.book.other or "")
        self._wire = Wire(self.address, name, client_context(node), node.config.pull_seconds)
        self._open.callback(self._wire.close)
        self._fetching = Fetching(self._wire)

    def close(self) -> None:
        """Close the connection. What was fetched and not taken in stays staged for the next pull."""
        self._open.close()

    def reach(self) -> None:
        """Ask the door for its checkpoint and leave it; Refused where it does not answer, or not as it should."""
        exchange.signed_note(self.node, self._note("checkpoint"))

    def _note(self, path: str) -> str:
        data = self._wire.read(path, exchange.MAX_NOTE)
        if data is None:
            return ""
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(refuse("checkpoint", "the checkpoint is no text", "Ask the other side to look.")) from None

    def pull(self) -> Taken:
        """Pull what is new, from where the mirror stands, as far as the bounds of one pull and of the day allow.

        It goes step by step: each is fetched into the staging place, shown to lead to the signed checkpoint that the
        pull began with, checked, and kept before the next is asked for. A pull that is cut off, in whatever way, has
        lost next to nothing: the next one goes on from what is staged.
        """
        node = self.node
        node.book.sync()
        exchange.not_halted(node)
        theirs = self._note("mirror/checkpoint")
        if theirs:
            exchange.compare_own(node, theirs)
        note = self._note("checkpoint")
        size = exchange.signed_note(node, note).size
        budget = self._budget()
        taken: Taken | None = None
        stage = stages.open_stage(node.folder.path, self._begin())
        try:
            while taken is None or (taken.size < size and not budget.spent):
                step = self._step(stage, note, size, budget, one=taken is None)
                taken = step if taken is None else _together(taken, step)
                if step.size == step.start:
                    break
        except Refused as refused:
            rules = [each.rule for each in refused.refusals]
            if rules == ["older"] and node.store.size(MIRROR) >= size and taken is None:
                # Another process here has pulled more meanwhile: nothing is missing, and nothing is wrong.
                return Taken(size, size, 0, 0, [])
            if rules == ["root"]:
                with suppress(Refused):
                    self._look_back(note, size)
                exchange.not_halted(node)
            raise
        finally:
            stage.close()
        return msgspec.structs.replace(taken, former=self._fetching.former)

    def _budget(self) -> Budget:
        """What this pull may take in."""
        config, today = self.node.config, tally.read(self.node.folder.path)
        left = Budget(config.day_entries - today.entries, config.day_mib * MIB - today.bytes)
        if left.spent:
            raise Refused(
                refuse(
                    "line-day",
                    f"{today.entries:,} entries and {today.bytes // MIB:,} MiB of {self.node.book.other} were taken in "
                    "today, and no more are",
                    "Look at what it sends. If you expect so much, raise day_entries or day_mib in node.toml.",
                )
            )
        return Budget(min(left.entries, config.pull_entries), min(left.bytes, config.pull_mib * MIB))

    def _begin(self) -> Begin:
        """The end of the mirror, from which a staged stretch goes on."""
        store = self.node.store
        start = store.size(MIRROR)
        previous = store.leaf_hash(MIRROR, start - 1).hex() if start else NOTHING
        return Begin(str(self.node.book.other), start, previous)

    def _step(self, stage: Stage, note: str, size: int, budget: Budget, *, one: bool) -> Taken:
        """Stage a step and take it in. What an earlier pull left is let go if it is not what was signed."""
        try:
            return self._staged(stage, note, size, budget, one=one)
        except LineCut:
            raise
        except Refused as refused:
            again = stage.inherited and "fork" not in [each.rule for each in refused.refusals]
            stage.clear(self._begin())
            if not again:
                raise
        return self._staged(stage, note, size, budget, one=one)

    def _staged(self, stage: Stage, note: str, size: int, budget: Budget, *, one: bool) -> Taken:
        node, start = self.node, stage.begin.start
        if stage.stop > size:
            stage.clear()
        most = min(budget.entries, STEP, max(size - start, 0))
        stage.allow(Room(most, min(budget.bytes, STEP_BYTES), one))
        self._fetching.fill(stage, "", start + most)
        stop, cost = stage.stop, stage.cost
        if stop == start and not one:
            return Taken(start, start, 0, 0, [])
        proof = self._proof(stop, size) if stop < size else None
        taken = exchange.ingest(node, note, stage.entries(), start, stage.fetch, proof)
        budget.spend(taken.size - taken.start, cost)
        tally.add(node.folder.path, taken.size - taken.start, cost)
        stage.clear(self._begin())
        return taken

    def _proof(self, stop: int, size: int) -> list[bytes]:
        """That the first `stop` entries are a part of the first `size`."""
        data = self._fetching.again(lambda: self._wire.read(f"consistency?start={stop}&size={size}", 64 * 32))
        if data is None or len(data) % 32:
            raise Refused(
                refuse(
                    "line",
                    f"the counterpart does not show that entries up to {stop} are a part of the {size} that it signed",
                    "Its office system may be of an earlier version: exchange a pack this time.",
                )
            )
        return [data[at : at + 32] for at in range(0, len(data), 32)]

    def _look_back(self, note: str, size: int) -> None:
        """Its entries do not follow on those that are here: find out whether it signed others in their place.

        Ends in the halt of `ingest` where that is so, and else without a word: then nobody has signed anything wrong.
        """
        held = start = self.node.store.size(MIRROR)
        back = PAGE
        while start:
            start, back = max(0, start - back), 2 * back
            leaves: list[bytes] = []
            while start + len(leaves) < held:
                leaves += self._fetching.page("", start + len(leaves), held)
            proof = self._proof(held, size) if held < size else None
            with suppress(Refused):
                exchange.ingest(self.node, note, leaves, start, lambda _: None, proof)
            exchange.not_halted(self.node)

    def given_back(self) -> tuple[Given, Given]:
        """What it holds of this side's ledger beyond what is here, and its own: for `recover.take_back`.

        As much as a file may bring, and no more; this side's own entries are checked as they come. All of it stands
        until `close` in files without a name.
        """
        node = self.node
        node.book.sync()
        budget = Budget(node.config.pack_entries, node.config.pack_mib * MIB)
        return (
            self._given("mirror/", RELEASED, budget),
            self._given("", MIRROR, budget),
        )

    def _given(self, path: str, ledger: str, budget: Budget) -> Given:
        node, start = self.node, self.node.store.size(ledger)
        note = self._note(f"{path}checkpoint")
        if not note:
            return Given("", [], start, lambda _: None)
        size = recover.parsed(node, ledger, note).size
        check, checked = recover.OwnStretch(node, start), 0
        stage = stages.unnamed(node.folder.path, Begin("", start, ""))
        self._open.callback(stage.close)
        stage.allow(Room(min(budget.entries, max(size - start, 0)), budget.bytes))

        def look() -> None:
            nonlocal checked
            fresh = stage.entries(checked)
            checked += len(fresh)
            if ledger == RELEASED:
                check.take(fresh)

        self._fetching.fill(stage, path, size, look)
        budget.spend(len(stage.leaves), stage.cost)
        if stage.stop < size:
            raise Refused(
                refuse(
                    "line-size",
                    f"more is given back than is taken in at once: {node.config.pack_entries:,} entries, "
                    f"{node.config.pack_mib:,} MiB",
                    "If so much is missing here, raise pack_entries and pack_mib in node.toml.",
                )
            )
        return Given(note, stage.entries(), start, stage.fetch)


def _together(one: Taken, other: Taken) -> Taken:
    return Taken(one.start, other.size, one.bodies + other.bodies, one.void + other.void, [*one.acts, *other.acts])
