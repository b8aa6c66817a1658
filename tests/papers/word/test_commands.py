"""`paper word` and `paper compare` from the command line."""

import json

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from dtti.cli import papers_word
from dtti.papers.word import write

from .making import changed, sample

app = typer.Typer()
papers_word.add(app)


def asked(*arguments):
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "text.json").write_bytes(msgspec.json.encode(sample()))
    (tmp_path / "sent.docx").write_bytes(write(sample(), lang="en"))
    (tmp_path / "back.docx").write_bytes(changed(write(sample(), lang="en"), ("30 days", "45 days")))
    return tmp_path


def test_word_writes_the_file(folder):
    code, said, _ = asked("word", "--data", folder / "text.json", "-o", folder / "made.docx", "--lang", "en", "--json")
    assert code == 0
    assert json.loads(said)["bytes"] == len(write(sample(), lang="en"))
    assert (folder / "made.docx").read_bytes() == write(sample(), lang="en")


@pytest.mark.parametrize("against", ["text.json", "sent.docx"])
def test_compare_says_what_changed(folder, against):
    code, said, _ = asked("compare", folder / "back.docx", "--against", folder / against)
    assert code == 0
    assert said.splitlines()[:4] == [
        "Changes to confirm: 1. None is applied.",
        "",
        "Clause 2.2 (reports): changed",
        "  en [-30-]{+45+} in: reports progress to the other within ... days of the end of each",
    ]


def test_compare_answers_in_json(folder):
    code, said, _ = asked("compare", folder / "back.docx", "--against", folder / "text.json", "--json")
    assert code == 0
    assert [each["id"] for each in json.loads(said)["changes"]] == ["clause/reports/text/en/1"]


def test_compare_says_when_nothing_changed(folder):
    code, said, _ = asked("compare", folder / "sent.docx", "--against", folder / "text.json")
    assert (code, said) == (0, "No change: the file says what was sent.\n")


def test_a_bad_file_is_refused_in_three_lines(folder):
    (folder / "bad.docx").write_bytes(b"%PDF-1.7")
    code, said, wrong = asked("compare", folder / "bad.docx", "--against", folder / "text.json")
    assert (code, said) == (1, "")
    assert [line.split(":")[0].strip() for line in wrong.splitlines()] == ["refused", "rule", "remedy"]
    assert "bad.docx is a PDF" in wrong


def test_data_in_the_wrong_form_is_refused(folder):
    (folder / "text.json").write_text('{"type": {"en": "x"}, "surprise": 1}')
    code, said, _ = asked("word", "--data", folder / "text.json", "-o", folder / "made.docx", "--json")
    assert code == 1
    assert json.loads(said)["refused"][0]["rule"] == "paper-data"
    assert not (folder / "made.docx").exists()
