"""CSV as offices send it, read in a stream (RFC 4180 and its relatives). Knows encodings and delimiters, no register.

Nothing is replaced and nothing dropped: text that is in no encoding for certain is refused with the offset of the byte.
The encoding is settled by one look through the whole file, so that a fault at its end stops the first row too.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dtti.documents.values import Words

from .grid import HEAD_ROWS, MOST_COLUMNS, MOST_ROWS, Around, Cell, Row, Sheet, Source, filled
from .phrases import Fault
from .text import shown

MEBI = 1024 * 1024
MOST_BYTES = 100 * MEBI
_CHUNK = 256 * 1024
_DELIMITERS = (",", ";", "\t", "|")
_CALLED = {",": "','", ";": "';'", "\t": "TAB", "|": "'|'"}
_OTHERS = (
    (b"%PDF", Words(en="a PDF", hi="PDF")),
    (b"{\\rtf", Words(en="a Rich Text file", hi="Rich Text फ़ाइल")),
    (b"<", Words(en="a web page or XML file", hi="वेब पृष्ठ अथवा XML फ़ाइल")),
    (b"\x89PNG", Words(en="a picture", hi="चित्र")),
    (b"\xff\xd8\xff", Words(en="a picture", hi="चित्र")),
    (b"GIF8", Words(en="a picture", hi="चित्र")),
    (b"\x1f\x8b", Words(en="a compressed file", hi="संपीड़ित फ़ाइल")),
    (b"\x7fELF", Words(en="a program", hi="प्रोग्राम")),
    (b"MZ\x90", Words(en="a program", hi="प्रोग्राम")),
)


def open_csv(data: bytes | Path, name: str) -> Source:
    """The one sheet of a CSV file; a Fault by `sheet-size`, `-kind`, `-empty`, `-utf8`, `-utf16`, `-encoding`."""
    size = len(data) if isinstance(data, bytes) else data.stat().st_size
    if size > MOST_BYTES:
        raise Fault("sheet-size", file=name, size=f"{size / MEBI:,.0f}", most=str(MOST_BYTES // MEBI))
    with _open(data) as stream:
        start = stream.read(4096)
    text = start.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    for sign, what in _OTHERS:
        if text.startswith(sign):
            raise Fault("sheet-kind", file=name, what=what)
    if not text:
        raise Fault("sheet-empty", file=name)
    notices: list[tuple[str, dict[str, str]]] = []
    encoding = _encoding(data, name, start, notices)
    delimiter, skip = _delimiter(data, encoding)
    if delimiter != ",":
        notices.append(("sheet-delimiter", {"found": _CALLED.get(delimiter, repr(delimiter))}))
    if name.lower().endswith((".xls", ".xlsx", ".xlsm", ".ods")):
        notices.append(("sheet-named", {"found": name}))

    def rows() -> Iterator[Row]:
        return _rows(data, name, encoding, delimiter, skip)

    return Source(name, (Sheet("", lambda: _around(rows()), rows),), notices=tuple(notices), escaped=True)


def _open(data: bytes | Path) -> BinaryIO:
    return io.BytesIO(data) if isinstance(data, bytes) else data.open("rb")


def _encoding(data: bytes | Path, name: str, start: bytes, notices: list[tuple[str, dict[str, str]]]) -> str:
    """The name of the codec by which every byte of the file is a character."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        wide = "utf-16"
    elif start.startswith(codecs.BOM_UTF8):
        return _narrow(data, name, notices)
    elif len(start) > 3 and start[1::2].count(0) > len(start) // 3:
        wide = "utf-16-le"
    elif len(start) > 3 and start[::2].count(0) > len(start) // 3:
        wide = "utf-16-be"
    else:
        return _narrow(data, name, notices)
    _decode(data, name, wide, "sheet-utf16")
    notices.append(("sheet-utf16-read", {}))
    return wide


def _narrow(data: bytes | Path, name: str, notices: list[tuple[str, dict[str, str]]]) -> str:
    """UTF-8, or Windows-1252 where nothing beyond ASCII is UTF-8; anything between the two is broken."""
    fault, multibyte = _look(data)
    if fault is None:
        return "utf-8-sig"
    offset, line, byte = fault
    where = {"file": name, "byte": f"0x{byte:02X}", "offset": str(offset), "line": str(line)}
    if multibyte:
        raise Fault("sheet-utf8", **where)
    _decode(data, name, "cp1252", "sheet-encoding")
    sign = bytes([byte]).decode("cp1252")
    notices.append(("sheet-cp1252", {"found": f"0x{byte:02X} {sign}", "offset": str(offset)}))
    return "cp1252"


