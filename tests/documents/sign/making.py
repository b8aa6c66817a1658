"""What the tests of signing are made with: authorities, certificates and papers, all plainly fictitious."""

import datetime as dt
import hashlib
import json
from functools import cache
from typing import Any

import typst
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from dtti.documents.sign.keys import Key, key_in_pem
from dtti.documents.sign.seal import seal_block
from dtti.documents.sign.verdict import Root, Trust
from dtti.documents.sign.write import sign
from dtti.documents.typeset.compile import HOUSE, fonts

NOW = dt.datetime(2027, 1, 26, 10, 30, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=30)
DIGEST = hashlib.sha256(b"The text of an exercise.").hexdigest()
OTHER = hashlib.sha256(b"The text of another exercise.").hexdigest()


class Issued:
    """A certificate with its key, issued by another or by itself."""

    def __init__(
        self,
        name: str,
        issuer: "Issued | None" = None,
        *,
        start: dt.datetime = dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        end: dt.datetime = dt.datetime(2029, 1, 1, tzinfo=dt.UTC),
        signing: bool = True,
        stamping: bool = False,
        rsa_bits: int = 0,
    ) -> None:
        self.key: Any = (
            rsa.generate_private_key(65537, rsa_bits) if rsa_bits else ec.generate_private_key(ec.SECP256R1())
        )
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        authority = issuer is None
        usage = x509.KeyUsage(
            digital_signature=True,
            content_commitment=not authority and signing,
            key_encipherment=False,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=authority,
            crl_sign=authority,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(start)
            .not_valid_after(end)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
        )
        if issuer:
            builder = builder.add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False
            )
        if stamping:
            builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        self.certificate = builder.sign((issuer or self).key, hashes.SHA256())

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return bytes(
            self.key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def as_key(self) -> Key:
        return key_in_pem(self.key_pem, self.pem)

    def withdrawing(self, *gone: "Issued", on: dt.datetime = NOW, until: dt.datetime = LATER) -> bytes:
        """This authority's list of withdrawn certificates, in DER."""
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.certificate.subject)
            .last_update(NOW - dt.timedelta(days=1))
            .next_update(until + dt.timedelta(days=1))
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for each in gone:
            builder = builder.add_revoked_certificate(
                x509.RevokedCertificateBuilder()
                .serial_number(each.certificate.serial_number)
                .revocation_date(on)
                .build()
            )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


class Capital:
    """The authorities and signatories of an exercise."""

    def __init__(self) -> None:
        long = dt.datetime(2040, 1, 1, tzinfo=dt.UTC)
        self.india = Issued("Exercise Authority of India", end=long)
        self.usa = Issued("Exercise Authority of the United States", end=long)
        self.stranger = Issued("Authority of Nowhere")
        self.secretary = Issued("Asha Exercise, Secretary", self.india)
        self.under_secretary = Issued("Robin Exercise, Under Secretary", self.usa)
        self.impostor = Issued("Asha Exercise, Secretary", self.stranger)
        self.clock = Issued("Exercise Clock", self.india, stamping=True, signing=False, rsa_bits=2048, end=long)
        self.trust = Trust(
            roots=(Root(self.india.der, "IND"), Root(self.usa.der, "USA")), authorities=(self.india.der,)
        )

    def authority(self, at: dt.datetime = NOW) -> DummyTimeStamper:
        """A time-stamp authority whose clock stands at `at`."""
        return DummyTimeStamper(
            tsa_cert=asn1_x509.Certificate.load(self.clock.der),
            tsa_key=asn1_keys.PrivateKeyInfo.load(
                self.clock.key.private_bytes(
                    serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
                )
            ),
            fixed_dt=at,
        )


@cache
def capital() -> Capital:
    return Capital()


_SOURCE = """
#import "/seal.typ": seal-block, seal-keywords, seal-mark
#let given = json("/given.json")
#set document(title: "Text of an exercise", date: datetime(year: 2027, month: 1, day: 26), ..if given.keyed {
  (keywords: seal-keywords(given.seal))
})
#set page("a4", margin: (bottom: 32mm), footer: seal-mark(given.seal, languages: ("en", "hi")))
#set text(font: ("Noto Sans", "Noto Sans Devanagari"), lang: "en")
#for number in range(1, given.pages + 1) [
  #if number > 1 { pagebreak() }
  = Page #number
  #lorem(120)
]
#seal-block(given.seal, languages: ("en", "hi"))
"""


@cache
def paper(
    digest: str = DIGEST, pages: int = 2, original: str = "IND", *, keyed: bool = True, archival: bool = True
) -> bytes:
    """A paper with a seal on every page, as PDF/A-2b."""
    sealed = seal_block(digest, original or None)  # type: ignore[arg-type]
    made = typst.compile(
        {
            "main.typ": _SOURCE.encode(),
            "seal.typ": (HOUSE / "seal.typ").read_bytes(),
            "given.json": json.dumps({"seal": sealed, "pages": pages, "keyed": keyed}).encode(),
        },
        font_paths=fonts(),
        pdf_standards=["a-2b"] if archival else [],
    )
    assert isinstance(made, bytes)
    return made


@cache
def signed_by_one() -> bytes:
    """The paper, signed by India."""
    return sign(paper(), "IND", capital().secretary.as_key(), NOW, digest=DIGEST)


@cache
def signed_by_both() -> bytes:
    """The paper, signed by India and then by the United States."""
    at = NOW + dt.timedelta(hours=1)
    return sign(signed_by_one(), "USA", capital().under_secretary.as_key(), at, digest=DIGEST)
