"""The versions of the procedure: what each stage asks, texts of a next version, any two compared. Holds no rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from dtti.office import sop as office
from dtti.web import compare, page
from dtti.web.binding_parts import Beside
from dtti.web.forms import days, shape, wording
from dtti.web.page import route
from dtti.web.parts import Field, Head, Option, Row
from dtti.web.requests import PageRequest

from . import acting, beside_text, drafting, gate_rows, record, shown, words
from .acting import as_page
from .record import Found
from .shown import Names


class Change(msgspec.Struct, frozen=True):
    """A row that is not the same, as a page shows it: its heading, what became of it, its members word by word."""

    what: str
    state: str
    paragraphs: list[compare.Paragraph]


def procedure(request: HttpRequest) -> HttpResponse:
    """The versions of the SOP that are held here, the texts of further ones, and the way to draft the next."""
    moment = page.moment(request)
    asking = page.asked_by(request, moment)
    held, rows = office.held_here(), office.listed(asking)
    names = Names.of(request, moment).learn_for(rows)
    names.learn(f"source:{ref}" for each in held.values() for ref in each.about.sources)
    return page.answer(
        request,
        "project/procedure.html",
        {"versions": [msgspec.to_builtins(each) for each in held.values()], "records": rows},
        shown=[
            {
                "title": _(each.about.title),
                "basis": _(each.about.basis),
                "effective": each.about.effective,
                "cite": _cite(names, each.about.sources, each.about.confidence),
                "sections": list(
                    _sections(each.rows.values(), gate_rows.Version.named(each.about.version), translated=True)
                ),
            }
            for each in held.values()
        ],
        columns=columns(),
        texts=[_listed(names, each) for each in rows],
        text_columns=[
            Head("name", _("Version")),
            Head("follows", _("Version that it changes")),
            Head("stands", _("How it stands")),
            Head("court", _("Waits on")),
        ],
        begin=reverse("procedure-draft") if moment.now and _may_begin(as_page(request)) else "",
        latest=office.LATEST,
        compare=_compare_url(office.LATEST, rows[0].code) if rows else "",
        crumbs=shown.crumbs(moment, (_("Projects"), "projects"), (_("Procedure"), None)),
    )


def _may_begin(wanted: PageRequest) -> bool:
    return bool(wanted.viewer.person) and acting.may_begin(wanted, office.PROCEDURE.code)


def _compare_url(one: str, other: str) -> str:
    return f"{reverse('procedure-compare')}?one={one}&other={other}"


def _listed(names: Names, row: office.Listed) -> Row:
    return {
        "name": shown.anchor(names.link_to(row)),
        "follows": row.subtitle,
        "stands": shown.grade(row),
        "court": shown.macro("value", "side", row.court) if row.court else "–",
    }


def columns() -> list[Head]:
    """What is said of each row of a version."""
    return [
        Head("what", _("What is asked")),
        Head("of", _("Of whom")),
        Head("paths", _("Kinds of project")),
        Head("who", _("Who can answer")),
        Head("waivable", _("May both go on without it")),
        Head("rests", _("Why it is asked")),
    ]


def _cite(names: Names, sources: Iterable[str], confidence: str) -> Any:
    """On what a version rests and how firm that is, its sources as links where the reader sees them."""
    return shown.macro("value", "cite", sources=names.sources(sources), confidence=confidence)


def _sections(
    rows: Iterable[office.ProcedureRow | office.Rule], of: gate_rows.Version, *, translated: bool = False
) -> Iterator[gate_rows.Section]:
    """The rows of a version by stage. `translated`: its words are this software's own, and in its catalogue."""
    for stage, held in groupby(rows, key=lambda row: row.stage):
        yield gate_rows.Section(words.heading(stage), "", [_rule(each, of, translated=translated) for each in held])


