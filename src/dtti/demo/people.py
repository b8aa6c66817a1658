"""Makes the accounts of staged people in one node (DTTI_NODE), named in DTTI_PEOPLE: user|name|office|duty;..."""

import os
from pathlib import Path

import django


def main() -> None:
    """Migrate the accounts database and make each person with a seat."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dtti.node.settings")
    django.setup()
    from django.core.management import call_command

    from dtti.node import seats
    from dtti.node.write import Node

    call_command("migrate", verbosity=0, interactive=False)
    node = Node(Path(os.environ["DTTI_NODE"]))
    for row in os.environ["DTTI_PEOPLE"].split(";"):
        user, name, office, duty = row.split("|")
        person = seats.create_person(user, name, fictitious=True)
        seats.give_seat(node, person, office, duty)


if __name__ == "__main__":
    main()
