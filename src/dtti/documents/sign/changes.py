"""What differs between two states of one PDF: page by page, fields, properties, the rest. Knows PDF structure only.

The states are two revisions of a file (what was signed, and what is there now), or a kept copy and the file at hand.
Parts are compared by their values, streams decoded, so that writing the same anew is no difference.
"""

import hashlib
import zlib
from collections.abc import Iterator, Set
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from .finding import Finding, found
from .fit import FIELDS, Handler, fields_of, info_of, pages_of, part, xmp_of

# Links that lead out of a part into the whole: /Data is what a signature reference points to, the catalogue.
_UPWARD = {"/Parent", "/P", "/Pg", "/Prev", "/Next", "/First", "/Last", "/Dest", "/Data"}
_DRAWN = ("/Contents",)
_RESOURCES = ("/Resources",)
_FRAME = ("/MediaBox", "/CropBox", "/BleedBox", "/TrimBox", "/ArtBox", "/Rotate", "/UserUnit")
_INHERITED = {"/Resources", "/MediaBox", "/CropBox", "/Rotate"}
_ALLOWED = {
    "/AcroForm",
    "/DSS",
    "/Extensions",
    "/Version",
    "/Pages",
    "/Metadata",
    "/Type",
}  # compared apart, or by rule

_STATED = {"title", "creator", "description", "subject", "language", "Keywords", "part", "conformance"}  # of the XMP


def differences(old: Handler, new: Handler, *, signing: bool = True) -> Iterator[Finding]:
    """What was changed between `old` and `new`. `signing`: signatures in the sides' own fields are no change."""
    before, after = pages_of(old), pages_of(new)
    values = (_Values(), _Values())
    if len(before) != len(after):
        yield found("pages-count", before=len(before), after=len(after))
    moved = _moved(before, after)
    if moved:
        yield found("pages-order", pages=moved)
    for number, (one, other) in enumerate(zip(before, after, strict=False), start=1):
        if number not in moved:
            yield from _on_page(number, (one, other), values, signing)
    yield from _in_form(fields_of(old), fields_of(new), values, signing)
    yield from _in_properties(old, new, values)
    changed = _changed((old.root, new.root), values, _ALLOWED)
    if changed:
        yield found("catalogue-changed", what=", ".join(key[1:] for key in changed))


def damaged(handler: Handler) -> Iterator[Finding]:
    """Pages whose content does not decode: compressed data carry a checksum of their own."""
    for number, page in enumerate(pages_of(handler), start=1):
        content = part(page, "/Contents", None)
        for stream in content if isinstance(content, generic.ArrayObject) else [content]:
            try:
                held = stream.get_object() if stream is not None else None
                if isinstance(held, generic.StreamObject):
                    _ = held.data
            except Exception:
                yield found("damaged", page=number)
                break


