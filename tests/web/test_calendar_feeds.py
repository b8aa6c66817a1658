"""A calendar to subscribe to is of one seat at each fetch, ends with it, and holds no title and nothing restricted."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import icalendar
import pytest
from django.test import Client
from lxml import html
from tests.node.capitals import Pair, project
from tests.node.conftest import pair, template  # noqa: F401 - fixtures

from dtti.accord import table, table_2
from dtti.ledger.store import NATIONAL
from dtti.node.core import groups, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.folder.codes import new_code
from dtti.node.people import seats
from dtti.node.people.desk_models import Feed
from dtti.node.people.models import Person, Reading
from dtti.web import middleware
from dtti.web.accounts.guard import STAGED

pytestmark = pytest.mark.django_db
TODAY = datetime.now(UTC).date()


@pytest.fixture
def node(pair: Pair, settings: Any) -> Iterator[Node]:  # noqa: F811
    """India's node, served by this process, with what falls due in the next weeks."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE_FOLDER, settings.NODE_CONFIG = pair.ind.folder, pair.ind.node.config
    settings.DEMONSTRATION = True  # one click stands for the second factor
    offer(pair, "ex-late", 9)
    for number, (due, owner, where) in enumerate(
        [(12, "IND/ex-sec", "released"), (20, "IND/other", "released"), (25, "IND/ex-sec", NATIONAL)]
    ):
        promise(pair, f"SECRETTITLE {number}", f"secretref-{number}", due, owner, where)
    yield middleware.open_node(pair.ind.folder)
    middleware.open_node.cache_clear()


def offer(pair: Pair, ref: str, days: int) -> str:  # noqa: F811
    record = new_record("project", "USA")
    terms = table.Propose(0, "USA", f"{TODAY + timedelta(days=days)}T20:00:00Z", False)
    pair.usa.write("propose", record, terms, text.Text(content=project(ref) | {"name": "SECRETTITLE net"}))
    pair.swap()
    return record


def promise(pair: Pair, title: str, ref: str, due: int, office: str, ledger: str) -> str:  # noqa: F811
    """What India records that it has to do, by a day so many days ahead."""
    owner = {"side": "IND", "office": office} if office == "IND/ex-sec" else {"side": "IND"}
    content = {"ref": ref, "text": title, "force": "firm", "made": "2026", "due": on(due), "owners": [owner]}
    record = new_record("commitment", "IND")
    pair.ind.write("state", record, table.State(basis="own"), text.Text(content=content), ledger=ledger)
    return record


@pytest.fixture
def chair(node: Node) -> Client:
    person = Person.objects.create(username="a.rao", full_name="A. Rao (exercise)", fictitious=True)
    seats.give_seat(node, person, "IND/ex-sec", "co_chair")
    made = Client()
    made.force_login(person)
    session = made.session
    session[STAGED] = True
    session.save()
    return made


def address(browser: Client, of: str, **more: str) -> str:
    """The address of a new calendar, as its page shows it once."""
    answer = browser.post("/account/calendars", {"of": of, **more})
    assert answer.status_code == 200
    (code,) = html.fromstring(answer.content).xpath("//section[@id='made']//code")
    made = str(code.text_content()).strip()
    return made[made.index("/calendar/") :]


def events(url: str) -> list[icalendar.Event]:
    answer = Client().get(url)  # a calendar program signs in nowhere
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-store"
    return list(icalendar.Calendar.from_ical(answer.content).walk("VEVENT"))


def said(found: list[icalendar.Event]) -> list[tuple[str, str]]:
    return sorted((str(each["summary"]), each["dtstart"].dt.isoformat()) for each in found)


