"""What happened to a project, in one order of time, by sort; and what its next stage lacks, in one line. No rule."""

from __future__ import annotations

from typing import Final

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.language.marking import N_
from dtti.office import gates
from dtti.office import story as office
from dtti.web import page
from dtti.web.page import asked_by, route, url_of
from dtti.web.parts import Pages, Way
from dtti.web.states import side_name

from . import history, record, shown, words
from .record import Beside, Found
from .shown import Names

#: Lines on the page of a project, and on the page of its story.
FEW, PAGE = 12, 40
SORTS: Final = {
    "act": N_("Acts"),
    "stage": N_("Stages"),
    "statement": N_("Statements in public"),
    "intent": N_("Statements of Intent"),
    "agreement": N_("Agreements"),
    "meeting": N_("Meetings"),
    "request": N_("Requests to offices"),
    "report": N_("Reports and commitments"),
    "paper": N_("Papers by their number"),
    "record": N_("Other records"),
}


class Line(msgspec.Struct, frozen=True):
    """Something that happened, on a line of the story."""

    sort: str
    on: str
    what: str
    side: str
    url: str | None
    note: str | None


class Told(msgspec.Struct, frozen=True):
    """A page of the story, as a page shows it and JSON gives it; `counts` by sort."""

    sort: str
    lines: list[Line]
    counts: dict[str, int]
    total: int


class Lack(msgspec.Struct, frozen=True):
    """What the next stage of a project lacks: rows answered of all, open rows by who can answer them."""

    stage: str
    answered: int
    rows: int
    open: dict[str, int]


def _line(names: Names, event: office.Event) -> Line:
    url = names.url(event.record) if event.record else None
    what = _what(names, event)
    if event.done is not None:
        url = reverse("entry", args=[event.done.id])
    return Line(event.sort, event.on, what, event.side, url, event.note)


def _what(names: Names, event: office.Event) -> str:
    title = names.title(event.record) if event.record else ""
    if event.done is not None and event.sort == "paper":
        return _("Paper %(number)s: %(what)s") % {"number": event.what, "what": title}
    if event.done is not None:
        return f"{history.did(event.done)}: {title}"
    if event.sort == "stage":
        return _("Entered the stage: %(stage)s") % {"stage": words.word(event.what)}
    if event.sort == "request":
        said = {"asked": _("%(title)s: asked"), "withdrawn": _("%(title)s: withdrawn")}
        other = {"given": _("%(title)s: given"), "declined": _("%(title)s: declined")}
        return {**said, **other}.get(event.part, "%(title)s") % {"title": title}
    if event.part:
        return _("%(title)s: promised for %(date)s") % {
            "title": title,
            "date": shown.macro("value", "when", event.part).striptags(),
        }
    if title:
        return f"{title}: {words.word(event.what)}" if event.what else title
    return words.heading(event.what)


def _told(request: HttpRequest, found: Found, sort: str, start: int, count: int) -> Told:
    assert isinstance(found.content, gates.Project)  # noqa: S101 - asked of projects alone
    asking = asked_by(request, found.moment)
    held = office.story(asking, found.row, found.content, sort=sort, start=start, count=count)
    names = Names.of(request, found.moment).learn(held.links)
    return Told(sort, [_line(names, each) for each in held.events], held.counts, held.total)


def lacking(held: gates.Gates) -> Lack | None:
    """What the next stage lacks; None where there is none."""
    if held.next is None:
        return None
    rows = [each for row in held.rows if row.stage == held.next for each in row.sides]
    left = [each for each in rows if each.state in ("open", "unknown")]
    by: dict[str, int] = {}
    for each in left:
        by[each.side or "both"] = by.get(each.side or "both", 0) + 1
    return Lack(held.next, len(rows) - len(left), len(rows), by)


def lack_words(lack: Lack) -> str:
    """The same in a sentence or two."""
    said = _("To enter the stage %(stage)s: %(met)s of %(rows)s answered.") % {
        "stage": words.heading(lack.stage),
        "met": words.grouped(lack.answered),
        "rows": words.grouped(lack.rows),
    }
    if not lack.open:
        return said
    parts = [
        f"{side_name(side) if side != 'both' else _('both together')} {words.grouped(many)}"
        for side, many in sorted(lack.open.items())
    ]
    return f"{said} {_('Left to: %(parts)s.') % {'parts': ', '.join(parts)}}"


@record.beside("project")
def on_project(request: HttpRequest, found: Found) -> Beside:
    """The latest of the story, on the page of a project."""
    if not isinstance(found.content, gates.Project):
        return Beside()
    told = _told(request, found, "", 0, FEW)
    return Beside({"story": told}, {"story": told, "story_ways": ways(found, told)})


def ways(found: Found, told: Told) -> list[Way]:
    """The story whole and by sort, with how many there are of each."""
    address = reverse("project-story", args=[found.row.code])
    whole = sum(told.counts.values())
    when = "&".join(f"{name}={value}" for name in ("on", "known") if (value := getattr(found.moment, name)))
    made = [Way(f"{_('All')} ({words.grouped(whole)})", f"{address}?{when}".rstrip("?"), not told.sort)]
    for sort, many in told.counts.items():
        query = "&".join(each for each in (f"sort={sort}", when) if each)
        made.append(Way(f"{_(SORTS[sort])} ({words.grouped(many)})", f"{address}?{query}", told.sort == sort))
    return made


def story(request: HttpRequest, name: str) -> HttpResponse:
    """The whole story of a project, of all sorts or of one, a page at a time."""
    found = record.find(request, "projects", name)
    if not isinstance(found.content, gates.Project):
        raise page.not_here(_("record"))
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else ""
    at = page.number(request, "page", 1, most=20_000)
    told = _told(request, found, sort, (at - 1) * PAGE, PAGE)
    pages: Pages = shown.rows_page(request, told.total, (at - 1) * PAGE, PAGE, len(told.lines))
    return page.answer(
        request,
        "project/story.html",
        told,
        title=found.content.name,
        row=found.row,
        story_ways=ways(found, told),
        sort_words={sort: _(label) for sort, label in SORTS.items()},
        pages=pages,
        crumbs=shown.crumbs(
            found.moment,
            (_("Projects"), "projects"),
            (found.content.name, url_of(found.row) + found.moment.query),
            (_("What happened"), None),
        ),
    )


PATTERNS: Final[list[URLPattern]] = route("projects/<slug:name>/story/", story, "project-story")
