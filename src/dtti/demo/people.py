"""Makes the accounts of staged people in one node (DTTI_NODE), named in DTTI_PEOPLE: user|name|office|duty;..."""

import os
from pathlib import Path

from dtti.node.people import accounts


def main() -> None:
    """Bring the accounts database up to date and make each person with a seat."""
    folder = Path(os.environ["DTTI_NODE"])
    accounts.start(folder)
    from dtti.node.core.node import Node
    from dtti.node.people import seats  # needs what was just set up

    node = Node(folder)
    for row in os.environ["DTTI_PEOPLE"].split(";"):
        user, name, office, duty = row.split("|")
        person = seats.create_person(user, name, fictitious=True)
        seats.give_seat(node, person, office, duty)


if __name__ == "__main__":
    main()
