"""A hostile capital at the other end of the line, with valid keys: it is cut off, and takes nothing with it."""

import gzip
import itertools
import json
import resource
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger import tiles
from dtti.ledger.store import LEDGERS, MIRROR, RELEASED
from dtti.node.checking import verify
from dtti.node.core import mark as marks
from dtti.node.core.node import Node
from dtti.node.folder import config, tally
from dtti.node.line import exchange, recover, stage, wire
from dtti.node.line.client import Line
from tests.cli.hostile_door import hostile_door, plain
from tests.node import capitals
from tests.node.capitals import Pair
from tests.node.hostile import Hostile

HEADER = b"X-A: " + b"a" * 60_000 + b"\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


FORMER = {path: plain(b"", "404 Not Found") for path in ("/v1/chunk", "/v1/mirror/chunk")}  # a door of before


def sound(*folders: Path) -> None:
    for folder in folders:
        assert [str(fault) for report in verify.verify(folder) for fault in report.faults] == []


def set_to(folder: Path, **values: int) -> None:
    config.write(folder, msgspec.structs.replace(config.read(folder), **values))


def state(node: Node) -> dict[str, object]:
    found: dict[str, object] = {ledger: (node.store.size(ledger), node.store.root(ledger).hex()) for ledger in LEDGERS}
    found["texts"] = node.store.engine.run("SELECT count(*) FROM body")[0][0]
    found["notes"] = node.store.engine.run("SELECT count(*) FROM note")[0][0]
    found["halted"] = exchange.halted(node)
    return found


def names(folder: Path) -> set[str]:
    """What stands in a node's folder, beside what SQLite puts there while it is open and what a pull has staged."""
    return {path.name for path in folder.iterdir() if not path.name.endswith(("-shm", "-wal", stage.FILE))}


def pulled(folder: Path, address: str) -> str:
    """The rule by which a pull is refused; it changes nothing, and leaves nothing in the folder."""
    node = Node(folder)
    before, files = state(node), names(folder)
    line = Line(node, address)
    try:
        with pytest.raises(Refused) as caught:
            line.pull()
    finally:
        line.close()
    assert state(node) == before
    assert names(folder) == files
    assert (stage.staged(folder) or {"bytes": 0})["bytes"] < 1024 * 1024
    node.close()
    assert all(len(one.reason) < 500 and one.remedy for one in caught.value.refusals)
    return caught.value.refusals[0].rule


def endless(data: bytes) -> Iterator[bytes]:
    while True:
        yield data


def slowly(data: Iterable[bytes], pause: float = 0.05) -> Iterator[bytes]:
    for part in data:
        time.sleep(pause)
        yield part


def each_byte(data: bytes) -> Iterator[bytes]:
    return (data[at : at + 1] for at in range(len(data)))


