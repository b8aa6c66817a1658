"""Which of a side's exchange keys can be used: certificates for the line, box keys for packs. Knows no act.

A key list counts by the rules of its ledger, whatever stands for `tls` and `box` in it: verdicts ask of these keys only
that they are texts. Whoever has to use one looks here first, so that a key that is none stops nothing but its own use.
"""

import base64
import binascii
import ssl
from datetime import UTC, datetime
from functools import lru_cache

import msgspec
import pyrage
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.keylist import AGE, X509, Key, KeyList

_LEAST_RSA = 2048  # bits, as TLS libraries ask
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


class Unusable(msgspec.Struct, frozen=True):
    """A key that stands in a list and cannot be used: its role, its id, why."""

    role: str
    key: str
    reason: str


@lru_cache(maxsize=256)
def _certificate(public: str) -> x509.Certificate | str:
    """The certificate that a key list spells in base64, or why it is none that TLS can use."""
    try:
        raw = base64.b64decode(public, validate=True)
        found = x509.load_der_x509_certificate(raw)
        key = found.public_key()
        same = found.public_bytes(Encoding.DER) == raw
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return "it is no X.509 certificate in base64 DER"
    if not same or base64.b64encode(raw).decode() != public:
        return "it is not spelled in the one form of a certificate"
    strong = isinstance(key, rsa.RSAPublicKey) and key.key_size >= _LEAST_RSA
    if not (strong or isinstance(key, ed25519.Ed25519PublicKey) or _curve(key)):
        return "its public key is of no kind that TLS 1.3 takes"
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=ssl.DER_cert_to_PEM_cert(raw))
    except (ssl.SSLError, ValueError):
        return "the TLS library here does not take it"
    return found


def _curve(key: object) -> bool:
    return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, _CURVES)


@lru_cache(maxsize=256)
def _box(public: str) -> str:
    try:
        pyrage.x25519.Recipient.from_str(public)
    except (pyrage.RecipientError, ValueError):
        return "it is no age recipient"
    return ""


def fault(key: Key, moment: datetime | None = None) -> str:
    """Why a `tls` or `box` key cannot be used now (or at `moment`); empty where it can, or is of another kind."""
    if key.algorithm == AGE:
        return _box(key.public)
    if key.algorithm != X509:
        return ""
    found = _certificate(key.public)
    if isinstance(found, str):
        return found
    moment = moment or datetime.now(UTC)
    if not found.not_valid_before_utc <= moment <= found.not_valid_after_utc:
        begins, ends = (each.strftime("%d %b %Y") for each in (found.not_valid_before_utc, found.not_valid_after_utc))
        return f"it is valid from {begins} to {ends}"
    return ""


def unusable(keys: KeyList) -> list[Unusable]:
    """The keys of a list that cannot be used now."""
    found = [(role, key, fault(key)) for role in ("box", "tls") for key in keys.keys(role)]
    return [Unusable(role, key.id, reason) for role, key, reason in found if reason]


def ends(keys: KeyList) -> list[tuple[str, datetime]]:
    """Until when each exchange certificate of a list that can be read is valid, by the id of its key."""
    found = [(key.id, _certificate(key.public)) for key in keys.keys("tls") if key.algorithm == X509]
    return [(name, one.not_valid_after_utc) for name, one in found if not isinstance(one, str)]


def certificates(keys: KeyList) -> list[bytes]:
    """The exchange certificates (DER) of a list that can be used now."""
    return [base64.b64decode(key.public) for key in keys.keys("tls") if not fault(key)]


def recipient(keys: KeyList, side: str) -> str:
    """The box key of `side` to which a file is sealed: the first that can be used. Refused where there is none."""
    found = next((key.public for key in keys.keys("box") if not fault(key)), None)
    if found is None:
        raise Refused(
            refuse(
                "key-box",
                f"key list {keys.version} of {side} names no box key that can be used",
                f"Nothing can be sealed to {side} until its next key list. A pack can be written open, and carried as "
                "such papers are: --open.",
            )
        )
    return found


def all_usable(keys: KeyList, whose: str, before: KeyList | None = None) -> None:
    """Refused where a key of a list that is about to be put in force, or joined, cannot be used.

    What stands in the list `before` it is not asked: what is out of order there hinders no other key.
    """
    stand = unusable(before) if before else []
    for one in (each for each in unusable(keys) if each not in stand):
        raise Refused(
            refuse(
                f"key-{one.role}",
                f"the {one.role} key {one.key} of {whose} cannot be used: {one.reason}",
                "Make it anew; nothing was written.",
            )
        )
