"""A bad line: a TCP proxy on this machine that carries so many bytes a second, so late, and is cut after so many."""

import select
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

PART = 1460  # bytes that travel together


@dataclass
class Way:
    """One direction of a connection: what was sent and has not arrived."""

    source: socket.socket
    sink: socket.socket
    free: float = 0.0  # when the line has room for the next part
    under_way: "deque[tuple[float, bytes]]" = field(default_factory=deque)
    ended: bool = False


class Shaped:
    """Carries connections to `peer`: `rate` bytes a second, `delay` seconds, each way; cuts one every `cut` bytes."""

    def __init__(self, peer: str, rate: float, delay: float, cut: int = 0) -> None:
        host, _, port = peer.rpartition(":")
        self._peer = host, int(port)
        self.rate, self.delay, self.cut = rate, delay, cut
        self.cuts = self.carried = self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while not self._over.is_set():
            client, _ = self._listener.accept()
            if self._over.is_set():
                client.close()
                return
            self.connections += 1
            with suppress(OSError):
                time.sleep(2 * self.delay)  # the first two segments of TCP
                self._carry(client, socket.create_connection(self._peer, timeout=10))

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        ways = Way(client, server), Way(server, client)
        with client, server:
            for each in (client, server):
                each.setblocking(False)
                each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 8192)
            while not self._over.is_set() and not all(way.ended and not way.under_way for way in ways):
                now = time.monotonic()
                for way in ways:
                    while way.under_way and way.under_way[0][0] <= now:
                        _, part = way.under_way.popleft()
                        way.sink.setblocking(True)
                        way.sink.sendall(part)
                        way.sink.setblocking(False)
                        self.carried += len(part)
                        if self.cut and self.carried // self.cut > self.cuts:
                            self.cuts += 1
                            time.sleep(max(self.delay, 0.05))  # a reset takes what was not read yet with it
                            for each in (client, server):  # reset, as a line that is gone does
                                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                            return
                if any(way.ended and not way.under_way for way in ways):
                    return
                self._take(ways)

    def _take(self, ways: tuple[Way, Way]) -> None:
        """What has room on the line now; waits for it, or for something to arrive."""
        now = time.monotonic()
        open_ways = [way for way in ways if not way.ended and way.free <= now]
        times = [way.under_way[0][0] for way in ways if way.under_way]
        times += [way.free for way in ways if not way.ended and way.free > now]
        wait = max(0.0, min(times) - now) if times else 0.2
        ready, _, _ = select.select([way.source for way in open_ways], [], [], min(wait, 0.2))
        for way in open_ways:
            if way.source in ready:
                try:
                    part = way.source.recv(PART)
                except OSError:
                    part = b""
                way.ended = not part
                if part:
                    way.free = max(time.monotonic(), way.free) + len(part) / self.rate
                    way.under_way.append((way.free + self.delay, part))

    def __enter__(self) -> "Shaped":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        with suppress(OSError):
            socket.create_connection(self._listener.getsockname(), timeout=5).close()
        self._thread.join(20)
        self._listener.close()


@contextmanager
def shaped(peer: str, *, rate: float = 32_000, delay: float = 0.2, cut: int = 0) -> Iterator[Shaped]:
    """A bad line to `peer`; by default of 256 kbit/s and 400 ms there and back."""
    with Shaped(peer, rate, delay, cut) as line:
        yield line
