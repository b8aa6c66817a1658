"""The rules of the forum that look beside a text: who is told, what was cleared, what comes before; its clock."""

from datetime import date
from typing import Any

import pytest

from dtti.programme.forum.answering import clock, counted, state_of
from dtti.programme.forum.terms import terms
from dtti.programme.kind import Beside, Content, Context
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.disposition import DISPOSITION
from dtti.programme.kinds.meeting import MEETING
from dtti.programme.kinds.recommendation import RECOMMENDATION, Recommendation

from .test_kinds import REFERENCE, STANDING, broken_rules

CONSENTS = [{"by": by, "on": "2027-02-07", "shown_by": "CI/9"} for by in ("owner", "government")]
SECRET = {**STANDING["recommendation"], "proprietary": True}


def made(**more: Any) -> Recommendation:
    stored = {**STANDING["recommendation"], **more}
    return RECOMMENDATION.read({name: value for name, value in stored.items() if value is not ...})


@pytest.mark.parametrize("consents", [[], CONSENTS[:1], CONSENTS[1:]])
def test_proprietary_content_is_told_only_once_owner_and_government_consent(consents: list[dict[str, str]]) -> None:
    told = Context(ledger="released")
    stored = {**SECRET, **({"consents": consents} if consents else {})}
    assert broken_rules("recommendation", stored, told) == {"recommendation-consent"}
    assert broken_rules("recommendation", {**SECRET, "consents": CONSENTS}, told) == set()
    assert broken_rules("recommendation", STANDING["recommendation"], told) == set()


def test_proprietary_content_is_kept_to_a_group_inside_its_side() -> None:
    assert broken_rules("recommendation", SECRET, Context(ledger="national")) == {"recommendation-kept"}
    assert broken_rules("recommendation", SECRET, Context(ledger="national", group="a" * 16)) == set()


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another"},
        {"text": "Another."},
        {"submitter": "Another"},
        {"received_on": "2027-01-30"},
        {"steps": STANDING["recommendation"]["steps"][1:]},
        {"replies": ...},
    ],
)
def test_what_was_received_and_done_stays(change: dict[str, Any]) -> None:
    stored = {name: value for name, value in {**STANDING["recommendation"], **change}.items() if value is not ...}
    found = broken_rules("recommendation", stored, Context(previous=made()))
    assert "recommendation-same" in found
    assert found <= {"recommendation-same", "recommendation-steps"}
    later = {**STANDING["recommendation"], "notes": "Filed.", "replies": [*STANDING["recommendation"]["replies"]] * 2}
    assert broken_rules("recommendation", later, Context(previous=made())) == set()


def test_proprietary_content_stays_so() -> None:
    previous = RECOMMENDATION.read(SECRET)
    assert broken_rules("recommendation", STANDING["recommendation"], Context(previous=previous)) == {
        "recommendation-same"
    }


def test_a_contact_with_industry_is_told_to_nobody_else() -> None:
    assert broken_rules("contact", STANDING["contact"], Context(ledger="released")) == {"contact-inside"}
    assert broken_rules("contact", STANDING["contact"], Context(ledger="national")) == set()


def forward(kind: str, stored: dict[str, Any], beside: Beside) -> set[str]:
    asked = KINDS[kind].forward
    assert asked is not None
    return {each.rule for each in asked(KINDS[kind].read(stored), beside)}


@pytest.mark.parametrize(
    ("side", "held", "stands"),
    [
        ("IND", made(), True),
        ("IND", made(public_title="Our own furnace"), False),
        ("IND", made(public_summary="How our furnace works."), False),
        ("IND", made(cleared=..., steps=...), False),
        ("IND", None, False),
        ("USA", None, True),  # of what was made to the other side, this side knows no more
    ],
)
def test_a_side_says_of_a_recommendation_only_what_was_cleared(
    side: str, held: Recommendation | None, stands: bool
) -> None:
    asked = []

    def own(kind: str, ref: str) -> tuple[Content, str] | None:
        asked.append((kind, ref))
        return (held, "stated") if held else None

    beside = Beside(lambda kind, ref: None, "dtti_2", side=side, own=own)
    assert forward("disposition", STANDING["disposition"], beside) == (set() if stands else {"disposition-public"})
    assert asked == ([("recommendation", REFERENCE)] if side == "IND" else [])


def test_a_disposition_stays_about_its_recommendation() -> None:
    previous = DISPOSITION.read({**STANDING["disposition"], "side": "USA"})
    assert broken_rules("disposition", STANDING["disposition"], Context(previous=previous)) == {"disposition-same"}