def _rule(row: office.ProcedureRow | office.Rule, of: gate_rows.Version, *, translated: bool) -> Row:
    said = _ if translated else _recorded
    what = row.words_hi if words.language() == "hi" and row.words_hi else row.words
    unless = " ({})".format(_("unless it does not apply")) if row.unless else ""
    return {
        "what": what if translated else shown.text(what),
        "of": ", ".join(map(shown.side_name, row.sides)) or _("Both at once"),
        "paths": ", ".join(map(words.word, row.paths)) or _("every kind"),
        "who": said(row.by),
        "waivable": words.heading("yes" if row.waivable else "no") + unless,
        "rests": shown.with_note(said(row.basis), gate_rows.firm(row.confidence, of)),
    }


def _recorded(text: str) -> str:
    """Words of a drafted version: in the language of the page where this software has the same, else as written."""
    said = _(text)
    return said if said != text else shown.text(text)


def draft(request: HttpRequest) -> HttpResponse:
    """Begin the next version: its form opens with every row of the one in force, and keeps nothing by itself."""
    held = as_page(request)
    begun = office.begun(acting.asking(held))
    return HttpResponseRedirect(drafting.begun_at(held, office.PROCEDURE.code, begun, long=True))


@record.own_page(office.PROCEDURE.code)
def version(request: HttpRequest, found: Found) -> HttpResponse:
    """A text of a version: what being agreed means, what it changes, all that it asks."""
    content = found.content
    assert isinstance(content, office.Procedure)  # noqa: S101 - the registry hands this view these alone
    asking = page.asked_by(request, found.moment)
    compared, holding = office.changes_of(asking, content), office.holding(asking, content)
    near = record.around(request, found)
    return record.answer(
        request,
        "project/procedure_record.html",
        found,
        near,
        record.names_for(request, found, near),
        skip=("title", "follows", "rows"),
        also={"compared": compared, "holding": holding},
        follows=content.follows,
        version=content.ref,
        agreed=found.row.grade in ("agreed_here", "on_paper"),
        changes=_changes(compared.changes) if compared else None,
        compare=_compare_url(compared.one.name if compared else office.LATEST, found.row.code),
        differs=_changes(holding.changes) if holding.changes and not holding.changes.same else None,
        differing_codes=[words.field_name(each) for each in holding.codes],
        sections=list(_sections(content.rows, _of_text(content))),
        columns=columns(),
    )


def _of_text(text: office.Procedure) -> gate_rows.Version:
    """A text as the rows of it name it: the sources that it cites, and how firm it says that it is."""
    cite = text.cite
    return gate_rows.Version(text.ref, cite.sources if cite else (), cite.confidence if cite else "")


@beside_text.room(office.PROCEDURE.code)
def beside(request: PageRequest, given: beside_text.Given) -> list[Beside]:
    """What a text changes of the version that it follows, and which others change the same one and are open."""
    asking, found = acting.asking(request), list[Beside]()
    follows = str(given.stored.get("follows") or "")
    if others := office.open_beside(asking, follows, given.record):
        links = [{"name": _choice(each), "url": shown.url_of(each.row)} for each in others if each.row]
        found.append(Beside("project/procedure_open.html", {"follows": follows, "texts": links}))
    if isinstance(given.content, office.Procedure):
        made = office.changes_of(asking, given.content)
        said = {
            "follows": follows,
            "stands": given.stands,
            "version": _choice(made.one) if made else "",
            "changes": _changes(made.changes) if made else None,
        }
        found.append(Beside("project/procedure_followed.html", said, compares=made is not None))
    return found


def compared(request: HttpRequest) -> HttpResponse:
    """Any two versions: of this software or of the record, as far as the reader sees them."""
    moment = page.moment(request)
    asking = page.asked_by(request, moment)
    asked = [request.GET.get(name, "").strip()[:120] or office.LATEST for name in ("one", "other")]
    found = office.compared(asking, *asked)
    options = [Option(each.name, _choice(each)) for each in office.choices(asking)]
    return page.answer(
        request,
        "project/procedure_compare.html",
        found,
        one=_choice(found.one),
        other=_choice(found.other),
        changes=_changes(found.changes),
        fields=[
            Field("one", _("From"), "select", found.one.name, options),
            Field("other", _("To"), "select", found.other.name, options),
        ],
        kept=shown.kept(moment),
        crumbs=shown.crumbs(moment, (_("Procedure"), "procedure"), (_("Two versions"), None)),
    )


