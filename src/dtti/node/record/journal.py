"""What was done: the acts of a record and of both ledgers, and what they carry, as a viewer may see it."""

import json
from collections.abc import Sequence, Set
from typing import Any

import msgspec

from dtti.accord import table_2
from dtti.accord.refusal import Refused
from dtti.ledger.act import MalformedLeaf, open_leaf
from dtti.ledger.body import Body, Erased
from dtti.ledger.store import LEDGERS, NATIONAL, Placed
from dtti.node.core import audience, text, visibility
from dtti.node.core.node import Node
from dtti.node.core.state_row import group_of
from dtti.node.core.text import Text
from dtti.node.core.visibility import Viewer

from . import clock, read
from .clock import At


class Done(msgspec.Struct, frozen=True):
    """One act in a history or in the record explorer; `rule` is empty unless it is void.

    `time`: from when it counts as known: its claimed time, and where that was under a clock repaired since, the
    repair's (`claimed` then holds what it claims; else it is empty).
    """

    ledger: str
    index: int
    id: str
    side: str
    record: str
    verb: str
    office: str
    time: str
    rule: str
    reason: str
    remedy: str
    overtaken: str
    terms: dict[str, Any]
    bodies: list[str]
    claimed: str = ""

    @property
    def verdict(self) -> str:
        """valid, void or overtaken."""
        return "void" if self.rule else "overtaken" if self.overtaken else "valid"


class Shown(msgspec.Struct, frozen=True):
    """A body as a viewer may see it. `state`: held, erased (then `tombstone`), missing, unreadable."""

    state: str
    text: Text | None = None
    tombstone: str = ""


def done_of(rows: Sequence[Sequence[Any]]) -> list[Done]:
    """Rows of `DONE_COLUMNS` as acts."""
    names = {number: name for name, number in LEDGERS.items()}
    fields = Done.__struct_fields__
    return [
        Done(**dict(zip(fields, (names[row[0]], *row[1:12], _terms(row), json.loads(row[13]), row[14]), strict=True)))
        for row in rows
    ]


def _terms(row: Sequence[Any]) -> dict[str, Any]:
    """The fields of an act. A void one may hold anything there: what has no form of its verb is left to its leaf."""
    terms: dict[str, Any] = json.loads(row[12])
    return {} if row[8] and not table_2.formed(row[5], terms) else terms


DONE_COLUMNS = (
    "ledger, idx, id, side, record, verb, office, time, rule, reason, remedy, overtaken, terms, bodies, claimed"
)


def _ledgers(viewer: Viewer) -> str:
    seen = [
        number for name, number in LEDGERS.items() if name != NATIONAL or visibility.sees(viewer, visibility.NATIONAL)
    ]
    # Plus nothing: by time, or by record, as its callers ask, and never by the index of a ledger.
    return f"ledger + 0 IN ({','.join(map(str, seen))}) AND {visibility.within(viewer)}"


def history(node: Node, viewer: Viewer, record: str, known: str | At = "", naming: str = "") -> list[Done]:
    """Every act on a record that a viewer sees, in order of claimed time; `naming`: of which the terms name this id."""
    if viewer.public:
        return []
    upto = clock.at(known).acts
    bound, values = ("AND time <= ?", [upto]) if upto else ("", [])
    if naming:
        bound, values = f"{bound} AND terms LIKE ?", [*values, f'%"{naming}"%']
    return as_known(
        done_of(
            node.projection.engine.run(
                f"SELECT {DONE_COLUMNS} FROM done WHERE record = ? AND {_ledgers(viewer)} {bound} "
                "ORDER BY time, ledger, idx",
                [record, *values],
            )
        ),
        upto,
    )


def history_page(
    node: Node, viewer: Viewer, record: str, known: str | At = "", start: int = 0, count: int = read.PAGE
) -> tuple[list[Done], int]:
    """`count` acts on a record that a viewer sees, newest first, after the first `start`; and how many there are."""
    if viewer.public:
        return [], 0
    upto = clock.at(known).acts
    where, values = f"record = ? AND {_ledgers(viewer)}", [record]
    if upto:
        where, values = f"{where} AND time <= ?", [record, upto]
    engine = node.projection.engine
    total = engine.run(f"SELECT COUNT(*) FROM done WHERE {where}", values)[0][0]
    acts = done_of(
        engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE {where} ORDER BY time DESC, ledger DESC, idx DESC LIMIT ? OFFSET ?",
            [*values, count, start],
        )
    )
    later = sorted({one.overtaken for one in acts if len(one.overtaken) > 1}) if upto else []
    held = engine.run(
        f"SELECT id FROM done WHERE id IN ({','.join('?' * len(later))}) AND {where}", [*later, *values]
    ) if later else []  # fmt: skip
    return as_known(acts, upto, {row[0] for row in held}), int(total)


def as_known(acts: list[Done], upto: str, also: Set[str] = frozenset()) -> list[Done]:
    """Acts, without what came to be known of them only later: that an act after `upto` overtook one.

    `also`: ids of other acts that were there by then.
    """
    if not upto:
        return acts
    held = {one.id for one in acts} | also
    return [
        msgspec.structs.replace(one, overtaken="") if len(one.overtaken) > 1 and one.overtaken not in held else one
        for one in acts
    ]


