"""The page of a readout with its corrections, and what the page of its meeting says the public was told. No rule."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse

from dtti.office import public, readouts
from dtti.programme.kinds.readout import Readout
from dtti.web import compare, page
from dtti.web.forms import days
from dtti.web.page import asked_by
from dtti.web.parts import Row

from . import public_words, record, shown
from .record import Beside, Found
from .shown import Names
from .words import _, language


@record.own_page("readout")
def readout(request: HttpRequest, found: Found) -> HttpResponse:
    """A readout: its words, how far it is public, and what each corrected text changed."""
    content = found.content
    if not isinstance(content, Readout):
        raise TypeError(type(content))
    asking = page.asked_by(request, found.moment)
    near = record.around(request, found)
    names = record.names_for(request, found, near)
    told = readouts.told(asking, found.row.record)
    said = public.said(asking, found.row.record, found.stored) if asking.viewer.person else None
    corrected = [
        {
            "title": _(
                "Text %(number)s, public since %(time)s",
                number=later.number,
                time=days.in_both(later.since, language()),
            ),
            "paragraphs": paragraphs(earlier.content.paragraphs, later.content.paragraphs),
        }
        for earlier, later in pairwise(told)
    ]
    return record.answer(
        request,
        "pages/readout.html",
        found,
        near,
        names,
        skip=("paragraphs", "title", "not_before"),
        also={"texts_told": [{"number": each.number, "since": each.since} for each in told]},
        own_title=content.title,
        text_of_readout=[shown.text(each) for each in content.paragraphs],
        public=public_words.state(said) if said else "",
        embargo=_hours(content.not_before) if content.not_before and asking.viewer.person else "",
        corrected=corrected,
    )


def _hours(stored: str) -> str:
    return days.in_both(stored, language())


def paragraphs(before: Sequence[str], after: Sequence[str]) -> list[Row]:
    """Two texts word by word, each paragraph beside its like, as `compare()` takes them."""
    made = compare.compare({"paragraphs": [*before]}, {"paragraphs": [*after]}).paragraphs
    return [{"label": "", "state": each.state, "runs": each.runs} for each in made]


@record.beside("meeting")
def told_of_meeting(request: HttpRequest, found: Found) -> Beside:
    """What the public was told of a meeting: the joint readout, and beside it what each ministry published alone."""
    near = record.around(request, found)
    what = readouts.of_meeting(asked_by(request, found.moment), found.row.ref, near.pointing)
    if what.readout is None and not what.alone:
        return Beside({"told": {"readout": None, "alone": []}})
    names = Names.of(request, found.moment)
    names.learn({f"{row.kind}:{row.ref}" for row in (what.readout, *(each.row for each in what.alone)) if row})
    names.learn({f"source:{each.content.source}" for each in what.alone if each.content.source})
    alone: list[Any] = [_alone(names, each, what) for each in what.alone]
    data = {
        "readout": what.readout.record if what.readout else None,
        "alone": [{"record": each.row.record, "side": each.content.side} for each in what.alone],
    }
    joint = names.link_to(what.readout) if what.readout else None
    return Beside({"told": data}, {"told_here": {"readout": joint, "alone": alone}})


def _alone(names: Names, each: readouts.Alone, what: readouts.Public) -> Row:
    """What a side published by itself: its words, and beside the joint readout word by word where there is one."""
    content = each.content
    return {
        "side": content.side,
        "title": shown.anchor(names.link_to(each.row)),
        "on": shown.when(content.on),
        "where": shown.text(content.where) if content.where else None,
        "source": shown.anchor(names.link(f"source:{content.source}")) if content.source else None,
        "text": [] if what.text else [shown.text(one) for one in content.paragraphs],
        "compared": paragraphs(what.text.paragraphs, content.paragraphs) if what.text else [],
    }
