"""The exchange door's worker: whoever connects shakes hands before he is given a thread, in bounded time and number.

A thread of the door serves one connection at a time, so that a peer who connected and said nothing, or half of it,
would hold it for as long as he likes. The handshake is done in the loop that accepts, which waits for nobody; only a
peer whose certificate was accepted gets further, and he too is given up when he stops in the middle.
"""

import selectors
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Final

from gunicorn import http, sock
from gunicorn.workers.gthread import TConn, ThreadWorker

HANDSHAKE: Final = 10.0  # seconds from connecting until the handshake is done
SILENCE: Final = 30.0  # seconds without a byte, either way, within one request and its answer
UNSHAKEN: Final = 32  # connections of a worker that have not shaken hands; of more the oldest is closed


class Patient(ssl.SSLSocket):
    """A connection on which nothing is waited for longer than SILENCE."""

    def setblocking(self, flag: bool) -> None:
        """As of any socket, but that what waits does so for SILENCE at most."""
        self.settimeout(SILENCE if flag else 0.0)


class Connection(TConn):  # type: ignore[misc]  # gunicorn is not annotated
    """A connection that has shaken hands when it comes to a thread, or is on the way there."""

    until = 0.0
    initialized = False

    def init(self) -> None:
        """Make ready for the first request: TLS is there already."""
        if not self.initialized:
            self.initialized = True
            self.sock.setblocking(True)
            self.parser = http.get_parser(self.cfg, self.sock, self.client)


class Worker(ThreadWorker):  # type: ignore[misc]
    """Threads as gunicorn has them, with the handshake before."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.shaking: dict[Connection, int] = {}  # oldest first, with what each waits for (0: for its context)

    def accept(self, listener: Any) -> None:
        """Take in a connection, and begin its handshake."""
        try:
            plain, address = listener.accept()
        except OSError:
            return  # it went, or another worker took it
        while len(self.shaking) >= UNSHAKEN:
            self._drop(next(iter(self.shaking)))
        self.nr_conns += 1
        conn = Connection(self.cfg, plain, address, listener.getsockname())
        conn.until = time.monotonic() + HANDSHAKE
        self.shaking[conn] = 0
        # The context is made of the key lists, and the node that reads them belongs to the thread.
        future = self.tpool.submit(sock.ssl_context, self.cfg)
        future.add_done_callback(lambda done: self.method_queue.defer(self._begin, conn, done))

    def _begin(self, conn: Connection, made: "Future[ssl.SSLContext]") -> None:
        if conn not in self.shaking:
            return
        try:
            context = made.result()
            context.sslsocket_class = Patient
            conn.sock = context.wrap_socket(conn.sock, server_side=True, do_handshake_on_connect=False)
        except Exception:
            self.log.exception("The door could not begin a handshake.")
            self._drop(conn)
            return
        self._shake(conn)

    def _shake(self, conn: Connection) -> None:
        """Go on with a handshake as far as what came allows."""
        try:
            conn.sock.do_handshake()
        except ssl.SSLWantReadError:
            self._wait(conn, selectors.EVENT_READ)
        except ssl.SSLWantWriteError:
            self._wait(conn, selectors.EVENT_WRITE)
        except OSError as error:  # no TLS, no certificate that is known here, or gone
            self.log.debug("Handshake refused: %s", error)
            self._drop(conn)
        else:
            self._wait(conn, 0)
            del self.shaking[conn]
            conn.data_ready = conn.sock.pending() > 0  # what came with the handshake is not waited for again
            self.enqueue_req(conn)

    def _wait(self, conn: Connection, event: int) -> None:
        if self.shaking[conn]:
            self.poller.unregister(conn.sock)
        self.shaking[conn] = event
        if event:
            again: Callable[[Any], None] = lambda _socket: self._shake(conn)  # noqa: E731 - what the loop calls
            self.poller.register(conn.sock, event, again)

    def _drop(self, conn: Connection) -> None:
        self._wait(conn, 0)
        del self.shaking[conn]
        self.nr_conns -= 1
        conn.close()

    def murder_pending(self) -> None:
        """Give up what has not shaken hands in time, and all of it when the worker stops."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [one for one in self.shaking if one.until <= now or not self.alive]:
            self._drop(conn)
