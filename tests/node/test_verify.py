"""Verification of a node's folder: a sound one is good, and each kind of damage is found and placed."""

import shutil
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from dtti.accord.refusal import Refused
from dtti.ledger import keylist
from dtti.ledger.store import LEDGERS, MIRROR, NATIONAL, RELEASED
from dtti.node.checking import integrity, verify
from dtti.node.core import mark as marks
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.line import exchange, rotate, spill
from dtti.node.line.attend import attend
from tests.node import capitals
from tests.node.capitals import Pair

STRIDE = 2**40


def faults(folder: Path) -> list[tuple[str, str]]:
    """Where and by which rule, of everything that does not hold."""
    return [(one.where, one.rule) for report in verify.verify(folder) for one in report.faults]


def parts(folder: Path) -> dict[str, int]:
    return {one.subject: one.size for one in verify.verify(folder)}


def spoil(folder: Path, *statements: str) -> None:
    """Change the store as someone with the file, and without the guards, can."""
    connection = apsw.Connection(str(folder / "ledger.sqlite3"))
    guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in guards:
        connection.execute(f"DROP TRIGGER {name}")
    for statement in [*statements, *(sql for _, sql in guards)]:
        connection.execute(str(statement))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


@pytest.fixture
def india(pair: Pair) -> Path:
    """India's folder, with entries in all three ledgers, a void one, an erased text and a rotation; closed."""
    pair.ind.national("kept-here")
    pair.usa.node.write(capitals.Draft("anchor", terms=capitals.table.Anchor("0" * 64)))
    receipt = pair.ind.comment(pair.record, "erased since")
    rotate.rotate(pair.ind.node)
    pair.ind.national("kept-too")
    pair.ind.node.checkpoint(NATIONAL)
    spill.erase(pair.ind.node, receipt.act)
    thief = pair.usa.node.keys.signing("node")
    rotate.rotate(pair.usa.node, ["node"])
    signer = pair.usa.node.signer
    honest = signer.act
    signer.act = lambda role, signed, also=(): keylist.sign(signed, thief)  # type: ignore[method-assign]
    pair.usa.comment(pair.record, "by an old key")
    signer.act = honest  # type: ignore[method-assign]
    pair.swap()
    pair.close()
    return pair.ind.folder


def test_a_sound_node_is_good_in_every_part(india: Path):
    node = Node(india)
    sizes = {ledger: node.store.size(ledger) for ledger in LEDGERS}
    assert len(node.store.voids(MIRROR)) == 1
    node.close()
    assert faults(india) == []
    found = parts(india)
    assert (found["IND released"], found["IND national"], found["USA mirror"]) == tuple(sizes.values())
    assert found["verdicts"] == sum(sizes.values())
    assert list(found) == [
        "IND released",
        "IND national",
        "USA mirror",
        "texts",
        "verdicts",
        "standing",
        "files",
        "record",
    ]


def test_verification_writes_nothing(india: Path):
    before = {path.name: path.read_bytes() for path in india.rglob("*") if path.is_file()}
    assert faults(india) == []
    after = {path.name: path.read_bytes() for path in india.rglob("*") if path.is_file() and "-" not in path.name}
    assert after == before


