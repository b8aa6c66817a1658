"""Each mutant is killed: with the rule taken out, one of the tests named for it fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.mutants import MUTANTS, Mutant

ROOT = Path(__file__).resolve().parents[2]
FAILED = 1  # pytest's exit code where tests ran and one failed; anything else says nothing about the rule


@pytest.mark.sweep
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutant_is_killed(mutant: Mutant, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DTTI_"))}
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-x", "-q", "-p", "tests.mutants.plugin", "-n", "0"),
            *("-o", f"cache_dir={tmp_path}", *mutant.tests),
        ],
        cwd=ROOT,
        env=kept | {"MUTANT": mutant.name},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert ran.returncode == FAILED, f"survived: {mutant.name}\n{ran.stdout[-2000:]}{ran.stderr[-2000:]}"


def test_every_mutant_has_a_name_of_its_own_and_tests_that_are_there() -> None:
    assert len({each.name for each in MUTANTS}) == len(MUTANTS)
    for each in MUTANTS:
        assert all((ROOT / path).is_file() for path in each.tests), each.name
