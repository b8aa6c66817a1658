"""One side's signature in a PDF: what it covers, whether it is genuine, whether its certificate is trusted.

Knows the library's validation (pyHanko) and certificates; knows nothing of pages and texts.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import pem, x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import SIDES, Side

from .finding import Finding, found
from .fit import FIELDS, fields_of, part
from .keys import name_of
from .verdict import Level, Signed, State, Trust
from .words import SIDE


@dataclass(frozen=True)
class Roots:
    """What is trusted, parsed: roots of each side and of authorities, and everything that helps to judge."""

    sides: dict[Side, list[x509.Certificate]]
    authorities: list[x509.Certificate]
    others: list[x509.Certificate]
    crls: list[bytes]
    ocsps: list[bytes]


@dataclass(frozen=True)
class Field:
    """A signed field: whose, what the library found about its integrity, and what speaks against it (`faults`)."""

    side: Side
    revision: int
    embedded: EmbeddedPdfSignature | None
    diff: Any
    changed: bool
    public_key: bytes
    faults: tuple[Finding, ...] = field(default=())


def trusted(trust: Trust) -> Roots:
    """`trust` with its certificates read; Refused by rule `trust` where one cannot be."""
    return Roots(
        sides={
            side: [_certificate(root.certificate) for root in trust.roots if root.side in (None, side)]
            for side in SIDES
        },
        authorities=[_certificate(each) for each in trust.authorities]
        + [_certificate(root.certificate) for root in trust.roots if root.side is None],
        others=[_certificate(each) for each in trust.others],
        crls=list(trust.crls),
        ocsps=list(trust.ocsps),
    )


def _certificate(given: bytes) -> x509.Certificate:
    try:
        made = x509.Certificate.load(pem.unarmor(given)[2] if pem.detect(given) else given, strict=True)
        _ = made.subject.human_friendly, made.public_key, made.not_valid_after
    except (ValueError, TypeError, KeyError):
        raise Refused(
            refuse("trust", "a certificate to be trusted cannot be read", "Give X.509 certificates in PEM or DER.")
        ) from None
    return made


def read_fields(reader: PdfFileReader, pdf: bytes) -> list[Field]:
    """Both sides' signed fields, in the order in which they were signed, judged by their bytes alone."""
    named = fields_of(reader)
    made = [
        _field(reader, pdf, side, FIELDS[side], named[FIELDS[side]])
        for side in SIDES
        if FIELDS[side] in named and "/V" in named[FIELDS[side]]
    ]
    return sorted(made, key=lambda each: each.revision)


def _field(reader: PdfFileReader, pdf: bytes, side: Side, name: str, holder: Any) -> Field:
    try:
        embedded: Any = EmbeddedPdfSignature(reader, holder, name)  # whose attributes change as it computes
        embedded.compute_integrity_info()
        faults = tuple(_faults(embedded, pdf, side))
        result = embedded.diff_result
        level = result.modification_level if isinstance(result, DiffResult) else ModificationLevel.OTHER
        lock = embedded.docmdp_level
        changed = level > ModificationLevel.FORM_FILLING or (lock is not None and level.value > lock.value)
        if isinstance(result, DiffResult) and not result.changed_form_fields <= set(FIELDS.values()):
            changed = True
        return Field(
            side=side,
            revision=embedded.signed_revision,
            embedded=embedded,
            diff=result,
            changed=changed,
            public_key=embedded.signer_cert.public_key.dump(),
            faults=faults,
        )
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:300]
        fault = found("signature-unread", side=SIDE[side], reason=reason)
        last = reader.xrefs.total_revisions - 1
        return Field(side, last, None, None, changed=False, public_key=b"", faults=(fault,))


def _faults(embedded: EmbeddedPdfSignature, pdf: bytes, side: Side) -> list[Finding]:
    """What the bytes say against it: coverage, the gap in which it stands, its format."""
    made = []
    name = SIDE[side]
    start, size, after, rest = (int(each) for each in embedded.byte_range)
    gap = pdf[size:after]
    exact = (
        len(embedded.byte_range) == 4
        and start == 0
        and 0 < size < after
        and after + rest <= len(pdf)
        and gap[:1] == b"<"
        and gap[-1:] == b">"
        and bytes.fromhex(gap[1:-1].decode("ascii", "replace")) == embedded.pkcs7_content
        and pdf[:size].count(b"%PDF-") >= 1
    )
    if not exact or embedded.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        made.append(found("not-covered", side=name))
    if str(part(embedded.sig_object, "/SubFilter", "")) != "/ETSI.CAdES.detached":
        made.append(found("wrong-format", side=name))
    contents = embedded.pkcs7_content
    if any(contents[_length(contents) :]):
        made.append(found("bytes-beside", side=name))
    return made


def _length(der: bytes) -> int:
    """How many bytes the DER value at the beginning takes; what follows it may be padding of zeros only."""
    if der[1] < 128:
        return 2 + der[1]
    size = der[1] & 127
    return 2 + size + int.from_bytes(der[2 : 2 + size], "big")


def judged(field: Field, roots: Roots, at: dt.datetime, since: tuple[Finding, ...]) -> Signed:
    """The signature in `field`, judged at `at`, or at the time of its time stamp where that is trusted."""
    side, embedded = field.side, field.embedded
    if embedded is None:
        return Signed(side=side, state="invalid", findings=(*field.faults, *since))
    try:
        return _judged(field, embedded, roots, at, since)
    except Exception as error:
        fault = found("signature-unread", side=SIDE[side], reason=f"{type(error).__name__}: {error}"[:300])
        return Signed(side=side, state="invalid", findings=(*field.faults, fault, *since))