def recent(
    node: Node, viewer: Viewer, count: int = 20, *, verbs: Sequence[str] = (), known: str | At = "", record: str = ""
) -> list[Done]:
    """The latest acts that a viewer sees, newest first, of the given verbs (all if none), on one record where named."""
    if viewer.public:
        return []
    parts, values = [_ledgers(viewer)], list[Any]()
    if verbs:
        parts.append(f"verb IN ({','.join('?' * len(verbs))})")
        values += verbs
    if record:
        parts.append("record = ?")
        values.append(record)
    if upto := clock.at(known).acts:
        parts.append("time <= ?")
        values.append(upto)
    return done_of(
        node.projection.engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE {' AND '.join(parts)} ORDER BY time DESC, ledger, idx DESC LIMIT ?",
            [*values, count],
        )
    )


def act(node: Node, viewer: Viewer, identity: str) -> Done | None:
    """One act by its id, or None where the viewer sees no such act."""
    if viewer.public:
        return None
    found = done_of(
        node.projection.engine.run(
            f"SELECT {DONE_COLUMNS} FROM done WHERE id = ? AND {_ledgers(viewer)} LIMIT 1", (identity,)
        )
    )
    return found[0] if found else None


def by_passkey(node: Node, done: Done) -> bool:
    """Whether a person's passkey confirmed an act, and not a server-held key alone. A void act confirms nothing.

    A release is confirmed by what it gives out, where each copy stands and its office signed it so.
    """
    if done.rule or done.verb != "release":
        return not done.rule and "assertion" in done.terms
    copies = [act(node, Viewer(node.side, national=True), each) for each in done.terms.get("released", ())]
    return bool(copies) and all(
        one and one.verb == "state" and (one.side, one.office) == (done.side, done.office) and by_passkey(node, one)
        for one in copies
    )


def body_of(node: Node, viewer: Viewer, identity: str, part: int = 0) -> Shown | None:
    """A text of an act as the viewer may see it; None where the viewer sees no such act or it has no such part."""
    return bodies_of(node, viewer, [(identity, part)]).get((identity, part))


def bodies_of(node: Node, viewer: Viewer, parts: Sequence[tuple[str, int]]) -> dict[tuple[str, int], Shown]:
    """Texts of acts, by act and part, as `body_of` shows each; in as many questions as one."""
    return {part: _read(viewer, raw) for part, raw in raw_bodies(node, viewer, parts).items()}


def _read(viewer: Viewer, raw: bytes | Shown) -> Shown:
    if isinstance(raw, Shown):
        return raw
    try:
        held = text.read(raw)
    except Refused:
        return Shown("unreadable")
    # What is public of an act is its content; who wrote it, remarks and files are for those who were told of the act.
    return Shown("held", Text(content=held.content) if viewer.public else held)


def raw_body(node: Node, viewer: Viewer, identity: str, part: int) -> bytes | Shown | None:
    """The bytes of a part of an act (a text or a file), under the same rule of visibility."""
    return raw_bodies(node, viewer, [(identity, part)]).get((identity, part))


def raw_bodies(node: Node, viewer: Viewer, parts: Sequence[tuple[str, int]]) -> dict[tuple[str, int], bytes | Shown]:
    """The bytes of parts of acts, by act and part; none where the viewer sees no such act or it has no such part.

    For the public they are to be read by `bodies_of` alone, which leaves out what is not public of them.
    """
    leaves = node.store.find_each([identity for identity, _ in parts])
    seen = {
        identity: len(open_leaf(placed.leaf).act.body)
        for identity, placed in leaves.items()
        if sees_act(viewer, placed)
    }
    owners = {
        (act, part): leaves[act].owner(part)
        for act, part in parts
        if 0 <= part < seen.get(act, 0) and (not viewer.public or _is_public(node, leaves[act].leaf, act, part))
    }
    held = node.store.bodies(owners.values())
    return {asked: _bytes(held.get(owner)) for asked, owner in owners.items()}


def _bytes(held: Body | Erased | None) -> bytes | Shown:
    if isinstance(held, Erased):
        return Shown("erased", tombstone=held.tombstone)
    return held.data if held is not None else Shown("missing")


def sees_act(viewer: Viewer, placed: Placed) -> bool:
    """Whether a viewer sees an act of a ledger, where it is one; a leaf that is no act is kept to no group."""
    if placed.ledger != NATIONAL:
        return True
    try:
        kept = group_of(open_leaf(placed.leaf).act)
    except MalformedLeaf:
        kept = ""
    return visibility.sees(viewer, visibility.NATIONAL, kept)


def _is_public(node: Node, leaf: bytes, identity: str, part: int) -> bool:
    """Whether a part of an act is a text that the public was shown by now."""
    record = open_leaf(leaf).act.record
    view = audience.as_public(node.book.view(record), node.side, visibility.now()) if record else None
    return view is not None and any((each.act, each.body) == (identity, part) for each in view.texts)
