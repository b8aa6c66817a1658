"""Copies of a signed paper that were altered, each by name, with what a check must say of it (any one of the codes)."""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import PageObject
from pyhanko.sign import fields, signers

from .making import DIGEST, OTHER, Issued, capital, paper, signed_by_both, signed_by_one

Update = Callable[[IncrementalPdfFileWriter], None]

UNSOUND = {"not-intact", "not-genuine", "unreadable", "signature-unread", "bytes-beside", "not-covered", "damaged"}


@dataclass(frozen=True)
class Altered:
    name: str
    pdf: bytes
    codes: frozenset[str]


class _Update(IncrementalPdfFileWriter):
    """An update that changes what it is told to and nothing else: the library would touch the metadata."""

    def _update_meta(self) -> None:
        pass


def updated(pdf: bytes, change: Update) -> bytes:
    """`pdf` with an incremental update that `change` makes."""
    writer = _Update(io.BytesIO(pdf))
    change(writer)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _page(writer: IncrementalPdfFileWriter, number: int) -> Any:
    return writer.find_page_for_modification(number)[0].get_object()


def _dictionary(**entries: Any) -> generic.DictionaryObject:
    return generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in entries.items()})


def _numbers(*values: float) -> generic.ArrayObject:
    return generic.ArrayObject(generic.FloatObject(value) for value in values)


def _annotation(page: int, kind: str) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        note = _dictionary(
            Type=pdf_name("/Annot"),
            Subtype=pdf_name(f"/{kind}"),
            Rect=_numbers(60, 60, 300, 300),
            Contents=pdf_string("Not agreed."),
            F=generic.NumberObject(4),
        )
        writer.register_annotation(writer.find_page_for_modification(page)[0], writer.add_object(note))

    return change


def _drawn(page: int, *, replace: bool) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        more = writer.add_object(generic.StreamObject(stream_data=b"q 0 0 0 rg 60 60 300 300 re f Q"))
        held = _page(writer, page)
        before = held.raw_get("/Contents")
        held["/Contents"] = more if replace else generic.ArrayObject([before, more])
        writer.update_container(held)

    return change


def _in_page(page: int, key: str, value: Any) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        held = _page(writer, page)
        held[key] = value
        writer.update_container(held)

    return change


def _in_root(key: str, value: Callable[[IncrementalPdfFileWriter], Any]) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        writer.root[key] = value(writer)
        writer.update_root()

    return change


def _without_root(key: str) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        del writer.root[key]
        writer.update_root()

    return change


def _kids(order: Callable[[list[Any]], list[Any]]) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        pages = writer.root["/Pages"]
        kids = pages["/Kids"]
        made = order([kids.raw_get(at) for at in range(len(kids))])
        pages["/Kids"] = generic.ArrayObject(made)
        pages["/Count"] = generic.NumberObject(len(made))
        writer.update_container(pages)

    return change


def _blank_page(writer: IncrementalPdfFileWriter) -> None:
    content = writer.add_object(generic.StreamObject(stream_data=b""))
    writer.insert_page(PageObject(contents=content, media_box=(0, 0, 595, 842)))


def _info(key: str, value: str) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        info = writer.trailer_view["/Info"]
        info[key] = pdf_string(value)
        writer.update_container(info)

    return change


def _xmp(old: bytes, new: bytes) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        before = writer.root.raw_get("/Metadata").get_object()
        stream = generic.StreamObject(
            {pdf_name("/Type"): pdf_name("/Metadata"), pdf_name("/Subtype"): pdf_name("/XML")},
            stream_data=before.data.replace(old, new),
        )
        writer.root["/Metadata"] = writer.add_object(stream)
        writer.update_root()

    return change


def _field(kind: str, name: str) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        field = _dictionary(
            FT=pdf_name(f"/{kind}"),
            T=pdf_string(name),
            Type=pdf_name("/Annot"),
            Subtype=pdf_name("/Widget"),
            Rect=_numbers(60, 60, 300, 300),
        )
        reference = writer.add_object(field)
        form = writer.root["/AcroForm"]
        form["/Fields"].append(reference)
        writer.update_container(form["/Fields"])
        writer.register_annotation(writer.find_page_for_modification(0)[0], reference)

    return change


