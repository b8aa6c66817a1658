"""A node's pages asked for within this process, as its server asks: processor time, queries, bytes. One node a process.

``python -m tests.bench.pages list FOLDER ROUNDS``, ``... desk FOLDER ROUNDS`` and ``... repeat FOLDER PAGES`` print one
JSON object; list_page, desk and repeat_page read it. The bare page that the list is held against is here too: the two
are measured by turns.
"""

import asyncio
import gzip
import io
import json
import re
import statistics
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import apsw
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader

from .measure import pairs, processor, seconds

_LINK = re.compile(rb'<a [^>]*href="(/[^"?#]*)')
_SHOWN = ("record", "title", "category", "domain", "status", "earliest", "body", "grade")
_HEADS = ("Project", "Kind of project", "Domain", "Outcome or last statement", "First named", "Body", "Grade")


class Words(dict[str, str]):
    """Codes in words; a code without words is shown as it is."""

    def __missing__(self, code: str) -> str:
        return code.replace("-", " ")


def bare_page(folder: Path) -> Callable[[], bytes]:
    """A FastAPI application with one page: the same fifty rows from the same file, in a template that looks alike."""
    template = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True).get_template("bare.html")
    connection = apsw.Connection(str(folder / "record.sqlite3"))
    query = (
        f"SELECT {', '.join(_SHOWN)} FROM state WHERE kind = 'project' AND known_until = '9999' ORDER BY title LIMIT 50"
    )
    options = [SimpleNamespace(value=each, label=each) for each in ("maritime", "propulsion", "sensors", "unmanned")]
    fields = [
        SimpleNamespace(name=each, label=each, options=options) for each in ("domain", "category", "status", "grade")
    ]
    links = [
        SimpleNamespace(url=f"/{each}/", label=each, current=each == "projects")
        for each in ("desk", "projects", "trade")
    ]
    clocks = [
        SimpleNamespace(place=each, iso="2026-11-21T18:42", time="18:42", day="Sat 21 Nov") for each in ("A", "B")
    ]
    application = FastAPI()

    @application.get("/projects/", response_class=HTMLResponse)
    async def projects() -> HTMLResponse:
        rows = [
            SimpleNamespace(**dict(zip(_SHOWN, row, strict=True)), code=row[0][-16:], named=row[5])
            for row in connection.execute(query)
        ]
        return HTMLResponse(
            template.render(
                rows=rows, words=Words(), columns=_HEADS, fields=fields, navigation=links, clocks=clocks,
                total=len(rows), name="A Person", office="An Office",
            )
        )  # fmt: skip

    loop = asyncio.new_event_loop()
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/projects/", "raw_path": b"/projects/", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost")], "server": ("localhost", 80), "client": ("127.0.0.1", 1),
    }  # fmt: skip

    async def once() -> bytes:
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await application(dict(scope), receive, send)
        return b"".join(each.get("body", b"") for each in sent)

    return lambda: loop.run_until_complete(once())


