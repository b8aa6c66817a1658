"""Bad input: each is refused by rule, with a reason and a remedy, and nothing is lost or half done."""

import json
import os
from pathlib import Path

import pytest

from dtti.ledger.act import open_leaf
from dtti.ledger.body import Owner
from dtti.ledger.store import LEDGERS, RELEASED
from dtti.node.core.node import Node
from dtti.node.folder import config, passphrase
from dtti.node.line import exchange, rotate
from tests.node import capitals
from tests.node.capitals import Pair

PROJECT = capitals.project("ex-new")


def state_of(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and root of every ledger, and how many texts stand beside them."""
    node = Node(folder)
    found = {ledger: (node.store.size(ledger), node.store.root(ledger).hex()) for ledger in LEDGERS}
    found["texts"] = (node.store.engine.run("SELECT COUNT(*) FROM body")[0][0], "")
    node.close()
    return found


@pytest.fixture
def refused(run, pair: Pair):
    """Run a command on India's node: it is refused by `rule`, says why and what to do, and changes nothing."""

    def go(rule: str, *words: object, folder: Path | None = None) -> dict[str, str]:
        place = folder or pair.ind.folder
        before = state_of(place)
        said = run(*words, "--node", place, "--json")
        assert said.code == 1, said.err
        first = said.json["refused"][0]
        assert first["rule"] == rule, first
        assert len(first["reason"]) > 10
        assert len(first["remedy"]) > 10
        assert state_of(place) == before
        return first

    return go


def put(folder: Path, name: str, fields: object) -> Path:
    path = folder / name
    path.write_text(fields if isinstance(fields, str) else json.dumps(fields), encoding="utf-8")
    return path


AS = ("--office", "IND/ex-sec")


# --- texts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "contents", "rule"),
    [
        ("a.json", "{", "form"),
        ("a.json", "[]", "form"),
        ("a.json", '{"content": {}} trailing', "form"),
        ("a.json", '{"content": ' + "[" * 5000 + "]" * 5000 + "}", "form"),
        ("a.toml", "content = ", "form"),
        ("a.toml", "[content]\nname = 'x'\nname = 'y'\n", "form"),
        ("a.toml", b"\xff\xfe".decode("latin-1"), "form"),
        ("a.json", {"contents": PROJECT}, "text-form"),
        ("a.json", {"content": PROJECT, "remarks": "x" * 20_001}, "text-form"),
        ("a.json", {"content": PROJECT | {"unknown": 1}}, "content-form"),
        ("a.json", {"content": {"ref": "x"}}, "content-form"),
        ("a.json", {"content": PROJECT | {"aliases": []}}, "content-one-form"),
        ("a.json", {"remarks": "no content"}, "content"),
        ("a.json", {"content": PROJECT | {"name": "a\u202eb"}}, "profile-character"),
        ("a.json", {"content": PROJECT | {"name": "a\u0000b"}}, "profile-character"),
        ("a.json", {"content": PROJECT | {"name": "a\u200bb"}}, "text-character"),
        ("a.json", {"content": PROJECT, "remarks": "a\U000e0041"}, "text-character"),
        ("a.toml", "remarks = 'a\u00a0b'", "text-character"),
    ],
)
def test_a_malformed_text(refused, tmp_path: Path, name: str, contents: object, rule: str):
    refused(rule, "act", "propose", "project", *AS, "--body", put(tmp_path, name, contents))


@pytest.mark.parametrize(
    ("number", "rule"),
    [
        ("1.5", "profile-float"),
        ("1e3", "profile-float"),
        ("9007199254740993", "profile-integer"),
        ("-9007199254740993", "profile-integer"),
        ("1e400", "form"),
        ("9" * 60, "profile-integer"),
    ],
)
def test_a_number_outside_the_profile(refused, tmp_path: Path, number: str, rule: str):
    body = put(tmp_path, "a.json", '{"content": {"ref": "x", "name": ' + number + "}}")
    refused(rule, "act", "propose", "project", *AS, "--body", body)


def test_no_text_where_one_is_needed(refused):
    refused("bodies", "act", "propose", "project", *AS)
    refused("bodies", "act", "comment", "ex-net", *AS)


def test_a_scan_of_a_gigabyte_is_refused_before_it_is_read(refused, tmp_path: Path):
    scan = tmp_path / "scan.tif"
    with scan.open("wb") as file:
        file.truncate(10**9)
    body = put(tmp_path, "a.json", {"content": PROJECT})
    said = refused("file-size", "act", "propose", "project", *AS, "--body", body, "--file", scan)
    assert "1,000,000,000 bytes" in said["reason"]
    refused("body-size", "act", "propose", "project", *AS, "--body", scan)


