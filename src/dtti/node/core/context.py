"""What the rules of a text may look at beside it: the text that it follows, and the records it may name. No Django.

One function for every door by which a text comes in, own or arriving, so that no rule runs at one and not at another.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from dtti.accord.grade import current, grade
from dtti.accord.refusal import Refusal, Refused
from dtti.accord.view import Text, View, readable
from dtti.ledger.body import Body
from dtti.ledger.store import RELEASED
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis, Beside, Content, Context
from dtti.programme.kinds import KINDS

from . import standing, text, visibility

if TYPE_CHECKING:
    from .node import Node


def followed(view: View, side: str) -> Text | None:
    """The text that a further one by `side` follows: what both hold, or that side's own, as `current` ranks them.

    The other side's account alone binds nobody's next text.
    """
    both = ("agreed_here", "on_paper")
    mine = [each for each in view.texts if each.side == side or grade(view, each) in both]
    if len(mine) == len(view.texts):
        return current(view)
    ranked = max(range(len(mine)), key=lambda place: (grade(view, mine[place]) in both, place), default=None)
    return None if ranked is None else mine[ranked]


def content_of(node: Node, record: str, act: str, part: int) -> Content | None:
    """The content that a part of an act carries, typed; None where it is not here, was erased or cannot be read."""
    placed = node.store.find(act)
    if placed is None:
        return None
    held = node.store.body(placed.owner(part))
    if not isinstance(held, Body):
        return None
    try:
        stored = text.read(held.data).content
    except Refused:
        return None
    return judge_body(record.split("/")[0], stored).content


def previous(node: Node, view: View, side: str) -> Content | None:
    """The content that a further text by `side` on the record of `view` follows."""
    shown = followed(view, side)
    return content_of(node, view.record, shown.act, shown.body) if shown else None


def context(
    node: Node,
    record: str,
    *,
    side: str = "",
    basis: Basis = "own",
    ledger: str = RELEASED,
    together: Container[tuple[str, str]] = (),
    follows: str = "",
    group: str = "",
) -> Context:
    """The context in which `side` (this side if empty) puts a text on `record` in `ledger`.

    Where this side writes, it is judged by the rule set under which it would be written now. `together`: kind and
    reference of records written in the same step. `follows`: the record whose text this one follows, where it is
    another (a released copy follows the copy before it). `group`: to which it is kept.
    The book is level with the store.
    """

    def exists(kind: str, ref: str) -> bool:
        return (kind, ref) in together or node.exists(kind, ref, ledger, group)

    view = readable(node.book.view_held(follows or record, ledger), (group,))
    author = side or node.side
    return Context(
        basis=basis,
        previous=previous(node, view, author),
        exists=exists,
        author="" if basis == "published" else author,
        rules=node.rules_now(ledger) if author == node.side else "",
        ledger=ledger,
        group=group,
    )


def beside(node: Node, record: str, office: str = "") -> Beside:
    """What a text by which this side would bind itself on `record` is asked beside, as it stands here.

    `office`: the record of the office that writes it.
    """

    def held(kind: str, ref: str) -> tuple[Content, str] | None:
        return _held(node, kind, ref)

    def left(kind: str, ref: str) -> frozenset[str]:
        return _left(node, kind, ref)

    tomorrow = datetime.fromisoformat(node.clock()).date() + timedelta(days=1)  # it may be that where it was written
    view = node.book.view_held(record, RELEASED)

    def own(kind: str, ref: str) -> tuple[Content, str] | None:
        return _own(node, kind, ref)

    both = _both(node, view)
    return Beside(held, node.rules_now(RELEASED), both, tomorrow, left, _ref(node, office), node.side, own)


def _ref(node: Node, office: str) -> str:
    """The readable reference of an office by its record; empty where it is not here."""
    if not office:
        return ""
    found = node.projection.engine.run(
        f"SELECT ref FROM state WHERE record = ? AND known_until = '9999' AND {visibility.OWN}", (office,)
    )
    return next((str(ref) for (ref,) in found), "")


def lacking(node: Node, record: str, content: Content, office: str = "") -> list[Refusal]:
    """What a text lacks to go further than the one that both sides hold, were this side to bind itself now."""
    forward = KINDS[record.split("/")[0]].forward
    return forward(content, beside(node, record, office)) if forward else []


def asked_inside(node: Node, kind: str, ref: str) -> bool:
    """Whether this side holds an own record of that reference that it did not release: it was asked when it came in."""
    found = node.projection.engine.run(
        "SELECT 1 FROM state WHERE kind = ? AND ref = ? AND label = 'national' AND known_until = '9999'", (kind, ref)
    )
    return bool(list(found))


def _both(node: Node, view: View) -> Content | None:
    """The content that both sides hold of a record: both signed it here, or both reported it from one paper."""
    texts = [each for each in view.texts if grade(view, each) in standing.BOTH]
    return content_of(node, view.record, texts[-1].act, texts[-1].body) if texts else None


class Resting(NamedTuple):
    """A record on which a released text may rest: its id, the act that carries its text, the content, the grade."""

    record: str
    act: str
    content: Content
    grade: str


def resting(node: Node, kind: str, ref: str) -> Resting | None:
    """The record of that reference on which a released text may rest, as it stands here; the one that speaks."""
    for record, act, part, grade_of, _side, _by in _ranked(node, kind, ref):
        content = content_of(node, record, act, part)
        if content is not None:
            return Resting(record, act, content, grade_of)
    return None


def _held(node: Node, kind: str, ref: str) -> tuple[Content, str] | None:
    """The record of that reference on which a released text may rest, as it stands here: its content, its grade."""
    best = resting(node, kind, ref)
    return (best.content, best.grade) if best else None


def _ranked(node: Node, kind: str, ref: str) -> list[Sequence[Any]]:
    """The released records of a reference, the one that speaks first here before the others."""
    rows = node.projection.engine.run(
        "SELECT record, act, part, grade, side, stated_by FROM state WHERE ref = ? AND kind = ? "
        f"AND known_until = '9999' AND text_state = 'held' AND label <> 'national' AND kept = '' AND {visibility.OWN}",
        (ref, kind),
    )
    return sorted(rows, key=lambda row: standing.speaks(row[3], row[4], row[5], node.side), reverse=True)


def _left(node: Node, kind: str, ref: str) -> frozenset[str]:
    """The sides that have withdrawn from the record of a reference, as the acts on it stand here."""
    first = next(iter(_ranked(node, kind, ref)), None)
    given = node.book.view_held(str(first[0]), RELEASED).notices if first else {}
    return frozenset(side for side, (notice, _) in given.items() if notice == "withdraw_from")


def _own(node: Node, kind: str, ref: str) -> tuple[Content, str] | None:
    """The record of that reference that this side keeps, to whichever of its offices; what comes of it is said."""
    rows = node.projection.engine.run(
        "SELECT record, act, part, grade FROM state WHERE ref = ? AND kind = ? AND known_until = '9999' "
        f"AND text_state = 'held' AND side = ? AND {visibility.OWN} ORDER BY known_from DESC",
        (ref, kind, node.side),
    )
    for record, act, part, grade_of in rows:
        content = content_of(node, record, act, part)
        if content is not None:
            return content, grade_of
    return None
