"""What a reader sees of a run in a returned Word file: hidden, struck or too pale words, signs of symbol fonts.

ECMA-376 Part 1, 17.3.2 (properties of runs) and 17.7 (styles). Compares nothing.
"""

import re
from dataclasses import dataclass, replace

from lxml import etree

from dtti.documents.package import Package

from .remarks import q

_OFF = ("0", "false", "off", "none")
_WHITE = "FFFFFF"
_HIGHLIGHTS = {
    "yellow": "FFFF00",
    "green": "00FF00",
    "cyan": "00FFFF",
    "magenta": "FF00FF",
    "blue": "0000FF",
    "red": "FF0000",
    "darkBlue": "000080",
    "darkCyan": "008080",
    "darkGreen": "008000",
    "darkMagenta": "800080",
    "darkRed": "800000",
    "darkYellow": "808000",
    "darkGray": "808080",
    "lightGray": "C0C0C0",
    "black": "000000",
    "white": _WHITE,
}
_LEAST_CONTRAST = 1.35  # 1 is ink of the paper's own colour; the palest ink in use for text is far above
_LEAST_SIZE = 8  # half points: letters of less than 4 points are not read on paper


@dataclass(frozen=True)
class Look:
    """How words look: `color` and `fill` as six hexadecimal digits ("" for automatic), `size` in half points."""

    hidden: bool = False
    struck: bool = False
    color: str = ""
    fill: str = ""
    size: int = 0

    @property
    def pale(self) -> bool:
        """Whether the words cannot be seen, though they are not marked as hidden."""
        unseen = self.color and _contrast(self.color, self.fill or _WHITE) < _LEAST_CONTRAST
        return bool(unseen) or 0 < self.size < _LEAST_SIZE


@dataclass(frozen=True)
class Styles:
    """A file's styles: their names, which programs keep where they change identifiers, and the looks they give."""

    names: dict[str, str]
    looks: dict[str, tuple[etree._Element, ...]]
    """Run properties by the style's identifier, those of the styles that it is based on first."""
    default: tuple[etree._Element, ...] = ()

    def name(self, identifier: str) -> str:
        """A style's name, or its identifier where the file does not say one."""
        return self.names.get(identifier, identifier) or identifier

    def look(self, paragraph: str, run: str, own: etree._Element | None, shade: str) -> Look:
        """The look of a run by the styles of paragraph and run and by its own properties, on a ground of `shade`."""
        found = Look(fill=shade)
        layers = (*self.default, *self.looks.get(paragraph, ()), *self.looks.get(run, ()))
        for each in (*layers, *([own] if own is not None else [])):
            found = _with(found, each)
        return found


def styles_of(package: Package, part: str) -> Styles:
    """The styles of a file; none where it has no part for them."""
    if not part:
        return Styles({}, {})
    root = package.xml(part)
    own: dict[str, etree._Element] = {each.get(q("styleId"), ""): each for each in root.iter(q("style"))}
    names = {key: name.get(q("val"), "") for key, each in own.items() if (name := each.find(q("name"))) is not None}
    looks: dict[str, tuple[etree._Element, ...]] = {}
    for key in own:
        chain: list[etree._Element] = []
        at, seen = key, set[str]()
        while at in own and at not in seen:
            seen.add(at)
            properties, base = own[at].find(q("rPr")), own[at].find(q("basedOn"))
            chain += [properties] if properties is not None else []
            at = base.get(q("val"), "") if base is not None else ""
        looks[key] = tuple(reversed(chain))
    default = root.find(f"{q('docDefaults')}/{q('rPrDefault')}/{q('rPr')}")
    return Styles(names, looks, () if default is None else (default,))


def shade_of(properties: etree._Element | None) -> str:
    """The colour of the ground that paragraph or cell properties give, "" where they give none."""
    shade = properties.find(q("shd")) if properties is not None else None
    return _hex(shade.get(q("fill"), "")) if shade is not None else ""


def _with(look: Look, properties: etree._Element) -> Look:
    for each in properties:
        value = each.get(q("val"), "")
        match etree.QName(each).localname:
            case "vanish":
                look = replace(look, hidden=value not in _OFF)
            case "strike" | "dstrike":
                look = replace(look, struck=value not in _OFF)
            case "color":
                theme = each.get(q("themeColor"), "") in ("background1", "light1")
                look = replace(look, color=_hex(value) or (_WHITE if theme else ""))
            case "shd":
                look = replace(look, fill=_hex(each.get(q("fill"), "")) or look.fill)
            case "highlight":
                look = replace(look, fill=_HIGHLIGHTS.get(value, look.fill))
            case "sz":
                look = replace(look, size=int(value) if value.isascii() and value.isdigit() and len(value) < 6 else 0)
    return look


def _hex(value: str) -> str:
    return value.upper() if re.fullmatch("[0-9A-Fa-f]{6}", value) else ""


def _contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 to 21 (WCAG 2.2, contrast ratio)."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


_SYMBOL_LOW = " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧ∆ΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
_SYMBOL_HIGH = "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\0〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"
_SYMBOL = dict(zip(range(0x20, 0x7F), _SYMBOL_LOW, strict=True)) | {
    0xA0 + at: each for at, each in enumerate(_SYMBOL_HIGH) if each != "\0"
}
_WINGDINGS = {
    0x6C: "●",
    0x6E: "■",
    0x6F: "□",
    0x71: "❑",
    0x75: "◆",
    0x76: "❖",
    0x9F: "•",
    0xA7: "▪",
    0xA8: "◻",
    0xDF: "←",
    0xE0: "→",
    0xE1: "↑",
    0xE2: "↓",
    0xE8: "➔",
    0xEF: "⇦",
    0xF0: "⇨",
    0xFB: "✗",
    0xFC: "✓",
    0xFD: "☒",
    0xFE: "☑",
}
_FONTS = {"symbol": _SYMBOL, "wingdings": _WINGDINGS}
SIGN_FONTS = ("symbol", "wingdings", "wingdings 2", "wingdings 3", "webdings", "zapfdingbats", "zapf dingbats")
"""Fonts whose letters are other signs than their codes say, in small letters."""


def sign_of(font: str, code: str) -> str:
    """The sign that `w:sym` shows (17.3.3.30: a font, a code in hexadecimal); "" where it is not known here.

    Symbol fonts keep their signs at U+F000 to U+F0FF, the byte of their own encoding behind it.
    """
    if not re.fullmatch("[0-9A-Fa-f]{1,6}", code):
        return ""
    value = int(code, 16)
    table = _FONTS.get(font.strip().lower())
    if table is not None:
        return table.get(value & 0xFF, "") if value < 0x100 or 0xF000 <= value <= 0xF0FF else ""
    ordinary = 0x20 <= value < 0xD800 or 0xF900 <= value < 0xFFFE or 0x10000 <= value < 0xE0000
    return chr(value) if ordinary and font.strip().lower() not in SIGN_FONTS else ""
