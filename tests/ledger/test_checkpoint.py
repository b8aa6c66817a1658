"""Checkpoints as C2SP signed notes: the form other tools read, strictness, cosignatures, thresholds."""

import base64
from collections.abc import Iterator
from hashlib import sha256

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.ledger import checkpoint, keylist
from dtti.ledger.checkpoint import Checkpoint, CheckpointError
from dtti.ledger.keylist import Key
from tests import making

ORIGIN = "dtti.test/ind"
IND, USA = making.keyring("IND"), making.keyring("USA")
LOG, MIRROR = IND.private["log"][0], USA.private["mirror"][0]
ROOT = sha256(b"some tree").digest()
NOTE = checkpoint.cosign(checkpoint.make(ORIGIN, 70_000, ROOT, [LOG]), "dtti.test/usa", MIRROR, 1_800_000_000)


def refused(note: str) -> str:
    with pytest.raises(CheckpointError) as caught:
        checkpoint.parse(note)
    return str(caught.value)


# --- the form --------------------------------------------------------------------------------------------------------


def test_a_checkpoint_is_a_note_of_origin_size_and_root() -> None:
    lines = NOTE.note.split("\n")
    assert lines[:4] == [ORIGIN, "70000", base64.b64encode(ROOT).decode(), ""]
    assert [line.rsplit(" ", 1)[0] for line in lines[4:6]] == ["— dtti.test/ind", "— dtti.test/usa"]
    assert lines[6:] == [""]
    assert NOTE.text == f"{ORIGIN}\n70000\n{base64.b64encode(ROOT).decode()}\n"


def test_a_signature_is_by_a_hint_to_the_key_and_the_key_over_the_text() -> None:
    line = NOTE.lines[0]
    public = LOG.public_key().public_bytes_raw()
    assert line.hint == sha256(ORIGIN.encode() + b"\n\x01" + public).digest()[:4]
    LOG.public_key().verify(line.signature, NOTE.text.encode())


def test_a_cosignature_is_of_the_time_and_the_same_text() -> None:
    line = NOTE.lines[1]
    public = MIRROR.public_key().public_bytes_raw()
    assert line.hint == sha256(b"dtti.test/usa\n\x04" + public).digest()[:4]
    assert int.from_bytes(line.signature[:8], "big") == 1_800_000_000
    MIRROR.public_key().verify(line.signature[8:], f"cosignature/v1\ntime 1800000000\n{NOTE.text}".encode())


# The example of the Go note package: a verifier key, and a note signed by it.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PUBLISHED_LINE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def published_key() -> Key:
    return Key(keylist.ED25519, base64.b64decode(PUBLISHED_KEY.split("+", 2)[2])[1:].hex())


def test_a_verifier_key_is_written_as_note_tools_write_it() -> None:
    assert checkpoint.verifier_key("PeterNeumann", published_key()) == PUBLISHED_KEY


def test_a_signature_made_by_another_note_tool_verifies() -> None:
    raw = base64.b64decode(PUBLISHED_LINE)
    assert raw[:4].hex() == PUBLISHED_KEY.split("+")[1]
    assert keylist.verifies(published_key(), raw[4:], PUBLISHED_TEXT.encode())


# --- reading ---------------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32), st.integers(0, 2**40), st.integers(1, 3))
def test_a_checkpoint_is_read_as_it_was_written(size: int, root: bytes, moment: int, signers: int) -> None:
    made = checkpoint.make(ORIGIN, size, root, [making.private_key(str(number)) for number in range(signers)])
    cosigned = checkpoint.cosign(made, "dtti.test/usa", MIRROR, moment)
    for each in (made, cosigned):
        assert checkpoint.parse(each.note) == each


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n70000\n", "\n070000\n"),
        ("\n70000\n", "\n+70000\n"),
        ("\n70000\n", "\n70_000\n"),
        ("\n70000\n", "\n-1\n"),
        ("\n70000\n", "\n٧٠\n"),
        ("\n70000\n", "\n70000 \n"),
        ("\n70000\n", "\n70000\r\n"),
        ("\n70000\n", "\n99999999999999999\n"),
        ("\n70000\n", "\n"),
        ("dtti.test/ind\n70000", "\n70000"),
        ("dtti.test/ind\n70000", "dtti test\n70000"),
        ("dtti.test/ind\n70000", "dtti.test/ind\u00a0\n70000"),
        ("dtti.test/ind\n70000", "dtti+ind\n70000"),
        ("dtti.test/ind\n70000", "dtti.test/ind\x00\n70000"),
        ("=\n\n", "=\nextension line\n\n"),
        ("=\n\n", "\n\n"),
        ("=\n\n", "==\n\n"),
        ("=\n\n", "=\n"),
        ("=\n\n", "=\n\n\n"),
        ("— dtti.test/ind ", "- dtti.test/ind "),
        ("— dtti.test/ind ", "—dtti.test/ind "),
        ("— dtti.test/ind ", "—  "),
        ("— dtti.test/ind ", "— dtti.test/ind  "),
        ("— dtti.test/ind ", "— dtti.test\u2003ind "),
        ("— dtti.test/ind ", "— dtti+ind "),
    ],
    ids=ascii,
)
def test_another_spelling_is_refused(old: str, new: str) -> None:
    assert NOTE.note.count(old) == 1
    assert refused(NOTE.note.replace(old, new))