class Pages:
    """The node's own pages, for the public or for someone signed in."""

    def __init__(self, folder: Path) -> None:
        from dtti.node.people import accounts

        accounts.start(folder)
        from django.conf import settings

        from dtti.web import middleware
        from dtti.web.wsgi import application

        self.application = application
        self.node = middleware.open_node(settings.NODE_FOLDER)

    def sign_in(self, duty: str = "secretariat") -> str:
        """The cookie of someone with a duty who is signed in, in the first office of this side."""
        from django.test import Client

        from dtti.node.core.visibility import Viewer
        from dtti.node.people import seats
        from dtti.node.record import read

        viewer = Viewer(self.node.side, national=True)
        offices = read.listing(self.node, viewer, "office", filters={"about": self.node.side}, order="known_from").rows
        own = next(row.record for row in offices if row.record.startswith(f"office/{self.node.side}/"))
        person = seats.create_person("bench", "A Person Who Measures", fictitious=True)
        seats.give_seat(self.node, person, own, duty)
        client = Client()
        client.force_login(person)
        return "; ".join(f"{name}={held.value}" for name, held in client.cookies.items())

    def get(self, path: str, cookie: str = "", *, packed: bool = False) -> tuple[str, dict[str, str], bytes]:
        """Status, headers and body of a page; `packed` as browsers take it, else plain as the bare page is."""
        path, _mark, query = path.partition("?")
        environ: dict[str, Any] = {
            "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query,
            "HTTP_HOST": "localhost",
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "127.0.0.1",
            "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": False, "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }  # fmt: skip
        if cookie:
            environ["HTTP_COOKIE"] = cookie
        if packed:
            environ["HTTP_ACCEPT_ENCODING"] = "gzip"
        told: list[Any] = []
        parts = self.application(environ, lambda status, headers, _error=None: told.extend((status, dict(headers))))
        return told[0], told[1], b"".join(parts)

    def queries(self, path: str, cookie: str = "") -> int:
        """How many queries the page asks of the record and of the accounts, where nothing is kept from before."""
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        asked: list[str] = []
        record = self.node.projection.engine.connection  # type: ignore[attr-defined]
        self.node.projection._kept_at = []
        record.trace_v2(apsw.SQLITE_TRACE_STMT, lambda event: asked.append(event["sql"]))
        try:
            with CaptureQueriesContext(connection) as accounts:
                self.get(path, cookie)
        finally:
            record.trace_v2(0)
        return len(asked) + len(accounts)


def measured_list(folder: Path, rounds: int) -> dict[str, Any]:
    """The list of projects: public and signed in, each by turns with the bare page; queries; processor time, first."""
    bare, pages = bare_page(folder), Pages(folder)
    found: dict[str, Any] = {"bare bytes": len(bare())}
    for name, cookie in (("public", ""), ("signed in", pages.sign_in())):

        def page(cookie: str = cookie) -> bytes:
            status, _, body = pages.get("/projects/", cookie)
            if status != "200 OK":
                raise AssertionError(status)
            return body

        def first(page: Callable[[], bytes] = page) -> bytes:
            pages.node.projection._kept_at = []
            return page()

        found[name] = {
            "bytes": len(page()),
            "rows": page().count(b'<tr><th scope="row">'),
            "queries": pages.queries("/projects/", cookie),
            "taken": pairs(bare, page, rounds, clock=processor),
            "first": pairs(bare, first, rounds // 4, clock=processor),
        }
    return found


def measured_repeat(folder: Path, most: int) -> dict[str, Any]:
    """Bytes sent for pages, headers and body, from the front page on, of `most` pages.

    Styles, scripts and fonts are held already. `plain`: the body before it was packed. `taken`: processor seconds of a
    page that was asked for before, the less of two.
    """
    pages = Pages(folder)
    cookie = pages.sign_in()
    found: dict[str, Any] = {}
    waiting, seen = ["/"], {"/"}
    while waiting and len(found) < most:
        path = waiting.pop(0)
        status, headers, body = pages.get(path, cookie, packed=True)
        if not status.startswith("200") or not headers.get("Content-Type", "").startswith("text/html"):
            continue
        head = sum(len(name) + len(value) + 4 for name, value in headers.items())
        plain = gzip.decompress(body) if headers.get("Content-Encoding") == "gzip" else body
        taken = min(seconds(lambda path=path: pages.get(path, cookie, packed=True), processor) for _ in range(2))
        found[path] = {"sent": head + len(body), "plain": len(plain), "taken": taken}
        for link in (each.decode() for each in _LINK.findall(plain)):
            if link not in seen and not link.startswith(("/hi/", "/account", "/static/")):
                seen.add(link)
                waiting.append(link)
    return found


def measured_desk(folder: Path, rounds: int) -> dict[str, Any]:
    """Pages for a co-chair: median processor seconds, again and after a change of the record; size; queries."""
    pages = Pages(folder)
    cookie = pages.sign_in("co_chair")
    ((code,),) = pages.node.projection.engine.run(
        "SELECT name FROM state WHERE kind = 'project' ORDER BY place LIMIT 1"
    )
    paths = {
        "desk": "/", "record": f"/projects/{code}/", "list": "/projects/", "search": "/search/?q=joint",
        "official": "/record/entries/",
    }  # fmt: skip
    found: dict[str, Any] = {}
    for name, path in paths.items():

        def page(path: str = path) -> bytes:
            status, _, body = pages.get(path, cookie)
            if status != "200 OK":
                raise AssertionError(status)
            return body

        def first(page: Callable[[], bytes] = page) -> bytes:
            pages.node.projection._kept_at = []
            return page()

        page(), page()
        found[name] = {
            "taken": statistics.median(seconds(page, processor) for _ in range(rounds)),
            "first": statistics.median(seconds(first, processor) for _ in range(rounds)),
            "bytes": len(page()),
            "queries": pages.queries(path, cookie),
        }
    return found


if __name__ == "__main__":
    what, place, number = sys.argv[1:]
    measured = {"list": measured_list, "repeat": measured_repeat, "desk": measured_desk}
    sys.stdout.write(json.dumps(measured[what](Path(place), int(number))))
