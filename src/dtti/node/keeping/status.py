"""How a node stands, as plain JSON: what an operator, a page and a watching program ask. Writes nothing, opens no key.

`amiss` lists what needs a person now, each with rule, reason and remedy; everything else is fact.
"""

import ipaddress
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.refusal import Refusal, Refused, SaidRefusal, refuse
from dtti.ledger import checkpoint as notes
from dtti.ledger.act import open_leaf
from dtti.ledger.engine import Engine, Postgres, safe_sqlite
from dtti.ledger.keylist import KeyList
from dtti.ledger.store import LEDGERS, MIRROR, RELEASED
from dtti.node.core import mark as marks
from dtti.node.core import seating, unfinished
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder import tally
from dtti.node.folder.files import reachable, tighten, told
from dtti.node.folder.reach import NO_DISC
from dtti.node.line import exchange, founding, late, spill, stage, usable
from dtti.node.record import read

from . import conditions, upkeep

LOW_DISC = 1024**3  # bytes; below it a node says so
SHOWN = 20  # void entries and waiting records listed; the counts are of all


def status(node: Node) -> dict[str, Any]:
    """Everything about how `node` stands. Never fails for a node that is merely in a bad way."""
    made, found = gather(node)
    made["amiss"] = [one.said() | {"severity": conditions.severity(one.rule)} for one in found]
    return made


def gather(node: Node) -> tuple[dict[str, Any], list[Refusal]]:
    """The same in two parts: how it stands, and what is amiss."""
    node.book.sync()
    behind = node.behind()
    if behind is None:
        node.projection.catch_up(node.book)
    databases = [
        database("ledger", node.store.engine),
        database("record", node.projection.engine),
        *_accounts(node),
    ]
    made: dict[str, Any] = {
        "node": str(node.folder.path),
        "name": node.config.name,
        "side": node.side,
        "programme": node.config.programme,
        "environment": node.config.environment,
        "operator": node.config.operator,
        "single_operator": single_operator(node),
        "demonstration": node.config.demonstration,
        "constitution": founding.fingerprint(node) if node.book.released.size else None,
        "signatures": "server-held key",
        "ledgers": {ledger: _ledger(node, ledger) for ledger in LEDGERS},
        "mark": _mark(node),
        "behind": _said(behind),
        "exchange": _exchange(node),
        "keys": _keys(node),
        "databases": databases,
        "record": {"behind_by": _lag(node)},
        "waiting": _waiting(node) if behind is None else None,
        "anchor": _anchor(node),
        "disc": _disc(node.folder.path),
        "files": _files(node),
        "unfinished": _unfinished(node),
        "seats_astray": _astray(node),
        **upkeep.facts(node),
    }
    return made, [*_amiss(made, behind), *upkeep.amiss(node, made)]


def _mark(node: Node) -> dict[str, Any] | None:
    try:
        return dict(msgspec.to_builtins(marks.held(node.folder.mark(node.config), node.store)))
    except Refused:
        return None  # `behind` says why


def _said(refusal: Refusal | None) -> SaidRefusal | None:
    return refusal.said() if refusal else None


def _ledger(node: Node, ledger: str) -> dict[str, Any]:
    size = node.store.size(ledger)
    note = node.store.note(ledger)
    parsed = notes.parse(note) if note else None
    voids = node.store.voids(ledger)
    return {
        "side": (node.book.other or "") if ledger == MIRROR else node.side,
        "size": size,
        "root": node.store.root(ledger, size).hex(),
        "checkpoint": {"size": parsed.size, "root": parsed.root.hex()} if parsed else None,
        "void": len(voids),
        "void_entries": [
            {"index": index, "rule": rule, "reason": reason}
            for index, (rule, reason, _) in sorted(voids.items())[-SHOWN:]
        ],
    }


def loopback(address: str) -> bool:
    """Whether ``host:port`` is this very machine."""
    host = address.rpartition(":")[0].strip("[]") or address
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def single_operator(node: Node) -> bool:
    """Whether both nodes of the pair are, as far as can be told from here, run by one hand on one machine."""
    config = node.config
    own, _, _ = config.exchange_address.rpartition(":")
    theirs, _, _ = config.peer_address.rpartition(":")
    return config.demonstration or loopback(config.peer_address) or bool(own and own == theirs)


def _exchange(node: Node) -> dict[str, Any]:
    other = node.book.other
    halted = exchange.halted(node)
    return {
        "counterpart": other,
        "peer_address": node.config.peer_address,
        "exchange_address": node.config.exchange_address,
        "halted": halted.splitlines()[0] if halted else None,
        "last": _last_exchange(node),
        "unusable_keys": _unusable(node),
        "today": msgspec.to_builtins(tally.read(node.folder.path)),
        "staged": stage.staged(node.folder.path),
        "late_answers": [msgspec.to_builtins(one) for one in late.late_answers(node)],
        "held_here": node.store.size(MIRROR),
        "held_there": exchange.known_to_hold(node) if other else 0,
        "not_held_there": node.store.size(RELEASED) - exchange.known_to_hold(node) if other else 0,
    }


