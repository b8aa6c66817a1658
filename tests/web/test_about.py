"""The first page for whoever is not signed in: what DTTI is in a minute, in pictures, with what each rests on."""

import re
from typing import Any

import pytest
from django.test import Client
from lxml import html

from .reading import SignIn, fetched, india, node, page, public, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]

PICTURES = ("bodies", "timeline", "meetings", "projects")
TABLES = ("projects", "promises", "due", "differences")


def front(browser: Client, address: str) -> Any:
    """The tree of the page at which somebody who asks for the front arrives."""
    answer = browser.get(address, follow=True)
    assert answer.status_code == 200
    return html.fromstring(answer.content)


@pytest.mark.parametrize("address", ["/", "/hi/"])
def test_a_newcomer_is_met_by_pictures_with_tables_and_what_each_rests_on(public: Client, address: str) -> None:  # noqa: F811
    tree = front(public, address)
    for name in PICTURES:
        (figure,) = tree.xpath(f"//section[@id='{name}']//figure")
        assert figure.xpath("./figcaption")[0].text_content().strip(), name
        assert len(figure.xpath(".//table/tbody/tr")) > 3, name
        assert figure.xpath(".//*[local-name()='svg']//*[local-name()='title']"), name
        assert tree.xpath(f"//section[@id='{name}']//*[contains(@class, 'cite')]"), name
    for name in TABLES:
        rows = tree.xpath(f"//section[@id='{name}']//table[not(ancestor::figure)]/tbody/tr")
        assert rows, name
        for row in rows:  # each with a source and how firm it is
            assert row.xpath(".//*[contains(@class, 'cite')]//a"), (name, row.text_content())
            assert row.xpath(".//*[contains(@class, 'conf')]"), (name, row.text_content())
    for answered in tree.xpath("//dl[@class='facts']/div")[:4]:
        assert answered.xpath(".//*[contains(@class, 'cite')]"), answered.text_content()


def test_its_counts_are_those_of_the_reports(public: Client) -> None:  # noqa: F811
    made = fetched(public, "/about.json")
    promised, differing = fetched(public, "/promises.json"), fetched(public, "/differences.json")
    assert {state: each["n"] for state, each in made["commitments"].items()} == promised["commitments_by_state"]
    assert sum(each["n"] for each in made["differences"].values()) == differing["total"]
    kept = {ref: each["kept"] for ref, each in promised["statements"].items() if "kept" in each}
    assert {ref: each["led_to_an_agreement_or_a_sale"] for ref, each in made["statements"].items()} == kept
    stood = {**made["projects"]["by_stage"], **made["projects"]["without_stage_by_outcome"]}
    assert sum(each["n"] for each in stood.values()) == made["projects"]["total"] == 16
    assert [each["date"] for each in made["timeline"] if each["sort"] == "statement"] == [
        "2019-10-24", "2020-09-15", "2021-11-09",
    ]  # fmt: skip
    for each in (*made["commitments"].values(), *made["differences"].values(), *stood.values(), *made["timeline"]):
        assert each["sources"], each
        assert each["confidence"], each


@pytest.mark.parametrize("language", ["", "/hi"])
def test_years_of_which_nothing_is_recorded_are_drawn_too(public: Client, language: str) -> None:  # noqa: F811
    said = (
        front(public, f"{language}/")
        .xpath("//section[@id='timeline']//*[local-name()='svg']")[0]
        .xpath(".//*[local-name()='text']/text()")
    )
    years = [int(each) for each in said if re.fullmatch(r"20\d\d", each)]
    assert {2012, 2014, 2019, 2022, 2023, 2025} <= set(years)
    nothing = "nothing recorded" if not language else "कुछ अभिलिखित नहीं"
    assert said[said.index("2014") + 1] == nothing
    assert said[said.index("2015") + 1] != nothing


def test_kinds_of_which_there_is_nothing_to_see_are_on_no_list_of_a_visitor(public: Client, sign_in: SignIn) -> None:  # noqa: F811
    def counts(browser: Client) -> dict[str, str]:
        rows = html.fromstring(page(browser, "/record/")).xpath("//main//ul[@class='plain-rows']/li[span]")
        return {row.xpath("./a")[0].get("href"): row.xpath("./span")[0].text_content() for row in rows}

    visitor, secretary = counts(public), counts(sign_in("secretariat"))
    assert "0" not in visitor.values()
    assert "/meetings/" in visitor
    assert "/recommendations/" not in visitor
    assert secretary["/recommendations/"] == "0"  # where the office would begin one


REPORTS = (
    "about",
    "cadence",
    "co-chairs",
    "expiring",
    "promises",
    "scorecard",
    "statements",
    "trade",
    "trade-compared",
)


@pytest.mark.parametrize("name", REPORTS)
def test_each_picture_and_each_table_of_a_report_says_on_what_it_rests(public: Client, name: str) -> None:  # noqa: F811
    tree = html.fromstring(page(public, f"/{name}/"))
    pictures = tree.xpath("//main//figure")
    tables = tree.xpath("//main//table[not(ancestor::figure)]")
    assert pictures or tables
    for figure in pictures:  # beside it, in its own part of the page
        assert figure.xpath("..//*[contains(@class, 'cite')]//*[contains(@class, 'conf')]"), figure.text_content()[:80]
    for table in tables:
        beside = table.xpath("ancestor::section[1]//*[contains(@class, 'cite')][not(ancestor::table)]")
        for row in table.xpath("./tbody/tr") if not beside else ():
            cited = row.xpath(".//*[contains(@class, 'cite')]//*[contains(@class, 'conf')]")
            assert cited or "the record itself" in row.text_content(), row.text_content()[:80]  # a count of none


def test_who_is_signed_in_still_comes_to_the_desk(sign_in: SignIn) -> None:  # noqa: F811
    answer = sign_in("secretariat").get("/")
    assert answer.status_code == 200
    assert b'id="due"' in answer.content
    assert b'id="timeline"' not in answer.content
