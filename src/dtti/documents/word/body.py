"""A returned Word file as paragraphs of pieces: text, who tracked it, bookmarks, comments. Knows no text of ours.

ECMA-376 Part 1, 17: the main part only; headers and footers are not the text. Tracked insertions, deletions and moves
(17.13.5) stay visible on each piece, so that the file can be read as returned, with everything tracked accepted, or
with everything tracked rejected. Formatting changes are counted and passed over. No word is lost without being said:
what a reader does not see, and what is in no form that is read here, is listed beside the text.
"""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from dtti.accord.refusal import Refused, refuse
from dtti.documents.package import Package

from .equations import EQUATIONS, MATH, line_of
from .looks import SIGN_FONTS, Styles, shade_of, sign_of, styles_of
from .pieces import Body, Paragraph, Piece, State, Tracked
from .remarks import plain, q, remarks, when

_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_KNOWN = ("http://schemas.microsoft.com/office/", "http://schemas.openxmlformats.org/")
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
LARGEST = 20_000
"""Paragraphs of one file, those in cells of tables included; a long instrument has some hundreds."""

_SHOWING_NOTHING: tuple[list[str], ...] = ([], ["XE"], ["TC"], ["TA"], ["RD"], ["ASK"], ["SET"])
# Fields that fetch or run when they are brought up to date (17.16.5, and DDE from before).
_FETCHING = ("DDE", "DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "IMPORT", "INCLUDE", "MACROBUTTON", "DATABASE")


def body_of(package: Package) -> Body:
    """Read the main part.

    Refused: `word-strict`, `word-field` (a field that fetches or runs), `word-field-end`, `word-symbol`, `word-size`,
    `package-xml`.
    """
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
    reading = _Reading(styles_of(package, parts.get("styles", "")), package.name)
    main = root.find(q("body"))
    if main is None:
        raise Refused(
            refuse("package-part", f"{package.name} has no body", "Save it again in the program it came from.")
        )
    reading.blocks(main, None)
    reading.close(main)
    found = reading.body
    found.remarks = remarks(package, parts)
    for kind in ("footnotes", "endnotes"):
        if kind in parts:
            notes = {each.get(q("id"), ""): each for each in package.xml(parts[kind])}
            used = reading.notes[kind]
            found.notes += [plain(notes[each]).strip() for each in used if each in notes]
    return found


class _Reading:
    """A walk through the body in the order of its text, with what is open at the place reached."""

    def __init__(self, styles: Styles, name: str) -> None:
        self.body = Body()
        self.notes: dict[str, list[str]] = {"footnotes": [], "endnotes": []}
        self._styles = styles
        self._name = name
        self._marks: dict[str, str] = {}
        self._comments: set[str] = set()
        self._pieces: list[Piece] = []
        self._fields: list[list[str]] = []
        self._tables = 0
        self._hidden_row = False
        self._read: set[etree._Element] = set()
        self._paragraph_style = self._shade = ""

    def close(self, main: etree._Element) -> None:
        """What is left over at the end becomes a paragraph; words that were not read are listed."""
        if self._pieces:
            self._end("", "same", None, None, counted=False)
        if self._fields:
            raise Refused(
                refuse(
                    "word-field-end",
                    f"{self._name} holds a field without end, so that it cannot be told which words are text",
                    "Open it in Word, replace the field by what it shows (Ctrl+Shift+F9), and save.",
                )
            )
        for each in main.iter(q("t"), _DRAWN, f"{{{MATH}}}t"):
            if each not in self._read and (each.text or "").strip():
                self._unlike("unread", each.text or "")

    def _unlike(self, why: str, text: str) -> None:
        """Note words that are seen otherwise than read; what is whole belongs together."""
        if text.strip():
            self.body.unlike[why].append(" ".join(text.split()))

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
                inner = self._inside(each)
                if inner is not None:
                    self.blocks(inner, cell, state, by)

    def _table(self, table: etree._Element, state: State, by: Tracked | None) -> None:
        self._tables += 1
        number = self._tables
        for row, line in enumerate(self._within(table, q("tr"))):
            now, who = state, by
            before, hidden = self._hidden_row, line.find(f"{q('trPr')}/{q('hidden')}")
            self._hidden_row = before or (hidden is not None and hidden.get(q("val")) not in ("0", "false", "off"))
            for each in line.iterfind(f"{q('trPr')}/*"):
                if each.tag in (q("ins"), q("del")):
                    now, who = _change(each)
            for column, one in enumerate(self._within(line, q("tc"))):
                self.blocks(one, (number, row, column), now, who)
            self._hidden_row = before

    def _within(self, parent: etree._Element, tag: str) -> Iterator[etree._Element]:
        """The rows of a table or the cells of a row, through whatever wraps them."""
        for each in parent:
            if each.tag == tag:
                yield each
            elif not self._mark(each) and (inner := self._inside(each)) is not None:
                yield from self._within(inner, tag)

    def _paragraph(
        self, paragraph: etree._Element, cell: tuple[int, int, int] | None, state: State, by: Tracked | None
    ) -> None:
        end, who, style, counted, identifier = state, by, "", False, ""
        properties = paragraph.find(q("pPr"))
        if properties is not None:
            named = properties.find(q("pStyle"))
            identifier = named.get(q("val"), "") if named is not None else ""
            style = self._styles.name(identifier)
            numbered = properties.find(f"{q('numPr')}/{q('numId')}")
            counted = numbered is not None and numbered.get(q("val")) not in ("0", None)
            for each in properties.iterfind(f"{q('rPr')}/*"):
                if each.tag in (q("ins"), q("moveTo"), q("del"), q("moveFrom")):
                    end, who = _change(each)
            self.body.formatting += sum(
                1 for _ in properties.iter(q("pPrChange"), q("rPrChange"), q("numberingChange"))
            )
        holder = next(paragraph.iterancestors(q("tc")), None)
        shade = shade_of(properties) or shade_of(holder.find(q("tcPr")) if holder is not None else None)
        self._paragraph_style, self._shade = identifier, shade
        self._inline(paragraph, state, by)
        self._end(style, end, who, cell, counted=counted)

    def _end(
        self, style: str, end: State, by: Tracked | None, cell: tuple[int, int, int] | None, *, counted: bool
    ) -> None:
        at = len(self.body.paragraphs)
        if at == LARGEST:
            raise Refused(
                refuse(
                    "word-size",
                    f"{self._name} has more than {LARGEST:,} paragraphs and cells",
                    "Send tables of this size as a register (a workbook), and the text without them.",
                )
            )
        pieces = tuple(replace(each, at=at) for each in _joined(self._pieces))
        self.body.paragraphs.append(Paragraph(style, pieces, end, by, cell, counted))
        self._pieces = []

    def _inline(self, parent: etree._Element, state: State, by: Tracked | None) -> None:
        for each in parent:
            if each.tag == q("r"):
                self._run(each, state, by)
            elif each.tag in (q("ins"), q("moveTo"), q("del"), q("moveFrom")):
                inner, who = _change(each)
                # Struck out within what another person put in: it is in neither the old text nor the new one.
                if {state, inner} == {"added", "removed"}:
                    self._read.update(each.iter(q("t")))
                    continue
                self._inline(each, inner, who)
            elif each.tag == q("fldSimple"):
                self._look_at_field(each.get(q("instr"), ""))
                self._inline(each, state, by)
            elif each.tag in EQUATIONS:
                self._read.update(each.iter(q("t"), f"{{{MATH}}}t"))
                self.body.equations.append(line_of(each))
                self._say(line_of(each), state, by, "")
            elif each.tag != q("pPr") and not self._mark(each):
                inside = self._inside(each)
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
        identifier, properties = "", run.find(q("rPr"))
        if properties is not None:
            named = properties.find(q("rStyle"))
            identifier = named.get(q("val"), "") if named is not None else ""
            self.body.formatting += sum(1 for _ in properties.iter(q("rPrChange")))
            if properties.find(q("ins")) is not None or properties.find(q("del")) is not None:
                state, by = _change(next(one for one in properties if one.tag in (q("ins"), q("del"))))
        start = len(self._pieces)
        self._run_parts(run, state, by, self._styles.name(identifier))
        said = "".join(piece.text for piece in self._pieces[start:])
        if said.strip() and state != "removed":
            look = self._styles.look(self._paragraph_style, identifier, properties, self._shade)
            if look.hidden or self._hidden_row:
                self._unlike("hidden", said)
            elif look.struck:
                self._unlike("struck", said)
            elif look.pale:
                self._unlike("pale", said)
            if _font(properties) in SIGN_FONTS and any(each.isalnum() for each in said):
                self._unlike("signs", said)

    def _run_parts(self, parent: etree._Element, state: State, by: Tracked | None, style: str) -> None:
        """What stands in a run, or in what wraps parts of one."""
        for each in parent:
            if each.tag == f"{_COMPATIBILITY}AlternateContent":
                chosen = self._chosen(each)
                if chosen is not None:
                    self._run_parts(chosen, state, by, style)
            elif each.tag == q("r"):
                self._run(each, state, by)
            elif each.tag == q("ruby"):
                # The words, and what stands small above them, which is read with them.
                for part, around in (("rubyBase", "{}"), ("rt", "({})")):
                    for inner in each.iterfind(q(part)):
                        self._say(around[:-3], state, by, style)
                        self._inline(inner, state, by)
                        self._say(around[3:], state, by, style)
            else:
                self._say(self._text(each), state, by, style)

    def _say(self, text: str, state: State, by: Tracked | None, style: str) -> None:
        if text and not (self._fields and self._fields[-1][0] == "instruction"):
            self._pieces.append(
                Piece(text, state, by, frozenset(self._marks.values()), style, frozenset(self._comments))
            )

    def _chosen(self, each: etree._Element) -> etree._Element | None:
        """Which of several contents a program of today shows (Part 3, 7.5); what else an older one shows is said."""
        fallback = each.find(f"{_COMPATIBILITY}Fallback")
        choices = each.iterfind(f"{_COMPATIBILITY}Choice")
        chosen = next(
            (
                one
                for one in choices
                if all((one.nsmap.get(name) or "").startswith(_KNOWN) for name in one.get("Requires", "").split())
            ),
            fallback,
        )
        for other in each:
            if other is not chosen:
                self._read.update(other.iter(q("t"), _DRAWN, f"{{{MATH}}}t"))
                if (said := _words(other)) != (_words(chosen) if chosen is not None else ""):
                    self._unlike("alternate", said or "–")
        return chosen

    def _text(self, each: etree._Element) -> str:
        """What an element of a run says."""
        match etree.QName(each).localname:
            case "t" | "delText":
                if not (self._fields and self._fields[-1][0] == "instruction"):
                    self._read.add(each)
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
                return self._sign(each)
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

    def _sign(self, each: etree._Element) -> str:
        """What a character of a symbol font shows; Refused (`word-symbol`) where that is not known for certain."""
        font, code = each.get(q("font"), ""), each.get(q("char"), "")
        sign = sign_of(font, code)
        if not sign:
            raise Refused(
                refuse(
                    "word-symbol",
                    f"{self._name} holds a sign of the font {font[:40]!r}, code {code[:8]!r}, that cannot be read",
                    "Put the sign in as an ordinary character, in the font of the text around it.",
                )
            )
        return sign

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(["instruction"])
        elif self._fields:
            instruction = "".join(self._fields[-1][1:])
            self._look_at_field(instruction)
            if kind == "separate":
                self._fields[-1][0] = "result"
            elif self._fields.pop()[0] == "instruction" and instruction.split()[:1] not in _SHOWING_NOTHING:
                # What such a field shows is worked out by each program for itself (EQ, SYMBOL, QUOTE).
                self._unlike("fields", instruction)

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

    def _inside(self, each: etree._Element) -> etree._Element | None:
        """The content of what only wraps text: content controls, links, smart tags, custom XML, directions, choices.

        What a content control shows while it is empty is no text (17.5.2.39).
        """
        if each.tag == f"{_COMPATIBILITY}AlternateContent":
            return self._chosen(each)
        match etree.QName(each).localname:
            case "sdt":
                content = each.find(q("sdtContent"))
                prompt = each.find(f"{q('sdtPr')}/{q('showingPlcHdr')}")
                if content is not None and prompt is not None and prompt.get(q("val")) not in ("0", "false", "off"):
                    self._read.update(content.iter(q("t")))
                    self.body.prompts.append(_words(content))
                    for one in content.iter():
                        self._mark(one)
                    return None
                return content
            case "hyperlink" | "smartTag" | "customXml" | "dir" | "bdo" | "sdtContent":
                return each
        return None


def _change(each: etree._Element) -> tuple[State, Tracked]:
    state: State = "added" if each.tag in (q("ins"), q("moveTo")) else "removed"
    return state, Tracked(each.get(q("author"), ""), when(each))


def _words(each: etree._Element) -> str:
    """Every word in an element, whatever it stands in."""
    return " ".join("".join(one.text or "" for one in each.iter(q("t"), _DRAWN, f"{{{MATH}}}t")).split())


def _font(properties: etree._Element | None) -> str:
    fonts = properties.find(q("rFonts")) if properties is not None else None
    return "" if fonts is None else (fonts.get(q("ascii")) or fonts.get(q("hAnsi")) or "").strip().lower()


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
