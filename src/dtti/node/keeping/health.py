"""A whole look at a node, whatever state it is in: what is amiss, how bad it is, what to do. Writes nothing.

`status` asks a node that opens; this begins before that, with the settings and each database, and goes on to what costs
time: the counterpart's door, and texts, verdicts and record from their bytes (the last `LOOK` entries of a large node).
It never raises for a node in a bad way: that is what it is asked about.
"""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger import keyfile
from dtti.ledger.engine import StoreError
from dtti.ledger.keyfile import KeyFileError
from dtti.ledger.store import Store
from dtti.node.checking import integrity
from dtti.node.core import seating
from dtti.node.core.node import Node
from dtti.node.core.projection import Projection
from dtti.node.core.visibility import Viewer
from dtti.node.folder import config as settings
from dtti.node.folder import files
from dtti.node.folder.reach import trouble

from . import conditions, status

LOOK = 2_000  # entries whose bytes are looked at
ACCOUNTS = "Restore the accounts from a backup; what the national record holds of seats `dtti rebuild` puts back."
RESTORE = "Restore a backup, then `dtti recover`."
REBUILD = "Run `dtti rebuild`: it is made anew from the ledgers."
#: Tables of the accounts that a quick look reads to the end: small ones, without which nobody signs in.
READ = {"django_migrations", "mfa_authenticator", "node_person", "node_seat"}


def look(folder: Path, *, quick: bool = False) -> dict[str, Any]:
    """How the node in `folder` stands, as `status.status` says it where it opens, with `amiss` and `exit` (its code).

    `quick`: ask no network, and read nothing but what stands last.
    """
    try:
        config = settings.read(folder)
    except settings.ConfigError as error:
        remedy = "Correct node.toml, or name the folder of a node; docs/settings.md lists every setting."
        return _told({"node": str(folder)}, [refuse("settings", str(error), remedy)])
    made: dict[str, Any] = {"node": str(folder), "name": config.name, "side": config.side}
    if found := databases(settings.Folder(folder), config, quick=quick):
        return _told(made, found)
    try:
        node = Node(folder)
    except (StoreError, OSError, ValueError) as error:
        return _told(made, [trouble("it cannot be opened", error, folder)])
    try:
        return of(node, quick=quick)
    finally:
        node.close()


def of(node: Node, *, quick: bool = False) -> dict[str, Any]:
    """The same of a node that is open."""
    made: dict[str, Any] = {"node": str(node.folder.path), "name": node.config.name, "side": node.side}
    if found := databases(node.folder, node.config, quick=quick):
        return _told(made, found)
    found = [] if node.config.database else _accounts(node.folder.accounts, quick=quick)
    read = not found
    try:
        made, amiss = status.gather(node)
        found += amiss
        if read and (lost := seating.lost(node, datetime.now(UTC).date())):
            found.append(refuse("accounts", lost, ACCOUNTS))
        found += signing(node)
        if secret := files.secret_amiss(node.folder.path):
            found.append(secret)
        if not quick and not found_broken(found):
            found += _bytes(node)
        if not quick:
            found += _line(node)
    except Refused as refused:
        found += refused.refusals
    except sqlite3.Error as error:
        found.append(_accounts_trouble(node.folder.accounts, error))
    except (StoreError, OSError, ValueError, LookupError, RuntimeError) as error:
        found.append(trouble("it cannot be asked", error, node.folder.path))
    return _told(made, found)


def found_broken(found: list[Refusal]) -> bool:
    """Whether something found so far is broken, so that looking further would only repeat it."""
    return any(conditions.severity(one.rule) == "broken" for one in found)


def _told(made: dict[str, Any], found: list[Refusal]) -> dict[str, Any]:
    said = {(one.rule, one.reason): one.said() | {"severity": conditions.severity(one.rule)} for one in found}
    made["amiss"] = list(said.values())
    made["exit"] = conditions.exit_code(one.rule for one in found)
    return made


