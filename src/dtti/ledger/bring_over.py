"""Tables that an earlier version made, brought over to today's form. Knows what changed, and nothing else.

Schema version 1 kept bodies by digest alone, so that an act of one ledger could erase, and be given, what another's act
committed to. In version 2 each is a row of its owner. Version 3 has a table of facts, version 4 one of forms sent. Each
step is done once, in one transaction, when a store is opened. The first two did not say their version; a store that
says none is known by its tables.
"""

from collections.abc import Callable, Mapping, Sequence

from .act import MalformedLeaf, open_leaf
from .engine import Engine, StoreError

_OLD = "body_by_digest"
_STEP = 256  # leaves read at a time


def said(engine: Engine, version: int) -> None:
    """Say in a store whose tables are those of `version` that they are; whoever may only use it leaves that undone."""
    try:
        engine.begin_schema()
        if engine.version() < version:
            engine.set_version(version)
        engine.commit()
    except StoreError:
        engine.rollback()  # the tables are known by their shape until their owner opens the store


def bodies(engine: Engine, statements: Sequence[str], ledgers: Mapping[str, int], stride: int) -> None:
    """Give each body to the acts that commit to it; `statements` make the table of today.

    An act of another ledger than the one a body was kept for gets it only between released ledger and mirror, where
    each side had it from the other: what was national goes to national acts alone.
    """
    _once(engine, lambda: engine.has_table("body", "part"), lambda: _bodies(engine, statements, ledgers, stride))


def add(engine: Engine, table: str, statements: Sequence[str], *, like: str) -> None:
    """Make a table that the version before had not, empty, with the rights that others hold on the table `like`."""

    def make() -> None:
        for statement in statements:
            engine.run(statement)
        for statement in engine.same_rights(like, table):
            engine.run(statement)

    _once(engine, lambda: engine.has_table(table), make)


def _once(engine: Engine, done: Callable[[], bool], make: Callable[[], None]) -> None:
    try:
        engine.begin_schema()
        if not done():  # another process may have come first
            make()
        engine.commit()
    except StoreError as error:
        engine.rollback()
        raise StoreError(
            f"this store was made by an earlier version, and could not be brought over to this one ({error}); nothing "
            f"was changed. Open it once with the rights of whoever made it: run `dtti status` with that address"
        ) from error
    except BaseException:
        engine.rollback()
        raise


def _bodies(engine: Engine, statements: Sequence[str], ledgers: Mapping[str, int], stride: int) -> None:
    engine.run(f"ALTER TABLE body RENAME TO {_OLD}")
    for statement in [*statements, *engine.same_rights(_OLD, "body")]:
        engine.run(statement)
    released, national = ledgers["released"], ledgers["national"]
    give = (
        "INSERT INTO body (ledger, act, part, digest, salt, data, tombstone) "  # noqa: S608 - own names only
        f"SELECT ?, ?, ?, digest, salt, data, tombstone FROM {_OLD} WHERE digest = ? AND "
        f"(tombstone IS NOT NULL OR (ledger = {national}) = ?) ON CONFLICT (ledger, act, part) DO NOTHING"
    )
    for number in ledgers.values():
        base = number * stride
        (size,) = engine.run("SELECT size FROM head WHERE ledger = ?", (number,))[0]
        for low in range(0, int(size), _STEP):
            leaves = engine.run(
                "SELECT leaf FROM entry WHERE pos >= ? AND pos < ? ORDER BY pos", (base + low, base + low + _STEP)
            )
            rows = [row for (leaf,) in leaves for row in _owned(bytes(leaf), number, national)]
            if number == released:
                rows += [row for (leaf,) in leaves for row in _anchored(bytes(leaf), national)]
            if rows:
                engine.many(give, rows)
    # What no entry commits to is a fault that `dtti verify` names; it is kept as what it is.
    engine.run(
        "INSERT INTO body (ledger, act, part, digest, salt, data) "  # noqa: S608 - own names only
        f"SELECT ledger, digest, 0, digest, salt, data FROM {_OLD} AS old WHERE data IS NOT NULL "
        "AND ledger IS NOT NULL AND NOT EXISTS (SELECT 1 FROM body WHERE body.digest = old.digest)"
    )
    engine.run(f"DROP TABLE {_OLD}")


_Row = tuple[int, bytes, int, bytes, bool]


def _owned(leaf: bytes, ledger: int, national: int) -> list[_Row]:
    try:
        entry = open_leaf(leaf)
    except MalformedLeaf:
        return []
    return [
        (ledger, bytes.fromhex(entry.id), part, bytes.fromhex(one.digest), ledger == national)
        for part, one in enumerate(entry.act.body)
    ]


def _anchored(leaf: bytes, national: int) -> list[_Row]:
    """What this side's anchors bind: kept as a national body of the anchor."""
    try:
        entry = open_leaf(leaf)
    except MalformedLeaf:
        return []
    if entry.act.verb != "anchor":
        return []
    return [(national, bytes.fromhex(entry.id), 0, bytes.fromhex(entry.act.terms["digest"]), True)]
