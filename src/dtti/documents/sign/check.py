"""Judging a signed PDF: who signed what, with which certificate, what was altered since. Knows no record.

A file is valid only where everything says so: the library's bottom line, its level of modification and coverage, the
bytes themselves, the side's own field, the certificates' chain to a root that the checker trusts, the time stamp, and
the digest of the text. Whatever cannot be read, and any error on the way, is "not valid" with the reason.
"""

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Iterator

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult

from dtti.documents.values import SIDES, Side

from .changes import damaged, differences
from .finding import Finding, found
from .fit import FIELDS, MOST_BYTES, carried_digests, fields_of, pages_of, unfit
from .kept import compared
from .reference import checked_digest, reference_of
from .signature import Field, Roots, judged, read_fields, trusted
from .verdict import Signed, Standing, Trust, Verdict
from .words import SIDE

for _name in ("pyhanko", "pyhanko_certvalidator"):  # what they warn of is in the verdict; nothing goes to the screen
    logging.getLogger(_name).addHandler(logging.NullHandler())


def check(
    pdf: bytes, trust: Trust, at: dt.datetime, *, digest: str | None = None, kept: bytes | None = None
) -> Verdict:
    """The judgement on `pdf` at the moment `at` (with a zone), with what is trusted.

    `digest`: of the text that it should be, if the caller knows; `kept`: a copy that the caller holds, signed or as it
    was rendered (the same text renders to the same bytes), to say exactly what was altered. Never raises for what
    the file holds; Refused by the rules `digest` and `trust` for what the caller gives.
    """
    if at.tzinfo is None:
        raise ValueError("the moment must have a zone")
    if digest is not None:
        checked_digest(digest)
    roots = trusted(trust)
    sha256 = hashlib.sha256(pdf).hexdigest()
    try:
        verdict = _judged(pdf, roots, at, digest)
    except (Exception, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        verdict = _unread(reason[:300])
    beside = compared(pdf, kept) if kept is not None else ()
    findings = (*verdict.findings, *beside)
    bad = any(each.weight == "bad" for each in beside)
    return Verdict(
        standing="invalid" if bad else verdict.standing,
        digest=verdict.digest,
        reference=verdict.reference,
        pages=verdict.pages,
        revisions=verdict.revisions,
        sides=verdict.sides,
        findings=findings,
        sha256=sha256,
    )


def altered(reader: PdfFileReader, pdf: bytes) -> tuple[Finding, ...]:
    """What speaks against the signatures in a file apart from trust: for the side that is to sign beside them."""
    fields = read_fields(reader, pdf)
    return tuple(
        finding for field in fields for finding in (*field.faults, *_since(reader, field)) if finding.weight == "bad"
    )


def _judged(pdf: bytes, roots: Roots, at: dt.datetime, digest: str | None) -> Verdict:
    if len(pdf) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES // 2**20} MB")
    reader = PdfFileReader(io.BytesIO(pdf), strict=True)
    if reader.encrypted:
        return _unread("it is encrypted", found("encrypted"))
    findings = [*_bytes_around(pdf), *unfit(reader.get_historical_resolver(0))]
    findings += [each for each in unfit(reader, made=False) if each not in findings]
    findings += damaged(reader)
    fields = read_fields(reader, pdf)
    sides = [judged(field, roots, at, _since(reader, field)) for field in fields]
    findings += _together(sides, fields)
    removed = tuple(_removed(reader, fields))
    findings += removed
    if not fields and not removed and reader.xrefs.total_revisions > 1:
        findings += [found("before-signing"), *differences(reader.get_historical_resolver(0), reader)]
    readable = [field.revision for field in fields if field.embedded]
    if readable and (first := min(readable)) > 1 and not removed:
        findings.append(found("before-signing"))
        findings += differences(reader.get_historical_resolver(0), reader.get_historical_resolver(first))
    carried = carried_digests(reader.get_historical_resolver(0)) | carried_digests(reader)
    findings += _of_text(carried, digest)
    known = next(iter(carried)) if len(carried) == 1 else ""
    signed = {each.side for each in sides}
    sides += [
        Signed(side=side, state="missing", findings=(found("signature-missing", side=SIDE[side]),))
        for side in SIDES
        if side not in signed
    ]
    return Verdict(
        standing=_standing(sides, findings),
        digest=known,
        reference=reference_of(known) if known else "",
        pages=len(pages_of(reader)),
        revisions=reader.xrefs.total_revisions,
        sides=tuple(sorted(sides, key=lambda each: SIDES.index(each.side))),
        findings=tuple(findings),
        sha256="",
    )


def _since(reader: PdfFileReader, field: Field) -> tuple[Finding, ...]:
    """What was altered after this field was signed: the library's judgement, and what it was in words."""
    result = field.diff
    names = set(result.changed_form_fields) - set(FIELDS.values()) if isinstance(result, DiffResult) else set()
    told = tuple(differences(reader.get_historical_resolver(field.revision), reader))
    if field.changed and not told:
        told = tuple(_changed_objects(reader, field.revision))
    made: tuple[Finding, ...] = ()
    if field.changed or told:
        made += (found("altered-after", side=SIDE[field.side]),)
    if names:
        made += (found("other-fields", side=SIDE[field.side], names=", ".join(sorted(names))),)
    return (*made, *told)


def _changed_objects(reader: PdfFileReader, revision: int) -> Iterator[Finding]:
    """Objects that updates after `revision` wrote: the answer where no page, field or property shows the change."""
    written: set[int] = set()
    for later in range(revision + 1, reader.xrefs.total_revisions):
        written |= {reference.idnum for reference in reader.xrefs.explicit_refs_in_revision(later)}
    if written:
        yield found("objects-changed", what=", ".join(str(each) for each in sorted(written)[:20]))


def _together(sides: list[Signed], fields: list[Field]) -> Iterator[Finding]:
    keys = [field.public_key for field in fields if field.public_key]
    if len(set(keys)) < len(keys):
        yield found("same-signer")


def _removed(reader: PdfFileReader, fields: list[Field]) -> Iterator[Finding]:
    """Signatures that an earlier state of the file carried and the present one does not."""
    here = {field.side for field in fields}
    for side in SIDES:
        if side not in here and any(
            "/V" in fields_of(reader.get_historical_resolver(revision)).get(FIELDS[side], {})
            for revision in range(reader.xrefs.total_revisions)
        ):
            yield found("signature-removed", side=SIDE[side])


def _bytes_around(pdf: bytes) -> Iterator[Finding]:
    if not pdf.startswith(b"%PDF-") or pdf.rstrip(b"\r\n")[-5:] != b"%%EOF":
        yield found("bytes-around")


def _of_text(carried: set[str], digest: str | None) -> Iterator[Finding]:
    if carried == {""}:
        yield found("digest-absent")
    elif len(carried) != 1:
        yield found("digest-unclear")
    elif digest is None:
        yield found("digest-carried", reference=reference_of(next(iter(carried))))
    elif carried != {digest}:
        yield found("digest-other", carried=reference_of(next(iter(carried))), expected=reference_of(digest))
    else:
        yield found("digest-same")


def _standing(sides: list[Signed], findings: list[Finding]) -> Standing:
    states = {each.state for each in sides}
    if "invalid" in states or any(each.weight == "bad" for each in findings):
        return "invalid"
    if states == {"missing"}:
        return "unsigned"
    if "untrusted" in states:
        return "untrusted"
    return "part" if "missing" in states else "valid"


def _unread(reason: str, *more: Finding) -> Verdict:
    """Nothing can be said but that it is not valid: each side's signature counts as not valid, not as missing."""
    sides: tuple[Side, ...] = SIDES
    return Verdict(
        standing="invalid",
        digest="",
        reference="",
        pages=0,
        revisions=0,
        sides=tuple(Signed(side=side, state="invalid") for side in sides),
        findings=(*(more or (found("unreadable", reason=reason),)),),
        sha256="",
    )
