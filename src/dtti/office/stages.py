"""A project enters its next stage: which that is, what it asks for as a draft has it, answers put into the text.

One reading for the form that enters a stage and for the page on which such a text is agreed to. No rule of its own:
what a stage asks for is judged by the interpreter of the SOP, beside the records on which the write path rests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger.store import RELEASED
from dtti.node.core import context as contexts
from dtti.node.record.read import Listed
from dtti.programme.judging import judge_body
from dtti.programme.kind import Held
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.sop import checklist as interpreter
from dtti.programme.sop.evidence import FIELDS, agreed_closure
from dtti.programme.sop.spine import SPINE, WORDS, Stage
from dtti.programme.sop.versions import LATEST, How, Rule, version

from . import drafts
from .asking import Asking, Stored
from .gates import Gate, gate, pointed

__all__ = ["WORDS", "Project", "Rule", "Stage"]

KIND: Final = PROJECT.code
#: What follows the field of a fact that answers a row, where the text of a project holds it in a row or in a list.
_WITHIN: Final = {
    "sponsors": "__0__organisation",
    "transitions": "__0__path",
    "horizons": "__0__statement",
    "outcome": "__code",
    **dict.fromkeys(("needs", "continues", "enablers", "agreements", "release_questions"), "__0"),
}
#: Where a fact that answers a row stands in the text of a project, by the way in which it is looked for. That enablers
#: are in force is no fact of that text.
FACTS: Final[Mapping[How, str]] = {
    how: f"{field}{_WITHIN.get(field, '')}" for how, field in FIELDS.items() if how != "enablers"
}


class Key(msgspec.Struct, frozen=True):
    """A row of the checklist for one side; for both at once where `side` is empty."""

    row: str
    side: str = ""

    def __str__(self) -> str:
        return f"{self.row}__{self.side or 'both'}"

    @staticmethod
    def of(name: str) -> Key:
        """The key that stands in an address or a form."""
        row, _between, side = name.partition("__")
        return Key(row, side if side in ("IND", "USA") else "")


class Entering(msgspec.Struct, frozen=True):
    """A stage that a text enters anew, the day, what is asked for it, and the refusal for each row that is open."""

    stage: Stage
    on: str
    rows: list[Gate]
    against: dict[str, Refusal]


def may(asking: Asking, row: Listed) -> None:
    """Refused where this side cannot take the project further now: it is the other side's turn, or an answer is due."""
    if row.notices:
        raise Refused(
            refuse(
                "stage-suspended",
                "The project is suspended, or a side has withdrawn from it.",
                "The side that suspended it resumes it first.",
            )
        )
    offer = asking.node.book.view(row.record).offer
    ours = offer is not None and offer.side == asking.mine
    drafts.our_turn(
        asking,
        row,
        open_offer=refuse(
            "stage-open",
            "An offer of the project waits for the answer of the other side.",
            "Wait until the other side has agreed to it or sent it back, or withdraw it on the page of its text.",
        )
        if ours
        else refuse(
            "stage-open",
            "An offer of the other side on the project waits for the answer of your side.",
            "On the page of its text, agree to the offer or send it back.",
        ),
        theirs=refuse(
            "stage-pen",
            "It is the other side's turn to draft the text of the project.",
            "On the page of its text, press “Ask for the text”, and wait until the other side hands over the drafting.",
        ),
    )


def next_stage(stands: Stored, content: Stored, *, ended: bool = False) -> Stage | None:
    """The stage that a draft enters already, else the one after the last of the text that stands; None after it.

    `ended`: both have agreed a closure, so that it is closed from wherever it stands.
    """
    behind, typed = _stages(stands), _stages(content)
    begun = [stage for stage in SPINE if stage in typed and stage not in behind]
    entered = [stage for stage in SPINE if stage in behind]
    if begun:
        return begun[-1]
    after = interpreter.following(entered[-1] if entered else None)
    return "closing" if ended and after and SPINE.index(after) < SPINE.index("closing") else after


def ended(asking: Asking, record: str, content: Stored) -> bool:
    """Whether both have agreed a closure of the project whose text this is."""
    read = judge_body(KIND, content).content
    held = contexts.beside(asking.node, record).held
    return isinstance(read, Project) and agreed_closure(read, held) is not None


def _stages(content: Stored) -> list[str]:
    return [str(each.get("stage", "")) for each in content.get("stages", ())]


def entered_on(content: Stored, stage: Stage) -> str:
    """The day on which a text enters a stage; empty where it does not."""
    return next((str(each.get("entered", "")) for each in content.get("stages", ()) if each.get("stage") == stage), "")


def enter(stands: Stored, content: Stored, stage: Stage, on: str) -> Stored:
    """The text with the stage entered on a day, under the version that it names or else the latest.

    Answers that it gives anew to rows of that stage, or of one that it leaves out, are of that day.
    """
    stages = [dict(each) for each in content.get("stages", ()) if each.get("stage") != stage]
    sop = content.get("sop") or LATEST
    entered = {each.get("stage") for each in stages}
    upto = [each for each in SPINE[: SPINE.index(stage) + 1] if each not in entered]
    asked = [name for name, rule in version(sop).rows.items() if rule.stage in upto]
    given = [dict(each) for each in content.get("checklist", ())]
    stand = [dict(each) for each in stands.get("checklist", ())]
    answers = [{**each, "on": on} if each.get("row") in asked and each not in stand else each for each in given]
    made = {**content, "sop": sop, "stages": [*stages, {"stage": stage, "entered": on}]}
    return {**made, "checklist": answers} if answers else made


