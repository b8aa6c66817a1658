"""Release questions, authorisations and the checklist's row on release: what holds on a day, and what is warned of."""

from datetime import date
from typing import Any

import pytest

from dtti.language.catalogue import translate
from dtti.programme.export import Pipe, Regime, leads, pipes, regimes
from dtti.programme.export.standing import of_authorisation, of_question, standing
from dtti.programme.kinds import KINDS, word
from dtti.programme.kinds.export_authorisation import EXPORT_AUTHORISATION, ExportAuthorisation
from dtti.programme.kinds.project import PROJECT
from dtti.programme.kinds.release_question import RELEASE_QUESTION, ReleaseQuestion
from dtti.programme.published import load
from dtti.programme.sop import checklist
from dtti.programme.sop.checklist import Asked

from .test_sop import BESIDE, held, question, refused, whole

DAY = date(2027, 3, 1)


def asked(**more: Any) -> ReleaseQuestion:
    offices = {"of": "IND/disclosure", "asked_by": "IND/officer"}
    said = {"ref": "q", "side": "IND", "subject": "The net", "asked": "2027-01-01", **offices, **more}
    read: ReleaseQuestion = RELEASE_QUESTION.read(said)
    return read


def answer(said: str = "yes", on: str = "2027-02-01", **more: Any) -> dict[str, Any]:
    return {"answer": said, "on": on, "office": "IND/disclosure", **more}


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ([], "not-answered"),
        ([answer()], "yes"),
        ([answer("no")], "no"),
        ([answer("yes-with-conditions", conditions="Some.")], "yes-with-conditions"),
        ([answer(until="2027-02-28")], "lapsed"),
        ([answer(until="2027-03-01")], "yes"),
        ([answer(until="2027-03")], "yes"),
        ([answer("no", until="2027-02-28")], "no"),
        ([answer(on="2027-03-02")], "not-answered"),
        ([answer(on="2027-03")], "not-answered"),
        ([answer("no", "2027-01-10"), answer("yes", "2027-02-01")], "yes"),
        ([answer("yes", "2027-02-01"), answer("no", "2027-01-10")], "yes"),
        ([answer(cite={"confidence": "unverified"})], "not-answered"),
    ],
)
def test_a_question_stands_by_the_last_answer_that_certainly_was_given_and_is_good(answers: Any, state: str) -> None:
    assert asked(answers=answers).state(DAY) == state if answers else asked().state(DAY) == state


def test_days_open_are_counted_from_the_latest_day_on_which_it_can_have_been_asked() -> None:
    assert asked().days_open(DAY) == 59
    assert asked(asked="2027-01").days_open(DAY) == 29
    assert asked(answers=[answer()]).days_open(DAY) is None
    assert asked(asked="2027-04-01").days_open(DAY) is None


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        ({"asked": "2027-02-20"}, []),
        ({"asked": "2027-01-30"}, [("not-answered", -30)]),
        ({"wanted_by": "2027-02-27"}, [("answer-late", -2)]),
        ({"wanted_by": "2027-03-01", "asked": "2027-02-20"}, []),
        ({"answers": [answer(until="2027-02-27")]}, [("answer-lapsed", -2)]),
        ({"answers": [answer(until="2027-04-30")]}, [("answer-ends", 60)]),
        ({"answers": [answer(until="2027-05-01")]}, []),
        ({"answers": [answer("no", until="2027-02-27")]}, []),
    ],
)
def test_what_is_warned_of_a_question_goes_by_lead_times_that_are_data(said: dict[str, Any], warned: Any) -> None:
    assert [(each.what, each.days) for each in of_question(asked(**said), DAY)] == warned
    assert (leads()["release-validity"].days, leads()["release-unanswered"].days) == (60, 30)


def licence(**more: Any) -> ExportAuthorisation:
    said = {"ref": "l", "side": "USA", "type": "licence", "number": "EX-1", "holder": "A", "item": "Winch"}
    read: ExportAuthorisation = EXPORT_AUTHORISATION.read(
        {**said, "issued": "2026-01-10", "territory": "India", **more}
    )
    return read


