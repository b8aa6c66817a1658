"""Both times on every page: what is shown as known on a day is what a record cut off at that day shows."""

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from dtti.demo.exercise import Exercise
from dtti.demo.pair import Pair
from dtti.ledger.act import open_leaf
from dtti.ledger.body import Body
from dtti.ledger.store import LEDGERS, MIRROR, Row, Store
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.people.models import Person
from dtti.node.record import clock, journal, read, reporting
from dtti.programme.kinds import KINDS
from dtti.programme.reports import REPORTS
from dtti.web import middleware
from tests.web.routes import routes

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.django_db]

VIEWER = Viewer("IND", national=True)
#: What is no page of the record: it acts, belongs to an account, or shows this installation as it is now.
NO_TIMES = (
    "account",
    "mfa",
    "demo",
    "csp",
    "integrity",
    "check",
    "installation",
    "people",
    "start",
    "feed",
    "bring",
    "report-new",
    "step-new",
    "industry",
    "intake",
    "recommendation_new",
)


def cut(node: Node, known: str, folder: Path) -> Node:
    """An office system of the same side that has taken in only what was claimed by `known`, and seen nothing later."""
    shutil.copytree(node.folder.path, folder, ignore=shutil.ignore_patterns("*.sqlite3*", "mark"))
    leaves = {ledger: [open_leaf(leaf) for leaf in node.store.leaves(ledger)] for ledger in LEDGERS}
    sizes = {ledger: sum(entry.act.time <= known for entry in held) for ledger, held in leaves.items()}
    while True:  # what was written in the knowledge of something later was later, whatever its clock said
        before = dict(sizes)
        for ledger, held in leaves.items():
            other = "released" if ledger == MIRROR else MIRROR
            sizes[ledger] = next(
                (at for at, one in enumerate(held[: sizes[ledger]]) if one.act.seen.size > sizes[other]), sizes[ledger]
            )
        if before == sizes:
            break
    store = Store(folder / "ledger.sqlite3")
    store.create()
    with store.writing():
        for ledger, held in leaves.items():
            rows = [Row(one.id, one.act.record, one.act.verb, one.leaf) for one in held[: sizes[ledger]]]
            store.append(ledger, rows)
    for ledger, held in leaves.items():
        for one in held[: sizes[ledger]]:
            placed = node.store.find(one.id)
            assert placed is not None
            for part in range(len(one.act.body)):
                body = node.store.body(placed.owner(part))
                if isinstance(body, Body):
                    store.put_body(placed.owner(part), body)
    store.close()
    made = Node(folder)
    made.projection.catch_up(made.book)
    return made


def addresses() -> Iterator[str]:
    """The address of every page that takes no argument, as JSON."""

    for name, address in routes():
        if name.endswith("-json") and "<" not in address and not name.startswith(NO_TIMES):
            yield f"/{address}"


@pytest.fixture
def india(staged: tuple[Pair, Exercise]) -> Node:
    """India's office system of the demonstration."""
    return staged[0].nodes["IND"]


Ask = Callable[[Node, str], Any]


@pytest.fixture
def ask(settings: Any, india: Node, reader: Person) -> Iterator[Ask]:
    """What a page answers, as JSON, to someone who reads national texts too; of whichever node is asked."""
    browser = Client()
    browser.force_login(reader)

    settings.NODE_FOLDER, settings.NODE_CONFIG = india.folder.path, india.config

    def made(node: Node, address: str) -> Any:
        # Set where the fixture's own change stands: each further one through it would lie over all that went before.
        django_settings.NODE_FOLDER, django_settings.NODE_CONFIG = node.folder.path, node.config
        answer = browser.get(address)
        assert answer.status_code in (200, 404, 422), (address, answer.status_code, answer.content[:300])
        return answer.status_code, json.loads(answer.content)

    yield made
    middleware.open_node.cache_clear()


def days(node: Node, seed: int, count: int) -> list[str]:
    """Days at random from before the first act to yesterday, some of them with acts."""
    times = sorted({entry.act.time[:10] for ledger in LEDGERS for entry in map(open_leaf, node.store.leaves(ledger))})
    today = datetime.now(UTC).date().isoformat()  # what is known today has a checkpoint already
    times = [day for day in times if day < today]
    first, last = date.fromisoformat(times[0]) - timedelta(days=2), date.fromisoformat(times[-1])
    chance = random.Random(seed)
    some = [(first + timedelta(days=chance.randint(0, (last - first).days))).isoformat() for _ in range(count)]
    return [*some, *chance.sample(times, min(count, len(times)))]


