"""Reads the text back out of a PDF that Typst made: what a person copies, in order, without running heads. Knows PDF.

Works as ISO 32000-1 section 14.9.4 says: text marked with ActualText is that; other glyphs are what the font's
ToUnicode map says. Running heads and feet are artifacts (14.8.2.2) and are left out. Reads PDFs made here; a PDF from
elsewhere, with encodings of other kinds, is refused.
"""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from dtti.accord.refusal import Refused, refuse

# Strings, names and operators of two letters or more: numbers and the drawing of paths say nothing here.
_TOKEN = re.compile(rb"\(|<[0-9A-Fa-f\s]*>|/[^\s/<>()\[\]]*|[A-Za-z]+[A-Za-z0-9*]")
_IN_STRING = re.compile(rb"\\.|[()]", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r\n": b"", b"\r": b""}
_CODES = re.compile(rb"<([0-9A-Fa-f]+)>")


def text_of(pdf: bytes) -> str:
    """The text of all pages in reading order, one line for each run that Typst set; Refused for another's PDF."""
    try:
        reader = PdfFileReader(BytesIO(pdf))
        pages = int(reader.root["/Pages"]["/Count"])
        return "\n".join(map(_page, (_page_at(reader, number) for number in range(pages))))
    except (PdfError, KeyError, ValueError, IndexError, TypeError) as error:
        raise Refused(
            refuse("paper-readback", f"the text cannot be read back: {error}", "Give a PDF that was made here.")
        ) from None


def _page_at(reader: PdfFileReader, number: int) -> Any:
    reference, _ = reader.find_page_for_modification(number)  # type: ignore[no-untyped-call]
    return reference.get_object()


def _page(page: Any) -> str:
    contents = page["/Contents"]
    parts = contents if isinstance(contents, generic.ArrayObject) else [contents]
    # `get` of this library hands out references; indexing follows them.
    resources = page["/Resources"] if "/Resources" in page else {}  # noqa: SIM401
    fonts = resources["/Font"] if "/Font" in resources else {}  # noqa: SIM401
    maps = {str(name).encode(): _unicode(bytes(fonts[name]["/ToUnicode"].data)) for name in fonts}
    return _shown(b"\n".join(bytes(part.get_object().data) for part in parts), maps)


@cache
def _unicode(cmap: bytes) -> dict[bytes, str]:
    """A ToUnicode map (ISO 32000-1 section 9.10.3): two-byte code to text."""
    made: dict[bytes, str] = {}
    for kind, body in re.findall(rb"begin(bfchar|bfrange)(.*?)end", cmap, re.DOTALL):
        codes = [bytes.fromhex(each.decode()) for each in _CODES.findall(body)]
        if kind == b"bfchar":
            made |= {code: text.decode("utf-16-be") for code, text in zip(codes[::2], codes[1::2], strict=True)}
            continue
        for low, high, start in zip(codes[::3], codes[1::3], codes[2::3], strict=True):
            text, first = start.decode("utf-16-be"), int.from_bytes(low, "big")
            for step in range(int.from_bytes(high, "big") - first + 1):
                made[(first + step).to_bytes(2, "big")] = text[:-1] + chr(ord(text[-1]) + step)
    return made


def _tokens(stream: bytes) -> Iterator[bytes]:
    """The tokens of a content stream; parentheses that balance may stand in a string as they are (7.3.4.2)."""
    at = 0
    while found := _TOKEN.search(stream, at):
        at = found.end()
        if found[0] != b"(":
            yield found[0]
            continue
        depth = 1
        while depth and (mark := _IN_STRING.search(stream, at)):
            at = mark.end()
            depth += {b"(": 1, b")": -1}.get(mark[0], 0)
        yield stream[found.start() : at]


def _string(token: bytes) -> bytes:
    """A string object's bytes, literal or hexadecimal."""
    if token.startswith(b"<"):
        digits = re.sub(rb"\s", b"", token[1:-1]).decode()
        return bytes.fromhex(digits + "0" * (len(digits) % 2))

    def plain(match: re.Match[bytes]) -> bytes:
        what = match[1]
        return bytes([int(what, 8) & 255]) if what.isdigit() else _NAMED.get(what, what)

    return _ESCAPE.sub(plain, token[1:-1])


def _text(string: bytes) -> str:
    """A text string (7.9.2.2): UTF-16 with a byte order mark, or else PDFDocEncoding, of which ASCII is used here."""
    return string[2:].decode("utf-16-be") if string.startswith(b"\xfe\xff") else string.decode("latin-1")


def _shown(stream: bytes, maps: dict[bytes, dict[bytes, str]]) -> str:
    """The text that one content stream shows."""
    out: list[str] = []
    marks: list[tuple[bool, bool]] = []  # for each open mark: is it an artifact, does it give the text itself
    font: dict[bytes, str] = {}
    held: list[bytes] = []
    for token in _tokens(stream):
        if token in (b"BDC", b"BMC"):
            actual = held.index(b"/ActualText") if b"/ActualText" in held else -1
            if actual >= 0 and not any(hidden for hidden, _ in marks):
                out.append(_text(_string(held[actual + 1])))
            marks.append((b"/Artifact" in held[:1], actual >= 0))
        elif token == b"EMC":
            marks.pop()
        elif token == b"Tf":
            font = maps[held[-1]]
        elif token in (b"Tj", b"TJ"):
            if not any(hidden or said for hidden, said in marks):
                codes = b"".join(_string(each) for each in held if each[:1] in b"(<")
                out += [font.get(codes[at : at + 2], "") for at in range(0, len(codes), 2)]
        elif token == b"ET":
            out.append("\n")
        elif token[:1] in b"/(<":
            held.append(token)
            continue
        held = []
    return "".join(out)
