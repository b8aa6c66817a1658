"""Persons and seats: who may sit where, what the tables themselves refuse, and the custodian's commands."""

import json
import sqlite3
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from dtti.accord.refusal import Refused
from dtti.node.checking import verify
from dtti.node.core import seating
from dtti.node.core.node import Node
from dtti.node.keeping import status
from dtti.node.people import reading, seats
from dtti.node.people.models import Draft, Person, Reading, Seat
from tests.web.conftest import found_node

OFFICE = "office/IND/aaaaaaaaaaaaaaaa"
RECORD = "project/IND/bbbbbbbbbbbbbbbb"


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Node:
    return found_node(tmp_path_factory.mktemp("seats") / "ind")


@pytest.fixture
def person(db: None) -> Person:
    return seats.create_person("a.rao", "A. Rao (exercise)")


def refusal(refused: pytest.ExceptionInfo[Refused]) -> str:
    (one,) = refused.value.refusals
    return one.rule


# Giving and ending seats


def test_what_an_entry_ended_and_a_fault_kept_from_the_tables_ends_there_too(node: Node, person: Person):
    seats.record(node, person, "open")
    seat = seats.give_seat(node, person, "IND/director", "project_officer")
    seats.end_seat(seat, node=node)
    Seat.objects.filter(pk=seat.pk).update(until=None)
    seats.record(node, person, "close")
    assert seats.backed(node, [Seat.objects.get(pk=seat.pk)]) == []
    seats.restore(node)
    assert Seat.objects.get(pk=seat.pk).until == seats.today()
    assert not Person.objects.get(pk=person.pk).is_active
    assert seats.astray(node) == []


def test_the_seat_of_a_closed_account_is_no_sign_of_harm(node: Node, person: Person):
    seats.record(node, person, "open")
    seat = seats.give_seat(node, person, "IND/director", "project_officer")
    seats.record(node, person, "close")
    person.is_active = False
    person.save()
    seat.refresh_from_db()
    assert seats.backed(node, [seat]) == []
    assert seats.astray(node) == []


def test_a_seat_is_given_by_reference_or_id_and_shows_the_record_s_own_title(node: Node, person: Person):
    first = seats.give_seat(node, person, "IND/director", "project_officer")
    second = seats.give_seat(node, person, first.office, "disclosure_officer")
    assert first.office == second.office == seats.office_id(node, "IND/director")
    assert seats.office_title(node, first.office) == "Director, exercise"
    assert [seat.duty for seat in seats.held(person)] == ["project_officer", "disclosure_officer"]


@pytest.mark.parametrize(
    ("office", "duty", "rule"),
    [
        ("USA/desk-officer", "co_chair", "office-side"),
        ("IND/no-such-office", "co_chair", "office-unknown"),
        ("IND/director", "minister", "duty-unknown"),
    ],
)
def test_a_seat_on_the_other_side_or_nowhere_is_refused(node: Node, person: Person, office: str, duty: str, rule: str):
    with pytest.raises(Refused) as refused:
        seats.give_seat(node, person, office, duty)
    assert refusal(refused) == rule
    assert seats.held(person) == []


def test_an_auditor_s_seat_and_a_writer_s_seat_exclude_each_other_until_one_has_ended(node: Node, person: Person):
    auditor = seats.give_seat(node, person, "IND/director", "auditor", since=date(2026, 1, 1))
    with pytest.raises(Refused) as refused:
        seats.give_seat(node, person, "IND/director", "finance")
    assert refusal(refused) == "duty-alone"
    seats.end_seat(auditor)
    assert seats.give_seat(node, person, "IND/director", "finance").duty == "finance"


def test_the_same_seat_is_not_given_twice(node: Node, person: Person):
    seats.give_seat(node, person, "IND/director", "finance")
    with pytest.raises(Refused) as refused:
        seats.give_seat(node, person, "IND/director", "finance")
    assert refusal(refused) == "seat-held"


def test_a_seat_is_held_from_its_first_day_up_to_and_not_on_its_last(node: Node, person: Person):
    seat = seats.give_seat(node, person, "IND/director", "finance", since=date(2026, 3, 1))
    seats.end_seat(seat, until=date(2026, 3, 10))
    days = [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 9), date(2026, 3, 10)]
    assert [len(seats.held(person, day)) for day in days] == [0, 1, 1, 0]
    with pytest.raises(Refused) as refused:
        seats.end_seat(seat, until=date(2026, 2, 1))
    assert refusal(refused) == "seat-dates"


def test_a_seat_that_ends_the_day_it_began_is_over_at_once(node: Node, person: Person):
    seats.end_seat(seats.give_seat(node, person, "IND/director", "finance"))
    assert seats.held(person) == []


