"""What one side has not released stays with it (architecture, section 8.4): every page, `.json`, pack, proof and door.

Two nodes are staged with national content that says PLANTED. Whoever may not see it is given every address there is,
before and after this side adds ten more national acts of every sort. Nothing planted may appear, no id of a national
record or act, and no answer may differ by a byte: a count, an order, an error that moved would tell.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.http import HttpRequest, HttpResponseBase
from django.test import Client

from dtti.accord import proof as proofs
from dtti.accord import table
from dtti.accord.grade import GRADES
from dtti.api.exchange import Application
from dtti.demo import register
from dtti.demo.exercise import Exercise
from dtti.ledger import act as acts
from dtti.ledger import export
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.acting import binding
from dtti.node.checking import prove
from dtti.node.core import draft as drafts
from dtti.node.core import seating, text
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder import files
from dtti.node.line import exchange
from dtti.node.people.models import Draft
from dtti.node.record import read
from dtti.programme.kinds import KINDS
from dtti.web import page

from .capitals import exercise, serve, sign_in  # noqa: F401 - fixtures
from .routes import routes

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("leaks")]

PLANTED = b"PLANTED-NATIONAL"
STAGED = {side: words.encode() for side, words in register.NATIONAL.items()}
TOUCHED = ("ex-net", "ex-survey", "ex-net-success", "ex-in-7")  # records on which national acts are added
ABSENT = "zzzzzzzzzzzzzzzz"  # the code of no record
NO_ACT = "0" * 64  # the id of no act


class WithoutNational:
    """Takes the national view from whoever is signed in: a reader of what the sides have told each other, no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.viewer = msgspec.structs.replace(request.viewer, national=False)  # type: ignore[attr-defined]
        return self.get_response(request)


def date_in_utc() -> date:
    """The day it is."""
    return datetime.now(UTC).date()


# --- every address there is ------------------------------------------------------------------------------------------


def patterns() -> Iterator[tuple[str, str]]:
    """Name and route of every page, English and Hindi alike, with those of accounts left to their own tests."""
    return ((name, route) for name, route in routes() if not route.startswith("account"))


_ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")


