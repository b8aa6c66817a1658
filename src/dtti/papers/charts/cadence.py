"""Meetings of a body against its rule: days between them, days over the rule, and whose turn it was to host.

A rule of n months allows from a meeting to the same day n months on (or that month's last day). A gap is told only
between two meetings that are known to have met and whose numbers follow each other; what lies between others is not
known.
"""

from calendar import monthrange
from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.axis import Axis, middle, scale, stretch
from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import Frame, Row, Sample, disc, empty, frame, heading, legend, remark, row
from dtti.documents.charts.scene import Circle, Fill, Mark, Rect, Stroke, diamond, line
from dtti.documents.charts.when import When, exact, span
from dtti.documents.charts.words import between, day, days, say, side, spoken
from dtti.documents.values import Language, Side, Words
from dtti.language.names import facing
from dtti.language.numbers import grouped
from dtti.programme.kinds.meeting import Mode

NAME = "cadence"


class Meeting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A meeting of the body. `held`: whether it is known to have met; `on`: null where the date is not known."""

    on: When | None
    number: Annotated[int, msgspec.Meta(ge=1, le=9_999)] | None = None
    held: Literal["yes", "no", "unknown"] = "yes"
    mode: Mode = "unknown"
    host: Side | None = None

    def __post_init__(self) -> None:
        if self.on is not None:
            span(self.on)


class Cadence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body's meetings in order, and its rule: one at least every `months` months, or every `days` days.

    The two sides host in turn. Without a rule the meetings are drawn along time, and nothing is set against them.
    """

    body: Words
    as_of: date
    months: Annotated[int, msgspec.Meta(ge=1, le=120)] | None = None
    meetings: Annotated[tuple[Meeting, ...], msgspec.Meta(max_length=300)] = ()
    virtual_uses_turn: bool = False
    days: Annotated[int, msgspec.Meta(ge=1, le=3_660)] | None = None

    def __post_init__(self) -> None:
        if self.months and self.days:
            raise ValueError("the rule counts months or days, not both")
        at = 1
        for n, meeting in enumerate(self.meetings, 1):
            if meeting.on is not None:
                if span(meeting.on)[1] < at:
                    raise ValueError(f"meeting {n} of the list lies before the one above it")
                at = span(meeting.on)[0]
                if meeting.held == "yes" and at > self.as_of.toordinal():
                    raise ValueError(f"meeting {n} of the list is held, and lies after {self.as_of}")


class Gap(msgspec.Struct, frozen=True):
    """Days from one meeting to the next: least and most, and what the rule allows; None where it cannot be told."""

    least: int
    most: int
    allowed: int

    @property
    def over(self) -> tuple[int, int]:
        """Least and most days over the rule."""
        return max(0, self.least - self.allowed), max(0, self.most - self.allowed)


def due(after: int, months: int) -> int:
    """The last day on which the rule is kept, as an ordinal."""
    start = date.fromordinal(after)
    month = start.year * 12 + start.month - 1 + months
    if month // 12 > date.max.year:
        return date.max.toordinal()
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(start.day, monthrange(year, month)[1])).toordinal()


def _allowed(data: Cadence, after: int) -> int | None:
    """The last day on which the rule is kept, as an ordinal; None where there is no rule."""
    return due(after, data.months) if data.months else after + data.days if data.days else None


def gap(data: Cadence, before: Meeting, on: When) -> Gap | None:
    """The gap from `before` to a day; None where a date is not known, or no rule."""
    (a, b), (c, d) = span(before.on or on), span(on)
    allowed = _allowed(data, b)
    return None if before.on is None or allowed is None else Gap(max(0, c - b), max(0, d - a), allowed - b)


def turns(data: Cadence) -> tuple[tuple[Side | None, ...], Side | None]:
    """For each meeting whose turn it was to host (None: cannot be told), and whose turn is next."""
    expected: Side | None = None
    made: list[Side | None] = []
    for meeting in data.meetings:
        made.append(expected)
        if meeting.held != "yes":
            continue
        if meeting.mode in ("in-person", "hybrid") and meeting.host is not None:
            expected = facing(meeting.host)
        elif meeting.mode == "virtual" and data.virtual_uses_turn and expected is not None:
            expected = facing(expected)
        elif meeting.mode == "unknown" or (meeting.mode in ("in-person", "hybrid") and meeting.host is None):
            expected = None
    return tuple(made), expected


def _sign(meeting: Meeting, x: float, y: float) -> tuple[Mark, ...]:
    if meeting.held != "yes":
        return (Circle(x, y, 6.0, Fill("leaf"), Stroke("edge", 1.2, dashed=True)),)
    if meeting.host == "IND":
        return (disc(x, y, 6.0, "ind"),)
    if meeting.host == "USA":
        return (diamond(x, y, 7.5, Fill("usa", "hatch"), Stroke("usa", 1.4)),)
    return (Circle(x, y, 5.5, Fill("leaf"), Stroke("ink", 1.8)),)


