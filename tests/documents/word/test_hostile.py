"""Files that are made to harm, broken, or of another kind: each a clear refusal by rule."""

import contextlib
import io
import os
import resource
import struct
import zipfile

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.package import LIMITS, open_package
from dtti.papers.negotiated import compare, read, write

from .making import archived, changed, sample, unpacked

GOOD = write(sample(), lang="en")
PARTS = unpacked(GOOD)
DOCUMENT = "word/document.xml"
RELS = "word/_rels/document.xml.rels"
BODY = (
    '<?xml version="1.0"?>{}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    "<w:body>{}</w:body></w:document>"
)


def refused(data, *, name="back.docx", kind="docx"):
    """The rule by which a file is refused, everywhere that takes files; the reason names the file."""
    with pytest.raises(Refused) as one:
        open_package(data, kind=kind, name=name)
    said = one.value.refusals[0]
    assert name in said.reason
    assert said.remedy
    if kind == "docx":
        for door in (lambda: compare(sample(), data, name=name), lambda: read(data, name=name)):
            with pytest.raises(Refused) as other:
                door()
            assert other.value.refusals[0] == said
    return said.rule


def with_part(name, data):
    return archived({**PARTS, name: data})


def with_relation(kind, target, *, external=True, part=RELS):
    mode = ' TargetMode="External"' if external else ""
    line = f'<Relationship Id="rId99" Type="http://x/{kind}" Target="{target}"{mode}/>'
    return changed(GOOD, ("</Relationships>", f"{line}</Relationships>"), part=part)


ENTITIES = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
BOMBS = {
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{ENTITIES}]>',
    "quadratic": f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>',
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://192.0.2.1/x.dtd"> %p;]>',
    "external subset": '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">',
}


@pytest.mark.parametrize("kind", BOMBS)
@pytest.mark.parametrize(
    "part", [DOCUMENT, "word/styles.xml", RELS, "[Content_Types].xml", "customXml/item9.xml", "x.bin"]
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_part_and_encoding(kind, part, encoding):
    text = BODY.format(BOMBS[kind], "<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>").replace(
        '"1.0"', f'"1.0" encoding="{encoding}"'
    )
    assert refused(with_part(part, text.encode(encoding))) == "package-xml"


def test_nesting_without_end_is_refused():
    deep = "<w:sdt><w:sdtContent>" * 5_000 + "</w:sdtContent></w:sdt>" * 5_000
    assert refused(with_part(DOCUMENT, BODY.format("", deep).encode())) == "package-xml"


@pytest.mark.office
def test_a_part_of_very_many_elements_is_refused():
    many = "<w:p/>" * (LIMITS["docx"].elements + 1)
    data = archived({**PARTS, DOCUMENT: BODY.format("", many).encode()}, zipfile.ZIP_STORED)
    assert refused(data) == "package-xml"


@pytest.mark.parametrize(
    "text",
    [b"", b"<w:document", b"\xff\xfe\x00", b"<a>\xc3\x28</a>", b"<a>\x00</a>", b"<a></b>", b"<a/><b/>", b"just words"],
)
def test_xml_that_is_none_is_refused(text):
    assert refused(with_part(DOCUMENT, text)) in ("package-xml", "package-part")


def test_an_encoding_that_no_office_file_has_is_refused():
    assert refused(with_part(DOCUMENT, b'<?xml version="1.0" encoding="x-none"?><a/>')) == "package-xml"


def test_a_part_that_unpacks_without_measure_is_refused():
    assert refused(with_part("word/media/a.bin", b"\0" * 20_000_000)) == "package-bomb"


@pytest.mark.office
def test_many_parts_that_unpack_to_too_much_together_are_refused():
    block = os.urandom(4096) * 1900
    many = {f"word/media/{at}.bin": block for at in range(22)}
    assert refused(archived({**PARTS, **many})) == "package-bomb"


def test_too_many_parts_are_refused():
    many = {f"word/media/{at}.bin": b"" for at in range(LIMITS["docx"].parts + 1)}
    assert refused(archived({**PARTS, **many})) == "package-bomb"


def test_a_declared_size_that_lies_is_refused():
    data = bytearray(with_part("word/media/a.bin", b"A" * 50_000))
    at = data.rfind(b"PK\x01\x02", 0, data.rfind(b"word/media/a.bin"))
    data[at + 24 : at + 28] = struct.pack("<I", 10)
    assert refused(bytes(data)) == "package-zip"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x",
        "/etc/passwd",
        "word/../../x.xml",
        "C:\\x.xml",
        "word\\x.xml",
        "word/%2e%2e/x.xml",
        "a//b",
        "a\nb",
    ],
)
def test_names_that_lead_elsewhere_are_refused(name):
    assert refused(with_part(name, b"x")) == "package-names"


