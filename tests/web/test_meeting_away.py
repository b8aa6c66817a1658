"""Days on which somebody cannot meet, at the page that finds days: read, shown, kept for the office, left out."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html
from tests.documents.calendar.test_away import WHOLE, calendar
from tests.web.capitals import exercise, serve_side, sign_in

from dtti.demo.exercise import Exercise
from dtti.node.core.node import Node
from dtti.node.people import expiry
from dtti.node.people.models import DaysAway

from .test_meeting_work import code, page, words

__all__ = ["exercise", "serve_side"]
pytestmark = [pytest.mark.django_db, pytest.mark.long, pytest.mark.xdist_group("capitals")]
Serve = Callable[[str], Node]


@pytest.fixture
def secretary(serve_side: Serve) -> Client:
    return sign_in(serve_side("IND"), "secretariat")


@pytest.fixture
def address(exercise: Exercise) -> str:
    return f"/meetings/{code(exercise, 'meeting-3')}/days/"


def monday() -> date:
    """A Monday of next year's summer, for which no fixed event is known."""
    day = date(datetime.now(UTC).year + 1, 7, 1)
    return day - timedelta(days=day.weekday())


def on(day: date) -> str:
    return WHOLE + f"{day:%Y%m%d}"


def window(**more: object) -> dict[str, object]:
    first = monday()
    search = {"first": first.isoformat(), "last": (first + timedelta(days=6)).isoformat(), "mode": "in-person"}
    return {**search, "host": "IND", "days": "1", "minutes": "90", **more}


def bring(browser: Client, address: str, data: bytes, name: str = "absences.ics") -> Any:
    return browser.post(address, window(away="read", calendar=SimpleUploadedFile(name, data, "text/calendar")))


def shown(browser: Client, answer: Any) -> html.HtmlElement:
    assert answer.status_code == 302, words(html.fromstring(answer.content.decode()))
    return page(browser, answer["Location"].partition("#")[0])


def kept(browser: Client, address: str) -> html.HtmlElement:
    return shown(browser, browser.post(address, window(away="keep")))


def test_days_of_a_calendar_are_shown_then_kept_and_left_out_with_the_reason(secretary: Client, address: str) -> None:
    first = monday()
    tour = ("UID:tour@office", on(first), f"DTEND;VALUE=DATE:{first + timedelta(days=3):%Y%m%d}")
    endless = ("UID:gym@office", on(first), "RRULE:FREQ=WEEKLY")
    tree = shown(secretary, bring(secretary, address, calendar(tour, endless, on(date(2020, 1, 1)))))
    said = words(tree, "//*[@id='away']")
    assert "What was understood of absences.ics" in said
    assert "Away 1 new" in said
    assert "Away 2: Entry 2 repeats without an end." in said
    assert "1 absence is over." in said
    proposed = set(tree.xpath("//button[@name='take']/@value"))
    gone = {(first + timedelta(days=each)).isoformat() for each in range(3)}
    assert proposed & gone  # nothing is left out before it is kept
    tree = kept(secretary, address)
    proposed = set(tree.xpath("//button[@name='take']/@value"))
    assert not proposed & gone
    assert proposed
    left = words(tree, "//*[@id='left']")
    assert "Away 1" in left
    assert "absences.ics" in left
    data = secretary.get(f"{address.rstrip('/')}.json", window()).json()
    assert [each["first"] for each in data["left_out"]] == [first.isoformat()]
    assert data["kept"][0]["name"] == "Away 1"


