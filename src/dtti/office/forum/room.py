"""What the industry room shows of the record: of the organisation's own submissions, and of sessions shown to industry.

It is read as the office that keeps it reads it, by the references of that organisation alone: the same questions are
asked whatever others sent, and what comes back is `intake.Public` and no more. Knows no page and no table.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from dtti.node.core import groups
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import lookups
from dtti.node.record.read import Listed
from dtti.office.asking import Asking, Moment
from dtti.programme.kinds.office import OFFICE
from dtti.programme.kinds.recommendation import RECOMMENDATION, Recommendation
from dtti.programme.kinds.session import Session

from . import chairs, forum


class Shown(msgspec.Struct, frozen=True):
    """A session that industry is shown: when it meets and how, guidance, questions and answers."""

    row: Listed
    name: str
    date: str
    status: str
    mode: str
    session: Session


def keeper(node: Node) -> Asking:
    """A question as the offices of this side that chair the forum ask it: with the groups of which they are members."""
    plain = Asking(node, Viewer(node.side, national=True), Moment())
    rows = plain.named([f"{OFFICE.code}:{ref}" for ref in sorted(chairs(plain))]).values()
    kept = {code for row in rows for code in groups.of(node, row.record)}
    return Asking(node, Viewer(node.side, national=True, groups=tuple(sorted(kept))), Moment())


def recorded(asking: Asking, references: Sequence[str]) -> dict[str, Recommendation]:
    """What the record holds of the submissions of these references, by reference: what this side keeps of each."""
    rows = [
        row
        for row in lookups.bearing(asking.node, asking.viewer, RECOMMENDATION.code, references)
        if row.side == asking.mine
    ]
    rows.sort(key=lambda row: (row.label == "national", row.known_from))  # what is kept says more than a released copy
    held = asking.contents(rows)
    return {row.ref: of for row in rows if isinstance(of := held.get(row.record), Recommendation)}


def sessions(asking: Asking) -> list[Shown]:
    """Sessions of the forum of which this side shows something to industry, the latest first."""
    today, made = asking.moment.today, []
    for each in forum(asking).sessions:
        for row, of in each.kept:
            first = of.shown.earliest if of.shown else None
            if row.about == asking.mine and not row.kept and first and first <= today:
                meeting = each.content
                made.append(Shown(each.row, meeting.ref, str(meeting.date), meeting.status, meeting.mode, of))
    return made
