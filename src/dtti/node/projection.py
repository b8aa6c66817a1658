"""The record as lists and pages read it: one temporal table of record states, rebuilt from the ledgers at any time.

Derived and never the truth: it stores the ledger positions it stands at in the transaction that moves it, catches up
at start and before a write is answered, and `rebuild` makes it anew. A row of `state` is what a record was from
`known_from` to `known_until` (claimed times); `on` is asked of the dates inside. Reading it goes through `visibility`.
No Django: the same engines as the ledger store, with looser durability since a lost step is caught up.
"""

import os
import threading
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec
import orjson

from dtti.accord.fold import Filed, Record, View
from dtti.accord.grade import beside, current, grade, in_court
from dtti.accord.refusal import Refused
from dtti.ledger.act import Act, Entry
from dtti.ledger.body import Body, Erased
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Engine, Postgres, Sqlite, Store, StoreError
from dtti.programme.kind import Content, Facets
from dtti.programme.kinds import KINDS

from . import text
from .book import BATCH, HELD, Book

#: Raised whenever the shape or meaning of the tables changes: a projection of another version is made anew.
VERSION = 3

_SCHEMA = """
CREATE TABLE position (ledger INTEGER PRIMARY KEY, size BIGINT NOT NULL);
CREATE TABLE state (
  place PLACE, record TEXT NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL, side TEXT NOT NULL, mode TEXT NOT NULL,
  label TEXT NOT NULL, ref TEXT NOT NULL, title TEXT NOT NULL, subtitle TEXT NOT NULL, category TEXT NOT NULL,
  status TEXT NOT NULL, stage TEXT NOT NULL, horizon TEXT NOT NULL, body TEXT NOT NULL, project TEXT NOT NULL,
  domain TEXT NOT NULL, about TEXT NOT NULL, earliest TEXT, latest TEXT, amount BIGINT, currency TEXT NOT NULL,
  grade TEXT NOT NULL, number INTEGER NOT NULL, act TEXT NOT NULL, part INTEGER NOT NULL, stated_by TEXT NOT NULL,
  pen TEXT NOT NULL, court TEXT NOT NULL, court_since TEXT NOT NULL, court_why TEXT NOT NULL, offer TEXT NOT NULL,
  offer_side TEXT NOT NULL, offer_until TEXT NOT NULL, beside INTEGER NOT NULL, standing TEXT NOT NULL,
  flagged INTEGER NOT NULL, text_state TEXT NOT NULL, known_from TEXT NOT NULL, known_until TEXT NOT NULL,
  changed_by TEXT NOT NULL, content TEXT NOT NULL, UNIQUE (record, seq));
CREATE INDEX state_kind ON state (kind, known_until, earliest, ref);
CREATE INDEX state_list ON state (kind, title, ref, record, label, category, status, stage, horizon, body, project,
  domain, about, grade, court, pen, side, earliest, latest) WHERE known_until = '9999';
CREATE INDEX state_ref ON state (ref, kind);
CREATE INDEX state_court ON state (court, known_until);
CREATE INDEX state_changed ON state (known_from);
CREATE TABLE done (
  ledger INTEGER NOT NULL, idx BIGINT NOT NULL, id TEXT NOT NULL, side TEXT NOT NULL, record TEXT NOT NULL,
  verb TEXT NOT NULL, office TEXT NOT NULL, time TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL,
  remedy TEXT NOT NULL, overtaken TEXT NOT NULL, terms TEXT NOT NULL, bodies TEXT NOT NULL, PRIMARY KEY (ledger, idx));
CREATE INDEX done_record ON done (record, time);
CREATE INDEX done_time ON done (time);
CREATE INDEX done_id ON done (id);
"""

FAR = "9999"  # known_until of what still stands
REMADE = 3  # beside the numbers of the ledgers in `position`: how often rows were made anew
KEPT = 256  # answers that are kept while nothing moves
COLUMNS = [
    "record",
    "seq",
    "kind",
    "side",
    "mode",
    "label",
    "ref",
    "title",
    "subtitle",
    "category",
    "status",
    "stage",
    "horizon",
    "body",
    "project",
    "domain",
    "about",
    "earliest",
    "latest",
    "amount",
    "currency",
    "grade",
    "number",
    "act",
    "part",
    "stated_by",
    "pen",
    "court",
    "court_since",
    "court_why",
    "offer",
    "offer_side",
    "offer_until",
    "beside",
    "standing",
    "flagged",
    "text_state",
    "known_from",
    "known_until",
    "changed_by",
    "content",
]


