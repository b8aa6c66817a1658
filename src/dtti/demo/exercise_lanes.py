"""National cases and steps of the exercise, on both sides, some released, so that every warning has something to show.

All invented. Days are counted from the moment of staging; negative ones lie before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dtti.node.core import release, text

if TYPE_CHECKING:
    from .exercise import Exercise
    from .pair import Desk

Day = Any
#: What a step is stated with by either side, in order: project, step, what is said of it, whether it is released.
Stated = tuple[str, str, dict[str, Any], bool]


def stage(exercise: Exercise, days: float) -> None:
    """The agreements, then India's cases and steps, then those of the United States, then what each releases."""
    exercise.clock.ago(days)
    _agreements(exercise)
    for case in _indian_cases(exercise.clock.day):
        exercise.ind_po.state("national_case", case, ledger="national")
    _steps(exercise, "IND", exercise.ind_po, _indian_steps(exercise.clock.day))
    exercise.pair.swap()
    for case in _american_cases(exercise.clock.day):
        exercise.usa_po.state("national_case", case, ledger="national")
    _steps(exercise, "USA", exercise.usa_po, _american_steps(exercise.clock.day))
    exercise.pair.swap()
    # What India released of its necessity is older than what it holds now: it asked for an extension since.
    first = _necessity(exercise.clock.day)
    record = exercise.records["IND ex-net in-acq-necessity"]
    exercise.ind_po.state("national_step", {**first, "text": "Extension asked for."}, record, 1, "national")
    exercise.pair.swap()


def _steps(exercise: Exercise, side: str, desk: Desk, steps: list[Stated]) -> None:
    officer = exercise.desks[f"{side}/ex-disclosure"]
    for project, step, said, told in steps:
        content = {"ref": f"{project}-{step}", "side": side, "project": project, "step": step, **said}
        record = desk.state("national_step", content, ledger="national")
        exercise.records[f"{side} {project} {step}"] = record
        if told:
            exercise.clock.later()
            release.release(officer.node, record, officer.office, text.By(officer.holder, "substantive"))


def _agreements(exercise: Exercise) -> None:
    """A framework; under it the draft on the net, of which each side says something else; that on the helmet."""
    day = exercise.clock.day
    frame = exercise.new("framework", "instrument", "IND")
    exercise.ind.propose(
        frame,
        {
            "ref": "ex-framework",
            "name": "Exercise memorandum on research and development",
            "type": "research-moa",
            "signed": day(-298),
            "in_force": day(-298),
            "expires": day(900),
            "binding": "binding",
            "implementation": "in-use",
        },
    )
    exercise.pair.swap()
    exercise.usa.accept(frame)
    exercise.pair.swap()
    net = exercise.new("net-agreement", "instrument", "IND")
    exercise.ind.propose(
        net,
        {
            "ref": "ex-net-agreement",
            "name": "Project agreement, shipboard drone recovery net",
            "type": "project-agreement",
            "parent": "ex-framework",
            "project": "ex-net",
            "binding": "not-stated",
            "implementation": "negotiating",
            "side_views": [
                {"side": "IND", "binding": "binding"},
                {"side": "USA", "binding": "non-binding", "authority": "10 USC 2350a"},
            ],
            "expires": day(1900),
        },
    )
    exercise.pair.swap()
    exercise.usa.accept(net)
    exercise.pair.swap()
    helmet = exercise.new("helmet-agreement", "instrument", "USA")
    exercise.usa.propose(
        helmet,
        {
            "ref": "ex-helmet-agreement",
            "name": "Memorandum on the crew helmet",
            "type": "memorandum",
            "project": "ex-helmet",
            "binding": "binding",
            "implementation": "signed-only",
            "signed": day(-28),
            "signatories": [
                {
                    "side": "IND",
                    "name": "Meera Anand",
                    "office": "IND/ex-secretary",
                    "capacity": "substantive",
                },
                {
                    "side": "USA",
                    "name": "Laura Whitfield",
                    "office": "USA/ex-under-secretary",
                    "capacity": "performing-the-duties",
                },
            ],
        },
    )
    exercise.pair.swap()
    exercise.ind.accept(helmet)
    exercise.pair.swap()


