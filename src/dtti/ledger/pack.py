"""Packs: a stretch of a released ledger with its bodies in one file, to travel where no line does. Knows no programme.

An open pack is a POSIX ustar archive in one byte form: every byte is either signed, hashed or fixed, so that any change
is found and placed. A sealed pack is an open pack encrypted to the receiver's box key with age (C2SP age, X25519).
Inside: ``manifest.json``, ``checkpoint``, ``governing/N`` (foundings and key lists before the stretch, each with its
inclusion proof in the manifest), ``entries/N`` (bundles as in `tiles`), ``bodies/DIGEST`` (32 bytes of salt, data).
docs/format.md says it byte by byte.
"""

import errno
import io
import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Annotated, BinaryIO

import msgspec
import pyrage

from . import canonical, checkpoint, tiles, tree, ustar
from .act import NOTHING, Act, Commitment, Digest, MalformedLeaf, Natural, Side, open_leaf
from .body import Body, Owner, opens
from .chain import Chain, chain_of, check_note, checkable
from .contents import Bodies, Leaves, Place
from .export import governing
from .keylist import KeyListError, Party, check_signed
from .store import RELEASED, Store
from .ustar import PackError as PackError
from .ustar import Source
from .verify import Fault, Report, check_leaves, misread, take

FORMAT = "dtti-pack-1"
MAX_PACK = 2**31 - 1
MAX_MANIFEST = 64 * 1024**2
NAMES = re.compile(r"manifest\.json|checkpoint|(governing|entries)/(0|[1-9][0-9]{0,11})|bodies/[0-9a-f]{64}")


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
    """An opened pack whose form is sound; what it says of the ledger is still to be checked.

    The manifest's list of files is not kept. The file under it must stay as it is while it is read.
    """

    manifest: Manifest
    checkpoint: str
    governing: list[bytes]
    leaves: Leaves
    bodies: Bodies


