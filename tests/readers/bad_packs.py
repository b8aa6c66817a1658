"""Packs that are wrong in one named way, each with the place and the rule that any verifier must name."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pyrage

from dtti.ledger import canonical, checkpoint, pack, tiles, tree
from dtti.ledger.store import RELEASED
from tests import archives

from .pair import Pair
from .spoil import Bad


def make_pack(pair: Pair, start: int) -> bytes:
    """An open pack of India's ledger from `start` on, for the United States."""
    pair.ind.note()
    size = pair.ind.store.size(RELEASED)
    return pack.pack(pair.ind.store, start, size, pair.ind.ring.party(), "USA", "dtti", "exercise")


def files_of(data: bytes) -> list[tuple[str, bytes]]:
    """The files of a pack, in order."""
    return list(archives.members(data))


def repack(
    data: bytes,
    change: Callable[[dict[str, bytes]], dict[str, bytes]] = lambda files: files,
    **manifest: Any,
) -> bytes:
    """A pack with its files changed and a manifest that agrees with them again, but for the fields of `manifest`."""
    (_, raw), *rest = files_of(data)
    files = change(dict(rest))
    value = canonical.decode(raw)
    listed = [{"digest": sha256(body).hexdigest(), "name": name, "size": len(body)} for name, body in files.items()]
    return archives.archive([("manifest.json", canonical.encode(value | {"files": listed} | manifest)), *files.items()])


def renamed(data: bytes, place: int, name: bytes, flag: bytes = b"0", link: bytes = b"") -> bytes:
    """The archive with the header at `place` given another name, type and link name, and a checksum that fits."""
    header = bytearray(data[place : place + 512])
    header[:100] = name.ljust(100, b"\0")
    header[148:156] = b" " * 8
    header[156:157] = flag
    header[157:257] = link.ljust(100, b"\0")
    header[148:156] = b"%06o\0 " % sum(header)
    return data[:place] + bytes(header) + data[place + 512 :]


