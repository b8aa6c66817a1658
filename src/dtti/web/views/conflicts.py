"""Conflicts in time in words, wherever a page shows them: what is warned of, how sure, what cures it. Holds no rule."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from dtti.office import conflicts as warnings
from dtti.office.conflicts import Rule, Warned
from dtti.web import page
from dtti.web.page import Moment, route

from . import record, shown, words
from .acting import as_page
from .record import Found
from .shown import Names

#: The signs of a checklist for how sure a warning is.
_SURE = {"breached": "failed", "certain": "failed", "possible": "open", "ahead": "open", "unknown": "unknown"}


def closed(request: HttpRequest) -> bool:
    """Whether nobody is signed in: the public sees neither lanes nor warnings."""
    return as_page(request).viewer.public


class Shown(msgspec.Struct, frozen=True):
    """A warning as pages show it: its sign, its sentence, how sure, what cures it and who can, on what it rests."""

    sign: str
    name: str
    says: Markup
    sure: str
    cure: str
    who: str
    rests: list[Markup]
    rule: str
    national: bool
    gate: str
    project: Markup


def warning(one: Warned, names: Names) -> Shown:
    """A warning in the page's language."""
    language = words.language()
    rule, conflict = one.rule, one.conflict

    def name(link: str) -> Markup | str:
        return shown.text(names.title(link))

    blanks = {key: Markup(", ").join(each) for key, each in warnings.blanks(one, language, name, shown.text).items()}
    gate = warnings.gate(one)
    return Shown(
        _SURE[conflict.certainty],
        _(rule.words),
        escape(_(rule.says)) % blanks,
        _(warnings.CERTAINTIES[conflict.certainty]),
        _(rule.cure),
        warnings.who(one, language),
        [shown.anchor(names.link(link)) for link in dict.fromkeys(conflict.rests_on)],
        rests(rule, conflict.basis, conflict.version, conflict.confidence),
        conflict.national,
        words.heading(gate) if gate else "",
        shown.anchor(names.link(f"project:{one.project.ref}")),
    )


def rests(rule: Rule, basis: str = "", version: str = "", confidence: str | None = None) -> str:
    """On what a rule rests: its reason, source and version, and how sure; as the warning has them, else as the rule."""
    sure = words.word(confidence or rule.confidence)
    return f"{_(basis or rule.basis)} {_(rule.source)} ({_(version or rule.version)}; {sure})"


def all_shown(request: HttpRequest, moment: Moment, found: Iterable[Warned]) -> list[Shown]:
    """Warnings in the page's language, the records that they name asked for at once."""
    found = list(found)
    links = [link for one in found for link in (*one.links, f"project:{one.project.ref}")]
    names = Names.of(request, moment).learn(links)
    return [warning(each, names) for each in found]


def by_stage(request: HttpRequest, found: Found) -> dict[str, list[Shown]]:
    """What is warned of on a project, by the words of the joint stage that it bears on."""
    if not isinstance(found.content, warnings.Project) or closed(request):
        return {}
    asking = page.asked_by(request, found.moment)
    made: dict[str, list[Shown]] = {}
    for each in all_shown(request, found.moment, warnings.of_project(asking, found.row, found.content)):
        if each.gate:
            made.setdefault(each.gate, []).append(each)
    return made


def conflicts(request: HttpRequest, name: str) -> HttpResponse:
    """What is warned of on one project, with what would cure it and on what each rule rests."""
    found = record.find(request, "projects", name)
    if not isinstance(found.content, warnings.Project) or closed(request):
        raise page.not_here(_("record"))
    asking = page.asked_by(request, found.moment)
    made = warnings.of_project(asking, found.row, found.content)
    return page.answer(
        request,
        "project/conflicts.html",
        warnings.plain(asking, found.content.ref, made),
        title=found.content.name,
        row=found.row,
        mine=asking.mine,
        warned=all_shown(request, found.moment, made),
        crumbs=shown.crumbs(
            found.moment,
            (_("Projects"), "projects"),
            (found.content.name, page.url_of(found.row)),
            (_("Conflicts in time"), None),
        ),
    )


PATTERNS: list[URLPattern] = route("projects/<path:name>/conflicts/", conflicts, "project-conflicts")
