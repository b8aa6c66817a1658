"""What was promised for when, against what the record shows was done. Nothing on the record is not "not done".

A promise is known to the day, month or year, and so is the fact; where that leaves open whether it was kept in time,
it is said to be open.
"""

from datetime import date
from typing import Annotated, Literal

import msgspec

from dtti.documents.charts.axis import Axis, axis, middle, scale, stretch, today
from dtti.documents.charts.figure import FEW, Chart, chart
from dtti.documents.charts.layout import Row, Sample, disc, empty, frame, legend, row
from dtti.documents.charts.scene import Circle, Fill, Mark, Path, Stroke, diamond, line
from dtti.documents.charts.when import When, span
from dtti.documents.charts.words import between, day, say, spoken
from dtti.documents.values import Language, Line, Words
from dtti.language.numbers import grouped
from dtti.programme.kinds.project import Horizon

NAME = "promises"

State = Literal["kept", "late", "cannot-tell", "overdue", "open", "no-date", "unknown"]
STATES: tuple[State, ...] = ("kept", "late", "cannot-tell", "overdue", "open", "no-date", "unknown")


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A thing promised. `fact`: done, none on the record, or unknown (the record does not allow to say)."""

    what: Words
    promised: When | None = None
    horizon: Horizon | None = None
    given: When | None = None
    fact: Literal["done", "none", "unknown"] = "none"
    done: When | None = None
    how: Words | None = None
    source: Line = ""

    def __post_init__(self) -> None:
        for when in (self.promised, self.given, self.done):
            if when is not None:
                span(when)
        if self.done is not None and self.fact != "done":
            raise ValueError("a date on which it was done stands beside a fact that is not 'done'")


class Promises(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The promises of a statement or a body, told on a day."""

    subject: Words
    as_of: date
    promises: Annotated[tuple[Promise, ...], msgspec.Meta(max_length=500)] = ()


def state(promise: Promise, as_of: date) -> State:
    """How a promise stands on a day."""
    if promise.fact == "unknown":
        return "unknown"
    if promise.promised is None:
        return "no-date"
    _, last = span(promise.promised)
    if promise.fact == "done":
        if promise.done is None:
            return "cannot-tell"
        begun, ended = span(promise.done)
        # A month that was promised is kept by any day in it.
        return "kept" if ended <= last else "late" if begun > last else "cannot-tell"
    return "overdue" if as_of.toordinal() > last else "open"


def late(promise: Promise, as_of: date) -> tuple[int, int] | None:
    """Least and most days after the promised date (its last day); None where there is nothing to count."""
    if promise.promised is None or promise.fact == "unknown" or (promise.fact == "done" and promise.done is None):
        return None
    last = span(promise.promised)[1]
    begun, ended = span(promise.done) if promise.done else (as_of.toordinal(), as_of.toordinal())
    return (max(0, begun - last), max(0, ended - last)) if ended > last else None


def _row(promise: Promise, as_of: date, language: Language) -> Row:
    found = state(promise, as_of)
    value = say(language, f"promise-{found}")
    days = late(promise, as_of)
    if days is not None and found in ("late", "overdue", "cannot-tell"):
        key = "days-past" if found == "overdue" else "days-after"
        value_note = say(language, key, days=between(*days, language))
    elif promise.fact == "done":
        value_note = say(language, "done-on", day=day(promise.done, language))
    else:
        value_note = ""
    if found == "no-date" and promise.fact == "none":
        value_note = say(language, "none-on-record")
    notes = [say(language, f"horizon-{promise.horizon}")] if promise.horizon else []
    if promise.promised:
        notes.append(say(language, "promised-for", day=day(promise.promised, language)))
    return Row(spoken(promise.what, language), value, note=" · ".join(notes), value_note=value_note)


def _promised(x: float, y: float) -> Path:
    return diamond(x, y, 6.5, Fill("leaf"), Stroke("ink", 1.5))


