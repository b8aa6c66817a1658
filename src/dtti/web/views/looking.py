"""Whose desk it is: the seat taken, what it can do, what it watches, when it last looked."""

from __future__ import annotations

from datetime import UTC, datetime

from dtti.node.people import looking
from dtti.office import desk as office
from dtti.web.requests import PageRequest


def seated(page: PageRequest, asking: office.Asking, *, looks: bool = False) -> office.Seated:
    """The seat that asks for its desk; `looks`: and this is a look at it, which is written down."""
    seat = page.seat
    if seat is None:
        return office.seated(asking, None)
    held = looking.last(seat)
    if looks and asking.moment.now:
        held = looking.looks(seat, held, datetime.now(UTC), office.reaches(asking))
    look = office.LastLook(office.looked(held.before), held.reached) if held and held.before else None
    return office.seated(asking, seat, looking.watched(seat), look)