class _Values:
    """Digests of what is held in one state of a file: equal for equal content, each object visited once.

    References are followed, but not upward, and not to a page, which stands for its number; so does what holds itself.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bytes] = {}

    def under(self, holder: Any, key: str) -> bytes:
        """What `holder` has under `key`; empty where it has nothing."""
        return self.of(holder.raw_get(key)) if key in holder else b""

    def of(self, value: Any) -> bytes:
        if isinstance(value, generic.IndirectObject):
            name = (value.idnum, value.generation)
            if name not in self._known:
                self._known[name] = b"%d" % value.idnum
                held: Any = value.get_object()  # type: ignore[no-untyped-call]
                kind = part(held, "/Type", "") if isinstance(held, generic.DictionaryObject) else ""
                if kind not in ("/Page", "/Pages", "/Catalog"):
                    self._known[name] = self.of(held)
            return self._known[name]
        made = hashlib.sha256(type(value).__name__.encode())
        if isinstance(value, generic.DictionaryObject):
            for key in sorted(set(value) - _UPWARD):
                if not (isinstance(value, generic.StreamObject) and key in ("/Length", "/Filter", "/DecodeParms")):
                    made.update(key.encode() + b"\0" + self.of(value.raw_get(key)))
            if isinstance(value, generic.StreamObject):
                made.update(_decoded(value))
        elif isinstance(value, generic.ArrayObject):
            for at in range(len(value)):
                made.update(self.of(value.raw_get(at)))
        else:
            made.update(repr(value).encode())
        return made.digest()


_Both = tuple[_Values, _Values]


def _changed(holders: tuple[Any, Any], values: _Both, apart: Set[str]) -> list[str]:
    """Keys under which the two hold different things, `apart` from some."""
    keys = sorted((set(holders[0]) | set(holders[1])) - apart)
    return [key for key in keys if values[0].under(holders[0], key) != values[1].under(holders[1], key)]


def _decoded(stream: generic.StreamObject) -> bytes:
    try:
        return bytes(stream.data)
    except (PdfReadError, zlib.error, ValueError, NotImplementedError):
        return b"undecodable" + bytes(stream.encoded_data)


def _held(page: Any, keys: tuple[str, ...], values: _Values) -> list[bytes]:
    made = []
    for key in keys:
        holder = page
        while key in _INHERITED and key not in holder and "/Parent" in holder:
            holder = holder["/Parent"]
        made.append(values.under(holder, key))
    return made


def _moved(before: list[Any], after: list[Any]) -> list[int]:
    """Numbers of the pages where another page object stands now: told once, not by all that differs on them."""
    if len(before) != len(after):
        return []
    names = [[(page.container_ref.idnum, page.container_ref.generation) for page in pages] for pages in (before, after)]
    return [number for number, (one, other) in enumerate(zip(*names, strict=True), start=1) if one != other]


def _on_page(number: int, pages: tuple[Any, Any], values: _Both, signing: bool) -> Iterator[Finding]:
    for code, keys in (("page-content", _DRAWN), ("page-resources", _RESOURCES), ("page-frame", _FRAME)):
        if _held(pages[0], keys, values[0]) != _held(pages[1], keys, values[1]):
            yield found(code, page=number)
    for key in _changed(pages, values, {*_DRAWN, *_RESOURCES, *_FRAME, *_UPWARD, "/Annots", "/Type"}):
        yield found("page-other", page=number, what=key[1:])
    before, after = (_annotated(page, held, signing) for page, held in zip(pages, values, strict=True))
    for name in [*before, *(name for name in after if name not in before)]:
        kind = (after.get(name) or before[name])[0]
        if name not in before:
            yield found("annotation-added", page=number, kind=kind)
        elif name not in after:
            yield found("annotation-removed", page=number, kind=kind)
        elif before[name] != after[name]:
            yield found("annotation-changed", page=number, kind=kind)


def _annotated(page: Any, values: _Values, signing: bool) -> dict[object, tuple[str, bytes]]:
    """The annotations of a page, by their number in the file: kind and content."""
    made: dict[object, tuple[str, bytes]] = {}
    listed: Any = part(page, "/Annots", None)
    for at in range(len(listed or ())):
        held = listed.raw_get(at)
        each = held.get_object()
        if signing and str(part(each, "/T", "")) in FIELDS.values() and part(each, "/FT", "") == "/Sig":
            continue  # told as a field
        name = (held.idnum, held.generation) if isinstance(held, generic.IndirectObject) else at
        made[name] = (str(part(each, "/Subtype", "/?"))[1:], values.of(held))
    return made


def _in_form(before: dict[str, Any], after: dict[str, Any], values: _Both, signing: bool) -> Iterator[Finding]:
    ours = set(FIELDS.values())
    for name in [*before, *(name for name in after if name not in before)]:
        if name not in after:
            yield found("field-removed", name=name)
        elif name not in before:
            if not (signing and name in ours):
                yield found("field-added", name=name)
        else:
            changed = set(_changed((before[name], after[name]), values, _UPWARD))
            if signing and name in ours and "/V" not in before[name]:
                changed -= {"/V", "/AP", "/MK", "/F"}  # what filling an empty signature field writes
            if changed:
                yield found("field-changed", name=name)


def _in_properties(old: Handler, new: Handler, values: _Both) -> Iterator[Finding]:
    """Title, keywords and the rest of document information and XMP; date of change and program may move."""
    told = _changed((info_of(old), info_of(new)), values, {"/ModDate", "/Producer", "/Creator"})
    changed = {key[1:] for key in told}
    stated = [xmp_of(each) for each in (old, new)]
    named = {key for each in stated for key in each if key.rpartition("}")[2] in _STATED}
    changed |= {key.rpartition("}")[2] for key in named if stated[0].get(key) != stated[1].get(key)}
    if changed:
        yield found("properties-changed", what=", ".join(sorted(changed)))