def databases(folder: settings.Folder, config: settings.Config, *, quick: bool) -> list[Refusal]:
    """What is amiss with the ledger and record databases as files, or as a server answers for them."""
    found = []
    ledger = folder.ledger_address(config)
    try:
        if isinstance(ledger, Path) and not ledger.is_file():
            remedy = "Restore the node from a backup: `dtti restore FILE D`."
            return [refuse("store", f"{ledger} is not there", remedy)]
        store = Store(ledger, f"{config.schema}_ledger")
        try:
            store.sizes()
            checked = not (quick or store.is_postgres)
            faults = [row[0] for row in store.engine.run("PRAGMA integrity_check(5)")] if checked else []
            if faults not in ([], ["ok"]):
                found.append(refuse("store", f"the ledger database is damaged: {faults[0]}", "Run `dtti verify`."))
        finally:
            store.close()
    except KeyError as error:
        found.append(refuse("store", f"the ledger database does not hold the ledger {error}", RESTORE))
    except (StoreError, OSError) as error:
        found.append(trouble("the ledger database", error, ledger, damaged=("store", RESTORE)))
    if any(one.rule == "database-away" for one in found):
        return found  # the record stands on the same server
    record = folder.record_address(config)
    try:
        if not isinstance(record, Path) or record.is_file():
            projection = Projection(record, f"{config.schema}_record")
            try:
                projection.positions()
                checked = not (quick or projection.is_postgres)
                faults = [row[0] for row in projection.engine.run("PRAGMA integrity_check(5)")] if checked else []
                if faults not in ([], ["ok"]):
                    found.append(refuse("record-database", f"the record database is damaged: {faults[0]}", REBUILD))
            finally:
                projection.close()
    except (KeyError, ValueError) as error:
        found.append(refuse("record-database", f"the record database: {error}", REBUILD))
    except (StoreError, OSError) as error:
        found.append(trouble("the record database", error, record, damaged=("record-database", REBUILD)))
    return found


def _accounts(path: Path, *, quick: bool) -> list[Refusal]:
    if not path.is_file():
        return []
    try:
        # For writing: what a process that died left unfinished in its journal is taken back first, as at any opening.
        connection = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=5)
        try:
            answer = _read_through(connection) if quick else connection.execute("PRAGMA quick_check(5)").fetchone()[0]
        finally:
            connection.close()
    except sqlite3.Error as error:
        return [_accounts_trouble(path, error)]
    return [] if answer == "ok" else [refuse("accounts", f"the accounts database: {answer}", ACCOUNTS)]


def _accounts_trouble(path: Path, error: sqlite3.Error) -> Refusal:
    what = "the accounts database cannot be read"
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return refuse("accounts", f"{what}: {error}", ACCOUNTS)
    found = trouble(what, error, path)
    return refuse("accounts", found.reason, found.remedy) if found.rule == "store" else found


def _read_through(connection: sqlite3.Connection) -> str:
    """Read the names of all tables and all rows of those by which people sign in; sqlite3.Error where one is broken."""
    tables = {str(name) for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE sql <> ''")}
    for name in sorted(tables & READ):
        for _row in connection.execute(f'SELECT * FROM "{name}"'):  # noqa: S608 - own names
            pass
    return "ok"


def signing(node: Node) -> list[Refusal]:
    """Whether the node's signing keys open with its passphrase and are those in force."""
    if node.book.released.standing() is None:
        return []
    try:
        node.signer.ready("node")
    except Refused as refused:
        return list(refused.refusals)
    except (KeyFileError, settings.ConfigError, OSError) as error:
        return [refuse("keys", str(error), "Set DTTI_PASSPHRASE, or put it in keys/passphrase; check the key rings.")]
    rings = (node.folder.keys / f"{name}.keys" for name in ("root", "power"))  # where they are here, and not elsewhere
    return [
        refuse("keys", f"the key ring {path.name} is damaged: {reason}", "Put back the ring from its last backup.")
        for path in rings
        if path.is_file() and (reason := keyfile.damage(path))
    ]


def _bytes(node: Node) -> list[Refusal]:
    """Entries, texts, verdicts and record from their bytes."""
    result = integrity.check(node, Viewer(node.side, national=True), LOOK)
    found = []
    for part in result.parts:
        for fault in part.faults[:5]:
            rule = "body" if part.what == "texts" else "record-database" if part.what == "record" else "integrity"
            remedy = (
                "Run `dtti rebuild`."
                if rule == "record-database"
                else "Run `dtti verify`: it says all that does not hold."
            )
            found.append(refuse(rule, f"{fault.where}: {fault.reason}", remedy))
    return found


def _line(node: Node) -> list[Refusal]:
    """Whether the counterpart's door answers by a certificate of its key list."""
    from dtti.node.line.client import Line  # here, since pages ask nobody over the line, and what it needs is large

    if not node.config.peer_address or node.book.other is None:
        return []
    try:
        line = Line(node)
        try:
            line.reach()
        finally:
            line.close()
    except Refused as refused:
        return list(refused.refusals)
    except (OSError, KeyFileError, settings.ConfigError) as error:
        where = node.config.peer_address
        return [refuse("line", f"{where} does not answer: {error}", "Ask the other side. Packs and work here go on.")]
    return []
