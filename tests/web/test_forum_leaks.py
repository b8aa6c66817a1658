"""What one company sends betrays nothing to another, to an office without the duty, to the other capital, the public.

Company A's recommendation says PLANTED. The pair stands twice: as it was, and with A's recommendation at the door, in
the record and in a draft of the forum's office. Each viewer opens every address there is on both, and no byte may
differ (after nonces and clocks); then the room of company B asks both databases the same statements in the same order.
Time is compared over interleaved pairs and printed; what is held to is the statements, which hang on no machine.
"""

import math
import re
import shutil
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import msgspec
import pytest
from django.conf import settings as plain
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dtti.accord import table_2
from dtti.demo.exercise import Exercise
from dtti.ledger.engine import Sqlite
from dtti.ledger.store import NATIONAL
from dtti.node.acting import binding
from dtti.node.core import seating, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.groups import of as groups_of
from dtti.node.core.node import Node
from dtti.node.folder import files
from dtti.node.people import industry, models
from dtti.node.people.models import Organisation, Person, Submission
from dtti.programme.kinds.recommendation import RECOMMENDATION
from dtti.web import middleware

from .capitals import exercise, serve, sign_in  # noqa: F401 - fixtures
from .forum import official, submitter
from .test_leaks import Samples, answers, differing

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("forum_leaks")]

A, B = "Planted works (exercise)", "Rival works (exercise)"
PLANTED = b"PLANTED"
GIVEN = {
    "title": "PLANTED furnace",
    "text": "PLANTED: our furnace holds 1,412 degrees.",
    "proprietary": True,
    "public_title": "PLANTED title",
    "public_summary": "PLANTED summary",
}
PAIRS = 200


class Twins(msgspec.Struct):
    """The staged pair as it was, and with A's recommendation; its reference, its code in the record."""

    before: dict[str, Node]
    after: dict[str, Node]
    reference: str
    code: str


