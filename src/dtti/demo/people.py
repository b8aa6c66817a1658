"""Makes the accounts of staged people in one node (DTTI_NODE), named in DTTI_PEOPLE: user|name|office|duty;...

Of industry in DTTI_INDUSTRY: user|name|office|organisation|what it is;..., and what they sent in DTTI_SUBMITTED (JSON).
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from dtti.node.people import accounts

from .exercise_forum import Submitted


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
    invited(node, [row.split("|") for row in os.environ.get("DTTI_INDUSTRY", "").split(";") if row])
    sent(os.environ.get("DTTI_SUBMITTED", "[]"))


def invited(node: Any, rows: list[list[str]]) -> None:
    """Accounts of industry, each with its organisation."""
    from dtti.node.people import industry, seats

    for user, name, office, organisation, is_a in rows:
        person = seats.create_person(user, name, fictitious=True)
        seats.give_seat(node, person, office, "industry_submitter")
        industry.represent(person, industry.invite(organisation, is_a, office))


def sent(given: str) -> None:
    """What they sent by form, on the days on which the exercise has it."""
    from dtti.node.people.models import Person, Submission

    for each in msgspec.json.decode(given, type=list[Submitted]):
        person = Person.objects.get(username=each.user)
        organisation = person.represents.organisation
        made = Submission.objects.create(
            code=each.code, organisation=organisation, person=person, form=each.code, content=each.given
        )
        Submission.objects.filter(pk=made.pk).update(at=datetime.now(UTC) - timedelta(days=each.days))


if __name__ == "__main__":
    main()
