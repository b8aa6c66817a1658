"""Asks a node's pages in this process, as somebody does who has not signed in. Run by several processes side by side.

Every answer goes through the same application as that of a visitor, who sees what is public and nothing else; a page is
told that it is being copied, so that it leaves out what needs a node.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

import msgspec

from dtti.node.core import visibility

from . import kept
from .addresses import file_of, normal
from .linking import Linker
from .resting import Part, Question, Resting, all_drawn, standing

if TYPE_CHECKING:
    from dtti.web.requests import Copied

HREF: Final = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"')
RAW, MADE, KNOWN, TWINS = "raw", "made", "known.json", "twins.json"  # below the folder in which it is all made


class Answered(NamedTuple):
    """An address that answered: the normal addresses it leads to, whether its `.json` twin was kept, what it rests on.

    `rests`: keys of questions; `news`: those of them that this process had not told of yet, with what they are and the
    digest of the answer. `dated`: it asked the day. `sure`: nothing it rests on went unseen.
    """

    address: str
    links: tuple[str, ...]
    twin: bool
    rests: tuple[str, ...]
    dated: bool
    sure: bool
    news: dict[str, tuple[Question, str]]


class Linked(NamedTuple):
    """A page as it stands in the folder: the addresses that its links were looked up as, and digests of its files."""

    address: str
    found: tuple[str, ...]
    lost: tuple[str, ...]
    digest: str
    twin_digest: str


def start(folder: str, moment: str) -> None:
    """Make this process one that can ask the node in `folder`, as it is public at a moment."""
    from dtti.node.people import accounts

    visibility.fix(moment)
    accounts.start(Path(folder))
    logging.disable(logging.WARNING)  # an address that is not there for a visitor is no news here


@cache
def _resting() -> Resting:
    """What watches the questions of this process."""
    from django.conf import settings

    from dtti.web.middleware import open_node

    _application()
    return Resting(open_node(settings.NODE_FOLDER))


_turn = ""


def _begin(turn: str) -> Resting:
    """Forget what an earlier try of the same run found: the record has changed since."""
    global _turn
    resting = _resting()
    if turn != _turn:
        _turn = turn
        resting.forget()
    return resting


def again(task: tuple[str, Sequence[tuple[Question, str]]]) -> list[str]:
    """The keys of those questions that have the answer they had on the run before."""
    place, asked = task
    resting = _begin(place)
    all_drawn()
    return standing(resting, asked)


def same(task: Sequence[tuple[str, str, str]]) -> list[str]:
    """The addresses of those files (address, file, digest) that are as they were written."""
    return [address for address, file, digest in task if kept.digest(Path(file)) == digest]


def put(task: Sequence[tuple[str, str]]) -> None:
    """Take files of the run before into the folder that is being made."""
    for old, new in task:
        kept.put(Path(old), Path(new))


@cache
def _application() -> Any:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def _ask(address: str, copied: Copied) -> tuple[int, str, bytes]:
    """Status, type and body of an answer; `copied` then holds the data of its `.json` twin where it is a page."""
    from dtti.web.requests import COPIED

    split, said = urlsplit(address), dict[str, Any]()

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
        COPIED: copied,
    }
    answer = _application()(environ, begin)
    try:
        body = b"".join(answer)
    finally:
        if hasattr(answer, "close"):
            answer.close()
    return said["status"], said.get("content-type", ""), body


def ask(task: tuple[str, str]) -> list[Answered]:
    """Keep the answer of an address, and of the files of its tables and charts, below the folder in which all is made.

    Nothing where there is no such page for a visitor.
    """
    from dtti.web.requests import Copied

    place, address = task
    resting, copied = _begin(place), Copied()
    page, part = resting.of(lambda: _answer(place, address, copied))
    if page is None:
        return []
    links, twin = page
    found = [_said(resting, address, links, part, twin=twin)]
    waiting = [each for each in links if _tables_of(address, each)]
    seen = {address}
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        answer, more = resting.of(lambda each=each: _answer(place, each, copied))  # type: ignore[misc]
        if answer is not None:
            more.join(part)
            found.append(_said(resting, each, answer[0], more, twin=False))
            waiting += [link for link in answer[0] if _tables_of(address, link)]
    return found


def _said(resting: Resting, address: str, links: tuple[str, ...], part: Part, *, twin: bool) -> Answered:
    return Answered(address, links, twin, tuple(part.questions), part.dated, not part.lost, resting.news(part))


def _tables_of(page: str, address: str) -> bool:
    """Whether an address is that of tables or charts of a page that itself is none."""
    one, other = urlsplit(page), urlsplit(address)
    asked = parse_qsl(other.query)
    rest = [each for each in asked if each[0] != "tables"]
    return one.path == other.path and len(rest) < len(asked) and sorted(rest) == sorted(parse_qsl(one.query))


def _answer(place: str, address: str, copied: Copied) -> tuple[tuple[str, ...], bool] | None:
    """Keep one answer; where it leads, and whether its twin was kept too."""
    copied.twin = None
    status, type_, body = _ask(address, copied)
    if status == 500:  # a defect, and not to be passed over in silence
        raise RuntimeError(f"the page {address} failed")
    if status != 200 or not body:
        return None
    file = Path(place, RAW, file_of(address))
    file.parent.mkdir(parents=True, exist_ok=True)
    if not type_.startswith("text/html"):
        file.write_bytes(body)
        return (), False
    source = body.decode()
    file.write_text(source, encoding="utf-8")
    twin = copied.twin is not None and "?" not in address and not address.startswith("/hi/")
    if twin:
        file.with_suffix(".json").write_bytes(msgspec.json.encode(copied.twin))
    joined = (urljoin(address, unescape(each)) for each in HREF.findall(source))
    return tuple(dict.fromkeys(each for each in map(normal, joined) if each)), twin


@cache
def _held(place: str, name: str) -> frozenset[str]:
    return frozenset(msgspec.json.decode(Path(place, name).read_bytes(), type=list[str]))


def link(task: tuple[str, str, str, tuple[str, ...]]) -> Linked:
    """Write a kept answer as it stands in the folder, its links leading to files there."""
    place, address, static, extra = task
    file = file_of(address)
    raw, made = Path(place, RAW, file), Path(place, MADE, file)
    made.parent.mkdir(parents=True, exist_ok=True)
    if made.suffix != ".html":
        made.write_bytes(raw.read_bytes())
        return Linked(address, (), (), kept.digest(made), "")
    known, twins = _held(place, KNOWN), _held(place, TWINS)
    linker = Linker(address, known.__contains__, static, frozenset(extra))
    english = address.removeprefix("/hi")
    alternates = {"application/atom+xml": "hi/feed.xml" if address.startswith("/hi/") else "feed.xml"}
    if english in twins:
        alternates["application/json"] = str(Path(file_of(english)).with_suffix(".json"))
    made.write_text(linker.page(raw.read_text(encoding="utf-8"), alternates), encoding="utf-8")
    twin_digest = ""
    if address in twins:
        twin = linker.twin(msgspec.json.decode(raw.with_suffix(".json").read_bytes()))
        beside = made.with_suffix(".json")
        beside.write_bytes(msgspec.json.format(msgspec.json.encode(twin), indent=1) + b"\n")
        twin_digest = kept.digest(beside)
    found = tuple(each for each, there in linker.looked.items() if there)
    lost = tuple(each for each, there in linker.looked.items() if not there)
    return Linked(address, found, lost, kept.digest(made), twin_digest)
