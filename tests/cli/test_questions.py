"""`dtti report between` and `count` at the door: words, JSON, and what is refused with what there is."""

import pytest

from dtti.node.line import published
from tests.node.capitals import Pair

from .conftest import Run


@pytest.fixture
def here(pair: Pair) -> Pair:
    """The pair, the public record in Delhi."""
    published.load(pair.ind.node)
    return pair


def test_between_and_count_answer_in_words_and_in_json(here: Pair, run: Run) -> None:
    node = ("--node", here.ind.folder)
    said = run("report", "between", *node, "--from", "instrument:soi-1", "--to", "instrument:aluav-pa")
    assert said.code == 0, said.err
    lines = said.out.splitlines()
    assert lines[0].startswith("645 days, from 2019-10-24 to 2021-07-30 (sourced; ")
    assert any(line.startswith("by soi-1-date=b: 590 days, from 2019-12-18") for line in lines)
    assert any(line.startswith("by aluav-signing=b: unknown: 800 to 1223 days") for line in lines)

    other = run("report", "between", *node, "--from", "instrument:soi-1", "--to", "instrument:aluav-pa",
                "--reading", "soi-1-date=b", "--json")  # fmt: skip
    assert (other.json["days"], other.json["from"]["reading"], other.json["side"]) == (590, "soi-1-date=b", "IND")
    assert run("report", "between", *node, "--from", "meeting:dtti-group-11", "--json").json["to"]["fact"] == "today"

    counted = run("report", "count", *node, "--kind", "project", "--horizons.statement", "soi-1",
                  "--by", "horizons.horizon", "--of", "published", "--json")  # fmt: skip
    assert counted.code == 0, counted.err
    assert {name: each["n"] for name, each in counted.json["groups"].items()} == {"long": 2, "mid": 2, "near": 3}
    words = run("report", "count", *node, "--kind", "meeting", "--body=dpg", "--until", "2019-08-15")
    assert words.out.startswith("1 to 2 (")
    assert "possible: dpg-15" in words.out
    facet = run("report", "count", *node, "--kind", "project", "--facet", "kind=none", "--json")
    assert facet.json["facets"] == {"kind": "none"}


WRONG = [
    (("between",), "report-option", "--from"),
    (("between", "--from", "soi-1"), "fact-form", "kind:ref"),
    (("between", "--from", "treaty:x"), "fact-kind", "instrument"),
    (("between", "--from", "instrument:soi-9"), "fact-record", "soi-1"),
    (("between", "--from", "instrument:soi-1/name"), "fact-field", "signed"),
    (("between", "--from", "instrument:soi-1", "--reading", "soi-1-date=z"), "reading-key", "a, b"),
    (("between", "--from", "instrument:soi-1", "--kind", "project"), "report-option", "--from, --reading, --to"),
    (("between", "--from", "instrument:soi-1", "--colour", "red"), "report-option", "--from"),
    (("count",), "report-option", "--kind"),
    (("count", "--kind", "treaty"), "fact-kind", "instrument"),
    (("count", "--kind", "project", "--colour", "red"), "count-facet", "outcome.code"),
    (("count", "--kind", "project", "--domain"), "count-form", "--NAME VALUE"),
    (("count", "--kind", "project", "domain"), "count-form", "--NAME VALUE"),
    (("count", "--kind", "project", "--domain", "air", "--facet", "domain=land"), "count-form", "one value"),
    (("count", "--kind", "meeting", "--since", "2019-13"), "count-date", "a year"),
    (("count", "--kind", "project", "--year", "20x"), "count-value", "2015"),
    (("count", "--kind", "meeting", "--number", "abc"), "count-value", "1, 2, 3"),
    (("count", "--kind", "meeting", "--number", "-1"), "count-value", "1, 2, 3"),
    (("count", "--kind", "meeting", "--since", "2022", "--until", "2021"), "count-stretch", "since 2021"),
    (("cadence", "--from", "today"), "report-option", "--body"),
    (("cadence", "--colour", "red"), "report-option", "--body"),
]


@pytest.mark.parametrize(("words", "rule", "names"), WRONG)
def test_what_cannot_be_asked_is_refused_with_what_can(
    pair: Pair, run: Run, words: tuple[str, ...], rule: str, names: str
) -> None:
    if "fact-record" in rule or "fact-field" in rule or "reading" in rule or rule == "count-value":
        published.load(pair.ind.node)
    said = run("report", *words, "--node", pair.ind.folder, "--json")
    assert said.code == 1
    (one,) = said.json["refused"]
    assert one["rule"] == rule
    assert names in one["remedy"]
    assert one["source"] != "not registered"
