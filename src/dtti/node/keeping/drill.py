"""A restore drill: a backup restored into a temporary place, verified, compared with the node at work. Leaves nothing.

It shows what only a restore can show: that the file opens, that its ledgers verify and are the beginning of the live
ones, that its record can be made, that its accounts open, that its key rings open with the passphrase of the node.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec

from dtti.ledger import keyfile
from dtti.ledger.store import LEDGERS, MIRROR
from dtti.node.checking.verify import Tell, Verification
from dtti.node.checking.verify_files import rings
from dtti.node.core.node import Node
from dtti.node.folder import config as settings
from dtti.node.folder.files import workplace

from . import restore
from .backup_file import ACCOUNTS, unwritten


class Compared(msgspec.Struct, frozen=True):
    """Something counted in the backup and in the node at work."""

    what: str
    backup: int
    live: int


class Drilled(msgspec.Struct, frozen=True):
    """What a drill found. `faults` is empty where the backup can stand in for the node as of `made`."""

    side: str
    made: str
    compared: list[Compared]
    rings: int  # key rings that opened with the passphrase of the node
    faults: list[str]

    @property
    def good(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.faults


def drill(node: Node, file: Path, place: Path | None = None, *, tell: Tell) -> Drilled:
    """Restore `file` into a new folder in `place` (beside it if None), try it against `node`, and take it away again.

    Refused where it is no backup, or of another side. What is found wrong with it is in the answer.
    """
    with workplace(place or file.resolve().parent) as temporary:
        folder = temporary / "node"
        manifest = restore.restore(file, folder, tell=tell)
        faults = [f"damaged already when it was taken: {each}" for each in manifest.faults]
        if not (folder / ACCOUNTS).is_file() and _persons(node) is not None:
            faults.append(f"accounts: {manifest.accounts}")
        config = settings.read(folder)
        own = (node.config.side, node.config.programme, node.config.environment)
        if (config.side, config.programme, config.environment) != own:
            faults.append(f"it is of {config.side} {config.programme} {config.environment}, not of this node")
        reports = Verification(folder, tell).run()
        # Its databases were made here just now, of rows that were read whole: where one fails, its disc did.
        if failed := [one for report in reports for one in report.faults if one.rule == "store"]:
            raise unwritten(temporary, f"{failed[0].where}: {failed[0].reason}")
        faults += [f"{one.where}: {one.reason} (rule {one.rule})" for report in reports for one in report.faults]
        again = Node(folder)
        try:
            compared, opened = list[Compared](), 0
            if not faults:
                compared, more = _compare(again, node)
                opened, closed = _open_rings(node, folder)
                faults += more + closed
        finally:
            again.close()
        shutil.rmtree(folder)  # now, and not only at the end: where it cannot be taken away, that is said
    return Drilled(manifest.side, manifest.made, compared, opened, faults)


def _compare(again: Node, node: Node) -> tuple[list[Compared], list[str]]:
    """Sizes of both; and what stands otherwise in the backup than in the node, which only grows."""
    compared, faults = [], []
    for ledger in LEDGERS:
        size, live = again.store.size(ledger), node.store.size(ledger)
        compared.append(Compared(f"{ledger} entries", size, live))
        if size > live:
            faults.append(f"the backup has {size} {ledger} entries, the node at work only {live}")
        elif again.store.root(ledger) != node.store.root(ledger, size):
            faults.append(f"the first {size} {ledger} entries of the node at work are not those of the backup")
    compared.append(Compared("texts", _texts(again), _texts(node)))
    compared.append(Compared("records", len(again.store.records()), len(node.store.records())))
    persons = _persons(again), _persons(node)
    if persons[0] is not None and persons[1] is not None:
        compared.append(Compared("persons", persons[0], persons[1]))
    if again.store.note(MIRROR) is None and node.store.note(MIRROR) is not None and again.store.size(MIRROR):
        faults.append("no checkpoint of the other side is in it")
    return compared, faults


def _texts(node: Node) -> int:
    return int(node.store.engine.run("SELECT count(*) FROM body WHERE data IS NOT NULL")[0][0])


def _persons(node: Node) -> int | None:
    """How many persons have an account; None where there is no accounts database, or it cannot be counted in."""
    if node.store.is_postgres:
        table = f"{node.config.schema}_accounts.node_person"
        if node.store.engine.run("SELECT to_regclass(?)", (table,))[0][0] is None:
            return None
        return int(node.store.engine.run(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - a setting of its pattern
    if not node.folder.accounts.is_file():
        return None
    try:
        with closing(sqlite3.connect(f"file:{node.folder.accounts}?mode=rw", uri=True, timeout=30)) as held:
            return int(held.execute("SELECT count(*) FROM node_person").fetchone()[0])
    except sqlite3.Error:
        return None


def _open_rings(node: Node, folder: Path) -> tuple[int, list[str]]:
    """How many rings of the backup open with the node's passphrase, where it is known here; and those of its own."""
    try:
        passphrase = node.folder.passphrase()
    except settings.ConfigError:
        return 0, []
    opened, faults = 0, []
    for path in rings(folder / "keys"):
        try:
            keyfile.read_ring(path, passphrase)
            opened += 1
        except keyfile.KeyFileError as error:
            live = node.folder.keys / path.name
            if not live.is_file() or live.read_bytes() != path.read_bytes():
                faults.append(f"keys/{path.name} is not the ring of the node at work, and does not open: {error}")
    return opened, faults


def words(made: Drilled) -> list[str]:
    """The same, for a person at a terminal."""
    lines = [
        f"{'GOOD' if made.good else 'BAD'}. {made.side} as of {made.made}: restored, verified, and taken away again."
    ]
    for one in made.compared:
        behind = f", {one.live - one.backup} more since" if one.live > one.backup else ""
        lines.append(f"  {one.what}: {one.backup}{behind}")
    if made.good:
        lines.append(
            f"  {made.rings} key rings open with the passphrase of this node"
            if made.rings
            else "  Key rings were NOT tried: no passphrase is known here (DTTI_PASSPHRASE). Their checksums hold."
        )
    return lines + [f"  {each}" for each in made.faults]