FEW = ("/index.json", "/projects.json", "/success.json", "/projects-board.json", "/search.json", "/record/entries.json")


def compare(ask: Ask, india: Node, day: str, folder: Path, *, few: bool = False) -> int:
    """Every page, record and report (or `few`) as known on a day, of the whole record and of one cut off there."""
    before = cut(india, f"{day}T23:59:59Z", folder)
    records = {row.record: row for row in read.listing(before, VIEWER, count=5000).rows}
    wanted = [
        *addresses(),
        *(f"/{KINDS[row.kind].face.address}/{row.code}.json" for row in records.values() if live(row)),
    ]
    assert len(wanted) > 30
    for address in FEW if few else wanted:
        asked = f"{address}?known={day}"
        assert ask(india, asked) == ask(before, asked), asked
    for name in () if few else REPORTS:
        known = clock.asked("", day)
        for of in ("all", "live"):
            then = reporting.report(india, VIEWER, name, on=date.fromisoformat(day), known=known, of=of)
            assert then == reporting.report(before, VIEWER, name, on=date.fromisoformat(day), known=known, of=of), name
    gone = [row for row in read.listing(india, VIEWER, count=5000).rows if row.record not in records and live(row)]
    for row in gone[:3] if few else gone:
        status, said = ask(india, f"/{KINDS[row.kind].face.address}/{row.code}.json?known={day}")
        assert (status, said["not_yet"], said["record"]) == (200, True, row.record)
    before.close()
    return len(gone)


def live(row: read.Listed) -> bool:
    return row.label != "public" and row.kind in KINDS


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(3))
def test_what_is_shown_as_known_on_a_day_is_what_a_record_cut_off_there_shows(
    ask: Ask, india: Node, tmp_path: Path, seed: int
) -> None:
    made_since = [compare(ask, india, day, tmp_path / str(at)) for at, day in enumerate(days(india, seed, 2))]
    assert any(made_since)


@pytest.mark.long
def test_one_such_day(ask: Ask, india: Node, tmp_path: Path) -> None:
    assert compare(ask, india, days(india, 7, 1)[1], tmp_path / "cut", few=True)


@pytest.mark.long
@pytest.mark.parametrize(
    "seed", [1, pytest.param(2, marks=pytest.mark.sweep), pytest.param(3, marks=pytest.mark.sweep)]
)
def test_on_a_day_gone_by_nothing_shows_that_the_acts_made_only_later(ask: Ask, india: Node, seed: int) -> None:
    for day in days(india, seed, 1)[:3]:
        end = f"{day}T23:59:59Z"
        for part in ("on_me", "on_them", "changed"):
            assert ask(india, f"/index.json?on={day}")[1][part] == ask(india, f"/index.json?known={day}")[1][part]
        then = read.listing(india, VIEWER, count=5000, known=clock.asked(day, "")).rows
        for row in filter(live, then):
            acts = journal.history(india, VIEWER, row.record, clock.asked(day, ""))
            assert all(act.time <= end for act in acts)
            assert row.grade != "agreed_here" or row.known_from <= end or (row.earliest or "9") <= day
            assert max(row.court_since, row.answered) <= end
        assert {row.record for row in then if live(row)} <= {
            row.record for row in read.listing(india, VIEWER, count=5000).rows
        }
        for row in [row for row in then if row.kind == "project" and live(row)]:
            status, said = ask(india, f"/projects/{row.code}.json?on={day}")
            assert status == 200
            assert all(each["on"] <= end for each in said["history"])
            assert all(each["to"] <= day for each in said["court"])
            assert all(each["on"] <= f"{day}~" for each in said["statements"])


def test_a_page_without_a_past_is_not_asked_for_one(ask: Ask, india: Node) -> None:
    status, said = ask(india, "/status.json?on=2026-03-01")
    assert (status, said["refusals"][0]["rule"]) == (422, "clock")
