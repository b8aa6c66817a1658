"""What is written comes back; two libraries read it alike; every line is folded as the standard says."""

import datetime as dt
from typing import Any

import icalendar
import msgspec
import pytest
import vobject
from hypothesis import given, settings

from dtti.documents.calendar.event import AllDay, Event, Feed, Person, Timed, uid_for
from dtti.documents.calendar.read import read
from dtti.documents.calendar.write import write_cancellation, write_feed, write_invitation
from dtti.documents.values import Words
from dtti.language.characters import visible

from .making import EVENT, feed, invitation, meeting, utc


def folded_well(data: bytes) -> bool:
    lines = data.split(b"\r\n")
    return (
        lines[-1] == b""
        and all(len(line) <= 75 and line.decode() for line in lines[:-1])
        and b"\n" not in b"".join(lines)
    )


def as_seen(event: Event) -> Event:
    """The meeting with what cannot be seen in its texts as its code."""

    def each(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: each(one) for key, one in value.items()}
        return (
            [each(one) for one in value]
            if isinstance(value, list | tuple)
            else visible(value)
            if isinstance(value, str)
            else value
        )

    return msgspec.convert(each(msgspec.to_builtins(event)), Event)


def test_what_cannot_be_seen_stands_in_a_calendar_as_its_code():
    data = write_invitation(meeting(title=Words(en="re\u200blease \U000e0041", hi="")))
    assert b"SUMMARY;LANGUAGE=en:re[U+200B]lease [U+E0041]" in data
    assert not {"\u200b", "\U000e0041"} & set(data.decode())


@settings(max_examples=40, deadline=None)
@given(EVENT)
def test_any_meeting_comes_back_from_its_invitation_as_it_went_in(event: Event):
    data = write_invitation(event)
    assert invitation(data) == as_seen(event)
    assert folded_well(data)
    assert write_invitation(event) == data


@settings(max_examples=15, deadline=None)
@given(EVENT, EVENT)
def test_a_feed_comes_back_without_its_people(one: Event, other: Event):
    events = (one,) if one.uid == other.uid else (one, other)
    published = Feed(Words(en="Dates, all; of \\Now"), Person("Office", "office@sample.example"), events)
    bare = tuple(stripped(as_seen(each)) for each in events)
    data = write_feed(published)
    assert read(data).events == bare
    assert read(data).name == "Dates, all; of \\Now"
    assert folded_well(data)


def stripped(event: Event) -> Event:
    from msgspec.structs import replace

    return replace(event, attendees=(), organizer=None)


@pytest.mark.parametrize("languages", ["en", "hi", "both"])
def test_both_languages_come_back_whichever_is_shown(languages: str):
    assert invitation(write_invitation(meeting(), languages)) == meeting()


def test_a_cancellation_says_so_and_comes_back():
    gone = meeting(
        status="CANCELLED", sequence=2, comment=Words(en="Postponed by both sides", hi="दोनों पक्षों द्वारा स्थगित")
    )
    data = write_cancellation(gone)
    assert (read(data).method, invitation(data)) == ("CANCEL", gone)


def test_a_title_changed_by_another_program_is_read_as_it_is_shown():
    data = write_invitation(meeting(title=Words(en="Old name", hi="पुराना नाम"))).replace(
        "SUMMARY:Old name / पुराना नाम".encode(), b"SUMMARY;LANGUAGE=en:New name"
    )
    assert invitation(data).title == Words(en="New name")


def test_a_uid_is_the_same_for_ever_and_names_nobody():
    assert uid_for("meeting/dtti-group/9") == uid_for("meeting/dtti-group/9") == "072ae613-628c-517f-98e6-d2480c74bb74"
    assert uid_for("meeting/dtti-group/9", "other") != uid_for("meeting/dtti-group/9")


# The two libraries, over both of Washington's changes of the clock in 2027 (14 Mar, 7 Nov); Delhi has none.

DAYS = [
    *(utc(2027, 3, day, hour, 30) for day in (12, 13, 14, 15) for hour in (4, 6, 7, 13)),
    *(utc(2027, 11, day, hour, 30) for day in (5, 6, 7, 8) for hour in (4, 7, 13)),
]


