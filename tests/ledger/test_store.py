"""The store, the same on SQLite and PostgreSQL: ledgers as trees, all-or-nothing writes, append only, bodies, notes."""

import random
from hashlib import sha256

import pytest

from dtti.ledger import body, tree
from dtti.ledger.body import Erased, Owner
from dtti.ledger.engine import StoreError
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED, Placed, Row, Store
from tests import making

from .writers import Place, append, row

DIGEST, TOMBSTONE = "d1" * 32, "70" * 32
OWNER = Owner(RELEASED, "ac" * 32)
STRANGERS = [Owner(RELEASED, "00" * 32), Owner(RELEASED, "ac" * 32, 1), Owner(MIRROR, "ac" * 32)]
PASSED_OVER = "a step of this write failed, and nothing was changed; try the whole write again"


# --- ledgers ---------------------------------------------------------------------------------------------------------


def test_a_new_store_has_three_empty_ledgers(store: Store) -> None:
    for ledger in (RELEASED, NATIONAL, MIRROR):
        assert (store.size(ledger), store.root(ledger), list(store.leaves(ledger))) == (0, tree.EMPTY, [])
    assert store.records() == []


def test_making_the_tables_again_changes_nothing(store: Store, place: Place) -> None:
    append(store, "a")
    store.create()
    again = place.open()
    again.create()
    again.close()
    assert list(store.leaves(RELEASED)) == [b"a"]


def test_roots_leaves_and_proofs_are_those_of_the_naive_tree_after_every_write(store: Store) -> None:
    chance = random.Random(6962)
    held: dict[str, list[bytes]] = {ledger: [] for ledger in LEDGERS}
    while sum(map(len, held.values())) < 400:
        ledger = chance.choice(list(LEDGERS))
        leaves = held[ledger]
        batch = [f"{ledger} {len(leaves) + number}" for number in range(chance.choice([0, 1, 1, 2, 3, 7, 40]))]
        leaves += [text.encode() for text in batch]
        assert append(store, *batch, ledger=ledger) == (len(leaves), making.root(leaves))
    for ledger, leaves in held.items():
        size, root = store.size(ledger), store.root(ledger)
        assert (size, root) == (len(leaves), making.root(leaves))
        assert list(store.leaves(ledger, step=7)) == leaves
        for index in chance.sample(range(size), 20):
            assert store.leaf(ledger, index) == leaves[index]
            assert store.leaf_hash(ledger, index) == tree.leaf_hash(leaves[index])
            assert store.root(ledger, index) == making.root(leaves[:index])
            path = tree.inclusion(index, size, store.reader(ledger))
            tree.check_inclusion(tree.leaf_hash(leaves[index]), index, size, path, root)
            proof = tree.consistency(index, size, store.reader(ledger))
            tree.check_consistency(index, size, proof, making.root(leaves[:index]), root)


def test_many_leaves_in_one_write_are_the_tree_of_all(store: Store) -> None:
    texts = [f"leaf {number}" for number in range(1_500)]
    assert append(store, *texts) == (1_500, making.root([text.encode() for text in texts]))
    assert list(store.leaves(RELEASED, 510, 515)) == [f"leaf {number}".encode() for number in range(510, 515)]


@pytest.mark.parametrize("index", [-1, 3, 2**40, 2**40 - 1, -(2**40)])
def test_there_is_no_leaf_outside_a_ledger_even_where_another_ledger_has_one(store: Store, index: int) -> None:
    for ledger in LEDGERS:
        append(store, "a", "b", "c", ledger=ledger)
    with pytest.raises(IndexError) as caught:
        store.leaf(NATIONAL, index)
    assert str(caught.value) == f"the national ledger has no leaf {index}"


