"""Checking what stands in a node's folder, an export or a pack, from its bytes. Needs no key; trusts no index.

Of a node everything is made anew and compared: each ledger (`verify_ledger`), each text (`verify_texts`), every verdict
by replay from nothing, the record that pages read against one made from the ledgers, the high-water mark. The ledgers
are taken as they stood when it began, so that a node at work can be checked.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dtti.accord.pair import Strangers
from dtti.accord.refusal import Refused, refuse
from dtti.accord.replay import State, replay
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.rules import UnknownRules
from dtti.accord.standing import Fork
from dtti.ledger import export, pack
from dtti.ledger.act import MalformedLeaf, open_leaf
from dtti.ledger.engine import Away, Engine, StoreError
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Leaves, Store
from dtti.ledger.verify import Fault, Report
from dtti.node.core import mark as marks
from dtti.node.folder import config as settings
from dtti.node.folder import reach
from dtti.node.folder.intake import PACK, source
from dtti.node.record.flags import flags

from .verify_files import check_files
from .verify_ledger import LedgerCheck, Snapshot, heads
from .verify_texts import check_texts

if TYPE_CHECKING:
    from dtti.node.core.node import Node

Tell = Callable[[str], None]


def _silent(words: str) -> None:
    pass


def verify(path: Path, *, opened_by: Path | None = None, record: bool = True, tell: Tell = _silent) -> list[Report]:
    """Check what `path` is: a node's folder, a static export, an open pack, or a sealed one that `opened_by` opens.

    One Report for each part. `record` false: leave out the comparison of a node's record with its ledgers. Refused
    where the path is none of these.
    """
    if path.is_dir():
        if (path / settings.FILE).is_file():
            return Verification(path, tell).run(record=record)
        if (path / "checkpoint").exists() or (path / "tile").exists():
            return [export.check(path)]
        raise Refused(
            refuse(
                "verify",
                f"{path} is neither a node's folder (no {settings.FILE}) nor an export (no checkpoint)",
                "Give a node's folder, the folder of an export, or a pack.",
            )
        )
    return [_check_pack(path, opened_by)]


def _check_pack(path: Path, opened_by: Path | None) -> Report:
    data = source(path, PACK)
    if pack.is_sealed(data):
        if opened_by is None:
            raise Refused(
                refuse(
                    "pack-seal",
                    f"{path.name} is sealed; only its receiver's box key opens it",
                    "Name the receiver's node: --node D.",
                )
            )
        from dtti.node.core.node import Node
        from dtti.node.line import exchange

        node = Node(opened_by)
        try:
            data = exchange.unsealed(node, data)
        except pack.PackError as error:
            return Report("pack", 0, "", [error.fault])
        finally:
            node.close()
    return pack.check_pack(data)


class Verification:
    """One node's folder under check."""

    def __init__(self, folder: Path, tell: Tell = _silent, store: Path | None = None) -> None:
        """`store`: a copy of the ledgers to check in the place of the node's own."""
        self.folder = settings.Folder(folder)
        self.config = settings.read(folder)
        self.tell = tell
        address = store or self.folder.ledger_address(self.config)
        if isinstance(address, Path) and not address.is_file():
            raise Refused(
                refuse("store", f"{address} is not there", "Restore the node from a backup: `dtti restore FILE D`.")
            )
        self.store = Store(address, f"{self.config.schema}_ledger")
        self.snapshot = Snapshot(self.store, {}, {})
        self.clean = True  # whether every signature held, so that replay need not check them again

    def run(self, *, record: bool = True) -> list[Report]:
        """Check all; a damaged store ends it early with what was found until then."""
        reports = self.ledgers(standing=True)
        reports.append(check_files(self.folder))
        if record and all(one.good for one in reports):
            self.tell("making the record anew")
            reports += self._record()
        return reports

    def ledgers(self, *, standing: bool = False) -> list[Report]:
        """Check the ledgers, their texts and verdicts; with `standing` also the mark, the settings and a fork.

        Refused where they cannot be looked at for a reason that harms nothing: rights, a full disc, a server away.
        """
        reports: list[Report] = []
        try:
            reports += self._file()
            # The mark first: it is moved after the ledgers, so what they hold next is never less than it says.
            mark = self._mark() if standing else None
            side = self.config.side
            sides = {RELEASED: side, NATIONAL: side, MIRROR: self._other()}
            self.snapshot = Snapshot(self.store, heads(self.store), sides)
            for ledger, size in self.snapshot.sizes.items():
                if ledger == RELEASED or size:
                    self.tell(f"checking {sides[ledger]} {ledger}, {size} entries")
                    check = LedgerCheck(self.snapshot, ledger)
                    reports.append(check.run())
                    self.clean = self.clean and check.clean
            self.tell("checking texts")
            reports.append(check_texts(self.snapshot))
            self.tell("judging every act anew")
            reports.append(self._verdicts())
            if mark is not None:
                reports.append(self._standing(mark))
        except StoreError as error:
            found = reach.trouble(f"{self._where} could not be looked at", error, self._place)
            if found.rule in reach.UNHARMED:  # which says nothing about what stands in it
                raise Refused(found) from None
            reports.append(Report("store", 0, "", [Fault(self._where, "store", str(error))]))
        except Exception as error:  # whatever reading a damaged store leads to, the answer is that it is not good
            reports.append(Report("store", 0, "", [Fault(self._where, "store", f"it cannot be read: {error!r}")]))
        finally:
            self.store.close()
        return reports

    @property
    def _where(self) -> str:
        return "ledger store" if self.store.is_postgres else Path(self.store.address).name

    @property
    def _place(self) -> str | Path:
        return self.store.address if self.store.is_postgres else Path(self.store.address)

    # --- the store itself --------------------------------------------------------------------------------------------

    def _file(self) -> list[Report]:
        """SQLite's own check of its file: damage to an index or a page shows before anything is read through it.

        And that its tables, and the guards that keep entries from being changed, are those that this version makes.
        """
        self.tell("checking the file")
        found = [] if self.store.is_postgres else damage(self.store.engine)
        faults = [Fault(self._where, "store", each) for each in [*found, *self.store.odd_tables()]]
        return [Report("store", 0, "", faults)] if faults else []

    def _other(self) -> str:
        """The counterpart, by the founding that joined it; empty where there is none."""
        for placed in self.store.of_verb("found", RELEASED):
            try:
                named = {str(one["side"]) for one in open_leaf(placed.leaf).act.terms["parties"]}
            except (MalformedLeaf, KeyError, TypeError):
                continue
            others = named - {self.config.side}
            if others:
                return others.pop()
        return ""

    # --- verdicts ----------------------------------------------------------------------------------------------------

    def _verdicts(self) -> Report:
        """Judge everything from nothing, and compare with what was remembered as it was taken in."""
        report = Report("verdicts", 0, "", [])
        sides, sizes = self.snapshot.sides, self.snapshot.sizes
        ledgers = {(self.config.side, RELEASED): Leaves(self.store, RELEASED, sizes[RELEASED])}
        if sizes[NATIONAL]:
            ledgers[self.config.side, NATIONAL] = Leaves(self.store, NATIONAL, sizes[NATIONAL])
        if sizes[MIRROR]:
            ledgers[sides[MIRROR], RELEASED] = Leaves(self.store, MIRROR, sizes[MIRROR])
        try:
            state = replay(ledgers, RULE_SETS, verify=not self.clean)
        except Fork as error:
            report.faults.append(Fault(error.where, "fork", str(error)))
            return report
        except (UnknownRules, Strangers) as error:
            rule = "rules" if isinstance(error, UnknownRules) else "founding"
            report.faults.append(Fault("verdicts", rule, str(error)))
            return report
        for ledger in LEDGERS:
            self._compare_verdicts(ledger, state, report)
        report.flagged = self._flagged(state)
        return report

    def _flagged(self, state: State) -> list[Fault]:
        """The agreed moves along the stages that rest on what has changed since, with both acts."""
        views = {name: held.whole for name, held in state.records.items()}
        return [
            Fault(
                f"{one.record}, act {one.act[:16]}, stage {one.stage}, row {one.row}",
                "flagged",
                f"shown by act {one.shown_by[:16]} on {one.evidence}; {one.how} by act {one.by[:16]}",
            )
            for moved in views.values()
            if moved.stages
            for one in flags(self.store, moved, views.get)
        ]

    def _compare_verdicts(self, ledger: str, state: State, report: Report) -> None:
        side, named = self.snapshot.sides[ledger], RELEASED if ledger == MIRROR else ledger
        judged = state.judged.get((side, named), [])
        remembered = self.store.voids(ledger)
        report.size += len(judged)
        if len(judged) != self.snapshot.sizes[ledger]:
            at = len(judged)
            reason = "it cites entries of the other ledger that are not here, and nothing from it on can be judged"
            report.faults.append(Fault(f"{side} {ledger} entry {at}", "seen", reason))
        for one in judged:
            held = remembered.get(one.index)
            folded = one.record in state.records and one.id in state.records[one.record].void
            void = one.void.rule if one.void and not (folded and held is None) else None
            if (held[0] if held else None) != void:
                reason = f"judged anew it is {_said(void)}; remembered here is {_said(held[0] if held else None)}"
                report.faults.append(Fault(f"{side} {ledger} entry {one.index}", "verdict", reason))
            elif void is None:
                report.acts += 1

    # --- what stands beside the ledgers ------------------------------------------------------------------------------

    def _mark(self) -> marks.Mark | Fault:
        path = self.folder.mark(self.config)
        try:
            found = marks.held(path, self.store)
        except Refused as refused:
            return Fault("high-water mark", "mark", refused.refusals[0].reason)
        return Fault("high-water mark", "mark", odd) if (odd := marks.damage(path)) else found

    def _standing(self, mark: marks.Mark | Fault) -> Report:
        """The mark, the settings and a halted exchange."""
        report = Report("standing", 0, "", [])
        sizes = self.snapshot.sizes
        if isinstance(mark, Fault):
            report.faults.append(mark)
        elif sizes[RELEASED] < mark.released or sizes[NATIONAL] < mark.national:
            reason = (
                f"the ledgers hold {sizes[RELEASED]} released and {sizes[NATIONAL]} national entries; they had reached "
                f"{mark.released} and {mark.national}"
            )
            report.faults.append(Fault("high-water mark", "high-water", reason))
        elif mark.released > 0 and mark.last:
            stood = self.store.leaf_hash(RELEASED, mark.released - 1).hex()
            if stood != mark.last:
                reason = f"entry {mark.released - 1} of the released ledger is not the one that stood there"
                report.faults.append(Fault("high-water mark", "high-water", reason))
        if (self.folder.path / "fork").exists():
            report.faults.append(
                Fault("fork", "fork", "exchange is halted; the file says why and holds both checkpoints")
            )
        if sizes[RELEASED]:
            try:
                act = open_leaf(self.store.leaf(RELEASED, 0)).act
            except MalformedLeaf:
                return report
            given = (self.config.side, self.config.programme, self.config.environment)
            if (act.side, act.programme, act.environment) != given:
                reason = f"it says {' '.join(given)}; the ledger is of {act.side} {act.programme} {act.environment}"
                report.faults.append(Fault(settings.FILE, "settings", reason))
        return report

    def _record(self) -> list[Report]:
        from dtti.node.core.node import Node
        from dtti.node.record.rebuild import compare

        node = Node(self.folder.path)
        where = "record" if node.projection.is_postgres else Path(node.projection.address).name
        try:
            faults = [Fault(where, "store", each) for each in node.projection.damage()]
            faults = faults or [Fault(one.where, "record", one.reason) for one in compare(node)]
        except StoreError as error:
            return [Report("record", 0, "", [Fault(where, "store", str(error))])]
        else:
            return [Report("record", 0, "", faults), *_seats(node)]
        finally:
            node.close()


