"""What the other capital sends is held to its kind and rules here, and set apart where it fails: a view, no verdict."""

import dataclasses

import msgspec
import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.node.acting import compose
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.projection import Projection
from dtti.node.core.visibility import Viewer
from dtti.node.line import published
from dtti.node.record import lookups, read, rebuild, reporting
from dtti.node.record.read import Ambiguous
from dtti.programme.published import record_id
from dtti.programme.reports import Collection
from tests.node.capitals import FAR, Capital, Pair, project
from tests.simulator.node import hostile, put, put_bytes

IND = Viewer("IND", national=True, person="someone")
PUBLIC = Viewer("IND", public=True)

EVENT = {"name": "A law", "scope": "external", "category": "law", "date": "2020-05"}
BROKEN = {
    "a form": ("project", {"ref": "ex-bad", "name": "No", "unknown": 1}, "content-form"),
    "a bound": ("body", {"ref": "ex-bad", "name": "No", "type": "group", "cadence": {"text": "x", "days": 10**12}},
                "content-form"),
    "a length": ("project", project("ex-bad") | {"aliases": ["again"] * 20_000}, "content-size"),
    "a link": ("project", project("ex-bad") | {"body": "no-such-body"}, "link"),
    "a rule": (
        "project",
        project("ex-bad")
        | {"stages": [{"stage": "signed", "entered": "2020"}, {"stage": "proposed", "entered": "2021"}]},
        "project-stages",
    ),
    "no content": ("project", None, "content"),
}  # fmt: skip


@pytest.fixture
def against(pair: Pair) -> Pair:
    """The pair, Washington in hostile hands."""
    return Pair(pair.ind, hostile(pair.usa), pair.record)


def row(capital: Capital, record: str) -> read.Listed:
    found = read.state(capital.node, IND, record)
    assert found is not None
    return found[0]


def same_when_rebuilt(capital: Capital) -> None:
    assert rebuild.compare(capital.node) == []


@pytest.mark.parametrize("what", BROKEN)
def test_an_offer_that_fails_is_theirs_and_cannot_be_read_and_can_still_be_sent_back(against: Pair, what: str) -> None:
    kind, content, rule = BROKEN[what]
    counted = lookups.counts(against.ind.node, IND)
    record, offer = put(against.usa, kind, content)
    against.swap()
    listed = row(against.ind, record)
    assert (listed.text_state, listed.grade, listed.stated_by, listed.title) == ("unreadable", "offer", "USA", "")
    assert [one.rule for one in listed.stands_against] == [rule]
    assert lookups.counts(against.ind.node, IND) == counted
    assert record not in [one.record for one in read.listing(against.ind.node, IND, kind).rows]
    assert record in [one.record for one in read.unreadable(against.ind.node, IND, kind)]
    assert record in [one.record for one in read.waiting(against.ind.node, IND, "IND")]
    assert read.listing(against.ind.node, IND, words="bad").rows == []
    assert lookups.named(against.ind.node, IND, [f"{kind}:ex-bad"]) == {}
    with pytest.raises(Refused) as refused:
        against.ind.write("accept", record, table.Answer(offer.act))
    assert rule in [one.rule for one in refused.value.refusals]
    against.ind.write("send_back", record, table.SendBack(offer.act), text.Text(remarks="This cannot be read."))
    same_when_rebuilt(against.ind)


def test_bytes_that_are_no_text_of_any_version_are_kept_and_set_apart(against: Pair) -> None:
    sent = [put_bytes(against.usa, kind, data)[0] for kind, data in (
        ("project", b"\xff\x00"), ("event", b"[]"), ("event", b"{}"), ("event", b'{"content":1}'),
        ("need", b" " * 2**21),
    )]  # fmt: skip
    against.swap()
    assert {row(against.ind, record).text_state for record in sent} == {"unreadable"}
    same_when_rebuilt(against.ind)


def test_a_report_that_cannot_be_read_never_stands_in_the_place_of_one_that_can(against: Pair) -> None:
    record, _ = put(against.ind, "project", project("ex-paper"), basis="own")
    against.swap()
    put(against.usa, "project", {"ref": "ex-paper", "name": 1}, record=record, basis="own")
    against.swap()
    listed = row(against.ind, record)
    assert (listed.text_state, listed.stated_by, listed.ref) == ("held", "IND", "ex-paper")
    same_when_rebuilt(against.ind)


