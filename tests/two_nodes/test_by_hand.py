"""The same work by keyboard alone, and in a browser without scripts: from signing in to sending for agreement."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .capitals import PATIENCE, Capitals
from .desks import HARBOUR, OFFICERS, begin, definition, send, signed_in

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("two_nodes")]

STEPS = 200  # more Tab stops than any page of work has


class Keyboard:
    """Someone without a mouse: Tab to a thing, then Enter, Space or letters."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, thing: Locator) -> None:
        """Press Tab until `thing` has the focus, and see that it shows."""
        wanted = thing.element_handle(timeout=PATIENCE * 1000)
        for _step in range(STEPS):
            if wanted.evaluate("thing => thing === document.activeElement"):
                outline = wanted.evaluate("thing => getComputedStyle(thing).outlineStyle")
                assert outline != "none", wanted.evaluate("thing => thing.outerHTML")
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not reach {thing}")

    def use(self, thing: Locator, key: str = "Enter") -> None:
        """Reach a link or button and use it; waits for the page that answers."""
        self.reach(thing)
        before = self.page.url
        self.page.keyboard.press(key)
        self.page.wait_for_url(lambda url: url != before, wait_until="load", timeout=PATIENCE * 1000)

    def answer(self, name: str, value: str) -> None:
        """Reach a field and type its answer over what stands there; in a list, go down to it."""
        field = self.page.locator(f"#id_{name}")
        self.reach(field)
        if field.evaluate("field => field.tagName") == "SELECT":
            self.page.keyboard.press("Home")
            for _option in range(field.locator("option").count()):
                if field.input_value() == value:
                    return
                self.page.keyboard.press("ArrowDown")
            raise AssertionError(f"{value} is not among the answers to {name}")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(value)


def test_a_text_is_sent_for_agreement_without_a_mouse(browser: Browser, capitals: Capitals) -> None:
    page = browser.new_page()
    hands = Keyboard(page)
    page.goto(f"{capitals.ind.url}/demo-sign-in")
    hands.use(page.get_by_role("button", name=OFFICERS["IND"]))
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")
    hands.use(page.locator("header").get_by_role("link", name="Projects"))
    hands.use(page.locator("main").get_by_role("link", name="Silent field power unit").first)
    hands.use(page.get_by_role("link", name="Begin a success definition"), "Enter")
    for name, value in definition("ex-power-success", "ex-power", "168").items():
        if name != "ref":  # made from the name unless one is given under "More"
            hands.answer(name, value)
    hands.reach(page.locator("#id_firm"))
    page.keyboard.press("Space")
    expect(page.locator("#id_firm")).to_be_checked()
    page.keyboard.press("Space")
    hands.use(page.locator("main").get_by_role("button", name="Check your answers"), "Space")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    hands.use(page.get_by_role("button", name="Send for agreement"))
    expect(page.locator("main")).to_contain_text("Recorded: sent for agreement")
    page.close()


def test_enter_in_a_field_checks_the_answers_and_adds_no_row(browser: Browser, capitals: Capitals) -> None:
    with signed_in(browser, capitals.usa) as desk:
        desk.go("/work/new/success/")
        desk.fill(definition("ex-buoy-success", "ex-buoy", "9"))
        desk.page.locator("#id_ref").press("Enter")
        expect(desk.page.get_by_role("heading", level=1)).to_have_text("Check your answers")


def test_a_text_is_sent_for_agreement_without_scripts(browser: Browser, capitals: Capitals) -> None:
    with signed_in(browser, capitals.usa, java_script_enabled=False) as desk:
        code = begin(desk, HARBOUR)
        rows = desk.page.locator("#id_measures fieldset.row")
        before = rows.count()
        desk.fill({"measures__0__name": "Weight", "ref": "ex-power-weight"})
        desk.page.locator("#id_measures").get_by_role("button", name="Add a row").click()
        expect(rows).to_have_count(before + 1)
        expect(desk.page.locator("#id_ref")).to_have_value("ex-power-weight")
        send(desk, HARBOUR)
        desk.go("/")
        expect(desk.section("theirs")).to_contain_text(f"Success of {HARBOUR[0]}")
        desk.go(f"/work/{code}/")
        desk.sees("Offered, not agreed")
        assert desk.complaints == []
