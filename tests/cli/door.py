"""A node's exchange door in a thread of this process: the product's application and TLS context, and a plain server.

What gunicorn adds (processes, reloading, stopping) is tested with `served`; here the line itself is, and quickly.
"""

import socketserver
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from wsgiref.handlers import SimpleHandler
from wsgiref.simple_server import WSGIRequestHandler

import httpx

from dtti.api.exchange import Application
from dtti.node.core.node import Node
from dtti.node.folder import keys
from dtti.node.line.tls import client_context, server_context


class _Handler(WSGIRequestHandler):
    def handle(self) -> None:
        self.raw_requestline = self.rfile.readline(65_537)
        if self.raw_requestline and self.parse_request():
            handler = SimpleHandler(self.rfile, self.wfile, self.get_stderr(), self.get_environ(), multithread=False)
            handler.run(self.server.application)  # type: ignore[attr-defined]

    def get_environ(self) -> dict[str, Any]:
        return super().get_environ() | {"gunicorn.socket": self.connection}

    def log_message(self, *_: object) -> None:
        pass


class _Server(socketserver.TCPServer):
    allow_reuse_address = True

    def __init__(self, folder: Path) -> None:
        self.folder, self.broken = folder, None
        self.base_environ: dict[str, str] = {"SCRIPT_NAME": "", "GATEWAY_INTERFACE": "CGI/1.1"}
        super().__init__(("127.0.0.1", 0), _Handler)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """One connection, by a node and a context of its own: key lists may have changed since the last."""
        node = Node(self.folder)
        try:
            self.application = Application(node)
            context = server_context(node)
            with suppress(ssl.SSLError, ConnectionError), context.wrap_socket(request, server_side=True) as wrapped:
                super().finish_request(wrapped, client_address)
        finally:
            node.close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        self.broken = traceback.format_exc()


@contextmanager
def open_door(folder: Path) -> Iterator[str]:
    """The door of the node in `folder`, open until the end of the block; gives its ``host:port``."""
    with _Server(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()
    assert server.broken is None, server.broken


@contextmanager
def asking(folder: Path, address: str, side: str) -> Iterator[Callable[..., httpx.Response]]:
    """Ask the door of `side` at `address` for a path, as the node in `folder` would: with its certificate."""
    node, name = Node(folder), keys.exchange_name(side)
    try:
        with httpx.Client(base_url=f"https://{address}", verify=client_context(node), trust_env=False) as client:

            def ask(path: str, method: str = "GET") -> httpx.Response:
                return client.request(method, path, headers={"Host": name}, extensions={"sni_hostname": name})

            yield ask
    finally:
        node.close()
