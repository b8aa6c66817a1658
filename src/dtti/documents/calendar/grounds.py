"""What is known against a day: each ground with its points and one sentence in both languages. Knows no search.

A ground never says that a day is free, only what stands against it and how surely that is known.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from dtti.documents.values import LANGUAGES, Language, Side, Words
from dtti.language.names import ZONES, capital, facing, side_named

from .clocks import ahead, day, span
from .hours import Seat
from .offdays import Off
from .request import Cadence, Confidence, Finding, Request, Standing
from .years import Years

_DAY = dt.timedelta(days=1)
_STANDINGS: dict[Confidence, Standing] = {
    "sourced": "known",
    "single-source": "known",
    "inferred": "estimate",
    "unverified": "estimate",
}


def meeting_days(request: Request, years: Years, days: Mapping[Side, Sequence[dt.date]]) -> list[Finding]:
    """Weekends and days off on the days of the meeting, as each side's own calendar has them."""
    points = request.points
    weekends = sorted({date for dates in days.values() for date in dates if date.weekday() >= 5})
    found = [
        _finding("weekend", points.weekend, f"{_long(date, 'en')} is a weekend", f"{_long(date, 'hi')} सप्ताहांत है")
        for date in weekends
    ]
    for side, dates in days.items():
        guest = request.host is not None and side != request.host
        for date in dates:
            off = years.off(side, date)
            closed = [each for each in off if each.closed]
            if closed:
                found.append(_closed(side, date, closed, points.abroad if guest else points.closed, guest=guest))
            elif off:
                found.append(_restricted(side, date, off, points.restricted))
            elif not guest and [years.works(side, date + each * _DAY) for each in (-1, 0, 1)] == [False, True, False]:
                found.append(_bridge(side, date, points.bridge))
            if not closed:
                found += _shifting(side, date, years, points.shifting)
            if not years.lists[side, date.year].known:
                found.append(_unknown(side, date.year, points.unknown))
    return list(dict.fromkeys(found))


def travel(request: Request, years: Years, first: dt.date, last: dt.date) -> list[Finding]:
    """What the visiting side's days of travel cost, and when they are."""
    if request.host is None:
        return []
    side: Side = facing(request.host)
    needs = request.travel.get(side)
    if needs is None or not needs.before + needs.after:
        return []
    out = [first - needs.before * _DAY + each * _DAY for each in range(needs.before)]
    home = [last + (each + 1) * _DAY for each in range(needs.after)]
    points, found = request.points, []
    for date in (*out, *home):
        closed = years.closed(side, date)
        if closed:
            said = names(closed)
            found.append(
                _finding(
                    "travel-closed",
                    points.travel_closed,
                    f"{capital(side, 'en')}'s delegation travels on {_long(date, 'en')}, {said.en}",
                    f"{capital(side, 'hi')} का प्रतिनिधिमंडल {_long(date, 'hi')} को यात्रा में रहेगा: {said.hi}",
                    side=side,
                    standing="estimate" if any(each.estimate for each in closed) else "known",
                )
            )
        elif date.weekday() >= 5:
            found.append(
                _finding(
                    "travel-weekend",
                    points.travel_weekend,
                    f"{capital(side, 'en')}'s delegation travels on {_long(date, 'en')}, a weekend",
                    f"{capital(side, 'hi')} का प्रतिनिधिमंडल सप्ताहांत में यात्रा करेगा, {_long(date, 'hi')}",
                    side=side,
                )
            )
    leaves, back = first - needs.before * _DAY, last + needs.after * _DAY
    found.append(
        _finding(
            "travel",
            0,
            f"{capital(side, 'en')}'s delegation is away from {_long(leaves, 'en')} to {_long(back, 'en')}",
            f"{capital(side, 'hi')} का प्रतिनिधिमंडल {_long(leaves, 'hi')} से {_long(back, 'hi')} तक बाहर रहेगा",
            side=side,
            standing="note",
        )
    )
    return found


def events(request: Request, years: Years, first: dt.date, last: dt.date) -> list[Finding]:
    """Other events that bind either side on those days."""
    found = []
    for event in years.events:
        if event.last < first or event.first > last:
            continue
        said = {language: span(event.first, event.last, language) for language in LANGUAGES}
        whom: Side | None = event.binds[0] if len(event.binds) == 1 else None
        found.append(
            _finding(
                f"event-{event.weight}",
                getattr(request.points, event.weight),
                f"{event.name.spoken('en')[0]}, {said['en']}",
                f"{event.name.spoken('hi')[0]}, {said['hi']}",
                side=whom,
                standing=_STANDINGS[event.confidence],
                source=event.source,
            )
        )
    return found


