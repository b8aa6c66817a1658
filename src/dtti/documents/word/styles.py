"""How a Word file of ours looks: styles, fonts with their stand-ins, settings. Knows no text.

Latin is set in Cambria and Devanagari in Nirmala UI, which every Windows with Word has; the font table names what
stands in for them elsewhere. Headings are Word's own, so that its navigation pane and its tables of contents find them.
"""

from lxml import etree

from dtti.documents.values import SIDES, Side

from .ooxml import LATIN, NAGARI, W, w

INK, SOFT, LINE = "1B202A", "565D69", "B9B5A8"
HUE: dict[Side, str] = {"IND": "07626F", "USA": "7A3A6D"}
WASH: dict[Side, str] = {"IND": "E3EEF0", "USA": "F3E9F1"}
UNDERLINE: dict[Side, str] = {"IND": "single", "USA": "double"}
"""Single rules for India, double for the United States: the sides differ in black and white too."""

INDENT = 624  # twips (1.1 cm): what a number takes before its text
ASIDE, NUMBER, REFERENCE, STRONG, PRINT = "DTTIAside", "DTTINumber", "DTTIReference", "DTTIStrong", "DTTIPrint"


def bracket(side: Side) -> str:
    """The character style of a text in brackets."""
    return f"DTTIBracket{side}"


def bracket_mark(side: Side) -> str:
    """The character style of the brackets themselves, with the side's name."""
    return f"DTTIMark{side}"


def paragraph(style: str) -> str:
    """The identifier of a unit's paragraph style."""
    return style if style.startswith(("Title", "Heading", "DTTI")) else f"DTTI{style}"


def styles() -> etree._Element:
    """word/styles.xml."""
    root = w("styles")
    fonts = {"ascii": LATIN, "hAnsi": LATIN, "eastAsia": LATIN, "cs": NAGARI}
    root.append(
        w(
            "docDefaults",
            w(
                "rPrDefault",
                w(
                    "rPr",
                    w("rFonts", **fonts),
                    w("color", val=INK),
                    w("sz", val="22"),
                    w("szCs", val="22"),
                    w("lang", val="en-IN", eastAsia="en-IN", bidi="hi-IN"),
                ),
            ),
            w("pPrDefault", w("pPr", w("spacing", after="120", line="276", lineRule="auto"))),
        )
    )
    root.append(_style("Normal", "Normal", default=True, base=""))
    root.append(_style("DTTIText", "DTTI Text"))
    root.append(_style("DTTIKind", "DTTI Kind", _p(before=0, after=60, keep=True), _r(size=22, color=SOFT)))
    root.append(_style("Title", "Title", _p(before=0, after=160, keep=True), _r(size=34, bold=True)))
    root.append(_style("DTTIPreamble", "DTTI Preamble", _p(after=200)))
    for level in (1, 2, 3):
        left = INDENT * level
        root.append(
            _style(
                f"Heading{level}",
                f"heading {level}",
                _p(before=240 - 40 * level, after=60, left=left, hanging=INDENT, keep=True, outline=level - 1),
                _r(size=26 - 2 * level, bold=True),
                following=f"DTTIClause{level}",
            )
        )
        root.append(_style(f"DTTIClause{level}", f"DTTI Clause {level}", _p(left=left, hanging=INDENT)))
    root.append(_style("DTTIClosing", "DTTI Closing", _p(before=240, after=160)))
    root.append(_style("DTTIPart", "DTTI Part", _p(before=320, after=80, keep=True), _r(size=22, bold=True)))
    root.append(_style("DTTIParty", "DTTI Party", _p(after=40, keep=True), _r(bold=True)))
    root.append(
        _style("DTTIRule", "DTTI Rule", _p(before=760, after=40, keep=True, rule=True), _r(size=17, color=SOFT))
    )
    root.append(_style("DTTISignatory", "DTTI Signatory", _p(after=0, keep=True), _r(bold=True)))
    root.append(_style("DTTIOffice", "DTTI Office", _p(after=40)))
    root.append(_style("DTTIName", "DTTI Name", _p(before=20, after=20), _r(size=19, color=SOFT)))
    root.append(_style("DTTIDigest", "DTTI Digest", _p(before=20, after=20), _r(size=17)))
    root.append(_style("DTTIFact", "DTTI Fact", _p(before=20, after=20)))
    root.append(_style("DTTITitle", "DTTI Title", _p(before=0, after=160, keep=True), _r(size=26, bold=True)))
    root.append(_style("DTTINote", "DTTI Note", _p(after=40), _r(size=18, color=SOFT)))
    root.append(_style("DTTIColumn", "DTTI Column", _p(after=60, keep=True), _r(size=19, color=SOFT, bold=True)))
    root.append(_style("Header", "header", _p(after=160, tabs=True), _r(size=17, color=SOFT)))
    root.append(_style("Footer", "footer", _p(after=0, tabs=True), _r(size=17, color=SOFT)))
    root.append(_style("DTTIExercise", "DTTI Exercise", _p(after=60, centre=True), _r(size=16)))
    root.append(_style("DTTIBanner", "DTTI Banner", _p(after=60, centre=True), _r(size=19, bold=True)))
    root.append(_style("DTTIMinute", "DTTI Minute", _p(left=INDENT, hanging=INDENT)))
    root.append(_style("DTTIEntry", "DTTI Entry", _p(before=160, after=40, keep=True, close=True)))
    root.append(_style("DTTIRow", "DTTI Row", _p(before=20, after=40)))
    root.append(_style("DTTIDetail", "DTTI Detail", _p(after=60), _r(size=20)))
    root.append(_style(NUMBER, "DTTI Number", kind="character"))
    root.append(_style(REFERENCE, "DTTI Reference", _r(bold=True), kind="character"))
    root.append(_style(STRONG, "DTTI Strong", _r(bold=True), kind="character"))
    root.append(_style(PRINT, "DTTI Print", kind="character"))
    root.append(_style(ASIDE, "DTTI Aside", _r(size=18, color=SOFT), kind="character"))
    for side in SIDES:
        shade = w("shd", val="clear", color="auto", fill=WASH[side])
        line = w("u", val=UNDERLINE[side], color=HUE[side])
        text = w("rPr", w("color", val=HUE[side]), line, shade)
        mark = w("rPr", w("b"), w("bCs"), w("color", val=HUE[side]))
        root.append(_style(bracket(side), f"DTTI Bracket {side}", text, kind="character"))
        root.append(_style(bracket_mark(side), f"DTTI Mark {side}", mark, kind="character"))
    return root


