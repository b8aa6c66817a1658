"""The high-water mark fails closed: missing, zeroed, cut or not readable, nothing is signed until it is resolved."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.ledger.store import RELEASED
from dtti.node.checking import verify
from dtti.node.core import mark as marks
from dtti.node.core.mark import Mark
from dtti.node.folder import config
from dtti.node.keeping import status
from dtti.node.line import recover
from tests.node import capitals
from tests.node.capitals import Capital, Pair

LAST = "ab" * 32


def former(path: Path) -> None:
    """The mark as the version before this wrote it: one line, no checksum."""
    path.write_bytes(msgspec.json.encode(marks.read(path)).ljust(255) + b"\n")


def unmade(capital: Capital) -> None:
    """The store as an earlier version left it: nothing noted of a mark."""
    engine = capital.node.store.engine
    engine.run("DROP TABLE fact")
    engine.set_version(0)  # it said none
    capital.node.close()


HARMS: dict[str, Callable[[Path], object]] = {
    "missing": lambda path: path.unlink(),
    "empty": lambda path: path.write_bytes(b""),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "cut in half": lambda path: path.write_bytes(path.read_bytes()[:512]),
    "other bytes": lambda path: path.write_bytes(os.urandom(1024)),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.long
@pytest.mark.parametrize("harm", HARMS.values(), ids=HARMS)
def test_without_a_mark_that_can_be_read_nothing_is_signed_and_status_says_so(
    pair: Pair, harm: Callable[[Path], object]
):
    ind = pair.ind
    size = ind.node.store.size(RELEASED)
    harm(ind.folder / "mark")
    for capital in (ind, ind.again()):
        with pytest.raises(Refused) as refused:
            capital.comment(pair.record, "from what may be an old copy")
        assert refused.value.refusals[0].rule == "mark"
        capital.node.settle()  # reading goes on, and makes no mark
        assert capital.node.behind() is not None
    assert capital.node.store.size(RELEASED) == size
    assert [one["rule"] for one in status.status(capital.node)["amiss"]] == ["mark"]
    capital.node.close()
    command = [Path(sys.executable).parent / "dtti", "status", "--node", ind.folder]
    said = subprocess.run(command, capture_output=True, text=True, check=False, env=capitals.environment())
    assert said.returncode == 2
    assert "the high-water mark" in said.stdout
    assert "dtti recover" in said.stdout
    faults = [fault for report in verify.verify(ind.folder) for fault in report.faults]
    assert [fault.rule for fault in faults] == ["mark"]
    with pytest.raises(Refused):
        capitals.carry(pair.usa, Capital(capital.node, ind.office))


def test_on_a_disc_that_is_absent_the_mark_is_not_made_anew(pair: Pair, tmp_path: Path):
    disc = tmp_path / "disc"
    disc.mkdir()
    settings = config.read(pair.ind.folder)
    config.write(pair.ind.folder, msgspec.structs.replace(settings, mark_file=str(disc / "mark")))
    shutil.move(pair.ind.folder / "mark", disc / "mark")
    again = pair.ind.again()
    again.comment(pair.record, "on its new disc")
    disc.rename(tmp_path / "unmounted")
    with pytest.raises(Refused) as refused:
        again.comment(pair.record, "the disc is away")
    assert refused.value.refusals[0].rule == "mark"
    assert str(disc / "mark") in refused.value.refusals[0].reason
    assert not disc.exists()
    (tmp_path / "unmounted").rename(disc)
    again.comment(pair.record, "it is back")
    again.node.close()


def test_a_mark_that_is_lost_for_good_is_made_anew_by_comparing_with_the_counterpart(pair: Pair):
    pair.swap()
    (pair.ind.folder / "mark").unlink()
    own, theirs = recover.read_given_back(pair.ind.node, recover.give_back(pair.usa.node))
    made = capitals.recovered(pair.ind.node, own, theirs)
    assert made.sure
    assert pair.ind.comment(pair.record, "signs again").index == marks.read(pair.ind.folder / "mark").released - 1


def test_an_old_copy_that_lost_its_mark_does_not_fork_but_takes_back_what_it_forgot(pair: Pair, tmp_path: Path):
    pair.close()
    shutil.copytree(pair.ind.folder, tmp_path / "old")
    ind, usa = pair.ind.again(), pair.usa.again()
    receipt = ind.comment(pair.record, "after the copy was made")
    capitals.carry(ind, usa)
    ind.node.close()
    (tmp_path / "old" / "mark").unlink()
    old = Capital(capitals.Node(tmp_path / "old"), ind.office)
    with pytest.raises(Refused):
        old.comment(pair.record, "a fork")
    capitals.recovered(old.node, *recover.read_given_back(old.node, recover.give_back(usa.node)))
    assert old.node.store.find(receipt.act) is not None
    assert old.comment(pair.record, "no fork").index > receipt.index
    assert capitals.carry(old, usa).void == 0
    old.node.close()
    usa.node.close()


@pytest.mark.parametrize("has", [True, False], ids=["with its mark", "with none"])
def test_a_node_of_the_version_before_this_goes_on_and_its_mark_counts_from_then_on(pair: Pair, has: bool):
    path = pair.ind.folder / "mark"
    before = marks.read(path)
    former(path)
    assert marks.read(path) == before
    if not has:
        path.unlink()
    unmade(pair.ind)
    again = pair.ind.again()
    assert status.status(again.node)["amiss"] == []
    again.comment(pair.record, "upgraded")
    assert marks.read(path).released == before.released + 1
    assert path.stat().st_size == 1024
    path.unlink()
    again = again.again()
    with pytest.raises(Refused):
        again.comment(pair.record, "now it has to be there")
    again.node.close()


@pytest.mark.parametrize("size", [0, 100, 255])
def test_a_mark_of_the_version_before_this_that_was_cut_is_no_mark(pair: Pair, size: int):
    path = pair.ind.folder / "mark"
    former(path)
    path.write_bytes(path.read_bytes()[:size])
    unmade(pair.ind)
    again = pair.ind.again()
    with pytest.raises(Refused):
        again.comment(pair.record, "nobody knows")
    again.node.close()


# --- its file --------------------------------------------------------------------------------------------------------


def stepped(path: Path, count: int) -> list[bytes]:
    """The file after each of so many steps."""
    marks.write(path, Mark())
    states = [path.read_bytes()]
    for number in range(1, count + 1):
        marks.advance(path, Mark(number, number // 2, LAST))
        assert marks.read(path) == Mark(number, number // 2, LAST)
        states.append(path.read_bytes())
    return states


def test_a_power_cut_between_any_two_steps_leaves_a_mark_that_is_no_further_and_near(tmp_path: Path):
    """Each slot may be, sector by sector, of any moment since the file was last made durable, or torn."""
    path = tmp_path / "mark"
    states = stepped(path, 140)
    for now in range(1, len(states)):
        durable = (now - 1) // 64 * 64  # the last step that was synced before the other slot had its turn
        for first in {durable, (durable + now) // 2, now}:
            for torn in (False, True):
                old, new = states[first], states[now]
                made = bytearray(old)
                for at in (0, 512):
                    if old[at : at + 512] != new[at : at + 512] and torn:
                        made[at : at + 40] = new[at : at + 40]
                path.write_bytes(bytes(made))
                found = marks.read(path)
                assert durable <= found.released <= now, (now, first, torn)
                marks.advance(path, Mark(now + 1, now, LAST))  # and the next step is taken from there
                assert marks.read(path).released == now + 1
                assert marks.damage(path) == ""


def test_it_never_goes_back(tmp_path: Path):
    path = tmp_path / "mark"
    marks.write(path, Mark(10, 5, LAST))
    for less in (Mark(9, 5, LAST), Mark(10, 4, LAST), Mark(9, 6, LAST)):
        marks.advance(path, less)
        assert marks.read(path) == Mark(10, 5, LAST)
    marks.advance(path, Mark(10, 6, LAST))
    assert marks.read(path) == Mark(10, 6, LAST)


def _climb(path: Path, start: int) -> None:
    for number in range(start, start + 400, 2):
        marks.advance(path, Mark(number, number, LAST))


def test_two_processes_that_move_it_at_once_leave_the_further_one(tmp_path: Path):
    path = tmp_path / "mark"
    marks.write(path, Mark())
    climbers = [get_context("spawn").Process(target=_climb, args=(path, start)) for start in (1, 2)]
    for each in climbers:
        each.start()
    for each in climbers:
        each.join()
        assert each.exitcode == 0
    assert marks.read(path) == Mark(400, 400, LAST)
