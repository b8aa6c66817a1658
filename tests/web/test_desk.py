"""The desk of a seat: what it can decide, the first of each and how many there are, what changed since it looked."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import apsw
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html
from msgspec.structs import replace
from tests.node import capitals
from tests.node.capitals import FAR, Pair, project
from tests.node.conftest import pair, template  # noqa: F401 - fixtures

from dtti.accord import table
from dtti.ledger.store import NATIONAL
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.keeping import upkeep
from dtti.node.line.published import put
from dtti.node.people import seats
from dtti.node.people.desk_models import Looked, Watched
from dtti.node.people.models import Person
from dtti.web import middleware

from .reading import published

pytestmark = pytest.mark.django_db
At = Callable[..., Client]


@pytest.fixture
def at(settings: Any) -> Iterator[At]:
    """A browser of someone with a duty at one capital."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def browser(node: Node, duty: str = "co_chair") -> Client:
        settings.NODE_FOLDER, settings.NODE_CONFIG = node.folder.path, node.config
        middleware.open_node(node.folder.path).settle()
        person = Person.objects.create(
            username=f"{duty}-{node.side}".replace("_", "-").lower(), full_name=f"{duty} (exercise)"
        )
        seats.give_seat(node, person, f"{node.side}/ex-sec", duty)
        made = Client()
        made.force_login(person)
        return made

    yield browser
    middleware.open_node.cache_clear()


def told(browser: Client, address: str = "/index.json") -> dict[str, Any]:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.content[:300])
    found: dict[str, Any] = json.loads(answer.content)
    return found


def part(browser: Client, name: str, address: str = "/") -> html.HtmlElement:
    (found,) = html.fromstring(browser.get(address).content).xpath(f"//section[@id='{name}']")
    return found