# Persons


@pytest.mark.parametrize(
    ("username", "name", "password"),
    [
        ("A.Rao", "A. Rao", None),
        ("", "A. Rao", None),
        ("a rao", "A. Rao", None),
        ("x" * 61, "A. Rao", None),
        ("a.rao", "   ", None),
        ("a.rao", "A. Rao", "too short"),
        ("a.rao", "A. Rao", "qwertyqwerty"),
    ],
)
def test_a_person_without_a_sound_name_or_password_is_refused_and_not_kept(
    db: None, username: str, name: str, password: str | None
):
    with pytest.raises(Refused) as refused:
        seats.create_person(username, name, password=password)
    assert refusal(refused) == "person"
    assert Person.objects.count() == 0


def test_a_user_name_is_given_once(person: Person):
    with pytest.raises(Refused) as refused:
        seats.create_person("a.rao", "Another Rao")
    assert refusal(refused) == "person"


def test_without_a_password_nobody_signs_in_with_one(person: Person):
    assert person.has_usable_password() is False


# What the tables refuse whoever asks


def test_the_tables_hold_what_they_can_of_the_rules(person: Person):
    now = date(2026, 1, 1)
    Seat.objects.create(person=person, office=OFFICE, duty="finance", since=now)
    Draft.objects.create(person=person, office=OFFICE, record=RECORD, purpose="propose")
    wrong = [
        lambda: Seat.objects.create(person=person, office=OFFICE, duty="finance", since=now),
        lambda: Seat.objects.create(person=person, office=OFFICE, duty="legal", since=now, until=date(2025, 1, 1)),
        lambda: Seat.objects.create(person=person, office="body/IND/x", duty="legal", since=now),
        lambda: Draft.objects.create(person=person, office=OFFICE, record=RECORD, purpose="propose"),
        lambda: Draft.objects.create(person=person, office=OFFICE, record=RECORD, purpose="sign"),
        lambda: Draft.objects.create(person=person, office="IND", record=RECORD, purpose="state"),
        lambda: Reading.objects.create(person=person, path="/", act="delete"),
        lambda: Person.objects.create(username="nameless", full_name=""),
    ]
    for write in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            write()
    assert (Seat.objects.count(), Draft.objects.count(), Reading.objects.count()) == (1, 1, 0)


def test_the_reading_log_keeps_who_read_what_from_which_seat(person: Person):
    seat = Seat.objects.create(person=person, office=OFFICE, duty="auditor", since=date(2026, 1, 1))
    reader = reading.Reader(person=person, seat=seat)
    reading.note(reader, "/projects/x/", record=RECORD)
    reading.note(reader, "/projects.csv", export=True)
    assert [(one.person, one.seat, one.act) for one in reading.of_record(RECORD)] == [(person, seat, "read")]
    assert [one.act for one in Reading.objects.all()] == ["export", "read"]


def test_one_migration_makes_the_tables_as_the_models_have_them(db: None):
    from django.core.management import call_command

    call_command("makemigrations", "node", check=True, dry_run=True, verbosity=0)
    folder = Path(seats.__file__).with_name("migrations")
    first = folder / "0001_initial.py"  # landed, and accounts that it made are brought up to date by further ones
    assert sha256(first.read_bytes()).hexdigest() == "b53e6f0f50ad2e393da9f1ab8294335d738d6962819342b7293eb5aff91d0a4b"
    made = Path(__file__).parent.parent / "fixtures" / "accounts"
    assert {path.stem for path in made.glob("*.sql")} == {path.stem for path in folder.glob("0*.py")}


# The accounts database of a real node, in a process of its own


def run(code: str, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], input=given, capture_output=True, text=True, timeout=120
    )


PEOPLE = "import sys; from dtti.cli.people import app; app(sys.argv[1:], prog_name='dtti person')"


def person_command(node: Node, *arguments: str, given: str = "") -> tuple[int, dict[str, object]]:
    finished = run(PEOPLE, *arguments, "--node", str(node.folder.path), "--json", given=given)
    return finished.returncode, json.loads(finished.stdout)


@pytest.mark.long
def test_the_custodian_s_commands_give_an_account_and_a_seat_and_say_what_is_wrong(node: Node):
    code, made = person_command(node, "add", "k.mehta", "K. Mehta (exercise)", "--fictitious")
    assert (code, made["user"], made["fictitious"], len(str(made["password"]))) == (0, "k.mehta", True, 19)
    code, made = person_command(node, "seat", "k.mehta", "IND/director", "auditor")
    assert (code, [one["duty"] for one in made["seats"]]) == (0, ["auditor"])  # type: ignore[attr-defined]
    code, made = person_command(node, "seat", "k.mehta", "USA/desk-officer", "auditor")
    assert (code, [one["rule"] for one in made["refused"]]) == (1, ["office-side"])  # type: ignore[attr-defined]
    code, made = person_command(node, "password", "k.mehta", "--password-stdin", given="short\n")
    assert (code, [one["rule"] for one in made["refused"]]) == (1, ["password"])  # type: ignore[attr-defined]


