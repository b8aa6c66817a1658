"""What an operator keeps an eye on: clock, certificates, backups, rounds, what was left behind. Part of `status`.

Notes of small files in the node's folder, on which nothing hangs: `backup`, `round`, `reached`, `mail`, `public`.
"""

import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.refusal import Refusal, refuse
from dtti.ledger.act import open_leaf
from dtti.ledger.store import RELEASED
from dtti.node.core.node import Node
from dtti.node.folder import files, timekeeping
from dtti.node.line import usable

SOON = 30  # days: a certificate that ends within them is said
SILENT = timedelta(days=2)  # with a line, and nothing new by it
LEFT = 3600  # seconds after which the leavings of a write are nobody's who is at work
BACKUP, ROUND, REACHED, MAIL, PUBLIC = "backup", "round", "reached", "mail", "public"
_LEFT = re.compile(r"(\..+|secret)\.[0-9a-f]{8}\Z")


class Backup(msgspec.Struct, frozen=True):
    """When the last backup was written (UTC), and how far the ledgers reached in it."""

    time: str
    released: int
    national: int


class Round(msgspec.Struct, frozen=True):
    """When the last round ended (UTC), and the rule by which it failed, if it did.

    `said`: what it said of that in the log; `accounts`: when accounts were last looked after (seconds since 1970).
    """

    time: str
    rule: str = ""
    said: str = ""
    accounts: float = 0.0


class Public(msgspec.Struct, frozen=True):
    """When the public folder was last made by itself, or tried (UTC), and the rule by which that failed, if it did.

    `of`: the digest of what it was made of, and where; empty where it failed. `said`: what was said of that in the log.
    """

    time: str
    of: str = ""
    rule: str = ""
    said: str = ""


class Reached(msgspec.Struct, frozen=True):
    """When the other side's door was last asked (UTC), and when it last answered; empty where it never has."""

    tried: str
    last: str = ""


def reached(folder: Path) -> Reached | None:
    """The last note on the other side's door; None where it was never asked."""
    found = _read(folder / REACHED, Reached)
    return Reached(**found) if found else None


def last_round(folder: Path) -> Round | None:
    """The note on the last round; None where there was none."""
    found = _read(folder / ROUND, Round)
    return Round(**found) if found else None


def last_public(folder: Path) -> Public | None:
    """The note on the last making of the public folder; None where there was none."""
    found = _read(folder / PUBLIC, Public)
    return Public(**found) if found else None


def asked(folder: Path, moment: str, *, answered: bool) -> None:
    """Note that the other side's door was asked at a moment, and whether it answered."""
    before = reached(folder)
    note(folder, REACHED, Reached(moment, moment if answered else before.last if before else ""))


def mail_waits(folder: Path) -> None:
    """Note that a letter waits that is not to wait for the hour of mail: the next round sends it."""
    note(folder, MAIL, Round(timekeeping.MachineClock()()))


def mail_noted(folder: Path) -> float:
    """When that was last noted, as the file system tells time; 0 where it never was."""
    try:
        return (folder / MAIL).stat().st_mtime
    except OSError:
        return 0.0


def note(folder: Path, name: str, what: Backup | Round | Reached | Public) -> None:
    """Keep a note in the node's folder; on a disc that takes none it is left out, since it is only a note."""
    try:
        files.replace(folder / name, msgspec.json.encode(what))
    except OSError:
        return


def _read(path: Path, kind: type[Backup] | type[Round] | type[Reached] | type[Public]) -> dict[str, Any] | None:
    try:
        return msgspec.structs.asdict(msgspec.json.decode(path.read_bytes(), type=kind))
    except (OSError, msgspec.DecodeError):
        return None


def facts(node: Node) -> dict[str, Any]:
    """Clock, certificates, last backup and round, files left behind."""
    folder, last = node.folder.path, last_round(node.folder.path)
    public = last_public(folder) if node.config.public.folder else None
    return {
        "clock": {**msgspec.to_builtins(node.time_evidence()), "believed": node.doubted() is None},
        "certificates": _certificates(node),
        "backup": _read(folder / BACKUP, Backup),
        "round": last and {"time": last.time, "rule": last.rule},
        "public": public and {"time": public.time, "rule": public.rule},
        "leftovers": _leftovers(node),
        "offers": _offers(node),
    }


def _certificates(node: Node) -> list[dict[str, Any]]:
    from .status import line_keys

    if node.book.released.standing() is None:
        return []
    lists = [(node.side, node.standing.keys), (node.book.other or "", line_keys(node))]
    now = datetime.now(UTC)
    return [
        {
            "side": side,
            "own": side == node.side,
            "key": key,
            "until": end.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "days": (end - now).days,
        }
        for side, keys in lists
        if keys is not None
        for key, end in usable.ends(keys)
    ]


