"""*Ask the record*: both questions in the browser, in both languages, with their `.json`, files, and refusals."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from lxml import html

from .reading import SignIn, fetched, india, node, public, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]

SOI = "from=instrument:soi-1&to=instrument:aluav-pa"


def text_of(client: Client, path: str, status: int = 200) -> str:
    answered = client.get(path)
    assert answered.status_code == status, path
    return " ".join(html.fromstring(answered.content.decode()).xpath("string(//main)").split())


def test_how_long_is_answered_by_every_reading_each_with_its_sources(public: Client) -> None:  # noqa: F811
    said = text_of(public, f"/ask/?{SOI}")
    for words in ("645 days", "590 days", "747 days", "not known to the day: 800 to 1,223 days", "inferred", "sourced"):
        assert words in said
    rows = html.fromstring(public.get(f"/ask/?{SOI}").content.decode()).xpath("//table[caption]//tbody/tr")
    assert len(rows) == 6
    assert all(row.xpath(".//td[last()]//a[starts-with(@href, '/sources/')]") for row in rows)
    hindi = text_of(public, f"/hi/ask/?{SOI}")
    assert "645 दिन" in hindi
    assert "590 दिन" in hindi


def test_the_page_and_its_json_say_the_same(public: Client) -> None:  # noqa: F811
    found = fetched(public, f"/ask.json?{SOI}")
    assert (found["days"], found["from"]["field"], found["confidence"]) == (645, "signed", "inferred")
    other = fetched(public, f"/ask.json?{SOI}&reading=soi-1-date=b")
    assert (other["days"], other["from"]["reading"]) == (590, "soi-1-date=b")
    assert fetched(public, "/ask.json") == {"found": None}
    count = fetched(public, "/ask/count.json?kind=project&facet=horizons.statement&value=soi-1&by=horizons.horizon")
    assert {group: each["n"] for group, each in count["groups"].items()} == {"long": 2, "mid": 2, "near": 3}
    early = fetched(public, "/ask/count.json?kind=instrument&facet=type&value=statement-of-intent&on=2020-01-01")
    assert early["records"] == ["soi-1"]


def test_a_fact_is_chosen_by_the_name_of_its_record_and_one_of_its_dates(public: Client) -> None:  # noqa: F811
    page = html.fromstring(public.get("/ask/?from=Industrial+Security+Annex&from_date=signed").content.decode())
    names = page.xpath("//datalist/option/@value")
    assert "Industrial Security Annex" in names
    assert "DTTI Group, no. 11" in names
    assert page.xpath("//select[@name='from_date']/option/@value") == [
        "text_agreed", "signed", "announced", "in_force", "first_step", "renewed", "expires", "due",
    ]  # fmt: skip
    said = text_of(public, "/ask/?from=Industrial+Security+Annex&from_date=first_step&to=2021-10-01")
    assert "4 days" in said


def test_how_many_is_answered_with_what_is_only_possible_beside_it(public: Client) -> None:  # noqa: F811
    said = text_of(public, "/ask/count/?kind=instrument&facet=type&value=project-agreement&until=2015")
    assert "0 for certain, 2 at most" in said
    assert "Mobile Electric Hybrid Power Sources" in said
    grouped = html.fromstring(public.get("/ask/count/?kind=project&by=outcome.code").content.decode())
    assert len(grouped.xpath("//table[caption]//tbody/tr")) >= 7
    chosen = html.fromstring(public.get("/ask/count/?kind=meeting&facet=body&value=dpg").content.decode())
    assert "dtti-group" in chosen.xpath("//datalist[@id='values1']/option/@value")


@pytest.mark.parametrize(
    ("path", "rule", "names"),
    [
        ("/ask{}?from=meeting:zz", "fact-record", "dtti-group-07"),
        ("/ask{}?from=treaty:x", "fact-kind", "instrument"),
        ("/ask{}?from=nobody+knows", "fact-form", "kind:ref"),
        ("/ask{}?from=meeting:dtti-group-07/place", "fact-field", "date, end"),
        ("/ask{}?from=meeting:dtti-group-07&reading=soi-1-date=z", "reading-key", "a, b"),
        ("/ask/count{}?kind=treaty", "fact-kind", "instrument"),
        ("/ask/count{}?kind=meeting&facet=colour&value=red", "count-facet", "mode"),
        ("/ask/count{}?kind=meeting&facet=mode&value=telepathy", "count-value", "virtual"),
        ("/ask/count{}?kind=project&grade=nope", "count-value", "agreed_here"),
        ("/ask/count{}?kind=project&year=20x", "count-value", "2015"),
        ("/ask/count{}?kind=meeting&number=-1", "count-value", "1, 2, 3"),
        ("/ask/count{}?kind=meeting&colour=red", "count-facet", "mode"),
        ("/ask/count{}?kind=meeting&since=2022&until=2021", "count-stretch", "since 2021"),
        ("/ask/count{}?kind=meeting&by=colour", "count-facet", "mode"),
        ("/ask/count{}?kind=meeting&date=place", "count-date", "date, end"),
        ("/ask/count{}?kind=meeting&since=2019-13", "count-date", "month"),
        ("/ask/count{}?kind=meeting&of=some", "report-of", "published"),
    ],
)
def test_what_cannot_be_asked_is_said_on_the_page_with_what_can_and_the_form_stays(
    public: Client,  # noqa: F811
    path: str,
    rule: str,
    names: str,
) -> None:
    for prefix in ("", "/hi"):
        page = html.fromstring(public.get(prefix + path.format("/")).content.decode())
        (told,) = page.xpath("//section[@role='alert']")
        assert prefix or names in told.text_content()
        assert page.xpath("//form[contains(@class, 'ask')]//button")
    refused = public.get(path.format(".json"))
    assert refused.status_code == 422
    (one,) = refused.json()["refusals"]
    assert one["rule"] == rule


def test_a_condition_by_its_own_name_is_the_one_of_the_form(public: Client) -> None:  # noqa: F811
    named = fetched(public, "/ask/count.json?kind=project&horizons.statement=soi-1&horizons.horizon=near")
    assert (named["n"], named["facets"]) == (3, {"horizons.statement": "soi-1", "horizons.horizon": "near"})
    page = html.fromstring(public.get("/ask/count/?kind=project&horizons.statement=soi-1").content.decode())
    assert page.xpath("//input[@id='f-value1']/@value") == ["soi-1"]


def test_tables_come_as_files(public: Client) -> None:  # noqa: F811
    made = public.get(f"/ask/?{SOI}&tables=1.csv")
    lines = list(csv.reader(io.StringIO(made.content.decode("utf-8-sig"))))
    assert any("645 days" in cell for row in lines for cell in row)
    assert public.get("/ask/count/?kind=project&by=outcome.code&tables=1.xlsx").content[:2] == b"PK"


def test_what_was_not_released_is_neither_offered_nor_counted_for_a_visitor(
    public: Client,  # noqa: F811
    sign_in: SignIn,  # noqa: F811
) -> None:
    for client, counted in ((public, 0), (sign_in("secretariat"), 3)):
        found: dict[str, Any] = fetched(client, "/ask/count.json?kind=need&of=all")
        assert found["n"] + len(found["possible"]) == counted
    assert "KEPTBACK" not in public.get("/ask/").content.decode()
    assert public.get("/ask.json?from=need:kept-back").status_code == 422
