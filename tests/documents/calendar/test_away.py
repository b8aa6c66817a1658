"""Days on which somebody cannot meet, from a calendar file: what is understood, what is listed, what is refused."""

import datetime as dt
from collections.abc import Iterable

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.calendar import away
from dtti.documents.calendar.find import answer
from dtti.documents.calendar.request import FixedEvent, Request
from dtti.documents.values import Words

WHOLE = "DTSTART;VALUE=DATE:"


def calendar(*entries: Iterable[str]) -> bytes:
    """A calendar file of these entries, each given as its lines beside UID, stamp and name."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN"]
    for number, entry in enumerate(entries, 1):
        own = [entry] if isinstance(entry, str) else list(entry)
        lines += ["BEGIN:VEVENT", *(() if any(each.startswith("UID") for each in own) else (f"UID:{number}@office",))]
        lines += ["DTSTAMP:20260101T000000Z", f"SUMMARY:Away {number}", *own, "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def days(*entries: Iterable[str]) -> list[str]:
    return [
        f"{span.first:%m-%d}" if span.first == span.last else f"{span.first:%m-%d}/{span.last:%m-%d}"
        for each in away.read(calendar(*entries)).away
        for span in each.days
    ]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((WHOLE + "20270510",), ["05-10"]),
        ((WHOLE + "20270510", "DTEND;VALUE=DATE:20270515"), ["05-10/05-14"]),
        ((WHOLE + "20270510", "DTEND;VALUE=DATE:20270510"), ["05-10"]),
        (("DTSTART:20270510T200000Z", "DTEND:20270510T213000Z"), ["05-10"]),
        (("DTSTART;TZID=Asia/Kolkata:20270510T000000", "DTEND;TZID=Asia/Kolkata:20270512T000000"), ["05-10/05-11"]),
        (("DTSTART:20270510T090000Z",), ["05-10"]),
        ((WHOLE + "20270510", "RRULE:FREQ=WEEKLY;COUNT=3"), ["05-10", "05-17", "05-24"]),
        ((WHOLE + "20270510", "RRULE:FREQ=WEEKLY;BYDAY=MO,FR;UNTIL=20270517"), ["05-10", "05-14", "05-17"]),
        ((WHOLE + "20270510", "RRULE:FREQ=DAILY;INTERVAL=2;COUNT=2"), ["05-10", "05-12"]),
        ((WHOLE + "20270131", "RRULE:FREQ=MONTHLY;UNTIL=20270401T000000Z"), ["01-31", "03-31"]),
        ((WHOLE + "20240229", "RRULE:FREQ=YEARLY;COUNT=2"), ["02-29", "02-29"]),
        ((WHOLE + "20270815", "RRULE:FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15;COUNT=1"), ["08-15"]),
        ((WHOLE + "20270510", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20270511"), ["05-10", "05-12"]),
    ],
)
def test_days_are_understood_with_repetition_to_its_end(lines: tuple[str, ...], expected: list[str]) -> None:
    assert days(lines) == expected


def test_one_time_of_a_repetition_that_was_moved_counts_where_it_is_now() -> None:
    rule = ("UID:a@b", WHOLE + "20270510", "RRULE:FREQ=DAILY;COUNT=2")
    moved = ("UID:a@b", "RECURRENCE-ID;VALUE=DATE:20270511", WHOLE + "20270520")
    assert days(rule, moved) == ["05-10", "05-20"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((WHOLE + "20270510", "RRULE:FREQ=DAILY"), "Entry 2 repeats without an end."),
        ((WHOLE + "20270510", "RRULE:FREQ=SECONDLY;COUNT=3"), "by a rule that is not read here"),
        ((WHOLE + "20270510", "RRULE:FREQ=MONTHLY;BYDAY=2TU;COUNT=3"), "by a rule that is not read here"),
        ((WHOLE + "20270510", "RRULE:FREQ=DAILY;COUNT=401"), "repeats more than 400 times"),
        ((WHOLE + "20270510", "RRULE:FREQ=DAILY;INTERVAL=0;COUNT=3"), "Entry 2"),
        ((WHOLE + "20270510", "RDATE;VALUE=DATE:20270601"), "repeats on a list of days"),
        (("DTSTART:20270510T090000", "DTEND:20270510T100000"), "begins at 09:00 without a time zone"),
        (("DTSTART;TZID=Mars/Base:20270510T090000",), "in 'Mars/Base', no known time zone"),
        ((WHOLE + "99991231",), "lies in the year 9999"),
        ((WHOLE + "20270510", "DTEND;VALUE=DATE:20990101"), "lasts 26"),
        (("DTSTART;VALUE=DATE:20271345",), "cannot be read"),
        ((), "has no DTSTART"),
        ((WHOLE + "20270510", "STATUS:CANCELLED"), "is cancelled"),
    ],
)
def test_what_is_not_understood_is_listed_and_the_rest_counts(lines: tuple[str, ...], said: str) -> None:
    read = away.read(calendar(WHOLE + "20270510", lines))
    assert [each.name for each in read.away] == ["Away 1"]
    ((number, name, why),) = [(each.number, each.name, each.why) for each in read.left]
    assert (number, name) == (2, "Away 2")
    assert said in why[0].reason


def test_a_file_of_which_nothing_is_understood_is_refused_with_every_reason() -> None:
    with pytest.raises(Refused) as refused:
        away.read(calendar((WHOLE + "20270510", "RRULE:FREQ=DAILY"), (WHOLE + "99991231",)))
    assert [each.reason for each in refused.value.refusals] == [
        "Entry 1 repeats without an end.",
        "Entry 2 lies in the year 9999.",
    ]


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01\x02" * 50, b"PK\x03\x04", b"x" * (8 * 1024 * 1024 + 1), calendar(), b"BEGIN:VCALENDAR\r\n" * 9999],
    ids=["empty", "binary", "zip", "large", "no entry", "nested"],
)
def test_what_is_no_calendar_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        away.read(data)


def test_a_file_that_repeats_as_often_as_it_can_is_answered_without_all_of_it_being_written_out() -> None:
    often = (WHOLE + "20270101", "RRULE:FREQ=DAILY;COUNT=400")
    with pytest.raises(Refused, match="too many days"):
        away.read(calendar(*[often] * 4_000))


@pytest.mark.parametrize("mark", ["PRIVATE", "CONFIDENTIAL", "private"])
def test_an_absence_that_is_its_owners_own_matter_has_no_name(mark: str) -> None:
    (found,) = away.read(calendar((WHOLE + "20270510", "SUMMARY:Surgery", f"CLASS:{mark}"))).away
    assert found.name == ""


def test_of_two_names_the_first_is_taken_and_cancelled_once_is_cancelled() -> None:
    (found,) = away.read(calendar((WHOLE + "20270510", "SUMMARY:Second"))).away
    assert found.name == "Away 1"
    read = away.read(calendar((WHOLE + "20270510", "STATUS:CONFIRMED", "STATUS:CANCELLED"), (WHOLE + "20270511",)))
    assert (len(read.away), len(read.left)) == (1, 1)


def test_what_takes_no_time_of_anybody_leaves_no_day_out_and_is_said() -> None:
    read = away.read(calendar((WHOLE + "20270510", "TRANSP:TRANSPARENT"), (WHOLE + "20270511", "TRANSP:OPAQUE")))
    assert [each.name for each in read.away] == ["Away 2"]
    assert "takes no time" in read.left[0].why[0].reason


def test_weeks_that_begin_on_another_day_are_listed_and_not_guessed() -> None:
    """RFC 5545, 3.8.5.3: with WKST=SU these would be other days than with WKST=MO."""
    rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST="
    read = away.read(calendar((WHOLE + "20270810", rule + "SU"), (WHOLE + "20270810", rule + "MO")))
    assert (len(read.away), len(read.left)) == (1, 1)


def test_no_address_is_taken_from_a_file() -> None:
    read = away.read(calendar(("UID:someone@example.org", WHOLE + "20270510", "ATTENDEE:mailto:someone@example.org")))
    assert "example.org" not in str(read)


# --- the finder ------------------------------------------------------------------------------------------------------


def event(first: str, last: str, *binds: str) -> FixedEvent:
    return FixedEvent(dt.date.fromisoformat(first), dt.date.fromisoformat(last), Words(en="On tour"), binds=binds)  # type: ignore[arg-type]  # sides


def test_days_on_which_somebody_cannot_meet_are_left_out_with_the_reason() -> None:
    gone = event("2027-05-10", "2027-05-12", "IND")
    request = Request(dt.date(2027, 5, 8), dt.date(2027, 5, 16), days=2, host="IND", away=(gone,), most=9, apart=1)
    found = answer(request)
    assert [(each.first.day, each.last.day, each.because) for each in found.left_out] == [(9, 12, (gone,))]
    assert {each.first.day for each in found.proposals} == {8, 13, 14, 15, 16}
    assert any("1 given, all left out" in each.en for each in found.looked_at)


def test_by_video_the_days_are_those_of_whoever_is_away_by_their_own_clock() -> None:
    """A sitting in the evening of Delhi is in the morning of the same day in Washington, never on the day before."""
    gone = event("2027-05-11", "2027-05-11", "USA")
    found = answer(Request(dt.date(2027, 5, 10), dt.date(2027, 5, 14), mode="virtual", away=(gone,), most=9, apart=1))
    sittings = {each.sessions[0].start.date().day for each in found.proposals}
    assert 11 not in sittings
    assert len(found.left_out) == 1


def test_a_window_that_is_away_as_a_whole_leaves_nothing_and_says_why() -> None:
    gone = event("2027-05-01", "2027-06-30", "USA")
    found = answer(Request(dt.date(2027, 5, 10), dt.date(2027, 5, 14), host="IND", away=(gone,)))
    assert found.proposals == ()
    assert [(each.first.day, each.last.day) for each in found.left_out] == [(10, 14)]
