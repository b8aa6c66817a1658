"""Which addresses of a node stand in the public folder, and as which file. Pure: knows no record and no Django."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

FRONT: Final = "/about/"
#: Questions of an address that are answered in the folder; any other asks a node.
ASKED: Final = frozenset({"page", "project", "body", "tables"})
#: What asks a node: signing in, searching, questions put together by who asks, forms to be filled in and brought back.
#: What is at `/data/` and in feeds is made for the folder.
NODE_ALONE: Final = re.compile(
    r"/(?:account|demo-|search|ask|waiting|watch|work|bring|calendar|feed|data)\b|/actions/list\.|/actions/report"
)
BACK: Final = "back"  # carries the way back to a list, and changes nothing else
PAPERS: Final = "/papers/"
_PLAIN: Final = re.compile(r"/[A-Za-z0-9_.~/-]*\Z")
_UNFIT: Final = re.compile(r"[^a-z0-9]+")


def normal(address: str) -> str | None:
    """An address of a node as the folder knows it, without its place in the page; None for one that asks a node."""
    split = urlsplit(address)
    if split.scheme or split.netloc or not _PLAIN.match(split.path) or ".." in split.path:
        return None
    given = parse_qsl(split.query, keep_blank_values=True)
    asked = sorted(each for each in given if each[0] != BACK and each != ("page", "1"))
    if any(name not in ASKED for name, _value in asked) or NODE_ALONE.match(split.path.removeprefix("/hi")):
        return None
    path = split.path.removesuffix("/") + FRONT if split.path in ("/", "/hi/") else split.path
    path = path.removeprefix("/hi") if PAPERS in path else path  # a paper says in its name which language it is in
    return f"{path}?{urlencode(asked)}" if asked else path


def file_of(address: str) -> str:
    """The file in which the answer of a normal address stands, below the folder."""
    split = urlsplit(address)
    path, hindi = split.path, split.path.startswith("/hi/")
    plain = path.removeprefix("/hi")
    name = "index" if plain == FRONT else plain.strip("/")
    suffix = "" if path.endswith("/") else PurePosixPath(name).suffix
    name = name.removesuffix(suffix)
    asked = dict(parse_qsl(split.query, keep_blank_values=True))
    table = asked.pop("tables", None)
    for key, value in sorted(asked.items()):
        name += f".{key}-{_UNFIT.sub('-', value.lower()).strip('-')}"
    if table is not None:
        number, _dot, form = table.partition(".")
        name, suffix = f"{name}.tables" + (f".{number}" if form else ""), f".{form}" if form else ""
    return f"{'hi/' if hindi else ''}{name}{suffix or '.html'}"