def _sign_field(side: str, change_field: Callable[[Any, IncrementalPdfFileWriter], None]) -> Update:
    def change(writer: IncrementalPdfFileWriter) -> None:
        for each in writer.root["/AcroForm"]["/Fields"]:
            field = each.get_object()
            if field["/T"] == f"Signature_{side}":
                change_field(field, writer)
                writer.update_container(field)

    return change


def _without_value(field: Any, _: IncrementalPdfFileWriter) -> None:
    del field["/V"]


def _without_lock(field: Any, _: IncrementalPdfFileWriter) -> None:
    del field["/Lock"]


def _renamed(field: Any, _: IncrementalPdfFileWriter) -> None:
    field["/T"] = pdf_string("Signature_XXX")


def _covering(field: Any, _: IncrementalPdfFileWriter) -> None:
    field["/Rect"] = _numbers(0, 0, 595, 842)


def _of_the_other(field: Any, writer: IncrementalPdfFileWriter) -> None:
    for each in writer.root["/AcroForm"]["/Fields"]:
        other = each.get_object()
        if other["/T"] != field["/T"]:
            field["/V"] = other.raw_get("/V")
            return


def _no_fields(writer: IncrementalPdfFileWriter) -> None:
    form = writer.root["/AcroForm"]
    form["/Fields"] = generic.ArrayObject()
    writer.update_container(form)


def _replaced_font(writer: IncrementalPdfFileWriter) -> None:
    held = _page(writer, 0)
    resources = held["/Resources"]
    fonts = resources["/Font"]
    name = next(iter(fonts))
    fonts[name] = writer.add_object(
        _dictionary(Type=pdf_name("/Font"), Subtype=pdf_name("/Type1"), BaseFont=pdf_name("/ZapfDingbats"))
    )
    writer.update_container(fonts)


def _rewritten_stream(writer: IncrementalPdfFileWriter) -> None:
    """The page's own content object written anew under its number."""
    held = _page(writer, 0)
    reference = held.raw_get("/Contents")
    reference = reference.raw_get(0) if isinstance(reference, generic.ArrayObject) else reference
    stream = reference.get_object()
    stream._data = stream.data.replace(b" Tj", b" Tj ").replace(b"0.", b"1.", 4)
    stream._encoded_data = None
    writer.mark_update(reference)


def _script(_: Any) -> Any:
    return _dictionary(S=pdf_name("/JavaScript"), JS=pdf_string("this.getField('x').value = 1"))