class Samples:
    """Values for the arguments of addresses, drawn from the ledgers of a node."""

    def __init__(self, node: Node) -> None:
        everything = Viewer(node.side, national=True)
        rows = read.listing(node, everything, count=10_000).rows
        self.seen = [row for row in rows if row.label != "national"]
        released = {acts.open_leaf(leaf).act.record for name in (RELEASED, MIRROR) for leaf in node.store.leaves(name)}
        national = {acts.open_leaf(leaf).act.record for leaf in node.store.leaves(NATIONAL)}
        self.hidden = sorted(record.rpartition("/")[2] for record in national - released)
        self.acts = [acts.open_leaf(leaf).id for name in (RELEASED, MIRROR) for leaf in node.store.leaves(name)]
        self.national = [acts.open_leaf(leaf).id for leaf in node.store.leaves(NATIONAL)]
        self.secrets = [*self.hidden, *self.national]
        self.verbs = {
            acts.open_leaf(node.store.leaf(RELEASED, at)).act.verb: at for at in range(node.store.size(RELEASED))
        }
        self.of_verb = [acts.open_leaf(node.store.leaf(RELEASED, at)).id for at in self.verbs.values()]

    def live(self) -> list[read.Listed]:
        """Every record that was not published, and one published record of each kind."""
        published = {row.kind: row for row in self.seen if row.compiled}
        return [row for row in self.seen if not row.compiled] + list(published.values())

    def some(self) -> list[read.Listed]:
        """Of each kind the live record that changed last, and one published; TOUCHED ones always."""
        found: dict[str, list[read.Listed]] = {}
        for row in sorted(self.live(), key=lambda row: row.known_from, reverse=True):
            kept = found.setdefault(row.kind, [])
            if row.ref in TOUCHED or not kept or row.compiled:
                kept.append(row)
        return [row for rows in found.values() for row in rows]

    def touched(self) -> list[read.Listed]:
        """The records on which national acts are added."""
        return [row for row in self.live() if row.ref in TOUCHED]

    def paths(self, name: str, route: str) -> Iterator[str]:
        """Addresses of one page: each argument with every live value, and with what is not there."""
        wanted = tuple(_ARGUMENT.findall(route))
        if wanted == ():
            yield f"/{route}"
            yield from (f"/{route}?{query}" for query in QUERIES.get(name.removesuffix("-json"), ()))
        elif wanted == ("section", "name"):
            for row in self.some():
                yield fill(route, section=KINDS[row.kind].face.address, name=row.code)
            yield fill(route, section="projects", name=ABSENT)
        elif wanted[:3] == ("section", "name", "paper"):
            for row in self.touched():
                section = KINDS[row.kind].face.address
                for paper in PAPERS.get(section, ("one-pager",)):
                    yield fill(route, section=section, name=row.code, paper=paper, made_for="en", form="pdf")
        elif wanted == ("kind",):
            yield from (fill(route, kind=kind) for kind in (*KINDS, "any"))
        elif wanted == ("made_for",):
            yield from (fill(route, made_for=language) for language in ("en", "hi"))
        elif wanted[0] == "secret":
            yield fill(route, secret="a" * 43)
        elif wanted == ("section",):
            yield from (fill(route, section=kind.face.address) for kind in KINDS.values())
        elif wanted[0] in ("name", "record", "code"):
            for row in self.some() if wanted == ("name",) and route.count("/") < 3 else self.touched():
                yield fill(route, **{wanted[0]: row.code}, **NUMBERS)
            yield fill(route, **{wanted[0]: ABSENT}, **NUMBERS)
        elif wanted[0] in ("identity", "act", "form"):
            for identity in [*self.of_verb, NO_ACT]:
                yield fill(route, **{wanted[0]: identity}, **NUMBERS)
        elif wanted == ("one", "other"):
            for one, other in (
                ("ex-in-7", "ex-us-31"),
                ("ex-in-national-1", "ex-us-31"),
                ("ex-in-7", "ex-us-national-1"),
            ):
                yield fill(route, one=one, other=other)
        else:
            raise AssertionError(f"give samples for the arguments of {name!r}: {route}")


NUMBERS = {
    "number": 0,
    "purpose": "propose",
    "verb": "propose",
    "kind": "project",
    "field": "ref",
    "text": "record",
    "spoken": "en",
    "action": "1",
    "what": "consider",
    "ref": "x",
}
#: Papers by the section of the records that they are made of.
PAPERS = {"meetings": ("agenda", "brief", "delegation"), "projects": ("one-pager",), "offices": ("handover",)}

#: Queries that count, filter, search and order; a page whose answer depends on its query stands here.
QUERIES = {
    "search": ("q=net", "q=recovery", "q=PLANTED", "q=capability", "q=second+class+of+corvette"),
    "projects": ("domain=naval", "known=2100-01-01", "order=title"),
    "needs": ("domain=naval", "side=IND", "status=open"),
    "explorer": ("upkeep=yes", "side=IND", "verb=state", "verb=comment", "verb=release", "ledger=national"),
    "feed": ("count=500", "since=2020-01-01"),
    "desk": ("known=2100-01-01",),
    "actions": ("q=PLANTED", "side=IND", "state=open", "due=overdue", "order=text", "known=2100-01-01"),
    "decisions": ("q=PLANTED", "body=ex-group"),
}


def fill(route: str, **values: object) -> str:
    """A route with its arguments filled."""
    return "/" + _ARGUMENT.sub(lambda found: str(values[found[1]]), route)


# --- answers without what moves by itself ----------------------------------------------------------------------------

