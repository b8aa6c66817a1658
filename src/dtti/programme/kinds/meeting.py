"""Meeting: one sitting of a body, numbered within that body: who, where, what for, what was decided, who does what."""

from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Beside, Content, Context, Kind
from dtti.programme.order import distinct, not_after, surely_later
from dtti.programme.values import (
    BodyRef,
    Cite,
    FileNumber,
    Instant,
    InstrumentRef,
    Line,
    MeetingRef,
    Minutes,
    OfficeRef,
    Ordinal,
    ProjectRef,
    Prose,
    Row,
    SideCode,
    When,
    Zone,
)

from .appointment import Capacity

#: The rule set that was released before a meeting could name the one that it prepares.
_WITHOUT_BEFORE = "dtti_1"
Purpose = Literal["information", "decision", "review"]
Mode = Literal["in-person", "virtual", "hybrid", "unknown"]
Phase = Literal["drafted", "circulated", "corrected", "agreed", "locked", "no-comment"]


class Seat(Row, frozen=True, kw_only=True):
    """Who sat as co-chair that day, for which office and in what capacity."""

    side: SideCode
    office: OfficeRef
    holder: Line
    capacity: Capacity


class AgendaItem(Row, frozen=True, kw_only=True):
    """An item: what is asked of the meeting, who leads it for how many `minutes`, which papers go with it.

    `carried`: the meeting at which it was left open under the number `carried_number`; it keeps its identity by that.
    `outcome`: whether the meeting took it or put it off to the next; left out where that is not recorded.
    """

    number: Line
    title: Line
    purpose: Purpose
    asked_by: SideCode | None = None
    note: Prose | None = None
    minutes: Minutes | None = None
    presenter: Line | None = None
    papers: tuple[Line, ...] = ()
    carried: MeetingRef | None = None
    carried_number: Line | None = None
    outcome: Literal["taken", "put-off"] | None = None


class Discussed(Row, frozen=True, kw_only=True):
    """What the record of discussion says on an item of the agenda."""

    item: Line
    text: Prose


class Present(Row, frozen=True, kw_only=True):
    """Who was there for a side, by name and post that day."""

    side: SideCode
    name: Line
    position: Line
    capacity: Capacity | None = None


class PhaseReached(Row, frozen=True, kw_only=True):
    """A phase that the record of discussion reached, when, and by whose act.

    For ``no-comment`` `on` is the agreed date that passed without one; that is not agreed, and no date makes it so.
    """

    phase: Phase
    on: When | None = None
    by: SideCode | None = None
    note: Prose | None = None


class Reservation(Row, frozen=True, kw_only=True):
    """What a side reserves on the record of discussion, in its own words."""

    side: SideCode
    text: Prose


class Decision(Row, frozen=True, kw_only=True):
    """A decision with its number in the record of discussion."""

    number: Line
    text: Prose
    item: Line | None = None
    cite: Cite | None = None


class ActionOwner(Row, frozen=True, kw_only=True):
    """The office of a side that has to do it."""

    side: SideCode
    office: OfficeRef


class Action(Row, frozen=True, kw_only=True):
    """Something to be done. `due` is the first date given and never changes; `due_now` is the present one.

    `verified_by`: the office that made sure of it, which is not the one that owns it.
    """

    number: Line
    text: Prose
    owners: tuple[ActionOwner, ...]
    project: ProjectRef | None = None
    due: When
    due_now: When | None = None
    done: When | None = None
    evidence: Prose | None = None
    verified_by: OfficeRef | None = None
    cite: Cite | None = None


