"""Files that differ from sound ones in places drawn by a seed: bytes, members, headers, bundles, notes, signed acts.

The deeper kinds are written with real keys, so that what is odd in them is reached behind every signature and hash.
"""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.ledger import act as acts
from dtti.ledger import canonical, checkpoint, keylist, pack, tiles, tree
from tests import archives, making
from tests.making import Keyring, keyring, private_key

from .bad_proofs import PROJECT, accept, close, founded, node, note_of, offer, opening, proof_of, stored

NUMBERS = [
    0,
    1,
    2,
    255,
    256,
    2**31,
    2**32,
    2**53 - 2,
    2**53 - 1,
    2**53,
    2**53 + 1,
    2**63,
    2**64,
    -1,
    -(2**53),
    1.5,
    1e300,
]
TEXTS = [
    "",
    " ",
    "\n",
    "0",
    "a" * 41,
    "IND",
    "\x00",
    "\x7f",
    "\x85",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u202e",
    "é",
    "é",
    "𝒳",
]
TIMES = [
    "2027-01-26T24:00:00Z",
    "2027-02-29T00:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2027-01-26T23:59:60Z",
    "2027-01-26T09:00:00+00:00",
    "2027-1-26T09:00:00Z",
    "2027-01-26T09:00:00.0Z",
    "2028-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
]
DIGESTS = ["0" * 64, "f" * 64, "F" * 64, "0" * 63, "0" * 65, "g" * 64, "0" * 64 + "\n"]
SIDES = ["IND", "USA", "PUB", "ind", "INDI", "ÏND", ""]
RECORDS = [
    "",
    PROJECT,
    "project/USA/cccccccc",
    "project/IND/b",
    "project/IND/bbbbbbb1",
    "p/IND/bbbbbbbb",
    PROJECT + "\n",
]


def spoil_bytes(data: bytes, draw: Random) -> bytes:
    """A few bytes changed, dropped, doubled or put in; or the end cut off."""
    out = bytearray(data)
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        at = draw.randrange(len(out)) if out else 0
        length = draw.choice((1, 1, 2, 8, 100, 512))
        match draw.randrange(6):
            case 0:
                out[at : at + 1] = bytes([draw.randrange(256)])
            case 1:
                del out[at : at + length]
            case 2:
                out[at:at] = out[at : at + length]
            case 3:
                out[at:at] = draw.randbytes(length)
            case 4:
                del out[at:]
            case 5:
                out[at : at + 1] = bytes([out[at] ^ (1 << draw.randrange(8))]) if out else b""
    return bytes(out)


def spoil_value(value: Any, draw: Random) -> Any:
    """A JSON value with one thing in it changed."""
    if isinstance(value, dict) and value:
        name = draw.choice(sorted(value))
        match draw.randrange(8):
            case 0:
                return {key: each for key, each in value.items() if key != name}
            case 1:
                return value | {
                    draw.choice(["x", "__proto__", "constructor", "Ä", "toString", name + "_"]): value[name]
                }
            case _:
                return value | {name: spoil_value(value[name], draw)}
    if isinstance(value, list) and value:
        at = draw.randrange(len(value))
        match draw.randrange(8):
            case 0:
                return value[:at] + value[at + 1 :]
            case 1:
                return value[: at + 1] + value[at:]
            case 2:
                return value[::-1]
            case _:
                return [*value[:at], spoil_value(value[at], draw), *value[at + 1 :]]
    if isinstance(value, str) and value and draw.random() < 0.5:
        at = draw.randrange(len(value))
        return value[:at] + draw.choice(["", "=", "A", "a", "0", "/", *TEXTS]) + value[at + draw.randrange(2) :]
    if isinstance(value, int) and not isinstance(value, bool) and draw.random() < 0.5:
        return value + draw.choice((-1, 1))
    return draw.choice(
        [*NUMBERS, *TEXTS, *DIGESTS, *SIDES, *RECORDS, *TIMES, True, False, None, [], {}, [[]], {"a": {}}]
    )


def spoil_json(data: bytes, draw: Random) -> bytes:
    """A JSON file whose value is another one; mostly in the one form again."""
    value = json.loads(data)
    for _ in range(draw.choice((1, 1, 2))):
        value = spoil_value(value, draw)
    spaced = (", ", ": ") if draw.random() < 0.03 else (",", ":")
    made = json.dumps(value, sort_keys=draw.random() > 0.03, separators=spaced, ensure_ascii=draw.random() < 0.03)
    return made.encode("utf-8", "surrogatepass")


