"""Who holds an office that acted, and whether it is an office of the side that acted: by this side's own record.

An office acts for its own side only. Under `dtti_1` a power could name any office, and an act's text may name anybody
as its holder: neither is believed here. What the other side's text says of its holder is shown as what they say.
"""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

import msgspec

from dtti.accord.view import PUBLISHED
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.programme.kinds.appointment import Appointment
from dtti.programme.kinds.office import Office
from dtti.programme.tenure import Tenure, tenures

from . import lookups, reporting


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


class Holders:
    """Who acted, for all the acts of one page: the record of appointments is read once, each office once."""

    def __init__(self, node: Node, viewer: Viewer) -> None:
        self._node, self._viewer = node, viewer
        self._offices: dict[str, Office | None] = {}
        self._held: dict[str, list[tuple[Appointment, Tenure]]] = {}

    def acting(self, side: str, office: str, time: str, said: str = "") -> Acting:
        """Who acted for `side` in `office` at a claimed `time`; `said`: the holder that the act's own text names."""
        foreign = self.foreign(side, office)
        theirs = side != self._node.side
        found = self._office(office) if office and not foreign else None
        holders: tuple[str, ...] = ()
        if found is not None and found.ref.startswith(f"{side}/"):
            day = date.fromisoformat(time[:10])
            held = self._tenures(found.ref)
            holders = tuple(dict.fromkeys(one.holder for one, tenure in held if tenure.on(day) == "yes"))
        if not theirs and said and said not in holders:
            holders = (said,)  # this side's own signed word
        return Acting(foreign, holders, said if theirs else "", theirs and said.casefold() in self._own)

    def foreign(self, side: str, office: str) -> bool:
        """Whether an office (a record id) is not of `side`: made by another, or in the public record another's."""
        if not office:
            return False
        creator = office.split("/")[1]
        if creator != PUBLISHED:
            return creator != side
        found = self._office(office)
        return found is not None and found.side != side

    def _office(self, office: str) -> Office | None:
        if office not in self._offices:
            found = lookups.contents(self._node, self._viewer, [office]).get(office)
            self._offices[office] = found if isinstance(found, Office) else None
        return self._offices[office]

    @cached_property
    def _appointments(self) -> Sequence[Appointment]:
        return [version.content for version in reporting.records(self._node, self._viewer).of("appointment")]

    @cached_property
    def _own(self) -> frozenset[str]:
        ours = f"{self._node.side}/"
        return frozenset(one.holder.casefold() for one in self._appointments if one.office.startswith(ours))

    def _tenures(self, ref: str) -> list[tuple[Appointment, Tenure]]:
        if ref not in self._held:
            here = [one for one in self._appointments if one.office == ref]
            self._held[ref] = list(zip(here, tenures(here), strict=True))
        return self._held[ref]


def is_foreign(node: Node, viewer: Viewer, side: str, office: str) -> bool:
    """Whether an office (a record id) is not of `side`, as `Holders.foreign` has it."""
    return Holders(node, viewer).foreign(side, office)


def acting(node: Node, viewer: Viewer, side: str, office: str, time: str, said: str = "") -> Acting:
    """Who acted, of a single act, as `Holders.acting` has it."""
    return Holders(node, viewer).acting(side, office, time, said)
