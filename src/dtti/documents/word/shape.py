"""What a Word file says of itself beside its text: its kind, entries' keys, which values it has and in what languages.

It travels as a custom XML part (ECMA-376 Part 1, 15.2.5), which Word and LibreOffice keep. A file must not carry what
it does not show, so no word of the text stands here, and a language that is left out leaves nothing.
"""

import hashlib
from collections.abc import Iterable
from typing import Literal

import msgspec
from lxml import etree

from dtti.accord.refusal import Refused, refuse
from dtti.documents.package import Package
from dtti.documents.values import Language, Line, Side, Words

from .draft import Draft, Field

NAMESPACE = "urn:dtti:papers:word:2"
PART, PROPERTIES = "customXml/item1.xml", "customXml/itemProps1.xml"
RELATIONS = "customXml/_rels/item1.xml.rels"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


class Spoken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text's languages as far as the file shows them, and whether the two were reviewed."""

    languages: tuple[Language, ...]
    reviewed: bool = True


class FieldShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A value that the text has: its name and type; `spoken` where it is a text in languages."""

    name: Line
    type: Line = "words"
    spoken: Spoken | None = None


class EntryShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An entry without its words. `numbered`: it has a number, be it an empty one."""

    key: Line
    sort: Line
    fields: tuple[FieldShape, ...]
    numbered: bool = True
    level: Literal[1, 2, 3] = 1
    passages: tuple[Spoken, ...] = ()


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file without its words. `fields`: the values outside the entries, by slot.

    `text`: SHA-256 of the text as far as the file shows it, which tells what the file was made from ("" in older ones).
    """

    kind: Line
    languages: tuple[Language, ...]
    layout: Literal["side", "after"]
    first: Side
    entries: tuple[EntryShape, ...]
    fields: tuple[FieldShape, ...]
    text: str = ""


def of(
    draft: Draft, languages: tuple[Language, ...], layout: Literal["side", "after"], first: Side, text: str = ""
) -> Shape:
    """The shape of a file that shows `languages` of a text; `text`: its digest, as `digest_shown` gives it."""

    def spoken(text: Words) -> Spoken:
        own: tuple[Language, ...] = tuple(each for each in languages if getattr(text, each))
        return Spoken(own or (text.spoken(languages[0])[1],), text.reviewed)

    def shapes(fields: Iterable[Field]) -> tuple[FieldShape, ...]:
        return tuple(
            FieldShape(each.name, each.type, spoken(each.value) if isinstance(each.value, Words) else None)
            for each in fields
            if each.value is not None or each.type == "passages"
        )

    return Shape(
        draft.kind,
        languages,
        layout,
        first,
        tuple(
            EntryShape(
                each.key,
                each.sort,
                shapes(each.fields),
                each.number is not None,
                each.level,
                tuple(spoken(passage.text) for passage in each.passages),
            )
            for each in draft.entries
        ),
        shapes(draft.fields()),
        text,
    )


def digest_shown(draft: Draft, languages: tuple[Language, ...]) -> str:
    """SHA-256 of a text as far as a file in `languages` shows it; what is in neither is shown in the one it has."""

    def cut(said: Words) -> Words:
        if not any(getattr(said, each) for each in languages):
            return said
        en, hi = (getattr(said, each) if each in languages else "" for each in ("en", "hi"))
        return Words(en, hi, said.reviewed)

    return hashlib.sha256(msgspec.json.encode(draft.mapped(cut), order="deterministic")).hexdigest()


def packed(shape: Shape) -> bytes:
    """The custom XML part."""
    root = etree.Element(f"{{{NAMESPACE}}}shape", nsmap={None: NAMESPACE})  # type: ignore[dict-item]  # the default one
    # JSON in ASCII: a key may hold any character, and XML not.
    root.text = "".join(
        each if ord(each) < 128 else "".join(f"\\u{unit:04x}" for unit in _utf16(each))
        for each in msgspec.json.encode(shape, order="deterministic").decode()
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def properties() -> bytes:
    """The part beside it that names its store; LibreOffice keeps no custom XML without one (measured with 7.4)."""
    root = etree.Element(f"{{{_STORE}}}datastoreItem", nsmap={"ds": _STORE})
    root.set(f"{{{_STORE}}}itemID", "{D77150C1-2027-4A26-8B14-5F0E3C9A6D10}")
    references = etree.SubElement(root, f"{{{_STORE}}}schemaRefs")
    etree.SubElement(references, f"{{{_STORE}}}schemaRef").set(f"{{{_STORE}}}uri", NAMESPACE)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _utf16(character: str) -> tuple[int, ...]:
    held = character.encode("utf-16-be")
    return tuple(int.from_bytes(held[at : at + 2], "big") for at in range(0, len(held), 2))


def found_in(package: Package) -> Shape | None:
    """The shape that a returned file still carries; None where a program dropped it.

    Refused (`word-shape`) where it is there and cannot be read: someone wrote in it by hand.
    """
    for name in package.names:
        if name.lower().startswith("customxml/item") and name.lower().endswith(".xml"):
            root = package.xml(name)
            if root.tag == f"{{{NAMESPACE}}}shape":
                try:
                    return msgspec.json.decode(root.text or "", type=Shape)
                except (msgspec.DecodeError, ValueError) as error:
                    raise Refused(
                        refuse(
                            "word-shape",
                            f"{package.name}: what it says of its clauses cannot be read ({error})",
                            "Ask for the file as the office program saved it.",
                        )
                    ) from None
    return None
