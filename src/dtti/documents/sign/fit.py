"""What a PDF may hold that is to be signed: pages that look the same to everyone, for ever. Knows PDF structure only.

A signature shows that bytes did not change. It does not show that they cannot be made to look otherwise: layers
switched off, form fields that cover text, scripts, a second content lying ready in the file (the "hide", "replace" and
"hide and replace" shadow attacks). A paper of ours has none of these, so whatever has any is neither signed nor valid.
"""

import re
from collections.abc import Iterator
from typing import Any

from defusedxml import ElementTree
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

from dtti.documents.values import SIDES

from .finding import Finding, found

MOST_BYTES = 100 * 2**20
"""Of a PDF that is signed or checked."""

MOST_PAGES = 2_000

FIELDS = {side: f"Signature_{side}" for side in SIDES}
"""The form field of each side; there is no other."""

_FORBIDDEN = {
    "/JS", "/JavaScript", "/AA", "/XFA", "/OCProperties", "/OC", "/EmbeddedFiles", "/EF", "/RichMediaContent",
    "/Alternates", "/OPI", "/Ref", "/Movie", "/Sound", "/PS", "/NeedAppearances", "/Collection", "/Threads",
}  # fmt: skip
_ACTIONS = {"/GoTo", "/URI"}
_KEYWORD = re.compile(r"dtti-text-sha256:([0-9a-f]{64})")
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PDF, _PDFA = "{http://ns.adobe.com/pdf/1.3/}", "{http://www.aiim.org/pdfa/ns/id/}"

Handler = PdfFileReader | HistoricalResolver


def part(holder: Any, key: str, default: Any) -> Any:
    """What `holder` has under `key`, references followed (which `get` of the library does not); else `default`."""
    return holder[key] if key in holder else default  # noqa: SIM401 - `get` would not follow a reference


def info_of(handler: Handler) -> Any:
    """The document information of this state of the file; an empty mapping where there is none."""
    if "/Info" not in handler.trailer_view:
        return {}
    # A past state's trailer refers to the present objects: the reference has to be asked of that state.
    held: Any = handler.trailer_view.raw_get("/Info")
    info: Any = handler.get_object(generic.Reference(held.idnum, held.generation, handler))
    return info if isinstance(info, generic.DictionaryObject) else {}


def pages_of(handler: Handler) -> list[generic.DictionaryObject]:
    """The page dictionaries in their order; ValueError where the page tree is not a tree."""
    pages: list[generic.DictionaryObject] = []

    def walk(node: Any, above: tuple[object, ...]) -> None:
        reference = getattr(node, "container_ref", None)
        if reference in above or len(pages) > MOST_PAGES:
            raise ValueError("the page tree runs in a circle, or has too many pages")
        if "/Kids" in node:
            for kid in node["/Kids"]:
                walk(kid.get_object(), (*above, reference))
        else:
            pages.append(node)

    walk(handler.root["/Pages"], ())
    return pages


def fields_of(handler: Handler) -> dict[str, generic.DictionaryObject]:
    """The form fields at the top of the form, by name; two of one name are told apart by a number."""
    form = part(handler.root, "/AcroForm", None)
    named: dict[str, generic.DictionaryObject] = {}
    for each in part(form, "/Fields", ()) if form else ():
        field = each.get_object()
        name = str(part(field, "/T", ""))
        named[name if name not in named else f"{name} ({len(named)})"] = field
    return named


