"""Packs: a stretch of a released ledger with its bodies in one file, to travel where no line does. Knows no programme.

An open pack is a POSIX ustar archive in one byte form: every byte is either signed, hashed or fixed, so that any change
is found and placed. A sealed pack is an open pack encrypted to the receiver's box key with age (C2SP age, X25519).
Inside: ``manifest.json``, ``checkpoint``, ``governing/N`` (foundings and key lists before the stretch, each with its
inclusion proof in the manifest), ``entries/N`` (bundles as in `tiles`), ``bodies/DIGEST`` (32 bytes of salt, data).
docs/format.md says it byte by byte.
"""

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Annotated

import msgspec
import pyrage

from . import canonical, checkpoint, tiles, tree
from .act import NOTHING, Act, Commitment, Digest, MalformedLeaf, Natural, Side, open_leaf
from .body import SALT, Body, Owner, opens
from .chain import Chain, chain_of, check_note, checkable
from .export import governing
from .keylist import KeyListError, Party, check_signed
from .store import RELEASED, Store
from .verify import Fault, Report, check_leaves, misread, take

FORMAT = "dtti-pack-1"
MAX_PACK = 2**31 - 1  # what every reader here can hold at once
MAX_MANIFEST = 64 * 1024**2
_NAME = re.compile(r"manifest\.json|checkpoint|(governing|entries)/(0|[1-9][0-9]{0,11})|bodies/[0-9a-f]{64}")
_SIZE = re.compile(rb"[0-7]{11}\0")
_BLOCK = 512


class PackError(ValueError):
    """A pack that is not what it should be: `where` in it, which `rule`, why, and what would help."""

    def __init__(self, where: str, rule: str, reason: str) -> None:
        super().__init__(f"{where}: {reason} (rule {rule}). Nothing was taken in; ask the sender for the pack again.")
        self.fault = Fault(where, rule, reason)


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of the pack, as the manifest lists it."""

    digest: Digest
    name: str
    size: Natural


class Governing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A founding or key list that stands before the stretch: its index, and its audit path to the checkpoint."""

    index: Natural
    proof: Annotated[list[Digest], msgspec.Meta(max_length=64)]


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the pack is: entries start..size-1 of the ledger `origin` of `side`, meant for side `receiver`."""

    environment: str
    files: list[File]
    format: str
    governing: list[Governing]
    origin: str
    peaks: list[Digest]  # of the tree at `start` (see tree.peaks)
    previous: Digest  # leaf hash before `start`
    programme: str
    receiver: Side
    side: Side
    size: Natural
    start: Natural


class Pack(msgspec.Struct, frozen=True):
    """An opened pack whose form is sound; what it says of the ledger is still to be checked."""

    manifest: Manifest
    checkpoint: str
    governing: list[bytes]
    leaves: list[bytes]
    bodies: dict[str, Body]


def _header(name: str, size: int) -> bytes:
    # Written here and not by a library: the byte form of a pack must not follow that library's versions.
    before = name.encode().ljust(100, b"\0") + b"0000644\0" + b"0000000\0" * 2 + b"%011o\0" % size + b"0" * 11 + b"\0"
    after = b"0" + bytes(100) + b"ustar\x0000" + bytes(247)
    return before + b"%06o\0 " % (sum(before) + sum(after) + 8 * ord(" ")) + after


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ustar archive of `files` in one byte form: fixed metadata, two empty blocks at the end."""
    out = io.BytesIO()
    for name, data in files:
        out.write(_header(name, len(data)) + data + bytes(-len(data) % _BLOCK))
    out.write(bytes(2 * _BLOCK))
    return out.getvalue()


