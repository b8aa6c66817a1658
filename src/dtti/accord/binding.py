"""What a person's passkey signs when an office binds itself: the binding form of an act, and checking it. Pure.

The act's own id does not exist before the append lock gives it index, predecessor and time. So a person signs what does
not hang on these: constitution, ledger, office, record, terms, texts. Web Authentication level 2, section 7.2, with
ES256 alone; user presence and user verification are both asked for.
"""

import base64
import binascii
import re
from hashlib import sha256
from typing import Any

import msgspec
import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from dtti.ledger import canonical
from dtti.ledger.act import Act, Commitment

from .table_2 import Assertion, Credential

ORIGIN = re.compile(r"(https?)://([^:/]*)(?::[0-9]+)?\Z")
PRESENT, VERIFIED = 0x01, 0x04  # flags of authenticatorData


class Binding(msgspec.Struct, frozen=True):
    """The binding form. `terms` as they stand in the leaf, without the assertion; `nonce`: 32 random bytes in hex."""

    constitution: str
    ledger: str
    nonce: str
    office: str
    record: str
    rests: list[str]
    rules: str
    side: str
    terms: dict[str, Any]
    texts: list[Commitment]
    verb: str

    def digest(self) -> bytes:
        """SHA-256 over the canonical form: the challenge that the authenticator signs."""
        return sha256(b"dtti-binding-1\0" + canonical.encode(msgspec.to_builtins(self))).digest()


def binding_of(act: Act, constitution: str, nonce: str) -> Binding:
    """The binding form of an act as it stands in a ledger."""
    terms = {name: value for name, value in act.terms.items() if name != "assertion"}
    return Binding(
        constitution,
        act.ledger,
        nonce,
        act.office,
        act.record,
        act.rests,
        act.rules,
        act.side,
        terms,
        act.body,
        act.verb,
    )


MOST_BRACKETS = 32  # in clientDataJSON: readers of JSON do not agree on how deep they follow


class _Client(msgspec.Struct):
    """What is read of clientDataJSON; a browser may add members."""

    challenge: str
    origin: str
    type: str
    crossOrigin: bool = False  # noqa: N815 - WebAuthn's own member name


def public_key(point: str) -> ec.EllipticCurvePublicKey:
    """The P-256 key of an uncompressed point in hex; ValueError where it is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes.fromhex(point))


def fault_of(assertion: Assertion, credential: Credential, challenge: bytes, *, signature: bool = True) -> str:
    """Why an assertion over `challenge` by `credential` does not hold; empty where it does.

    `signature` false: the signature itself was checked before.
    """
    try:
        client_bytes = _raw(assertion.client)
        authenticator, signed = _raw(assertion.authenticator), _raw(assertion.signature)
        if client_bytes.count(b"[") + client_bytes.count(b"{") > MOST_BRACKETS:
            raise ValueError("nested as no browser nests it")
        client = msgspec.convert(orjson.loads(client_bytes), _Client)
    except ValueError:
        return "it is not in the form of an assertion"
    if client.type != "webauthn.get" or client.crossOrigin:
        return "it was not asked for by a page of this office system"
    if client.challenge != _url(challenge):
        return "it signs another form than this act's"
    if not within(client.origin, credential.rp):
        return f"it was given at {client.origin[:80]}, not at {credential.rp}"
    if len(authenticator) < 37 or authenticator[:32] != sha256(credential.rp.encode()).digest():
        return f"it is not for {credential.rp}"
    if authenticator[32] & (PRESENT | VERIFIED) != PRESENT | VERIFIED:
        return "the authenticator did not verify a person"
    if signature:
        try:
            public_key(credential.public).verify(
                signed, authenticator + sha256(client_bytes).digest(), ec.ECDSA(SHA256())
            )
        except (InvalidSignature, ValueError):
            return "its signature is not by the credential's key"
    return ""


def _raw(text: str) -> bytes:
    raw = binascii.a2b_base64(text, strict_mode=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("not in canonical base64")
    return raw


def _url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def within(origin: str, host: str) -> bool:
    """Whether an origin is of the relying party: its host or one below; over TLS, or on this machine alone."""
    parts = ORIGIN.match(origin)
    if parts is None:
        return False
    scheme, name = parts.groups()
    local = name == "localhost" or name.endswith(".localhost")
    return (scheme == "https" or local) and (name == host or name.endswith("." + host))
