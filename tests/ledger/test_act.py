"""The act and its envelope: what is written is read back, and every other byte is refused or seen."""

import base64
import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec
import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given

from dtti.ledger import act as acts
from dtti.ledger import canonical, keylist
from dtti.ledger.act import Act, Commitment, Entry, MalformedLeaf, Seen
from dtti.ledger.canonical import ProfileError
from tests import making

from . import strategies

RING = making.keyring()


def opened_or_rule(leaf: bytes) -> Entry | str:
    try:
        return acts.open_leaf(leaf)
    except MalformedLeaf as error:
        return error.rule


def envelope(held: bytes, /, **changed: Any) -> bytes:
    """An envelope around the payload `held`, unsigned and unchecked, with members changed."""
    sound = {
        "payload": base64.b64encode(held).decode(),
        "payloadType": acts.PAYLOAD_TYPE,
        "signatures": [{"keyid": "0" * 16, "sig": "AAAA"}],
    }
    return json.dumps(sound | changed, separators=(",", ":")).encode()


def payload_with(**members: Any) -> bytes:
    """The canonical payload of a sound act with members replaced, added or (where None) left out."""
    sound: dict[str, Any] = msgspec.to_builtins(making.act())
    return rfc8785.dumps({name: value for name, value in (sound | members).items() if value is not None})


def changes(leaf: bytes) -> Iterator[bytes]:
    """`leaf` with each single byte altered in three ways, dropped, or doubled."""
    for place, byte in enumerate(leaf):
        for mask in (0x01, 0x20, 0x80):
            yield leaf[:place] + bytes([byte ^ mask]) + leaf[place + 1 :]
        yield leaf[:place] + leaf[place + 1 :]
        yield leaf[:place] + leaf[place : place + 1] + leaf[place:]


@given(strategies.acts, strategies.signers)
def test_a_sealed_act_is_read_back_as_it_was_written(act: Act, signers: list[Ed25519PrivateKey]) -> None:
    sealed = making.signed(act, signers)
    opened = acts.open_leaf(sealed.leaf)
    assert opened == sealed
    assert opened.act == act
    assert [keyid for keyid, _ in opened.signatures] == [keylist.key_of(each).id for each in signers]


@given(strategies.acts)
def test_the_payload_is_the_rfc_8785_form_of_the_act(act: Act) -> None:
    payload = acts.payload_of(act)
    assert payload == rfc8785.dumps(msgspec.to_builtins(act))
    assert canonical.encode(canonical.decode(payload)) == payload


@given(strategies.acts)
def test_an_acts_id_is_the_hash_of_its_dsse_bytes_whoever_signs_it(act: Act) -> None:
    payload = acts.payload_of(act)
    signed = b"DSSEv1 29 application/vnd.dtti.act+json %d " % len(payload) + payload
    one, two = making.signed(act, [making.private_key("a")]), making.signed(act, [making.private_key("b")])
    assert len(acts.PAYLOAD_TYPE) == 29
    assert one.signed == two.signed == signed
    assert one.id == two.id == acts.act_id(payload) == sha256(signed).hexdigest()
    assert one.leaf != two.leaf


def test_the_dsse_bytes_are_those_of_its_specification() -> None:
    """The protocol document's own example, for our payload type."""
    assert acts.pre_authentication(b"hello world") == b"DSSEv1 29 application/vnd.dtti.act+json 11 hello world"


def test_any_changed_byte_of_a_leaf_is_refused_or_breaks_the_signature() -> None:
    leaf = making.Log(RING).write().leaf
    keys = RING.key_list()
    refused = broken = 0
    for changed in changes(leaf):
        entry = opened_or_rule(changed)
        if isinstance(entry, str):
            refused += 1
            continue
        assert entry.leaf == changed
        with pytest.raises(keylist.KeyListError):
            keylist.check_signed(keys, entry)
        broken += 1
    assert refused > 1_000
    assert broken > 100