def test_a_file_that_is_not_there_or_no_file(refused, tmp_path: Path):
    for path in (tmp_path / "gone.json", tmp_path):
        refused("file", "act", "propose", "project", *AS, "--body", path)
    refused("file", "exchange", "unpack", tmp_path / "gone")


# --- acts -----------------------------------------------------------------------------------------------------------


def test_an_act_that_nobody_may_write_by_hand_or_at_all(refused):
    for verb in ("found", "keys", "acknowledge", "anchor", "loss", "sing"):
        refused("verb", "act", verb)


def test_a_stale_base(refused, pair: Pair, tmp_path: Path):
    body = put(tmp_path, "a.json", {"content": capitals.project()})
    terms = put(tmp_path, "t.json", {"base": 0})
    refused("base", "act", "propose", "ex-net", *AS, "--body", body, "--terms", terms)
    office = {"ref": "IND/ex-sec", "side": "IND", "title": "Secretariat, renamed"}
    body = put(tmp_path, "b.json", {"content": office})
    refused("base", "act", "state", "office:IND/ex-sec", *AS, "--body", body, "--terms", terms)


def test_an_office_that_is_unknown_of_the_other_side_or_without_power(refused, pair: Pair):
    comment = ("act", "comment", "ex-net", "--remarks", "x")
    refused("record", *comment, "--office", "IND/nowhere")
    refused("power", *comment)
    refused("power", *comment, "--office", "office/IND/aaaaaaaaaaaaaaaa")
    refused("power", *comment, "--office", pair.usa.office)


def test_a_power_that_has_run_out(refused, pair: Pair, run, tmp_path: Path):
    now = pair.ind.node.clock()
    grant = {"office": "new", "verbs": ["comment"], "since": "2020-01-01T00:00:00Z", "until": "2020-12-31T00:00:00Z"}
    terms = put(tmp_path, "g.json", {"grants": [grant]})
    made = run("act", "power", "--terms", terms, "--node", pair.ind.folder, "--json").json
    office = made["terms"]["grants"][0]["office"]
    said = refused("power", "act", "comment", "ex-net", "--remarks", "x", "--office", office)
    assert "no power in force" in said["reason"]
    end = put(tmp_path, "e.json", {"ended": [1]})
    assert run("act", "power", "--terms", end, "--node", pair.ind.folder).code == 0
    refused("power", "act", "comment", "ex-net", "--remarks", "x", *AS)
    assert pair.ind.node.clock() >= now


def test_terms_that_are_not_the_verbs(refused, tmp_path: Path):
    for terms in ({"offer": "x"}, {"unknown": 1}, {"offer": "0" * 64, "firm": True}):
        refused("terms", "act", "accept", "ex-net", *AS, "--terms", put(tmp_path, "t.json", terms))
    refused("offer", "act", "accept", "ex-net", *AS)
    refused("until", "act", "propose", "ex-net", *AS, "--until", "2020-01-01",
            "--body", put(tmp_path, "a.json", {"content": capitals.project()}))  # fmt: skip


def test_a_record_that_is_not_here(refused):
    for name, rule in (
        ("nowhere", "record"),
        ("project:nowhere", "record"),
        ("%", "record"),
        ("project/USA/aaaaaaaaaaaaaaaa", "unknown-record"),
        ("ship/IND/aaaaaaaa", "kind"),
    ):
        refused(rule, "act", "comment", name, "--remarks", "x", *AS)
    refused("record", "show", "nowhere")
    refused("record", "prove", "nowhere", "-o", "/dev/null")


def test_an_act_resting_on_what_is_not_in_its_past(refused):
    refused("evidence", "act", "comment", "ex-net", "--remarks", "x", *AS, "--rests", "0" * 64)


# --- packs ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def pack(pair: Pair, tmp_path: Path) -> Path:
    pair.usa.comment(pair.record, "to be carried")
    path = tmp_path / "pack"
    path.write_bytes(exchange.make_pack(pair.usa.node))
    return path


