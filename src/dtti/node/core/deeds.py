"""The list of all acts, as pages read it: who did what, when, and which rule stands against it. Filed from the ledgers.

Knows the table and the book; makes no state of a record.
"""

from collections.abc import Iterator
from typing import Any

from dtti.accord.fold import Record
from dtti.ledger.act import Entry
from dtti.ledger.engine import Engine
from dtti.ledger.store import LEDGERS, MIRROR

from . import state_row
from .book import BATCH, REPAIRS, Book


def file(engine: Engine, book: Book, ledger: str, start: int, stop: int) -> Iterator[Entry]:
    """File the leaves start..stop-1 of a ledger; yields the sound acts on a record, and tombstones, among them."""
    voids = book.store.voids(ledger, start) if book.has_void(ledger, start) else {}
    rows: list[tuple[Any, ...]] = []
    marks = ",".join("?" * 15)
    insert = (
        "INSERT INTO done (ledger, idx, id, side, record, verb, office, time, rule, reason, remedy, overtaken, "
        f"terms, bodies, kept) VALUES ({marks})"
    )
    side = (book.other or "") if ledger == MIRROR else book.side
    leaves = book.latest(ledger, start) if stop - start == 1 else []
    for index, leaf in enumerate(leaves or book.store.leaves(ledger, start, stop), start):
        if len(rows) == BATCH:
            engine.many(insert, rows)
            rows = []
        rule, reason, remedy = voids.get(index, ("", "", ""))
        try:
            entry = book.entry(leaf)
        except ValueError:
            rows.append((LEDGERS[ledger], index, "", side, "", "", "", "", rule, reason, remedy, "", "{}", "[]", ""))
            continue
        act = entry.act
        if (act.record or act.verb in ("tombstone", *REPAIRS)) and not rule:
            yield entry
        rows.append(
            (
                LEDGERS[ledger],
                index,
                entry.id,
                side,
                act.record,
                act.verb,
                act.office,
                act.time,
                rule,
                reason,
                remedy,
                "",
                state_row.as_json(state_row.shown_terms(act)),
                state_row.as_json([one.digest for one in act.body]),
                state_row.group_of(act),
            )
        )
    engine.many(insert, rows)


def mark(engine: Engine, folded: Record) -> None:
    """Write beside the acts of a record which of them are void or came too late."""
    for act, refusal in folded.void.items():
        engine.run(
            "UPDATE done SET rule = ?, reason = ?, remedy = ? WHERE id = ?",
            (refusal.rule, refusal.reason, refusal.remedy, act),
        )
    for act, by in folded.whole.overtaken.items():
        engine.run("UPDATE done SET overtaken = ? WHERE id = ?", (by or "-", act))
