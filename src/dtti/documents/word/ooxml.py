"""WordprocessingML (ECMA-376 Part 1, 17) as small pieces: elements, runs by script, the ZIP they travel in.

Knows no text. Everything is made in a fixed order with fixed times: the same parts, the same bytes.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Language

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
LATIN, NAGARI = "Cambria", "Nirmala UI"
_TIME = (2020, 1, 1, 0, 0, 0)  # the ZIP format has no "none"; a time of making would make no two files alike

# XML 1.0, 2.2: what no XML file can hold, escaped or not. U+007F to U+009F it can.
_UNHOLDABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NAGARI = "[\u0900-\u097f\u1cd0-\u1cff\ua8e0-\ua8ff\u200c\u200d]+"
_SCRIPT = re.compile(f"{_NAGARI}(?:[ \u0964\u0965]*{_NAGARI})*")


def w(tag: str, *children: etree._Element, **attributes: str) -> etree._Element:
    """An element of the namespace `w`, its attributes in it too; a trailing underscore spares a Python word."""
    made = etree.Element(f"{{{W}}}{tag}", nsmap={"w": W, "r": R})
    for name, value in attributes.items():
        made.set(f"{{{W}}}{name.rstrip('_')}", value)
    made.extend(children)
    return made


def holdable(text: str, where: str) -> str:
    """`text`, where XML can hold it; Refused (`word-characters`) where a character of it cannot be in any XML file."""
    found = _UNHOLDABLE.search(text)
    if found:
        raise Refused(
            refuse(
                "word-characters",
                f"{where} holds the character U+{ord(found[0]):04X} at place {found.start() + 1},"
                " which no Word file can hold",
                "Take that character out; it cannot be seen or typed on purpose.",
            )
        )
    return text


def by_script(text: str) -> Iterator[tuple[str, bool]]:
    """Text cut where its script changes: (part, whether it is Devanagari, which Word sets in its second font)."""
    start = 0
    for found in _SCRIPT.finditer(text):
        if found.start() > start:
            yield text[start : found.start()], False
        yield found[0], True
        start = found.end()
    if start < len(text):
        yield text[start:], False


def runs(text: str, *, style: str = "", language: Language = "en") -> Iterator[etree._Element]:
    """Runs that say `text` exactly; a line feed is a line break, a tab a tab, a carriage return a reference."""
    for part, nagari in by_script(text):
        run = w("r")
        properties = w("rPr")
        if style:
            properties.append(w("rStyle", val=style))
        if nagari:
            properties.extend([w("rFonts", hint="cs"), w("cs"), w("lang", bidi="hi-IN")])
        elif language == "hi":
            properties.append(w("lang", val="en-IN"))
        if len(properties):
            run.append(properties)
        for piece in re.split("([\t\n])", part):
            if piece == "\n":
                run.append(w("br"))
            elif piece == "\t":
                run.append(w("tab"))
            elif piece:
                text_of = w("t")
                text_of.text = piece
                text_of.set(XML_SPACE, "preserve")
                run.append(text_of)
        yield run


def xml(root: etree._Element) -> bytes:
    """A part's bytes."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as an archive, in the order given, at one fixed time."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data)
    return held.getvalue()