T = TypeVar("T")


class Snapshot(msgspec.Struct, frozen=True):
    """What the acts say of a record at one moment, before contents are looked at."""

    time: str
    act: str
    text: tuple[str, int, str] | None  # act, body, side
    grade: str
    number: int
    pen: str
    court: tuple[str, str, str]
    offer: tuple[str, str, str]
    beside: int
    standing: str


def _shown_text(view: View, draft: tuple[str, str]) -> tuple[tuple[str, int, str] | None, str]:
    """The text that a list shows, and what it is called: failing any text that stands, the last offer or draft."""
    shown = current(view)
    if shown is not None:
        return (shown.act, shown.body, shown.side), grade(view, shown)
    if view.offers:
        offer = view.offers[-1]
        return (offer.id, offer.body, offer.side), offer.outcome or "offer"
    return ((draft[0], 0, draft[1]), "draft") if draft[0] else (None, "")


def snapshot(view: View, time: str, act: str, draft: tuple[str, str] = ("", "")) -> Snapshot:
    """The snapshot of `view` after `act` at `time`; `draft`: act and side of the latest draft shown to both."""
    shown, court, offer = current(view), in_court(view), view.offer
    text, called = _shown_text(view, draft)
    standing = ",".join(f"{side}:{notice}" for side, (notice, _) in sorted(view.notices.items()))
    return Snapshot(
        time,
        act,
        text,
        called,
        shown.number if shown else 0,
        view.pen,
        (court.side, court.since, court.why) if court else ("", "", ""),
        (offer.id, offer.side, offer.until) if offer else ("", "", ""),
        len(beside(view)),
        standing,
    )


def _flags(view: View) -> dict[str, str]:
    """Acts whose agreed text has a notice concurrent with it, and the claimed time of that notice."""
    given = {act: time for _, _, act, time in view.notice_acts}
    return {text.act: given[text.flagged] for text in view.texts if text.flagged}


