"""Requests to offices in the exercise, in each state, inside each side and across; and reasons given for waits.

Everything is invented. What one side asks inside stays on its node; what it asks of the other is told, but for one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .exercise import Exercise

NATIONAL = "national"
_PO, _SEC, _TOP = "ex-project-officer", "ex-secretariat", {"IND": "ex-secretary", "USA": "ex-under-secretary"}


def stage(exercise: Exercise, days: float) -> None:
    """All of them: asked from `days` ago on, by both sides."""
    _across(exercise, days)
    _inside(exercise, days - 4)
    _answered(exercise, days - 9)
    _reasons(exercise, days - 11)


def quiet(exercise: Exercise, days: float, project: dict[str, Any]) -> None:
    """A project that both agreed long ago and on which nothing was done since: it is shown as dormant."""
    exercise.clock.ago(days)
    record = exercise.new("signal", "project", "IND")
    exercise.ind_po.propose(record, project)
    exercise.pair.swap()
    exercise.usa_po.accept(record)
    exercise.pair.swap()


def _ask(exercise: Exercise, ref: str, by: str, of: str, what: str, about: str, text: str, **more: Any) -> str:
    """A request, stated by the desk that asks; told to the other side unless `ledger` says otherwise."""
    side = by.partition("/")[0]
    ledger = more.pop("ledger", "released")
    desk = exercise.desks[by]
    content = {
        "ref": ref, "side": side, "office": by, "holder": desk.holder, "of": of, "what": what, "about": about,
        "text": text, **more,
    }  # fmt: skip
    exercise.records[ref] = desk.state("ask", content, ledger=ledger)
    exercise.asked[ref] = content
    return exercise.records[ref]


def _across(exercise: Exercise, days: float) -> None:
    """Asked of the other side: one open and overdue, one to be answered, one to be declined, one withdrawn."""
    day = exercise.clock.day
    exercise.clock.ago(days)
    _ask(
        exercise, "ex-ask-nominee", f"IND/{_PO}", f"USA/{_PO}", "nomination", "project:ex-helmet",
        "Name a pilot for the cueing trial, with the dates on which he can come to Bengaluru.",
        asked_on=day(-days), wanted=day(-days + 14),
    )  # fmt: skip
    _ask(
        exercise, "ex-ask-drawings", f"IND/{_PO}", f"USA/{_SEC}", "paper", "project:ex-power",
        "The interface drawing of the fuel cartridge, as discussed at the second meeting.",
        asked_on=day(-days), letter="EX/IND/LAND/2026/44", ledger=NATIONAL,
    )  # fmt: skip
    _ask(
        exercise, "ex-ask-old", f"IND/{_SEC}", f"USA/{_SEC}", "comments", "instrument:ex-soi",
        "Comments on the second version before it is offered.", asked_on=day(-days),
    )  # fmt: skip
    exercise.pair.swap()
    _ask(
        exercise, "ex-ask-barge", f"USA/{_PO}", f"IND/{_PO}", "visit", "project:ex-net",
        "Three people to see the barge trial at Kochi.", asked_on=day(-days), wanted=day(-days + 20),
    )  # fmt: skip
    _ask(
        exercise, "ex-ask-range", f"USA/{_PO}", f"IND/{_TOP['IND']}", "reply", "project:ex-buoy",
        "May the buoy be tried on the eastern range?", asked_on=day(-days),
    )  # fmt: skip
    exercise.pair.swap()


def _inside(exercise: Exercise, days: float) -> None:
    """Asked inside each side: never told to the other."""
    day = exercise.clock.day
    exercise.clock.ago(days)
    _ask(
        exercise, "ex-ask-fleet", f"IND/{_PO}", f"IND/{_SEC}", "comments", "project:ex-net",
        "What the fleet says of six minutes instead of eight.", asked_on=day(-days), wanted=day(-days + 10),
        ledger=NATIONAL,
    )  # fmt: skip
    _ask(
        exercise, "ex-ask-funds", f"IND/{_PO}", f"IND/{_TOP['IND']}", "reply", "project:ex-net",
        "Whether the trial is paid from this year's grant.", asked_on=day(-days), ledger=NATIONAL,
    )  # fmt: skip
    exercise.pair.swap()
    _ask(
        exercise, "ex-ask-library", f"USA/{_TOP['USA']}", f"USA/{_PO}", "paper", "project:ex-buoy",
        "The list of signals that could be released.", asked_on=day(-days), ledger=NATIONAL,
    )  # fmt: skip
    exercise.pair.swap()


def _answered(exercise: Exercise, days: float) -> None:
    """Answers: given, declined, inside, noted from a letter; and one request withdrawn."""
    day = exercise.clock.day
    exercise.clock.ago(days)
    _answer(exercise, "ex-ask-barge", result="given", text="Three visitors, on the second day of the trial.",
            given_on=day(-days))  # fmt: skip
    _answer(exercise, "ex-ask-range", result="declined", text="The range is closed to trials until its survey is over.",
            given_on=day(-days))  # fmt: skip
    _answer(exercise, "ex-ask-funds", result="given", text="From this year's grant, up to the sum of the trial plan.",
            given_on=day(-days), ledger=NATIONAL)  # fmt: skip
    exercise.desks[f"IND/{_PO}"].state(
        "ask_answer",
        {
            "ref": "ex-ask-drawings-1", "side": "IND", "ask": "ex-ask-drawings", "office": f"USA/{_SEC}",
            "given_on": day(-days - 1), "result": "given", "letter": "EX/USA/2026/317",
            "text": "The drawing came with the letter.",
        },
        ledger=NATIONAL,
    )  # fmt: skip
    withdrawn = {**exercise.asked["ex-ask-old"], "withdrawn": day(-days), "why": "The text was offered meanwhile."}
    exercise.ind_sec.state("ask", withdrawn, exercise.records["ex-ask-old"], base=1)
    exercise.pair.swap()


def _answer(exercise: Exercise, ask: str, *, ledger: str = "released", **said: Any) -> None:
    """The answer of the office that was asked."""
    office = exercise.asked[ask]["of"]
    desk = exercise.desks[office]
    content = {"ref": f"{ask}-1", "side": desk.side, "ask": ask, "office": office, "holder": desk.holder, **said}
    desk.state("ask_answer", content, ledger=ledger)


def _reasons(exercise: Exercise, days: float) -> None:
    """Reasons that each side gives of itself: one told to the other side, one kept."""
    day = exercise.clock.day
    exercise.clock.ago(days)
    exercise.ind_po.state(
        "delay",
        {
            "ref": "ex-delay-net", "side": "IND", "about": "project:ex-net", "reason": "delayed-comments",
            "start": day(-days), "office": f"IND/{_SEC}", "text": "The fleet has not answered yet.",
        },
        ledger=NATIONAL,
    )  # fmt: skip
    exercise.pair.swap()
    exercise.usa_po.state(
        "delay",
        {
            "ref": "ex-delay-helmet", "side": "USA", "about": "ask:ex-ask-nominee", "project": "ex-helmet",
            "reason": "several-decision-heads", "start": day(-days - 5), "text": "Two commands answer for the pilots.",
        },
    )  # fmt: skip
    exercise.pair.swap()