FLOODS = {
    "a stream without end": lambda: itertools.chain([b"HTTP/1.1 200 OK\r\n\r\n"], endless(b"x" * 65_536)),
    "a length that lies": lambda: itertools.chain(
        [b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n"], endless(b"x" * 65_536)
    ),
    "tiny chunks without end": lambda: itertools.chain([CHUNKED], endless(b"1\r\nx\r\n" * 1000)),
    "one chunk of a terabyte": lambda: itertools.chain([CHUNKED, b"ffffffffff\r\n"], endless(b"x" * 65_536)),
    "interim answers without end": lambda: endless(b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "headers without end": lambda: itertools.chain(
        [b"HTTP/1.1 200 OK\r\n"], endless(b"X-A: " + b"a" * 60_000 + b"\r\n")
    ),
    "one header line without end": lambda: itertools.chain([b"HTTP/1.1 200 OK\r\nX: "], endless(b"a" * 65_536)),
}
OTHERS = {
    "a redirect": lambda: plain(b"", "302 Found", "Location: /v1/checkpoint"),
    "an empty answer": list,
    "no HTTP": lambda: [b"\0\1\2" * 500],
    "half an answer": lambda: [b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"],
    "another status": lambda: plain(b"no", "500 Oops"),
}


@pytest.mark.long
@pytest.mark.parametrize("path", ["/v1/checkpoint", "/v1/mirror/checkpoint", "/v1/chunk", "/v1/entries", "/v1/bodies"])
@pytest.mark.parametrize("flood", FLOODS)
def test_what_does_not_end_is_cut_off(pair: Pair, path: str, flood: str) -> None:
    pair.usa.comment(pair.record, "to be pulled")
    pair.close()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with hostile_door(pair.usa.folder, FORMER | {path: FLOODS[flood]()}) as door:
        assert pulled(pair.ind.folder, door.address) in ("line-size", "line")
        assert door.sent < 100 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024


@pytest.mark.parametrize("what", OTHERS)
def test_what_is_no_answer_is_refused(pair: Pair, what: str) -> None:
    pair.close()
    with hostile_door(pair.usa.folder, {"/v1/checkpoint": OTHERS[what]()}) as door:
        assert pulled(pair.ind.folder, door.address) == "line"
        assert door.asked == ["/v1/mirror/checkpoint", "/v1/checkpoint"]


def test_nothing_is_unpacked(pair: Pair) -> None:
    pair.close()
    bomb = plain(gzip.compress(bytes(4 * 1024 * 1024)), "200 OK", "Content-Encoding: gzip")
    with hostile_door(pair.usa.folder, {"/v1/checkpoint": bomb}) as door:
        assert pulled(pair.ind.folder, door.address) == "checkpoint"


@pytest.mark.long
@pytest.mark.parametrize("path", ["/v1/checkpoint", "/v1/chunk", "/v1/entries", "/v1/bodies"])
def test_an_answer_that_trickles_is_cut_off(pair: Pair, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LEAST", 1.0)
    monkeypatch.setattr(wire, "SLOWEST", 1e9)
    pair.usa.comment(pair.record, "to be pulled")
    pair.close()
    drip = slowly(each_byte(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000))
    with hostile_door(pair.usa.folder, FORMER | {path: drip}) as door:
        began = time.monotonic()
        assert pulled(pair.ind.folder, door.address) == "line-slow"
        assert time.monotonic() - began < 10


def test_a_size_that_nobody_signed_makes_nothing_be_asked_for(pair: Pair) -> None:
    usa = Hostile(pair.usa)
    strangers = [Ed25519PrivateKey.generate()]
    note = usa.note(9_999_999_999_999_999, bytes(32), strangers)
    pair.close()
    with hostile_door(pair.usa.folder, {"/v1/checkpoint": plain(note.encode())}) as door:
        assert pulled(pair.ind.folder, door.address) == "checkpoint"
        assert door.asked == ["/v1/mirror/checkpoint", "/v1/checkpoint"]


@pytest.mark.long
@pytest.mark.parametrize("leaf", [b"", b"x", b"y" * 65_535], ids=["empty", "short", "long"])
def test_a_signed_size_that_nothing_stands_behind_costs_one_step(pair: Pair, leaf: bytes) -> None:
    """Valid keys sign any number; what is taken in leads to it step by step, or not at all."""
    note = Hostile(pair.usa).note(999_999_999_999, bytes(32))
    pair.close()
    page = plain(tiles.bundle([leaf] * (1024 if len(leaf) < 100 else 60)))
    with hostile_door(
        pair.usa.folder,
        FORMER
        | {"/v1/checkpoint": plain(note.encode()), "/v1/entries": page, "/v1/consistency": plain(b"p" * 32 * 60)},
    ) as door:
        assert pulled(pair.ind.folder, door.address) == "root"
        assert door.sent < 300 * 1024 * 1024


def test_more_entries_than_asked_for_are_refused(pair: Pair) -> None:
    pair.usa.comment(pair.record, "to be pulled")
    pair.close()
    with hostile_door(pair.usa.folder, FORMER | {"/v1/entries": plain(tiles.bundle([b"x"] * 5000))}) as door:
        assert pulled(pair.ind.folder, door.address) == "line-size"


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (plain(b"s" * 32 + b"another text"), "body"),
        (plain(b"s" * 100_000), "line-size"),
        (plain(b"", "404 None"), "body-missing"),
    ],
    ids=["another", "larger", "none"],
)
def test_a_text_is_held_to_its_commitment_as_it_comes(pair: Pair, answer: list[bytes], rule: str) -> None:
    pair.usa.comment(pair.record, "to be pulled")
    pair.close()
    with hostile_door(pair.usa.folder, FORMER | {"/v1/bodies": answer}) as door:
        assert pulled(pair.ind.folder, door.address) == rule


# --- bounds of what is taken in --------------------------------------------------------------------------------------


def test_a_pull_takes_in_what_it_may_and_the_next_goes_on(run, pair: Pair) -> None:
    for number in range(12):
        pair.usa.comment(pair.record, f"number {number}")
    size = pair.usa.node.store.size(RELEASED)
    held = pair.ind.node.store.size(MIRROR)
    pair.close()
    set_to(pair.ind.folder, pull_entries=5)
    sizes = []
    with hostile_door(pair.usa.folder, {}) as door:
        for _ in range(4):
            said = run("exchange", "pull", "--peer", door.address, "--node", pair.ind.folder, "--json")
            assert said.code == 0, said.out
            sizes.append(said.json["size"])
            sound(pair.ind.folder)
    assert sizes == [held + 5, held + 10, size, size]


def test_a_text_that_weighs_more_than_a_pull_may_is_still_taken_but_alone(pair: Pair, run) -> None:
    for number in range(3):
        pair.usa.comment(pair.record, f"{number}" * 700_000)
    held = pair.ind.node.store.size(MIRROR)
    pair.close()
    set_to(pair.ind.folder, pull_mib=1)
    with hostile_door(pair.usa.folder, {}) as door:
        for number in range(1, 4):
            said = run("exchange", "pull", "--peer", door.address, "--node", pair.ind.folder, "--json")
            assert said.json["size"] == held + number, said.out
    sound(pair.ind.folder)


@pytest.mark.long
def test_what_was_taken_in_before_a_cut_stays(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    from dtti.node.line import client as lines

    monkeypatch.setattr(lines, "STEP", 4)
    made = [pair.usa.comment(pair.record, f"number {number}") for number in range(12)]
    last = acts.open_leaf(pair.usa.node.store.leaf(RELEASED, made[9].index)).act.body[0].digest
    held = pair.ind.node.store.size(MIRROR)
    pair.close()
    node = Node(pair.ind.folder)
    with hostile_door(pair.usa.folder, FORMER | {f"/v1/bodies/{last}": endless(b"x" * 1000)}) as door:
        line = Line(node, door.address)
        with pytest.raises(Refused):
            line.pull()
        line.close()
    assert node.store.size(MIRROR) == held + 8
    assert node.store.voids(MIRROR) == {}
    with hostile_door(pair.usa.folder, {}) as door:
        line = Line(node, door.address)
        assert line.pull().size == held + 12
        line.close()
    node.close()
    sound(pair.ind.folder)


def test_a_day_takes_in_no_more_than_this_side_set(run, pair: Pair) -> None:
    for number in range(12):
        pair.usa.comment(pair.record, f"number {number}")
    pair.close()
    set_to(pair.ind.folder, pull_entries=5, day_entries=8)
    with hostile_door(pair.usa.folder, {}) as door:
        words = ("exchange", "pull", "--peer", door.address, "--node", pair.ind.folder, "--json")
        assert [run(*words).code for _ in range(2)] == [0, 0]
        said = run(*words)
        assert (said.code, said.json["refused"][0]["rule"]) == (1, "line-day")
        assert run("status", "--node", pair.ind.folder, "--json").json["exchange"]["today"]["entries"] == 8
    assert tally.read(pair.ind.folder).entries == 8
    (pair.ind.folder / tally.FILE).write_text("no tally")
    assert tally.read(pair.ind.folder).entries == 0


def test_a_pack_brings_no_more_entries_and_bytes_than_this_side_set(run, pair: Pair, tmp_path: Path) -> None:
    for number in range(6):
        pair.usa.comment(pair.record, f"{number}" * 200_000)
    (tmp_path / "pack").write_bytes(exchange.make_pack(pair.usa.node))
    pair.close()
    settings = config.read(pair.ind.folder)
    words = ("exchange", "unpack", tmp_path / "pack", "--node", pair.ind.folder, "--json")
    for bound, rule in (({"pack_mib": 1}, "pack-size"), ({"pack_entries": 5}, "pack-entries")):
        config.write(pair.ind.folder, msgspec.structs.replace(settings, **bound))
        said = run(*words)
        assert (said.code, said.json["refused"][0]["rule"]) == (1, rule)
    config.write(pair.ind.folder, settings)
    assert run(*words).code == 0
    sound(pair.ind.folder)


# --- what is believed ------------------------------------------------------------------------------------------------


def test_a_smaller_checkpoint_is_a_fork_only_if_it_was_signed(pair: Pair) -> None:
    usa = Hostile(pair.usa)
    size = pair.ind.node.store.size(MIRROR)
    strangers = [Ed25519PrivateKey.generate()]
    genuine = usa.note(size - 2, pair.usa.node.store.root(RELEASED, size - 2))
    forged = usa.note(size - 2, b"\7" * 32, strangers)
    unsigned = genuine.replace(genuine.splitlines()[2], "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")
    signed = usa.note(size - 2, b"\7" * 32)
    pair.close()
    for note, rule in ((forged, "checkpoint"), (unsigned, "checkpoint"), (genuine, "older")):
        with hostile_door(pair.usa.folder, {"/v1/checkpoint": plain(note.encode())}) as door:
            if rule == "older":
                node = Node(pair.ind.folder)
                with pytest.raises(Refused) as caught:
                    exchange.ingest(node, note, [], size, lambda _: None)
                assert [one.rule for one in caught.value.refusals] == ["older"]
                node.close()
            else:
                assert pulled(pair.ind.folder, door.address) == rule
            assert not (pair.ind.folder / "fork").exists()
    node = Node(pair.ind.folder)
    with hostile_door(pair.usa.folder, {"/v1/checkpoint": plain(signed.encode())}) as door:
        line = Line(node, door.address)
        with pytest.raises(Refused) as caught:
            line.pull()
        line.close()
    assert caught.value.refusals[0].rule == "fork"
    evidence = exchange.halted(node) or ""
    assert signed in evidence
    assert (node.store.note(MIRROR) or "") in evidence
    node.close()


def test_a_ledger_signed_anew_under_a_larger_size_is_shown_to_be_a_fork(pair: Pair, tmp_path: Path) -> None:
    """Its entries do not follow on ours: the line asks further back until both sides of the contradiction are here."""
    pair.close()
    import shutil

    shutil.copytree(pair.usa.folder, tmp_path / "twin")
    usa = capitals.Capital(Node(pair.usa.folder), pair.usa.office)
    ind = capitals.Capital(Node(pair.ind.folder), pair.ind.office)
    usa.comment(pair.record, "what India took in")
    capitals.carry(usa, ind)
    marks.write(tmp_path / "twin" / "mark", marks.Mark())
    twin = capitals.Capital(Node(tmp_path / "twin"), pair.usa.office)
    for number in range(6):
        twin.comment(pair.record, f"signed in the same places {number}")
    for each in (ind, usa, twin):
        each.node.close()
    node = Node(pair.ind.folder)
    with hostile_door(tmp_path / "twin", {}) as door:
        line = Line(node, door.address)
        with pytest.raises(Refused) as caught:
            line.pull()
        line.close()
    assert caught.value.refusals[0].rule == "fork"
    assert (exchange.halted(node) or "").count("Signed entry (base64)") == 2
    node.close()


def test_entries_of_nobody_under_a_genuine_checkpoint_prove_nothing(pair: Pair) -> None:
    pair.usa.comment(pair.record, "to be pulled")
    pair.close()
    with hostile_door(pair.usa.folder, FORMER | {"/v1/entries": plain(tiles.bundle([b"forged"]))}) as door:
        assert pulled(pair.ind.folder, door.address) in ("root", "line", "line-size")
    with hostile_door(pair.usa.folder, {}) as door:
        node = Node(pair.ind.folder)
        line = Line(node, door.address)
        line.pull()
        line.close()
        node.close()
    sound(pair.ind.folder)


# --- recovery --------------------------------------------------------------------------------------------------------


def test_recovery_by_line_takes_back_nothing_that_this_side_did_not_sign(run, pair: Pair, tmp_path: Path) -> None:
    pair.close()
    assert run("backup", tmp_path / "backup", "--node", pair.ind.folder).code == 0
    ind = capitals.Capital(Node(pair.ind.folder), pair.ind.office)
    usa = capitals.Capital(Node(pair.usa.folder), pair.usa.office)
    for number in range(3):
        ind.comment(pair.record, f"since the backup {number}")
        capitals.swap(ind, usa)
    size = ind.node.store.size(RELEASED)
    old = usa.node.store.size(MIRROR)
    leaves = list(usa.node.store.leaves(MIRROR))
    note = usa.node.store.note(MIRROR) or ""
    for each in (ind, usa):
        each.node.close()
    assert run("restore", tmp_path / "backup", tmp_path / "again").code == 0
    again = Node(tmp_path / "again")
    start = again.store.size(RELEASED)
    before = state(again)
    altered = bytearray(leaves[start])
    altered[len(altered) // 2] ^= 1
    origin, _, rest = note.split("\n", 2)
    answers: dict[str, dict[str, Iterable[bytes]]] = {
        "another entry": {"/v1/mirror/entries": plain(tiles.bundle([bytes(altered), *leaves[start + 1 :]]))},
        "their own entries": {"/v1/mirror/entries": plain(tiles.bundle(leaves[: old - start]))},
        "a size that nobody signed": {"/v1/mirror/checkpoint": plain(f"{origin}\n999999999999999\n{rest}".encode())},
        "their own checkpoint": {"/v1/mirror/checkpoint": plain((again.store.note(MIRROR) or "").encode())},
        "no text": {"/v1/mirror/bodies": plain(b"", "404 None")},
        "another text": {"/v1/mirror/bodies": plain(b"s" * 32 + b"t")},
        "entries without end": {"/v1/mirror/entries": endless(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 65_536)},
        "no ledger of theirs": {"/v1/checkpoint": plain(b"", "404 None")},
    }
    for what, answer in answers.items():
        with hostile_door(pair.usa.folder, FORMER | answer) as door:
            line = Line(again, door.address)
            with pytest.raises(Refused):
                recover.recover(again, *line.given_back())
            line.close()
        assert state(again) == before, what
        assert again.behind() is not None
    again.close()
    with hostile_door(pair.usa.folder, {}) as door:
        asked = run("recover", "--peer", door.address, "--node", tmp_path / "again", "--json")
        confirm = ("--confirm", asked.json["up"]["sentence"])
        made = run("recover", "--peer", door.address, "--node", tmp_path / "again", *confirm)
        assert made.code == 0, made.out
    assert json.loads(run("status", "--node", tmp_path / "again", "--json").out)["ledgers"]["released"]["size"] == size
    sound(tmp_path / "again")


# --- late answers ----------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_a_late_answer_is_listed_and_ended_by_a_person(run, pair: Pair) -> None:
    from datetime import datetime, timedelta

    from dtti.accord import table
    from dtti.node.core import text
    from dtti.node.core.draft import new_record

    moment = datetime.fromisoformat(pair.ind.node.clock())
    until = (moment + timedelta(seconds=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = new_record("project", "IND")
    offer = pair.ind.write(
        "propose", record, table.Propose(0, "IND", until), text.Text(content=capitals.project("ex-late"))
    )
    capitals.carry(pair.ind, pair.usa)
    pair.usa.node.clock = lambda: until
    pair.usa.write("accept", record, table.Answer(offer.act))
    while pair.ind.node.clock() <= until:
        time.sleep(0.2)
    exchange.take_pack(pair.ind.node, exchange.make_pack(pair.usa.node))
    pair.close()
    listed = run("exchange", "late", "--node", pair.ind.folder)
    assert record in listed.out
    assert "had not seen it" in listed.out
    words = ("exchange", "late", record, "--office", "IND/ex-sec", "--node", pair.ind.folder, "--json")
    assert run(*words, "--end", "never").json["refused"][0]["rule"] == "late-answer"
    assert run(*words, "--end", "late").json["verb"] == "close"
    assert "No offer" in run("exchange", "late", "--node", pair.ind.folder).out
    sound(pair.ind.folder)
