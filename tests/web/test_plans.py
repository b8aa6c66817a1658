"""Success and plan at their pages: what each side said, slip, short forms, what stays with the side that said it."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.demo.exercise import Exercise
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import release, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.people import models
from dtti.node.record.read import read_content
from dtti.programme.kinds import KINDS

from .capitals import Serve, copied, serve_side, sign_in  # noqa: F401 - fixtures
from .signing import Page

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]

OFFICER, OTHER = "ex-project-officer", "ex-secretariat"


@pytest.fixture
def exercise(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Exercise]:
    """Two capitals of its own for each test: most of them write."""
    yield from copied(tmp_path_factory, request)


def officer(serve: Serve, side: str = "IND") -> Client:
    node = serve(side)
    return sign_in(node, "working_group_co_chair", f"{side}/{OFFICER}")


def code(exercise: Exercise, name: str) -> str:
    return exercise.records[name].rpartition("/")[2]


def states(browser: Client, number: str) -> dict[str, str]:
    made = browser.get("/success/ex-mat-success.json").json()["standing"]["measures"]
    return {each["side"]: each["state"] for one in made if one["identity"] == number for each in one["sides"]}


def milestone(browser: Client, number: str) -> dict[str, Any]:
    made = browser.get("/plans/ex-mat-plan.json").json()["progress"]["milestones"]
    (one,) = [each for each in made if each["number"] == number]
    return {each["side"]: each for each in one["sides"]} | {"one": one}


def test_each_side_reads_a_measure_for_itself_and_the_two_stand_beside_each_other(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    browser = officer(serve_side)
    assert states(browser, "1") == {"IND": "reached", "USA": "partly"}
    assert states(browser, "2") == {"IND": "missed", "USA": "missed"}
    assert states(browser, "3") == {"IND": "on-way"}
    assert states(browser, "5") == {}
    page = Page(browser.get("/success/ex-mat-success/"))
    assert "44 minutes on" in page.text
    assert "49 minutes on" in page.text
    assert "46.5" not in page.text  # no mean of the two
    project = Page(browser.get("/projects/ex-mat/")).text
    assert "partly reached" in project
    assert "not due yet" in project


def test_slip_is_counted_from_the_date_first_agreed_and_from_the_last(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    browser = officer(serve_side)
    second = milestone(browser, "2")
    assert (second["IND"]["slip"]["low"], second["IND"]["slip_now"]["low"]) == (38, 8)
    assert second["one"]["planned_first"] < second["one"]["planned_now"]
    third = milestone(browser, "3")
    assert third["IND"]["slip"]["low"] == 65
    assert third["USA"]["slip"]["low"] < third["USA"]["slip"]["high"]  # forecast to the month
    page = Page(browser.get("/plans/ex-mat-plan/"))
    assert "65 days late (date first agreed)" in page.text
    assert "15 days late (date last agreed)" in page.text
    assert "the decision came late" in page.text
    assert len(page.tree.xpath("//section[@id='milestones']//figure")) == 2  # one for each side
    rows = [[cell.text_content().strip() for cell in row.xpath("./th|./td")]
            for row in page.tree.xpath("//section[@id='enablers']//tbody/tr")]  # fmt: skip
    assert [(row[1][:3], row[2][:3]) for row in rows] == [("yes", "yes"), ("yes", "nos")]  # in force, not applied
    cost = page.tree.xpath("//section[@id='cost']")[0].text_content()
    assert "INR" in cost
    assert "US$" in cost
    assert len(page.tree.xpath("//section[@id='cost']//dt")) == 3  # in money and in kind apart, each its own currency


def test_what_was_not_released_is_seen_by_its_own_side_alone(exercise: Exercise, serve_side: Serve) -> None:  # noqa: F811
    addresses = ("/projects/ex-mat", "/success/ex-mat-success", "/plans/ex-mat-plan", "/plan-reports", "/readings")
    secret = {"IND": ("ex-mat-ind-plan-report-5", "ex-mat-ind-measurement-10"), "USA": ("ex-mat-usa-plan-report-3",)}
    for side, other in (("IND", "USA"), ("USA", "IND")):
        browser = officer(serve_side, side)
        held = "".join(browser.get(f"{address}.json").content.decode() for address in addresses)
        for ref in secret[side]:
            assert ref in held, ref
        for ref in secret[other]:
            assert ref not in held, ref
        milestones = browser.get("/plans/ex-mat-plan.json").json()["progress"]["milestones"]
        last = {each["number"]: [one["side"] for one in each["sides"]] for each in milestones}
        assert last["5"] == (["IND"] if side == "IND" else [])
        shown = browser.get(f"/plans/{code(exercise, 'mat-plan')}/milestones.csv").content.decode()
        assert ("export control" in shown) == (side == "USA")
        assert ("funding" in shown) == (side == "IND")
        anyone = Client()
        for address in addresses[:3]:
            assert anyone.get(f"{address}.json").status_code == 404
        assert anyone.get("/readings.json").json()["total"] == 0
        assert anyone.get(f"/plans/{code(exercise, 'mat-plan')}/milestones.csv").status_code == 404


def test_a_national_reading_that_is_released_is_read_by_the_other_side_once_it_is(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    assert states(officer(serve_side, "USA"), "4") == {"USA": "on-way"}
    node = exercise.pair.nodes["IND"]
    record = next(
        row[0]
        for row in node.projection.engine.run(
            "SELECT record FROM state WHERE kind = 'measurement' AND label = 'national' AND known_until = '9999'"
        )
    )
    release.release(node, record, exercise.desks["IND/ex-disclosure"].office)
    exercise.pair.swap()
    assert states(officer(serve_side, "USA"), "4") == {"IND": "on-way", "USA": "on-way"}
    both = {"IND": "on-way", "USA": "on-way"}
    assert states(officer(serve_side, "IND"), "4") == both  # the copy that was released is not counted beside it


# --- the short forms -------------------------------------------------------------------------------------------------


def send(browser: Client, address: str, **given: str) -> Any:
    return browser.post(address, {**Page(browser.get(address)).fields, "kept": "yes", **given})


def confirmed(browser: Client, answer: Any) -> None:
    assert answer.status_code == 302, Page(answer).text
    shown = Page(browser.get(answer["Location"]))
    done = browser.post(answer["Location"], {**shown.fields, "confirm": "yes"})
    assert done.status_code == 302, Page(done).text
    assert "/done/" in done["Location"]


def errors(answer: Any) -> set[str]:
    return {each["field"] for each in answer.context["errors"]} if answer.context else set()


def at(answer: Any) -> set[str]:
    return {each.get("id") for each in Page(answer).tree.xpath("//main//div[@class='err']")}


def test_a_reading_says_all_that_is_missing_at_once_and_then_stands_for_its_own_side(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    browser = officer(serve_side)
    address = f"/projects/{code(exercise, 'mat')}/reading/"
    empty = send(browser, address, date="")
    assert empty.status_code == 422
    assert at(empty) == {"id_of_measure_err", "id_date_err", "id_value_err", "id_evidence_err"}
    wrong = send(browser, address, of_measure="4", date="18 Nov 2026", value="12", document__title="Report")
    assert at(wrong) == {"id_found_err"}
    odd = send(browser, address, of_measure="3", date="18 Nov 2026", value="about 26", document__title="Report")
    assert at(odd) == {"id_value_err"}
    assert models.Draft.objects.count() == 0
    confirmed(
        browser, send(browser, address, of_measure="3", date="18 Nov 2026", value="24", document__title="Certificate")
    )
    assert states(browser, "3") == {"IND": "reached"}
    exercise.pair.swap()
    assert states(officer(serve_side, "USA"), "3") == {"IND": "on-way"}  # as India had told it before


def test_a_reading_for_both_sides_reaches_the_other(exercise: Exercise, serve_side: Serve) -> None:  # noqa: F811
    browser = officer(serve_side)
    address = f"/projects/{code(exercise, 'mat')}/reading/"
    confirmed(
        browser,
        send(
            browser, address, of_measure="3", date="18 Nov 2026", value="24", document__title="Certificate", kept="no"
        ),
    )
    exercise.pair.swap()
    assert states(officer(serve_side, "USA"), "3") == {"IND": "reached"}


def test_a_report_on_a_milestone_asks_for_a_reason_where_it_comes_late_and_for_a_day_that_has_come(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    browser = officer(serve_side)
    address = f"/projects/{code(exercise, 'mat')}/milestone/"
    row = "milestones__0__"
    today = Page(browser.get(address)).tree.xpath("//input[@name='date']/@value")[0]
    unsaid = send(browser, address, date=today, **{f"{row}milestone": "4"})
    assert at(unsaid) == {f"id_{row}forecast_err"}
    late = send(browser, address, date=today, **{f"{row}milestone": "4", f"{row}forecast": "1 Dec 2029"})
    assert at(late) == {f"id_{row}reason_err"}
    ahead = send(browser, address, date=today, **{f"{row}milestone": "4", f"{row}actual": "1 Dec 2029"})
    assert f"id_{row}actual_err" in at(ahead)
    said_twice = {f"{row}actual": "1 Nov 2026", f"{row}forecast": "Dec 2029", f"{row}reason": "funding"}
    both = send(browser, address, date=today, **{f"{row}milestone": "4", **said_twice})
    assert at(both) == {f"id_{row}forecast_err"}
    confirmed(
        browser,
        send(
            browser, address, date=today,
            **{f"{row}milestone": "4", f"{row}forecast": "Dec 2029", f"{row}reason": "funding"},
        ),
    )  # fmt: skip
    said = milestone(browser, "4")["IND"]
    assert (said["forecast"], said["last"][0]["reason"]) == ("2029-12", "funding")
    exercise.pair.swap()
    assert "IND" not in milestone(officer(serve_side, "USA"), "4")


def test_the_final_assessment_is_made_by_the_named_office_and_by_no_other(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    address = f"/projects/{code(exercise, 'mat')}/assessment/"
    node = serve_side("IND")
    stranger = sign_in(node, "secretariat", f"IND/{OTHER}")
    assert "reading-assessor" in stranger.get(address).content.decode()
    assert address not in Page(stranger.get("/success/ex-mat-success/")).answer.content.decode()
    browser = officer(serve_side)
    assert address in browser.get("/success/ex-mat-success/").content.decode()
    assert at(send(browser, address, final="", date="")) == {"id_final_err", "id_date_err", "id_note_err"}
    confirmed(browser, send(browser, address, final="partial", date="20 Nov 2026", note="Within the hour.", kept="no"))
    (made,) = browser.get("/success/ex-mat-success.json").json()["standing"]["assessed"]
    assert (made["side"], made["final"]) == ("IND", "partial")


def assessed(office: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": "ex-final", "side": "IND", "project": "ex-mat", "definition": "ex-mat-success", "date": "2026-11-20",
        "office": office, "final": "partial", "note": "So.", **more,
    }  # fmt: skip


def put(node: Node, desk: Any, kind: str, content: dict[str, Any], ledger: str = RELEASED) -> str:
    record = new_record(kind, node.side)
    node.write(Draft("state", record, table.State(base=0), desk.office, (text.Text(content=content),), ledger=ledger))
    return record


@pytest.mark.parametrize("ledger", [RELEASED, NATIONAL])
def test_the_write_path_refuses_an_assessment_in_the_name_of_an_office_that_does_not_make_it(
    exercise: Exercise, ledger: str
) -> None:
    node, named, other = exercise.pair.nodes["IND"], exercise.desks[f"IND/{OFFICER}"], exercise.desks[f"IND/{OTHER}"]
    for desk, content in (
        (other, assessed(f"IND/{OTHER}")),  # not named
        (other, assessed(f"IND/{OFFICER}")),  # in the name of the one that is
    ):
        with pytest.raises(Refused) as refused:
            put(node, desk, "measurement", content, ledger)
        assert {each.rule for each in refused.value.refusals} == {"reading-assessor"}
    put(node, named, "measurement", assessed(f"IND/{OFFICER}"), ledger)


def test_the_write_path_refuses_a_late_milestone_without_a_reason_and_one_that_the_plan_has_not(
    exercise: Exercise,
) -> None:
    node, desk = exercise.pair.nodes["IND"], exercise.desks[f"IND/{OFFICER}"]
    content = {
        "ref": "ex-late", "side": "IND", "project": "ex-mat", "plan": "ex-mat-plan", "office": f"IND/{OFFICER}",
        "date": "2026-11-20", "milestones": [{"milestone": "4", "forecast": "2029"}],
    }  # fmt: skip
    for row, rule in (
        ({"milestone": "4", "forecast": "2029"}, "plan-report-reason"),
        ({"milestone": "9", "forecast": "2029"}, "plan-report-milestone"),
    ):
        with pytest.raises(Refused) as refused:
            put(node, desk, "plan_report", {**content, "milestones": [row]}, NATIONAL)
        assert {each.rule for each in refused.value.refusals} == {rule}


def test_a_plan_is_moved_by_both_and_the_date_first_agreed_cannot_be(exercise: Exercise) -> None:
    node, desk = exercise.pair.nodes["USA"], exercise.desks[f"USA/{OFFICER}"]
    held = node.projection.engine.run(
        "SELECT content FROM state WHERE ref = 'ex-mat-plan' AND known_until = '9999' AND kind = 'plan'"
    )
    stored = KINDS["plan"].write(read_content("plan", next(iter(held))[0]))
    stored["milestones"][1]["planned_first"] = "2026-01-01"
    record = exercise.records["mat-plan"]
    exercise.desks[f"IND/{OFFICER}"].act("hand_over", record, table.Plain())
    exercise.pair.swap()
    with pytest.raises(Refused) as refused:
        desk.propose(record, stored, base=2)
    assert {each.rule for each in refused.value.refusals} == {"plan-original"}


def test_milestones_and_measures_are_taken_out_as_files(exercise: Exercise, serve_side: Serve) -> None:  # noqa: F811
    browser = officer(serve_side)
    answer = browser.get(f"/plans/{code(exercise, 'mat-plan')}/milestones.csv")
    lines = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    head = next(line for line in lines if "Milestone" in line)
    row = next(line for line in lines if "First article" in line)
    assert row[head.index("India: days after the first date, at least")] == "38"
    assert row[head.index("India: days after the last date, at most")] == "8"
    assert row[head.index("United States: state")] == "nothing reported"
    assert browser.get(f"/success/{code(exercise, 'mat-success')}/measures.xlsx").content[:2] == b"PK"
    assert models.Draft.objects.count() == 0


def test_the_checklist_is_met_by_the_agreed_plan_and_the_agreed_definition(
    exercise: Exercise,
    serve_side: Serve,  # noqa: F811
) -> None:
    rows = officer(serve_side).get(f"/projects/{code(exercise, 'mat')}/checklist.json").json()["rows"]
    held = {each["id"]: each for each in rows}
    assert held["baseline-agreed"]["state"] == "met"
    assert held["baseline-agreed"]["evidence"] == ["plan:ex-mat-plan"]
    assert held["success-agreed"]["evidence"] == ["success_definition:ex-mat-success"]
    assert held["enablers-applied"]["state"] == "open"
