"""Checking what stands in a node's folder beside ledgers and record: key rings, accounts, settings. Opens no ledger.

`COVERED` says of every file what `dtti verify` finds in it, and what it cannot; docs/settings.md has the same words.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from dtti.ledger import keyfile
from dtti.ledger.verify import Fault, Report
from dtti.node.folder import config as settings
from dtti.node.folder import files
from dtti.node.folder.keys import NEXT, RINGS

#: By the file's name in the folder. Bytes of a database file that hold nothing (freed pages, slack) are in none.
COVERED = {
    "node.toml": "its form, and side, programme and environment; the rest is the operator's to set",
    "ledger.sqlite3": "everything but its own notes: which forms were sent, and that a mark was made",
    "record.sqlite3": "everything, against one made anew",
    "accounts.sqlite3": "its structure and the links between rows, and its columns when it is opened; not what a row "
    "says, over which nothing is signed, but for seats in force, which are held against the national record",
    "keys/root.keys": "everything, by its checksum",
    "keys/power.keys": "everything, by its checksum",
    "keys/node.keys": "everything, by its checksum",
    "keys/passphrase": "that it opens the node's ring",
    "secret": "its form; another secret ends sessions and nothing else",
    "mark": "everything, by its checksums and against the ledgers",
    "claim": "nothing: the next opening says in the database that it is this node's, and takes it away",
    "clock": "nothing: a word of a week",
    "backup": "nothing: a note for `dtti status`",
    "round": "nothing: the next round writes it anew",
    "public": "nothing: the folder is made anew where it is not there",
    "mail": "nothing: that a letter waits",
    "reached": "nothing: the next round writes it anew",
    "today": "nothing: it counts one day",
    "staged": "nothing: what is taken in from it is checked then",
    "unfinished": "nothing: each is finished or undone by looking at what stands",
    "fork": "that it stands there",
}


def check_files(folder: settings.Folder, *, accounts: bool = True) -> Report:
    """What is damaged of key rings, passphrase, secret and accounts (on SQLite), as far as it shows without a key."""
    found = [
        *_damaged(folder),
        *((folder.accounts.name, each) for each in accounts_damage(folder.accounts) if accounts),
    ]
    return Report("files", 0, "", [Fault(where, "file-form", reason) for where, reason in found])


def _damaged(folder: settings.Folder) -> Iterator[tuple[str, str]]:
    for path in rings(folder.keys):
        if reason := keyfile.damage(path):
            yield f"keys/{path.name}", reason
    if reason := _passphrase(folder.keys):
        yield "keys/passphrase", reason
    if refusal := files.secret_amiss(folder.path):
        yield "secret", f"{refusal.reason}; {refusal.remedy[:1].lower()}{refusal.remedy[1:].rstrip('.')}"


def rings(keys: Path) -> list[Path]:
    """The key rings in a folder of keys."""
    names = [f"{ring}.keys{ending}" for ring in RINGS for ending in ("", NEXT)]
    return [keys / name for name in names if (keys / name).is_file()]


def _passphrase(keys: Path) -> str:
    """Why the kept passphrase is of no use; empty where it opens the node's ring, or none is kept."""
    kept, ring = keys / "passphrase", keys / "node.keys"
    if not kept.is_file() or not ring.is_file() or keyfile.damage(ring):
        return ""
    try:
        keyfile.read_ring(ring, kept.read_bytes()[:4096].strip())
    except keyfile.KeyFileError as error:
        return str(error)
    return ""


def accounts_damage(path: Path) -> list[str]:
    """What is damaged of an accounts database on SQLite; empty where nothing is, or none is there."""
    if not path.is_file():
        return []
    try:
        # For writing: what a process that died left unfinished in its journal is taken back first, as at any opening.
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=30)) as held:
            found = [str(each) for (each,) in held.execute("PRAGMA integrity_check(20)") if each != "ok"]
            loose = held.execute("PRAGMA foreign_key_check").fetchall()
    except sqlite3.Error as error:
        return [f"it cannot be read: {error}"]
    return found + [f"row {row[1]} of {row[0]} refers to a row of {row[2]} that is not there" for row in loose[:20]]