def _unusable(node: Node) -> list[dict[str, str]]:
    """Exchange keys in force of either side that cannot be used, and so are not."""
    found = []
    for side, keys in ((node.side, node.standing.keys), (node.book.other, line_keys(node))):
        if keys is not None:
            found += [{"side": str(side), **msgspec.to_builtins(one)} for one in usable.unusable(keys)]
    return found


def line_keys(node: Node) -> KeyList | None:
    """The counterpart's key list in force, where one has joined."""
    if node.book.other is None:
        return None
    standing = node.book.authority(MIRROR).standing()
    return standing.keys if standing else node.standing.parties[node.book.other].keys


def _last_exchange(node: Node) -> str | None:
    """When this node last accepted a checkpoint of the other side (its own cosignature says), or None."""
    held = node.store.note(MIRROR)
    if held is None:
        return None
    note = notes.parse(held)
    for standing in reversed(node.book.released.history):
        for key in standing.keys.keys("mirror"):
            moment = notes.cosigned_by(note, node.party.origin, key)
            if moment is not None:
                return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _roles(keys: KeyList) -> dict[str, dict[str, int]]:
    return {name: {"keys": len(role.keys), "threshold": role.threshold} for name, role in sorted(keys.roles.items())}


def _keys(node: Node) -> dict[str, Any]:
    standing = node.standing
    other = node.book.other
    mirror = node.book.authority(MIRROR).standing() if other else None
    theirs = mirror.keys if mirror else standing.parties[other].keys if other else None
    return {
        "version": standing.keys.version,
        "roles": _roles(standing.keys),
        "counterpart_version": theirs.version if theirs else None,
        "rings_here": sorted(path.name.removesuffix(".keys") for path in node.folder.keys.glob("*.keys")),
        "passphrase_kept": (node.folder.keys / "passphrase").is_file(),
    }


def database(what: str, engine: Engine) -> dict[str, Any]:
    """One database as it is set: engine, version, journal, and whether this SQLite may damage that journal."""
    if isinstance(engine, Postgres):
        version = str(engine.run("SHOW server_version")[0][0])
        synchronous = str(engine.run("SHOW synchronous_commit")[0][0])
        made = {
            "engine": "postgresql",
            "version": version,
            "journal": "wal",
            "synchronous": synchronous,
            "unsafe": False,
        }
    else:
        version = str(engine.run("SELECT sqlite_version()")[0][0])
        journal = str(engine.run("PRAGMA journal_mode")[0][0])
        synchronous = {0: "off", 1: "normal", 2: "full", 3: "extra"}[int(engine.run("PRAGMA synchronous")[0][0])]
        made = {
            "engine": "sqlite",
            "version": version,
            "journal": journal,
            "synchronous": synchronous,
            "unsafe": unsafe(version, journal),
        }
    return {"what": what, **made}


def unsafe(version: str, journal: str) -> bool:
    """Whether SQLite `version` may damage a database in this journal mode (the WAL-reset fault of 3.7.0 to 3.51.2)."""
    return journal == "wal" and not safe_sqlite(version)


def _accounts(node: Node) -> list[dict[str, Any]]:
    """The accounts database: it is opened by Python's own SQLite, whose version is not the ledger's."""
    path = node.folder.accounts
    if node.store.is_postgres or not path.is_file():
        return []
    try:
        version, journal = sqlite3.sqlite_version, journal_of(path)
    except OSError:  # `health` says why it cannot be read
        return []
    return [
        {
            "what": "accounts",
            "engine": "sqlite",
            "version": version,
            "journal": journal,
            "synchronous": "full",
            "unsafe": unsafe(version, journal),
        }
    ]


def journal_of(path: Path) -> str:
    """How an SQLite file is journalled, by the version bytes of its header (sqlite.org/fileformat2, offset 18)."""
    with path.open("rb") as file:
        head = file.read(20)
    return "wal" if len(head) == 20 and 2 in head[18:20] else "rollback"


def _astray(node: Node) -> list[dict[str, str]]:
    """Rows of the accounts database that would seat somebody whom no entry of the record seats there."""
    today = datetime.now(UTC).date()
    try:
        found = seating.astray(node, seating.tabled(node, today), today)
    except sqlite3.Error:  # a damaged accounts database seats nobody; `health` says that it is damaged
        return []
    return [{"user": row.user, "office": row.office, "duty": row.duty, "why": why} for row, why in found[:SHOWN]]


