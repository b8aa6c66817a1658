"""Checking a ledger from its bytes: places, keys by position, root and checkpoint, in one process or in several."""

import msgspec
import pytest

from dtti.ledger import act as acts
from dtti.ledger import checkpoint, keylist, tree
from dtti.ledger.canonical import ProfileError, decode
from dtti.ledger.chain import Chain, after, chain_of, check_note, checkable, parties
from dtti.ledger.checkpoint import CheckpointError
from dtti.ledger.keylist import KeyListError
from dtti.ledger.verify import CHUNK, Fault, check_leaves, check_ledger, misread
from tests import making
from tests.making import Keyring, Log, keyring, private_key

PLAIN = {"verb": "anchor", "record": "", "office": "", "body": [], "terms": {"digest": "6" * 64}}


def founded(ring: Keyring | None = None, *others: Keyring) -> Log:
    """A log founded alone, and then with `others` if any."""
    log = Log(ring or keyring("IND"))
    log.write(**making.found(log.ring))
    if others:
        log.write(**making.found(log.ring, *others))
    return log


def rotated(log: Log, generation: int, version: int) -> None:
    """Replace every key of the log's ring."""
    new = keyring("IND", generation=generation)
    log.write([*log.ring.signers("root"), *new.signers("root")], **making.rotate(new, version))
    log.ring = new


def note(log: Log, *more: Keyring, size: int | None = None) -> str:
    """A checkpoint of the log by its ring, and by `more`."""
    size = len(log.leaves) if size is None else size
    signers = [key for ring in (log.ring, *more) for key in ring.signers("log")]
    return checkpoint.make("dtti.test/ind", size, making.root(log.leaves[:size]), signers).note


def faults(log: Log, text: str | None = None, **asked: object) -> list[tuple[str, str]]:
    """Places and rules of what is wrong with the log under its checkpoint (or `text`)."""
    asked = {"workers": 0} | asked
    report = check_ledger("log", log.leaves, note(log) if text is None else text, "IND", **asked)
    return [(fault.where, fault.rule) for fault in report.faults]


@pytest.fixture(scope="module")
def long() -> tuple[Log, dict[int, str]]:
    """Some 700 leaves with rotations inside and at the edges of chunks, and the rules broken on the way."""
    log, broken = founded(), {}
    old = log.ring
    for number, index in enumerate((100, CHUNK - 1, CHUNK, 300, 2 * CHUNK - 1, 600), 2):
        while len(log.leaves) < index:
            log.write(**PLAIN)
        old = log.ring
        rotated(log, number, number)
        broken[len(log.leaves)] = "signature"
        log.write(old.signers("node"), **PLAIN)
    while len(log.leaves) < 680:
        log.write(**PLAIN)
    broken[len(log.leaves)] = "key-version"
    new = keyring("IND", generation=9)
    log.write([*log.ring.signers("root"), *new.signers("root")], **making.rotate(new, 99))
    broken[len(log.leaves)] = "key-rotation"
    log.write(log.ring.signers("root"), **making.rotate(new, 8))
    broken[len(log.leaves)] = "envelope-fields"
    log.leaves.append(b"no act")
    for _ in range(30):
        log.write(**PLAIN)
    return log, broken


def test_position_decides_which_key_was_good_inside_a_chunk_and_at_its_edges(long):
    log, broken = long
    found = list(check_leaves(log.leaves, "IND", workers=0))
    assert {index: one.fault[0] for index, (_, one, _) in enumerate(found) if one.fault} == broken
    assert [leaf for leaf, _, _ in found] == log.leaves
    assert [one.hash for _, one, _ in found] == [tree.leaf_hash(leaf) for leaf in log.leaves]
    versions = [keys.version for _, _, keys in found]
    assert {version: versions.index(version) for version in set(versions)} == {
        1: 0,
        2: 100,
        3: CHUNK - 1,
        4: CHUNK + 1,
        5: 300,
        6: 2 * CHUNK - 1,
        7: 600,
    }


def test_several_processes_find_what_one_finds(long):
    log, _ = long
    assert list(check_leaves(log.leaves, "IND", workers=2)) == list(check_leaves(log.leaves, "IND", workers=0))


@pytest.mark.parametrize("start", [1, 100, 101, 256, 257, 600])
def test_a_ledger_is_checked_on_from_any_place_as_it_is_from_the_beginning(long, start: int):
    log, _ = long
    whole = list(check_leaves(log.leaves, "IND", workers=0))
    _, before, keys = whole[start - 1]
    rest = check_leaves(
        log.leaves[start:], "IND", keys=keys, previous=before.hash.hex(), start=start, workers=2 if start == 100 else 0
    )
    assert list(rest) == whole[start:]


def test_reading_may_stop_early_without_harm(long):
    log, _ = long
    found = check_leaves(log.leaves, "IND", workers=2)
    assert next(found)[1].fault is None
    found.close()


