"""The act and its envelope: what one leaf of a ledger says, in fixed fields. Knows no verb's meaning (accord does).

A leaf is a strict DSSE envelope (https://github.com/secure-systems-lab/dsse) around a canonical JSON payload. It holds
codes, numbers and digests only: no names, no free text. What people read is the *body*, kept beside the ledger.
"""

import binascii
import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from . import canonical

PAYLOAD_TYPE = "application/vnd.dtti.act+json"
FORMAT = 1
MAX_LEAF = 65_535  # C2SP tlog-tiles: an entry's length is a 16-bit number
MAX_SIGNATURES = 16
MAX_BODIES = 17  # one text and sixteen files
NOTHING = "0" * 64  # `previous` of the first act

# Patterns end in \Z: `$` would let a line feed stand after the last character.
Digest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Natural = Annotated[int, msgspec.Meta(ge=0, le=canonical.MAX_INTEGER)]
Side = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")]
Time = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}Z\Z")]
RecordId = Annotated[str, msgspec.Meta(pattern=r"^(?:[a-z][a-z0-9_]{1,39}/[A-Z]{3}/[a-z2-7]{8,32})?\Z")]

RECORD_ID = re.compile(r"(?P<kind>[a-z][a-z0-9_]{1,39})/(?P<side>[A-Z]{3})/(?P<code>[a-z2-7]{8,32})\Z")


class MalformedLeaf(ValueError):
    """A leaf that is no act: `rule` says which requirement of the format it breaks. Replay calls such a leaf void."""

    def __init__(self, rule: str, reason: str) -> None:
        super().__init__(f"{reason} (rule {rule})")
        self.rule, self.reason = rule, reason


class Seen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of the other side's released ledger the author had verified: number of leaves, and their root (hex)."""

    root: Digest
    size: Natural


class Commitment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Salted digest (hex SHA-256, see `body`) and size in bytes of a body that stands beside the ledger."""

    digest: Digest
    size: Natural


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The payload of a leaf. Member names in alphabetical order, as they stand in the canonical bytes."""

    body: Annotated[list[Commitment], msgspec.Meta(max_length=MAX_BODIES)]
    environment: Code  # live or exercise
    format: Annotated[int, msgspec.Meta(ge=FORMAT, le=FORMAT)]
    index: Natural
    ledger: Code  # released or national
    office: RecordId  # the office that acts; empty for acts of a node, a root or a power key
    previous: Digest  # RFC 6962 leaf hash of the leaf before
    programme: Code
    record: RecordId  # the record it is about; empty for foundings, key lists and their like
    rests: Annotated[list[Digest], msgspec.Meta(max_length=256)]  # acts that it answers or rests on
    role: Code  # role of the signing keys, in the key list of the moment
    rules: Code  # rule set by which it is judged, for ever
    seen: Seen
    side: Side
    terms: dict[str, Any]  # the verb's own fields (accord.table): codes, numbers, digests
    time: Time  # claimed, UTC, whole seconds
    verb: Code


Bytes = TypeVar("Bytes", bytes, str)


class Signature(msgspec.Struct, Generic[Bytes], frozen=True, forbid_unknown_fields=True):
    """One DSSE signature: the key's id (see keylist) and the raw signature, in base64 where it is spelled."""

    keyid: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}\Z")]
    sig: Bytes


class _Envelope(msgspec.Struct, Generic[Bytes], frozen=True, forbid_unknown_fields=True):
    payload: Bytes
    payloadType: str  # noqa: N815 - DSSE's own member name
    signatures: Annotated[list[Signature[Bytes]], msgspec.Meta(min_length=1, max_length=MAX_SIGNATURES)]


class Entry(msgspec.Struct, frozen=True):
    """A decoded leaf: its bytes, its act, the act's id, the bytes that were signed, and the signatures."""

    leaf: bytes
    act: Act
    id: str
    signed: bytes
    signatures: tuple[tuple[str, bytes], ...]  # (key id, raw signature)


_read_envelope = msgspec.json.Decoder(_Envelope[bytes]).decode
_spell_envelope = msgspec.json.Decoder(_Envelope[str]).decode
_write_envelope = msgspec.json.Encoder().encode
_read_act = msgspec.json.Decoder(Act).decode
_write = msgspec.json.Encoder(order="sorted").encode


def pre_authentication(payload: bytes) -> bytes:
    """DSSE v1 pre-authentication encoding of an act's payload: what is signed, and what an act's id is the hash of."""
    return b"DSSEv1 %d %s %d %s" % (len(PAYLOAD_TYPE), PAYLOAD_TYPE.encode(), len(payload), payload)


def act_id(payload: bytes) -> str:
    """The id of the act with this payload: hex SHA-256 over its pre-authentication bytes."""
    return sha256(pre_authentication(payload)).hexdigest()


