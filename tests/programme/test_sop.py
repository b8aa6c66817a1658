"""The SOP as data, and its one interpreter: what each stage asks, what answers it, what lets a project go on."""

from copy import deepcopy
from datetime import date
from hashlib import sha256
from importlib import resources
from typing import Any

import pytest

from dtti.accord.refusal import Refusal
from dtti.programme.kind import Beside, Content, Context
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.published import load
from dtti.programme.sop import checklist, evidence
from dtti.programme.sop.spine import SPINE
from dtti.programme.sop.versions import How, versions

#: A version never changes once it is out: a change of the rules is another version.
DIGESTS = {"sop-1": "addbce3743f4db5089ee8df42580feae8b21c7b0da74acbfd0fb6210715d0dd4"}
DAY = "2027-03-01"
SOP = versions()["sop-1"]


def instrument(ref: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"ref": ref, "name": ref, "type": kind, "binding": "binding", "implementation": "in-use", **more}


def question(ref: str, side: str, **more: Any) -> tuple[dict[str, Any], str]:
    answer = {"answer": "yes", "on": "2027-01-10", "office": f"{side}/disclosure"} | more
    offices = {"of": f"{side}/disclosure", "asked_by": f"{side}/officer"}
    stated = {"ref": ref, "side": side, "subject": "The net", "asked": "2026-12-01", **offices, "answers": [answer]}
    return stated, "stated"


NEED = {"title": "A", "capability": "C"}
BESIDE: dict[tuple[str, str], tuple[dict[str, Any], str]] = {
    ("need", "in-7"): ({**NEED, "ref": "in-7", "type": "need", "side": "IND", "user": "B"}, "stated"),
    ("need", "us-3"): ({**NEED, "ref": "us-3", "type": "offer", "side": "USA"}, "stated"),
    ("instrument", "annex"): (instrument("annex", "information-exchange-annex", in_force="2027-01-01"), "agreed_here"),
    ("instrument", "soi"): (instrument("soi", "statement-of-intent", lines_known=False), "agreed_here"),
    ("instrument", "pa"): (
        instrument("pa", "project-agreement", text_agreed="2027-02-01", signed="2027-02-10", in_force="2027-02-20"),
        "on_paper",
    ),
    ("release_question", "q-in"): question("q-in", "IND"),
    ("release_question", "q-us"): question("q-us", "USA"),
    ("success_definition", "what"): ({"ref": "what", "project": "net", "problem": "P"}, "agreed_here"),
    ("plan", "when"): ({"ref": "when", "project": "net"}, "agreed_here"),
}  # fmt: skip


def held(beside: dict[tuple[str, str], tuple[dict[str, Any], str]]) -> Any:
    def look(kind: str, ref: str) -> tuple[Content, str] | None:
        found = beside.get((kind, ref))
        return (KINDS[kind].read(found[0]), found[1]) if found else None

    return look


def answers() -> list[dict[str, Any]]:
    """An answer to every row that no fact of the record answers."""
    return [
        {"row": name, "state": "met", "on": DAY, "registry": "EX/1", **({"side": side} if side else {})}
        for name, row in SOP.rows.items()
        if row.how in ("attested", "continues", "settled", "lessons")
        for side in row.sides or ("",)
    ]  # fmt: skip


def whole() -> dict[str, Any]:
    """A project that has what every stage asks for."""
    return {
        "ref": "net",
        "name": "Recovery net",
        "kind": "co-development",
        "in_dtti": True,
        "sop": "sop-1",
        "nomination_source": "working-group",
        "needs": ["in-7", "us-3"],
        "release_questions": ["q-in", "q-us"],
        "sponsors": [{"side": side, "organisation": "Naval staff"} for side in ("IND", "USA")],
        "transitions": [{"side": side, "path": "At the next refit."} for side in ("IND", "USA")],
        "success_definition": "what",
        "plan": "when",
        "horizons": [{"statement": "soi", "horizon": "near"}],
        "agreements": ["pa"],
        "enablers": ["annex"],
        "outcome": {"code": "fielded"},
        "stages": [{"stage": stage, "entered": DAY} for stage in SPINE],
        "checklist": answers(),
    }