def rule_of(content: Stored, key: Key) -> Rule | None:
    """The row of a version that a key names; None where that asks no such thing, or not of that side."""
    rule = version(content.get("sop")).rows.get(key.row)
    return rule if rule is not None and key.side in (rule.sides or ("",)) else None


def given(content: Stored, stage: Stage, key: Key) -> Stored:
    """The answer that a text gives to a row and that is good when it enters the stage; empty where it gives none."""
    on = _day(content, stage, key)
    found = [each for each in content.get("checklist", ()) if _good(each, key, on)]
    return dict(found[-1]) if found else {}


def _day(content: Stored, stage: Stage, key: Key) -> str:
    """The day on which a row is asked for: that of its own stage, else of the one that is entered."""
    rule = rule_of(content, key)
    return (entered_on(content, rule.stage) if rule else "") or entered_on(content, stage)


def asked_for(content: Stored, stage: Stage, key: Key) -> Rule | None:
    """The row that a key names, where it is asked for before the stage is left; None for others."""
    rule = rule_of(content, key)
    return rule if rule is not None and SPINE.index(rule.stage) <= SPINE.index(stage) else None


def _good(answer: Mapping[str, Any], key: Key, on: str) -> bool:
    """Whether it answers a row and is not certainly past on a day, as dates are stored."""
    mine = (answer.get("row"), answer.get("side") or "") == (key.row, key.side)
    return mine and not (answer.get("until") and str(answer["until"]) < on)


def answered(content: Stored, stage: Stage, key: Key, answer: Stored) -> Stored:
    """The text with an answer to a row, in place of the one that is good that day; what is past stays."""
    on = _day(content, stage, key)
    others = [dict(each) for each in content.get("checklist", ()) if not _good(each, key, on)]
    mine = {"row": key.row, **({"side": key.side} if key.side else {}), **answer, "on": on}
    return {**content, "checklist": [*others, {name: value for name, value in mine.items() if value}]}


def said(asking: Asking, record: str, content: Stored, key: Key, value: str) -> Stored:
    """The text with the fact that answers a row: whatever else it says there stays."""
    rule = rule_of(content, key)
    field, _at, member = FACTS[rule.how].partition("__") if rule else ("", "", "")
    held = content.get(field)
    if field in ("sponsors", "transitions"):
        others = [dict(each) for each in held or () if each.get("side") != key.side]
        return {**content, field: [*others, {"side": key.side, member.removeprefix("0__"): value}]}
    if field == "horizons":
        line = _line(contexts.beside(asking.node, record).held, value, str(content.get("ref", "")))
        others = [dict(each) for each in held or () if each.get("statement") != value]
        return {**content, field: [*others, {"statement": value, **line}]}
    if member == "0":
        return {**content, field: list(dict.fromkeys([*(held or ()), value]))}
    return {**content, field: {**(held or {}), member: value} if member else value}


def _line(held: Held, statement: str, project: str) -> Stored:
    """The horizon and the date that a Statement of Intent gives a project; empty where it has no line of it."""
    found = held("instrument", statement)
    lines = found[0].lines if found and isinstance(found[0], Instrument) else ()
    line = next((each for each in lines if each.project == project), None)
    if line is None:
        return {}
    return {"horizon": line.horizon, **({"promised": str(line.promised)} if line.promised else {})}


def entering(asking: Asking, record: str, project: Project) -> list[Entering]:
    """The stages that a text of a project enters anew, with their rows as the write path judges them here and now."""
    beside = contexts.beside(asking.node, record)
    before = beside.both if isinstance(beside.both, Project) else None
    procedure, made = interpreter.procedure_of(project), []
    for entry in interpreter.anew(project, before):
        asked = interpreter.asked_by(project, entry, beside.held)
        rows = interpreter.checklist(project, beside.held, asked, on=entry.entered.latest)
        against = {
            str(Key(row.name, each.side)): interpreter.missing(row.rule.stage, row, each)
            for row in rows
            for each in row.asked
            if each.state == "open"
        }
        told = pointed(asking, project, rows)
        made.append(Entering(entry.stage, str(entry.entered), [gate(row, procedure) for row in told], against))
    return made


def of_text(asking: Asking, record: str, content: Stored | None) -> list[Entering]:
    """The stages that a text enters which is about to be bound to; none where it is no text of a project, or unread."""
    if content is None or record.partition("/")[0] != KIND:
        return []
    read = judge_body(KIND, content).content
    return entering(asking, record, read) if isinstance(read, Project) else []


def against(asking: Asking, record: str, content: Stored) -> tuple[Refusal, ...]:
    """What the rules say against the text, beside what its stages still ask for."""
    found = drafts.against(asking, record, content, "own", ledger=RELEASED, group="")
    return tuple(each for each in found if each.rule != "sop-gate")