def members(data: bytes, names: re.Pattern[str] = _NAME) -> Iterator[tuple[str, bytes]]:
    """The files in an archive of the one byte form, in order, each named like `names`; PackError where it is none."""
    at = 0
    while True:
        block = data[at : at + _BLOCK]
        if block == bytes(_BLOCK):
            break
        if len(block) < _BLOCK:
            raise PackError(f"byte {at}", "pack-truncated", "the pack ends in the middle of a file")
        raw = block[:100].rstrip(b"\0")
        name = raw.decode("ascii", "replace")
        if not names.fullmatch(name):
            raise PackError(f"byte {at}", "pack-path", f"{name[:80]!r} is no file of a pack")
        digits = block[124:136]
        size = int(digits[:11], 8) if _SIZE.fullmatch(digits) else -1
        if size < 0 or block != _header(name, size):
            raise PackError(name, "pack-header", "its header is not in the one form of a pack")
        body = data[at + _BLOCK : at + _BLOCK + size]
        at += _BLOCK + size + (-size % _BLOCK)
        if len(body) != size or len(data) < at:
            raise PackError(name, "pack-truncated", "the pack ends in the middle of it")
        if any(data[at - (-size % _BLOCK) : at]):
            raise PackError(name, "pack-padding", "there are bytes after its end")
        yield name, body
    if len(data) != at + 2 * _BLOCK or any(data[at:]):
        raise PackError(f"byte {at}", "pack-truncated", "the pack does not end as it should")


def pack(store: Store, start: int, size: int, party: Party, receiver: str, programme: str, environment: str) -> bytes:
    """An open pack of entries start..size-1 of the store's released ledger, with every body that is not erased.

    The store must hold its checkpoint at `size`; LookupError where it does not, or ends before `start`. A pack of
    nothing (`start` equal to `size`) still brings the checkpoint.
    """
    note = store.note(RELEASED, size)
    if note is None or start > size:
        raise LookupError(f"there is no checkpoint at size {size} from {start} on; make one first")
    read = store.reader(RELEASED)
    ruling = governing(store, RELEASED, size)
    before = [one for one in ruling if one.act.index < start]
    leaves = list(store.leaves(RELEASED, start, size))
    contents: list[tuple[str, bytes]] = [
        ("checkpoint", checkable(checkpoint.parse(note), chain_of(ruling)).note.encode())
    ]
    contents += [(f"governing/{number}", one.leaf) for number, one in enumerate(before)]
    contents += [
        (f"entries/{number}", tiles.bundle(leaves[low : low + tiles.WIDTH]))
        for number, low in enumerate(range(0, len(leaves), tiles.WIDTH))
    ]
    contents += _held_bodies(store, leaves)
    manifest = Manifest(
        environment=environment,
        files=[File(sha256(data).hexdigest(), name, len(data)) for name, data in contents],
        format=FORMAT,
        governing=[
            Governing(one.act.index, [each.hex() for each in tree.inclusion(one.act.index, size, read)])
            for one in before
        ],
        origin=party.origin,
        peaks=[each.hex() for each in tree.frontier(start, read)],
        previous=store.leaf_hash(RELEASED, start - 1).hex() if 0 < start < size else NOTHING,
        programme=programme,
        receiver=receiver,
        side=party.side,
        size=size,
        start=start,
    )
    return archive([("manifest.json", canonical.encode(msgspec.to_builtins(manifest))), *contents])


def _held_bodies(store: Store, leaves: list[bytes]) -> list[tuple[str, bytes]]:
    found = {}
    for leaf in leaves:
        try:
            entry = open_leaf(leaf)
        except MalformedLeaf:
            continue  # a void leaf travels too; it commits to nothing
        for part, one in enumerate(entry.act.body):
            held = store.body(Owner(RELEASED, entry.id, part))
            if isinstance(held, Body):
                found[f"bodies/{one.digest}"] = held.salt + held.data
    return list(found.items())


def seal(data: bytes, recipient: str) -> bytes:
    """An open pack encrypted to the receiver's box key (an age recipient)."""
    sealed: bytes = pyrage.encrypt(data, [pyrage.x25519.Recipient.from_str(recipient)])
    return sealed


def unseal(data: bytes, identity: str) -> bytes:
    """The open pack inside a sealed one; PackError where it is for someone else or damaged."""
    try:
        opened: bytes = pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as error:
        raise PackError("pack", "pack-seal", f"it is sealed for another receiver, or damaged ({error})") from None
    return opened


def is_sealed(data: bytes) -> bool:
    """Whether `data` is an age file."""
    return data.startswith(b"age-encryption.org/v1\n")


