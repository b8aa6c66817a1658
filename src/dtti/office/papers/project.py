"""A project on one page: its aim, its stage and what that asks for, what success means, whose court it has been in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, Literal, TypeVar

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import SIDES, Language, Words
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.language.refusals import refusal_in
from dtti.office import gates, projects, standing_words
from dtti.office.projects import OneProject, Project, Spell
from dtti.office.standing import standing
from dtti.papers.charts.court import Court
from dtti.papers.charts.court import Spell as Drawn
from dtti.papers.data.project import Measure, OnePager, Step
from dtti.programme import kinds

from .material import Material, in_both, known_day, recorded, said, side_words

_WHY: Final = {"offer": N_("a text waits for an answer"), "request": N_("the text is asked for")}
_MOST_ROWS, _MOST_LETTERS = 6, 240
Some = TypeVar("Some")


def one_pager(material: Material) -> OnePager:
    """The page of a project, as paper."""
    content = material.content
    if not isinstance(content, Project):
        raise TypeError(type(content))
    one = projects.project(material.asking, material.row, content)
    now = next((each for each in one.stages if each.state == "now"), None)
    if now is None:
        raise Refused(
            refuse(
                "paper-material",
                "No stage of the procedure is recorded for this project, and its page is drawn along the stages.",
                "Record the stage it has reached, or print the page of the project.",
            )
        )
    day = material.asking.moment.today
    name = material.called(material.row)
    held = gates.gates(material.asking, material.row, content)
    gate = tuple(_steps(material, held))[:_MOST_ROWS]
    measures = _measures(material, one)
    body = material.name(f"body:{content.body}") if content.body else said(N_("not known"))
    court = _court(name, one.court, day)
    steps = {side: tuple(_own_steps(content, side)) for side in SIDES}
    return OnePager(
        head=material.head(name, "one-pager", status=material.grade(), files=content.file_numbers),
        ref=content.ref,
        aim=_short(content.purpose) if content.purpose else said(N_("What it is for is not recorded.")),
        body=body,
        stage=next(stage for stage, _first in projects.SHOWN_STAGES if stage == now.name),
        as_of=day.isoformat(),
        standing=_standing(material, content),
        gate=gate,
        steps={side: rows for side, rows in steps.items() if rows},
        measures=measures,
        court=court,
        next=_next(one),
    )


def _short(text: str) -> Words:
    """Recorded text as far as a line or two of a page hold it; that it goes on is shown."""
    return recorded(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1].rsplit(" ", 1)[0] + "…"


def _steps(material: Material, held: gates.Gates) -> Iterator[Step]:
    """What is asked next, a line for each side of which it is asked."""
    material.rows(link for row in held.pressing for each in row.sides for link in each.evidence)
    for row in held.pressing:
        for each in row.sides:
            side = next((side for side in SIDES if side == each.side), None)
            met = each.state in ("met", "not-applicable")
            note = recorded(". ".join(filter(None, (each.reason, each.authority)))) if each.state == "waived" else None
            note = note or _said(each)
            state: Literal["met", "open", "waived"] = "waived" if each.state == "waived" else "met" if met else "open"
            yield Step(what=said(row.words), state=state, waits_on=side if state == "open" else None, note=note)


def _said(each: gates.ForSide) -> Words | None:
    """What the project's own text says that meets a row; None where it is met by something else."""
    if not each.says:
        return None

    def told(language: Language) -> str:
        return "; ".join(
            f"{translate(gates.says(one), language)}: {_word(one, language) if one.code else one.text}"
            for one in each.says
        )

    return in_both(lambda language: _cut(f"{refusal_in(language, each.why)} {told(language)}"))


def _word(one: gates.Said, language: Language) -> str:
    """The words of a code of a project."""
    words = kinds.CODED.get(f"Project.{one.field}", {}).get(one.text) or kinds.word(one.text, gates.PROJECT.code)
    return translate(words, language) if words else one.text.replace("-", " ")


def _own_steps(content: Project, side: str) -> Iterator[Step]:
    """What the record says of one side: who speaks for it there, and how it means to bring it into service."""
    for sponsor in content.sponsors:
        if sponsor.side == side:
            yield Step(what=said(N_("Sponsor: %(who)s"), who=sponsor.organisation), state="met")
    for each in content.transitions:
        if each.side == side:
            yield Step(what=said(N_("Path into service")), state="met", note=_short(each.path))


def _measures(material: Material, one: OneProject) -> tuple[Measure, ...]:
    if one.definition is None:
        return ()
    material.use(one.definition.row)
    made = []
    for each in one.definition.content.get("measures", [])[:_MOST_ROWS]:
        unit = f" {each['unit']}" if each.get("unit") else ""
        when = projects.day_of(each.get("by"))
        made.append(
            Measure(
                name=_short(each["name"]),
                target=recorded(each["target"] + unit) if each.get("target") else said(N_("not known")),
                baseline=recorded(each["baseline"]) if each.get("baseline") else None,
                by=known_day(when),
            )
        )
    return tuple(made)


def _court(name: Words, spells: list[Spell], day: date) -> Court | None:
    if not spells:
        return None
    return Court(
        subject=name,
        as_of=max(day, date.fromisoformat(spells[-1].end)),
        spells=tuple(
            Drawn(
                side=next((side for side in SIDES if side == each.side), None),
                from_=date.fromisoformat(each.start),
                to=date.fromisoformat(each.end),
                why=said(_WHY[each.why]) if each.why in _WHY else None,
                days=each.days,
            )
            for each in spells
        ),
    )


def _standing(material: Material, content: Project) -> Words:
    stands = standing(material.asking, material.row, content)
    return in_both(lambda language: standing_words.said(stands, language)) if stands else said(N_("not known"))


def _next(one: OneProject) -> Words | None:
    """Whose turn it is."""
    if one.pressing is None:
        return None
    wait = one.pressing.wait
    return said(
        N_("It is the turn of %(side)s, for %(days)s days."), side=side_words(wait.on, inside=True), days=wait.days
    )