class Projection:
    """The projection of one node. One connection for each thread; safe across fork."""

    def __init__(self, address: str | Path, schema: str = "dtti_record") -> None:
        self.address, self.schema = str(address), schema
        self._local = threading.local()
        self._read: dict[str, tuple[Content, dict[str, Any]]] = {}
        self._kept_at: list[tuple[Any, ...]] = []
        self._kept: dict[object, object] = {}

    @property
    def is_postgres(self) -> bool:
        """Whether it stands on PostgreSQL."""
        return self.address.startswith(("postgresql://", "postgres://"))

    @property
    def engine(self) -> Engine:
        """This thread's connection, opened at first use, and again after a fork or where the server closed it."""
        if getattr(self._local, "pid", None) != os.getpid() or self._local.engine.closed:
            engine: Engine = (
                Postgres(self.address, self.schema, "off") if self.is_postgres else Sqlite(Path(self.address), "NORMAL")
            )
            self._local.engine, self._local.pid = engine, os.getpid()
            self._create(engine)
        held: Engine = self._local.engine
        return held

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "pid", None) == os.getpid():
            self._local.engine.close()
            self._local.pid = None

    def _create(self, engine: Engine) -> None:
        if isinstance(engine, Postgres):
            engine.run(f"CREATE SCHEMA IF NOT EXISTS {self.schema}")
        if self._version(engine) == VERSION:
            return
        engine.run("BEGIN")
        for table in ("position", "state", "done", "search", "version"):
            engine.run(f"DROP TABLE IF EXISTS {table}")
        place = "BIGINT GENERATED ALWAYS AS IDENTITY" if isinstance(engine, Postgres) else "INTEGER PRIMARY KEY"
        for statement in _SCHEMA.replace("PLACE", place).split(";"):
            if statement.strip():
                engine.run(statement)
        engine.run(
            "CREATE TABLE search (record TEXT PRIMARY KEY, words TSVECTOR)"
            if isinstance(engine, Postgres)
            else "CREATE VIRTUAL TABLE search USING fts5 (record UNINDEXED, words, tokenize = "
            "\"unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'\")"
        )
        engine.run("CREATE TABLE version (version INTEGER)")
        engine.run("INSERT INTO version (version) VALUES (?)", (VERSION,))
        numbers = (*LEDGERS.values(), REMADE)
        engine.many("INSERT INTO position (ledger, size) VALUES (?, ?)", [(each, 0) for each in numbers])
        engine.run("COMMIT")

    def _version(self, engine: Engine) -> int:
        try:
            if isinstance(engine, Postgres):
                if not engine.run("SELECT to_regclass(?)", (f"{self.schema}.version",))[0][0]:
                    return 0
            elif not engine.run("SELECT 1 FROM sqlite_master WHERE name = 'version'"):
                return 0
            return int(engine.run("SELECT version FROM version")[0][0])
        except (StoreError, IndexError):
            return 0

    @contextmanager
    def _writing(self) -> Iterator[Engine]:
        engine = self.engine
        engine.run("BEGIN" if isinstance(engine, Postgres) else "BEGIN IMMEDIATE")
        try:
            if isinstance(engine, Postgres):
                engine.run("SELECT size FROM position FOR UPDATE")
            yield engine
            engine.commit()
        except BaseException:
            engine.rollback()
            raise

    def positions(self) -> dict[str, int]:
        """How many leaves of each ledger it has taken in."""
        sizes = dict(self.engine.run("SELECT ledger, size FROM position"))
        return {name: int(sizes[number]) for name, number in LEDGERS.items()}

    def kept(self, question: object, answer: Callable[[], T]) -> T:
        """What `answer` gives to `question`, kept as long as no row has changed since it was given.

        `question` must hold all that the answer depends on beside the rows: who asks, in what language.
        """
        at = self.engine.run("SELECT ledger, size FROM position ORDER BY ledger")
        if at != self._kept_at or len(self._kept) >= KEPT:
            self._kept_at, self._kept = at, {}
        if question not in self._kept:
            self._kept[question] = answer()
        return cast(T, self._kept[question])

    def expect(self, digest: str, content: Content, stored: dict[str, Any]) -> None:
        """Hand on the content of a body that is about to be projected, typed and as it stands in the body."""
        if len(self._read) >= HELD:
            self._read.clear()  # of writes that came to nothing
        self._read[digest] = content, stored

    def catch_up(self, book: Book) -> list[str]:
        """Take in what the ledgers hold beyond its positions; returns the records that changed."""
        book.sync()
        behind = book.sizes
        if behind == getattr(self._local, "reached", None) and behind == self.positions():
            return []
        with self._writing() as engine:
            positions = self.positions()
            few = sum(behind.values()) - sum(positions.values()) <= HELD
            touched: dict[str, list[Entry]] = {}
            for ledger, number in LEDGERS.items():
                start, stop = positions[ledger], behind[ledger]
                if start < stop:
                    for entry in self._file(engine, book, ledger, start, stop):
                        fresh = touched.setdefault(entry.act.record, [])
                        if few:  # of many no act is kept: their records are folded from the store
                            fresh.append(entry)
                    engine.run("UPDATE position SET size = ? WHERE ledger = ?", (stop, number))
            for record, fresh in touched.items():
                if not (len(fresh) == 1 and self._extend(engine, book, fresh[0], behind)):
                    self._state(engine, book, record)
        self._local.reached = behind
        return list(touched)

    def forget(self) -> None:
        """Empty it, so that the next catch-up makes it anew."""
        with self._writing() as engine:
            for table in ("state", "done", "search"):
                engine.run(f"DELETE FROM {table}")
            engine.run("UPDATE position SET size = 0 WHERE ledger <> ?", (REMADE,))
            engine.run("UPDATE position SET size = size + 1 WHERE ledger = ?", (REMADE,))

    def refresh(self, book: Book, records: Sequence[str]) -> None:
        """Make the rows of `records` anew: after an erasure, so that no content outlives its body."""
        with self._writing() as engine:
            for record in records:
                self._state(engine, book, record)
            engine.run("UPDATE position SET size = size + 1 WHERE ledger = ?", (REMADE,))
        if isinstance(self.engine, Sqlite):
            self.engine.run("INSERT INTO search (search) VALUES ('optimize')")
            self.engine.run("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- rows --------------------------------------------------------------------------------------------------------

    def _file(self, engine: Engine, book: Book, ledger: str, start: int, stop: int) -> Iterator[Entry]:
        """File the leaves start..stop-1 of a ledger; yields the sound acts among them that are on a record."""
        voids = book.store.voids(ledger, start) if book.has_void(ledger, start) else {}
        rows: list[tuple[Any, ...]] = []
        marks = ",".join("?" * 14)
        insert = (
            "INSERT INTO done (ledger, idx, id, side, record, verb, office, time, rule, reason, remedy, overtaken, "
            f"terms, bodies) VALUES ({marks})"
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
                rows.append((LEDGERS[ledger], index, "", side, "", "", "", "", rule, reason, remedy, "", "{}", "[]"))
                continue
            act = entry.act
            if act.record and not rule:
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
                    _as_json(_shown(act)),
                    _as_json([one.digest for one in act.body]),
                )
            )
        engine.many(insert, rows)

    def _extend(self, engine: Engine, book: Book, entry: Entry, sizes: dict[str, int]) -> bool:
        """Add what this side's latest act made of its record, where nothing projected follows; else False.

        It costs what one row costs, however long the history. For any acts `_state` gives the same rows.
        """
        act = entry.act
        if (act.side, act.ledger, act.seen.size) != (book.side, RELEASED, sizes[MIRROR]):
            return False
        folded = book.folded(act.record)
        if folded.national is not None or entry.id in folded.void:
            return False
        found = engine.run(
            f"SELECT {', '.join(COLUMNS)} FROM state WHERE record = ? ORDER BY seq DESC LIMIT 1", (act.record,)
        )
        last = dict(zip(COLUMNS, found[0], strict=True)) if found else None
        draft = (entry.id, act.side) if act.verb == "draft" else ("", "")
        if last and last["grade"] == "draft" and not draft[0]:
            draft = (last["act"], last["stated_by"])
        made = snapshot(folded.whole, max(act.time, last["known_from"]) if last else act.time, entry.id, draft)
        moment = _of_moment(made, _flags(folded.whole), national=False)
        same_text = last is not None and made.text == (last["act"], last["part"], last["stated_by"])
        if last and made.time == last["known_from"]:
            if not same_text:
                return False
            columns = ", ".join(f"{name} = ?" for name in moment)
            engine.run(
                f"UPDATE state SET {columns} WHERE record = ? AND seq = ?",
                (*moment.values(), act.record, last["seq"]),
            )
        else:
            if last:
                engine.run(
                    "UPDATE state SET known_until = ? WHERE record = ? AND seq = ?",
                    (made.time, act.record, last["seq"]),
                )
            if last and same_text:
                of_text, words = last, None
            else:
                of_text, words = self._text(book, act.record, made.text)
            row = {**of_text, "seq": last["seq"] + 1 if last else 0, "known_from": made.time, "known_until": FAR}
            self._insert(engine, [row | moment])
            if words is not None:
                if last:
                    self._unsearch(engine, act.record)
                self._search(engine, act.record, words)
        self._mark(engine, folded)
        return True

    def _state(self, engine: Engine, book: Book, record: str) -> None:
        try:
            book.mode(record)
        except KeyError:
            return
        seen: list[Snapshot] = []
        draft = ["", ""]

        def observe(view: View, one: Filed) -> None:
            time = max(one.act.time, seen[-1].time) if seen else one.act.time
            if one.act.verb == "draft":
                draft[:] = [one.id, one.act.side]
            made = snapshot(view, time, one.id, (draft[0], draft[1]))
            if seen and seen[-1].time == time:
                seen.pop()
            seen.append(made)

        placed = book.store.of_record(record)
        national = all(one.ledger == NATIONAL for one in placed)
        folded = book.fold(record, placed, observe)
        self._mark(engine, folded)
        flags = _flags(folded.whole)
        texts: dict[tuple[str, int, str] | None, tuple[dict[str, Any], str]] = {}
        rows = []
        for seq, one in enumerate(seen):
            until = seen[seq + 1].time if seq + 1 < len(seen) else FAR
            if one.text not in texts:
                texts[one.text] = self._text(book, record, one.text)
            row = {**texts[one.text][0], "seq": seq, "known_from": one.time, "known_until": until}
            rows.append(row | _of_moment(one, flags, national=national))
        self._unsearch(engine, record)
        engine.run("DELETE FROM state WHERE record = ?", (record,))
        self._insert(engine, rows)
        if rows and seen[-1].text:
            self._search(engine, record, texts[seen[-1].text][1])

    def _mark(self, engine: Engine, folded: Record) -> None:
        """Write beside the acts of a record which of them are void or came too late."""
        for act, refusal in folded.void.items():
            engine.run(
                "UPDATE done SET rule = ?, reason = ?, remedy = ? WHERE id = ?",
                (refusal.rule, refusal.reason, refusal.remedy, act),
            )
        for act, by in folded.whole.overtaken.items():
            engine.run("UPDATE done SET overtaken = ? WHERE id = ?", (by or "-", act))

    def _text(self, book: Book, record: str, shown: tuple[str, int, str] | None) -> tuple[dict[str, Any], str]:
        """The columns of a row that come from its text, and the words to search it by."""
        placed = book.store.find(shown[0]) if shown else None
        digest = book.entry(placed.leaf).act.body[shown[1]].digest if shown and placed else ""
        held = self._read.pop(digest, None)
        state, facets, content = _held(record, *held) if held else _content(book.store, record, digest)
        return _of_text(record, book.mode(record), state, facets, content), fold_words(facets.search)

    def _insert(self, engine: Engine, rows: list[dict[str, Any]]) -> None:
        marks = ",".join("?" * len(COLUMNS))
        engine.many(
            f"INSERT INTO state ({', '.join(COLUMNS)}) VALUES ({marks})",
            [[row[name] for name in COLUMNS] for row in rows],
        )

    # The index of words is asked for words and never for a record: a row of it stands at the place of the record's
    # first state, and is taken out before that goes.

    def _search(self, engine: Engine, record: str, words: str) -> None:
        if isinstance(engine, Postgres):
            engine.run("INSERT INTO search (record, words) VALUES (?, to_tsvector('simple', ?))", (record, words))
            return
        engine.run(
            "INSERT INTO search (rowid, record, words) SELECT place, record, ? FROM state WHERE record = ? AND seq = 0",
            (words, record),
        )

    def _unsearch(self, engine: Engine, record: str) -> None:
        if isinstance(engine, Postgres):
            engine.run("DELETE FROM search WHERE record = ?", (record,))
            return
        engine.run("DELETE FROM search WHERE rowid = (SELECT place FROM state WHERE record = ? AND seq = 0)", (record,))