@pytest.fixture(scope="module")
def twins(exercise: Exercise, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:  # noqa: F811
    folder = tmp_path_factory.mktemp("before")
    exercise.pair.close()
    copies = {}
    for side, node in exercise.pair.nodes.items():
        files.secret(node.folder.path)  # both of a pair make the same salts of the same seed
        shutil.copytree(node.folder.path, folder / side.lower())
        copies[side] = Node(folder / side.lower())
        copies[side].clock = exercise.clock
    reference = industry.reference()
    desk = exercise.desks["IND/ex-forum"]
    record = new_record(RECOMMENDATION.code, "IND")
    exercise.clock.ago(0.2)
    exercise.clock.later()
    (group,) = groups_of(desk.node, desk.office)
    content = {
        **GIVEN,
        "ref": reference,
        "side": "IND",
        "submitter": A,
        "submitter_is": "company",
        "channel": "by-form",
        "received_on": exercise.clock.day(0),
        "cleared": exercise.clock.day(0),
        "steps": [{"reached": "considered", "on": exercise.clock.day(0), "note": "PLANTED note"}],
    }
    body = text.Text(content=RECOMMENDATION.tidy(content), by=text.By(desk.holder, "substantive"))
    terms = table_2.State(base=0, group=group)
    desk.node.write(Draft("state", record, terms, desk.office, (body,), ledger=NATIONAL))
    exercise.pair.swap()
    yield Twins(copies, exercise.pair.nodes, reference, record.rpartition("/")[2])
    for node in copies.values():
        node.close()


@pytest.fixture
def at(twins: Twins, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Node]:
    """Make this process serve the node of a side `before` or `after`."""
    # A seat is a national entry of the node that gives it; the twins differ by one recommendation and no reader's seat.
    monkeypatch.setattr(seating, "required", lambda node: False)
    monkeypatch.setattr(seating, "possible", lambda node: False)
    monkeypatch.setattr(binding, "fresh", lambda: "5eed" * 16)  # what is drawn at random says nothing
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    def serving(when: str, side: str = "IND") -> Node:
        return serve(settings, getattr(twins, when)[side])

    return serving


@pytest.fixture
def rival(twins: Twins, at: Callable[..., Node]) -> Client:
    """Company B, let in; company A is let in too."""
    node = at("after")
    submitter(node, A)
    return submitter(node, B)


def planted(twins: Twins, *, there: bool) -> None:
    """Put A's recommendation at the door and into a draft of the forum's office, or take it away."""
    Submission.objects.all().delete()
    models.Draft.objects.all().delete()
    if there:
        organisation = Organisation.objects.get(name=A)
        person = Person.objects.get(represents__organisation=organisation)
        Submission.objects.create(
            code=twins.reference, organisation=organisation, person=person, form="f", content=GIVEN
        )
        office = organisation.office
        models.Draft.objects.create(
            office=office, record=f"recommendation/IND/{'a' * 16}", purpose="state", person=person, content=GIVEN
        )


# --- every address, before and after ---------------------------------------------------------------------------------


def _rival(node: Node) -> Client:
    return submitter(node, B)


def _without_duty(node: Node) -> Client:
    return official(node, "secretariat", "ex-secretariat")


def _other(node: Node) -> Client:
    return sign_in(node, "co_chair")


def _public(node: Node) -> Client:
    return Client()


VIEWERS = {
    "company B": ("IND", _rival),
    "an official without the duty": ("IND", _without_duty),
    "the other capital": ("USA", _other),
    "the public": ("IND", _public),
}
#: Where an official of this side sees how long its national ledger is: that an entry more was written, and no more.
OF_THE_LEDGER = re.compile(r"(POST )?/(record/(check|entries)|status)\b")


class Reads(Samples):
    """Addresses, with those of the forum and what a rival could guess of A's."""

    def __init__(self, node: Node, twins: Twins) -> None:
        super().__init__(node)
        self.guessed = (twins.reference, twins.code, "zzzz-zzzz-zzzz-zzzz")

    def paths(self, name: str, route: str) -> Iterator[str]:
        yield from super().paths(name, route)
        if "<slug:code>" in route or "<slug:name>" in route:
            for each in self.guessed:
                yield "/" + route.replace("<slug:code>", each).replace("<slug:name>", each).replace(
                    "<slug:what>", "consider"
                ).replace("<slug:section>", "recommendations").replace("<slug:purpose>", "state")


@pytest.mark.parts(2)
@pytest.mark.long
@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_address_tells_of_what_company_a_sent(
    twins: Twins, at: Callable[..., Node], rival: Client, viewer: str
) -> None:
    side, browser_of = VIEWERS[viewer]
    samples = Reads(at("before", side), twins)
    samples.secrets = []
    found = {}
    for when in ("before", "after"):
        node = at(when, side)
        planted(twins, there=when == "after")
        browser = browser_of(node)
        folder = str(node.folder.path).encode()
        found[when] = {
            path: (status, body.replace(folder, b""))
            for path, (status, body) in answers(browser, samples).items()
            if "<" not in path
        }
        for query in ("PLANTED", "furnace", twins.reference, A):
            for path in ("/search.json", "/recommendations.json", "/contacts.json", "/forum.json"):
                answer = browser.get(path, {"q": query})
                found[when][f"{path} {query}"] = (answer.status_code, answer.content)
    assert len(found["before"]) > 300
    differ = differing(found["before"], found["after"])
    if viewer == "an official without the duty":
        differ = {path: each for path, each in differ.items() if not OF_THE_LEDGER.match(path)}
    assert " ".join(sorted(differ)) == "", differ
    for path, (_status, body) in found["after"].items():
        said = body.replace(b"q=PLANTED", b"") if b"PLANTED" in path.encode() else body
        assert PLANTED not in said or "PLANTED" in path, path


# --- the same statements, and time -----------------------------------------------------------------------------------


@contextmanager
def statements(node: Node) -> Iterator[list[str]]:
    """Every statement that both databases are asked meanwhile: that of the accounts, and the record's."""
    asked: list[str] = []
    run = Sqlite.run

    def noting(self: Any, statement: str, *given: Any, **more: Any) -> Any:
        asked.append(statement)
        return run(self, statement, *given, **more)

    with pytest.MonkeyPatch.context() as patch, CaptureQueriesContext(connection) as captured:
        patch.setattr(Sqlite, "run", noting)
        yield asked
    asked += [each["sql"].partition(" WHERE ")[0] for each in captured.captured_queries]


ASKED = ("/industry/", "/industry.json", "/industry/send/", "/recommendations/", "/forum/", "/search/?q=furnace")


def test_the_room_of_a_rival_asks_the_same_whatever_another_sent(
    twins: Twins, at: Callable[..., Node], rival: Client
) -> None:
    asked = {}
    for when in ("before", "after"):
        node = at(when)
        planted(twins, there=when == "after")
        paths = (*ASKED, f"/industry/{twins.reference}/", f"/recommendations/{twins.code}/")
        for path in paths:
            rival.get(path)  # what is kept is kept
            with statements(node) as said:
                rival.get(path)
            asked.setdefault(path, []).append(said)
    assert {path: len(both[0]) for path, both in asked.items() if both[0] != both[1]} == {}
    assert all(both[0] for both in asked.values())


def test_a_reference_of_another_is_asked_for_as_one_that_is_not_there(
    twins: Twins, at: Callable[..., Node], rival: Client
) -> None:
    node = at("after")
    planted(twins, there=True)
    said = []
    for code in (twins.reference, "zzzz-zzzz-zzzz-zzzz"):
        for path in (f"/industry/{code}/", f"/industry/{code}/receipt.pdf", f"/recommendations/{code}/"):
            with statements(node) as asked:
                answer = rival.get(path)
            said.append(
                (path.replace(code, "*"), asked, answer.status_code, answer.content.replace(code.encode(), b"*"))
            )
    assert [each[2] for each in said] == [404] * 6
    for one, other in zip(said[:3], said[3:], strict=True):
        assert one == other, one[0]


@pytest.mark.long
def test_time_over_200_pairs_is_printed(
    twins: Twins, at: Callable[..., Node], rival: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    """With and without A's recommendation, interleaved: the difference in the middle, and how often one was slower."""
    differences = []
    folders = {when: at(when).folder.path for when in ("before", "after")}
    planted(twins, there=True)
    for pair in range(PAIRS):
        took = {}
        for when in ("before", "after") if pair % 2 else ("after", "before"):
            plain.NODE_FOLDER = folders[when]  # the same settings a thousand times would nest too deep
            rival.get("/industry/")
            began = perf_counter()
            assert rival.get("/industry/").status_code == 200
            took[when] = perf_counter() - began
        differences.append(took["after"] - took["before"])
    slower = sum(each > 0 for each in differences)
    z = (slower - PAIRS / 2) / math.sqrt(PAIRS / 4)
    middle = statistics.median(differences) * 1000
    with capsys.disabled():
        told = f"median difference {middle:+.3f} ms, slower with it {slower} times (sign test z {z:+.2f})"
        sys.stdout.write(f"\n{PAIRS} pairs: {told}\n")
    assert len(differences) == PAIRS


def test_what_is_open_in_this_process_is_one_node(twins: Twins, at: Callable[..., Node]) -> None:
    """The two stand apart: neither answers for the other."""
    assert at("before").folder.path != at("after").folder.path
    assert middleware.open_node(twins.after["IND"].folder.path).store.size(NATIONAL) == (
        middleware.open_node(twins.before["IND"].folder.path).store.size(NATIONAL) + 1
    )
