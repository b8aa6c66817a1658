"""A project from nothing to its end, taken from stage to stage by the officers of both sides at its page.

What a stage asks for is answered on the form that enters it, by the words of its rows. Each gate is tried first with
nothing answered, and says all that is missing, at its place.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from dtti.programme.sop.spine import SPINE, WORDS, Stage
from dtti.programme.sop.versions import versions

from .capitals import Capital, Capitals, until
from .desks import Desk, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes"), pytest.mark.parts(2, together=0)]

NAME, REF = "Quiet pump for small boats", "st-pump"
ROWS = versions()["sop-1"].rows
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)
DAY = f"{YESTERDAY.day} {YESTERDAY:%b %Y}"
ANSWERS = (
    "status of 422",
    "status of 404",
    "status of 409",
)  # what a browser says of a form that comes back, and of what is on its way

#: What the text of the project itself says, by the words of the row that it answers.
FACTS = {
    "Nominated by someone with standing, who is named": "working group",
    "The need that it answers (India)": "st-in",
    "The need that it answers (United States)": "st-us",
    "A requirement sponsor (India)": "Naval staff (exercise)",
    "A requirement sponsor (United States)": "Fleet office (exercise)",
    "A path into service (India)": "Fit it at the next refit.",
    "A path into service (United States)": "Buy four kits.",
    "The text of the agreement agreed, no bracket left in it": "st-agreement",
    "What came of it, and why it closes": "fielded",
}  # fmt: skip


@contextmanager
def officer(browser: Browser, capital: Capital, name: str = "") -> Iterator[Desk]:
    with signed_in(browser, capital, name) as desk:
        yield desk
        assert [each for each in desk.complaints if not any(answer in each for answer in ANSWERS)] == []


@pytest.fixture(scope="module")
def rao(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """India's officer of the project."""
    with officer(browser, capitals.ind) as desk:
        yield desk


