"""Who holds an office that acted, and whether it is an office of the side that acted: by this side's own record.

An office acts for its own side only. Under `dtti_1` a power could name any office, and an act's text may name anybody
as its holder: neither is believed here. What the other side's text says of its holder is shown as what they say.
"""

from datetime import date

import msgspec

from dtti.accord.view import PUBLISHED
from dtti.programme.kinds.office import Office
from dtti.programme.tenure import tenures

from . import lookups, read
from .visibility import Viewer
from .write import Node


class Acting(msgspec.Struct, frozen=True):
    """The office of an act as this side's record knows it.

    `foreign`: it is not an office of the side that wrote the act, so that what it did has no authority behind it.
    `holders`: who certainly held it that day, by this side's record of appointments; empty where that says nobody.
    `said`: the holder that the other side's text names, which is their word alone; `ours`: that is the name of somebody
    who holds, or held, an office of this side.
    """

    foreign: bool = False
    holders: tuple[str, ...] = ()
    said: str = ""
    ours: bool = False


def is_foreign(node: Node, viewer: Viewer, side: str, office: str) -> bool:
    """Whether an office (a record id) is not of `side`: created by another, or in the public record another's."""
    if not office:
        return False
    creator = office.split("/")[1]
    if creator != PUBLISHED:
        return creator != side
    found = lookups.contents(node, viewer, [office]).get(office)
    return isinstance(found, Office) and found.side != side


def acting(node: Node, viewer: Viewer, side: str, office: str, time: str, said: str = "") -> Acting:
    """Who acted for `side` in `office` at a claimed `time`; `said`: the holder that the act's own text names."""
    foreign = is_foreign(node, viewer, side, office)
    theirs = side != node.side
    appointments = [version.content for version in read.records(node, viewer).of("appointment")] if office else []
    holders: tuple[str, ...] = ()
    found = lookups.contents(node, viewer, [office]).get(office) if office and not foreign else None
    if isinstance(found, Office) and found.ref.startswith(f"{side}/"):
        here = [one for one in appointments if one.office == found.ref]
        day = date.fromisoformat(time[:10])
        held = zip(here, tenures(here), strict=True)
        holders = tuple(dict.fromkeys(one.holder for one, tenure in held if tenure.on(day) == "yes"))
    if not theirs and said and said not in holders:
        holders = (said,)  # this side's own signed word
    own = {one.holder.casefold() for one in appointments if one.office.startswith(f"{node.side}/")}
    return Acting(foreign, holders, said if theirs else "", theirs and said.casefold() in own)
