"""Who certainly, and who possibly, held an office on a day. Knows appointments and dates; no report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from .kinds.appointment import Appointment
from .timeline import Answer
from .values import When, strength


@dataclass(frozen=True, slots=True)
class Tenure:
    """The days on which a holder is certain, and those on which the record allows the holder; inclusive.

    Certain from the latest start to the earliest end that the record allows, attested days counting as both; only
    possible outside that. Unverified statements make nobody certain. `dated` is false where nothing places the tenure
    in time at all: such a holder is nobody's candidate for a day.
    """

    certain: tuple[date, date] | None
    possible_from: date
    possible_to: date
    dated: bool

    def on(self, day: date) -> Answer:
        """yes: certain; unknown: possible; no: ruled out, or not placed in time."""
        if not self.dated:
            return "no"
        if self.certain and self.certain[0] <= day <= self.certain[1]:
            return "yes"
        return "unknown" if self.possible_from <= day <= self.possible_to else "no"


def tenures(appointments: Sequence[Appointment]) -> list[Tenure]:
    """The tenures of one office, in the order given, narrowed by one another.

    An office has one holder at a time, save where one appointment covers for another: a holder who is certain on some
    days cannot still, or already, have held it beyond a day on which somebody else is certain.
    """
    alone = [tenure(appointment) for appointment in appointments]
    found = []
    for one, appointment in zip(alone, appointments, strict=True):
        start, end = one.possible_from, one.possible_to
        for other, rival in zip(alone, appointments, strict=True):
            apart = appointment.covers_for != rival.ref and rival.covers_for != appointment.ref
            if rival is appointment or not apart or not one.certain or not other.certain:
                continue
            if other.certain[1] > one.certain[1]:
                end = min(end, max(other.certain[0], one.certain[1]))
            if other.certain[0] < one.certain[0]:
                start = max(start, min(other.certain[1], one.certain[0]))
        found.append(replace(one, possible_from=start, possible_to=end))
    return found


def tenure(appointment: Appointment) -> Tenure:
    """The tenure that an appointment allows by itself."""

    def firm(when: When | None, *fields: str) -> When | None:
        return when if strength(appointment.cite, *fields) != "unverified" else None

    start, end = firm(appointment.start, "start", "start.not_after"), firm(appointment.end, "end", "end.not_before")
    attested = [day for day in appointment.attested if firm(day, "attested")]
    # The day a tenure begins is a day in post, and so is the day it ends: each bounds the other.
    starts = [day.latest for day in (start, end, *attested) if day and day.latest]
    ends = [day.earliest for day in (start, end, *attested) if day and day.earliest]
    if appointment.end_state == "holding":
        ends.append(date.max)
    certain = (min(starts), max(ends)) if starts and ends and min(starts) <= max(ends) else None
    return Tenure(
        certain=certain,
        possible_from=(appointment.start.earliest if appointment.start else None) or date.min,
        possible_to=(appointment.end.latest if appointment.end else None) or date.max,
        dated=bool(appointment.start or appointment.end or appointment.attested),
    )
