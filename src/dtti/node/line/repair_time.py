"""The cure for entries written under a wrong clock: a root act in each ledger that they reached.

Claimed times never decrease within a ledger. Once entries were claimed years ahead nothing can be written at the time
it is; `reset_time` lowers what the ledger has reached and names the entries whose times are not to be relied on. They
stand as they were judged, and count as known from the repair on.
"""

from dataclasses import dataclass

from dtti.accord import table_2
from dtti.accord.refusal import Refused, refuse
from dtti.accord.rule_sets import RULE_SETS
from dtti.ledger.act import Entry
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.node import Node
from dtti.node.folder import timekeeping


@dataclass(frozen=True)
class Affected:
    """Entries of one ledger that are claimed later than now: the last before them (None: none is), and they."""

    ledger: str
    before: Entry | None
    entries: list[Entry]

    @property
    def reached(self) -> str:
        """The latest time that they claim."""
        return max(one.act.time for one in self.entries)


def affected(node: Node) -> list[Affected]:
    """What a repair now would name, by ledger; empty where nothing is claimed later than this machine's clock says."""
    node.book.sync()
    now = node.clock()
    return [found for ledger in (RELEASED, NATIONAL) if (found := _in(node, ledger, now)).entries]


def _in(node: Node, ledger: str, now: str) -> Affected:
    authority = node.book.authority(ledger)
    voids = node.store.voids(ledger)
    first = authority.resets[-1].index if authority.resets else 0
    entries: list[Entry] = []
    for index in range(authority.size - 1, first - 1, -1):
        if index in voids:
            continue
        entry = node.book.entry(node.store.leaf(ledger, index))
        if entry.act.time <= now:
            return Affected(ledger, entry, entries[::-1])
        entries.append(entry)
    return Affected(ledger, None, entries[::-1])


def repair(node: Node, found: list[Affected]) -> list[Receipt]:
    """Write the repair of what `affected` gave; Refused where there is nothing to repair, or the clock is in doubt too.

    The clock must be believed by what stood before the wrong entries, by the counterpart or by a person.
    """
    if not found:
        raise Refused(
            refuse(
                "repair-time",
                "nothing is claimed later than this machine's clock says",
                "Nothing is needed. If the clock is wrong, set it right first: `dtti clock`.",
            )
        )
    _activated(node)
    evidence = node.time_evidence()
    for one in found:
        good = one.before.act.time if one.before else ""
        refusal = timekeeping.judge(
            timekeeping.Evidence(evidence.now, good, evidence.heard, evidence.confirmed, evidence.kept),
            node.config.anchor_hours,
        )
        if refusal is not None:
            raise Refused(refusal)
    return node.write_all(
        [
            Draft(
                "reset_time",
                terms=table_2.ResetTime(one.entries[0].act.index, one.reached),
                rests=tuple(each.id for each in (one.before, one.entries[0]) if each is not None),
                ledger=one.ledger,
            )
            for one in found
        ]
    )


def _activated(node: Node) -> None:
    """Refused where no rule set in force here knows the act."""
    authority = node.book.released
    sets = authority.sets_in_force(
        node.standing, node.book.mirror.size if node.book.mirror else 0, node.book.outlook(RELEASED)
    )
    if not any("reset_time" in RULE_SETS[name].table for name in sets):
        raise Refused(
            refuse(
                "repair-time",
                "the rule sets in force here know no repair of the clock",
                "Activate dtti_2 on both sides first: `dtti rules --activate dtti_2`.",
            )
        )
