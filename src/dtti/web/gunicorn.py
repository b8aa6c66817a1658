"""How gunicorn serves the pages of one node: ``gunicorn -c python:dtti.web.gunicorn dtti.web.wsgi``. Settings only.

Each worker is a process with its own node, and answers one request at a time (see `worker`): the ledgers' append lock
is between processes. Stop it with SIGTERM to the master; requests in hand are finished.
"""

import os
from pathlib import Path
from typing import Any

from dtti.node.folder import logs as _logs
from dtti.node.folder import parent as _parent
from dtti.node.folder import passphrase as _passphrase
from dtti.node.folder.config import read as _settings
from dtti.node.folder.files import UMASK
from dtti.web import counters as _counters  # before any worker is made, so that all count in one place

_passphrase.take(Path(os.environ["DTTI_NODE"]) if os.environ.get("DTTI_NODE") else None)  # before any worker is made
_parent.end_with_it()
os.umask(UMASK)
_logs.serves()

if os.environ.get("DTTI_NODE"):
    bind = [_settings(Path(os.environ["DTTI_NODE"])).page_address]
worker_class = "dtti.web.worker.PageWorker"
workers = int(os.environ.get("DTTI_WORKERS") or 2)
preload_app = True  # workers share what is read once: code, addresses, words
timeout = 60  # seconds that one request may be answered; then its worker is replaced
graceful_timeout = 30
max_requests = 20_000  # a worker is made anew now and then, so that a slow leak never matters
max_requests_jitter = 2_000
control_socket_disable = True  # nothing but signals steers it
accesslog = None  # who read what is kept in the reading log; addresses are not
errorlog = "-"
logconfig_dict = _logs.config("dtti.web.request_id.RequestIdFilter")  # JSON lines, with the id of each request


def on_starting(_server: object) -> None:
    """Make what the workers share, once, before there are any; none inherits a connection."""
    from dtti.web import warm

    warm.ready(Path(os.environ["DTTI_NODE"]))


def post_fork(_server: object, worker: Any) -> None:
    """Let each worker count in a row of its own."""
    _counters.take_row(worker.age)
