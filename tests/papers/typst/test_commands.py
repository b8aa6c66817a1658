import json
from pathlib import Path

import msgspec
import pytest
import typer
from typer.testing import CliRunner

from dtti.cli import papers
from dtti.papers import gallery
from dtti.papers.kinds import KINDS

from .making import sample, text


def run(*arguments: str, given: bytes | None = None) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `dtti paper ...`."""
    app = typer.Typer()
    app.callback()(lambda: None)
    papers.add(app)
    result = CliRunner().invoke(app, ["paper", *arguments], input=given)
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the samples of every kind as data files."""
    for kind in ("agenda", "instrument", "meeting-pack", "record", "statement-of-intent"):
        (tmp_path / f"{kind}.json").write_bytes(gallery.sample(kind))
    (tmp_path / "p-02.pdf").write_bytes(gallery.sample_files("p-02.pdf"))
    return tmp_path


def test_a_paper_is_made_from_a_data_file(folder: Path) -> None:
    code, out, _ = run(
        "agenda", "--data", str(folder / "agenda.json"), "--lang", "hi", "-o", str(folder / "a.pdf"), "--json"
    )
    said = json.loads(out)
    assert (code, said["pages"], said["pdf_a"], said["missing"]) == (0, 1, True, {})
    assert "कार्यसूची" in text((folder / "a.pdf").read_bytes())


def test_data_may_come_by_standard_input(folder: Path) -> None:
    code, out, _ = run("agenda", "--data", "-", "-o", str(folder / "a.pdf"), given=gallery.sample("agenda"))
    assert (code, out) == (0, f"Written: {folder / 'a.pdf'} (1 pages)\n")


def test_files_of_a_pack_are_taken_from_beside_the_data(folder: Path) -> None:
    code, out, _ = run(
        "meeting-pack", "--data", str(folder / "meeting-pack.json"), "-o", str(folder / "p.pdf"), "--json"
    )
    assert (code, json.loads(out)["pages"]) == (0, 7)


@pytest.mark.parametrize("name", ["../p-02.pdf", "/etc/passwd", ".hidden", "not-there.pdf", "link.pdf"])
def test_no_other_file_is_ever_read(folder: Path, name: str) -> None:
    (folder / "link.pdf").symlink_to("/etc/hostname")
    plain = msgspec.to_builtins(sample("meeting-pack"))
    plain["papers"][1]["file"] = name
    (folder / "pack.json").write_bytes(msgspec.json.encode(plain))
    code, out, _ = run("meeting-pack", "--data", str(folder / "pack.json"), "-o", str(folder / "p.pdf"), "--json")
    assert code == 1
    assert json.loads(out)["refused"][0]["rule"] == "paper-file"
    assert not (folder / "p.pdf").exists()


def test_both_originals_are_written_with_their_proof(folder: Path) -> None:
    code, out, _ = run("originals", "--data", str(folder / "instrument.json"), "-o", str(folder / "both"), "--json")
    said = json.loads(out)
    assert (code, said["equal"], said["parts"]) == (0, True, 60)
    assert sorted(each.name for each in (folder / "both").iterdir()) == ["instrument-IND.pdf", "instrument-USA.pdf"]


def test_an_instrument_needs_the_side_that_comes_first(folder: Path) -> None:
    code, _, error = run("instrument", "--data", str(folder / "instrument.json"), "-o", str(folder / "i.pdf"))
    assert code == 1
    assert "rule: alternat" in error
    code, _, _ = run(
        "instrument", "--data", str(folder / "instrument.json"), "--first", "USA", "-o", str(folder / "i.pdf")
    )
    assert code == 0
    assert "OriginaloftheUnitedStates" in text((folder / "i.pdf").read_bytes())


@pytest.mark.parametrize(
    ("arguments", "rule"),
    [
        (("treaty", "--data", "agenda.json"), "paper-kind"),
        (("agenda",), "paper-data"),
        (("agenda", "--data", "nothing.json"), "paper-data"),
        (("agenda", "--data", "record.json"), "paper-data"),
        (("agenda", "--data", "p-02.pdf"), "paper-data"),
        (("agenda", "--data", "agenda.json", "-o", "no/such/folder.pdf"), "paper-file"),
    ],
)
def test_what_cannot_be_done_is_refused_by_rule(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], rule: str
) -> None:
    monkeypatch.chdir(folder)
    code, out, _ = run(*arguments, "--json")
    assert (code, json.loads(out)["refused"][0]["rule"]) == (1, rule)


def test_an_example_of_every_kind_is_data_for_it() -> None:
    for kind in KINDS:
        code, out, _ = run(kind, "--example")
        assert code == 0
        assert json.loads(out) == json.loads(gallery.sample(kind))


def test_the_kinds_are_listed() -> None:
    code, out, _ = run("kinds", "--json")
    assert code == 0
    assert [each["kind"] for each in json.loads(out)] == list(KINDS)


@pytest.mark.long
def test_the_gallery_writes_each_paper_in_every_reading_and_both_originals(folder: Path) -> None:
    code, _, _ = run(
        "gallery", "-o", str(folder / "g"), "--only", "statement-of-intent", "--only", "agenda", "--sheet", "us-letter"
    )
    assert code == 0
    assert sorted(each.name for each in (folder / "g").iterdir()) == [
        "agenda-both.pdf",
        "agenda-en.pdf",
        "agenda-hi.pdf",
        *(f"statement-of-intent-{side}-{lang}.pdf" for side in ("IND", "USA") for lang in ("both", "en", "hi")),
    ]
