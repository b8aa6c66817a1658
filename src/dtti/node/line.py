"""The line between two nodes: mutual TLS with certificates from the key lists, and the client that pulls. No Django.

A certificate is trusted because a key list names it, byte for byte; no authority stands behind it. What is asked for
is listed in docs/exchange.md; the door that answers is `dtti.api.exchange`.
"""

import os
import secrets
import ssl
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import tiles
from dtti.ledger.act import MAX_LEAF, Commitment, MalformedLeaf, open_leaf
from dtti.ledger.body import MAX_BODY, SALT, Body
from dtti.ledger.keylist import KeyList
from dtti.ledger.store import MIRROR, RELEASED

from . import exchange, keys, recover, rotate, tally, usable
from .exchange import Given, Taken
from .wire import Wire
from .write import Node

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

PAGE = 1024  # entries asked for at a time
PAGE_BYTES = 4 * 1024 * 1024  # of entries that the door gives at a time; one is always given
STEP, STEP_BYTES = 4096, 64 * 1024 * 1024  # entries, and bytes with their texts, that are checked and kept at a time
MIB = 1024 * 1024
_ENTRY = 1024  # bytes that an entry costs here beside its own: tree, index, why it is void


def _pem(der: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(der)


def certificates(node: Node) -> list[bytes]:
    """The counterpart's exchange certificates in force that can be used (DER); none where nobody has joined."""
    return usable.certificates(their_keys(node)) if node.book.other else []


def their_keys(node: Node) -> KeyList:
    """The counterpart's key list in force, as this side holds it."""
    standing = node.book.authority(MIRROR).standing()
    return standing.keys if standing else node.standing.parties[str(node.book.other)].keys


@contextmanager
def _identity_files(node: Node) -> Iterator[tuple[str, str, str]]:
    """This node's certificate and its private key as files under a one-time passphrase, gone when the block ends."""
    certificate, private = rotate.certificate_to_show(node, exchange.known_to_hold(node))
    phrase = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        sealed = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(phrase.encode()),
        )
        crt, key = Path(folder, "crt"), Path(folder, "key")
        crt.write_text(_pem(certificate))
        key.write_bytes(sealed)
        yield str(crt), str(key), phrase


