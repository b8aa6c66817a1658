"""The gunicorn worker of the pages: one thread reads and writes all connections, another answers one request at a time.

A request is handed on when it is here whole and its answer is kept until it has been taken (both past a size in a
file), so a slow client holds a connection and no more. Waitress does this; gunicorn starts and replaces the processes.
Knows connections, and no page but the one that says that there are too many requests.
"""

import logging
import os
import resource
import threading
import time
from collections.abc import Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIEnvironment

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ThreadedTaskDispatcher

from . import busy

WAITING: Final = 32  # requests that wait for the one being answered; a further one is told to come again
PATIENCE: Final = 20.0  # seconds that a request waits before it is told so too
IDLE: Final = 60  # seconds without a byte either way, after which a connection is closed
GRACE, RATE = 30.0, 250  # seconds that a request may take to arrive; then at least so many bytes a second
FILES: Final = 4  # of the largest size, that one request may bring
CONNECTIONS: Final = 2000  # of one process; past nine tenths of it those that wait for nothing make room

_here = threading.local()


class _Shedding(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Answers what the other thread has no time for, at once and without a page."""

    def handler_thread(self, thread_no: int) -> None:
        _here.shedding = True
        super().handler_thread(thread_no)


class Queue(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Requests that wait for the one thread that answers; those past `WAITING` go to another, which sends them away."""

    def __init__(self) -> None:
        super().__init__()
        self.shedding = _Shedding()
        self.set_thread_count(1)
        self.shedding.set_thread_count(1)

    def add_task(self, task: "Connection") -> None:
        """Take in a request that is here whole."""
        task.waiting_since = time.monotonic()
        if len(self.queue) >= WAITING:
            self.shedding.add_task(task)
        else:
            super().add_task(task)


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection, which knows since when its request has been arriving, and since when it waits."""

    waiting_since = arriving_since = 0.0
    arrived = 0

    def received(self, data: bytes) -> Any:
        """Take what came from the client."""
        if self.request is None:
            self.arriving_since, self.arrived = time.monotonic(), 0
        self.arrived += len(data)
        return super().received(data)

    def service(self) -> None:
        """Answer the request at its head."""
        _here.waited = time.monotonic() - self.waiting_since
        super().service()

    @property
    def waits(self) -> bool:
        """Whether nothing is being answered or sent on it."""
        return not self.requests and not self.total_outbufs_len

    def too_slow(self, now: float) -> bool:
        """Whether a request arrives more slowly than any line that people work on."""
        took = now - self.arriving_since
        return self.request is not None and self.waits and took > GRACE and self.arrived < RATE * took


class PageWorker(Worker):  # type: ignore[misc]
    """One process that serves pages."""

    def run(self) -> None:
        """Serve until told to stop; then finish what is in hand."""
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, CONNECTIONS + 200)), hard))
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # that something waits is no news
        self.answering_since: float | None = None
        self.pages = busy.pages()
        connections: dict[int, Any] = {}
        queue = Queue()
        server = create_server(
            self.answer,
            map=connections,
            _dispatcher=queue,
            sockets=[each.sock for each in self.sockets],
            ident=None,
            backlog=self.cfg.backlog,
            channel_timeout=IDLE,
            cleanup_interval=5,
            connection_limit=CONNECTIONS,
            max_request_header_size=32 * 1024,
            max_request_body_size=FILES * settings.NODE_CONFIG.largest_file_mib * 1024 * 1024,
            inbuf_overflow=256 * 1024,
            outbuf_overflow=256 * 1024,
            outbuf_high_watermark=256 * 1024 * 1024,
            asyncore_use_poll=True,
            trusted_proxy=settings.PROXY,
            trusted_proxy_headers={"x-forwarded-proto"},
            clear_untrusted_proxy_headers=False,
        )
        listening = [each for each in connections.values() if isinstance(each, BaseWSGIServer)] or [server]
        for each in listening:
            each.channel_class = Connection
        while self.alive and self.ppid == os.getppid():
            if not self._stuck():
                self.notify()
            wasyncore.poll2(1.0, connections)
            self._make_room(connections)
        for each in listening:
            each.accepting = False
        end = time.monotonic() + self.cfg.graceful_timeout
        while time.monotonic() < end and not all(each.waits for each in _open(connections)):
            self.notify()
            wasyncore.poll2(0.1, connections)
        queue.shutdown(timeout=1)

    def _stuck(self) -> bool:
        """Whether one request has been answered for so long that gunicorn should take this process for dead."""
        since = self.answering_since
        return since is not None and time.monotonic() - since > self.timeout

    def _make_room(self, connections: dict[int, Any]) -> None:
        """Close what arrives too slowly; where there is hardly room for more, also those that wait for nothing."""
        now, held = time.monotonic(), _open(connections)
        for each in held:
            if each.too_slow(now):
                each.will_close = True
        if len(held) > CONNECTIONS * 0.9:
            idle = sorted((each for each in held if each.waits), key=lambda each: float(each.last_activity))
            for each in idle[: CONNECTIONS // 10]:
                each.will_close = True

    def answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request: by the pages, or where too many wait, by the page that says so."""
        if getattr(_here, "shedding", False) or _here.waited > PATIENCE:
            return self.pages(environ, start_response)
        self.nr += 1
        if self.nr >= self.max_requests:
            self.alive = False  # a worker is made anew now and then
        self.answering_since = time.monotonic()
        try:
            answered: Iterable[bytes] = self.wsgi(environ, start_response)
            return answered
        finally:
            self.answering_since = None


def _open(connections: dict[int, Any]) -> list[Connection]:
    return [each for each in list(connections.values()) if isinstance(each, Connection)]
