"""Rows of a checklist in words, wherever a page shows them: how each stands for each side, what shows it. No rule."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import msgspec
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from dtti.language.names import facing
from dtti.language.refusals import refusal_in
from dtti.office import gates as office
from dtti.office import stages
from dtti.office.asking import Asking, Stored
from dtti.web.page import Moment
from dtti.web.parts import Check, Row

from . import shown, words
from .shown import Names

#: The signs of a checklist for the states of a row.
SIGNS = {"not-applicable": "not_applicable", "unknown": "unknown"}


class Section(msgspec.Struct, frozen=True):
    """A stage: what it is called, where the project stands to it, its rows as `table()` takes them."""

    name: str
    note: str
    rows: list[Row]


class Version(msgspec.Struct, frozen=True):
    """The version of the procedure that a row is of: its name, its sources, how firm it says it is."""

    name: str
    sources: tuple[str, ...] = ()
    confidence: str = ""

    @staticmethod
    def named(name: str) -> Version:
        """The version of that name, as this software holds it."""
        about = next((each.about for each in office.procedures() if each.about.version == name), None)
        return Version(name, about.sources, about.confidence) if about else Version(name)


def firm(confidence: str, of: Version) -> str:
    """How firm a row of a version is. None names a document of its own: what is sourced is so by its version's."""
    said = words.word(confidence)
    if confidence not in ("sourced", "single-source"):
        return f"{of.name}; {said}"
    if not of.sources:
        return _("%(version)s; %(confidence)s, but that version names no source") % {
            "version": of.name,
            "confidence": said,
        }
    return _(
        "%(version)s; %(confidence)s by the sources of that version: %(sources)s; the version itself is %(whole)s"
    ) % {
        "version": of.name,
        "confidence": said,
        "sources": ", ".join(of.sources),
        "whole": words.word(of.confidence),
    }


def state_words(state: str) -> str:
    """The state of a row in words."""
    return {
        "met": _("met"),
        "waived": _("waived"),
        "not-applicable": _("does not apply"),
        "open": _("open"),
        "unknown": _("not known"),
    }[state]


def why(said: str) -> str:
    """A sentence of the SOP in the page's language."""
    return refusal_in(words.language(), said)


def who(side: str) -> str:
    """The side of which a row is asked."""
    return shown.side_name(side) if side else _("Both")


def of_side(row: office.Gate, side: str) -> str:
    """What a row asks, and of whom where it is asked of each side."""
    return f"{_(row.words)} ({who(side)})" if side else _(row.words)


class Moved(msgspec.Struct, frozen=True):
    """A move along the stages as an entry keeps it: in words, and how each row stands."""

    said: str
    rows: list[Row]


def of_entry(gate: Mapping[str, Any]) -> Moved:
    """The move that an entry says, each row by its words; by its code where this version has no such procedure."""
    procedure = next((each for each in office.procedures() if each.about.version == gate["sop"]), None)
    rules = procedure.rows if procedure else {}
    stages = {"stage": words.word(gate["stage"]), "since": words.word(gate["since"]) if "since" in gate else ""}
    moved = _("from “%(since)s” to “%(stage)s”") if stages["since"] else _("to “%(stage)s”")
    kinds = [words.word(gate[name]) for name in ("path", "ends") if name in gate]
    return Moved(
        "; ".join([_(procedure.about.title) if procedure else gate["sop"], *kinds, moved % stages]),
        [
            {
                "what": _(rules[each["row"]].words) if each["row"] in rules else each["row"],
                "of": who(each.get("side", "")),
                "state": state_words(each["state"].replace("_", "-")),
                "acts": each.get("acts", []),
                "office": each.get("office", ""),
            }
            for each in gate.get("rows", ())
        ],
    )


def flagged(found: office.Gates, names: Names) -> list[Row]:
    """What an entered stage rested on and has changed since, as `table()` takes it: the row, the change, both acts."""
    how = {
        "erased": _("its text was erased"),
        "superseded": _("another text stands now"),
        "withdrawn": _("a side has withdrawn from it"),
        "suspended": _("a side has suspended it"),
    }
    made: list[Row] = []
    for one in found.flagged:
        shown_by = names.link(one.evidence) if one.evidence else _("a record that you do not see")
        made.append(
            {
                "stage": words.heading(one.stage),
                "row": f"{_(one.words)} ({who(one.side)})" if one.side else _(one.words),
                "shown": shown_by,
                "how": how[one.how],
                "then": {"text": _("As it was then"), "url": reverse("entry", args=[one.shown_by])},
                "since": {"text": _("What changed it"), "url": reverse("entry", args=[one.by])},
            }
        )
    return made


def flagged_columns() -> list[dict[str, str]]:
    """The columns of that table."""
    return [
        {"key": "stage", "label": _("Stage")},
        {"key": "row", "label": _("What was asked")},
        {"key": "shown", "label": _("What showed it")},
        {"key": "how", "label": _("Since then")},
        {"key": "then", "label": _("Then")},
        {"key": "since", "label": _("Now")},
    ]