GRANTED = {"quantity": 10, "unit": "winches", "values": [{"amount": 100}, {"amount": 5_000, "currency": "INR"}]}


def used(on: str, quantity: int, dollars: int = 0, rupees: int = 0) -> dict[str, Any]:
    values = [{"amount": dollars}] if dollars else []
    values += [{"amount": rupees, "currency": "INR"}] if rupees else []
    return {"on": on, "quantity": quantity, **({"values": values} if values else {})}


def test_what_is_left_is_computed_by_measure_and_no_currency_is_added_to_another() -> None:
    made = licence(**GRANTED, used=[used("2026-05-01", 3, 20, 900), used("2027-02-01", 7, 60)])
    left = standing(made, DAY)
    assert [(each.unit, each.granted, each.used, each.left, each.beyond) for each in left.left] == [
        ("winches", 10, 7, 3, 0),
        ("USD", 100, 60, 40, 0),
        ("INR", 5_000, 900, 4_100, 0),
    ]
    assert left.read_on == "2027-02-01"
    swapped = licence(**GRANTED, used=[used("2027-02-01", 7, 60), used("2026-05-01", 3, 20, 900)])
    assert standing(swapped, DAY) == left
    before = standing(made, date(2026, 12, 1))
    assert [each.used for each in before.left] == [3, 20, 900]
    assert standing(made, date(2026, 4, 1)).read_on is None


def test_what_is_used_beyond_is_said_and_never_a_negative_remainder() -> None:
    made = licence(**GRANTED, used=[{"on": "2027-02-01", "quantity": 12, "values": [{"amount": 7, "currency": "EUR"}]}])
    left = {each.unit: each for each in standing(made, DAY).left}
    assert (left["winches"].left, left["winches"].beyond) == (0, 2)
    assert (left["EUR"].granted, left["EUR"].left, left["EUR"].beyond) == (None, 0, 7)
    assert all(each.left >= 0 for each in left.values())


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        ({"expires": "2027-05-31"}, []),
        ({"expires": "2027-05-30"}, ["expires-soon"]),
        ({"expires": "2027-03-01"}, ["expires-soon"]),
        ({"expires": "2027-02-28"}, ["expired"]),
        ({"expires": "2027-02"}, ["expired"]),
        ({"expires": "2027"}, []),
        ({**GRANTED, "used": [used("2027-02-01", 8)]}, []),
        ({**GRANTED, "used": [used("2027-02-01", 9)]}, ["nearly-used"]),
        ({**GRANTED, "used": [used("2027-02-01", 10)]}, ["exhausted"]),
        ({**GRANTED, "used": [used("2027-02-01", 11)]}, ["exceeded"]),
        ({**GRANTED, "used": [used("2027-02-01", 1, 95)]}, ["nearly-used"]),
        ({**GRANTED, "used": [used("2027-04-01", 11)]}, []),
        (GRANTED, []),
    ],
)
def test_an_authorisation_warns_of_its_end_and_of_being_used_up(said: dict[str, Any], warned: list[str]) -> None:
    assert [each.what for each in of_authorisation(licence(**said), DAY)] == warned


# --- the row of the checklist ----------------------------------------------------------------------------------------


def row(project: dict[str, Any], beside: Any) -> list[Asked]:
    rows = checklist.checklist(PROJECT.read(project), held(beside), on=DAY)
    return list(next(each for each in rows if each.name == "release-question").asked)


def with_answer(**more: Any) -> dict[Any, Any]:
    return {**BESIDE, ("release_question", "q-in"): question("q-in", "IND", **more)}