def server_context(node: Node) -> ssl.SSLContext:
    """TLS 1.3 for the exchange door: shows this side's certificate, demands the counterpart's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return _configure(context, node)


def client_context(node: Node) -> ssl.SSLContext:
    """TLS 1.3 for pulling: shows this side's certificate, accepts the counterpart's and no other."""
    if node.book.other is None:
        raise Refused(refuse("counterpart", "no counterpart has joined", "Join one first."))
    if not certificates(node):
        keys_named = their_keys(node)
        raise Refused(
            refuse(
                "key-tls",
                f"key list {keys_named.version} of {node.book.other} names no exchange certificate that can be used",
                "The line is silent until its next key list, which a pack can bring. Work goes on here.",
            )
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _configure(context, node)


def _configure(context: ssl.SSLContext, node: Node) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    if context.check_hostname:
        context.check_hostname = True
    accepted = certificates(node)
    if accepted:  # else nobody is
        context.load_verify_locations(cadata="".join(_pem(der) for der in accepted))
    with _identity_files(node) as (crt, key, phrase):
        context.load_cert_chain(crt, key, phrase)
    return context


class Budget:
    """How much may still be taken in: entries, and bytes of entries and texts."""

    def __init__(self, entries: int, size: int) -> None:
        self.entries, self.bytes = entries, size

    def fitting(self, leaves: Sequence[bytes], *, one: bool) -> tuple[int, int]:
        """How many of `leaves`, from the first on, fit with their texts (`one`: at least that); what those cost."""
        count = cost = 0
        for leaf in leaves:
            weight = _ENTRY + len(leaf) + sum(min(one.size, MAX_BODY) + SALT for one in _commitments(leaf))
            if (count or not one) and (count >= self.entries or cost + weight > self.bytes):
                break
            count, cost = count + 1, cost + weight
        return count, cost

    def spend(self, entries: int, size: int) -> None:
        """So much was taken."""
        self.entries, self.bytes = self.entries - entries, self.bytes - size

    @property
    def spent(self) -> bool:
        """Whether nothing more fits."""
        return self.entries <= 0 or self.bytes <= 0


def _commitments(leaf: bytes) -> list[Commitment]:
    try:
        return open_leaf(leaf).act.body
    except MalformedLeaf:
        return []


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
        self._ahead: tuple[int, list[bytes]] = 0, []  # entries that came with a page and were not taken yet
        self._open = ExitStack()
        name = keys.exchange_name(node.book.other or "")
        self._wire = Wire(self.address, name, client_context(node), node.config.pull_seconds)
        self._open.callback(self._wire.close)

    def close(self) -> None:
        """Close the connection, and forget what was fetched and not taken in."""
        self._open.close()

    def _note(self, path: str) -> str:
        data = self._wire.read(path, exchange.MAX_NOTE)
        if data is None:
            return ""
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(refuse("checkpoint", "the checkpoint is no text", "Ask the other side to look.")) from None

    def _page(self, path: str, start: int, size: int) -> list[bytes]:
        """The next entries from `start` on, at least one."""
        at, ahead = self._ahead
        if at != start or not ahead:
            data = self._wire.read(f"{path}?start={start}&size={size}", PAGE * (MAX_LEAF + 2))
            try:
                ahead = tiles.unbundle(data or b"")
            except tiles.BundleError as error:
                raise Refused(refuse("line", str(error), "Pull again.")) from None
            if not ahead:
                raise Refused(refuse("line", "the counterpart sent no entries", "Pull again later."))
            if len(ahead) > min(PAGE, size - start):
                reason = f"{len(ahead)} entries came, {min(PAGE, size - start)} were asked for"
                raise Refused(refuse("line-size", reason, "Nothing of it was taken in. Look at what it sends."))
        self._ahead = start, []
        return ahead

    def _stretch(self, path: str, start: int, size: int, budget: Budget, *, one: bool) -> tuple[list[bytes], int]:
        """The entries from `start` on that one step takes in (`one`: at least that), and what they cost."""
        leaves: list[bytes] = []
        cost = 0
        step = Budget(min(budget.entries, STEP), min(budget.bytes, STEP_BYTES))
        while start + len(leaves) < size and not step.spent:
            page = self._page(path, start + len(leaves), size)
            count, weight = step.fitting(page, one=one and not leaves)
            leaves, cost = leaves + page[:count], cost + weight
            step.spend(count, weight)
            if count < len(page):
                self._ahead = start + len(leaves), page[count:]
                break
        return leaves, cost

    def _fetched(self, path: str, leaves: Sequence[bytes]) -> exchange.Fetch:
        """The texts of `leaves`, fetched now: taking in holds the append lock, and waits for none.

        Each is held to its commitment as it comes. They stand until `close` in a file without a name, which is gone
        with this process however it ends.
        """
        spool = self._open.enter_context(
            tempfile.TemporaryFile(dir=self.node.folder.path)  # noqa: SIM115 - closed with the line
        )
        places: dict[str, tuple[int, int]] = {}
        for commitment in (one for leaf in leaves for one in _commitments(leaf)):
            if commitment.digest in places or commitment.size > MAX_BODY:
                continue
            at, digest = spool.tell(), sha256(b"dtti-body-1\0")

            def keep(part: bytes, digest: "Hash" = digest) -> None:
                digest.update(part)
                spool.write(part)

            if not self._wire.get(f"{path}/{commitment.digest}", SALT + commitment.size, keep):
                continue
            if digest.hexdigest() != commitment.digest:
                raise Refused(
                    refuse("body", f"text {commitment.digest[:16]} is not what was committed to", "Pull again.")
                )
            places[commitment.digest] = at, spool.tell() - at

        def fetch(commitment: Commitment) -> Body | None:
            if commitment.digest not in places:
                return None
            at, length = places[commitment.digest]
            spool.seek(at)
            data = spool.read(length)
            return Body(data[:SALT], data[SALT:])

        return fetch

    def pull(self) -> Taken:
        """Pull what is new, from where the mirror stands, as far as the bounds of one pull and of the day allow.

        It goes step by step: each is shown to lead to the signed checkpoint, checked, and kept before the next is asked
        for, so that a pull that is cut off has lost no more than its last step.
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
        try:
            while taken is None or (taken.size < size and not budget.spent):
                step = self._step(note, size, budget, one=taken is None)
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
        return taken

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

    def _step(self, note: str, size: int, budget: Budget, *, one: bool) -> Taken:
        node = self.node
        start = node.store.size(MIRROR)
        leaves, cost = self._stretch("entries", start, size, budget, one=one)
        if not leaves and not one:
            return Taken(start, start, 0, 0, [])
        stop = start + len(leaves)
        proof = self._proof(stop, size) if stop < size else None
        fetch = self._fetched("bodies", leaves)
        taken = exchange.ingest(node, note, leaves, start, fetch, proof)
        budget.spend(taken.size - taken.start, cost)
        tally.add(node.folder.path, taken.size - taken.start, cost)
        return taken

    def _proof(self, stop: int, size: int) -> list[bytes]:
        """That the first `stop` entries are a part of the first `size`."""
        data = self._wire.read(f"consistency?start={stop}&size={size}", 64 * 32)
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
                leaves += self._page("entries", start + len(leaves), held)
            proof = self._proof(held, size) if held < size else None
            with suppress(Refused):
                exchange.ingest(self.node, note, leaves, start, lambda _: None, proof)
            exchange.not_halted(self.node)

    def given_back(self) -> tuple[Given, Given]:
        """What it holds of this side's ledger beyond what is here, and its own: for `recover.take_back`.

        As much as a file may bring, and no more; this side's own entries are checked page by page.
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
        leaves: list[bytes] = []
        check = recover.OwnStretch(node, start)
        while start + len(leaves) < size:
            page = self._page(f"{path}entries", start + len(leaves), size)
            count, cost = budget.fitting(page, one=False)
            budget.spend(count, cost)
            leaves += page
            if count < len(page) or budget.spent:
                raise Refused(
                    refuse(
                        "line-size",
                        f"more is given back than is taken in at once: {node.config.pack_entries:,} entries, "
                        f"{node.config.pack_mib:,} MiB",
                        "If so much is missing here, raise pack_entries and pack_mib in node.toml.",
                    )
                )
            if ledger == RELEASED:
                check.take(page)
        return Given(note, leaves, start, self._fetched(f"{path}bodies", leaves))


def _together(one: Taken, other: Taken) -> Taken:
    return Taken(one.start, other.size, one.bodies + other.bodies, one.void + other.void, [*one.acts, *other.acts])
