"""The desk: what a seat can decide, what waits elsewhere, what is due, what it watches, what changed."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from dtti.language import names as names_of_sides
from dtti.language.dates import day, weekday
from dtti.office import conflicts as warnings
from dtti.office import desk as office
from dtti.web import labels, typed
from dtti.web.page import answer, asked_by, moment, not_here, number, route, url_of, wants_json
from dtti.web.parts import Link, Way
from dtti.web.requests import PageRequest
from dtti.web.states import side_name, waits_for

from . import acting, conflicts, figures, history, looking, office_asks, release, words
from .acting import as_page
from .codes import N_
from .desk_lines import Changed, DayLine, DraftLine, DueLine, EntryLine, Line, Page, Waits, WatchLine
from .shown import Names, grade_words, marked, rows_page, text
from .work import SeenLate, late_shown

MOST_SAID: Final = 200  # characters of a remark on a line of the desk
WHOSE: Final = ("me", "side", "them")


def _line(page: PageRequest, waiting: office.Waiting, names: Names) -> Line:
    row, wait, mine = waiting.row, waiting.wait, page.node.side
    late = late_shown(waiting.late) if waiting.late else None
    if late:
        what = _("%(what)s: answered, first seen late")
    elif wait.why == "answered":
        what = _("%(what)s: answered by us") if wait.on != mine else _("%(what)s: answered by them")
    elif wait.why == "offer":
        what = _("Answer the text: %(what)s") if waiting.ours else _("Their answer: %(what)s")
    else:
        what = _("Hand over the text: %(what)s") if waiting.ours else _("The text we asked for: %(what)s")
    answers = waiting.to_answer and acting.may_answer(page, row.kind)
    told = [_late(late)] if late else [waits_for(wait, row, mine)] if row.awaits else []
    url = reverse("work", args=[row.code])
    due, due_there = _until(page, row)
    return Line(
        wait.on,
        wait.why,
        wait.days,
        wait.since[:10],
        due,
        due_there,
        escape(what) % {"what": text(names.called(row))},
        ", ".join((labels.kind(row.kind), *names.marks(row), *told)),
        url,
        Link(_("Compare and answer") if answers else _("Open"), url),
        row.record,
        late,
    )


def _until(page: PageRequest, row: office.Listed) -> tuple[str | None, str | None]:
    """The day on which an open offer ends in this side's capital; and in the other's, in words, where it is another."""
    if row.awaits or not row.offer_until:
        return None, None
    here, there = office.days_of(row.offer_until, page.node.side)
    if there == here:
        return here, None
    language = get_language() or "en"
    return here, _in_place(day(there, language), office.across(page.node.side), language)


def _in_place(said: str, side: str, language: str) -> str:
    return _("%(day)s in %(place)s") % {"day": said, "place": names_of_sides.capital(side, language)}


def _late(late: SeenLate) -> str:
    """What shows that an answer came late, in one line: claimed time, our first entry after the date, checkpoints."""
    told = [
        _("open until %(until)s, answered on %(time)s by their own clock")
        % {"until": _moment(late.until), "time": _moment(late.time)}
    ]
    if late.sighted:
        sighted = {"n": late.sighted.index, "time": _moment(late.sighted.time)}
        told.append(_("our entry %(n)s of %(time)s had not seen it") % sighted)
    if late.checkpoints:
        count = len(late.checkpoints)
        told.append(
            ngettext(
                "%(n)s of their checkpoints lacked it, taken in on %(time)s",
                "%(n)s of their checkpoints lacked it, the last taken in on %(time)s",
                count,
            )
            % {"n": count, "time": _moment(late.checkpoints[-1].time)}
        )
    told.append(_("a person on our side decides"))
    return "; ".join(told)


def _moment(time: str) -> str:
    return day(time, get_language() or "en")


def due_line(page: PageRequest, due: office.Due, names: Names) -> DueLine:
    """What falls due, as a line of a page says it."""
    name, why = _what_is_due(page, due.row, due.action, names)
    return DueLine(due.on, name, url_of(due.row), why, due.late, due.days, due.ours)


def _what_is_due(page: PageRequest, row: office.Listed, action: office.Action | None, names: Names) -> tuple[str, str]:
    """What is to be done, and of what it is."""
    called = names.plainly(row)
    if action:
        what, sides = action.text, ", ".join(side_name(side) for side in action.sides)
        why = _("action %(n)s of %(meeting)s, %(sides)s") % {"n": action.number, "meeting": called, "sides": sides}
    else:
        what, why = (text(called), _("by its own rule")) if row.kind == "body" else (called, labels.kind(row.kind))
    name = marked(page, row, what)
    return (escape(_("Next meeting: %(body)s")) % {"body": name} if row.kind == "body" else name), why


def _changed(change: office.Change, names: Names, mine: str) -> Changed:
    row = change.row
    return Changed(
        names.called(row),
        url_of(row),
        labels.kind(row.kind),
        row.grade,
        row.stated_by,
        names.noted(row, mine),
        change.act.time,
        history.did(change.act),
        change.more,
        change.remarks if len(change.remarks) <= MOST_SAID else f"{change.remarks[:MOST_SAID]}…",
        [
            _("%(field)s: %(before)s → %(now)s")
            % {"field": _field(name), "before": _value(name, before), "now": _value(name, now)}
            for name, before, now in change.fields
        ],
    )


#: What the columns of a list are called where their change is said; the others have the names of their fields.
_COLUMNS: Final = {
    "grade": N_("Grade"),
    "earliest": N_("Date"),
    "latest": N_("Date, at the latest"),
    "status": N_("State"),
    "due": N_("Next due"),
}


def _field(name: str) -> str:
    return _(_COLUMNS[name]) if name in _COLUMNS else words.field_name(name)


def _value(name: str, value: str) -> str:
    if not value:
        return _("nothing")
    if name == "grade":
        return grade_words(value)
    if name in ("earliest", "latest", "due"):
        return day(value, get_language() or "en")
    return words.word(value) if name in ("status", "stage", "horizon") else value


def _watched(watch: office.Watch, names: Names, mine: str) -> WatchLine:
    row = watch.row
    waits = waits_for(watch.wait, row, mine) if watch.wait else ""
    if watch.wait and not row.awaits:
        waits = _("%(side)s: %(what)s") % {"side": side_name(watch.wait.on), "what": waits}
    return WatchLine(
        names.called(row),
        url_of(row),
        ", ".join((labels.kind(row.kind), *names.marks(row))),
        waits,
        watch.changed,
        reverse("watch", args=[row.code]),
    )


def _day(page: PageRequest, found: office.Day, names: Names) -> DayLine:
    language = get_language() or "en"
    entries = []
    for each in found.entries:
        if each.sort == "meeting":
            what = escape(_("Meeting: %(what)s")) % {"what": text(names.called(each.row))}
        elif each.sort == "offer":
            what = escape(_("Offer ends: %(what)s")) % {"what": text(names.called(each.row))}
        else:
            due = text(_what_is_due(page, each.row, each.action, names)[0])
            what = escape(due) if each.sort == "rule" else escape(_("Due: %(what)s")) % {"what": due}
        there = _in_place(day(each.there, language), office.across(page.node.side), language) if each.there else ""
        entries.append(EntryLine(what, url_of(each.row), there))
    return DayLine(found.on, weekday(date.fromisoformat(found.on), language), entries)


def _drafts(page: PageRequest, asking: office.Asking) -> list[DraftLine]:
    drafts = acting.drafts_of_office(page) if asking.moment.now else []
    addresses = office.addresses(asking, [draft.record for draft in drafts])
    return [
        DraftLine(
            str(draft.content.get("name") or draft.content.get("title") or draft.content.get("ref") or ""),
            labels.kind(draft.kind),
            draft.purpose,
            draft.updated.isoformat(),
            reverse("draft", args=[addresses[draft.record], draft.purpose]),
        )
        for draft in drafts
    ]


def desk(request: HttpRequest) -> HttpResponse:
    """The front page of whoever is signed in; DTTI in a minute for anyone else."""
    page = as_page(request)
    if not page.viewer.person:
        return HttpResponseRedirect(reverse("about"))
    when = moment(request)
    asking = asked_by(request, when)
    seat = looking.seated(page, asking, looks=not wants_json(request))
    found = office.desk(asking, seat)
    names = Names.of(request, when)
    rows = [each.row for each in (*found.mine.rows, *found.theirs.rows)]
    rows += [each.row for part in (found.changes, found.watched, found.due) for each in part]
    names.learn_for([*rows, *(each.row for one in found.days for each in one.entries)]).learn_standing(rows)
    done = Names.of(request, when, acts=True).learn_for(rows).learn_standing(rows) if when.on else names
    total = found.mine.total
    page.counts = {"desk": (total, _("%(n)s waiting on you") % {"n": total})} if total else {}
    shown = Page(
        found.side,
        found.other,
        [_line(page, each, done) for each in found.mine.rows],
        total,
        found.elsewhere,
        [_line(page, each, done) for each in found.theirs.rows],
        found.theirs.total,
        [_watched(each, names, found.side) for each in found.watched],
        [due_line(page, each, names) for each in found.due],
        [_day(page, each, names) for each in found.days],
        when.on or None,
        when.known or None,
        found.since,
        seat.look is not None and when.now,
        [_changed(each, done, found.side) for each in found.changes],
        _drafts(page, asking),
        found.unreached,
        warnings.plain(asking, "", found.conflicts).conflicts,
        release.of_desk(asking, names),
        office_asks.on_desk(request, asking, office.SHOWN),
    )
    return answer(
        request,
        "desk/desk.html",
        shown,
        warned=conflicts.all_shown(request, when, found.conflicts),
        begin=[
            Link(_("New %(kind)s") % {"kind": labels.kind(kind)}, reverse("start", args=[address]))
            for kind, address in office.begun()
            if acting.may_begin(page, kind)
        ],
        typed=typed.waiting(request),
        ages=_ages(request, asking, figures.HALF),
        seated=bool(page.seat),
        here=names_of_sides.capital(found.side, get_language() or "en"),
        all_of={whose: f"{reverse('waiting')}?whose={whose}" for whose in WHOSE},
    )


def _ages(request: HttpRequest, asking: office.Asking, wide: float) -> Markup | None:
    """The picture of how long what is open has waited; kept while the record and the day stay as they are."""
    question = ("ages", get_language(), wide)

    def drawn() -> Markup | None:
        rows = office.ages(asking)
        names = Names.of(request, moment(request), acts=True).learn_for(row for row, _wait in rows)
        return figures.ages(rows, asking, names.plainly, wide=wide)

    return asking.kept(*question, answer=drawn)


def waiting(request: HttpRequest) -> HttpResponse:
    """All that waits on this seat, on this side or on the other, the longest first, a page at a time."""
    page = as_page(request)
    if not page.viewer.person:
        raise not_here(_("page"))
    when = moment(request)
    asking = asked_by(request, when)
    whose = request.GET.get("whose", "me")
    whose = whose if whose in WHOSE else "me"
    at = number(request, "page", 1, most=20_000)
    found = office.waiting(asking, looking.seated(page, asking), whose, at)
    names = Names.of(request, when, acts=True).learn_for([each.row for each in found.rows])
    names.learn_standing(each.row for each in found.rows)
    rows = [_line(page, each, names) for each in found.rows]
    titles = {"me": _("On you"), "side": _("On %(side)s") % {"side": side_name(asking.mine)}}
    if other := acting.other(page):
        titles["them"] = _("On %(side)s") % {"side": side_name(other)}
    return answer(
        request,
        "desk/waiting.html",
        Waits(whose, rows, found.total),
        views=[Way(title, f"{reverse('waiting')}?whose={name}", name == whose) for name, title in titles.items()],
        pages=rows_page(request, found.total, (at - 1) * office.PAGE, office.PAGE, len(rows)),
        ages=_ages(request, asking, figures.WIDE),
    )


PATTERNS = [*route("", desk, "desk"), *route("waiting/", waiting, "waiting")]
