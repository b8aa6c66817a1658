"""The pages docs/kinds.md and docs/reports.md hold what the code holds; the questions they list are answered."""

import re
from datetime import date
from itertools import dropwhile, takewhile
from typing import Any

import msgspec
import pytest

from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.reports import REPORTS
from dtti.programme.values import Cite

from .support import ROOT, at, history, needs_history, public_record, report

KINDS_PAGE = ROOT / "docs" / "kinds.md"
REPORTS_PAGE = ROOT / "docs" / "reports.md"

#: Members that every report has; docs/reports.md says what they are once.
COMMON = (
    *("report", "on", "body", "method", "differences_touching", "uses", "sources", "later_sources", "confidence"),
    "grades",
    "tallies",
)


def table(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table after a heading, its head apart."""
    lines = page.split(f"\n{heading}\n", 1)[1].splitlines()
    lines = list(takewhile(lambda line: line.startswith("|"), dropwhile(lambda line: not line.startswith("|"), lines)))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def fields(struct: type[msgspec.Struct]) -> str:
    """Fields in order, each required one in bold."""
    named = []
    for field in msgspec.structs.fields(struct):
        required = field.default is msgspec.NODEFAULT and field.default_factory is msgspec.NODEFAULT
        named.append(f"**{field.name}**" if required else field.name)
    return ", ".join(named)


def kind_rows() -> list[list[str]]:
    return [[f"`{kind.code}`", kind.face.one, kind.mode, kind.writers, fields(kind.content)] for kind in KINDS.values()]


def parts() -> dict[type[msgspec.Struct], list[str]]:
    """Every struct that stands inside a content, with the places where it stands."""
    found: dict[type[msgspec.Struct], list[str]] = {}

    def look(declared: Any, place: str) -> None:
        if isinstance(declared, msgspec.inspect.StructType) and declared.cls is not Cite:
            found.setdefault(declared.cls, []).append(place)
            for field in declared.fields:
                look(field.type, f"{place}.{field.name}")
        for inner in (*getattr(declared, "types", ()), getattr(declared, "item_type", None)):
            if inner is not None:
                look(inner, place)

    for kind in KINDS.values():
        for field in msgspec.inspect.type_info(kind.content).fields:  # type: ignore[attr-defined]
            look(field.type, f"{kind.code}.{field.name}")
    return found


def part_rows() -> list[list[str]]:
    return [[f"`{struct.__name__}`", ", ".join(places), fields(struct)] for struct, places in parts().items()]


def test_the_table_of_kinds_is_the_registry() -> None:
    assert table(KINDS_PAGE.read_text(), "## Kinds") == kind_rows()


def test_the_table_of_parts_is_what_contents_hold() -> None:
    assert table(KINDS_PAGE.read_text(), "## Parts of contents") == part_rows()


def test_every_content_and_part_says_what_it_is() -> None:
    for struct in [kind.content for kind in KINDS.values()] + list(parts()):
        assert struct.__doc__
        assert struct.__doc__ != Content.__doc__


def test_the_table_of_reports_is_the_registry_and_lists_what_each_holds() -> None:
    records = public_record()
    expected = [
        [
            f"`{each.name}`",
            each.answers,
            "yes" if each.takes_body else "no",
            ", ".join(member for member in report(each.name, records, on=date(2021, 12, 1)) if member not in COMMON),
        ]
        for each in REPORTS.values()
    ]
    assert table(REPORTS_PAGE.read_text(), "## Reports") == expected


def test_the_members_that_every_report_has_are_those_documented() -> None:
    assert tuple(re.findall(r"^- `(\w+)`", REPORTS_PAGE.read_text(), re.M)) == COMMON


# --- Questions -------------------------------------------------------------------------------------------------------

QUESTIONS = {
    row[0].strip("`"): row[1:] for row in table(REPORTS_PAGE.read_text(), "## Questions and where they are answered")
}
FILES = {
    "bodies": "body",
    "contradictions": "difference",
}


def answered(question: str) -> tuple[Any, dict[str, Any]]:
    name, on, body, pointer = (cell.strip("`") for cell in QUESTIONS[question])
    made = report(name, public_record(), on=date.fromisoformat(on) if on else None, body=body or None)
    return at(made, pointer), made


def link(file_and_id: str) -> str:
    file, _, ref = file_and_id.partition(":")
    return f"roster:{ref}" if ref.startswith("roster-") else f"{FILES.get(file, file.removesuffix('s'))}:{ref}"


def alike(answer: Any, expected: Any) -> bool:
    """Equal; a list of texts that is given sorted is a set, and its order says nothing."""
    texts = isinstance(answer, list) and isinstance(expected, list) and all(isinstance(each, str) for each in expected)
    if texts and expected == sorted(expected):
        return bool(sorted(answer) == expected)
    return type(answer) is type(expected) and bool(answer == expected)


def questions() -> list[dict[str, Any]]:
    return history("expected.toml")["expected"] if (ROOT.parent / "shared" / "history").is_dir() else []


def test_the_further_questions_have_their_places_too() -> None:
    page = REPORTS_PAGE.read_text()
    rows = table(page, "Others like them are answered the same way, for example:")
    assert len(rows) == 12
    for _, name, on, body, pointer in rows:
        day = date.fromisoformat(on) if on else None
        made = report(name.strip("`"), public_record(), on=day, body=body.strip("`") or None)
        assert at(made, pointer.strip("`")) is not None


@needs_history
def test_every_expected_question_has_its_place_in_a_report() -> None:
    assert {each["id"] for each in questions()} == set(QUESTIONS)


@pytest.mark.parametrize("question", questions(), ids=lambda each: each["id"])
def test_a_question_is_answered_from_the_record(question: dict[str, Any]) -> None:
    answer, made = answered(question["id"])
    assert alike(answer, question["answer"]), f"{answer!r} instead of {question['answer']!r}"
    assert not any(alike(answer, wrong) for wrong in question.get("wrong_answers", []))
    assert {link(each) for each in question["uses"]} <= set(made["uses"])
    assert set(question["sources"]) <= set(made["sources"])


@needs_history
def test_where_nobody_is_certain_the_candidates_are_all_who_are_possible() -> None:
    (question,) = (each for each in questions() if each["id"] == "co-chairs-2020-06-01")
    _, made = answered(question["id"])
    assert made["bodies"]["dtti-group"]["candidates"] == {"IND": question["candidates"], "USA": []}


def test_a_comparison_tells_a_wrong_answer_from_a_right_one() -> None:
    assert alike(["b", "a"], ["a", "b"])
    assert not alike(["b", "a", "a"], ["a", "b"])
    assert not alike([223, 240], [240, 223])
    assert not alike(["USA", "IND", "IND"], ["IND", "USA", "IND"])
    assert not alike(True, 1)
    assert not alike("unknown", "no")