def spoil_header(data: bytes, draw: Random) -> bytes:
    """An archive with a field of one header written otherwise, its checksum made to fit, or nearly."""
    places = []
    at = 0
    while data[at : at + 512].strip(b"\0"):
        places.append(at)
        at += 512 + -(-int(data[at + 124 : at + 135], 8) // 512) * 512
    at = draw.choice(places)
    header = bytearray(data[at : at + 512])
    size = int(header[124:135], 8)
    first, last, values = draw.choice(
        [
            (
                124,
                136,
                [b"%011o " % size, b"%010o \0" % size, b" %010o\0" % size, b"%012o" % size, b"%011o\0" % (size + 1)],
            ),
            (
                124,
                136,
                [
                    b"\x80" + b"\0" * 3 + size.to_bytes(8, "big"),
                    b"77777777777\0",
                    b"-%010o\0" % size,
                    b"0x%09x\0" % size,
                ],
            ),
            (100, 108, [b"0000755\0", b"000644 \0", b"\0" * 8]),
            (136, 148, [b"00000000001\0", b"\0" * 12]),
            (156, 157, [b"\0", b"1", b"2", b"5", b"7", b"x", b"g", b"L", b"S"]),
            (157, 257, [b"/etc/passwd".ljust(100, b"\0")]),
            (257, 265, [b"ustar  \0", b"\0" * 8]),
            (345, 500, [b"bodies".ljust(155, b"\0")]),
            (
                0,
                100,
                [b"../x".ljust(100, b"\0"), bytes(header[:100]).rstrip(b"\0").ljust(99, b"\0") + b"x", b"\xff" * 100],
            ),
        ]
    )
    header[first:last] = draw.choice(values)
    header[148:156] = b" " * 8
    header[148:156] = draw.choice([b"%06o\0 ", b"%06o\0 ", b"%06o\0 ", b"%07o\0", b"%06o  "]) % sum(header)
    return data[:at] + bytes(header) + data[at + 512 :]


def spoil_note(note: str, draw: Random, signer: Any = None) -> str:
    """A checkpoint changed, or with a line more; the log's own key signs what it says now where there is one."""
    parsed = checkpoint.parse(note)
    if signer is not None and draw.random() < 0.5:
        size = draw.choice(
            [
                parsed.size,
                parsed.size + 1,
                max(0, parsed.size - 1),
                *[each for each in NUMBERS if isinstance(each, int) and each >= 0],
            ]
        )
        origin = draw.choice(
            [parsed.origin, parsed.origin, parsed.origin + "/x", "\ufeff" + parsed.origin, parsed.origin + "\x85"]
        )
        return checkpoint.make(origin, size, parsed.root, [signer]).note
    if draw.random() < 0.5:
        name = draw.choice([parsed.origin, "dtti.test/usa", "dtti.test/ind", "x\u2028y", "x\ufeff"])
        key = draw.choice([private_key("USA mirror 1.0"), private_key("IND mirror 1.0"), private_key("spare")])
        moment = draw.choice([0, 1, 1_800_000_000, 2**53 - 1, 2**53, 2**53 + 1, 2**63, 2**64 - 1])
        return checkpoint.cosign(parsed, name, key, moment).note
    lines = note.split("\n")
    at = draw.randrange(len(lines))
    match draw.randrange(4):
        case 0:
            lines[at:at] = [lines[at]]
        case 1:
            del lines[at]
        case 2:
            lines[at] = lines[at] + draw.choice([" ", "\r", "\t", "=", "\u3000", "\x00"])
        case 3:
            lines[at] = draw.choice([" ", "0", "+"]) + lines[at]
    return "\n".join(lines)


def spoil_pack(data: bytes, draw: Random) -> bytes:
    """A pack taken apart, changed in one of its parts, and put together so that every digest fits again."""
    (_, raw), *rest = archives.members(data)
    files, manifest = dict(rest), json.loads(raw)
    name = draw.choice(sorted(files))
    match draw.randrange(9):
        case 0:
            files[name] = spoil_bytes(files[name], draw)
        case 1:
            manifest = spoil_value(manifest, draw)
        case 2 | 3 | 4:
            bundles = [each for each in files if each.startswith("entries/")]
            if bundles:
                leaves = [leaf for each in bundles for leaf in tiles.unbundle(files[each])]
                files = _bundled_otherwise(files, leaves, draw)
        case 5:
            files["checkpoint"] = spoil_note(files["checkpoint"].decode(), draw, private_key("IND log 1.0")).encode()
        case 6:
            del files[name]
        case 7:
            files[f"bodies/{draw.choice(DIGESTS[:2])}"] = draw.randbytes(40)
        case 8:
            files = dict(sorted(files.items(), key=lambda _: draw.random()))
    if isinstance(manifest, dict) and draw.random() > 0.1:
        listed = [{"digest": sha256(body).hexdigest(), "name": each, "size": len(body)} for each, body in files.items()]
        manifest = manifest | {"files": listed}
    made = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    return archives.archive([("manifest.json", made), *files.items()])


def _bundled_otherwise(files: dict[str, bytes], leaves: list[bytes], draw: Random) -> dict[str, bytes]:
    """The same leaves in bundles of other widths, or with something before, between or after them."""
    count = sum(name.startswith("entries/") for name in files)
    cuts = sorted(draw.choice([0, 1, len(leaves) // 2, len(leaves), 256, 255, 257]) for _ in range(count - 1))
    parts = [leaves[low:high] for low, high in zip([0, *cuts], [*cuts, len(leaves)], strict=True)]
    made = [tiles.bundle(part) for part in parts]
    at = draw.randrange(len(made))
    match draw.randrange(6):
        case 0:
            made[at] += b"\0"
        case 1:
            made[at] += b"\0\0"
        case 2:
            made[at] += tiles.bundle([leaves[-1]])
        case 3:
            made[at] = made[at][:-1]
    kept = {name: body for name, body in files.items() if not name.startswith("entries/")}
    before = {name: body for name, body in kept.items() if not name.startswith("bodies/")}
    after = {name: body for name, body in kept.items() if name.startswith("bodies/")}
    return before | {f"entries/{number}": body for number, body in enumerate(made)} | after


# Written with real keys


def odd_fields(draw: Random) -> dict[str, Any]:
    """Fields of an act as no honest office system gives them; often none at all."""
    odd: list[tuple[str, list[Any]]] = [
        ("time", TIMES),
        ("record", RECORDS),
        ("office", ["office/IND/aaaaaaaa", "office/USA/aaaaaaaa", "x"]),
        ("role", ["node", "root", "log", "box", "nothing"]),
        ("rules", ["test_1", "dtti_1", "dtti_2", "X"]),
        ("environment", ["live", "exercise", "e" * 41]),
        ("programme", ["other"]),
        ("ledger", ["national", "released", "x"]),
        ("verb", ["comment", "state", "withdraw", "activate", "close", "accept", "power"]),
        ("rests", [[DIGESTS[0]], [DIGESTS[2]], [DIGESTS[0]] * 257, [DIGESTS[1]] * 256]),
        ("seen", [acts.Seen("0" * 64, each) for each in (0, 1, 2**53 - 1, 2**53, -1)]),
        (
            "body",
            [
                [],
                [acts.Commitment("2" * 64, each)] * draw.choice((1, 2, 17, 18))
                if (each := draw.choice([0, 2**53 - 1, 2**53])) >= 0
                else [],
            ],
        ),
        ("index", [0, 2**53 - 1, 2**53]),
        ("previous", DIGESTS[:3]),
        ("format", [1, 2, 0]),
        ("side", SIDES),
    ]
    if draw.random() < 0.4:
        return {}
    return {name: draw.choice(values) for name, values in draw.sample(odd, draw.choice((1, 1, 2)))}


def odd_terms(terms: dict[str, Any], draw: Random) -> dict[str, Any]:
    """Terms with one of them changed; often as they were."""
    made = terms if draw.random() < 0.5 else spoil_value(terms, draw)
    return made if isinstance(made, dict) else terms


def put(log: making.Log, draw: Random, by: Sequence[Ed25519PrivateKey] = (), **fields: Any) -> acts.Entry | None:
    """An act with odd fields at the end of `log`, signed as it stands; None where it cannot even be spelled."""
    given = {"side": log.ring.side, "ledger": "released", "index": len(log.leaves)}
    given["previous"] = tree.leaf_hash(log.leaves[-1]).hex() if log.leaves else acts.NOTHING
    act = making.act(**given | fields | odd_fields(draw))
    value = msgspec.to_builtins(act)
    try:
        payload = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return None
    held = log.ring.private.get(act.role, log.ring.private["node"])
    signed = keylist.sign(acts.pre_authentication(payload), by or held[: draw.choice((1, 1, 1, 2))])
    leaf = acts._enveloped(payload, signed)
    log.leaves.append(leaf)
    try:
        return acts.open_leaf(leaf)
    except acts.MalformedLeaf:
        return acts.Entry(leaf, act, acts.act_id(payload), acts.pre_authentication(payload), tuple(signed))


def odd_list(ring: Keyring, version: int, draw: Random) -> dict[str, Any]:
    """The key list of `ring`, in most cases with something wrong."""
    value: dict[str, Any] = msgspec.to_builtins(ring.key_list(version))
    roll = draw.random()
    if roll < 0.3:
        return value
    role = value["roles"][draw.choice(sorted(value["roles"]))]
    match draw.randrange(6):
        case 0:
            role["threshold"] = draw.choice([0, 1, 2, 32, 33])
        case 1:
            role["keys"].append(role["keys"][0])
        case 2:
            role["keys"].append(
                {
                    "algorithm": draw.choice(["ed25519", "ml-dsa", "x509-der"]),
                    "public": draw.choice(["00" * 32, "zz", ""]),
                }
            )
        case 3:
            value["roles"]["box"] = {
                "keys": [{"algorithm": "age-x25519", "public": draw.choice(["x" * 2048, "x" * 2049, "𝒳" * 2048])}],
                "threshold": 1,
            }
        case 4:
            value["version"] = draw.choice([1, 2, 3, 2**53])
        case 5:
            return spoil_value(value, draw) if isinstance(value, dict) else value
    return value


def written_proof(draw: Random) -> bytes:
    """A proof whose acts were written by hand, under real keys, in order or out of it."""
    shape = {"node": draw.choice([(1, 1), (1, 2), (2, 2), (2, 3)])}
    logs = founded(keyring("IND", **shape), keyring("USA", **shape))
    chosen = opening(logs)
    rotated = None
    if draw.random() < 0.3:
        side = draw.choice(["IND", "USA"])
        new = keyring(side, generation=2)
        fields = making.rotate(new) | {"terms": {"keys": odd_list(new, 2, draw)}}
        both = [*logs[side].ring.signers("root"), *new.signers("root")]
        rotated = put(logs[side], draw, both[: draw.choice((1, 2, 2, 2, 2))], **fields)
        logs[side].ring = new
    chosen += [rotated] if rotated else []
    if draw.random() < 0.4:
        return _written_state(logs, chosen, draw)
    proposal = offer(logs["IND"], **({"firm": True} if draw.random() < 0.3 else {}))
    if draw.random() < 0.5:
        answer = accept(logs, proposal)
    else:
        seen = draw.choice([logs["IND"].seen(), making.UNSEEN])
        made = put(logs["USA"], draw, **node("accept", terms=odd_terms({"offer": proposal.id}, draw), seen=seen))
        if made is None:
            return b""
        answer = made
    parts = [proposal, answer]
    if draw.random() < 0.8:
        if draw.random() < 0.5:
            parts.append(close(logs, proposal, answer))
        else:
            terms = {"answer": answer.id, "offer": proposal.id, "outcome": "agreed"}
            made = put(logs["IND"], draw, **node("close", terms=odd_terms(terms, draw), seen=logs["USA"].seen()))
            if made is None:
                return b""
            parts.append(made)
    held = draw.random() < 0.3
    if held:
        named = {"act": parts[-1].id, "record": PROJECT}
        side = "USA" if parts[-1].act.side == "IND" else "IND"
        other = "IND" if side == "USA" else "USA"
        made = put(
            logs[side],
            draw,
            **node("acknowledge", record="", terms=odd_terms({"acts": [named]}, draw), seen=logs[other].seen()),
        )
        if made is None:
            return b""
        parts.append(made)
    return _proof(logs, [*chosen, *parts], proposal, "agreed_here", draw, held=held)


def _written_state(logs: dict[str, making.Log], chosen: list[acts.Entry], draw: Random) -> bytes:
    terms = draw.choice([{"base": 0}, {"basis": "paper"}, {"basis": "published"}, {"basis": "own"}, {}])
    record = draw.choice([PROJECT, "need/IND/bbbbbbbb", "need/USA/bbbbbbbb", "project/PUB/bbbbbbbb"])
    body = [acts.Commitment("3" * 64, 1)]
    stated = put(logs["IND"], draw, **node("state", record=record, terms=odd_terms(terms, draw), body=body))
    if stated is None:
        return b""
    parts, grade = (
        [stated],
        {"paper": "recorded", "own": "recorded", "published": "published"}.get(str(terms.get("basis")), "stated"),
    )
    if terms.get("basis") == "paper" and draw.random() < 0.6:
        confirming = {"basis": "paper", "confirms": stated.id}
        made = put(
            logs["USA"],
            draw,
            **node("state", record=record, terms=odd_terms(confirming, draw), body=body, seen=logs["IND"].seen()),
        )
        if made is None:
            return b""
        parts.append(made)
        grade = "on_paper"
    sides = {entry.act.side for entry in parts}
    return _proof(logs, [entry for entry in chosen if entry.act.side in sides] + parts, stated, grade, draw)


def _proof(
    logs: dict[str, making.Log],
    chosen: list[acts.Entry],
    act: acts.Entry,
    grade: str,
    draw: Random,
    *,
    held: bool = False,
) -> bytes:
    try:
        data = proof_of(logs, chosen, act, grade, held=held)
    except (KeyError, IndexError, ValueError, TypeError, UnicodeEncodeError, tree.ProofError, canonical.ProfileError):
        return b""  # it names a place that no file can spell
    if draw.random() < 0.3:
        value = json.loads(data)
        log = draw.choice(value["logs"])
        try:
            log["checkpoint"] = spoil_note(log["checkpoint"], draw, logs[log["side"]].ring.private["log"][0])
            data = canonical.encode(value)
        except (ValueError, OverflowError):
            return b""
    return data


def written_pack(draw: Random) -> bytes:
    """A pack of India's ledger with odd acts in it, under real keys."""
    logs = founded(keyring("IND"), keyring("USA"))
    log = logs["IND"]
    for _ in range(draw.choice((1, 2, 3))):
        terms = odd_terms({"digest": "6" * 64}, draw)
        put(log, draw, **node("anchor", record="", terms=terms) if draw.random() < 0.9 else node("comment"))
    if draw.random() < 0.3:
        new = keyring("IND", generation=2)
        fields = making.rotate(new) | {"terms": {"keys": odd_list(new, 2, draw)}}
        put(log, draw, [*log.ring.signers("root"), *new.signers("root")], **fields)
    start = draw.choice([0, 0, 1, 2, len(log.leaves)])
    try:
        return pack_of(log, start, draw)
    except (acts.MalformedLeaf, ValueError, OverflowError):
        return b""


def pack_of(log: making.Log, start: int, draw: Random) -> bytes:
    """An open pack of a log that is no store's."""
    read, size = stored(log.leaves), len(log.leaves)
    note = note_of(log).note
    if draw.random() < 0.2:
        note = spoil_note(note, draw, log.ring.private["log"][0])
    before = [index for index in (0, 1) if index < start]
    contents = [("checkpoint", note.encode())]
    contents += [(f"governing/{at}", log.leaves[index]) for at, index in enumerate(before)]
    if start < size:
        contents.append(("entries/0", tiles.bundle(log.leaves[start:])))
    manifest = {
        "environment": "exercise",
        "files": [{"digest": sha256(body).hexdigest(), "name": name, "size": len(body)} for name, body in contents],
        "format": pack.FORMAT,
        "governing": [{"index": at, "proof": [one.hex() for one in tree.inclusion(at, size, read)]} for at in before],
        "origin": log.ring.party().origin,
        "peaks": [each.hex() for each in tree.frontier(start, read)],
        "previous": tree.leaf_hash(log.leaves[start - 1]).hex() if 0 < start < size else acts.NOTHING,
        "programme": "dtti",
        "receiver": "USA",
        "side": "IND",
        "size": size,
        "start": start,
    }
    return archives.archive([("manifest.json", canonical.encode(manifest)), *contents])


# Folders


def spoil_folder(folder: Path, draw: Random) -> Callable[[], None]:
    """Change one thing in an export; returns what puts it back."""
    kept = folder.with_name(folder.name + ".kept")
    shutil.copytree(folder, kept, symlinks=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    path = draw.choice(files)
    match draw.randrange(10):
        case 0 | 1:
            path.write_bytes(spoil_bytes(path.read_bytes(), draw))
        case 2:
            path.unlink()
        case 3:
            path.rename(path.with_name(path.name + draw.choice(["0", " ", "\udcff", ".p"])))
        case 4:
            (path.parent / draw.choice(["x", "001", ".hidden", "\udcfe"])).write_bytes(b"")
        case 5:
            path.unlink()
            path.symlink_to(draw.choice(["/etc/hostname", path.name, "../checkpoint", "/dev/zero"]))
        case 6:
            path.unlink()
            os.mkfifo(path)
        case 7:
            path.unlink()
            path.mkdir()
        case 8:
            note = (folder / "checkpoint").read_text(encoding="utf-8")
            spoiled = spoil_note(note, draw, private_key("IND log 1.0"))
            (folder / "checkpoint").write_text(spoiled, encoding="utf-8", newline="")
        case 9:
            bundles = [one for one in files if "entries" in one.parts]
            one = draw.choice(bundles)
            one.write_bytes(one.read_bytes() + draw.choice([b"\0", b"\0\0", tiles.bundle([b"{}"])]))

    def restore() -> None:
        shutil.rmtree(folder)
        kept.rename(folder)

    return restore