def test_any_changed_byte_that_still_opens_shows_in_the_act_or_in_a_signature() -> None:
    original = making.Log(RING).write()
    for changed in changes(original.leaf):
        entry = opened_or_rule(changed)
        if isinstance(entry, Entry):
            assert (entry.signed, entry.signatures) != (original.signed, original.signatures)
            assert acts.seal(acts.payload_of(entry.act), list(entry.signatures)).leaf == changed


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"payloadType": "application/vnd.in-toto+json"}, "envelope-type"),
        ({"payloadType": "application/vnd.dtti.act+json "}, "envelope-type"),
        ({"payload": "AA"}, "envelope-base64"),
        ({"payload": "AAA"}, "envelope-base64"),
        ({"payload": "AB=="}, "envelope-base64"),  # padding bits that are not zero
        ({"payload": "AA==AA=="}, "envelope-base64"),
        ({"payload": "A A="}, "envelope-base64"),
        ({"payload": "-_-_"}, "envelope-base64"),  # the alphabet for URLs
        ({"signatures": [{"keyid": "0" * 16, "sig": "AB=="}]}, "envelope-base64"),
        ({"signatures": []}, "envelope-fields"),
        ({"signatures": [{"keyid": "0" * 16, "sig": ""}] * 17}, "envelope-fields"),
        ({"signatures": [{"keyid": "0" * 15, "sig": ""}]}, "envelope-fields"),
        ({"signatures": [{"keyid": "0" * 16 + "\n", "sig": ""}]}, "envelope-fields"),
        ({"signatures": [{"keyid": "A" * 16, "sig": ""}]}, "envelope-fields"),
        ({"signatures": [{"sig": ""}]}, "envelope-fields"),
        ({"signatures": [{"keyid": "0" * 16, "sig": "", "cert": ""}]}, "envelope-fields"),
        ({"signature": []}, "envelope-fields"),
        ({"payload": 1}, "envelope-fields"),
    ],
    ids=lambda given: str(given)[:60],
)
def test_an_envelope_that_is_not_strict_dsse_is_refused(changed: dict[str, Any], rule: str) -> None:
    assert opened_or_rule(envelope(payload_with(), **changed)) == rule


def test_an_envelope_in_any_other_spelling_is_refused() -> None:
    leaf = making.Log(RING).write().leaf
    members = json.loads(leaf)
    others = [
        json.dumps(members).encode(),
        json.dumps(dict(reversed(members.items())), separators=(",", ":")).encode(),
        leaf.replace(b"application/", b"application\\/"),
        leaf.replace(b'"sig":"', b'"sig":"\\u0041', 1),
        leaf.replace(b'{"payload":', b'{"payload":"","payload":'),
    ]
    assert [opened_or_rule(other) for other in others] == ["envelope-canonical"] * len(others)


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b"\xff",
        b'{"payload":"\xff"}',
        b'{"payload":"\\ud800"}',
        b'{"payload":' + b"[" * 60_000,
        b'{"unknown":' + b"[" * 60_000,
        b"[" * 60_000,
        b'{"payload":"' + b"A" * 60_000,
    ],
    ids=lambda given: str(given[:24]),
)
def test_bytes_that_are_no_envelope_are_refused_and_nothing_else_happens(leaf: bytes) -> None:
    assert opened_or_rule(leaf) == "envelope-fields"


