"""A spill: the texts of a record that this side can have erased everywhere, with the command for each. Erases nothing.

Erasing is the custodian's, by `dtti erase`; whoever finds a marking that slipped through learns here what to ask for.
"""

from __future__ import annotations

import msgspec

from dtti.accord.view import readable
from dtti.ledger.body import Body
from dtti.ledger.store import RELEASED
from dtti.node.core.visibility import sees
from dtti.node.record import read
from dtti.node.record.read import Listed

from .asking import Asking


class Spilled(msgspec.Struct, frozen=True):
    """A text of a record that is held here: its act, which body of the act, whose it is, when, and in which ledger.

    `command`: what erases it, of this side's own; empty of the other side's, which that side alone can order erased.
    `here`: whether the text is still here.
    """

    act: str
    part: int
    side: str
    on: str
    ledger: str
    command: str
    here: bool


def texts(asking: Asking, name: str) -> tuple[Listed, list[Spilled]] | None:
    """The record of that name that the reader sees, and its texts; None where there is none to see."""
    node, viewer = asking.node, asking.viewer
    record = read.find(node, viewer, name)
    state = read.state(node, viewer, record) if record else None
    if record is None or state is None or not viewer.person:
        return None
    found = []
    for one in readable(node.book.view(record), viewer.groups).texts:
        if one.ledger != RELEASED and not sees(viewer, "national", one.group):
            continue
        placed = node.store.find(one.act)
        if placed is None:
            continue
        here = isinstance(node.store.body(placed.owner(one.body)), Body)
        mine = one.side == node.side
        command = f"dtti erase {one.act} --part {one.body} --reason spill" if mine and here else ""
        found.append(Spilled(one.act, one.body, one.side, one.time, one.ledger, command, here))
    return state[0], found