def test_an_answer_with_conditions_meets_the_row_and_shows_them() -> None:
    beside = with_answer(answer="yes-with-conditions", conditions="Drawings stay in the yard.")
    india, america = row(whole(), beside)
    assert (india.state, india.conditions) == ("met", ("Drawings stay in the yard.",))
    assert india.evidence == ("release_question:q-in",)
    assert (america.state, america.conditions) == ("met", ())
    assert refused(whole(), beside) == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"answer": "no"}, "answered-no"),
        ({"until": "2027-02-28"}, "lapsed"),
        ({"on": "2027-03-02"}, "not-answered"),
    ],
)
def test_a_no_a_lapsed_answer_and_none_leave_the_row_open_whatever_the_text_attests(
    more: dict[str, Any], why: str
) -> None:
    project = whole()
    attested = {"row": "release-question", "side": "IND", "state": "met", "on": "2027-02-01", "registry": "EX/9"}
    project["checklist"].append(attested)
    india, america = row(project, with_answer(**more))
    assert (india.state, india.why) == ("open", why)
    assert america.state == "met"
    assert len(refused(project, with_answer(**more))) == 1
    waived = {**attested, "state": "waived", "why": "W", "office": "IND/a", "authority": "Group, decision 2"}
    del waived["registry"]
    project["checklist"][-1] = waived
    assert row(project, with_answer(**more))[0].state == "waived"


def test_every_question_that_is_named_of_a_side_has_to_be_good_and_be_here() -> None:
    project = whole() | {"release_questions": ["q-in", "q-us", "q-ew"]}
    assert [each.state for each in row(project, BESIDE)] == ["open", "open"]
    beside = {**BESIDE, ("release_question", "q-ew"): question("q-ew", "IND", answer="no")}
    assert [each.state for each in row(project, beside)] == ["open", "met"]
    said, grade = question("q-ew", "IND")
    assert [each.state for each in row(project, {**BESIDE, ("release_question", "q-ew"): (said, grade)})] == ["met"] * 2


def test_a_question_on_another_project_answers_nothing_here() -> None:
    said, grade = question("q-in", "IND")
    beside = {**BESIDE, ("release_question", "q-in"): ({**said, "project": "another"}, grade)}
    assert [each.why for each in row(whole(), beside)] == ["absent", "found"]


def test_where_no_question_is_named_the_text_of_the_project_may_attest_it_as_before() -> None:
    project = {name: value for name, value in whole().items() if name != "release_questions"}
    assert [each.state for each in row(project, BESIDE)] == ["open", "open"]
    project["checklist"] = [
        *project["checklist"],
        *(
            {"row": "release-question", "side": side, "state": "met", "on": "2027-02-01", "registry": "EX/9"}
            for side in ("IND", "USA")
        ),
    ]
    assert [each.state for each in row(project, BESIDE)] == ["met", "met"]


def test_a_question_on_which_a_stage_was_entered_is_not_taken_away() -> None:
    before = PROJECT.read(whole())
    after = PROJECT.read(whole() | {"release_questions": ["q-us"]})
    against = checklist.gate(after, before, held(BESIDE))
    assert [each.field for each in against] == ["release_questions"]
    assert "q-in" in against[0].reason


# --- data ------------------------------------------------------------------------------------------------------------


def test_the_codes_of_the_data_are_those_of_the_types_and_both_languages_name_them() -> None:
    assert set(pipes()) == set(Pipe.__args__)  # type: ignore[attr-defined]
    assert set(regimes()) == set(Regime.__args__)  # type: ignore[attr-defined]
    for code, pipe in pipes().items():
        assert word(code) == pipe.words
        assert translate(pipe.words, "hi") == pipe.words_hi
        assert pipe.source
        assert pipe.confidence
    for code, regime in regimes().items():
        assert word(code) == regime.words
        assert regime.fits(regime.example)
        assert not regime.fits("the winch")


def test_the_determinations_of_the_record_say_what_follows_and_double_no_event() -> None:
    found = {each.ref: each.content for each in load() if each.kind == "determination"}
    events = {each.ref: each.content for each in load() if each.kind == "event"}
    assert set(found) == {"major-defense-partner", "mdp-licensing-policy", "sta-1", "jet-engine-policy-2015"}
    for made in found.values():
        assert made.events
        assert made.on == events[made.events[0]].date
        assert all(each.cite and each.cite.sources for each in made.follows)
    assert [each.regimes for each in found["sta-1"].follows] == [("eccn",), ("usml",)]


def test_no_kind_of_these_is_told_to_the_other_side_by_being_written() -> None:
    assert {KINDS[code].mode for code in ("release_question", "export_classification", "export_authorisation")} == {
        "own"
    }
