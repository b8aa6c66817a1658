"""One way to answer: the same data as a page and as JSON. Knows Django and the look; no record kind and no rule.

Every page has a `.json` twin at its own address (``/projects/`` and ``/projects.json``), made from the same `data`, so
that what a page shows and what a program reads cannot drift apart, and visibility is decided once, before either.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from markupsafe import Markup

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.node.core import groups
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import clock
from dtti.office import asking
from dtti.office.asking import Asking
from dtti.programme.kinds import KINDS

from .requests import COPIED, Copied

View = Callable[..., HttpResponse]
F = TypeVar("F", bound=View)

_NUMBER = re.compile(r"[1-9]\d{0,5}\Z")


class Moment(asking.Moment, frozen=True):
    """The two times of the address of a page."""

    @property
    def query(self) -> str:
        """The part of an address that carries both times on, with its question mark; empty for now."""
        parts = [f"{name}={value}" for name, value in (("on", self.on), ("known", self.known)) if value]
        return "?" + "&".join(parts) if parts else ""


def moment(request: HttpRequest) -> Moment:
    """The times asked for in the address; Refused where one is no day of the calendar."""
    values = {}
    for name in ("on", "known"):
        value = request.GET.get(name, "").strip()
        if value:
            clock.day(name, value)
        values[name] = value
    made = Moment(**values)
    request.moment = made  # type: ignore[attr-defined]  # the frame then shows the bar that asks for other times
    return made


def number(request: HttpRequest, name: str, default: int, most: int = 100_000) -> int:
    """A whole number from the address, between 1 and `most`; Refused otherwise."""
    value = request.GET.get(name, "")
    if not value:
        return default
    if not _NUMBER.match(value) or int(value) > most:
        raise Refused(refuse("number", f"`{name}` is {value[:40]!r}", f"Give a whole number from 1 to {most}."))
    return int(value)


def node_of(request: HttpRequest) -> Node:
    """The office system that answers."""
    node: Node = request.node  # type: ignore[attr-defined]
    return node


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def asked_by(request: HttpRequest, when: Moment) -> Asking:
    """What a page asks the rooms of the office: of this office system, for who looks, at `when`."""
    return Asking(node_of(request), viewer_of(request), when)


def wants_json(request: HttpRequest) -> bool:
    """Whether the `.json` twin was asked for."""
    return request.path_info.endswith(".json")


def copied(request: HttpRequest) -> Copied | None:
    """What is kept of a page that is made for the public folder; None for a page that somebody asked for."""
    found: Copied | None = request.META.get(COPIED)
    return found


def answer(
    request: HttpRequest, template: str, data: Mapping[str, Any] | msgspec.Struct, *, status: int = 200, **extra: Any
) -> HttpResponse:
    """`data` as a page of `template`, or as JSON. `extra` reaches the template alone (forms, addresses)."""
    if wants_json(request):
        return JsonResponse(
            plain(data), status=status, json_dumps_params={"ensure_ascii": False, "indent": 1}, safe=False
        )
    if (kept := copied(request)) is not None:
        kept.twin = plain(data)
    data = msgspec.structs.asdict(data) if isinstance(data, msgspec.Struct) else data
    when = getattr(request, "moment", None) or Moment()
    return render(request, template, {**data, **extra, "moment": when}, status=status)


def groups_of(request: HttpRequest) -> Mapping[str, str]:
    """What the restricted groups are called of which the viewer's office is a member, by code; read once for a page."""
    held: Mapping[str, str] | None = getattr(request, "group_names", None)
    if held is None:
        held = groups.names(node_of(request), viewer_of(request))
        request.group_names = held  # type: ignore[attr-defined]
    return held


def group_name(request: HttpRequest, code: str) -> str:
    """What a restricted group is called; empty where it is kept to none."""
    return groups_of(request).get(code, code) if code else ""


def refused(request: HttpRequest, refusals: tuple[Refusal, ...], status: int = 409) -> HttpResponse:
    """Refusals as a page, or as problem+json (RFC 9457). Nothing was recorded."""
    items = [one.said() for one in refusals]
    if wants_json(request):
        return JsonResponse(
            {"type": "about:blank", "title": "Refused", "status": status, "refusals": items},
            status=status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False},
        )
    return render(request, "refused.html", {"refusals": items}, status=status)


def plain(value: Any) -> Any:
    """`value` as JSON can say it: structs as objects, markup as text, dates as ISO."""
    if isinstance(value, Markup):
        return str(value.striptags())
    if isinstance(value, Mapping):
        return {str(name): plain(each) for name, each in value.items() if each is not msgspec.UNSET}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, str | int | bool | type(None)):
        return value
    return plain(msgspec.to_builtins(value, enc_hook=_unmarked))


def _unmarked(value: Any) -> str:
    return str(value.striptags() if isinstance(value, Markup) else value)


def not_here(what: str) -> Http404:
    """The same answer for what does not exist and for what the viewer may not see."""
    return Http404(f"There is no {what} here that you may see.")


def route(address: str, view: View, name: str, **given: str) -> list[URLPattern]:
    """A page at `address` (ending in a slash, or empty for the front page) and its `.json` twin; `given` to both."""
    twin = f"{address.rstrip('/') or 'index'}.json"
    return [path(address, view, given, name=name), path(twin, view, given, name=f"{name}-json")]


def record_url(kind: str, name: str) -> str:
    """The page of a record: `name` is its code; a readable reference leads there too where it is unambiguous."""
    return reverse("record", args=[KINDS[kind].face.address, name])


def url_of(row: Any) -> str:
    """The page of a listed record, by its code: a reference may be used again by the other side."""
    return record_url(row.kind, row.code)
