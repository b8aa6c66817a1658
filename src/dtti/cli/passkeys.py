"""`dtti passkey ...`: who asked for a passkey, and binding one to its office with the power keys. Holds no rule."""

from typing import Annotated, Any

import typer

from .answer import answering, say
from .nodes import node_at, owned
from .options import MOST, Json, NodeFolder, moment
from .people import accounts_there

app = typer.Typer(
    name="passkey",
    help="Passkeys of offices: asked for by a person on the account page, bound by the power keys.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add(parent: typer.Typer) -> None:
    """Add these commands to `parent`."""
    parent.add_typer(app)


@app.command("list")
def list_passkeys(node: NodeFolder, as_json: Json = False) -> None:
    """Passkeys bound to offices, by which entry; and those that persons ask for."""
    with answering(as_json=as_json):
        from dtti.node.people import accounts

        system = node_at(node)
        there = accounts_there(system)
        accounts.start(node, make=there)
        from dtti.node.acting import passkeys
        from dtti.node.people import seats
        from dtti.node.people.models import Passkey

        system.settle()
        held = passkeys.bound(system)
        publics = {(one.credential.office, one.credential.public) for one in held}
        kept = list(Passkey.objects.select_related("person")) if there else []
        waiting = [one for one in kept if (one.office, one.public) not in publics]
        persons = {one.public: one.person.full_name for one in kept}
        value: dict[str, Any] = {"bound": [], "asked": []}
        words = []
        for one in held:
            given, title = one.credential, seats.office_title(system, one.credential.office)
            state = f"ended by entry {one.ended}" if one.ended >= 0 else "past its date" if one.closed else "in force"
            person = persons.get(given.public, "")
            value["bound"].append(
                {
                    "credential": given.credential,
                    "office": given.office,
                    "title": title,
                    "key": one.key,
                    "host": given.rp,
                    "since": given.since,
                    "until": given.until,
                    "entry": one.entry,
                    "ended_by_entry": one.ended if one.ended >= 0 else None,
                    "in_force": not one.closed,
                    "person": person or None,
                }
            )
            words.append(
                f"{given.credential:>4}  {one.key}  {title}{f', made by {person}' if person else ''}: bound by entry "
                f"{one.entry}, since {given.since}, for {given.rp}; {state}"
            )
        for asked in waiting:
            title, key = seats.office_title(system, asked.office), passkeys.key_name(asked.public)
            value["asked"].append(
                {
                    "key": key,
                    "office": asked.office,
                    "title": title,
                    "host": asked.host,
                    "person": asked.person.full_name,
                    "asked": asked.asked.isoformat(timespec="seconds"),
                }
            )
            words.append(f"   –  {key}  {title}: asked for by {asked.person.full_name}; not bound, it does not count")
        say(value, words or ["No passkey is bound or asked for."], as_json=as_json)


@app.command("bind")
def bind_passkey(
    key: Annotated[str, typer.Argument(metavar="KEY", help="name of its key, as the person reads it out")],
    node: NodeFolder,
    until: Annotated[str | None, typer.Option(metavar="TIME", help="in force until; no end if not given")] = None,
    as_json: Json = False,
) -> None:
    """Bind a passkey to the office it was made for: an act of the power keys.

    Take KEY from the person, by voice or on paper, and never from this machine.
    """
    with answering(as_json=as_json):
        from dtti.node.people import accounts

        owned(node)
        accounts.start(node)
        from dtti.node.acting import passkeys
        from dtti.node.people import enrolment, seats

        system = node_at(node)
        system.settle()
        asked = enrolment.asked_for(key)
        draft = passkeys.bind(system, asked.office, asked.public, until=moment(until) or None)
        receipt = system.write(draft)
        number, title = draft.terms.credentials[0].credential, seats.office_title(system, asked.office)
        say(
            {
                "credential": number,
                "office": asked.office,
                "key": passkeys.key_name(asked.public),
                "entry": receipt.index,
                "act": receipt.act,
                "person": asked.person.full_name,
            },
            [
                f"Passkey {number} of {asked.person.full_name} is bound to {title}: entry {receipt.index} of the "
                "released ledger.",
                f"  act {receipt.act}",
            ],
            as_json=as_json,
        )


@app.command("end")
def end_passkey(
    number: Annotated[int, typer.Argument(metavar="PASSKEY", min=1, max=MOST, help="as `passkey list` numbers it")],
    node: NodeFolder,
    as_json: Json = False,
) -> None:
    """End a bound passkey, by an act of the power keys. What was confirmed with it stands."""
    with answering(as_json=as_json):
        from dtti.node.acting import passkeys

        system = node_at(node)
        system.settle()
        receipt = system.write(passkeys.end(system, number))
        say(
            {"credential": number, "entry": receipt.index, "act": receipt.act},
            [f"Passkey {number} is out of force from entry {receipt.index} of the released ledger on."],
            as_json=as_json,
        )
