"""`paper word` and `paper compare` from the command line."""

import json
from importlib.resources import files

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from dtti.cli import papers_word
from dtti.papers.negotiated import write

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


def test_a_bad_file_is_refused_in_four_lines(folder):
    (folder / "bad.docx").write_bytes(b"%PDF-1.7")
    code, said, wrong = asked("compare", folder / "bad.docx", "--against", folder / "text.json")
    assert (code, said) == (1, "")
    assert [line.split(":")[0].strip() for line in wrong.splitlines()] == ["refused", "rule", "remedy", "source"]
    assert "bad.docx is a PDF" in wrong


def test_data_in_the_wrong_form_is_refused(folder):
    (folder / "text.json").write_text('{"type": {"en": "x"}, "surprise": 1}')
    code, said, _ = asked("word", "--data", folder / "text.json", "-o", folder / "made.docx", "--json")
    assert code == 1
    assert json.loads(said)["refused"][0]["rule"] == "paper-data"
    assert not (folder / "made.docx").exists()


def test_a_record_goes_out_comes_back_and_is_applied_as_confirmed(folder):
    text, made, back, new = (folder / each for each in ("record.json", "out.docx", "returned.docx", "new.json"))
    sample_of = files("dtti.papers") / "samples" / "record.json"
    text.write_bytes(sample_of.read_bytes())
    kind = ("--kind", "record")
    assert asked("word", "--data", text, "-o", made, "--lang", "en", *kind)[0] == 0
    back.write_bytes(changed(made.read_bytes(), (">28 Feb 2027<", ">31 Mar 2027<"), (">Corrected<", ">Agreed<")))
    code, said, _ = asked("compare", back, "--against", text, *kind)
    assert code == 0
    assert "  en due: [-28 Feb 2027-]{+31 Mar 2027+}" in said.splitlines()
    assert "(rule word-kept)" in said
    code, said, _ = asked("apply", back, "--against", text, "-o", new, "--all", "--json", *kind)
    assert (code, json.loads(said)["taken"], json.loads(said)["left"]) == (0, 1, ["clause/phases.3/phase/en/value"])
    sent, now = json.loads(text.read_bytes()), json.loads(new.read_bytes())
    assert now["actions"][1].pop("due_now") == "2027-03-31"
    assert sent["actions"][1].pop("due_now") == "2027-02-28"
    assert now["actions"] == sent["actions"]


def test_a_refused_change_writes_nothing(folder):
    code, _, wrong = asked(
        "apply", folder / "back.docx", "--against", folder / "text.json", "-o", folder / "new.json", "--confirm", "none"
    )
    assert code == 1
    assert "word-unknown-change" in wrong
    assert not (folder / "new.json").exists()


def test_a_word_file_of_another_kind_is_refused(folder):
    code, _, wrong = asked("compare", folder / "back.docx", "--against", folder / "text.json", "--kind", "agenda")
    assert code == 1
    assert "paper-data" in wrong