_MOVES = (
    (re.compile(rb'name="(csrfmiddlewaretoken|nonce|whose|begin)" value="[^"]+"'), b""),
    (re.compile(rb'<ul class="clocks.*?</ul>', re.DOTALL), b""),
    (re.compile(rb'<p class="printed">.*?</p>', re.DOTALL), b""),
    (re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)"), b"MOMENT"),
    (re.compile(rb"\d\d:\d\d (UTC|IST|EST|EDT)"), b"TIME"),
    (re.compile(rb"\xe2\x80\x94 [^ ]+ [A-Za-z0-9+/]{101,102}=*"), b"COSIGNED"),  # it holds the time of the exchange
    (re.compile(rb'"free": \d+'), b""),
    (re.compile(rb"<dd>[\d,]+ MiB</dd>"), b""),
)


def still(data: bytes) -> bytes:
    """An answer without clocks, form tokens and the free space of the disc."""
    for pattern, value in _MOVES:
        data = pattern.sub(value, data)
    return data


def answers(browser: Client, samples: Samples) -> dict[str, tuple[int, bytes]]:
    """Status and content of every address for one browser."""
    found: dict[str, tuple[int, bytes]] = {}
    for name, route in patterns():
        for path in samples.paths(name, route):
            answer = browser.get(path)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[path] = (answer.status_code, still(body))
    found["POST /record/check/"] = (0, still(browser.post("/record/check/").content))
    return found


def differing(
    before: dict[str, tuple[int, bytes]], after: dict[str, tuple[int, bytes]]
) -> dict[str, tuple[bytes, bytes]]:
    """Addresses whose answers differ, with a little of where they begin to."""
    found = {}
    for path in before:
        if before[path] != after[path]:
            old, new = before[path][1], after[path][1]
            at = next(
                (at for at, (one, two) in enumerate(zip(old, new, strict=False)) if one != two), min(len(old), len(new))
            )
            found[path] = (old[max(0, at - 80) : at + 80], new[max(0, at - 80) : at + 80])
    return found


def assert_tells_nothing(found: dict[str, tuple[int, bytes]], secrets: list[str], words: bytes = PLANTED) -> None:
    """No answer holds planted words (but where the address itself brought them) or an id of something national."""
    for path, (_, body) in found.items():
        said = body if b"PLANTED" not in path.encode() else body.replace(b"PLANTED", b"")
        assert words not in said, path
        for side in ("IND", "USA") if words == PLANTED else ("IND",):
            assert STAGED[side] not in body, path
        for secret in secrets:
            assert secret.encode() not in body, (path, secret)


# --- ten more national acts ------------------------------------------------------------------------------------------


def _need(number: int, title: str) -> dict[str, Any]:
    return {
        "ref": f"ex-in-national-{number}",
        "type": "need",
        "side": "IND",
        "title": f"PLANTED-NATIONAL-IND: {title}",
        "user": "PLANTED-NATIONAL-IND: a second squadron",
        "capability": "PLANTED-NATIONAL-IND: recovery net capability, second class.",
        "priority": "high",
        "domain": "naval",
        "status": "open",
    }


