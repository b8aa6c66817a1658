"""An Office file (ECMA-376 Part 2: Open Packaging Conventions) opened with limits. Knows no Word, no spreadsheet.

What comes back from outside is a ZIP archive of XML parts that anyone may have made. Before anything reads it, it is
looked at whole: its size, its kind by what it holds and never by its name, its names, its expansion, every XML part
(well formed, no document type and so no entities, bounded depth and number of elements), no macros, nothing embedded,
nothing fetched from elsewhere. What does not pass is refused by rule; nothing is unpacked to disc, nothing is fetched.
"""

import io
import posixpath
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

from lxml import etree

from dtti.accord.refusal import Refused, refuse

from . import content, xml
from .content import Relationship

Kind = Literal["docx", "xlsx"]
MEBI = 1024 * 1024
CONTENT_TYPES = "[Content_Types].xml"
_RELATIONSHIPS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_CHUNK = 256 * 1024


@dataclass(frozen=True)
class Limits:
    """How large a file of a kind may be. Sizes in bytes; `ratio` is unpacked over packed, for parts above 1 MiB."""

    file: int
    unpacked: int
    part: int
    elements: int
    parts: int = 2_000
    ratio: int = 200
    depth: int = 200


# A Word part is held as a tree, so its elements are what costs memory; a sheet is streamed by its reader.
LIMITS: dict[Kind, Limits] = {
    "docx": Limits(file=25 * MEBI, unpacked=150 * MEBI, part=30 * MEBI, elements=600_000),
    "xlsx": Limits(file=50 * MEBI, unpacked=400 * MEBI, part=250 * MEBI, elements=20_000_000),
}

_CALLED: dict[Kind, str] = {"docx": "a Word document (.docx)", "xlsx": "an Excel workbook (.xlsx)"}
_MAIN: dict[str, Kind] = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml": "xlsx",
}


@dataclass(frozen=True)
class Package:
    """An Office file that passed every check. `data`: the file as it came; `main`: the name of its main part."""

    kind: Kind
    name: str
    data: bytes
    main: str
    names: tuple[str, ...]

    def __contains__(self, part: object) -> bool:
        return part in self.names

    def part(self, name: str) -> bytes:
        """The bytes of a part, by its name in the archive; Refused (`package-part`) where there is none."""
        if name not in self.names:
            raise _no(
                "package-part",
                f"{self.name}: the part {name} is missing",
                "Save the file again in the program it came from.",
            )
        with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
            return archive.read(name)

    def xml(self, name: str) -> etree._Element:
        """A part as a tree; nothing is resolved or fetched while it is read."""
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            remove_comments=True,
            remove_pis=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
        )
        try:
            return etree.fromstring(self.part(name), parser)
        except etree.XMLSyntaxError as error:
            raise _no(
                "package-xml",
                f"{self.name}: the part {name} cannot be read as XML: {error.msg}",
                "Save the file again in the program it came from.",
            ) from None

    def relationships(self, part: str = "") -> tuple[Relationship, ...]:
        """Where a part leads ("" for the package itself), in the order of its `.rels`; none where it has none."""
        folder, last = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{last}.rels")
        if rels not in self.names:
            return ()
        return tuple(_relationship(each, folder) for each in self.xml(rels).iter(_RELATIONSHIPS))


