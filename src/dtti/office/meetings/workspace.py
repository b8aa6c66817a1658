"""The phases of a meeting on its page: what each holds in the record, and what is still missing. Knows no page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from dtti.node.record.read import Listed
from dtti.office import actions, reports
from dtti.office.actions import ItemLeft
from dtti.office.asking import Asking
from dtti.office.meetings import OneMeeting, following, record_text
from dtti.programme.kind import Content
from dtti.programme.kinds.briefing import Briefing
from dtti.programme.kinds.delegation import Delegation
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.kinds.readout import Readout

#: `done`: the record holds it. `now`: it is the next thing to do. `open`: it is not there, and its time is later.
#: `passed`: it is not there, and the meeting was held without it.
State = Literal["done", "now", "open", "passed"]


class Planned(msgspec.Struct, frozen=True):
    """When and where it meets; `turn`: whose turn to host it is by the rule, None where nothing says so.

    `out_of_turn`: it is hosted by the side whose turn it is not.
    """

    day_known: bool
    hour_known: bool
    turn: str | None
    out_of_turn: bool


class AgendaStands(msgspec.Struct, frozen=True):
    """How many items the text has, whether both sides agreed it, whether an offer of it waits and on whom.

    `stands`: as far as it can stand here, which for a side that works alone is what it recorded itself.
    """

    items: int
    agreed: bool
    stands: bool
    waits_on: str


class Sent(msgspec.Struct, frozen=True):
    """One side's delegation: its record, members, how many answered, visit requests still to be sent."""

    row: Listed
    side: str
    members: int
    answered: int
    visits_open: int


class Papers(msgspec.Struct, frozen=True):
    """Papers that the agenda names: how many there are, and those that the record does not hold yet."""

    named: int
    late: tuple[str, ...]


class Discussed(msgspec.Struct, frozen=True):
    """How far the record of discussion is: items spoken of, decisions, actions, its phase."""

    items: int
    decisions: int
    actions: int
    phase: str
    agreed: bool


class FollowedUp(msgspec.Struct, frozen=True):
    """What came after: the readout, actions still open, the next meeting of the body.

    `announced`: the sides that made the readout public, as both agreed; `public`: whether all have. `unsaid`: the items
    of which no record says what came of them; `coming`: those of them that a planned meeting has on its agenda.
    """

    readout: Listed | None
    announced: tuple[str, ...]
    public: bool
    actions_open: int
    next: Listed | None
    unsaid: tuple[ItemLeft, ...] = ()
    coming: tuple[ItemLeft, ...] = ()


class Workspace(msgspec.Struct, frozen=True):
    """A meeting as a secretariat works on it. `states`: of each phase, in the order in which they come."""

    planned: Planned
    agenda: AgendaStands
    delegations: tuple[Sent, ...]
    brief: Listed | None
    papers: Papers
    discussed: Discussed
    followed: FollowedUp
    states: dict[str, State]


PHASES = ("plan", "agenda", "invite", "delegations", "pack", "hold", "record", "follow")


def workspace(asking: Asking, row: Listed, one: OneMeeting, pointing: Iterable[tuple[Listed, Content]]) -> Workspace:
    """The phases of a meeting; `pointing`: the records that name it."""
    meeting, near = one.content, list(pointing)
    sent = tuple(_sent(each, of) for each, of in near if isinstance(of, Delegation))
    readout = readout_of(row, near)
    told = {each.side for _row, of in near if isinstance(of, Readout) for each in of.announced}
    announced = tuple(side for side in ("IND", "USA") if side in told)
    public = set(announced) >= ({"IND", "USA"} if asking.node.book.other else {asking.mine})
    after = next((each for each, of in near if isinstance(of, Meeting) and of.follows == meeting.ref), None)
    agreed = row.grade in ("agreed_here", "on_paper")
    planned = _planned(one)
    late = _late(asking, meeting)
    open_actions = actions.open_of(asking, meeting.ref)
    stands = agreed or (not asking.node.book.other and row.grade == "recorded")
    phase = record_text.phase(meeting, row)
    settled = phase in ("agreed", "locked") and stands
    made = Workspace(
        planned,
        AgendaStands(len(meeting.agenda), agreed and bool(meeting.agenda), stands and bool(meeting.agenda), row.court),
        sent,
        next((each for each, of in near if isinstance(of, Briefing) and of.side == asking.mine), None),
        Papers(sum(len(item.papers) for item in meeting.agenda), late),
        Discussed(len(meeting.discussed), len(meeting.decisions), len(meeting.actions), phase or "", settled),
        FollowedUp(readout, announced, public, open_actions, after, *_unsaid(asking, meeting)),
        {},
    )
    return msgspec.structs.replace(made, states=_states(made, meeting, asking.moment.today, asking.mine))


