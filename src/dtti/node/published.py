"""The packaged public record, loaded into a node: each item stated once, as published and confirmed by neither side."""

from dtti.programme.kinds import KINDS
from dtti.programme.published import load as packaged
from dtti.programme.published import record_id

from .write import Node


def load(node: Node) -> int:
    """State what is not stated here yet; returns how many items that was."""
    return node.load_published(
        [(each.kind, record_id(each.kind, each.ref), KINDS[each.kind].write(each.content)) for each in packaged()]
    )