def open_pack(data: bytes, most: int | None = None) -> Pack:
    """Read an open pack strictly: its form, its manifest, the digest of every file; PackError says what is wrong.

    `most`: how many entries it may bring, looked at before they are read.
    """
    if len(data) > MAX_PACK:
        raise PackError("pack", "pack-size", f"it has {len(data):,} bytes; at most {MAX_PACK:,} travel in one")
    if is_sealed(data):
        raise PackError("pack", "pack-seal", "it is sealed: its receiver opens it first")
    files = members(data)
    name, raw = next(files, ("", b""))
    if name != "manifest.json":
        raise PackError("byte 0", "pack-manifest", "a pack begins with its manifest")
    if len(raw) > MAX_MANIFEST:
        raise PackError("manifest.json", "pack-size", f"it has {len(raw):,} bytes; at most {MAX_MANIFEST:,} are read")
    try:
        manifest = msgspec.convert(canonical.decode(raw), Manifest)
    except (canonical.ProfileError, msgspec.ValidationError) as error:
        fault = misread("manifest.json", raw, error)
        raise PackError(fault.where, fault.rule, fault.reason) from None
    if manifest.format != FORMAT:
        raise PackError("manifest.json", "pack-format", f"format {manifest.format[:40]!r}, this version reads {FORMAT}")
    _check_names(manifest)
    if most is not None and manifest.size - manifest.start > most:
        brings = f"it brings {manifest.size - manifest.start:,} entries; at most {most:,} are taken in from one file"
        raise PackError("manifest.json", "pack-entries", brings)
    contents: dict[str, bytes] = {}
    for listed in manifest.files:
        name, body = next(files, ("", b""))
        if name != listed.name or name in contents:
            raise PackError(listed.name, "pack-files", "the files are not those of the manifest, in its order")
        if len(body) != listed.size or sha256(body).hexdigest() != listed.digest:
            raise PackError(name, "pack-digest", "it is not what the manifest says")
        contents[name] = body
    if next(files, None) is not None:
        raise PackError("manifest.json", "pack-files", "there is a file that the manifest does not list")
    try:
        note = contents["checkpoint"].decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackError("checkpoint", "checkpoint", str(error)) from None
    left = manifest.size - manifest.start
    leaves: list[bytes] = []
    for name, body in contents.items():
        if name.startswith("entries/"):
            leaves += _bundle(name, body, min(tiles.WIDTH, left - len(leaves)))
    bodies = {
        name.removeprefix("bodies/"): Body(body[:SALT], body[SALT:])
        for name, body in contents.items()
        if name.startswith("bodies/")
    }
    before = [body for name, body in contents.items() if name.startswith("governing/")]
    return Pack(manifest, note, before, leaves, bodies)


