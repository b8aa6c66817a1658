"""How a project stands: one function for every door, over texts, notices, closures, dates and silence."""

from datetime import date
from typing import Any, get_args

import pytest

from dtti.programme.kinds.closure import CLOSURE, MATTERS, REASONS, Closure, Reason
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.published import load
from dtti.programme.standing import ENDINGS, Notice, Standing, rules, standing

ON = date(2027, 6, 30)
RECENT = date(2027, 6, 1)


def project(**more: Any) -> Project:
    return PROJECT.read({"ref": "p", "name": "P", "in_dtti": True, **more})


def closure(ending: str = "terminated", **more: Any) -> Closure:
    return CLOSURE.read(
        {"ref": "p", "project": "p", "ending": ending, "ended": "2027-05-01", "reason": "funding", **more}
    )


def agreement(expires: str | None, **more: Any) -> Instrument:
    given = {"expires": expires} if expires else {}
    return INSTRUMENT.read(
        {"ref": "a", "name": "A", "type": "project-agreement", "binding": "binding", "implementation": "implementing"}
        | {"signed": "2020-01-01", **given, **more}
    )


def stands(**given: Any) -> Standing:
    return standing(project(), ON, **{"last": RECENT, **given})


WHOLE = {
    "settled": [{"matter": each, "state": "none"} for each in MATTERS],
    "worked": "A.", "did_not_work": "B.", "next_time": "C.", "benefits_review": "2028",
}  # fmt: skip


def test_what_nothing_speaks_against_is_active() -> None:
    one = stands()
    assert (one.code, one.ended, one.marked, one.recorded) == ("active", False, False, "")


def test_a_suspension_is_of_the_side_that_gave_it_and_of_both_where_both_did() -> None:
    mine, theirs = Notice("IND", "suspend", "2027-05-01", "funding"), Notice("USA", "suspend", "2027-04-01")
    assert stands(notices=[mine]) == Standing("suspended", "notice", "2027-05-01", ("IND",), "funding")
    assert stands(notices=[mine, theirs]).by == ("IND", "USA")
    assert stands(notices=[mine, theirs]).since == "2027-04-01"


def test_a_withdrawal_ends_it_and_is_left_without_a_closure_until_both_agree_one() -> None:
    left = [Notice("USA", "withdraw_from", "2027-05-01", "export-control")]
    one = stands(notices=[*left, Notice("IND", "suspend", "2027-05-02")])
    assert (one.code, one.by, one.reason, one.recorded) == ("withdrawn", ("USA",), "export-control", "missing")
    assert [each.code for each in one.also] == ["suspended"]
    told = stands(notices=left, closure=closure("withdrawn", by="USA", **WHOLE))
    assert (told.code, told.basis, told.by, told.recorded, told.lacks) == (
        "withdrawn",
        "agreed",
        ("USA",),
        "recorded",
        (),
    )


@pytest.mark.parametrize("left_out", ["worked", "did_not_work", "next_time", "benefits_review"])
def test_a_closure_that_leaves_a_lesson_out_is_not_whole(left_out: str) -> None:
    one = stands(closure=closure(**{name: value for name, value in WHOLE.items() if name != left_out}))
    assert (one.recorded, one.lacks) == ("open", (left_out,))


def test_a_closure_that_leaves_a_matter_open_is_not_whole_and_a_reason_stands_for_a_review() -> None:
    opened = [{"matter": "money", "state": "open", "how": "An invoice."}, *WHOLE["settled"][:2]]  # type: ignore[misc]
    one = stands(closure=closure(**WHOLE | {"settled": opened}))
    assert one.lacks == ("money", "intellectual-property", "consents")
    without = {name: value for name, value in WHOLE.items() if name != "benefits_review"}
    assert stands(closure=closure(**without, no_review="Nothing was made.")).recorded == "recorded"


def test_what_came_after_is_named() -> None:
    assert stands(closure=closure("superseded", successor="q")).next == ("project:q",)
    assert stands(closure=closure("converted", contract="c")).next == ("trade_contract:c",)


def test_a_closure_of_a_later_day_does_not_end_it_yet() -> None:
    assert standing(project(), date(2027, 4, 30), closure=closure(), last=date(2027, 4, 1)).code == "active"
    assert standing(project(), date(2027, 5, 1), closure=closure(), last=date(2027, 4, 1)).code == "terminated"


def test_the_text_of_a_project_ends_it_and_is_no_closure() -> None:
    told = project(outcome={"code": "superseded", "as_of": "2027-05"})
    one = standing(told, ON, last=RECENT)
    assert (one.code, one.basis, one.since, one.recorded) == ("superseded", "text", "2027-05", "missing")
    assert standing(told, date(2027, 4, 30), last=date(2027, 4, 1)).code == "active"
    assert standing(project(outcome={"code": "fielded"}), ON, last=RECENT).code == "active"
    said = project(
        statements=[{"date": "2027-01", "status": "terminated"}, {"date": "2027-03", "status": "named-again"}]
    )
    assert standing(said, ON, last=RECENT).code == "active"  # the last word counts


