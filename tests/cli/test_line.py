"""The line between two nodes, in this process: who is answered, rotation, revocation and recovery by line."""

import base64
import shutil
import socket
import ssl
from pathlib import Path

import httpx
import pytest

from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger import chunk
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.folder import keys
from dtti.node.line import rotate
from dtti.node.line.client import Line
from dtti.node.line.tls import client_context
from tests.cli.door import open_door
from tests.node import capitals
from tests.node.capitals import Capital, Pair


def sound(*folders: Path) -> None:
    for folder in folders:
        reports = verify.verify(folder)
        assert [fault for report in reports for fault in report.faults] == []


def test_a_pull_takes_in_what_is_new_once(run, pair: Pair):
    made = pair.usa.comment(pair.record, "to be pulled")
    pair.close()
    with open_door(pair.usa.folder) as address:
        words = ("exchange", "pull", "--peer", address, "--node", pair.ind.folder, "--json")
        first = run(*words)
        assert first.code == 0, first.out
        assert first.json["size"] == made.index + 1
        assert (first.json["bodies"], first.json["void"]) == (1, 0)
        assert [one["verb"] for one in first.json["acts"]] == ["acknowledge"]
        assert run(*words).json["bodies"] == 0
    sound(pair.ind.folder)


def test_a_long_ledger_is_pulled_chunk_by_chunk(run, pair: Pair, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(chunk, "PLAIN", 5000)
    for number in range(40):
        pair.usa.comment(pair.record, f"{number}")
    size = pair.usa.node.store.size(RELEASED)
    pair.close()
    with open_door(pair.usa.folder) as address:
        said = run("exchange", "pull", "--peer", address, "--node", pair.ind.folder, "--json")
        assert (said.code, said.json["size"], said.json["bodies"]) == (0, size, 40)


def test_the_door_answers_the_counterpart_alone_and_only_what_is_released(pair: Pair):
    pair.usa.national("held-back")
    national = acts.open_leaf(pair.usa.node.store.leaf("national", 0)).act.body[0].digest
    told = pair.usa.comment(pair.record, "told")
    released = acts.open_leaf(pair.usa.node.store.leaf(RELEASED, told.index)).act.body[0].digest
    pair.close()
    with open_door(pair.usa.folder) as address:
        host, _, port = address.rpartition(":")
        stranger = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        stranger.check_hostname, stranger.verify_mode = False, ssl.CERT_NONE
        plain = socket.create_connection((host, int(port)), timeout=10)
        with stranger.wrap_socket(plain) as wrapped, pytest.raises((ssl.SSLError, ConnectionError)):
            wrapped.recv(1)  # TLS 1.3: a client hears of its refusal when it first reads
        node = Node(pair.ind.folder)
        name = keys.exchange_name("USA")
        with httpx.Client(base_url=f"https://{address}", verify=client_context(node), trust_env=False) as client:

            def ask(path: str, method: str = "GET") -> httpx.Response:
                return client.request(method, path, headers={"Host": name}, extensions={"sni_hostname": name})

            assert ask("/v1/checkpoint").text.startswith(node.standing.parties["USA"].origin)
            assert ask(f"/v1/bodies/{released}").status_code == 200
            wanted = {
                f"/v1/bodies/{national}": 404,
                f"/v1/mirror/bodies/{released}": 404,
                f"/v1/mirror/bodies/{national}": 404,
                "/v1/chunk": 422,
                "/v1/chunk?start=0&size=5": 422,
                "/v1/chunk?start=0&size=5&at=-1": 422,
                "/v1/chunk?start=0&size=5&at=100000": 422,
                "/v1/national/chunk?start=0&size=5&at=0": 404,
                "/v1/entries": 422,
                "/v1/entries?start=0&size=-1": 422,
                f"/v1/entries?start=0&size={'9' * 60}": 422,
                "/v1/entries?start=1e3&size=2": 422,
                "/v1/national/entries?start=0&size=5": 404,
                "/": 404,
                "/v1/../v1/checkpoint": 404,
            }
            assert {path: ask(path).status_code for path in wanted if ".." not in path} == {
                path: status for path, status in wanted.items() if ".." not in path
            }
            for path in ("/v1/chunk", "/v1/mirror/chunk"):
                made = bytearray()
                chunk.Expanding(made.extend).take(ask(f"{path}?start=0&size=999&at=0").content)
                assert (b"told" in made, b"held-back" in made) == (path == "/v1/chunk", False)
            for method in ("POST", "PUT", "DELETE"):
                assert ask("/v1/checkpoint", method).status_code == 405
        node.close()


@pytest.mark.long
def test_the_line_goes_on_while_both_sides_rotate_every_key(run, pair: Pair):
    pair.close()
    with open_door(pair.ind.folder) as ours, open_door(pair.usa.folder) as theirs:
        for _ in range(2):
            for folder in (pair.ind.folder, pair.usa.folder):
                assert run("rotate", "--node", folder).code == 0
            for _ in range(2):
                for folder, peer in ((pair.usa.folder, ours), (pair.ind.folder, theirs)):
                    said = run("exchange", "pull", "--peer", peer, "--node", folder, "--json")
                    assert said.code == 0, said.out
                    assert said.json["void"] == 0
    sound(pair.ind.folder, pair.usa.folder)
    ind, usa = Node(pair.ind.folder), Node(pair.usa.folder)
    assert (ind.standing.keys.version, usa.standing.keys.version) == (3, 3)
    assert ind.store.size(RELEASED) == usa.store.size(MIRROR)
    ind.close()
    usa.close()


@pytest.mark.long
@pytest.mark.parametrize("first", ["ind", "usa"])
def test_three_rotations_of_both_sides_between_two_pulls_leave_the_line_open(run, pair: Pair, first: str):
    """Whichever side pulls first, and although each has heard of none of the other's new lists."""
    pair.close()
    with open_door(pair.ind.folder) as ours, open_door(pair.usa.folder) as theirs:
        pulls = [(pair.ind.folder, theirs), (pair.usa.folder, ours)][:: 1 if first == "ind" else -1]
        for _ in range(2):
            for _ in range(3):
                for folder in (pair.ind.folder, pair.usa.folder):
                    assert run("rotate", "--node", folder).code == 0
            for folder, peer in [*pulls, pulls[1], *pulls, *pulls]:
                said = run("exchange", "pull", "--peer", peer, "--node", folder, "--json")
                assert (said.code, said.json.get("void")) == (0, 0), said.out
    sound(pair.ind.folder, pair.usa.folder)
    ind, usa = Node(pair.ind.folder), Node(pair.usa.folder)
    assert (ind.standing.keys.version, usa.standing.keys.version) == (7, 7)
    for one, other in ((ind, usa), (usa, ind)):
        assert one.store.root(RELEASED) == other.store.root(MIRROR)
    ind.close()
    usa.close()


def test_a_revoked_exchange_key_silences_the_line_until_a_pack_has_brought_the_list(run, pair: Pair, tmp_path: Path):
    pair.close()
    with open_door(pair.ind.folder) as ours, open_door(pair.usa.folder) as theirs:
        assert run("rotate", "--role", "tls", "--revoke", "--node", pair.ind.folder).code == 0
        said = run("exchange", "pull", "--peer", ours, "--node", pair.usa.folder, "--json")
        assert said.json["refused"][0]["rule"] == "line"
        assert run("exchange", "pack", "-o", tmp_path / "pack", "--node", pair.ind.folder).code == 0
        assert run("exchange", "unpack", tmp_path / "pack", "--node", pair.usa.folder).code == 0
        for folder, peer in ((pair.usa.folder, ours), (pair.ind.folder, theirs), (pair.usa.folder, ours)):
            assert run("exchange", "pull", "--peer", peer, "--node", folder).code == 0


@pytest.mark.long
def test_a_restored_node_recovers_by_line(run, pair: Pair, tmp_path: Path):
    pair.close()
    assert run("backup", tmp_path / "backup", "--node", pair.ind.folder).code == 0
    ind = Capital(Node(pair.ind.folder), pair.ind.office)
    usa = Capital(Node(pair.usa.folder), pair.usa.office)
    for number in range(3):
        ind.comment(pair.record, f"India {number}")
        capitals.carry(ind, usa)
        usa.comment(pair.record, f"America {number}")
        capitals.carry(usa, ind)
    capitals.carry(ind, usa)
    size = ind.node.store.size(RELEASED)
    ind.node.close()
    usa.node.close()
    again = tmp_path / "again"
    assert run("restore", tmp_path / "backup", again).code == 0
    with open_door(pair.usa.folder) as peer:
        refused = run("exchange", "pull", "--peer", peer, "--node", again, "--json")
        assert refused.json["refused"][0]["rule"] == "restored"
        asked = run("recover", "--peer", peer, "--node", again, "--json")
        assert (asked.code, asked.json["sure"]) == (1, False)
        made = run("recover", "--peer", peer, "--node", again, "--confirm", asked.json["up"]["sentence"], "--json")
        assert (made.code, made.json["sure"]) == (0, True), made.out
        status = run("status", "--node", again, "--json").json
        assert status["ledgers"]["released"]["size"] == size
        assert run("exchange", "pull", "--peer", peer, "--node", again).code == 0
    sound(again)


def test_an_old_copy_without_its_mark_learns_it_from_the_first_pull(run, pair: Pair, tmp_path: Path):
    """The commonest fork: a copy of the folder, put back by other means than `dtti restore`, mark and all."""
    pair.close()
    shutil.copytree(pair.ind.folder, tmp_path / "copy")
    ind = Capital(Node(pair.ind.folder), pair.ind.office)
    usa = Capital(Node(pair.usa.folder), pair.usa.office)
    ind.comment(pair.record, "since the copy")
    capitals.carry(ind, usa)
    ind.node.close()
    usa.node.close()
    with open_door(pair.usa.folder) as peer:
        refused = run("exchange", "pull", "--peer", peer, "--node", tmp_path / "copy", "--json")
        assert refused.json["refused"][0]["rule"] == "high-water"
        comment = ("act", "comment", "ex-net", "--remarks", "x", "--office", "IND/ex-sec", "--node", tmp_path / "copy")
        assert run(*comment, "--json").json["refused"][0]["rule"] == "high-water"
        asked = run("recover", "--peer", peer, "--node", tmp_path / "copy", "--json")
        assert (asked.code, asked.json["up"]["unknown"]) == (1, True)  # its mark was an old copy too
        confirm = ("--confirm", asked.json["up"]["sentence"])
        assert run("recover", "--peer", peer, "--node", tmp_path / "copy", *confirm).code == 0
        assert run(*comment).code == 0


def test_a_certificate_that_no_key_list_names_is_not_pulled_from(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    """Whoever stands at the other side's address with a certificate of their own making is not the other side."""
    pair.close()
    private = keys.Ed25519PrivateKey.generate()
    forged = base64.b64decode(keys.certificate(private, keys.exchange_name("USA")))
    ind = Node(pair.ind.folder)
    with open_door(pair.usa.folder) as address:
        line = Line(ind, address)
        monkeypatch.setattr(rotate, "certificate_to_show", lambda node, seen: (forged, private))
        with pytest.raises(Refused) as caught:
            line.pull()
        assert caught.value.refusals[0].rule == "line"
        monkeypatch.undo()
        line.close()
    ind.close()
