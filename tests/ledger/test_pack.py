"""Packs: what they carry, that they are told apart from any other bytes, and where they are wrong."""

import io
import tarfile
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from dtti.ledger import act as acts
from dtti.ledger import canonical, checkpoint, pack
from dtti.ledger.body import Body, Owner
from dtti.ledger.pack import PackError, check_pack, open_pack
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED, Row
from dtti.ledger.ustar import Source
from dtti.ledger.verify import Fault
from tests import archives
from tests.making import rotate
from tests.readers import pair as pairs
from tests.readers.bad_packs import bad_packs, files_of, make_pack
from tests.readers.pair import NATIONAL_NOTE, OWN, Pair
from tests.readers.spoil import changed


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path) -> Iterator[Pair]:
    made = pairs.join(tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("start", [0, 7])
def test_a_pack_carries_entries_with_their_bodies_and_what_governs_them(pair: Pair, start: int):
    opened = open_pack(make_pack(pair, start))
    store, size = pair.ind.store, pair.ind.store.size(RELEASED)
    assert list(opened.leaves) == list(store.leaves(RELEASED, start, size))
    governing = [store.leaf(RELEASED, one.index) for one in store.of_verb("found", RELEASED)]
    assert opened.governing == (governing if start else [])
    entries = [acts.open_leaf(leaf) for leaf in opened.leaves]
    committed = [(one, Owner(RELEASED, entry.id, part)) for entry in entries for part, one in enumerate(entry.act.body)]
    assert opened.bodies == {one.digest: store.body(owner) for one, owner in committed}
    manifest = opened.manifest
    assert (manifest.start, manifest.size, manifest.side, manifest.receiver) == (start, size, "IND", "USA")


@pytest.mark.parametrize("start", [0, 1, 7])
def test_a_sound_pack_is_good(pair: Pair, start: int):
    report = check_pack(make_pack(pair, start), receiver="USA")
    size = pair.ind.store.size(RELEASED)
    assert (report.faults, report.size, report.acts) == ([], size, size - start)
    assert report.root == pair.ind.store.root(RELEASED).hex()


def test_a_pack_of_nothing_new_brings_the_checkpoint(pair: Pair):
    size = pair.ind.store.size(RELEASED)
    data = make_pack(pair, size)
    assert check_pack(data).faults == []
    assert list(open_pack(data).leaves) == []
    assert checkpoint.parse(open_pack(data).checkpoint).size == size


def test_a_pack_made_after_a_rotation_has_a_checkpoint_by_old_and_new_keys(pair: Pair):
    lines = checkpoint.parse(open_pack(make_pack(pair, 0)).checkpoint).lines
    assert [line.name for line in lines] == ["dtti.test/ind", "dtti.test/ind"]
    assert lines[0].hint != lines[1].hint


def test_a_pack_carries_only_checkpoint_lines_that_it_lets_one_check(fresh: Pair):
    note = checkpoint.parse(fresh.ind.note())
    known = fresh.usa.ring.signers("mirror")[0]
    cosigned = checkpoint.cosign(checkpoint.cosign(note, "dtti.test/usa", known, 1), "dtti.test/fra", known, 1)
    with fresh.ind.store.writing():
        fresh.ind.store.put_note(RELEASED, note.size, cosigned.note)
    data = pack.pack(fresh.ind.store, 0, note.size, fresh.ind.ring.party(), "USA", "dtti", "exercise")
    assert [line.name for line in checkpoint.parse(open_pack(data).checkpoint).lines] == [
        "dtti.test/ind",
        "dtti.test/usa",
    ]
    assert check_pack(data).faults == []


def test_a_pack_larger_than_a_bundle_keeps_its_entries_in_order(fresh: Pair):
    with fresh.ind.store.writing():
        for _ in range(260):
            fresh.ind.write("anchor", terms={"digest": "6" * 64})
    data = make_pack(fresh, 2)
    assert [name for name, _ in files_of(data) if name.startswith("entries/")] == ["entries/0", "entries/1"]
    assert check_pack(data, workers=0).faults == []
    assert list(open_pack(data).leaves) == list(fresh.ind.store.leaves(RELEASED, 2))


def test_an_erased_body_stays_behind_and_the_pack_is_good(fresh: Pair):
    stated = fresh.ind.write("state", OWN, texts=[b"RECOGNISABLE spill"], terms={"base": 0})
    (commitment,) = stated.act.body
    assert b"RECOGNISABLE spill" in make_pack(fresh, 0)
    stone = fresh.ind.write("tombstone", rests=[stated.id], terms={"digest": commitment.digest, "reason": "spill"})
    fresh.ind.store.erase(Owner(RELEASED, stated.id), commitment.digest, stone.id)
    data = make_pack(fresh, 0)
    assert b"RECOGNISABLE spill" not in data
    assert check_pack(data).faults == []


def test_nothing_national_is_in_a_pack(pair: Pair):
    (national,) = pair.ind.store.of_record(NATIONAL_NOTE)
    (commitment,) = acts.open_leaf(national.leaf).act.body
    held = pair.ind.store.body(national.owner())
    assert isinstance(held, Body)
    assert b"RECOGNISABLE" in held.data
    data = make_pack(pair, 0)
    assert [part for part in (held.data, held.salt, national.leaf, commitment.digest.encode()) if part in data] == []


def test_a_body_kept_as_national_does_not_travel_even_where_a_released_act_commits_to_it(fresh: Pair):
    national = fresh.ind.write("state", OWN, texts=[b"RECOGNISABLE"], ledger=NATIONAL, terms={"base": 0})
    fresh.ind.write("state", OWN, body=national.act.body, terms={"base": 0})
    data = make_pack(fresh, 0)
    assert b"RECOGNISABLE" not in data
    assert check_pack(data).faults == []


def test_a_void_leaf_travels_and_the_fault_is_placed_at_it(fresh: Pair):
    index = fresh.ind.store.size(RELEASED)
    with fresh.ind.store.writing():
        fresh.ind.store.append(RELEASED, [Row("0" * 64, "", "", b"no act")])
    data = make_pack(fresh, 0)
    assert open_pack(data).leaves[index] == b"no act"
    assert [(fault.where, fault.rule) for fault in check_pack(data).faults] == [(f"entry {index}", "envelope-fields")]


def test_a_void_key_list_does_not_stand_among_what_governs(fresh: Pair):
    index = fresh.ind.store.size(RELEASED)
    ring = fresh.ind.ring
    bad = ring.sign(
        pairs.act(
            **{
                "index": index,
                "previous": fresh.ind.book.released.previous,
                "seen": fresh.ind.seen(),
                "time": fresh.ind.clock(),
            }
            | rotate(pairs.keyring("IND", generation=3), version=9)
        ),
        [*ring.signers("root"), *pairs.keyring("IND", generation=3).signers("root")],
    )
    with fresh.ind.store.writing():
        ((_, refusal),) = fresh.ind.book.take_in(RELEASED, [bad.leaf])
    assert refusal.rule == "key-version"
    fresh.ind.write("state", OWN, texts=[b"later"], terms={"base": 0})
    data = make_pack(fresh, index + 1)
    assert len(open_pack(data).governing) == 2
    assert check_pack(data).faults == []


def test_a_pack_asks_for_its_checkpoint(fresh: Pair):
    fresh.ind.write("state", OWN, texts=[b"later"], terms={"base": 0})
    size = fresh.ind.store.size(RELEASED)
    with pytest.raises(LookupError, match=f"no checkpoint at size {size}"):
        pack.pack(fresh.ind.store, 0, size, fresh.ind.ring.party(), "USA", "dtti", "exercise")
    fresh.ind.note()
    with pytest.raises(LookupError, match=f"from {size + 1} on"):
        pack.pack(fresh.ind.store, size + 1, size, fresh.ind.ring.party(), "USA", "dtti", "exercise")


# Form


def test_a_pack_is_a_tar_archive_that_any_tool_opens(pair: Pair):
    data = make_pack(pair, 0)
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        members = archive.getmembers()
        assert [(one.name, archive.extractfile(one).read()) for one in members] == files_of(data)
        assert {(one.mode, one.uid, one.gid, one.mtime, one.isreg()) for one in members} == {(0o644, 0, 0, 0, True)}


def test_the_same_files_make_the_same_bytes(pair: Pair):
    data = make_pack(pair, 7)
    assert archives.archive(files_of(data)) == data
    assert make_pack(pair, 7) == data


@pytest.mark.parametrize("start", [0, 7])
def test_each_of_a_hundred_changed_bytes_is_found_and_placed(pair: Pair, start: int):
    data = make_pack(pair, start)
    unseen = []
    for place, spoiled in changed(data, 100, seed=start):
        faults = check_pack(spoiled, workers=0).faults
        if not faults or not faults[0].where or not faults[0].rule:
            unseen.append(place)
    assert unseen == []


def test_every_byte_of_a_header_and_of_the_end_is_checked(pair: Pair):
    data = make_pack(pair, 7)
    places = [*range(512), *range(len(data) - 1024, len(data), 7)]
    assert [place for place in places if check_pack(_flipped(data, place)).good] == []


def _flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_every_truncation_is_found(pair: Pair):
    data = make_pack(pair, 7)
    assert [end for end in range(0, len(data), 97) if check_pack(data[:end]).good] == []


def test_what_is_wrong_is_named_with_its_place_and_rule(pair: Pair):
    bad = bad_packs(pair)
    assert {name: _first(data) for name, (data, _, _) in bad.items()} == {
        name: (where, rule) for name, (_, where, rule) in bad.items()
    }


def _first(data: bytes) -> tuple[str, str] | None:
    faults = check_pack(data, workers=0).faults
    return (faults[0].where, faults[0].rule) if faults else None


def test_a_pack_for_someone_else_is_refused_by_its_receiver(pair: Pair):
    report = check_pack(make_pack(pair, 7), receiver="FRA")
    assert report.faults == [Fault("manifest.json", "pack-receiver", "it is meant for USA, not for FRA")]


def test_a_pack_too_large_is_refused_before_it_is_read(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    data = make_pack(pair, 7)
    monkeypatch.setattr(pack, "MAX_PACK", len(data) - 1)
    with pytest.raises(PackError, match="rule pack-size"):
        open_pack(data)


def test_a_refusal_says_rule_reason_and_what_would_help(pair: Pair):
    with pytest.raises(PackError) as caught:
        open_pack(make_pack(pair, 7)[:-1])
    assert str(caught.value) == (
        f"byte {len(make_pack(pair, 7)) - 1024}: the pack does not end as it should (rule pack-truncated). "
        "Nothing was taken in; ask the sender for the pack again."
    )


def test_the_manifest_is_canonical(pair: Pair):
    (_, raw), *_ = files_of(make_pack(pair, 7))
    assert canonical.encode(canonical.decode(raw)) == raw


# Sealed


def test_a_sealed_pack_opens_for_its_receiver_alone(pair: Pair):
    data = make_pack(pair, 7)
    box, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    sealed = pack.seal(data, str(box.to_public()))
    assert pack.is_sealed(sealed)
    assert not pack.is_sealed(data)
    assert pack.unseal(sealed, str(box)) == data
    with pytest.raises(PackError, match="rule pack-seal"):
        pack.unseal(sealed, str(other))


def test_each_of_a_hundred_changed_bytes_of_a_sealed_pack_is_found(pair: Pair):
    box = pyrage.x25519.Identity.generate()
    sealed = pack.seal(make_pack(pair, 7), str(box.to_public()))
    for _, spoiled in changed(sealed, 100, seed=1):
        with pytest.raises(PackError, match="rule pack-seal"):
            pack.unseal(spoiled, str(box))


def test_the_mirror_is_not_what_a_pack_is_made_of(pair: Pair):
    leaves = set(open_pack(make_pack(pair, 0)).leaves)
    assert leaves & set(pair.ind.store.leaves(MIRROR)) == set()


def test_a_pack_is_written_sealed_opened_and_checked_a_piece_at_a_time(fresh: Pair, tmp_path: Path):
    """Its texts weigh 32 MiB; no more than a few are ever held, whatever it weighs."""
    for number in range(16):
        fresh.ind.write("draft", OWN, texts=[bytes([number]) * 2 * 1024 * 1024])
    fresh.ind.note()
    size, box = fresh.ind.store.size(RELEASED), pyrage.x25519.Identity.generate()
    names = [tmp_path / name for name in ("plain", "sealed", "opened")]
    tracemalloc.start()
    with names[0].open("w+b") as plain, names[1].open("w+b") as sealed, names[2].open("w+b") as opened:
        pack.write(plain, fresh.ind.store, 0, size, fresh.ind.ring.party(), "USA", "dtti", "exercise")
        plain.seek(0)
        pack.seal_file(plain, sealed, str(box.to_public()))
        sealed.seek(0)
        pack.unseal_file(sealed, opened, [str(box)])
        source = Source(opened)
        read = open_pack(source)
        assert sum(len(read.bodies[digest].data) for digest in read.bodies) == 32 * 1024 * 1024
        assert check_pack(source, workers=0).faults == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 16 * 1024 * 1024
    assert names[0].read_bytes() == names[2].read_bytes() == make_pack(fresh, 0)