def _style(
    identifier: str,
    name: str,
    *properties: etree._Element,
    kind: str = "paragraph",
    base: str = "Normal",
    default: bool = False,
    following: str = "",
) -> etree._Element:
    made = w("style", type=kind, styleId=identifier)
    if default:
        made.set(f"{{{W}}}default", "1")
    if identifier.startswith("DTTI"):
        made.set(f"{{{W}}}customStyle", "1")
    made.append(w("name", val=name))
    if base and kind == "paragraph":
        made.append(w("basedOn", val=base))
    if following:
        made.append(w("next", val=following))
    made.append(w("qFormat"))
    made.extend(properties)
    return made


def _p(
    *,
    before: int = 0,
    after: int = 120,
    left: int = 0,
    hanging: int = 0,
    keep: bool = False,
    outline: int | None = None,
    rule: bool = False,
    centre: bool = False,
    tabs: bool = False,
    close: bool = False,
) -> etree._Element:
    made = w("pPr")
    if keep:
        made.extend([w("keepNext"), w("keepLines")])
    if rule:
        made.append(w("pBdr", w("bottom", val="single", sz="4", space="1", color=INK)))
    if left:
        made.append(w("tabs", w("tab", val="left", pos=str(left))))
    elif close:
        # Numbers of rows differ in length: whatever theirs is, the text begins just behind it.
        made.append(w("tabs", *(w("tab", val="left", pos=str(at)) for at in range(284, 4000, 284))))
    elif tabs:
        made.append(w("tabs", w("tab", val="right", pos="9638")))
    made.append(w("spacing", before=str(before), after=str(after)))
    if left:
        made.append(w("ind", left=str(left), hanging=str(hanging)))
    if centre:
        made.append(w("jc", val="center"))
    if outline is not None:
        made.append(w("outlineLvl", val=str(outline)))
    return made


def _r(*, size: int = 0, bold: bool = False, color: str = "") -> etree._Element:
    made = w("rPr")
    if bold:
        made.extend([w("b"), w("bCs")])
    if color:
        made.append(w("color", val=color))
    if size:
        made.extend([w("sz", val=str(size)), w("szCs", val=str(size))])
    return made


def fonts() -> etree._Element:
    """word/fontTable.xml: the fonts, each with what stands in for it where it is not installed."""
    return w(
        "fonts",
        w("font", w("altName", val="Noto Serif"), w("family", val="roman"), w("pitch", val="variable"), name=LATIN),
        w(
            "font",
            w("altName", val="Noto Sans Devanagari"),
            w("family", val="swiss"),
            w("pitch", val="variable"),
            name=NAGARI,
        ),
    )


def settings() -> etree._Element:
    """word/settings.xml: Track Changes is on from the first key stroke; nothing is fetched, no template attached."""
    return w(
        "settings",
        w("trackRevisions"),
        w("defaultTabStop", val=str(INDENT)),
        w("characterSpacingControl", val="doNotCompress"),
        w(
            "compat",
            w("compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val="15"),
        ),
        w("themeFontLang", val="en-IN", bidi="hi-IN"),
        w("decimalSymbol", val="."),
        w("listSeparator", val=","),
    )
