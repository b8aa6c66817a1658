"""Who signs in here and in which office they sit: making persons, giving and ending seats. Knows no page.

A person belongs to the node's side for good. A seat is given in an office of that side and with a duty of
``duties.toml``; which acts the office may write is another matter, and the ledger's. Each change stands as a national
act (see `seating`), by the power keys or asked by one person and confirmed by another; the rows here follow it, and a
seat that no act gave counts for nothing.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Literal

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Q

from dtti.accord import table_2
from dtti.accord.refusal import Refused, refuse
from dtti.ledger.engine import Stands, StoreError
from dtti.node.core import seating
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.node import Node
from dtti.node.core.text import against
from dtti.node.core.visibility import Viewer
from dtti.node.folder.codes import new_code
from dtti.node.record import read

from . import duties
from .models import Person, Seat


def create_person(
    username: str,
    full_name: str,
    *,
    password: str | None = None,
    fictitious: bool = False,
    node: Node | None = None,
) -> Person:
    """A new person. Without a password no one can sign in with one until it is set. Refused says what is wrong.

    `node`: where the power keys say so for the record; none where another act gives the account its first seat.
    """
    from django.contrib.auth.password_validation import validate_password

    person = Person(username=username, full_name=full_name.strip(), fictitious=fictitious)
    odd = against({"full_name": full_name.strip()})  # it stands in every act that this person does
    if odd:
        raise Refused(*odd)
    try:
        if password is not None:
            validate_password(password, person)
        person.set_password(password)
        person.full_clean()
    except ValidationError as error:
        raise Refused(
            refuse(
                "person",
                " ".join(error.messages),
                "Give a user name of small letters, digits, dots and dashes that no one has yet, a full name, and a "
                "long password.",
            )
        ) from None
    with tables("the account was not made: give it again") as written:
        if node is not None:
            written += record(node, person, "open")
        person.save()
    return person


@contextmanager
def tables(then: str = "the next `dtti person` command does the rest") -> Iterator[list[Receipt]]:
    """A change of the tables, after its entry, which is added to what this gives.

    Where the tables cannot be written: Stands says which entry stands all the same, and `then`; StoreError, without an
    entry, that nothing was changed.
    """
    written: list[Receipt] = []
    try:
        yield written
    except DatabaseError as error:
        for entry in written:
            raise Stands(
                f"it stands as entry {entry.index} of the {entry.ledger} ledger, but the accounts could not be written "
                f"({error}); check the disc; {then}"
            ) from error
        raise StoreError(f"the accounts could not be written: {error}; nothing was changed; check the disc") from error


def record(node: Node, person: Person, does: Literal["open", "close", "access"], reason: str = "") -> list[Receipt]:
    """State by the power keys what is done to an account, where the rules in force have the verb for it."""
    if not seating.possible(node):
        return []
    terms = table_2.Seat(person.account, does)
    return [node.write(seating.draft(terms, user=person.username, name=person.full_name, reason=reason))]


def person_named(username: str) -> Person:
    """The person of that user name; Refused where there is none."""
    try:
        return Person.objects.get(username=username)
    except Person.DoesNotExist:
        raise Refused(
            refuse("person-unknown", f"no one here is called {username}", "List them with `dtti person list`.")
        ) from None


def set_password(person: Person, password: str, node: Node | None = None) -> None:
    """Give `person` another password; every session of theirs ends. Refused says what is wrong with it.

    `node`: where the power keys say so for the record.
    """
    from django.contrib.auth.password_validation import validate_password

    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refused(refuse("password", " ".join(error.messages), "Choose a longer, less common one.")) from None
    person.set_password(password)
    with tables("the password is as it was: give another") as written:
        if node is not None:
            written += record(node, person, "access", "another password")
        person.save(update_fields=["password"])


def today() -> date:
    """The day in UTC, as seats count it."""
    return datetime.now(UTC).date()


def in_force(on: date | None = None) -> Q:
    """The condition on seats that are held on a day (today if None)."""
    on = on or today()
    return Q(since__lte=on) & (Q(until=None) | Q(until__gt=on))


def held(person: Person, on: date | None = None) -> list[Seat]:
    """The seats `person` holds on a day (today if None), oldest first."""
    return list(Seat.objects.filter(in_force(on), person=person).select_related("person"))


def _row(seat: Seat) -> seating.Row:
    person = seat.person
    return seating.Row(person.username, person.account, person.is_active, seat.code, seat.office, seat.duty)


def backed(node: Node, rows: Iterable[Seat], on: date | None = None) -> list[Seat]:
    """Those of `rows` that the national record gives to these accounts on a day: a row alone seats nobody."""
    rows = list(rows)
    if not rows or not seating.required(node):
        return rows
    on, standing = on or today(), seating.read(node)
    return [row for row in rows if not seating.against(standing, _row(row), on)]


def astray(node: Node) -> list[tuple[Seat, str]]:
    """Rows that are held today and seat nobody, and why."""
    rows = list(Seat.objects.filter(in_force()).select_related("person"))
    found = dict(seating.astray(node, map(_row, rows), today()))
    return [(row, found[_row(row)]) for row in rows if _row(row) in found]


def follow(node: Node, change: seating.Change) -> None:
    """Bring the tables to what a confirmed change says, where the record holds it."""
    terms = change.terms
    if terms.does == "seat":
        restore(node)
    elif terms.does == "unseat":
        held = seating.read(node).seats.get(terms.seat or "")
        Seat.objects.filter(code=terms.seat).update(until=held.until if held else today())
    elif terms.does in ("open", "close"):
        Person.objects.filter(account=terms.account).update(is_active=terms.does == "open")


def restore(node: Node) -> list[Seat]:
    """Make the accounts and seats that the national record holds and the tables do not; returns the seats made.

    An account made so has no password and no second factor: someone with the power keys gives it a way in. Seats and
    accounts that an entry ended, and the tables not, end: the write of the tables was cut after that of the entry.
    """
    made = []
    with tables(), transaction.atomic():
        standing = seating.read(node)
        for one in standing.seats.values():
            if one.until is not None:
                lasting = Q(until=None) | Q(until__gt=one.until)
                Seat.objects.filter(lasting, code=one.code, person__account=one.account).update(until=one.until)
        closed = [one.code for one in standing.accounts.values() if not one.open]
        Person.objects.filter(account__in=closed, is_active=True).update(is_active=False)
        for one in standing.seats.values():
            if Seat.objects.filter(code=one.code).exists():
                continue
            opened = standing.accounts.get(one.account)
            user = one.given.user or (opened.user if opened else "")
            person = Person.objects.filter(account=one.account).first()
            if person is None:
                taken = not user or Person.objects.filter(username=user).exists()
                person = Person(
                    username=f"account-{one.account}" if taken else user,
                    full_name=one.given.name or (opened.name if opened else "") or one.account,
                    account=one.account,
                    is_active=opened.open if opened else True,
                )
                person.set_unusable_password()
                person.save()
            made.append(
                Seat.objects.create(
                    person=person, office=one.office, duty=one.duty, since=one.since, until=one.until, code=one.code
                )
            )
    return made


def office_id(node: Node, office: str) -> str:
    """The record id of an office of this side, given by id or by readable reference (``IND/secretary-...``)."""
    viewer = Viewer(node.side, national=True)
    record = read.find(node, viewer, office, kind="office")
    found = read.state(node, viewer, record) if record else None
    if record is None or found is None:
        raise Refused(refuse("office-unknown", f"there is no office {office} in the record", "State the office first."))
    if found[0].about != node.side:
        raise Refused(
            refuse(
                "office-side",
                f"{found[0].title} is an office of {found[0].about}; this is the system of {node.side}, and one person "
                "never acts for both sides",
                f"Name an office of {node.side}.",
            )
        )
    return record


def office_title(node: Node, office: str) -> str:
    """The title of an office as its record has it now; its code where the record is not held."""
    found = read.state(node, Viewer(node.side, national=True), office)
    return found[0].title if found else office.rpartition("/")[2]


def give_seat(node: Node, person: Person, office: str, duty: str, *, since: date | None = None) -> Seat:
    """Seat `person` in `office` (id or readable reference) with `duty`. Refused says what stands against it."""
    record = office_id(node, office)
    with tables() as written, transaction.atomic():
        now_held = list(Seat.objects.filter(Q(until=None) | Q(until__gt=since or today()), person=person))
        if refusal := duties.beside(now_held, duty):
            raise Refused(refusal)
        if any((seat.office, seat.duty) == (record, duty) for seat in now_held):
            raise Refused(
                refuse("seat-held", f"{person} already holds this seat", "Nothing needs to be done, or end it first.")
            )
        code, day = "", since or today()
        if seating.possible(node):
            code = new_code()
            written.append(node.write(given(person, record, duty, code, day)))
        return Seat.objects.create(person=person, office=record, duty=duty, since=day, code=code)


def given(person: Person, office: str, duty: str, code: str, since: date) -> Draft:
    """The act of the power keys that seats `person`."""
    terms = table_2.Seat(person.account, "seat", duty=duty, office=office, seat=code, since=seating.moment(since))
    return seating.draft(terms, user=person.username, name=person.full_name)


def end_seat(seat: Seat, *, until: date | None = None, node: Node | None = None) -> Seat:
    """End a seat: `until` is the first day on which it is no longer held, today if None. Refused says what is wrong.

    `node`: where the power keys say so for the record.
    """
    end = until or max(seat.since, today())
    if end < seat.since:
        raise Refused(refuse("seat-dates", "the seat would end before it began", f"Name a day from {seat.since} on."))
    with tables() as written:
        if node is not None and seat.code:
            terms = table_2.Seat(seat.person.account, "unseat", seat=seat.code, until=seating.moment(end))
            written.append(node.write(seating.draft(terms, user=seat.person.username, name=seat.person.full_name)))
        seat.until = end
        seat.save(update_fields=["until"])
    return seat


def forget_second_factors(person: Person, node: Node | None = None) -> int:
    """Forget the app, passkeys and recovery codes of someone who lost them; returns how many there were.

    `node`: where the power keys say so for the record.
    """
    from allauth.mfa.models import Authenticator

    with tables("the second factors are as they were: give it again") as written:
        if node is not None:
            written += record(node, person, "access", "second factors forgotten")
        return Authenticator.objects.filter(user=person).delete()[0]


def set_open(person: Person, node: Node, *, to: bool) -> None:
    """Close an account, or open it again; the power keys say so for the record."""
    with tables() as written:
        written += record(node, person, "open" if to else "close")
        person.is_active = to
        person.save(update_fields=["is_active"])
