"""Two sides by commands and files alone, from founding to a proof in a stranger's hands; on both databases."""

import json
import shutil
from pathlib import Path

import pytest

from dtti.ledger import keyfile
from tests.node.conftest import CHEAP

GRANT = """
[[grants]]
office = "new"
verbs = ["state", "propose", "accept", "send_back", "comment"]
"""
OFFICE = """
file_number = "A/1/2027"
[content]
ref = "{side}/ex-sec"
side = "{side}"
title = "Secretariat"
"""
PROJECT = {"ref": "ex-net", "name": "Shipboard net", "kind": "co-development", "domain": "naval", "in_dtti": True}


@pytest.fixture(autouse=True)
def cheap_rings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DTTI_PASSPHRASE", "for tests")
    monkeypatch.setattr(keyfile, "_N", CHEAP)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> list[str]:
    """Options that put a node on the one database or the other."""
    return [] if request.param == "sqlite" else ["--database", request.getfixturevalue("postgres_url")]


def schema(database: list[str], side: str) -> list[str]:
    return [*database, "--schema", f"tour_{side}"] if database else []


def good(said):
    assert said.code == 0, said.err
    return said


def empower(run, folder: Path, side: str, tmp_path: Path) -> str:
    """Give a new office every power and state it, by the commands; returns its id."""
    (tmp_path / "grant.toml").write_text(GRANT)
    made = good(run("act", "power", "--terms", tmp_path / "grant.toml", "--node", folder, "--json")).json
    office = made["terms"]["grants"][0]["office"]
    (tmp_path / "office.toml").write_text(OFFICE.format(side=side))
    good(run("act", "state", office, "--office", office, "--body", tmp_path / "office.toml", "--node", folder))
    return office


