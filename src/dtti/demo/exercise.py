"""The staged live programme of the demonstration: fictitious people and projects, on real acts and exchanges.

Everything here is invented, and says so: every reference begins with `ex-`. It grows over ten months up to the moment
of staging, so that desks, courts and clocks have something true to show.
"""

from __future__ import annotations

from typing import Any

from dtti.accord import table, table_2
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.line.attend import attend

from . import (
    exercise_asks,
    exercise_forum,
    exercise_lanes,
    exercise_meetings,
    exercise_plans,
    exercise_procedure,
    exercise_projects,
    exercise_release,
    minutes,
)
from .cast import PEOPLE, POWERS, TITLES
from .pair import Desk, Pair
from .register import register


def _measure(name: str, unit: str, target: str, by: str, shown: str, baseline: str = "not measured") -> dict[str, Any]:
    return {"name": name, "unit": unit, "baseline": baseline, "target": target, "by": by, "shown_by": shown}


def _net_definition(minutes: int, weight: int) -> dict[str, Any]:
    return {
        "ref": "ex-net-success",
        "project": "ex-net",
        "problem": "Fixed-wing drones under 60 kg cannot be recovered on ships without a flight deck, so corvettes of "
        "both navies sail without them.",
        "end_users": [
            {"side": "IND", "user": "Corvette squadrons of the exercise fleet"},
            {"side": "USA", "user": "Surface experimentation squadron (exercise)"},
        ],
        "measures": [
            _measure(
                "Recoveries without damage, sea state 4", "recoveries in 20", "19", "2027-12", "Joint trial report"
            ),
            _measure("Time from approach to stowed", "minutes", str(minutes), "2027-12", "Joint trial report"),
            _measure(
                "Weight of the kit on a 600 t corvette",
                "kg",
                str(weight),
                "2028-06",
                "Weighing certificate, both sides",
            ),
        ],
        "assessors": [
            {"side": "IND", "office": "IND/ex-project-officer"},
            {"side": "USA", "office": "USA/ex-project-officer"},
        ],
        "partial": "Recovery in sea state 3 only, or on one side's ships only.",
        "failure": "Any recovery that endangers the crew, or no joint trial by the end of 2027.",
    }


def _project(ref: str, name: str, purpose: str, domain: str, kind: str, on: str, **more: Any) -> dict[str, Any]:
    return {
        "ref": ref,
        "name": name,
        "purpose": purpose,
        "domain": domain,
        "kind": kind,
        "cohort": "ex-2026",
        "first_named": on,
        "in_dtti": True,
        "nomination_source": "working-group",
        "sop": "sop-1",
        **more,
    }


def _screened(day: str) -> list[dict[str, Any]]:
    """What answers the checklist of the stage `screened`, beside needs and sponsors."""
    return [
        {"row": "earlier-attempts", "state": "met", "on": day, "registry": "EX/NAV/2026/3, held by both secretariats"},
        *(
            {"row": row, "side": side, "state": "met", "on": day, "registry": f"EX/{side}/2026/{number}"}
            for number, row in enumerate(("highest-marking", "interests-declared"), 11)
            for side in ("IND", "USA")
        ),
    ]


def _without_annex(day: str) -> dict[str, Any]:
    """The waiver under which exploring began: agreed by both, seen by everybody."""
    return {
        "row": "exchange-framework",
        "state": "waived",
        "on": day,
        "office": "IND/ex-project-officer",
        "why": "Only what both navies have published is exchanged until the annex is in force.",
        "authority": "Exercise Group, first meeting, decision 1",
    }


