"""An Excel workbook (ECMA-376 Part 1, 18) read in a stream from a guarded package. Knows no register and no types.

openpyxl's streaming reader shows neither merged nor hidden cells, and either formulas or results but not both; a
register cannot be read rightly without them. So the sheet's few elements are read here, a cell at a time, in both the
transitional and the strict namespaces. Memory does not grow with rows: shared texts lie on disc, in a file without a
name.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from math import isfinite
from pathlib import Path

from lxml import etree

from dtti.documents.package import Package, open_package

from .grid import HEAD_ROWS, MOST_COLUMNS, MOST_ROWS, Around, Cell, CellKind, Merge, Row, Sheet, Source, filled
from .phrases import Fault
from .text import shown
from .xlsx_parts import Formats, SharedTexts, elements, formats, local, rich_text, shared_texts, struck_in, unescaped

MOST_MERGES = 20_000
MOST_SHEETS = 100
MOST_COMMENTS = 100_000
_WANTED = ("row", "mergeCell", "col")
_BEHIND = ("mergeCells", "conditionalFormatting", "dataValidations", "hyperlinks", "pageMargins")
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,3})?")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def open_xlsx(data: bytes | Path, name: str) -> Source:
    """The sheets of a workbook; Refused by the rules of `package`, a Fault by `sheet-external`, `-part`, `-size`."""
    package = open_package(data, kind="xlsx", name=name)
    linked = next((part for part in package.names if part.lower().startswith("xl/externallinks/")), "")
    if linked:
        raise Fault("sheet-external", file=name, part=linked)
    book = package.xml(package.main)
    leads = {each.id: each for each in package.relationships(package.main)}
    styles = next((each.target for each in leads.values() if each.type == "styles"), "")
    texts = next((each.target for each in leads.values() if each.type == "sharedStrings"), "")
    looks = formats(package.xml(styles) if styles in package else None)
    shared = shared_texts(_part(package, texts), name) if texts in package else SharedTexts()
    shown_sheets: list[Sheet] = []
    hidden: list[str] = []
    notices: list[tuple[str, dict[str, str]]] = []
    since_1904 = False
    for each in book.iter():
        tag = local(each)
        if tag == "workbookPr":
            since_1904 = each.get("date1904", "") in ("1", "true")
        elif tag == "calcPr" and each.get("fullCalcOnLoad", "") in ("1", "true"):
            notices.append(("sheet-recalculate", {}))
        elif tag == "sheet":
            title = each.get("name", "")
            lead = leads.get(each.get(_RELATION) or each.get(_RELATION_STRICT) or "")
            if each.get("state", "visible") != "visible":
                hidden.append(title)
            elif lead and lead.type == "worksheet" and len(shown_sheets) < MOST_SHEETS:
                if lead.target not in package:
                    raise Fault("sheet-part", file=name, part=lead.target, why="—")
                shown_sheets.append(_sheet(package, lead.target, title, looks, shared))
    return Source(name, tuple(shown_sheets), tuple(hidden), tuple(notices), since_1904)


def _part(package: Package, part: str) -> Iterator[bytes]:
    """The bytes of a part in pieces."""
    with zipfile.ZipFile(io.BytesIO(package.data)) as archive, archive.open(part) as stream:
        while piece := stream.read(256 * 1024):
            yield piece


def _sheet(package: Package, part: str, title: str, looks: Formats, shared: SharedTexts) -> Sheet:
    def events() -> Iterator[tuple[str, etree._Element]]:
        return _elements(package, part)

    file = package.name

    def around() -> Around:
        return _around(events(), file, looks, shared)._replace(comments=_comments(package, part))

    return Sheet(title, around, lambda: _rows(events(), file, looks, shared))


def _comments(package: Package, part: str) -> tuple[int, tuple[tuple[str, str], ...]]:
    """The comments on a sheet's cells (18.7), those in threads before the notes that stand for them elsewhere."""
    found: dict[str, str] = {}
    for kind, tag in (("threadedComment", "threadedComment"), ("comments", "comment")):
        for lead in package.relationships(part):
            if lead.type != kind or lead.target not in package:
                continue
            for _, element in elements(_part(package, lead.target), (tag,), (), package.name, lead.target):
                cell = element.get("ref", "")
                text = next((rich_text(each) or each.text or "" for each in element if local(each) == "text"), "")
                if len(found) < MOST_COMMENTS:
                    found.setdefault(cell, text)
    return len(found), tuple(found.items())[:5]


def _elements(package: Package, part: str) -> Iterator[tuple[str, etree._Element]]:
    """The rows, columns and merges of a sheet as each ends.

    What stands behind the merges (hyperlinks, conditional formats: 18.3.1.99 gives the order) is not read at all.
    """
    return elements(_part(package, part), _WANTED, _BEHIND, package.name, part)