def fold_words(words: str) -> str:
    """Text as search compares it: NFC, joiners stripped (both spellings of a conjunct are one word), lower case."""
    return unicodedata.normalize("NFC", words).replace("\u200d", "").replace("\u200c", "").lower()


def _shown(act: Act) -> dict[str, Any]:
    """The verb's fields as history shows them; the long ones of governing acts stay in the leaf."""
    return {} if act.verb in ("found", "keys", "power", "acknowledge") else act.terms


def _content(store: Store, record: str, digest: str) -> tuple[str, Facets, str]:
    """State of a text (held, erased, missing, unreadable, none), its facets, its content as JSON."""
    kind, _, code = record.split("/")
    blank = Facets(ref=code, title="")
    if not digest:
        return "none", blank, "{}"
    body = store.body(digest)
    if isinstance(body, Erased):
        return "erased", blank, "{}"
    if not isinstance(body, Body):
        return "missing", blank, "{}"
    try:
        stored = text.read(body.data).content
        if stored is None:
            return "none", blank, "{}"
        content = KINDS[kind].read(stored)
        return _held(record, content, stored)
    except (Refused, KeyError):
        return "unreadable", blank, "{}"


def _held(record: str, content: Content, stored: dict[str, Any]) -> tuple[str, Facets, str]:
    return "held", KINDS[record.split("/")[0]].facets(content), _as_json(stored)


