"""Exports: a ledger as static files, whole and without its contents, and every byte of it accounted for."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dtti.ledger import act as acts
from dtti.ledger import checkpoint, export, tiles, tree
from dtti.ledger.body import Owner
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Row
from tests.readers import pair as pairs
from tests.readers.pair import OWN, Pair
from tests.readers.spoil import changed


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    made.ind.note()
    yield made
    made.close()


@pytest.fixture
def folder(pair: Pair, tmp_path) -> Path:
    export.write(pair.ind.store, RELEASED, tmp_path / "ind", bodies=True)
    return tmp_path / "ind"


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def first(folder: Path) -> tuple[str, str] | None:
    faults = export.check(folder, workers=0).faults
    return (faults[0].where, faults[0].rule) if faults else None


def test_an_export_is_the_ledger_as_tiles_bundles_checkpoint_and_bodies(pair: Pair, folder: Path):
    store, size = pair.ind.store, pair.ind.store.size(RELEASED)
    leaves = list(store.leaves(RELEASED))
    committed = [one.digest for leaf in leaves for one in acts.open_leaf(leaf).act.body]
    held = files(folder)
    assert set(held) == {
        "checkpoint",
        f"tile/0/000.p/{size}",
        f"tile/entries/000.p/{size}",
        *(f"body/{digest}" for digest in committed),
    }
    assert held[f"tile/entries/000.p/{size}"] == tiles.bundle(leaves)
    assert held[f"tile/0/000.p/{size}"] == b"".join(tree.leaf_hash(leaf) for leaf in leaves)
    assert list(export.leaves(folder, size)) == leaves


def test_an_export_is_good(pair: Pair, folder: Path):
    report = export.check(folder)
    size = pair.ind.store.size(RELEASED)
    assert (report.faults, report.size, report.acts) == ([], size, size)
    assert report.root == pair.ind.store.root(RELEASED).hex()


def test_without_bodies_an_export_tells_no_contents(pair: Pair, tmp_path):
    size = export.write(pair.ind.store, RELEASED, tmp_path / "witness")
    assert size == pair.ind.store.size(RELEASED)
    assert not (tmp_path / "witness" / "body").exists()
    assert [path for path, data in files(tmp_path / "witness").items() if b"text" in data] == []
    assert export.check(tmp_path / "witness").faults == []


def test_the_mirror_is_exported_as_the_other_side_wrote_it(pair: Pair, tmp_path):
    export.write(pair.ind.store, MIRROR, tmp_path / "usa", bodies=True)
    report = export.check(tmp_path / "usa")
    assert (report.faults, report.root) == ([], pair.usa.store.root(RELEASED).hex())


def test_a_cosignature_stays_where_the_founding_lets_one_check_it(tmp_path):
    pair = pairs.join(tmp_path / "pair")
    export.write(pair.usa.store, MIRROR, tmp_path / "ind")
    note = checkpoint.parse((tmp_path / "ind" / "checkpoint").read_text(encoding="utf-8"))
    assert [line.name for line in note.lines] == ["dtti.test/ind", "dtti.test/usa"]
    assert export.check(tmp_path / "ind").faults == []
    pair.close()


def test_a_cosignature_by_later_keys_is_left_out(pair: Pair, tmp_path):
    held = checkpoint.parse(pair.usa.store.note(MIRROR) or "")
    assert "dtti.test/usa" in [line.name for line in held.lines]
    export.write(pair.usa.store, MIRROR, tmp_path / "ind")
    note = checkpoint.parse((tmp_path / "ind" / "checkpoint").read_text(encoding="utf-8"))
    assert [line.name for line in note.lines] == ["dtti.test/ind", "dtti.test/ind"]


def test_an_erased_body_is_not_exported(tmp_path):
    pair = pairs.join(tmp_path / "pair")
    stated = pair.ind.write("state", OWN, texts=[b"RECOGNISABLE spill"], terms={"base": 0})
    (commitment,) = stated.act.body
    stone = pair.ind.write("tombstone", rests=[stated.id], terms={"digest": commitment.digest, "reason": "spill"})
    pair.ind.store.erase(Owner(RELEASED, stated.id), commitment.digest, stone.id)
    pair.ind.note()
    export.write(pair.ind.store, RELEASED, tmp_path / "ind", bodies=True)
    assert f"body/{commitment.digest}" not in files(tmp_path / "ind")
    assert export.check(tmp_path / "ind").faults == []
    pair.close()


def test_a_ledger_past_a_full_tile_is_exported_in_full_and_partial_tiles(tmp_path):
    pair = pairs.join(tmp_path / "pair")
    with pair.ind.store.writing():
        while pair.ind.store.size(RELEASED) < 300:
            pair.ind.write("anchor", terms={"digest": "6" * 64})
    pair.ind.note()
    export.write(pair.ind.store, RELEASED, tmp_path / "ind")
    assert set(files(tmp_path / "ind")) == {
        "checkpoint",
        "tile/0/000",
        "tile/0/001.p/44",
        "tile/1/000.p/1",
        "tile/entries/000",
        "tile/entries/001.p/44",
    }
    assert export.check(tmp_path / "ind", workers=0).faults == []
    pair.close()


def test_a_ledger_without_checkpoint_or_founding_is_not_exported(pair: Pair, tmp_path):
    with pytest.raises(LookupError, match="the national ledger has no checkpoint yet"):
        export.write(pair.ind.store, NATIONAL, tmp_path / "national")
    assert not (tmp_path / "national").exists()


def test_an_export_is_written_to_a_new_folder_only(pair: Pair, folder: Path):
    with pytest.raises(FileExistsError):
        export.write(pair.ind.store, RELEASED, folder)


# What is wrong, and where


def test_changed_bytes_of_every_file_are_found_and_placed(pair: Pair, folder: Path):
    size = pair.ind.store.size(RELEASED)
    bundle = f"tile/entries/000.p/{size}"
    misplaced = []
    for path, data in files(folder).items():
        for place, spoiled in changed(data, 12, seed=size):
            (folder / path).write_bytes(spoiled)
            where = [fault.where for fault in export.check(folder, workers=0).faults]
            near = {"checkpoint": ("checkpoint", "ind checkpoint"), bundle: (bundle, "ind entry")}.get(path, (path,))
            if not where or not where[0].startswith(near):
                misplaced.append((path, place, where))
        (folder / path).write_bytes(data)
    assert misplaced == []
    assert first(folder) is None


def test_a_changed_entry_is_placed_by_its_index(pair: Pair, folder: Path):
    size = pair.ind.store.size(RELEASED)
    path = folder / f"tile/entries/000.p/{size}"
    leaves = tiles.unbundle(path.read_bytes())
    place = leaves[4].index(b'"payload":"') + 40
    leaves[4] = leaves[4][:place] + b"AAAA" + leaves[4][place + 4 :]
    path.write_bytes(tiles.bundle(leaves))
    assert [fault.where for fault in export.check(folder, workers=0).faults] == [
        "ind entry 4",
        "ind entry 5",
        "ind checkpoint",
        f"tile/0/000.p/{size}",
    ]


@pytest.mark.parametrize(
    ("path", "where", "rule"),
    [
        ("checkpoint", "checkpoint", "checkpoint"),
        ("tile/0/000.p/{size}", "tile/0/000.p/{size}", "tile"),
        ("tile/entries/000.p/{size}", "tile/entries/000.p/{size}", "entries"),
    ],
)
@pytest.mark.parametrize("loss", ["absent", "cut", "empty"])
def test_a_file_absent_cut_or_empty_is_named(pair: Pair, folder: Path, path: str, where: str, rule: str, loss: str):
    size = pair.ind.store.size(RELEASED)
    file = folder / path.format(size=size)
    data = file.read_bytes()
    if loss == "absent":
        file.unlink()
    else:
        file.write_bytes(data[:-1] if loss == "cut" else b"")
    assert first(folder) == (where.format(size=size), rule)


def test_an_entry_too_many_in_a_bundle_is_found(pair: Pair, folder: Path):
    path = folder / f"tile/entries/000.p/{pair.ind.store.size(RELEASED)}"
    path.write_bytes(path.read_bytes() + tiles.bundle([b"one more"]))
    assert first(folder) == (path.relative_to(folder).as_posix(), "entries")


def test_an_older_checkpoint_does_not_pass_for_this_export(pair: Pair, folder: Path):
    size = pair.ind.store.size(RELEASED)
    log = list(pair.ind.ring.signers("log"))
    older = checkpoint.make("dtti.test/ind", size - 1, pair.ind.store.root(RELEASED, size - 1), log)
    (folder / "checkpoint").write_text(older.note, encoding="utf-8")
    assert first(folder) == (f"tile/entries/000.p/{size - 1}", "entries")


@pytest.mark.parametrize("path", ["tile/0/001", "body/" + "7" * 64, "note.txt", "tile/entries/x001/000"])
def test_a_file_that_is_no_part_of_the_export_is_found(folder: Path, path: str):
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(b"x")
    assert first(folder) == (path, "files")


def test_a_link_is_no_part_of_an_export(pair: Pair, folder: Path, tmp_path):
    path = f"tile/0/000.p/{pair.ind.store.size(RELEASED)}"
    (folder / path).rename(tmp_path / "elsewhere")
    (folder / path).symlink_to(tmp_path / "elsewhere")
    assert first(folder) == (path, "files")


def test_bodies_swapped_are_both_found(folder: Path):
    one, other = sorted((folder / "body").iterdir())[:2]
    held = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(held)
    assert sorted((fault.where, fault.rule) for fault in export.check(folder, workers=0).faults) == [
        (f"body/{one.name}", "body"),
        (f"body/{other.name}", "body"),
    ]


def test_a_void_leaf_is_exported_and_the_fault_placed_at_it(tmp_path):
    pair = pairs.join(tmp_path / "pair")
    index = pair.ind.store.size(RELEASED)
    with pair.ind.store.writing():
        pair.ind.store.append(RELEASED, [Row("0" * 64, "", "", b"no act")])
    pair.ind.note()
    export.write(pair.ind.store, RELEASED, tmp_path / "ind", bodies=True)
    assert [(one.where, one.rule) for one in export.check(tmp_path / "ind").faults] == [
        (f"ind entry {index}", "envelope-fields")
    ]
    pair.close()


def test_a_folder_that_is_no_export_is_refused(tmp_path):
    assert first(tmp_path) == ("checkpoint", "checkpoint")
