"""Meetings: one of them with who held the chairs that day, the days between it and its neighbours, its papers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import msgspec

from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.reports import report

from . import reports
from .asking import Asking

__all__ = ["Instrument", "Meeting"]


class OneMeeting(msgspec.Struct, frozen=True):
    """A meeting with what its page shows beside it.

    `cadence`: the report on how often its body met, None where its body is not recorded; `gaps`: the stretches of it
    that begin or end with this meeting. `chairs`: the report on who held the chairs that day, where who sat is not
    recorded. `papers`: links to its instruments.
    """

    content: Meeting
    day: date | None
    cadence: dict[str, Any] | None
    gaps: list[dict[str, Any]]
    chairs: dict[str, Any] | None
    papers: list[str]

    @property
    def seats(self) -> dict[str, Any] | None:
        """Its body's part of `chairs`."""
        return self.chairs["bodies"].get(self.content.body) if self.chairs else None

    @property
    def links(self) -> list[str]:
        """The records that it names beside those of its content, as links."""
        return [
            *(f"office:{office}" for office in (self.chairs["offices"] if self.chairs else ())),
            *(f"meeting:{gap[end]}" for gap in self.gaps for end in ("from", "to")),
        ]


def meeting(asking: Asking, row: Listed, content: Meeting, pointing: Iterable[tuple[Listed, Content]]) -> OneMeeting:
    """One meeting as it is recorded; `pointing`: the records that name it."""
    held = reports.records(asking)
    body = content.body if any(each.ref == content.body for each in held.of("body")) else None
    cadence = reports.made(asking, "cadence", body=body, now=True, held=held) if body else None
    met = cadence["bodies"].get(body) if cadence else None
    gaps = [gap for gap in (met["gaps"]["rows"] if met else ()) if row.ref in (gap["from"], gap["to"])]
    day = content.date.day
    chairs = report("co-chairs", held, on=day, body=body) if body and day and not content.co_chairs else None
    papers = {f"instrument:{ref}" for ref in content.instruments}
    papers |= {
        f"instrument:{each.ref}" for each, of in pointing if isinstance(of, Instrument) and of.meeting == row.ref
    }
    return OneMeeting(content, day, cadence, gaps, chairs, sorted(papers))
