"""People at the pages of a capital: signing in, drafting, sending, answering, as they do it with eyes and hands."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from .capitals import PATIENCE, Capital, until

OFFICERS = {"IND": "Cdr. Arjun Rao", "USA": "Daniel Ortega"}
SIDES = {"IND": "India", "USA": "United States"}


@dataclass
class Desk:
    """Someone at a page of one capital; `complaints` is what the browser said against any page."""

    capital: Capital
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    def go(self, address: str) -> None:
        """Open a page of this capital."""
        self.page.goto(self.capital.url + address, wait_until="load")

    def follow(self, name: str | re.Pattern[str], within: str = "main") -> None:
        """Follow the first link of that name."""
        self.page.locator(within).get_by_role("link", name=name).first.click()

    def press(self, name: str) -> None:
        """Press the button of that name."""
        self.main.get_by_role("button", name=name, exact=True).click()

    def fill(self, answers: Mapping[str, str]) -> None:
        """Answer questions of a form by the names of their fields."""
        for name, answer in answers.items():
            field_ = self.page.locator(f"#id_{name}")
            field_.wait_for(state="attached")  # the page that a click led to may still be on its way
            folded = field_.locator("xpath=ancestor::details[not(@open)]")  # asked under "More"
            while folded.count():
                folded.first.locator("> summary").click()
            if field_.evaluate("field => field.tagName") == "SELECT":
                field_.select_option(answer)
            else:
                field_.fill(answer)

    def section(self, identity: str) -> Locator:
        """A section of the page by its id."""
        return self.page.locator(f"section#{identity}")

    def sees(self, *words: str) -> None:
        """The content of the page has these words."""
        for each in words:
            expect(self.main).to_contain_text(each)

    def comes(self, address: str, words: str) -> None:
        """Open a page again until its content has these words."""

        def there() -> bool:
            self.go(address)
            return words in self.main.inner_text()

        until(there, f"{words!r} on {address} of {self.capital.side}")


@contextmanager
def signed_in(
    browser: Browser, capital: Capital, name: str = "", *, width: int = 1280, opens: str = "Desk", **context: Any
) -> Iterator[Desk]:
    """Someone signed in at a capital by one click, its naval co-chair unless named; `opens`: the page that comes."""
    room = browser.new_context(viewport={"width": width, "height": 900}, **context)
    room.set_default_timeout(PATIENCE * 1000)
    page = room.new_page()
    desk = Desk(capital, page)
    page.on("console", lambda message: desk.complaints.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: desk.complaints.append(f"{page.url}: {error}"))
    desk.go("/demo-sign-in")
    desk.press(name or OFFICERS[capital.side])
    expect(page.get_by_role("heading", level=1)).to_have_text(opens)
    try:
        yield desk
    finally:
        room.close()


def definition(ref: str, project: str, hours: str) -> dict[str, str]:
    """A whole success definition as answers to the form's questions."""
    return {
        "ref": ref,
        "project": project,
        "problem": "Forward posts burn fuel all night to keep one radio alive, and are heard doing it.",
        "end_users__0__side": "IND",
        "end_users__0__user": "Mountain posts of the exercise command",
        "end_users__1__side": "USA",
        "end_users__1__user": "Expeditionary units (exercise)",
        "measures__0__name": "Hours of silent work at two kilowatts",
        "measures__0__unit": "hours",
        "measures__0__baseline": "not measured",
        "measures__0__target": hours,
        "measures__0__by": "2028-06",
        "measures__0__shown_by": "Joint trial report",
        "partial": "Half the hours, or on one side's posts only.",
        "failure": "Any unit heard at 50 metres.",
        "assessors__0__side": "IND",
        "assessors__0__office": "IND/ex-project-officer",
        "assessors__1__side": "USA",
        "assessors__1__office": "USA/ex-project-officer",
    }


POWER = ("Silent field power unit", "ex-power")  # projects without a success definition: name and reference
HARBOUR = ("Harbour mine survey by small boats", "ex-harbour")
TITLE = f"Success of {POWER[0]}"  # what lists call the record that `begin` begins


def begin(desk: Desk, project: tuple[str, str] = POWER) -> str:
    """Begin the success definition of a project; returns the code that both capitals will know it by."""
    desk.go("/projects/")
    desk.follow(project[0])
    desk.follow("Begin a success definition")
    found = re.search(r"/work/([a-z2-7]{16})/draft/propose/", desk.page.url)
    assert found, desk.page.url
    return found[1]


def send(desk: Desk, project: tuple[str, str] = POWER) -> None:
    """Answer the form that `begin` opened, check it, and send the text for agreement."""
    answers = definition(f"{project[1]}-success", project[1], "168")
    desk.fill(answers | {"remarks": "A week without a sound."})
    desk.press("Check your answers")
    desk.sees("Check your answers", "Hours of silent work at two kilowatts", "It binds nobody until the other side")
    desk.press("Send for agreement")
    desk.sees("Recorded: sent for agreement", "No text stands yet.")


def send_back(desk: Desk, code: str) -> None:
    """Send the open offer back with a counter-text: ten days instead of seven."""
    desk.go(f"/work/{code}/send-back/")
    desk.fill({"remarks": "Ten days: resupply comes every tenth."})
    desk.press("Write a counter-text instead")
    expect(desk.page.locator("#id_remarks")).to_have_value("Ten days: resupply comes every tenth.")
    desk.fill({"measures__0__target": "240"})
    desk.press("Check your answers")
    changed = desk.main.locator("tr.p-changed")
    expect(changed).to_have_count(1)
    marked = [changed.locator(mark).text_content() for mark in ("del", "ins")]
    assert marked == ["[removed: 168]", "[added: 240]"]
    desk.press("Send back with this counter-text")
    desk.sees("Recorded: sent back")


def agree(desk: Desk, code: str) -> None:
    """Agree to the open offer."""
    desk.go(f"/work/{code}/agree/")
    desk.sees("Confirm for the record", "It binds both offices to the text of this record.")
    desk.press("Agree, for the record")
    desk.sees("Recorded: agreed")


def record_paper(desk: Desk, code: str) -> None:
    """Record from an exchange of letters that the figure is 200."""
    desk.go(f"/work/{code}/draft/paper/")
    desk.fill(
        {"paper_number": "EX/LAND/2026/77", "paper_date": "2026-11-20", "paper_title": "Exchange of letters"}
        | {"measures__0__target": "200"}
    )
    desk.page.get_by_label("Both sides, at once").check()
    desk.press("Check your answers")
    desk.sees("EX/LAND/2026/77", "The paper binds, not this page")
    desk.press("Record, for both sides to read")
    desk.sees("Recorded: stated")


def confirm_paper(desk: Desk, code: str) -> None:
    """Confirm what the other side recorded, from the same paper."""
    desk.go(f"/work/{code}/")
    desk.follow("Confirm from the same paper")
    desk.sees("EX/LAND/2026/77", "Exchange of letters", "200")
    desk.press("Confirm, for the record")
    desk.sees("Recorded: stated", "The text of a paper that both sides confirm.")
