"""Files on which papers once went wrong, kept beside the repository; where they are not, their tests are skipped."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT.parent / "shared" / "cases" / "papers"
SAMPLES = ROOT / "src" / "dtti" / "papers" / "samples"


def case(name):
    """The path of one of these files, by its folder and the beginning of its name."""
    folder, _, start = name.rpartition("/")
    found = sorted((CASES / folder).glob(f"{start}-*"))
    if not found:
        pytest.skip(f"the case {name} is not beside this repository")
    return found[0]
