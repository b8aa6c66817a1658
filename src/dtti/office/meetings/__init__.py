"""Meetings: one of them with who held the chairs that day, the days between it and its neighbours, its papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from dtti.node.record.read import Listed
from dtti.office import reports
from dtti.office.asking import Asking
from dtti.office.reports import Cadence, Chairs, CoChairs, Gap
from dtti.programme.kind import Content
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.meeting import Meeting

__all__ = ["Instrument", "Meeting"]


class OneMeeting(msgspec.Struct, frozen=True):
    """A meeting with what its page shows beside it.

    `cadence`: the report on how often its body met, None where its body is not recorded; `gaps`: the stretches of it
    that begin or end with this meeting. `chairs`: the report on who held the chairs that day, where who sat is not
    recorded. `papers`: links to its instruments.
    """

    content: Meeting
    day: date | None
    cadence: Cadence | None
    gaps: list[Gap]
    chairs: CoChairs | None
    papers: list[str]

    @property
    def seats(self) -> Chairs | None:
        """Its body's part of `chairs`."""
        body = self.content.body
        return self.chairs.bodies.get(body) if self.chairs and body else None

    @property
    def links(self) -> list[str]:
        """The records that it names beside those of its content, as links."""
        return [
            *(f"office:{office}" for office in (self.chairs.offices if self.chairs else ())),
            *(f"meeting:{end}" for gap in self.gaps for end in (gap.before, gap.after)),
        ]


def meeting(asking: Asking, row: Listed, content: Meeting, pointing: Iterable[tuple[Listed, Content]]) -> OneMeeting:
    """One meeting as it is recorded; `pointing`: the records that name it."""
    held = reports.records(asking)
    body = content.body if any(each.ref == content.body for each in held.of("body")) else None
    cadence = reports.made(asking, Cadence, body=body, now=True, held=held) if body else None
    met = cadence.bodies.get(body) if cadence and body else None
    gaps = [gap for gap in (met.gaps.rows if met else ()) if row.ref in (gap.before, gap.after)]
    day = content.date.day
    chairs = reports.chairs_on(held, day, body) if body and day and not content.co_chairs else None
    papers = {f"instrument:{ref}" for ref in content.instruments}
    papers |= {
        f"instrument:{each.ref}" for each, of in pointing if isinstance(of, Instrument) and of.meeting == row.ref
    }
    return OneMeeting(content, day, cadence, gaps, chairs, sorted(papers))