def test_a_root_with_stray_bits_after_its_last_byte_is_refused() -> None:
    spelled = base64.b64encode(ROOT).decode()
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    stray = spelled[:-2] + alphabet[alphabet.index(spelled[-2]) + 1] + "="
    assert base64.b64decode(stray) == ROOT
    assert refused(NOTE.note.replace(spelled, stray)) == "the root is not in canonical base64"


@pytest.mark.parametrize(
    "encoded", ["", "AAAA", "AAAAAAA", "AAAAAAB=", "AAAA AAA=", "-_-_AAA=", "AAAAAAA=AAAA", "AAAAAA\u00e9="]
)
def test_a_signature_that_is_not_a_hint_and_a_signature_in_base64_is_refused(encoded: str) -> None:
    text = NOTE.text + "\n"
    assert refused(f"{text}— dtti.test/ind {encoded}\n")


def test_a_note_without_signature_or_end_is_refused_and_says_what_it_should_be() -> None:
    form = "this is no checkpoint: origin, size, root, blank line, signature lines"
    assert refused("") == form
    assert refused(NOTE.text) == form
    assert refused(NOTE.note[:-1]) == form
    assert refused(NOTE.text + "\n") == form
    assert refused(NOTE.text + "\n\n") == "a signature line of the checkpoint is malformed"
    assert refused(NOTE.note + "\n") == "a signature line of the checkpoint is malformed"


@given(st.text(max_size=200))
def test_any_text_is_refused_or_is_its_own_one_form(text: str) -> None:
    try:
        found = checkpoint.parse(text)
    except CheckpointError:
        return
    assert found.note == text


# --- checking --------------------------------------------------------------------------------------------------------


def known() -> list[tuple[str, Key]]:
    return [(ORIGIN, keylist.key_of(LOG)), ("dtti.test/usa", keylist.key_of(MIRROR))]


def changes(note: bytes) -> Iterator[bytes]:
    for place, byte in enumerate(note):
        for mask in (0x01, 0x04, 0x20, 0x80):
            yield note[:place] + bytes([byte ^ mask]) + note[place + 1 :]
        yield note[:place] + note[place + 1 :]
        yield note[:place] + note[place : place + 1] + note[place:]


def test_any_changed_byte_of_a_checkpoint_and_of_its_cosignature_is_refused() -> None:
    keys = IND.key_list()
    checkpoint.check_signed(NOTE, ORIGIN, keys)
    checkpoint.check_every_line(NOTE, known())
    stood: list[bytes] = []
    for changed in changes(NOTE.note.encode()):
        try:
            found = checkpoint.parse(changed.decode())
            checkpoint.check_signed(found, ORIGIN, keys)
            checkpoint.check_every_line(found, known())
        except (CheckpointError, UnicodeDecodeError):
            continue
        stood.append(changed)
    assert stood == []


def test_a_checkpoint_of_another_log_is_refused_even_if_the_same_key_signed_it() -> None:
    other = checkpoint.make("dtti.test/other", 1, ROOT, [LOG])
    with pytest.raises(CheckpointError) as caught:
        checkpoint.check_signed(other, ORIGIN, IND.key_list())
    assert str(caught.value) == "the checkpoint is of dtti.test/other, not of dtti.test/ind"