_CHANGES: dict[str, tuple[Update, set[str]]] = {
    **{
        f"annotation-{kind.lower()}-page-{page + 1}": (_annotation(page, kind), {"annotation-added"})
        for page in (0, 1)
        for kind in ("Text", "FreeText", "Stamp", "Highlight", "Square", "Ink", "Redact", "Link")
    },
    "drawn-over-page-1": (_drawn(0, replace=False), {"page-content"}),
    "drawn-over-page-2": (_drawn(1, replace=False), {"page-content"}),
    "page-1-replaced": (_drawn(0, replace=True), {"page-content"}),
    "page-2-replaced": (_drawn(1, replace=True), {"page-content"}),
    "content-rewritten-in-place": (_rewritten_stream, {"page-content"}),
    "font-replaced": (_replaced_font, {"page-resources"}),
    "page-turned": (_in_page(0, "/Rotate", generic.NumberObject(180)), {"page-frame"}),
    "page-cropped": (_in_page(1, "/CropBox", _numbers(0, 400, 595, 842)), {"page-frame"}),
    "page-enlarged": (_in_page(0, "/MediaBox", _numbers(0, 0, 5950, 8420)), {"page-frame"}),
    "page-scaled": (_in_page(0, "/UserUnit", generic.NumberObject(10)), {"page-frame"}),
    "page-without-resources": (_in_page(0, "/Resources", generic.DictionaryObject()), {"page-resources"}),
    "pages-exchanged": (_kids(lambda kids: kids[::-1]), {"pages-order"}),
    "page-removed": (_kids(lambda kids: kids[:1]), {"pages-count"}),
    "page-doubled": (_kids(lambda kids: [*kids, kids[0]]), {"pages-count"}),
    "page-added": (_blank_page, {"pages-count"}),
    "text-field-added": (_field("Tx", "Amount"), {"field-added", "foreign-field"}),
    "check-box-added": (_field("Btn", "Agreed"), {"field-added", "foreign-field"}),
    "choice-added": (_field("Ch", "Choice"), {"field-added", "foreign-field"}),
    "signature-field-added": (_field("Sig", "Signature_XXX"), {"foreign-field"}),
    "second-field-of-one-name": (_field("Tx", "Signature_USA"), {"foreign-field"}),
    "first-signature-emptied": (_sign_field("IND", _without_value), {"signature-removed"}),
    "second-signature-emptied": (_sign_field("USA", _without_value), {"signature-removed"}),
    "lock-removed": (_sign_field("IND", _without_lock), {"altered-after", "field-changed"}),
    "field-renamed": (_sign_field("USA", _renamed), {"foreign-field"}),
    "field-made-to-cover-the-page": (_sign_field("IND", _covering), {"altered-after", "field-changed"}),
    "one-signature-in-both-fields": (_sign_field("IND", _of_the_other), {"altered-after", "same-signer"}),
    "all-fields-removed": (_no_fields, {"signature-removed"}),
    "form-removed": (_without_root("/AcroForm"), {"signature-removed"}),
    "opening-script": (_in_root("/OpenAction", _script), {"active-content"}),
    "named-script": (
        _in_root("/Names", lambda w: _dictionary(JavaScript=_dictionary(Names=generic.ArrayObject([_script(w)])))),
        {"active-content"},
    ),
    "page-script": (_in_page(0, "/AA", _dictionary(O=_script(None))), {"active-content"}),
    "launching": (
        _in_root("/OpenAction", lambda _: _dictionary(S=pdf_name("/Launch"), F=pdf_string("calc"))),
        {"active-content"},
    ),
    "layers-added": (
        _in_root("/OCProperties", lambda _: _dictionary(OCGs=generic.ArrayObject(), D=generic.DictionaryObject())),
        {"active-content"},
    ),
    "file-attached": (
        _in_root("/Names", lambda _: _dictionary(EmbeddedFiles=_dictionary(Names=generic.ArrayObject()))),
        {"active-content"},
    ),
    "title-changed": (_info("/Title", "Another title"), {"properties-changed"}),
    "keywords-changed": (_info("/Keywords", f"dtti-text-sha256:{OTHER}"), {"properties-changed", "digest-unclear"}),
    "metadata-changed": (_xmp(DIGEST.encode(), OTHER.encode()), {"properties-changed", "digest-unclear"}),
    "metadata-title-changed": (_xmp(b"Text of an exercise", b"Another text"), {"properties-changed"}),
    "metadata-removed": (_without_root("/Metadata"), {"not-archival", "digest-unclear"}),
    "archival-mark-changed": (_xmp(b"<pdfaid:part>2", b"<pdfaid:part>1"), {"not-archival"}),
    "language-changed": (_in_root("/Lang", lambda _: pdf_string("fr")), {"catalogue-changed"}),
    "viewer-told": (
        _in_root("/ViewerPreferences", lambda _: _dictionary(HideToolbar=generic.BooleanObject(True))),
        {"catalogue-changed"},
    ),
    "page-labels-changed": (
        _in_root("/PageLabels", lambda _: _dictionary(Nums=generic.ArrayObject())),
        {"catalogue-changed"},
    ),
    "outline-added": (
        _in_root("/Outlines", lambda w: w.add_object(_dictionary(Count=generic.NumberObject(0)))),
        {"catalogue-changed"},
    ),
    "structure-removed": (_without_root("/StructTreeRoot"), {"catalogue-changed"}),
    "colours-removed": (_without_root("/OutputIntents"), {"catalogue-changed"}),
    "collection-added": (_in_root("/Collection", lambda _: generic.DictionaryObject()), {"active-content"}),
}