def _judged(
    field: Field, embedded: EmbeddedPdfSignature, roots: Roots, at: dt.datetime, since: tuple[Finding, ...]
) -> Signed:
    side = field.side
    certificate = embedded.signer_cert
    # What was modified was judged when the field was read (`compute_integrity_info`), and the status holds it.
    stamps = _context(embedded, roots, roots.authorities, at)
    status = validate_pdf_signature(embedded, _context(embedded, roots, roots.sides[side], at), stamps, skip_diff=True)
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp and stamp.intact and stamp.valid and stamp.trusted else None
    # Once more with revocation information required: the library looks at what it was given in no other mode.
    known_stamps = _context(embedded, roots, roots.authorities, at, revocation="require")
    known = validate_pdf_signature(
        embedded,
        _context(embedded, roots, roots.sides[side], stamped or at, revocation="require"),
        known_stamps,
        skip_diff=True,
    )
    lost = known.timestamp_validity is not None and known.timestamp_validity.revocation_details is not None
    if lost:  # whoever had that key may have put any time into the stamp
        stamped = None
    moment = stamped or at
    if stamped:
        status = validate_pdf_signature(
            embedded, _context(embedded, roots, roots.sides[side], moment), stamps, skip_diff=True
        )
    findings = [*field.faults, *since, *_of_stamp(status, side)]
    sound = status.intact and status.valid
    if not status.intact:
        findings.append(found("not-intact", side=SIDE[side]))
    elif not status.valid:
        findings.append(found("not-genuine", side=SIDE[side]))
    if lost:
        findings.append(found("time-stamp-withdrawn", side=SIDE[side]))
    doubts: list[Finding] = []
    if sound and (known.revocation_details or not status.trusted):
        doubts += _of_trust(known if known.revocation_details else status, side, roots, embedded, moment)
    elif sound and not known.trusted:
        findings.append(found("revocation-unknown", side=SIDE[side]))
    faulty = any(each.weight == "bad" for each in findings if each.code != "time-stamp-untrusted")
    whole = sound and not faulty and not field.changed
    state: State = "invalid" if not whole else "valid" if status.bottom_line and not doubts else "untrusted"
    if whole and any(each.code in ("wrong-side", "withdrawn", "not-for-signing") for each in doubts):
        state = "invalid"
    level: Level = "B-B" if sound else ""
    if stamped and sound:
        level = "B-LT" if known.bottom_line and "/DSS" in embedded.reader.root else "B-T"
    claimed = embedded.self_reported_timestamp
    if claimed and claimed > at:
        findings.append(found("claimed-later", side=SIDE[side], when=claimed))
    return Signed(
        side=side,
        state=state,
        holder=name_of(certificate.subject),
        issuer=name_of(certificate.issuer),
        fingerprint=certificate.sha256.hex(),
        claimed=claimed.astimezone(dt.UTC) if claimed else None,
        stamped=stamped,
        level=level,
        findings=(*findings, *doubts),
    )


def _of_stamp(status: PdfSignatureStatus, side: Side) -> list[Finding]:
    stamp = status.timestamp_validity
    if stamp is None:
        return [found("no-time-stamp", side=SIDE[side])]
    authority = name_of(stamp.signing_cert.subject)
    if not (stamp.intact and stamp.valid):
        return [found("time-stamp-bad", side=SIDE[side])]
    if not stamp.trusted:
        return [found("time-stamp-untrusted", side=SIDE[side], authority=authority)]
    return [found("time-stamped", side=SIDE[side], when=stamp.timestamp, authority=authority)]


def _of_trust(
    status: PdfSignatureStatus,
    side: Side,
    roots: Roots,
    embedded: EmbeddedPdfSignature,
    moment: dt.datetime,
) -> list[Finding]:
    """Why a genuine signature is not trusted."""
    name, certificate = SIDE[side], embedded.signer_cert
    (other,) = set(SIDES) - {side}
    if status.revocation_details is not None:
        return [found("withdrawn", side=name, when=status.revocation_details.revocation_date)]
    usage = certificate.key_usage_value
    if usage is None or "non_repudiation" not in usage.native:
        return [found("not-for-signing", side=name)]
    start, end = certificate.not_valid_before, certificate.not_valid_after
    if not start <= moment <= end:
        return [found("expired", side=name, when=moment, start=start, end=end)]
    elsewhere = [each for each in roots.sides[other] if each not in roots.sides[side]]
    if (
        elsewhere
        and validate_pdf_signature(embedded, _context(embedded, roots, elsewhere, moment), skip_diff=True).trusted
    ):
        return [found("wrong-side", side=name, other=SIDE[other])]
    if status.validation_path is None:
        holder, issuer = name_of(certificate.subject), name_of(certificate.issuer)
        return [found("untrusted", side=name, holder=holder, issuer=issuer)]
    return [found("chain", side=name, reason=str(status.trust_problem_indic))]


def _context(
    embedded: EmbeddedPdfSignature,
    roots: Roots,
    trust: list[x509.Certificate],
    moment: dt.datetime,
    revocation: str = "soft-fail",
) -> ValidationContext:
    """Validation without a network, against `trust` alone, with what the file's own security store adds."""
    others, crls, ocsps = list(roots.others), list(roots.crls), list(roots.ocsps)
    try:
        store = DocumentSecurityStore.read_dss(embedded.reader)
        others += list(store.load_certs())
        crls += [each.get_object().data for each in store.crls]
        ocsps += [each.get_object().data for each in store.ocsps]
    except NoDSSFoundError:
        pass
    return ValidationContext(
        trust_roots=trust,
        other_certs=others,
        crls=crls,
        ocsps=ocsps,
        moment=moment,
        allow_fetching=False,
        revocation_mode=revocation,
        retroactive_revinfo=True,
    )
