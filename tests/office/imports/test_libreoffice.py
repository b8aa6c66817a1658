"""Files that LibreOffice has saved are brought in as they were before: sheets, a CSV, a Word record."""

from pathlib import Path

import pytest

from dtti.office.asking import Asking
from dtti.office.imports import minutes, sheets
from dtti.office.imports.sheets import Settled
from tests.documents.sheet.test_libreoffice import converted

from . import folders
from .test_documents import GROUP

pytestmark = pytest.mark.office


@pytest.mark.parametrize("name", ["projects", "contacts"])
def test_a_workbook_saved_by_libreoffice_gives_the_same_proposals(asking: Asking, tmp_path: Path, name: str) -> None:
    ours = getattr(folders, name)()
    source = tmp_path / f"{name}.xlsx"
    source.write_bytes(ours)
    theirs = converted(source, "xlsx", tmp_path / "saved").read_bytes()
    assert theirs != ours
    made = [
        [one.proposals for one in sheets.read(asking, data, "sheet.xlsx", Settled(order="dmy")).batches]
        for data in (ours, theirs)
    ]
    assert made[0] == made[1]


def test_a_word_record_saved_by_libreoffice_gives_the_same_fields(asking: Asking, tmp_path: Path) -> None:
    source = tmp_path / "minutes.docx"
    source.write_bytes(folders.minutes())
    theirs = converted(source, "docx", tmp_path / "saved").read_bytes()
    ours, saved = (
        minutes.read(asking, data, "minutes.docx", Settled(), [GROUP]) for data in (folders.minutes(), theirs)
    )
    assert [(one.path, one.stored) for one in saved.fields] == [(one.path, one.stored) for one in ours.fields]
