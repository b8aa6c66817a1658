"""What the other capital sends, walked through every page as officials see it: no page is taken away."""

import re
import secrets
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as some
from msgspec import inspect
from msgspec.structs import replace
from tests.node import capitals
from tests.node.capitals import FAR, Pair, project
from tests.node.hostile import Hostile
from tests.simulator.node import hostile, put, put_bytes

from dtti.accord import table, table_2
from dtti.ledger import canonical, keyfile
from dtti.ledger.body import Body
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.folder import config
from dtti.node.line import founding, published
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.node.record import read, reporting
from dtti.programme.kinds import KINDS
from dtti.programme.published import record_id
from dtti.web import middleware
from dtti.web.accounts.guard import STAGED

from .reading import published as public_record

MOST = 2.0  # seconds of processor time that any page may take
SEEN = Viewer("IND", national=True, person="someone")


@pytest.fixture(scope="module")
def against(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two capitals that hold the public record and one agreed project; Washington in hostile hands."""
    folder = tmp_path_factory.mktemp("against")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_N", 2**4)
        patch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
        capitals.build(folder)
        ind, usa = (capitals.Capital(capitals.Node(folder / each), (folder / f"{each.upper()}.office").read_text())
                    for each in ("ind", "usa"))  # fmt: skip
        made = Pair(ind, hostile(usa), (folder / "record").read_text())
        published.put(ind.node, public_record())
        made.swap()
    yield made
    made.close()


@pytest.fixture
def desk(against: Pair, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """A browser of a desk officer of India, on the node as its pages have it open."""
    return sit(against, settings, monkeypatch)


def sit(against: Pair, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Seat a desk officer of India before the node as its pages have it open."""
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.NODE_FOLDER, settings.NODE_CONFIG = against.ind.folder, against.ind.node.config
    settings.DEMONSTRATION = True
    node = middleware.open_node(Path(against.ind.folder))
    node.settle()
    person = Person.objects.create(username="desk", full_name="Desk officer (exercise)", fictitious=True)
    seats.give_seat(node, person, against.ind.office, "working_group_co_chair")
    browser = Client(raise_request_exception=False)
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    assert browser.get("/").status_code == 200
    return browser


# --- contents from the declared types --------------------------------------------------------------------------------

INTEGERS = (-1, 0, 1, 365, 9_999, 10**9, 20_000_000, 10**12, 2**53 - 1)
DATES = ("1900", "2200-12-31", "0001-01-01", "9999-12-31", "[..2200]", "[1900..]", "2024-02-30", "2020-01", "", "x")
WORDS = ("x", "", " ", "\n", "नमस्ते", "<script>alert(1)</script>", "{{7*7}}", "%s %(x)s {0}", "a" * 1_001, "/../..", "'")
REFS = ("ex-net", "aluav", "dtti-group", "IND/ex-sec", "S1", "x", "no-such-thing")


def hostile_value(declared: inspect.Type) -> some.SearchStrategy[Any]:
    """A value for a declared type: mostly within it and at its edges, at times of another type altogether."""
    if isinstance(declared, inspect.Metadata):
        link = (declared.extra or {}).get("link")
        return some.sampled_from(REFS) if link and link != "*" else hostile_value(declared.type)
    if isinstance(declared, inspect.UnionType):
        return some.one_of(*(hostile_value(each) for each in declared.types if not isinstance(each, inspect.NoneType)))
    if isinstance(declared, inspect.StructType):
        return hostile_struct(declared)
    if isinstance(declared, inspect.VarTupleType):
        return some.lists(hostile_value(declared.item_type), max_size=4)
    if isinstance(declared, inspect.LiteralType):
        return some.sampled_from([*declared.values, "other"])
    if isinstance(declared, inspect.IntType):
        return some.sampled_from(INTEGERS)
    if isinstance(declared, inspect.BoolType):
        return some.booleans()
    if isinstance(declared, inspect.CustomType):
        return some.sampled_from(DATES)
    return some.sampled_from(WORDS + REFS)


def hostile_struct(declared: inspect.StructType) -> some.SearchStrategy[dict[str, Any]]:
    """Fields of a struct, some of them left out."""
    must = {field.name: hostile_value(field.type) for field in declared.fields if field.required}
    may = {field.name: hostile_value(field.type) for field in declared.fields if not field.required}
    return some.fixed_dictionaries(must, optional=may)


def sound_value(declared: inspect.Type) -> some.SearchStrategy[Any]:
    """A value within a declared type, at the far ends of what its form allows."""
    if isinstance(declared, inspect.Metadata):
        base, extra = declared.type, declared.extra or {}
        if extra.get("link"):
            return some.sampled_from(["project:ex-net", "project:aluav"] if extra["link"] == "*" else REFS)
        if isinstance(base, inspect.Metadata):
            return sound_value(base)
        if isinstance(base, inspect.IntType):
            return some.sampled_from([base.ge or 0, (base.ge or 0) + 1, base.le or 1])
        if isinstance(base, inspect.StrType):
            return some.sampled_from(_fitting(base.pattern or ""))
        return sound_value(base)
    if isinstance(declared, inspect.UnionType):
        return some.one_of(*(sound_value(each) for each in declared.types if not isinstance(each, inspect.NoneType)))
    if isinstance(declared, inspect.StructType):
        must = {field.name: sound_value(field.type) for field in declared.fields if field.required}
        may = {field.name: sound_value(field.type) for field in declared.fields if not field.required}
        return some.fixed_dictionaries(must, optional=may)
    if isinstance(declared, inspect.VarTupleType):
        return some.lists(sound_value(declared.item_type), min_size=1, max_size=3)
    if isinstance(declared, inspect.LiteralType):
        return some.sampled_from(list(declared.values))
    if isinstance(declared, inspect.IntType):
        return some.sampled_from([declared.ge or 0, declared.le or 1])
    if isinstance(declared, inspect.BoolType):
        return some.just(True)
    if isinstance(declared, inspect.CustomType):
        return some.sampled_from(["1900", "2200-12-31", "[..2200]", "[1900..]", "2024-02-29", "2020-01"])
    return some.sampled_from(_fitting(declared.pattern or "") if isinstance(declared, inspect.StrType) else ["x"])


def _fitting(pattern: str) -> list[str]:
    words = ("x", "slug-1", "USD", "FY2017", "FY1950-FY2020", "2026-01-26T10:00:00Z", "9999-99-99T99:99:99Z",
             "<b>x</b>", "नमस्ते", "project:ex-net", "ex-net")  # fmt: skip
    return [each for each in words if re.search(pattern, each)] or ["x"]


def content_of(kind: str, value: Any) -> some.SearchStrategy[dict[str, Any]]:
    """Contents of a kind by `value`, a strategy for declared types."""
    made: some.SearchStrategy[dict[str, Any]] = value(inspect.type_info(KINDS[kind].content))
    return made


# --- the walk --------------------------------------------------------------------------------------------------------

STARTS = (
    "/", "/record/", "/projects-board/", "/record/entries/", "/scorecard/", "/cadence/", "/promises/", "/trade/",
    "/expiring/", "/statements/", "/bodies/", "/meetings/", "/offices/", "/appointments/", "/instruments/",
    "/commitments/", "/success/", "/needs/", "/events/", "/contracts/", "/claims/", "/differences/", "/sources/",
    "/rosters/", "/constraints/", "/sides/", "/projects/", "/search/?q=x", "/projects/ex-net/", "/projects/aluav/",
)  # fmt: skip


def walk(browser: Client, more: list[str], most: int) -> list[tuple[str, object]]:
    """What is wrong with the pages reached from the front, in `more` first; `most` pages in all."""
    faults: list[tuple[str, object]] = []
    asked: set[str] = set()
    waiting = [*more, *STARTS]
    while waiting and len(asked) < most:
        address = waiting.pop(0)
        if address in asked or re.search(r"/(start|draft|part|leaf|proof\w*)/|\.json$|/file$|/static/", address):
            continue
        asked.add(address)
        begun = time.process_time()
        answer = browser.get(address)
        took = time.process_time() - begun
        if answer.status_code >= 500:
            faults.append((address, answer.status_code))
        if took > MOST:
            faults.append((address, round(took, 1)))
        if answer.status_code == 200 and "text/html" in answer.get("Content-Type", ""):
            waiting += [
                unescape(each) for each in re.findall(r'<a\b[^>]*\bhref="(/(?!hi/)[^"#]*)"', answer.content.decode())
            ]
    assert most < 100 or len(asked) > 100, asked
    return faults


def entry(act: str) -> str:
    """The page of an entry, without the slash at its end."""
    return reverse("entry", args=[act]).rstrip("/")


def pages_of(against: Pair, records: list[str]) -> list[str]:
    """The pages of records and of work on them."""
    found = []
    for record in records:
        state = read.state(against.ind.node, SEEN, record)
        if state:
            section = KINDS[record.split("/")[0]].face.address
            found += [f"/{section}/{state[0].code}/", f"/work/{state[0].code}/", f"/work/{state[0].code}/agree/",
                      f"/work/{state[0].code}/send-back/", f"{entry(state[0].act)}/"]  # fmt: skip
    return found


def own_side(against: Pair) -> dict[str, tuple[str, str, str]]:
    """What this side's own and agreed records say, and the public record."""
    rows = against.ind.node.projection.engine.run(
        "SELECT record, title, content, grade, stated_by, name FROM state WHERE known_until = '9999'"
    )
    return {
        row[0]: tuple(map(str, row[1:]))  # type: ignore[misc]
        for row in rows
        if row[0].split("/")[1] in ("IND", "PUB") or row[3] in ("agreed_here", "on_paper")
    }


def send(against: Pair, kind: str, content: Any) -> str:
    """Send a content in the ways in which one side alone can make it stand."""
    joint = KINDS[kind].mode == "joint"
    return put(against.usa, kind, content, basis="own" if joint else "")[0]


NAMED = {
    "cadence": ("body", {"ref": "ex-body", "name": "B", "type": "group", "cadence": {"text": "x", "days": 10**12}}),
    "cadence within": ("body", {"ref": "ex-body2", "name": "B", "type": "group",
                                "cadence": {"text": "x", "days": 36_525}}),
    "number": ("meeting", {"ref": "ex-m", "body": "ex-body2", "number": 20_000_000, "date": "2020-01-01",
                           "mode": "in-person", "status": "held"}),
    "number within": ("meeting", {"ref": "ex-m2", "body": "ex-body2", "number": 9_999, "date": "2200-12-31",
                                  "mode": "in-person", "status": "held"}),
    "rows": ("project", project("ex-rows") | {"aliases": ["row"] * 20_000}),
    "rows within": ("project", project("ex-rows2") | {
        "statements": [{"date": "2020", "status": "named", "note": "word " * 40}] * 500}),
    "a long text": ("event", {"ref": "ex-long", "name": "L", "scope": "dtti", "category": "law", "date": "2020",
                              "effect": "word " * 9_000, "notes": "слово " * 8_000}),
    "mixed rows": ("trade_contract", {"ref": "ex-mix", "item": "x", "alternatives": [1, "x", None, {}]}),
    "no text": ("success_definition", {}),
    "a sum": ("trade_claim", {"ref": "ex-sum", "as_of": "2020", "figure": {"amount": 10**15, "measure": "claim"},
                              "scope": "total"}),
    "a tick": ("meeting", {"ref": "ex-tick", "body": "ex-body2", "date": "2020-01-01", "mode": "hybrid",
                           "status": "held", "opens": "9999-99-99T99:99:99Z", "zone": "Nowhere/At_all"}),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("most", [150, pytest.param(3_000, marks=pytest.mark.sweep)])
def test_named_attacks_take_no_page_away_and_change_nothing_of_ours(against: Pair, desk: Client, most: int) -> None:
    before = own_side(against)
    sent = [send(against, kind, content) for kind, content in NAMED.values()]
    offers = [put(against.usa, kind, content)[0] for kind, content in NAMED.values()]
    raw = [
        put_bytes(against.usa, "project", data)[0] for data in (b"\x00", b"[" * 30, b"{}", b'{"content":{"ref":[]}}')
    ]
    code = against.record.rpartition("/")[2]
    taken = [send(against, "project", project(ref)) for ref in (code, "ex-net", "aluav")]
    taken.append(put(against.usa, "project", project("ex-other"), record=f"project/USA/{code}", basis="own")[0])
    put(against.usa, "project", project("aluav"), record=record_id("project", "aluav"), basis="published")
    against.swap()
    assert walk(desk, pages_of(against, [*sent, *offers, *raw, *taken]), most) == []
    assert own_side(against) == before
    assert desk.get(f"/projects/{code}.json").json()["record"] == against.record


@pytest.mark.long
def test_a_choice_is_given_where_a_reference_is_used_again(against: Pair, desk: Client) -> None:
    theirs = send(against, "project", project("ex-net"))
    against.swap()
    answer = desk.get("/projects/ex-net/")
    said = answer.content.decode()
    assert answer.status_code == 300
    assert f"/projects/{against.record.rpartition('/')[2]}/" in said
    assert f"/projects/{theirs.rpartition('/')[2]}/" in said
    assert len(desk.get("/projects/ex-net.json").json()["records"]) >= 2
    answer = desk.post("/work/ex-net/remark/", {"remarks": "Which?", "confirm": "1"})
    assert answer.status_code == 409, re.sub("<[^>]+>", " ", answer.content.decode())[:3000]


def test_an_unreadable_offer_is_shown_as_theirs_with_the_rule_and_cannot_be_agreed(against: Pair, desk: Client) -> None:
    record, offer = put(against.usa, "project", project("ex-broken") | {"body": "no-such-body"})
    against.swap()
    code = record.rpartition("/")[2]
    said = desk.get(f"/projects/{code}/").content.decode()
    assert "cannot be read here" in said
    assert "There is no body no-such-body" in said
    assert "(rule link)" in said
    listed = desk.get("/projects/").content.decode()
    assert f"Cannot be read here ({code})" in listed
    assert f"/work/{code}/" in desk.get("/waiting/?whose=side").content.decode()
    desk.post(f"/work/{code}/agree/", {"confirm": "1"})
    assert against.ind.node.book.view(record).offer.answer == ""  # type: ignore[union-attr]
    against.ind.write("send_back", record, table.SendBack(offer.act), text.Text(remarks="No."))


def test_the_name_of_our_officer_over_their_act_is_their_word(against: Pair, desk: Client) -> None:
    record = new_record("project", "USA")
    said = text.Text(content=project("ex-by"), by=text.By("Meera Anand", "substantive"))
    offer = against.usa.write("propose", record, table.Propose(0, "USA", FAR), said)
    against.swap()
    shown = desk.get(f"{entry(offer.act)}/").content.decode()
    assert "Holder, as they say" in shown
    assert "Holder that day" not in shown
    assert desk.get(f"{entry(offer.act)}.json").json()["acting"]["said"] == "Meera Anand"


@pytest.mark.long
def test_a_power_for_an_office_of_the_other_side_is_shown_to_give_none(
    tmp_path: Path, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rule set let it be given; every later one makes it void."""
    monkeypatch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
    monkeypatch.setattr(keyfile, "_N", 2**4)
    ind, usa = (
        capitals.empower(
            founding.found(
                tmp_path / side,
                config.Config(side=side, environment="exercise"),
                capitals.PASSPHRASE,
                rule_sets=["dtti_1"],
            )
        )
        for side in ("IND", "USA")
    )
    capitals.join(ind, usa)
    record, _ = capitals.propose(ind)
    published.put(ind.node, public_record())
    against = Pair(ind, hostile(usa), record)
    against.swap()
    desk = sit(against, settings, monkeypatch)
    office = record_id("office", "IND/defence-secretary")
    grant = table.Grant(77, ["all"], office, "2020-01-01T00:00:00Z", ["comment"])
    given = against.usa.node.write(capitals.Draft("power", terms=table.Power(grants=[grant])))
    acted = against.usa.node.write(
        capitals.Draft("comment", against.record, office=office, texts=(text.Text(remarks="As if from Delhi."),))
    )
    against.swap()
    for act in (given.act, acted.act):
        assert "an office that is not of that side" in desk.get(f"{entry(act)}/").content.decode()
    listed = desk.get("/record/entries/?verb=comment")  # the public record fills the first page, at the same second
    assert "an office that is not of that side" in listed.content.decode()
    against.close()


@pytest.mark.parametrize("value", [hostile_value, sound_value], ids=["hostile", "at the edges"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.sweep
def test_no_content_of_any_kind_takes_a_page_away(against: Pair, desk: Client, kind: str, value: Any) -> None:
    before = own_side(against)

    @settings(
        max_examples=4, deadline=None, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
    )
    @given(some.lists(content_of(kind, value), min_size=16, max_size=16))
    def attack(contents: list[dict[str, Any]]) -> None:
        sent = [send(against, kind, each) for each in contents]
        sent += [put(against.usa, kind, each)[0] for each in contents[:2]]
        against.swap()
        assert walk(desk, pages_of(against, sent), 120) == []
        assert own_side(against) == before

    attack()


@pytest.mark.sweep
def test_many_small_records_take_no_page_away(against: Pair, desk: Client) -> None:
    """Each of them is in order: only their number is not."""
    drafts = []
    for number in range(300):
        contents = {
            "body": {"ref": f"many-{number}", "name": "B", "type": "group", "cadence": {"text": "often", "days": 30}},
            "meeting": {"ref": f"many-{number}", "body": f"many-{number % 100}", "number": number, "mode": "virtual",
                        "date": f"20{number % 90 + 10}-01-01", "status": "held"},
            "commitment": {"ref": f"many-{number}", "text": "A paper.", "force": "firm", "made": "2024", "due": "2025"},
            "project": project(f"many-{number}") | {"body": f"many-{number}"},
            "instrument": {"ref": f"many-{number}", "name": "An agreement", "type": "agreement", "binding": "binding",
                           "implementation": "in-use", "signed": "2020-01-01", "project": f"many-{number}"},
            "event": {"ref": f"many-{number}", "name": "Law", "scope": "dtti", "category": "law", "date": "2020"},
        }  # fmt: skip
        for kind, content in contents.items():
            terms = table.State(basis="own") if KINDS[kind].mode == "joint" else table.State(base=0)
            draft = capitals.Draft("state", new_record(kind, "USA"), terms, against.usa.office)
            drafts.append(replace(draft, texts=(text.Text(content=content),)))
    against.usa.node.write_all(drafts)
    against.swap()
    before = own_side(against)
    assert walk(desk, [], 250) == []
    assert own_side(against) == before


def test_what_the_other_side_states_of_this_one_is_in_no_list_of_what_this_side_says(
    against: Pair, desk: Client
) -> None:
    """Offices, holders, needs and offers of a side are its own to state: another's word for them is not read here."""
    said = {
        "office": {"ref": "IND/ex-false", "side": "IND", "title": "Quetzal office"},
        "appointment": {"ref": "ex-false", "office": "IND/ex-sec", "holder": "Quetzal holder", "capacity": "acting",
                        "start": "2020-01-01", "end_state": "holding"},
        "need": {"ref": "ex-false", "type": "need", "side": "IND", "title": "Quetzal need", "user": "Navy",
                 "capability": "Quetzal.", "domain": "naval"},
    }  # fmt: skip
    records = [send(against, kind, content) for kind, content in said.items()]
    against.swap()
    for page in ("/", "/offices/", "/appointments/", "/needs/", "/sides/", "/people/", "/search/?q=Quetzal"):
        assert "Quetzal" not in desk.get(page).content.decode().replace("q=Quetzal", "").replace('"Quetzal"', ""), page
    for record in records:
        shown = desk.get(f"/{KINDS[record.split('/')[0]].face.address}/{record.rpartition('/')[2]}/").content.decode()
        assert "cannot be read here" in shown
        assert "(rule own-side)" in shown


JUNK = (None, 5, True, "x", "", [], [5], [[]], [{}], [{"act": 5}], {}, {"a": []}, {"keys": 5}, "0" * 64, 2**53 - 1)


def test_an_act_whose_fields_have_no_form_takes_no_page_away(against: Pair, desk: Client) -> None:
    """Its own page shows them as they are; neither the record that it names nor the list of entries stumbles."""
    names = sorted({name for row in table_2.TABLE.values() for name in row.terms.__struct_fields__})
    by = Hostile(against.usa)
    leaves = []
    for number, verb in enumerate([*table_2.TABLE, "no_such_verb"]):
        row = table_2.TABLE.get(verb)
        own = [*(row.terms.__struct_fields__ if row else ()), *names[number % 3 :: 3]]
        for turn in range(2):
            terms = {name: JUNK[(place * 5 + turn * 3 + number) % len(JUNK)] for place, name in enumerate(own)}
            said = {name: value for name, value in terms.items() if value is not None}
            leaves.append(by.write(verb, said, record=against.record).id)
    against.swap()
    code = against.record.rpartition("/")[2]
    mine = against.ind.node.store.of_record(against.record)[0].id
    pages = [f"/projects/{code}", f"/work/{code}", "/record/entries", *map(entry, [mine, *leaves])]
    asked = [*(f"{page}/" for page in pages), *(f"{page}.json" for page in pages[:8])]
    assert {page: answer.status_code for page in asked if (answer := desk.get(page)).status_code != 200} == {}
    assert "cannot be read here" in desk.get(f"{entry(leaves[0])}/").content.decode()


def test_what_was_done_on_a_record_is_shown_in_a_bounded_page_however_much_it_is(against: Pair, desk: Client) -> None:
    said = text.Text(remarks="word " * 400)
    draft = capitals.Draft("comment", against.record, table.Plain(), against.usa.office, (said,))
    against.usa.node.write_all([draft] * 260)
    against.swap()
    code = against.record.rpartition("/")[2]
    shown = desk.get(f"/projects/{code}/").content.decode()
    assert len(shown) < 300_000
    assert 'href="?history=2#history"' in shown


def test_the_other_side_s_word_on_who_sits_in_our_office_enters_no_act_of_ours(against: Pair, desk: Client) -> None:
    theirs = Hostile(against.usa)
    for side, terms in (("PUB", {"basis": "published"}), ("IND", {"basis": "elsewhere"}), ("USA", {"base": 0})):
        said = {
            "ref": f"{side.lower()}-appointment",
            "office": "IND/ex-sec",
            "holder": "Desk officer (exercise)",
            "capacity": "additional-charge",
            "end_state": "holding",
            "cite": {"confidence": "unverified"},
        }
        record = new_record("appointment", side)
        theirs.write(
            "state",
            terms,
            record=record,
            office=against.usa.office,
            texts=[Body(secrets.token_bytes(32), canonical.encode({"content": said}))],
        )
    against.swap()
    ours = reporting.records(against.ind.node, Viewer("IND", national=True)).of("appointment")
    assert [one.ref for one in ours if one.ref.endswith("-appointment")] == []
