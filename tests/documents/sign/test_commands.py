"""The commands: answers in words and JSON, exit codes, refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from typer.testing import CliRunner, Result

from dtti.cli import papers_sign

from .altering import altered_copy
from .making import DIGEST, OTHER, Issued, capital, paper, signed_by_both, signed_by_one


def _run(*arguments: object) -> Result:
    app = typer.Typer()
    papers_sign.add(app)
    return CliRunner().invoke(app, [str(each) for each in arguments])


def _told(result: Result) -> Any:
    return json.loads(result.stdout)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    held = capital()
    files = {
        "both.pdf": signed_by_both(),
        "one.pdf": signed_by_one(),
        "paper.pdf": paper(),
        "altered.pdf": altered_copy("annotation-text-page-2").pdf,
        "india.pem": held.india.pem,
        "usa.der": held.usa.der,
        "open.txt": b"open\n",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def _trusting(folder: Path) -> tuple[str, ...]:
    return ("--trust", f"IND={folder}/india.pem", "--trust", f"USA={folder}/usa.der", "--at", "2027-02-25")


def test_check_says_that_a_paper_is_valid(folder: Path) -> None:
    result = _run("check", folder / "both.pdf", *_trusting(folder), "--digest", DIGEST)
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Signed by both sides, and valid")
    told = _told(_run("check", folder / "both.pdf", *_trusting(folder), "--digest", DIGEST, "--json"))
    assert (told["good"], told["standing"], [each["state"] for each in told["sides"]]) == (
        True,
        "valid",
        ["valid", "valid"],
    )


def test_check_says_what_was_altered_in_both_languages(folder: Path) -> None:
    result = _run("check", folder / "altered.pdf", *_trusting(folder))
    assert result.exit_code == 1
    assert "   - Page 2: an annotation (Text) was added." in result.stdout.splitlines()
    result = _run("check", folder / "altered.pdf", *_trusting(folder), "--lang", "hi")
    assert "   - पृष्ठ 2: एक टिप्पणी (Text) जोड़ी गई।" in result.stdout.splitlines()


def test_check_compares_with_a_kept_copy(folder: Path) -> None:
    result = _run("check", folder / "one.pdf", *_trusting(folder), "--kept", folder / "both.pdf")
    assert result.exit_code == 1
    assert "- The kept copy carries the signature of the United States; this file does not." in result.stdout


def test_check_without_trust_believes_no_one(folder: Path) -> None:
    told = _told(_run("check", folder / "both.pdf", "--at", "2027-02-25", "--json"))
    assert (told["good"], told["standing"]) == (False, "untrusted")


def test_check_of_what_is_not_there_is_a_refusal(folder: Path) -> None:
    result = _run("check", folder / "nowhere.pdf", "--json")
    assert (result.exit_code, _told(result)["refused"][0]["rule"]) == (1, "file")
    result = _run("check", folder / "both.pdf", "--trust", f"IND={folder}/open.txt", "--json")
    assert (result.exit_code, _told(result)["refused"][0]["rule"]) == (1, "trust")
    assert _run("check", folder / "both.pdf", "--trust", f"FRA={folder}/india.pem").exit_code == 2


def test_a_file_too_large_is_refused_before_it_is_read(folder: Path) -> None:
    with (folder / "large.pdf").open("wb") as file:
        file.truncate(2**30)
    result = _run("check", folder / "large.pdf", "--json")
    assert (result.exit_code, _told(result)["refused"][0]["rule"]) == (1, "file-size")


def test_sign_writes_a_new_file_that_checks(folder: Path) -> None:
    held: Issued = capital().secretary
    secret = serialization.BestAvailableEncryption(b"open")
    (folder / "key.p12").write_bytes(
        pkcs12.serialize_key_and_certificates(b"exercise", held.key, held.certificate, None, secret)
    )
    given = ("--side", "IND", "--key", folder / "key.p12", "--passphrase", folder / "open.txt", "--digest", DIGEST)
    result = _run("sign", folder / "paper.pdf", *given, "-o", folder / "signed.pdf", "--json")
    assert (result.exit_code, _told(result)["holder"]) == (0, "Asha Exercise, Secretary")
    assert (folder / "signed.pdf").read_bytes().startswith(paper())
    told = _told(_run("check", folder / "signed.pdf", "--trust", f"IND={folder}/india.pem", "--json"))
    assert (told["standing"], [each["state"] for each in told["sides"]]) == ("part", ["valid", "missing"])
    again = _run("sign", folder / "paper.pdf", *given, "-o", folder / "signed.pdf", "--json")
    assert (again.exit_code, _told(again)["refused"][0]["rule"]) == (1, "file")
    other = _run("sign", folder / "paper.pdf", *given[:-1], OTHER, "-o", folder / "other.pdf", "--json")
    assert (other.exit_code, _told(other)["refused"][0]["rule"]) == (1, "sign-digest")
    assert not (folder / "other.pdf").exists()


def test_reference_answers_for_a_digest_and_for_what_was_typed(folder: Path) -> None:
    assert _run("reference", DIGEST).stdout == "F5HK-ANJP-N077\n"
    assert _run("reference", DIGEST.upper()).stdout == "F5HK-ANJP-N077\n"
    assert _run("reference", "f5hk anjp no77").stdout == "F5HK-ANJP-N077\n"
    wrong = _run("reference", "F5HK-ANJP-N078", "--json")
    assert (wrong.exit_code, _told(wrong)["refused"][0]["rule"]) == (1, "reference")
    (folder / "texts").write_text(f"{OTHER}  other.txt\n{DIGEST}  text.txt\n\nno digest\n")
    told = _told(_run("reference", "F5HK-ANJP-N077", "--among", folder / "texts", "--json"))
    assert told == {"reference": "F5HK-ANJP-N077", "candidates": [DIGEST]}


def test_scan_says_which_pages_are_there(folder: Path) -> None:
    result = _run("scan", folder / "paper.pdf", "--digest", DIGEST)
    assert (result.exit_code, result.stdout) == (0, f"F5HK-ANJP-N077 IND 2/2 SHA-256 {DIGEST}\n")
    other = _run("scan", folder / "paper.pdf", "--digest", OTHER, "--json")
    assert (other.exit_code, _told(other)["complete"]) == (1, False)
    refused = _run("scan", folder / "open.txt", "--json")
    assert (refused.exit_code, _told(refused)["refused"][0]["rule"]) == (1, "scan-kind")
