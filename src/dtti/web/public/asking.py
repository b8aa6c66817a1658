"""Asks a node's pages in this process, as somebody does who has not signed in. Run by several processes side by side.

Every answer goes through the same application as that of a visitor, who sees what is public and nothing else; a page is
told that it is being copied, so that it leaves out what needs a node.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urljoin, urlsplit

import msgspec

from .addresses import file_of, normal
from .linking import Linker

HREF: Final = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
RAW, MADE, KNOWN, TWINS = "raw", "made", "known.json", "twins.json"  # below the folder in which it is all made


class Answered(NamedTuple):
    """An address that answered: the normal addresses it leads to, and whether its `.json` twin was kept."""

    address: str
    links: list[str]
    twin: bool


def start(folder: str) -> None:
    """Make this process one that can ask the node in `folder`."""
    from dtti.node.people import accounts

    accounts.start(Path(folder))
    logging.disable(logging.WARNING)  # an address that is not there for a visitor is no news here


@cache
def _application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _ask(address: str) -> tuple[int, str, bytes, Any]:
    """Status, type and body of an answer, and the data of its `.json` twin where it is a page."""
    from dtti.web.requests import COPIED, Copied

    split, kept, said = urlsplit(address), Copied(), dict[str, Any]()

    def begin(status: str, headers: Iterable[tuple[str, str]], _error: Any = None) -> None:
        said.update(status=int(status.split()[0]), **{name.lower(): value for name, value in headers})

    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": split.path,
        "QUERY_STRING": split.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        COPIED: kept,
    }
    answer = _application()(environ, begin)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return said["status"], said.get("content-type", ""), body, kept.twin


def ask(task: tuple[str, str]) -> Answered | None:
    """Keep the answer of an address below the folder in which all is made; None where there is none for a visitor."""
    place, address = task
    status, type_, body, twin = _ask(address)
    if status == 500:  # a defect, and not to be passed over in silence
        raise RuntimeError(f"the page {address} failed")
    if status != 200 or not body:
        return None
    file = Path(place, RAW, file_of(address))
    file.parent.mkdir(parents=True, exist_ok=True)
    if not type_.startswith("text/html"):
        file.write_bytes(body)
        return Answered(address, [], twin=False)
    source = body.decode()
    file.write_text(source, encoding="utf-8")
    kept = twin is not None and "?" not in address and not address.startswith("/hi/")
    if kept:
        file.with_suffix(".json").write_bytes(msgspec.json.encode(twin))
    joined = (urljoin(address, unescape(each)) for each in HREF.findall(source))
    return Answered(address, [each for each in map(normal, joined) if each], kept)


@cache
def _held(place: str, name: str) -> frozenset[str]:
    return frozenset(msgspec.json.decode(Path(place, name).read_bytes(), type=list[str]))


def link(task: tuple[str, str, str, tuple[str, ...]]) -> None:
    """Write a kept answer as it stands in the folder, its links leading to files there."""
    place, address, static, extra = task
    file = file_of(address)
    raw, made = Path(place, RAW, file), Path(place, MADE, file)
    made.parent.mkdir(parents=True, exist_ok=True)
    if made.suffix != ".html":
        made.write_bytes(raw.read_bytes())
        return
    known, twins = _held(place, KNOWN), _held(place, TWINS)
    linker = Linker(address, known.__contains__, static, frozenset(extra))
    english = address.removeprefix("/hi")
    alternates = {"application/atom+xml": "hi/feed.xml" if address.startswith("/hi/") else "feed.xml"}
    if english in twins:
        alternates["application/json"] = str(Path(file_of(english)).with_suffix(".json"))
    made.write_text(linker.page(raw.read_text(encoding="utf-8"), alternates), encoding="utf-8")
    if address in twins:
        twin = linker.twin(msgspec.json.decode(raw.with_suffix(".json").read_bytes()))
        made.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(twin), indent=1) + b"\n")