def open_package(data: bytes | Path, *, kind: Kind, name: str = "") -> Package:
    """Open an Office file of `kind`, given as bytes or as a path (read only after its size is known).

    `name` is what refusals call it; a path's own name otherwise. Refused by one of the rules `package-size`,
    `package-kind`, `package-encrypted`, `package-zip`, `package-names`, `package-bomb`, `package-xml`, `package-macro`,
    `package-embedded`, `package-external`, `package-part`; OSError where a path cannot be read.
    """
    name = name or (data.name if isinstance(data, Path) else "The file")
    limits = LIMITS[kind]
    held = _held(data, limits, name)
    _look_at_kind(held, kind, name)
    try:
        archive = _archive(held, limits, name)
        with archive:
            names = _names(archive, limits, name)
            _look_at_parts(archive, names, limits, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, RuntimeError, OSError) as error:
        raise _no(
            "package-zip",
            f"{name}: the archive is damaged or cut short ({str(error)[:120] or type(error).__name__})",
            "Ask the sender to save and send the file again.",
        ) from None
    found = Package(kind, name, held, "", names)
    if CONTENT_TYPES not in names:
        other = "an OpenDocument file" if "mimetype" in names else "a ZIP archive of other things"
        raise _no(
            "package-kind", f"{name} is {other}, not {_CALLED[kind]}", f"Save it as {_CALLED[kind]} and send that."
        )
    types = _content_types(found)
    for part in names:
        if part.lower().endswith(".rels"):
            for each in found.xml(part).iter(_RELATIONSHIPS):
                content.look_at_relationship(_relationship(each, ""), part, name)
    content.look_at_parts(names, types.values(), name)
    return Package(kind, name, held, _main_part(found, types, kind), names)


def _no(rule: str, reason: str, remedy: str) -> Refused:
    return Refused(refuse(rule, reason, remedy))


def _held(data: bytes | Path, limits: Limits, name: str) -> bytes:
    """The file's bytes, where they are few enough."""
    if isinstance(data, Path):
        found = data.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _no("package-kind", f"{name} is not a file", "Give the path of a file.")
        size = found.st_size
        if size <= limits.file:
            with data.open("rb") as file:
                data = file.read(limits.file + 1)
            size = len(data)
    else:
        size = len(data)
    if size > limits.file or isinstance(data, Path):
        raise _no(
            "package-size",
            f"{name} has {size / MEBI:,.0f} MiB; at most {limits.file // MEBI} MiB are read",
            "Take out pictures and whatever else makes it large, or send it in parts.",
        )
    return data


def _look_at_kind(data: bytes, kind: Kind, name: str) -> None:
    """Refuse what is not a ZIP archive, and say what it is."""
    if data.startswith(b"PK\x03\x04"):
        return
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise _no(
                "package-encrypted",
                f"{name} is encrypted with a password",
                "Save it without a password, and protect it on its way by other means.",
            )
        what = "a file of Word or Excel before 2007, or an e-mail message"
    elif start.startswith(b"%PDF"):
        what = "a PDF"
    elif start.startswith(b"{\\rtf"):
        what = "a Rich Text file"
    elif re.match(rb"(?i)<(!doctype html|html|head|body|meta)", start):
        what = "a web page"
    elif start.startswith(b"<"):
        what = "an XML file"
    elif not data:
        what = "empty"
    else:
        what = "of another kind"
    raise _no(
        "package-kind",
        f"{name} is {what}, not {_CALLED[kind]}, whatever its name says",
        f"Open it in the program it came from, save it as {_CALLED[kind]}, and send that.",
    )


def _archive(data: bytes, limits: Limits, name: str) -> zipfile.ZipFile:
    """The archive opened; one with too many entries is refused before its directory is read into memory."""
    # Every entry of the central directory begins with this signature (APPNOTE 4.3.12), so it bounds their number.
    if data.count(b"PK\x01\x02") > limits.parts:
        raise _no(
            "package-bomb",
            f"{name} holds more than {limits.parts} parts",
            "Copy its text into a new document and send that.",
        )
    return zipfile.ZipFile(io.BytesIO(data))


