"""`dtti calendar`: find, invite, feed, reply; in words and as JSON; refusals by rule, reason and remedy."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from click.testing import Result
from msgspec.structs import replace
from typer.testing import CliRunner

from dtti.cli import calendars
from dtti.documents.calendar.event import Event
from dtti.documents.calendar.read import read
from dtti.documents.calendar.write import write_reply

from .making import BEN, STAMP, feed, invitation, meeting

APP = typer.Typer()
calendars.add(APP)
APP.command()(lambda: None)  # beside which `calendar` is a group, as it is in `dtti`


def run(*arguments: object) -> Result:
    return CliRunner().invoke(APP, ["calendar", *map(str, arguments)])


def answered(result: Result) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    file = tmp_path / "meeting.json"
    file.write_bytes(msgspec.json.encode(meeting()))
    return file


def test_find_proposes_days_in_person_from_options_alone():
    result = run("find", "--from", "2027-04-19", "--to", "2027-04-30", "--days", 2, "--host", "IND", "--most", 1)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[0].startswith("1. Wed 21 Apr 2027 – Thu 22 Apr 2027")
    assert "score 100 of 100" in result.stdout


def test_find_without_a_host_proposes_hours_by_video_as_json():
    result = run("find", "--from", "2027-04-22", "--to", "2027-04-22", "--minutes", 90, "--json")
    (proposal,) = answered(result)["proposals"]
    assert (proposal["first"], proposal["score"]) == ("2027-04-22", 94)
    assert proposal["sessions"][0]["start"] == "2027-04-22T11:30:00Z"
    assert {each["text"]["hi"] != "" for each in proposal["findings"]} == {True}


def test_find_takes_the_whole_request_from_a_file_and_an_option_goes_before_it(tmp_path: Path):
    file = tmp_path / "request.json"
    listed = {
        "side": "IND",
        "year": 2027,
        "source": "sample order",
        "days": [{"date": "2027-04-22", "name": {"en": "Sample"}}],
    }
    file.write_text(
        json.dumps({"first": "2027-04-22", "last": "2027-04-22", "host": "IND", "lists": [listed], "days": 3})
    )
    found = answered(run("find", "--data", file, "--days", 1, "--json"))
    (proposal,) = found["proposals"]
    assert proposal["first"] == proposal["last"] == "2027-04-22"
    assert proposal["findings"][0]["text"]["en"] == "Thu 22 Apr 2027: Sample, offices in New Delhi are closed"
    assert found["looked_at"][0]["en"] == "India, holidays of 2027: confirmed list (sample order)"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "is not JSON"),
        ("[]", "does not hold a request"),
        ('{"first": "2027-04-22", "last": "2027-04-01", "host": "IND"}', "comes before the first"),
        ('{"first": "2027-04-22", "last": "2027-04-22", "host": "FRA"}', "FRA"),
        ('{"first": "2027-04-22", "last": "2027-04-22", "host": "IND", "hots": 1}', "hots"),
    ],
)
def test_find_refuses_what_it_cannot_answer_and_names_it(tmp_path: Path, content: str, said: str):
    file = tmp_path / "request.json"
    file.write_text(content)
    result = run("find", "--data", file, "--json")
    (refused,) = answered(result)["refused"]
    assert result.exit_code == 1
    assert refused["rule"] == "calendar-data"
    assert said in refused["reason"]


def test_a_wrong_date_or_language_is_wrong_usage():
    assert run("find", "--from", "22 April", "--to", "2027-04-22").exit_code == 2
    assert run("find", "--from", "2027-04-22", "--to", "2027-04-22", "--lang", "fr").exit_code == 2


def test_invite_writes_a_file_that_reads_back(sample: Path, tmp_path: Path):
    out = tmp_path / "meeting.ics"
    result = run("invite", "--data", sample, "-o", out, "--json")
    assert invitation(out.read_bytes()) == meeting()
    made = answered(result)
    assert (made["uid"], made["sequence"]) == (meeting().uid, 0)
    assert made["messages"][0]["file"] == str(out)
    assert run("invite", "--data", sample).stdout.startswith("BEGIN:VCALENDAR\nPRODID:")


def test_invite_with_the_meeting_as_it_was_raises_the_sequence_and_writes_to_each_group(sample: Path, tmp_path: Path):
    now, out = tmp_path / "now.json", tmp_path / "moved.ics"
    fewer = tuple(each for each in meeting().attendees if each != BEN)
    now.write_bytes(msgspec.json.encode(meeting(attendees=fewer, place=None)))
    made = answered(run("invite", "--data", now, "--before", sample, "-o", out, "--json"))
    assert made["sequence"] == 1
    assert [each["to"] for each in made["messages"]] == [[each.address for each in fewer], [BEN.address]]
    assert read(out.read_bytes()).method == "REQUEST"
    assert read((tmp_path / "moved-2.ics").read_bytes()).method == "CANCEL"
    event = msgspec.convert(made["event"], Event)
    assert event == meeting(attendees=fewer, place=None, sequence=1)


def test_invite_says_where_nobody_needs_to_be_told(sample: Path):
    assert (
        run("invite", "--data", sample, "--before", sample).stdout == "Nothing changed that anybody needs to be told.\n"
    )


def test_invite_of_a_cancelled_meeting_is_its_cancellation(tmp_path: Path):
    file, out = tmp_path / "gone.json", tmp_path / "gone.ics"
    file.write_bytes(msgspec.json.encode(meeting(status="CANCELLED", sequence=1)))
    run("invite", "--data", file, "-o", out)
    assert read(out.read_bytes()).method == "CANCEL"


def test_feed_writes_entries_without_people(tmp_path: Path):
    file, out = tmp_path / "feed.json", tmp_path / "feed.ics"
    file.write_bytes(msgspec.json.encode(feed(meeting(), meeting(uid="2", sort="due"))))
    made = answered(run("feed", "--data", file, "-o", out, "--json"))
    assert made == {"entries": 2, "bytes": out.stat().st_size, "file": str(out)}
    assert BEN.address.encode() not in out.read_bytes().replace(b"\r\n ", b"")


def test_reply_says_who_answers_what(sample: Path, tmp_path: Path):
    file = tmp_path / "reply.ics"
    file.write_bytes(write_reply(meeting(), replace(BEN, answer="DECLINED"), STAMP))
    assert run("reply", file, "--data", sample).stdout == f"{BEN.address}: declined, to version 0, the present one\n"
    assert answered(run("reply", file, "--json"))["current"] is None
    file.write_bytes(b"no")
    result = run("reply", file, "--json")
    assert (result.exit_code, answered(result)["refused"][0]["rule"]) == (1, "calendar-file")


def test_a_file_that_is_not_there_is_a_refusal(tmp_path: Path):
    result = run("feed", "--data", tmp_path / "none.json", "--json")
    assert (result.exit_code, answered(result)["refused"][0]["rule"]) == (1, "file")
