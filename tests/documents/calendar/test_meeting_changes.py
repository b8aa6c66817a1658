"""A moved meeting updates, a cancelled one goes, whatever order the messages arrive in; answers come back."""

import datetime as dt
import itertools

import pytest
from msgspec.structs import replace

from dtti.accord.refusal import Refused
from dtti.documents.calendar.change import answered, cancel, messages, revise
from dtti.documents.calendar.event import Attendee, Event, Timed
from dtti.documents.calendar.read import read_reply
from dtti.documents.calendar.write import write_cancellation, write_feed, write_invitation, write_reply
from dtti.documents.values import Words

from .making import ASHA, BEN, ROOM, STAMP, feed, invitation, meeting, utc
from .receiver import Receiver

HOUR = dt.timedelta(hours=1)
MOVED = Timed(utc(2027, 4, 6, 4, 0), utc(2027, 4, 6, 12, 0), "Asia/Kolkata")


def story() -> tuple[Event, Event, Event]:
    """A meeting as invited, as moved across the change of Washington's clocks, as cancelled."""
    first = meeting()
    moved = revise(first, replace(first, when=MOVED, stamp=STAMP + HOUR, changed=STAMP + HOUR))
    return first, moved, cancel(moved, STAMP + 2 * HOUR, Words(en="Postponed", hi="स्थगित"))


def test_a_moved_meeting_keeps_its_uid_and_rises_by_one():
    first, moved, gone = story()
    assert [each.sequence for each in (first, moved, gone)] == [0, 1, 2]
    assert len({each.uid for each in (first, moved, gone)}) == 1
    assert (gone.status, gone.stamp, gone.comment) == ("CANCELLED", STAMP + 2 * HOUR, Words(en="Postponed", hi="स्थगित"))
    assert cancel(gone, STAMP + 3 * HOUR) is gone


def test_what_attendees_need_not_know_raises_nothing():
    first = meeting()
    answered_since = replace(first, stamp=STAMP + HOUR, attendees=(replace(ASHA, answer="ACCEPTED"), BEN, ROOM))
    assert revise(first, answered_since).sequence == 0
    assert messages(first, revise(first, answered_since)) == []


def test_a_change_that_claims_another_uid_or_an_earlier_time_is_refused():
    for wrong in (replace(meeting(), uid="other"), replace(meeting(), stamp=STAMP - HOUR)):
        with pytest.raises(Refused) as refused:
            revise(meeting(), wrong)
        assert refused.value.refusals[0].rule == "calendar-version"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_messages_in_any_order_end_in_the_newest_state(order: tuple[int, ...]):
    first, moved, gone = story()
    sent = [write_invitation(first), write_invitation(moved), write_cancellation(gone)]
    calendar = Receiver(ASHA.address)
    for number in order:
        calendar.receive(sent[number])
    assert calendar.entries == {}
    assert calendar.seen[first.uid][0] == 2


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 1, 0)])
def test_an_older_version_that_comes_late_moves_nothing_back(order: tuple[int, ...]):
    first, moved, _ = story()
    sent = [write_invitation(first, "en"), write_invitation(moved, "en")]
    calendar = Receiver(ASHA.address)
    news = [calendar.receive(sent[number]) for number in order]
    start, summary, place = calendar.entries[first.uid]  # type: ignore[misc]
    assert start.astimezone(dt.UTC) == MOVED.start
    assert (summary, place) == ("Sample Group, 4th meeting", "New Delhi, hall 3; east wing")
    assert news == {(0, 1): [True, True], (1, 0): [True, False], (0, 1, 0): [True, True, False]}.get(
        order, [True, False, False]
    )


def test_who_is_no_longer_invited_gets_a_cancellation_and_the_others_the_change():
    first = meeting()
    newcomer = Attendee("Chitra Nair-Test", "chitra@delhi.example")
    after = revise(first, replace(first, attendees=(ASHA, ROOM, newcomer), stamp=STAMP + HOUR))
    sent = messages(first, after)
    assert [[each.address for each in to] for to, _ in sent] == [
        [ASHA.address, ROOM.address, newcomer.address],
        [BEN.address],
    ]
    calendars = {each: Receiver(each) for each in (ASHA.address, BEN.address, newcomer.address)}
    for name in (ASHA.address, BEN.address):
        calendars[name].receive(write_invitation(first))
    for to, file in sent:
        for each in to:
            if each.address in calendars:
                assert calendars[each.address].receive(file)
    assert {name: len(each.entries) for name, each in calendars.items()} == {
        ASHA.address: 1,
        BEN.address: 0,
        newcomer.address: 1,
    }


def test_a_cancellation_reaches_everyone_who_was_asked():
    first = meeting()
    gone = cancel(replace(first, attendees=(ASHA,)), STAMP + HOUR)
    ((to, file),) = messages(first, gone)
    assert {each.address for each in to} == {ASHA.address, BEN.address, ROOM.address}
    assert invitation(file).status == "CANCELLED"
    assert messages(gone, gone) == []


def test_an_invitation_needs_somebody_who_calls_and_somebody_who_is_asked():
    for lacking, said in ((meeting(organizer=None), "an organizer"), (meeting(attendees=()), "an attendee")):
        with pytest.raises(Refused, match=said):
            write_invitation(lacking)
    with pytest.raises(Refused, match="is cancelled"):
        write_invitation(meeting(status="CANCELLED"))
    with pytest.raises(Refused, match="is not cancelled"):
        write_cancellation(meeting())


# Answers