def test_every_byte_of_an_entry_counts(india: Path):
    leaf = bytes(apsw.Connection(str(india / "ledger.sqlite3")).execute("SELECT leaf FROM entry WHERE pos = 2").get)
    for at in range(0, len(leaf), len(leaf) // 12):
        changed = leaf[:at] + bytes([leaf[at] ^ 1]) + leaf[at + 1 :]
        spoil(india, f"UPDATE entry SET leaf = x'{changed.hex()}' WHERE pos = 2")
        found = faults(india)
        assert ("IND released entry 2", found[0][1]) == found[0]
    spoil(india, f"UPDATE entry SET leaf = x'{leaf.hex()}' WHERE pos = 2")
    assert faults(india) == []


ALTERED = "UPDATE note SET note = replace(replace(replace(note, 'A', '#'), 'B', 'A'), '#', 'B') WHERE ledger ="
DAMAGE: list[tuple[str, list[str], tuple[str, str]]] = [
    ("id", ["UPDATE entry SET id = x'00' WHERE pos = 3"], ("IND released entry 3", "index")),
    ("record", ["UPDATE entry SET record = 'event/IND/aaaaaaaa' WHERE pos = 4"], ("IND released entry 4", "index")),
    ("verb", ["UPDATE entry SET verb = 'close' WHERE pos = 5"], ("IND released entry 5", "index")),
    ("tree", ["UPDATE hash SET hash = zeroblob(32) WHERE pos = 6"], ("IND released tree hash 6", "tree")),
    ("tree gone", ["DELETE FROM hash WHERE pos = 6"], ("IND released tree hash 6", "tree")),
    (
        "mirror tree",
        [f"UPDATE hash SET hash = zeroblob(32) WHERE pos = {2 * STRIDE + 1}"],
        ("USA mirror tree hash 1", "tree"),
    ),
    (
        "head",
        ["UPDATE head SET size = size + 1 WHERE ledger = 0"],
        ("IND released", "truncated"),
    ),
    (
        "tail cut",
        [
            "DELETE FROM entry WHERE pos = (SELECT size - 1 FROM head WHERE ledger = 0)",
            "UPDATE head SET size = size - 1 WHERE ledger = 0",
        ],
        ("high-water mark", "high-water"),
    ),
    (
        "two swapped",
        [
            "CREATE TABLE kept AS SELECT pos, leaf FROM entry WHERE pos IN (2, 3)",
            "UPDATE entry SET leaf = (SELECT leaf FROM kept WHERE kept.pos = 5 - entry.pos) WHERE pos IN (2, 3)",
            "DROP TABLE kept",
        ],
        ("IND released entry 2", "place"),
    ),
    (
        "national entry",
        [f"UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE pos = 2) WHERE pos = {STRIDE}"],
        ("IND national entry 0", "place"),
    ),
    ("verdict forgotten", ["DELETE FROM void"], ("USA mirror entry", "signature")),
    (
        "verdict invented",
        ["INSERT INTO void (pos, rule, reason, remedy) VALUES (5, 'signature', 'it is said', 'none')"],
        ("IND released entry 5", "verdict"),
    ),
    ("checkpoint", [f"{ALTERED} 0"], ("IND released checkpoint", "checkpoint")),
    ("national checkpoint", [f"{ALTERED} 1"], ("IND national checkpoint", "checkpoint")),
    ("mirror checkpoint", [f"{ALTERED} 2"], ("USA mirror checkpoint", "checkpoint")),
    (
        "checkpoint of more",
        ["UPDATE note SET size = size + 50 WHERE ledger = 0 AND size = (SELECT max(size) FROM note WHERE ledger = 0)"],
        ("IND released checkpoint", "truncated"),
    ),
    (
        "text",
        [
            "UPDATE body SET data = CAST(data || x'41' AS BLOB) "
            "WHERE rowid = (SELECT min(rowid) FROM body WHERE data IS NOT NULL)"
        ],
        ("entry", "body"),
    ),
    (
        "salt",
        ["UPDATE body SET salt = zeroblob(32) WHERE rowid = (SELECT max(rowid) FROM body WHERE data IS NOT NULL)"],
        ("entry", "body"),
    ),
    (
        "text gone",
        ["DELETE FROM body WHERE rowid = (SELECT min(rowid) FROM body WHERE data IS NOT NULL)"],
        ("entry", "body-missing"),
    ),
    (
        "erased without order",
        [
            "UPDATE body SET salt = NULL, data = NULL, tombstone = zeroblob(32) "
            "WHERE rowid = (SELECT min(rowid) FROM body WHERE data IS NOT NULL)"
        ],
        ("entry", "tombstone"),
    ),
    (
        "stray text",
        ["INSERT INTO body VALUES (0, zeroblob(32), 0, zeroblob(32), zeroblob(32), x'41', NULL)"],
        ("text 0000000000000000", "body"),
    ),
    (
        "national text kept as released",
        ["UPDATE body SET ledger = 0 WHERE ledger = 1"],
        ("text", "body"),
    ),
]


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER entry_no_update",
        "CREATE TRIGGER mine AFTER INSERT ON entry BEGIN SELECT 1; END",
        "CREATE TABLE x (y)",
        "DROP INDEX entry_verb",
    ],
)
def test_guards_that_were_taken_away_and_what_was_put_in_are_found(india: Path, statement: str):
    connection = apsw.Connection(str(india / "ledger.sqlite3"))
    connection.execute(statement)
    connection.close()
    assert faults(india) == [("ledger.sqlite3", "store")]


