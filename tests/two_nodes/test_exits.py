"""Need meets offer, and how projects pause and end, as people of both sides do it at their pages; one end by files."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .capitals import Capital, Capitals, pair, until
from .desks import Desk, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes"), pytest.mark.parts(2, together=3)]

ANSWERS = ("status of 422", "status of 404", "status of 409")  # a form that comes back; what is still on its way
MATTERS = ("final-report", "equipment", "money", "intellectual-property", "consents")
ENGLISH = re.compile(r"[A-Za-z]{4,} [A-Za-z]{3,} [A-Za-z]{3,}")


@contextmanager
def person(browser: Browser, capital: Capital, name: str) -> Iterator[Desk]:
    with signed_in(browser, capital, name) as desk:
        yield desk
        assert [each for each in desk.complaints if not any(answer in each for answer in ANSWERS)] == []


@pytest.fixture(scope="module")
def meera(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """India's co-chair of the Group."""
    with person(browser, capitals.ind, "Meera Anand") as desk:
        yield desk


@pytest.fixture(scope="module")
def laura(browser: Browser, capitals: Capitals) -> Iterator[Desk]:
    """Washington's."""
    with person(browser, capitals.usa, "Laura Whitfield") as desk:
        yield desk


def code_of(desk: Desk) -> str:
    found = re.search(r"/(?:projects|work)/([a-z2-7]{16})/", desk.page.url)
    assert found, desk.page.url
    return found[1]


def at_project(desk: Desk, ref: str) -> str:
    """To the page of a project by its reference; returns its code."""
    desk.go(f"/projects/{ref}/")
    link = desk.main.get_by_role("link", name="The text", exact=True)
    found = re.search(r"/work/([a-z2-7]{16})/", link.get_attribute("href") or "")
    assert found
    return found[1]


def agree(desk: Desk, code: str) -> None:
    desk.comes(f"/work/{code}/agree/", "Agree, for the record")
    desk.press("Agree, for the record")
    desk.sees("Recorded: agreed")


def send(desk: Desk) -> str:
    """Check a draft and send it for agreement; returns the code of its record."""
    desk.press("Check your answers")
    desk.sees("It binds nobody until the other side")
    code = code_of(desk)
    desk.press("Send for agreement")
    desk.sees("Recorded: sent for agreement")
    return code


def give(desk: Desk, task: str, reason: str, words: str, button: str) -> None:
    """A notice of one side alone from the page of a project: first with nothing answered, then whole."""
    desk.follow(task)
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(task)
    desk.press("Check your answers")
    expect(desk.main.locator("section.refused li")).to_have_count(2)
    desk.fill({"reason": reason, "remarks": words})
    desk.press("Check your answers")
    desk.press(button)
    desk.sees("Recorded:")


def close(desk: Desk, how: str, ending: str, **answers: str) -> str:
    """Begin the closure of the project that the page is of, answer it whole, and send it."""
    desk.follow("Close the project with the other side")
    desk.follow(how)
    expect(desk.page.locator("#id_ending")).to_have_value(ending)
    for place, matter in enumerate(MATTERS):
        expect(desk.page.locator(f"#id_settled__{place}__matter")).to_have_value(matter)
        desk.fill({f"settled__{place}__state": "none"})
    desk.fill(
        {"worked": "One trial, one report.", "did_not_work": "The release question came late."}
        | {"next_time": "Ask it first.", "benefits_review": "2029-06", "words": "As both officers reported.", **answers}
    )
    return send(desk)


def stands(desk: Desk, ref: str, *words: str) -> None:
    """Open the page of a project until it says so of how it stands."""

    def told() -> bool:
        desk.go(f"/projects/{ref}/")
        said = desk.section("stands").inner_text()
        return all(each in said for each in words)

    until(told, f"{words!r} on the page of {ref}, {desk.capital.side}")


def test_a_need_meets_an_offer_and_what_was_tried_before_is_shown_before_a_project_is_made(
    meera: Desk, laura: Desk
) -> None:
    for desk, ref, kind, title in (
        (meera, "xt-in", "need", "Small UAV for mountain patrols"),
        (laura, "xt-us", "offer", "Hand-launched drone"),
    ):
        desk.go("/work/new/needs/")
        desk.fill({"ref": ref, "type": kind, "title": title, "capability": "See over a ridge for two hours."})
        desk.fill({"user": f"Patrols of {ref} (exercise)", "priority": "high", "domain": "air"})
        desk.page.get_by_label("Both sides, at once").check()
        desk.press("Check your answers")
        desk.press("Confirm for the record")
        desk.sees("Recorded: stated")
    laura.comes("/identify/", "Small UAV for mountain patrols")
    meera.comes("/identify/", "Hand-launched drone")
    pairs = meera.section("pairs")
    line = pairs.locator("tr").filter(has_text="Small UAV for mountain patrols").filter(has_text="Hand-launched drone")
    expect(line).to_contain_text("both speak of: ridge, uav")
    expect(line).to_contain_text("same domain: air")
    line.get_by_role("link", name="Look at the pair").click()
    tried = meera.section("tried")
    for attempt in ("Air-Launched Unmanned Aerial Vehicle", "Next-generation Raven mini-UAV"):
        expect(tried).to_contain_text(attempt)
    expect(tried).to_contain_text("withdrawn, between Feb 2015 and 2023")
    expect(tried).to_contain_text("no closure record is known")
    meera.follow("Make this a project")
    expect(meera.page.locator("#id_name")).to_have_value("Small UAV for mountain patrols")
    for place, side in enumerate(("IND", "USA")):
        expect(meera.page.locator(f"#id_sponsors__{place}__side")).to_have_value(side)
    expect(meera.page.locator("#id_sponsors__1__organisation")).to_have_value("Patrols of xt-us (exercise)")
    meera.fill({"ref": "xt-uav", "kind": "co-development"})
    agree(laura, send(meera))
    for desk in (meera, laura):
        desk.comes("/identify/", "Named in the project: Small UAV for mountain patrols")


