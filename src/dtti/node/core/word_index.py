"""The index of words over the records of a node, on both databases. Knows no text; says nothing about who may see what.

It is asked for words and never for a record: a row of it stands at the place of the record's first state, and is taken
out before that goes. Every state of the record says that place (`words_at`), so that what is found is looked up by
number; on PostgreSQL the index says the record. Rows that the public alone is shown are found by their own words, or a
search would say what stands in a text that is not public.
"""

from dtti.ledger.engine import Engine, Postgres

from . import state_row
from .tables import AS_WORDS, PUBLIC_WORDS


def put(engine: Engine, record: str, words: str, first: int = 0) -> None:
    """Index the words of a record that has none here; `first`: the place of the first row of a series."""
    if isinstance(engine, Postgres):
        named = record + (PUBLIC_WORDS if first else "")
        engine.run(f"INSERT INTO search (record, words) VALUES (?, {AS_WORDS})", (named, words))
        return
    engine.run(
        "INSERT INTO search (rowid, record, words) SELECT place, record, ? FROM state WHERE record = ? AND seq = ?",
        (words, record, first),
    )


def take_out(engine: Engine, record: str) -> None:
    """Take out the words of a record, while its first states stand."""
    if isinstance(engine, Postgres):
        engine.run("DELETE FROM search WHERE record IN (?, ?)", (record, record + PUBLIC_WORDS))
        return
    engine.run(
        "DELETE FROM search WHERE rowid IN (SELECT place FROM state WHERE record = ? AND seq IN (0, ?))",
        (record, state_row.APART),
    )