@pytest.mark.parametrize(("what", "statements", "wanted"), DAMAGE, ids=[what for what, _, _ in DAMAGE])
def test_damage_is_found_and_placed(india: Path, what: str, statements: list[str], wanted: tuple[str, str]):
    spoil(india, *statements)
    found = faults(india)
    where, rule = wanted
    assert [one for one in found if where in one[0] and one[1] == rule], found


def test_a_page_of_the_file_that_is_overwritten_is_found(india: Path):
    file = india / "ledger.sqlite3"
    data = bytearray(file.read_bytes())
    data[3 * 4096 : 4 * 4096] = bytes(4096)
    file.write_bytes(data)
    assert faults(india) != []


def test_a_store_that_is_gone_or_no_database_is_said(india: Path):
    (india / "ledger.sqlite3").write_bytes(b"no database at all" * 500)
    assert [rule for _, rule in faults(india)] == ["store"]
    (india / "ledger.sqlite3").unlink()
    with pytest.raises(Refused) as caught:
        verify.verify(india)
    assert caught.value.refusals[0].rule == "store"
    assert not (india / "ledger.sqlite3").exists()


def test_another_entry_where_the_last_one_stood_is_found(india: Path):
    mark = marks.read(india / "mark")
    marks.write(india / "mark", marks.Mark(mark.released - 1, mark.national, "0" * 64))
    assert faults(india) == [("high-water mark", "high-water")]


def test_settings_of_another_side_or_environment_are_found(india: Path):
    settings = (india / "node.toml").read_text()
    (india / "node.toml").write_text(settings.replace("exercise", "live"))
    assert faults(india) == [("node.toml", "settings")]


def test_a_record_that_says_something_else_than_the_ledgers_is_found(india: Path):
    connection = apsw.Connection(str(india / "record.sqlite3"))
    connection.execute("UPDATE state SET title = 'Something else' WHERE ref = 'ex-net' AND known_until = '9999'")
    connection.close()
    found = faults(india)
    assert {rule for _, rule in found} == {"record"}
    assert all("state project/IND/" in where for where, _ in found)
    assert [one.subject for one in verify.verify(india, record=False) if not one.good] == []


