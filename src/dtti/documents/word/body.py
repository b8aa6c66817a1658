"""A returned Word file as paragraphs of pieces: text, who tracked it, bookmarks, comments. Knows no text of ours.

ECMA-376 Part 1, 17: the main part only; headers and footers are not the text. Tracked insertions, deletions and moves
(17.13.5) stay visible on each piece, so that the file can be read as returned, with everything tracked accepted, or
with everything tracked rejected. Formatting changes are counted and passed over.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from lxml import etree

from dtti.accord.refusal import Refused, refuse
from dtti.documents.package import Package

from .remarks import Remark, plain, q, remarks, when

State = Literal["same", "added", "removed"]
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Fields that fetch or run when they are brought up to date (17.16.5, and DDE from before).
_FETCHING = ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "INCLUDE", "MACROBUTTON", "DATABASE")


@dataclass(frozen=True)
class Tracked:
    """Who made a tracked change, and when, as their program wrote it (ISO 8601, often local time marked as UTC)."""

    author: str = ""
    at: str = ""


@dataclass(frozen=True)
class Piece:
    """A run of text, alike throughout. `marks`: the bookmarks around it; `style`: its character style's name."""

    text: str
    state: State = "same"
    by: Tracked | None = None
    marks: frozenset[str] = frozenset()
    style: str = ""
    comments: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its style's name, its pieces, the state of the mark at its end. `cell`: (table, row, column)."""

    style: str
    pieces: tuple[Piece, ...]
    end: State = "same"
    by: Tracked | None = None
    cell: tuple[int, int, int] | None = None
    counted: bool = False
    """Whether Word counts a number before it (automatic numbering), which is no part of the text."""


@dataclass
class Body:
    """All of it. `notes`: footnotes and endnotes that the text refers to; `formatting`: formatting changes tracked."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    remarks: dict[str, Remark] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    formatting: int = 0
    pictures: int = 0


def body_of(package: Package) -> Body:
    """Read the main part. Refused: `word-strict`, `word-field` (a field that fetches or runs), `package-xml`."""
    root = package.xml(package.main)
    if str(root.tag).startswith(f"{{{_STRICT}}}"):
        raise Refused(
            refuse(
                "word-strict",
                f"{package.name} is in the strict form of the format, which is not read here",
                "In Word: Save As, Word Document (*.docx), not Strict Open XML Document.",
            )
        )
    parts = {each.type: each.target for each in package.relationships(package.main) if each.target in package.names}
    reading = _Reading(_style_names(package, parts.get("styles", "")), package.name)
    main = root.find(q("body"))
    if main is None:
        raise Refused(
            refuse("package-part", f"{package.name} has no body", "Save it again in the program it came from.")
        )
    reading.blocks(main, None)
    reading.close()
    found = reading.body
    found.remarks = remarks(package, parts)
    for kind in ("footnotes", "endnotes"):
        if kind in parts:
            notes = {each.get(q("id"), ""): each for each in package.xml(parts[kind])}
            used = reading.notes[kind]
            found.notes += [plain(notes[each]).strip() for each in used if each in notes]
    return found


def _style_names(package: Package, part: str) -> dict[str, str]:
    """Styles' names by identifier: a program may give new identifiers, and keeps the names."""
    if not part:
        return {}
    found: dict[str, str] = {}
    for each in package.xml(part).iter(q("style")):
        name = each.find(q("name"))
        found[each.get(q("styleId"), "")] = name.get(q("val"), "") if name is not None else ""
    return found


