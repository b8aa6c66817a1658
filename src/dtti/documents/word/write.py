"""A negotiated text as a Word file that people work in. Knows the plan and the XML; reads nothing back.

Numbers are printed as text and not counted by Word: the number as agreed must survive moving and renumbering. Each
text stands inside a bookmark that names its slot, which Word and LibreOffice carry along.
"""

from collections.abc import Iterator
from itertools import count

from lxml import etree

from dtti.documents.values import LANGUAGES, Language, Side, Words
from dtti.documents.words import Reading, word
from dtti.language import characters
from dtti.language.names import facing

from . import plan as plans
from . import shape, styles, words
from .draft import Draft
from .ooxml import R, holdable, packed, runs, w, xml
from .plan import Paragraph, Piece, Plan, Unit

_WHOLE = ("Row", "Detail", "Entry", "DTTIPart", "DTTITitle")  # styles of rows that no page may cut
WIDTH = 9638  # twips between the margins of an A4 page
_OFFICE = "application/vnd.openxmlformats-officedocument"


def write(draft: Draft, *, lang: Reading = "both", layout: plans.Layout = "side", first: Side = "IND") -> bytes:
    """The text as .docx, for readers of English, of Hindi, or of both; `first`: the side that is named first.

    The file carries what it shows and nothing else of the text: in one language, not a word of the other. The same
    input gives the same bytes. Refused (`word-characters`) where a text holds what no XML file can.
    """
    languages: tuple[Language, ...] = ("en", "hi") if lang == "both" else (lang,)
    made = plans.plan(draft, languages=languages, layout=layout, first=first)
    for unit in made.units():
        for said in (unit.number or "", *(piece.text for piece in unit.pieces)):
            holdable(said, unit.slot)
    writing = _Writing(made)
    reference = holdable(draft.held["reference"] or "", "reference")
    label = holdable(draft.held["label"] or "", "label")
    status = draft.held["status"].spoken(languages[0])[0] if draft.held["status"] else ""
    exercise = Words(word("house.exercise", "en"), word("house.exercise", "hi"))
    banner = exercise if draft.held.get("exercise") == "yes" else None
    core = etree.Element(
        "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}coreProperties",
        nsmap={
            "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
            "dc": "http://purl.org/dc/elements/1.1/",
        },
    )
    title = etree.SubElement(core, "{http://purl.org/dc/elements/1.1/}title")
    title.text = reference
    return packed(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relationships(
                ("officeDocument", "word/document.xml"),
                (
                    "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                    "docProps/core.xml",
                ),
            ),
            "docProps/core.xml": xml(core),
            "word/document.xml": xml(writing.document()),
            "word/_rels/document.xml.rels": _relationships(
                ("styles", "styles.xml"),
                ("settings", "settings.xml"),
                ("fontTable", "fontTable.xml"),
                ("header", "header1.xml"),
                ("footer", "footer1.xml"),
                ("customXml", "../customXml/item1.xml"),
            ),
            "word/styles.xml": xml(styles.styles()),
            "word/settings.xml": xml(styles.settings()),
            "word/fontTable.xml": xml(styles.fonts()),
            "word/header1.xml": xml(_header(label, reference, status, banner, languages)),
            "word/footer1.xml": xml(_footer(label, languages)),
            shape.PROPERTIES: shape.properties(),
            shape.RELATIONS: _relationships(("customXmlProps", "itemProps1.xml")),
            shape.PART: shape.packed(shape.of(draft, languages, layout, first, shape.digest_shown(draft, languages))),
        }
    )


