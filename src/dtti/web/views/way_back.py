"""From a record back to the list that led to it, as it was narrowed, ordered and turned. Knows addresses alone.

A row of a narrowed list carries the list's own question in its link (`back`); the record's page gives it to its
breadcrumb. It stands in the address, so it lives through the change of language, signing in and the browser's Back.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest
from django.urls import reverse

from .words import _

NAME: Final = "back"
LONGEST: Final = 600  # characters of a list's question that are carried
SEARCH: Final = "search"
_TIMES: Final = ("on", "known")


def carried(request: HttpRequest, name: str) -> str:
    """What the links of a list carry: its name and its question; empty where nothing was asked."""
    asked = [(key, value) for key, value in request.GET.items() if value and key not in (NAME, *_TIMES)]
    made = f"{name}?{urlencode(asked)}" if asked else ""
    return made if len(made) <= LONGEST else ""


def onto(url: str, back: str) -> str:
    """An address that carries the way back."""
    return f"{url}{'&' if '?' in url else '?'}{urlencode({NAME: back})}" if back else url


def crumb(request: HttpRequest, name: str, label: str, times: str) -> tuple[str, str]:
    """The list that a record's breadcrumb leads to: the search or the list it was found in, else the list of its kind.

    `times`: the query of the times asked for. What is no question of such a list is left out.
    """
    came, _mark, query = request.GET.get(NAME, "")[:LONGEST].partition("?")
    if came == SEARCH:
        name, label = SEARCH, _("Search")
    url = reverse(name) + times
    if came != name:
        return label, url
    asked = [(key, value) for key, value in parse_qsl(query, max_num_fields=30) if key not in (NAME, *_TIMES)]
    return label, f"{url}{'&' if times else '?'}{urlencode(asked)}" if asked else url