def due(rule: Cadence) -> dt.date:
    """The day by which the rule asks for the next meeting."""
    return rule.last + rule.days * _DAY


def cadence(request: Request, first: dt.date) -> list[Finding]:
    """How the day stands to the rule of the body's meetings, and whether the host is the one whose turn it is."""
    rule, points, found = request.cadence, request.points, []
    if rule is None:
        return []
    by = due(rule)
    late = (first - by).days
    weeks = ((first - max(by, request.first)).days + 6) // 7  # what is late for every day asked for decides none
    if late > 0:
        found.append(
            _finding(
                "cadence",
                min(100, points.late_week * weeks),
                f"{_days(late, 'en')} after the meeting is due ({day(by, 'en')}, {rule.days} days after the last)",
                f"नियत तिथि ({day(by, 'hi')}, पिछली बैठक के {rule.days} दिन बाद) से {_days(late, 'hi')} बाद",
            )
        )
    else:
        found.append(
            _finding(
                "cadence",
                0,
                f"within the cadence: the meeting is due by {day(by, 'en')}",
                f"नियत अंतराल के भीतर: बैठक {day(by, 'hi')} तक होनी है",
                standing="note",
            )
        )
    if rule.turn and request.host and rule.turn != request.host:
        found.append(
            _finding(
                "host-turn",
                points.turn,
                f"it is {country(rule.turn, 'en')}'s turn to host; another host needs both sides' word",
                f"मेज़बानी की बारी {country(rule.turn, 'hi')} की है; अन्य मेज़बान के लिए दोनों पक्षों की सहमति आवश्यक है",
                side=rule.turn,
            )
        )
    return found


def lead(request: Request, first: dt.date) -> list[Finding]:
    """Whether there is time for each side's visit requests."""
    if request.asked_on is None:
        return []
    found, left = [], (first - request.asked_on).days
    for side, needs in sorted(request.lead.items()):
        if left < needs:
            found.append(
                _finding(
                    "lead",
                    request.points.lead,
                    f"{_days(left, 'en')} from {day(request.asked_on, 'en')}; "
                    f"{country(side, 'en')} needs {needs} for visit requests",
                    f"{day(request.asked_on, 'hi')} से {_days(left, 'hi')}; "
                    f"आगंतुक अनुरोधों के लिए {country(side, 'hi')} को {needs} दिन चाहिए",
                    side=side,
                )
            )
    return found


