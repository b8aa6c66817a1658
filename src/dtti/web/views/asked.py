"""Reports as pages ask for them: the record as this viewer may see it, at the times of the address. Holds no rule."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import cast

from django.contrib import messages
from django.http import HttpRequest

from dtti.office import reports
from dtti.office.reports import R, Records
from dtti.web import page
from dtti.web.page import Moment
from dtti.web.requests import PageRequest

from .words import _


def today() -> date:
    """The day it is, in UTC, for what is late, held or expiring now."""
    return Moment().today


@cache
def methods() -> Mapping[str, str]:
    """How results are worked out: the Hindi of each line that reports say in English."""
    stored = tomllib.loads(resources.files("dtti.web").joinpath("methods.toml").read_text(encoding="utf-8"))
    return {each["en"]: each["hi"] for each in stored["line"]}


def records(request: HttpRequest, moment: Moment) -> Records:
    """The records that reports are made from, read once for a page."""
    return reports.records(page.asked_by(request, moment))


def made(
    request: HttpRequest,
    kind: type[R],
    moment: Moment,
    *,
    body: str | None = None,
    now: bool = False,
    held: Records | None = None,
) -> R:
    """The report of a kind. `now`: ask about today where the address names no day; `held`: records read already."""
    return told(request, reports.made(page.asked_by(request, moment), kind, body=body, now=now, held=held))


def told(request: HttpRequest, found: R) -> R:
    """A report of which a page says what was left out of it, and that it rests on what was not released."""
    if found.left_out:
        messages.warning(
            request, _("Something that the other side alone states could not be counted, and is left out.")
        )
    asking = cast(PageRequest, request)
    asking.not_released = sorted({*getattr(asking, "not_released", ()), *(found.not_released or ())})
    return found