def words(element: html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def offers(pair: Pair, count: int) -> list[str]:  # noqa: F811
    """So many offers of the United States, which India has to answer."""
    records = [new_record("project", "USA") for _ in range(count)]
    terms = table.Propose(0, "USA", FAR, False)
    pair.usa.node.write_all(
        [
            Draft("propose", record, terms, pair.usa.office, (text.Text(content=project(f"p-{record[-16:]}")),))
            for record in records
        ]
    )
    pair.swap()
    return records


def promise(pair: Pair, content: dict[str, Any]) -> None:  # noqa: F811
    """A commitment that India records by its own knowledge."""
    said = text.Text(content={"force": "firm", "made": "2019", **content})
    pair.ind.write("state", new_record("commitment", "IND"), table.State(basis="own"), said)


def again(node: Node) -> None:
    """Let the pages' own node take in what was written beside it."""
    middleware.open_node(node.folder.path).settle()


def test_a_seat_is_shown_what_it_can_decide_and_how_much_waits_on_others(pair: Pair, at: At) -> None:  # noqa: F811
    made = offers(pair, 12)
    chair, secretary = at(pair.ind.node), at(pair.ind.node, "secretariat")
    found = told(chair)
    assert (found["on_me_total"], found["elsewhere"]) == (12, 0)
    assert len(found["on_me"]) == 10
    assert {each["action"]["label"] for each in found["on_me"]} == {"Compare and answer"}
    mine = part(chair, "mine")
    assert mine.xpath(".//a[text()='All 12']/@href") == ["/waiting/?whose=me"]
    # The secretariat prepares and never decides: nothing is asked of it, and it is told where all that waits.
    found = told(secretary)
    assert (found["on_me"], found["on_me_total"], found["elsewhere"]) == ([], 0, 12)
    assert "12 more wait on other seats of India" in words(part(secretary, "mine"))
    assert told(secretary, "/waiting.json?whose=me")["total"] == 0
    assert {each["record"] for each in told(secretary, "/waiting.json?whose=side")["rows"]} == set(made)
    assert html.fromstring(chair.get("/").content).xpath("//nav//a[contains(., 'Desk')]//span[@class='n']/text()") == [
        "12"
    ]


def test_all_that_waits_comes_in_pages(pair: Pair, at: At) -> None:  # noqa: F811
    made = offers(pair, 53)
    chair = at(pair.ind.node)
    pages = [told(chair, f"/waiting.json?whose=me&page={n}")["rows"] for n in (1, 2)]
    assert [len(page) for page in pages] == [50, 3]
    assert {each["record"] for page in pages for each in page} == set(made)
    past = html.fromstring(chair.get("/waiting/?whose=me&page=9").content)
    assert "it has 53 rows" in words(past.xpath("//main")[0])
    there = told(at(pair.usa.node), "/waiting.json?whose=them")
    assert there["total"] == 53
    assert Client().get("/waiting/").status_code == 404


def test_the_desk_asks_the_same_few_questions_however_much_waits(pair: Pair, at: At) -> None:  # noqa: F811
    chair = at(pair.ind.node)
    node = middleware.open_node(pair.ind.folder)

    def asked() -> int:
        chair.get("/")
        found: list[str] = []
        record = node.projection.engine.connection  # type: ignore[attr-defined]
        node.projection._kept_at = []
        record.trace_v2(apsw.SQLITE_TRACE_STMT, lambda event: found.append(event["sql"]))
        try:
            with CaptureQueriesContext(connection) as accounts:
                chair.get("/")
        finally:
            record.trace_v2(0)
        return len(found) + len(accounts)

    def grow(count: int) -> None:
        offers(pair, count)
        for number in range(count):
            content = {"ref": f"c-{count}-{number}", "text": f"Promise {number}", "owners": [{"side": "IND"}]}
            content |= {"due": f"2021-01-{1 + number % 28:02}"}
            promise(pair, content)
        again(pair.ind.node)

    grow(12)
    few = asked()
    grow(30)
    assert asked() == few
    assert few < 60, few
    assert len(told(chair)["due"]) == 10


def test_what_changed_since_the_last_look_is_said_by_what_was_done(pair: Pair, at: At) -> None:  # noqa: F811
    chair = at(pair.ind.node)
    assert "What changed in the last 30 days" in words(part(chair, "changed"))
    look = Looked.objects.get()
    Looked.objects.update(at=datetime.now(UTC) - timedelta(hours=3))  # the look that has just begun ended long ago
    assert told(chair)["looked"] is False  # a program that reads is no look
    assert "Nothing changed." in words(part(chair, "changed"))
    # The other side did this before India looked last, and its system gave it out only now.
    pair.usa.write("comment", pair.record, None, text.Text(remarks="Quay 4 is free in May."))
    pair.swap()
    again(pair.ind.node)
    (line,) = told(chair)["changed"]
    assert (line["did"], line["said"], line["more"]) == ("United States remarked", "Quay 4 is free in May.", 0)
    assert line["url"] == f"/projects/{pair.record.rsplit('/', 1)[1]}/"
    said = words(part(chair, "changed"))
    assert "Changed since you last looked" in said
    assert "Quay 4 is free in May." in said
    assert Looked.objects.get().before is not None
    assert Looked.objects.get().reached == look.reaches
    # What a restricted or national act says stays with those who may read it, and a public record is no news.
    pair.ind.write("comment", pair.record, None, text.Text(remarks="For us alone."), ledger=NATIONAL)
    put(pair.ind.node, [one for one in published() if one[0] == "source"])
    again(pair.ind.node)
    (line,) = told(chair)["changed"]
    # Which of two entries of one second came last is nobody's to say.
    assert (line["did"], line["said"]) in (
        ("India remarked", "For us alone."),
        ("United States remarked", "Quay 4 is free in May."),
    )
    assert line["more"] == 1


def test_a_new_version_says_what_is_not_as_it_was(pair: Pair, at: At) -> None:  # noqa: F811
    need = {"ref": "n-1", "type": "need", "side": "IND", "title": "Recover drones", "domain": "naval",
            "capability": "A net.", "user": "Corvettes"}  # fmt: skip
    record = new_record("need", "IND")
    pair.ind.write("state", record, table.State(base=0), text.Text(content=need))
    chair = at(pair.ind.node)
    chair.get("/")
    look = datetime.now(UTC) - timedelta(hours=3)
    Looked.objects.update(at=look)
    before = (look - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    pair.ind.node.projection.engine.run("UPDATE state SET known_from = ? WHERE record = ?", (before, record))
    chair.get("/")
    now = need | {"title": "Recover every drone", "status": "paired"}
    pair.ind.write("state", record, table.State(base=1), text.Text(content=now))
    again(pair.ind.node)
    (line,) = told(chair)["changed"]
    assert line["fields"] == ["State: open → paired", "Title: Recover drones → Recover every drone"]


def test_a_seat_watches_a_record_until_it_does_not(pair: Pair, at: At) -> None:  # noqa: F811
    chair, code = at(pair.ind.node), pair.record.rsplit("/", 1)[1]
    page = html.fromstring(chair.get(f"/projects/{code}/").content)
    (form,) = page.xpath("//form[@class='watch']")
    assert words(form) == "Watch"
    assert chair.post(form.get("action"), {"watch": "yes"})["Location"] == f"/projects/{code}/"
    assert chair.post(form.get("action"), {"watch": "yes"}).status_code == 302
    assert Watched.objects.count() == 1
    page = html.fromstring(chair.get(f"/projects/{code}/").content)
    assert words(page.xpath("//form[@class='watch']")[0]) == "Stop watching"
    (line,) = told(chair)["watched"]
    assert (line["title"], line["changed"]) == ("Shipboard net", True)
    other = at(pair.ind.node, "secretariat")
    assert told(other)["watched"] == []  # each seat its own
    assert chair.post(line["leave"], {"watch": "no", "from": "desk"})["Location"] == "/"
    assert told(chair)["watched"] == []
    assert chair.post("/watch/zzzzzzzzzzzzzzzz/", {"watch": "yes"}).status_code == 404
    assert Client().post(form.get("action"), {"watch": "yes"}).status_code == 403
    assert chair.get(form.get("action")).status_code == 405
    assert Client().get(f"/projects/{code}/").content.count(b'class="watch"') == 0


def test_what_is_watched_and_no_longer_seen_is_not_on_the_desk(pair: Pair, at: At) -> None:  # noqa: F811
    event = {"ref": "e", "name": "KEPT event", "scope": "external", "category": "law", "date": "2020"}
    record = new_record("event", "IND")
    pair.ind.write("state", record, table.State(base=0), text.Text(content=event), ledger=NATIONAL)
    reader = at(pair.ind.node, "public")
    Watched.objects.create(seat=Person.objects.get().seats.get(), record=record)
    assert told(reader)["watched"] == []
    assert "KEPT" not in reader.get("/").content.decode()


def test_days_are_those_of_both_capitals(pair: Pair, at: At) -> None:  # noqa: F811
    day = (datetime.now(UTC) + timedelta(days=9)).date()
    record = new_record("project", "USA")
    terms = table.Propose(0, "USA", f"{day}T20:00:00Z", False)
    pair.usa.write("propose", record, terms, text.Text(content=project("ex-late")))
    pair.swap()
    (entry,) = told(at(pair.ind.node))["days"]
    assert entry["on"] == (day + timedelta(days=1)).isoformat()  # half past one at night in Delhi
    assert entry["entries"][0]["there"].endswith("in Washington")
    (line,) = told(at(pair.ind.node, "working_group_co_chair"))["on_me"]
    assert (line["due"], line["due_there"]) == (entry["on"], entry["entries"][0]["there"])
    (entry,) = told(at(pair.usa.node))["days"]
    assert entry["on"] == day.isoformat()
    assert entry["entries"][0]["there"].endswith("in New Delhi")


def test_whoever_cannot_be_reached_is_said_to_be_so_since_they_last_were(pair: Pair, at: At) -> None:  # noqa: F811
    folder = pair.ind.folder
    config.write(folder, replace(pair.ind.node.config, peer_address="127.0.0.1:9"))
    pair.ind = pair.ind.again()
    chair = at(pair.ind.node)
    assert told(chair)["unreached"] is None  # nobody has asked yet: not known
    upkeep.asked(folder, "2026-11-29T10:00:00Z", answered=True)
    assert told(chair)["unreached"] is None
    upkeep.asked(folder, "2026-11-29T10:01:00Z", answered=False)
    assert told(chair)["unreached"] is None  # one answer that did not come
    upkeep.asked(folder, "2026-11-29T10:20:00Z", answered=False)
    assert told(chair)["unreached"] == "2026-11-29T10:00:00Z"
    assert "They have not been reachable since 29 Nov 2026, 10:00 UTC" in words(part(chair, "unreached"))
    upkeep.asked(folder, "2026-11-29T10:21:00Z", answered=True)
    assert told(chair)["unreached"] is None


def test_on_its_first_morning_a_new_node_says_that_the_group_is_overdue(tmp_path: Any, at: At) -> None:
    made = capitals.found(tmp_path / "ind", "IND", environment="live")
    put(made.node, published())
    secretary = at(made.node, "secretariat")
    lines = {words(html.fromstring(f"<p>{each['what']}</p>")): each for each in told(secretary)["due"]}
    group = lines["Next meeting: DTTI Group"]
    assert (group["late"], group["on"]) == (True, "2022-05-11")
    assert group["days"] > 1600
    assert "days late" in words(part(secretary, "due"))
    made.node.close()


def test_what_an_office_has_to_do_stands_first_on_its_desk(pair: Pair, at: At) -> None:  # noqa: F811
    ours = {"side": "IND", "office": "IND/ex-sec"}
    promise(pair, {"ref": "c-0", "text": "Promise 0", "due": "2020-01-01", "owners": [{"side": "USA"}]})
    promise(pair, {"ref": "c-1", "text": "Promise 1", "due": "2021-01-01", "owners": [ours]})
    promise(pair, {"ref": "c-9", "text": "Promise 9", "due_text": "soon", "owners": [ours]})
    found = told(at(pair.ind.node))["due"]
    assert [(each["what"], each["ours"], each["late"]) for each in found] == [
        ("Promise 1", True, True),
        ("Promise 0", False, True),
    ]


def test_what_its_owner_reported_done_is_no_longer_late_and_a_later_date_that_was_agreed_counts(
    pair: Pair,  # noqa: F811
    at: At,
) -> None:
    ours = {"side": "IND", "office": "IND/ex-sec"}
    promise(pair, {"ref": "c-1", "text": "Promise 1", "due": "2021-01-01", "owners": [ours]})
    moved = [{"date": "2020-06-01", "status": "open", "due_now": "2022-02-02"}]
    promise(pair, {"ref": "c-2", "text": "Promise 2", "due": "2021-01-01", "owners": [ours], "statements": moved})
    chair = at(pair.ind.node)
    assert [(each["what"], each["on"]) for each in told(chair)["due"]] == [
        ("Promise 1", "2021-01-01"),
        ("Promise 2", "2022-02-02"),
    ]
    report = {"ref": "r-1", "side": "IND", "commitment": "c-1", "office": "IND/ex-sec", "holder": "Asha",
              "date": "2026-01-01", "state": "met", "work_done": "It was done."}  # fmt: skip
    pair.ind.write("state", new_record("action_report", "IND"), table.State(base=0), text.Text(content=report))
    again(pair.ind.node)
    assert [each["what"] for each in told(chair)["due"]] == ["Promise 2"]