def forward(project: Project, around: Beside) -> list[Refusal]:
    asked = PROJECT.forward
    assert asked is not None
    return asked(project, around)


def refused(project: dict[str, Any], beside: dict[Any, Any] | None = None) -> list[str]:
    around = Beside(held=held(BESIDE if beside is None else beside), rules="dtti_2")
    return [each.reason for each in forward(PROJECT.read(project), around) if each.rule == "sop-gate"]


@pytest.mark.parametrize("name", DIGESTS)
def test_a_version_is_what_it_was_when_it_came_out(name: str) -> None:
    file = resources.files("dtti.accord.procedures").joinpath(f"{name.replace('-', '_')}.toml")
    assert sha256(file.read_bytes()).hexdigest() == DIGESTS[name]
    assert set(versions()) == set(DIGESTS)


def test_every_row_says_who_can_answer_why_it_is_asked_and_how_sure_that_is() -> None:
    for name, row in SOP.rows.items():
        assert row.words, name
        assert row.by, name
        assert row.basis, name
        assert row.how in How.__args__  # type: ignore[attr-defined]
        assert set(row.paths) <= {"information-exchange", "co-development", "co-production", "sale-linked"}
    assert {row.stage for row in SOP.rows.values()} == set(SPINE)


def test_a_project_that_has_all_that_is_asked_goes_through_every_stage() -> None:
    assert PROJECT.rules(PROJECT.read(whole()), Context()) == []
    assert refused(whole()) == []
    rows = checklist.checklist(PROJECT.read(whole()), held(BESIDE))
    assert {row.state for row in rows} == {"met"}
    assert len(rows) == len(SOP.rows)


PIECES: dict[str, tuple[str, Any]] = {
    "nominated-by": ("nomination_source", None),
    "need-of-side": ("needs", ["in-7"]),
    "release-question": ("release_questions", ["q-in"]),
    "sponsor-of-side": ("sponsors", [{"side": "USA", "organisation": "Fleet office"}]),
    "path-into-service": ("transitions", None),
    "success-agreed": ("success_definition", None),
    "baseline-agreed": ("plan", None),
    "on-statement": ("horizons", None),
    "agreement-signature": ("agreements", None),
    "exchange-framework": ("enablers", None),
    "outcome-said": ("outcome", None),
}


#: Answered by dates of an instrument: what those must be is asked below.
DATED = ("text", "in-force", "enablers")


@pytest.mark.parametrize("row", [name for name, rule in SOP.rows.items() if rule.how not in DATED])
def test_what_a_row_asks_for_is_missed_when_it_is_taken_away_and_by_that_row_alone(row: str) -> None:
    project = whole()
    if row in PIECES:
        field, left = PIECES[row]
        project |= {field: left}
        project = {name: value for name, value in project.items() if value is not None}
    else:
        project["checklist"] = [each for each in project["checklist"] if each["row"] != row]
    missed = {name for name, rule in SOP.rows.items() for said in refused(project) if rule.words in said}
    tied = {"agreement-signature": {"agreement-text", "agreement-in-force"}}  # one agreement answers all three
    assert missed == {row, *tied.get(row, set())}