def pressing(found: office.Gates, names: Names, answer: str = "") -> list[Check]:
    """What is asked next, as a checklist: a line for each side of which it is asked.

    `answer`: the address of the form that enters the next stage, which a line that is open there leads to.
    """
    return [
        Check(
            of_side(row, each.side),
            SIGNS.get(each.state, each.state),
            who=each.side or None,
            url=f"{answer}?row={stages.Key(row.id, each.side)}#answer"
            if answer and row.stage == found.next and each.state == "open"
            else next((url for link in each.evidence if (url := names.url(link))), None),
            note=_conditions(each) or _said(each)
            if each.state in ("met", "not-applicable")
            else f"{why(each.why)} {_('Who can answer: %(who)s.') % {'who': _(row.who)}}",
        )
        for row in found.pressing
        for each in row.sides
    ]


def _plain(one: office.Said) -> str:
    """What a project's own text says: a code in words, words as they stand."""
    return words.word(one.text, f"Project.{one.field}") if one.code else one.text


def _said(each: office.ForSide) -> str | None:
    """What the text says that meets a row, in a line; None where it is met by something else."""
    told = "; ".join(f"{_(office.says(one))}: {_plain(one)}" for one in each.says)
    return f"{why(each.why)} {told}" if told else None


def _conditions(each: office.ForSide) -> str | None:
    """The conditions on which a row is met, as the record words them; None where there are none."""
    return f"{_('Conditions')}: {'; '.join(each.conditions)}" if each.conditions else None


def _link(names: Names, link: str) -> Markup:
    """A record by its name, as a link where it has a page for who reads."""
    url, name = names.url(link), shown.text(names.title(link))
    return Markup('<a href="{}">{}</a>').format(url, name) if url else escape(name)


def cell(each: office.ForSide, names: Names) -> Markup:
    """How a row stands for a side: the state, why, and what shows it."""
    told = [each.registry, each.reason, each.authority]
    held = [_link(names, link) for link in each.links]
    said: list[str] = [escape(f"{state_words(each.state)}: {why(each.why)}")]
    said += [shown.text(one) for one in told if one]
    for one in each.says:
        told_so = _plain(one).removesuffix(".")
        said.append(Markup("{}: {}.").format(_(office.says(one)), told_so if one.code else shown.text(told_so)))
    said += [Markup("{}: {}").format(_("Conditions"), shown.text(one)) for one in each.conditions]
    if each.until:
        said.append(escape(_("Good until %(date)s.")) % {"date": shown.macro("value", "when", each.until)})
    return Markup(" ").join([*said, *([Markup(", ").join(held)] if held else [])])


def _row(row: office.Gate, names: Names) -> Row:
    by_side = {each.side: cell(each, names) for each in row.sides}
    if "" in by_side:  # asked once: neither side has answered it for itself
        by_side[""] = Markup("{}, {}").format(_("For both at once"), by_side[""])
    waiver = _("Both may agree to go on without it.") if row.waivable else _("It may not be waived.")
    return {
        "what": _(row.words),
        "IND": by_side.get("IND", by_side.get("", _("not asked"))),
        "USA": by_side.get("USA", by_side.get("", _("not asked"))),
        "who": f"{_(row.who)}. {waiver}",
        "rests": f"{_(row.basis)} ({firm(row.confidence, Version.named(row.version))})",
    }


def entered(entering: list[stages.Entering], names: Names) -> list[Section]:
    """The stages that a text enters, with what answers each row of theirs."""
    return [
        Section(
            words.heading(each.stage),
            escape(_("Entered on %(date)s.")) % {"date": shown.macro("value", "when", each.on)},
            [_row(row, names) for row in each.rows],
        )
        for each in entering
    ]


def asked_by_text(request: HttpRequest, asking: Asking, record: str, content: Stored | None) -> list[Section]:
    """The stages that a text enters which is about to be bound to, row by row; none where it is no project's."""
    found = stages.of_text(asking, record, content)
    names = Names.of(request, Moment()).learn(
        link for each in found for row in each.rows for side in row.sides for link in side.links
    )
    return entered(found, names)


def sections(found: office.Gates, names: Names) -> list[Section]:
    """The stages of a project with their rows."""
    behind = office.SPINE.index(found.stage) if found.stage else -1
    made = []
    for stage, rows in groupby(found.rows, key=lambda row: row.stage):
        place = office.SPINE.index(stage)
        note: str | Markup = _("Entered.") if place <= behind else _("Next.") if stage == found.next else ""
        if place <= behind and (early := found.early.get(stage)):
            note = escape(
                _(
                    "Entered on %(day)s, before this version of the procedure was in use (%(since)s): its rows are "
                    "asked all the same, and what was asked then is not known here."
                )
            ) % {"day": shown.macro("value", "when", early), "since": shown.macro("value", "when", found.effective)}
        made.append(Section(words.heading(stage), note, [_row(each, names) for each in rows]))
    return made


def columns(mine: str) -> list[dict[str, str]]:
    """The columns of a table of rows, own side first."""
    sides = [mine, facing(mine)]
    return [
        {"key": "what", "label": _("What is asked")},
        *({"key": side, "label": shown.side_name(side)} for side in sides),
        {"key": "who", "label": _("Who can answer")},
        {"key": "rests", "label": _("Why it is asked")},
    ]
