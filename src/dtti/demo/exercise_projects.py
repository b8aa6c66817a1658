"""A project of the exercise in each stage, each exit and each standing: invented, built by both capitals' own acts.

Texts of many projects go in one durable step of a side, and the answers in another: staging stays quick.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from dtti.accord import table, table_2
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.programme.kinds import KINDS
from dtti.programme.sop.spine import SPINE, Stage
from dtti.programme.sop.versions import versions

if TYPE_CHECKING:
    from .exercise import Exercise
    from .pair import Desk

Day = Callable[[float], str]
SOP: Final = "sop-1"
#: What the text of a project, or an agreement of it, says by itself; every other row is answered with a number.
_SAID: Final = ("nomination", "sponsors", "transitions", "text", "signed", "in-force", "enablers", "outcome")


class Plan(msgspec.Struct, frozen=True):
    """An invented project: the last stage that it has entered, its kind, and how long ago it entered that."""

    ref: str
    name: str
    purpose: str
    domain: str
    stage: Stage
    kind: str = "co-development"
    ago: int = 60


#: One for each stage; `proposed` and `exploring` have theirs in the story of the exercise as well.
STAGES: Final = (
    Plan("ex-lantern", "Deck lantern that night glasses do not flood", "Light a deck without blinding crews who wear "
         "night glasses.", "naval", "proposed"),
    Plan("ex-kettle", "Field water unit", "Water for forty people a day from any stream, carried by two.", "land",
         "screened"),
    Plan("ex-mooring", "Quick mooring for patrol boats", "Moor a patrol boat in three minutes without a line party.",
         "naval", "exploring"),
    Plan("ex-stretcher", "Folding stretcher for rotary crews", "One stretcher that fits the cabins of both sides.",
         "air", "endorsed"),
    Plan("ex-camouflage", "Winter net for vehicles", "A net that hides a vehicle in snow and folds wet.", "land",
         "listed"),
    Plan("ex-tyre", "Tyre that runs flat on gravel", "Fifty kilometres at forty on gravel with no air.", "land",
         "authorised"),
    Plan("ex-antenna", "Whip antenna that survives surf", "One antenna for small boats, proof against surf.", "naval",
         "negotiating"),
    Plan("ex-cooler", "Cooling vest for cockpits", "Keep a crew below 38 degrees on the ground in summer.", "air",
         "text-agreed"),
    Plan("ex-filter", "Sand filter for rotary engines", "Halve the wear of engines that land in sand.", "air",
         "cleared"),
    Plan("ex-pump", "Hand pump for flooded holds", "Two tonnes a minute by four people, without power.", "naval",
         "signed", "co-production"),
    Plan("ex-ladder", "Boarding ladder for high sides", "Board nine metres in sea state 3.", "naval", "in-effect"),
    Plan("ex-shelter", "Shelter for a repair team", "Change an engine in wind and dust.", "land", "executing",
         "co-production"),
    Plan("ex-goggle", "Goggle that does not fog", "Goggles that stay clear between minus 20 and plus 45.", "land",
         "closing"),
    Plan("ex-flare", "Daylight marker for drifting boats", "A marker that is seen at four kilometres in sun.", "naval",
         "closed", ago=50),
)  # fmt: skip

#: Those that end or pause in other ways.
EXITS: Final = (
    Plan("ex-relay", "Relay balloon for valleys", "Carry a voice net over a ridge for six hours.", "land", "exploring"),
    Plan("ex-winch", "Light winch for hovering", "Lift 200 kg at 60 metres with a winch of 30 kg.", "air",
         "executing"),
    Plan("ex-fuel", "Fuel bladder for two trucks", "Carry 3,000 litres on the trucks that both sides have.", "land",
         "listed"),
    Plan("ex-hook", "Recovery hook for drones", "Catch a drone with a hook on the mast.", "naval", "screened"),
    Plan("ex-armour", "Armour plate from waste fibre", "Stop fragments with half of the weight.", "land",
         "negotiating"),
    Plan("ex-bridge", "Footbridge for one squad", "Cross twelve metres of water in ten minutes.", "land", "endorsed"),
    Plan("ex-valve", "Valve for oxygen sets", "One valve for the oxygen sets of both sides.", "air", "executing"),
    Plan("ex-radio", "Radio for divers", "Talk at forty metres of depth.", "naval", "listed"),
)  # fmt: skip
#: The one of which nothing has been heard for long.
DORMANT: Final = Plan("ex-lens", "Lens for heat haze", "See a vehicle at five kilometres over hot ground.", "land",
                      "screened", ago=260)  # fmt: skip
_MATTERS: Final = ("final-report", "equipment", "money", "intellectual-property", "consents")


def project(plan: Plan, day: Day, **more: Any) -> dict[str, Any]:
    """The text of a project that has entered every stage up to that of the plan, eight days apart."""
    last = SPINE.index(plan.stage)
    entered = {stage: day(-plan.ago - 8 * (last - place)) for place, stage in enumerate(SPINE[: last + 1])}
    sides = ("IND", "USA")
    content = {
        "ref": plan.ref,
        "name": plan.name,
        "purpose": plan.purpose,
        "domain": plan.domain,
        "kind": plan.kind,
        "cohort": "ex-2026",
        "first_named": entered["proposed"],
        "in_dtti": True,
        "nomination_source": "working-group",
        "sop": SOP,
        "sponsors": [{"side": side, "organisation": _SPONSOR[plan.domain, side]} for side in sides],
        "transitions": [{"side": side, "path": "At the next refit of the units that asked for it."} for side in sides],
        "stages": [{"stage": stage, "entered": on} for stage, on in entered.items()],
        "checklist": _answers(plan, entered),
    }
    return {**content, **more}


_SPONSOR: Final = {
    (domain, side): f"{of[side]} {domain} staff (exercise)"
    for domain in ("land", "naval", "air")
    for of in ({"IND": "Indian", "USA": "United States"},)
    for side in ("IND", "USA")
}


def _answers(plan: Plan, entered: Mapping[Stage, str]) -> list[dict[str, Any]]:
    """An answer to every row that nothing else answers: what shows it is held elsewhere, under a number."""
    rows = versions()[SOP].rows
    asked = [(name, row) for name, row in rows.items() if row.stage in entered and row.asked_of(plan.kind)]
    return [
        {
            "row": name,
            "state": "met",
            "on": entered[row.stage],
            "registry": f"EX/{plan.ref.removeprefix('ex-').upper()}/{number}, held by both secretariats",
            **({"side": side} if side else {}),
        }
        for number, (name, row) in enumerate(asked, 1)
        if row.how not in _SAID
        for side in row.sides or ("",)
    ]


def agreement(plan: Plan, day: Day, expires: str = "") -> dict[str, Any] | None:
    """The agreement of a project that has come so far; None for one that has not."""
    place = SPINE.index(plan.stage)
    if place < SPINE.index("text-agreed"):
        return None
    dates = {"text_agreed": "text-agreed", "signed": "signed", "in_force": "in-effect"}
    told = {
        name: day(-plan.ago - 8 * (place - SPINE.index(stage)))
        for name, stage in dates.items()
        if place >= SPINE.index(stage)
    }
    return {
        "ref": f"{plan.ref}-agreement",
        "name": f"Project agreement on the {plan.name[0].lower()}{plan.name[1:]} (exercise)",
        "type": "project-agreement",
        "binding": "binding",
        "implementation": "implementing" if "in_force" in told else "negotiating",
        **told,
        **({"expires": expires} if expires else {}),
    }


def closure(ref: str, ending: str, ended: str, reason: str, **more: Any) -> dict[str, Any]:
    """The closure of a project: whole, unless `more` says otherwise."""
    return {
        "ref": ref,
        "project": ref,
        "ending": ending,
        "ended": ended,
        "reason": reason,
        "settled": [
            {"matter": each, "state": "settled", "how": "Settled by both project officers."}
            if each in ("final-report", "money")
            else {"matter": each, "state": "none"}
            for each in _MATTERS
        ],
        "worked": "Both sides tried the same article on the same day and wrote one report.",
        "did_not_work": "The question of what may be shown to the other side was put after the first trial.",
        "next_time": "Ask the release question before the first meeting of engineers.",
        "benefits_review": "2028-06",
        **more,
    }


def _sent(desk: Desk, record: str, content: Mapping[str, Any], base: int = 0) -> Draft:
    """An offer of a text, to be written with others."""
    terms = table.Propose(base, desk.side, desk.pair.clock.time(20))
    body = text.Text(content=KINDS[record.partition("/")[0]].tidy(content), by=text.By(desk.holder, "substantive"))
    return Draft("propose", record, terms, desk.office, (body,))


def _agreed(desk: Desk, records: Iterable[str]) -> list[Draft]:
    """The agreement of an office to the open offers of some records."""
    made = []
    for record in records:
        offer = desk.node.book.view(record).offer
        made.append(Draft("accept", record, table.Answer(offer.id if offer else ""), desk.office))
    return made


def _both(of: Exercise, texts: Sequence[tuple[str, dict[str, Any]]], first: Desk, second: Desk) -> list[str]:
    """Some texts offered by one office and agreed to by one of the other side: each side writes once."""
    records = [new_record(kind, first.side) for kind, _content in texts]
    of.clock.later()
    first.node.write_all([_sent(first, record, text) for record, (_kind, text) in zip(records, texts, strict=True)])
    of.pair.swap()
    of.clock.later()
    second.node.write_all(_agreed(second, records))
    of.pair.swap()
    of.records.update({str(text["ref"]): record for record, (kind, text) in zip(records, texts, strict=True)
                       if kind == "project"})  # fmt: skip
    return records


def early(of: Exercise, days: float) -> None:
    """The project of which nothing was heard since."""
    of.clock.ago(days)
    _both(of, [("project", project(DORMANT, of.clock.day))], of.ind_po, of.usa_po)


def stage(of: Exercise, days: float) -> None:
    """A project in each stage; then the exits, each by whoever may."""
    of.clock.ago(days)
    day = of.clock.day
    plans = (*STAGES, *EXITS)
    signed = [(plan, agreement(plan, day, day(-30) if plan.ref == "ex-valve" else "")) for plan in plans]
    named = {plan.ref: content["ref"] for plan, content in signed if content}
    _both(of, [("instrument", content) for _plan, content in signed if content], of.usa, of.ind)
    texts = []
    for plan in plans:
        more: dict[str, Any] = {"agreements": [named[plan.ref]]} if plan.ref in named else {}
        if plan.stage in ("closing", "closed"):
            more["outcome"] = {"code": "fielded", "as_of": day(-plan.ago)}
        texts.append(("project", project(plan, day, **more)))
    half = len(texts) // 2
    _both(of, texts[:half], of.ind_po, of.usa_po)
    _both(of, texts[half:], of.usa_po, of.ind_po)
    _exits(of, days - 2)


def _exits(of: Exercise, days: float) -> None:
    of.clock.ago(days)
    day = of.clock.day
    usa, ind = of.usa, of.ind

    def notice(desk: Desk, ref: str, said: str, reason: str, words: str) -> None:
        terms = table_2.Notice(said, reason=reason)  # type: ignore[arg-type]
        desk.act("notice", of.records[ref], terms, text.Text(remarks=words))

    notice(ind, "ex-radio", "suspend", "awaiting-legislature", "The next estimates decide whether it goes on.")
    notice(ind, "ex-bridge", "withdraw_from", "requirement-change", "The squads that asked for it are disbanded.")
    notice(usa, "ex-armour", "withdraw_from", "export-control", "The weave may not leave the country.")
    of.pair.swap()
    ended = day(-days)
    _both(
        of,
        [
            ("closure", closure("ex-flare", "completed", day(-50), "work-done")),
            ("closure", closure("ex-relay", "not-pursued", ended, "low-partner-demand",
                                words="Nobody on the other side of the ridge asked for it.")),
            ("closure", closure("ex-winch", "terminated", ended, "delayed-execution",
                                settled=[{"matter": "money", "state": "open", "how": "The last invoice is awaited."}])),
            ("closure", closure("ex-fuel", "converted", ended, "better-bought",
                                became="Each side buys it from the maker by itself, contract EX/LAND/2026/77.")),
            ("closure", closure("ex-hook", "superseded", ended, "duplicated", successor="ex-net")),
            ("closure", closure("ex-bridge", "withdrawn", ended, "requirement-change", by="IND")),
        ],
        ind,
        usa,
    )  # fmt: skip
