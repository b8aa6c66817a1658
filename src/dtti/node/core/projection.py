"""The record as lists and pages read it: one temporal table of record states, rebuilt from the ledgers at any time.

Derived and never the truth: it stores the ledger positions it stands at in the transaction that moves it, catches up
at start and before a write is answered, and `rebuild` makes it anew. A row of `state` is what a record was from
`known_from` to `known_until` (claimed times); `on` is asked of the dates inside. Reading it goes through `visibility`.
No Django: the same engines as the ledger store, with looser durability since a lost step is caught up.
"""

import json
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar, cast

from msgspec import structs

from dtti.accord.fold import Filed, View
from dtti.language import folding
from dtti.ledger.act import Entry
from dtti.ledger.engine import Engine, Postgres, Sqlite, StoreError
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED
from dtti.programme.kind import Content

from . import audience, deeds, naming, standing, state_row, text, word_index
from .arriving import NONE, Reading, Texts
from .book import HELD, REPAIRS, Book
from .tables import COLUMNS, FAR, RECORD, REMADE, create, create_search
from .tombstone import reached
from .visibility import COMPILED, PUBLIC, SHOWN
from .visibility import RELEASED as RELEASED_LABEL

KEPT = 1024  # answers that are kept while nothing moves
T = TypeVar("T")


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
            engine = self._connect()
            try:
                create(engine, self.schema)
            except BaseException:
                engine.close()
                raise
            self._local.engine, self._local.pid = engine, os.getpid()
        held: Engine = self._local.engine
        return held

    def _connect(self) -> Engine:
        if self.is_postgres:
            return Postgres(self.address, self.schema, "off")
        return Sqlite(Path(self.address), "NORMAL", RECORD)

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "pid", None) == os.getpid():
            self._local.engine.close()
            self._local.pid = None

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

    def catch_up(self, book: Book, *, whole: bool = False) -> list[str]:
        """Take in what the ledgers hold beyond its positions; returns the records that changed.

        `whole`: all of it, in the place of what it holds; until that stands, whoever reads sees what stood before.
        """
        book.sync()
        behind = book.sizes
        if not whole and behind == getattr(self._local, "reached", None) and behind == self.positions():
            return []
        with self._writing() as engine:
            if whole:
                self._empty(engine)
            positions = self.positions()
            few = sum(behind.values()) - sum(positions.values()) <= HELD
            touched: dict[str, list[Entry]] = {}
            erased: set[str] = set()  # records of which a tombstone took a text: none of their rows may outlive it
            anew: set[str] = set()  # records whose rows a repair of the clock changes
            for ledger, number in LEDGERS.items():
                start, stop = positions[ledger], behind[ledger]
                if start < stop:
                    repairs = []
                    for entry in deeds.file(engine, book, ledger, start, stop):
                        if entry.act.verb == "tombstone":
                            erased.add(reached(book.store, ledger, entry.id, entry.act).record)
                            continue
                        if entry.act.verb in REPAIRS:
                            repairs.append(entry.act.index)
                            continue
                        fresh = touched.setdefault(entry.act.record, [])
                        if few:  # of many no act is kept: their records are folded from the store
                            fresh.append(entry)
                    for index in repairs:
                        anew.update(self._repair(engine, book, ledger, index))
                    engine.run("UPDATE position SET size = ? WHERE ledger = ?", (stop, number))
            for record in erased - {""}:
                touched.setdefault(record, [])
            if erased:
                engine.run("UPDATE position SET size = size + 1 WHERE ledger = ?", (REMADE,))
            touched |= {record: [] for record in anew}
            for record, fresh in touched.items():
                if not (len(fresh) == 1 and record not in erased and self._extend(engine, book, fresh[0], behind)):
                    self._state(engine, book, record)
            self._judge_again(engine, book, list(touched))
        self._local.reached = behind
        return list(touched)

    def damage(self) -> list[str]:
        """What SQLite's own check says of the file, or why it cannot be read; empty where it is sound."""
        try:
            engine = self.engine
            found = [] if self.is_postgres else engine.run("PRAGMA integrity_check(20)")
        except StoreError as error:
            return [str(error)]
        return [str(each) for (each,) in found if each != "ok"]

    def replace(self) -> None:
        """Put an empty one in the place of one that is broken or of another version: all of it is in the ledgers."""
        self.close()
        if not self.is_postgres:
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(self.address + ending).unlink(missing_ok=True)
        engine = self._connect()
        try:
            create(engine, self.schema, anew=True)
        finally:
            engine.close()

    def _repair(self, engine: Engine, book: Book, ledger: str, index: int) -> list[str]:
        """Date the acts under a clock that entry `index` repaired from the repair on; returns their records."""
        reset = next(each for each in book.authority(ledger).resets if each.index == index)
        span = (LEDGERS[ledger], reset.first, reset.index, reset.time)
        engine.run(
            "UPDATE done SET claimed = CASE claimed WHEN '' THEN time ELSE claimed END, time = ? "
            "WHERE ledger = ? AND idx >= ? AND idx < ? AND CASE claimed WHEN '' THEN time ELSE claimed END > ? "
            "AND rule = ''",
            (reset.time, *span),
        )
        found = engine.run(
            "SELECT DISTINCT record FROM done WHERE ledger = ? AND idx >= ? AND idx < ? AND record <> ''", span[:3]
        )
        return [str(record) for (record,) in found]

    def _empty(self, engine: Engine) -> None:
        for table in ("state", "done", "link", "unnamed"):
            engine.run(f"DELETE FROM {table}")
        if isinstance(engine, Postgres):
            engine.run("DELETE FROM search")  # to drop it would keep readers waiting until all is made
        else:
            engine.run("DROP TABLE search")  # whatever state it is in
            create_search(engine)
        engine.run("UPDATE position SET size = 0 WHERE ledger <> ?", (REMADE,))
        engine.run("UPDATE position SET size = size + 1 WHERE ledger = ?", (REMADE,))

    def refresh(self, book: Book, records: Sequence[str]) -> None:
        """Make the rows of `records` anew: after an erasure, so that no content outlives its body."""
        with self._writing() as engine:
            for record in records:
                self._state(engine, book, record)
            self._judge_again(engine, book, records)
            engine.run("UPDATE position SET size = size + 1 WHERE ledger = ?", (REMADE,))

    def scrub(self) -> None:
        """After an erasure: leave no word of it in the index of words or the write-ahead log.

        StoreError where a reader stands in the way.
        """
        if isinstance(self.engine, Sqlite):
            self.engine.run("INSERT INTO search (search) VALUES ('optimize')")
            if self.engine.run("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
                raise StoreError(
                    "the text is erased, but a copy may still stand in the write-ahead log of the record, because "
                    "another process is reading it; the next round clears it"
                )

    # --- rows --------------------------------------------------------------------------------------------------------

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
        if act.verb == "make_public" or (last and last["label"] != RELEASED_LABEL):
            return False  # what the public is shown is made beside what officials are
        draft = (entry.id, act.side) if act.verb == "draft" else ("", "")
        if last and last["grade"] == "draft" and not draft[0]:
            draft = (last["act"], last["stated_by"])
        time = max(act.time, last["known_from"]) if last else act.time
        view = folded.whole
        unread = {(one, part) for one, part in json.loads(last["unread"])} if last else set()
        shown = standing.shown(view, book.side, unread)
        texts = Texts(book, act.record, lambda kind, ref: naming.may_be(engine, kind, ref))
        beside = len(standing.beside(view, book.side, shown, texts.same))
        made = state_row.snapshot(view, time, entry.id, draft, shown, beside)
        moment = state_row.of_moment(made, state_row.flags(view), book.side, national=False)
        same_text = last is not None and made.text == (last["act"], last["part"], last["stated_by"])
        if made.text and made.text[2] != book.side and not same_text:
            return False  # what the other side wrote is judged in its own place among the acts
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
                of_text, words = self._text(book, act.record, made.text, texts)
                of_text["unread"] = last["unread"] if last else "[]"
            row = {**of_text, "seq": last["seq"] + 1 if last else 0, "known_from": made.time, "known_until": FAR}
            if last:
                row["name"] = last["name"]
            self._insert(engine, [row | moment])
            if not last:
                naming.address(engine, book.side, act.record)
            if words is not None:
                if last:
                    word_index.take_out(engine, act.record)
                word_index.put(engine, act.record, words)
        deeds.mark(engine, folded)
        return True

    def _state(self, engine: Engine, book: Book, record: str) -> None:
        try:
            book.mode(record)
        except KeyError:
            return
        seen: list[state_row.Snapshot] = []
        public: list[state_row.Snapshot] = []
        unread: list[str] = []  # of each of `seen`
        draft = ["", ""]
        texts = Texts(book, record, lambda kind, ref: naming.may_be(engine, kind, ref))
        kept = [""]

        def observe(view: View, one: Filed) -> None:
            time = max(one.time, seen[-1].time) if seen else one.time
            if one.act.verb == "draft" and (one.act.side == book.side or draft[1] != book.side):
                draft[:] = [one.id, one.act.side]
            texts.take(view, one)
            shown = standing.shown(view, book.side, texts.unread)
            beside = len(standing.beside(view, book.side, shown, texts.same))
            kept[0] = state_row.keeps(one.act) or kept[0]
            made = state_row.snapshot(view, time, one.id, (draft[0], draft[1]), shown, beside, kept[0])
            if seen and seen[-1].time == time:
                seen.pop()
                unread.pop()
            seen.append(made)
            unread.append(state_row.as_json(sorted(texts.unread)))
            self._see(view, book.side, public)

        placed = book.store.of_record(record)
        national = all(one.ledger == NATIONAL for one in placed)
        folded = book.fold(record, placed, observe)
        deeds.mark(engine, folded)
        flags = state_row.flags(folded.whole)
        read: dict[tuple[str, int] | None, tuple[dict[str, Any], str]] = {}
        apart = bool(public) and not state_row.plain(seen, public)
        rows, shown = list[dict[str, Any]](), list[dict[str, Any]]()
        for series, made in ((seen, rows), (public if apart else [], shown)):
            for seq, one in enumerate(series):
                until = series[seq + 1].time if seq + 1 < len(series) else FAR
                held = (one.text[0], one.text[1]) if one.text else None
                if held not in read:
                    read[held] = self._text(book, record, one.text, texts)
                row = {**read[held][0], "seq": seq, "known_from": one.time, "known_until": until}
                if made is shown:
                    row |= {"seq": seq + state_row.APART, "unread": "[]"}
                    made.append(row | state_row.of_moment(one, {}, book.side, national=False, label=SHOWN))
                else:
                    label = COMPILED if apart else PUBLIC
                    row |= {"unread": unread[seq]}
                    made.append(row | state_row.of_moment(one, flags, book.side, national=national, public=label))
        word_index.take_out(engine, record)
        for table in ("state", "link"):
            engine.run(f"DELETE FROM {table} WHERE record = ?", (record,))
        self._insert(engine, rows)
        self._insert(engine, shown, state_row.APART)
        naming.address(engine, book.side, record)
        engine.run("DELETE FROM unnamed WHERE record = ?", (record,))
        engine.many(
            "INSERT INTO unnamed (record, kind, ref) VALUES (?, ?, ?)",
            [(record, kind, ref) for kind, ref in sorted(texts.unnamed)],
        )
        for series, first in ((seen, 0), (public if apart else [], state_row.APART)):
            if series and (last := series[-1].text):
                word_index.put(engine, record, read[last[0], last[1]][1], first)

    def _see(self, view: View, side: str, public: list[state_row.Snapshot]) -> None:
        """Add what the public is shown of a record from an act on, where that is another text than before."""
        found = audience.shown(view, side)
        if found is None or (public and public[-1].act == found.text.act):
            return
        made = state_row.public_moment(found, view, side, max(found.since, public[-1].time) if public else found.since)
        if public and public[-1].time == made.time:
            public.pop()
        public.append(made)

    def _judge_again(self, engine: Engine, book: Book, touched: Sequence[str]) -> None:
        for record in naming.waiting(engine, touched):
            self._state(engine, book, record)

    def _text(
        self, book: Book, record: str, shown: tuple[str, int, str] | None, texts: Texts
    ) -> tuple[dict[str, Any], str]:
        """The columns of a row that come from its text, and the words to search it by."""
        placed = book.store.find(shown[0]) if shown else None
        digest = book.entry(placed.leaf).act.body[shown[1]].digest if shown and placed else ""
        held = self._read.pop(digest, None)
        read = Reading("held", *held) if held else texts.read(shown[:2]) if shown else NONE
        facets = state_row.facets_of(record, read)
        if facets.began is None and read.state == "held" and shown and placed:
            # What a report says began with its paper at the latest, where nothing in it says when.
            facets = structs.replace(facets, began=text.paper_day(book.store, placed, shown[1]))
        return state_row.of_text(record, book.mode(record), read, facets), " ".join(folding.words(facets.search))

    def _insert(self, engine: Engine, rows: list[dict[str, Any]], first: int = 0) -> None:
        marks = ",".join("?" * len(COLUMNS))
        engine.many(
            f"INSERT INTO state ({', '.join(COLUMNS)}) VALUES ({marks})",
            [[row[name] for name in COLUMNS] for row in rows],
        )
        links = {(link, row["record"]) for row in rows for link in row.get("links", ())}
        engine.many("INSERT INTO link (target, record) VALUES (?, ?) ON CONFLICT DO NOTHING", sorted(links))
        if rows and not isinstance(engine, Postgres):
            engine.run(
                "UPDATE state SET words_at = (SELECT place FROM state WHERE record = ? AND seq = ?) "
                "WHERE record = ? AND words_at IS NULL",
                (rows[0]["record"], first, rows[0]["record"]),
            )