def _offers(node: Node) -> dict[str, int]:
    """Open offers, own and the counterpart's."""
    rows = node.projection.engine.run(
        "SELECT offer_side, COUNT(*) FROM state WHERE known_until = '9999' AND offer <> '' AND label <> 'national' "
        "GROUP BY offer_side"
    )
    counted = {str(side): int(number) for side, number in rows}
    return {"own": counted.pop(node.side, 0), "counterpart": sum(counted.values())}


def _leftovers(node: Node) -> list[str]:
    folder, now = node.folder.path, time.time()
    places = dict.fromkeys((folder, node.folder.keys, node.folder.mark(node.config).parent))
    found = [
        path
        for place in places
        if place.is_dir()
        for path in place.iterdir()
        if _LEFT.match(path.name) and now - path.lstat().st_mtime > LEFT
    ]
    return sorted(str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path) for path in found)


def amiss(node: Node, made: dict[str, Any]) -> list[Refusal]:
    """What of it needs a person now."""
    return [*_clock(node), *_line(node, made), *_kept(node, made)]


def _clock(node: Node) -> list[Refusal]:
    doubt = node.doubted()
    if doubt is not None:
        return [doubt]
    evidence, found = node.time_evidence(), []
    now = datetime.fromisoformat(evidence.now)
    if evidence.reached and datetime.fromisoformat(evidence.reached) - now > timedelta(minutes=10):
        found.append(
            refuse(
                "clock-waits",
                f"this side's record has reached {evidence.reached}, and this machine's clock says {evidence.now}",
                "Until then acts claim the time that was reached. Compare the clock; `dtti repair-time` lowers that.",
            )
        )
    if evidence.heard and datetime.fromisoformat(evidence.heard) - now > timekeeping.BACK:
        found.append(
            refuse(
                "clock-apart",
                f"the other side's last entry claims {evidence.heard}, and this machine's clock says {evidence.now}",
                "One of the two clocks is wrong. Compare this one, and ask the other side.",
            )
        )
    return found


def _line(node: Node, made: dict[str, Any]) -> list[Refusal]:
    found = [
        refuse(
            "certificate-days",
            f"exchange certificate {one['key']} of {one['side']} ends on {one['until'][:10]}, in {one['days']} days",
            "`dtti rotate --role tls` makes the next one; exchange it before the old one ends."
            if one["side"] == node.side
            else "Ask that side to rotate its exchange key.",
        )
        for one in made["certificates"]
        if 0 <= one["days"] < SOON
    ]
    last = made["exchange"]["last"]
    if node.config.peer_address and last and _age(node, last) > SILENT:
        remedy = "Ask the other side; see whether `dtti serve` runs. A pack brings what the line does not."
        found.append(refuse("exchange-age", f"nothing new came by the line since {last}", remedy))
    return found


def _age(node: Node, moment: str) -> timedelta:
    return datetime.fromisoformat(node.clock()) - datetime.fromisoformat(moment)


def _kept(node: Node, made: dict[str, Any]) -> list[Refusal]:
    found = []
    anchor = made["anchor"]["last"]
    if anchor and _age(node, anchor) > timedelta(hours=2 * node.config.anchor_hours + 1):
        remedy = "See whether `dtti serve` runs, and what its rounds say."
        found.append(refuse("anchor-age", f"the last anchor is of {anchor}: no rounds were made since", remedy))
    if made["record"]["behind_by"]:
        lag = made["record"]["behind_by"]
        found.append(refuse("record-behind", f"pages lack {lag} entries of the ledgers", "A round catches up."))
    days = node.config.backup_days
    if days and node.book.released.size and not node.config.demonstration:
        last = made["backup"]["time"] if made["backup"] else open_leaf(node.store.leaf(RELEASED, 0)).act.time
        if _age(node, last) > timedelta(days=days):
            since = f"the last backup is of {last}" if made["backup"] else f"no backup was made since {last}"
            found.append(refuse("backup-age", since, "`dtti backup FILE`, and keep it elsewhere."))
    if made["round"] and made["round"]["rule"]:
        rule = made["round"]["rule"]
        remedy = "Look at what `dtti serve` says of it; the next round tries again."
        found.append(refuse("round", f"the last round, at {made['round']['time']}, failed by rule {rule}", remedy))
    if made["public"] and made["public"]["rule"]:
        tried, rule = made["public"]["time"], made["public"]["rule"]
        remedy = "Look at what `dtti serve` says of it; what was made before stands, and it is tried again."
        found.append(refuse("public-made", f"the public folder, tried at {tried}, was not made by rule {rule}", remedy))
    if made["leftovers"]:
        names = ", ".join(made["leftovers"][:5])
        found.append(
            refuse("leftovers", f"a write that was cut short left {names}", "Remove them: nothing reads them.")
        )
    return found
