"""What only PostgreSQL can do to a store: roles without UPDATE and DELETE, lost connections, an absent server."""

import secrets
import sys
from collections.abc import Iterator

import psycopg
import pytest

from dtti.ledger import body
from dtti.ledger.body import Erased, Owner
from dtti.ledger.engine import StoreError
from dtti.ledger.schema import grants
from dtti.ledger.store import MIRROR, RELEASED, Store
from tests import making

from .writers import append, row

DIGEST, TOMBSTONE = "d1" * 32, "70" * 32
OWNER = Owner(RELEASED, "ac" * 32)
SCHEMA = "guarded"


@pytest.fixture
def owner(postgres_url: str) -> Iterator[psycopg.Connection]:
    """The owner's own connection to the database."""
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        yield connection


@pytest.fixture
def store(postgres_url: str, owner: psycopg.Connection) -> Iterator[Store]:
    """A store of the owner's."""
    made = Store(postgres_url, SCHEMA)
    made.create()
    yield made
    made.close()
    owner.execute(f"DROP SCHEMA {SCHEMA} CASCADE")


@pytest.fixture
def restricted(postgres_url: str, owner: psycopg.Connection, store: Store) -> Iterator[Store]:
    """The same store as a role sees it that was given `grants` and nothing else."""
    role = f"dtti_test_{secrets.token_hex(6)}"
    try:
        owner.execute(f"CREATE ROLE {role}")
    except psycopg.errors.InsufficientPrivilege:
        pytest.skip("the server's role may not create roles; name one that may in DTTI_TEST_POSTGRES")
    for statement in grants(SCHEMA, role):
        owner.execute(statement)
    joint = "&" if "?" in postgres_url else "?"
    made = Store(f"{postgres_url}{joint}options=-c%20role%3D{role}", SCHEMA)
    yield made
    made.close()
    owner.execute(f"DROP OWNED BY {role}")
    owner.execute(f"DROP ROLE {role}")


def test_a_restricted_role_runs_a_node(restricted: Store) -> None:
    restricted.create()  # the tables are there: nothing to do, and no right is needed for that
    assert append(restricted, "a", "b") == (2, making.root([b"a", b"b"]))
    wrapped = body.wrap(b"text")
    restricted.put_body(OWNER, wrapped)
    assert restricted.body(OWNER) == wrapped
    restricted.erase(OWNER, DIGEST, TOMBSTONE)
    restricted.scrub()
    assert restricted.body(OWNER) == Erased(TOMBSTONE)
    restricted.put_note(RELEASED, 2, "note")
    restricted.put_note(RELEASED, 2, "cosigned")
    assert restricted.note(RELEASED) == "cosigned"
    restricted.put_void(RELEASED, 1, "rule", "reason", "remedy")
    assert restricted.voids(RELEASED) == {1: ("rule", "reason", "remedy")}


@pytest.mark.parametrize(
    ("table", "statement"),
    [
        (table, statement)
        for table in ("entry", "hash", "void")
        for statement in (f"UPDATE {table} SET pos = pos", f"DELETE FROM {table}", f"TRUNCATE {table}")
    ]
    + [
        ("head", "DELETE FROM head"),
        ("body", "DELETE FROM body"),
        ("note", "DELETE FROM note"),
        ("head", "TRUNCATE head"),
    ],
    ids=lambda given: str(given),
)
def test_a_restricted_role_may_not_change_what_was_appended(restricted: Store, table: str, statement: str) -> None:
    append(restricted, "a")
    with pytest.raises(StoreError, match=f"permission denied for table {table}"):
        restricted.engine.run(statement)
    assert list(restricted.leaves(RELEASED)) == [b"a"]


def test_a_restricted_role_may_not_lift_its_own_restriction(restricted: Store) -> None:
    for statement in (
        "ALTER TABLE entry DISABLE TRIGGER ALL",
        "DROP TRIGGER entry_append_only ON entry",
        "DROP TABLE entry",
    ):
        with pytest.raises(StoreError, match="must be owner of"):
            restricted.engine.run(statement)


@pytest.mark.parametrize("table", ["entry", "hash", "void"])
def test_the_owner_too_is_refused_by_the_tables_themselves(store: Store, table: str) -> None:
    append(store, "a")
    for statement in (f"UPDATE {table} SET pos = pos", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(StoreError, match="a ledger is only appended to"):
            store.engine.run(statement)
    assert list(store.leaves(RELEASED)) == [b"a"]


def end_connection(owner: psycopg.Connection, store: Store) -> None:
    [(number,)] = store.engine.run("SELECT pg_backend_pid()")
    owner.execute("SELECT pg_terminate_backend(%s, 5000)", (number,))


def test_a_lost_connection_fails_once_and_is_made_anew(owner: psycopg.Connection, store: Store) -> None:
    append(store, "a")
    end_connection(owner, store)
    with pytest.raises(StoreError, match=r"the PostgreSQL store refused: .*; nothing was changed; try again"):
        append(store, "b")
    assert append(store, "b") == (2, making.root([b"a", b"b"]))


def test_a_connection_lost_within_a_write_leaves_nothing(owner: psycopg.Connection, store: Store) -> None:
    def lose() -> None:
        with store.writing():
            store.append(RELEASED, [row("a")])
            end_connection(owner, store)
            store.append(MIRROR, [row("b")])

    with pytest.raises(StoreError, match="the PostgreSQL store refused: "):
        lose()
    assert (store.size(RELEASED), store.size(MIRROR)) == (0, 0)


def test_a_write_that_was_not_confirmed_is_not_said_to_be_undone(owner: psycopg.Connection, store: Store) -> None:
    def lose() -> None:
        with store.writing():
            store.append(RELEASED, [row("a")])
            end_connection(owner, store)

    with pytest.raises(StoreError, match="it may stand or not: look before you write it again"):
        lose()
    assert store.size(RELEASED) == 0


def test_a_commit_waits_for_the_disc(store: Store) -> None:
    assert store.engine.run("SHOW synchronous_commit") == [("on",)]


def test_an_absent_server_says_to_check_the_url() -> None:
    with pytest.raises(StoreError, match=r"^cannot reach the PostgreSQL store: (.|\n)*; check its URL$"):
        Store("postgresql://127.0.0.1:1/nowhere").size(RELEASED)


def test_a_postgresql_store_without_its_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(StoreError) as caught:
        Store("postgresql:///nowhere").size(RELEASED)
    assert str(caught.value) == "a PostgreSQL store needs the extra `postgres`: pip install 'dtti[postgres]'"
