"""What both meetings of the exercise took up, decided and asked for, and what came of it. Invented; knows no node."""

from collections.abc import Callable
from typing import Any, Final

Day = Callable[[float], str]

#: What India said when it offered the text of the first meeting again, with a later date.
WHY_MOVED: Final = "Action 2: the barge was in dock for five weeks. Both agree the later date; nothing else changes."
_IND: Final = {"side": "IND", "office": "IND/ex-project-officer"}
_USA: Final = {"side": "USA", "office": "USA/ex-project-officer"}


def meeting(number: int, day: Day) -> dict[str, Any]:
    """What a meeting of the Exercise Group asked for; of the first its agenda and decisions too."""
    return _first(day) if number == 1 else _second(day)


def moved(day: Day) -> dict[str, Any]:
    """The actions of the first meeting with the date that both agreed later, and the project that came of the pair."""
    ranges, winch, officers = _first(day)["actions"]
    net = {"project": "ex-net"}
    return {"actions": [{**ranges, **net}, {**winch, **net, "due_now": day(-40)}, officers]}


def _first(day: Day) -> dict[str, Any]:
    return {
        "agenda": [
            {"number": "1", "title": "Needs and offers of both sides", "purpose": "information", "outcome": "taken"},
            {"number": "2", "title": "Pairs to be shaped into projects", "purpose": "decision", "outcome": "taken"},
            {"number": "3", "title": "A common form for test reports", "purpose": "decision", "outcome": "put-off"},
        ],
        "decisions": [
            {"number": "1", "text": "The recovery net and the crew helmet are shaped into projects."},
            {"number": "2", "text": "The naval working group reports on the net at each meeting of the Group."},
        ],
        "actions": [
            {
                "number": "1",
                "text": "Send the list of coastal ranges on which a recovery can be tried in sea state 4.",
                "owners": [_IND],
                "due": day(-75),
            },
            {
                "number": "2",
                "text": "Send drawings of the winch as it was flown from the barge.",
                "owners": [_USA],
                "due": day(-75),
            },
            {
                "number": "3",
                "text": "Name the officers who read the other side's test reports.",
                "owners": [_IND, _USA],
                "due": day(-30),
            },
        ],
    }


def _second(day: Day) -> dict[str, Any]:
    return {
        "actions": [
            {
                "number": "1",
                "text": "Answer whether the signal library of the buoy may be shared.",
                "owners": [_USA],
                "due": day(-20),
            },
            {
                "number": "2",
                "text": "Report on the trial from the barge, with the weights as measured.",
                "owners": [_IND],
                "project": "ex-net",
                "due": day(20),
            },
            {
                "number": "3",
                "text": "Circulate the dates that both ministries hold free for the next meeting.",
                "owners": [{"side": "IND", "office": "IND/ex-secretariat"}],
                "due": day(-188),
                "done": day(-190),
                "evidence": "Letter EX/GRP/2026/22.",
                "verified_by": "USA/ex-secretariat",
            },
        ],
    }


def reports(day: Day) -> list[tuple[str, dict[str, Any]]]:
    """Which office reports what, in the order of writing."""

    def report(side: str, number: int, action: str, name: str, on: float, **more: Any) -> tuple[str, dict[str, Any]]:
        office = f"{side}/ex-project-officer"
        ref = f"ex-group-{number:02}-{action}-{side.lower()}-1"
        of = {"meeting": f"ex-group-{number:02}", "action": action}
        said = {"ref": ref, "side": side, **of, "office": office, "holder": name, "date": day(on)}
        return office, {**said, **more}

    rao, ortega = "Cdr. Arjun Rao", "Daniel Ortega"
    seen, sheets = "The list is here, whole.", "Eleven sheets were sent to the naval staff."
    vacant = "One officer is named; the second post is vacant."
    ranges = "The list of four ranges went out with letter EX/NAV/2026/07."
    asked = "The review of the signal library takes six weeks more."
    return [
        report("IND", 1, "1", rao, -76, state="met", work_done=ranges),
        report("IND", 1, "3", rao, -50, state="met", work_done="Three officers of the naval staff are named."),
        report("USA", 1, "1", ortega, -13, state="met", verifies="ex-group-01-1-ind-1", work_done=seen),
        report("USA", 1, "2", ortega, -42, state="met", work_done=sheets, evidence="project:ex-net"),
        report("USA", 1, "3", ortega, -33, state="partly-met", work_done=vacant),
        report("USA", 2, "1", ortega, -21, state="open", later=day(25), why=asked),
    ]  # fmt: skip