def test_a_sound_ledger_is_good():
    log = founded(keyring("IND"), keyring("USA"))
    log.write(**PLAIN)
    rotated(log, 2, 2)
    log.write(**PLAIN)
    report = check_ledger("log", log.leaves, note(log, keyring("IND")), "IND")
    assert (report.faults, report.good, report.size, report.acts) == ([], True, 5, 5)
    assert report.root == making.root(log.leaves).hex()


def test_entries_past_the_checkpoint_are_checked_and_counted():
    log = founded()
    text = note(log)
    log.write(**PLAIN)
    report = check_ledger("log", log.leaves, text, "IND")
    assert (report.faults, report.size) == ([], 2)
    log.write(keyring("IND", generation=5).signers("node"), **PLAIN)
    assert faults(log, text) == [("log entry 2", "signature")]


# Places


def test_a_dropped_entry_is_found_where_it_is_missing():
    log = founded()
    for _ in range(4):
        log.write(**PLAIN)
    text = note(log)
    del log.leaves[2]
    assert faults(log, text) == [
        ("log entry 2", "place"),
        ("log entry 3", "place"),
        ("log checkpoint", "truncated"),
    ]


def test_reordered_entries_are_found():
    log = founded()
    for _ in range(4):
        log.write(**PLAIN)
    text = note(log)
    log.leaves[2], log.leaves[3] = log.leaves[3], log.leaves[2]
    assert faults(log, text) == [
        ("log entry 2", "place"),
        ("log entry 3", "place"),
        ("log entry 4", "place"),
        ("log checkpoint", "root"),
    ]


def test_truncation_below_a_known_checkpoint_is_found():
    log = founded()
    log.write(**PLAIN)
    text = note(log)
    log.leaves.pop()
    assert faults(log, text) == [("log checkpoint", "truncated")]


@pytest.mark.parametrize("fields", [{"side": "USA"}, {"ledger": "national"}, {"index": 7}, {"previous": "0" * 64}])
def test_a_leaf_stands_only_where_it_says(fields):
    log = founded()
    log.write(**PLAIN | fields)
    assert faults(log) == [("log entry 1", "place")]


def test_another_sides_ledger_is_not_this_sides():
    log = Log(keyring("USA"))
    log.write(**making.found(log.ring))
    assert faults(log, note(log))[0] == ("log entry 0", "place")


# Foundings


def test_a_ledger_begins_with_its_founding():
    log = Log(keyring("IND"))
    log.write(**PLAIN)
    assert faults(log) == [("log entry 0", "founding"), ("log checkpoint", "checkpoint")]


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"terms": {}}, "founding"),
        ({"terms": {"parties": 5, "rule_sets": ["dtti_1"]}}, "founding"),
        ({"terms": {"parties": [], "rule_sets": ["dtti_1"]}}, "founding"),
        ({"terms": {"parties": ["IND"], "rule_sets": ["dtti_1"]}}, "founding"),
        ({"terms": making.found(keyring("USA"))["terms"]}, "founding"),
        ({"terms": making.found(keyring("IND"), keyring("USA"))["terms"]}, "founding"),
        ({"terms": making.found(keyring("IND"), keyring("IND"))["terms"]}, "founding"),
        ({"terms": making.found(keyring("IND"))["terms"] | {"more": 1}}, "founding"),
        ({"role": "node"}, "role"),
        ({"verb": "keys", "terms": {"keys": {}}}, "founding"),
    ],
)
def test_a_founding_that_is_none_is_a_fault_and_never_a_crash(fields, rule):
    log = Log(keyring("IND"))
    log.write(**making.found(log.ring) | fields)
    assert faults(log) == [("log entry 0", rule), ("log checkpoint", "checkpoint")]


def test_a_founding_needs_the_root_keys_that_it_names():
    log = Log(keyring("IND", root=(2, 3)))
    log.write(log.ring.private["root"][:1], **making.found(log.ring))
    assert faults(log)[0] == ("log entry 0", "signature")


def test_a_first_key_list_has_version_one():
    log = Log(keyring("IND"))
    fields = making.found(log.ring)
    fields["terms"]["parties"][0]["keys"]["version"] = 2
    log.write(**fields)
    assert faults(log)[0] == ("log entry 0", "founding")


@pytest.mark.parametrize("generation", [1, 2])
def test_a_later_founding_does_not_contradict_the_first(generation: int):
    log = founded()
    log.write(**making.found(keyring("IND", generation=generation), keyring("USA")))
    assert faults(log) == ([] if generation == 1 else [("log entry 1", "founding")])


def test_a_side_joins_one_counterpart():
    log = founded(keyring("IND"), keyring("USA"))
    log.write(**making.found(log.ring, keyring("FRA")))
    assert faults(log) == [("log entry 2", "founding")]


def test_a_key_list_that_is_none_is_a_fault_and_never_a_crash():
    log = founded()
    log.write(**making.rotate(log.ring) | {"terms": {"keys": [1]}})
    assert faults(log) == [("log entry 1", "key-fields")]