def bad_packs(pair: Pair) -> Bad:
    """Packs wrong in one way each."""
    start = 7
    sound, whole, size = make_pack(pair, start), make_pack(pair, 0), pair.ind.store.size(RELEASED)
    files = dict(files_of(sound))
    manifest = canonical.decode(files.pop("manifest.json"))
    bodies = [name for name in files if name.startswith("bodies/")]
    second = 512 + -(-len(canonical.encode(manifest)) // 512) * 512  # where the header of the second file begins
    leaves = tiles.unbundle(files["entries/0"])
    earlier = checkpoint.make(
        pair.ind.ring.party().origin,
        size - 1,
        pair.ind.store.root(RELEASED, size - 1),
        list(pair.ind.ring.signers("log")),
    ).note.encode()
    other = pair.usa.note().encode()

    def put(name: str, body: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
        return lambda files: files | {name: body}

    def swap(files: dict[str, bytes]) -> dict[str, bytes]:
        one, two = bodies[:2]
        return files | {one: files[two], two: files[one]}

    def without(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
        return lambda files: {each: body for each, body in files.items() if each != name}

    def before(leaf: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
        """One more entry before the stretch."""
        number = len(manifest["governing"])

        def add(files: dict[str, bytes]) -> dict[str, bytes]:
            listed = list(files.items())
            place = listed.index((f"governing/{number - 1}", files[f"governing/{number - 1}"])) + 1
            return dict([*listed[:place], (f"governing/{number}", leaf), *listed[place:]])

        return add

    def first_last(files: dict[str, bytes]) -> dict[str, bytes]:
        (name, body), *rest = files.items()
        return dict([*rest, (name, body)])

    letter = b"B" if leaves[-1][-9:-8] == b"A" else b"A"  # of the last signature
    flipped = tiles.bundle([*leaves[:-1], leaves[-1][:-9] + letter + leaves[-1][-8:]])
    shorter = tiles.bundle(leaves[:-1])
    exchanged = tiles.bundle([leaves[1], leaves[0], *leaves[2:]])
    (rotated,) = [one.index for one in pair.ind.store.of_verb("keys", RELEASED)]
    path = tree.inclusion(rotated, size, pair.ind.store.reader(RELEASED))
    return {
        "empty": (b"", "byte 0", "pack-truncated"),
        "cut in a header": (sound[: second + 100], f"byte {second}", "pack-truncated"),
        "cut in a file": (sound[: second + 512 + 10], "checkpoint", "pack-truncated"),
        "cut before its end": (sound[:-512], f"byte {len(sound) - 1024}", "pack-truncated"),
        "a byte appended": (sound + b"\0", f"byte {len(sound) - 1024}", "pack-truncated"),
        "another pack appended": (sound + whole, f"byte {len(sound) - 1024}", "pack-truncated"),
        "a path that climbs": (renamed(sound, second, b"../checkpoint"), f"byte {second}", "pack-path"),
        "a path that climbs from a folder": (renamed(sound, second, b"bodies/../x"), f"byte {second}", "pack-path"),
        "an absolute path": (renamed(sound, second, b"/etc/passwd"), f"byte {second}", "pack-path"),
        "a path with NUL": (renamed(sound, second, b"checkpoint\0/../x"), f"byte {second}", "pack-path"),
        "a symbolic link": (renamed(sound, second, b"checkpoint", b"2", b"/etc/passwd"), "checkpoint", "pack-header"),
        "a hard link": (renamed(sound, second, b"checkpoint", b"1", b"manifest.json"), "checkpoint", "pack-header"),
        "a device": (renamed(sound, second, b"checkpoint", b"3"), "checkpoint", "pack-header"),
        "a folder": (renamed(sound, second, b"checkpoint", b"5"), "checkpoint", "pack-header"),
        "an extended header": (renamed(sound, second, b"checkpoint", b"x"), "checkpoint", "pack-header"),
        "a negative size": (_resized(sound, second, b"-0000000001\0"), "checkpoint", "pack-header"),
        "a size past any file": (_resized(sound, second, b"77777777777\0"), "checkpoint", "pack-truncated"),
        "a size in twelve digits": (_resized(sound, second, b"777777777777"), "checkpoint", "pack-header"),
        "bytes in the padding": (_padded(sound), "manifest.json", "pack-padding"),
        "no manifest first": (archives.archive(files.items()), "byte 0", "pack-manifest"),
        "another format": (repack(sound, format="dtti-pack-2"), "manifest.json", "pack-format"),
        "an unknown member": (repack(sound, note="x"), "manifest.json", "fields"),
        "a file not listed": (
            archives.archive([*files_of(sound), (f"bodies/{'0' * 64}", bytes(32))]),
            "manifest.json",
            "pack-files",
        ),
        "a file listed and absent": (archives.archive(files_of(sound)[:-1]), bodies[-1], "pack-files"),
        "a file twice": (archives.archive([*files_of(sound)[:-1], files_of(sound)[-2]]), bodies[-1], "pack-files"),
        "a file that is not as listed": (
            archives.archive(
                [("manifest.json", canonical.encode(manifest)), *put(bodies[0], bytes(40))(files).items()]
            ),
            bodies[0],
            "pack-digest",
        ),
        "files in another order": (repack(sound, first_last), "manifest.json", "pack-files"),
        "bodies swapped": (repack(sound, swap), bodies[0], "body"),
        "a body that nothing commits to": (
            repack(sound, put(f"bodies/{'5' * 64}", bytes(40))),
            f"bodies/{'5' * 64}",
            "pack-body",
        ),
        "an older checkpoint": (repack(sound, put("checkpoint", earlier)), "checkpoint", "pack-manifest"),
        "an older checkpoint and its size": (
            repack(sound, put("checkpoint", earlier), size=size - 1),
            "entries/0",
            "pack-entries",
        ),
        "the other side's checkpoint": (repack(sound, put("checkpoint", other)), "checkpoint", "pack-manifest"),
        "no checkpoint": (repack(sound, put("checkpoint", b"none\n")), "checkpoint", "checkpoint"),
        "a checkpoint that is no text": (repack(sound, put("checkpoint", b"\xff")), "checkpoint", "checkpoint"),
        "a leaf changed": (repack(sound, put("entries/0", flipped)), f"entry {size - 1}", "signature"),
        "a leaf missing": (repack(sound, put("entries/0", shorter)), "entries/0", "pack-entries"),
        "the last leaf missing": (
            repack(sound, put("entries/0", shorter), start=start + 1),
            "manifest.json",
            "pack-manifest",
        ),
        "leaves exchanged": (repack(sound, put("entries/0", exchanged)), f"entry {start}", "place"),
        "a bundle cut": (repack(sound, put("entries/0", files["entries/0"][:-1])), "entries/0", "pack-entries"),
        "another receiver": (repack(sound, receiver="FRA"), "manifest.json", "pack-receiver"),
        "its sender as receiver": (repack(sound, receiver="IND"), "manifest.json", "pack-receiver"),
        "another sender": (repack(sound, side="USA"), "governing/0", "place"),
        "another programme": (repack(sound, programme="other"), "governing/0", "programme"),
        "another environment": (repack(sound, environment="live"), "governing/0", "programme"),
        "another log": (repack(sound, origin="dtti.test/usa"), "checkpoint", "pack-manifest"),
        "another leaf before": (repack(sound, previous="0" * 64), f"entry {start}", "place"),
        "another peak": (repack(sound, peaks=["0" * 64, *manifest["peaks"][1:]]), "entries", "root"),
        "a peak too few": (repack(sound, peaks=manifest["peaks"][1:]), "manifest.json", "pack-manifest"),
        "another start": (repack(sound, start=start - 1, size=size - 1), "checkpoint", "pack-manifest"),
        "a start past its size": (repack(sound, start=size + 1), "manifest.json", "pack-files"),
        "a size past any": (repack(sound, size=2**53 - 1), "manifest.json", "pack-files"),
        "a founding under another index": (
            repack(sound, governing=[manifest["governing"][0] | {"index": 2}, *manifest["governing"][1:]]),
            "governing/0",
            "inclusion",
        ),
        "a founding twice": (
            repack(
                sound,
                before(files["governing/0"]),
                governing=[*manifest["governing"], manifest["governing"][0]],
            ),
            f"governing/{len(manifest['governing'])}",
            "founding",
        ),
        "a key list from inside the stretch": (
            repack(
                sound,
                before(pair.ind.store.leaf(RELEASED, rotated)),
                governing=[*manifest["governing"], {"index": rotated, "proof": [one.hex() for one in path]}],
            ),
            f"governing/{len(manifest['governing'])}",
            "pack-manifest",
        ),
        "without the founding that joins": (
            repack(sound, without("governing/1"), governing=manifest["governing"][:1]),
            "manifest.json",
            "pack-receiver",
        ),
        "without any founding": (
            repack(
                sound,
                lambda files: {name: body for name, body in files.items() if not name.startswith("governing/")},
                governing=[],
            ),
            f"entry {start}",
            "founding",
        ),
        "sealed": (pack.seal(sound, str(pyrage.x25519.Identity.generate().to_public())), "pack", "pack-seal"),
    }


def _resized(data: bytes, place: int, digits: bytes) -> bytes:
    header = bytearray(data[place : place + 512])
    header[124:136] = digits
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return data[:place] + bytes(header) + data[place + 512 :]


def _padded(data: bytes) -> bytes:
    size = int(data[124:135], 8)
    end = 512 + size
    assert size % 512, "the manifest fills its last block: there is no padding to spoil"
    return data[:end] + b"\1" + data[end + 1 :]
