"""A pack holds the PDFs that came with the papers of the agenda, page by page; a broken one takes no pack away."""

import shutil
import subprocess
from pathlib import Path

import pytest
import typst

from dtti.accord import table
from dtti.documents.typeset import inserts, trial
from dtti.documents.typeset.compile import fonts
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.line.published import put
from dtti.office.asking import Asking, Moment
from dtti.office.papers import registry
from dtti.programme.published import record_id
from tests.node import capitals

pytestmark = [pytest.mark.long, pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")]


def pdf(words: str, pages: int) -> bytes:
    body = f"#for page in range({pages}) [{words} #(page + 1) #pagebreak(weak: true)]"
    return bytes(typst.compile(body.encode(), font_paths=fonts(), ignore_system_fonts=True, timestamp=0))


def paper(of: capitals.Capital, ref: str, files: dict[str, bytes], ledger: str = "released") -> None:
    """A dated statement of this side on how a project goes, with files."""
    content = {"ref": ref, "title": f"Paper {ref}", "side": of.side, "type": "offer", "capability": "What it does."}
    body = text.Text(content=content, files=[text.File(name, "application/pdf") for name in files])
    record = new_record("need", of.side)
    of.write("state", record, table.State(base=0), body, files=tuple(files.values()), ledger=ledger)


def nested(depth: int) -> bytes:
    """A PDF of arrays within arrays, which a reader written in C goes down until its stack ends, and it with that."""
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length 37>>stream\nBT /F1 24 Tf 100 700 Td (Hello) Tj ET\nendstream",
        b"[" * depth + b"]" * depth,
    ]
    made, places = b"%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(made),
    )


@pytest.fixture
def india(tmp_path: Path) -> capitals.Capital:
    made = capitals.found(tmp_path / "ind", "IND")
    body = {"ref": "ex-group", "name": "Exercise Group", "type": "group", "cite": {"confidence": "unverified"}}
    put(made.node, [("body", record_id("body", "ex-group"), body)])
    paper(made, "p-1", {"Trial report.pdf": pdf("Trial page", 3), "Broken.pdf": b"%PDF-1.7 and no more"})
    paper(made, "p-4", {"Nested.pdf": nested(20_000), "Too long.pdf": pdf("Long page", trial.MOST_PAGES + 1)})
    paper(made, "p-2", {"Costs.pdf": pdf("Cost page", 2), "Annex.pdf": pdf("Annex page", 1)})
    paper(made, "p-3", {"Inner.pdf": pdf("Inner page", 1)}, ledger="national")
    meeting = {
        "ref": "ex-group-01",
        "body": "ex-group",
        "date": "2027-03-01",
        "mode": "in-person",
        "status": "planned",
        "agenda": [
            {
                "number": "1",
                "title": "Trials",
                "purpose": "decision",
                "papers": ["need:p-1", "need:p-2", "need:p-3", "need:p-4"],
            }
        ],
    }
    made.write("state", new_record("meeting", "IND"), table.State(basis="own"), text.Text(content=meeting))
    return made


def text_of(pdf: bytes) -> str:
    """What a reader sees, what was put in too."""
    told = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return told.stdout.decode()


def pack(of: capitals.Capital, *, national: bool) -> registry.Made:
    of.node.settle()
    asking = Asking(of.node, Viewer(of.side, national=national), Moment())
    row, content = registry.record(asking, "ex-group-01", "meeting-pack")
    return registry.made(asking, row, content, "meeting-pack")


def test_every_page_of_every_file_is_in_the_pack_and_what_cannot_be_opened_is_said(india: capitals.Capital) -> None:
    made = pack(india, national=True)
    said = text_of(made.data)
    for words, pages in (("Trial page", 3), ("Cost page", 2), ("Annex page", 1), ("Inner page", 1)):
        assert [f"{words} {number}" in said for number in range(1, pages + 1)] == [True] * pages
    for name in ("Broken.pdf", "Nested.pdf", "Too long.pdf"):
        assert f"{name} cannot be put in here" in said
    assert made.pages == inserts.pages_of(made.data) > 7
    assert pack(india, national=True).data == made.data


def test_a_reader_who_does_not_see_a_paper_does_not_get_its_files(india: capitals.Capital) -> None:
    said = text_of(pack(india, national=False).data)
    assert "Cost page 2" in said
    assert "Inner" not in said


def test_files_that_take_their_time_take_no_more_than_there_is_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = trial.Trial(pages=3)
    sound = pdf("Page", 2)
    assert tried.fits(sound)
    assert (tried.pages, tried.seconds < trial.SECONDS) == (1, True)
    assert not tried.fits(sound)  # two more pages than there is room for
    assert tried.fits(pdf("Page", 1))
    assert not tried.fits(pdf("Page", 1))
    broken = trial.Trial(seconds=0.6)
    while broken.seconds > 0:
        left = broken.seconds
        assert not broken.fits(nested(20_000))
        assert broken.seconds < left
    assert not broken.fits(sound)
    monkeypatch.setattr(trial, "_run", lambda *_: pytest.fail("nothing is begun once nothing is left"))
    assert not broken.fits(sound)
    assert not trial.Trial(pages=0).fits(sound)