def test_a_record_whose_file_finds_an_act_no_more_is_found(india: Path):
    """One byte of an index: no reading of the table shows it, and no page finds the act by its id."""
    record = india / "record.sqlite3"
    connection = apsw.Connection(str(record))
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    (act,) = next(iter(connection.execute("SELECT id FROM done WHERE idx = 3")))
    root = next(iter(connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'done_id'")))[0]
    size = next(iter(connection.execute("PRAGMA page_size")))[0]
    connection.close()
    data = bytearray(record.read_bytes())
    place = data.index(act.encode(), (root - 1) * size)
    data[place + 20] ^= 1
    record.write_bytes(data)
    assert {rule for _, rule in faults(india)} == {"store"}


def test_a_record_that_opens_what_is_kept_to_a_group_is_found(india: Path):
    connection = apsw.Connection(str(india / "record.sqlite3"))
    connection.execute("UPDATE done SET kept = 'aaaaaaaaaaaaaaaa' WHERE ledger = 0 AND idx = 3")
    connection.close()
    assert {rule for _, rule in faults(india)} == {"record"}


def test_a_halted_exchange_is_no_good_node(india: Path):
    (india / "fork").write_text("why\n")
    assert faults(india) == [("fork", "fork")]


def test_a_node_at_work_is_checked_as_it_stood(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    """Acts, checkpoints and erasures that come in between the steps of a check are no faults of what it checks."""
    spoken = pair.ind.comment(pair.record, "erased while it is checked")
    said: list[str] = []

    def work(words: str) -> None:
        said.append(words)
        pair.ind.comment(pair.record, words)
        pair.ind.national(f"n-{len(said)}")
        pair.ind.node.checkpoint()
        if len(said) == 2:
            spill.erase(pair.ind.node, spoken.act)

    reports = verify.verify(pair.ind.folder, tell=work)
    assert [fault for report in reports for fault in report.faults] == []
    assert len(said) > 4


def test_a_check_of_a_node_at_work_finds_nothing_in_what_comes_meanwhile(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    pair.swap()
    node = pair.ind.node
    leaves, coming = node.store.leaves, ["an act of the other side"]

    def meanwhile(*asked: object, **named: object) -> object:
        if coming:
            coming.clear()  # the exchange reads leaves too
            pair.usa.comment(pair.record, "meanwhile")
            pair.swap()
        return leaves(*asked, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(node.store, "leaves", meanwhile)
    found = integrity.check(node, Viewer("IND", national=True, person="auditor"))
    assert not coming
    assert [(one.where, one.rule, one.reason) for one in found.faults] == []


def test_exports_and_packs_are_known_by_what_they_are(pair: Pair, tmp_path: Path):
    from dtti.ledger import export

    pair.ind.node.checkpoint()
    export.write(pair.ind.node.store, RELEASED, tmp_path / "out", bodies=True)
    (tmp_path / "open").write_bytes(exchange.make_pack(pair.ind.node, 0, sealed=False))
    (tmp_path / "sealed").write_bytes(exchange.make_pack(pair.ind.node, 0))
    size = pair.ind.node.store.size(RELEASED)
    checks: list[Callable[[], list]] = [
        lambda: verify.verify(tmp_path / "out"),
        lambda: verify.verify(tmp_path / "open"),
        lambda: verify.verify(tmp_path / "sealed", opened_by=pair.usa.folder),
    ]
    for check in checks:
        (report,) = check()
        assert (report.good, report.size) == (True, size)
    with pytest.raises(Refused) as caught:
        verify.verify(tmp_path / "sealed")
    assert caught.value.refusals[0].rule == "pack-seal"
    (report,) = verify.verify(tmp_path / "sealed", opened_by=pair.ind.folder)
    assert [one.rule for one in report.faults] == ["pack-seal"]
    shutil.rmtree(tmp_path / "out" / "tile")
    assert not verify.verify(tmp_path / "out")[0].good
    for nothing in (tmp_path, tmp_path / "gone"):
        with pytest.raises(Refused):
            verify.verify(nothing)


def test_an_anchor_shows_a_national_ledger_that_was_cut_back_or_rewritten(pair: Pair):
    """Someone with the files can cut the national ledger and move the mark; the released anchor binds what stood."""
    pair.ind.national("kept-one")
    pair.ind.national("kept-two")
    later = Node(pair.ind.folder, clock=lambda: "2090-01-01T00:00:00Z")
    (anchor,) = attend(later)
    assert anchor.verb == "anchor"
    later.close()
    pair.close()
    assert faults(pair.ind.folder) == []
    mark = marks.read(pair.ind.folder / "mark")
    marks.write(pair.ind.folder / "mark", marks.Mark(mark.released, 1, mark.last))
    spoil(
        pair.ind.folder,
        "DELETE FROM body WHERE digest = (SELECT digest FROM body WHERE ledger = 1 AND data LIKE '%kept-two%')",
        f"DELETE FROM entry WHERE pos = {STRIDE + 1}",
        f"DELETE FROM hash WHERE pos >= {STRIDE + 1} AND pos < {2 * STRIDE}",
        "UPDATE head SET size = 1 WHERE ledger = 1",
    )
    assert (f"IND released entry {anchor.index}, anchor", "anchor") in faults(pair.ind.folder)
