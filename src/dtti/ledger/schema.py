"""The tables of a store: how they are made, brought over from an earlier version, and held against today's. No Django.

Knows SQL and both databases; knows no leaf and no body. The database refuses to change what is only ever inserted.
"""

from collections.abc import Mapping

from . import bring_over
from .engine import Engine, Sqlite, Unusable

#: Version of the tables below: raised with every change of them, beside a step in `bring_over`.
VERSION = 4
_APPEND_ONLY = ("entry", "hash", "void")

_SCHEMA = """
CREATE TABLE head (ledger INTEGER PRIMARY KEY, size BIGINT NOT NULL CHECK (size >= 0));
CREATE TABLE entry (pos BIGINT_KEY PRIMARY KEY, id BLOB NOT NULL, record TEXT NOT NULL, verb TEXT NOT NULL,
  leaf BLOB NOT NULL);
CREATE INDEX entry_id ON entry (id);
CREATE INDEX entry_record ON entry (record, pos) WHERE record <> '';
CREATE INDEX entry_verb ON entry (verb, pos) WHERE record = '';
CREATE TABLE hash (pos BIGINT_KEY PRIMARY KEY, hash BLOB NOT NULL);
CREATE TABLE void (pos BIGINT_KEY PRIMARY KEY, rule TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL);
CREATE TABLE note (ledger INTEGER NOT NULL, size BIGINT NOT NULL, note TEXT NOT NULL, PRIMARY KEY (ledger, size));
"""
_FACT_SCHEMA = "CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);"
_SENT_SCHEMA = """
CREATE TABLE sent (slot BIGINT_KEY PRIMARY KEY, form BLOB NOT NULL, seat BLOB NOT NULL, seen BLOB NOT NULL,
  act BLOB NOT NULL);
CREATE UNIQUE INDEX sent_form ON sent (form);
"""
_BODY_SCHEMA = """
CREATE TABLE body (ledger INTEGER NOT NULL, act BLOB NOT NULL, part INTEGER NOT NULL, digest BLOB NOT NULL, salt BLOB,
  data BLOB, tombstone BLOB, PRIMARY KEY (ledger, act, part),
  CHECK ((tombstone IS NULL) = (data IS NOT NULL) AND (data IS NULL) = (salt IS NULL)));
CREATE INDEX body_digest ON body (digest);
"""


def _statements(schema: str, engine: Engine) -> list[str]:
    for word, meant in engine.schema_words.items():
        schema = schema.replace(f" {word}", f" {meant}")
    return [part for part in schema.split(";") if part.strip()]


def grants(schema: str, role: str) -> list[str]:
    """SQL that lets `role` run a node on PostgreSQL without UPDATE or DELETE on the ledger tables."""
    return [
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT, INSERT ON {schema}.entry, {schema}.hash, {schema}.void TO {role}",
        f"GRANT SELECT, INSERT, UPDATE ON {schema}.head, {schema}.body, {schema}.note TO {role}",
        f"GRANT SELECT, INSERT, UPDATE ON {schema}.sent, {schema}.fact TO {role}",
    ]


def of_today(engine: Engine, ledgers: Mapping[str, int], stride: int) -> Engine:
    """`engine`, its tables brought over where an earlier version made them; Unusable where a later one did.

    `ledgers`: the number of each; `stride`: leaves, or tree hashes, that one of them can hold.
    """
    try:
        version = engine.version()
        if version > VERSION:
            raise Unusable(
                f"this ledger store has schema version {version}, and this software knows none after {VERSION}; "
                "nothing was changed; run the version of the software that made it, or a later one"
            )
        if version < VERSION and engine.has_table("body"):
            if not engine.has_table("body", "part"):
                bring_over.bodies(engine, _statements(_BODY_SCHEMA, engine), ledgers, stride)
            if not engine.has_table("fact"):
                bring_over.add(engine, "fact", _statements(_FACT_SCHEMA, engine), like="head")
            if not engine.has_table("sent"):
                bring_over.add(engine, "sent", _statements(_SENT_SCHEMA, engine), like="head")
            bring_over.said(engine, VERSION)
    except BaseException:
        engine.close()
        raise
    return engine


def create(engine: Engine, ledgers: Mapping[str, int]) -> None:
    """Make the tables where they are absent."""
    if engine.has_table("entry"):
        return
    try:
        engine.begin_schema()
        if not engine.has_table("entry"):  # another process may have come first
            for statement in _made_by(engine):
                engine.run(statement)
            engine.many("INSERT INTO head (ledger, size) VALUES (?, ?)", [(number, 0) for number in ledgers.values()])
            engine.run("INSERT INTO fact (name, value) VALUES ('mark', 'made')")  # see node/core/mark.py
            engine.set_version(VERSION)
        engine.commit()
    except BaseException:
        engine.rollback()
        raise


def _made_by(engine: Engine) -> list[str]:
    statements = _statements(_SCHEMA + _BODY_SCHEMA + _FACT_SCHEMA + _SENT_SCHEMA, engine)
    return statements + [each for table in _APPEND_ONLY for each in engine.guard(table)]


def odd(engine: Engine, schema: str) -> list[str]:
    """What stands among the tables and guards that this version did not make, or is missing; empty where none."""
    if isinstance(engine, Sqlite):
        return engine.differs_from(_made_by(engine))
    guards = {f"{table}_append_only" for table in _APPEND_ONLY}
    rows = engine.run(
        "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
        "WHERE relnamespace = to_regnamespace(?) AND NOT tgisinternal AND tgenabled = 'O'",
        (schema,),
    )
    found = {str(name) for (name,) in rows}
    return [f"the guard {name} does not stand" for name in sorted(guards - found)] + [
        f"a trigger {name} stands that does not belong here" for name in sorted(found - guards)
    ]
