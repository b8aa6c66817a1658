"""A released ledger as a folder of static files (C2SP tlog-tiles), written and checked. Knows no programme.

``checkpoint``, ``tile/LEVEL/...``, ``tile/entries/...`` for any tlog client; with bodies also ``body/DIGEST``, each 32
bytes of salt and then the data. Without bodies the folder can be shown to a witness or an auditor: it tells no
contents. The checkpoint keeps those signature lines that the ledger itself lets one check.
"""

import os
from collections.abc import Iterator
from pathlib import Path

from . import checkpoint, outside, tiles, tree
from .act import Commitment, Entry, MalformedLeaf, open_leaf
from .body import MAX_BODY, SALT, Body, Owner, opens
from .chain import chain_of, checkable
from .store import Store
from .verify import Fault, Report, check_ledger

_LARGEST_NOTE = 65_536  # bytes of a checkpoint


class ExportError(ValueError):
    """An export of which a file is wanting or damaged: which `path`, and how."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


def governing(store: Store, ledger: str, size: int) -> list[Entry]:
    """The sound foundings and key lists among the first `size` entries of `ledger`, in order."""
    voids = store.voids(ledger)
    placed = [one for verb in ("found", "keys") for one in store.of_verb(verb, ledger)]
    sound = [one for one in placed if one.index < size and one.index not in voids]
    return [open_leaf(one.leaf) for one in sorted(sound, key=lambda one: one.index)]


def write(store: Store, ledger: str, folder: Path, *, bodies: bool = False) -> int:
    """Write `ledger` (released, or the mirror) at its latest checkpoint to the new `folder`; returns its size.

    LookupError where there is no checkpoint yet.
    """
    held = store.note(ledger)
    if held is None:
        raise LookupError(f"the {ledger} ledger has no checkpoint yet")
    note = checkpoint.parse(held)
    note = checkable(note, chain_of(governing(store, ledger, note.size)))
    folder.mkdir(parents=True, exist_ok=False)

    def put(path: str, data: bytes) -> None:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    for path, data in tiles.hash_tiles(note.size, store.reader(ledger)):
        put(path, data)
    for path, data in tiles.bundles(store.leaves(ledger, 0, note.size)):
        put(path, data)
    if bodies:
        for leaf in store.leaves(ledger, 0, note.size):
            for owner, digest in _owners(leaf, ledger):
                body = store.body(owner)
                if isinstance(body, Body):
                    put(f"body/{digest}", body.salt + body.data)
    put("checkpoint", note.note.encode())
    return note.size


def _commitments(leaf: bytes) -> list[Commitment]:
    try:
        return open_leaf(leaf).act.body
    except MalformedLeaf:
        return []


def _owners(leaf: bytes, ledger: str) -> list[tuple[Owner, str]]:
    return [(Owner(ledger, open_leaf(leaf).id, part), one.digest) for part, one in enumerate(_commitments(leaf))]


def _read(folder: Path, path: str, most: int) -> bytes:
    try:
        return outside.read(folder / path, most)
    except OSError as error:
        raise ExportError(path, error.strerror or str(error)) from None


def leaves(folder: Path, size: int) -> Iterator[bytes]:
    """The leaves in the entry bundles of `folder`, in order; ExportError says which bundle is wanting or damaged."""
    for number, width in tiles.of_range(size, 0):
        path = tiles.path("entries", number, width)
        try:
            found = tiles.unbundle(_read(folder, path, tiles.LARGEST), width)
        except tiles.BundleError as error:
            raise ExportError(path, str(error)) from None
        yield from found


def check(folder: Path, *, workers: int | None = None) -> Report:
    """Check an export: every entry, tile, body and the checkpoint, and that there is nothing else."""
    name = folder.name
    try:
        note = _read(folder, "checkpoint", _LARGEST_NOTE).decode("utf-8")
        size = checkpoint.parse(note).size
    except (ExportError, UnicodeDecodeError, checkpoint.CheckpointError) as error:
        return Report(name, 0, tree.EMPTY.hex(), [Fault("checkpoint", "checkpoint", str(error))])
    try:
        first = next(leaves(folder, size), b"")
        side = open_leaf(first).act.side
        report = check_ledger(name, leaves(folder, size), note, side, workers=workers)
    except ExportError as error:
        return Report(name, 0, tree.EMPTY.hex(), [Fault(error.path, "entries", error.reason)])
    except MalformedLeaf as error:
        return Report(name, 0, tree.EMPTY.hex(), [Fault(f"{name} entry 0", error.rule, error.reason)])
    expected = {"checkpoint", *(tiles.path("entries", *each) for each in tiles.of_range(size, 0))}
    expected |= _check_tiles(folder, size, report)
    expected |= _check_bodies(folder, size, report)
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder).as_posix()
        if path.is_symlink() or (relative not in expected and not path.is_dir()):
            report.faults.append(Fault(relative, "files", "it is no part of this export"))
    return report


def _check_tiles(folder: Path, size: int, report: Report) -> set[str]:
    hashes: dict[int, bytes] = {}
    frontier: list[bytes] = []
    position = 0
    for number, leaf in enumerate(leaves(folder, size)):
        for value in tree.append(number, frontier, tree.leaf_hash(leaf)):
            hashes[position] = value
            position += 1
    expected = dict(tiles.hash_tiles(size, lambda wanted: [hashes[each] for each in wanted]))
    for path, data in expected.items():
        try:
            same = _read(folder, path, len(data)) == data
        except ExportError:
            same = False
        if not same:
            report.faults.append(Fault(path, "tile", "the tile is not what its entries hash to"))
    return set(expected)


def _check_bodies(folder: Path, size: int, report: Report) -> set[str]:
    expected: set[str] = set()
    if not (folder / "body").is_dir():
        return expected
    for index, leaf in enumerate(leaves(folder, size)):
        for one in _commitments(leaf):
            path = f"body/{one.digest}"
            if os.path.lexists(folder / path):
                expected.add(path)
                try:
                    data = _read(folder, path, SALT + MAX_BODY)
                except ExportError:
                    data = b""
                if not opens(one, Body(data[:SALT], data[SALT:])):
                    report.faults.append(Fault(path, "body", f"it is not what entry {index} committed to"))
    return expected
