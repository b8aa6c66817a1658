"""The public folder takes the place of the one before it at one stroke, and whatever fails then, one of both stands."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.bench import making
from tests.conftest import ROOT

from .test_public_kept import held, make

pytestmark = [
    pytest.mark.fault,
    pytest.mark.long,
    pytest.mark.xdist_group("public-put"),
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]


def struck(folder: Path, out: Path, *faults: str) -> subprocess.CompletedProcess[str]:
    """Make the folder while strace injects faults into the process that puts it in place."""
    injected = [word for fault in faults for word in ("-e", f"inject={fault}")]
    command = [sys.executable, "-m", "dtti.cli.main", "public", "--node", str(folder), "--out", str(out)]
    return subprocess.run(
        ["strace", "-qq", "-o", "/dev/null", "-e", "trace=rename,renameat2", *injected, *command],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        timeout=300,
    )


def test_whatever_fails_as_it_is_put_in_place_one_of_both_folders_stands(tmp_path: Path) -> None:
    out, folder = tmp_path / "out", tmp_path / "node"
    making.alone(folder).close()  # nothing public: as few pages as there are
    make(folder, out)
    (out / "before.html").write_text("what stood before")
    was = held(out)

    def lost() -> list[Path]:
        return list(tmp_path.glob(".out.making-*"))

    # A disc that knows no exchange, and two renames that fail: what stood before is kept, said, and put back.
    failed = struck(folder, out, "renameat2:error=ENOSYS", "rename:error=EIO:when=2..3")
    assert (failed.returncode, "Traceback" in failed.stderr) == (1, False), failed.stderr
    (old,) = tmp_path.glob(".out.making-*/*/old")
    assert held(old) == was
    assert f"what stood there is in {old}" in failed.stderr
    assert not out.exists()
    failed = struck(
        folder, out, "renameat2:error=EIO"
    )  # the next run puts it back first, and fails, as nothing happened
    assert (failed.returncode, held(out) == was, lost()) == (1, True, []), failed.stderr
    # An interrupt between the two.
    struck(folder, out, "renameat2:error=ENOSYS", "rename:signal=INT:when=1")
    assert (held(out) == was, lost()) == (True, [])
    # Both in place, and no note of it: the new one stands, and that is said.
    made = struck(folder, out, "rename:error=EIO:when=1")
    assert (made.returncode, "It stands. No note of it could be kept" in made.stdout) == (0, True), made.stderr
    assert "before.html" not in held(out)
    assert make(folder, out)["kept"] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.kept", "node", "out"]


_LACKING = """
import sys
from pathlib import Path
import msgspec
from dtti.accord.refusal import Refused
from dtti.node.people import accounts
folder, out = Path(sys.argv[1]), Path(sys.argv[2])
accounts.start(folder)
from dtti.node.core.node import Node
from dtti.web.public import feed
from dtti.web.public.folder import make
found = feed.changes
def changes(node, viewer):
    held = found(node, viewer)
    return [*held, msgspec.structs.replace(held[0], record="project/PUB/" + "a" * 16, name="a" * 16)]
feed.changes = changes
try:
    make(Node(folder), out, processes=1)
except Refused as refused:
    print(refused.refusals[0].rule, refused.refusals[0].reason)
"""


def test_a_folder_in_which_a_public_record_has_no_page_takes_no_folders_place(tmp_path: Path) -> None:
    out, folder = tmp_path / "out", tmp_path / "node"
    node = making.alone(folder)
    making.publish(node, 1)
    node.close()
    make(folder, out)
    was = held(out)
    done = subprocess.run(
        [sys.executable, "-c", _LACKING, str(folder), str(out)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
    )
    assert done.stdout.strip() == "public-whole 1 public records were not there while their pages were made."
    assert held(out) == was
    assert list(tmp_path.glob(".out.making-*")) == []
