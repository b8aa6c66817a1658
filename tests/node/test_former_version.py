"""What the previous version wrote, and kept, this one verifies, replays to the same state, opens, and goes on from."""

import json
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dtti.accord import proof, table
from dtti.accord.refusal import Refused
from dtti.accord.replay import replay
from dtti.accord.rule_sets import RULE_SETS
from dtti.ledger import export
from dtti.ledger.act import open_leaf
from dtti.ledger.pack import check_pack
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Leaves, Store
from dtti.node.checking import verify
from dtti.node.core import text
from dtti.node.core.context import context
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.folder import timekeeping
from dtti.node.line import exchange, founding
from dtti.node.line.attend import attend
from tests.making import SAFELY

MADE = Path(__file__).parent.parent / "fixtures" / "dtti_1" / "made.tar.xz"
PASSPHRASE = "passphrase of the fixture"
SOURCE = f"source/IND/{'a' * 16}"
NEW_VERBS: set[str] = set()  # verbs of the table that came later
SIDES = {"IND": "USA", "USA": "IND"}
GRADES = {
    "agreed": "agreed_here",
    "counter": "agreed_here",
    "by_new_keys": "agreed_here",
    "on_paper": "on_paper",
    "recorded": "recorded",
    "published": "published",
    "own": "stated",
}


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files, for tests that only read them."""
    folder = tmp_path_factory.mktemp("former")
    with tarfile.open(MADE) as archive:
        archive.extractall(folder, **SAFELY)
    return folder


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files, for a test that works on them."""
    monkeypatch.setenv("DTTI_PASSPHRASE", PASSPHRASE)
    with tarfile.open(MADE) as archive:
        archive.extractall(tmp_path, **SAFELY)
    for side in SIDES:  # nothing was written there for long, and a person has looked at the clock since
        clock = timekeeping.MachineClock()
        timekeeping.confirm(tmp_path / "node" / side.lower(), clock, clock()[:10])
    return tmp_path


def records(folder: Path) -> dict[str, str]:
    return json.loads((folder / "records.json").read_text())


def ledgers(folder: Path, side: str) -> dict[tuple[str, str], Sequence[bytes]]:
    """The leaves that one of the nodes holds, without opening anything but its store."""
    store = Store(folder / "node" / side.lower() / "ledger.sqlite3")
    named = {(side, RELEASED): RELEASED, (side, NATIONAL): NATIONAL, (SIDES[side], RELEASED): MIRROR}
    held = {name: list(Leaves(store, ledger, store.size(ledger))) for name, ledger in named.items()}
    store.close()
    return {name: leaves for name, leaves in held.items() if leaves}


