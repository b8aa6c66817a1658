"""Rewrites an answer of a node for the folder: links become relative, forms and what leads nowhere go. Knows HTML."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from html import escape, unescape
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from .addresses import file_of, normal

STATIC: Final = "static/"
_FORM: Final = re.compile(r"<form\b.*?</form>", re.DOTALL)
_BUTTON: Final = re.compile(r"<button\b.*?</button>", re.DOTALL)
_ANCHOR: Final = re.compile(r"<a\b([^>]*)>(.*?)</a>", re.DOTALL)
_LINKED: Final = re.compile(r"(<link\b[^>]*?\bhref=\")([^\"]*)(\")")
_HREF: Final = re.compile(r'\bhref="([^"]*)"')
_ICON: Final = re.compile(r'(<link rel="icon")')

Has = Callable[[str], bool]


def relative(file: str, to: str) -> str:
    """The way from one file of the folder to another."""
    return posixpath.relpath(to, posixpath.dirname(file) or ".")


class Linker:
    """Finds, for links on the page at `address`, the file of the folder that each leads to.

    `has`: whether an address has a file; `static`: where a node serves static files; `extra`: files without an address.
    """

    def __init__(self, address: str, has: Has, static: str, extra: frozenset[str]) -> None:
        self.address, self.has, self.static, self.extra = address, has, static, extra
        self.file = file_of(address)
        self.looked: dict[str, bool] = {}  # every address of the node that was looked up, and whether it has a file

    def target(self, href: str) -> str | None:
        """What a link becomes: another site and a place on the page as they are, None for what is not in the folder."""
        if href.startswith("#") or urlsplit(href).scheme in ("http", "https", "mailto"):
            return href
        asked, _mark, place = href.partition("#")
        if asked.startswith(self.static):
            return relative(self.file, STATIC + asked.removeprefix(self.static))
        if asked.removeprefix("/") in self.extra:
            return relative(self.file, asked.removeprefix("/"))
        found = normal(urljoin(self.address, asked))
        if found is None:
            return None
        self.looked[found] = self.has(found)
        if not self.looked[found]:
            return None
        return relative(self.file, file_of(found)) + (f"#{place}" if place else "")

    def page(self, source: str, alternates: Mapping[str, str]) -> str:
        """A page for the folder. `alternates`: other files of the same content, by type."""
        made = _BUTTON.sub("", _FORM.sub("", source))
        made = _ANCHOR.sub(self._anchor, made)
        made = _LINKED.sub(lambda found: found[1] + escape(self.target(unescape(found[2])) or "") + found[3], made)
        links = "".join(
            f'<link rel="alternate" type="{type_}" href="{escape(relative(self.file, file))}">\n'
            for type_, file in sorted(alternates.items())
        )
        return _ICON.sub(lambda found: links + found[1], made, count=1)

    def _anchor(self, found: re.Match[str]) -> str:
        href = _HREF.search(found[1])
        target = self.target(unescape(href[1])) if href else None
        if href is None or target is None:
            return "" if "btn" in found[1] else f"<span>{found[2]}</span>"
        attributes = found[1].replace(href[0], f'href="{escape(target)}"')
        return f"<a{attributes}>{found[2]}</a>"

    def twin(self, value: Any, name: str = "") -> Any:
        """The `.json` twin of a page: its addresses as files beside it, None for what is not in the folder."""
        if isinstance(value, dict):
            return {key: self.twin(each, key) for key, each in value.items()}
        if isinstance(value, list):
            return [self.twin(each, name) for each in value]
        if isinstance(value, str) and name.endswith("url") and value.startswith("/"):
            return self.target(value)
        return value
