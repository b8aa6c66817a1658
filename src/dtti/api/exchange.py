"""The exchange door: what the counterpart pulls, over mutual TLS. A plain WSGI application, with nothing else behind.

GET /v1/checkpoint · /v1/chunk?start=&size=&at= · /v1/entries?start=&size= · /v1/bodies/DIGEST, and the same under
/v1/mirror for a counterpart that recovers its own entries (the last two for office systems that know no chunks);
/v1/consistency?start=&size= shows that entries are a part of what was signed. Only the released ledger and the mirror
are reachable from here; the national one is not.
"""

import os
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from dtti.accord.refusal import Refused, in_words
from dtti.ledger import chunk, tiles, tree
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.core.node import Node
from dtti.node.line import tls
from dtti.node.line.stage import PAGE

_BODY = re.compile(r"/v1/(mirror/)?bodies/([0-9a-f]{64})\Z")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,11}")
_BYTES = 4 * 1024 * 1024  # of entries that are given at a time; one is always given
_UNREADABLE = "422 Unprocessable Content", b"start and size are whole numbers"

Start = Callable[[str, list[tuple[str, str]]], object]


class Application:
    """Answers one node's counterpart."""

    def __init__(self, node: Node, *, verify_peer: bool = True) -> None:
        """`verify_peer` false: behind something that has checked the certificate already (and in-process tests)."""
        self.node, self.verify_peer = node, verify_peer

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """One request."""
        status, data = self._answer(environ)
        start_response(
            status,
            [
                ("Content-Type", "application/octet-stream"),
                ("Content-Length", str(len(data))),
                ("Cache-Control", "no-store"),
            ],
        )
        return [data]

    def _answer(self, environ: dict[str, Any]) -> tuple[str, bytes]:
        if environ.get("REQUEST_METHOD") != "GET":
            return "405 Method Not Allowed", b""
        if self.verify_peer and not self._is_counterpart(environ):
            return "403 Forbidden", b""
        path = str(environ.get("PATH_INFO", ""))
        node = self.node
        try:
            node.book.sync()
            if path == "/v1/checkpoint":
                return "200 OK", node.checkpoint().encode()
            if path == "/v1/mirror/checkpoint":
                held = node.store.note(MIRROR)
                return ("200 OK", held.encode()) if held else ("404 Not Found", b"")
            if path in ("/v1/entries", "/v1/mirror/entries"):
                return self._entries(MIRROR if "mirror" in path else RELEASED, str(environ.get("QUERY_STRING", "")))
            if path in ("/v1/chunk", "/v1/mirror/chunk"):
                return self._chunk(MIRROR if "mirror" in path else RELEASED, str(environ.get("QUERY_STRING", "")))
            if path == "/v1/consistency":
                return self._consistency(str(environ.get("QUERY_STRING", "")))
            body = _BODY.match(path)
            if body:
                return self._body(body[2], MIRROR if body[1] else RELEASED)
        except Refused as refused:
            return "409 Conflict", "; ".join(f"{each} [{in_words(each.said())}]" for each in refused.refusals).encode()
        return "404 Not Found", b""

    def _is_counterpart(self, environ: dict[str, Any]) -> bool:
        connection = environ.get("gunicorn.socket")
        certificate = getattr(connection, "getpeercert", lambda **_: None)(binary_form=True)
        return certificate is not None and certificate in tls.certificates(self.node)

    def _entries(self, ledger: str, query: str) -> tuple[str, bytes]:
        asked = _numbers(query)
        if asked is None:
            return _UNREADABLE
        start, size = asked
        stop = min(size, start + PAGE, self.node.store.size(ledger))
        leaves: list[bytes] = []
        weight = 0
        for leaf in self.node.store.leaves(ledger, start, stop, step=64):
            weight += len(leaf)
            if leaves and weight > _BYTES:
                break
            leaves.append(leaf)
        return "200 OK", tiles.bundle(leaves)

    def _chunk(self, ledger: str, query: str) -> tuple[str, bytes]:
        """Entries from `start` on with their texts, from byte `at` of the first (see `ledger.chunk`)."""
        asked = _numbers(query, ("start", "size", "at"))
        if asked is None:
            return _UNREADABLE
        start, size, at = asked
        try:
            return "200 OK", chunk.chunk(self.node.store, ledger, start, min(size, self.node.store.size(ledger)), at)
        except LookupError as error:
            return "422 Unprocessable Content", str(error).encode()

    def _consistency(self, query: str) -> tuple[str, bytes]:
        """RFC 6962: that the first `start` released entries are a part of the first `size`."""
        asked = _numbers(query)
        if asked is None or not asked[0] <= asked[1] <= self.node.store.size(RELEASED):
            return _UNREADABLE
        return "200 OK", b"".join(tree.consistency(asked[0], asked[1], self.node.store.reader(RELEASED)))

    def _body(self, digest: str, ledger: str) -> tuple[str, bytes]:
        """A body that an act of that ledger owns: nothing of the national ledger is here to be asked for."""
        held = self.node.store.body_of(ledger, digest)
        return ("200 OK", held.salt + held.data) if held else ("404 Not Found", b"")


def _numbers(query: str, names: tuple[str, ...] = ("start", "size")) -> list[int] | None:
    """The numbers of a query by name; None where one is no whole number."""
    try:
        asked = parse_qs(query, max_num_fields=4)
    except ValueError:
        return None
    values = [asked.get(name, [""])[0] for name in names]
    return [int(value) for value in values] if all(_NUMBER.fullmatch(value) for value in values) else None


def application() -> Application:
    """The application of the node in DTTI_NODE."""
    return Application(Node(Path(os.environ["DTTI_NODE"])))