@pytest.mark.parametrize(
    ("change", "row", "why"),
    [
        ({("instrument", "pa"): {"text_agreed": None, "signed": None}}, "agreement-text", "not-dated"),
        ({("instrument", "pa"): {"signed": None}}, "agreement-signature", "not-dated"),
        ({("instrument", "pa"): {"signed": "2027-04-01"}}, "agreement-signature", "not-dated"),
        ({("instrument", "pa"): {"signed": "2027"}}, "agreement-signature", "not-dated"),
        ({("instrument", "pa"): {"cite": {"confidence": "unverified"}}}, "agreement-signature", "not-dated"),
        ({("instrument", "pa"): {"in_force": None}}, "agreement-in-force", "not-dated"),
        (
            {("instrument", "pa"): {"clauses": [{"number": "1", "text": "T", "state": "bracketed-ind"}]}},
            "agreement-text",
            "brackets",
        ),
        ({("instrument", "annex"): {"in_force": None}}, "exchange-framework", "not-applied"),
        ({("instrument", "annex"): {"expires": "2027-02-01"}}, "exchange-framework", "not-applied"),
        ({("instrument", "annex"): {"implementation": "signed-only"}}, "enablers-applied", "not-applied"),
        ({("success_definition", "what"): "offer"}, "success-agreed", "not-agreed"),
        ({("success_definition", "what"): "published"}, "success-agreed", "not-agreed"),
        ({("plan", "when"): "offer"}, "baseline-agreed", "not-agreed"),
        ({("plan", "when"): "recorded"}, "baseline-agreed", "not-agreed"),
        ({("need", "us-3"): {"side": "IND"}}, "need-of-side", "absent"),
    ],
)  # fmt: skip
def test_a_fact_that_does_not_hold_leaves_its_row_open_and_says_why(change: Any, row: str, why: str) -> None:
    beside = deepcopy(BESIDE)
    for link, fields in change.items():
        content, grade = beside[link]
        if isinstance(fields, str):
            grade, fields = fields, {}
        kept = {name: value for name, value in {**content, **fields}.items() if value is not None}
        beside[link] = (kept, grade)
    rows = {each.name: each for each in checklist.checklist(PROJECT.read(whole()), held(beside), on=date(2027, 3, 1))}
    assert rows[row].state == "open"
    assert [each.why for each in rows[row].asked if each.state == "open"] == [why]
    assert any(SOP.rows[row].words in said and evidence.WORDS[why] in said for said in refused(whole(), beside))


def waiver(row: str, **more: Any) -> dict[str, Any]:
    told = {"why": "The trial is open.", "office": "IND/ex-po", "authority": "Decision 4 of the Group"}
    return {"row": row, "state": "waived", "on": DAY, **told, **more}


def test_both_may_go_on_without_a_row_and_the_waiver_says_who_why_and_on_what_authority() -> None:
    project = whole()
    project["checklist"] = [each for each in project["checklist"] if each["row"] != "group-decision"]
    assert refused(project) != []
    project["checklist"].append(waiver("group-decision"))
    assert refused(project) == []
    rows = {row.name: row for row in checklist.checklist(PROJECT.read(project), held(BESIDE))}
    assert rows["group-decision"].state == "waived"
    assert rows["group-decision"].asked[0].answer is not None


@pytest.mark.parametrize(
    "answer",
    [
        waiver("group-decision", authority=None),
        waiver("group-decision", why=None),
        waiver("group-decision", office=None),
        waiver("funding-cleared", side="IND"),
        waiver("funding-cleared", side="IND", state="not-applicable"),
        waiver("path-into-service", side="USA"),
        {"row": "group-decision", "state": "met", "on": DAY, "until": "2027-02-01", "registry": "EX/1"},
        {"row": "group-decision", "state": "met", "on": DAY},
        {"row": "no-such-row", "state": "met", "on": DAY, "registry": "EX/1"},
        {"row": "group-decision", "side": "IND", "state": "met", "on": DAY, "registry": "EX/1"},
        {"row": "highest-marking", "state": "met", "on": DAY, "registry": "EX/1"},
        {"row": "reporting-settled", "side": "IND", "state": "met", "on": DAY, "registry": "EX/1"},
        {"row": "reporting-settled", "side": "USA", "state": "not-applicable", "on": DAY},
        waiver("wait-before-signature", side="USA", office="USA/ex-legal", state="not-applicable", authority=None),
    ],
)
def test_an_answer_names_a_row_and_a_side_that_are_asked_and_says_what_it_rests_on(answer: dict[str, Any]) -> None:
    stored = {name: value for name, value in answer.items() if value is not None}
    project = PROJECT.read(whole() | {"checklist": [stored]})
    assert {each.rule for each in PROJECT.rules(project, Context())} == {"project-answers"}


