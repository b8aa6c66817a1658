"""Duties: what the table says, what it refuses and how, and that docs/duties.md says the same."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from dtti.accord import table
from dtti.accord.rule_sets import LATEST
from dtti.node.people import duties
from dtti.programme.kinds import KINDS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "duties.md"

#: Verbs that an office's people write from pages; the rest are of keys and of the node itself.
OFFICE_VERBS = {verb for verb, row in LATEST.table.items() if row.office} | {"tombstone"}
ALL = duties.duties()


@dataclass(frozen=True)
class Seat:
    duty: str


def allowed(duty: str, verb: str, kind: str) -> bool:
    return duties.may([Seat(duty)], verb, kind) is None


def test_every_duty_of_the_domain_is_here_in_its_order():
    assert list(ALL) == [
        "co_chair",
        "secretariat",
        "working_group_co_chair",
        "project_officer",
        "negotiator",
        "lane_recorder",
        "disclosure_officer",
        "public_officer",
        "reviewer",
        "finance",
        "legal",
        "industry_submitter",
        "auditor",
        "public",
        "custodian",
    ]


def test_every_line_names_verbs_and_kinds_that_exist():
    for duty in ALL.values():
        for permission in duty.may:
            assert set(permission.verbs) <= OFFICE_VERBS, duty.code
            assert set(permission.kinds) <= {*KINDS, "all", "joint"}, duty.code


def test_every_verb_an_office_writes_is_someone_s_on_some_kind():
    able = {verb for duty in ALL.values() for one in duty.may for verb in one.verbs}
    assert OFFICE_VERBS - able == set()


def test_every_kind_can_be_written_and_every_joint_one_sent_and_agreed():
    for code, kind in KINDS.items():
        first = "state" if kind.mode == "own" else "propose"
        assert any(allowed(duty, first, code) for duty in ALL), code
        if kind.mode == "joint":
            assert any(allowed(duty, "accept", code) for duty in ALL), code


@pytest.mark.parametrize("duty", ["auditor", "custodian", "public", "industry_submitter"])
def test_who_only_reads_writes_nothing(duty: str):
    for verb in table.TABLE:
        for kind in KINDS:
            refusal = duties.may([Seat(duty)], verb, kind)
            assert refusal is not None
            assert refusal.rule == "duty-never"


def test_only_the_disclosure_officer_releases():
    assert [duty for duty in ALL if allowed(duty, "release", "project")] == ["disclosure_officer"]


def test_whoever_releases_neither_sends_nor_agrees():
    assert not allowed("disclosure_officer", "propose", "project")
    assert not allowed("disclosure_officer", "accept", "instrument")


def test_the_secretariat_tables_and_never_decides():
    assert allowed("secretariat", "propose", "meeting")
    assert not allowed("secretariat", "propose", "project")
    assert [kind for kind in KINDS if allowed("secretariat", "accept", kind)] == []


def test_a_negotiator_sends_a_text_and_does_not_agree_to_one():
    assert allowed("negotiator", "propose", "instrument")
    assert not allowed("negotiator", "accept", "instrument")


def test_only_co_chairs_agree_but_for_the_text_that_both_public_offices_clear():
    agree = {(duty, kind) for duty in ALL for kind in KINDS if allowed(duty, "accept", kind)}
    assert {duty for duty, kind in agree if kind != "readout"} == {"co_chair", "working_group_co_chair"}
    assert {duty for duty, kind in agree if kind == "readout"} == {"co_chair", "public_officer"}


def test_only_the_public_office_makes_public_and_it_releases_nothing():
    for kind in KINDS:
        assert [duty for duty in ALL if allowed(duty, "make_public", kind)] == ["public_officer"]
        assert not allowed("public_officer", "release", kind)


def test_what_may_be_read_is_decided_by_the_duty_and_nothing_without_a_seat():
    assert {duty: duties.reads(Seat(duty)) for duty in ("auditor", "custodian", "public", "industry_submitter")} == {
        "auditor": "national",
        "custodian": "public",
        "public": "public",
        "industry_submitter": "public",
    }
    assert duties.reads(None) == "public"
    assert duties.reads(Seat("no such duty")) == "public"


def test_a_refusal_says_rule_reason_and_who_could():
    assert str(duties.may([Seat("project_officer")], "propose", "success_definition")) == (
        "the duty Project officer does not include propose on a success definition (rule duty). "
        "Someone whose duty is Co-chair or Working group co-chair can."
    )
    assert str(duties.may([Seat("auditor")], "state", "need")) == (
        "Auditor: an auditor reads and verifies, and never writes (rule duty-never). "
        "Someone whose duty is Co-chair, Secretariat, Working group co-chair or Project officer can."
    )
    assert str(duties.may([], "notice", "project")) == (
        "no seat is taken, and notice on a project needs one (rule duty). "
        "Someone whose duty is Co-chair can. Take a seat first."
    )


def test_one_seat_that_allows_it_is_enough():
    assert duties.may([Seat("finance"), Seat("co_chair")], "accept", "project") is None


def test_a_seat_with_an_unknown_duty_is_no_seat():
    assert duties.may([Seat("minister")], "accept", "project") == duties.may([], "accept", "project")


@pytest.mark.parametrize(
    ("held", "wanted", "rule"),
    [
        (["auditor"], "finance", "duty-alone"),
        (["co_chair"], "auditor", "duty-alone"),
        (["custodian"], "auditor", "duty-alone"),
        (["project_officer"], "disclosure_officer", None),
        (["auditor"], "auditor", None),
        ([], "minister", "duty-unknown"),
        ([], "custodian", None),
    ],
)
def test_a_duty_that_stands_alone_is_not_held_beside_another(held: list[str], wanted: str, rule: str | None):
    refusal = duties.beside([Seat(one) for one in held], wanted)
    assert (refusal.rule if refusal else None) == rule


def test_nobody_releases_what_they_drafted():
    rao, namesake = 1, 2  # two accounts of one name
    for wrote, signed, stopped in (
        ({rao}, "A. Rao", True),
        ({rao}, "A. Rao, as he was called then", True),
        ({namesake, rao}, "A. Rao", True),
        ({namesake}, "A. Rao", False),
        ({namesake}, "V. Iyer", False),
        (set(), "A. Rao", True),  # no account is known: the name is all there is
        (set(), "V. Iyer", False),
        (set(), "", False),
    ):
        refusal = duties.other_than_author(rao, "A. Rao", wrote, signed)
        assert (refusal.rule if refusal else None) == ("own-draft" if stopped else None), (wrote, signed)


def test_the_page_on_duties_says_what_the_table_says():
    page = PAGE.read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE)
    assert len(rows) == len(ALL)
    told = {
        code: (title.strip(), reads.strip(), _verbs(may), set(re.findall(r"`(\w+)`", never)))
        for code, title, reads, may, never in rows
    }
    assert told == {
        code: (
            duty.title,
            duty.reads,
            {(verb, kind) for one in duty.may for verb in one.verbs for kind in one.kinds},
            set(duty.never),
        )
        for code, duty in ALL.items()
    }
    assert sorted(re.findall(r"^- \*\*(.+?)\.\*\*", page, re.MULTILINE)) == sorted(each.title for each in ALL.values())


def _verbs(cell: str) -> set[tuple[str, str]]:
    """Pairs of verb and kind in a cell: "`propose` `accept` on `project` `need`; `comment` on `all`"."""
    found = set()
    for part in cell.split(";"):
        verbs, _, kinds = part.partition(" on ")
        found |= {(verb, kind) for verb in re.findall(r"`(\w+)`", verbs) for kind in re.findall(r"`(\w+)`", kinds)}
    return found
