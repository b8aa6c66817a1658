"""Answers as mail programs send them: counter-proposals, delegates, lines folded anywhere, vendors' time zones."""

import warnings

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.calendar.event import AllDay, Timed
from dtti.documents.calendar.read import read_reply
from tests.papers.cases import case

from .making import ASHA, BEN, meeting, utc
from .test_calendar_commands import run, sample

__all__ = ["sample"]  # a fixture

ASHA_SAYS = f"ATTENDEE;PARTSTAT=ACCEPTED;CN=Asha:mailto:{ASHA.address}"
DELEGATE = "dev.rao@delhi.example"


def answer(*people, method="REPLY", start="20270316T040000Z", end="20270316T120000Z", comment="", more=""):
    lines = [
        *("BEGIN:VCALENDAR", f"METHOD:{method}", "VERSION:2.0", "PRODID:-//x//EN", "BEGIN:VEVENT", *people),
        *([f"COMMENT:{comment}"] if comment else []),
        *(f"UID:{meeting().uid}", "SEQUENCE:0", "DTSTAMP:20270202T063000Z"),
        *(f"DTSTART{start if start[0] in ':;' else ':' + start}", f"DTEND{end if end[0] in ':;' else ':' + end}"),
        *([more] if more else []),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines).encode()


def asked(data, tmp_path, *more):
    (tmp_path / "reply.ics").write_bytes(data)
    result = run("reply", tmp_path / "reply.ics", *more)
    return result.stdout, result.stderr


def test_a_counter_proposal_is_read_with_the_time_that_it_asks_for(tmp_path, sample):
    data = answer(
        ASHA_SAYS.replace("ACCEPTED", "TENTATIVE"),
        method="COUNTER",
        start="20270317T053000Z",
        end="20270317T120000Z",
        comment="Could it be the 17th?",
    )
    found = read_reply(data, meeting())
    assert found.proposed == Timed(utc(2027, 3, 17, 5, 30), utc(2027, 3, 17, 12, 0), "UTC")
    said = (
        f"{ASHA.address}: asks for another time, 17 Mar 2027 05:30 to 12:00 UTC (Could it be the 17th?), to version 0"
    )
    assert asked(data, tmp_path)[0] == f"{said}\n"
    assert asked(data, tmp_path, "--data", sample)[0] == f"{said}, the present one\n"


def test_a_counter_proposal_may_name_everybody_and_whole_days():
    others = [f"ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:{BEN.address}", ASHA_SAYS.replace("ACCEPTED", "DECLINED")]
    data = answer(*others, method="COUNTER", start=";VALUE=DATE:20270318", end=";VALUE=DATE:20270320")
    found = read_reply(data)
    assert (found.address, found.answer) == (ASHA.address, "DECLINED")
    assert found.proposed == AllDay(utc(2027, 3, 18).date(), utc(2027, 3, 19).date())


def test_a_counter_proposal_without_a_time_is_refused():
    data = answer(ASHA_SAYS, method="COUNTER").replace(b"DTSTART:20270316T040000Z\r\n", b"")
    with pytest.raises(Refused, match="has no DTSTART"):
        read_reply(data)


def test_one_who_sends_another_names_them(tmp_path):
    data = answer(f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{DELEGATE}":mailto:{ASHA.address}')
    assert read_reply(data, meeting()).delegated_to == (DELEGATE,)
    assert asked(data, tmp_path)[0] == f"{ASHA.address}: delegated, sends {DELEGATE} instead, to version 0\n"


@pytest.mark.parametrize("both", [False, True])
def test_a_delegate_answers_in_the_place_of_one_who_was_invited(tmp_path, sample, both):
    own = f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="MAILTO:{ASHA.address}":mailto:{DELEGATE}'
    sent = f'ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO="mailto:{DELEGATE}":mailto:{ASHA.address}'
    data = answer(*([sent, own] if both else [own]))
    said = f"{DELEGATE}: accepted, in place of {ASHA.address}, to version 0, the present one\n"
    assert asked(data, tmp_path, "--data", sample)[0] == said


def test_a_delegate_of_somebody_who_was_not_invited_is_refused():
    own = f'ATTENDEE;PARTSTAT=ACCEPTED;DELEGATED-FROM="mailto:x@y.example":mailto:{DELEGATE}'
    with pytest.raises(Refused, match="was not invited"):
        read_reply(answer(own), meeting())


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_lines_may_be_folded_anywhere_inside_a_character_too(end):
    text = "मैं उपस्थित रहूँगी 🚢"
    whole = answer(ASHA_SAYS, comment=text)
    at = whole.index(text.encode())
    for cut in range(at, at + len(text.encode())):
        folded = (whole[:cut] + b"\r\n " + whole[cut:]).replace(b"\r\n", end)
        assert read_reply(folded).comment == text


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("/mozilla.org/20070129_1/Asia/Kolkata", "Asia/Kolkata"),
        ("/freeassociation.sourceforge.net/Tzfile/America/New_York", "America/New_York"),
        ("/example/America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("India Standard Time", "Asia/Kolkata"),
    ],
)
def test_vendors_time_zones_are_known_and_nothing_is_warned_of(tmp_path, zone, name):
    data = answer(
        ASHA_SAYS, method="COUNTER", start=f";TZID={zone}:20270316T093000", end=f";TZID={zone}:20270316T173000"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_reply(data).proposed.zone == name
        assert asked(data, tmp_path)[1] == ""


def test_a_vendors_zone_that_is_none_is_refused_without_a_warning(tmp_path):
    data = answer(
        ASHA_SAYS,
        method="COUNTER",
        start=";TZID=/x/Nowhere/None:20270316T093000",
        end=";TZID=/x/Nowhere/None:20270316T173000",
    )
    wrong = asked(data, tmp_path)[1]
    assert "no known time zone" in wrong
    assert "site-packages" not in wrong


CASES = {
    "ics/i01": "asha.verma@delhi.example: accepted, to version 0",
    "ics/i02": "asha.verma@delhi.example: accepted, to version 0",
    "ics/i03": "asks for another time, 16 Mar 2027 04:00 to 12:00 UTC (Could we begin at 11?)",
    "ics/i06": "asha.verma@delhi.example: accepted, to version 0",
    "ics/i12": "asha.verma@delhi.example: accepted, to version 0",
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_on_which_this_once_went_wrong(name, recwarn):
    result = run("reply", case(name))
    assert CASES[name] in result.stdout
    assert (result.stderr, len(recwarn)) == ("", 0)
