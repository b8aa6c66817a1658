"""Who asks a room, of which office system, and as of which times. What every read model is made from."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import msgspec

from dtti.accord.fold import View
from dtti.node.core import audience, visibility
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import clock, lookups, read, then
from dtti.node.record.clock import At
from dtti.node.record.read import Listed
from dtti.programme.kind import Content, Kind

T = TypeVar("T")
C = TypeVar("C", bound=Content)
#: A content as it is stored, before its kind has read it: a JSON object.
Stored = dict[str, Any]


class Moment(msgspec.Struct, frozen=True):
    """The two times a question is asked for: `on` (a day, or empty: now), `known` (a day, or empty: now)."""

    on: str = ""
    known: str = ""

    @property
    def now(self) -> bool:
        """Whether things are asked for as they stand now."""
        return not self.on and not self.known

    @property
    def day(self) -> date | None:
        """`on` as a date, None for now."""
        return date.fromisoformat(self.on) if self.on else None

    @property
    def bound(self) -> At:
        """Both times, as everything that reads the record takes them."""
        return clock.asked(self.on, self.known)

    @property
    def today(self) -> date:
        """The last day that the answer knows of: the earlier of both, or the day it is."""
        days = [date.fromisoformat(value) for value in (self.on, self.known) if value]
        return min([*days, clock.now().date()])

    def reached(self, day: date) -> bool:
        """Whether a day had come by `today`."""
        return clock.reached(day) if self.now else day <= self.today

    @property
    def instant(self) -> datetime:
        """The moment from which spells are counted: now, or the end of `today`."""
        now = clock.now()
        return now if self.today == now.date() else datetime.combine(self.today, time(23, 59, 59), UTC)


def counts(row: Listed, mine: str) -> bool:
    """Whether work here may rest on a text: both sides hold it, it is public, or this side states it itself.

    What the other side says alone stands beside that; it closes nothing and moves nothing of this side's.
    """
    return row.grade in ("agreed_here", "on_paper", "published") or row.stated_by == mine


class Asking(msgspec.Struct, frozen=True):
    """A question to a room: the office system, who looks, the times."""

    node: Node
    viewer: Viewer
    moment: Moment

    @property
    def mine(self) -> str:
        """The side whose office system answers."""
        return self.node.side

    def rows(self, kind: str, *, filters: Mapping[str, str] | None = None, order: str = "", count: int) -> list[Listed]:
        """Records of a kind that the viewer sees."""
        return read.listing(
            self.node,
            self.viewer,
            kind,
            filters=filters or {},
            order=order or "title",
            count=count,
            known=self.moment.bound,
        ).rows

    def begun(self, kind: Kind[C]) -> list[tuple[Listed, C]]:
        """Records of a kind that a side began, with what they say; without those compiled from public sources."""
        held = lookups.begun(self.node, self.viewer, kind.code, self.moment.bound)
        return [(row, content) for row, content in held if isinstance(content, kind.content)]

    def contents(self, rows: Iterable[Listed]) -> Mapping[str, Content]:
        """The contents of listed records, by record, where they are here to be read."""
        return lookups.contents(self.node, self.viewer, [row.record for row in rows], self.moment.bound)

    def kept(self, *question: Hashable, answer: Callable[[], T]) -> T:
        """What `answer` gives, kept while neither the record nor the day changes, for all who see the same."""
        day = None if clock.heard() else self.moment.today
        asked = (*question, then.seeing(self.viewer), self.moment, day)
        return self.node.projection.kept(asked, answer)

    def named(self, links: list[str]) -> Mapping[str, Listed]:
        """The records behind links (``kind:ref``) of which the viewer sees one."""
        return lookups.named(self.node, self.viewer, links, self.moment.bound)

    def held(self, name: str, *kinds: str) -> tuple[Listed, Stored] | None:
        """The record that `name` means, with its text; of the first of these kinds that has one, where some are given.

        None where there is no such record, or its text cannot be read.
        """
        tried = (read.find(self.node, self.viewer, name, kind, self.moment.bound) for kind in kinds or ("",))
        record = next((each for each in tried if each), None)
        state = read.state(self.node, self.viewer, record, self.moment.bound) if record else None
        return state if state and state[0].text_state == "held" else None

    def acts(self, record: str) -> View:
        """The acts on a record up to the times asked for."""
        whole = self.node.book.record(record, known=self.moment.bound.acts or None).whole
        return audience.as_public(whole, self.mine, visibility.now()) if self.viewer.public else whole