def _as_json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _of_text(record: str, mode: str, state: str, facets: Facets, content: str) -> dict[str, Any]:
    kind, side, _ = record.split("/")
    return {
        "record": record,
        "kind": kind,
        "side": side,
        "mode": mode,
        "ref": facets.ref,
        "title": facets.title,
        "subtitle": facets.subtitle,
        "category": facets.category,
        "status": facets.status,
        "stage": facets.stage,
        "horizon": facets.horizon,
        "body": facets.body,
        "project": facets.project,
        "domain": facets.domain,
        "about": facets.side,
        "earliest": facets.earliest.isoformat() if facets.earliest else None,
        "latest": facets.latest.isoformat() if facets.latest else None,
        "amount": facets.amount,
        "currency": facets.currency,
        "text_state": state,
        "content": content,
    }


def _of_moment(one: Snapshot, flags: dict[str, str], *, national: bool) -> dict[str, Any]:
    act, part, stated_by = one.text or ("", 0, "")
    court, since, why = one.court
    offer, offer_side, offer_until = one.offer
    return {
        "label": "national" if national else "public" if one.grade == "published" else "released",
        "grade": one.grade,
        "number": one.number,
        "act": act,
        "part": part,
        "stated_by": stated_by,
        "pen": one.pen,
        "court": court,
        "court_since": since,
        "court_why": why,
        "offer": offer,
        "offer_side": offer_side,
        "offer_until": offer_until,
        "beside": one.beside,
        "standing": one.standing,
        "flagged": int(act in flags and flags[act] <= one.time),
        "changed_by": one.act,
    }
