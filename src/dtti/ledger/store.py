"""Where ledgers and bodies are kept: one schema, one class, on SQLite (apsw) or PostgreSQL (psycopg). No Django.

Three ledgers share a store: `released` and `national` (this side writes them) and `mirror` (the counterpart's released
ledger as verified). Leaves and tree hashes are only ever inserted; the database refuses to change them. Everything in a
`writing()` block is one durable transaction under the append lock: after it returns, a power cut loses nothing of it.
A body is kept for its owner: asked for, erased and served as what one part of one act of one ledger commits to.
"""

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from . import schema as schemas
from . import tree
from .body import Body, Erased, Owner, commit
from .engine import Engine, Postgres, Sqlite, StoreError
from .leaves import LazyLeaves

RELEASED, NATIONAL, MIRROR = "released", "national", "mirror"
LEDGERS = {RELEASED: 0, NATIONAL: 1, MIRROR: 2}
_STRIDE = 2**40  # leaves, or tree hashes, that one ledger can hold

_PUT_BODY = (
    "INSERT INTO body (ledger, act, part, digest, salt, data) VALUES (?, ?, ?, ?, ?, ?) "
    "ON CONFLICT (ledger, act, part) DO NOTHING"
)
_OWNED = "ledger = ? AND act = ? AND part = ?"
SCRUB = "scrub"  # fact: copies of erased bodies may stand in a write-ahead log, of this store or of what follows it
_PASSED_OVER = "a step of this write failed, and nothing was changed; try the whole write again"


class Row(msgspec.Struct, frozen=True):
    """A leaf as the store indexes it: act id (hex), record and verb as the leaf says, and its bytes.

    A leaf that is no act has the hex of its leaf hash for an id, and neither record nor verb.
    """

    id: str
    record: str
    verb: str
    leaf: bytes


class Placed(msgspec.Struct, frozen=True):
    """A leaf and where it stands."""

    ledger: str
    index: int
    id: str
    leaf: bytes

    def owner(self, part: int = 0) -> Owner:
        """The owner of the body to which its commitment number `part` commits."""
        return Owner(self.ledger, self.id, part)


class Leaves(LazyLeaves):
    """The first `size` leaves of a ledger, read when they are asked for: in blocks where one follows another."""

    def __init__(self, store: "Store", ledger: str, size: int) -> None:
        super().__init__(size)
        self._store, self._ledger = store, ledger
        self._low, self._block = 0, list[bytes]()

    def _at(self, index: int) -> bytes:
        if index in (0, self._low + len(self._block)):
            self._low = index
            self._block = list(self._store.leaves(self._ledger, index, min(index + 512, self._size)))
        at = index - self._low
        return self._block[at] if 0 <= at < len(self._block) else self._store.leaf(self._ledger, index)


def _key(owner: Owner) -> tuple[int, bytes, int]:
    return LEDGERS[owner.ledger], bytes.fromhex(owner.act), owner.part


