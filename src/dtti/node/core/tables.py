"""The tables of the projection, on SQLite and on PostgreSQL. Knows their shape, not what fills or reads them."""

from typing import Any

from dtti.ledger.engine import Engine, Named, Postgres, StoreError, Unusable
from dtti.ledger.store import LEDGERS
from dtti.programme.facets import KEPT, Columns, used
from dtti.programme.judging import checks_version

#: Raised whenever the shape or meaning of the tables changes: a projection of another version is made anew, and so is
#: one that other checks of contents made.
VERSION = 14
REMEDY = "make it anew from the ledgers: `dtti rebuild`"
RECORD: Named = ("the record database", REMEDY)

_HOLDS: dict[Any, str] = {str: "TEXT NOT NULL", str | None: "TEXT", int | None: "BIGINT"}
_SCHEMA = """
CREATE TABLE position (ledger INTEGER PRIMARY KEY, size BIGINT NOT NULL);
CREATE TABLE state (
  place PLACE, words_at BIGINT,
  record TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, side TEXT NOT NULL, mode TEXT NOT NULL,
  label TEXT NOT NULL, FACETS, title_order TEXT NOT NULL, ref_order TEXT NOT NULL,
  grade TEXT NOT NULL, number INTEGER NOT NULL, act TEXT NOT NULL, part INTEGER NOT NULL, stated_by TEXT NOT NULL,
  pen TEXT NOT NULL, court TEXT NOT NULL, court_since TEXT NOT NULL, court_why TEXT NOT NULL, offer TEXT NOT NULL,
  offer_side TEXT NOT NULL, offer_until TEXT NOT NULL,
  answer TEXT NOT NULL, answered TEXT NOT NULL, beside INTEGER NOT NULL, standing TEXT NOT NULL,
  flagged INTEGER NOT NULL, text_state TEXT NOT NULL, known_from TEXT NOT NULL, known_until TEXT NOT NULL,
  changed_by TEXT NOT NULL, content TEXT NOT NULL, against TEXT NOT NULL, called TEXT NOT NULL,
  unread TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, kept TEXT NOT NULL, UNIQUE (record, seq));
CREATE INDEX state_kind ON state (kind, known_until, earliest, ref);
CREATE INDEX state_list ON state (kind, title_order, ref_order, record, label, FILTERS, grade, court, pen, side,
  earliest, latest, text_state, kept) WHERE known_until = '9999';
CREATE INDEX state_ref ON state (ref, known_until, kind);
CREATE INDEX state_project ON state (project, known_until, known_from, label, kept) WHERE project <> '';
CREATE INDEX state_code ON state (code);
CREATE INDEX state_name ON state (name, known_until, kind);
CREATE INDEX state_called ON state (called, kind) WHERE called <> '';
CREATE INDEX state_words ON state (words_at, kind, label, text_state, kept, title_order, ref_order, record)
  WHERE known_until = '9999';
CREATE INDEX state_gone ON state (kind) WHERE text_state IN ('erased', 'missing');
CREATE INDEX state_court ON state (court, known_until, court_since, ref_order, record);
CREATE INDEX state_due ON state (due, ref_order) WHERE due IS NOT NULL AND known_until = '9999';
CREATE INDEX state_answered ON state (answered) WHERE answered <> '';
CREATE INDEX state_open ON state (offer_side, offer_until) WHERE offer <> '' AND known_until = '9999';
CREATE INDEX state_changed ON state (known_from);
CREATE TABLE done (
  ledger INTEGER NOT NULL, idx BIGINT NOT NULL, id TEXT NOT NULL, side TEXT NOT NULL, record TEXT NOT NULL,
  verb TEXT NOT NULL, office TEXT NOT NULL, time TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL,
  remedy TEXT NOT NULL, overtaken TEXT NOT NULL, terms TEXT NOT NULL, bodies TEXT NOT NULL, kept TEXT NOT NULL,
  claimed TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (ledger, idx));
CREATE INDEX done_record ON done (record, time);
CREATE INDEX done_time ON done (time DESC, ledger, idx DESC);
CREATE INDEX done_id ON done (id);
CREATE TABLE link (target TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (target, record));
CREATE INDEX link_record ON link (record);
CREATE TABLE unnamed (record TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL);
CREATE INDEX unnamed_record ON unnamed (record);
CREATE INDEX unnamed_ref ON unnamed (kind, ref);
""".replace("FACETS", ", ".join(f"{name} {_HOLDS[held]}" for name, held in KEPT.items())).replace(
    "FILTERS", ", ".join(used(Columns, "filter"))
)