SETTINGS = """
import json, sys
from pathlib import Path
from dtti.node.people import accounts
accounts.start(Path(sys.argv[1]))
from django.db import connection
from dtti.node.people import seats
seats.create_person("a.rao", "A. Rao")
with connection.cursor() as cursor:
    asked = (
        ["SHOW search_path"]
        if connection.vendor == "postgresql"
        else ["PRAGMA journal_mode", "PRAGMA synchronous", "PRAGMA foreign_keys", "PRAGMA secure_delete"]
    )
    print(json.dumps([cursor.execute(one).fetchone()[0] for one in asked]))
"""


@pytest.mark.long
def test_the_accounts_stand_in_a_file_of_the_owner_s_alone_in_a_safe_journal_mode(tmp_path: Path):
    node = found_node(tmp_path / "ind")
    finished = run(SETTINGS, str(node.folder.path))
    assert json.loads(finished.stdout) == ["truncate", 2, 1, 1], finished.stderr
    assert [(path.stat().st_mode & 0o777) for path in (node.folder.accounts, node.folder.path / "secret")] == [
        0o600
    ] * 2
    before = (node.folder.path / "secret").read_text()
    assert len(before) == 64
    run(
        "import sys, pathlib; from dtti.node.people import accounts; accounts.start(pathlib.Path(sys.argv[1]))",
        before,
    )
    assert (node.folder.path / "secret").read_text() == before


SEATED = """
import sys
from pathlib import Path
from dtti.node.people import accounts
folder = Path(sys.argv[1])
accounts.start(folder)
from dtti.node.people import seats
from dtti.node.core.node import Node
node = Node(folder)
person = seats.create_person("a.rao", "A. Rao", node=node)
seats.create_person("t.hief", "T. Hief", node=node)
seats.give_seat(node, person, "IND/director", "finance")
node.close()
"""


def test_status_and_verify_name_a_seat_that_somebody_moved_in_the_tables(tmp_path: Path):
    node = found_node(tmp_path / "ind")
    folder = node.folder.path
    finished = run(SEATED, str(folder))
    assert finished.returncode == 0, finished.stderr
    node.book.sync()
    assert status.status(node)["seats_astray"] == []
    good = verify.verify(folder)
    assert [one.subject for one in good if one.faults] == []
    assert "seats" in [one.subject for one in good]
    with sqlite3.connect(node.folder.accounts) as table:
        table.execute("UPDATE node_seat SET person_id = (SELECT id FROM node_person WHERE username = 't.hief')")
    table.close()
    (one,) = [each for each in status.status(node)["amiss"] if each["rule"] == "seat-astray"]
    assert "seats t.hief" in one["reason"]
    assert "the entry gives it to another account" in one["reason"]
    faults = [(fault.rule, fault.reason) for report in verify.verify(folder) for fault in report.faults]
    assert faults == [("seat-astray", "the entry gives it to another account")]
    node.close()


@pytest.mark.long
def test_on_postgresql_the_accounts_have_a_schema_of_their_own(tmp_path: Path, postgres_url: str):
    node = found_node(tmp_path / "ind", database=postgres_url, schema="india")
    node.close()
    finished = run(SETTINGS, str(node.folder.path))
    assert json.loads(finished.stdout) == ["india_accounts"], finished.stderr
    assert not node.folder.accounts.exists()
    made = Node(node.folder.path)
    today = seats.today()
    assert seating.tabled(made, today) == []
    made.projection.engine.run(
        "INSERT INTO india_accounts.node_seat (office, duty, since, code, person_id) "
        "SELECT ?, 'finance', ?, ?, id FROM india_accounts.node_person",
        (OFFICE, today, "c" * 16),
    )
    made.projection.engine.commit()
    (row,) = seating.tabled(made, today)
    assert (row.user, row.open, row.code, row.office, row.duty) == ("a.rao", True, "c" * 16, OFFICE, "finance")
    assert [each["user"] for each in status.status(made)["seats_astray"]] == ["a.rao"]
    made.close()


def test_a_process_serves_one_node(tmp_path: Path, db: None):
    from dtti.node.people import accounts

    with pytest.raises(LookupError, match="start another process"):
        accounts.start(tmp_path)