def test_a_leaf_is_found_by_act_record_and_verb(store: Store) -> None:
    record, other = "project/IND/aaaaaaaa", "project/USA/aaaaaaaa"
    with store.writing():
        store.append(RELEASED, [row("one", "", "found"), row("two", record), row("three", other), row("four", record)])
        store.append(MIRROR, [row("five", "", "found"), row("six", record), row("two", record)])
        store.append(NATIONAL, [row("seven", "", "keys")])

    def placed(ledger: str, index: int, text: str) -> Placed:
        return Placed(ledger, index, sha256(text.encode()).hexdigest(), text.encode())

    assert store.find(sha256(b"six").hexdigest()) == placed(MIRROR, 1, "six")
    assert store.find(sha256(b"two").hexdigest()) == placed(RELEASED, 1, "two")  # it stands twice: the first is meant
    assert store.find(sha256(b"nowhere").hexdigest()) is None
    assert store.of_record(record) == [
        placed(RELEASED, 1, "two"),
        placed(RELEASED, 3, "four"),
        placed(MIRROR, 1, "six"),
        placed(MIRROR, 2, "two"),
    ]
    assert store.of_record("") == []
    assert store.of_verb("found", RELEASED) == [placed(RELEASED, 0, "one")]
    assert store.of_verb("found", MIRROR) == [placed(MIRROR, 0, "five")]
    assert store.of_verb("found", MIRROR, 1) == []
    assert store.of_verb("comment", RELEASED) == []  # it names a record
    assert store.of_verb("keys", NATIONAL) == [placed(NATIONAL, 0, "seven")]
    assert store.records() == [record, other]


def test_a_leaf_of_any_bytes_is_kept_as_it_is(store: Store) -> None:
    leaves = [b"", b"\0", bytes(range(256)), b"\xff" * 65_535, "रूस".encode()]
    with store.writing():
        store.append(RELEASED, [Row(sha256(leaf).hexdigest(), "", "", leaf) for leaf in leaves])
    assert list(store.leaves(RELEASED)) == leaves
    assert store.root(RELEASED) == making.root(leaves)


def test_why_a_leaf_is_void_is_remembered_in_its_own_ledger(store: Store) -> None:
    with store.writing():
        store.append(MIRROR, [row("a"), row("b"), row("c")])
        store.put_void(MIRROR, 0, "time", "it runs back", "Set the clock right.")
        store.put_void(MIRROR, 2, "power", "no power", "Grant one.")
    assert store.voids(MIRROR) == {
        0: ("time", "it runs back", "Set the clock right."),
        2: ("power", "no power", "Grant one."),
    }
    assert store.voids(MIRROR, 1) == {2: ("power", "no power", "Grant one.")}
    assert store.voids(RELEASED) == store.voids(NATIONAL) == {}


# --- all or nothing --------------------------------------------------------------------------------------------------


class Stop(Exception):
    """Raised by a test in the middle of a write."""


def everything(store: Store) -> tuple[object, ...]:
    """All that the tables hold."""
    engine = store.engine
    return tuple(
        engine.run(f"SELECT * FROM {table} ORDER BY 1") for table in ("head", "entry", "hash", "body", "void", "note")
    )


def test_a_write_that_fails_leaves_nothing(store: Store) -> None:
    append(store, "before")
    store.put_note(RELEASED, 1, "note")
    before = everything(store)

    def fail() -> None:
        with store.writing():
            store.append(RELEASED, [row("a"), row("b")])
            store.append(NATIONAL, [row("c")])
            store.put_body(OWNER, body.wrap(b"text"))
            store.put_note(RELEASED, 1, "other")
            store.put_void(RELEASED, 1, "rule", "reason", "remedy")
            assert store.size(RELEASED) == 3
            raise Stop

    with pytest.raises(Stop):
        fail()
    assert everything(store) == before
    assert append(store, "after") == (2, making.root([b"before", b"after"]))


def test_nested_writes_are_one(store: Store, place: Place) -> None:
    other = place.open()
    with store.writing():
        append(store, "a")
        with store.writing():
            append(store, "b")
            store.put_body(OWNER, body.wrap(b"text"))
        assert other.size(RELEASED) == 0
    assert list(other.leaves(RELEASED)) == [b"a", b"b"]
    assert other.body(OWNER) is not None
    other.close()


def test_a_nested_write_that_fails_undoes_the_whole(store: Store) -> None:
    def fail() -> None:
        with store.writing():
            append(store, "a")
            with store.writing():
                append(store, "b")
                raise Stop

    with pytest.raises(Stop):
        fail()
    assert store.size(RELEASED) == 0


def test_a_failure_that_is_caught_and_passed_over_still_fails_the_write(store: Store) -> None:
    append(store, "a")
    before = everything(store)

    def pass_over() -> None:
        with store.writing():
            append(store, "b")
            with pytest.raises(Stop), store.writing():
                raise Stop
            with pytest.raises(StoreError) as caught:
                store.put_note(RELEASED, 1, "note")
            assert str(caught.value) == PASSED_OVER

    with pytest.raises(StoreError) as caught:
        pass_over()
    assert str(caught.value) == PASSED_OVER
    assert everything(store) == before
    assert append(store, "b") == (2, making.root([b"a", b"b"]))


