"""Every file that cannot be understood whole is refused with a reason; none ends in anything else."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.documents.calendar.event import AllDay, Event, Timed
from dtti.documents.calendar.read import LARGEST, read, read_reply
from dtti.documents.calendar.write import write_invitation
from dtti.documents.values import Words

from .making import BEN, SECRETARIAT, STAMP, invitation, meeting, utc

GOOD = write_invitation(meeting(), "en")


def changed(old: str, new: str) -> bytes:
    assert old.encode() in GOOD
    return GOOD.replace(old.encode(), new.encode())


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "does not begin with BEGIN:VCALENDAR"),
        (b"%PDF-1.7 renamed", "does not begin"),
        (b"BEGIN:VCALENDAR\r\n", "broken|holds"),
        (GOOD[: len(GOOD) // 2], "broken|holds"),
        (GOOD + GOOD, "holds 2 calendars"),
        (GOOD.replace("नमूना".encode(), b"\xe0\xa4") if "नमूना".encode() in GOOD else b"\xff" + GOOD, "is not UTF-8"),
        (b" " * (LARGEST + 1), "has 8,388,609 bytes"),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 40_000, "too many parts"),
        (changed("DTSTART;TZID=Asia/Kolkata:20270316T093000", "DTSTART:whenever"), "DTSTART cannot be read"),
        (changed("DTSTART;TZID=Asia/Kolkata:", "DTSTART:"), "without a time zone|do not fit"),
        (
            changed("DTSTART;TZID=Asia/Kolkata:20270316T", "DTSTART;TZID=Asia/Kolkata:20270317T"),
            "do not fit|end must come after",
        ),
        (changed("DTSTART;", "X-DTSTART;"), "has no DTSTART"),
        (changed("SUMMARY;LANGUAGE=en:", "X-SUMMARY:"), "it has no SUMMARY"),
        (changed("STATUS:CONFIRMED", "STATUS:SURE"), "STATUS is 'SURE'"),
        (changed("STATUS:CONFIRMED", "STATUS:CONFIRMED\r\nRRULE:FREQ=DAILY"), "Entry 1 repeats"),
        (changed("SEQUENCE:0", "SEQUENCE:99999999999"), "SEQUENCE cannot be read"),
        (changed("mailto:asha.verma@delhi.example", "mailto:nobody"), "is no e-mail address"),
        (changed("ROLE=CHAIR", "ROLE=KING"), "ROLE of .* is 'KING'"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_a_broken_invitation_is_refused_with_what_is_wrong(file: bytes, said: str):
    with pytest.raises(Refused, match=said) as refused:
        invitation(file)
    assert refused.value.refusals[0].rule == "calendar-file"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(GOOD) - 1), st.binary(max_size=12), st.integers(0, 40))
def test_a_file_damaged_anywhere_is_read_or_refused_and_nothing_else(at: int, put: bytes, cut: int):
    damaged = GOOD[:at] + put + GOOD[at + cut :]
    for reads in (read, read_reply):
        with suppress(Refused):
            reads(damaged)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": Words(en="two\nlines")}, "title must be one line"),
        ({"title": Words(en="a\x00b")}, "U\\+0000, which a calendar file cannot hold"),
        ({"description": Words(hi="क\u2028ख")}, "U\\+2028"),
        ({"attendees": (BEN, BEN)}, "invited twice"),
        ({"link": "javascript:alert(1)"}, "link must be a web address"),
        ({"page": "https://a b"}, "page must be a web address"),
        ({"stamp": STAMP.replace(microsecond=5)}, "whole seconds"),
        ({"stamp": STAMP.replace(year=2200)}, "in the years 1970 to 2100"),
    ],
)
def test_what_no_calendar_can_hold_is_refused_when_it_is_given(wrong: dict[str, object], said: str):
    with pytest.raises(ValueError, match=said):
        meeting(**wrong)


def test_times_that_no_clock_can_say_are_refused():
    start = utc(2027, 11, 7, 6, 30)  # 01:30 in Washington for the second time that night
    with pytest.raises(ValueError, match="clocks of America/New_York repeat"):
        Timed(start, start.replace(hour=9), "America/New_York")
    assert Timed(start, start.replace(hour=9), "UTC").zone == "UTC"
    with pytest.raises(ValueError, match="no time zone"):
        Timed(start, start.replace(hour=9), "../../etc/passwd")
    with pytest.raises(ValueError, match="end must come after"):
        Timed(start, start)
    with pytest.raises(ValueError, match="must not come before"):
        AllDay(start.date(), start.date().replace(day=1))


def described(name: str, offset: str, rule: str = "FREQ=YEARLY;BYMONTH=3;BYDAY=2SU") -> bytes:
    zone = (
        f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{offset}\r\n"
        f"TZOFFSETTO:{offset}\r\nRRULE:{rule}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
    )
    return GOOD.replace(b"BEGIN:VEVENT", zone.encode(), 1).replace(b"TZID=Asia/Kolkata", f"TZID={name}".encode())


def test_a_files_own_description_of_a_zone_moves_neither_its_meeting_nor_a_later_one():
    start = invitation(GOOD).when
    assert invitation(described("Asia/Kolkata", "-1100")).when == start
    for offset in ("-1100", "+0300"):
        with pytest.raises(Refused, match="in 'Customized Time Zone', no known time zone"):
            invitation(described("Customized Time Zone", offset))
    assert invitation(GOOD).when == start


def test_a_zone_with_a_rule_for_every_second_costs_nothing():
    with pytest.raises(Refused, match="no known time zone"):
        invitation(described("Every second", "+0530", "FREQ=SECONDLY"))


def test_a_meeting_from_another_program_is_read_as_it_stands():
    file = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@elsewhere\r\n"
        "DTSTAMP:20270101T000000Z\r\nDTSTART;TZID=India Standard Time:20270316T093000\r\nDURATION:PT90M\r\n"
        "SUMMARY;LANGUAGE=en-us:Talks\\, first\\nround\r\nORGANIZER:mailto:dtti@secretariat.example\r\n"
        "ATTENDEE:mailto:a@b.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    with pytest.raises(Refused, match="title must be one line"):
        invitation(file.encode())
    event = invitation(file.replace("\\n", " ").encode())
    assert isinstance(event, Event)
    assert event.title == Words(en="Talks, first round")
    assert event.when == Timed(utc(2027, 3, 16, 4, 0), utc(2027, 3, 16, 5, 30), "Asia/Kolkata")
    assert event.organizer is not None
    assert event.organizer.address == SECRETARIAT.address