def payload_of(act: Act) -> bytes:
    """Canonical payload bytes of `act`; MalformedLeaf or ProfileError where its values are outside the format."""
    return _payload_of(act)[0]


def _payload_of(act: Act) -> tuple[bytes, Act]:
    canonical.check(act.terms, "$.terms", 2)
    payload = _write(act)
    # Constructors do not validate: what we would refuse to read we refuse to write.
    return payload, _decode_payload(payload)


def seal(payload: bytes, signatures: list[tuple[str, bytes]]) -> Entry:
    """The entry of `payload` under `signatures`: pairs of key id and raw signature over its pre-authentication bytes.

    MalformedLeaf where `open_leaf` would refuse it.
    """
    return open_leaf(_enveloped(payload, signatures))


def sign(act: Act, signatures: Callable[[bytes], list[tuple[str, bytes]]]) -> Entry:
    """The entry of `act`, with what `signatures` makes of its pre-authentication bytes (see keylist.sign).

    The same entry, and the same refusals, as `seal` of `payload_of`, decoded once.
    """
    payload, act = _payload_of(act)
    signed = pre_authentication(payload)
    made = signatures(signed)
    leaf = _enveloped(payload, made)
    if len(leaf) > MAX_LEAF or not 1 <= len(made) <= MAX_SIGNATURES:
        raise _misformed(leaf)
    return Entry(leaf, act, sha256(signed).hexdigest(), signed, tuple(made))


def _enveloped(payload: bytes, signatures: list[tuple[str, bytes]]) -> bytes:
    return _write_envelope(_Envelope(payload, PAYLOAD_TYPE, [Signature(keyid, sig) for keyid, sig in signatures]))


def _decode_payload(payload: bytes) -> Act:
    try:
        act = _read_act(payload)
    except RecursionError:
        raise MalformedLeaf("profile-depth", f"the act is nested deeper than {canonical.MAX_DEPTH}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedLeaf("act-fields", f"the act's fields: {error}") from None
    try:
        canonical.check(act.terms, "$.terms", 2)
    except canonical.ProfileError as error:
        raise MalformedLeaf(error.rule, f"{error.where}: {error.reason}") from None
    if _write(act) != payload:
        raise MalformedLeaf("profile-canonical", "the act is not in canonical form")
    try:
        datetime.fromisoformat(act.time)
    except ValueError:
        raise MalformedLeaf("act-time", f"{act.time} is no time of the calendar") from None
    return act


def open_leaf(leaf: bytes) -> Entry:
    """Decode a leaf strictly; MalformedLeaf says what is wrong. Signatures are not checked here (see keylist)."""
    envelope = _open_envelope(leaf)
    signed = pre_authentication(envelope.payload)
    signatures = tuple((one.keyid, one.sig) for one in envelope.signatures)
    return Entry(leaf, _decode_payload(envelope.payload), sha256(signed).hexdigest(), signed, signatures)


def _open_envelope(leaf: bytes) -> _Envelope[bytes]:
    try:
        envelope = _read_envelope(leaf)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise _misformed(leaf) from None
    # One envelope has one byte form, its base64 included: what is written the same again was in that form.
    if len(leaf) > MAX_LEAF or envelope.payloadType != PAYLOAD_TYPE or _write_envelope(envelope) != leaf:
        raise _misformed(leaf)
    return envelope


def _misformed(leaf: bytes) -> MalformedLeaf:
    """What is wrong with an envelope that is not in its form: the first of the rules, in the order of the format."""
    if len(leaf) > MAX_LEAF:
        return MalformedLeaf("leaf-size", f"a leaf holds at most {MAX_LEAF} bytes, this one has {len(leaf)}")
    try:
        spelled = _spell_envelope(leaf)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return MalformedLeaf("envelope-fields", f"the envelope: {error}")
    if spelled.payloadType != PAYLOAD_TYPE:
        return MalformedLeaf("envelope-type", f"payload type {spelled.payloadType[:80]!r} is not {PAYLOAD_TYPE}")
    if _write_envelope(spelled) != leaf:
        return MalformedLeaf("envelope-canonical", "the envelope is not in its one byte form")
    try:
        _decode_payload(_strict_base64(spelled.payload))
        for one in spelled.signatures:
            _strict_base64(one.sig)
    except MalformedLeaf as error:
        return error
    return MalformedLeaf("envelope-base64", "a member of the envelope is not in canonical base64")


def _strict_base64(text: str) -> bytes:
    try:
        raw = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError):
        raise MalformedLeaf("envelope-base64", "a member of the envelope is not base64") from None
    if binascii.b2a_base64(raw, newline=False).decode() != text:
        raise MalformedLeaf("envelope-base64", "a member of the envelope is not in canonical base64")
    return raw