def _seats(node: "Node") -> list[Report]:
    """The seats in the accounts database, held to the national record; nothing where neither has any."""
    from datetime import UTC, datetime

    from dtti.node.core import seating

    today = datetime.now(UTC).date()
    try:
        rows = seating.tabled(node, today)
        astray, lost = seating.astray(node, rows, today), seating.lost(node, today)
    except (sqlite3.Error, StoreError) as error:
        if isinstance(error, Away):
            raise
        # Damaged, or of a version that is not upgraded: what opens it for its own sake says which, and what to do.
        why = f"the accounts database cannot be read: {error}; `dtti person list` says what would help"
        return [Report("seats", 0, "", [Fault("accounts", "accounts", why)])]
    faults = [Fault(f"seat of {row.user} in {row.office} as {row.duty}", "seat-astray", why) for row, why in astray]
    if lost:
        faults.append(Fault("accounts", "accounts", lost))
    return [Report("seats", 0, "", faults)] if rows or faults else []


def damage(engine: Engine) -> list[str]:
    """What SQLite's own check says of a file: a row missing from an index is found by no reading of the table."""
    try:
        found = [str(row[0]) for row in engine.run("PRAGMA integrity_check(20)")]
    except StoreError as error:
        return [str(error)]
    return [] if found == ["ok"] else found


def _said(rule: str | None) -> str:
    return f"void by rule {rule}" if rule else "sound"
