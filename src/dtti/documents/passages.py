"""The words of a file that came from outside, with the place of each: for looking through, never for display.

PDF (its words, as pdfium has them), Word and Excel and their open counterparts (text, text boxes, heads and feet,
notes, comments, watermarks, properties), e-mail with what is attached, plain text. A picture has no words here. It
knows no marking, no ledger and no page. Nothing is unpacked to disc, and what is read is bounded.
"""

import email
import email.policy
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from typing import Final

import msgspec
from lxml import etree, html

from dtti.accord.refusal import Refused, refuse
from dtti.language.marking import C_

MOST_PARTS: Final = 2_000  # parts of one archive that are looked into
MOST_BYTES: Final = 64 * 1024 * 1024  # that the parts of one archive unpack to, all together
MOST_DEPTH: Final = 3  # of a message in a message
MOST_PAGES: Final = 2_000
_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"GIF8", b"BM")
_MAIL: Final = re.compile(rb"(?im)^(?:from|subject|date|message-id|mime-version):[ \t]")
_RUN: Final = re.compile(r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]{4,}")
#: Places with a number or a name in them, for the catalogue.
PLACES: Final = (
    C_("refusal", "page %(number)s"),
    C_("refusal", "line %(number)s"),
    C_("refusal", "cell %(address)s"),
    C_("refusal", "the line %(name)s of the message"),
    C_("refusal", "the sheet %(name)s"),
)
#: Elements that hold a paragraph, by their local name, in any of the office formats: words are joined within one.
_PARAGRAPHS: Final = frozenset(("p", "h", "si"))


class Passage(msgspec.Struct, frozen=True):
    """Words of a file, and where they stand. `margin`: a running head or foot, a watermark, a property of the file.

    `cells`: of a sheet, the address of the cell that each line of the words stands in.
    """

    text: str
    place: str
    margin: bool = False
    cells: tuple[str, ...] = ()

    def at(self, line: int) -> str:
        """The place of a line of it, in words of the catalogue of refusals."""
        where = f"cell {self.cells[line - 1]}" if line <= len(self.cells) else f"line {line}"
        return self.place if self.margin else f"{self.place}, {where}"


def passages(data: bytes, name: str = "") -> list[Passage]:
    """The words of a file; none of a picture, or of what holds no words that can be read here.

    Refused (`file-locked`) where the file is kept by a password, so that nobody here can look into it.
    """
    return list(_of(data, name, 0))


def _of(data: bytes, name: str, depth: int) -> Iterator[Passage]:
    if data.startswith(_PICTURES):
        return
    if b"%PDF-" in data[:1024]:
        yield from _pdf(data, name)
    elif data.startswith(_ZIP):
        yield from _archive(data, name, depth)
    elif data.startswith(_OLE):
        yield from _old(data, name)
    elif _MAIL.search(data[:2_000]) and b"\n\n" in data.replace(b"\r\n", b"\n")[:200_000]:
        yield from _mail(email.message_from_bytes(data, policy=email.policy.default), depth)
    else:
        text = _decoded(data)
        if text:
            yield Passage(text, C_("refusal", "the text"))


