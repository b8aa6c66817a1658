"""Any table of any page as a file: the same rows as on the page, for who may see the page, noted in the export log."""

import csv
import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client
from lxml import etree, html
from tests.web.capitals import exercise, serve_side, sign_in

from dtti.demo.exercise import Exercise
from dtti.node.core.node import Node
from dtti.node.people.models import Reading

__all__ = ["exercise", "serve_side"]
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("capitals")]
Serve = Callable[[str], Node]


@pytest.fixture
def secretary(serve_side: Serve) -> Client:
    return sign_in(serve_side("IND"), "secretariat")


def read(content: bytes) -> Any:
    return html.fromstring(content.decode())


def rows_of(browser: Client, address: str, number: int) -> list[list[str]]:
    tree = read(browser.get(address).content)
    table = tree.xpath("//main//table[caption]")[number - 1]
    for hidden in table.xpath(".//*[contains(@class, 'vh')]|.//svg"):
        hidden.drop_tree()
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("./th|./td")] for row in table.xpath(".//tr")]


@pytest.mark.parametrize(
    "address", ["/meetings/?status=held", "/cadence/", "/hi/cadence/", "/co-chairs/?on=2026-06-01"]
)
def test_a_sheet_says_what_the_table_of_the_page_says(secretary: Client, exercise: Exercise, address: str) -> None:
    join = "&" if "?" in address else "?"
    shown = rows_of(secretary, address, 1)
    answer = secretary.get(f"{address}{join}tables=1.csv")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    taken = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [[cell.replace(",", "") for cell in row] for row in taken] == [
        ["" if cell == "–" else cell.replace(",", "") for cell in row] for row in shown
    ]
    book = openpyxl.load_workbook(io.BytesIO(secretary.get(f"{address}{join}tables=1.xlsx").content))
    assert book.worksheets[0].max_row >= len(shown)
    assert Reading.objects.filter(act="export", path=address.partition("?")[0]).count() == 2


def test_the_tables_of_a_page_are_listed_and_lead_back(secretary: Client, exercise: Exercise) -> None:
    tree = read(secretary.get("/meetings/?status=held&tables=").content)
    links = [str(each) for each in tree.xpath("//main//a/@href")]
    assert "/meetings/?status=held" in links
    files = [each for each in links if "tables=" in each]
    assert len(files) == 2
    assert all("status=held" in each for each in files)
    assert "This page has no table" in secretary.get("/account/?tables=").content.decode()


def test_who_may_not_see_a_page_gets_no_table_of_it(secretary: Client, exercise: Exercise) -> None:
    address = f"/meetings/{exercise.records['meeting-3'].rpartition('/')[2]}/"
    assert secretary.get(f"{address}?tables=1.csv")["Content-Type"].startswith("text/csv")
    assert Client().get(f"{address}?tables=1.csv").status_code == 404


def test_a_number_of_a_table_that_is_not_there_gives_the_page(secretary: Client, exercise: Exercise) -> None:
    for asked in ("99.csv", "0.csv"):
        assert secretary.get(f"/cadence/?tables={asked}")["Content-Type"].startswith("text/html")


def test_a_chart_of_a_page_is_a_picture_that_needs_nothing_else(secretary: Client, exercise: Exercise) -> None:
    address = f"/projects/{exercise.records['net'].rpartition('/')[2]}/"
    shown = secretary.get(address).content.decode()
    listed = read(secretary.get(f"{address}?tables=").content)
    (link,) = [str(each) for each in listed.xpath("//main//a/@href") if str(each).endswith(".svg")]
    picture = secretary.get(link)
    assert picture["Content-Type"] == "image/svg+xml"
    drawn = picture.content.decode()
    assert drawn in shown
    tree = etree.fromstring(picture.content)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert not [each for each in tree.iter() if "href" in each.attrib or str(each.tag).endswith(("script", "style"))]
    assert secretary.get(f"{address}?tables=99.svg")["Content-Type"].startswith("text/html")