def _indian_cases(day: Day) -> list[dict[str, Any]]:
    case = {"side": "IND", "rules": "in-dap-2020", "office": "IND/ex-project-officer"}
    return [
        {
            **case,
            "ref": "ex-net-in-case",
            "project": "ex-net",
            "began": day(-180),
            "why": "The kits are to be bought and then made in India, so the acquisition procedure applies.",
            "entry": {
                "step": "in-acq-necessity",
                "category": "buy-and-make",
                "route": "co-development",
                "on": day(-170),
                "office": "IND/ex-secretary",
                "authority": "Exercise Group, second meeting, decision 2",
                "changed": "No request for information: the joint definition of success takes its place.",
            },
            "file_number": "EX/DDP/NET/4",
        },
        {
            **case,
            "ref": "ex-helmet-in-case",
            "project": "ex-helmet",
            "began": day(-165),
            "entry": {
                "step": "in-acq-requirement",
                "category": "buy-global",
                "route": "foreign-military-sale",
                "on": day(-160),
                "office": "IND/ex-secretary",
                "offsets": "owed",
            },
            "file_number": "EX/DDP/HELM/1",
        },
    ]


def _necessity(day: Day) -> dict[str, Any]:
    return {
        "ref": "ex-net-in-acq-necessity",
        "side": "IND",
        "project": "ex-net",
        "step": "in-acq-necessity",
        "rules": "in-dap-2020",
        "office": "IND/ex-secretary",
        "started": day(-175),
        "done": day(-150),
        "until": day(30),
        "file_number": "EX/DAC/2026/18",
    }


def _indian_steps(day: Day) -> list[Stated]:
    rules = {"rules": "in-dap-2020"}
    return [
        ("ex-net", "in-acq-rfi", {**rules, "not_needed": "The definition of success takes its place."}, False),
        ("ex-net", "in-acq-necessity", _necessity(day), True),
        ("ex-net", "in-acq-rfp", {**rules, "expected": day(45), "office": "IND/ex-project-officer"}, False),
        (
            "ex-helmet",
            "in-acq-requirement",
            {
                **rules,
                "started": day(-150),
                "office": "IND/ex-project-officer",
                "awaits": [{"side": "USA", "step": "us-release-night-vision"}],
                "delays": [{"reason": "awaiting-partner", "since": day(-90)}],
            },
            True,
        ),
        ("ex-helmet", "in-acq-necessity", {**rules, "done": day(-140), "until": day(40)}, True),
        ("ex-helmet", "in-acq-technical", {**rules, "done": day(-30), "silent": True}, False),
    ]


def _american_cases(day: Day) -> list[dict[str, Any]]:
    case = {"side": "USA", "rules": "us-agreement-1", "office": "USA/ex-project-officer"}
    return [
        {**case, "ref": "ex-net-us-case", "project": "ex-net", "began": day(-200), "authority": "10-usc-2350a"},
        {**case, "ref": "ex-helmet-us-case", "project": "ex-helmet", "began": day(-160), "authority": "22-usc-2767"},
        {**case, "ref": "ex-power-us-case", "project": "ex-power", "began": day(-75), "authority": "22-usc-2767"},
    ]


def _american_steps(day: Day) -> list[Stated]:
    rules = {"rules": "us-agreement-1"}
    office = {**rules, "office": "USA/ex-project-officer"}
    return [
        ("ex-net", "us-opportunity", {**rules, "done": day(-200)}, True),
        ("ex-net", "us-authorised", {**rules, "done": day(-90), "office": "USA/ex-under-secretary"}, False),
        (
            "ex-net",
            "us-negotiating",
            {**office, "started": day(-60), "delays": [{"reason": "awaiting-partner", "since": day(-25)}]},
            False,
        ),
        ("ex-net", "us-congress", {**rules, "expected": day(10)}, True),
        ("ex-net", "us-in-effect", {**rules, "expected": day(25)}, True),
        (
            "ex-helmet",
            "us-release-night-vision",
            {**rules, "started": day(-100), "awaits": [{"side": "IND", "step": "in-acq-requirement"}]},
            True,
        ),
        ("ex-helmet", "us-congress", {**rules, "done": day(-45)}, False),
        ("ex-helmet", "us-in-effect", {**rules, "expected": day(70)}, True),
        ("ex-power", "us-request-to-develop", {**office, "started": day(-50)}, False),
        ("ex-power", "us-signed", {**rules, "expected": day(120)}, False),
    ]