def _drawn(promise: Promise, along: Axis, y: float, as_of: date, found: State) -> list[Mark]:
    made: list[Mark] = []
    end = along.at(as_of.toordinal())
    if promise.given is not None:
        x = along.at(middle(promise.given))
        to = promise.promised or promise.done or as_of.isoformat()
        made.append(line(x, y, along.at(middle(to)), y, Stroke("edge", 1.0)))
        made.append(line(x, y - 5.0, x, y + 5.0, Stroke("edge", 1.5)))
    if promise.promised is not None:
        x = along.at(span(promise.promised)[1])
        if promise.done is not None and found == "late":
            made.append(line(x, y, along.at(middle(promise.done)), y, Stroke("stop", 4.0)))
        elif found == "overdue":
            made.append(line(x, y, end, y, Stroke("stop", 2.0, dashed=True)))
        made += stretch(along, promise.promised, y, Stroke("ink"))
        made.append(_promised(along.at(middle(promise.promised)), y))
    if promise.done is not None:
        made += stretch(along, promise.done, y, Stroke("ink"))
        made.append(disc(along.at(middle(promise.done)), y, 4.5))
    elif promise.fact == "unknown":
        made.append(
            Circle(
                end - 6.0 if end > along.x + 12.0 else end,
                y,
                5.0,
                Fill("leaf", "dots"),
                Stroke("edge", 1.0, dashed=True),
            )
        )
    return made


def draw(data: Promises, language: Language, *, width: float = 720.0, own: str = "IND") -> Chart:
    """The chart. `own` changes nothing here: promises are joint."""
    subject, _ = spoken(data.subject, language)
    title = say(language, "promises-title", subject=subject)
    heads = [say(language, key) for key in ("what-promised", "given", "promised-head", "on-the-record", "stands")]
    if not data.promises:
        marks, bottom = empty(width, language)
        sentences = [say(language, "nothing")]
        return chart(
            NAME, language, title, sentences, size=(max(280.0, width), bottom), marks=marks, columns=heads, rows=()
        )
    rows = [_row(promise, data.as_of, language) for promise in data.promises]
    columns = frame(width, language, rows)
    dates = [when for each in data.promises for when in (each.given, each.promised, each.done)]
    along = axis(columns, [*dates, data.as_of.isoformat()])
    top = 15.0 + 6.0 * (language == "hi")
    y = top
    body: list[Mark] = []
    for promise, content in zip(data.promises, rows, strict=True):
        placed = row(columns, y, content, 14.0)
        body += placed.marks
        body += _drawn(promise, along, placed.middle, data.as_of, state(promise, data.as_of))
        y = placed.bottom
    made: list[Mark] = []
    if not columns.stacked:
        marks, _ = today(columns, along, data.as_of.isoformat(), 0.0, y)
        made += marks
        marks, y_scale = scale(columns, along, top, y)
    else:
        marks, y_scale = scale(columns, along, y, y)
    made += [*marks, *body]
    y = y_scale
    marks, y = legend(columns, y + 2.0, _legend(language))
    made += marks
    counted = {key: [p for p in data.promises if state(p, data.as_of) == key] for key in STATES}
    told = "; ".join(
        f"{say(language, f'promise-{key}')}: {grouped(len(found), language)}" + _cases(found, language)
        for key, found in counted.items()
        if found
    )
    sentences = [say(language, "promises-says", n=len(data.promises), day=day(data.as_of, language), told=told)]
    table = [
        (
            spoken(promise.what, language)[0], day(promise.given, language),
            day(promise.promised, language) if promise.promised else say(language, "promise-no-date"),
            _fact(promise, language),
            ", ".join(each for each in (content.value, content.value_note) if each),
        )
        for promise, content in zip(data.promises, rows, strict=True)
    ]  # fmt: skip
    return chart(NAME, language, title, sentences, size=(columns.width, y), marks=made, columns=heads, rows=table)


def _cases(found: list[Promise], language: Language) -> str:
    return f" ({', '.join(spoken(each.what, language)[0] for each in found)})" if len(found) < FEW else ""


def _fact(promise: Promise, language: Language) -> str:
    if promise.fact == "unknown":
        return say(language, "unknown")
    if promise.fact == "none":
        return say(language, "none-on-record")
    words = say(language, "done-on", day=day(promise.done, language))
    how = spoken(promise.how, language)[0] if promise.how else ""
    return ", ".join(each for each in (words, how, promise.source) if each)


def _legend(language: Language) -> list[tuple[Sample, str]]:
    return [
        (lambda x, y: (_promised(x, y),), say(language, "promised-sign")),
        (lambda x, y: (disc(x, y, 4.5),), say(language, "done-sign")),
        (lambda x, y: (line(x - 8.0, y, x + 8.0, y, Stroke("stop", 4.0)),), say(language, "late-sign")),
        (lambda x, y: (line(x - 8.0, y, x + 8.0, y, Stroke("stop", 2.0, dashed=True)),), say(language, "overdue-sign")),
        (
            lambda x, y: (Circle(x, y, 5.0, Fill("leaf", "dots"), Stroke("edge", 1.0, dashed=True)),),
            say(language, "unknown-sign"),
        ),
    ]


DATA = Promises