class _Reading:
    """A walk through the body in the order of its text, with what is open at the place reached."""

    def __init__(self, styles: dict[str, str], name: str) -> None:
        self.body = Body()
        self.notes: dict[str, list[str]] = {"footnotes": [], "endnotes": []}
        self._styles = styles
        self._name = name
        self._marks: dict[str, str] = {}
        self._comments: set[str] = set()
        self._pieces: list[Piece] = []
        self._fields: list[list[str]] = []
        self._tables = 0
        self._merged: list[Paragraph] = []

    def close(self) -> None:
        """What is left over at the end becomes a paragraph."""
        if self._pieces:
            self._end("", "same", None, None, counted=False)

    def blocks(
        self,
        parent: etree._Element,
        cell: tuple[int, int, int] | None,
        state: State = "same",
        by: Tracked | None = None,
    ) -> None:
        """Paragraphs and tables, through whatever wraps them."""
        for each in parent:
            if each.tag == q("p"):
                self._paragraph(each, cell, state, by)
            elif each.tag == q("tbl"):
                self._table(each, state, by)
            elif each.tag in (q("ins"), q("moveTo"), q("del"), q("moveFrom")) and len(each):
                self.blocks(each, cell, *_change(each))
            elif not self._mark(each):
                if each.tag == q("altChunk"):
                    self._refuse_embedded()
                inner = _inside(each)
                if inner is not None:
                    self.blocks(inner, cell, state, by)

    def _table(self, table: etree._Element, state: State, by: Tracked | None) -> None:
        self._tables += 1
        number = self._tables
        for row, line in enumerate(table.iter(q("tr"))):
            if next(line.iterancestors(q("tbl")), None) is not table:
                continue
            now, who = state, by
            for each in line.iterfind(f"{q('trPr')}/*"):
                if each.tag in (q("ins"), q("del")):
                    now, who = _change(each)
            for column, one in enumerate(self._cells(line)):
                self.blocks(one, (number, row, column), now, who)

    @staticmethod
    def _cells(row: etree._Element) -> Iterator[etree._Element]:
        for each in row:
            if each.tag == q("tc"):
                yield each
            else:
                inner = _inside(each)
                if inner is not None:
                    yield from (one for one in inner if one.tag == q("tc"))

    def _paragraph(
        self, paragraph: etree._Element, cell: tuple[int, int, int] | None, state: State, by: Tracked | None
    ) -> None:
        end, who, style, counted = state, by, "", False
        properties = paragraph.find(q("pPr"))
        if properties is not None:
            named = properties.find(q("pStyle"))
            style = self._style(named.get(q("val"), "") if named is not None else "")
            numbered = properties.find(f"{q('numPr')}/{q('numId')}")
            counted = numbered is not None and numbered.get(q("val")) not in ("0", None)
            for each in properties.iterfind(f"{q('rPr')}/*"):
                if each.tag in (q("ins"), q("moveTo"), q("del"), q("moveFrom")):
                    end, who = _change(each)
            self.body.formatting += sum(
                1 for _ in properties.iter(q("pPrChange"), q("rPrChange"), q("numberingChange"))
            )
        self._inline(paragraph, state, by)
        self._end(style, end, who, cell, counted=counted)

    def _end(
        self, style: str, end: State, by: Tracked | None, cell: tuple[int, int, int] | None, *, counted: bool
    ) -> None:
        self.body.paragraphs.append(Paragraph(style, tuple(_joined(self._pieces)), end, by, cell, counted))
        self._pieces = []

    def _inline(self, parent: etree._Element, state: State, by: Tracked | None) -> None:
        for each in parent:
            if each.tag == q("r"):
                self._run(each, state, by)
            elif each.tag in (q("ins"), q("moveTo"), q("del"), q("moveFrom")):
                inner, who = _change(each)
                # Struck out within what another person put in: it is in neither the old text nor the new one.
                if {state, inner} == {"added", "removed"}:
                    continue
                self._inline(each, inner, who)
            elif each.tag == q("fldSimple"):
                self._look_at_field(each.get(q("instr"), ""))
                self._inline(each, state, by)
            elif each.tag != q("pPr") and not self._mark(each):
                inside = _inside(each)
                if inside is not None:
                    self._inline(inside, state, by)

    def _mark(self, each: etree._Element) -> bool:
        """Open or close a bookmark or a comment's range; False where it is neither."""
        identifier = each.get(q("id"), "")
        if each.tag == q("bookmarkStart"):
            self._marks[identifier] = each.get(q("name"), "")
        elif each.tag == q("bookmarkEnd"):
            self._marks.pop(identifier, None)
        elif each.tag == q("commentRangeStart"):
            self._comments.add(identifier)
        elif each.tag == q("commentRangeEnd"):
            self._comments.discard(identifier)
        else:
            return False
        return True

    def _run(self, run: etree._Element, state: State, by: Tracked | None) -> None:
        style = ""
        for each in run:
            if each.tag == q("rPr"):
                named = each.find(q("rStyle"))
                style = self._style(named.get(q("val"), "") if named is not None else "")
                self.body.formatting += sum(1 for _ in each.iter(q("rPrChange")))
                if each.find(q("ins")) is not None or each.find(q("del")) is not None:
                    state, by = _change(next(one for one in each if one.tag in (q("ins"), q("del"))))
                continue
            if each.tag == f"{_COMPATIBILITY}AlternateContent":
                self.body.pictures += 1
                continue
            text = self._text(each)
            if text and not (self._fields and self._fields[-1][0] == "instruction"):
                self._pieces.append(
                    Piece(text, state, by, frozenset(self._marks.values()), style, frozenset(self._comments))
                )

    def _text(self, each: etree._Element) -> str:
        """What an element of a run says."""
        match etree.QName(each).localname:
            case "t" | "delText":
                return each.text or ""
            case "tab" | "ptab":
                return "\t"
            case "br" | "cr":
                return "" if each.get(q("type")) in ("page", "column") else "\n"
            case "noBreakHyphen":
                return "\u2011"
            case "softHyphen":
                return "\u00ad"
            case "sym":
                return "\ufffd"
            case "commentReference":
                identifier = each.get(q("id"), "")
                # A comment on no words at all belongs to the place where its sign stands.
                if not any(identifier in piece.comments for piece in self._pieces):
                    self._pieces.append(
                        Piece("", comments=frozenset({identifier}), marks=frozenset(self._marks.values()))
                    )
            case "footnoteReference" | "endnoteReference" as kind:
                self.notes[kind.replace("Reference", "s")].append(each.get(q("id"), ""))
            case "fldChar":
                self._field(each.get(q("fldCharType"), ""))
            case "instrText" | "delInstrText":
                if self._fields:
                    self._fields[-1].append(each.text or "")
            case "object":
                self._refuse_embedded()
            case "drawing" | "pict":
                self.body.pictures += 1
        return ""

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(["instruction"])
        elif self._fields:
            self._look_at_field("".join(self._fields[-1][1:]))
            if kind == "separate":
                self._fields[-1][0] = "result"
            else:
                self._fields.pop()

    def _look_at_field(self, instruction: str) -> None:
        word = (instruction.split() or [""])[0].upper()
        if word in _FETCHING:
            raise Refused(
                refuse(
                    "word-field",
                    f"{self._name} holds a field that fetches or runs something when it is brought up to date ({word})",
                    "Replace the field by what it shows (Ctrl+Shift+F9 in Word), and save.",
                )
            )

    def _refuse_embedded(self) -> None:
        raise Refused(
            refuse(
                "package-embedded",
                f"{self._name} carries another file inside itself",
                "Take the embedded object out, and send what it holds as a file of its own.",
            )
        )

    def _style(self, identifier: str) -> str:
        return self._styles.get(identifier, identifier) or identifier


def _change(each: etree._Element) -> tuple[State, Tracked]:
    state: State = "added" if each.tag in (q("ins"), q("moveTo")) else "removed"
    return state, Tracked(each.get(q("author"), ""), when(each))


def _inside(each: etree._Element) -> etree._Element | None:
    """The content of whatever only wraps text: content controls, links, smart tags, custom XML, directions."""
    match etree.QName(each).localname:
        case "sdt":
            return each.find(q("sdtContent"))
        case "hyperlink" | "smartTag" | "customXml" | "dir" | "bdo" | "sdtContent":
            return each
    return None


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Neighbours that differ in nothing but their words, as one."""
    held: Piece | None = None
    for piece in pieces:
        if held and replace(piece, text="") == replace(held, text=""):
            held = replace(held, text=held.text + piece.text)
        else:
            if held:
                yield held
            held = piece
    if held:
        yield held