FAR = "9999"  # known_until of what still stands
REMADE = 3  # beside the numbers of the ledgers in `position`: how often rows were made anew


def _columns(table: str, end: str) -> list[str]:
    """Columns of a table as the schema has them, but for those that hold a place in the file."""
    stated = _SCHEMA.partition(f"CREATE TABLE {table} (")[2].partition(end)[0]
    return [column.split()[0] for column in stated.split(",") if column.split()[0] not in ("place", "words_at")]


COLUMNS = _columns("state", ", UNIQUE")
DONE = _columns("done", ",\n  PRIMARY KEY")


def create(engine: Engine, schema: str, *, anew: bool = False) -> None:
    """Make the tables where they are absent or of an earlier version; what they held is made anew from the ledgers.

    Of another version are also those whose texts were judged by other checks: what could not be read then may be now.
    Unusable where a later version of this software made them. `anew`: make them whatever stands there.
    """
    if isinstance(engine, Postgres):
        engine.run(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    version = f"{VERSION} {checks_version()}"
    if not anew:
        found = _version(engine, schema)
        if found == version:
            return
        number = found.partition(" ")[0]
        if number.isdecimal() and int(number) > VERSION:
            raise Unusable(
                f"{RECORD[0]} has schema version {number}, and this software knows none after {VERSION}; nothing was "
                f"changed; run the version of the software that made it, or {REMEDY}"
            )
    engine.run("BEGIN")
    for table in ("position", "state", "done", "link", "search", "unnamed", "version"):
        engine.run(f"DROP TABLE IF EXISTS {table}")
    place = "BIGINT GENERATED ALWAYS AS IDENTITY" if isinstance(engine, Postgres) else "INTEGER PRIMARY KEY"
    schema = _SCHEMA.replace("PLACE", place)
    if isinstance(engine, Postgres):  # texts byte by byte, as SQLite has them: one order in both
        schema = schema.replace(" TEXT", ' TEXT COLLATE "C"')
    for statement in schema.split(";"):
        if statement.strip():
            engine.run(statement)
    create_search(engine)
    engine.run("CREATE TABLE version (version TEXT)")
    engine.run("INSERT INTO version (version) VALUES (?)", (version,))
    numbers = (*LEDGERS.values(), REMADE)
    engine.many("INSERT INTO position (ledger, size) VALUES (?, ?)", [(each, 0) for each in numbers])
    engine.run("COMMIT")


#: Words divided by blanks, as PostgreSQL indexes them: as they are, where its own parser would divide them otherwise.
AS_WORDS = "array_to_tsvector(string_to_array(?, ' '))"


#: On PostgreSQL, behind a record's id: by these words the public finds it, where it is not shown what officials are.
PUBLIC_WORDS = "#"


def create_search(engine: Engine) -> None:
    """Make the index of words, which are those of `language.folding`."""
    if isinstance(engine, Postgres):
        engine.run("CREATE TABLE search (record TEXT PRIMARY KEY, words TSVECTOR)")
        engine.run("CREATE INDEX search_words ON search USING gin (words)")
        return
    engine.run(
        "CREATE VIRTUAL TABLE search USING fts5 (record UNINDEXED, words, tokenize = "
        "\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
    )


def _version(engine: Engine, schema: str) -> str:
    try:
        if isinstance(engine, Postgres):
            if not engine.run("SELECT to_regclass(?)", (f"{schema}.version",))[0][0]:
                return ""
        elif not engine.run("SELECT 1 FROM sqlite_master WHERE name = 'version'"):
            return ""
        return str(engine.run("SELECT version FROM version")[0][0])
    except (StoreError, IndexError) as error:
        if isinstance(error, Unusable):
            raise
        return ""