@pytest.mark.parametrize(
    ("members", "rule"),
    [
        ({"format": 2}, "act-fields"),
        ({"format": 0}, "act-fields"),
        ({"index": -1}, "act-fields"),
        ({"index": True}, "act-fields"),
        ({"index": "0"}, "act-fields"),
        ({"side": "IN"}, "act-fields"),
        ({"side": "ind"}, "act-fields"),
        ({"side": "IND\n"}, "act-fields"),
        ({"ledger": "Released"}, "act-fields"),
        ({"verb": ""}, "act-fields"),
        ({"verb": "comment\n"}, "act-fields"),
        ({"previous": "0" * 63}, "act-fields"),
        ({"previous": "A" * 64}, "act-fields"),
        ({"previous": "0" * 64 + "\n"}, "act-fields"),
        ({"record": "\n"}, "act-fields"),
        ({"record": "project/IND"}, "act-fields"),
        ({"record": "project/IND/short"}, "act-fields"),
        ({"record": "project/IND/aaaaaaaa\n"}, "act-fields"),
        ({"record": "project/IND/AAAAAAAA"}, "act-fields"),
        ({"record": "project/IND/aaaaaa01"}, "act-fields"),
        ({"office": "office/IND/aaaaaaaa/b"}, "act-fields"),
        ({"rests": ["1" * 64] * 257}, "act-fields"),
        ({"rests": ["x"]}, "act-fields"),
        ({"body": [{"digest": "1" * 64, "size": 1}] * 18}, "act-fields"),
        ({"body": [{"digest": "1" * 64, "size": -1}]}, "act-fields"),
        ({"body": [{"digest": "1" * 64, "size": 1, "name": "x"}]}, "act-fields"),
        ({"seen": {"root": "1" * 64}}, "act-fields"),
        ({"seen": {"root": "1" * 64, "size": 0, "time": "x"}}, "act-fields"),
        ({"note": "a member that no act has"}, "act-fields"),
        ({"time": None}, "act-fields"),
        ({"terms": None}, "act-fields"),
        ({"terms": []}, "act-fields"),
        ({"time": "2027-01-26T09:00:00"}, "act-fields"),
        ({"time": "2027-01-26T09:00:00.5Z"}, "act-fields"),
        ({"time": "2027-01-26T09:00:00+05:30"}, "act-fields"),
        ({"time": "2027-01-26T09:00:00Z\n"}, "act-fields"),
        ({"time": "२०२७-01-26T09:00:00Z"}, "act-fields"),
        ({"time": "2027-02-29T09:00:00Z"}, "act-time"),
        ({"time": "2027-01-26T24:00:00Z"}, "act-time"),
        ({"time": "2016-12-31T23:59:60Z"}, "act-time"),
        ({"time": "0000-01-01T00:00:00Z"}, "act-time"),
        ({"terms": {"Next": 1}}, "profile-key"),
        ({"terms": {"share": 0.5}}, "profile-float"),
        ({"terms": {"text": "a\tb"}}, "profile-character"),
        ({"terms": {"text": "\u202egnp.exe"}}, "profile-character"),
    ],
    ids=lambda given: ascii(given)[:60],
)
def test_a_field_outside_the_format_is_refused_by_its_rule(members: dict[str, Any], rule: str) -> None:
    assert opened_or_rule(envelope(payload_with(**members))) == rule