class _Writing:
    """The body under way; bookmarks are counted through the whole file."""

    def __init__(self, made: Plan) -> None:
        self.plan = made
        self._ids = count(1)

    def document(self) -> etree._Element:
        body = w("body")
        body.extend(self._notes())
        if len(self.plan.languages) == 1 or self.plan.layout == "after":
            for at, language in enumerate(self.plan.languages):
                if at:
                    body.append(w("p", w("r", w("br", type="page"))))
                units = (*self.plan.head[language], *self.plan.clauses[language], *self.plan.tail[language])
                body.extend(self.paragraph(each) for each in units)
        else:
            body.append(self._columns())
        body.append(_gap())
        if self.plan.parties:
            body.append(self._signatures())
            body.append(_gap())  # so that the blocks may stand on a page without the particulars
        body.extend(_fixed("particulars", self.plan.languages, "DTTIPart"))
        body.append(self._facts())
        body.append(_end())
        body.append(
            w(
                "sectPr",
                _ref("headerReference", "rId4"),
                _ref("footerReference", "rId5"),
                w("pgSz", w="11906", h="16838"),
                w(
                    "pgMar",
                    top="1418",
                    right="1134",
                    bottom="1247",
                    left="1134",
                    header="567",
                    footer="510",
                    gutter="0",
                ),
            )
        )
        return w("document", body)

    def _notes(self) -> Iterator[etree._Element]:
        pieces = [piece for unit in self.plan.units() for piece in unit.pieces if not unit.fixed]
        yield from _fixed("track", self.plan.languages, "DTTINote", apart=True)
        if any(piece.bracket for piece in pieces):
            yield from _fixed("brackets", self.plan.languages, "DTTINote", apart=True)
        if any(piece.aside and piece.text == words.UNREVIEWED for piece in pieces):
            yield from _fixed("unreviewed", self.plan.languages, "DTTINote", apart=True)
        yield _gap()

    def unit(self, unit: Unit) -> etree._Element:
        """A unit in a paragraph of its own."""
        return self.paragraph((unit,))

    def paragraph(self, units: Paragraph) -> etree._Element:
        """A paragraph: the number in its bookmark, a tab, each text in its bookmark."""
        unit = units[0]
        paragraph = w("p", w("pPr", w("pStyle", val=styles.paragraph(unit.style))))
        if unit.number is not None:
            mark = f"{unit.mark.rsplit('_', 1)[0]}_n"
            style = styles.REFERENCE if unit.style == "Entry" else styles.NUMBER
            number = runs(unit.number, style=style, language=unit.edition) if unit.number else ()
            paragraph.extend(self._marked(mark, number))
            paragraph.append(w("r", w("tab")))
        elif unit.style.startswith("Clause"):
            level = int(unit.style[-1])
            paragraph[0].append(w("ind", left=str(styles.INDENT * level), firstLine="0"))
        elif unit.style == "Minute":
            paragraph[0].append(w("ind", left="0", firstLine="0"))
        for each in units:
            paragraph.extend(self._marked(each.mark, self._pieces(each)))
        return paragraph

    def _marked(self, name: str, inside: Iterator[etree._Element] | tuple[()]) -> Iterator[etree._Element]:
        at = str(next(self._ids))
        yield w("bookmarkStart", id=at, name=name)
        yield from inside
        yield w("bookmarkEnd", id=at)

    def _pieces(self, unit: Unit) -> Iterator[etree._Element]:
        for at, piece in enumerate(unit.pieces):
            if piece.aside:
                style = styles.PRINT if unit.fixed else styles.ASIDE
                yield from runs(piece.text, style=style, language=unit.edition)
                continue
            made = self._piece(unit, piece)
            if piece.fill:
                made = self._marked(f"{unit.mark}_{'f' if piece.fill == 'parties' else 's'}{at}", made)
            elif unit.passages:
                made = self._marked(f"{unit.mark}_{piece.passage}", made)
            if piece.bracket:
                style = styles.bracket_mark(piece.bracket)
                yield from runs(words.opening(piece.bracket, unit.edition), style=style, language=unit.edition)
                yield from made
                yield from runs(words.CLOSING, style=style, language=unit.edition)
            else:
                yield from made

    @staticmethod
    def _piece(unit: Unit, piece: Piece) -> Iterator[etree._Element]:
        style = styles.bracket(piece.bracket) if piece.bracket else styles.STRONG if unit.strong else ""
        # The text stands as it is, to be compared with what comes back; the codes of what is odd in it are asides.
        for text, _shown, why in characters.pieces(piece.text):
            yield from runs(text, style=style, language=unit.edition)
            if why is not None:
                yield from runs(characters.codes(text), style=styles.ASIDE, language=unit.edition)

    def _columns(self) -> etree._Element:
        """Both languages beside each other, a row to each paragraph, so that what corresponds stands level."""
        table = _table((WIDTH // 2, WIDTH // 2), between=True)
        heads = [_paragraph(words.FIXED["language"][each], "DTTIColumn", each) for each in self.plan.languages]
        table.append(w("tr", w("trPr", w("tblHeader")), *(_cell(WIDTH // 2, each) for each in heads)))
        for part in (self.plan.head, self.plan.clauses, self.plan.tail):
            for row in zip(*(part[language] for language in self.plan.languages), strict=True):
                cells = [_cell(WIDTH // 2, self.paragraph(each)) for each in row]
                table.append(w("tr", *([w("trPr", w("cantSplit"))] if row[0][0].style in _WHOLE else []), *cells))
        return table

    def _signatures(self) -> etree._Element:
        """The signature blocks, the first side's at the left, in one row that no page may cut."""
        table = _table((WIDTH // 2, WIDTH // 2))
        cells = []
        for side in (self.plan.first, facing(self.plan.first)):
            units = self.plan.parties[side]
            inside = [*_fixed("for", self.plan.languages, "DTTIName")]
            inside += [self.unit(each) for each in units if each.style == "Party"]
            inside += _fixed("signature", self.plan.languages, "DTTIRule")
            inside += [self.unit(each) for each in units if each.style != "Party"]
            cells.append(_cell(WIDTH // 2, *inside))
        table.append(w("tr", w("trPr", w("cantSplit")), *cells))
        return table

    def _facts(self) -> etree._Element:
        left = 3000
        table = _table((left, WIDTH - left), ruled=True)
        for name, units in self.plan.facts:
            said = " · ".join(name.spoken(at)[0] for at in self.plan.languages)
            first = _cell(left, _paragraph(said, "DTTIName", self.plan.languages[0]))
            table.append(w("tr", w("trPr", w("cantSplit")), first, _cell(WIDTH - left, *map(self.unit, units))))
        return table


def _fixed(key: str, languages: tuple[Language, ...], style: str, *, apart: bool = False) -> Iterator[etree._Element]:
    """A fixed text in the languages of the file, in one paragraph or, `apart`, in one each."""
    said = [words.FIXED[key][each] for each in languages]
    for text in said if apart else [" · ".join(said)]:
        yield _paragraph(text, style, languages[0])


def _paragraph(text: str, style: str, language: Language) -> etree._Element:
    return w(
        "p",
        w("pPr", w("pStyle", val=style)),
        *runs(text, style=styles.ASIDE if style == "DTTINote" else "", language=language),
    )


def _gap() -> etree._Element:
    return w(
        "p", w("pPr", w("spacing", before="0", after="120", line="240", lineRule="auto"), w("rPr", w("sz", val="12")))
    )


def _end() -> etree._Element:
    """A paragraph of next to no height: Word wants one behind a table that ends a file."""
    line = w("spacing", before="0", after="0", line="20", lineRule="exact")
    return w("p", w("pPr", line, w("rPr", w("sz", val="2"))))


def _cell(width: int, *inside: etree._Element) -> etree._Element:
    return w("tc", w("tcPr", w("tcW", w=str(width), type="dxa")), *inside)


def _table(widths: tuple[int, ...], *, between: bool = False, ruled: bool = False) -> etree._Element:
    """A table over the whole measure. `between`: a rule between its columns; `ruled`: rules between its rows."""
    borders = w("tblBorders")
    line = {"val": "single", "sz": "4", "space": "0", "color": styles.LINE}
    if ruled:
        borders.append(w("top", **line))
        borders.append(w("bottom", **line))
        borders.append(w("insideH", **line))
    if between:
        borders.append(w("insideV", **line))
    side = {"w": "113" if between else "0", "type": "dxa"}
    properties = w("tblPr", w("tblW", w=str(sum(widths)), type="dxa"))
    if len(borders):
        properties.append(borders)
    properties.extend(
        [
            w("tblLayout", type="fixed"),
            w("tblCellMar", w("top", w="28", type="dxa"), w("left", **side), w("right", w="113", type="dxa")),
        ]
    )
    return w("tbl", properties, w("tblGrid", *(w("gridCol", w=str(each)) for each in widths)))


def _ref(tag: str, identifier: str) -> etree._Element:
    made = w(tag, type="default")
    made.set(f"{{{R}}}id", identifier)
    return made


def _header(
    label: str, reference: str, status: str, banner: Words | None, languages: tuple[Language, ...]
) -> etree._Element:
    root = w("hdr")
    if banner:
        said = " · ".join(banner.spoken(each)[0] for each in LANGUAGES if each in languages)
        root.append(_paragraph(said, "DTTIExercise", languages[0]))
    if label:
        root.append(_paragraph(label, "DTTIBanner", "en"))
    root.append(w("p", w("pPr", w("pStyle", val="Header")), *runs(reference), w("r", w("tab")), *runs(status)))
    return root


def _footer(label: str, languages: tuple[Language, ...]) -> etree._Element:
    said = {key: " · ".join(dict.fromkeys(words.FIXED[key][each] for each in languages)) for key in ("page", "of")}
    if len(languages) > 1:
        said["of"] = "/"
    page = w(
        "p",
        w("pPr", w("pStyle", val="Footer")),
        w("r", w("tab")),
        *runs(said["page"] + " "),
        w("fldSimple", w("r", _text("1")), instr=" PAGE "),
        *runs(f" {said['of']} "),
        w("fldSimple", w("r", _text("1")), instr=" NUMPAGES "),
    )
    return w("ftr", page, *([_paragraph(label, "DTTIBanner", "en")] if label else []))


def _text(text: str) -> etree._Element:
    made = w("t")
    made.text = text
    return made


def _content_types() -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/content-types"
    root = etree.Element(f"{{{space}}}Types", nsmap={None: space})  # type: ignore[dict-item]  # the default one
    for extension, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(root, f"{{{space}}}Default", Extension=extension, ContentType=kind)
    for part, kind in (
        ("word/document.xml", "wordprocessingml.document.main+xml"),
        ("word/styles.xml", "wordprocessingml.styles+xml"),
        ("word/settings.xml", "wordprocessingml.settings+xml"),
        ("word/fontTable.xml", "wordprocessingml.fontTable+xml"),
        ("word/header1.xml", "wordprocessingml.header+xml"),
        ("word/footer1.xml", "wordprocessingml.footer+xml"),
    ):
        etree.SubElement(root, f"{{{space}}}Override", PartName=f"/{part}", ContentType=f"{_OFFICE}.{kind}")
    for part, kind in (
        ("docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        (shape.PROPERTIES, f"{_OFFICE}.customXmlProperties+xml"),
    ):
        etree.SubElement(root, f"{{{space}}}Override", PartName=f"/{part}", ContentType=kind)
    return xml(root)


def _relationships(*lines: tuple[str, str]) -> bytes:
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    root = etree.Element(f"{{{space}}}Relationships", nsmap={None: space})  # type: ignore[dict-item]  # the default one
    for at, (kind, target) in enumerate(lines, 1):
        kind = kind if "://" in kind else f"{R}/{kind}"
        etree.SubElement(root, f"{{{space}}}Relationship", Id=f"rId{at}", Type=kind, Target=target)
    return xml(root)