def test_a_text_agreed_earlier_that_fails_later_is_agreed_and_cannot_be_read(against: Pair) -> None:
    """The offer is theirs, the acceptance this side's, from a version that checked less."""
    record, offer = put(against.usa, "project", project("ex-old") | {"body": "no-such-body"})
    against.swap()
    earlier = hostile(against.ind)
    earlier.write("accept", record, table.Answer(offer.act))
    against = Pair(earlier.again(), against.usa, against.record)
    against.swap()
    listed = row(against.ind, record)
    assert (listed.text_state, listed.grade, listed.number) == ("unreadable", "agreed_here", 1)
    assert against.ind.node.book.view(record).version == 1
    same_when_rebuilt(against.ind)


def test_what_named_a_record_too_early_is_read_once_that_is_here(against: Pair) -> None:
    early, _ = put(against.usa, "project", project("ex-early") | {"body": "ex-late"})
    against.swap()
    assert row(against.ind, early).text_state == "unreadable"
    put(against.usa, "body", {"ref": "ex-late", "name": "Late", "type": "group"})
    against.swap()
    assert row(against.ind, early).text_state == "held"
    same_when_rebuilt(against.ind)


def test_a_later_text_that_loses_the_first_due_date_is_set_apart(against: Pair) -> None:
    content = {"ref": "ex-due", "text": "A report.", "force": "firm", "made": "2025-01", "due": "2026-01-01"}
    record, _ = put(against.usa, "commitment", content, basis="own")
    put(against.usa, "commitment", content | {"due": "2027-01-01"}, record=record, basis="own")
    against.swap()
    listed = row(against.ind, record)
    assert (listed.text_state, listed.latest) == ("held", "2026-01-01")


