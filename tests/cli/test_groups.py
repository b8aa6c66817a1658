"""What the command writes can be kept to a restricted group, as the pages offer it, and falls open nowhere."""

import json
from pathlib import Path
from typing import Any

import pytest

from dtti.accord.table_2 import Member
from dtti.ledger.act import open_leaf
from dtti.ledger.store import LEDGERS, NATIONAL
from dtti.node.core import groups
from dtti.node.core.visibility import Viewer
from dtti.node.folder.codes import new_code
from dtti.node.record import journal, read
from tests.node.capitals import Pair, project
from tests.node.test_groups import SINCE, inside, keep

from .conftest import Run

__all__ = ["inside"]

TITLE, REF = "Cell of the exercise", "ex-kept"
Kept = tuple[Pair, str, str, str]


@pytest.fixture
def kept(pair: Pair, inside: Any) -> Kept:
    """The pair, India's first office, its second one, and the code of a group of the first alone."""
    india, other, _ = inside
    code = new_code()
    india.node.write(groups.draft(india.office, code, [Member(india.office, SINCE)], title=TITLE, reason="Why"))
    return pair, india.office, other, code


def body(folder: Path, **content: object) -> Path:
    path = folder / "body.json"
    event = {"ref": REF, "name": "Kept", "scope": "external", "category": "law", "date": "2020-05"}
    path.write_text(json.dumps({"content": event | content}))
    return path


def sizes(at: Pair) -> list[int]:
    return [at.ind.node.store.size(ledger) for ledger in LEDGERS]


def seen(at: Pair, record: str, office: str) -> bool:
    viewer = Viewer("IND", national=True, office=office, groups=groups.of(at.ind.node, office))
    return read.state(at.ind.node, viewer, record) is not None


@pytest.mark.parametrize("named", ["by its name", "by its code"])
def test_a_text_and_all_that_follows_on_it_is_kept_to_the_group(run: Run, kept: Kept, tmp_path: Path, named: str):
    at, mine, other, code = kept
    words = ("--office", mine, "--node", at.ind.folder, "--json")
    group = TITLE if named == "by its name" else code
    first = run("act", "state", "event", "--national", "--group", group, "--body", body(tmp_path), *words)
    assert (first.code, first.json["terms"]["group"]) == (0, code), first.out
    record = first.json["record"]
    assert (seen(at, record, mine), seen(at, record, other)) == (True, False)
    # Found by its reference by a member, and what is written on it is kept to the group without being asked.
    for verb, more in (("comment", ("--remarks", "Inside")), ("state", ("--body", body(tmp_path, name="Kept again")))):
        done = run("act", verb, REF, "--national", *more, *words)
        assert (done.code, done.json["record"], done.json["terms"]["group"]) == (0, record, code), done.out
    assert done.json["terms"]["base"] == 1
    assert (seen(at, record, mine), seen(at, record, other)) == (True, False)
    written = [open_leaf(one.leaf).act for one in at.ind.node.store.of_record(record)]
    assert {(one.ledger, one.terms["group"]) for one in written} == {(NATIONAL, code)}


def test_a_remark_inside_on_a_record_of_both_is_kept_and_the_record_stays_open(run: Run, kept: Kept):
    at, mine, other, code = kept
    words = ("--national", "--group", TITLE, "--remarks", "Inside", "--office", mine, "--node", at.ind.folder, "--json")
    done = run("act", "comment", at.record, *words)
    assert (done.code, done.json["terms"]["group"]) == (0, code)
    assert seen(at, at.record, other)
    viewer = Viewer("IND", national=True, office=other, groups=groups.of(at.ind.node, other))
    assert journal.act(at.ind.node, viewer, done.json["act"]) is None


def test_whoever_is_no_member_is_refused_and_nothing_is_written(run: Run, kept: Kept, inside: Any, tmp_path: Path):
    at, mine, other, code = kept
    record, _ = keep(at.ind, code, ref="ex-held")
    text, remark = ("--body", body(tmp_path)), ("--remarks", "x")
    before = sizes(at)
    for words, reason in (
        (("state", "event", "--national", "--group", TITLE, *text, "--office", other), "member of no such group"),
        (("state", "event", "--national", "--group", code, *text, "--office", other), "member of no such group"),
        (("state", "event", "--national", "--group", "no such", *text, "--office", mine), "member of no such group"),
        (("state", "event", "--national", "--group", TITLE, *text), "member of no such group"),
        (("state", "event", "--group", TITLE, *text, "--office", mine), "what is released is kept to no group"),
        (("comment", at.record, "--group", TITLE, *remark, "--office", mine), "what is released is kept to no group"),
        (("comment", record, "--national", *remark, "--office", other), "no member of that group"),
        (("comment", record, "--national", "--group", inside[2], *remark, "--office", mine), "to a restricted group"),
        (("notice", at.record, "--national", "--group", TITLE, "--notice", "suspend", "--office", mine), "no group"),
    ):
        said = run("act", *words, "--node", at.ind.folder, "--json")
        assert said.code == 1, words
        (refusal,) = said.json["refused"]
        assert (refusal["rule"], reason in refusal["reason"]) == ("group", True), (words, refusal)
    assert run("act", "comment", "ex-held", "--national", *remark, "--office", other, "--node", at.ind.folder).code == 1
    assert sizes(at) == before


def test_a_text_on_a_record_that_the_other_side_knows_is_kept_to_no_group(run: Run, kept: Kept, tmp_path: Path):
    at, mine, _, _ = kept
    path = tmp_path / "own.json"
    path.write_text(json.dumps({"content": project()}))
    words = ("--basis", "own", "--national", "--group", TITLE, "--office", mine, "--node", at.ind.folder, "--json")
    said = run("act", "state", at.record, "--body", path, *words)
    assert (said.code, said.json["refused"][0]["rule"]) == (1, "group")
    assert "has been told of this record" in said.json["refused"][0]["reason"]
