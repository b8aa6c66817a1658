"""A folder that is made again from what stood before is, byte for byte, the one that is made from nothing."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.bench import making
from tests.conftest import ROOT

from dtti.node.core.node import Node
from dtti.node.line import published
from dtti.programme import walk
from dtti.programme.kinds import KINDS
from dtti.programme.published import load, record_id
from dtti.web.public import kept

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("public-kept")]

FEW = 1  # records of each kind, with all that they name


def make(folder: Path, out: Path) -> dict[str, Any]:
    """Make the folder by the command."""
    words = [sys.executable, "-m", "dtti.cli.main", "public", "--node", str(folder), "--out", str(out), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "src")})
    assert done.returncode == 0, done.stderr[-3000:]
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def held(folder: Path) -> dict[str, bytes]:
    return {each.relative_to(folder).as_posix(): each.read_bytes() for each in folder.rglob("*") if each.is_file()}


def different(one: Path, other: Path) -> list[str]:
    first, second = held(one), held(other)
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def state(node: Node, kind: str, content: dict[str, Any]) -> None:
    """State a published record, or its next text."""
    record = record_id(kind, content["ref"])
    node.write_all([published._draft(record, KINDS[kind].tidy(content))])


def some() -> list[published.Item]:
    """A little of the public record: the first of each kind, and all that these name."""
    packaged = {f"{each.kind}:{each.ref}": each for each in load()}
    numbered, waiting, kept_ = Counter[str](), list[str](), set[str]()
    for link, each in packaged.items():
        numbered[each.kind] += 1
        waiting += [link] if numbered[each.kind] <= FEW else []
    while waiting:
        link = waiting.pop()
        if link in packaged and link not in kept_:
            kept_.add(link)
            waiting += walk.links(packaged[link].content)
    return [item for item in published.items() if f"{item[0]}:{item[2]['ref']}" in kept_]


@pytest.fixture
def node(tmp_path: Path) -> Iterator[Node]:
    made = making.alone(tmp_path / "node")
    published.put(made, some())
    making.publish(made, 12)
    yield made
    made.close()


def _another_day(out: Path) -> None:
    """Let the run before have been on an earlier day; few pages of projects hang on it."""
    note = msgspec.json.decode(kept.place(out).read_bytes(), type=kept.Note)
    dated = {address for address, page in note.pages.items() if page.dated}
    projects = {address for address in note.pages if re.match(r"(/hi)?/projects/[a-z0-9]+/", address)}
    assert 0 < len(projects & dated) < len(projects) / 4
    note.day = "2026-01-01"
    kept.place(out).write_bytes(msgspec.json.encode(note))


def test_what_is_kept_from_the_run_before_is_what_is_made_from_nothing(node: Node, tmp_path: Path) -> None:
    out, folder = tmp_path / "out", node.folder.path
    first = make(folder, out)
    assert (first["kept"], first["anew"]) == (0, first["pages"] + first["others"])
    was = held(out)
    again = make(folder, out)
    assert again["anew"] == 0
    assert again["pages"] == first["pages"]
    _another_day(out)
    on_another_day = make(folder, out)
    assert 0 < on_another_day["anew"] < on_another_day["kept"]
    assert held(out) == was
    page = next(out.glob("meetings/*.html"))
    page.write_text("somebody wrote here")
    mended = make(folder, out)
    assert 0 < mended["anew"] < 10
    assert held(out) == was
    cite = {"cite": {"confidence": "unverified"}}
    project = making.project(3) | cite
    project["statements"] = [{**row, **cite} for row in project["statements"]]
    state(node, "project", project | {"name": "Another name altogether", "purpose": "Another purpose."})
    state(node, "project", project | {"ref": "bench-new", "name": "A project that is new"})
    meeting = next(one for one in load() if one.kind == "meeting")
    text = KINDS["meeting"].write(meeting.content)
    state(node, "meeting", {**text, "outcomes": [*text.get("outcomes", ()), "An outcome found later."]})
    changed = make(folder, out)
    assert 0 < changed["anew"] < changed["kept"]
    make(folder, tmp_path / "fresh")
    assert different(out, tmp_path / "fresh") == []
    assert b"Another name altogether" in (out / "projects.html").read_bytes()
    was = held(out)
    note = kept.place(out)
    assert note.stat().st_mode & 0o077 == 0
    note.write_bytes(note.read_bytes()[:-9])  # a note that cannot be read keeps nothing
    assert make(folder, out)["kept"] == 0
    assert held(out) == was
