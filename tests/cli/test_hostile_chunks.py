"""A hostile capital answers for chunks: nothing is believed, no disc is filled, and the next honest pull goes on."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.api.exchange import Application
from dtti.ledger import chunk
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.core.node import Node
from dtti.node.line import client, fetching, stage
from dtti.node.line.client import Line
from dtti.node.line.exchange import Taken
from tests.cli.door import open_door
from tests.cli.hostile_door import HostileDoor, hostile_door, plain
from tests.cli.shaped import shaped
from tests.cli.test_hostile_line import pulled, set_to, sound
from tests.node import capitals
from tests.node.capitals import Pair
from tests.node.hostile import Hostile

CUT = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSE", 0.0)


def write(pair: Pair, count: int = 12) -> None:
    for number in range(count):
        pair.usa.comment(pair.record, f"number {number} " * 20)


def pull(node: Node, address: str) -> Taken:
    client = Line(node, address)
    try:
        return client.pull()
    finally:
        client.close()


def honest(pair: Pair) -> None:
    """The next pull, from an honest door, brings everything, and leaves nothing staged."""
    node = Node(pair.ind.folder)
    with hostile_door(pair.usa.folder, {}) as door:
        pull(node, door.address)
    usa = Node(pair.usa.folder)
    assert node.store.size(MIRROR) == usa.store.size(RELEASED)
    assert not (pair.ind.folder / stage.FILE).exists()
    for each in (node, usa):
        each.close()
    sound(pair.ind.folder)


def records(pair: Pair, ledger: str = RELEASED, start: int = 0) -> bytes:
    store, made = pair.usa.node.store, bytearray()
    chunk.Expanding(made.extend).take(chunk.chunk(store, ledger, start, store.size(ledger)))
    return bytes(made)


def answers(pair: Pair) -> dict[str, tuple[Iterable[bytes], str]]:
    """What a door may answer for a chunk, and the rule by which it is refused."""
    held = pair.ind.node.store.size(MIRROR)
    good = records(pair, start=held)
    noise = random.Random(1).randbytes(2 * 1024 * 1024)
    return {
        "a bomb": (plain(zlib.compress(bytes(500 * 1024 * 1024), 9)), "line-size"),
        "a bomb of entries": (plain(zlib.compress(chunk.head(b"") * 5_000_000, 9)), "line-size"),
        "more than was asked for": (plain(noise), "line-size"),
        "noise": (plain(noise[:5000]), "line"),
        "compressed noise": (plain(zlib.compress(noise[:500_000])), "root"),
        "nothing": (plain(b""), "line"),
        "an empty stream": (plain(zlib.compress(b"")), "line"),
        "half a stream": (plain(zlib.compress(good)[:-6]), "line"),
        "bytes after the end": (plain(zlib.compress(good) + b"more"), "line-size"),
        "the same entry again": (plain(zlib.compress(good[: len(good) // 3])), "root"),
        "another range": (plain(zlib.compress(records(pair, start=1))), "root"),
        "entries that are here already": (plain(zlib.compress(records(pair))), "root"),
        "the mirror": (plain(zlib.compress(records(pair, MIRROR))), "root"),
        "another text": (plain(zlib.compress(good[:-1] + b"\0")), "body"),
        "no text": (plain(zlib.compress(_without_texts(good))), "body-missing"),
        "no flag": (plain(zlib.compress(good.replace(b"\1", b"\7"))), "line"),
    }


def _without_texts(data: bytes) -> bytes:
    made, at = b"", 0
    while at < len(data):
        end = at + 2 + int.from_bytes(data[at : at + 2], "big")
        leaf, made = data[at + 2 : end], made + data[at:end]
        at = end
        for one in chunk.commitments(leaf):
            at += 1 + 32 + one.size
            made += chunk.ABSENT
    return made


NAMES = [
    "a bomb",
    "a bomb of entries",
    "more than was asked for",
    "noise",
    "compressed noise",
    "nothing",
    "an empty stream",
    "half a stream",
    "bytes after the end",
    "the same entry again",
    "another range",
    "entries that are here already",
    "the mirror",
    "another text",
    "no text",
    "no flag",
]


@pytest.mark.long
@pytest.mark.parametrize("what", NAMES)
def test_a_chunk_that_is_none_changes_nothing_and_the_next_pull_goes_on(pair: Pair, what: str) -> None:
    write(pair)
    made = answers(pair)
    assert list(made) == NAMES
    answer, rule = made[what]
    pair.close()
    with hostile_door(pair.usa.folder, {"/v1/chunk": answer}) as door:
        assert pulled(pair.ind.folder, door.address) == rule
    honest(pair)


@pytest.mark.parametrize("what", ["junk", "texts", "another range", "a record without end"])
def test_what_a_hostile_door_left_staged_spoils_no_later_pull(pair: Pair, what: str) -> None:
    """It cuts the line itself, so that what it sent stays staged, unproved."""
    write(pair)
    held = pair.ind.node.store.size(MIRROR)
    good = records(pair, start=held)
    sent = {
        "junk": chunk.head(b"x" * 60_000) * 3,
        "texts": good[:3000],
        "another range": records(pair, start=1)[:6000],
        "a record without end": chunk.head(good[2 : 2 + int.from_bytes(good[:2], "big")]) + b"\1" + b"s" * 40,
    }[what]
    if what == "texts":  # true entries, but what came of the last text is of another
        sent = good[:-20]
        sent = sent[:-1] + bytes([sent[-1] ^ 1])
    pair.close()
    head = zlib.compressobj()
    packed = head.compress(sent) + head.flush(zlib.Z_SYNC_FLUSH)
    with hostile_door(pair.usa.folder, {"/v1/chunk": iter([CUT, packed])}) as door:
        assert pulled(pair.ind.folder, door.address) == "line"
    assert stage.staged(pair.ind.folder) is not None
    honest(pair)


def test_a_door_that_never_closes_what_it_sends_fills_no_disc(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "STEP_BYTES", 300_000)
    node = Hostile(pair.usa)
    note = node.note(999_999_999_999, bytes(32))
    pair.close()
    page = plain(zlib.compress(chunk.head(b"y" * 65_535) * 60))
    most = 0

    def watched() -> Iterable[bytes]:
        nonlocal most
        while True:
            for part in page:
                path = pair.ind.folder / stage.FILE
                most = max(most, path.stat().st_size if path.exists() else 0)
                yield part

    answers = {
        "/v1/checkpoint": plain(note.encode()),
        "/v1/chunk": watched(),
        "/v1/consistency": plain(b"p" * 32 * 60),
    }
    for _ in range(4):
        with hostile_door(pair.usa.folder, answers) as door:
            assert pulled(pair.ind.folder, door.address) in ("root", "line")
    assert most < 300_000 + 2 * 65_535
    assert (stage.staged(pair.ind.folder) or {"bytes": 0})["bytes"] < 300_000 + 2 * 65_535


class Switching(HostileDoor):
    """Answers honestly, but does something of its own before each answer."""

    def __init__(self, folder: Path, before: Callable[[str, Application], None]) -> None:
        self._before = before
        super().__init__(folder, lambda _: None)

    def honest(self, target: str, application: Application) -> list[bytes]:
        self._before(target, application)
        return super().honest(target, application)


def test_entries_that_come_while_a_pull_goes_on_do_not_hold_it_up(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    """The door goes on serving the checkpoint that the pull began with."""
    monkeypatch.setattr(client, "STEP", 4)
    write(pair)
    size = pair.usa.node.store.size(RELEASED)
    pair.close()

    def busy(target: str, application: Application) -> None:
        if "chunk" in target or "consistency" in target:
            capitals.Capital(application.node, pair.usa.office).comment(pair.record, "meanwhile")
            application.node.checkpoint()  # it is shown to others, or asked for by a second pull

    node = Node(pair.ind.folder)
    with Switching(pair.usa.folder, busy) as door:
        taken = pull(node, door.address)
        assert taken.size == size
        assert sum("/v1/checkpoint" in target for target in door.asked) == 1
        assert pull(node, door.address).size > size
    node.close()
    sound(pair.ind.folder)


def test_a_checkpoint_of_another_history_during_a_pull_takes_nothing_in(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The entries begin as one history and go on as another: only what leads to the signed root is taken in."""
    monkeypatch.setattr(client, "STEP", 4)
    shutil.copytree(pair.usa.folder, tmp_path / "twin")
    write(pair)
    twin = capitals.Capital(Node(tmp_path / "twin"), pair.usa.office)
    for number in range(12):
        twin.comment(pair.record, f"another history {number}")
    held = pair.ind.node.store.size(MIRROR)
    pair.close()
    other, asked = Application(twin.node, verify_peer=False), 0

    class Two(HostileDoor):
        def honest(self, target: str, application: Application) -> list[bytes]:
            nonlocal asked
            asked += "chunk" in target
            return super().honest(target, other if asked > 1 and "chunk" in target else application)

    node = Node(pair.ind.folder)
    with Two(pair.usa.folder, lambda _: None) as door:
        with pytest.raises(Refused) as caught:
            pull(node, door.address)
        assert caught.value.refusals[0].rule == "root"
    assert node.store.size(MIRROR) == held + 4
    assert node.store.voids(MIRROR) == {}
    node.close()
    twin.node.close()
    honest(pair)


