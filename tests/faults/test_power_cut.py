"""The power is cut while a command works: what was not synced is dropped, torn and reordered, and nothing is lost."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from tests.faults import power
from tests.faults.striking import COMMANDS, Injected, Stage, Struck, Told, look_after

pytestmark = [pytest.mark.fault, pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")]

NAMES = ("rotate", "erase", "found", "unpack", "round", "seat")
MODES = ("none", "some", "all")
SAMPLED, PARTS = 5, 6


def cuts(
    struck: Struck, stage: Stage, tmp_path: Path, injected: Injected, name: str, part: int, parts: int, most: int = 0
) -> int:
    """Cut the power at every moment of one part of a command's (at most so many); how many that were."""
    command = COMMANDS[name]
    # One folder, whose path stands in the calls: as it was is kept beside.
    place, kept = tmp_path / "place", tmp_path / "kept"
    shutil.copytree(stage.staged, kept)
    shutil.copytree(stage.staged, place)
    before = struck.look("entries", place / command.node)
    run = struck.ask(command.run, *command.words(place, stage), recorded=power.CALLS)
    assert run["said"]["code"] == 0, run["said"]
    done = struck.look("entries", place / command.node)
    lines = run["trace"].splitlines()
    assert "unfinished ..." not in run["trace"]

    def again() -> None:
        shutil.rmtree(place)
        shutil.copytree(kept, place)

    again()
    at = power.moments(place, lines)
    chosen = [(moment, mode) for moment in at for mode in MODES][part::parts]
    if most:
        chosen = chosen[:: max(1, len(chosen) // most)][:most]
    chosen += [(at[-1], mode) for mode in MODES]  # after it was answered: it has to stand
    wrong = []
    for number, (moment, mode) in enumerate(chosen):
        again()
        cut = tmp_path / f"cut-{number}"
        power.replay(place, lines, moment).cut(cut, Random(f"{name} {moment} {mode}"), mode)
        shutil.rmtree(place)
        cut.rename(place)
        power.prepare(place)
        try:
            ended = moment == at[-1]
            told = Told(killed=not ended, code=0 if ended else -1, words="", before=before)
            told.after = struck.look("entries", place / command.node)
            if ended:
                assert told.after == done, "what was answered does not stand"
            look_after(struck, command, place, stage, told)
        except (AssertionError, KeyError) as error:
            wrong.append(f"{name}, cut after call {moment} of {at[-1]} ({lines[moment - 1][:60]}), {mode}: {error}")
            injected(f"{name} under a power cut", False)
        else:
            injected(f"{name} under a power cut", True)
    assert not wrong, f"{len(wrong)} of {len(chosen)} cuts:\n" + "\n".join(wrong)
    return len(chosen)


@pytest.mark.parametrize("name", NAMES)
def test_a_power_cut_at_any_moment_loses_nothing_that_was_answered(
    struck: Struck, staging: Callable[[str], Stage], tmp_path: Path, injected: Injected, name: str
):
    """A few moments of each, others every day."""
    day = datetime.now(UTC).date().toordinal()
    assert cuts(struck, staging(COMMANDS[name].stage), tmp_path, injected, name, day % 7, 7, SAMPLED) > SAMPLED


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", NAMES)
def test_a_power_cut_at_every_moment(
    struck: Struck, staging: Callable[[str], Stage], tmp_path: Path, injected: Injected, name: str, part: int
):
    assert cuts(struck, staging(COMMANDS[name].stage), tmp_path, injected, name, part, PARTS) > SAMPLED


def test_a_disc_that_syncs_nothing_would_be_caught(struck: Struck, staging: Callable[[str], Stage], tmp_path: Path):
    """Were nothing synced, what was answered would not stand after a cut: the replay sees that."""
    stage = staging("joined")
    place = stage.staged
    kept = tmp_path / "kept"
    shutil.copytree(place, kept)
    run = struck.ask("command", "rotate", "--node", place / "ind", recorded=power.CALLS)
    lines = [line for line in run["trace"].splitlines() if "sync(" not in line]
    shutil.rmtree(place)
    shutil.copytree(kept, place)
    before = struck.look("entries", place / "ind")
    shutil.rmtree(place)
    shutil.copytree(kept, place)
    power.replay(place, lines, len(lines)).cut(tmp_path / "cut", Random(1), "none")
    assert struck.look("entries", tmp_path / "cut" / "ind") == before
