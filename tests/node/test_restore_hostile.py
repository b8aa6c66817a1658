"""A backup made to do harm: whatever its manifest claims, nothing is written but what a backup may hold."""

import gzip
import io
import os
import sqlite3
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from dtti.accord.refusal import Refused
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.keeping import backup, restore
from tests.node.capitals import Pair

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A backup as it should be."""
    from tests.node import capitals

    folder = tmp_path_factory.mktemp("restore")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
        made = capitals.found(folder / "ind", "IND")
        with sqlite3.connect(made.folder / "accounts.sqlite3") as accounts:
            accounts.execute("CREATE TABLE person (name TEXT)")
        backup.backup(made.node, folder / "b.tar.gz")
        made.node.close()
    return (folder / "b.tar.gz").read_bytes()


def opened(data: bytes) -> tuple[dict[str, object], Files]:
    """Manifest and files of a backup."""
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        files = {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]
    return msgspec.json.decode(files.pop("manifest.json")), files


def packed(
    manifest: dict[str, object], files: Files, *, honest: bool = True, member: Callable[..., None] | None = None
):
    """A backup of these files; an `honest` manifest lists them as they are. `member` may change each in the archive."""
    if honest:
        manifest = manifest | {
            "files": [
                {"name": name, "sha256": sha256(data).hexdigest(), "size": len(data)} for name, data in files.items()
            ]
        }
    out = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=out, mode="wb", mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for name, data in {"manifest.json": msgspec.json.encode(manifest), **files}.items():
            one = tarfile.TarInfo(name)
            one.size = len(data)
            if member is not None:
                member(one)
            archive.addfile(one, io.BytesIO(data) if one.isreg() else None)
    return out.getvalue()


def restored(data: bytes, place: Path) -> str:
    """The rule that refuses it; nothing may then be left, in the folder or beside it. Empty where it is restored."""
    place.mkdir(exist_ok=True)
    file = place / "given.tar.gz"
    file.write_bytes(data)
    before = sorted(os.listdir(place.parent))
    try:
        restore.restore(file, place / "node")
    except Refused as stopped:
        assert sorted(os.listdir(place)) == ["given.tar.gz"]
        assert sorted(os.listdir(place.parent)) == before
        return stopped.refusals[0].rule
    return ""


@pytest.mark.parametrize(
    "name",
    [
        "../out",
        "/tmp/out",
        "keys/../../out",
        "keys/other.keys",
        "keys/node.keys/x",
        "ledger.sqlite3-wal",
        "node.toml ",
        "Node.toml",
        "keys",
        "record.sqlite3",
        ".ssh/authorized_keys",
        "keys/node.keys.next.next",
        "a" * 300,
        "secret\n",
    ],
)
def test_a_name_that_no_backup_holds(good: bytes, tmp_path: Path, name: str):
    manifest, files = opened(good)
    assert restored(packed(manifest, {**files, name: b"x"}), tmp_path / "a") == "backup-form"


@pytest.mark.parametrize(
    "type_", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE]
)
@pytest.mark.parametrize("name", ["secret", "ledger.sqlite3"])
def test_a_link_a_pipe_or_a_device_in_place_of_a_file(good: bytes, tmp_path: Path, type_: bytes, name: str):
    manifest, files = opened(good)

    def member(one: tarfile.TarInfo) -> None:
        if one.name == name:
            one.type, one.linkname = type_, "/etc/passwd"

    files.setdefault("secret", b"0" * 64)
    assert restored(packed(manifest, files, member=member), tmp_path / "a") == "backup-form"


def test_sizes_beyond_what_such_a_file_has_or_what_the_disc_holds(good: bytes, tmp_path: Path):
    manifest, files = opened(good)
    for name in ("node.toml", "mark", "secret", "fork", "keys/node.keys", "keys/passphrase"):
        assert restored(packed(manifest, {**files, name: b"0" * 2_000_000}), tmp_path / "a") == "backup-form"
    listed = [{**one, "size": 2**52 if one["name"] == "ledger.sqlite3" else one["size"]} for one in manifest["files"]]  # type: ignore[union-attr, index]
    assert restored(packed(manifest | {"files": listed}, files, honest=False), tmp_path / "a") == "disc"


def test_another_digest_size_order_or_number_than_the_manifest_lists(good: bytes, tmp_path: Path):
    manifest, files = opened(good)
    names = list(files)
    for changed in (
        {**files, "mark": files["mark"][:-1] + b" "},
        {**files, "mark": files["mark"] + b" "},
        {name: files[name] for name in reversed(names)},
        {name: files[name] for name in names[:-1]},
    ):
        assert restored(packed(manifest, changed, honest=False), tmp_path / "a") == "backup-form"
    twice = [*manifest["files"], manifest["files"][0]]  # type: ignore[misc, index]
    assert restored(packed(manifest | {"files": twice}, files, honest=False), tmp_path / "a") == "backup-form"


@pytest.mark.parametrize(
    "line",
    [
        'schema = "x; DROP SCHEMA public"',
        'schema = "X"',
        'page_address = "nowhere"',
        'page_address = "a b:80"',
        'peer_address = "host:port"',
        'side = "PUB\\n"',
        "anchor_hours = 0",
        "largest_file_mib = 100000",
        'side = "USA"',
        'programme = "other"',
        'environment = "live"',
        'unknown = "x"',
        "not toml",
        'name = "line\\nbreak"',
        "offer_days = -1",
    ],
)
def test_settings_that_cannot_be_used_or_are_of_another_node(good: bytes, tmp_path: Path, line: str):
    manifest, files = opened(good)
    key = line.split(" ")[0]
    kept = [each for each in files["node.toml"].decode().splitlines() if not each.startswith(key + " ")]
    changed = "\n".join([*kept, line]).encode()
    assert restored(packed(manifest, {**files, "node.toml": changed}), tmp_path / "a") == "backup-form"


def test_a_mark_file_elsewhere_is_not_taken_over_nor_waited_on(good: bytes, tmp_path: Path):
    manifest, files = opened(good)
    pipe, victim = tmp_path / "pipe", tmp_path / "victim"
    os.mkfifo(pipe)
    victim.write_bytes(b"precious")
    for number, path in enumerate((pipe, victim, Path("/dev/zero"), tmp_path)):
        toml = files["node.toml"].decode().replace('mark_file = ""', f'mark_file = "{path}"').encode()
        place = tmp_path / str(number)
        assert restored(packed(manifest, {**files, "node.toml": toml}), place) == ""
        assert config.read(place / "node").mark_file == ""
    assert victim.read_bytes() == b"precious"


def acting(data: bytes, folder: Path, *statements: str) -> bytes:
    """A database that does something by itself."""
    path = folder / "changed.sqlite3"
    path.write_bytes(data)
    with sqlite3.connect(path) as connection:
        for each in statements:
            connection.execute(each)
    connection.close()
    return path.read_bytes()


def test_accounts_that_act_by_themselves_or_are_no_database(good: bytes, tmp_path: Path):
    manifest, files = opened(good)
    trigger = "CREATE TRIGGER t AFTER INSERT ON person BEGIN DELETE FROM person; END"
    for changed in (acting(files["accounts.sqlite3"], tmp_path, trigger), b"no database at all" * 100):
        assert restored(packed(manifest, {**files, "accounts.sqlite3": changed}), tmp_path / "a") == "backup-form"


def test_of_a_ledger_store_only_the_rows_are_taken(good: bytes, tmp_path: Path):
    manifest, files = opened(good)
    changed = acting(
        files["ledger.sqlite3"],
        tmp_path,
        "DROP TRIGGER entry_no_delete",
        "CREATE TRIGGER erases AFTER INSERT ON entry BEGIN DELETE FROM void; END",
        "CREATE TABLE smuggled (x)",
    )
    assert restored(packed(manifest, {**files, "ledger.sqlite3": changed}), tmp_path / "a") == ""
    with sqlite3.connect(tmp_path / "a" / "node" / "ledger.sqlite3") as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "entry_no_delete" in names
    assert {"erases", "smuggled"} & names == set()
    assert restored(
        packed(manifest, {**files, "ledger.sqlite3": b"SQLite format 3\0" + b"x" * 5000}), tmp_path / "b"
    ) == ("backup-form")


def test_sizes_of_ledgers_that_the_manifest_tells_falsely(good: bytes, tmp_path: Path):
    manifest, files = opened(good)
    assert restored(packed(manifest | {"released": 0}, files), tmp_path / "a") == "backup-form"


def test_an_honest_backup_is_restored_and_what_it_holds_is_the_same(good: bytes, pair: Pair, tmp_path: Path):
    manifest, _ = opened(good)
    assert restored(good, tmp_path / "a") == ""
    node = Node(tmp_path / "a" / "node")
    assert (node.store.size(RELEASED), node.store.size(NATIONAL)) == (manifest["released"], manifest["national"])
    node.close()


def test_nothing_is_restored_into_a_folder_that_holds_something_or_through_a_link(good: bytes, tmp_path: Path):
    (tmp_path / "b.tar.gz").write_bytes(good)
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / "x").write_text("x")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("held", "link"):
        with pytest.raises(Refused) as stopped:
            restore.restore(tmp_path / "b.tar.gz", tmp_path / name)
        assert stopped.value.refusals[0].rule == "restore"
    assert sorted(os.listdir(tmp_path / "held")) == ["x"]
    assert not (tmp_path / "nowhere").exists()