@pytest.mark.parametrize(
    ("expires", "code", "may"),
    [
        ("2027-06-29", "expired", []),
        ("2027-06-30", "active", []),  # the last day still counts
        ("2027-06", "active", ["expired"]),  # some day of June: perhaps it has passed
        ("2027-05", "expired", []),
        ("2027", "active", ["expired"]),
        ("2028", "active", []),
        (None, "active", []),
    ],
)
def test_expired_is_computed_from_dates_with_their_bounds(expires: str | None, code: str, may: list[str]) -> None:
    one = stands(agreements=[agreement(expires)])
    assert (one.code, [each.code for each in one.also if not each.certain]) == (code, may)


def test_one_agreement_that_goes_on_keeps_a_project_from_expiring_and_one_never_signed_does_not_count() -> None:
    assert stands(agreements=[agreement("2027-01"), agreement("2029")]).code == "active"
    assert stands(agreements=[agreement("2027-01"), agreement(None)]).code == "active"
    assert (
        stands(agreements=[agreement("2027-01"), agreement("2029", signed="2020-01-01", type="annex")]).code
        == "expired"
    )
    unsigned = INSTRUMENT.read(
        {"ref": "b", "name": "B", "type": "project-agreement", "binding": "binding", "implementation": "negotiating"}
        | {"expires": "2027-01"}
    )  # fmt: skip
    assert stands(agreements=[unsigned]).code == "active"


def test_dormant_begins_the_day_after_the_days_that_the_data_says() -> None:
    days = rules().dormant.days
    assert stands(last=date.fromordinal(ON.toordinal() - days)).code == "active"
    one = stands(last=date.fromordinal(ON.toordinal() - days - 1))
    assert (one.code, one.basis) == ("dormant", "dates")
    assert stands(last=None).code == "active"  # nothing to count from


def test_what_both_agreed_goes_before_a_notice_and_a_notice_before_dates() -> None:
    left = [Notice("IND", "withdraw_from", "2027-05-01")]
    old = [agreement("2026-01")]
    assert stands(notices=left, agreements=old).basis == "notice"
    assert stands(notices=left, agreements=old, closure=closure()).basis == "agreed"
    suspended = stands(notices=[Notice("IND", "suspend", "2027-05-01")], agreements=old)
    assert (suspended.code, [each.code for each in suspended.also]) == ("expired", ["suspended"])


def test_where_no_text_counts_notices_alone_speak() -> None:
    assert standing(None, ON, notices=[Notice("USA", "suspend")], last=RECENT).code == "suspended"
    assert standing(None, ON, last=RECENT).code == "active"


def test_the_public_record_is_silent_and_never_called_ended_or_dormant_for_it() -> None:
    found = {
        item.ref: standing(item.content, ON, published=True)
        for item in load()
        if isinstance(item.content, Project)
    }  # fmt: skip
    assert len(found) == 16
    ended = {ref: one.code for ref, one in found.items() if one.ended}
    assert ended == {"raven-cheel": "withdrawn", "c130j-roro-isr": "withdrawn"}
    assert {found[ref].recorded for ref in ended} == {"unknown"}
    assert found["raven-cheel"].since == "[2015-02..2023]"  # no more precise than it is known
    assert found["jet-engine-technology"].code == "suspended"
    rest = {one.code for ref, one in found.items() if ref not in (*ended, "jet-engine-technology")}
    assert rest == {"unknown"}
    assert {one.recorded for one in found.values() if one.code == "unknown"} == {"unknown"}
    assert not any(one.code == "dormant" for one in found.values())


def test_on_an_earlier_day_the_public_record_says_what_was_said_by_then() -> None:
    held = {item.ref: item.content for item in load() if isinstance(item.content, Project)}
    assert standing(held["jet-engine-technology"], date(2019, 10, 23), published=True).code != "suspended"
    assert standing(held["aluav"], date(2019, 11, 1), published=True).code == "active"
    early = standing(held["raven-cheel"], date(2015, 3, 1), published=True)
    assert early.code == "active"
    assert [(each.code, each.certain) for each in early.also] == [("withdrawn", False)]  # it may have been, by then


def test_every_reason_has_words_and_says_on_what_it_rests() -> None:
    held = rules()
    assert set(held.reasons) == set(REASONS) == set(get_args(Reason))
    assert all(each.words and each.basis and each.confidence for each in held.reasons.values())
    assert held.dormant.basis
    assert set(ENDINGS) == set(get_args(CLOSURE.content.__annotations__["ending"]))