def flips(pdf: bytes) -> Iterator[tuple[str, int]]:
    """A byte in the middle of every object, of the table, the trailer and the head: name and place."""
    yield "header", 6
    for head in re.finditer(rb"(?<![0-9])(\d+) 0 obj\b", pdf):
        end = pdf.find(b"endobj", head.end())
        yield f"object-{head[1].decode()}-at-{head.start()}", (head.end() + end) // 2
    for number, head in enumerate(re.finditer(rb"\nxref\s", pdf)):
        yield f"table-{number}", head.end() + 40
    for number, head in enumerate(re.finditer(rb"trailer\s*<<", pdf)):
        yield f"trailer-{number}", head.end() + 4


def flipped(pdf: bytes, at: int) -> bytes:
    return pdf[:at] + bytes([pdf[at] ^ 1]) + pdf[at + 1 :]


def _gaps(pdf: bytes) -> list[tuple[int, int]]:
    """Where the signatures stand in the file: from `<` to after `>`."""
    found = re.finditer(rb"/ByteRange \[\s*0 +(\d+) +(\d+) +(\d+)\s*\]", pdf)
    return [(int(each[1]), int(each[2])) for each in found]


def _replaced(pdf: bytes, old: bytes, new: bytes, which: int = 0) -> bytes:
    """`pdf` with one occurrence of `old` replaced by as many bytes."""
    at = [each.start() for each in re.finditer(re.escape(old), pdf)][which]
    assert len(new) <= len(old)
    return pdf[:at] + new.ljust(len(old)) + pdf[at + len(old) :]