def write(
    out: BinaryIO, store: Store, start: int, size: int, party: Party, receiver: str, programme: str, environment: str
) -> None:
    """Write an open pack of entries start..size-1 of the store's released ledger, with every body that is not erased.

    The store must hold its checkpoint at `size`; LookupError where it does not, or ends before `start`. A pack of
    nothing (`start` equal to `size`) still brings the checkpoint. What it holds goes through a file without a name,
    because the manifest, which stands first, has the digest of each: no erasure comes between the two.
    """
    note = store.note(RELEASED, size)
    if note is None or start > size:
        raise LookupError(f"there is no checkpoint at size {size} from {start} on; make one first")
    read = store.reader(RELEASED)
    ruling = governing(store, RELEASED, size)
    before = [one for one in ruling if one.act.index < start]
    manifest = Manifest(
        environment=environment,
        files=[],
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
    with ustar.temporary() as spool:
        listed = bytearray()  # of the manifest, and the one thing that grows with the pack

        def put(name: str, data: bytes) -> None:
            ustar.put(spool, name, data)
            one = File(sha256(data).hexdigest(), name, len(data))
            listed.extend((b"," if listed else b"") + canonical.encode(msgspec.structs.asdict(one)))

        put("checkpoint", checkable(checkpoint.parse(note), chain_of(ruling)).note.encode())
        for number, one in enumerate(before):
            put(f"governing/{number}", one.leaf)
        for number, low in enumerate(range(start, size, tiles.WIDTH)):
            put(f"entries/{number}", tiles.bundle(list(store.leaves(RELEASED, low, min(low + tiles.WIDTH, size)))))
        for digest, held in _held_bodies(store, start, size):
            put(f"bodies/{digest}", held.salt + held.data)
        begins, _, ends = canonical.encode(msgspec.to_builtins(manifest)).partition(b'"files":[')
        ustar.put(out, "manifest.json", begins + b'"files":[' + listed + ends)
        del listed[:]
        for piece in Source(spool).pieces():
            out.write(piece)
        ustar.end(out)


def pack(store: Store, start: int, size: int, party: Party, receiver: str, programme: str, environment: str) -> bytes:
    """The same in memory."""
    out = io.BytesIO()
    write(out, store, start, size, party, receiver, programme, environment)
    return out.getvalue()


def _held_bodies(store: Store, start: int, size: int) -> Iterator[tuple[str, Body]]:
    given: set[bytes] = set()
    for leaf in store.leaves(RELEASED, start, size):
        try:
            entry = open_leaf(leaf)
        except MalformedLeaf:
            continue  # a void leaf travels too; it commits to nothing
        for part, one in enumerate(entry.act.body):
            digest = bytes.fromhex(one.digest)
            held = store.body(Owner(RELEASED, entry.id, part)) if digest not in given else None
            if isinstance(held, Body):
                given.add(digest)
                yield one.digest, held


def seal(data: bytes, recipient: str) -> bytes:
    """An open pack encrypted to the receiver's box key (an age recipient)."""
    out = io.BytesIO()
    seal_file(io.BytesIO(data), out, recipient)
    return out.getvalue()


def seal_file(file: BinaryIO, out: BinaryIO, recipient: str) -> None:
    """Write to `out` the open pack in `file`, encrypted to the receiver's box key."""
    try:
        pyrage.encrypt_io(file, out, [pyrage.x25519.Recipient.from_str(recipient)])
    except pyrage.EncryptError as error:  # the receiver's key was checked: what fails is the file that is written
        raise OSError(errno.EIO, f"the sealed pack could not be written: {error}") from error


def unseal(data: bytes, identity: str) -> bytes:
    """The open pack inside a sealed one; PackError where it is for someone else or damaged."""
    out = io.BytesIO()
    unseal_file(io.BytesIO(data), out, [identity])
    return out.getvalue()


def unseal_file(file: BinaryIO, out: BinaryIO, identities: Sequence[str]) -> None:
    """Write to `out` the open pack inside the sealed one in `file`, as any of `identities` opens it."""
    try:
        pyrage.decrypt_io(file, out, [pyrage.x25519.Identity.from_str(each) for each in identities])
    except (pyrage.DecryptError, OSError) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise  # the disc, and not the pack
        raise PackError("pack", "pack-seal", f"it is sealed for another receiver, or damaged ({error})") from None


def is_sealed(data: bytes | Source) -> bool:
    """Whether `data` is an age file."""
    return Source.of(data).read(0, 22) == b"age-encryption.org/v1\n"


def open_pack(data: bytes | Source, most: int | None = None) -> Pack:
    """Read an open pack strictly: its form, its manifest, the digest of every file; PackError says what is wrong.

    `most`: how many entries it may bring, looked at before they are read.
    """
    source = Source.of(data)
    if source.size > MAX_PACK:
        raise PackError("pack", "pack-size", f"it has {source.size:,} bytes; at most {MAX_PACK:,} travel in one")
    if is_sealed(source):
        raise PackError("pack", "pack-seal", "it is sealed: its receiver opens it first")
    files = ustar.members(source, NAMES)
    manifest = _manifest(source, *next(files, ("", 0, 0)))
    if most is not None and manifest.size - manifest.start > most:
        brings = f"it brings {manifest.size - manifest.start:,} entries; at most {most:,} are taken in from one file"
        raise PackError("manifest.json", "pack-entries", brings)
    places: dict[str, Place] = {}
    bodies = Bodies(source)
    for listed in manifest.files:
        name, at, size = next(files, ("", 0, 0))
        digest = name.removeprefix("bodies/")
        if name != listed.name or (digest != name and digest in bodies):
            raise PackError(listed.name, "pack-files", "the files are not those of the manifest, in its order")
        if size != listed.size or source.digest(at, size) != listed.digest:
            raise PackError(name, "pack-digest", "it is not what the manifest says")
        if digest != name:
            bodies.add(digest, at, size)
        else:
            places[name] = at, size
    if next(files, None) is not None:
        raise PackError("manifest.json", "pack-files", "there is a file that the manifest does not list")
    try:
        note = source.read(*places.pop("checkpoint")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise PackError("checkpoint", "checkpoint", str(error)) from None
    left = manifest.size - manifest.start
    bundles = [place for name, place in places.items() if name.startswith("entries/")]
    for number, place in enumerate(bundles):
        width = min(tiles.WIDTH, left - number * tiles.WIDTH)
        if place[1] > tiles.LARGEST:
            raise PackError(f"entries/{number}", "pack-entries", f"it has {place[1]:,} bytes, too many for {width}")
        try:
            tiles.unbundle(source.read(*place), width)
        except tiles.BundleError as error:
            raise PackError(f"entries/{number}", "pack-entries", str(error)) from None
    before = [source.read(*place) for name, place in places.items() if name.startswith("governing/")]
    return Pack(
        msgspec.structs.replace(manifest, files=[]),
        note,
        before,
        Leaves(source, bundles, max(left, 0)),
        bodies,
    )


def _plain(raw: bytes) -> Manifest | None:
    """A canonical manifest, read without making its files twice; None where the long way is to say what is not."""
    try:
        manifest = msgspec.json.decode(raw, type=Manifest)
        canonical.check(msgspec.to_builtins(msgspec.structs.replace(manifest, files=[])))
    except (msgspec.DecodeError, UnicodeDecodeError, canonical.ProfileError):
        return None
    sound = all(NAMES.fullmatch(one.name) for one in manifest.files) and msgspec.json.encode(manifest) == raw
    return manifest if sound else None  # members of all its structs stand in the order of their names


def _manifest(source: Source, name: str, at: int, size: int) -> Manifest:
    if name != "manifest.json":
        raise PackError("byte 0", "pack-manifest", "a pack begins with its manifest")
    if size > MAX_MANIFEST:
        raise PackError("manifest.json", "pack-size", f"it has {size:,} bytes; at most {MAX_MANIFEST:,} are read")
    raw = source.read(at, size)
    try:
        manifest = _plain(raw) or msgspec.convert(canonical.decode(raw), Manifest)
    except (canonical.ProfileError, msgspec.ValidationError) as error:
        fault = misread("manifest.json", raw, error)
        raise PackError(fault.where, fault.rule, fault.reason) from None
    if manifest.format != FORMAT:
        raise PackError("manifest.json", "pack-format", f"format {manifest.format[:40]!r}, this version reads {FORMAT}")
    _check_names(manifest)
    return manifest


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


# --- checking ------------------------------------------------------------------------------------------------------


def check_pack(data: bytes | Source, *, receiver: str | None = None, workers: int | None = None) -> Report:
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