def test_another_version_of_the_checks_judges_again(against: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    record, _ = put(against.usa, *BROKEN["a bound"][:2])
    against.swap()
    address = against.ind.node.projection.address
    against.ind.node.projection.engine.run("UPDATE version SET version = '4 of-other-checks'")
    against.ind.node.projection.engine.run("UPDATE state SET text_state = 'held' WHERE record = ?", (record,))
    against.ind.node.projection.close()
    fresh = Projection(address)
    fresh.catch_up(against.ind.node.book)
    assert fresh.engine.run("SELECT DISTINCT text_state FROM state WHERE record = ?", (record,)) == [("unreadable",)]
    fresh.close()


# --- addresses -------------------------------------------------------------------------------------------------------


def test_a_reference_that_equals_a_code_takes_over_no_address(against: Pair) -> None:
    code = against.record.rpartition("/")[2]
    theirs, _ = put(against.usa, "project", project(code))
    against.swap()
    assert read.find(against.ind.node, IND, code, "project") == against.record
    assert read.find(against.ind.node, IND, code) == against.record
    assert read.find(against.ind.node, IND, theirs) == theirs


def test_a_code_that_is_in_use_takes_over_no_address_either(against: Pair) -> None:
    code = against.record.rpartition("/")[2]
    same = [put(against.usa, kind, content, record=f"{kind}/USA/{code}")[0] for kind, content in (
        ("project", project("ex-twin")),
        ("event", {"ref": "ex-twin", "name": "Twin", "scope": "dtti", "category": "law", "date": "2020"}),
    )]  # fmt: skip
    against.swap()
    assert read.find(against.ind.node, IND, code) == against.record
    assert row(against.ind, against.record).code == code
    for record in same:
        assert row(against.ind, record).code == record.replace("/", "-").lower()
        assert read.find(against.ind.node, IND, row(against.ind, record).code) == record
    same_when_rebuilt(against.ind)


def test_a_reference_that_is_used_again_is_never_guessed(against: Pair) -> None:
    assert read.find(against.ind.node, IND, "ex-net") == against.record
    theirs, _ = put(against.usa, "project", project("ex-net"))
    against.swap()
    with pytest.raises(Ambiguous) as several:
        read.find(against.ind.node, IND, "ex-net", "project")
    assert {one.record for one in several.value.rows} == {against.record, theirs}
    for name in ("ex-net", "project:ex-net"):
        with pytest.raises(Ambiguous):
            compose.record_of(against.ind.node, name)
    assert compose.record_of(against.ind.node, theirs.rpartition("/")[2]) == theirs
    assert lookups.named(against.ind.node, IND, ["project:ex-net"])["project:ex-net"].record == against.record


# --- the public record -----------------------------------------------------------------------------------------------


def test_the_public_record_changes_only_by_both_or_by_this_sides_own_act(against: Pair) -> None:
    content = {"ref": "aluav", "name": "ALUAV", "in_dtti": True, "cite": {"confidence": "unverified"}}
    record = record_id("project", "aluav")
    for node in (against.ind.node, against.usa.node):
        published.put(node, [("project", record, content)])
    against.swap()
    assert (row(against.ind, record).stated_by, row(against.ind, record).beside) == ("IND", 0)
    for basis, name in (("published", "Renamed"), ("own", "Renamed again")):
        put(against.usa, "project", content | {"name": name}, record=record, basis=basis)
        against.swap()
        listed = row(against.ind, record)
        assert (listed.title, listed.label, listed.stated_by, listed.beside) == ("ALUAV", "public", "IND", 1)
        found = read.state(against.ind.node, PUBLIC, record)
        assert found is not None
        assert found[1]["name"] == "ALUAV"
        same_when_rebuilt(against.ind)
    against.ind.write(
        "state", record, table.State(basis="published"), text.Text(content=content | {"name": "Renamed again"})
    )
    listed = row(against.ind, record)
    assert (listed.title, listed.label, listed.beside) == ("Renamed again", "public", 0)
    same_when_rebuilt(against.ind)


def test_what_only_the_other_side_published_is_on_no_public_page(against: Pair) -> None:
    content = {"ref": "IND/post", "side": "IND", "title": "Invented post", "cite": {"confidence": "unverified"}}
    record, _ = put(against.usa, "office", content, record=record_id("office", "IND/post"), basis="published")
    against.swap()
    assert read.state(against.ind.node, PUBLIC, record) is None
    assert (row(against.ind, record).label, row(against.ind, record).stated_by) == ("released", "USA")


def test_a_report_that_fails_on_their_word_is_made_without_it_and_says_so(against: Pair) -> None:
    """The content is one that no kind reads: what a fault of a kind would let through to the reports."""
    put(against.ind, "event", {**EVENT, "ref": "ex-ours"})
    theirs, _ = put(against.usa, "event", {**EVENT, "ref": "ex-theirs"})
    against.swap()
    sound = list(reporting.records(against.ind.node, IND).of("event"))
    spoilt = [
        dataclasses.replace(one, content=msgspec.structs.replace(one.content, date="x"))
        if one.record == theirs
        else one
        for one in sound
    ]
    for records, told in ((sound, (True, True, False)), (spoilt, (True, False, True))):
        made = reporting.report(against.ind.node, IND, "events", of="all", held=Collection(records))
        assert ("ex-ours" in str(made), "ex-theirs" in str(made), bool(made.left_out)) == told


def test_what_the_other_side_says_of_our_offices_is_in_no_report(against: Pair) -> None:
    held = {"ref": "ex-1", "office": "IND/ex-sec", "holder": "Somebody Else", "capacity": "substantive",
            "start": "2020-01-01", "end_state": "holding"}  # fmt: skip
    record = new_record("appointment", "USA")
    against.usa.write("state", record, table.State(base=0), text.Text(content=held))
    against.swap()
    assert row(against.ind, record).text_state == "unreadable"
    assert "Somebody Else" not in str(reporting.report(against.ind.node, IND, "co-chairs", of="all"))
    assert reporting.records(against.ind.node, IND).of("appointment") == []


def test_an_offer_that_cannot_be_read_can_lapse_and_be_closed(against: Pair) -> None:
    record, _ = put(against.usa, *BROKEN["a form"][:2])
    against.swap()
    view = against.ind.node.book.view(record)
    assert view.offer is not None
    assert view.offer.until == FAR
    against.usa.write("withdraw", record, table.Answer(view.offer.id))
    against.swap()
    assert against.ind.node.book.view(record).offer is None
    same_when_rebuilt(against.ind)
