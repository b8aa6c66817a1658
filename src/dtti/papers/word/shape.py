"""What a Word file says of itself beside its text: clauses' keys and levels, which language a text is in. No text.

It travels as a custom XML part (ECMA-376 Part 1, 15.2.5), which Word and LibreOffice keep. A file must not carry what
it does not show, so no word of the instrument stands here, and a language that is left out leaves nothing.
"""

from typing import Literal

import msgspec
from lxml import etree

from dtti.accord.refusal import Refused, refuse
from dtti.papers.data.instrument import Clause, Instrument
from dtti.papers.data.words import Language, Line, Side, Words
from dtti.papers.package import Package

NAMESPACE = "urn:dtti:papers:word:1"
PART, PROPERTIES = "customXml/item1.xml", "customXml/itemProps1.xml"
RELATIONS = "customXml/_rels/item1.xml.rels"
_STORE = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"


class Spoken(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text's languages as far as the file shows them, and whether the two were reviewed."""

    languages: tuple[Language, ...]
    reviewed: bool = True


class ClauseShape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clause without its words."""

    key: Line
    level: Literal[1, 2, 3]
    passages: tuple[Spoken, ...]
    heading: Spoken | None = None


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file without its words. `slots`: texts in languages, outside the clauses, by slot."""

    languages: tuple[Language, ...]
    layout: Literal["side", "after"]
    first: Side
    clauses: tuple[ClauseShape, ...]
    slots: dict[str, Spoken]


def of(instrument: Instrument, languages: tuple[Language, ...], layout: Literal["side", "after"], first: Side) -> Shape:
    """The shape of a file that shows `languages` of an instrument."""

    def spoken(text: Words) -> Spoken:
        own: tuple[Language, ...] = tuple(each for each in languages if getattr(text, each))
        return Spoken(own or (text.spoken(languages[0])[1],), text.reviewed)

    return Shape(
        languages,
        layout,
        first,
        tuple(
            ClauseShape(
                each.key,
                each.level,
                tuple(spoken(passage.text) for passage in each.passages),
                spoken(each.heading) if each.heading else None,
            )
            for each in instrument.clauses
        ),
        {slot: spoken(text) for slot, text in texts(instrument)},
    )


def texts(instrument: Instrument) -> list[tuple[str, Words]]:
    """Every text in languages outside the clauses, by slot; those that are not given are left out."""
    found: list[tuple[str, Words | None]] = [
        (name, getattr(instrument, name)) for name in ("type", "title", "preamble", "closing", "place", "status")
    ]
    for side, party in instrument.parties.items():
        found += [(f"party/{side}/{name}", getattr(party, name)) for name in ("name", "short", "office")]
    return [(slot, text) for slot, text in found if text is not None]


def shown(instrument: Instrument, languages: tuple[Language, ...]) -> Instrument:
    """The instrument as far as a file in `languages` shows it; a text in neither is shown in the one that it has."""

    def cut(text: Words | None) -> Words | None:
        if text is None or not any(getattr(text, each) for each in languages):
            return text
        en, hi = (getattr(text, each) if each in languages else "" for each in ("en", "hi"))
        return Words(en, hi, text.reviewed)

    def sure(text: Words) -> Words:
        return cut(text) or text

    def clause(each: Clause) -> Clause:
        passages = tuple(msgspec.structs.replace(one, text=sure(one.text)) for one in each.passages)
        return msgspec.structs.replace(each, passages=passages, heading=cut(each.heading))

    return msgspec.structs.replace(
        instrument,
        type=sure(instrument.type),
        title=sure(instrument.title),
        preamble=sure(instrument.preamble),
        closing=cut(instrument.closing),
        place=cut(instrument.place),
        status=cut(instrument.status),
        parties={
            side: msgspec.structs.replace(it, name=sure(it.name), short=sure(it.short), office=cut(it.office))
            for side, it in instrument.parties.items()
        },
        clauses=tuple(clause(each) for each in instrument.clauses),
    )


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