def test_an_answer_that_is_good_no_more_and_one_of_a_later_day_answer_nothing() -> None:
    project = whole()
    for each in project["checklist"]:
        if each["row"] == "authority-to-negotiate":
            each["until"] = "2027-02-15" if each["side"] == "IND" else "2027-06"
    rows = {row.name: row for row in checklist.checklist(PROJECT.read(project), held(BESIDE), on=date(2027, 3, 1))}
    assert [(each.side, each.state, each.why) for each in rows["authority-to-negotiate"].asked] == [
        ("IND", "open", "expired"),
        ("USA", "met", "answered"),
    ]
    earlier = checklist.checklist(PROJECT.read(project), held(BESIDE), on=date(2027, 2, 1))
    assert {row.name: row.state for row in earlier}["funding-cleared"] == "open"  # answered on 1 March


def test_rows_are_asked_by_the_kind_of_project() -> None:
    exchange = PROJECT.read(whole() | {"kind": "information-exchange"})
    rows = {row.name for row in checklist.checklist(exchange, held(BESIDE))}
    assert {"on-statement", "group-decision", "path-into-service"} & rows == set()
    unsaid = PROJECT.read({name: value for name, value in whole().items() if name != "kind"})
    assert len(checklist.checklist(unsaid, held(BESIDE))) == len(SOP.rows)


def test_a_project_enters_no_stage_under_no_version_and_what_is_behind_is_asked_no_more() -> None:
    unnamed = {name: value for name, value in whole().items() if name not in ("sop", "checklist")}
    assert len(refused(unnamed)) == 1
    before = PROJECT.read(whole() | {"stages": whole()["stages"][:2]})
    bare = PROJECT.read({name: value for name, value in whole().items() if name not in ("sponsors", "needs")})
    around = Beside(held=held(BESIDE), rules="dtti_2", both=before)
    assert forward(bare, around) == []
    assert forward(bare, Beside(held=held(BESIDE), rules="dtti_1")) == []


def rules(project: dict[str, Any]) -> set[str]:
    return {each.rule for each in PROJECT.rules(PROJECT.read(project), Context())}


def test_a_version_that_is_not_held_here_is_no_version() -> None:
    assert rules(whole() | {"sop": "sop-99"}) == {"project-sop"}


def test_what_may_not_be_waived_may_not_be_called_not_applicable_but_a_period_that_guards_something_else() -> None:
    told = {"office": "USA/ex-legal", "side": "USA", "state": "not-applicable"}
    rest = [each for each in whole()["checklist"] if each["row"] != "wait-before-signature"]
    assert rules(whole() | {"checklist": [*rest, waiver("wait-before-signature", **told)]}) == set()
    assert refused(whole() | {"checklist": [*rest, waiver("wait-before-signature", **told)]}) == []


def test_a_stage_that_is_jumped_is_asked_for_with_the_one_that_is_entered() -> None:
    short = whole() | {"stages": [{"stage": stage, "entered": DAY} for stage in ("proposed", "closed")]}
    assert refused(short) == []
    bare = short | {"checklist": [each for each in short["checklist"] if each["row"] != "funding-cleared"]}
    assert len(refused(bare)) == 2
    assert all("Funding cleared" in each for each in refused(bare))


def test_a_project_that_ends_early_is_closed_from_any_stage() -> None:
    closing = {"row": "all-settled", "state": "met", "on": DAY, "registry": "EX/2"}
    stages = [{"stage": stage, "entered": DAY} for stage in ("proposed", "closing", "closed")]
    ended = {name: whole()[name] for name in ("ref", "name", "in_dtti", "sop", "nomination_source")} | {
        "stages": stages,
        "outcome": {"code": "withdrawn"},
        "checklist": [closing, {**closing, "row": "lessons-written"}],
    }
    assert refused(ended) == []
    assert len(refused(ended | {"checklist": [closing]})) == 1
    assert len(refused(ended | {"outcome": {"code": "fielded"}})) > 30