def unfit(handler: Handler, *, made: bool = True) -> Iterator[Finding]:
    """What in this state of the file must not be in a paper that is signed; nothing where it may be signed.

    `made`: it is the state in which the file was made, where every object must have its use; an update may leave some
    behind.
    """
    xmp = xmp_of(handler)
    if xmp.get(f"{_PDFA}part") != "2":
        yield found("not-archival")
    active, hidden = _contents(handler, made)
    if active:
        yield found("active-content", what=", ".join(sorted(active)))
    if hidden:
        yield found("hidden-objects", count=hidden)
    for number, page in enumerate(pages_of(handler), start=1):
        for each in part(page, "/Annots", ()):
            kind = str(part(each.get_object(), "/Subtype", "/?"))
            if kind not in ("/Link", "/Widget"):
                yield found("foreign-annotation", page=number, kind=kind[1:])
    for name, field in fields_of(handler).items():
        if name not in FIELDS.values() or part(field, "/FT", "") != "/Sig" or part(field, "/Kids", None):
            yield found("foreign-field", name=name or "?")


def carried_digests(handler: Handler) -> set[str]:
    """Digests of the text that the file says it is: from the document information, and from its XMP metadata.

    One where both agree; "" stands for a place that names none, or more than one.
    """
    keywords = str(part(info_of(handler), "/Keywords", ""))
    made = set()
    for place in (keywords, xmp_of(handler).get(f"{_PDF}Keywords", "")):
        named = set(_KEYWORD.findall(place))
        made.add(named.pop() if len(named) == 1 else "")
    return made


def xmp_of(handler: Handler) -> dict[str, str]:
    """The plain properties of the document's XMP metadata (ISO 16684-1), by qualified name."""
    root = handler.root  # not by part(): the library would make, and keep, a stream of a kind that it cannot compare
    stream = root.raw_get("/Metadata").get_object() if "/Metadata" in root else None
    if not isinstance(stream, generic.StreamObject):
        return {}
    made: dict[str, str] = {}
    for graph in ElementTree.fromstring(stream.data).iter(f"{_RDF}RDF"):
        for description in graph.findall(f"{_RDF}Description"):
            made |= dict(description.attrib)
            made |= {each.tag: "".join(each.itertext()).strip() for each in description}
    return made


def _contents(handler: Handler, made: bool) -> tuple[set[str], int]:
    """Everything reachable from the trailer: what of it may change the look, and how many objects nothing reaches."""
    active: set[str] = set()
    reached: set[tuple[int, int]] = set()
    ends = [handler.root_ref, *(info.container_ref for info in [info_of(handler)] if info)]
    waiting: list[tuple[Any, str]] = [(handler.root, ""), (info_of(handler), "")]
    reached |= {(each.idnum, each.generation) for each in ends}
    value: Any
    while waiting:
        value, under = waiting.pop()
        if isinstance(value, generic.IndirectObject):
            name = (value.idnum, value.generation)
            if name in reached:
                continue
            reached.add(name)
            value = value.get_object()  # type: ignore[no-untyped-call]
        if isinstance(value, generic.ArrayObject):
            waiting += [(value.raw_get(at), under) for at in range(len(value))]
        if isinstance(value, generic.DictionaryObject):
            active |= {key[1:] for key in value if key in _FORBIDDEN}
            if isinstance(value, generic.StreamObject) and "/F" in value:
                active.add("F")
            # A table cell's attributes also stand under /A; only what names its kind under /S is an action.
            if (under in ("/A", "/OpenAction") and "/S" in value) or part(value, "/Type", "") == "/Action":
                kind = str(part(value, "/S", "/?"))
                active |= {kind[1:]} - {each[1:] for each in _ACTIONS}
            waiting += [(value.raw_get(key), key) for key in value]
    return active, len(_defined(handler) - reached) if made else 0


def _defined(handler: Handler) -> set[tuple[int, int]]:
    """Objects that the first state of the file defines, but those that only hold others."""
    reader = handler.reader if isinstance(handler, HistoricalResolver) else handler
    structural = ("/ObjStm", "/XRef")
    made = set()
    for reference in reader.xrefs.explicit_refs_in_revision(0):
        held = reader.get_historical_resolver(0)(reference)
        if not (isinstance(held, generic.StreamObject) and part(held, "/Type", "") in structural):
            made.add((reference.idnum, reference.generation))
    return made