def _rows(found: Iterator[tuple[str, etree._Element]], file: str, looks: Formats, shared: SharedTexts) -> Iterator[Row]:
    """Rows in order; a sheet whose rows go backwards is refused, since programs differ on what it says."""
    number = count = 0
    for name, element in found:
        if name != "row":
            continue
        said = element.get("r", "")
        following = int(said) if said.isdecimal() and len(said) < 8 else number + 1
        if following <= number:
            raise Fault("sheet-part", file=file, part=f"row {following}", why=f"after row {number}")
        number = following
        cells: dict[int, Cell] = {}
        at = -1
        for each in element:
            reference = each.get("r")
            at = _column(reference) if reference else at + 1
            cell = _cell(each, looks, shared)
            if cell is not None:
                if at >= MOST_COLUMNS:
                    raise Fault("sheet-width", file=file, most=str(MOST_COLUMNS), row=str(number))
                cells[at] = cell
        count += bool(cells)
        if count > MOST_ROWS:
            raise Fault("sheet-rows", file=file, most=f"{MOST_ROWS:,}")
        yield Row(number, cells)


def _around(found: Iterator[tuple[str, etree._Element]], file: str, looks: Formats, shared: SharedTexts) -> Around:
    head: list[Row] = []
    merges: list[Merge] = []
    hidden_columns: list[int] = []
    hidden, first_hidden = 0, 0

    def passing() -> Iterator[tuple[str, etree._Element]]:
        nonlocal hidden, first_hidden
        for name, element in found:
            if name == "row":
                if element.get("hidden", "") in ("1", "true") and len(element):
                    hidden += 1
                    first_hidden = first_hidden or _whole(element.get("r"))
                if len(head) < HEAD_ROWS:
                    yield name, element
            elif name == "col" and element.get("hidden", "") in ("1", "true"):
                low, high = _whole(element.get("min")), _whole(element.get("max"))
                hidden_columns.extend(range(max(low - 1, 0), min(high, MOST_COLUMNS)))
            elif name == "mergeCell":
                merges.append(_merge(element.get("ref", ""), file))
                if len(merges) > MOST_MERGES:
                    raise Fault("sheet-part", file=file, part="mergeCells", why=f"> {MOST_MERGES:,}")

    # One row at a time: `passing` looks at how many there are.
    for row in map(filled, _rows(passing(), file, looks, shared)):
        head += [row] if row.cells else []
    return Around(tuple(head), tuple(merges), tuple(hidden_columns), (hidden, first_hidden))


def _whole(said: str | None) -> int:
    """A number in an attribute; 0 where it is none that a sheet can have."""
    return int(said) if said and said.isdecimal() and len(said) < 8 else 0


def _merge(reference: str, file: str) -> Merge:
    one, _, other = reference.replace("$", "").partition(":")
    first, last = _REFERENCE.fullmatch(one), _REFERENCE.fullmatch(other or one)
    if not first or not last:
        raise Fault("sheet-part", file=file, part="mergeCells", why=shown(reference))
    return Merge(int(first[2]), _column(one), int(last[2]), _column(other or one))


@lru_cache(maxsize=4_096)
def _index(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _column(reference: str) -> int:
    """The column of an address, from 0; one that is no address lies beyond every sheet."""
    letters = reference.rstrip("0123456789")
    return (
        _index(letters)
        if letters.isalpha() and letters.isascii() and letters.isupper() and len(letters) < 4
        else 20_000
    )


_KINDS: dict[str, CellKind] = {"s": "text", "str": "text", "inlineStr": "text", "b": "bool", "e": "error", "d": "date"}


def _cell(element: etree._Element, looks: Formats, shared: SharedTexts) -> Cell | None:
    """A cell (18.3.1.4) with its result; None where it is empty."""
    value: str | None = None
    formula = inside = False
    for child in element:
        name = local(child)
        if name == "v":
            value = child.text or ""
        elif name == "f":
            formula = True
        elif name == "is":
            value = rich_text(child)
            inside = struck_in(child)
    stored = element.get("t", "n")
    struck = inside or looks.strikes(element.get("s")) or (stored == "s" and shared.struck(value or ""))
    if value is None:
        return Cell("text", "", "bare") if formula else None
    if stored == "s":
        value = shared.text(value)
    elif stored == "str":
        value = unescaped(value)
    kind = _KINDS.get(stored, "number")
    if not value:  # a formula whose result is a number has one, or it was never calculated
        return Cell("text", "", "bare") if formula and kind == "number" else None
    if kind == "number" and not (_NUMBER.fullmatch(value) and isfinite(float(value))):
        kind = "error"
    if kind != "number":
        return Cell(kind, value, "stored" if formula else "", struck=struck)
    shows, currency = looks.of(element.get("s"))
    return Cell("number", value, "stored" if formula else "", shows, currency, struck)