def test_a_text_that_was_erased_over_there_while_it_was_half_here_holds_nothing_up(pair: Pair) -> None:
    from dtti.node.line import spill

    long = pair.usa.comment(pair.record, "RECOGNISABLE " + random.Random(2).randbytes(300_000).hex())
    pair.close()
    node = Node(pair.ind.folder)
    erased = False

    class Half(HostileDoor):
        def honest(self, target: str, application: Application) -> list[bytes]:
            nonlocal erased
            made = super().honest(target, application)
            if "chunk" in target and not erased:
                erased = True
                spill.erase(application.node, long.act)
                return [made[0], made[1][: len(made[1]) // 2]]
            return made

    with Half(pair.usa.folder, lambda _: None) as door:
        with pytest.raises(Refused) as caught:  # what the checkpoint covers has no tombstone for it yet
            pull(node, door.address)
        assert caught.value.refusals[0].rule == "body-missing"
        assert erased
    node.close()
    honest(pair)


def test_an_older_office_system_is_understood_and_said(run, pair: Pair) -> None:
    write(pair)
    pair.close()
    former = {path: plain(b"", "404 Not Found") for path in ("/v1/chunk", "/v1/mirror/chunk")}
    with hostile_door(pair.usa.folder, former) as door:
        said = run("exchange", "pull", "--peer", door.address, "--node", pair.ind.folder)
        assert said.code == 0, said.out
        assert "12 texts" in said.out
        assert "of an earlier version" in said.out
        write(Pair(pair.ind, capitals.Capital(Node(pair.usa.folder), pair.usa.office), pair.record), 1)
        said = run("exchange", "pull", "--peer", door.address, "--node", pair.ind.folder, "--json")
        assert (said.json["bodies"], said.json["former"]) == (1, True)
    with hostile_door(pair.usa.folder, {}) as door:
        said = run("exchange", "pull", "--peer", door.address, "--node", pair.ind.folder, "--json")
        assert said.json["former"] is False
    sound(pair.ind.folder)


# --- bad lines -------------------------------------------------------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize("former", [False, True])
def test_a_line_that_is_cut_again_and_again_still_gets_there(
    pair: Pair, former: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(pair, 60)
    pair.usa.comment(pair.record, random.Random(7).randbytes(60_000).hex())
    size = pair.usa.node.store.size(RELEASED)
    pair.close()
    if former:
        answer = Application._answer
        monkeypatch.setattr(
            Application,
            "_answer",
            lambda self, environ: ("404 Not Found", b"") if "chunk" in environ["PATH_INFO"] else answer(self, environ),
        )
    cut = 200_000 if former else 40_000  # of before, no text larger than what a connection carries came through
    node = Node(pair.ind.folder)
    with open_door(pair.usa.folder) as peer, shaped(peer, rate=4_000_000, delay=0.001, cut=cut) as way:
        assert pull(node, way.address).size == size
        assert way.cuts >= (1 if former else 3)
    node.close()
    assert not (pair.ind.folder / stage.FILE).exists()
    sound(pair.ind.folder)


@pytest.mark.long
def test_a_pull_killed_at_any_moment_goes_on_where_it_was(run, pair: Pair) -> None:
    write(pair, 40)
    pair.usa.comment(pair.record, random.Random(7).randbytes(200_000).hex())
    size = pair.usa.node.store.size(RELEASED)
    pair.close()
    set_to(pair.ind.folder)
    found: list[int] = []
    with open_door(pair.usa.folder) as peer, shaped(peer, rate=60_000, delay=0.001) as way:
        for _ in range(3):
            words = ["exchange", "pull", "--peer", way.address, "--node", str(pair.ind.folder)]
            process = subprocess.Popen([sys.executable, "-m", "dtti.cli.main", *words], env=capitals.environment())
            least = found[-1] + 20_000 if found else 20_000
            while process.poll() is None and (stage.staged(pair.ind.folder) or {"bytes": 0})["bytes"] < least:
                time.sleep(0.02)
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            left = stage.staged(pair.ind.folder)
            assert left is not None, "the pull was over before it was killed"
            found.append(left["bytes"])
            said = run("status", "--node", pair.ind.folder, "--json").json["exchange"]["staged"]
            assert said == left
        assert "unfinished pull" in run("status", "--node", pair.ind.folder).out
        before = way.carried
        way.rate = 1_000_000
        assert run("exchange", "pull", "--peer", way.address, "--node", pair.ind.folder, "--json").json["size"] == size
        assert way.carried - before < 250_000  # and not all of it again
    assert found == sorted(found)
    sound(pair.ind.folder)