def clock_change(request: Request, start: dt.datetime, end: dt.datetime) -> list[Finding]:
    """A change of Washington's clocks in the week before the meeting, or between its days."""
    for back in range((end - start).days + 8):
        later = end - back * _DAY
        if ahead(later) != ahead(later - _DAY):
            date = later.astimezone(ZONES["USA"]).date()
            gap = ahead(later)
            forward = gap < ahead(later - _DAY)
            hours, minutes = divmod(gap // dt.timedelta(minutes=1), 60)
            return [
                _finding(
                    "clock-change",
                    request.points.clocks,
                    f"Washington's clocks go {'forward' if forward else 'back'} on {_long(date, 'en')}; "
                    f"from then New Delhi is {hours} h {minutes} min ahead",
                    f"वॉशिंगटन की घड़ियाँ {_long(date, 'hi')} को एक घंटा {'आगे' if forward else 'पीछे'} होंगी; "
                    f"तब से नई दिल्ली {hours} घंटे {minutes} मिनट आगे",
                    side="USA",
                )
            ]
    return []


def sitting(side: Side, seat: Seat, begins: str, ends: str) -> Finding:
    """How a side sits in a meeting by video, from `begins` to `ends` by its clock: how early, how late."""
    en, hi, outside = capital(side, "en"), capital(side, "hi"), []
    if seat.early:
        early = {each: _length(seat.early, each) for each in LANGUAGES}
        outside.append(
            (f"begins at {begins}, {early['en']} before its working day", f"{begins} से, कार्य-समय से {early['hi']} पहले")
        )
    if seat.late:
        late = {each: _length(seat.late, each) for each in LANGUAGES}
        outside.append(
            (f"sits until {ends}, {late['en']} after its working day", f"{ends} तक, कार्य-समय के {late['hi']} बाद तक")
        )
    if not outside:
        outside.append((f"sits {begins}–{ends}, within its working day", f"{begins}–{ends}, कार्य-समय के भीतर"))
    return _finding(
        "hours",
        seat.points,
        f"{en} {' and '.join(each[0] for each in outside)}",
        f"{hi} में बैठक {' और '.join(each[1] for each in outside)}",
        side=side,
        standing="known" if seat.points else "note",
    )


def names(days: Iterable[Off]) -> Words:
    """The names of days off, an estimate marked as one."""
    marks = {"en": " (estimate)", "hi": " (अनुमान)"}
    days = list(days)
    en, hi = (
        ", ".join(each.name.spoken(language)[0] + (marks[language] if each.estimate else "") for each in days)
        for language in LANGUAGES
    )
    return Words(en=en, hi=hi)


def country(side: Side, language: Language) -> str:
    """A side's country as it stands inside a sentence."""
    return side_named(side, language, inside=True)


def _closed(side: Side, date: dt.date, closed: Sequence[Off], points: int, *, guest: bool) -> Finding:
    said = names(closed)
    en = f"{_long(date, 'en')}: {said.en}, offices in {capital(side, 'en')} are closed"
    hi = f"{_long(date, 'hi')}: {said.hi}, {capital(side, 'hi')} में कार्यालय बंद"
    if guest:
        en, hi = f"{en} (the visitors' own holiday)", f"{hi} (आगंतुक पक्ष का अपना अवकाश)"
    standing: Standing = "estimate" if all(each.estimate for each in closed) else "known"
    return _finding("closed-abroad" if guest else "closed", points, en, hi, side=side, standing=standing)


def _restricted(side: Side, date: dt.date, off: Sequence[Off], points: int) -> Finding:
    said = names(off)
    return _finding(
        "restricted",
        points,
        f"{_long(date, 'en')}: {said.en}, which officials of {country(side, 'en')} may take off",
        f"{_long(date, 'hi')}: {said.hi}, {country(side, 'hi')} के अधिकारी यह प्रतिबंधित अवकाश ले सकते हैं",
        side=side,
        standing="estimate" if any(each.estimate for each in off) else "known",
    )


def _bridge(side: Side, date: dt.date, points: int) -> Finding:
    return _finding(
        "bridge",
        points,
        f"{_long(date, 'en')} lies between two days off in {capital(side, 'en')}; many take leave",
        f"{_long(date, 'hi')} {capital(side, 'hi')} में दो अवकाशों के बीच है; कई अधिकारी छुट्टी पर हो सकते हैं",
        side=side,
    )


def _shifting(side: Side, date: dt.date, years: Years, points: int) -> list[Finding]:
    beside = [each for near in (date - _DAY, date + _DAY) for each in years.closed(side, near) if each.moon]
    return [
        _finding(
            "shifting",
            points,
            f"{_long(date, 'en')}: {each.name.spoken('en')[0]} is estimated for {day(each.date, 'en')}; "
            "the moon may bring it here",
            f"{_long(date, 'hi')}: {each.name.spoken('hi')[0]} का अनुमान {day(each.date, 'hi')} का है; "
            "चाँद दिखने के अनुसार इस दिन भी हो सकता है",
            side=side,
            standing="estimate",
        )
        for each in beside
        if each.estimate
    ]


def _unknown(side: Side, year: int, points: int) -> Finding:
    return _finding(
        "unknown",
        points,
        f"the holidays of {country(side, 'en')} in {year} are not known here",
        f"{year} में {country(side, 'hi')} के अवकाश यहाँ ज्ञात नहीं हैं",
        side=side,
        standing="unknown",
    )


def _finding(
    code: str,
    points: int,
    en: str,
    hi: str,
    *,
    side: Side | None = None,
    standing: Standing = "known",
    source: str = "",
) -> Finding:
    return Finding(code, points, Words(en=en[:1].upper() + en[1:], hi=hi), standing, side, source)


def _long(date: dt.date, language: Language) -> str:
    return day(date, language, weekday=True)


def _days(count: int, language: Language) -> str:
    if language == "hi":
        return f"{count} दिन"
    return f"{count} day{'' if abs(count) == 1 else 's'}"


def _length(minutes: int, language: Language) -> str:
    hours, rest = divmod(minutes, 60)
    units = ("h", "min") if language == "en" else ("घंटे" if hours > 1 else "घंटा", "मिनट")
    return " ".join(f"{value} {unit}" for value, unit in ((hours, units[0]), (rest, units[1])) if value)
