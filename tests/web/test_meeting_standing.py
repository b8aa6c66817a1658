"""Where the record of discussion stands: by the grade of its text, whatever the text says of itself."""

import pytest

from dtti.node.record.read import Listed
from dtti.office.meetings import record_text
from dtti.programme.kinds.meeting import MEETING


def meeting(*phases: str) -> object:
    content = {"ref": "m-1", "body": "dtti-group", "status": "held", "mode": "virtual", "date": "2026-11-10"}
    if phases:
        content |= {"discussion": phases[-1], "phases": [{"phase": each} for each in phases]}
    return MEETING.read(content)


def row(grade: str) -> Listed:
    empty = dict.fromkeys(Listed.__struct_fields__, "")
    return Listed(**{**empty, "grade": grade})


@pytest.mark.parametrize(
    ("grade", "phases", "stands"),
    [
        ("", ("drafted", "circulated", "agreed"), "circulated"),
        ("", ("drafted", "agreed", "locked"), "drafted"),
        ("stated", ("drafted", "agreed"), "drafted"),
        ("agreed_here", ("drafted", "circulated"), "agreed"),
        ("on_paper", ("drafted",), "agreed"),
        ("agreed_here", ("drafted", "agreed", "locked"), "locked"),
        ("agreed_here", ("drafted", "circulated", "no-comment"), "no-comment"),
        ("agreed_here", (), None),
        ("published", ("drafted", "agreed"), "agreed"),
        ("recorded", ("drafted", "agreed"), "agreed"),
    ],
)
def test_it_is_agreed_where_both_hold_it_and_nowhere_else(grade: str, phases: tuple[str, ...], stands: str) -> None:
    assert record_text.phase(meeting(*phases), row(grade)) == stands  # type: ignore[arg-type]