def _check_names(manifest: Manifest) -> None:
    bundles = -(-(manifest.size - manifest.start) // tiles.WIDTH)
    fixed = ["checkpoint", *(f"governing/{number}" for number in range(len(manifest.governing)))]
    names = [one.name for one in manifest.files]
    entries = names[len(fixed) : len(fixed) + max(bundles, 0)]
    rest = names[len(fixed) + max(bundles, 0) :]
    if (
        bundles < 0
        or names[: len(fixed)] != fixed
        or len(entries) != bundles
        or any(name != f"entries/{number}" for number, name in enumerate(entries))
        or not all(name.startswith("bodies/") for name in rest)
    ):
        raise PackError(
            "manifest.json", "pack-files", "the files listed are not checkpoint, governing, entries, bodies"
        )


def _bundle(name: str, data: bytes, width: int) -> list[bytes]:
    try:
        return tiles.unbundle(data, width)
    except tiles.BundleError as error:
        raise PackError(name, "pack-entries", str(error)) from None


# --- checking ------------------------------------------------------------------------------------------------------


def check_pack(data: bytes, *, receiver: str | None = None, workers: int | None = None) -> Report:
    """Check an open pack by itself: form, foundings and key lists, signatures, tree, checkpoint, bodies.

    `receiver`: the side that it must be meant for, where the caller is one.
    """
    report = Report("pack", 0, tree.EMPTY.hex(), [])
    try:
        opened = open_pack(data)
        _check_contents(opened, report, workers)
        if receiver is not None and opened.manifest.receiver != receiver:
            reason = f"it is meant for {opened.manifest.receiver}, not for {receiver}"
            raise PackError("manifest.json", "pack-receiver", reason)
    except PackError as error:
        report.faults.append(error.fault)
    return report


def _check_contents(opened: Pack, report: Report, workers: int | None) -> None:
    manifest = opened.manifest
    try:
        note = checkpoint.parse(opened.checkpoint)
    except checkpoint.CheckpointError as error:
        raise PackError("checkpoint", "checkpoint", str(error)) from None
    if (note.origin, note.size) != (manifest.origin, manifest.size):
        raise PackError("checkpoint", "pack-manifest", "it is not the checkpoint that the manifest names")
    chain = _check_governing(opened, note, report)
    frontier = [bytes.fromhex(each) for each in manifest.peaks]
    if len(frontier) != len(tree.peaks(manifest.start)):
        raise PackError("manifest.json", "pack-manifest", "the peaks do not fit the start")
    if not opened.leaves and manifest.previous != NOTHING:
        raise PackError("manifest.json", "pack-manifest", "a pack without entries names no leaf before them")
    size, committed = manifest.start, set[str]()
    for leaf, found, _ in check_leaves(
        opened.leaves, manifest.side, keys=chain.keys, previous=manifest.previous, start=manifest.start, workers=workers
    ):
        tree.append(size, frontier, found.hash)
        fault = found.fault or (take(chain, leaf) if found.governs else None)
        if fault:
            report.faults.append(Fault(f"entry {size}", *fault))
        else:
            report.acts += 1
            report.time = found.reached(report.time)
            act = open_leaf(leaf).act
            committed.update(one.digest for one in act.body)
            _check_commitments(opened, act.body, f"entry {size}", report)
            _check_programme(act, manifest, f"entry {size}", report)
        size += 1
    report.size, report.root = size, tree.fold(frontier).hex()
    if tree.fold(frontier) != note.root:
        report.faults.append(Fault("entries", "root", "they do not lead to the signed root"))
    for digest in opened.bodies:
        if digest not in committed:
            report.faults.append(Fault(f"bodies/{digest}", "pack-body", "no entry of the pack commits to it"))
    if manifest.receiver not in chain.joined or manifest.receiver == manifest.side:
        reason = f"{manifest.receiver} is not the counterpart that {manifest.side} joined"
        report.faults.append(Fault("manifest.json", "pack-receiver", reason))
    report.constitution = chain.constitution
    try:
        check_note(note, chain)
        report.cosigned = checkpoint.cosignatures(note, chain.counterparts)
    except checkpoint.CheckpointError as error:
        report.faults.append(Fault("checkpoint", "checkpoint", str(error)))


def _check_commitments(opened: Pack, commitments: Sequence[Commitment], where: str, report: Report) -> None:
    for one in commitments:
        held = opened.bodies.get(one.digest)
        if held is not None and not opens(one, held):
            report.faults.append(Fault(f"bodies/{one.digest}", "body", f"it is not what {where} committed to"))


def _check_programme(act: Act, manifest: Manifest, where: str, report: Report) -> None:
    if (act.programme, act.environment) != (manifest.programme, manifest.environment):
        report.faults.append(Fault(where, "programme", "not of the manifest's programme and environment"))


def _check_governing(opened: Pack, note: checkpoint.Checkpoint, report: Report) -> Chain:
    manifest, chain, last = opened.manifest, Chain(), -1
    for number, (leaf, listed) in enumerate(zip(opened.governing, manifest.governing, strict=True)):
        where = f"governing/{number}"
        proof = [bytes.fromhex(each) for each in listed.proof]
        try:
            tree.check_inclusion(tree.leaf_hash(leaf), listed.index, note.size, proof, note.root)
            entry = open_leaf(leaf)
            if chain.keys is not None:
                check_signed(chain.keys, entry)
            chain.take(entry)
        except tree.ProofError as error:
            raise PackError(where, "inclusion", str(error)) from None
        except (MalformedLeaf, KeyListError) as error:
            raise PackError(where, error.rule, error.reason) from None
        act = entry.act
        if (act.side, act.ledger, act.index) != (manifest.side, RELEASED, listed.index):
            raise PackError(where, "place", f"it says it is {act.side} {act.ledger} entry {act.index}")
        if not last < listed.index < manifest.start:
            raise PackError(where, "pack-manifest", "the entries before the stretch are not in order")
        _check_programme(act, manifest, where, report)
        last = listed.index
    return chain