class Meeting(Content, frozen=True, kw_only=True):
    """A meeting. ``announced-only``: forecast, not known to have met. `host` is ``none`` where nobody hosts (by video).

    `opens` is the hour in UTC and `zone` the venue's name in the tz database. `discussion` is the phase of the record
    of discussion; a text circulated on which nobody spoke by the agreed date is ``no-comment``, which is not agreed.
    `phases` says when each was reached, the last of them is `discussion`. `reserved` holds reservations word for word.
    `before`: the meeting that it prepares and comes before: of a session of the industry forum, that of the Group.
    """

    body: BodyRef
    number: Ordinal | None = None
    date: When
    end: When | None = None
    opens: Instant | None = None
    zone: Zone | None = None
    mode: Mode
    status: Literal["planned", "announced-only", "held", "cancelled"]
    host: Literal["IND", "USA", "none"] | None = None
    place: Line | None = None
    co_chairs: tuple[Seat, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    present: tuple[Present, ...] = ()
    discussion: Phase | None = None
    phases: tuple[PhaseReached, ...] = ()
    discussed: tuple[Discussed, ...] = ()
    reserved: tuple[Reservation, ...] = ()
    outcomes: tuple[Prose, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    instruments: tuple[InstrumentRef, ...] = ()
    follows: MeetingRef | None = None
    before: MeetingRef | None = None
    file_numbers: tuple[FileNumber, ...] = ()


def open_actions(meeting: Meeting) -> list[tuple[date, Action]]:
    """The actions that are not done and have a last day, each with the day on which it is due now, the first first."""
    if meeting.status == "cancelled":
        return []
    found = [(each.due_now or each.due, each) for each in meeting.actions if each.done is None]
    return sorted(((due.latest, each) for due, each in found if due.latest), key=lambda one: one[0])


def _facets(meeting: Meeting) -> Facets:
    left = open_actions(meeting)
    number = f" {meeting.number}" if meeting.number is not None else ""
    return facets(
        meeting,
        f"{meeting.body}{number}, {meeting.date}",
        subtitle=meeting.place,
        category=meeting.mode,
        about=meeting.host if meeting.host and meeting.host != "none" else "",
        on=meeting.date,
        due=left[0][0] if left else None,
    )


def _checks(meeting: Meeting, context: Context) -> list[Refusal]:
    found = not_after("meeting-dates", "The meeting begins", meeting.date, "it ends", meeting.end, "end")
    found += distinct("meeting-agenda", "Agenda item", [item.number for item in meeting.agenda], "agenda.#.number")
    found += distinct(
        "meeting-decisions", "Decision", [decision.number for decision in meeting.decisions], "decisions.#.number"
    )
    found += distinct("meeting-actions", "Action", [action.number for action in meeting.actions], "actions.#.number")
    if meeting.mode == "virtual" and meeting.host in ("IND", "USA"):
        found.append(
            Refusal(
                "meeting-host",
                "A virtual meeting is given a host.",
                "Say no one: nobody hosts a meeting by video.",
                "host",
            )
        )
    if meeting.mode == "in-person" and meeting.host == "none":
        found.append(
            Refusal(
                "meeting-host",
                "A meeting in person is said to have no host.",
                "Name the side, or leave it out.",
                "host",
            )
        )
    for place, seat in enumerate(meeting.co_chairs):
        if not seat.office.startswith(f"{seat.side}/"):
            found.append(
                Refusal(
                    "meeting-seat",
                    f"{seat.holder} sits for {seat.side} in an office of the other side ({seat.office}).",
                    "Name an office of that side.",
                    f"co_chairs.{place}.office",
                )
            )
    if meeting.before == meeting.ref:
        found.append(
            Refusal("meeting-before", "The meeting is said to come before itself.", "Name the later one.", "before")
        )
    if meeting.before and context.rules == _WITHOUT_BEFORE:
        found.append(
            Refusal(
                "meeting-before-rules",
                f"It names the meeting that it comes before, which rule set {context.rules} does not have.",
                "Leave it out until both sides have brought the next rule set into force.",
                "before",
            )
        )
    return found + _record_rules(meeting) + _kept_due_dates(meeting, context.previous)


def _record_rules(meeting: Meeting) -> list[Refusal]:
    """The record of discussion goes through its phases in order and in time, and speaks of items that there are."""
    items = {item.number for item in meeting.agenda}
    said = [*(row.item for row in meeting.discussed), *(each.item for each in meeting.decisions if each.item)]
    found = [
        Refusal(
            "meeting-item",
            f"Item {number} is spoken of, and no item of the agenda has that number.",
            "Name an item of the agenda, or add it there.",
            "agenda",
        )
        for number in dict.fromkeys(said)
        if number not in items
    ]
    found += distinct("meeting-item", "Agenda item", [row.item for row in meeting.discussed], "discussed.#.item")
    reached = [row.phase for row in meeting.phases]
    if reached and reached[-1] != meeting.discussion:
        found.append(
            Refusal(
                "meeting-phase",
                "The phase in which the record of discussion stands is not the last that it reached.",
                "Let both say the same.",
                "discussion",
            )
        )
    for phase, earlier in (("locked", "agreed"), ("circulated", "drafted"), ("corrected", "circulated")):
        if (
            phase in reached
            and earlier not in reached[: reached.index(phase)]
            and (phase == "locked" or earlier in reached)
        ):
            found.append(
                Refusal(
                    "meeting-phase",
                    f"The record is {phase} before it is {earlier}.",
                    "Give the phases in their order.",
                    "phases",
                )
            )
    for one, other in pairwise(meeting.phases):
        found += not_after("meeting-phase", f"The record was {one.phase}", one.on, f"it was {other.phase}", other.on)
    for item in meeting.agenda:
        if item.carried == meeting.ref:
            found.append(
                Refusal(
                    "meeting-carried",
                    f"Agenda item {item.number} is said to come back from this same meeting.",
                    "Name the earlier meeting that it comes from.",
                )
            )
    settled = meeting.discussion in ("agreed", "locked") or any(each in ("agreed", "locked") for each in reached)
    if settled and meeting.status != "held":
        found.append(
            Refusal(
                "meeting-phase",
                f"The record of discussion is agreed, and the meeting is {meeting.status}.",
                "Say that it was held, or leave the record of discussion open.",
                "status",
            )
        )
    for row in meeting.phases:
        if row.phase in ("agreed", "locked"):
            found += not_after("meeting-phase", "The meeting was", meeting.date, f"its record was {row.phase}", row.on)
    return found


def _kept_due_dates(meeting: Meeting, previous: Content | None) -> list[Refusal]:
    """An action keeps its identity and its first due date from version to version."""
    if not isinstance(previous, Meeting):
        return []
    found = []
    now = {action.number: action for action in meeting.actions}
    for action in previous.actions:
        kept = now.get(action.number)
        if kept is None or kept.due != action.due:
            found.append(
                Refusal(
                    "meeting-action-due",
                    f"Action {action.number} was first due {action.due}; this text loses that.",
                    "Keep the action and its first due date, and put a new date beside it, as due now.",
                    "actions",
                )
            )
    return found


def _ahead(meeting: Meeting, today: date) -> list[Refusal]:
    """A meeting is held on its day at the earliest, which begins in one capital before the other."""
    first = meeting.date.earliest
    if meeting.status != "held" or first is None or first <= today + timedelta(days=1):
        return []
    return [
        Refusal(
            "meeting-ahead",
            "The meeting is said to be held, and its day is still to come.",
            "Give the day on which it met, or call it planned.",
            "status",
        )
    ]


def _forward(meeting: Meeting, beside: Beside) -> list[Refusal]:
    """What prepares a meeting comes before it."""
    held = beside.held(MEETING.code, meeting.before) if meeting.before else None
    later = held[0] if held else None
    if meeting.status == "cancelled" or not isinstance(later, Meeting) or not surely_later(meeting.date, later.date):
        return []
    return [
        Refusal(
            "meeting-before",
            f"It meets on {meeting.date}, after the meeting that it prepares ({later.ref}, {later.date}).",
            "Give an earlier day, or name the later meeting that it prepares.",
            "date",
        )
    ]


def _called(row: Columns) -> Called | None:
    if not row.body or not row.title.startswith(row.body):  # a title that is put into words already is the name
        return None
    number = row.title.removeprefix(row.body).partition(",")[0].strip()
    words = N_("%(body)s, no. %(number)s") if number else "%(body)s"
    return Called(words, {"body": f"body:{row.body}"}, {"number": number})


MEETING = Kind(
    code="meeting",
    mode="joint",
    writers="secretariats prepare, co-chairs confirm",
    content=Meeting,
    facets=_facets,
    checks=_checks,
    ahead=_ahead,
    forward=_forward,
    face=Face(
        one=N_("meeting"),
        many=N_("Meetings"),
        section="meets",
        place=2,
        lede=N_("Numbers count within a body: three bodies each have an eighth meeting."),
        columns=(
            Column(N_("Meeting"), NAME),
            Column(N_("Date"), field="date", order="earliest"),
            Column(N_("State"), "status", order="status"),
            Column(N_("How it met"), "category"),
            Column(N_("Host"), field="host"),
            Column(N_("Place"), field="place"),
        ),
        filters=(("body", N_("Body")), ("category", N_("How it met")), ("status", N_("State"))),
        order="earliest",
        descending=True,
        years=True,
        views=((N_("How often they met"), "cadence"),),
        drafted=(
            *(
                "ref",
                "body",
                "number",
                "date",
                "end",
                "opens",
                "zone",
                "mode",
                "status",
                "host",
                "place",
                "before",
                "co_chairs",
            ),
            *("agenda", "present", "discussed", "decisions", "actions", "reserved", "discussion", "phases", "outcomes"),
        ),
        begun=4,
        once="follows",
        aids=((N_("Find days"), "meeting_days"),),
        missed=("host", "place", "number"),
        called=_called,
        words={"before": N_("Comes before")},
    ),
)