def differences(was: Any, now: Any, where: str = "") -> list[str]:
    """Where what is computed now is not what was; a member that was not there then must say nothing now."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        gone = [f"{where}.{name}: gone" for name in was.keys() - now.keys()]
        new = [f"{where}.{name}: {now[name]}" for name in now.keys() - was.keys() if now[name]]
        both = [differences(was[name], now[name], f"{where}.{name}") for name in was.keys() & now.keys()]
        return gone + new + [each for found in both for each in found]
    if isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        found = [
            differences(one, other, f"{where}[{at}]") for at, (one, other) in enumerate(zip(was, now, strict=True))
        ]
        return [each for several in found for each in several]
    return [] if was == now else [f"{where}: {was} became {now}"]


@pytest.mark.parametrize("side", SIDES)
def test_replay_leads_to_the_state_it_led_to(former: Path, side: str):
    was = json.loads((former / "state.json").read_text(encoding="utf-8"))[side]
    state = replay(ledgers(former, side), RULE_SETS)
    judged = {
        f"{name} {ledger}": [
            [one.index, one.id, one.verb, one.record, one.void.rule if one.void else ""] for one in judged
        ]
        for (name, ledger), judged in state.judged.items()
    }
    assert judged == was["judged"]
    folded = {record: msgspec.to_builtins(found) for record, found in state.records.items()}
    assert differences(was["records"], json.loads(json.dumps(folded))) == []
    standing = {
        f"{name} {ledger}": msgspec.to_builtins(authority.standing(), builtin_types=())
        for (name, ledger), authority in state.authorities.items()
        if authority.standing()
    }
    for one in standing.values():
        one["ended"] = sorted(one["ended"])
        del one["constitution"]  # computed since, from the founding that stands beside it
    assert differences(was["standing"], json.loads(json.dumps(standing))) == []


def test_the_fixture_is_as_varied_as_it_says(former: Path):
    was = json.loads((former / "state.json").read_text(encoding="utf-8"))["IND"]
    rows = [row for judged in was["judged"].values() for row in judged]
    assert {row[2] for row in rows} >= set(table.TABLE) - NEW_VERBS
    assert len([row for row in rows if row[4]]) == 10
    outcomes = {offer["outcome"] for one in was["records"].values() for offer in one["whole"]["offers"]}
    assert outcomes == {"agreed", "returned", "lapsed", "withdrawn", None}
    assert any(one["whole"]["overtaken"] for one in was["records"].values())
    assert any(offer["flagged"] for one in was["records"].values() for offer in one["whole"]["offers"])


@pytest.mark.parametrize("side", SIDES)
def test_exports_and_packs_are_good(former: Path, side: str):
    report = export.check(former / "export" / side.lower())
    void = {
        row[0] for row in json.loads((former / "state.json").read_text())[side]["judged"][f"{side} released"] if row[4]
    }
    said = {(fault.where, fault.rule) for fault in report.faults}
    garbled = {(f"{side.lower()} entry {index}", "envelope-fields") for index in void if side == "USA"}
    assert said <= garbled
    assert len(said) == (side == "USA")
    packed = check_pack((former / f"{side}.pack").read_bytes(), receiver=SIDES[side])
    assert (packed.size, packed.root, len(packed.faults)) == (report.size, report.root, len(said))


@pytest.mark.parametrize("name", GRADES)
def test_proofs_are_good_and_say_what_they_said(former: Path, name: str):
    known = records(former)
    verdict = proof.check((former / f"{name}.proof").read_bytes(), expected=known["constitution"])
    assert verdict.good, verdict.faults
    assert verdict.claim is not None
    assert (verdict.claim.record, verdict.claim.grade) == (known[name], GRADES[name])


@pytest.mark.parametrize("side", SIDES)
def test_a_former_node_opens_and_all_of_it_is_good(own: Path, side: str):
    folder = own / "node" / side.lower()
    node = Node(folder)
    node.settle()
    assert founding.fingerprint(node) == records(own)["constitution"]
    node.close()
    reports = verify.verify(folder)
    assert [fault for one in reports for fault in one.faults] == []


def test_former_nodes_write_and_exchange_on(own: Path):
    ind, usa = Node(own / "node" / "ind"), Node(own / "node" / "usa")
    record = records(own)["open"]
    offer = ind.book.view(record).offer
    assert offer is not None
    office = next(grant.office for grant in usa.standing.grants.values() if grant.grant == 1)
    exchange.take_pack(usa, exchange.make_pack(ind))
    usa.write(Draft("accept", record, table.Answer(offer.id), office, (text.Text(remarks="Agreed later."),)))
    exchange.take_pack(ind, exchange.make_pack(usa))
    assert ind.book.view(record).version == 1
    exchange.take_pack(usa, exchange.make_pack(ind))
    assert usa.book.view(record).version == 1
    for node in (ind, usa):
        folder = node.folder.path
        node.close()
        assert [fault for one in verify.verify(folder) for fault in one.faults] == []


@pytest.mark.parametrize("side", SIDES)
def test_a_former_sealed_pack_is_opened(own: Path, side: str):
    node = Node(own / "node" / SIDES[side].lower())
    node.keys  # noqa: B018 - opens the rings
    taken = exchange.take_pack(node, (own / f"{side}.sealed.pack").read_bytes())
    assert taken.size == node.store.size(MIRROR)
    node.close()


def test_two_nodes_of_the_previous_version_bring_the_second_set_into_force(own: Path):
    """Each by its own root keys; what it already held stands as it was judged, and the fingerprint stays."""
    nodes = {side: Node(own / "node" / side.lower()) for side in SIDES}
    was = {
        side: (founding.fingerprint(node), replay(ledgers(own, side), RULE_SETS).void()) for side, node in nodes.items()
    }
    assert {founding.sets_of(node)[-1] for node in nodes.values()} == {"dtti_1"}
    assert {context(node, SOURCE).rules for node in nodes.values()} == {"dtti_1"}  # a citation names no place yet
    for node in nodes.values():
        founding.activate(node, "dtti_2")
        with pytest.raises(Refused, match="rule activate"):
            founding.activate(node, "dtti_2")
    india, america = nodes["IND"], nodes["USA"]
    assert [one.released for one in founding.standing_sets(india)] == [True, False]
    for _ in range(2):
        exchange.take_pack(america, exchange.make_pack(india))
        exchange.take_pack(india, exchange.make_pack(america))
    for side, node in nodes.items():
        (first, second) = founding.standing_sets(node)
        assert (first.released, second.released, second.activated) == (True, True, [side, SIDES[side]])
        remark = Draft("anchor", terms=table.Anchor("0" * 64))
        assert node.rules_for(remark).name == "dtti_2"
        assert context(node, SOURCE).rules == "dtti_2"
        assert context(node, SOURCE, side=SIDES[side]).rules == ""  # what the other side wrote is read as it is
        assert founding.fingerprint(node) == was[side][0]
        assert [one.id for one in replay(ledgers(own, side), RULE_SETS).void()] == [one.id for one in was[side][1]]
        node.close()
        assert [fault for one in verify.verify(own / "node" / side.lower()) for fault in one.faults] == []


def test_a_counter_text_to_an_offer_of_the_former_set_is_judged_by_that_set_and_says_no_move(own: Path):
    """The offer was open when the second set came into force: what answers it has no gate, and can be agreed to."""
    ind, usa = Node(own / "node" / "ind"), Node(own / "node" / "usa")
    record = records(own)["open"]
    for node in (ind, usa):
        founding.activate(node, "dtti_2")
    for _ in range(2):
        exchange.take_pack(usa, exchange.make_pack(ind))
        exchange.take_pack(ind, exchange.make_pack(usa))
    offer = ind.book.view(record).offer
    assert offer is not None
    offices = {
        node.side: next(one.office for one in node.standing.grants.values() if one.grant == 1) for node in (ind, usa)
    }
    content = {
        "ref": "former-net",
        "name": "Net",
        "in_dtti": True,
        "sop": "sop-1",
        "nomination_source": "working-group",
        "stages": [{"stage": "proposed", "entered": "2026-03-01"}],
    }
    back = table.SendBack(offer.id, "USA", "2099-01-01T00:00:00Z")
    texts = (text.Text(remarks="So."), text.Text(content=content))
    sent = usa.write(Draft("send_back", record, back, offices["USA"], texts))
    placed = usa.store.find(sent.act)
    assert placed is not None
    act = open_leaf(placed.leaf).act
    assert (act.rules, "gate" in act.terms) == ("dtti_1", False)
    exchange.take_pack(ind, exchange.make_pack(usa))
    attend(ind)
    exchange.take_pack(usa, exchange.make_pack(ind))
    ind.write(Draft("accept", record, table.Answer(sent.act), offices["IND"]))
    for node in (ind, usa):
        node.close()
