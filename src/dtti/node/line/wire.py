"""One connection to a door that is not trusted: bounded in time, in bytes that arrive and in bytes that are kept.

HTTP/1.1 over the TLS context it is given. It asks with GET, follows nowhere, unpacks nothing by itself, and takes only
an answer that says its length beforehand, in one piece; one that is larger or slower than what was asked for may be is
cut off, and the connection with it.
"""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from dtti.accord.refusal import Refused, refuse

PATIENCE = 30.0  # seconds for one step: connecting, or the next bytes
LEAST = 60.0  # seconds that any answer may take
SLOWEST = 4096  # bytes a second: a larger answer may take longer, at this pace
FRAMING = 128 * 1024  # bytes that may come before an answer has said its length, or beside it

Options = Iterable[tuple[Any, ...]]


class LineCut(Refused):
    """The connection ended before the answer did, or was too slow: what came may be good, the rest asked for again."""


class _Cut(Exception):
    """The answer passed a bound."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(reason)
        self.rule, self.reason = rule, reason


class _Bounds:
    """What the answer being read may still cost."""

    def __init__(self, seconds: float) -> None:
        self.last = time.monotonic() + seconds
        self.end, self.bytes, self.seconds = self.last, 0, seconds

    def begin(self, most: int) -> None:
        """An answer of at most `most` bytes is asked for now."""
        self.seconds = min(LEAST + most / SLOWEST, self.last - time.monotonic())
        self.end = time.monotonic() + self.seconds
        self.bytes = FRAMING

    def allow(self, length: int) -> None:
        """The answer has said that it has `length` bytes."""
        self.bytes += length

    def patience(self) -> float:
        """Seconds to wait for the next bytes."""
        if self.over:
            raise self.slow()
        return min(self.end - time.monotonic(), PATIENCE)

    @property
    def over(self) -> bool:
        """Whether the time of this answer has run out."""
        return self.end <= time.monotonic()

    def slow(self) -> _Cut:
        """Says so."""
        return _Cut("line-slow", f"its answer was not whole after {max(self.seconds, 0):.0f} seconds")

    def count(self, data: bytes) -> bytes:
        """`data` came."""
        self.bytes -= len(data)
        if self.bytes < 0:
            raise _Cut("line-size", "its answer is larger than what was asked for can be")
        return data


class _Stream(httpcore.NetworkStream):
    """A network stream within bounds."""

    def __init__(self, stream: httpcore.NetworkStream, bounds: _Bounds) -> None:
        self._stream, self._bounds = stream, bounds

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._bounds.count(self._stream.read(max_bytes, self._bounds.patience()))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._bounds.patience())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._stream.start_tls(ssl_context, server_hostname, self._bounds.patience()), self._bounds)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Network(httpcore.NetworkBackend):
    def __init__(self, bounds: _Bounds) -> None:
        self._plain, self._bounds = httpcore.SyncBackend(), bounds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Options | None = None,
    ) -> httpcore.NetworkStream:
        made = self._plain.connect_tcp(host, port, self._bounds.patience(), local_address, socket_options)
        return _Stream(made, self._bounds)


class Wire:
    """A client of one door. All that is asked of it must come within `seconds` of its making."""

    def __init__(self, address: str, name: str, context: ssl.SSLContext, seconds: float) -> None:
        """`name`: the name in the door's certificate, which is no address."""
        self.address, self.name = address, name
        self._bounds = _Bounds(seconds)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=1, keepalive_expiry=20.0, network_backend=_Network(self._bounds)
        )

    def close(self) -> None:
        """Close the connection."""
        self._pool.close()

    @property
    def left(self) -> float:
        """Seconds left."""
        return self._bounds.last - time.monotonic()

    def read(self, path: str, most: int) -> bytes | None:
        """The answer to GET `path`, of at most so many bytes; None where there is no such thing."""
        data = bytearray()
        return bytes(data) if self.get(path, most, data.extend) else None

    def get(self, path: str, most: int, sink: Callable[[bytes], object]) -> bool:
        """Give the answer to GET `path` to `sink` as it comes; False where there is no such thing.

        Refused where the door does not answer, answers otherwise, or passes a bound; `sink` may have had a part then.
        """
        self._bounds.begin(most)
        try:
            with self._pool.stream(
                "GET",
                f"https://{self.address}/v1/{path}",
                headers=[("Host", self.name), ("Accept-Encoding", "identity")],
                extensions={
                    "sni_hostname": self.name,
                    "timeout": dict.fromkeys(("connect", "read", "write"), PATIENCE),
                },
            ) as answer:
                if answer.status == 404:
                    return False
                if answer.status != 200:
                    raise Refused(
                        refuse("line", f"the counterpart answered {answer.status}", "Try again; look at its status.")
                    )
                self._bounds.allow(_length(answer, most))
                for part in answer.iter_stream():
                    self._bounds.patience()
                    sink(part)
        except _Cut as cut:
            raise self._cut(path, cut) from None
        except (*_FAILED, OSError) as error:
            if isinstance(error, httpcore.TimeoutException) and self._bounds.over:
                raise self._cut(path, self._bounds.slow()) from None
            raise LineCut(
                refuse(
                    "line",
                    f"the counterpart at {self.address} did not answer: {type(error).__name__} {error}"[:300],
                    "Work goes on here; pull again later, or exchange packs.",
                )
            ) from None
        return True

    def _cut(self, path: str, cut: _Cut) -> Refused:
        made = LineCut if cut.rule == "line-slow" else Refused
        return made(
            refuse(
                cut.rule,
                f"the counterpart at {self.address} was cut off at {path.partition('?')[0][:40]}: {cut}",
                "What was taken in before stays. Work goes on here; pull again later, or exchange packs.",
            )
        )


def _length(answer: httpcore.Response, most: int) -> int:
    """How many bytes the answer says that it has."""
    said = {name.lower(): value for name, value in answer.headers}
    length = said.get(b"content-length", b"")
    if b"transfer-encoding" in said or not length.isdigit():
        raise _Cut("line-size", "its answer does not say its length")
    if len(length) > 12 or int(length) > most:
        raise _Cut("line-size", f"its answer is larger than the {most:,} bytes that it can have")
    return int(length)


_FAILED = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    httpcore.ConnectionNotAvailable,
)