def _decoded(data: bytes) -> str:
    """A text in the encodings that office programs write; whatever is none of them is read sign by sign."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _locked(name: str) -> Refused:
    return Refused(
        refuse(
            "file-locked",
            f"{name or 'the file'} is kept by a password, so that nobody can look whether it bears a marking.",
            "Save it without a password, and protect it on its way by other means.",
        )
    )


# --- PDF -------------------------------------------------------------------------------------------------------------


def _pdf(data: bytes, name: str) -> Iterator[Passage]:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).casefold():
            raise _locked(name) from None
        return
    try:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            said = page.get_textpage().get_text_bounded()
            yield Passage(said.replace("\x00", ""), f"page {number + 1}")
        for value in document.get_metadata_dict(skip_empty=True).values():
            yield Passage(str(value), _PROPERTIES, margin=True)
    except (pypdfium2.PdfiumError, RuntimeError, ValueError, MemoryError):
        return
    finally:
        document.close()


# --- Word, Excel and their like --------------------------------------------------------------------------------------

_PROPERTIES: Final = C_("refusal", "the properties of the file")
_PLACES: Final[tuple[tuple[str, str, bool], ...]] = (
    (r"word/header\d*\.xml", C_("refusal", "the head of the page"), True),
    (r"word/footer\d*\.xml", C_("refusal", "the foot of the page"), True),
    (r"word/(foot|end)notes\.xml", C_("refusal", "a note"), False),
    (r"(word|xl)/.*comment.*\.xml", C_("refusal", "a comment"), False),
    (r"docProps/.*\.xml|meta\.xml", _PROPERTIES, True),
    (r"xl/drawings/.*\.xml|xl/drawings/.*\.vml", C_("refusal", "a text box of the sheet"), True),
    (r"styles\.xml", C_("refusal", "the head or foot of the page"), True),
    (r"ppt/slides/slide\d+\.xml", C_("refusal", "a slide"), False),
    (r"xl/.*\.xml", C_("refusal", "the sheet"), False),
    (r".*\.(xml|vml)", C_("refusal", "the text"), False),
)


def _archive(data: bytes, name: str, depth: int) -> Iterator[Passage]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left, sheets = MOST_BYTES, _Sheets()
            for each in archive.infolist()[:MOST_PARTS]:
                if each.flag_bits & 1:
                    raise _locked(name)
                wanted = each.filename.lower().endswith((".xml", ".vml", ".txt", ".csv", ".eml"))
                nested = depth < MOST_DEPTH and each.filename.lower().endswith((".docx", ".xlsx", ".pdf", ".zip"))
                if each.is_dir() or not (wanted or nested):
                    continue
                with archive.open(each) as part:
                    held = part.read(left + 1)
                left -= len(held)
                if left < 0:
                    return
                if sheets.takes(each.filename, held):
                    continue
                if each.filename.lower().endswith((".xml", ".vml")):
                    yield from _part(each.filename, held)
                else:
                    yield from _of(held, each.filename, depth + 1)
            yield from sheets.passages()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError):
        return


class _Sheets:
    """The cells of a workbook: what they say is known once the part is read that holds their texts."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._sheets: list[tuple[str, bytes]] = []

    def takes(self, name: str, data: bytes) -> bool:
        """Whether a part is one of these; a sheet is kept for its cells, and read for its heads and feet as well."""
        if name == "xl/sharedStrings.xml":
            root = _tree(data)
            self._texts = ["".join(_words_of(each)) for each in root] if root is not None else []
            return True
        if re.fullmatch(r"xl/worksheets/[^/]+\.xml", name):
            self._sheets.append((name.rpartition("/")[2].removesuffix(".xml"), data))
        return False

    def passages(self) -> Iterator[Passage]:
        """The words of each sheet, cell by cell."""
        for name, data in self._sheets:
            root = _tree(data)
            said = [(each.get("r") or "", self._said(each)) for each in root.iter("{*}c")] if root is not None else []
            held = [(address, words.replace("\n", " ")) for address, words in said if words]
            if held:
                yield Passage(
                    "\n".join(words for _address, words in held),
                    f"the sheet {name}",
                    cells=tuple(address for address, _words in held),
                )

    def _said(self, cell: etree._Element) -> str:
        if cell.get("t") == "s":
            number = cell.findtext("{*}v") or ""
            return self._texts[int(number)] if number.isdecimal() and int(number) < len(self._texts) else ""
        if cell.get("t") == "inlineStr":
            return "".join(words for each in cell.iterfind("{*}is") for words in _words_of(each))
        return cell.findtext("{*}v") or "" if cell.get("t") == "str" else ""


