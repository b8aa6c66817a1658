"""What records are called among each other: an address of their own, and which ones a text that came may name.

What an arriving text may name is what is held here, in whatever order it came: a text that named a record too early is
judged again once something carries that reference. Knows the rows of the projection; judges nothing itself.
"""

from collections.abc import Iterable, Sequence

from dtti.ledger.engine import Engine

from . import state_row


def address(engine: Engine, side: str, record: str) -> None:
    """Let every record that has the code of this one be addressed by a name of its own."""
    alike = [
        str(one)
        for (one,) in engine.run(
            "SELECT DISTINCT record FROM state WHERE code = ? ORDER BY record", (record.rpartition("/")[2],)
        )
    ]
    if len(alike) > 1:
        for one, name in state_row.names(alike, side).items():
            engine.run("UPDATE state SET name = ? WHERE record = ? AND name <> ?", (name, one, name))


def may_be(engine: Engine, kind: str, ref: str) -> bool:
    """Whether a text that came may name this record: something released carries the reference, or did.

    Where a text of that kind was erased, or is missing, nobody can say that it did not.
    """
    for condition, values in (
        ("ref = ? AND kind = ? AND text_state = 'held' AND label <> 'national'", (ref, kind)),
        ("called = ? AND kind = ? AND called <> '' AND label <> 'national'", (ref, kind)),
        ("kind = ? AND text_state IN ('erased', 'missing') AND label <> 'national'", (kind,)),
    ):
        if engine.run(f"SELECT 1 FROM state WHERE {condition} LIMIT 1", values):
            return True
    return False


def waiting(engine: Engine, touched: Sequence[str]) -> Iterable[str]:
    """The records that named what nothing here carried, and what one of `touched` may carry now."""
    if not engine.run("SELECT 1 FROM unnamed LIMIT 1"):
        return ()
    again: dict[str, None] = {}
    for record in touched:
        rows = engine.run(
            "SELECT DISTINCT kind, ref, called, text_state FROM state WHERE record = ? AND label <> 'national'",
            (record,),
        )
        for kind, ref, called, state in rows:
            if state in ("erased", "missing"):
                found = engine.run("SELECT DISTINCT record FROM unnamed WHERE kind = ?", (kind,))
            else:
                found = engine.run(
                    "SELECT DISTINCT record FROM unnamed WHERE kind = ? AND ref IN (?, ?)", (kind, ref, called)
                )
            again.update(dict.fromkeys(str(one) for (one,) in found))
    return again