def _bar(columns: Frame, y: float, found: Gap, unit: float) -> list[Mark]:
    x = columns.plot_x
    within = min(found.least, found.allowed)
    made: list[Mark] = [Rect(x, y - 5.0, within * unit, 10.0, Fill("wash"), Stroke("edge"))]
    if found.over[0]:
        made.append(Rect(x + found.allowed * unit, y - 5.0, found.over[0] * unit, 10.0, Fill("stop"), Stroke("stop")))
    if found.most > found.least:
        from_x = x + found.least * unit
        made.append(
            Rect(from_x, y - 5.0, (found.most - found.least) * unit, 10.0, None, Stroke("edge", 1.0, dashed=True))
        )
    rule = x + found.allowed * unit
    made.append(line(rule, y - 9.0, rule, y + 9.0, Stroke("ink", 1.2)))
    return made


def _called(meeting: Meeting, language: Language) -> str:
    words = day(meeting.on, language)
    return words if meeting.number is None else say(language, "meeting-no", n=meeting.number, day=words)


def _hosted(meeting: Meeting, turn: Side | None, language: Language) -> str:
    if meeting.held == "unknown":
        return say(language, "announced-only")
    if meeting.held == "no":
        return say(language, "not-held")
    if meeting.mode == "virtual":
        return say(language, "virtual")
    if meeting.host is None:
        return say(language, "host-unknown")
    key = "host" if turn is None else "host-in-turn" if turn == meeting.host else "host-out-of-turn"
    return say(language, key, side=side(meeting.host, language))


def _over(found: Gap, language: Language) -> str:
    least, most = found.over
    if not most:
        return say(language, "within-rule")
    if not least:
        return say(language, "perhaps-over", days=days(most, language))
    return say(language, "over-rule", days=between(least, most, language))


