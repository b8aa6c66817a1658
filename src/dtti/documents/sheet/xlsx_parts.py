"""The parts of a workbook that its sheets refer to: shared texts and number formats. Knows no sheet and no register."""

import re
import tempfile
from array import array
from collections.abc import Iterator
from typing import IO

from lxml import etree

from .grid import Shows
from .numbers import unit
from .phrases import Fault
from .text import shown

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_IN_MEMORY = 1024 * 1024
_HELD = 2_048
MOST_SILENT = 8 * 1024 * 1024


def local(element: etree._Element) -> str:
    """An element's name without its namespace: transitional and strict files differ in nothing else that is read."""
    tag = str(element.tag)
    return tag[tag.rfind("}") + 1 :]


def elements(
    pieces: Iterator[bytes], tags: tuple[str, ...], stop: tuple[str, ...], file: str, part: str
) -> Iterator[tuple[str, etree._Element]]:
    """The elements of these names as each ends, in any namespace, until one of `stop` ends.

    Each is let go when the next is asked for, with all before it. A Fault (`sheet-part`) where the part breaks off, or
    where more than MOST_SILENT bytes pass without such an element: what no event lets go is held, so it is bounded.
    """
    reading = etree.XMLPullParser(
        events=("end",),
        tag=tuple(f"{{*}}{name}" for name in (*tags, *stop)),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    silent = 0
    try:
        for piece in pieces:
            reading.feed(piece)
            silent += len(piece)
            for _, element in reading.read_events():
                name = local(element)  # type: ignore[arg-type] # events of other kinds are not asked for
                if name in stop:
                    return
                silent = 0
                yield name, element  # type: ignore[misc]
                _let_go(element)  # type: ignore[arg-type]
            if silent > MOST_SILENT:
                raise Fault("sheet-part", file=file, part=part, why=f"{silent // 2**20} MiB")
    except etree.XMLSyntaxError as error:
        raise Fault("sheet-part", file=file, part=part, why=shown(error.msg or "")) from None


def _let_go(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]


def rich_text(element: etree._Element) -> str:
    """The text of a rich text (18.4.8), all its runs in order, without its phonetic ones (18.4.6)."""
    said = []
    for child in element:
        name = local(child)
        if name == "t":
            said.append(child.text or "")
        elif name == "r":
            said += [each.text or "" for each in child if local(each) == "t"]
    # Each run is escaped by itself: an escape never reaches over two.
    return "".join(map(unescaped, said))


def struck_in(element: etree._Element) -> bool:
    """Whether some of a rich text is struck through (18.4.10)."""
    return any(_on(each) for each in element.iter("{*}strike"))


def _on(element: etree._Element) -> bool:
    return element.get("val", "1") not in ("0", "false", "off")


def unescaped(text: str) -> str:
    """A text with its `_x000D_` escapes (ECMA-376 Part 1, 22.9.2.19, ST_Xstring) put back."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SharedTexts:
    """The workbook's shared texts (18.4.9), by number. A large table lies in a file without a name, gone with this."""

    def __init__(self) -> None:
        # It lives as long as this does, whatever rows are still to be read.
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        self._starts = array("Q", [0])
        self._held: dict[int, str] = {}
        self._struck: set[int] = set()

    def add(self, text: str, *, struck: bool = False) -> None:
        """Put one more text at the end."""
        if struck:
            self._struck.add(len(self._starts) - 1)
        # A lone surrogate can be escaped in a workbook though it is no character: it must come back as it was.
        held = text.encode("utf-8", "surrogatepass")
        self._file.write(held)
        self._starts.append(self._starts[-1] + len(held))

    def text(self, number: str) -> str:
        """The text of that number; "" for one that the table does not have, as spreadsheet programs show it."""
        at = int(number) if number.isdecimal() and len(number) < 10 else -1
        if not 0 <= at < len(self._starts) - 1:
            return ""
        found = self._held.get(at)
        if found is None:
            self._file.seek(self._starts[at])
            found = self._file.read(self._starts[at + 1] - self._starts[at]).decode("utf-8", "surrogatepass")
            if len(self._held) >= _HELD:
                self._held.clear()
            self._held[at] = found
        return found

    def struck(self, number: str) -> bool:
        """Whether some of the text of that number is struck through."""
        return number.isdecimal() and len(number) < 10 and int(number) in self._struck

    def __del__(self) -> None:
        self._file.close()


def shared_texts(pieces: Iterator[bytes], file: str) -> SharedTexts:
    """Read the table of shared texts from its part, a text at a time."""
    made = SharedTexts()
    for _, element in elements(pieces, ("si",), (), file, "sharedStrings"):
        made.add(rich_text(element), struck=struck_in(element))
    return made


# --- Number formats (18.8.30) ---------------------------------------------------------------------------------------

_BUILT_IN: dict[int, Shows] = {
    **dict.fromkeys((14, 15, 16, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "day"),
    17: "month",
    **dict.fromkeys((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56), "time"),
    9: "percent",
    10: "percent",
}
_CURRENCY = re.compile(r"\[\$([^\]-]+)(?:-[0-9A-Fa-f]+)?\]")
_QUIET = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|hh?\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)


def format_shows(code: str) -> tuple[Shows, str]:
    """What a format code makes of a number (18.8.31), and the currency that it names, "" for none."""
    found = _CURRENCY.search(code)
    literal = " ".join(re.findall(r'"([^"]*)"', code)) + " " + re.sub(r'"[^"]*"|\[[^\]]*\]|\\', "", code.split(";")[0])
    currency = unit(found[1])[0] if found else unit(literal)[0]
    bare = _QUIET.sub("", code.split(";")[0]).lower()
    if "general" in bare or "standard" in bare:
        return "", currency
    if "%" in bare:
        return "percent", ""
    if "y" in bare or "d" in bare:
        return ("day" if "d" in bare else "month" if "m" in bare else "year"), ""
    if "h" in bare or "s" in bare or "[m" in bare:
        return "time", ""
    return ("month", "") if re.search(r"m{3,}", bare) else ("", currency)


class Formats:
    """What each cell style of a workbook shows, by the number that a cell carries."""

    def __init__(self, shows: tuple[tuple[Shows, str], ...], struck: frozenset[int] = frozenset()) -> None:
        self._shows, self._struck = shows, struck

    def of(self, style: str | None) -> tuple[Shows, str]:
        """What the style of that number shows, and its currency; nothing for a number without a style."""
        at = _number(style)
        return self._shows[at] if at < len(self._shows) else ("", "")

    def strikes(self, style: str | None) -> bool:
        """Whether the style of that number strikes its cells through."""
        return _number(style) in self._struck


def _number(said: str | None) -> int:
    return int(said) if said and said.isdecimal() and len(said) < 7 else 0


def formats(styles: etree._Element | None) -> Formats:
    """The styles part read for its number formats, and for what it strikes through."""
    if styles is None:
        return Formats(())
    codes: dict[int, tuple[Shows, str]] = {}
    for each in styles.iter("{*}numFmt"):
        number = each.get("numFmtId", "")
        if number.isdecimal() and len(number) < 7:
            codes[int(number)] = format_shows(each.get("formatCode", ""))
    fonts = [font for table in styles.iterchildren("{*}fonts") for font in table]
    striking = {at for at, font in enumerate(fonts) if any(_on(each) for each in font.iterchildren("{*}strike"))}
    made: list[tuple[Shows, str]] = []
    struck: set[int] = set()
    for table in styles.iter("{*}cellXfs"):
        for each in table:
            at = _number(each.get("numFmtId"))
            if _number(each.get("fontId")) in striking:
                struck.add(len(made))
            made.append(codes.get(at, (_BUILT_IN.get(at, ""), "")))
    return Formats(tuple(made), frozenset(struck))
