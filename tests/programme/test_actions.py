"""How far an action is: what its text says, what its owners report, what somebody else verified; and the register."""

from typing import Any

import pytest

from dtti.programme.reports import Version

from .support import ask, version

CITE = {"sources": ["S1"], "confidence": "sourced"}
OWNERS = [{"side": "IND", "office": "IND/post"}]
BOTH = [*OWNERS, {"side": "USA", "office": "USA/post"}]


def group() -> Version[Any]:
    return version("body", ref="group", name="Group", type="steering-group")


def meeting(*actions: dict[str, Any], **more: Any) -> Version[Any]:
    given = {
        "ref": "m",
        "body": "group",
        "number": 1,
        "date": "2027-01-26",
        "mode": "virtual",
        "status": "held",
        **more,
    }
    return version("meeting", "agreed_here", **given, **({"actions": list(actions)} if actions else {}))


def action(number: str = "1", owners: list[dict[str, str]] = OWNERS, **more: Any) -> dict[str, Any]:
    return {"number": number, "text": "Write.", "owners": owners, "due": "2027-03-01", **more}


def told(ref: str, state: str, day: str, side: str = "IND", holder: str = "Asha", **more: Any) -> Version[Any]:
    given = {"ref": ref, "side": side, "meeting": "m", "action": "1", "office": f"{side}/post", "holder": holder}
    done = {} if state == "open" else {"work_done": "It was sent."}
    return version("action_report", by=side, **given, **done, date=day, state=state, **more)


def one(*versions: Version[Any], on: str) -> dict[str, Any]:
    (found,) = ask("actions", group(), *versions, on=on)["actions"]
    return found


def test_an_action_is_open_until_its_day_has_passed_and_overdue_by_whole_days_after() -> None:
    assert one(meeting(action()), on="2027-03-01")["overdue"] == "no"
    late = one(meeting(action()), on="2027-03-11")
    assert (late["state"], late["overdue"], late["days_overdue"]) == ("open", "yes", 10)
    moved = one(meeting(action(due_now="2027-04-01")), on="2027-03-11")
    assert (moved["due"], moved["due_now"], moved["overdue"]) == ("2027-03-01", "2027-04-01", "no")


def test_what_was_compiled_from_sources_is_unknown_after_its_day() -> None:
    found = one(meeting(action(cite=CITE)), on="2027-03-11")
    assert (found["state"], found["overdue"], found["days_overdue"]) == ("unknown", "unknown", None)


def test_an_owner_who_reports_it_done_has_reported_and_it_is_met_once_somebody_else_verified_it() -> None:
    first = told("r1", "met", "2027-02-20")
    assert one(meeting(action()), first, on="2027-02-19")["state"] == "open"
    found = one(meeting(action()), first, on="2027-03-11")
    assert (found["state"], found["overdue"], found["verified"]) == ("reported", "no", [])
    theirs = told("v1", "met", "2027-02-25", "USA", "Ruth", verifies="r1")
    found = one(meeting(action()), first, theirs, on="2027-03-11")
    assert (found["state"], found["since"]) == ("met", "2027-02-25")
    assert found["verified"] == [{"side": "USA", "office": "USA/post", "holder": "Ruth", "date": "2027-02-25"}]
    second = told("v1", "met", "2027-02-25", "IND", "Dev", verifies="r1")
    assert one(meeting(action()), first, second, on="2027-03-11")["state"] == "met"


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"holder": "asha "}, "cannot be the one who verifies"),
        ({"holder": "Dev", "verifies": "r9"}, "no report on this matter"),
    ],
)
def test_a_verification_by_who_reported_or_of_nothing_counts_for_nothing_and_says_why(
    more: dict[str, str], says: str
) -> None:
    own = told("v1", "met", "2027-02-25", "IND", **{"verifies": "r1", **more})
    found = one(meeting(action()), told("r1", "met", "2027-02-20"), own, on="2027-03-11")
    assert found["state"] == "reported"
    assert says in found["reports"][1]["counts_not"]
    assert found["reports"][1]["remedy"]