def draw(data: Cadence, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: hosts stand as they were."""
    body, _ = spoken(data.body, language)
    title = say(language, "cadence-title", body=body)
    heads = [say(language, key) for key in ("meeting", "date", "host-head")]
    heads += ["#" + say(language, "days-since"), say(language, "against-rule")]
    rule = _rule(data, language)
    if not data.meetings:
        marks, bottom = empty(width, language)
        sentences = [rule, say(language, "nothing")]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    if not (data.months or data.days):
        return strip(data, language, width=width, own=own)
    expected, next_turn = turns(data)
    rows: list[tuple[Row, Gap | None, Meeting | None]] = []
    table: list[tuple[str, ...]] = []
    gaps: list[Gap] = []
    last: Meeting | None = None
    for meeting, turn in zip(data.meetings, expected, strict=True):
        found = None
        value, note = "", ""
        if meeting.held == "yes" and last is not None:
            if None not in (last.number, meeting.number) and (meeting.number or 0) - (last.number or 0) != 1:
                value, note = say(language, "unknown"), say(language, "numbers-between")
            elif meeting.on is not None and (found := gap(data, last, meeting.on)) is not None:
                value, note = between(found.least, found.most, language), _over(found, language)
                gaps.append(found)
            else:
                value = say(language, "unknown")
        hosted = _hosted(meeting, turn, language)
        rows.append((Row((_called(meeting, language), language), value, note=hosted, value_note=note), found, meeting))
        table.append(
            (
                grouped(meeting.number, language) if meeting.number else say(language, "unknown"),
                day(meeting.on, language), hosted, value or "–", note or "–",
            )
        )  # fmt: skip
        last = meeting if meeting.held == "yes" else last
    waiting = gap(data, last, data.as_of.isoformat()) if last is not None else None
    if waiting is not None:
        asked = say(language, "next-turn", side=side(next_turn, language) if next_turn else say(language, "unknown"))
        value, note = between(waiting.least, waiting.most, language), _over(waiting, language)
        label = say(language, "since-then")
        rows.append((Row((label, language), value, note=asked, value_note=note, bold=True), waiting, None))
        table.append((label, day(data.as_of, language), asked, value, note))
    columns = frame(width, language, [one[0] for one in rows])
    made, y = _along(data, columns)
    marks, y = heading(columns, y + 8.0, say(language, "days-between-head"), rule)
    made += marks
    longest = max((max(found.most, found.allowed) for _, found, _ in rows if found), default=1)
    unit = (columns.plot - 16.0) / max(longest, 1)
    for content, found, _ in rows:
        placed = row(columns, y, content, 14.0)
        if found is not None:
            made += _bar(columns, placed.middle, found, unit)
        made += placed.marks
        y = placed.bottom
    counts = _counts(gaps, language)
    marks, y = remark(columns, y + 4.0, counts)
    made += marks
    allowed: Sample = lambda x, y: (line(x, y - 7.0, x, y + 7.0, Stroke("ink", 1.2)),)  # noqa: E731
    marks, y = legend(columns, y, [*_legend(data, language), (allowed, say(language, "rule-ends"))])
    made += marks
    sentences = [rule, counts]
    if waiting is not None:
        sentences.append(
            say(
                language,
                "cadence-now",
                days=between(waiting.least, waiting.most, language),
                over=_over(waiting, language),
            )
        )
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def strip(data: Cadence, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The meetings along time alone; the table names each with its host."""
    title = say(language, "cadence-title", body=spoken(data.body, language)[0])
    columns = frame(width, language, ())
    made, y = _along(data, columns)
    marks, y = legend(columns, y, _legend(data, language))
    return chart(
        NAME, language, title, [_rule(data, language)], size=(columns.width, y), marks=[*made, *marks],
        columns=[say(language, key) for key in ("meeting", "host-head")],
        rows=[(_called(each, language), _hosted(each, None, language)) for each in data.meetings],
    )  # fmt: skip


def _rule(data: Cadence, language: Language) -> str:
    if data.months:
        return say(language, "cadence-rule", n=data.months)
    return say(language, "cadence-rule-days", n=data.days) if data.days else say(language, "cadence-no-rule")


def _counts(gaps: list[Gap], language: Language) -> str:
    certain = [found for found in gaps if found.least == found.most]
    over = sum(1 for found in gaps if found.over[0])
    perhaps = sum(1 for found in gaps if found.over[1] and not found.over[0])
    words = say(language, "gaps-known", n=len(gaps), over=over, within=len(gaps) - over - perhaps, perhaps=perhaps)
    if len(certain) >= FEW:
        ordered = sorted(found.least for found in certain)
        half = len(ordered) // 2
        median = ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
        words += " " + say(language, "gaps-median", days=days(median, language), n=len(certain))
    return words


def _along(data: Cadence, columns: Frame) -> tuple[list[Mark], float]:
    """All meetings on one line of time, the days over the rule drawn thick."""
    full = msgspec.structs.replace(columns, plot_x=1.0, plot=columns.width - 2.0)
    dated = [meeting for meeting in data.meetings if meeting.on is not None]
    spans = [span(meeting.on or "") for meeting in dated]
    first = min((a for a, _ in spans), default=data.as_of.toordinal() - 1)
    last = max([b for _, b in spans] + [data.as_of.toordinal()])
    along = Axis(first, last, 10.0, columns.width - 20.0)
    y = 14.0
    marks, bottom = scale(full, along, y, y + 12.0)
    made: list[Mark] = [*marks, line(along.x, y, along.at(data.as_of.toordinal()), y, Stroke("edge", 1.5))]
    held = [meeting for meeting in dated if meeting.held == "yes"]
    for n, meeting in enumerate(held):
        begins = _allowed(data, span(meeting.on or "")[1])
        ends = span(held[n + 1].on or "")[0] if n + 1 < len(held) else data.as_of.toordinal()
        if begins is not None and ends > begins:
            after = held[n + 1].number if n + 1 < len(held) else None
            sure = None in (after, meeting.number) or (after or 0) - (meeting.number or 0) == 1
            made.append(
                line(along.at(begins), y, along.at(ends), y, Stroke("stop", 5.0 if sure else 2.0, dashed=not sure))
            )
    for meeting in dated:
        if not exact(meeting.on or ""):
            made += stretch(along, meeting.on or "", y, Stroke("edge"))
        made += _sign(meeting, along.at(middle(meeting.on or "")), y)
    return made, bottom


def _legend(data: Cadence, language: Language) -> list[tuple[Sample, str]]:
    def sign(meeting: Meeting) -> Sample:
        return lambda x, y: _sign(meeting, x, y)

    shown: list[tuple[Sample, str]] = []
    hosts: tuple[Side, ...] = ("IND", "USA")
    shown += [
        (sign(Meeting(None, host=host)), say(language, "host", side=side(host, language)))
        for host in hosts
        if any(meeting.host == host and meeting.held == "yes" for meeting in data.meetings)
    ]
    if any(meeting.host is None and meeting.held == "yes" for meeting in data.meetings):
        shown.append((sign(Meeting(None)), say(language, "no-host")))
    if any(meeting.held != "yes" for meeting in data.meetings):
        shown.append((sign(Meeting(None, held="unknown")), say(language, "not-known-to-have-met")))
    if data.months or data.days:
        shown.append((lambda x, y: (line(x - 8.0, y, x + 8.0, y, Stroke("stop", 5.0)),), say(language, "over-head")))
    return shown


DATA = Cadence