def test_one_side_suspends_and_resumes_and_both_desks_and_lists_say_so(meera: Desk, laura: Desk) -> None:
    meera.comes("/projects/xt-uav/", "agreed here")
    give(meera, "Suspend the project", "funding", "The estimates are not passed.", "Suspend, for the record")
    said = "suspended by India since"
    for desk in (meera, laura):
        stands(desk, "xt-uav", said, "(funding)")
        desk.sees("The estimates are not passed.")
        desk.go("/projects/?q=mountain")
        desk.sees(said)
    expect(laura.main.get_by_role("link", name="Resume the project")).to_have_count(0)
    laura.go("/hi/projects/xt-uav/")
    expect(laura.section("stands")).to_contain_text("भारत")
    assert not ENGLISH.search(laura.section("stands").inner_text())
    meera.go("/projects/xt-uav/")
    meera.follow("Resume the project")
    expect(meera.main.get_by_role("button", name="Resume, for the record")).to_have_count(0)
    meera.press("Check your answers")
    meera.press("Resume, for the record")
    meera.sees("Recorded:")
    for desk in (meera, laura):
        stands(desk, "xt-uav", "active")


def test_a_side_leaves_while_its_own_offer_is_open_and_both_close_what_is_left(meera: Desk, laura: Desk) -> None:
    code = at_project(meera, "xt-uav")
    meera.comes(f"/work/{code}/draft/propose/", "Check your answers")
    meera.fill({"purpose": "See over two ridges."})
    send(meera)
    laura.comes(f"/work/{code}/agree/", "Agree, for the record")
    meera.go("/projects/xt-uav/")
    meera.follow("Withdraw from the project")
    meera.sees("The text that your side has offered stays open", "It ends no agreement")
    meera.go("/projects/xt-uav/")
    words = "The patrols have what they need."
    button = "Withdraw from the project, for the record"
    give(meera, "Withdraw from the project", "requirement-change", words, button)
    for desk in (meera, laura):
        stands(desk, "xt-uav", "withdrawn by India", "left without a closure record")
    laura.go(f"/work/{code}/agree/")
    laura.press("Agree, for the record")
    laura.sees("a suspension or withdrawal stands on this record")
    laura.go("/projects/xt-uav/")
    closure = close(laura, "A side has withdrawn", "withdrawn")
    agree(meera, closure)
    for desk in (meera, laura):
        stands(desk, "xt-uav", "withdrawn by India", "closed with a record")
        desk.go("/closures/xt-uav/")
        desk.sees("The release question came late.", "Ask it first.", "the requirement has changed")


def test_a_project_becomes_a_sale_by_a_text_that_both_agree(meera: Desk, laura: Desk) -> None:
    at_project(laura, "ex-lantern")
    words = "Each navy buys the lantern from its maker."
    closure = close(laura, "It became a sale, or a purchase by one side", "converted", became=words)
    meera.comes(f"/work/{closure}/agree/", words)
    stands(meera, "ex-lantern", "Not agreed by both: it closes nothing here.", "active")
    agree(meera, closure)
    for desk in (meera, laura):
        stands(desk, "ex-lantern", "converted,", "it is bought, not developed together", "closed with a record")
        desk.go("/projects-board/")
        desk.sees("closed with a record")


def test_a_project_is_closed_by_sealed_files_alone(browser: Browser, staged: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(staged, tmp_path / "pair")
    apart = pair(tmp_path / "pair", line=False)

    def carry(giver: Capital, taker: Capital) -> None:
        pack = tmp_path / "pack"
        giver.run("exchange", "pack", "-o", str(pack))
        taker.run("exchange", "unpack", str(pack))

    try:
        apart.serve()
        with person(browser, apart.ind, "Meera Anand") as delhi, person(browser, apart.usa, "Laura Whitfield") as there:
            at_project(delhi, "ex-mooring")
            closure = close(delhi, "It is not pursued", "not-pursued", reason="low-partner-demand")
            carry(apart.ind, apart.usa)
            agree(there, closure)
            carry(apart.usa, apart.ind)
            carry(apart.ind, apart.usa)
            for desk in (delhi, there):
                stands(desk, "ex-mooring", "not pursued,", "little demand on the other side", "closed with a record")
    finally:
        apart.stop()
