"""Signing a PDF electronically: PAdES (ETSI EN 319 142-1) by one side after the other. Off unless a caller calls it.

Both sides sign alike: two approval signatures of equal rank, no certifying one, in invisible fields of their own that
the first to sign lays out for both. The first signature locks everything but the other side's field (FieldMDP, DocMDP
level 2), the second locks everything (level 1); what may come after is revocation information alone. What one
sees on the page is drawn by the paper itself, so the file stays PDF/A-2b. The levels: B-B, B-T with an authority, B-LT
with revocation information given.
"""

import asyncio
import datetime as dt
import io
from typing import Any

import msgspec
from asn1crypto import x509  # type: ignore[import-untyped]
from pyhanko.pdf_utils.extensions import DeveloperExtension
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, SigDSSPlacementPreference
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator import ValidationContext

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import SIDES, Side

from .finding import said
from .fit import FIELDS, MOST_BYTES, carried_digests, fields_of, unfit
from .keys import Key
from .reference import checked_digest, reference_of
from .words import SIDE


class Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What long-term validation needs (B-LT), all in DER: roots of signer and authority, CRLs, OCSP responses."""

    roots: tuple[bytes, ...]
    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()
    others: tuple[bytes, ...] = ()


class _Addendum(IncrementalPdfFileWriter):
    """An incremental update that leaves the document's metadata and version alone.

    The library would set the date of change by the clock and put its own name in; the paper's metadata are the paper's,
    and PDF/A wants document information and XMP to agree. It would also call the file PDF 2.0, which PDF/A-2 is not.
    """

    output_version = (1, 7)

    def _update_meta(self) -> None:
        pass

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        pass

    def register_extension(self, ext: DeveloperExtension) -> None:
        if ext.prefix_name == "/ESIC":  # the one that PAdES has (ETSI EN 319 142-1); others belong to PDF 2.0
            super().register_extension(ext)


def sign(
    pdf: bytes,
    side: Side,
    key: Key,
    at: dt.datetime,
    *,
    digest: str,
    authority: TimeStamper | None = None,
    evidence: Evidence | None = None,
    reason: str | None = None,
    place: str | None = None,
) -> bytes:
    """`pdf` with the signature of `side` added as an incremental update; every byte before it stays.

    `at` is the time that the signer states (with a zone); `digest` that of the text meant to be signed, which the file
    must carry. Refused by the rules `sign-file`, `sign-fit`, `sign-digest`, `sign-side`, `sign-first`,
    `sign-certificate`, `sign-time-stamp` and `sign-evidence`.
    """
    if side not in SIDES:
        raise ValueError("side must be IND or USA")
    if at.tzinfo is None:
        raise ValueError("the time of signing must have a zone")
    checked_digest(digest)
    _may_sign(pdf, side, digest)
    _may_act(pdf, key, at)
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELDS[side],
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location=place,
        embed_validation_info=evidence is not None,
        validation_context=_context(evidence, at) if evidence else None,
        # In the same update as the signature: it covers the information, and nothing is written after it.
        dss_settings=DSSContentSettings(include_vri=False, placement=SigDSSPlacementPreference.TOGETHER_WITH_SIGNATURE),
    )
    signer = signers.PdfSigner(metadata, signer=key.signer, timestamper=authority)
    try:
        writer = _Addendum(io.BytesIO(pdf), strict=True)
        _lay_out(writer, side)
        return asyncio.run(_signed(signer, writer, at))
    except (OSError, TimestampRequestError) as error:
        raise Refused(refuse("sign-time-stamp", str(error), "Try again, or sign without a time stamp.")) from None
    except Exception as error:
        rule = "sign-evidence" if evidence else "sign-certificate"
        remedy = "Give the roots, CRLs or OCSP responses of the chain." if evidence else "Check key and certificate."
        raise Refused(refuse(rule, f"the signature was not made: {error}"[:500], remedy)) from None


async def _signed(signer: signers.PdfSigner, writer: IncrementalPdfFileWriter, at: dt.datetime) -> bytes:
    """The steps of `PdfSigner.async_sign_pdf`, which knows no time but the clock's."""
    session = signer.init_signing_session(writer, existing_fields_only=True)
    session.system_time = at
    known = await session.perform_presign_validation(writer)
    reserved = await session.estimate_signature_container_size(known)
    document = session.prepare_tbs_document(validation_info=known, bytes_reserved=reserved)
    prepared, output = document.digest_tbs_document(output=io.BytesIO())
    await document.perform_signature(
        document_digest=prepared.document_digest, pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=at)
    )
    output.seek(0)
    return bytes(output.read())


