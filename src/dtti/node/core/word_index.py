"""The index of words over the records of a node, on both databases. Knows no text; says nothing about who may see what.

It is asked for words and never for a record: a row of it stands at the place of the record's first state, and is taken
out before that goes. Every state of the record says that place (`words_at`), so that what is found is looked up by
number; on PostgreSQL the index says the record.
"""

from dtti.ledger.engine import Engine, Postgres

from .tables import AS_WORDS


def put(engine: Engine, record: str, words: str) -> None:
    """Index the words of a record that has none here."""
    if isinstance(engine, Postgres):
        engine.run(f"INSERT INTO search (record, words) VALUES (?, {AS_WORDS})", (record, words))
        return
    engine.run(
        "INSERT INTO search (rowid, record, words) SELECT place, record, ? FROM state WHERE record = ? AND seq = 0",
        (words, record),
    )


def take_out(engine: Engine, record: str) -> None:
    """Take out the words of a record, while its first state stands."""
    if isinstance(engine, Postgres):
        engine.run("DELETE FROM search WHERE record = ?", (record,))
        return
    engine.run("DELETE FROM search WHERE rowid = (SELECT place FROM state WHERE record = ? AND seq = 0)", (record,))