def _unsaid(asking: Asking, meeting: Meeting) -> tuple[tuple[ItemLeft, ...], tuple[ItemLeft, ...]]:
    """The items of a meeting of which its record says nothing, and those of them that are to come up again."""
    if meeting.status != "held":
        return (), ()
    left = tuple(each for each in following.unsaid(asking, meeting.body) if each.last == meeting.ref)
    row = following.planned(asking, meeting.body) if left else None
    of = asking.contents([row]).get(row.record) if row else None
    agenda = {(each.carried, each.carried_number) for each in of.agenda} if isinstance(of, Meeting) else set()
    return left, tuple(each for each in left if (each.meeting, each.number) in agenda)


def readout_of(meeting: Listed, pointing: Iterable[tuple[Listed, Content]]) -> Listed | None:
    """The readout of a meeting among the records that name it."""
    return next((each for each, of in pointing if isinstance(of, Readout) and of.meeting == meeting.ref), None)


def _planned(one: OneMeeting) -> Planned:
    meeting = one.content
    met = one.cadence.bodies.get(meeting.body) if one.cadence else None
    turn = reports.whose_turn(met) if met and meeting.status == "planned" else None
    hosted = meeting.host if meeting.host in ("IND", "USA") else None
    out_of_turn = bool(turn and hosted and turn != hosted)
    return Planned(meeting.date.day is not None, meeting.opens is not None, turn, out_of_turn)


def _sent(row: Listed, of: Delegation) -> Sent:
    answered = sum(1 for each in of.members if each.answer not in (None, "invited"))
    open_visits = sum(1 for each in of.members if each.answer != "declined" and each.visit_sent is None)
    return Sent(row, of.side, len(of.members), answered, open_visits)


def _late(asking: Asking, meeting: Meeting) -> tuple[str, ...]:
    """Papers that the agenda names and the record does not hold, as far as who asks sees."""
    named = [paper for item in meeting.agenda for paper in item.papers]
    held = asking.named([each for each in named if ":" in each])
    return tuple(each for each in named if each not in held)


def _states(made: Workspace, meeting: Meeting, today: date, mine: str) -> dict[str, State]:
    held = meeting.status == "held"
    there = {
        "plan": made.planned.day_known and meeting.host is not None,
        "agenda": made.agenda.stands,
        "invite": any(each.side == mine and each.members for each in made.delegations),
        "delegations": any(
            each.side == mine and each.members and (held or not each.visits_open) for each in made.delegations
        ),
        "pack": made.papers.named > 0 and not made.papers.late,
        "hold": held,
        "record": made.discussed.agreed,
        "follow": made.followed.public
        and made.followed.next is not None
        and made.followed.unsaid == made.followed.coming,
    }
    before = PHASES[: PHASES.index("hold")]
    states: dict[str, State] = {}
    for phase in PHASES:
        if there[phase]:
            states[phase] = "done"
        elif held and phase in before:
            states[phase] = "passed"
        else:
            states[phase] = "open" if "now" in states.values() else "now"
    return states
