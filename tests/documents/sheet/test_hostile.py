"""Workbooks made to harm, and files that only pretend: each is refused by its rule."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from dtti.accord.refusal import Refused
from dtti.documents.sheet.phrases import Fault
from dtti.documents.sheet.xlsx_parts import elements
from dtti.papers.registers import read_register

from .books import ACTIONS, action, book, csv, saved
from .test_reading_xlsx import altered

SHEET = "xl/worksheets/sheet1.xml"


def good() -> bytes:
    made, _ = book(ACTIONS, action())
    return saved(made)


def with_part(name: str, content: bytes) -> bytes:
    held = io.BytesIO(good())
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return held.getvalue()


def with_sheet(change: Callable[[bytes], bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == SHEET else old.read(name))
    return held.getvalue()


def bomb() -> bytes:
    laughs = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return with_sheet(lambda text: text.replace(b"<worksheet", laughs + b"<worksheet", 1))


def external() -> bytes:
    rels = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath" '
        b'Target="file:///other.xlsx" TargetMode="External"/></Relationships>'
    )
    return with_part("xl/externalLinks/_rels/externalLink1.xml.rels", rels)


def linked() -> bytes:
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    dde = b'<externalLink xmlns="' + main + b'"><ddeLink ddeService="cmd"/></externalLink>'
    return with_part("xl/externalLinks/externalLink1.xml", dde)


def backwards() -> bytes:
    return altered(good(), SHEET, ('<row r="2"', '<row r="1"'))


def stuffed() -> bytes:
    """A row of a million empty elements between two cells: small as a file, large where it is held as a tree."""
    return with_sheet(
        lambda text: text.replace(b"<sheetData>", b"<sheetData><row r='1'>" + b"<x/>" * 3_000_000 + b"</row>", 1)
    )


HARM: list[tuple[Callable[[], bytes], str]] = [
    (bomb, "package-xml"),
    (external, "package-external"),
    (linked, "sheet-external"),
    (lambda: with_part("../../evil.xml", b"<a/>"), "package-names"),
    (lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf"), "package-macro"),
    (lambda: with_part("xl/embeddings/oleObject1.bin", b"x"), "package-embedded"),
    (lambda: with_part("xl/media/a.bin", b"\0" * 30_000_000), "package-bomb"),
    (lambda: good()[:-40], "package-zip"),
    (lambda: good()[: len(good()) // 2], "package-zip"),
    (backwards, "sheet-part"),
    (stuffed, "package-bomb"),
    (lambda: with_sheet(lambda text: text[:-30]), "package-xml"),
    (lambda: with_sheet(lambda text: text.replace(b"Send", b"Se\xff\xfend")), "package-xml"),
    (lambda: altered(good(), "xl/_rels/workbook.xml.rels", ("sheet1.xml", "sheet9.xml")), "sheet-part"),
    (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "package-kind"),
    (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "package-encrypted"),
    (lambda: b"PK\x03\x04 and no more", "package-zip"),
    (lambda: b"%PDF-1.7", "sheet-kind"),
    (lambda: b"{\\rtf1}", "sheet-kind"),
    (lambda: b"\x89PNG\r\n", "sheet-kind"),
]


@pytest.mark.parametrize(("make", "rule"), HARM, ids=[f"{number}-{rule}" for number, (_, rule) in enumerate(HARM)])
def test_harm_is_refused_by_its_rule(make: Callable[[], bytes], rule: str) -> None:
    with pytest.raises(Refused) as caught:
        read_register(make(), "actions", name="register.xlsx")
    (refusal,) = caught.value.refusals
    assert refusal.rule == rule
    assert refusal.reason
    assert refusal.remedy


def test_a_refusal_speaks_hindi_where_that_is_wanted() -> None:
    with pytest.raises(Refused) as caught:
        read_register(linked(), "actions", name="register.xlsx", language="hi")
    assert caught.value.refusals[0].reason.startswith("register.xlsx दूसरी कार्यपुस्तिकाओं से जुड़ी है")


def test_formulas_that_would_fetch_or_run_are_never_followed() -> None:
    made, _ = book(ACTIONS, action(text='=WEBSERVICE("http://example.org/")', status="=cmd|' /C calc'!A0"))
    reading = read_register(saved(made), "actions")
    assert [(each.cell, each.rule) for each in reading.problems] == [("B2", "sheet-formula"), ("E2", "sheet-formula")]


def test_a_number_that_no_machine_holds_is_a_problem_and_no_crash() -> None:
    made, sheet = book(ACTIONS, action())
    sheet["D2"] = 12345
    for number in ("1E400", "-1E-400", "nan", "INF", "1e999999999", "9" * 400, "0x10", "1_000", "٣"):
        data = altered(saved_again(made), SHEET, ("<v>12345</v>", f"<v>{number}</v>"))
        assert [each.cell for each in read_register(data, "actions").problems] == ["D2"]


def saved_again(made: object) -> bytes:
    held = io.BytesIO()
    made.save(held)  # type: ignore[attr-defined] # a workbook of openpyxl
    return held.getvalue()


@pytest.mark.long
def test_a_part_that_passes_without_a_row_is_let_go_in_time() -> None:
    pieces = iter([b"<sheetData>", *[b"<x/>" * 50_000] * 60])
    with pytest.raises(Fault) as caught:
        list(elements(pieces, ("row",), (), "register.xlsx", "sheet1.xml"))
    assert caught.value.rule == "sheet-part"
    assert sum(1 for _ in pieces) > 10  # what was left was not read


def read_or_refused(data: bytes) -> None:
    """Read a register and all its rows; anything but a refusal goes up."""
    try:
        reading = read_register(data, "actions", name="register")
        reading.told("en")
        if reading.good:
            assert len(list(reading.rows())) == reading.count
    except Refused as refused:
        said = [(each.rule, each.reason, each.remedy) for each in refused.refusals]
    else:
        said = [(each["rule"], each["reason"], each["remedy"]) for each in reading.told("hi")["problems"]]
    assert all(map(all, said))


@settings(max_examples=25, deadline=None)
@given(some.binary(max_size=200), some.integers(0, 150), some.integers(0, 40))
def test_csv_spoiled_at_any_place_is_read_or_refused(spoil: bytes, at: int, cut: int) -> None:
    data = csv(action(), action(ref="A-2"))
    read_or_refused(data[:at] + spoil + data[at + cut :])


@settings(max_examples=25, deadline=None)
@given(some.text(max_size=40), some.integers(0, 900), some.integers(0, 30))
def test_a_sheet_spoiled_at_any_place_is_read_or_refused(spoil: str, at: int, cut: int) -> None:
    said = spoil.encode("utf-8", "surrogatepass")
    read_or_refused(with_sheet(lambda text: text[: 300 + at] + said + text[300 + at + cut :]))


@settings(max_examples=25, deadline=None)
@given(some.lists(some.text(some.characters(exclude_categories=["Cs"]), max_size=30), min_size=5, max_size=5))
def test_any_texts_in_cells_are_read_or_problems(texts: list[str]) -> None:
    read_or_refused(csv(texts, action()).replace(b"\x00", b""))