class Exercise:
    """Stages the exercise on a founded pair."""

    def __init__(self, pair: Pair) -> None:
        self.pair, self.clock = pair, pair.clock
        self.desks: dict[str, Desk] = {}
        self.records: dict[str, str] = {}
        self.asked: dict[str, dict[str, Any]] = {}  # the texts of requests to offices, by reference
        self.first: dict[str, Any] = {}  # the text of the first meeting
        self.recommended: dict[str, dict[str, Any]] = {}  # what industry recommended, by name
        self.submissions: list[exercise_forum.Submitted] = []  # what of it came by form

    def new(self, name: str, kind: str, side: str) -> str:
        """The id of a new record, remembered by name."""
        self.records[name] = new_record(kind, side)
        return self.records[name]

    def stage(self) -> None:
        """Everything, in order of time."""
        self.offices(300)
        self.group(290)
        self.needs(270)
        exercise_projects.early(self, 255)
        exercise_asks.quiet(
            self,
            250,
            _project(
                "ex-signal",
                "Common signal book for small boats",
                "One book of light and flag signals for the small boats of both navies.",
                "naval",
                "information-exchange",
                self.clock.day(-250),
                stages=[{"stage": "proposed", "entered": self.clock.day(-250)}],
            ),
        )
        self.net(240)
        exercise_plans.begin(self, 172)
        self.paper(150)
        self.statement(120)
        exercise_plans.moved(self, 108)
        self.lapse(100)
        self.letter(80)
        self.moved(70)
        self.suspension(60)
        exercise_asks.stage(self, 58)
        self.drafting(45)
        exercise_projects.stage(self, 43)
        exercise_meetings.stage(self, 40)
        exercise_release.stage(self, 35)
        self.counter_text(30)
        exercise_lanes.stage(self, 20)
        exercise_procedure.stage(self, 16)
        self.waiting(14)
        self.reports(12)
        exercise_forum.stage(self, 11)
        exercise_plans.reports(self, 10)
        self.clock.ago(0, self.clock.start.hour)
        self.pair.swap()

    def offices(self, days: float) -> None:
        """The offices of both sides and who holds them."""
        self.clock.ago(days)
        for side, user, name, ref, duty in PEOPLE:
            verbs, kinds = POWERS[duty]
            creator = self.desks.get(f"{side}/ex-secretariat")
            kinds = (*kinds, "office") if "office" not in kinds else kinds
            desk = Desk(
                self.pair, side, ref, TITLES[ref.split("/")[1]], name, sorted({*verbs, "state"}), sorted(set(kinds))
            )
            self.desks[ref] = desk
            holder = creator or desk
            if "appointment" in kinds:
                holder.state(
                    "appointment",
                    {
                        "ref": f"ex-{user.replace('.', '-')}",
                        "office": ref,
                        "holder": name,
                        "capacity": "substantive",
                        "start": self.clock.day(-days),
                        "end_state": "holding",
                    },
                )
        self.ind, self.usa = self.desks["IND/ex-secretary"], self.desks["USA/ex-under-secretary"]
        self.ind_po, self.usa_po = self.desks["IND/ex-project-officer"], self.desks["USA/ex-project-officer"]
        self.ind_sec, self.usa_sec = self.desks["IND/ex-secretariat"], self.desks["USA/ex-secretariat"]
        self.pair.swap()

    def group(self, days: float) -> None:
        """The Exercise Group, its cadence, and two meetings; the next is overdue."""
        self.clock.ago(days)
        body = self.new("group", "body", "IND")
        self.ind_sec.propose(
            body,
            {
                "ref": "ex-group",
                "name": "Exercise Group",
                "type": "steering-group",
                "co_chair_offices": ["IND/ex-secretary", "USA/ex-under-secretary"],
                "cadence": {"text": "every six months, alternating between the two countries", "days": 183},
                "host_rule": "alternate",
            },
        )
        self.pair.swap()
        self.usa_sec.accept(body)
        self.pair.swap()
        self._meeting(1, -285, "IND", "New Delhi", "held", 284)

    def _meeting(self, number: int, day: float, host: str, place: str, status: str, recorded: float) -> None:
        self.clock.ago(recorded)
        record = self.new(f"meeting-{number}", "meeting", host)
        mine, theirs = (self.ind_sec, self.usa_sec) if host == "IND" else (self.usa_sec, self.ind_sec)
        content = {
            "ref": f"ex-group-{number:02}",
            "body": "ex-group",
            "number": number,
            "date": self.clock.day(day),
            "mode": "in-person",
            "status": status,
            "host": host,
            "place": place,
            "outcomes": [
                "Needs and offers of both sides laid side by side.",
                "Two pairs to be shaped into projects.",
            ],
            **minutes.meeting(number, self.clock.day),
        }
        self.first = content if number == 1 else self.first
        mine.propose(record, content)
        self.pair.swap()
        theirs.accept(record)
        self.pair.swap()

    def moved(self, days: float) -> None:
        """The text of the first meeting agreed again, with a later date for one of its actions."""
        self.clock.ago(days)
        record = self.records["meeting-1"]
        self.ind_sec.propose(record, {**self.first, **minutes.moved(self.clock.day)}, base=1, remarks=minutes.WHY_MOVED)
        self.pair.swap()
        self.usa_sec.accept(record)
        self.pair.swap()

    def reports(self, days: float) -> None:
        """What both sides report of the actions of both meetings, and one report that is verified."""
        self.clock.ago(days)
        writer = "IND"
        for office, content in minutes.reports(self.clock.day):
            if content["side"] != writer:
                self.pair.swap()
                writer = content["side"]
            self.desks[office].state("action_report", content)
        self.pair.swap()

    def needs(self, days: float) -> None:
        """Each side's register of needs and offers; the last two are national and never leave their node."""
        self.clock.ago(days)
        officers, writer = {"IND": self.ind_po, "USA": self.usa_po}, "IND"
        for side, ledger, content in register(self.clock.day):
            if side != writer:
                self.pair.swap()
                writer = side
            officers[side].state("need", content, ledger=ledger)
        self.pair.swap()

    def net(self, days: float) -> None:
        """A project nominated from a pair that fits, and its success definition, version 1 agreed."""
        self.clock.ago(days)
        day = self.clock.day
        project = self.new("net", "project", "IND")
        content = _project(
            "ex-net",
            "Shipboard drone recovery net",
            "Recover fixed-wing drones under 60 kg on ships without a flight deck, so that both navies can fly them "
            "from corvettes.",
            "naval",
            "co-development",
            day(-days),
            aliases=["Recovery net"],
            needs=["ex-in-7", "ex-us-31"],
            sponsors=[
                {"side": "IND", "organisation": "Naval staff (exercise)"},
                {"side": "USA", "organisation": "Fleet experimentation office (exercise)"},
            ],
            transitions=[
                {"side": "IND", "path": "Fit to two corvettes at their next refit."},
                {"side": "USA", "path": "Experimentation buy of four kits."},
            ],
            stages=[{"stage": "proposed", "entered": day(-days)}, {"stage": "screened", "entered": day(-days)}],
            checklist=_screened(day(-days)),
        )
        self.ind_po.propose(project, content)
        self.pair.swap()
        self.clock.ago(days - 12)
        self.usa_po.accept(project)
        self.pair.swap()
        definition = self.new("net-success", "success_definition", "IND")
        self.clock.ago(days - 30)
        self.ind_po.propose(definition, _net_definition(10, 900))
        self.pair.swap()
        self.clock.ago(days - 52)
        self.usa_po.accept(definition)
        self.pair.swap()
        exercise_release.named(self, days - 56)
        self.clock.ago(days - 60)
        shaped = {
            **content,
            "release_questions": list(exercise_release.OF_NET),
            "success_definition": "ex-net-success",
            "stages": [*content["stages"], {"stage": "exploring", "entered": day(-days + 55)}],
            "checklist": [*content["checklist"], _without_annex(day(-days + 55))],
        }
        self.ind_po.propose(project, shaped, base=1)
        self.pair.swap()
        self.usa_po.accept(project)
        self.pair.swap()
        self._meeting(2, -(days - 40), "USA", "Washington", "held", days - 62)

    def paper(self, days: float) -> None:
        """A text agreed on paper: both sides record the same signed paper."""
        self.clock.ago(days)
        record = self.new("helmet", "project", "USA")
        content = _project(
            "ex-helmet",
            "Crew helmet with cueing display",
            "One helmet for rotary crews of both sides, day and night.",
            "air",
            "co-production",
            self.clock.day(-days - 3),
            stages=[{"stage": "proposed", "entered": self.clock.day(-days - 3)}],
        )
        paper = text.Paper("EX/AIR/2026/14", self.clock.day(-days - 3), "Record of discussion, item 5")
        first = self.usa_po.report(record, content, paper)
        self.pair.swap()
        self.clock.ago(days - 6)
        self.ind_po.report(record, content, paper, confirms=first)
        self.pair.swap()

    def statement(self, days: float) -> None:
        """The Exercise Statement of Intent, agreed; its second version is waiting on the United States."""
        self.clock.ago(days)
        record = self.new("statement", "instrument", "IND")
        lines = [
            {"project": "ex-net", "horizon": "near", "promised": self.clock.day(200)[:7]},
            {"project": "ex-helmet", "horizon": "mid"},
        ]
        content = {
            "ref": "ex-soi",
            "name": "Exercise Statement of Intent",
            "type": "statement-of-intent",
            "body": "ex-group",
            "signed": self.clock.day(-days),
            "binding": "non-binding",
            "implementation": "in-use",
            "lines_known": True,
            "line_count": 2,
            "lines": lines,
        }
        self.ind.propose(record, content)
        self.pair.swap()
        self.clock.ago(days - 4)
        self.usa.accept(record)
        self.pair.swap()
        commitment = self.new("trial", "commitment", "USA")
        self.usa_sec.propose(
            commitment,
            {
                "ref": "ex-trial-plan",
                "text": "Joint trial plan for the recovery net laid before the Group",
                "force": "firm",
                "made": self.clock.day(-days + 5),
                "project": "ex-net",
                "body": "ex-group",
                "owners": [{"side": "USA", "office": "USA/ex-project-officer"}],
                "due": self.clock.day(9),
            },
        )
        self.pair.swap()
        self.ind_sec.accept(commitment)
        self.pair.swap()
        self.statement_content = content

    def lapse(self, days: float) -> None:
        """An offer that nobody answered in time."""
        self.clock.ago(days)
        record = self.new("harbour", "project", "IND")
        content = _project(
            "ex-harbour",
            "Harbour mine survey by small boats",
            "Survey a harbour approach in a night with uncrewed boats.",
            "naval",
            "science-technology",
            self.clock.day(-days),
            stages=[{"stage": "proposed", "entered": self.clock.day(-days)}],
        )
        self.ind_po.propose(record, content, days=-(days - 21))
        self.pair.swap()
        self.clock.ago(days - 23)
        self.pair.swap()
        attend(self.pair.nodes["IND"])
        self.pair.swap()

    def letter(self, days: float) -> None:
        """A text that India records from a letter; the United States has not confirmed it."""
        self.clock.ago(days)
        record = self.new("power", "project", "IND")
        content = _project(
            "ex-power",
            "Silent field power unit",
            "Two kilowatts for a week, silent at 50 metres, carried by four people.",
            "land",
            "co-development",
            self.clock.day(-days - 9),
            needs=["ex-in-9"],
            sponsors=[{"side": "IND", "organisation": "Army staff (exercise)"}],
            stages=[{"stage": "proposed", "entered": self.clock.day(-days - 9)}],
        )
        self.ind_sec.report(
            record, content, text.Paper("EX/LAND/2026/31", self.clock.day(-days - 9), "Letter of the co-chair")
        )
        self.pair.swap()

    def suspension(self, days: float) -> None:
        """A project that one side suspends by itself."""
        self.clock.ago(days + 20)
        record = self.new("buoy", "project", "USA")
        content = _project(
            "ex-buoy",
            "Reusable listening buoy",
            "A buoy that both navies can recover, read and set out again.",
            "naval",
            "co-development",
            self.clock.day(-days - 20),
            stages=[{"stage": "proposed", "entered": self.clock.day(-days - 20)}],
        )
        self.usa_po.propose(record, content)
        self.pair.swap()
        self.ind_po.accept(record)
        self.pair.swap()
        self.clock.ago(days)
        self.usa.act(
            "notice",
            record,
            table_2.Notice("suspend", reason="export-control"),
            text.Text(remarks="Release of the signal library is under review; no work until it is answered."),
        )
        self.pair.swap()

    def drafting(self, days: float) -> None:
        """A success definition in drafting: one side shows a draft and asks for nothing yet."""
        self.clock.ago(days)
        record = self.new("helmet-success", "success_definition", "USA")
        content = {
            "ref": "ex-helmet-success",
            "project": "ex-helmet",
            "problem": "Crews of both sides fly with helmets that cannot cue each other's sensors.",
            "measures": [_measure("Helmet weight", "kg", "1.6", "2028-12", "Weighing certificate")],
        }
        self.usa_po.act("draft", record, table.Plain(), text.Text(content=content, remarks="First thoughts, not sent."))
        self.pair.swap()
        self.usa_po.act(
            "request_pen", self.records["power"], table.Plain(), text.Text(remarks="We would like to add a maker.")
        )
        self.pair.swap()

    def counter_text(self, days: float) -> None:
        """India offers version 2 of the success definition; Washington sends it back with another figure."""
        self.clock.ago(days)
        record = self.records["net-success"]
        self.ind_po.propose(record, _net_definition(8, 900), base=1, remarks="Eight minutes after the barge trial.")
        self.pair.swap()
        self.clock.ago(days - 18)
        self.usa_po.send_back(
            record,
            "Six minutes: the deck must be clear before a helicopter turns in.",
            _net_definition(6, 850),
            days=18,
        )
        self.pair.swap()

    def waiting(self, days: float) -> None:
        """Offers that wait now: one on India, one on the United States."""
        self.clock.ago(days)
        survey = self.new("survey", "project", "USA")
        self.usa_po.propose(
            survey,
            _project(
                "ex-survey",
                "Shared sea-floor survey format",
                "One file format for survey data of both navies.",
                "naval",
                "information-exchange",
                self.clock.day(-days),
                stages=[{"stage": "proposed", "entered": self.clock.day(-days)}],
            ),
            days=16,
            remarks="For the next meeting of the Exercise Group.",
        )
        second = dict(self.statement_content)
        second["lines"] = [
            {"project": "ex-net", "horizon": "near", "promised": self.clock.day(230)[:7]},
            {"project": "ex-power", "horizon": "long"},
        ]
        self.ind.propose(
            self.records["statement"], second, base=1, days=20, remarks="Helmet moves to the next statement."
        )
        self.pair.swap()


def stage(pair: Pair) -> Exercise:
    """Stage the exercise on `pair`; returns it with the ids of its records by name."""
    exercise = Exercise(pair)
    exercise.stage()
    return exercise
