"""A staged project that is carried out: its success definition, its plan, dates moved once, reports and readings.

The two sides report and measure different things of the same, and one forecast of each side was never released.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import text
from dtti.programme.fiscal import fiscal_year
from dtti.programme.sop.versions import version
from dtti.programme.values import SideCode, When

if TYPE_CHECKING:
    from .exercise import Exercise

PROJECT: Final = "ex-mat"
#: Ways in which a row is answered by the text of the project alone, or by what the exercise does not stage.
_ANSWERED: Final = ("attested", "needs", "continues", "framework", "statement")
_IND, _USA = "IND/ex-project-officer", "USA/ex-project-officer"


def begin(exercise: Exercise, days: float) -> None:
    """The agreements, the project as both recorded it from one paper, what success is, and the plan as first agreed."""
    exercise.clock.ago(days)
    day = exercise.clock.day
    for name, content in _instruments(day).items():
        _agree(exercise, name, "instrument", content, by="heads")
    exercise.new("mat", "project", "IND")
    bare = _project(day)
    del bare["success_definition"], bare["plan"]  # which name the project, and come after it
    _from_paper(exercise, bare, 2)
    _agree(exercise, "mat-success", "success_definition", _definition(day))
    _agree(exercise, "mat-plan", "plan", _plan(day))
    _from_paper(exercise, _project(day), 3)


def _from_paper(exercise: Exercise, content: dict[str, Any], item: int) -> None:
    """The text of the project as both sides record it from one paper."""
    paper = text.Paper(
        f"EX/LAND/2026/{item}", exercise.clock.day(-176), f"Record of the steering committee, item {item}"
    )
    first = exercise.ind_po.report(exercise.records["mat"], content, paper)
    exercise.pair.swap()
    exercise.usa_po.report(exercise.records["mat"], content, paper, confirms=first)
    exercise.pair.swap()


def moved(exercise: Exercise, days: float) -> None:
    """Two dates of the plan moved by both, with the reason; the dates first agreed stay."""
    exercise.clock.ago(days)
    day = exercise.clock.day
    content = _plan(day)
    later = {"2": day(-60), "3": day(20)}
    content["milestones"] = [
        {**each, "planned_now": later[each["number"]]} if each["number"] in later else each
        for each in content["milestones"]
    ]
    content["rebaselined"] = [
        {
            "date": day(-days),
            "why": "The first rolls were rejected; a second supplier is taken in.",
            "reason": "delayed-execution",
        }
    ]
    record = exercise.records["mat-plan"]
    exercise.ind_po.propose(record, content, base=1, remarks="As the steering committee saw it.")
    exercise.pair.swap()
    exercise.usa_po.accept(record)
    exercise.pair.swap()


def reports(exercise: Exercise, days: float) -> None:
    """What each side reports of the milestones and measured of the success; the last of each stays with its side."""
    exercise.clock.ago(days)
    day = exercise.clock.day
    for side, desk, said in (
        ("IND", exercise.ind_po, [*_indian(day), *_measured_by_india(day)]),
        ("USA", exercise.usa_po, [*_american(day), *_measured_by_usa(day)]),
    ):
        for number, (kind, content, national) in enumerate(said, 1):
            whole = {"ref": f"{PROJECT}-{side.lower()}-{kind.replace('_', '-')}-{number}", "side": side, **content}
            desk.state(kind, whole, ledger=NATIONAL if national else RELEASED)
        exercise.pair.swap()


def _agree(exercise: Exercise, name: str, kind: str, content: dict[str, Any], by: str = "officers") -> None:
    ind, usa = (exercise.ind, exercise.usa) if by == "heads" else (exercise.ind_po, exercise.usa_po)
    record = exercise.new(name, kind, "IND")
    ind.propose(record, content)
    exercise.pair.swap()
    usa.accept(record)
    exercise.pair.swap()


def _instruments(day: Any) -> dict[str, dict[str, Any]]:
    made = {"binding": "binding", "in_force": day(-182), "signed": day(-190)}
    return {
        "mat-agreement": {
            **made,
            "ref": "ex-mat-agreement",
            "name": "Project agreement on the landing mat (exercise)",
            "type": "project-agreement",
            "implementation": "implementing",
        },
        "mat-security": {
            **made,
            "ref": "ex-mat-security",
            "name": "Industrial security annex (exercise)",
            "type": "annex",
            "implementation": "signed-only",
        },
    }


def _project(day: Any) -> dict[str, Any]:
    stages = (("proposed", -420), ("screened", -400), ("exploring", -380), ("endorsed", -330), ("listed", -300),
              ("authorised", -280), ("negotiating", -260), ("text-agreed", -210), ("cleared", -200), ("signed", -190),
              ("in-effect", -182), ("executing", -176))  # fmt: skip
    return {
        "ref": PROJECT,
        "name": "Quick-laying landing mat",
        "purpose": "A mat that thirty people lay in an hour, for aircraft of both sides on soft ground.",
        "domain": "land",
        "kind": "co-development",
        "cohort": "ex-2025",
        "first_named": day(-420),
        "in_dtti": True,
        "nomination_source": "working-group",
        "success_definition": "ex-mat-success",
        "plan": "ex-mat-plan",
        "sop": "sop-1",
        "stages": [{"stage": stage, "entered": day(on)} for stage, on in stages],
        "sponsors": [
            {"side": "IND", "organisation": "Engineer directorate (exercise)"},
            {"side": "USA", "organisation": "Engineer school (exercise)"},
        ],
        "transitions": [
            {"side": "IND", "path": "Issue to two regiments."},
            {"side": "USA", "path": "Buy for one brigade, then review."},
        ],
        "checklist": _answers({stage: day(on) for stage, on in stages}),
        "agreements": ["ex-mat-agreement"],
        "enablers": ["ex-mat-agreement", "ex-mat-security"],
    }


def _answers(entered: dict[str, str]) -> list[dict[str, Any]]:
    """An answer to each row that no fact of the record answers, but for the agreements that are not applied yet."""
    numbered = enumerate(
        (name, rule, side)
        for name, rule in version("sop-1").rows.items()
        if rule.stage in entered and rule.how in _ANSWERED
        for side in rule.sides or ("",)
    )
    return [
        {
            "row": name,
            **({"side": side} if side else {}),
            "state": "met",
            "on": entered[rule.stage],
            "registry": f"EX/MAT/{number + 1}, held by the secretariat of the exercise",
        }
        for number, (name, rule, side) in numbered
    ]


def _definition(day: Any) -> dict[str, Any]:
    return {
        "ref": "ex-mat-success",
        "project": PROJECT,
        "problem": "Aircraft of both sides cannot use soft ground until engineers have worked on it for days.",
        "end_users": [
            {"side": "IND", "user": "Engineer regiments of the exercise army"},
            {"side": "USA", "user": "Engineer brigade (exercise)"},
        ],
        "measures": [
            {"number": "1", "name": "Time to lay thirty metres", "unit": "minutes", "baseline": "95", "target": "45",
             "direction": "at-most", "partly_from": "60", "by": day(-30), "shown_by": "Timed trial of both sides"},
            {"number": "2", "name": "Landings before it is replaced", "unit": "landings", "baseline": "not measured",
             "target": "120", "direction": "at-least", "by": day(-20), "shown_by": "Count at the range"},
            {"number": "3", "name": "Weight of one metre", "unit": "kg", "baseline": "31", "target": "24",
             "direction": "at-most", "by": day(240)[:7], "shown_by": "Weighing certificate"},
            {"number": "4", "name": "Crews of each side lay the mat of the other without help", "unit": "no unit",
             "baseline": "not tried", "target": "yes", "by": day(300)[:7], "shown_by": "Joint exercise"},
            {"number": "5", "name": "Price of one metre in series", "unit": "thousand rupees",
             "baseline": "not measured", "target": "38.5", "direction": "at-most", "by": day(420)[:7],
             "shown_by": "Offer of the maker"},
        ],
        "assessors": [{"side": "IND", "office": _IND}, {"side": "USA", "office": _USA}],
        "partial": "Laid within the hour, or by the crews of one side alone.",
        "failure": "More than an hour, or fewer than sixty landings.",
    }  # fmt: skip


def _plan(day: Any) -> dict[str, Any]:
    years: dict[SideCode, list[str]] = {
        side: [fiscal_year(side, When(day(on))) for on in (-60, 320)] for side in ("IND", "USA")
    }
    return {
        "ref": "ex-mat-plan",
        "project": PROJECT,
        "milestones": [
            {"number": "1", "name": "Design review", "planned_first": day(-150), "shown_by": "Minutes of the review"},
            {"number": "2", "name": "First article", "side": "IND", "planned_first": day(-90)},
            {"number": "3", "name": "Trial on soft ground in India", "side": "IND", "planned_first": day(-30)},
            {"number": "4", "name": "Trial in the United States", "side": "USA", "planned_first": day(120)},
            {"number": "5", "name": "Decision on series production", "planned_first": day(300)[:7]},
        ],
        "work": [
            {"side": "IND", "package": "Weaving and coating", "by": "Exercise mills"},
            {"side": "IND", "package": "Trial on soft ground"},
            {"side": "USA", "package": "Joints and anchors", "by": "Exercise fasteners"},
        ],
        "work_shares": [{"side": "IND", "basis_points": 5500}, {"side": "USA", "basis_points": 4500}],
        "costs": [
            {"side": "IND", "year": years["IND"][0], "form": "cash", "amount": 42_000_000, "currency": "INR"},
            {"side": "IND", "year": years["IND"][1], "form": "cash", "amount": 18_500_000, "currency": "INR"},
            {"side": "IND", "year": years["IND"][0], "form": "in-kind", "what": "Range time and two aircraft"},
            {"side": "USA", "year": years["USA"][0], "form": "cash", "amount": 900_000, "currency": "USD"},
            {"side": "USA", "year": years["USA"][1], "form": "in-kind", "amount": 250_000, "currency": "USD",
             "what": "Test stand"},
        ],
        "rights": [
            {"subject": "Coating process", "ground": "background-ip", "owner": "IND", "holder": "Exercise mills",
             "rights": "The other side may use it for this project alone."},
            {"subject": "Joint between two panels", "ground": "foreground-ip", "owner": "both",
             "rights": "Both may use it for their own forces; sale to others needs both."},
        ],
        "local_content": {"share": 6200, "method": "Value of parts made in India by the price of the mat",
                          "effect": "One line for weaving and coating set up at the exercise mills."},
    }  # fmt: skip


Said = tuple[str, dict[str, Any], bool]


def _plan_report(day: Any, on: float, office: str, national: bool = False, **said: Any) -> Said:
    content = {"project": PROJECT, "plan": "ex-mat-plan", "office": office, "date": day(on), **said}
    return "plan_report", content, national


def _indian(day: Any) -> list[Said]:
    return [
        _plan_report(day, -160, _IND, milestones=[{"milestone": "2", "forecast": day(-90)}]),
        _plan_report(day, -138, _IND, milestones=[
            {"milestone": "1", "actual": day(-139), "reason": "delayed-comments"},
            {"milestone": "2", "forecast": day(-62), "reason": "delayed-execution"},
        ]),
        _plan_report(day, -50, _IND, milestones=[
            {"milestone": "2", "actual": day(-52), "reason": "delayed-execution",
             "why": "The second supplier delivered late."},
            {"milestone": "3", "forecast": day(20)},
        ], maturity=[{"scale": "trl", "level": 6, "assessor": "Exercise laboratory", "assessed": day(-51)}]),
        _plan_report(day, -12, _IND, milestones=[
            {"milestone": "3", "forecast": day(35), "reason": "delayed-decision"},
        ], risks=[{"number": "1", "risk": "The range is not free before the rains.", "likelihood": "possible",
                   "effect": "The trial moves by a season.", "owner": "IND",
                   "response": "A second range is asked for."}]),
        _plan_report(day, -11, _IND, national=True, milestones=[
            {"milestone": "5", "forecast": day(390)[:7], "reason": "funding",
             "why": "The second year is not voted yet."},
        ]),
    ]  # fmt: skip


def _american(day: Any) -> list[Said]:
    return [
        _plan_report(day, -137, _USA, milestones=[
            {"milestone": "1", "actual": day(-139), "reason": "delayed-comments"},
        ]),
        _plan_report(day, -12, _USA, milestones=[
            {"milestone": "3", "forecast": day(75)[:7], "reason": "awaiting-partner"},
            {"milestone": "4", "forecast": day(120)},
        ], maturity=[{"scale": "mrl", "level": 4, "assessor": "Exercise laboratory", "assessed": day(-20)}]),
        _plan_report(day, -11, _USA, national=True, milestones=[
            {"milestone": "4", "forecast": day(190)[:7], "reason": "export-control"},
        ]),
    ]  # fmt: skip


def _measured(day: Any, on: float, office: str, measure: str, national: bool = False, **said: Any) -> Said:
    units = {"1": "minutes", "2": "landings", "3": "kg"}
    content = {
        "project": PROJECT,
        "definition": "ex-mat-success",
        "of_measure": measure,
        "date": day(on),
        "office": office,
        "document": {"title": "Trial report (exercise)", "number": f"EX/MAT/{abs(int(on))}", "held_by": office},
        **said,
    }
    if "value" in said:
        content["unit"] = units[measure]
    return "measurement", content, national


def _measured_by_india(day: Any) -> list[Said]:
    return [
        _measured(day, -70, _IND, "1", value="52"),
        _measured(day, -35, _IND, "1", value="44"),
        _measured(day, -18, _IND, "2", value="97"),
        _measured(day, -35, _IND, "3", value="27.5"),
        _measured(day, -13, _IND, "4", national=True, found="no"),
    ]


def _measured_by_usa(day: Any) -> list[Said]:
    return [
        _measured(day, -69, _USA, "1", value="58"),
        _measured(day, -29, _USA, "1", value="49"),
        _measured(day, -19, _USA, "2", value="101"),
        _measured(day, -15, _USA, "4", found="partly"),
    ]