def test_a_pack_that_is_cut_short_changed_or_no_pack(refused, pack: Path, pair: Pair):
    data = pack.read_bytes()
    for bad in (data[:-1], data[: len(data) // 2], data[:100], data[:-20] + bytes(20)):
        pack.write_bytes(bad)
        refused("pack-seal", "exchange", "unpack", pack)
    opened = capitals.unsealed(pair.ind.node, data)
    for bad, rule in (
        (opened[:-512], "pack-truncated"),
        (opened[:700], "pack-truncated"),
        (b"", "pack-truncated"),
        (b"nothing like a pack" * 100, "pack-path"),
        (opened + bytes(512), "pack-truncated"),
    ):
        pack.write_bytes(bad)
        refused(rule, "exchange", "unpack", pack)
    with pack.open("wb") as file:
        file.truncate(3 * 2**30)
    refused("pack-size", "exchange", "unpack", pack)


def test_path_tricks_in_a_pack(refused, pack: Path, pair: Pair, tmp_path: Path):
    opened = capitals.unsealed(pair.ind.node, pack.read_bytes())
    for name in (b"../outside", b"/tmp/outside", b"bodies/../../outside", b"checkpoint\n"):
        bad = bytearray(opened)
        bad[0:100] = name.ljust(100, b"\0")
        pack.write_bytes(bad)
        refused("pack-path", "exchange", "unpack", pack)
    assert not (tmp_path / "outside").exists()


def test_a_pack_for_someone_else(refused, pair: Pair, tmp_path: Path):
    own = tmp_path / "own"
    pair.ind.comment(pair.record, "for the other side")
    own.write_bytes(exchange.make_pack(pair.ind.node))
    refused("pack-seal", "exchange", "unpack", own)
    own.write_bytes(exchange.make_pack(pair.ind.node, sealed=False))
    refused("receiver", "exchange", "unpack", own)


def test_a_pack_of_another_pair(refused, pair: Pair, template: Path, tmp_path: Path):
    (tmp_path / "others").mkdir()
    capitals.build(tmp_path / "others")
    other = capitals.copy(tmp_path / "others", tmp_path / "other")
    other.usa.comment(other.record, "between two others")
    (tmp_path / "pack").write_bytes(exchange.make_pack(other.usa.node, 0, sealed=False))
    refused("checkpoint", "exchange", "unpack", tmp_path / "pack")
    assert not (pair.ind.folder / "fork").exists()  # nobody whom this side joined has signed anything wrong
    other.close()


def test_a_pack_of_another_environment(refused, pair: Pair, tmp_path: Path):
    settings = config.read(pair.usa.folder)
    config.write(pair.usa.folder, config.msgspec.structs.replace(settings, environment="live"))
    usa = pair.usa.again()
    (tmp_path / "pack").write_bytes(exchange.make_pack(usa.node, sealed=False))
    said = refused("programme", "exchange", "unpack", tmp_path / "pack")
    assert "dtti (live)" in said["reason"]
    usa.node.close()


def test_an_older_checkpoint(refused, pair: Pair, pack: Path, tmp_path: Path):
    pair.usa.comment(pair.record, "later")
    later = tmp_path / "later"
    later.write_bytes(exchange.make_pack(pair.usa.node))
    exchange.take_pack(pair.ind.node, later.read_bytes())
    said = refused("older", "exchange", "unpack", pack)
    assert "Nothing is missing here" in said["remedy"]


def test_a_pack_that_leaves_a_gap(refused, pair: Pair, tmp_path: Path):
    for number in range(3):
        pair.usa.comment(pair.record, f"{number}")
    size = pair.usa.node.store.size("released")
    (tmp_path / "pack").write_bytes(exchange.make_pack(pair.usa.node, size - 1))
    said = refused("stretch", "exchange", "unpack", tmp_path / "pack")
    assert "Ask for a pack from entry" in said["remedy"]


def test_a_pack_without_a_text_that_it_commits_to(refused, pair: Pair, tmp_path: Path):
    made = pair.usa.comment(pair.record, "left out")
    digest = open_leaf(pair.usa.node.store.leaf("released", made.index)).act.body[0].digest
    pair.usa.node.store.erase(Owner(RELEASED, made.act), digest, "0" * 64)
    (tmp_path / "pack").write_bytes(exchange.make_pack(pair.usa.node))
    refused("body-missing", "exchange", "unpack", tmp_path / "pack")


# --- founding, settings, line ----------------------------------------------------------------------------------------


def test_founding_where_something_stands(run, pair: Pair):
    said = run("found", "--solo", "--side", "IND", "--node", pair.ind.folder, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "founding")


@pytest.mark.parametrize("side", ["", "India", "ind", "I1D"])
def test_founding_a_side_that_is_none(run, tmp_path: Path, side: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DTTI_PASSPHRASE", "x")
    said = run("found", "--solo", "--side", side, "--node", tmp_path / "node", "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "settings")
    assert not (tmp_path / "node").exists()


def test_founding_the_side_of_records_that_no_side_created(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DTTI_PASSPHRASE", "x")
    said = run("found", "--solo", "--side", "PUB", "--node", tmp_path / "node", "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "side")
    assert not (tmp_path / "node").exists()


def test_founding_without_a_passphrase(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("DTTI_PASSPHRASE", raising=False)
    passphrase.forget()
    said = run("found", "--solo", "--side", "IND", "--node", tmp_path / "node", "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "keys")
    assert not (tmp_path / "node").exists()


def test_joining_ones_own_side_another_environment_or_no_introduction(run, pair: Pair, tmp_path: Path):
    solo = capitals.found(tmp_path / "solo", "IND")
    card = tmp_path / "card"
    card.write_bytes(capitals.founding.introduce(solo.node))
    words = ("accede", card, "--node", tmp_path / "new", "--empty", "--json")
    said = run(*words, "--side", "IND")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "founding")
    assert not (tmp_path / "new").exists()
    live = capitals.found(tmp_path / "live", "USA", environment="live")
    said = run("found", "--complete", card, "--node", live.folder, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "programme")
    for nothing in (b"", b"{}", card.read_bytes()[:-5], card.read_bytes().replace(b"1", b"2", 1), b"x" * 70_000):
        card.write_bytes(nothing)
        said = run(*words, "--side", "USA")
        assert (said.code, said.json["refused"][0]["rule"]) == (1, "introduction")
        assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("side = ", "node.toml"),
        ('side = "INDIA"', "side"),
        ('unknown = "x"', "unknown"),
        ("offer_days = 0", "offer_days"),
        ("offer_days = 999999999999999999999", "offer_days"),
        ("largest_file_mib = 33", "largest_file_mib"),
        ('environment = "war"', "environment"),
    ],
)
def test_settings_that_do_not_fit(run, pair: Pair, change: str, named: str):
    path = pair.ind.folder / "node.toml"
    name = change.split(" ")[0]
    kept = [line for line in path.read_text().splitlines() if not line.startswith(f"{name} ")]
    path.write_text("\n".join([*kept, change]) + "\n")
    said = run("vkey", "--node", pair.ind.folder, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "settings")
    assert named in said.json["refused"][0]["reason"]


def test_a_demonstration_in_a_live_programme(run, pair: Pair):
    path = pair.ind.folder / "node.toml"
    text = path.read_text().replace('"exercise"', '"live"').replace("demonstration = false", "demonstration = true")
    path.write_text(text)
    said = run("vkey", "--node", pair.ind.folder, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "settings")


def test_a_wrong_passphrase_or_none(refused, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DTTI_PASSPHRASE", "another")
    refused("keys", "act", "comment", "ex-net", "--remarks", "x", *AS)
    assert "DTTI_PASSPHRASE" not in os.environ  # it left when it was read
    passphrase.forget()
    refused("settings", "act", "comment", "ex-net", "--remarks", "x", *AS)


def test_no_line_to_pull_by(refused):
    refused("peer", "exchange", "pull")
    refused("line", "exchange", "pull", "--peer", "127.0.0.1:1")


def test_a_role_that_is_none(refused):
    refused("key-roles", "rotate", "--role", "captain")


def test_a_rotation_without_the_root_ring(refused, pair: Pair):
    (pair.ind.folder / "keys" / "root.keys").unlink()
    refused("keys", "rotate")


def test_an_act_or_a_part_that_is_not_there_is_not_erased(refused, pair: Pair):
    made = pair.ind.comment(pair.record, "stays")
    refused("act", "erase", "0" * 64)
    refused("act", "erase", "abc")
    refused("act", "erase", made.act, "--part", 3)


def test_an_export_or_a_backup_where_something_is_or_may_not_be(refused, pair: Pair, tmp_path: Path):
    refused("export", "export", "-o", tmp_path)
    refused("backup", "backup", pair.ind.folder / "b.tar.gz")


def test_a_node_that_was_never_founded_or_lost_its_ledger(run, pair: Pair):
    (pair.ind.folder / "ledger.sqlite3").rename(pair.ind.folder / "gone")
    pair.ind.node.close()
    for path in pair.ind.folder.glob("ledger.sqlite3*"):
        path.unlink()
    said = run("vkey", "--node", pair.ind.folder, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "store")
    assert not (pair.ind.folder / "ledger.sqlite3").exists()


def test_a_rotation_does_not_spoil_what_is_under_way(run, pair: Pair, pack: Path):
    rotate.rotate(pair.ind.node)
    said = run("exchange", "unpack", pack, "--node", pair.ind.folder, "--json")
    assert said.code == 0


def test_a_notice_on_a_project_says_why(refused, run, pair: Pair) -> None:
    words = ("act", "notice", pair.record, "--notice", "suspend", "--remarks", "No money this year.", *AS)
    assert "funding" in refused("notice-reason", *words)["remedy"]
    refused("notice-reason", *words, "--reason", "because")
    said = run(*words, "--reason", "funding", "--node", pair.ind.folder, "--json")
    assert (said.code, said.json["terms"]["reason"]) == (0, "funding")