def test_a_link_in_the_archive_is_refused():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for part, data in PARTS.items():
            archive.writestr(part, data)
        link = zipfile.ZipInfo("word/link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert refused(held.getvalue()) == "package-names"


@pytest.mark.parametrize("twin", [DOCUMENT, "WORD/Document.xml"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_part_that_is_there_twice_is_refused(twin):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for part, data in PARTS.items():
            archive.writestr(part, data)
        archive.writestr(twin, BODY.format("", "").encode())
    assert refused(held.getvalue()) == "package-names"


@pytest.mark.parametrize(
    "part", ["word/vbaProject.bin", "word/VBAPROJECT.BIN", "word/activeX/activeX1.xml", "word/vbaData.xml"]
)
def test_macros_and_controls_are_refused(part):
    assert refused(with_part(part, b"<x/>")) == "package-macro"


def test_macros_under_another_name_are_refused_by_their_type():
    kind = "application/vnd.ms-word.document.macroEnabled.main+xml"
    old = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    assert refused(changed(GOOD, (old, kind), part="[Content_Types].xml")) == "package-macro"
    assert refused(with_relation("vbaProject", "innocent.bin", external=False)) == "package-macro"


@pytest.mark.parametrize("part", ["word/embeddings/oleObject1.bin", "word/embeddings/sheet.xlsx", "word/media/run.exe"])
def test_files_inside_the_file_are_refused(part):
    assert refused(with_part(part, b"x")) == "package-embedded"


@pytest.mark.parametrize("kind", ["aFChunk", "oleObject", "package", "subDocument"])
def test_relations_to_files_inside_are_refused(kind):
    assert refused(with_relation(kind, "thing.bin", external=False)) == "package-embedded"


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://192.0.2.1/x.dotm"),
        ("attachedTemplate", "file:///C:/Users/x/Normal.dotm"),
        ("image", "\\\\192.0.2.1\\share\\x.png"),
        ("frame", "http://192.0.2.1/"),
        ("externalLinkPath", "other.xlsx"),
    ],
)
def test_whatever_would_be_fetched_is_refused(kind, target):
    assert refused(with_relation(kind, target)) == "package-external"


def test_a_hyperlink_is_let_in_and_never_followed():
    assert compare(sample(), with_relation("hyperlink", "https://example.org/")).same


@pytest.mark.parametrize("word", ["DDEAUTO", "INCLUDETEXT", "INCLUDEPICTURE", "LINK", "MACROBUTTON"])
def test_fields_that_fetch_or_run_are_refused(word):
    simple = f'<w:fldSimple w:instr=" {word} c:\\x "><w:r><w:t>x</w:t></w:r></w:fldSimple>'
    parts = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in (word[:3], word[3:] + " x"))
    begun = f'<w:r><w:fldChar w:fldCharType="begin"/></w:r>{parts}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    for field in (simple, begun):
        with pytest.raises(Refused) as one:
            compare(sample(), with_part(DOCUMENT, BODY.format("", f"<w:p>{field}</w:p>").encode()))
        assert one.value.refusals[0].rule == "word-field"


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "package-kind"),
        (b"%PDF-1.7\n...", "package-kind"),
        (b"{\\rtf1 x}", "package-kind"),
        (b"<!DOCTYPE html><html></html>", "package-kind"),
        (b"<?xml version='1.0'?><w:wordDocument/>", "package-kind"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le"), "package-kind"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "package-encrypted",
        ),
        (b"PK\x03\x04", "package-zip"),
        (GOOD[: len(GOOD) // 2], "package-zip"),
        (GOOD[:-30], "package-zip"),
        (archived({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<x/>"}), "package-kind"),
        (archived({"a.txt": b"hello"}), "package-kind"),
    ],
)
def test_a_file_of_another_kind_is_told_for_what_it_is(data, rule):
    assert refused(data) == rule


def test_a_workbook_called_docx_is_told_for_what_it_is():
    import openpyxl

    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    assert refused(held.getvalue()) == "package-kind"
    assert refused(GOOD, kind="xlsx", name="list.xlsx") == "package-kind"


def test_damaged_bytes_are_refused_by_their_checksum():
    data = bytearray(archived(PARTS, zipfile.ZIP_STORED))
    data[data.find(b"moored") + 1] ^= 1
    assert refused(bytes(data)) == "package-zip"


@pytest.mark.parametrize("part", ["[Content_Types].xml", "_rels/.rels", DOCUMENT])
def test_a_missing_part_is_named(part):
    left = {name: data for name, data in PARTS.items() if name != part}
    assert refused(archived(left)) in ("package-part", "package-kind")


def test_a_gigabyte_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "large.docx"
    with path.open("wb") as file:
        file.write(GOOD)
        file.truncate(1 << 30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refused) as one:
        open_package(path, kind="docx")
    assert one.value.refusals[0].rule == "package-size"
    assert "1,024 MiB" in one.value.refusals[0].reason
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_what_is_no_file_is_refused_without_waiting(tmp_path):
    pipe = tmp_path / "pipe.docx"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path):
        with pytest.raises(Refused) as one:
            open_package(path, kind="docx")
        assert one.value.refusals[0].rule == "package-kind"


def test_the_strict_form_is_refused_with_the_way_out():
    strict = BODY.format("", "").replace(
        "schemas.openxmlformats.org/wordprocessingml/2006/main", "purl.oclc.org/ooxml/wordprocessingml/main"
    )
    with pytest.raises(Refused) as one:
        compare(sample(), with_part(DOCUMENT, strict.encode()))
    assert one.value.refusals[0].rule == "word-strict"


def test_every_byte_flipped_is_read_or_refused_and_never_more(tmp_path):
    for at in range(0, len(GOOD), 251):
        data = bytearray(GOOD)
        data[at] ^= 0x55
        with contextlib.suppress(Refused):  # anything else is a defect
            compare(sample(), bytes(data))