def test_every_member_of_an_act_is_required() -> None:
    members = msgspec.to_builtins(making.act())
    assert {name: opened_or_rule(envelope(payload_with(**{name: None}))) for name in members} == dict.fromkeys(
        members, "act-fields"
    )


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        (b'"index":0', b'"index":9007199254740992', "act-fields"),
        (b'"index":0', b'"index":' + b"9" * 5_000, "act-fields"),
        (b'"index":0', b'"index":0.0', "act-fields"),
        (b'"index":0', b'"index":0,"index":0', "profile-canonical"),
        (b'"index":0', b'"index": 0', "profile-canonical"),
        (b'"side":"IND"', b'"side":"\\u0049ND"', "profile-canonical"),
        (b'"terms":{}', b'"terms":{"b":1,"a":2}', "profile-canonical"),
        (b'"terms":{}', b'"terms":{"a":9007199254740992}', "profile-integer"),
        (b'"terms":{}', b'"terms":{"a":' + b"9" * 400 + b"}", "profile-integer"),
        (b'"terms":{}', b'"terms":{"a":' + b"9" * 5_000 + b"}", "act-fields"),
        (b'"terms":{}', b'"terms":{"a":1e400}', "act-fields"),
        (b'"terms":{}', b'"terms":{"a":null}', "profile-null"),
        (b'"terms":{}', b'"terms":{"a":"\xff"}', "act-fields"),
        (b'"terms":{}', b'"terms":{"a":"\\ud800"}', "act-fields"),
        (b'"terms":{}', b'"terms":{"a":' + b"[" * 30 + b"]" * 30 + b"}", ""),
        (b'"terms":{}', b'"terms":{"a":' + b"[" * 31 + b"]" * 31 + b"}", "profile-depth"),
        (b'"terms":{}', b'"terms":{"a":' + b"[" * 500 + b"]" * 500 + b"}", "profile-depth"),
        (b'"terms":{}', b'"terms":{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}", "profile-depth"),
        (b'"terms":{}', b'"terms":{"a":' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}", "profile-depth"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_a_payload_in_another_spelling_or_outside_the_profile_is_refused(old: bytes, new: bytes, rule: str) -> None:
    payload = payload_with()
    assert payload.count(old) == 1
    found = opened_or_rule(envelope(payload.replace(old, new)))
    assert (found if isinstance(found, str) else "") == rule


def test_the_depth_of_the_profile_is_counted_from_the_payload() -> None:
    for depth, outcome in ((30, None), (31, "profile-depth")):
        value: Any = []
        for _ in range(depth - 1):
            value = [value]
        act = making.act(terms={"a": value})
        if outcome is None:
            assert canonical.decode(acts.payload_of(act))["terms"] == {"a": value}
        else:
            with pytest.raises(ProfileError) as caught:
                acts.payload_of(act)
            assert caught.value.rule == outcome


@pytest.mark.parametrize(
    "fields",
    [
        {"format": 2},
        {"side": "India"},
        {"side": "IND\n"},
        {"record": "\n"},
        {"time": "26 Jan 2027"},
        {"time": "2027-02-30T00:00:00Z"},
        {"seen": Seen("", 0)},
        {"body": [Commitment("1" * 64, -1)]},
        {"terms": {"share": 0.5}},
        {"terms": {"a": None}},
        {"terms": {"a": {1, 2}}},
    ],
    ids=str,
)
def test_what_would_be_refused_on_reading_is_not_written(fields: dict[str, Any]) -> None:
    with pytest.raises((MalformedLeaf, ProfileError)):
        acts.payload_of(making.act(**fields))


@pytest.mark.parametrize("signatures", [[], [("0" * 16, b"")] * 17, [("short", b"")], [("G" * 16, b"")]], ids=str)
def test_signatures_that_could_not_be_read_back_are_not_sealed(signatures: list[tuple[str, bytes]]) -> None:
    with pytest.raises(MalformedLeaf) as caught:
        acts.seal(acts.payload_of(making.act()), signatures)
    assert caught.value.rule == "envelope-fields"


def test_a_leaf_holds_as_much_as_a_tile_entry_can_and_no_byte_more() -> None:
    def seal(letters: int) -> int | str:
        payload = acts.payload_of(making.act(terms={"a": "x" * letters}))
        try:
            return len(acts.seal(payload, [("0" * 16, bytes(64))]).leaf)
        except MalformedLeaf as error:
            return error.rule

    sizes = [seal(letters) for letters in range(48_000, 48_600)]
    fit = [size for size in sizes if isinstance(size, int)]
    assert 0 < len(fit) < len(sizes)
    assert sizes[len(fit) :] == ["leaf-size"] * (len(sizes) - len(fit))
    assert 65_535 - 4 < max(fit) <= 65_535  # base64 grows by four bytes at a time
    assert opened_or_rule(b" " * 65_536) == "leaf-size"
    assert opened_or_rule(b" " * 65_535) == "envelope-fields"


def test_a_refusal_says_what_is_wrong_and_by_which_rule() -> None:
    with pytest.raises(MalformedLeaf) as caught:
        acts.open_leaf(envelope(payload_with(terms={"share": 0.5})))
    assert str(caught.value) == (
        "$.terms.share: a number with a fraction or exponent; use an integer and a unit (rule profile-float)"
    )


def test_a_record_id_names_its_kind_side_and_code() -> None:
    parts = acts.RECORD_ID.match(making.RECORD)
    assert parts is not None
    assert parts.groupdict() == {"kind": "project", "side": "IND", "code": "bbbbbbbb"}
    assert acts.RECORD_ID.match(making.RECORD + "\n") is None