def test_the_same_file_again_shows_what_changed_only(secretary: Client, address: str) -> None:
    first = monday()
    names = [(f"UID:{number}@office", on(first + timedelta(days=number))) for number in range(3)]
    shown(secretary, bring(secretary, address, calendar(*names)))
    kept(secretary, address)
    said = words(shown(secretary, bring(secretary, address, calendar(*names))), "//*[@id='away']")
    assert "The file says nothing that is not kept already." in said
    assert "3 absences are kept already as they are." in said
    moved = [names[0], ("UID:1@office", on(first + timedelta(days=5)))]
    tree = shown(secretary, bring(secretary, address, calendar(*moved)))
    rows = [words(each, ".") for each in tree.xpath("//*[@id='away']//ul[1]/li")]
    assert len(rows) == 2
    assert "changed" in rows[0] or "changed" in rows[1]
    assert any("no longer in the file, and taken out" in row for row in rows)
    kept(secretary, address)
    (held,) = DaysAway.objects.all()
    assert [each["days"][0]["first"] for each in held.kept] == [
        first.isoformat(),
        (first + timedelta(days=5)).isoformat(),
    ]
    secretary.post(address, window(away="without:absences.ics"))
    assert not DaysAway.objects.exists()


HOSTILE = [
    (calendar((on(date(2027, 7, 5)), "RRULE:FREQ=SECONDLY")), "repeats by a rule", "ऐसे नियम से दोहराई"),
    (calendar((on(date(2027, 7, 5)), "RRULE:FREQ=DAILY")), "repeats without an end", "बिना अंत के दोहराई"),
    (calendar("DTSTART:20270705T090000"), "without a time zone", "बिना समय-क्षेत्र"),
    (calendar(WHOLE + "99991231"), "lies in the year 9999", "वर्ष 9999"),
    (b"\x00\xff\x13" * 400, "is not UTF-8", "UTF-8 नहीं है"),
    (b"PK\x03\x04" * 40, "does not begin with BEGIN:VCALENDAR", "BEGIN:VCALENDAR से आरंभ नहीं"),
    (b"x" * (4 * 1024 * 1024 + 1), "too large", "बहुत बड़ी"),
    (b"", "no file was chosen", "कोई फ़ाइल नहीं"),
]


@pytest.mark.parametrize(("data", "english", "hindi"), HOSTILE, ids=[each[1] for each in HOSTILE])
def test_a_hostile_calendar_is_refused_in_plain_words_in_both_languages(
    secretary: Client, address: str, data: bytes, english: str, hindi: str
) -> None:
    for prefix, said in (("", english), ("/hi", hindi)):
        answer = bring(secretary, prefix + address, data)
        assert answer.status_code == 422
        assert said in words(html.fromstring(answer.content.decode()), "//*[@id='id_calendar_err']")
    assert not DaysAway.objects.exists()


def test_what_is_kept_is_of_the_office_alone_and_holds_no_address(
    serve_side: Serve, secretary: Client, address: str
) -> None:
    first = monday()
    told = ("UID:someone@example.org", on(first), "ATTENDEE;CN=Someone:mailto:someone@example.org")
    private = ("UID:b@example.org", on(first + timedelta(days=1)), "SUMMARY:Call +91 98000 00000")
    data = calendar(told, private).replace(b"SUMMARY:Away 2\r\n", b"")
    shown(secretary, bring(secretary, address, data))
    kept(secretary, address)
    (held,) = DaysAway.objects.all()
    assert "example.org" not in str(held.kept)
    assert "98000" not in str(held.kept)
    node = serve_side("IND")
    other = sign_in(node, "co_chair")
    assert "Away 1" not in words(page(other, address + "?" + "first=" + first.isoformat()))
    assert Client().get(address).status_code in (302, 403, 404)
    usa = sign_in(serve_side("USA"), "secretariat")
    assert "Away 1" not in words(page(usa, address))


def test_days_that_are_over_go_with_the_rounds(secretary: Client, address: str) -> None:
    shown(secretary, bring(secretary, address, calendar(on(monday()))))
    expiry.delete(datetime.now(UTC))
    assert DaysAway.objects.get().brought
    expiry.delete(datetime.now(UTC) + timedelta(days=2))  # read, and never kept
    assert not DaysAway.objects.exists()
    shown(secretary, bring(secretary, address, calendar(on(monday()))))
    kept(secretary, address)
    over = datetime(monday().year, monday().month, monday().day, tzinfo=UTC)
    expiry.delete(over)
    assert DaysAway.objects.exists()
    expiry.delete(over + timedelta(days=1))
    assert not DaysAway.objects.exists()
