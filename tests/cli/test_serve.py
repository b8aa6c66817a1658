"""Two served nodes, in processes of their own: rounds, stopping, killed pulls, many writers at once."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from dtti.api.worker import UNSHAKEN
from dtti.ledger import act as acts
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.folder import config, timekeeping
from dtti.node.keeping import upkeep
from tests.cli.served import PATIENCE, answers, command, connect, free_ports, serving
from tests.node import capitals
from tests.node.capitals import Capital, Pair

LONG = 3600  # seconds between rounds: none but the first happens while a test looks


def sizes(capital: Capital) -> tuple[int, int]:
    node = Node(capital.folder)
    try:
        return node.store.size(RELEASED), node.store.size(MIRROR)
    finally:
        node.close()


def sound(*capitals_: Capital) -> None:
    for each in capitals_:
        reports = verify.verify(each.folder)
        assert [fault for report in reports for fault in report.faults] == []


@pytest.mark.long
def test_a_pull_brings_what_is_new_and_the_rounds_do_the_rest(run, pair: Pair):
    record, offer = capitals.propose(pair.usa, "ex-radar")
    connect(pair)
    with serving(pair.ind.folder, "--every", 1), serving(pair.usa.folder, "--every", 1):
        limit = time.monotonic() + PATIENCE
        while sizes(pair.ind)[1] <= offer.index:
            assert time.monotonic() < limit
            time.sleep(0.2)
        pulled = run("exchange", "pull", "--node", pair.ind.folder, "--json")
        assert pulled.code == 0
        accepted = run("act", "accept", "ex-radar", "--office", "IND/ex-sec", "--node", pair.ind.folder, "--json")
        assert accepted.json["record"] == record
        while True:
            shown = run("show", "ex-radar", "--node", pair.ind.folder, "--json").json
            if shown["state"]["grade"] == "agreed_here":
                break
            assert time.monotonic() < limit, shown
            time.sleep(0.2)
    sound(pair.ind, pair.usa)


HELLO = bytes.fromhex("1603010200010001fc0303") + bytes(40)  # how a handshake begins, and does not go on


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(b"", id="nothing", marks=pytest.mark.long),
        pytest.param(b"\x16", id="a byte", marks=pytest.mark.long),
        pytest.param(HELLO, id="half", marks=pytest.mark.long),
        pytest.param(b"GET / HTTP/1.1\r\n\r\n", id="http"),
    ],
)
def test_who_connects_and_does_not_shake_hands_holds_no_place(run, pair: Pair, said: bytes):
    """More of them than the door has threads and keeps unshaken, all there while the other capital pulls."""
    made = pair.usa.comment(pair.record, "to be pulled")
    connect(pair)
    host, _, port = config.read(pair.usa.folder).exchange_address.rpartition(":")
    with serving(pair.usa.folder, "--every", LONG) as process:
        silent = []
        for _ in range(2 * (UNSHAKEN + 8)):
            silent.append(socket.create_connection((host, int(port)), timeout=PATIENCE))
            if said:
                silent[-1].sendall(said)
        pulled = run("exchange", "pull", "--node", pair.ind.folder, "--json")
        assert pulled.code == 0, pulled.out
        assert pulled.json["size"] == made.index + 1
        for each in silent:  # every one of them is closed, sooner or later
            with suppress(ConnectionResetError):
                while each.recv(4096):
                    pass
            each.close()
        assert run("exchange", "pull", "--node", pair.ind.folder).code == 0
        assert process.poll() is None
    sound(pair.ind, pair.usa)


@pytest.mark.long
def test_sigterm_stops_every_process_of_a_served_node(pair: Pair):
    connect(pair)
    with serving(pair.usa.folder, "--every", LONG) as process:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        assert len(children) in (1, 2)  # the exchange door, and the round while it lasts
        process.terminate()
        process.wait(PATIENCE)
    assert process.returncode == 0
    assert not answers(config.read(pair.usa.folder).exchange_address)
    assert not [child for child in children if Path(f"/proc/{child}").exists()]


def part(process: subprocess.Popen[str], name: str) -> int | None:
    """The process of a served node that is so called; None where there is none."""
    for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split():
        with suppress(OSError):
            if Path(f"/proc/{child}/comm").read_text().strip() == f"dtti-{name}":
                return int(child)
    return None


@pytest.mark.fault
def test_a_part_that_dies_is_started_again_and_one_that_cannot_run_stops_all(pair: Pair):
    connect(pair)
    address = config.read(pair.usa.folder).exchange_address
    with serving(pair.usa.folder, "--every", LONG) as process:
        door = part(process, "exchange")
        assert door is not None
        os.kill(door, signal.SIGTERM)
        limit = time.monotonic() + PATIENCE
        while part(process, "exchange") in (None, door) or not answers(address):
            assert time.monotonic() < limit
            time.sleep(0.1)
        blocked = subprocess.run(
            command("serve", "--no-pages", "--node", pair.usa.folder),
            capture_output=True,
            text=True,
            env=capitals.environment(),
            timeout=PATIENCE,
        )
        assert blocked.returncode == 1
        assert "exchange cannot run" in blocked.stderr
        assert answers(address)


@pytest.mark.fault
def test_a_round_that_is_killed_is_followed_by_the_next_and_the_door_stays_open(pair: Pair):
    connect(pair)
    address, killed = config.read(pair.usa.folder).exchange_address, 0
    with serving(pair.usa.folder, "--every", 1) as process:
        limit = time.monotonic() + PATIENCE
        while killed < 2:
            assert time.monotonic() < limit
            if (round_ := part(process, "rounds")) is not None:
                os.kill(round_, signal.SIGKILL)
                killed += 1
                while part(process, "rounds") == round_:
                    time.sleep(0.01)
            time.sleep(0.01)
        (pair.usa.folder / upkeep.ROUND).unlink(missing_ok=True)
        while upkeep.last_round(pair.usa.folder) is None:
            assert time.monotonic() < limit
            time.sleep(0.1)
        assert answers(address)
        assert process.poll() is None
    sound(pair.usa)


@pytest.mark.long
def test_what_goes_wrong_in_each_round_is_said_once_and_again_after_a_start(pair: Pair):
    connect(pair)  # and nobody serves the other side's door
    for _start in range(2):
        begun = timekeeping.MachineClock()()
        process = subprocess.Popen(
            command("serve", "--no-pages", "--no-exchange", "--every", "1", "--node", pair.usa.folder),
            stderr=subprocess.PIPE,
            text=True,
            env=capitals.environment(),
        )
        seen, limit = set[str](), time.monotonic() + PATIENCE
        while len(seen) < 3:
            last = upkeep.last_round(pair.usa.folder)
            if last is not None and last.time >= begun:
                assert last.rule == "line"
                seen.add(last.time)
            assert time.monotonic() < limit
            time.sleep(0.05)
        process.terminate()
        said = process.communicate(timeout=PATIENCE)[1]
        assert said.count("(rule line") == 1, said


def test_a_served_node_whose_keys_do_not_open_says_so_at_once(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    connect(pair)
    monkeypatch.setenv("DTTI_PASSPHRASE", "another")
    ended = subprocess.run(
        command("serve", "--no-pages", "--node", pair.usa.folder), capture_output=True, text=True, timeout=PATIENCE
    )
    assert ended.returncode == 1
    assert "rule: keys" in ended.stderr


@pytest.mark.fault
def test_a_pull_killed_at_any_moment_leaves_all_or_nothing(run, pair: Pair):
    for number in range(120):
        pair.usa.comment(pair.record, f"{number} " + "words " * 300)
    size = pair.usa.node.store.size(RELEASED)
    connect(pair)
    held = sizes(pair.ind)[1]
    outcomes = set()
    with serving(pair.usa.folder, "--every", LONG):
        for step in range(12):
            process = subprocess.Popen(
                command("exchange", "pull", "--node", pair.ind.folder),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=capitals.environment(),
            )
            wal = pair.ind.folder / "ledger.sqlite3-wal"
            before = wal.stat().st_size if wal.exists() else 0
            if step % 2:  # in the middle of writing what came
                while process.poll() is None and (wal.stat().st_size if wal.exists() else 0) <= before:
                    time.sleep(0.002)
            else:  # at some moment before or after
                time.sleep(0.1 * step)
            process.kill()
            process.communicate()
            now = sizes(pair.ind)[1]
            outcomes.add(now)
            assert now in (held, size)
            sound(pair.ind)
            if now == size:
                break
        final = run("exchange", "pull", "--node", pair.ind.folder, "--json")
        assert final.code == 0
        assert sizes(pair.ind)[1] == size
    sound(pair.ind, pair.usa)


WRITER = """
import sys
from pathlib import Path
from dtti.accord import table
from dtti.node.core import text
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
folder, office, record, name, count = sys.argv[1:]
node = Node(Path(folder))
for number in range(int(count)):
    words = text.Text(remarks=f"{name} {number}")
    receipt = node.write(Draft("comment", record, table.Plain(), office, (words,)))
    print(receipt.act, receipt.index, flush=True)
