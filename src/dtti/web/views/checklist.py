"""What the stages of the SOP ask of a project, row by row; and the versions of the SOP. Holds no rule."""

from __future__ import annotations

from itertools import groupby

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from dtti.language.refusals import refusal_in
from dtti.office import gates as office
from dtti.web import page
from dtti.web.page import route
from dtti.web.parts import Check, Row

from . import record, shown, words
from .shown import Names

#: The signs of a checklist for the states of a row.
_SIGNS = {"not-applicable": "not_applicable", "unknown": "unknown"}


class Section(msgspec.Struct, frozen=True):
    """A stage: what it is called, where the project stands to it, its rows as `table()` takes them."""

    name: str
    note: str
    rows: list[Row]


def state_words(state: str) -> str:
    """The state of a row in words."""
    return {
        "met": _("met"),
        "waived": _("waived"),
        "not-applicable": _("does not apply"),
        "open": _("open"),
        "unknown": _("not known"),
    }[state]


def _why(said: str) -> str:
    return refusal_in(words.language(), said)


def _who(side: str) -> str:
    return shown.side_name(side) if side else _("Both")


def pressing(found: office.Gates, names: Names) -> list[Check]:
    """What is asked next, as a checklist: a line for each side of which it is asked."""
    return [
        Check(
            f"{_(row.words)} ({_who(each.side)})" if each.side else _(row.words),
            _SIGNS.get(each.state, each.state),
            who=each.side or None,
            url=next((url for link in each.evidence if (url := names.url(link))), None),
            note=None
            if each.state in ("met", "not-applicable")
            else f"{_why(each.why)} {_('Who can answer: %(who)s.') % {'who': _(row.who)}}",
        )
        for row in found.pressing
        for each in row.sides
    ]


def _link(names: Names, link: str) -> Markup:
    """A record by its name, as a link where it has a page for who reads."""
    url, name = names.url(link), shown.text(names.title(link))
    return Markup('<a href="{}">{}</a>').format(url, name) if url else escape(name)


def _cell(each: office.ForSide, names: Names) -> Markup:
    """How a row stands for a side: the state, why, and what shows it."""
    told = [each.registry, each.reason, each.authority]
    held = [_link(names, link) for link in each.evidence]
    said: list[str] = [escape(f"{state_words(each.state)}: {_why(each.why)}")]
    said += [shown.text(one) for one in told if one]
    if each.until:
        said.append(escape(_("Good until %(date)s.")) % {"date": shown.macro("value", "when", each.until)})
    return Markup(" ").join([*said, *([Markup(", ").join(held)] if held else [])])


def _row(row: office.Gate, names: Names) -> Row:
    by_side = {each.side: _cell(each, names) for each in row.sides}
    waiver = _("Both may agree to go on without it.") if row.waivable else _("It may not be waived.")
    return {
        "what": _(row.words),
        "IND": by_side.get("IND", by_side.get("", _("not asked"))),
        "USA": by_side.get("USA", by_side.get("", _("not asked"))),
        "who": f"{_(row.who)}. {waiver}",
        "rests": f"{_(row.basis)} ({row.version}; {words.word(row.confidence)})",
    }


def _sections(found: office.Gates, names: Names) -> list[Section]:
    behind = office.SPINE.index(found.stage) if found.stage else -1
    made = []
    for stage, rows in groupby(found.rows, key=lambda row: row.stage):
        place = office.SPINE.index(stage)
        note = _("Entered.") if place <= behind else _("Next.") if stage == found.next else ""
        made.append(Section(words.heading(stage), note, [_row(each, names) for each in rows]))
    return made


def _columns(mine: str) -> list[dict[str, str]]:
    sides = [mine, "USA" if mine == "IND" else "IND"]
    return [
        {"key": "what", "label": _("What is asked")},
        *({"key": side, "label": shown.side_name(side)} for side in sides),
        {"key": "who", "label": _("Who can answer")},
        {"key": "rests", "label": _("Why it is asked")},
    ]


def checklist(request: HttpRequest, name: str) -> HttpResponse:
    """The whole checklist of a project, stage by stage."""
    found = record.find(request, "projects", name)
    asking = page.asked_by(request, found.moment)
    if not isinstance(found.content, office.Project):
        raise page.not_here(_("record"))
    held = office.gates(asking, found.row, found.content)
    names = Names.of(request, found.moment).learn(held.links)
    title = found.content.name
    return page.answer(
        request,
        "project/checklist.html",
        held,
        title=title,
        sections=_sections(held, names),
        columns=_columns(asking.mine),
        procedure=reverse("procedure"),
        crumbs=shown.crumbs(
            found.moment, (_("Projects"), "projects"), (title, page.url_of(found.row)), (_("Checklist"), None)
        ),
    )


def procedure(request: HttpRequest) -> HttpResponse:
    """The versions of the SOP: what each stage asks, of whom, why, and how sure that is."""
    held = office.procedures()
    moment = page.moment(request)
    return page.answer(
        request,
        "project/procedure.html",
        {"versions": [msgspec.to_builtins(each) for each in held]},
        shown=[
            {
                "title": _(each.about.title),
                "basis": _(each.about.basis),
                "effective": each.about.effective,
                "confidence": each.about.confidence,
                "sections": [
                    Section(words.heading(stage), "", [_rule(one) for one in rows])
                    for stage, rows in groupby(each.rows.values(), key=lambda row: row.stage)
                ],
            }
            for each in held
        ],
        columns=[
            {"key": "what", "label": _("What is asked")},
            {"key": "of", "label": _("Of whom")},
            {"key": "paths", "label": _("Kinds of project")},
            {"key": "who", "label": _("Who can answer")},
            {"key": "waivable", "label": _("May both go on without it")},
            {"key": "rests", "label": _("Why it is asked")},
        ],
        crumbs=shown.crumbs(moment, (_("Projects"), "projects"), (_("Procedure"), None)),
    )


def _rule(row: office.Rule) -> dict[str, str]:
    return {
        "what": _(row.words),
        "of": ", ".join(shown.side_name(side) for side in row.sides) or _("Both at once"),
        "paths": ", ".join(words.word(path) for path in row.paths) or _("every kind"),
        "who": _(row.by),
        "waivable": words.heading("yes" if row.waivable else "no"),
        "rests": f"{_(row.basis)} ({words.word(row.confidence)})",
    }


PATTERNS: list[URLPattern] = [
    *route("projects/<path:name>/checklist/", checklist, "project-checklist"),
    *route("procedure/", procedure, "procedure"),
]