def _look(data: bytes | Path) -> tuple[tuple[int, int, int] | None, bool]:
    """Offset, line and value of the first byte that is not UTF-8; and whether any byte run beyond ASCII is UTF-8."""
    fault: tuple[int, int, int] | None = None
    multibyte, before, lines = False, 0, 1
    rest = b""
    with _open(data) as stream:
        while True:
            piece = stream.read(_CHUNK)
            block = rest + piece
            try:
                # The end of a chunk may cut a character in two: it waits for the next chunk.
                said, used = codecs.utf_8_decode(block, "strict", not piece)
            except UnicodeDecodeError as error:
                if fault is None:
                    line = lines + block.count(b"\n", 0, error.start)
                    fault = (before + error.start, line, block[error.start])
                good = block[: error.start]
                multibyte = multibyte or not good.removeprefix(codecs.BOM_UTF8).isascii()
                used = error.start + 1
                rest = block[used:]
                if multibyte:
                    return fault, True
                # Past the fault, a single further character that is UTF-8 is enough to know the file is not 1252.
                multibyte = _any_multibyte(rest)
            else:
                multibyte = multibyte or not said.removeprefix("\ufeff").isascii()
                rest = block[used:]
            if fault and multibyte:
                return fault, True
            before += used
            lines += block.count(b"\n", 0, used)
            if not piece and not rest:
                return fault, multibyte


def _any_multibyte(block: bytes) -> bool:
    """Whether a run of three bytes or more in `block` is one UTF-8 character (no Windows-1252 text looks so)."""
    for at, byte in enumerate(block):
        if 0xE0 <= byte <= 0xF4:
            try:
                block[at : at + (3 if byte < 0xF0 else 4)].decode("utf-8")
            except UnicodeDecodeError:
                continue
            return True
    return False


def _decode(data: bytes | Path, name: str, encoding: str, rule: str) -> None:
    """Decode the whole file in pieces; a Fault by `rule` with the offset of the first byte that fails."""
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, lines = 0, 1
    with _open(data) as stream:
        while True:
            piece = stream.read(_CHUNK)
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(piece, not piece)
            except UnicodeDecodeError as error:
                at = max(offset - held + error.start, 0)
                byte = error.object[error.start] if error.start < len(error.object) else 0
                line = lines + bytes(error.object).count(b"\n", 0, error.start)
                raise Fault(rule, file=name, byte=f"0x{byte:02X}", offset=str(at), line=str(line)) from None
            if not piece:
                return
            offset += len(piece)
            lines += piece.count(b"\n")


def _delimiter(data: bytes | Path, encoding: str) -> tuple[str, int]:
    """The delimiter under which the first records are widest and most alike, and how many lines to pass over.

    A first line `sep=;` says it outright, as Excel writes it.
    """
    with io.TextIOWrapper(_open(data), encoding, newline="") as text:
        start = text.read(64 * 1024)
    first = start.split("\n", 1)[0].strip("\r")
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    best, chosen = 0.0, ","
    for each in _DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for record in csv.reader(io.StringIO(start, newline=""), delimiter=each):
                filled = sum(1 for cell in record if cell.strip())
                if filled:
                    widths[len(record)] += 1
                if widths.total() >= 100:
                    break
        except csv.Error:
            continue
        width, alike = max(widths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
        score = alike / max(widths.total(), 1) * (1 - 1 / width)
        if score > best + 1e-9:
            best, chosen = score, each
    return chosen, 0


def _rows(data: bytes | Path, name: str, encoding: str, delimiter: str, skip: int) -> Iterator[Row]:
    number = 0
    with io.TextIOWrapper(_open(data), encoding, newline="") as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        try:
            for number, record in enumerate(reader, 1):
                if number <= skip:
                    continue
                if number > MOST_ROWS:
                    raise Fault("sheet-rows", file=name, most=f"{MOST_ROWS:,}")
                cells = {at: Cell("text", value) for at, value in enumerate(record) if value}
                if cells and max(cells) >= MOST_COLUMNS:
                    raise Fault("sheet-width", file=name, most=str(MOST_COLUMNS), row=str(number))
                yield Row(number, cells)
        except csv.Error as error:
            raise Fault("sheet-csv", file=name, row=str(number + 1), what=shown(str(error))) from None


def _around(rows: Iterator[Row]) -> Around:
    head = []
    for row in map(filled, rows):
        if row.cells:
            head.append(row)
        if len(head) >= HEAD_ROWS:
            break
    return Around(tuple(head))