def _lay_out(writer: IncrementalPdfFileWriter, first: Side) -> None:
    """Both sides' fields, where they are not there yet, with the locks that follow from who signs first."""
    if fields_of(writer.prev):
        return
    (second,) = set(SIDES) - {first}
    locks = {
        first: (fields.FieldMDPSpec(fields.FieldMDPAction.EXCLUDE, [FIELDS[second]]), fields.MDPPerm.FILL_FORMS),
        second: (fields.FieldMDPSpec(fields.FieldMDPAction.ALL), fields.MDPPerm.NO_CHANGES),
    }
    for side in SIDES:
        lock, level = locks[side]
        fields.append_signature_field(
            writer,
            fields.SigFieldSpec(
                FIELDS[side],
                field_mdp_spec=lock,
                doc_mdp_update_value=level,
                readable_field_name=SIDE[side].en,
            ),
        )


def _may_sign(pdf: bytes, side: Side, digest: str) -> None:
    """Refused unless the file is fit to be signed, of the text meant, and validly signed by the other side at most."""
    if len(pdf) > MOST_BYTES:
        raise Refused(
            refuse("sign-file", f"the file has {len(pdf):,} bytes", f"Sign a file of at most {MOST_BYTES:,} bytes.")
        )
    from .check import altered  # it reads what this writes; imported late, as reading needs no writing

    try:
        reader = PdfFileReader(io.BytesIO(pdf), strict=True)
        if reader.encrypted:
            raise ValueError("it is encrypted")
        faults = tuple(unfit(reader))
        carried = carried_digests(reader)
        filled = {name for name, field in fields_of(reader).items() if "/V" in field}
        later = altered(reader, pdf) if filled else ()
        updates = reader.xrefs.total_revisions
    except Exception as error:
        raise Refused(
            refuse("sign-file", f"the file cannot be read as a PDF: {error}"[:300], "Render the paper again.")
        ) from None
    if faults:
        raise Refused(
            refuse("sign-fit", " ".join(said(faults, "en")), "Sign the paper as it was rendered, without additions.")
        )
    if carried != {digest}:
        names = ", ".join(f"the text {reference_of(each)}" if each else "no text" for each in sorted(carried))
        raise Refused(
            refuse(
                "sign-digest",
                f"the file says that it is {names}; meant to be signed is {reference_of(digest)}",
                "Render the paper from the text that is to be signed.",
            )
        )
    if FIELDS[side] in filled:
        raise Refused(refuse("sign-side", f"{SIDE[side].en} has signed this file already", "Check it: `paper check`."))
    if later or (not filled and updates > 1):
        raise Refused(
            refuse(
                "sign-first",
                "the file was changed since it was made or signed: "
                + (" ".join(said(later, "en")) or "it has additions"),
                "Take the file as the other side signed it.",
            )
        )


def _may_act(pdf: bytes, key: Key, at: dt.datetime) -> None:
    """Refused where the certificate cannot sign now, or has signed for the other side: no one acts for both."""
    reason = key.unfit(at)
    if not reason and any(
        signature.signer_cert.public_key.dump() == key.certificate.public_key.dump()
        for signature in PdfFileReader(io.BytesIO(pdf), strict=True).embedded_regular_signatures
    ):
        reason = f"the key of {key.holder} has signed for the other side"
    if reason:
        raise Refused(refuse("sign-certificate", reason, "Sign with the certificate of this side's signatory."))


def _context(evidence: Evidence, at: dt.datetime) -> Any:
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in evidence.roots],
        other_certs=[x509.Certificate.load(each) for each in evidence.others],
        crls=list(evidence.crls),
        ocsps=list(evidence.ocsps),
        moment=at,
        allow_fetching=False,
        revocation_mode="require",
    )
