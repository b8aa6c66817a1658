"""The packaged public record, loaded into a node: each item stated once, as published and confirmed by neither side."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from dtti.accord import table
from dtti.accord.view import Mode
from dtti.accord.view import Text as Stated
from dtti.node.core import context, text
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.programme import published
from dtti.programme.kinds import KINDS
from dtti.programme.published import record_id

Item = tuple[str, str, dict[str, Any]]


class Brought(msgspec.Struct, frozen=True):
    """What came into a node of the record that its software carries: items stated, corrected, and kept as they are.

    `kept`: those of which this side's own published text is neither the packaged one nor an earlier packaged one.
    """

    stated: list[str]
    corrected: list[str]
    kept: list[str]


def items() -> list[Item]:
    """The packaged record as `put` takes it: kind, record id, content of each item."""
    return [
        (each.kind, record_id(each.kind, each.ref), KINDS[each.kind].write(each.content)) for each in published.load()
    ]


def load(node: Node) -> int:
    """State what is not stated here yet; returns how many items that was."""
    return put(node, items())


def put(node: Node, given: Sequence[Item]) -> int:
    """State published items (kind, record id, content) that are not stated here yet; returns how many."""
    drafts = [
        _draft(record, content)
        for kind, record, content in given
        if kind in _kinds(node) and _stated(node, record) is None
    ]
    if drafts:
        node.write_all(drafts)
    return len(drafts)


def bring(node: Node) -> Brought:
    """State what the packaged record has anew, and again what it corrects: the texts of an earlier packaged record.

    Everything is one more act of this side; nothing stated before is taken back. A text of this side's own making on a
    published record stays.
    """
    found: dict[str, list[str]] = {"stated": [], "corrected": [], "kept": []}
    drafts = []
    for link, record, content, held in _beside(node):
        if held == content:
            continue
        new = held is None
        corrects = held is not None and published.digest(held) in published.superseded().get(link, ())
        found["stated" if new else "corrected" if corrects else "kept"].append(link)
        if new or corrects:
            drafts.append(_draft(record, content))
    if drafts:
        node.write_all(drafts)
    return Brought(**found)


def _kinds(node: Node) -> Mapping[str, Mode]:
    """The kinds that the rule set has under which this side writes now: items of later kinds wait for the next."""
    return node.rules_for(Draft("state")).kinds


def _beside(node: Node) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any] | None]]:
    """Each packaged item as link, record and content, with what this side published of it last; None for nothing."""
    for kind, record, content in items():
        if kind not in _kinds(node):
            continue
        last = _stated(node, record)
        held = None
        if last is not None:
            read = context.content_of(node, record, last.act, last.body)
            held = KINDS[kind].write(read) if read else {}
        yield f"{kind}:{content['ref']}", record, content, held


def _stated(node: Node, record: str) -> Stated | None:
    """The last text that this side published on a record."""
    if not node.store.of_record(record):
        return None
    texts = node.book.view(record).texts
    return next((one for one in reversed(texts) if one.side == node.side and one.basis == "published"), None)


def _draft(record: str, content: dict[str, Any]) -> Draft:
    return Draft("state", record, table.State(basis="published"), texts=(text.Text(content=content),))
