"""Telling the other side what a national record says: a copy under a new id, and the link that stays here."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused, refuse
from dtti.accord.view import readable
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger.store import NATIONAL
from dtti.programme.kinds import KINDS

from . import groups, text
from .draft import Draft, Receipt, new_record

if TYPE_CHECKING:
    from dtti.ledger.act import Act

    from .node import Node


def drafts(
    node: "Node",
    record: str,
    office: str,
    by: text.By | None = None,
    *,
    standing: bool = False,
    copy: str = "",
    whole: bool = False,
) -> list[Draft]:
    """The two acts that tell the other side what a national record says now: a copy under a new id, and the link.

    `copy`: that id. Released ids and version numbers count separately, so that neither betrays what stays national.
    `whole`: with what the kind keeps apart unless the officer says otherwise.
    """
    node.book.sync()
    authority, now = node.book.national, node.clock()
    within = [code for code in authority.groups if authority.in_group(code, office, now)]
    view = readable(node.book.view(record, NATIONAL), within)
    latest = view.texts[-1] if view.texts else None
    shown = node.store.find(latest.act) if latest else None
    if latest is None or shown is None or shown.ledger != NATIONAL:
        raise Refused(
            refuse("release", "there is no national text to release", "Name a record kept for this side alone.")
        )
    if released_as(node, record, latest.act):
        raise Refused(refuse("release", "this text was released already", "Look for the copy that both sides hold."))
    held = node.store.body(shown.owner())
    if not isinstance(held, bodies.Body):
        raise Refused(refuse("held", "the text is not here, or was erased", "State it again first."))
    kept = text.read(held.data)
    # What a report of a joint text rests on and its label are told with it; remarks, files, file numbers stay here.
    content = KINDS[record.split("/")[0]].shared(kept.content, whole=whole) if kept.content else kept.content
    texts = (text.Text(content=content, paper=kept.paper, held=kept.held, by=by, label=kept.label),)
    copy = copy or new_record(record.split("/")[0], node.side)
    given = {"basis": latest.basis or "own"} if view.mode == "joint" else {"base": 0}
    stated = Draft("state", copy, table.read_terms("state", given), office, texts, follows=released_copy(node, record))
    decided: Literal["stated", "standing"] = "standing" if standing else "stated"
    group = latest.group or groups.of_record(node, record)
    terms = table_2.Release(decided, [], group=group) if group else table.Release(decided, [])  # named once written
    return [stated, Draft("release", record, terms, office, rests=(latest.act,), ledger=NATIONAL)]


def release(
    node: "Node", record: str, office: str, by: text.By | None = None, *, standing: bool = False
) -> list[Receipt]:
    """Tell the other side what a national record says now (see `drafts`)."""
    return node.write_seen(lambda: drafts(node, record, office, by, standing=standing))


def released_copy(node: "Node", record: str) -> str:
    """The copy by which a national record was released last; empty where it never was."""
    for placed in reversed(node.store.of_record(record)):
        act = acts.open_leaf(placed.leaf).act
        if act.verb == "release" and placed.ledger == NATIONAL:
            found = node.store.find(act.terms["released"][0])
            return acts.open_leaf(found.leaf).act.record if found else ""
    return ""


def released_as(node: "Node", record: str, act: str) -> list[str]:
    """The released acts by which the text of `act`, a national one on `record`, was told to the other side."""
    found: list[str] = []
    for placed in node.store.of_record(record):
        one = node.book.entry(placed.leaf).act
        if placed.ledger == NATIONAL and one.verb == "release" and act in one.rests:
            found += one.terms.get("released", [])
    return found


def _given(node: "Node", records: Sequence[str], upto: str) -> "list[Act]":
    """The acts by which copies of national records were given, by a claimed time (empty: now)."""
    found = (node.book.entry(each.leaf).act for each in node.store.of_records(records, "release", NATIONAL))
    return [one for one in found if not upto or one.time <= upto]


def untold(node: "Node", acts: Mapping[str, str], upto: str = "") -> set[str]:
    """Of national records, by the act whose text each shows: those of which the other side holds no copy."""
    return set(acts) - {one.record for one in _given(node, sorted(acts), upto) if acts[one.record] in one.rests}


def told(node: "Node", record: str, act: str, upto: str = "") -> Literal["inside", "older", "current"]:
    """How far the other side was told of a national record whose text is that of `act`, by a claimed time (empty: now).

    `older`: what it was told is an earlier text than that.
    """
    given = _given(node, [record], upto)
    if any(act in one.rests for one in given):
        return "current"
    return "older" if given else "inside"
