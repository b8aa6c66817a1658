"""Who is awaited on a record, since when, why: in lines, days by side and reason, and as a picture. Holds no rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from dtti.documents.values import Words
from dtti.language.marking import N_
from dtti.node.core.visibility import NATIONAL
from dtti.office import awaited as office
from dtti.office.asking import Asking
from dtti.papers.charts import court as courts
from dtti.programme.delays import delays
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.ask import ASK
from dtti.programme.kinds.delay import DELAY
from dtti.web import page
from dtti.web.page import asked_by, route, url_of
from dtti.web.parts import Link
from dtti.web.requests import PageRequest
from dtti.web.states import side_name

from . import acting, figures, record, shown, words
from .acting import as_page
from .record import Beside, Found
from .shown import Names

#: What is awaited, as a line says it; the blank is filled with the record.
WHY: Final = {
    "offer": N_("to answer the text offered: %(what)s"),
    "request": N_("to hand over the text: %(what)s"),
    "ask": N_("%(asked)s: %(what)s"),
}
#: The same in one or two words, under a picture.
SHORT: Final = {
    "offer": N_("an offer to answer"),
    "request": N_("the text asked for"),
}
MOST: Final = 60  # lines of all that was awaited


class Line(msgspec.Struct, frozen=True):
    """Something that is or was awaited, as a page shows it and JSON gives it; `days` at least, `upto` at most."""

    side: str
    why: str
    office: str
    what: str
    url: str | None
    since: str
    until: str | None
    days: int
    upto: int
    wanted: str | None
    reasons: list[str]
    codes: list[str]
    national: bool


class Reason(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A reason that a side gave of itself; `source` and `confidence`: on what its code rests, and how sure that is."""

    side: str
    code: str
    words: str
    start: str
    end: str | None
    office: str
    text: str | None
    url: str
    national: bool
    source: str | None
    confidence: str | None


class Shown(msgspec.Struct, frozen=True):
    """Who is awaited, as a page shows it and JSON gives it."""

    record: str
    court: office.Court
    now: list[Line]
    before: list[Line]
    left_out: int
    reasons: list[Reason]


def made(request: HttpRequest, found: Found) -> tuple[Shown, Markup | None]:
    """Who is awaited on a record, with its picture; the page is marked where that rests on what was not released."""
    asking = asked_by(request, found.moment)
    held = office.awaited(asking, found.row)
    names = Names.of(request, found.moment).learn([*held.links, *(f"office:{one}" for one in _offices(held))])
    today = held.court.as_of
    lines = [_line(names, each, today) for each in held.waits]
    asked = cast(PageRequest, request)
    asked.not_released = sorted({*getattr(asked, "not_released", ()), *held.inside})
    before = [each for each in lines if each.until]
    shown_ = Shown(
        held.record,
        held.court,
        sorted((each for each in lines if not each.until), key=lambda each: each.since),
        before[:MOST],
        max(0, len(before) - MOST),
        [_reason(names, each) for each in held.reasons],
    )
    return shown_, picture(names.title(f"{held.kind}:{held.ref}"), held, asking)


def _offices(held: office.Awaited) -> list[str]:
    return [each.content.office for each in held.reasons if each.content.office]


def _line(names: Names, wait: office.Wait, today: date) -> Line:
    what = names.title(wait.record)
    said = words._(WHY[wait.why], what=what, asked=words.heading(wait.what) if wait.what else "")
    end = today.toordinal()
    sure, may = wait.certain(end), wait.possible(end)
    codes = list(dict.fromkeys(code for code, _days in wait.reasons))
    return Line(
        wait.side,
        wait.why,
        names.title(f"office:{wait.office}") if wait.office else "",
        said,
        names.url(wait.ask) or names.url(wait.record),
        wait.began[0].isoformat(),
        wait.ended[1].isoformat() if wait.ended else None,
        sure[1] - sure[0],
        may[1] - may[0],
        wait.wanted or None,
        [words.word(code) for code in codes],
        codes,
        wait.national,
    )


def _reason(names: Names, given: office.Given) -> Reason:
    """A reason that a side gave of itself."""
    said = given.content
    known = delays().get(said.reason)
    return Reason(
        said.side,
        said.reason,
        words.word(said.reason),
        str(said.start),
        str(said.end) if said.end else None,
        names.title(f"office:{said.office}") if said.office else "",
        said.text,
        url_of(given.row),
        given.row.label == NATIONAL,
        known.basis if known else None,
        known.confidence if known else None,
    )


def picture(subject: str, held: office.Awaited, asking: Asking) -> Markup | None:
    """Days in whose court along time; None where they come to no whole day."""
    data = drawn(figures.said(subject), held, _short)
    if data is None:
        return None
    return figures.figure(
        lambda width: courts.strip(data, figures.language(), width=width, own=asking.mine),
        figures.THIRD,
        _("Days on which something was awaited of each side; the table has each stretch"),
    )