def across() -> list[Event]:
    timed = [
        meeting(uid=f"{zone}/{start:%d%H}@sample", when=Timed(start, start + dt.timedelta(hours=27), zone))
        for zone in ("Asia/Kolkata", "America/New_York", "Pacific/Honolulu", "Europe/Brussels")
        for start in DAYS
    ]
    days = [
        meeting(uid=f"days/{each.first}", when=each, sort="due")
        for each in (
            AllDay(dt.date(2027, 3, 14), dt.date(2027, 3, 14)),
            AllDay(dt.date(2027, 11, 5), dt.date(2027, 11, 8)),
        )
    ]
    return timed + days


def with_icalendar(data: bytes) -> dict[str, tuple[object, ...]]:
    calendar = icalendar.Calendar.from_ical(data)
    return {
        str(each["uid"]): (
            moment(each["dtstart"].dt),
            moment(each["dtend"].dt),
            str(each["summary"]),
            str(each["location"]),
            str(each["description"]),
            int(each["sequence"]),
            str(each["status"]),
            sorted(str(one) for one in people(each)),
        )
        for each in calendar.walk("VEVENT")
    }


def people(each: icalendar.Component) -> list[object]:
    found = each.get("attendee", [])
    return found if isinstance(found, list) else [found]


def with_vobject(data: bytes) -> dict[str, tuple[object, ...]]:
    for zone in ("Asia/Kolkata", "America/New_York", "Pacific/Honolulu", "Europe/Brussels"):
        vobject.icalendar.registerTzid(zone, None)  # so that it believes the file's own description of the zone
    calendar = vobject.readOne(data.decode())
    return {
        each.uid.value: (
            moment(each.dtstart.value),
            moment(each.dtend.value),
            each.summary.value,
            each.location.value,
            each.description.value,
            int(each.sequence.value),
            each.status.value,
            sorted(one.value for one in getattr(each, "attendee_list", [])),
        )
        for each in calendar.vevent_list
    }


def moment(value: dt.date | dt.datetime) -> object:
    return value.astimezone(dt.UTC) if isinstance(value, dt.datetime) else value


def test_two_libraries_read_a_feed_alike_across_both_changes_of_the_clock():
    events = across()
    data = write_feed(feed(*events))
    one, other = with_icalendar(data), with_vobject(data)
    assert one == other
    assert {uid: found[:2] for uid, found in one.items() if uid[:4] != "days"} == {
        each.uid: (each.when.start, each.when.end) for each in events if isinstance(each.when, Timed)
    }
    assert one["days/2027-11-05"][:2] == (dt.date(2027, 11, 5), dt.date(2027, 11, 9))


@pytest.mark.parametrize("start", DAYS[::4], ids=str)
@pytest.mark.parametrize("zone", ["Asia/Kolkata", "America/New_York"])
def test_two_libraries_read_an_invitation_alike(zone: str, start: dt.datetime):
    event = meeting(when=Timed(start, start + dt.timedelta(minutes=90), zone))
    data = write_invitation(event)
    one = with_icalendar(data)
    assert one == with_vobject(data)
    assert one[event.uid][:2] == (start, start + dt.timedelta(minutes=90))
    assert one[event.uid][7] == [
        "mailto:asha.verma@delhi.example",
        "mailto:ben.carter@washington.example",
        "mailto:hall3@delhi.example",
    ]


@pytest.mark.parametrize("year", [2006, 2007, 2019, 2036])
def test_a_zone_is_described_right_whichever_rule_held_that_year(year: int):
    events = [
        meeting(uid=f"{day}", when=Timed(at, at + dt.timedelta(minutes=30), "America/New_York"))
        for day in range(3, 365, 14)
        for at in [dt.datetime(year, 1, 1, 15, tzinfo=dt.UTC) + dt.timedelta(days=day)]
    ]
    found = with_vobject(write_feed(feed(*events)))
    assert {uid: times[0] for uid, times in found.items()} == {each.uid: each.when.start for each in events}  # type: ignore[union-attr]


def test_every_invitation_describes_both_capitals():
    calendar = icalendar.Calendar.from_ical(write_invitation(meeting()))
    assert [str(each["tzid"]) for each in calendar.walk("VTIMEZONE")] == ["Asia/Kolkata", "America/New_York"]
    delhi, washington = calendar.walk("VTIMEZONE")
    assert [each.name for each in delhi.subcomponents] == ["STANDARD"]
    rules = [each["rrule"].to_ical().decode() for each in washington.subcomponents]
    assert rules == ["FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11"]
