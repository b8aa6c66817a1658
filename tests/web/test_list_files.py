"""A list leaves as a file, its rows and columns as the page shows them; its filter lives through what one does next."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

import openpyxl
import pytest
from django.test import Client
from lxml import html
from tests.node.capitals import Capital

from dtti.node.people.models import Reading
from dtti.programme.kinds import KINDS
from dtti.web.views.reading import OWN_LISTS

from .reading import SignIn, fetched, india, node, page, public, sign_in, state  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]

LISTS = [f"/{kind.face.address}" for kind in KINDS.values() if kind.code not in OWN_LISTS]


def rows_of(browser: Client, address: str) -> list[list[str]]:
    """The rows of a CSV file, its headings first."""
    answer = browser.get(address)
    assert answer.status_code == 200, address
    assert answer["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_every_list_is_taken_out_with_all_its_rows_and_the_headings_of_its_page(public: Client) -> None:  # noqa: F811
    for name in (*LISTS, "/bodies", "/expiring", "/search"):
        query = "?q=joint" if name == "/search" else ""
        tree = html.fromstring(public.get(f"{name}/{query}").content)
        if name in LISTS and not fetched(public, f"{name}.json")["total"]:
            continue  # nobody has made such a record public
        links = [str(each) for each in tree.xpath("//p[contains(@class, 'files')]/a/@href")]
        assert links == [f"{name}.csv{query}", f"{name}.xlsx{query}"], name
        made = rows_of(public, links[0])
        shown = [str(each.text_content()) for each in tree.xpath("(//table)[1]/thead//th")]
        assert [head for head in made[0] if not head.endswith("(exact)")] == shown, name
        if name in LISTS or name == "/search":
            assert len(made) - 1 == fetched(public, f"{name}.json{query}")["total"], name
        sheet = openpyxl.load_workbook(io.BytesIO(public.get(links[1]).content)).worksheets[0]
        assert [str(cell.value) for cell in sheet[1]] == made[0], name
        assert sheet.max_row == len(made), name


def test_a_file_has_the_rows_of_the_filter_in_the_order_of_the_page(public: Client) -> None:  # noqa: F811
    query = "?category=press&order=-earliest"
    wanted = [row["title"] for row in fetched(public, f"/sources.json{query}")["rows"]]
    made = rows_of(public, f"/sources.csv{query}&page=2")
    assert len(made) - 1 > 50
    assert [row[0] for row in made[1:51]] == wanted
    assert rows_of(public, "/sources.csv?category=nothing") == [made[0]]


def test_days_numbers_and_sums_stand_as_such(public: Client) -> None:  # noqa: F811
    query = "?q=c-130j"
    answer = public.get(f"/contracts.xlsx{query}")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    heads, *rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    exact = heads.index("Figure (exact)")
    amounts = [row["amount"] for row in fetched(public, f"/contracts.json{query}")["rows"]]
    assert [row[exact] for row in rows] == amounts
    assert any(amounts)
    assert all(
        str(row[heads.index("Figure")]).startswith(("US$", "about", "over", "₹")) or row[exact] is None for row in rows
    )
    notes = [cell for row in book.worksheets[1].iter_rows(values_only=True) for cell in row]
    assert "Narrowed to: Words: c-130j" in notes
    dates = rows_of(public, "/meetings.csv?body=dtti-group")
    at = dates[0].index("Date")
    assert "2019-10-24" in [row[at] for row in dates]


def test_what_was_not_released_is_taken_out_by_officials_alone_and_says_so(
    public: Client,  # noqa: F811
    sign_in: SignIn,  # noqa: F811
) -> None:
    desk = sign_in("secretariat")
    for address in ("/needs.csv", "/search.csv?q=keptback"):
        assert "KEPTBACK" not in public.get(address).content.decode()
        (row,) = [row for row in rows_of(desk, address) if any("KEPTBACK need" in cell for cell in row)]
        assert any("National, not released" in cell for cell in row)
    book = openpyxl.load_workbook(io.BytesIO(desk.get("/needs.xlsx").content))
    assert "National, not released" in str(book.worksheets[0].oddFooter.left.text)
    taken = [(one.person.username, one.act, one.path) for one in Reading.objects.order_by("pk")]
    assert taken == [
        ("secretariat", "export", "/needs.csv"),
        ("secretariat", "export", "/search.csv?q=keptback"),
        ("secretariat", "export", "/needs.xlsx"),
    ]


def test_a_text_that_would_run_as_a_formula_does_not(india: Capital, public: Client, sign_in: SignIn) -> None:  # noqa: F811
    content = {"ref": "formula", "name": "=cmd|' /C calc'!A0", "scope": "external", "category": "law", "date": "2020"}
    state(india, "event", content, ledger="national")
    raw = sign_in("secretariat").get("/events.csv?q=calc").content.decode("utf-8-sig")
    assert "\"'=cmd|" in raw


def test_a_list_in_hindi_is_taken_out_in_hindi(public: Client) -> None:  # noqa: F811
    made = rows_of(public, "/hi/projects.csv")
    assert made[0][0] == html.fromstring(public.get("/hi/projects/").content).xpath("string(//table/thead//th)")
    assert public.get("/hi/projects.csv")["Content-Disposition"] == 'attachment; filename="projects.csv"'


@pytest.mark.parametrize("address", ["/sources/?page=99", "/search/?q=joint&page=99"])
def test_a_page_past_the_end_says_so_with_the_total_and_leads_to_the_last(public: Client, address: str) -> None:  # noqa: F811
    tree = html.fromstring(public.get(address).content)
    total = fetched(public, address.replace("/?", ".json?"))["total"]
    (said,) = tree.xpath("//div[@class='empty']")
    assert f"it has {total} rows" in said.text_content()
    (last,) = said.xpath(".//a/@href")
    there: Any = html.fromstring(public.get(address.partition("?")[0] + last).content)
    assert there.xpath("//table/tbody/tr")
    assert not there.xpath("//a[@rel='next']")


def test_a_filter_lives_through_the_record_its_breadcrumb_the_language_and_signing_in(public: Client) -> None:  # noqa: F811
    asked = "/sources/?category=press&order=-earliest&page=2"
    tree = html.fromstring(public.get(asked).content)
    there = str(tree.xpath("//tbody//th/a/@href")[0])
    for language in ("en", "hi"):
        record = html.fromstring(public.get(there).content)
        back = str(record.xpath("//nav[@class='crumb']//a/@href")[-1])
        assert back == ("/hi" if language == "hi" else "") + asked
        rows = html.fromstring(public.get(back).content).xpath("//tbody//th/a/@href")
        assert there in rows
        there = str(record.xpath("//ul[@class='langs']//a/@href")[0])
    assert record.xpath("//nav[@class='nav']//a[contains(@href, 'sign-in')]/@href") == [
        "/hi/account/sign-in?"
        + urlencode({"next": "/hi" + str(html.fromstring(public.get(asked).content).xpath("//tbody//th/a/@href")[0])})
    ]


def test_a_record_found_by_search_leads_back_to_the_search(public: Client) -> None:  # noqa: F811
    there = str(html.fromstring(public.get("/search/?q=aircraft").content).xpath("//tbody//th/a/@href")[0])
    crumbs = html.fromstring(public.get(there).content).xpath("//nav[@class='crumb']//a/@href")
    assert crumbs[-1] == "/search/?q=aircraft"


@pytest.mark.parametrize(
    "back", ["//evil.example/", "https://evil.example/?a=b", "javascript:alert(1)", "search", "x" * 2000]
)
def test_a_way_back_leads_nowhere_but_to_a_list_of_this_system(public: Client, back: str) -> None:  # noqa: F811
    there = "/bodies/dtti-group/?" + urlencode({"back": back})
    crumbs = html.fromstring(public.get(there).content).xpath("//nav[@class='crumb']//a/@href")
    assert crumbs == ["/record/", "/search/" if back == "search" else "/bodies/"]
