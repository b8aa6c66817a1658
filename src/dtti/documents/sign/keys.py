"""The keys that sign: from a file (PKCS#12, PEM) or on a token (PKCS#11). Knows certificates; signs nothing itself.

A key is whatever pyHanko can sign with, with the certificate that goes with it; a signing service of a side is another
`Signer` of that library, wrapped as a `Key`. Keys in files are for trials and exercises: in earnest a side's key lives
on its own token and never leaves it.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dtti.accord.refusal import Refused, refuse

if TYPE_CHECKING:
    from asn1crypto import x509  # type: ignore[import-untyped]
    from pyhanko.sign.signers import Signer


def name_of(subject: "x509.Name") -> str:
    """A name in a certificate as people write it: common name, organisation, country; all of it where it has none."""
    parts = subject.native
    told = [parts[key] for key in ("common_name", "organization_name", "country_name") if key in parts]
    return ", ".join(str(each) for each in told) or str(subject.human_friendly)


@dataclass(frozen=True)
class Key:
    """A private key that can be used, and its certificate (X.509)."""

    signer: "Signer"
    certificate: "x509.Certificate"

    @property
    def holder(self) -> str:
        """The subject of the certificate, as one line."""
        return name_of(self.certificate.subject)

    def unfit(self, at: dt.datetime) -> str:
        """Why the certificate must not sign at this moment; "" where it may (RFC 5280, 4.1.2.5 and 4.2.1.3)."""
        if not self.certificate.not_valid_before <= at <= self.certificate.not_valid_after:
            start, end = self.certificate.not_valid_before, self.certificate.not_valid_after
            return f"the certificate of {self.holder} is valid from {start:%d %b %Y} to {end:%d %b %Y} only"
        usage = self.certificate.key_usage_value
        if usage is None or "non_repudiation" not in usage.native:
            return f"the certificate of {self.holder} is not for signing: it lacks the key usage non-repudiation"
        return ""


def key_in_pkcs12(file: bytes, passphrase: bytes | None = None) -> Key:
    """The key in a PKCS#12 file (RFC 7292), with the certificates that it brings. Refused by rule `key`."""
    from pyhanko.sign.signers import SimpleSigner

    try:
        return _key(SimpleSigner.load_pkcs12_data(file, other_certs=(), passphrase=passphrase))
    except (ValueError, TypeError, AttributeError):
        raise _refused("the PKCS#12 file cannot be opened") from None


def key_in_pem(key: bytes, certificates: bytes, passphrase: bytes | None = None) -> Key:
    """The key in a PEM file (PKCS#8), with its certificate first among `certificates`. Refused by rule `key`."""
    from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    try:
        chain = list(load_certs_from_pemder_data(certificates))
        store: Any = SimpleCertificateStore
        others = store()
        others.register_multiple(chain[1:])
        private = load_private_key_from_pemder_data(key, passphrase=passphrase)
        return _key(SimpleSigner(signing_cert=chain[0], signing_key=private, cert_registry=others))
    except (ValueError, TypeError, IndexError, OSError):
        raise _refused("the PEM files cannot be read") from None


@contextmanager
def key_on_token(library: Path, token: str, pin: str, label: str) -> Iterator[Key]:
    """The key called `label` on a token, through its PKCS#11 library, while the block runs.

    Needs the package python-pkcs11, which is not installed with this software. Refused by rule `token`.
    """
    try:
        from pyhanko.config.pkcs11 import TokenCriteria
        from pyhanko.sign.pkcs11 import PKCS11Signer, open_pkcs11_session
    except ImportError:
        raise Refused(
            refuse("token", "this installation cannot talk to tokens", "Install the package python-pkcs11.")
        ) from None
    try:
        criteria = TokenCriteria(label=token)
        session = open_pkcs11_session(str(library), token_criteria=criteria, user_pin=pin)
    except Exception as error:
        raise Refused(
            refuse("token", f"the token {token!r} cannot be opened ({error})", "Check library, token label and PIN.")
        ) from None
    with session:
        yield _key(PKCS11Signer(session, cert_label=label, other_certs_to_pull=None))


def _key(signer: "Signer") -> Key:
    if signer.signing_cert is None:
        raise ValueError("no certificate")
    return Key(signer=signer, certificate=signer.signing_cert)


def _refused(reason: str) -> Refused:
    return Refused(
        refuse("key", reason, "Check the file and its passphrase; it must hold one key and its certificate.")
    )
