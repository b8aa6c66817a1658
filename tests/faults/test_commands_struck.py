"""Each command of several steps, struck at each write, sync, rename and removal: errors, short writes, a kill.

After each: the node opens and verifies, nothing that stood is lost, the command is done or not begun, its message says
what is true, work and exchange go on, and nothing has to be removed or put right by hand.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.faults.striking import COMMANDS, Injected, Stage, Struck, sweep

pytestmark = [pytest.mark.fault, pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")]

SAMPLED, PARTS = 5, 6  # points of each command in every run of the fault tests; parts of a whole sweep
#: Points of one part. Only `rebuild` has more (4,256 in all: it writes the record again in like steps); of its points
#: every fifth is struck, evenly, and each kind of fault in two of the parts.
MOST = 140


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_that_is_struck_is_done_or_not_begun_and_says_so(
    struck: Struck, staging: Callable[[str], Stage], tmp_path: Path, injected: Injected, name: str
):
    """A few points of each, others every day."""
    stage, day = staging(COMMANDS[name].stage), datetime.now(UTC).date().toordinal()
    assert sweep(struck, stage, tmp_path, injected, name, day % 7, 7, SAMPLED) >= SAMPLED


@pytest.mark.sweep
@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", COMMANDS)
def test_every_point_of_every_command(
    struck: Struck, staging: Callable[[str], Stage], tmp_path: Path, injected: Injected, name: str, part: int
):
    assert sweep(struck, staging(COMMANDS[name].stage), tmp_path, injected, name, part, PARTS, MOST) >= 10