def test_a_signature_under_anothers_name_or_by_another_key_is_not_the_logs() -> None:
    by_mirror = checkpoint.make(ORIGIN, 1, ROOT, [MIRROR])
    assert not checkpoint.signed_by(by_mirror, keylist.key_of(LOG))
    renamed = msgspec.structs.replace(NOTE, lines=(msgspec.structs.replace(NOTE.lines[0], name="dtti.test/usa"),))
    assert not checkpoint.signed_by(renamed, keylist.key_of(LOG))
    assert checkpoint.signed_by(NOTE, keylist.key_of(LOG))


def test_a_cosignature_tells_its_time_for_its_own_key_and_name_only() -> None:
    assert checkpoint.cosigned_by(NOTE, "dtti.test/usa", keylist.key_of(MIRROR)) == 1_800_000_000
    assert checkpoint.cosigned_by(NOTE, "dtti.test/usb", keylist.key_of(MIRROR)) is None
    assert checkpoint.cosigned_by(NOTE, "dtti.test/usa", keylist.key_of(LOG)) is None
    later = NOTE.lines[1].signature[:7] + b"\xff" + NOTE.lines[1].signature[8:]
    moved = msgspec.structs.replace(NOTE, lines=(msgspec.structs.replace(NOTE.lines[1], signature=later),))
    assert checkpoint.cosigned_by(moved, "dtti.test/usa", keylist.key_of(MIRROR)) is None


def test_a_plain_signature_and_a_cosignature_do_not_stand_for_each_other() -> None:
    cosigned = checkpoint.cosign(bare(NOTE), ORIGIN, LOG, 1)
    assert not checkpoint.signed_by(cosigned, keylist.key_of(LOG))
    assert checkpoint.cosigned_by(checkpoint.make(ORIGIN, 1, ROOT, [MIRROR]), ORIGIN, keylist.key_of(MIRROR)) is None


def bare(note: Checkpoint) -> Checkpoint:
    return msgspec.structs.replace(note, lines=())


def test_a_threshold_counts_different_keys() -> None:
    ring = making.keyring(log=(2, 3))
    first, second, _ = ring.private["log"]
    one = checkpoint.make(ORIGIN, 1, ROOT, [first])
    twice = msgspec.structs.replace(one, lines=one.lines * 2)
    for note in (one, twice):
        with pytest.raises(CheckpointError) as caught:
            checkpoint.check_signed(note, ORIGIN, ring.key_list())
        assert str(caught.value) == "the checkpoint carries 1 of 2 signatures needed from the log's keys"
    checkpoint.check_signed(checkpoint.make(ORIGIN, 1, ROOT, [first, second]), ORIGIN, ring.key_list())


def test_a_key_listed_twice_counts_once() -> None:
    """`keylist.check` refuses such a list; the count does not rely on it."""
    sound = making.keyring(log=(2, 2)).key_list()
    key = keylist.key_of(LOG)
    doubled = msgspec.structs.replace(sound, roles=sound.roles | {"log": keylist.Role([key, key], 2)})
    with pytest.raises(CheckpointError):
        checkpoint.check_signed(checkpoint.make(ORIGIN, 1, ROOT, [LOG]), ORIGIN, doubled)


def test_after_a_rotation_one_checkpoint_satisfies_the_old_and_the_new_list() -> None:
    old, new = making.keyring(), making.keyring(generation=2)
    both = checkpoint.make(ORIGIN, 9, ROOT, [old.private["log"][0], new.private["log"][0]])
    checkpoint.check_signed(both, ORIGIN, old.key_list())
    checkpoint.check_signed(both, ORIGIN, new.key_list(2))
    with pytest.raises(CheckpointError):
        checkpoint.check_signed(checkpoint.make(ORIGIN, 9, ROOT, [old.private["log"][0]]), ORIGIN, new.key_list(2))


def test_a_line_by_a_key_that_nobody_knows_is_named() -> None:
    stranger = checkpoint.cosign(NOTE, "dtti.test/nobody", making.private_key("nobody"), 1)
    checkpoint.check_signed(stranger, ORIGIN, IND.key_list())
    with pytest.raises(CheckpointError) as caught:
        checkpoint.check_every_line(stranger, known())
    assert str(caught.value) == ("a signature line by dtti.test/nobody does not verify under any key known here")