def add_ten(exercise: Exercise) -> None:  # noqa: F811
    """New national records, a national version of a released one, remarks and drafts on joint ones."""
    officer, secretariat = exercise.ind_po, exercise.ind_sec
    clock = exercise.clock
    private = officer.state("need", _need(2, "a second need"), ledger="national")
    officer.state("need", {**_need(2, "a second need, changed"), "priority": "low"}, private, base=1, ledger="national")
    secretariat.state(
        "event",
        {
            "ref": "ex-national-event",
            "name": "PLANTED-NATIONAL-IND: a quiet visit",
            "scope": "external",
            "category": "visit",
            "date": clock.day(-3),
        },
        ledger="national",
    )
    released = next(
        acts.open_leaf(leaf).act.record
        for leaf in officer.node.store.leaves(RELEASED)
        if acts.open_leaf(leaf).act.record.startswith("need/")
    )
    own = {**_need(7, "what we really need"), "ref": "ex-in-7", "status": "paired"}
    officer.state("need", own, released, base=0, ledger="national")
    remark = text.Text(remarks="PLANTED-NATIONAL-IND: we would compromise at seven minutes.")
    for record in (exercise.records["net"], exercise.records["survey"]):
        _national(officer, "comment", record, remark)
    asked = {"ref": "ex-national-ask", "side": "IND", "office": "IND/ex-project-officer", "of": "IND/ex-secretariat"}
    what = {"what": "comments", "about": "project:ex-net", "text": "PLANTED-NATIONAL-IND: what do you say of seven?"}
    officer.state("ask", {**asked, **what, "asked_on": clock.day(-9)}, ledger="national")
    answer = {"ref": "ex-national-answer", "side": "IND", "ask": "ex-national-ask", "office": "IND/ex-secretariat"}
    said = {"given_on": clock.day(-2), "result": "given", "text": "PLANTED-NATIONAL-IND: seven will do."}
    secretariat.state("ask_answer", {**answer, **said}, ledger="national")
    waits = {"ref": "ex-national-delay", "side": "IND", "about": "project:ex-net", "reason": "funding"}
    why = {"start": clock.day(-9), "text": "PLANTED-NATIONAL-IND: no money before April."}
    officer.state("delay", {**waits, **why}, ledger="national")
    content = text.Text(content={"ref": "ex-net-success", "project": "ex-net", "problem": "PLANTED-NATIONAL-IND"})
    _national(officer, "draft", exercise.records["net-success"], content)


def _national(desk: Any, verb: str, record: str, body: text.Text) -> None:
    desk.pair.clock.later()
    desk.node.write(drafts.Draft(verb, record, table.Plain(), desk.office, (body,), ledger="national"))


VIEWERS: dict[str, tuple[str, str]] = {
    "the public": ("IND", ""),
    "a custodian": ("IND", "custodian"),
    "a reader without the national view": ("IND", "auditor"),
    "the other side's co-chair": ("USA", "co_chair"),
}


# Viewers whose every page is compared in the full tests only.
LATER = ("a custodian", "the other side's co-chair", "a reader without the national view")


class Twins(msgspec.Struct):
    """The staged pair as it was, in a copy, and the same pair after ten more national acts and an exchange."""

    before: dict[str, Node]
    after: dict[str, Node]
    secrets: list[str]


@pytest.fixture(scope="module")
def twins(exercise: Exercise, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twins]:  # noqa: F811
    folder = tmp_path_factory.mktemp("before")
    exercise.pair.close()
    copies = {}
    for side, node in exercise.pair.nodes.items():
        files.secret(node.folder.path)  # both of a pair make the same salts of the same seed
        shutil.copytree(node.folder.path, folder / side)
        copies[side] = Node(folder / side)
    add_ten(exercise)
    for pair in (copies, exercise.pair.nodes):
        exchange.take_pack(pair["USA"], exchange.make_pack(pair["IND"], sealed=False))
    yield Twins(copies, exercise.pair.nodes, Samples(exercise.pair.nodes["IND"]).secrets)
    for node in copies.values():
        node.close()


Look = Callable[[str, Node, "Samples"], dict[str, tuple[int, bytes]]]


@pytest.fixture
def browser_of(settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Node], Client]:
    """A browser of one of VIEWERS on a node, which this process then serves."""
    # A seat is a national entry of the node that gives it; the twins differ by the ten acts and by no reader's seat.
    monkeypatch.setattr(seating, "required", lambda node: False)
    monkeypatch.setattr(seating, "possible", lambda node: False)
    monkeypatch.setattr(binding, "fresh", lambda: "5eed" * 16)  # what is drawn at random says nothing of what is hidden
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    plain = settings.MIDDLEWARE

    def made(viewer: str, node: Node) -> Client:
        _, duty = VIEWERS[viewer]
        without = viewer == "a reader without the national view"
        settings.MIDDLEWARE = [*plain, "tests.web.test_leaks.WithoutNational"] if without else plain
        serve(settings, node)
        return sign_in(node, duty) if duty else Client()

    return made


