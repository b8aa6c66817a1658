"""What is kept for a time only is deleted by the rounds, whether or not anybody comes back to the page."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from dtti.cli.rounds import AccountsRound
from tests.node.capitals import Pair

#: Two files that an office brought in, one of them the day before yesterday; and a form kept as long ago.
_KEPT = """
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from dtti.node.people import accounts
accounts.start(Path(sys.argv[1]))
from dtti.node.people.models import Brought, Person, Typed
person = Person.objects.create(username="a.rao", full_name="A. Rao (exercise)", fictitious=True)
late = datetime.now(UTC) - timedelta(days=2)
for name in ("old.xlsx", "new.xlsx"):
    Brought.objects.create(office="office/IND/x", person=person, name=name, data=b"PRIVATE", digest=name)
Brought.objects.filter(name="old.xlsx").update(kept=late)
Typed.objects.create(person=person, code="c", form="f", back="/", sealed=b"")
Typed.objects.update(kept=late)
"""


@pytest.mark.long
def test_the_rounds_delete_files_and_forms_that_are_past_their_day(pair: Pair) -> None:
    subprocess.run([sys.executable, "-c", _KEPT, str(pair.ind.folder)], check=True)
    assert not pair.ind.node.config.mail.host
    AccountsRound().go(pair.ind.node)
    with closing(sqlite3.connect(pair.ind.folder / "accounts.sqlite3")) as kept:
        assert kept.execute("SELECT name FROM node_brought").fetchall() == [("new.xlsx",)]
        assert kept.execute("SELECT count(*) FROM node_typed").fetchall() == [(0,)]