def test_after_takes_foundings_and_key_lists_only():
    log = founded()
    entry = log.write(**PLAIN | {"role": "root"})
    with pytest.raises(KeyListError, match="neither a founding nor a key list"):
        after(log.ring.key_list(), entry)


def test_parties_are_those_the_founding_names():
    log = founded(keyring("IND"), keyring("USA"))
    joined = acts.open_leaf(log.leaves[1])
    assert parties(joined) == {"IND": keyring("IND").party(), "USA": keyring("USA").party()}


# Checkpoints


def chain(log: Log) -> Chain:
    return chain_of([entry for leaf in log.leaves if (entry := acts.open_leaf(leaf)).act.verb in ("found", "keys")])


def test_no_checkpoint_is_a_fault():
    log = founded()
    report = check_ledger("log", log.leaves, None, "IND")
    assert report.faults == [Fault("log checkpoint", "checkpoint", "there is none")]


def test_a_checkpoint_of_another_log_or_root_is_found():
    log = founded()
    root, keys = making.root(log.leaves), list(log.ring.signers("log"))
    assert faults(log, checkpoint.make("dtti.test/usa", 1, root, keys).note) == [("log checkpoint", "checkpoint")]
    assert faults(log, checkpoint.make("dtti.test/ind", 1, bytes(32), keys).note) == [("log checkpoint", "root")]
    assert faults(log, origin="dtti.test/elsewhere") == [("log checkpoint", "checkpoint")]
    assert faults(log, origin="dtti.test/ind") == []


def test_a_checkpoint_needs_the_log_keys_in_force_at_its_size():
    log = founded()
    early = note(log)
    rotated(log, 2, 2)
    old, new = keyring("IND"), log.ring
    root = making.root(log.leaves)

    def by(*rings: Keyring) -> list[tuple[str, str]]:
        keys = [key for ring in rings for key in ring.signers("log")]
        return faults(log, checkpoint.make("dtti.test/ind", 2, root, keys).note)

    assert faults(log, early) == []
    assert by(new) == []
    assert by(new, old) == []
    assert by(old) == [("log checkpoint", "checkpoint")]
    assert by(new, keyring("IND", generation=3)) == [("log checkpoint", "checkpoint")]


def test_no_line_of_a_checkpoint_goes_unchecked():
    log = founded(keyring("IND"), keyring("USA"))
    sound = checkpoint.parse(note(log))
    known, later = keyring("USA").signers("mirror")[0], private_key("USA mirror, later")
    cosigned = checkpoint.cosign(sound, "dtti.test/usa", known, 5)
    check_note(cosigned, chain(log))
    stranger = checkpoint.cosign(cosigned, "dtti.test/usa", later, 6)
    with pytest.raises(CheckpointError, match=r"a signature line by dtti\.test/usa does not verify"):
        check_note(stranger, chain(log))
    check_note(stranger, chain(log), [("dtti.test/usa", keylist.key_of(later))])
    assert faults(log, stranger.note) == [("log checkpoint", "checkpoint")]
    assert faults(log, stranger.note, mirrors=[("dtti.test/usa", keylist.key_of(later))]) == []
    assert checkable(stranger, chain(log)) == cosigned


def test_a_damaged_line_is_not_handed_on():
    log = founded()
    sound = checkpoint.parse(note(log))
    (line,) = sound.lines
    damaged = msgspec.structs.replace(line, signature=bytes(64))
    both = msgspec.structs.replace(sound, lines=(line, damaged))
    assert checkable(both, chain(log)) == sound


def test_without_a_founding_nobody_may_sign_a_checkpoint():
    with pytest.raises(CheckpointError, match="no founding says who may sign it"):
        check_note(checkpoint.parse(note(founded())), Chain())


# Files that cannot be read


@pytest.mark.parametrize(
    ("data", "where", "rule"),
    [
        (b'{"a":1,}', "file byte 6", "profile-json"),
        ('{"a":"\u0928\u0928",}'.encode(), "file byte 13", "profile-json"),
        (b'{"a":"\xff"}', "file byte 6", "profile-json"),
        (b'{"a": 1}', "file byte 5", "profile-canonical"),
        (b'{"b":1,"a":1}', "file byte 2", "profile-canonical"),
        (b'{"a":1}\n', "file byte 7", "profile-canonical"),
        (b'{"a":[1,2.5]}', "file $.a[1]", "profile-float"),
        (b'{"A":1}', "file $", "profile-key"),
    ],
)
def test_what_cannot_be_read_is_placed_by_byte_or_by_member(data: bytes, where: str, rule: str):
    with pytest.raises(ProfileError) as caught:
        decode(data)
    fault = misread("file", data, caught.value)
    assert (fault.where, fault.rule) == (where, rule)


def test_a_member_that_does_not_fit_is_named_in_the_reason():
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.convert({"keys": [], "threshold": 1}, keylist.Role)
    assert misread("file", b"", caught.value) == Fault(
        "file", "fields", "Expected `array` of length >= 1 - at `$.keys`"
    )
