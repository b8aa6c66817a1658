"""The line between two nodes: mutual TLS with certificates from the key lists, and the client that pulls. No Django.

A certificate is trusted because a key list names it, byte for byte; no authority stands behind it. What is asked for
is listed in docs/exchange.md; the door that answers is `dtti.api.exchange`.
"""

import base64
import os
import secrets
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
from cryptography.hazmat.primitives import serialization

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import checkpoint as notes
from dtti.ledger import tiles
from dtti.ledger.act import Commitment, MalformedLeaf, open_leaf
from dtti.ledger.body import MAX_BODY, SALT, Body
from dtti.ledger.store import MIRROR, RELEASED

from . import exchange, keys, rotate
from .exchange import Given, Taken
from .write import Node

PAGE = 1024  # entries asked for at a time
TIMEOUT = 30.0


def _pem(der: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(der)


def certificates(node: Node) -> list[bytes]:
    """The counterpart's exchange certificates in force (DER)."""
    other = node.book.other
    if other is None:
        raise Refused(refuse("counterpart", "no counterpart has joined", "Join one first."))
    mirror = node.book.authority(MIRROR).standing()
    listed = (mirror.keys if mirror else node.standing.parties[other].keys).keys("tls")
    return [base64.b64decode(key.public) for key in listed]


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
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _configure(context, node)


def _configure(context: ssl.SSLContext, node: Node) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    if context.check_hostname:
        context.check_hostname = True
    context.load_verify_locations(cadata="".join(_pem(der) for der in certificates(node)))
    with _identity_files(node) as (crt, key, phrase):
        context.load_cert_chain(crt, key, phrase)
    return context


def _commitments(leaves: list[bytes]) -> Iterator[Commitment]:
    for leaf in leaves:
        try:
            yield from open_leaf(leaf).act.body
        except MalformedLeaf:
            continue


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
        self._client = self._open.enter_context(
            httpx.Client(
                base_url=f"https://{self.address}/v1", verify=client_context(node), timeout=TIMEOUT, trust_env=False
            )
        )

    def close(self) -> None:
        """Close the connection, and forget what was fetched and not taken in."""
        self._open.close()

    def _get(self, path: str, **params: int) -> bytes | None:
        name = keys.exchange_name(self.node.book.other or "")
        request = self._client.build_request("GET", path, params=params, headers={"Host": name})
        request.extensions["sni_hostname"] = name
        try:
            with_limit = self._client.send(request, stream=True)
            try:
                if with_limit.status_code == 404:
                    return None
                if with_limit.status_code != 200:
                    raise Refused(
                        refuse(
                            "line",
                            f"the counterpart answered {with_limit.status_code}",
                            "Try again; look at its status.",
                        )
                    )
                data = bytearray()
                for part in with_limit.iter_raw():
                    data += part
                    if len(data) > 2 * MAX_BODY:
                        raise Refused(
                            refuse("line-size", "the answer is larger than any part of a ledger", "Use a pack.")
                        )
                return bytes(data)
            finally:
                with_limit.close()
        except httpx.HTTPError as error:
            raise Refused(
                refuse(
                    "line",
                    f"the counterpart at {self.address} did not answer: {type(error).__name__} {error}",
                    "Work goes on here; pull again later, or exchange packs.",
                )
            ) from None

    def _note(self, path: str) -> str:
        data = self._get(path)
        if data is None:
            return ""
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused(refuse("checkpoint", "the checkpoint is no text", "Ask the other side to look.")) from None

    def _leaves(self, path: str, start: int, size: int) -> list[bytes]:
        leaves: list[bytes] = []
        while start + len(leaves) < size:
            data = self._get(path, start=start + len(leaves), size=size)
            try:
                page = tiles.unbundle(data or b"")
            except tiles.BundleError as error:
                raise Refused(refuse("line", str(error), "Pull again.")) from None
            if not page:
                raise Refused(refuse("line", "the counterpart sent no entries", "Pull again later."))
            leaves += page
        return leaves[: size - start]

    def _fetched(self, path: str, leaves: list[bytes]) -> exchange.Fetch:
        """The texts of `leaves` that are not here, fetched now: taking in holds the append lock, and waits for none.

        They stand until `close` in a file without a name, which is gone with this process however it ends.
        """
        spool = self._open.enter_context(
            tempfile.TemporaryFile(dir=self.node.folder.path)  # noqa: SIM115 - closed with the line
        )
        places: dict[str, tuple[int, int]] = {}
        for commitment in _commitments(leaves):
            if commitment.digest in places or commitment.size > MAX_BODY:
                continue
            data = self._get(f"{path}/{commitment.digest}")
            if data is not None:
                places[commitment.digest] = spool.tell(), len(data)
                spool.write(data)

        def fetch(commitment: Commitment) -> Body | None:
            if commitment.digest not in places:
                return None
            at, length = places[commitment.digest]
            spool.seek(at)
            data = spool.read(length)
            return Body(data[:SALT], data[SALT:])

        return fetch

    def pull(self) -> Taken:
        """Pull what is new, from where the mirror stands; resumable, since nothing is kept until all is checked."""
        node = self.node
        node.book.sync()
        theirs = self._note("mirror/checkpoint")
        if theirs:
            exchange.compare_own(node, theirs)
        note = self._note("checkpoint")
        start = node.store.size(MIRROR)
        try:
            size = notes.parse(note).size
        except notes.CheckpointError as error:
            raise Refused(refuse("checkpoint", str(error), "Ask the other side to look at its status.")) from None
        leaves = self._leaves("entries", start, size)
        try:
            return exchange.ingest(node, note, leaves, start, self._fetched("bodies", leaves))
        except Refused as refused:
            if start <= size and [each.rule for each in refused.refusals] == ["older"]:
                # Another process here has pulled more meanwhile: nothing is missing, and nothing is wrong.
                return Taken(size, size, 0, 0, [])
            raise

    def given_back(self) -> tuple[Given, Given]:
        """What it holds of this side's ledger beyond what is here, and its own: for `recover.take_back`."""
        node = self.node
        node.book.sync()
        return (
            self._given("mirror/", node.store.size(RELEASED)),
            self._given("", node.store.size(MIRROR)),
        )

    def _given(self, path: str, start: int) -> Given:
        note = self._note(f"{path}checkpoint")
        if not note:
            return Given("", [], start, lambda _: None)
        size = notes.parse(note).size
        leaves = self._leaves(f"{path}entries", start, size) if size > start else []
        return Given(note, leaves, start, self._fetched(f"{path}bodies", leaves))
