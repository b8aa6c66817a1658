"""Projects: where one stands among the seven stages, whose turn it was, and what waits."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from dtti.office import projects, waits
from dtti.programme.kinds import KINDS


def project(**stored: Any) -> projects.Project:
    made = KINDS["project"].read({"ref": "p", "name": "P", "in_dtti": True, "first_named": "2027", **stored})
    assert isinstance(made, projects.Project)
    return made


@pytest.mark.parametrize(
    ("stage", "place"), [("", -1), ("proposed", 0), ("screened", 0), ("listed", 2), ("text-agreed", 3), ("closed", 6)]
)
def test_a_stage_of_the_spine_belongs_to_one_of_the_seven(stage: str, place: int) -> None:
    assert projects.shown_stage(stage) == place


def test_the_stages_on_a_day_are_those_entered_by_then() -> None:
    cite = {"sources": ["S1"], "confidence": "sourced"}
    entered = [{"stage": "proposed", "entered": "2027-01-05"}, {"stage": "listed", "entered": "2027-06-01"}]
    content = project(stages=[{**each, "cite": cite} for each in entered])
    assert [(each.state, each.since) for each in projects.stages(content, date(2027, 3, 1))][:3] == [
        ("now", "2027-01-05"),
        ("next", ""),
        ("next", ""),
    ]
    assert [each.state for each in projects.stages(content, None)] == ["done", "done", "now", *["next"] * 4]
    assert {each.state for each in projects.stages(project(), None)} == {"next"}


def test_a_spell_is_whole_days_and_never_below_none() -> None:
    noon = datetime(2027, 3, 4, 12, tzinfo=UTC)
    assert waits.spell("2027-03-01T13:00:00Z", noon) == 2
    assert waits.spell("2027-03-05T00:00:00Z", noon) == 0
