"""Packs from a hostile capital with valid keys, and from nobody: at the level of bytes, with code of its own."""

import io
import random
import tarfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger import canonical, pack, tiles, tree
from dtti.ledger.body import Body, Owner
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.keeping import status
from dtti.node.line import exchange, recover
from tests import archives
from tests.node import capitals
from tests.node.capitals import Pair
from tests.node.hostile import Hostile, commitments


def sound(*folders: Path) -> None:
    for folder in folders:
        assert [str(fault) for report in verify.verify(folder) for fault in report.faults] == []


def own(node: Node) -> dict[str, Any]:
    """What this side's own records say: its ledgers, their texts, its marks; and that exchange is not halted."""
    texts = {
        (row[0], bytes(row[1]), row[2]): (row[3], row[4])
        for row in node.store.engine.run("SELECT ledger, act, part, data, tombstone FROM body WHERE ledger <> 2")
    }
    sizes = {ledger: (node.store.size(ledger), node.store.root(ledger).hex()) for ledger in (RELEASED, NATIONAL)}
    return {"texts": texts, "halted": exchange.halted(node), **sizes}


def mirror(node: Node) -> tuple[int, str, int]:
    count = node.store.engine.run("SELECT count(*) FROM body WHERE ledger = 2")[0][0]
    return node.store.size(MIRROR), node.store.root(MIRROR).hex(), int(count)


def refused(node: Node, data: bytes) -> str:
    """The rule by which a pack is refused; nothing at all has changed then."""
    before = own(node), mirror(node)
    with pytest.raises(Refused) as caught:
        exchange.take_pack(node, data)
    assert (own(node), mirror(node)) == before
    return caught.value.refusals[0].rule


def rewritten(data: bytes, change: dict[str, bytes] | None = None, **manifest: Any) -> bytes:
    """A pack with files and members of the manifest changed, every digest put right again."""
    files = dict(archives.members(data)) | (change or {})
    said = canonical.decode(files.pop("manifest.json"))
    assert isinstance(said, dict)
    listed = [
        msgspec.to_builtins(pack.File(pack.sha256(body).hexdigest(), name, len(body))) for name, body in files.items()
    ]
    written = canonical.encode({**said, "files": listed, **manifest})
    return archives.archive([("manifest.json", written), *files.items()])


def test_a_checkpoint_that_nobody_signed_neither_halts_nor_accuses(pair: Pair) -> None:
    """A smaller pack, a larger one, one of the same size: by stranger's keys, and with no line that verifies."""
    node, usa = pair.ind.node, Hostile(pair.usa)
    good = usa.pack(0)
    held = node.store.size(MIRROR)
    stranger = [Ed25519PrivateKey.generate()]
    for size in (1, held - 1, held, held + 1, held + 10**12):
        note = usa.note(size, b"\7" * 32, stranger).encode()
        leaves = [b"forged"] * min(size, held + 1)
        bundles = {
            f"entries/{number}": tiles.bundle(leaves[low : low + 256])
            for number, low in enumerate(range(0, len(leaves), 256))
        }
        names = {name: body for name, body in archives.members(good) if name.startswith("governing/")}
        manifest = dict(canonical.decode(dict(archives.members(good))["manifest.json"]))  # type: ignore[call-overload]
        files = {"checkpoint": note, **names, **bundles}
        listed = [
            msgspec.to_builtins(pack.File(pack.sha256(body).hexdigest(), name, len(body)))
            for name, body in files.items()
        ]
        manifest |= {"files": listed, "size": len(leaves), "start": 0}
        made = archives.archive([("manifest.json", canonical.encode(manifest)), *files.items()])
        assert refused(node, made) in ("checkpoint", "pack-manifest")
    assert status.status(node)["amiss"] == []


def test_a_genuine_checkpoint_over_other_entries_proves_nothing(pair: Pair) -> None:
    """Whoever has seen a pack can put other entries into it; only its signer can make them contradict."""
    usa = Hostile(pair.usa)
    pair.usa.comment(pair.record, "one more")
    data = usa.pack(0)
    leaves = list(pair.usa.node.store.leaves(RELEASED))
    for at in (0, 3, len(leaves) - 1):
        changed = list(leaves)
        changed[at] = leaves[at - 1]
        assert refused(pair.ind.node, rewritten(data, {"entries/0": tiles.bundle(changed)})) == "root"
    assert exchange.take_pack(pair.ind.node, data).void == 0


def test_two_signed_ledgers_are_a_fork_with_both_sides_kept(pair: Pair) -> None:
    usa = Hostile(pair.usa)
    leaves = list(pair.usa.node.store.leaves(RELEASED))
    other = usa.sign(msgspec.structs.replace(acts.open_leaf(leaves[-1]).act, rests=["ab" * 32]))
    changed = [*leaves[:-1], other.leaf, b"and on"]
    frontier: list[bytes] = []
    tree.extend(0, frontier, [tree.leaf_hash(each) for each in changed])
    note = usa.note(len(changed), tree.fold(frontier))
    data = rewritten(usa.pack(0), {"checkpoint": note.encode(), "entries/0": tiles.bundle(changed)}, size=len(changed))
    with pytest.raises(Refused) as caught:
        exchange.take_pack(pair.ind.node, data)
    assert caught.value.refusals[0].rule == "fork"
    evidence = exchange.halted(pair.ind.node) or ""
    assert note in evidence
    assert (pair.ind.node.store.note(MIRROR) or "nothing") in evidence
    assert evidence.count("Signed entry (base64)") == 2