def test_the_side_that_does_not_own_it_does_not_report_on_it() -> None:
    found = one(meeting(action()), told("r1", "met", "2027-02-20", "USA", "Ruth"), on="2027-03-11")
    assert (found["state"], found["overdue"]) == ("open", "yes")
    assert "does not own it" in found["reports"][0]["counts_not"]


def test_a_report_of_a_day_before_the_meeting_counts_for_nothing() -> None:
    found = one(meeting(action()), told("r1", "met", "2027-01-20"), on="2027-02-11")
    assert (found["state"], "before there was" in found["reports"][0]["counts_not"]) == ("open", True)


def test_an_action_of_both_is_as_far_as_the_side_that_is_least_far() -> None:
    ours, theirs = told("r1", "met", "2027-02-20"), told("r2", "met", "2027-02-21", "USA", "Ruth")
    both = meeting(action(owners=BOTH))
    assert one(both, ours, on="2027-02-28")["state"] == "partly-met"
    assert one(both, ours, theirs, on="2027-02-28")["state"] == "reported"
    seen = told("v1", "met", "2027-02-22", "USA", "Ruth", verifies="r1")
    assert one(both, ours, theirs, seen, on="2027-02-28")["state"] == "reported"
    also = told("v2", "met", "2027-02-23", "IND", "Dev", verifies="r2")
    assert one(both, ours, theirs, seen, also, on="2027-02-28")["state"] == "met"


def test_who_verifies_and_finds_it_not_done_says_what_is_missing_and_it_is_left_to_do() -> None:
    missing = told("v1", "open", "2027-02-25", "USA", "Ruth", verifies="r1", why="The annex is missing.")
    found = one(meeting(action()), told("r1", "met", "2027-02-20"), missing, on="2027-03-11")
    assert (found["state"], found["overdue"]) == ("open", "yes")


def test_a_later_date_that_its_owner_asks_for_moves_nothing_until_the_text_is_agreed_again() -> None:
    asked = told("r1", "open", "2027-02-20", later="2027-05-01", why="The ranges answered late.")
    found = one(meeting(action()), asked, on="2027-03-11")
    assert (found["due_now"], found["asked"], found["overdue"]) == (None, "2027-05-01", "yes")
    found = one(meeting(action(due_now="2027-05-01")), asked, on="2027-03-11")
    assert (found["due_now"], found["asked"], found["overdue"]) == ("2027-05-01", None, "no")


def test_what_the_text_says_later_speaks_over_an_earlier_report() -> None:
    found = one(
        meeting(action(done="2027-02-28", verified_by="USA/post")), told("r1", "open", "2027-02-20"), on="2027-03-11"
    )
    assert (found["state"], found["verified"][0]["office"]) == ("met", "USA/post")


def test_a_commitment_stands_on_the_same_register_in_the_same_words_as_in_promises() -> None:
    made = version(
        "commitment", ref="c", text="Do it", force="firm", made="2027-01-01", due="2027-03-01", owners=OWNERS,
        statements=[{"date": "2027-02-01", "status": "open", "due_now": "2027-04-01", "note": "Put off by both."}],
    )  # fmt: skip
    reported = version(
        "action_report", ref="r", side="IND", commitment="c", office="IND/post", holder="Asha", date="2027-03-20",
        state="met", work_done="Signed.",
    )  # fmt: skip
    found = one(made, reported, on="2027-03-25")
    assert (found["type"], found["state"], found["due"], found["due_now"]) == (
        *("commitment", "reported"),
        *("2027-03-01", "2027-04-01"),
    )
    assert ask("promises", made, reported, on="2027-03-25")["commitments"]["c"]["state"] == "reported"
    assert one(made, on="2027-03-25")["overdue"] == "no"


def test_decisions_stand_by_meeting_and_number_and_a_cancelled_meeting_has_none() -> None:
    decided = meeting(decisions=[{"number": "1", "text": "Pass two pairs to the Group."}])
    other = version(
        "meeting", ref="n", body="group", date="2027-02-26", mode="virtual", status="cancelled", actions=[action()]
    )
    found = ask("actions", group(), decided, other, on="2027-03-11")
    assert [(each["meeting"], each["number"]) for each in found["decisions"]] == [("m", "1")]
    assert found["actions"] == []
    assert ask("actions", group(), decided, on="2027-01-25")["decisions"] == []