@pytest.mark.parametrize("answer", ["ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"])
def test_an_answer_is_read_and_entered(answer: str):
    event = meeting()
    file = write_reply(event, replace(BEN, answer=answer), STAMP + HOUR, Words(en="Back on 18 Mar; see you"))  # type: ignore[arg-type]
    reply = read_reply(file, event)
    assert (reply.address, reply.answer, reply.sequence, reply.stamp, reply.comment, reply.current) == (
        BEN.address,
        answer,
        0,
        STAMP + HOUR,
        "Back on 18 Mar; see you",
        True,
    )
    assert [each.answer for each in answered(event, reply).attendees] == ["NEEDS-ACTION", answer, "NEEDS-ACTION"]


def test_an_answer_to_an_earlier_version_is_told_apart_and_not_entered():
    first, moved, _ = story()
    reply = read_reply(write_reply(first, replace(BEN, answer="ACCEPTED"), STAMP), moved)
    assert (reply.sequence, reply.current) == (0, False)
    with pytest.raises(Refused, match="answered version 0; the meeting is now at 1"):
        answered(moved, reply)


def test_an_answer_is_read_as_common_mail_programs_send_it():
    file = (
        "BEGIN:VCALENDAR\nPRODID:-//Some//Mail 16.0//EN\nMETHOD:REPLY\nVERSION:2.0\nBEGIN:VEVENT\n"
        "ATTENDEE;PARTSTAT=TENTATIVE;CN=Ben:MAILTO:Ben.Carter@Washington.example\nCLASS:PUBLIC\n"
        "DTSTAMP:20270202T101112Z\nSEQUENCE:0\nSUMMARY:Tentative: Sample Group\n"
        f"UID:{meeting().uid}\nX-MS-OLK-FORCEINSPECTOROPEN:TRUE\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    reply = read_reply(file.encode(), meeting())
    assert (reply.answer, reply.address, reply.current) == ("TENTATIVE", "Ben.Carter@Washington.example", True)
    assert [each.answer for each in answered(meeting(), reply).attendees] == [
        "NEEDS-ACTION",
        "TENTATIVE",
        "NEEDS-ACTION",
    ]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda file: file.replace(b"METHOD:REPLY", b"METHOD:REQUEST"), "is a REQUEST with 1 entries, not a reply"),
        (lambda file: file.replace(b"METHOD:REPLY\r\n", b""), "calendar without a method"),
        (lambda file: file.replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=NEEDS-ACTION"), "neither yes nor no"),
        (lambda file: file.replace(b"PARTSTAT=ACCEPTED", b"PARTSTAT=PERHAPS"), "PARTSTAT of .* is 'PERHAPS'"),
        (lambda file: file.replace(b"mailto:ben.", b"mailto:eve."), "eve.carter@washington.example was not invited"),
        (lambda file: file.replace(b"SEQUENCE:0", b"SEQUENCE:7"), "answers version 7; the newest sent is 0"),
        (lambda file: file.replace(b"SEQUENCE:0", b"SEQUENCE:-1"), "SEQUENCE is no whole number"),
        (lambda file: file.replace(b"UID:", b"UID:x"), "not this meeting"),
        (lambda file: file.replace(b"UID:", b"X-UID:"), "has no UID"),
        (lambda file: file.replace(b"\r\nDTSTAMP", b"\r\nX-DTSTAMP"), "has no DTSTAMP in UTC"),
        (
            lambda file: file.replace(b"\r\nATTENDEE", b"\r\nATTENDEE:mailto:b@c.example\r\nATTENDEE"),
            "speaks for 2 people",
        ),
        (lambda file: file.replace(b"\r\nATTENDEE", b"\r\nX-ATTENDEE"), "speaks for 0 people"),
    ],
)
def test_a_reply_that_cannot_be_right_is_refused_with_the_reason(wrong, said: str):
    file = write_reply(meeting(), replace(BEN, answer="ACCEPTED", name="B"), STAMP)
    assert wrong(file) != file
    with pytest.raises(Refused, match=said):
        read_reply(wrong(file), meeting())


# Feeds


def test_a_feed_holds_nobody_but_the_office():
    data = write_feed(feed(meeting(), meeting(uid="2", status="CANCELLED"))).replace(b"\r\n ", b"").decode()
    assert "ATTENDEE" not in data
    found = {part.split("\r\n")[0] for part in data.lower().split("mailto:")[1:]}
    assert found == {"office@sample.example"}
    for private in (ASHA, BEN, ROOM):
        assert private.address not in data
        assert private.name not in data


@pytest.mark.parametrize("address", [BEN.address, BEN.address.upper(), "dtti@secretariat.example"])
def test_a_feed_whose_text_gives_a_private_address_away_is_refused(address: str):
    leaking = meeting(description=Words(en=f"Answers to {address} please, " + "x" * 80))
    with pytest.raises(Refused) as refused:
        write_feed(feed(leaking))
    assert refused.value.refusals[0].rule == "calendar-private"


def test_a_feed_says_its_name_and_how_often_to_look():
    data = write_feed(feed(meeting()), "hi").replace(b"\r\n ", b"").decode()
    for line in (
        "METHOD:PUBLISH",
        "NAME:नमूना समूह: बैठकें और तिथियाँ",
        "X-WR-CALNAME:नमूना समूह: बैठकें और तिथियाँ",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "SOURCE;VALUE=URI:https://dtti.example/feeds/sample.ics",
        "SUMMARY;LANGUAGE=hi:नमूना समूह की चौथी बैठक",
        "LAST-MODIFIED:20270201T063000Z",
    ):
        assert line in data.split("\r\n")