@pytest.fixture
def look(browser_of: Callable[[str, Node], Client]) -> Look:
    """Everything that one of VIEWERS is answered on a node. The addresses are drawn from the node before."""

    def looked(viewer: str, node: Node, samples: Samples) -> dict[str, tuple[int, bytes]]:
        Draft.objects.all().delete()
        browser = browser_of(viewer, node)
        folder = str(node.folder.path).encode()
        return {path: (status, body.replace(folder, b"")) for path, (status, body) in answers(browser, samples).items()}

    return looked


def test_the_staged_nodes_hold_what_could_leak(twins: Twins) -> None:
    for side in ("IND", "USA"):
        node = twins.before[side]
        rows = read.listing(node, Viewer(side, national=True), words=register.NATIONAL[side]).rows
        assert [row.label for row in rows] == ["national"]
        assert read.listing(node, Viewer(side), words=register.NATIONAL[side]).total == 0


def test_the_twins_differ_by_ten_national_acts_and_nothing_else(twins: Twins) -> None:
    for side, more in (("IND", 10), ("USA", 0)):
        before, after = twins.before[side].store, twins.after[side].store
        assert {name: after.size(name) - before.size(name) for name in (RELEASED, NATIONAL, MIRROR)} == {
            RELEASED: 0,
            NATIONAL: more,
            MIRROR: 0,
        }


@pytest.mark.parts(2)
@pytest.mark.parametrize(
    "viewer",
    [pytest.param(each, marks=pytest.mark.long if each in LATER else ()) for each in VIEWERS],
)
def test_no_answer_holds_national_words_and_ten_more_national_acts_change_no_byte_of_any(
    viewer: str, twins: Twins, look: Look
) -> None:
    side, _ = VIEWERS[viewer]
    samples = Samples(twins.before[side])
    while True:
        day = date_in_utc()
        before, after = (look(viewer, pair[side], samples) for pair in (twins.before, twins.after))
        if day == date_in_utc():  # pages count days: midnight must not fall between the two looks
            break
    assert sum(status == 200 for status, _ in before.values()) > 20
    assert [path for path, (status, _) in before.items() if status >= 500] == []
    for found in (before, after):
        assert_tells_nothing(found, twins.secrets, b"PLANTED-NATIONAL-IND")
    assert differing(before, after) == {}


def doors(node: Node, folder: Path) -> dict[str, tuple[int, bytes]]:
    """Everything that leaves the Indian node by another way than a page: exchange door, packs, exports, proofs."""
    found: dict[str, tuple[int, bytes]] = {"pack": (0, exchange.make_pack(node, 0, sealed=False))}
    door = Application(node, verify_peer=False)
    digests = {
        one.digest
        for name in (RELEASED, NATIONAL, MIRROR)
        for leaf in list(node.store.leaves(name))[0 if name == NATIONAL else -30 :]
        for one in acts.open_leaf(leaf).act.body
    }
    for path in (
        "/v1/checkpoint",
        "/v1/mirror/checkpoint",
        "/v1/entries?start=0&size=9999",
        "/v1/mirror/entries?start=0&size=9999",
        "/v1/national/entries?start=0&size=9999",
        "/v1/national/checkpoint",
        *(f"/v1/{mirror}bodies/{digest}" for digest in sorted(digests) for mirror in ("", "mirror/")),
    ):
        address, _, query = path.partition("?")
        statuses: list[str] = []
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": address, "QUERY_STRING": query}
        body = b"".join(door(environ, lambda status, _headers, kept=statuses: kept.append(status)))
        found[f"door {path}"] = (int(statuses[0].split()[0]), body)
    export.write(node.store, RELEASED, folder, bodies=True)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[f"export {path.relative_to(folder)}"] = (0, path.read_bytes())
    notes = {"IND": node.store.note(RELEASED) or "", "USA": node.store.note(MIRROR) or ""}
    for row in Samples(node).some():
        if row.grade in GRADES:
            found[f"proof {row.record}"] = (0, prove.make(node.book, row.record, notes))
    return found


