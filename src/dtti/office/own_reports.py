"""A reading, a final assessment, or a report on one milestone, as a short form puts it together. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from dtti.accord.refusal import Refusal
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import context as contexts
from dtti.programme.delays import delays
from dtti.programme.judging import judge_body
from dtti.programme.kind import Context
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.measurement import MEASUREMENT
from dtti.programme.kinds.plan import Plan
from dtti.programme.kinds.plan_report import PLAN_REPORT
from dtti.programme.kinds.success_definition import SuccessDefinition, SuccessMeasure

from . import drafts, reports
from .asking import Asking, Stored

__all__ = ["MEASUREMENT", "PLAN_REPORT", "Plan", "SuccessDefinition", "delays"]
#: What stands for an answer that is missing, so that the rules can say at once what else is.
_UNSAID: Final[Mapping[str, str]] = {"date": "1900", "of_measure": "-", "final": "failure"}


def measure_of(definition: SuccessDefinition, identity: str) -> SuccessMeasure | None:
    """The measure of that number, or of those words where it has none."""
    return next((each for each in definition.measures if each.identity == identity), None)


def reading(
    asking: Asking, definition: SuccessDefinition, office: str, holder: str, given: Mapping[str, str]
) -> Stored:
    """The content of a reading by the holder of an office (its reference): of a measure, or the final assessment."""
    measure = measure_of(definition, given.get("of_measure", ""))
    document = _document(given, "document")
    said = {name: given[name] for name in ("of_measure", "date", "value", "found", "final", "evidence", "note")
            if given.get(name)}  # fmt: skip
    return {
        "ref": _ref(asking, MEASUREMENT.code, definition.ref),
        "side": asking.mine,
        "project": definition.project,
        "definition": definition.ref,
        "office": office,
        "holder": holder,
        **said,
        **({"unit": measure.unit} if measure and measure.unit and given.get("value") else {}),
        **({"document": document} if document else {}),
    }


def milestone(asking: Asking, plan: Plan, office: str, holder: str, given: Mapping[str, str]) -> Stored:
    """The content of a report on one milestone of a plan by the holder of an office (its reference)."""
    at = "milestones__0__"
    row: dict[str, Any] = {
        name: given[f"{at}{name}"]
        for name in ("milestone", "forecast", "actual", "reason", "why", "evidence")
        if given.get(f"{at}{name}")
    }
    document = _document(given, f"{at}document")
    return {
        "ref": _ref(asking, PLAN_REPORT.code, plan.ref),
        "side": asking.mine,
        "project": plan.project,
        "plan": plan.ref,
        "office": office,
        "holder": holder,
        **({"date": given["date"]} if given.get("date") else {}),
        "milestones": [{**row, **({"document": document} if document else {})}],
    }


def _document(given: Mapping[str, str], at: str) -> Stored:
    return {name: given[f"{at}__{name}"] for name in ("title", "number", "held_by") if given.get(f"{at}__{name}")}


def _ref(asking: Asking, kind: str, about: str) -> str:
    """A readable reference that no record of this kind has yet."""
    begun = f"{about[:60].strip('-/_')}-{asking.mine.lower()}"
    taken = {each.ref for each in reports.records(asking).of(kind)}
    return next(ref for count in range(1, 10_000) if (ref := f"{begun}-{count}") not in taken)


def against(
    asking: Asking,
    record: str,
    stored: Stored,
    office: str,
    missing: Collection[str] = (),
    *,
    national: bool,
    group: str = "",
) -> list[Refusal]:
    """All that the rules say against it, each with its field; what lacks an answer is judged as far as it goes.

    `missing`: questions of the form that were not answered, which is said of them already.
    """
    kind = record.partition("/")[0]
    filled = {**stored, **{name: value for name, value in _UNSAID.items() if name in missing}}
    judged = judge_body(kind, filled, Context(author=asking.mine))
    if judged.content is None:
        return []  # what cannot be read yet is said by the form of the answers
    ledger = NATIONAL if national else RELEASED
    found = [
        *drafts.against(asking, record, KINDS[kind].write(judged.content), "own", ledger=ledger, group=group),
        *contexts.lacking(asking.node, record, judged.content, office),
    ]
    said = list({(each.rule, each.field, each.reason): each for each in found}.values())
    return [each for each in said if each.field.replace(".", "__") not in missing]