def test_an_append_that_fails_halfway_takes_the_whole_write_with_it(store: Store) -> None:
    """A tree hash stands already where a new one is to go: the entries can be inserted, their hashes cannot."""
    store.engine.run("INSERT INTO hash (pos, hash) VALUES (?, ?)", (1, b"x"))

    def pass_over() -> None:
        with store.writing():
            store.put_note(RELEASED, 0, "note")
            with pytest.raises(StoreError):
                store.append(RELEASED, [row("a"), row("b")])

    with pytest.raises(StoreError) as caught:
        pass_over()
    assert str(caught.value) == PASSED_OVER
    assert (store.size(RELEASED), list(store.leaves(RELEASED, 0, 2)), store.note(RELEASED)) == (0, [], None)


def test_an_append_outside_the_lock_is_refused(store: Store) -> None:
    with pytest.raises(StoreError) as caught:
        store.append(RELEASED, [row("a")])
    assert str(caught.value) == "append was called outside the append lock"
    assert store.size(RELEASED) == 0


def test_a_missing_tree_hash_is_named(store: Store) -> None:
    append(store, "a", "b", "c")
    with pytest.raises(StoreError) as caught:
        store.root(RELEASED, 4)
    assert str(caught.value) == f"tree hash {tree.position(2, 0)} of the released ledger is missing; run `dtti verify`"


def test_a_store_that_was_never_made_says_so_and_can_still_be_made(place: Place) -> None:
    store = place.open()
    absent = r'(no such table: head|relation "head" does not exist)(.|\n)*; nothing was changed; '
    with pytest.raises(StoreError, match=absent):
        store.size(RELEASED)
    with pytest.raises(StoreError, match=absent):
        append(store, "a")
    store.create()
    assert append(store, "a") == (1, making.root([b"a"]))
    store.close()


# --- the database itself refuses -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET leaf = leaf",
        "UPDATE entry SET verb = 'state' WHERE pos = 0",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE pos = 0",
        "UPDATE hash SET hash = hash",
        "DELETE FROM hash WHERE pos = 0",
        "UPDATE void SET rule = ''",
        "DELETE FROM void",
        "INSERT INTO hash (pos, hash) VALUES (0, ?) ON CONFLICT (pos) DO UPDATE SET hash = excluded.hash",
    ],
)
def test_the_database_refuses_to_change_what_was_appended(store: Store, statement: str) -> None:
    append(store, "a", "b")
    store.put_void(RELEASED, 1, "rule", "reason", "remedy")
    before = everything(store)
    with pytest.raises(StoreError, match="a ledger is only appended to"):
        store.engine.run(statement, (b"x",) if "?" in statement else ())
    assert everything(store) == before


def test_the_database_refuses_a_second_leaf_in_one_place(store: Store) -> None:
    append(store, "a")
    with pytest.raises(StoreError, match=r"(UNIQUE|unique) constraint"):
        store.engine.run("INSERT INTO entry (pos, id, record, verb, leaf) VALUES (0, ?, '', '', ?)", (b"", b""))
    assert list(store.leaves(RELEASED)) == [b"a"]


# --- bodies ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", [b"", b"text", bytes(range(256)) * 5_000], ids=["empty", "short", "large"])
def test_a_body_is_given_back_with_its_salt(store: Store, data: bytes) -> None:
    wrapped = body.wrap(data)
    store.put_body(OWNER, wrapped)
    assert store.body(OWNER) == wrapped
    assert store.body_of(RELEASED, body.commit(wrapped).digest) == wrapped
    for other in STRANGERS:
        assert store.body(other) is None
    assert store.held([OWNER, *STRANGERS]) == {OWNER}


