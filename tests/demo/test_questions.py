"""The questions put to the public record, answered from a node's own data by the reports behind `dtti report`."""

from datetime import date
from typing import Any

import msgspec
import pytest

from dtti.demo.exercise import Exercise
from dtti.demo.pair import Pair
from dtti.node.core.visibility import Viewer
from dtti.node.record import reporting
from tests.programme.support import at
from tests.programme.test_docs import QUESTIONS, alike, questions

pytestmark = pytest.mark.xdist_group("demo")


@pytest.mark.parametrize("question", questions(), ids=lambda each: each["id"])
def test_a_node_answers_the_question(staged: tuple[Pair, Exercise], question: dict[str, Any]) -> None:
    name, on, body, pointer = (cell.strip("`") for cell in QUESTIONS[question["id"]])
    node = staged[0].nodes["IND"]
    day = date.fromisoformat(on) if on else None
    made = reporting.report(node, Viewer("IND"), name, on=day, body=body or None)
    answer = at(msgspec.to_builtins(made), pointer)
    assert alike(answer, question["answer"]), f"{answer!r} instead of {question['answer']!r}"
    assert not any(alike(answer, wrong) for wrong in question.get("wrong_answers", []))