@pytest.mark.parametrize(
    ("day", "status", "refused"),
    [
        ("2027-03-01", "planned", False),
        ("2027-03-02", "planned", False),
        ("2027-03", "planned", False),  # it may lie before: known no nearer, it is not refused
        ("2027-03-03", "planned", True),
        ("2027-03-03", "cancelled", False),
    ],
)
def test_a_session_comes_before_its_group(day: str, status: str, refused: bool) -> None:
    group = MEETING.read(
        {"ref": "g", "body": "group", "date": "2027-03-02", "mode": "in-person", "status": "planned", "host": "IND"}
    )

    def held(kind: str, ref: str) -> tuple[Content, str] | None:
        return (group, "agreed_here") if (kind, ref) == ("meeting", "g") else None

    session = {"ref": "s", "body": "forum", "date": day, "mode": "virtual", "status": status, "before": "g"}
    assert forward("meeting", session, Beside(held, "dtti_2")) == ({"meeting-before"} if refused else set())
    assert forward("meeting", {**session, "before": "other"}, Beside(held, "dtti_2")) == set()


def test_the_meeting_that_it_prepares_is_named_from_the_second_rule_set_on() -> None:
    stored = {**STANDING["meeting"], "before": "g"}
    assert broken_rules("meeting", stored, Context(rules="dtti_1")) == {"meeting-before-rules"}
    assert broken_rules("meeting", stored, Context(rules="dtti_2")) == set()


# --- the clock -------------------------------------------------------------------------------------------------------


def test_the_time_for_an_answer_is_one_for_all_and_says_on_what_it_rests() -> None:
    answer = terms().answer
    assert (answer.days, answer.confidence) == (60, "stated")
    assert [each.confidence for each in terms().notices] == ["unverified"] * 3


def test_days_on_which_more_was_asked_do_not_count() -> None:
    asked = made(replies=...)
    assert clock(asked, date(2027, 2, 20)).due == date(2027, 4, 3)  # sixty days from 1 Feb, and one that was asked for
    open_still = made(steps=asked_for("2027-02-03"), replies=..., public_title=...)
    held = clock(open_still, date(2027, 2, 13))
    assert (held.waited, held.due, held.stopped) == (10, date(2027, 4, 12), True)


def asked_for(day: str) -> list[dict[str, str]]:
    return [{"reached": "more-needed", "on": day, "note": "Which?"}]


@pytest.mark.parametrize(("day", "late"), [("2027-04-02", 0), ("2027-04-03", 1), ("2027-06-02", 61)])
def test_it_is_late_from_the_day_after_the_last(day: str, late: int) -> None:
    plain = made(steps=..., replies=...)
    assert clock(plain, date.fromisoformat(day)).late == late
    replied = made(steps=..., replies=[{"on": day, "text": "It is taken up."}])
    held = clock(replied, date(2028, 1, 1))
    assert (held.late, held.stopped) == (late, True)


@pytest.mark.parametrize(
    ("steps", "agreed", "state"),
    [
        ((), False, "received"),
        (("considered",), False, "considered"),
        (("more-needed",), False, "more-needed"),
        (("more-needed", "answered"), False, "considered"),
        (("considered", "to-co-chairs"), False, "to-co-chairs"),
        (("considered", "to-co-chairs"), True, "disposed"),
        (("withdrawn",), True, "withdrawn"),
    ],
)
def test_the_state_is_what_was_done(steps: tuple[str, ...], agreed: bool, state: str) -> None:
    rows = [{"reached": each, "on": "2027-02-03", "note": "x"} for each in steps]
    assert state_of(made(steps=rows or ..., replies=...), agreed=agreed) == state


def test_replies_are_counted_with_their_cases() -> None:
    def one(letter: str, **more: Any) -> Recommendation:
        return made(ref="-".join([letter * 4] * 4), steps=..., **more)

    early = one("a", replies=[{"on": "2027-03-01", "text": "Yes."}])
    late = one("b", replies=[{"on": "2027-05-01", "text": "No."}])
    waiting, overdue = one("c", replies=..., received_on="2027-04-20"), one("d", replies=...)
    gone = one("e", replies=..., received_on="2027-01-01")
    gone = RECOMMENDATION.read({**RECOMMENDATION.write(gone), "steps": [{"reached": "withdrawn", "on": "2027-01-02"}]})
    found = counted([overdue, waiting, late, early, gone], date(2027, 5, 10))
    parts = (found.in_time, found.late, found.open_late, found.open)
    assert [[ref[:1] for ref in part] for part in parts] == [["a"], ["b"], ["d"], ["c"]]
