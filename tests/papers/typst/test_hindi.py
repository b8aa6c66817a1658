import re
import shutil
import subprocess
import unicodedata
from pathlib import Path

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.documents.typeset import readback
from dtti.documents.values import Words
from dtti.papers import gallery, render

from .hindi import EVERY, PROSE
from .making import made, sample, text


def plain(words: str) -> str:
    """Words in NFC with single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", words)).strip()


def paper(words: str) -> bytes:
    """An agenda with `words` as its one remark."""
    return render.render("agenda", msgspec.structs.replace(sample("agenda"), remarks=(Words(hi=words),)), language="hi")


def pdftotext(pdf: bytes, folder: Path, *options: str) -> str:
    (folder / "a.pdf").write_bytes(pdf)
    command = [shutil.which("pdftotext") or "pdftotext", *options, str(folder / "a.pdf"), "-"]
    return plain(subprocess.run(command, capture_output=True, check=True, text=True).stdout)


def test_hindi_read_back_is_what_was_written() -> None:
    assert plain(PROSE).replace(" ", "") in text(paper(PROSE))
    assert plain(EVERY).replace(" ", "") in text(paper(EVERY))


def test_running_heads_are_not_read_back() -> None:
    assert "Page1of" not in text(render.render("agenda", sample("agenda")))


def test_a_pdf_from_elsewhere_without_our_maps_is_refused_or_read_but_never_breaks() -> None:
    for given in (b"", b"%PDF-1.7", gallery.sample_files("p-02.pdf")[:900]):
        with pytest.raises(Refused):
            readback.text_of(given)


@pytest.mark.office
@pytest.mark.parametrize("words", [PROSE, EVERY], ids=["prose", "every letter with every sign"])
def test_poppler_copies_hindi_out_of_the_pdf_as_it_was_written(words: str, tmp_path: Path) -> None:
    found = pdftotext(paper(words * (8 if words == PROSE else 1)), tmp_path, "-nopgbrk")
    wanted = plain(words).split(" ")
    # Heads and feet of pages stand between; every word must be there, whole and in order.
    at = iter(found.split(" "))
    assert [word for word in wanted if word not in at] == []


@pytest.mark.office
@pytest.mark.parametrize("kind", ["record", "instrument", "statement-of-intent", "agenda"])
def test_poppler_and_our_own_reading_find_the_same_hindi_words(kind: str, tmp_path: Path) -> None:
    first = "IND" if kind in ("instrument", "statement-of-intent") else None
    pdf = made(kind, sample(kind), language="hi", first=first).pdf
    ours = set(re.findall("[\u0900-\u097f]{3,}", plain(readback.text_of(pdf))))
    theirs = set(re.findall("[\u0900-\u097f]{3,}", pdftotext(pdf, tmp_path)))
    assert len(ours) > 60
    assert ours - theirs == set()


@pytest.mark.office
def test_every_font_is_embedded_and_one_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(render.render("record", sample("record"), language="both"))
    listed = subprocess.run(["pdffonts", str(tmp_path / "a.pdf")], capture_output=True, check=True, text=True).stdout
    rows = [line.split() for line in listed.splitlines()[2:]]
    assert rows
    assert all("Noto" in row[0] for row in rows)
    assert all(row[-5:-2] == ["yes", "yes", "yes"] for row in rows)
