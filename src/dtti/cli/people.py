"""`dtti person ...`: accounts by the power keys: who may sign in, which seat they hold. Holds no rule."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .answer import answering, say
from .nodes import node_at
from .options import Json, NodeFolder, day

if TYPE_CHECKING:
    from dtti.node.core.node import Node
    from dtti.node.people.models import Person, Seat

app = typer.Typer(
    name="person",
    help="Accounts: who may sign in here, and in which office they sit with which duty.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Username = Annotated[str, typer.Argument(metavar="USER", help="user name: small letters, digits, dots, dashes")]
FromInput = Annotated[bool, typer.Option("--password-stdin", help="read the password from standard input")]


def add(parent: typer.Typer) -> None:
    """Add these commands to `parent`."""
    parent.add_typer(app)


def accounts_there(system: "Node") -> bool:
    """Whether a node has an accounts database; Refused where it is lost, so that no empty one takes its place."""
    from datetime import UTC, datetime

    from dtti.accord.refusal import Refused, refuse
    from dtti.node.core import seating

    if seating.there(system):
        return True
    if lost := seating.lost(system, datetime.now(UTC).date()):
        remedy = (
            "Restore the accounts from a backup. If there is none, `dtti rebuild` makes a database anew, with the "
            "seats that the national record holds; passwords are given anew."
        )
        raise Refused(refuse("accounts", lost, remedy))
    return False


def _started(folder: Path) -> None:
    from dtti.node.people import accounts

    system = node_at(folder)
    accounts_there(system)
    accounts.start(folder)
    from dtti.node.people import seats

    seats.restore(system)  # what an entry gave or ended, and a cut kept from the tables


def _given_or_made(from_input: bool) -> tuple[str, bool]:
    """A password, and whether it was made here and so must be shown: 80 random bits in groups that can be read out."""
    if from_input:
        return sys.stdin.readline().rstrip("\r\n"), False
    import base64
    import secrets

    letters = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, 16, 4)), True


def _shown(person: "Person", seats: "list[Seat]", titles: dict[str, str]) -> dict[str, Any]:
    """A person as these commands answer it."""
    return {
        "user": person.username,
        "name": person.full_name,
        "fictitious": person.fictitious,
        "open": person.is_active,
        "last_sign_in": person.last_login.isoformat(timespec="seconds") if person.last_login else None,
        "seats": [
            {
                "seat": seat.pk,
                "office": seat.office,
                "title": titles.get(seat.office, ""),
                "duty": seat.duty,
                "since": str(seat.since),
                "until": str(seat.until) if seat.until else None,
            }
            for seat in seats
        ],
    }


@app.command("add")
def add_person(
    username: Username,
    full_name: Annotated[str, typer.Argument(metavar="NAME", help="full name, as acts and pages show it")],
    node: NodeFolder,
    fictitious: Annotated[bool, typer.Option("--fictitious", help="invented, for an exercise")] = False,
    password_stdin: FromInput = False,
    as_json: Json = False,
) -> None:
    """Give someone an account; a password is made and shown once, unless one is given."""
    with answering(as_json=as_json):
        _started(node)
        from dtti.node.people import seats

        password, made = _given_or_made(password_stdin)
        system = node_at(node)
        person = seats.create_person(username, full_name, password=password, fictitious=fictitious, node=system)
        value = _shown(person, [], {}) | ({"password": password} if made else {})
        words = [f"{person.full_name} can sign in as {username}."]
        if made:
            words.append(f"  first password, shown once: {password}")
        words.append(f'  next: dtti person seat {username} OFFICE DUTY --node "{node}"')
        say(value, words, as_json=as_json, lost=_lost(username) if made else "")


def _lost(username: str) -> str:
    """What helps where a password that is shown once could not be shown."""
    return f"Its password is lost: give another one with `dtti person password {username}`."


@app.command("seat")
def seat_person(
    username: Username,
    office: Annotated[str, typer.Argument(metavar="OFFICE", help="office, by id or reference (IND/defence-secretary)")],
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="duty, as docs/duties.md names it (project_officer)")],
    node: NodeFolder,
    since: Annotated[str | None, typer.Option(metavar="DAY", help="first day; today if not given")] = None,
    as_json: Json = False,
) -> None:
    """Seat someone in an office of this side with a duty."""
    with answering(as_json=as_json):
        _started(node)
        from dtti.node.people import duties, seats

        person, system = seats.person_named(username), node_at(node)
        seat = seats.give_seat(system, person, office, duty, since=day(since))
        title = seats.office_title(system, seat.office)
        system.close()
        said = f"{person.full_name} sits in {title} as {duties.duties()[duty].title} from {seat.since}."
        say(_shown(person, [seat], {seat.office: title}), [said], as_json=as_json)


@app.command("unseat")
def unseat_person(
    number: Annotated[int, typer.Argument(metavar="SEAT", min=1, max=2**31 - 1, help="as `person list` numbers it")],
    node: NodeFolder,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="first day without it; from now on if none")] = None,
    as_json: Json = False,
) -> None:
    """End a seat. What was written from it stays."""
    with answering(as_json=as_json):
        _started(node)
        from dtti.accord.refusal import Refused, refuse
        from dtti.node.people import seats
        from dtti.node.people.models import Seat

        seat = Seat.objects.filter(pk=number).select_related("person").first()
        if seat is None:
            raise Refused(refuse("seat-unknown", f"there is no seat {number}", "Look for it with `dtti person list`."))
        seats.end_seat(seat, until=day(until), node=node_at(node))
        said = f"Seat {number} of {seat.person.full_name} is no longer held from {seat.until} on."
        say(_shown(seat.person, [seat], {}), [said], as_json=as_json)


@app.command("list")
def list_people(
    node: NodeFolder,
    on: Annotated[str | None, typer.Option("--on", metavar="DAY", help="seats as held on a day")] = None,
    as_json: Json = False,
) -> None:
    """Everyone with an account, and the seats they hold."""
    with answering(as_json=as_json):
        if not accounts_there(node_at(node)):
            say([], ["No one yet."], as_json=as_json)
            return
        _started(node)
        from dtti.node.people import seats
        from dtti.node.people.models import Person

        system, asked = node_at(node), day(on)
        rows = [(person, seats.held(person, asked)) for person in Person.objects.all()]
        titles = {
            office: seats.office_title(system, office) for office in {seat.office for _, held in rows for seat in held}
        }
        system.close()
        words = []
        for person, held in rows:
            state = "" if person.is_active else " (closed)"
            words.append(f"{person.username:<20} {person.full_name}{state}")
            words += [f"  {seat.pk:>4}  {seat.duty:<22} {titles[seat.office]}, from {seat.since}" for seat in held]
        say([_shown(person, held, titles) for person, held in rows], words or ["No one yet."], as_json=as_json)


@app.command("password")
def new_password(
    username: Username, node: NodeFolder, password_stdin: FromInput = False, as_json: Json = False
) -> None:
    """Give someone another password; whoever is signed in with the old one is signed out."""
    with answering(as_json=as_json):
        _started(node)
        from dtti.node.people import seats

        password, made = _given_or_made(password_stdin)
        person = seats.person_named(username)
        seats.set_password(person, password, node_at(node))
        words = [f"{person.full_name} has another password."]
        say(
            {"user": username} | ({"password": password} if made else {}),
            [*words, f"  shown once: {password}"] if made else words,
            as_json=as_json,
            lost=_lost(username) if made else "",
        )


@app.command("factor-lost")
def factor_lost(username: Username, node: NodeFolder, as_json: Json = False) -> None:
    """Forget someone's second factors: the device and the recovery codes are lost. A new one is set up at sign-in."""
    with answering(as_json=as_json):
        _started(node)
        from dtti.node.people import seats

        person = seats.person_named(username)
        count = seats.forget_second_factors(person, node_at(node))
        say(
            {"user": username, "forgotten": count},
            [f"{count} second factors of {username} are forgotten."],
            as_json=as_json,
        )


@app.command("close")
def close_account(
    username: Username,
    node: NodeFolder,
    reopen: Annotated[bool, typer.Option("--reopen", help="open a closed account again")] = False,
    as_json: Json = False,
) -> None:
    """Close an account: nobody signs in with it any more, and what they wrote keeps their name."""
    with answering(as_json=as_json):
        _started(node)
        from dtti.node.people import seats

        person = seats.person_named(username)
        seats.set_open(person, node_at(node), to=reopen)
        say({"user": username, "open": reopen}, [f"{username} is {'open' if reopen else 'closed'}."], as_json=as_json)
