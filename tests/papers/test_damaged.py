"""No damaged file ends a command in a traceback: cut short, bytes turned, parts exchanged, another kind, nothing."""

import io
import random
import re
import zipfile

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from dtti.cli import calendars, papers, sheets
from dtti.papers.negotiated import write
from tests.documents.calendar.making import BEN, STAMP, meeting
from tests.documents.sheet.books import ACTIONS, action, book, csv, saved
from tests.documents.word.making import sample
from tests.papers.cases import SAMPLES, case

app = typer.Typer()
for each in (papers, sheets, calendars):
    each.add(app)


def ended(*arguments):
    """The exit code of a command, which raised nothing."""
    done = CliRunner().invoke(app, list(map(str, arguments)))
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code


def pdf(pages):
    """A PDF whose page tree names one page that is there and `pages` that are not."""
    kids = " ".join(["3 0 R", *(f"{at} 0 R" for at in range(90, 90 + pages))])
    return (
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        f"2 0 obj<</Type/Pages/Count {pages + 1}/Kids[{kids}]>>endobj\n"
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    ).encode()


def seeds():
    from dtti.documents.calendar.write import write_reply

    return {
        "docx": (write(sample(), lang="both"), ("paper", "compare", "{}", "--against", "TEXT")),
        "xlsx": (
            saved(book(ACTIONS, action(), action(ref="A-2"))[0]),
            ("sheet", "import", "--dry-run", "{}", "--register", "actions"),
        ),
        "csv": (csv(action(due="26/01/2027")), ("sheet", "import", "--dry-run", "{}", "--register", "actions")),
        "ics": (
            write_reply(meeting(), msgspec.structs.replace(BEN, answer="ACCEPTED"), STAMP),
            ("calendar", "reply", "{}"),
        ),
        "scan": (pdf(1), ("paper", "scan", "{}")),
        "check": ((SAMPLES / "p-02.pdf").read_bytes(), ("paper", "check", "{}")),
        "json": (
            (SAMPLES / "record.json").read_bytes(),
            ("paper", "word", "--kind", "record", "--data", "{}", "-o", "OUT"),
        ),
    }


def turned(data, chance):
    """Plain bytes damaged in one of several ways."""
    how = chance.choice(["cut", "turn", "tag", "value", "number", "drop"])
    found = {"tag": rb"</?[A-Za-z:]+", "value": rb'="[^"]*"', "number": rb"\d+"}.get(how)
    parts = re.findall(found, data) if found else []
    if parts:
        odd = {"tag": [b""], "value": [b'=""', b'="-1"', '="²"'.encode()], "number": [b"-1", b"9" * 25, "٣".encode()]}[
            how
        ]
        return data.replace(chance.choice(parts), chance.choice([*parts, *odd]), chance.choice([1, 3]))
    at = chance.randrange(len(data) + 1)
    if how == "cut":
        return data[:at]
    return data[:at] + (bytes([chance.randrange(256)]) if how == "turn" else b"") + data[at + chance.randrange(1, 9) :]


def damaged(data, chance):
    """A file damaged: one part of an archive, so that its checksums hold, or its bytes as they are."""
    if data[:2] != b"PK" or chance.random() < 0.2:
        return turned(data, chance)
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        wrong = chance.choice(old.namelist())
        for name in old.namelist():
            new.writestr(name, turned(old.read(name), chance) if name == wrong else old.read(name))
    return held.getvalue()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["docx", "xlsx", "csv", "ics", "scan", "check", "json"])
def test_a_damaged_file_is_read_or_refused(tmp_path, kind):
    data, command = seeds()[kind]
    (tmp_path / "text.json").write_bytes(msgspec.json.encode(sample()))
    named = {"{}": tmp_path / "file", "TEXT": tmp_path / "text.json", "OUT": tmp_path / "out.docx"}
    chance = random.Random(kind)
    for _ in range(60):
        (tmp_path / "file").write_bytes(damaged(data, chance))
        assert ended(*(named.get(each, each) for each in command)) in (0, 1)


@pytest.mark.parametrize(
    "held", [b"", b"PK\x03\x04" + b"\0" * 30, b"%PDF-1.7\n%%EOF", b"\x89PNG\r\n\x1a\n", b"{}", b"<a/>", b"\xff" * 90]
)
@pytest.mark.parametrize("kind", ["docx", "xlsx", "ics", "scan", "check", "json"])
def test_a_file_of_another_kind_is_refused(tmp_path, kind, held):
    (tmp_path / "text.json").write_bytes(msgspec.json.encode(sample()))
    (tmp_path / "file").write_bytes(held)
    named = {"{}": tmp_path / "file", "TEXT": tmp_path / "text.json", "OUT": tmp_path / "out.docx"}
    assert ended(*(named.get(each, each) for each in seeds()[kind][1])) in (1, 2)


@pytest.mark.parametrize("pages", [1, 3])
def test_a_page_that_cannot_be_loaded_is_refused_by_its_number(tmp_path, pages):
    (tmp_path / "scan.pdf").write_bytes(pdf(pages))
    done = CliRunner().invoke(app, ["paper", "scan", str(tmp_path / "scan.pdf")])
    assert done.exit_code == 1
    assert "page 2 of the PDF cannot be loaded" in done.stderr
    assert "rule: scan-kind" in done.stderr


def test_the_page_on_which_this_once_went_wrong():
    done = CliRunner().invoke(app, ["paper", "scan", str(case("p01"))])
    assert (done.exit_code, "rule: scan-kind" in done.stderr) == (1, True)