def _tree(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None


def _part(name: str, data: bytes) -> Iterator[Passage]:
    """The words of one XML part: each paragraph a line; a text box, a cell and a head or foot by itself."""
    place, margin = next((place, margin) for form, place, margin in _PLACES if re.fullmatch(form, name))
    root = _tree(data)
    if root is None:
        return
    plain: list[str] = []
    for element in root.iter():
        local = _local(element)
        if local == "is":
            continue  # the words of a cell, which are read with its address
        if local in _PARAGRAPHS:
            line = "".join(_words_of(element))
            if _in_box(element):
                yield Passage(line, C_("refusal", "a text box"), margin=True)
            else:
                plain.append(line)
        elif local == "textpath" and (drawn := element.get("string")):
            yield Passage(drawn, C_("refusal", "a watermark"), margin=True)
        elif local in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
            bare = re.sub(r"&(?:\"[^\"]*\"|[0-9]+|[A-Z])", "\t", element.text or "")
            yield Passage(bare, C_("refusal", "the head or foot of the sheet"), margin=True)
        elif local == "sheet" and (title := element.get("name")):
            plain.append(title)
        elif name.startswith("docProps/") and not len(element) and element.text:
            yield Passage(element.text, place, margin=True)
        elif local == "text" and "comment" in name:
            plain.append("".join(_words_of(element)))
    # Lines of a part are read one by one: the first of a part is not the first of a page.
    if plain:
        yield Passage("\n".join(plain), place, margin)


def _in_box(element: etree._Element) -> bool:
    return any(_local(each) in ("txbxContent", "txBody", "text-box") for each in element.iterancestors())


def _local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty of a comment or an instruction."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _words_of(paragraph: etree._Element) -> Iterator[str]:
    """The words of a paragraph, without those of paragraphs inside it (of a text box)."""
    stack: list[etree._Element] = [paragraph]
    while stack:
        element = stack.pop()
        local = _local(element)
        if element is not paragraph and local in _PARAGRAPHS:
            continue
        if local in ("t", "delText", "p", "h", "span", "a") and element.text:
            yield element.text
        elif local in ("tab", "ptab"):
            yield "\t"
        elif local in ("br", "cr", "line-break"):
            yield "\n"
        if element is not paragraph and element.tail and local in ("span", "a", "s", "tab", "line-break"):
            yield element.tail
        stack.extend(reversed(element))


# --- e-mail, older files ---------------------------------------------------------------------------------------------


def _mail(message: EmailMessage, depth: int) -> Iterator[Passage]:
    for name in ("Subject", "X-Classification", "Sensitivity", "Keywords", "Comments"):
        for value in message.get_all(name, ()):
            place = f"the line {name} of the message"
            yield Passage(f"{name}: {value}" if name == "Subject" else str(value), place, margin=name != "Subject")
    for part in message.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        if part.get_content_type() == "text/html":
            yield Passage(_shown(payload), C_("refusal", "the text of the message"))
        elif part.get_content_maintype() == "text" and not part.get_filename():
            text = payload.decode(part.get_content_charset() or "utf-8", "replace")
            yield Passage(text, C_("refusal", "the text of the message"))
        elif depth < MOST_DEPTH:
            yield from _of(payload, part.get_filename() or "", depth + 1)


def _shown(page: bytes) -> str:
    try:
        tree = html.fromstring(page)
    except (etree.ParserError, ValueError):
        return ""
    return "\n".join(str(each).strip() for each in tree.itertext() if str(each).strip())


def _old(data: bytes, name: str) -> Iterator[Passage]:
    """A file of Word or Excel before 2007: the runs of signs in it, in both ways in which it holds them."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked(name)
    for text in (data.decode("utf-16-le", "replace"), data.decode("cp1252", "replace")):
        yield Passage("\n".join(_lines(text)), C_("refusal", "the file"))


def _lines(text: str) -> Iterable[str]:
    for run in _RUN.findall(text):
        yield from re.split(r"[\r\n\x07]+", run)