def _names(archive: zipfile.ZipFile, limits: Limits, name: str) -> tuple[str, ...]:
    """The names of all parts, each one fit to be a part (ECMA-376 Part 2, 6.2 and 7.3), none twice in any case."""
    seen: set[str] = set()
    for entry in archive.infolist():
        path = entry.orig_filename
        plain = path.removesuffix("/")
        steps = unquote(plain).split("/")
        if (
            not plain
            or any(step in ("", ".", "..") for step in steps)
            or re.search(r"[\x00-\x1f\x7f\\]|^[A-Za-z]:", unquote(plain))
            or stat.S_ISLNK(entry.external_attr >> 16)
        ):
            raise _no(
                "package-names",
                f"{name}: the archive holds a part with a name that leads elsewhere: {path[:80]!r}",
                "No office program writes such a file: ask who made it, and with what.",
            )
        if plain.lower() in seen:
            raise _no(
                "package-names",
                f"{name}: the archive holds {plain[:80]!r} twice, so that two programs may read two texts",
                "No office program writes such a file: ask who made it, and with what.",
            )
        seen.add(plain.lower())
        if entry.flag_bits & 0x1:
            raise _no("package-encrypted", f"{name}: {plain[:80]} is encrypted", "Save the file without a password.")
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _no(
                "package-zip",
                f"{name}: {plain[:80]} is packed in a way that Office files never are",
                "Save the file again in the program it came from.",
            )
        if entry.file_size > limits.part or (
            entry.file_size > MEBI and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        ):
            raise _no(
                "package-bomb",
                f"{name}: {plain[:80]} would unpack to {entry.file_size / MEBI:,.0f} MiB"
                f" from {entry.compress_size / 1024:,.0f} KiB",
                "Copy its text into a new document and send that.",
            )
    total = sum(entry.file_size for entry in archive.infolist())
    if total > limits.unpacked:
        raise _no(
            "package-bomb",
            f"{name} would unpack to {total / MEBI:,.0f} MiB; at most {limits.unpacked // MEBI} MiB are read",
            "Copy its text into a new document and send that.",
        )
    return tuple(entry.filename for entry in archive.infolist() if not entry.is_dir())


def _look_at_parts(archive: zipfile.ZipFile, names: tuple[str, ...], limits: Limits, name: str) -> None:
    """Read every part once, in pieces: checksums hold, and what is XML is XML of the harmless kind."""
    for part in names:
        with archive.open(part) as stream:
            piece = stream.read(_CHUNK)
            looked = None
            if _is_xml(part, piece):
                looked = xml.Looker(depth=limits.depth, elements=limits.elements)
            while piece:
                if looked:
                    _xml(looked, piece, name, part)
                piece = stream.read(_CHUNK)
            if looked:
                _xml(looked, b"", name, part)


def _is_xml(part: str, start: bytes) -> bool:
    """By name, or by how it begins: a main part may be called anything. A drawing (SVG) is never read as XML here."""
    low = part.lower()
    begins = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff"))
    return low.endswith((".xml", ".rels", ".vml")) or (begins and not low.endswith(".svg"))


def _xml(looked: xml.Looker, piece: bytes, name: str, part: str) -> None:
    wrong = looked.feed(piece)
    if wrong:
        raise _no(
            "package-xml",
            f"{name}: the part {part} {wrong}",
            "Save the file again in the program it came from, or copy its text into a new document.",
        )


def _content_types(package: Package) -> dict[str, str]:
    """Content type by part name (lower case), and by extension (with a leading dot)."""
    found: dict[str, str] = {}
    for each in package.xml(CONTENT_TYPES):
        if each.tag == f"{_TYPES}Override":
            found[each.get("PartName", "").lstrip("/").lower()] = each.get("ContentType", "").lower()
        elif each.tag == f"{_TYPES}Default":
            found["." + each.get("Extension", "").lower()] = each.get("ContentType", "").lower()
    return found


def _relationship(each: etree._Element, folder: str) -> Relationship:
    external = each.get("TargetMode", "") == "External"
    target = each.get("Target", "")
    if not external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Relationship(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], target, external)


def _main_part(package: Package, types: dict[str, str], kind: Kind) -> str:
    main = next((each.target for each in package.relationships() if each.type == "officeDocument"), "")
    if main not in package.names:
        raise _no(
            "package-part",
            f"{package.name}: its main part is missing",
            "Save the file again in the program it came from.",
        )
    found = _MAIN.get(types.get(main.lower()) or types.get(posixpath.splitext(main)[1].lower(), ""))
    if found != kind:
        what = _CALLED[found] if found else "an Office file of another kind"
        raise _no("package-kind", f"{package.name} is {what}, not {_CALLED[kind]}", f"Give {_CALLED[kind]}.")
    return main
