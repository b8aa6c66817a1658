"""What the processes that serve pages have in common: read, made and asked for once, before any of them is forked.

What a process makes for itself it holds for itself. A first page asked for here, one in each language, makes the
addresses, words, templates and tables that every page needs; each worker then answers its own first page four times
as fast, and holds six MiB less. Knows no page but the one that it asks for.
"""

import gc
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.db import connections

from dtti.node.people import accounts

from . import busy
from .middleware import open_node
from .watch import OWN
from .wsgi import application


@cache
def ready(folder: Path) -> None:
    """Bring the accounts up to date, answer a page in each language, and close all that must not be inherited."""
    accounts.start(folder)
    busy.pages()
    for path in ("/record/", "/hi/record/"):
        _ask(path)
    with suppress(Exception):  # a node that cannot be opened says so on its pages
        open_node(settings.NODE_FOLDER).close()
    open_node.cache_clear()
    connections.close_all()
    gc.freeze()  # what is shared is not written to by looking through it


def _ask(path: str) -> None:
    address = urlsplit(settings.PAGES_URL)
    environ: WSGIEnvironment = {"PATH_INFO": path, "HTTP_HOST": address.netloc, "wsgi.url_scheme": address.scheme}
    setup_testing_defaults(environ)
    environ |= {"wsgi.errors": sys.stderr, OWN: True}
    b"".join(application(environ, _began))


def _began(_status: str, _headers: object, _error: object = None, /) -> Callable[[bytes], None]:
    return lambda _body: None
