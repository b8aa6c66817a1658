"""How gunicorn serves the exchange door of one node: ``gunicorn -c python:dtti.api.gunicorn dtti.api.gunicorn``.

Settings, and the TLS context of each connection: made anew when a key list has changed on either side, so that a
rotation needs no restart. Each worker is a process with its own node.
"""

import os
import ssl
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from dtti.api.exchange import Application, Start
from dtti.ledger.store import MIRROR
from dtti.node.core.node import Node
from dtti.node.folder import config as _settings
from dtti.node.folder import logs as _logs
from dtti.node.folder import parent as _parent
from dtti.node.folder import passphrase as _passphrase
from dtti.node.folder.files import UMASK
from dtti.node.line import exchange as _exchange
from dtti.node.line import tls as _line

_folder = Path(os.environ.get("DTTI_NODE") or ".")

_passphrase.take(_folder)  # before any worker is made
_parent.end_with_it()
os.umask(UMASK)
_logs.serves()

if os.environ.get("DTTI_NODE"):
    bind = [_settings.read(_folder).exchange_address]
    # gunicorn speaks TLS where a certificate file is named; `ssl_context` below decides which, and reads none here.
    certfile = str(_folder / _settings.FILE)
worker_class = "dtti.api.worker.Worker"  # one thread, so one node's connection, but a connection serves a whole pull
workers = 2
preload_app = True  # both share the code; the node is opened by each, at its first connection
threads = 1
keepalive = 30
timeout = 120
graceful_timeout = 30
control_socket_disable = True
accesslog = None
errorlog = "-"
logconfig_dict = _logs.config()  # JSON lines
limit_request_line = 2048
limit_request_fields = 16
limit_request_field_size = 1024


class Door:
    """The exchange door of the node in DTTI_NODE, opened at the first connection."""

    def __init__(self) -> None:
        self._application: Application | None = None
        self._context: tuple[object, ssl.SSLContext] | None = None

    @property
    def application(self) -> Application:
        """The door itself."""
        if self._application is None:
            self._application = Application(Node(_folder))
        return self._application

    def context(self) -> ssl.SSLContext:
        """The TLS context that the key lists of both sides ask for now."""
        node = self.application.node
        node.book.sync()
        theirs = node.book.authority(MIRROR).standing() if node.book.other else None
        state = (node.standing.keys.version, theirs.keys.version if theirs else 0, _exchange.known_to_hold(node))
        if self._context is None or self._context[0] != state:
            self._context = state, _line.server_context(node)
        return self._context[1]

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """One request."""
        return self.application(environ, start_response)


application = Door()


def ssl_context(_config: object, _default: object) -> ssl.SSLContext:
    """Gunicorn's hook: the context for the connection just accepted."""
    return application.context()