def _lag(node: Node) -> int:
    positions = node.projection.positions()
    return sum(node.store.size(ledger) - positions[ledger] for ledger in LEDGERS)


def _waiting(node: Node) -> dict[str, Any]:
    viewer = Viewer(node.side, national=True)
    made = {}
    for side in node.book.sides:
        rows = read.waiting(node, viewer, side, count=SHOWN)
        total = read.listing(node, viewer, filters={"court": side}, count=1).total
        listed = [
            {
                "record": row.record,
                "ref": row.ref,
                "since": row.court_since,
                "why": row.court_why,
                "until": row.offer_until,
            }
            for row in rows
        ]
        made[side] = {"count": total, "longest": listed}
    return made


def _anchor(node: Node) -> dict[str, Any]:
    placed = node.store.of_verb("anchor", RELEASED)
    last = open_leaf(placed[-1].leaf).act.time if placed else None
    due = datetime.fromisoformat(last) + timedelta(hours=node.config.anchor_hours) if last else None
    return {
        "last": last,
        "next": due.strftime("%Y-%m-%dT%H:%M:%SZ") if due else None,
        "due": due is None or due <= datetime.fromisoformat(node.clock()),
    }


def _disc(folder: Path) -> dict[str, int]:
    usage = shutil.disk_usage(folder)
    return {"free": usage.free, "total": usage.total}


def _unfinished(node: Node) -> list[dict[str, Any]]:
    """Operations of several steps that are under way, or that a process which died left."""
    found = [
        {"what": one.intent.what, "since": one.intent.since, "working": one.working}
        for one in unfinished.left(node.folder.path)
    ]
    if spill.due(node) and "erase" not in [one["what"] for one in found]:
        found.append({"what": "erase", "since": None, "working": False})
    return found


def _files(node: Node) -> dict[str, list[str]]:
    """What others of this machine could reach until this node was opened or asked now, and what they still can."""
    folder = node.folder.path
    return {"found_open": [*node.found_open, *tighten(folder)], "open": told(folder, reachable(folder))}


def _amiss(made: dict[str, Any], behind: Refusal | None) -> list[Refusal]:
    found = [behind] if behind else []
    if made["exchange"]["halted"]:
        found.append(
            refuse(
                "fork",
                f"exchange is halted: {made['exchange']['halted']}",
                "Compare both checkpoints with the other side (file `fork` in the node's folder).",
            )
        )
    found += [
        refuse(
            f"key-{one['role']}",
            f"the {one['role']} key {one['key']} in the key list of {one['side']} cannot be used: {one['reason']}",
            "It is passed over, and everything else goes on. "
            + (
                f"Renew it: `dtti rotate --role {one['role']}`."
                if one["side"] == made["side"]
                else "Ask that side for its next key list."
            ),
        )
        for one in made["exchange"]["unusable_keys"]
    ]
    found += [
        refuse(
            "late-answer",
            f"{one['record']}: an answer that claims {one['time']} was first seen here after {one['until']}, when the "
            "offer had run out",
            "Nothing is closed by itself. A person decides, with the checkpoints that lacked it at hand.",
        )
        for one in made["exchange"]["late_answers"]
    ]
    found += [
        refuse(
            "unsafe-sqlite",
            f"the {one['what']} database has a write-ahead log, and SQLite {one['version']} can damage it",
            "Set its journal to TRUNCATE, or bring SQLite to 3.51.3 or later.",
        )
        for one in made["databases"]
        if one["unsafe"]
    ]
    free = made["disc"]["free"]
    if free < NO_DISC:
        remedy = "Free space now: a full disc refuses every write."
        found.append(refuse("disc-full", f"{free:,} bytes are free", remedy))
    elif free < LOW_DISC:
        found.append(refuse("disc", f"{free:,} bytes are free", "Free space; a full disc refuses every write."))
    found += [
        refuse(
            "unfinished",
            f"`{one['what']}` was cut short, and is not finished yet (begun {one['since'] or 'nobody knows when'})",
            "Look at the disc, the databases and the key rings; opening the node (`dtti status`) or its next round "
            "finishes it, or takes it back.",
        )
        for one in made["unfinished"]
        if not one["working"]
    ]
    found += [
        refuse(
            "seat-astray",
            f"the accounts database seats {one['user']} in {one['office']} as {one['duty']}, and {one['why']}",
            "Nobody sits there by it. Where a fault came between entry and table, `dtti person list` puts it right; "
            "else ask who wrote that row. The power keys give a seat with `dtti person seat`.",
        )
        for one in made["seats_astray"]
    ]
    if made["files"]["open"]:
        found.append(
            refuse(
                "open-files",
                f"others on this machine can reach {', '.join(made['files']['open'][:SHOWN])}",
                "Give them to the user that the node runs as, files 0600 and folders 0700.",
            )
        )
    return found