def _choice(each: office.Version) -> str:
    """A version as it is chosen: its name, and what it is."""
    title = _(each.title) if each.row is None else each.title
    if each.row is None:
        return _("%(ref)s: %(title)s, held by this software") % {"ref": each.ref, "title": title}
    return f"{each.ref}: {title}, {shown.grade_words(str(shown.grade(each.row)['grade']))}"


def _changes(found: office.Changes) -> dict[str, Any]:
    """Two versions as a page shows them: how much changed, what of the whole, and each row by its stage."""
    counts = [
        (_("Rows added"), found.count("added")),
        (_("Rows removed"), found.count("removed")),
        (_("Rows moved to another stage"), found.count("moved")),
        (_("Rows changed"), found.count("changed")),
        (_("Rows in another order"), found.count("reordered")),
        (_("Rows as before"), found.alike),
    ]
    return {
        "same": found.same,
        "counts": [{"name": name, "value": words.grouped(number)} for name, number in counts if number],
        "whole": [_paragraph(each, "Procedure") for each in found.whole],
        "stages": [
            {"name": words.heading(stage), "rows": [_change(each) for each in held]}
            for stage, held in groupby(found.rows, key=lambda row: row.stage)
        ],
    }


def _change(row: office.RowChanged) -> Change:
    said = {
        "added": _("added"),
        "removed": _("removed"),
        "moved": _("moved here from the stage: %(stage)s") % {"stage": words.word(row.since)} if row.since else "",
        "changed": _("changed"),
        "reordered": _("in another place of its stage, otherwise as before"),
    }[row.state]
    what = row.words_hi if words.language() == "hi" and row.words_hi else row.words
    fields = [each for each in row.fields if each.field != "stage"]  # the heading above says it
    if row.state == "added":
        fields.append(office.Changed("id", None, row.id))
    return Change(what, said, [_paragraph(each, "ProcedureRow") for each in fields])


def _paragraph(each: office.Changed, struct: str) -> compare.Paragraph:
    """A member word by word; what is chosen from a list, a tick or a day as it was and as it is."""
    label = _LABELS[struct](each.field)
    before, after = (_said(value, each.field, struct) for value in (each.before, each.after))
    state = "added" if each.before is None else "removed" if each.after is None else "changed"
    if each.field in ("words", "words_hi", "by", "basis", "title"):
        return compare.Paragraph(label, state, compare.runs(before, after))
    runs = [{"op": op, "text": text} for op, text in (("del", before), ("ins", after)) if text]
    return compare.Paragraph(label, state, _spaced(runs))


def _spaced(runs: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{**each, "text": each["text"] + " "} for each in runs[:-1]] + runs[-1:]


def _label(struct: type) -> Any:
    asked = {each.name: each for each in shape.of_struct(struct)}
    return lambda name: wording.label(asked[name])


_LABELS = {"Procedure": _label(office.Procedure), "ProcedureRow": _label(office.ProcedureRow)}


def _said(value: office.Value, field: str, struct: str) -> str:
    """A member in words; empty where it says nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        nothing = {"sides": _("Both at once"), "paths": _("every kind")}.get(field, "")
        return ", ".join(shown.side_name(each) if field == "sides" else words.word(each) for each in value) or nothing
    if field == "effective":
        return days.said(value, words.language())
    return words.word(value, f"{struct}.{field}") if field in ("stage", "how", "confidence") else value


PATTERNS: list[URLPattern] = [
    *route("procedure/", procedure, "procedure"),
    path("procedure/draft/", draft, name="procedure-draft"),
    *route("procedure/compare/", compared, "procedure-compare"),
]
