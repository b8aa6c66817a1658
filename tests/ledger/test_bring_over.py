"""A store that the previous version made is brought over when it is opened: once, whole, and no text to a stranger."""

import tarfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import psycopg
import pytest

from dtti.ledger import body as bodies
from dtti.ledger.act import MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Erased, Owner
from dtti.ledger.engine import StoreError
from dtti.ledger.schema import VERSION, grants
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Row, Store
from tests import making

from .writers import Place

FIXTURE = Path(__file__).parent.parent / "fixtures" / "dtti_1" / "made.tar.xz"
FORMER = """
CREATE TABLE body (digest BLOB PRIMARY KEY, ledger INTEGER, salt BLOB, data BLOB, tombstone BLOB,
  CHECK ((tombstone IS NULL) = (data IS NOT NULL) AND (data IS NULL) = (salt IS NULL)))
"""


def to_former(store: Store, rows: list[tuple[object, ...]]) -> None:
    """Give `store` the table of bodies that the previous version made, with `rows` in it."""
    engine = store.engine
    engine.run("DROP TABLE body")
    engine.run(FORMER.replace("BLOB", engine.schema_words["BLOB"]))
    engine.many("INSERT INTO body (digest, ledger, salt, data, tombstone) VALUES (?, ?, ?, ?, ?)", rows)
    engine.set_version(0)  # it said none
    store.close()


def rows_of(store: Store) -> int:
    return int(store.engine.run("SELECT count(*) FROM body")[0][0])


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The ledger stores of two nodes, as the previous version left them, by side."""
    folder = tmp_path_factory.mktemp("former")
    with tarfile.open(FIXTURE) as archive:
        archive.extractall(folder, **making.SAFELY)
    return {side: folder / "node" / side.lower() / "ledger.sqlite3" for side in ("IND", "USA")}


@pytest.mark.parametrize("side", ["IND", "USA"])
def test_every_text_and_every_erasure_stands_with_its_owner(former: dict[str, Path], side: str, tmp_path: Path) -> None:
    made = tmp_path / "ledger.sqlite3"
    made.write_bytes(former[side].read_bytes())
    connection = apsw.Connection(str(made))
    was = {row[0]: row for row in connection.execute("SELECT digest, ledger, salt, data, tombstone FROM body")}
    connection.close()
    store, seen = Store(made), set()
    assert (store.engine.version(), store.odd_tables()) == (VERSION, [])
    states = {"held": 0, "erased": 0}
    for ledger, number in LEDGERS.items():
        for leaf in store.leaves(ledger):
            try:
                entry = open_leaf(leaf)
            except MalformedLeaf:
                continue
            owned = [(Owner(ledger, entry.id, part), one.digest) for part, one in enumerate(entry.act.body)]
            if entry.act.verb == "anchor" and ledger == RELEASED:
                owned.append((Owner(NATIONAL, entry.id), entry.act.terms["digest"]))
            for owner, digest in owned:
                row, held = was.get(bytes.fromhex(digest)), store.body(owner)
                if row is None:
                    assert held is None
                    continue
                seen.add(row[0])
                if row[4] is None:
                    assert (row[1], held) == (LEDGERS[owner.ledger], Body(row[2], row[3])), (owner, number)
                    states["held"] += 1
                else:
                    assert held == Erased(row[4].hex())
                    states["erased"] += 1
    assert seen == {digest for digest, row in was.items() if row[1] is not None}
    assert min(states.values()) > 0, states
    assert rows_of(store) == sum(states.values())
    store.close()


def test_it_is_done_once_however_many_open_it(store: Store, place: Place) -> None:
    made = [bodies.wrap(b"text %d" % number) for number in range(50)]
    ring = making.keyring("IND")
    entries = [ring.sign(making.act(body=[bodies.commit(one)], index=at)) for at, one in enumerate(made)]
    with store.writing():
        store.append(RELEASED, [Row(one.id, "", "comment", one.leaf) for one in entries])
    to_former(store, [(bytes.fromhex(bodies.commit(one).digest), 0, one.salt, one.data, None) for one in made])

    def held(_: int) -> list[object]:
        opened = place.open()
        found = [opened.body(Owner(RELEASED, entry.id)) for entry in entries]
        opened.close()
        return found

    with ThreadPoolExecutor(4) as several:
        assert list(several.map(held, range(4))) == [made] * 4


def test_a_digest_in_another_ledgers_act_brings_no_text_over(store: Store, place: Place) -> None:
    """The former store knew a text by its digest alone; whoever named the digest was given the text."""
    national, released, spilt, stray = (bodies.wrap(each) for each in (b"national", b"released", b"spilt", b"stray"))
    ring = making.keyring("USA")
    named = [bodies.commit(one) for one in (national, released, spilt)]
    theirs = ring.sign(making.act(side="USA", body=named))
    own = making.keyring("IND").sign(making.act(body=[bodies.commit(spilt)]))
    kept = making.keyring("IND").sign(making.act(body=[bodies.commit(national)], ledger=NATIONAL))
    with store.writing():
        store.append(MIRROR, [Row(theirs.id, "", "comment", theirs.leaf)])
        store.append(RELEASED, [Row(own.id, "", "comment", own.leaf)])
        store.append(NATIONAL, [Row(kept.id, "", "comment", kept.leaf)])
    tombstone = bytes.fromhex("70" * 32)

    def row(one: Body, ledger: str, erased: bytes | None = None) -> tuple[object, ...]:
        held = (None, None, erased) if erased else (one.salt, one.data, None)
        return (bytes.fromhex(bodies.commit(one).digest), LEDGERS[ledger], *held)

    to_former(store, [row(national, NATIONAL), row(released, RELEASED), row(spilt, RELEASED, tombstone)])
    opened = place.open()
    assert [opened.body(Owner(MIRROR, theirs.id, part)) for part in range(3)] == [
        None,
        released,
        Erased(tombstone.hex()),
    ]
    assert opened.body(Owner(NATIONAL, kept.id)) == national
    assert opened.body(Owner(RELEASED, own.id)) == Erased(tombstone.hex())
    assert opened.body_of(MIRROR, bodies.commit(national).digest) is None
    to_former(opened, [row(stray, RELEASED)])
    again = place.open()
    assert again.body_of(RELEASED, bodies.commit(stray).digest) == stray  # `verify` says that nobody commits to it
    again.close()


def test_on_postgresql_rights_go_over_and_who_lacks_them_is_told(postgres_url: str) -> None:
    schema, role = "brought_over", "dtti_test_brought_over"
    with psycopg.connect(postgres_url, autocommit=True) as owner:
        try:
            owner.execute(f"CREATE ROLE {role}")
        except psycopg.errors.InsufficientPrivilege:
            pytest.skip("the server's role may not create roles")
        store = Store(postgres_url, schema)
        store.create()
        to_former(store, [])
        for statement in grants(schema, role):
            owner.execute(statement)
        joint = "&" if "?" in postgres_url else "?"
        restricted = Store(f"{postgres_url}{joint}options=-c%20role%3D{role}", schema)
        try:
            with pytest.raises(StoreError, match=r"made by an earlier version.*nothing was changed.*dtti status"):
                restricted.sizes()
            store.sizes()
            restricted.put_body(Owner(RELEASED, "ac" * 32), bodies.wrap(b"text"))
            with pytest.raises(StoreError, match="permission denied"):
                restricted.engine.run("DELETE FROM body")
        finally:
            restricted.close()
            store.close()
            owner.execute(f"DROP SCHEMA {schema} CASCADE")
            owner.execute(f"DROP OWNED BY {role}")
            owner.execute(f"DROP ROLE {role}")
