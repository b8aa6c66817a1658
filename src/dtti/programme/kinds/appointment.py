"""Appointment: who held an office, in what capacity, from when to when. A fact; a power to act is given by keys."""

from datetime import date
from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import SOURCE, Called, Column, Face, Noted
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import AppointmentRef, Line, OfficeRef, When

Capacity = Literal["substantive", "acting", "performing-the-duties", "additional-charge"]


class Appointment(Content, frozen=True, kw_only=True):
    """A holder of an office. `attested`: dates on which a source shows the holder in post.

    `end_state` says whether the tenure is known to have ended, to go on, or neither. `main_office` is the holder's own
    office where this one is an additional charge; `covers_for` the appointment that this one stood in for.
    """

    office: OfficeRef
    holder: Line
    rank: Line | None = None
    capacity: Capacity
    start: When | None = None
    end: When | None = None
    end_state: Literal["ended", "holding", "unknown"]
    attested: tuple[When, ...] = ()
    main_office: OfficeRef | None = None
    covers_for: AppointmentRef | None = None


def _checks(appointment: Appointment, context: Context) -> list[Refusal]:
    found = not_after(
        "appointment-dates", "The appointment begins", appointment.start, "it ends", appointment.end, "end"
    )
    for place, day in enumerate(appointment.attested):
        at = f"attested.{place}"
        found += not_after(
            "appointment-attested", "The appointment begins", appointment.start, "an attested day", day, at
        )
        found += not_after("appointment-attested", "The holder is attested", day, "the end", appointment.end, at)
    if appointment.end and appointment.end_state == "holding":
        found.append(
            Refusal(
                "appointment-end",
                "An appointment with an end is called still held.",
                "Leave the end out, or say ended.",
                "end_state",
            )
        )
    return found


def _tenure(appointment: Appointment, day: date) -> object:
    if appointment.start or appointment.end:
        return (appointment.start, "holding" if appointment.end_state == "holding" else appointment.end)
    return Noted(None, N_("shown in post: %(days)s") if appointment.attested else "", appointment.attested)


def _called(row: Columns) -> Called:
    return Called(N_("%(holder)s, %(office)s"), {"office": f"office:{row.subtitle}"}, {"holder": row.title})


APPOINTMENT = Kind(
    code="appointment",
    mode="own",
    writers="secretariat of that side",
    content=Appointment,
    facets=lambda appointment: facets(
        appointment,
        appointment.holder,
        subtitle=appointment.office,
        category=appointment.capacity,
        status=appointment.end_state,
        about=appointment.office.partition("/")[0],
        on=appointment.start or (appointment.attested[0] if appointment.attested else None),
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("appointment"),
        many=N_("Appointments"),
        section="meets",
        place=5,
        lede=N_("Who held an office, in what capacity, from when to when, as far as it is known."),
        columns=(
            Column(N_("Holder"), "title", order="title"),
            Column(N_("Office"), field="office"),
            Column(N_("Side"), "about"),
            Column(N_("Capacity"), "category"),
            Column(N_("Tenure"), of=_tenure, order="earliest"),
            SOURCE,
        ),
        filters=(("about", N_("Side")), ("category", N_("Capacity")), ("status", N_("State"))),
        views=((N_("Offices"), "offices"), (N_("Co-chairs on a day"), "co-chairs")),
        missed=("start", "end"),
        called=_called,
    ),
)
