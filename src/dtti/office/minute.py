"""What DTTI is in a minute: the answers that a newcomer asks for first, drawn from the reports. Knows no page.

The front of a node for whoever has not signed in and the front of the public folder are this, for the viewer who asks.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from dtti.programme.sop.spine import SHOWN_STAGES
from dtti.programme.timeline import chronological
from dtti.programme.values import When

from . import dues, reports
from .asking import Asking
from .projects import shown_stage

#: Events of the initiative itself, by the scope that they are recorded with.
INSIDE: Final = "dtti"
AHEAD: Final = 365  # days ahead in which something falls due


class Step(reports.Rests, frozen=True):
    """Something that happened: which record says so, when, what it is called (of a meeting its body), its number."""

    record: str
    date: str
    name: str
    sort: Literal["meeting", "statement", "step"]
    number: int | None = None


class Stood(msgspec.Struct, frozen=True):
    """Projects that stand alike, by one of the seven stages, or (no `stage`) by what became of them; how that rests."""

    code: str
    stage: bool
    projects: list[str]
    rests: reports.Tally


class Minute(msgspec.Struct, frozen=True):
    """The answers. `group`: the body that steers, empty where none is recorded; `steps`: in order of time.

    `stepped`: on what all steps rest together, none where there is none.
    """

    group: str
    met: reports.Cadence
    structure: reports.Bodies
    projects: reports.Projects
    stood: list[Stood]
    promised: reports.Promises
    differing: reports.Differences
    happened: reports.Events
    signed: reports.StatementsMade
    steps: list[Step]
    stepped: reports.Tally | None
    due: list[dues.Due]

    @property
    def last(self) -> reports.BodyMet | None:
        """How often the body that steers met, against its own rule."""
        return self.met.bodies.get(self.group)


def minute(asking: Asking) -> Minute:
    """The answers at the times asked for, from what the viewer may see; kept while record and day stay as they are."""
    return asking.kept("minute", answer=lambda: _minute(asking))


def _minute(asking: Asking) -> Minute:
    held = reports.records(asking)
    structure = reports.made(asking, reports.Bodies, held=held)
    met = reports.made(asking, reports.Cadence, now=True, held=held)
    happened = reports.made(asking, reports.Events, held=held)
    signed = reports.made(asking, reports.StatementsMade, held=held)
    found = reports.made(asking, reports.Projects, held=held)
    steering = [ref for ref, body in structure.bodies.items() if body.type == "steering-group" and ref in met.bodies]
    group = max(sorted(steering), key=lambda ref: met.bodies[ref].n_held, default="")
    steps = _steps(happened, signed, met.bodies.get(group))
    return Minute(
        group,
        met,
        structure,
        found,
        _stood(found),
        reports.made(asking, reports.Promises, now=True, held=held),
        reports.made(asking, reports.Differences, held=held),
        happened,
        signed,
        steps,
        reports.tallied(("", each) for each in steps).get(""),
        dues.due(asking, "", ahead=AHEAD),
    )


def _stood(found: reports.Projects) -> list[Stood]:
    """Projects by the seven stages in their order, and those without a recorded stage by what became of them."""
    groups: dict[tuple[int, str], list[str]] = {}
    for ref, each in found.projects.items():
        place = shown_stage("" if each.stage == reports.UNKNOWN else each.stage)
        stood = (place, SHOWN_STAGES[place][0]) if place >= 0 else (len(SHOWN_STAGES), each.outcome)
        groups.setdefault(stood, []).append(ref)
    return [
        Stood(code, place < len(SHOWN_STAGES), refs, reports.tallied((code, found.projects[ref]) for ref in refs)[code])
        for (place, code), refs in sorted(groups.items())
    ]


def _steps(happened: reports.Events, signed: reports.StatementsMade, group: reports.BodyMet | None) -> list[Step]:
    """Steps of the initiative, meetings of its group that met, statements signed; none whose day nobody knows."""
    steps = [
        *(
            Step(f"event:{ref}", each.date, each.name, "step", **reports.taken(each))
            for ref, each in happened.events.items()
            if each.scope == INSIDE
        ),
        *(
            Step(f"instrument:{ref}", each.signed, each.name, "statement", **reports.taken(each))
            for ref, each in signed.statements.items()
        ),
        *(
            Step(f"meeting:{ref}", each.date, group.name, "meeting", each.number, **reports.taken(each))
            for ref, each in (group.meetings if group else {}).items()
            if group and each.held == "yes"
        ),
    ]
    dated = [each for each in steps if each.date != reports.UNKNOWN]
    return sorted(dated, key=lambda each: (chronological(When(each.date)), each.record))
