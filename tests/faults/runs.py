"""What a child of the server runs: a command of `dtti`, a round, and the looks that are taken at a node afterwards."""

import contextlib
import io
import json
import os
from pathlib import Path
from typing import Any

from dtti.cli import commands, main, people, rounds  # noqa: F401 - imported before the first fork
from dtti.cli.answer import refusals
from dtti.ledger.act import open_leaf
from dtti.ledger.store import LEDGERS
from dtti.node.checking import verify
from dtti.node.core import unfinished
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.line import exchange
from dtti.node.record import journal, read, rebuild
from tests.node import capitals
from tests.node.capitals import Capital


def _passphrase() -> None:
    os.environ["DTTI_PASSPHRASE"] = capitals.PASSPHRASE.decode()


def command(*words: str) -> dict[str, Any]:
    """A command of `dtti`: its exit code, and what it said."""
    _passphrase()
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main.main(words)
        except SystemExit as ended:
            code = int(ended.code or 0)
    return {"code": code, "out": out.getvalue(), "err": err.getvalue()}


def around(folder: str) -> dict[str, Any]:
    """One round of the node, as those of a served node go: an exit code of our own, and what it said."""
    _passphrase()
    try:
        node = Node(Path(folder))
        rounds.go(node)
        node.close()
    except Exception as error:
        found = refusals(error)
        if found is None:
            raise
        return {"code": 1, "out": "", "err": "; ".join(f"{one['reason']}. {one['remedy']}" for one in found)}
    return {"code": 0, "out": "", "err": ""}


def seated(folder: str) -> dict[str, Any]:
    """Who sits at the node, by the list that a person reads."""
    made = command("person", "list", "--json", "--node", folder)
    assert made["code"] == 0, made
    return {"seats": [len(each["seats"]) for each in json.loads(made["out"])]}


def entries(folder: str) -> dict[str, list[str]]:
    """The ids of the acts of each ledger, in order, without opening the node."""
    node = Path(folder)
    from dtti.ledger.store import Store

    if not (node / "ledger.sqlite3").exists():
        return {ledger: [] for ledger in LEDGERS}
    store = Store(node / "ledger.sqlite3")
    try:
        made = store.engine.has_table("head")  # else its founding was cut before
        return {ledger: [open_leaf(leaf).id for leaf in store.leaves(ledger)] if made else [] for ledger in LEDGERS}
    finally:
        store.close()


def opened(folder: str) -> dict[str, Any]:
    """The node opened as its next process would: what is left half done after that, and the key list in force."""
    _passphrase()
    node = Node(Path(folder))
    node.settle()
    behind = node.behind()
    made = {
        "behind": str(behind) if behind else "",
        "left": [one.intent.what for one in unfinished.left(Path(folder))],
        "keys": node.standing.keys.version,
        "rings": sorted(path.name for path in node.folder.keys.iterdir()),
    }
    node.close()
    return made


def shown(folder: str, act: str) -> dict[str, Any]:
    """How the first text of an act is shown, and in which files of the node its words stand."""
    _passphrase()
    node = Node(Path(folder))
    node.settle()
    found = journal.raw_body(node, Viewer(node.side, national=True), act, 0)
    state = getattr(found, "state", "")
    listed = read.listing(node, Viewer(node.side, national=True), words="spilledwords").total
    node.close()
    words = [path.name for path in Path(folder).rglob("*") if path.is_file() and b"SPILLEDWORDS" in path.read_bytes()]
    return {"state": state, "found": listed, "files": words}


def held(folder: str, words: str) -> dict[str, Any]:
    """In which files of a node such words stand."""
    found = [path.name for path in Path(folder).rglob("*") if path.is_file() and words.encode() in path.read_bytes()]
    return {"files": found}


def goes_on(folder: str, other: str, office: str, record: str) -> dict[str, Any]:
    """The node writes once more and exchanges with its counterpart; then both verify. What is wrong, in words."""
    _passphrase()
    capital, partner = Capital(Node(Path(folder)), office), Capital(Node(Path(other)), "")
    wrong: list[str] = []
    if record:
        capital.comment(record, "work goes on")
    capitals.swap(capital, partner)
    for one in (capital, partner):
        for ledger in LEDGERS:
            voids = one.node.store.voids(ledger)
            wrong += [f"{one.side} {ledger} entry {index} is void: {why}" for index, why in voids.items()]
        if exchange.halted(one.node) is not None:
            wrong.append(f"{one.side} is halted")
        wrong += [f"{one.side} record: {each}" for each in rebuild.compare(one.node)]
        one.node.close()
    for each in (folder, other):
        wrong += verified(each)["wrong"]
    return {"wrong": wrong}


def verified(folder: str) -> dict[str, Any]:
    """What `verify` finds in a node."""
    reports = verify.verify(Path(folder))
    return {"wrong": [f"{fault.where}: {fault.reason}" for report in reports for fault in report.faults]}
