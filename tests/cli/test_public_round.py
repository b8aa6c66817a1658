"""A served node makes its public folder by itself: where what is public changed, and where it is not there."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.keeping import upkeep
from dtti.node.line import published
from dtti.programme.published import record_id
from tests.cli.served import PATIENCE, command
from tests.node import capitals
from tests.node.capitals import Pair

pytestmark = pytest.mark.long


def publish(folder: Path, ref: str) -> None:
    told = {"ref": ref, "name": f"Event {ref}", "scope": "external", "category": "law", "date": "2020"}
    node = Node(folder)
    published.put(node, [("event", record_id("event", ref), {**told, "cite": {"confidence": "unverified"}})])
    node.close()


def wanted(folder: Path, out: Path, url: str = "") -> None:
    settings = msgspec.structs.replace(config.read(folder), public=config.Public(str(out), url))
    config.write(folder, settings)


@contextmanager
def served(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The rounds of a node alone, a second apart."""
    process = subprocess.Popen(
        command("serve", "--no-pages", "--no-exchange", "--every", "1", "--node", folder),
        stderr=subprocess.PIPE,
        text=True,
        env=capitals.environment(),
    )
    try:
        yield process
    finally:
        process.terminate()
        process.said = process.communicate(timeout=PATIENCE)[1]  # type: ignore[attr-defined]


def until(true: Callable[[], Any]) -> None:
    limit = time.monotonic() + 2 * PATIENCE
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.1)


def titles(out: Path) -> set[str]:
    try:
        return {each["content"]["name"] for each in json.loads((out / "data" / "event.json").read_bytes())}
    except OSError:
        return set()


def test_the_folder_is_made_again_where_what_is_public_changed_or_where_it_is_gone(pair: Pair, tmp_path: Path) -> None:
    folder, out = pair.usa.folder, tmp_path / "www" / "public"
    publish(folder, "first")
    wanted(folder, out, "https://dtti.example/record")
    with served(folder) as process:
        until(lambda: titles(out) == {"Event first"})
        assert "https://dtti.example/record/" in (out / "sitemap.xml").read_text()
        until(lambda: upkeep.last_public(folder))
        made = os.stat(out).st_ino
        pair.usa.comment(pair.record, "told to the other capital, and not public")
        rounds = upkeep.last_round(folder)
        until(lambda: upkeep.last_round(folder) != rounds)
        publish(folder, "second")
        until(lambda: titles(out) == {"Event first", "Event second"})
        assert os.stat(out).st_ino != made
        made = os.stat(out).st_ino
        out.rename(tmp_path / "taken-away")
        until(lambda: titles(out) == {"Event first", "Event second"})
        assert process.poll() is None


def test_a_folder_that_is_somebody_elses_is_left_alone_and_status_says_so(run, pair: Pair, tmp_path: Path) -> None:
    folder, out = pair.usa.folder, tmp_path / "taken"
    out.mkdir()
    (out / "letters.txt").write_text("not made here")
    publish(folder, "first")
    wanted(folder, out)
    with served(folder) as process:
        until(lambda: (last := upkeep.last_public(folder)) and last.rule)
        first = upkeep.last_round(folder)
        until(lambda: upkeep.last_round(folder) != first)
    assert process.said.count("(rule public-folder") == 1, process.said  # type: ignore[attr-defined]
    assert [each.name for each in out.iterdir()] == ["letters.txt"]
    assert "was not made by rule public-folder" in run("status", "--node", folder).out


def test_no_folder_inside_the_nodes_own_is_served(pair: Pair) -> None:
    wanted(pair.usa.folder, pair.usa.folder / "public")
    with pytest.raises(config.ConfigError, match="inside the node's own folder"):
        config.read(pair.usa.folder)