"""


@pytest.mark.fault
def test_many_writers_doors_rounds_and_pulls_at_once_make_no_error_and_no_gap(run, pair: Pair):
    connect(pair)
    writers: list[subprocess.Popen[str]] = []
    with serving(pair.ind.folder, "--every", 1) as one, serving(pair.usa.folder, "--every", 1) as other:
        for capital in (pair.ind, pair.ind, pair.ind, pair.usa, pair.usa):
            name = f"{capital.side}-{len(writers)}"
            writers.append(
                subprocess.Popen(
                    [sys.executable, "-c", WRITER, str(capital.folder), capital.office, pair.record, name, "25"],
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    text=True,
                    env=capitals.environment(),
                )
            )
        while any(writer.poll() is None for writer in writers):
            for folder in (pair.ind.folder, pair.usa.folder):
                said = run("exchange", "pull", "--node", folder, "--json")
                assert said.code == 0, said.out
                assert said.json["void"] == 0
        ended = [writer.communicate(timeout=PATIENCE) for writer in writers]
        assert [err for _, err in ended] == [""] * len(writers)
        assert one.poll() is None
        assert other.poll() is None
        for folder in (pair.ind.folder, pair.usa.folder) * 2:
            assert run("exchange", "pull", "--node", folder).code == 0
    for capital, written in ((pair.ind, ended[:3]), (pair.usa, ended[3:])):
        receipts = [line.split() for out, _ in written for line in out.splitlines()]
        assert len(receipts) == 25 * len(written)
        assert len({index for _, index in receipts}) == len(receipts)
        node = Node(capital.folder)
        leaves = [acts.open_leaf(leaf) for leaf in node.store.leaves(RELEASED)]
        assert [one.act.index for one in leaves] == list(range(len(leaves)))
        assert all(leaves[int(index)].id == act for act, index in receipts)
        node.close()
    sound(pair.ind, pair.usa)


@pytest.mark.fault
def test_sighup_starts_all_anew_with_the_settings_as_they_are_then(pair: Pair):
    connect(pair)
    (port,) = free_ports(1)
    with serving(pair.usa.folder, "--every", LONG) as process:
        now = config.read(pair.usa.folder)
        moved = f"127.0.0.1:{port}"
        config.write(pair.usa.folder, config.msgspec.structs.replace(now, exchange_address=moved))
        process.send_signal(signal.SIGHUP)
        limit = time.monotonic() + PATIENCE
        while not answers(moved):
            assert process.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.1)
        assert not answers(now.exchange_address)


def still_served(process: "subprocess.Popen[str]", address: str) -> None:
    """The door answers again, and the process is the one that was started."""
    limit = time.monotonic() + PATIENCE
    while not answers(address):
        assert process.poll() is None
        assert time.monotonic() < limit
        time.sleep(0.1)


@pytest.mark.fault
@pytest.mark.parametrize("apart", [0.0, 0.4, 1.0, 1.6])
def test_a_second_sighup_and_a_sigterm_meanwhile_are_heard(pair: Pair, apart: float):
    """Whatever it is doing when the signal comes: stopping, becoming itself anew, reading, or serving again."""
    connect(pair)
    address = config.read(pair.usa.folder).exchange_address
    with serving(pair.usa.folder, "--every", LONG) as process:
        for number in (signal.SIGHUP, signal.SIGHUP):
            process.send_signal(number)
            time.sleep(apart)
        still_served(process, address)
        process.send_signal(signal.SIGHUP)
        time.sleep(apart)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert not answers(address)


@pytest.mark.fault
def test_a_setting_that_cannot_be_read_stops_nothing_that_runs(pair: Pair):
    connect(pair)
    address = config.read(pair.usa.folder).exchange_address
    file = pair.usa.folder / config.FILE
    with serving(pair.usa.folder, "--every", LONG) as process:
        good = file.read_text("utf-8")
        file.write_text(good + "\noffer_days = 9999\n", "utf-8")
        process.send_signal(signal.SIGHUP)
        time.sleep(1.5)
        assert process.poll() is None
        assert answers(address)
        file.write_text(good, "utf-8")
        process.send_signal(signal.SIGHUP)
        time.sleep(0.5)
        still_served(process, address)
