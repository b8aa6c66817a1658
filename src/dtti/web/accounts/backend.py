"""Who is signed in: the person and the seats held today, read in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from dtti.node.people import seats
from dtti.node.people.models import Person, Seat


class SeatedBackend(AuthenticationBackend):
    """Password sign-in as allauth does it; the person comes with the seats held today."""

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session, or None where there is none or the account is closed."""
        found = tuple(Seat.objects.filter(seats.in_force(), person_id=user_id).select_related("person"))
        person = found[0].person if found else Person.objects.filter(pk=user_id).first()
        if person is None or not person.is_active:
            return None
        person.seats_today = found
        return person


def seats_of(person: Person) -> tuple[Seat, ...]:
    """The seats `person` holds today, oldest first: those that came with the session, or asked for now."""
    return tuple(seats.held(person)) if person.seats_today is None else person.seats_today
