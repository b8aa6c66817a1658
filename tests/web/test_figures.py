"""The charts of pages: the same as in print, with a table under each, for the column and for a telephone."""

import re

import msgspec
import pytest
from django.utils.translation import override
from lxml import html
from markupsafe import Markup

from dtti.office.reports import MetAs
from dtti.web import words as catalogue
from dtti.web.parts import Bar
from dtti.web.views import figures

pytestmark = pytest.mark.usefixtures("taught")

SPELLS = [
    {"side": "IND", "from": "2026-08-14", "to": "2026-09-06", "days": 23, "why": "An offer"},
    {"side": None, "from": "2026-09-06", "to": "2026-10-08", "days": 32, "why": ""},
    {"side": "USA", "from": "2026-10-08", "to": "2026-11-09", "days": 32, "why": "A request"},
]


@pytest.fixture
def taught() -> None:
    """The catalogue as a page has it."""
    catalogue.teach()


def meeting(held: str, date: str, number: int, mode: str, host: str) -> MetAs:
    rests = {"uses": ["meeting:x"], "sources": [], "confidence": "unverified"}
    said = {"number": number, "date": date, "end": None, "status": "held", "held": held, "mode": mode, "host": host}
    return msgspec.convert({**rests, **said, "place": "unknown", "co_chairs": "unknown"}, MetAs)


def rows(figure: str) -> list[list[str]]:
    return [[cell.text_content() for cell in row] for row in html.fromstring(figure).findall(".//tr")]


def test_days_in_court_are_drawn_and_stand_in_a_table() -> None:
    made = figures.court("Lamp exchange", SPELLS, "USA", "Whose court")
    assert made is not None
    assert rows(made) == [
        ["Whose court", "From", "To", "Days", "Reason"],
        ["India", "14 Aug 2026", "6 Sep 2026", "23", "An offer"],
        ["No one", "6 Sep 2026", "8 Oct 2026", "32", "not stated"],
        ["United States", "8 Oct 2026", "9 Nov 2026", "32", "A request"],
    ]
    legend = [text for text in re.findall(r"<text[^>]*>([^<]*)</text>", made) if ":" in text]
    assert legend == ["United States: 32 days", "India: 23 days", "No one: 32 days"]


def test_whole_days_are_those_that_the_page_says_elsewhere() -> None:
    """From the evening of one day to the morning of another is a day less than the dates are apart."""
    made = figures.court("Lamp exchange", [SPELLS[0] | {"days": 22}, *SPELLS[1:]], "IND", "Whose court")
    assert made is not None
    assert [row[3] for row in rows(made)] == ["Days", "22", "32", "32"]
    assert {"22 days", "India: 22 days"} <= set(re.findall(r"<text[^>]*>([^<]*)</text>", made))


def test_days_that_come_to_none_are_not_drawn() -> None:
    assert figures.court("Lamp exchange", [SPELLS[0] | {"to": "2026-08-14", "days": 0}], "IND", "") is None
    assert figures.court("Lamp exchange", [], "IND", "") is None


def test_meetings_stand_along_time_with_their_names_in_the_table() -> None:
    met = {
        "b": meeting("yes", "2024-09", 2, "hybrid", "USA"),
        "a": meeting("yes", "2024-02-06", 1, "in-person", "IND"),
        "c": meeting("unknown", "2025-02-06", 3, "unknown", "unknown"),
        "d": meeting("yes", "[2025-01-01..2025-03-01]", 4, "virtual", "none"),
    }

    def name(ref: str) -> Markup:
        return Markup('<a href="/{}">no. {}</a>').format(ref, ref)

    made = figures.cadence("Joint Group", 180, met, "2026-11-21", name)
    assert made is not None
    assert rows(made) == [["Meeting", "Host"], ["no. a", "host India"], ["no. b", "host United States"]]
    assert 'href="/a"' in made
    assert "days over the rule" in made
    assert "days over the rule" not in str(figures.cadence("Joint Group", None, met, "2026-11-21", Markup))
    assert figures.cadence("Joint Group", 180, {}, "2026-11-21", Markup) is None


@pytest.mark.parametrize(("language", "unknown"), [("en", "not known"), ("hi", "ज्ञात नहीं")])
def test_an_amount_that_is_not_known_is_said_and_draws_nothing(language: str, unknown: str) -> None:
    with override(language):
        made = figures.bars("Routes", [Bar("FMS", 9), Bar("DCS", None)], "dollars")
    assert rows(made)[1:] == [["FMS", "9"], ["DCS", unknown]]
    for drawing in html.fromstring(made).findall(".//svg"):
        assert len(drawing.findall(".//rect")) == 1


def test_a_chart_is_drawn_once_for_its_column_and_once_for_a_telephone() -> None:
    made = html.fromstring(figures.bars("Routes <b>", [Bar("<i>", 9)], "dollars"))
    assert [each.get("width") for each in made.findall(".//svg")] == ["540", "320"]
    assert made.findall(".//b") + made.findall(".//i") == []
    assert len({each.get("id") for each in made.iter() if each.get("id")}) == 4