def test_a_day_that_is_moved_is_asked_for_anew_and_an_answer_is_not_taken_away() -> None:
    before = PROJECT.read(whole())
    around = Beside(held=held(BESIDE), rules="dtti_2", both=before)
    moved = whole() | {"stages": [{"stage": "proposed", "entered": "2027-02-01"}, *whole()["stages"][1:]]}
    assert forward(PROJECT.read(moved), around) == []
    unanswered = {name: value for name, value in moved.items() if name != "nomination_source"}
    assert [each.rule for each in forward(PROJECT.read(unanswered), around)] == ["sop-gate"]
    less = PROJECT.read(whole() | {"checklist": whole()["checklist"][1:]})
    assert ["taken away" in each.reason for each in forward(less, around)] == [True]


@pytest.mark.parametrize("day", ["2199-01-01", "[2027-01-01..]", "2027-03-03"])
def test_a_stage_is_entered_and_a_row_answered_on_a_day_that_has_come(day: str) -> None:
    around = Beside(held=held(BESIDE), rules="dtti_2", today=date(2027, 3, 2))
    late = whole() | {"stages": [*whole()["stages"][:-1], {"stage": "closed", "entered": day}]}
    assert "project-ahead" in {each.rule for each in forward(PROJECT.read(late), around)}
    answered = [{**whole()["checklist"][0], "on": day}, *whole()["checklist"][1:]]
    found = {each.rule for each in forward(PROJECT.read(whole() | {"checklist": answered}), around)}
    assert "project-ahead" in found
    assert forward(PROJECT.read(whole()), around) == []


def test_one_row_has_one_answer_on_a_day() -> None:
    first = {"row": "group-decision", "state": "met", "on": "2026-01-01", "registry": "EX/1"}
    rest = [each for each in whole()["checklist"] if each["row"] != "group-decision"]
    again = {**first, "on": "2026-06-01", "state": "met", "registry": "EX/2"}
    assert rules(whole() | {"checklist": [*rest, first, again]}) == {"project-answers"}
    assert rules(whole() | {"checklist": [*rest, {**first, "until": "2026-05-31"}, again]}) == set()


@pytest.mark.parametrize("grade", ["recorded", "stated", "offer", "returned"])
@pytest.mark.parametrize(("ref", "row"), [("pa", "agreement-signature"), ("annex", "exchange-framework")])
def test_an_instrument_by_the_account_of_one_side_meets_no_row(grade: str, ref: str, row: str) -> None:
    beside = {**BESIDE, ("instrument", ref): (BESIDE["instrument", ref][0], grade)}
    rows = {each.name: each for each in checklist.checklist(PROJECT.read(whole()), held(beside))}
    assert rows[row].state == "open"
    assert rows[row].asked[0].why == "one-side"


def test_a_kind_that_no_path_names_is_asked_every_row() -> None:
    misspelt = PROJECT.read(whole() | {"kind": "codevelopment"})
    assert len(checklist.checklist(misspelt, held(BESIDE))) == len(SOP.rows)


def test_the_sixteen_real_projects_are_read_by_the_same_rows_and_silence_is_unknown() -> None:
    items = list(load())
    beside = {(each.kind, each.content.ref): (each.content, "published") for each in items}
    states = {}
    for each in items:
        if isinstance(each.content, Project):
            rows = checklist.checklist(each.content, lambda kind, ref: beside.get((kind, ref)), published=True)
            states[each.content.ref] = {row.name: row.state for row in rows}
    assert len(states) == 16
    assert {state for rows in states.values() for state in rows.values()} <= {"met", "unknown"}
    # The day of two of the three signatures is unverified, and makes nothing certain.
    assert [ref for ref, rows in states.items() if rows["agreement-signature"] == "met"] == ["aluav"]
    assert [ref for ref, rows in states.items() if rows["success-agreed"] == "met"] == []