def test_a_file_given_back_has_the_one_form_and_no_size_that_it_only_claims(pair: Pair, tmp_path: Path) -> None:
    opened = capitals.unsealed(pair.ind.node, recover.give_back(pair.usa.node))
    two = list(archives.members(opened, recover._GIVEN))
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for name, data in two:
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    sparse = bytearray(opened)
    sparse[156:157] = b"S"  # GNU's sparse file, which may claim any size
    huge = bytearray(opened)
    huge[124:135] = b"77777777777"
    for bad in (made.getvalue(), bytes(sparse), bytes(huge), archives.archive(two[::-1]), archives.archive(two[:1])):
        with pytest.raises(Refused) as caught:
            recover.read_given_back(pair.ind.node, bad)
        assert caught.value.refusals[0].rule.startswith("pack-")


# --- random play of bytes --------------------------------------------------------------------------------------------


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Some bytes of a pack changed, and its form made whole again as often as not."""
    files = list(archives.members(data))
    at = chance.randrange(len(files))
    name, body = files[at]
    spot = chance.randrange(max(1, len(body)))
    changed = {
        0: lambda: body[:spot] + bytes([chance.randrange(256)]) + body[spot + 1 :],
        1: lambda: body[:spot],
        2: lambda: body + bytes(chance.randrange(1, 600)),
        3: lambda: body[:spot] + body[spot // 2 : spot] + body[spot:],
        4: lambda: b"",
    }[chance.randrange(5)]()
    if chance.random() < 0.5 or name == "manifest.json":
        files[at] = name, changed
        return archives.archive(files)
    try:
        return rewritten(data, {name: changed}, **({"start": chance.randrange(40)} if chance.random() < 0.2 else {}))
    except ValueError:
        return archives.archive(files[:at])


def acted(chance: random.Random, usa: Hostile, pair: Pair) -> None:
    """One act of a capital that keeps no rule: claims, tombstones, leaves that are none, acts on anything."""
    ours = [one for ledger in (RELEASED, NATIONAL) for _, one in commitments(pair.ind, ledger)]
    theirs = [acts.open_leaf(leaf) for leaf in pair.usa.node.store.leaves(RELEASED) if leaf.startswith(b"{")]
    move = chance.randrange(7)
    if move == 0:
        usa.claim(pair.record, chance.sample(ours, min(len(ours), 3)))
        last = acts.open_leaf(pair.usa.node.store.leaf(RELEASED, pair.usa.node.store.size(RELEASED) - 1))
        for one in last.act.body:
            usa.erase(last, one.digest)
    elif move == 1:
        usa.put(chance.randbytes(chance.randrange(1, 400)))
    elif move == 2:
        store = pair.ind.node.store
        copied = acts.open_leaf(store.leaf(RELEASED, chance.randrange(store.size(RELEASED))))
        usa.put(copied.leaf)
        for part in range(len(copied.act.body)):
            shown = store.body(Owner(RELEASED, copied.id, part))
            if isinstance(shown, Body):
                usa.node.store.put_body(Owner(RELEASED, copied.id, part), shown)
    elif move == 3:
        target = chance.choice(theirs)
        usa.erase(target, chance.choice([one.digest for one in target.act.body] + [ours[0].digest]))
    elif move == 4:
        usa.write("comment", record=pair.record, texts=[bodies.wrap(chance.randbytes(200))])
    elif move == 5:
        usa.write(
            chance.choice(["state", "propose", "close", "notice", "power", "anchor", "nonsense"]),
            record=chance.choice(["", pair.record]),
            office="",
        )
    else:
        usa.write("draft", record=pair.record, texts=[Body(bytes(32), b"same")])


@pytest.mark.long
@pytest.mark.parametrize(
    "seed", [0, 1, pytest.param(2, marks=pytest.mark.sweep), pytest.param(3, marks=pytest.mark.sweep)]
)
def test_nothing_that_a_hostile_capital_sends_changes_what_is_ours(pair: Pair, seed: int) -> None:
    """Random acts and random bytes: our ledgers, texts and marks stay; the rest is kept as theirs, and verifies."""
    chance = random.Random(seed)
    pair.ind.comment(pair.record, "released words")
    pair.ind.national("held-back")
    pair.swap()
    usa, node = Hostile(pair.usa), pair.ind.node
    texts = own(node)["texts"]
    for _ in range(12 if seed == 0 else 150):
        acted(chance, usa, pair)
        data = usa.pack()
        for _ in range(6):
            bad = mutated(chance, data)
            before = own(node), mirror(node)
            try:
                exchange.take_pack(node, bad)
            except Refused:
                assert (own(node), mirror(node)) == before
        if node.store.size(MIRROR) < usa.node.store.size(RELEASED):  # else a mutant was the pack itself
            exchange.take_pack(node, data)
        assert exchange.halted(node) is None
        assert node.store.size(MIRROR) == usa.node.store.size(RELEASED)
        now = own(node)["texts"]
        assert {key: now[key] for key in texts} == texts
        assert status.status(node)["amiss"] == []
    node.close()
    sound(pair.ind.folder)