@pytest.fixture(scope="module")
def ortega(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """Washington's."""
    with officer(browser, capitals.usa) as desk:
        yield desk


@pytest.fixture(scope="module")
def laura(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """Washington's co-chair of the Group, who suspends and resumes."""
    with officer(browser, capitals.usa, "Laura Whitfield") as desk:
        yield desk


@pytest.fixture(scope="module")
def code(rao: Desk, ortega: Desk) -> str:
    """The code of the project, which both sides hold and which has entered no stage."""
    rao.go("/work/new/projects/")
    rao.fill({"ref": REF, "name": NAME, "purpose": "Pump a bilge unheard.", "kind": "co-development"})
    rao.press("Check your answers")
    rao.press("Send for agreement")
    rao.sees("Recorded: sent for agreement")
    rao.go("/projects/")
    rao.follow(NAME)
    rao.page.wait_for_url(re.compile("/projects/[a-z2-7]{16}/"))
    found = re.search(r"/projects/([a-z2-7]{16})/", rao.page.url)
    assert found, rao.page.url
    agree(ortega, found[1])
    return found[1]


def agree(desk: Desk, code: str) -> None:
    desk.comes(f"/work/{code}/agree/", "Agree, for the record")
    desk.press("Agree, for the record")
    desk.sees("Recorded: agreed")


def stage_words(stage: str) -> str:
    return WORDS[stage][:1].upper() + WORDS[stage][1:]


def asked(desk: Desk, state: str = "open") -> list[str]:
    """The rows of the form that stand so, by their words."""
    return desk.page.locator(f"ul.checks li.k-{state} > div > p:first-child").all_inner_texts()


def chosen(desk: Desk) -> str:
    return desk.page.locator("form#answer > fieldset.rows > legend").inner_text()


def open_form(desk: Desk, code: str, stage: Stage) -> None:
    """To the form that enters the next stage, by one click from the page of the project once it is this side's turn."""
    label = f"Enter the next stage: {stage_words(stage)}"
    if SPINE.index(stage) < SPINE.index("listed"):
        desk.comes(f"/projects/{code}/", label)
        desk.follow(label)
    else:
        desk.comes(f"/projects/{code}/stage/", label)
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(label)


def fails(desk: Desk, stage: str) -> list[str]:
    """Press with rows open: each is said above the form and at its place. Returns the words of the rows."""
    wanted = asked(desk)
    desk.press("Check your answers")
    summary = desk.main.locator("section.refused li")
    expect(summary).to_have_count(len(wanted))
    for words, said in zip(wanted, summary.all_inner_texts(), strict=True):
        assert words.partition(" (")[0] in said, (words, said)
        assert f"Entering the stage “{WORDS[stage]}” asks for this" in said
        assert not re.search(r"\b(IND|USA|[a-z]+-[a-z]+-[a-z]+)\b", said), said
    expect(desk.main.locator("ul.checks li.k-open .err")).to_have_count(len(wanted))
    return wanted


def answer(desk: Desk, words: str, waived: Mapping[str, str] | None = None) -> None:
    """Answer the row that is chosen."""
    if waived:
        desk.page.get_by_label("Both go on without it", exact=True).check()
        desk.fill({"why": waived["why"], "authority": waived["authority"], "office": "IND/ex-project-officer"})
    elif words in FACTS:
        desk.page.get_by_label("It is so, and the text of the project says it").check()
        desk.fill({"fact": FACTS[words]})
    else:
        desk.page.get_by_label("It is met, and this shows it").check()
        desk.fill({"registry": "EX/ST/2026/7, held by both secretariats"})
    desk.press("Keep this answer")
    desk.page.wait_for_load_state()


def enter(
    desk: Desk, other: Desk, code: str, stage: Stage, waive: Mapping[str, Mapping[str, str]] | None = None
) -> None:
    """Take the project into a stage: a first attempt that fails, an answer to each row, agreement."""
    open_form(desk, code, stage)
    for words in fails(desk, stage) if asked(desk) else []:
        if words not in asked(desk):  # answered with another: one agreement answers several rows
            continue
        if chosen(desk) != words:
            desk.page.get_by_role("button", name=f"Answer it: {words}", exact=True).click()
            expect(desk.page.locator("form#answer > fieldset.rows > legend")).to_have_text(words)
        answer(desk, words, (waive or {}).get(words))
        expect(desk.page.locator("ul.checks li.k-open > div > p:first-child").filter(has_text=words)).to_have_count(0)
    desk.press("Check your answers")
    desk.sees("Send for agreement", f"What the stage asks for: {stage_words(stage)}")
    desk.press("Send for agreement")
    desk.sees("Recorded: sent for agreement")
    other.comes(f"/work/{code}/agree/", "Agree, for the record")
    other.sees(f"What the stage asks for: {stage_words(stage)}")
    for given in (waive or {}).values():
        other.sees("waived: The text of the project answers it.", *given.values(), "Co-chair, naval working group")
    other.press("Agree, for the record")
    other.sees("Recorded: agreed")


def test_a_need_and_an_offer_meet(rao: Desk, ortega: Desk) -> None:
    for desk, ref, kind in ((rao, "st-in", "need"), (ortega, "st-us", "offer")):
        desk.go("/work/new/needs/")
        desk.fill({"ref": ref, "type": kind, "title": f"Quiet pumping ({ref})", "capability": "Pump unheard."})
        if kind == "need":
            desk.fill({"user": "Coastal boats (exercise)"})
        desk.page.get_by_label("Both sides, at once").check()
        desk.press("Check your answers")
        desk.press("Confirm for the record")
        desk.sees("Recorded: stated")
    rao.comes("/needs/?q=st-us", "st-us")
    ortega.comes("/needs/?q=st-in", "st-in")


def test_it_is_nominated_and_screened_each_at_the_second_attempt(rao: Desk, ortega: Desk, code: str) -> None:
    enter(rao, ortega, code, "proposed")
    enter(rao, ortega, code, "screened")
    for desk in (rao, ortega):
        desk.comes(f"/projects/{code}/", "Terms of reference or an exchange annex in force")
        desk.sees("Naval staff (exercise)", "Fleet office (exercise)")


def test_the_form_says_the_same_in_hindi_and_an_answer_that_says_nothing_is_sent_back_as_typed(
    rao: Desk, code: str
) -> None:
    rao.comes(f"/projects/{code}/", "Enter the next stage: Being explored")
    rao.go(f"/hi/projects/{code}/stage/")
    rao.press("अपने उत्तर जाँचें")
    said = rao.main.locator("section.refused li").all_inner_texts()
    assert len(said) == 1
    assert not re.search("[A-Za-z]{3,}", said[0]), said
    rao.go(f"/projects/{code}/stage/")
    rao.page.get_by_label("Both go on without it", exact=True).check()
    rao.fill({"why": "Only what is public is exchanged."})
    rao.press("Keep this answer")
    expect(rao.main.locator("section.refused li")).to_have_count(2)
    expect(rao.page.locator("#id_why")).to_have_value("Only what is public is exchanged.")
    expect(rao.page.get_by_label("Both go on without it", exact=True)).to_be_checked()


def test_exploring_begins_with_a_waiver_that_both_agree_to(rao: Desk, ortega: Desk, code: str) -> None:
    waiver = {"why": "Only what is public is exchanged.", "authority": "Exercise Group, decision 9"}
    row = "Terms of reference or an exchange annex in force that covers the subject"
    enter(rao, ortega, code, "exploring", {row: waiver})
    for desk in (rao, ortega):
        desk.comes(f"/projects/{code}/", "The release question answered")
        desk.go(f"/projects/{code}/checklist/")
        desk.sees(*waiver.values())


def test_a_suspension_closes_the_way_and_resumption_opens_it_again(rao: Desk, laura: Desk, code: str) -> None:
    for notice, words in (("Suspend the project", "has suspended this project"), ("Resume the project", "")):
        laura.go(f"/work/{code}/")
        laura.follow(notice)
        laura.fill({"remarks": "The release review is open.", **({"reason": "funding"} if words else {})})
        laura.press("Check your answers")
        laura.main.locator("section.confirm button").first.click()
        laura.sees("Recorded:")
        if words:
            rao.comes(f"/projects/{code}/", words)
            expect(rao.page.get_by_role("link", name="Enter the next stage")).to_have_count(0)
            rao.go(f"/projects/{code}/stage/")
            rao.sees("The project is suspended, or a side has withdrawn from it.")
    rao.comes(f"/projects/{code}/", "Enter the next stage: Endorsed")


def test_a_row_of_the_page_leads_to_its_answer(rao: Desk, code: str) -> None:
    rao.go(f"/projects/{code}/")
    rao.follow("The release question answered: yes, yes with conditions, or no (United States)")
    expect(rao.page.locator("form#answer > fieldset.rows > legend")).to_have_text(
        "The release question answered: yes, yes with conditions, or no (United States)"
    )


def test_it_goes_through_every_further_stage_to_its_end(
    rao: Desk, ortega: Desk, laura: Desk, browser: Browser, capitals: Capitals, code: str
) -> None:
    with officer(browser, capitals.ind, "Meera Anand") as meera:
        meera.go("/work/new/instruments/")
        meera.fill(
            {"ref": "st-agreement", "name": "Agreement on the quiet pump", "type": "project agreement"}
            | {"binding": "binding", "implementation": "in-use", "text_agreed": DAY, "signed": DAY, "in_force": DAY}
        )
        meera.press("Check your answers")
        meera.press("Send for agreement")
        meera.go("/instruments/?q=st-agreement")
        meera.follow("Agreement on the quiet pump")
        meera.page.wait_for_url(re.compile("/instruments/[a-z2-7]{16}/"))
        found = re.search(r"/instruments/([a-z2-7]{16})/", meera.page.url)
        assert found, meera.page.url
    agree(laura, found[1])
    rao.comes("/instruments/?q=st-agreement", "agreed here")
    for stage in SPINE[SPINE.index("endorsed") :]:
        enter(rao, ortega, code, stage)
    rao.comes(f"/projects/{code}/checklist/", "Entered.")
    expect(rao.page.get_by_role("link", name="Enter the next stage")).to_have_count(0)


def test_both_offices_say_the_same_of_every_row(capitals: Capitals, code: str) -> None:
    def told(capital: Capital) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(capital.run("gates", REF, "--json").stdout)
        return found

    until(lambda: told(capitals.usa)["stage"] == "closed", f"{REF} is closed in Washington")
    held = told(capitals.ind)
    assert held == told(capitals.usa)
    assert (held["stage"], held["next"]) == ("closed", None)
    states = {row["id"]: row["state"] for row in held["rows"]}
    assert set(states) == set(ROWS)
    assert {row: state for row, state in states.items() if state != "met"} == {
        "exchange-framework": "waived",
        "enablers-applied": "not-applicable",
    }