def test_no_pack_export_proof_or_door_holds_national_words_and_none_changes_with_ten_more_acts(
    twins: Twins, tmp_path: Path
) -> None:
    before, after = (
        doors(pair["IND"], tmp_path / name) for name, pair in (("before", twins.before), ("after", twins.after))
    )
    india = twins.after["IND"]
    assert sum(path.startswith("proof ") for path in before) > 8
    assert all(proofs.check(data).good for path, (_, data) in before.items() if path.startswith("proof "))
    for path, (_, body) in after.items():
        assert b"PLANTED" not in body, path
        assert STAGED["IND"] not in body, path
        for secret in twins.secrets:
            assert secret.encode() not in body, path
            assert len(secret) != 64 or bytes.fromhex(secret) not in body, path
    for leaf in india.store.leaves(NATIONAL):
        for one in acts.open_leaf(leaf).act.body:
            assert after[f"door /v1/bodies/{one.digest}"] == (404, b"")
            assert after[f"door /v1/mirror/bodies/{one.digest}"] == (404, b"")
    fresh = set(after) - set(before)
    assert {after[path] for path in fresh} == {(404, b"")}
    assert differing(before, after) == {}


@pytest.mark.parts(3)
@pytest.mark.parametrize("viewer", ["the public", "a custodian", "a reader without the national view"])
def test_what_may_not_be_seen_is_answered_as_what_does_not_exist(
    viewer: str, twins: Twins, browser_of: Callable[[str, Node], Client]
) -> None:
    node = twins.after["IND"]
    browser, secrets = browser_of(viewer, node), Samples(node)
    assert len(secrets.hidden) >= 3
    for name, route in patterns():
        wanted = tuple(_ARGUMENT.findall(route))
        if wanted == ("section", "name"):
            pairs = [
                ({"section": "needs", "name": code}, {"section": "needs", "name": ABSENT}) for code in secrets.hidden
            ]
        elif wanted and wanted[0] in ("name", "record", "code"):
            pairs = [({wanted[0]: code, **NUMBERS}, {wanted[0]: ABSENT, **NUMBERS}) for code in secrets.hidden]
        elif wanted and wanted[0] in ("identity", "act"):
            pairs = [({wanted[0]: one, **NUMBERS}, {wanted[0]: NO_ACT, **NUMBERS}) for one in secrets.national]
        else:
            continue
        for hidden, absent in pairs:
            one, other = browser.get(fill(route, **hidden)), browser.get(fill(route, **absent))
            said, where = still(one.content), one.headers.get("Location", "")
            for secret in secrets.secrets:
                stand_in = NO_ACT if len(secret) == 64 else ABSENT
                said, where = said.replace(secret.encode(), stand_in.encode()), where.replace(secret, stand_in)
            assert (one.status_code, where) == (other.status_code, other.headers.get("Location", "")), (name, hidden)
            assert said == still(other.content), (name, hidden)


def test_searching_for_national_words_is_answered_as_searching_for_none(
    twins: Twins, browser_of: Callable[[str, Node], Client]
) -> None:
    browser = browser_of("a reader without the national view", twins.after["IND"])
    for query, nothing in (
        ("PLANTED", "QLANTED"),
        ("ex-in-national-1", "ex-in-nationax-1"),
        ("compromise", "comprxmise"),
    ):
        one, other = (browser.get(f"/search.json?q={word}").content for word in (query, nothing))
        assert json.loads(one.replace(query.encode(), nothing.encode())) == json.loads(other)


def test_the_public_sees_what_is_published_and_nothing_else(
    twins: Twins, browser_of: Callable[[str, Node], Client], look: Look
) -> None:
    node = twins.before["IND"]
    samples = Samples(node)
    live = [row for row in samples.live() if row.label == "released"]
    assert len(live) > 20
    browser = browser_of("the public", node)
    for row in live:
        assert browser.get(page.record_url(row.kind, row.code)).status_code in (302, 404), row.record
    for path, (status, body) in look("the public", node, samples).items():
        if status == 200:
            assert [row.record for row in live if row.code.encode() in body] == [], path
