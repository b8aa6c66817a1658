"""Data that does not agree with itself: refused where it can never be right, said where it may be."""

import json

import pytest
import typer
from typer.testing import CliRunner

from dtti.cli import papers
from tests.papers.cases import SAMPLES, case

app = typer.Typer()
papers.add(app)


def made(kind, data, tmp_path, *more):
    (tmp_path / "data.json").write_text(json.dumps(data) if isinstance(data, dict) else data.read_text("utf-8"))
    command = ["paper", kind, "--data", tmp_path / "data.json", "-o", tmp_path / "made.pdf", *more]
    done = CliRunner().invoke(app, list(map(str, command)))
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return done.exit_code, done.stdout, done.stderr


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def same_number(data, where):
    *way, last = where
    for each in way:
        data = data[each]
    data[last][1]["number"] = data[last][0]["number"]


WRONG = {
    "two actions": ("record", lambda data: same_number(data, ["actions"]), "two actions have the same number, 11/A-1"),
    "two decisions": ("record", lambda data: same_number(data, ["decisions"]), "two decisions have the same number"),
    "two subjects": ("record", lambda data: same_number(data, ["items"]), "two items have the same number, 1"),
    "two items": ("agenda", lambda data: same_number(data, ["items"]), "two items have the same number, 1"),
    "two items in a pack": ("meeting-pack", lambda data: same_number(data, ["agenda", "items"]), "two items have"),
    "two actions in a pack": ("meeting-pack", lambda data: same_number(data, ["actions"]), "two actions have"),
    "two projects": ("statement-of-intent", lambda data: same_number(data, ["projects"]), "two projects have"),
    "agreed before the meeting": (
        "record",
        lambda data: data["head"].update(date="2027-06-30"),
        "the record was agreed on 2027-02-16, before the meeting on 2027-06-30",
    ),
    "agreed before its month": (
        "record",
        lambda data: data["head"].update(date="2027-03"),
        "before the meeting on 2027-03",
    ),
    "circulated before it was drafted": (
        "record",
        lambda data: data["phases"][1].update(on="2027-01-27"),
        "the record was circulated on 2027-01-27, before it was drafted on 2027-01-28",
    ),
    "agreed and then drafted": (
        "record",
        lambda data: data.update(phases=[{"phase": "agreed"}, {"phase": "drafted"}]),
        "the record is agreed before it is drafted",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_can_never_be_right_is_refused_and_nothing_is_made(tmp_path, name):
    kind, change, reason = WRONG[name]
    data = sample(kind)
    change(data)
    code, said, wrong = made(kind, data, tmp_path, *(["--first", "IND"] if kind == "statement-of-intent" else []))
    assert (code, said) == (1, "")
    assert reason in wrong
    assert [line.split(":")[0].strip() for line in wrong.splitlines()] == ["refused", "rule", "remedy", "source"]
    assert not (tmp_path / "made.pdf").exists()


@pytest.mark.parametrize("date", ["2027-02", "2027", None, "2027-02-16"])
def test_a_date_that_does_not_say_so_for_certain_is_no_fault(tmp_path, date):
    data = sample("record")
    data["head"]["date"] = date
    data["head"] = {key: each for key, each in data["head"].items() if each is not None}
    assert made("record", data, tmp_path)[0] == 0


def with_text(text, hindi=""):
    data = sample("instrument")
    data["clauses"][-1]["passages"][0]["text"] = {"en": text, "hi": hindi or "पाठ"}
    return data


@pytest.mark.parametrize(
    ("text", "hindi", "numbers"),
    [
        ("Clause 15 survives.", "", ["15"]),
        ("As clauses 4 and 9.2 say.", "", ["9.2"]),
        ("Under Article 7, this ends.", "", ["7"]),
        ("Clause 9 of this Agreement survives.", "", ["9"]),
        ("Done.", "खंड १५ तब भी प्रवृत्त रहेगा।", ["15"]),
        ("Done.", "अनुच्छेद 4 एवं 8 लागू रहेंगे।", ["8"]),
        ("Clause 9 of the Master Agreement survives.", "", []),
        ("Clause 3.1 and clause 5 survive; section 6 ends.", "खंड ३.१ और धारा ५।", []),
        ("Within 30 days of clause 2.", "", []),
    ],
)
def test_a_reference_to_a_clause_that_is_not_there_is_said(tmp_path, text, hindi, numbers):
    _, said, _ = made("instrument", with_text(text, hindi), tmp_path, "--first", "IND", "--json")
    assert [each["reason"] for each in json.loads(said)["doubts"]] == [
        f"clause 6 refers to clause {number}, which is not in this text" for number in numbers
    ]


def test_a_doubt_is_said_with_rule_reason_and_remedy(tmp_path):
    code, said, _ = made("instrument", with_text("Clause 15 survives."), tmp_path, "--first", "IND")
    assert code == 0
    assert said.splitlines()[1:] == [
        "look at: clause 6 refers to clause 15, which is not in this text",
        "   rule: paper-reference",
        " remedy: Correct the number, or name the other text that is meant (clause 9 of the Master Agreement).",
    ]


def test_two_clauses_of_one_number_and_an_item_that_is_not_there_are_said(tmp_path):
    data = sample("instrument")
    data["clauses"][1]["number"] = "1"
    assert "2 clauses have the number 1" in made("instrument", data, tmp_path, "--first", "IND")[1]
    data = sample("record")
    data["decisions"][0]["item"] = "9"
    assert "decision DTTI/GRP/11/D-1 is of item 9, which is not there" in made("record", data, tmp_path)[1]


def test_the_samples_give_no_doubt(tmp_path):
    for kind in ("record", "agenda", "meeting-pack", "instrument"):
        more = ["--first", "USA"] if kind == "instrument" else []
        if kind != "meeting-pack":
            assert json.loads(made(kind, sample(kind), tmp_path, *more, "--json")[1])["doubts"] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [("k01", "the record was agreed on 2027-02-16, before the meeting"), ("k03", "two actions have the same number")],
)
def test_a_file_on_which_this_once_went_wrong(tmp_path, name, reason):
    code, _, wrong = made("record", case(name), tmp_path)
    assert code == 1
    assert reason in wrong