@pytest.mark.long
def test_a_text_is_agreed_by_files_alone_and_proved_to_a_stranger(run, tmp_path: Path, database: list[str]):
    ind, usa = tmp_path / "ind", tmp_path / "usa"

    # Two sides found their systems, carry two files, and read the same numbers to each other.
    said = good(
        run("found", "--side", "IND", "--node", ind, "--environment", "exercise", "--empty", *schema(database, "ind"))
    )
    assert f"Written: {ind / 'invitation.json'}" in said.out
    joined = good(
        run("accede", ind / "invitation.json", "--side", "USA", "--node", usa, "--empty", "--json",
            *schema(database, "usa"))
    ).json  # fmt: skip
    completed = good(run("found", "--complete", usa / "accession.json", "--node", ind, "--json")).json
    assert joined["parties"] == completed["parties"] == ["IND", "USA"]
    assert joined["fingerprint"] == completed["fingerprint"]
    assert joined["spoken"].replace(" ", "") == joined["fingerprint"]
    empower(run, ind, "IND", tmp_path)
    empower(run, usa, "USA", tmp_path)

    def carry(giver: Path, taker: Path) -> dict:
        good(run("exchange", "pack", "-o", tmp_path / "pack", "--node", giver))
        return good(run("exchange", "unpack", tmp_path / "pack", "--node", taker, "--json")).json

    # India drafts and sends; the United States sends back with a text of its own; India agrees.
    (tmp_path / "text.json").write_text(json.dumps({"content": PROJECT, "remarks": "for your agreement"}))
    (tmp_path / "scan.pdf").write_bytes(b"%PDF-1.7 " + bytes(1000))
    offered = good(
        run("act", "propose", "project", "--office", "IND/ex-sec", "--body", tmp_path / "text.json", "--node", ind,
            "--file", tmp_path / "scan.pdf", "--json")
    ).json  # fmt: skip
    assert offered["terms"] == {"base": 0, "next": "IND", "until": offered["terms"]["until"]}
    record = offered["record"]
    carry(ind, usa)
    shown = good(run("show", "ex-net", "--node", usa, "--json")).json
    assert (shown["record"], shown["content"], shown["state"]["court"]) == (record, PROJECT, "USA")
    (tmp_path / "remarks.json").write_text(json.dumps({"remarks": "another name"}))
    (tmp_path / "counter.json").write_text(json.dumps({"content": PROJECT | {"name": "Ship network"}}))
    good(
        run("act", "send_back", "ex-net", "--office", "USA/ex-sec", "--body", tmp_path / "remarks.json",
            "--counter", tmp_path / "counter.json", "--node", usa)
    )  # fmt: skip
    assert carry(usa, ind)["acts"][0]["verb"] == "close"
    good(run("act", "accept", "project:ex-net", "--office", "IND/ex-sec", "--node", ind))
    carry(ind, usa)
    carry(usa, ind)
    for folder in (ind, usa):
        shown = good(run("show", record, "--node", folder, "--json")).json
        assert (shown["state"]["grade"], shown["content"]["name"]) == ("agreed_here", "Ship network")
        assert {one["verdict"] for one in shown["history"]} == {"valid"}
        assert good(run("status", "--node", folder, "--json")).json["amiss"] == []
        assert good(run("rebuild", "--node", folder, "--compare", "--json")).json == {"same": True, "differences": []}
        verified = good(run("verify", folder, "--json")).json
        assert {part["subject"] for part in verified["parts"] if part["good"]} >= {"texts", "verdicts", "record"}

    # A stranger gets a proof, an export and a verifier key, and neither system.
    good(run("prove", "ex-net", "-o", tmp_path / "proof", "--node", usa))
    good(run("prove", "ex-net", "-o", tmp_path / "bare", "--without-text", "--node", usa))
    good(run("export", "-o", tmp_path / "ledger", "--bodies", "--node", ind))
    good(run("export", "-o", tmp_path / "mirror", "--mirror", "--node", ind))
    good(run("exchange", "pack", "--open", "--from", 0, "-o", tmp_path / "open", "--node", ind))
    keys = good(run("vkey", "--node", ind, "--json")).json
    shutil.rmtree(ind)
    shutil.rmtree(usa)
    checked = good(run("check", tmp_path / "proof", "--text", "--json")).json
    assert checked["claim"]["grade"] == "agreed_here"
    assert json.loads(checked["text"])["content"]["name"] == "Ship network"
    assert good(run("check", tmp_path / "bare", "--json")).json["text"] is None
    for name in ("ledger", "mirror", "open"):
        assert good(run("verify", tmp_path / name, "--json")).json["good"] is True
    assert (tmp_path / "ledger" / "checkpoint").read_text().startswith(keys["origin"] + "\n")
    assert keys["keys"][0].startswith(keys["origin"] + "+")
    proof = bytearray((tmp_path / "proof").read_bytes())
    proof[len(proof) // 2] ^= 1
    (tmp_path / "proof").write_bytes(proof)
    said = run("check", tmp_path / "proof", "--json")
    assert (said.code, said.json["good"]) == (1, False)
    assert said.json["faults"][0]["where"]


def test_a_side_alone_is_complete_and_the_other_can_join_later(run, tmp_path: Path):
    ind, usa = tmp_path / "ind", tmp_path / "usa"
    said = good(run("found", "--solo", "--side", "IND", "--node", ind, "--empty", "--environment", "exercise"))
    assert "alone" in said.out
    assert not (ind / "invitation.json").exists()
    empower(run, ind, "IND", tmp_path)
    (tmp_path / "letter.toml").write_text(
        '[content]\nref = "ex-net"\nname = "Shipboard net"\nkind = "co-development"\ndomain = "naval"\nin_dtti = true\n'
        '[paper]\nnumber = "F.7/2027"\ndate = "2027-01-26"\n'
    )
    words = ["act", "state", "project", "--basis", "paper", "--body", tmp_path / "letter.toml"]
    good(run(*words, "--office", "IND/ex-sec", "--node", ind))
    assert "recorded by one side" in good(run("show", "ex-net", "--node", ind)).out
    assert good(run("verify", ind, "--json")).json["good"] is True
    good(run("found", "--invite", "-o", tmp_path / "card", "--node", ind))
    good(run("accede", tmp_path / "card", "--side", "USA", "--node", usa, "--empty", "-o", tmp_path / "answer"))
    good(run("found", "--complete", tmp_path / "answer", "--node", ind))
    good(run("exchange", "pack", "-o", tmp_path / "pack", "--node", ind))
    good(run("exchange", "unpack", tmp_path / "pack", "--node", usa))
    assert "recorded by one side" in good(run("show", "ex-net", "--node", usa)).out


def test_a_node_begins_with_the_public_record_and_answers_from_it(run, tmp_path: Path):
    folder = tmp_path / "ind"
    good(run("found", "--solo", "--side", "IND", "--node", folder, "--environment", "exercise"))
    made = good(run("report", "events", "--node", folder, "--json")).json
    assert (made["report"], made["side"]) == ("events", "IND")
    assert set(made["grades"]) == {"published"}
    early = good(run("report", "events", "--node", folder, "--known", "2000-01-01", "--json")).json
    assert early["grades"] == {}
    said = run("report", "weather", "--node", folder, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "report-name")


def test_national_content_is_shown_only_where_it_is_asked_for(run, pair):
    pair.ind.national("held-back")
    assert run("show", "held-back", "--node", pair.ind.folder).code == 1
    shown = good(run("show", "held-back", "--national", "--node", pair.ind.folder, "--json")).json
    assert (shown["state"]["label"], shown["content"]["ref"]) == ("national", "held-back")
    report = ("report", "events", "--of", "all", "--node", pair.ind.folder)
    assert "held-back" not in good(run(*report)).out
    assert "held-back" in good(run(*report, "--national")).out


def test_a_spill_is_erased_by_one_command_on_each_side(run, pair, tmp_path: Path):
    made = pair.ind.comment(pair.record, "SPILLED")
    pair.swap()
    pair.close()
    ind, usa = pair.ind.folder, pair.usa.folder
    good(run("erase", made.act, "--remarks", "by mistake", "--node", ind))
    good(run("exchange", "pack", "-o", tmp_path / "pack", "--node", ind))
    good(run("exchange", "unpack", tmp_path / "pack", "--node", usa))
    good(run("backup", tmp_path / "backup", "--node", ind))
    assert b"SPILLED" not in (tmp_path / "backup").read_bytes()
    for folder in (ind, usa):
        assert good(run("verify", folder, "--json")).json["good"] is True
        assert not any(b"SPILLED" in path.read_bytes() for path in folder.rglob("*") if path.is_file())
    again = run("erase", made.act, "--node", ind, "--json")
    assert (again.code, again.json["refused"][0]["rule"]) == (1, "tombstone")
    theirs = run("erase", made.act, "--node", usa, "--json")
    assert (theirs.code, theirs.json["refused"][0]["rule"]) == (1, "tombstone")


def test_an_old_backup_refuses_to_sign_and_recovers_by_file(run, pair, tmp_path: Path):
    good(run("backup", tmp_path / "backup", "--node", pair.ind.folder))
    pair.ind.comment(pair.record, "since the backup")
    pair.swap()
    pair.close()
    again = tmp_path / "again"
    restored = good(run("restore", tmp_path / "backup", again, "--json")).json
    assert restored["verifies"] is True
    status = run("status", "--node", again, "--json")
    assert (status.code, [one["rule"] for one in status.json["amiss"]]) == (2, ["restored"])
    words = ["act", "comment", "ex-net", "--office", "IND/ex-sec", "--remarks", "again", "--node", again]
    said = run(*words, "--json")
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "restored")
    good(run("exchange", "pack", "--give-back", "-o", tmp_path / "back", "--node", pair.usa.folder))
    asked = run("recover", "--from", tmp_path / "back", "--node", again, "--json")
    assert (asked.code, asked.json["own"] > 0, asked.json["sure"]) == (1, True, False)
    assert run(*words, "--json").json["refused"][0]["rule"] == "restored"
    sentence = asked.json["up"]["sentence"]
    made = good(run("recover", "--from", tmp_path / "back", "--node", again, "--confirm", sentence, "--json")).json
    assert (made["own"], made["sure"]) == (0, True)
    good(run(*words))
    assert good(run("verify", again, "--json")).json["good"] is True


def test_keys_are_rotated_by_command(run, pair, tmp_path: Path):
    made = good(run("rotate", "--role", "log", "--role", "node", "--node", pair.ind.folder, "--json")).json
    assert (made["version"], made["roles"]) == (2, ["log", "node"])
    good(run("act", "comment", "ex-net", "--office", "IND/ex-sec", "--remarks", "x", "--node", pair.ind.folder))
    good(run("exchange", "pack", "-o", tmp_path / "pack", "--node", pair.ind.folder))
    taken = good(run("exchange", "unpack", tmp_path / "pack", "--node", pair.usa.folder, "--json")).json
    assert taken["void"] == 0
    assert run("status", "--node", pair.usa.folder, "--json").json["keys"]["counterpart_version"] == 2