class Store:
    """The ledgers and bodies of one node. One connection for each thread; safe across fork."""

    def __init__(self, address: str | Path, schema: str = "dtti_ledger") -> None:
        """`address`: path of an SQLite file, or a ``postgresql://`` URL with `schema` inside it."""
        self.address, self.schema = str(address), schema
        self._local = threading.local()

    @property
    def is_postgres(self) -> bool:
        """Whether this store is on PostgreSQL."""
        return self.address.startswith(("postgresql://", "postgres://"))

    @property
    def engine(self) -> Engine:
        """This thread's connection, opened at first use, and again after a fork or where the server closed it."""
        local = self._local
        if getattr(local, "pid", None) != os.getpid() or (local.engine.closed and not local.depth):
            opened = Postgres(self.address, self.schema) if self.is_postgres else Sqlite(Path(self.address))
            local.engine = schemas.of_today(opened, LEDGERS, _STRIDE)
            local.pid, local.depth, local.failed, local.frontiers = os.getpid(), 0, False, {}
        engine: Engine = local.engine
        return engine

    def close(self) -> None:
        """Close this thread's connection."""
        if getattr(self._local, "pid", None) == os.getpid():
            self._local.engine.close()
            self._local.pid = None

    def create(self) -> None:
        """Make the tables where they are absent."""
        schemas.create(self.engine, LEDGERS)

    def odd_tables(self) -> list[str]:
        """What stands among the tables and guards that this version did not make, or is missing; empty where none."""
        return schemas.odd(self.engine, self.schema)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the append lock; commit durably at the end, or change nothing.

        Nested blocks join the outer one. Where one of them fails, the whole fails, even if its exception is caught.
        What `afterwards` was given within is done once the outermost has ended.
        """
        engine, local = self.engine, self._local
        if local.depth:
            if local.failed:
                raise StoreError(_PASSED_OVER)
            local.depth += 1
            try:
                yield
            except BaseException:
                local.failed = True
                raise
            finally:
                local.depth -= 1
            return
        local.after = []
        try:
            engine.begin(write=True)
            local.depth, local.failed = 1, False
            yield
            if local.failed:
                raise StoreError(_PASSED_OVER)
            engine.commit()
        except BaseException:
            local.depth = 0
            local.frontiers.clear()  # they are of appends that did not come to stand
            for _, undone in local.after:
                undone()
            engine.rollback()
            raise
        finally:
            local.depth = 0
        for done, _ in local.after:
            done()

    def afterwards(self, done: Callable[[], object], undone: Callable[[], object]) -> None:
        """Call `done` once what is written now stands, or `undone` where it comes to nothing.

        That is when the outermost `writing()` block of this thread has ended; outside any, at once.
        """
        if getattr(self._local, "depth", 0):
            self._local.after.append((done, undone))
        else:
            done()

    # --- facts about the store ---------------------------------------------------------------------------------------

    def fact(self, name: str) -> str:
        """What was noted about this store under `name`, beside its ledgers and never part of them; empty if nothing."""
        rows = self.engine.run("SELECT value FROM fact WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def put_fact(self, name: str, value: str) -> None:
        """Note something about this store; within a `writing()` block it stands or falls with the rest."""
        self._change(
            "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    def _change(self, sql: str, values: Sequence[Any]) -> None:
        with self.writing():
            self.engine.run(sql, values)

    # --- ledgers ---------------------------------------------------------------------------------------------------

    def sizes(self) -> dict[str, int]:
        """Number of leaves of each ledger."""
        heads = dict(self.engine.run("SELECT ledger, size FROM head"))
        return {ledger: int(heads[number]) for ledger, number in LEDGERS.items()}

    def size(self, ledger: str) -> int:
        """Number of leaves."""
        return int(self.engine.run("SELECT size FROM head WHERE ledger = ?", (LEDGERS[ledger],))[0][0])

    def append(self, ledger: str, rows: Sequence[Row]) -> tuple[int, bytes]:
        """Append leaves inside a `writing()` block; returns the new size and root."""
        engine = self.engine
        if not self._local.depth:
            raise StoreError("append was called outside the append lock")
        number = LEDGERS[ledger]
        base, size = number * _STRIDE, self.size(ledger)
        frontier = self._frontier(ledger, size)
        new = tree.extend(size, frontier, [tree.leaf_hash(row.leaf) for row in rows])
        entries = [
            (at, bytes.fromhex(row.id), row.record, row.verb, row.leaf) for at, row in enumerate(rows, base + size)
        ]
        hashes = list(enumerate(new, base + tree.position(0, size)))
        size += len(rows)
        with self.writing():
            engine.many("INSERT INTO entry (pos, id, record, verb, leaf) VALUES (?, ?, ?, ?, ?)", entries)
            engine.many("INSERT INTO hash (pos, hash) VALUES (?, ?)", hashes)
            engine.run("UPDATE head SET size = ? WHERE ledger = ?", (size, number))
        self._local.frontiers[ledger] = (size, frontier)
        return size, tree.fold(frontier)

    def _frontier(self, ledger: str, size: int) -> list[bytes]:
        """Peaks of the tree at `size`, for `append` to change: of the last append here, if that reached `size`."""
        at, held = self._local.frontiers.pop(ledger, (-1, []))
        return held if at == size else tree.frontier(size, self.reader(ledger))

    def reader(self, ledger: str) -> tree.Read:
        """Reads stored tree hashes of `ledger` by position, as `tree` asks for them."""
        base = LEDGERS[ledger] * _STRIDE

        def read(positions: Sequence[int]) -> list[bytes]:
            if not positions:
                return []
            marks = ",".join("?" * len(positions))
            rows = self.engine.run(
                f"SELECT pos, hash FROM hash WHERE pos IN ({marks})",
                [base + each for each in positions],
            )
            found = {pos - base: bytes(value) for pos, value in rows}
            try:
                return [found[each] for each in positions]
            except KeyError as error:
                raise StoreError(f"tree hash {error} of the {ledger} ledger is missing; run `dtti verify`") from None

        return read

    def root(self, ledger: str, size: int | None = None) -> bytes:
        """Root at `size` (now if None)."""
        return tree.root(self.size(ledger) if size is None else size, self.reader(ledger))

    def leaf(self, ledger: str, index: int) -> bytes:
        """One leaf; IndexError where there is none."""
        rows = self.engine.run("SELECT leaf FROM entry WHERE pos = ?", (LEDGERS[ledger] * _STRIDE + index,))
        if not rows or not 0 <= index < _STRIDE:
            raise IndexError(f"the {ledger} ledger has no leaf {index}")
        return bytes(rows[0][0])

    def leaf_hash(self, ledger: str, index: int) -> bytes:
        """Stored hash of one leaf."""
        return self.reader(ledger)([tree.position(0, index)])[0]

    def leaves(self, ledger: str, start: int = 0, stop: int | None = None, step: int = 512) -> Iterator[bytes]:
        """Leaves start..stop-1 in order, read `step` at a time so that a large ledger needs little memory."""
        base = LEDGERS[ledger] * _STRIDE
        stop = self.size(ledger) if stop is None else stop
        for low in range(start, stop, step):
            yield from (
                bytes(leaf)
                for (leaf,) in self.engine.run(
                    "SELECT leaf FROM entry WHERE pos >= ? AND pos < ? ORDER BY pos",
                    (base + low, base + min(low + step, stop)),
                )
            )

    def _placed(self, where: str, values: Sequence[Any]) -> list[Placed]:
        names = {number: name for name, number in LEDGERS.items()}
        return [
            Placed(names[pos // _STRIDE], pos % _STRIDE, bytes(identity).hex(), bytes(leaf))
            for pos, identity, leaf in self.engine.run(
                f"SELECT pos, id, leaf FROM entry WHERE {where}",
                values,
            )
        ]

    def find(self, act: str) -> Placed | None:
        """The leaf of the act with this id (hex), or None. A leaf standing twice is found where it stands first."""
        return self.find_each([act]).get(act)

    def find_each(self, acts: Sequence[str]) -> dict[str, Placed]:
        """The leaf of each of these acts that stands here, by id, in one question; the first where it stands twice."""
        if not acts:
            return {}
        marks = ",".join("?" * len(acts))
        found = self._placed(f"id IN ({marks}) ORDER BY pos DESC", [bytes.fromhex(act) for act in acts])
        return {placed.id: placed for placed in found}

    def find_all(self, act: str) -> list[Placed]:
        """Every leaf with this id: one, unless someone wrote another's leaf into a ledger of his own."""
        return self._placed("id = ? ORDER BY pos", (bytes.fromhex(act),))

    def of_record(self, record: str) -> list[Placed]:
        """Leaves that name `record`, ledger by ledger, in order."""
        return self._placed("record = ? AND record <> '' ORDER BY pos", (record,))

    def of_records(self, records: Sequence[str], verb: str, ledger: str) -> list[Placed]:
        """Leaves of `ledger` with `verb` that name one of `records`, in order."""
        base, found = LEDGERS[ledger] * _STRIDE, list[Placed]()
        for at in range(0, len(records), 500):
            some = records[at : at + 500]
            marks = ", ".join("?" * len(some))
            where = f"record IN ({marks}) AND record <> '' AND verb = ? AND pos >= ? AND pos < ? ORDER BY pos"
            found += self._placed(where, (*some, verb, base, base + _STRIDE))
        return found

    def kept(self, record: str) -> bool:
        """Whether there are leaves that name `record`, and all of them stand in the national ledger."""
        low, high = LEDGERS[NATIONAL] * _STRIDE, (LEDGERS[NATIONAL] + 1) * _STRIDE
        apart = "(pos < ? OR pos >= ?)"
        found = self.engine.run(
            f"SELECT (SELECT 1 FROM entry WHERE record = ? AND record <> '' AND {apart} LIMIT 1), "
            "(SELECT 1 FROM entry WHERE record = ? AND record <> '' LIMIT 1)",
            (record, low, high, record),
        )
        told, known = found[0]
        return bool(known) and not told

    def of_verb(self, verb: str, ledger: str, start: int = 0) -> list[Placed]:
        """Leaves with `verb` and no record, from index `start` of `ledger` on, in order."""
        base = LEDGERS[ledger] * _STRIDE
        return self._placed(
            "verb = ? AND record = '' AND pos >= ? AND pos < ? ORDER BY pos", (verb, base + start, base + _STRIDE)
        )

    def records(self) -> list[str]:
        """Every record that some leaf names."""
        return [name for (name,) in self.engine.run("SELECT DISTINCT record FROM entry WHERE record <> '' ORDER BY 1")]

    def put_void(self, ledger: str, index: int, rule: str, reason: str, remedy: str) -> None:
        """Remember why a leaf was judged void when it was taken in. Verification judges it anew and compares."""
        self._change(
            "INSERT INTO void (pos, rule, reason, remedy) VALUES (?, ?, ?, ?)",
            (LEDGERS[ledger] * _STRIDE + index, rule, reason, remedy),
        )

    def voids(self, ledger: str, start: int = 0) -> dict[int, tuple[str, str, str]]:
        """Rule, reason and remedy of every void leaf of `ledger` from index `start` on, by index."""
        base = LEDGERS[ledger] * _STRIDE
        rows = self.engine.run(
            "SELECT pos, rule, reason, remedy FROM void WHERE pos >= ? AND pos < ?", (base + start, base + _STRIDE)
        )
        return {pos - base: (rule, reason, remedy) for pos, rule, reason, remedy in rows}

    # --- bodies ----------------------------------------------------------------------------------------------------

    def put_body(self, owner: Owner, body: Body) -> None:
        """Keep a body for its owner. What is erased of an owner stays erased."""
        self.put_bodies({owner: body})

    def put_bodies(self, bodies: Mapping[Owner, Body]) -> None:
        """Keep several bodies, as `put_body` does."""
        rows = [
            (*_key(owner), bytes.fromhex(commit(body).digest), body.salt, body.data) for owner, body in bodies.items()
        ]
        with self.writing():
            self.engine.many(_PUT_BODY, rows)

    def held(self, owners: Iterable[Owner]) -> set[Owner]:
        """Those of `owners` whose body came, be it erased since."""
        return set(self._came(owners))

    def erased(self, owners: Iterable[Owner]) -> dict[Owner, str]:
        """Those of `owners` whose body was erased, each with the tombstone (act id) that took it; no body is read."""
        return {owner: tombstone for owner, tombstone in self._came(owners).items() if tombstone}

    def _came(self, owners: Iterable[Owner]) -> dict[Owner, str]:
        """Those of `owners` whose body came, each with the tombstone that took it, empty where none did."""
        wanted: dict[str, set[str]] = {}
        asked = set(owners)
        for owner in asked:
            wanted.setdefault(owner.ledger, set()).add(owner.act)
        found: dict[Owner, str] = {}
        for ledger, acts in wanted.items():
            marks = ",".join("?" * len(acts))
            rows = self.engine.run(
                f"SELECT act, part, tombstone FROM body WHERE ledger = ? AND act IN ({marks})",
                (LEDGERS[ledger], *(bytes.fromhex(act) for act in acts)),
            )
            found |= {Owner(ledger, bytes(act).hex(), part): bytes(gone or b"").hex() for act, part, gone in rows}
        return {owner: found[owner] for owner in asked & found.keys()}

    def bodies(self, owners: Iterable[Owner]) -> dict[Owner, Body | Erased]:
        """The bodies of these owners that came, and no other of their acts; Erased where a tombstone took it.

        One question for each place of a body in its act: texts that stand first are asked for at once.
        """
        wanted: dict[tuple[str, int], set[str]] = {}
        for owner in owners:
            wanted.setdefault((owner.ledger, owner.part), set()).add(owner.act)
        found: dict[Owner, Body | Erased] = {}
        for (ledger, part), acts in wanted.items():
            marks = ",".join("?" * len(acts))
            for act, salt, data, tombstone in self.engine.run(
                f"SELECT act, salt, data, tombstone FROM body WHERE ledger = ? AND part = ? AND act IN ({marks})",
                (LEDGERS[ledger], part, *(bytes.fromhex(act) for act in acts)),
            ):
                owner = Owner(ledger, bytes(act).hex(), part)
                found[owner] = Body(bytes(salt), bytes(data)) if tombstone is None else Erased(bytes(tombstone).hex())
        return found

    def body(self, owner: Owner) -> Body | Erased | None:
        """The body of an owner; Erased where a tombstone took it; None where it never came."""
        return self.bodies([owner]).get(owner)

    def body_of(self, ledger: str, digest: str) -> Body | None:
        """A body that some act of `ledger` owns, by its digest (hex); None where none is held there."""
        rows = self.engine.run(
            "SELECT salt, data FROM body WHERE digest = ? AND ledger = ? AND data IS NOT NULL LIMIT 1",
            (bytes.fromhex(digest), LEDGERS[ledger]),
        )
        return Body(bytes(rows[0][0]), bytes(rows[0][1])) if rows else None

    def erase(self, owner: Owner, digest: str, tombstone: str) -> None:
        """Overwrite the body of `owner`, which commits to `digest`, by the id of the tombstone act that orders it.

        The tombstone also keeps it from coming back. The same bytes kept for another owner stay. The store notes that
        a scrub is due.
        """
        with self.writing():
            self._change(
                "INSERT INTO body (ledger, act, part, digest, tombstone) VALUES (?, ?, ?, ?, ?) ON CONFLICT "
                "(ledger, act, part) DO UPDATE SET salt = NULL, data = NULL, tombstone = excluded.tombstone",
                (*_key(owner), bytes.fromhex(digest), bytes.fromhex(tombstone)),
            )
            self.put_fact(SCRUB, "due")

    def scrub(self) -> None:
        """After an erasure: empty SQLite's write-ahead log, so that no copy of the body stays in it.

        StoreError where a reader stands in the way. PostgreSQL frees the bytes at its own next vacuum.
        """
        if isinstance(self.engine, Sqlite) and self.engine.run("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]:
            raise StoreError(
                "the text is erased, but a copy may still stand in the write-ahead log, because another process is "
                "reading the store; the next round clears it"
            )

    # --- checkpoints -----------------------------------------------------------------------------------------------

    def put_note(self, ledger: str, size: int, note: str) -> None:
        """Keep the checkpoint of `ledger` at `size`; a later one of the same size (with a cosignature) replaces it."""
        self._change(
            "INSERT INTO note (ledger, size, note) VALUES (?, ?, ?) "
            "ON CONFLICT (ledger, size) DO UPDATE SET note = excluded.note",
            (LEDGERS[ledger], size, note),
        )

    def note(self, ledger: str, size: int | None = None) -> str | None:
        """The checkpoint of `ledger` at `size`, or the latest."""
        sql = "SELECT note FROM note WHERE ledger = ?"
        rows = (
            self.engine.run(f"{sql} ORDER BY size DESC LIMIT 1", (LEDGERS[ledger],))
            if size is None
            else self.engine.run(f"{sql} AND size = ?", (LEDGERS[ledger], size))
        )
        return str(rows[0][0]) if rows else None