def on(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


def test_a_calendar_says_what_falls_when_for_its_seat_and_no_title(chair: Client) -> None:
    mine, all_of_it = address(chair, "mine"), address(chair, "deadlines")
    code = next(each["record"] for each in told(chair) if each["kept"]).rsplit("/", 1)[1]
    ours = [(f"Due: {code}", on(25)), ("Due: secretref-0", on(12)), ("Offer ends: ex-late", on(10))]
    assert said(events(mine)) == sorted(ours)
    assert said(events(all_of_it)) == sorted([*ours, ("Due: secretref-1", on(20))])
    (entry,) = [each for each in events(mine) if "Offer" in str(each["summary"])]
    assert str(entry["url"]).endswith("/")
    assert "in Washington" in str(entry["description"])
    assert entry["class"] == "PRIVATE"
    assert b"SECRETTITLE" not in Client().get(all_of_it).content
    assert b"secretref-2" not in Client().get(all_of_it).content  # the other side was not told of it: its code stands


def told(browser: Client) -> list[dict[str, Any]]:
    rows = json.loads(browser.get("/commitments.json").content)["rows"]
    return [row | {"kept": row["label"] == "national"} for row in rows]


def test_a_calendar_of_a_body_holds_that_body_alone(chair: Client, pair: Pair) -> None:  # noqa: F811
    body = new_record("body", "IND")
    content = {"ref": "ex-group", "name": "Exercise group", "type": "working-group"}
    met = {"ref": "ex-met", "body": "ex-group", "date": on(15), "mode": "virtual", "status": "planned"}
    pair.ind.write("state", body, table.State(basis="own"), text.Text(content=content))
    pair.ind.write("state", new_record("meeting", "IND"), table.State(basis="own"), text.Text(content=met))
    middleware.open_node(pair.ind.folder).settle()
    assert said(events(address(chair, "body", body=body))) == [("Meeting ex-met", on(15))]
    assert chair.post("/account/calendars", {"of": "body"}).status_code == 422
    assert chair.post("/account/calendars", {"of": "everything"}).status_code == 422


def test_a_fetch_is_computed_anew_and_entered_in_the_reading_log(chair: Client, pair: Pair) -> None:  # noqa: F811
    mine = address(chair, "mine")
    before = len(events(mine))
    offer(pair, "ex-new", 5)
    middleware.open_node(pair.ind.folder).settle()
    assert len(events(mine)) == before + 1
    log = [(one.person.username, one.act, one.path) for one in Reading.objects.all()]
    number = Feed.objects.get().pk
    assert log == [("a.rao", "export", f"/calendar/ mine, no. {number}")] * 2
    assert mine.split("/")[-1][:43] not in json.dumps(log)
    assert Feed.objects.get().fetched is not None


def ended(url: str) -> None:
    """An address that ended answers as one that never was."""
    gone, never = Client().get(url), Client().get("/calendar/" + "x" * 43 + ".ics")
    assert gone.status_code == never.status_code == 404
    assert gone.content.replace(url[10:53].encode(), b"x" * 43) == never.content


def test_an_address_ends_with_revocation_with_the_account_and_with_the_seat(chair: Client) -> None:
    one, other = address(chair, "mine"), address(chair, "mine")
    assert events(one)
    first = Feed.objects.earliest("pk")
    assert chair.post("/account/calendars", {"revoke": first.pk}).status_code == 302
    ended(one)
    assert events(other)
    Person.objects.update(is_active=False)
    ended(other)
    Person.objects.update(is_active=True)
    assert events(other)
    seats.end_seat(first.seat, until=first.seat.since)
    ended(other)


def test_nobody_revokes_another_s_calendar_and_the_secret_is_kept_nowhere(chair: Client, node: Node) -> None:
    mine = address(chair, "mine")
    secret = mine.removeprefix("/calendar/").removesuffix(".ics")
    kept = Feed.objects.get()
    assert kept.digest == sha256(secret.encode()).hexdigest()
    assert secret not in chair.get("/account/calendars").content.decode()
    other = Person.objects.create(username="k.mehta", full_name="K. Mehta (exercise)", fictitious=True)
    seats.give_seat(node, other, "IND/ex-sec", "secretariat")
    browser = Client()
    browser.force_login(other)
    session = browser.session
    session[STAGED] = True
    session.save()
    browser.post("/account/calendars", {"revoke": kept.pk})
    assert len(events(mine)) > 0
    assert Client().post("/account/calendars", {"of": "mine"}).status_code == 403
    for odd in ("", "x", "%00" * 43, "é" * 43, "x" * 44):
        assert Client().get(f"/calendar/{odd}.ics").status_code == 404


def test_what_is_kept_to_a_restricted_group_is_in_no_calendar_of_its_members_either(chair: Client, pair: Pair) -> None:  # noqa: F811
    ind, code = pair.ind, new_code()
    grant = table_2.Grant(2, ["all"], ind.office, "2020-01-01T00:00:00Z", ["restrict"])
    ind.node.write(Draft("power", terms=table_2.Power(grants=[grant])))
    ind.node.write(
        groups.draft(ind.office, code, [table_2.Member(ind.office, "2020-01-01T00:00:00Z")], title="Cell", reason="Why")
    )
    content = {"ref": "kept", "text": "SECRETTITLE", "force": "firm", "made": "2026", "due": on(3),
               "owners": [{"side": "IND", "office": "IND/ex-sec"}]}  # fmt: skip
    record = new_record("commitment", "IND")
    terms = table_2.State(basis="own", group=code)
    ind.node.write(Draft("state", record, terms, ind.office, (text.Text(content=content),), ledger=NATIONAL))
    middleware.open_node(ind.folder).settle()
    assert any(row["record"] == record for row in told(chair))  # a member sees it here
    for of in ("mine", "deadlines"):
        assert on(3) not in [day for _title, day in said(events(address(chair, of)))]
