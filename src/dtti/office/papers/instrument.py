"""Papers of an instrument: its text, and a Statement of Intent, in two originals of which each names its side first."""

from __future__ import annotations

import re
from typing import Final, Literal

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import SIDES, Party, Passage, Side, Words
from dtti.language import names
from dtti.language.marking import N_
from dtti.papers.data.instrument import Clause as PaperClause
from dtti.papers.data.instrument import Instrument as Text
from dtti.papers.data.intent import Intended, StatementOfIntent
from dtti.programme.kinds.instrument import Clause, Instrument, IntentLine

from .material import Material, in_both, known_day, recorded, said

_GOVERNMENTS: Final = {
    "IND": N_("the Government of the Republic of India"),
    "USA": N_("the Government of the United States of America"),
}
_BRACKETS: Final[dict[str, Side | None]] = {"agreed": None, "bracketed-ind": "IND", "bracketed-usa": "USA"}


def content_of(material: Material) -> Instrument:
    """The instrument that papers are made of."""
    if not isinstance(material.content, Instrument):
        raise TypeError(type(material.content))
    return material.content


def _parties(material: Material) -> dict[Side, Party]:
    """Both governments, with who signs for them and the number under which each files the text."""
    content = content_of(material)
    numbers = {each.side: each.number for each in content.file_numbers}
    signing = {each.side: each for each in content.signatories}
    made: dict[Side, Party] = {}
    for side in SIDES:
        who = signing.get(side)
        made[side] = Party(
            name=said(_GOVERNMENTS[side]),
            short=in_both(lambda each, side=side: names.side_named(side, each, inside=True)),  # type: ignore[misc]
            signatory=who.name if who else "",
            office=material.office(who.office) if who else None,
            file_number=numbers.get(side, ""),
        )
    return made


def _preamble(content: Instrument) -> Words:
    """The names of both sides, in the order of the original at hand, and what the text says after them."""
    said_after = recorded(content.preamble) if content.preamble else None
    if said_after is None:
        return Words("{parties}:", "{parties}:")
    return Words(
        en=f"{{parties}}, {said_after.en}" if said_after.en else "",
        hi=f"{{parties}}, {said_after.hi}" if said_after.hi else "",
    )


def _clause(clause: Clause) -> PaperClause:
    if clause.state not in _BRACKETS:
        raise Refused(
            refuse(
                "paper-brackets",
                f"Clause {clause.number} is in brackets by both sides, and whose words stand in it is not recorded.",
                "Give the words of each side as a clause of its own, bracketed by that side.",
            )
        )
    return PaperClause(
        key=f"clause-{clause.number}",
        number=clause.number,
        passages=(Passage(recorded(clause.text), _BRACKETS[clause.state]),),
        heading=recorded(clause.heading) if clause.heading else None,
        level=_level(clause.number),
    )


def _level(number: str) -> Literal[1, 2, 3]:
    parts = len(re.findall(r"\d+|\([a-z]+\)", number))
    return 1 if parts <= 1 else 2 if parts == 2 else 3


def instrument(material: Material) -> Text:
    """The text of an instrument, clause by clause, with brackets by side."""
    content = content_of(material)
    if not content.clauses:
        raise Refused(
            refuse(
                "paper-material",
                "The record holds no clause of this instrument.",
                "Draft its clauses here, or attach the signed paper.",
            )
        )
    return Text(
        type=recorded(content.type.replace("-", " ").capitalize()),
        reference=material.reference("text"),
        title=recorded(content.name),
        preamble=_preamble(content),
        parties=_parties(material),
        clauses=tuple(_clause(each) for each in content.clauses),
        closing=recorded(content.closing) if content.closing else None,
        digest=material.digest,
        place=recorded(content.place) if content.place else None,
        date=content.signed.day if content.signed else None,
        status=material.grade(),
        label=material.label(),
    )


def statement_of_intent(material: Material) -> StatementOfIntent:
    """A Statement of Intent, each line beside what the statement before it promised."""
    content = content_of(material)
    if content.lines_known is False:
        raise Refused(
            refuse(
                "paper-material",
                "The list of this statement was not published, so its paper cannot be made.",
                "Record its lines from the signed paper.",
            )
        )
    before = _before(material, content)
    projects = [_line(material, number, line, before) for number, line in enumerate(content.lines, 1)]
    if before is not None:
        gone = [line for project, line in before.items() if project not in {each.project for each in content.lines}]
        projects += [
            Intended(
                number=str(number),
                project=material.name(f"project:{line.project}"),
                horizon=line.horizon,
                change="dropped",
                before=known_day(line.promised),
            )
            for number, line in enumerate(gone, len(projects) + 1)
        ]
    parties = _parties(material)
    head = material.head(
        recorded(content.name), "statement", date=content.signed, place=content.place, status=material.grade(),
        files=content.file_numbers, original=True,
    )  # fmt: skip
    return StatementOfIntent(
        head=head,
        version=str(material.row.number or 1),
        parties=parties,
        preamble=_preamble(content),
        projects=tuple(projects),
        paragraphs=tuple(recorded(each.text) for each in content.clauses),
        closing=recorded(content.closing) if content.closing else None,
        digest=material.digest,
    )


def _before(material: Material, content: Instrument) -> dict[str, IntentLine] | None:
    """The lines of the statement before this one, by project; None where there is none, or its list is not known."""
    link = f"instrument:{content.predecessor}"
    row = material.rows([link]).get(link) if content.predecessor else None
    found = material.asking.contents([row]).get(row.record) if row else None
    if not isinstance(found, Instrument) or not found.lines_known:
        return None
    return {line.project: line for line in found.lines}


def _line(material: Material, number: int, line: IntentLine, before: dict[str, IntentLine] | None) -> Intended:
    earlier = before.get(line.project) if before is not None else None
    moved = earlier is not None and (earlier.horizon, earlier.promised) != (line.horizon, line.promised)
    name = f"project:{line.project}"
    project = material.rows([name]).get(name)
    return Intended(
        number=str(number),
        project=material.name(name),
        horizon=line.horizon,
        body=material.name(f"body:{project.body}") if project and project.body else None,
        promised=known_day(line.promised),
        change="new" if before is not None and earlier is None else "moved" if moved else "kept",
        before=known_day(earlier.promised) if earlier else None,
        note=recorded(line.note) if line.note else None,
    )
