"""The packaged public record, loaded into a node: each item stated once, as published and confirmed by neither side."""

from collections.abc import Sequence
from typing import Any

from dtti.accord import table
from dtti.node.core import text
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.programme.kinds import KINDS
from dtti.programme.published import load as packaged
from dtti.programme.published import record_id

Item = tuple[str, str, dict[str, Any]]


def items() -> list[Item]:
    """The packaged record as `put` takes it: kind, record id, content of each item."""
    return [(each.kind, record_id(each.kind, each.ref), KINDS[each.kind].write(each.content)) for each in packaged()]


def load(node: Node) -> int:
    """State what is not stated here yet; returns how many items that was."""
    return put(node, items())


def put(node: Node, given: Sequence[Item]) -> int:
    """State published items (kind, record id, content) that are not stated here yet; returns how many."""
    drafts = []
    for _, record, content in given:
        view = node.book.view(record) if node.store.of_record(record) else None
        if view and any(one.side == node.side and one.basis == "published" for one in view.texts):
            continue
        terms = table.State(basis="published")
        drafts.append(Draft("state", record, terms, texts=(text.Text(content=content),)))
    if drafts:
        node.write_all(drafts)
    return len(drafts)