def raw_signed(pdf: bytes, side: str, by: Issued | None = None) -> bytes:
    """Signed with the library alone, none of our refusals in the way."""
    key = (by or (capital().secretary if side == "IND" else capital().under_secretary)).as_key()
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    metadata = signers.PdfSignatureMetadata(
        field_name=f"Signature_{side}", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    made = signers.sign_pdf(writer, metadata, signer=key.signer)
    return bytes(made.getbuffer())


def _other_signed() -> bytes:
    from dtti.documents.sign.write import sign

    from .making import NOW

    return sign(paper(OTHER), "IND", capital().secretary.as_key(), NOW, digest=OTHER)


def _byte_tricks() -> Iterator[tuple[str, bytes, set[str]]]:
    both, one = signed_by_both(), signed_by_one()
    (first, first_end), (second, second_end) = _gaps(both)
    yield "cut-by-one-byte", both[:-1], {"unreadable", "not-covered", "bytes-around", "not-intact"}
    yield "cut-in-half", both[: len(both) // 2], {"unreadable", "bytes-around", "signature-missing", "not-intact"}
    yield "cut-in-the-second-update", both[: len(one) + 200], {"unreadable", "bytes-around", "signature-missing"}
    yield "second-signature-stripped", one, {"signature-missing"}
    yield "both-signatures-stripped", paper(), {"signature-missing"}
    yield "bytes-appended", both + b"\n% seen\n", {"bytes-around", "not-covered", "altered-after", "unreadable"}
    yield "end-mark-appended", both + b"%%EOF\n", {"bytes-around", "not-covered", "altered-after", "unreadable"}
    yield "bytes-put-before", b"\n\n" + both, {"bytes-around", "unreadable"}
    yield "another-paper-appended", both + paper(OTHER), {"unreadable", "bytes-around", "not-covered", "altered-after"}
    yield "byte-range-from-one", _replaced(both, b"[0 ", b"[1 "), UNSOUND
    yield "byte-range-missing", _replaced(both, b"/ByteRange", b"/ByteRangX"), UNSOUND
    yield "signature-missing-in-its-place", _replaced(both, b"/Contents <30", b"/Contentx <30"), UNSOUND
    yield "signature-of-zeros", both[: first + 1] + b"0" * (first_end - first - 2) + both[first_end - 1 :], UNSOUND
    yield "filler-written-into", both[: first_end - 5] + b"4142" + both[first_end - 1 :], {"bytes-beside", "not-intact"}
    yield "gap-widened", _replaced(both, b" %d " % first_end, b" %d " % (first_end + 9)), UNSOUND
    yield "gap-moved", _replaced(both, b"[0 %d " % first, b"[0 %d " % (first - 9)), UNSOUND
    yield (
        "sub-filter-changed",
        _replaced(both, b"/ETSI.CAdES.detached", b"/adbe.pkcs7.sha1"),
        UNSOUND | {"wrong-format"},
    )
    foreign = _other_signed()
    ((other, other_end),) = _gaps(foreign)
    moved = foreign[other : other_end - 1].ljust(first_end - first - 1, b"0")[: first_end - first - 1]
    yield "signature-of-another-paper", both[:first] + moved + both[first_end - 1 :], UNSOUND
    crossed = both[second : second_end - 1].ljust(first_end - first - 1, b"0")[: first_end - first - 1]
    yield "signature-of-the-other-side", both[:first] + crossed + both[first_end - 1 :], UNSOUND | {"same-signer"}


def _between() -> Iterator[tuple[str, bytes, set[str]]]:
    """Changes that the second side makes before it signs, so that its own signature covers them."""
    for name in ("annotation-text-page-2", "drawn-over-page-1", "pages-exchanged", "title-changed", "page-cropped"):
        change, _ = _CHANGES[name]
        yield f"second-side-signs-{name}", raw_signed(updated(signed_by_one(), change), "USA"), {"altered-after"}


def _shadows() -> Iterator[tuple[str, bytes, set[str]]]:
    """Papers made ready to change their look, then signed by both with a tool that does not mind."""

    def layer(writer: IncrementalPdfFileWriter) -> None:
        group = writer.add_object(_dictionary(Type=pdf_name("/OCG"), Name=pdf_string("Layer")))
        shown = _dictionary(OCGs=generic.ArrayObject([group]), D=_dictionary(OFF=generic.ArrayObject([group])))
        _in_root("/OCProperties", lambda _: shown)(writer)
        _drawn(0, replace=False)(writer)

    def covered(writer: IncrementalPdfFileWriter) -> None:
        writer.root["/AcroForm"] = _dictionary(Fields=generic.ArrayObject())
        writer.update_root()
        _field("Tx", "Amount")(writer)

    def second_content(writer: IncrementalPdfFileWriter) -> None:
        writer.add_object(generic.StreamObject(stream_data=b"q 0 0 0 rg 60 60 300 300 re f Q"))

    for name, change, codes in (
        ("hide-by-layer", layer, {"active-content"}),
        ("hide-by-annotation", _annotation(0, "Square"), {"foreign-annotation", "annotation-added"}),
        ("replace-by-field", covered, {"foreign-field", "field-added"}),
        ("hide-and-replace", second_content, {"before-signing"}),
    ):
        prepared = updated(paper(), change)
        yield f"shadow-{name}", raw_signed(raw_signed(prepared, "IND"), "USA"), codes


def _all() -> Iterator[Altered]:
    for name, (change, codes) in _CHANGES.items():
        yield Altered(name, updated(signed_by_both(), change), frozenset(codes))
    for source in (_byte_tricks(), _between(), _shadows()):
        for name, pdf, codes in source:
            yield Altered(name, pdf, frozenset(codes))


def altered_copy(name: str) -> Altered:
    """One of them by its name, without making all the others."""
    if name in _CHANGES:
        change, codes = _CHANGES[name]
        return Altered(name, updated(signed_by_both(), change), frozenset(codes))
    source = _between() if name.startswith("second-side-") else _shadows() if "shadow" in name else _byte_tricks()
    return next(Altered(each, pdf, frozenset(codes)) for each, pdf, codes in source if each == name)


def altered_copies() -> tuple[Altered, ...]:
    """All of them, in a fixed order."""
    return tuple(_all())