def drawn(subject: Words, held: office.Awaited, why: Any) -> courts.Court | None:
    """The chart of who was awaited; None where it comes to no whole day. `why`: what a wait is called, as Words."""
    found = held.court
    if found.since is None or not found.spells:
        return None
    return courts.Court(
        subject,
        found.as_of,
        tuple(
            courts.Spell(
                None if each.who == "none" else cast("Any", each.who),
                each.start,
                each.end,
                why(held.waits[each.waits[0]]) if each.waits else None,
            )
            for each in found.spells
            if each.who != "unknown"
        ),
        since=found.spells[0].start,
    )


def _short(wait: office.Wait) -> Words:
    """What a wait is called under a picture: what is awaited, and the reasons given for it."""
    said = words._(SHORT[wait.why]) if wait.why in SHORT else words.word(wait.what)
    told = [words.word(code) for code in dict.fromkeys(code for code, _days in wait.reasons)]
    return figures.said(f"{said} ({', '.join(told)})" if told else said)


def sums(found: office.Court, mine: str) -> list[dict[str, str]]:
    """Days of each side, the own one first, as rows of a table; and of nobody, and not known."""
    rows = []
    for each in sorted(found.sides, key=lambda one: one.side != mine):
        many = words.grouped(each.least)
        if each.most > each.least:
            many = _("%(least)s to %(most)s") % {"least": many, "most": words.grouped(each.most)}
        said = [
            f"{words.word(reason.code) if reason.code else _('no reason given')}: {words.grouped(reason.days)}"
            for reason in each.reasons
        ]
        rows.append(
            {
                "who": side_name(each.side)[:1].upper() + side_name(each.side)[1:],
                "days": many,
                "why": "; ".join(said) or "–",
                "twice": words.grouped(each.twice) if each.twice else "–",
            }
        )
    for code, label in (("none", _("Nobody: nothing was awaited")), ("unknown", _("Not known"))):
        if days := getattr(found, code):
            rows.append({"who": label, "days": words.grouped(days), "why": "–", "twice": "–"})
    return rows


def columns() -> list[dict[str, str]]:
    """The columns of `sums`."""
    return [
        {"key": "who", "label": _("Whose court")},
        {"key": "days", "label": _("Days"), "kind": "number"},
        {"key": "why", "label": _("By reason")},
        {"key": "twice", "label": _("Counted once"), "kind": "number"},
    ]


def _notes(found: office.Court) -> list[str]:
    """What is said beside the sums: days that stand for both sides, and days of which the record is silent."""
    made = []
    if any(each.twice for each in found.sides):
        made.append(_("Counted once: days on which more than one thing was awaited of that side."))
    if found.both:
        made.append(
            words.many(
                "%(num)s day stood with both sides at once, and is counted for each.",
                "%(num)s days stood with both sides at once, and are counted for each.",
                found.both,
            )
        )
    if found.unknown:
        made.append(_("Where the record is silent it is not known who was awaited; silence does not count as nobody."))
    return made


def page_of(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """Who is awaited on a record: all of it."""
    found = record.find(request, section, name)
    held, chart = made(request, found)
    names = Names.of(request, found.moment).learn_for([found.row])
    title = names.plainly(found.row)
    return page.answer(
        request,
        "project/awaited.html",
        held,
        title=title,
        row=found.row,
        word=words.word,
        **_extra(request, found, held, chart),
        crumbs=shown.crumbs(
            found.moment,
            (words.plural(found.row.kind), KINDS[found.row.kind].face.address),
            (title, url_of(found.row)),
            (_("Who is awaited"), None),
        ),
    )


def _extra(request: HttpRequest, found: Found, held: Shown, chart: Markup | None) -> dict[str, Any]:
    asked = as_page(request)
    return {
        "awaited_chart": chart,
        "awaited_sums": sums(held.court, asked.node.side),
        "awaited_columns": columns(),
        "awaited_notes": _notes(held.court),
        "awaited_ways": ways(asked, found),
        "awaited_all": reverse("awaited-of", args=[KINDS[found.row.kind].face.address, found.row.code])
        + found.moment.query,
    }


def ways(asked: PageRequest, found: Found) -> Sequence[Link]:
    """What this seat may do about a wait: ask an office, say why it waits here."""
    if not asked.viewer.person or not found.moment.now:
        return ()
    address, code = KINDS[found.row.kind].face.address, found.row.code
    made = []
    if acting.may_begin(asked, ASK.code):
        made.append(Link(_("Ask an office"), reverse("ask-begin", args=[address, code])))
    if acting.may_begin(asked, DELAY.code):
        made.append(Link(_("Say why it waits on us"), reverse("delay-begin", args=[address, code])))
    return made


@record.beside("project")
def on_project(request: HttpRequest, found: Found) -> Beside:
    """Who is awaited, on the page of a project."""
    if as_page(request).viewer.public and found.row.compiled:
        return Beside()
    held, chart = made(request, found)
    return Beside({"awaited": held}, {**_extra(request, found, held, chart), "awaited": held})


PATTERNS: Final[list[URLPattern]] = route("awaited/<slug:section>/<slug:name>/", page_of, "awaited-of")