def test_several_bodies_are_asked_for_at_once_and_none_beside_them_is_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text is read without the files that came with it, however large they are."""
    texts = [Owner(RELEASED, f"{number:064x}") for number in range(3)]
    for owner in texts:
        store.put_bodies({owner: body.wrap(owner.act.encode()), owner._replace(part=1): body.wrap(b"a file")})
    store.erase(texts[2], DIGEST, TOMBSTONE)
    engine, read = type(store.engine), list[object]()
    run = engine.run

    def counted(self: object, sql: str, *values: object) -> list[tuple[object, ...]]:
        rows = run(self, sql, *values)  # type: ignore[arg-type]
        read.append(len(rows))
        return rows

    monkeypatch.setattr(engine, "run", counted)
    found = store.bodies([*texts, *STRANGERS[:1]])
    assert read == [3]
    assert {owner: getattr(one, "data", one) for owner, one in found.items()} == {
        texts[0]: texts[0].act.encode(),
        texts[1]: texts[1].act.encode(),
        texts[2]: Erased(TOMBSTONE),
    }
    assert store.erased([*texts, texts[2]._replace(part=1), *STRANGERS]) == {texts[2]: TOMBSTONE}


def test_a_body_that_is_there_stays_when_it_comes_again(store: Store) -> None:
    first, second = body.wrap(b"one"), body.wrap(b"two")
    store.put_body(OWNER, first)
    store.put_body(OWNER, second)
    assert store.body(OWNER) == first


def test_an_erased_body_is_gone_and_does_not_come_back(store: Store) -> None:
    wrapped = body.wrap(b"spilt")
    store.put_body(OWNER, wrapped)
    store.erase(OWNER, DIGEST, TOMBSTONE)
    assert store.body(OWNER) == Erased(TOMBSTONE)
    store.put_body(OWNER, wrapped)
    assert store.body(OWNER) == Erased(TOMBSTONE)
    assert store.held([OWNER]) == {OWNER}
    assert store.engine.run("SELECT salt, data FROM body") == [(None, None)]


def test_a_body_erased_before_it_came_never_comes(store: Store) -> None:
    store.erase(OWNER, DIGEST, TOMBSTONE)
    store.put_body(OWNER, body.wrap(b"late"))
    assert store.body(OWNER) == Erased(TOMBSTONE)


def test_the_same_bytes_of_another_owner_are_neither_given_nor_erased(store: Store) -> None:
    """Whoever knows the digest of a text can commit to it: that makes it his neither to have nor to destroy."""
    wrapped = body.wrap(b"national")
    digest = body.commit(wrapped).digest
    own = Owner(NATIONAL, "aa" * 32)
    store.put_body(own, wrapped)
    for other in (Owner(MIRROR, "bb" * 32), Owner(RELEASED, "bb" * 32), Owner(MIRROR, "aa" * 32), own._replace(part=1)):
        assert store.body(other) is None
        store.erase(other, digest, TOMBSTONE)
    assert [store.body_of(ledger, digest) for ledger in (RELEASED, NATIONAL, MIRROR)] == [None, wrapped, None]
    assert store.body(own) == wrapped
    store.put_body(Owner(MIRROR, "cc" * 32), wrapped)
    store.erase(own, digest, TOMBSTONE)
    assert [store.body_of(ledger, digest) for ledger in (RELEASED, NATIONAL, MIRROR)] == [None, None, wrapped]


def test_erasing_touches_no_other_body_and_no_ledger(store: Store) -> None:
    append(store, "a")
    other = body.wrap(b"kept")
    store.put_body(OWNER, other)
    store.put_body(STRANGERS[0], body.wrap(b"spilt"))
    root = store.root(RELEASED)
    store.erase(STRANGERS[0], DIGEST, TOMBSTONE)
    store.scrub()
    assert store.body(OWNER) == other
    assert (store.root(RELEASED), list(store.leaves(RELEASED))) == (root, [b"a"])


# --- checkpoints -----------------------------------------------------------------------------------------------------


def test_the_latest_note_and_the_note_of_a_size_are_kept_for_each_ledger(store: Store) -> None:
    assert store.note(RELEASED) is None
    store.put_note(RELEASED, 2, "two")
    store.put_note(RELEASED, 10, "ten")
    store.put_note(RELEASED, 9, "nine")
    store.put_note(MIRROR, 40, "mirror — 40\n")
    assert store.note(RELEASED) == "ten"
    assert [store.note(RELEASED, size) for size in (2, 9, 10, 40)] == ["two", "nine", "ten", None]
    assert (store.note(MIRROR), store.note(NATIONAL)) == ("mirror — 40\n", None)
    store.put_note(RELEASED, 10, "ten, cosigned")
    assert store.note(RELEASED) == store.note(RELEASED, 10) == "ten, cosigned"
