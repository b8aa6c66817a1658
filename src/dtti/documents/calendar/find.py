"""The date finder: days for a meeting of both sides, scored, each with everything known against it.

Knows the request alone: no record, no official's own calendar. It never says that a day is free; `answer` lists what
was looked at, how surely it is known, and what was not looked at. Decision 0026 says how the points were chosen.
"""

import datetime as dt
from collections.abc import Iterable
from zoneinfo import ZoneInfo

from dtti.documents.values import LANGUAGES, SIDES, Language, Side, Words
from dtti.language.names import ZONES, capital, facing

from . import grounds
from .clocks import both_clocks, clock, day
from .grounds import country
from .hours import beginnings, seats
from .request import Finding, FixedEvent, Found, LeftOut, Proposal, Request, Session
from .years import Years

_DAY = dt.timedelta(days=1)


def find(request: Request) -> list[Proposal]:
    """The proposals with least against them, best first; of equal ones the nearer to the due date, then the earlier."""
    return _chosen(request, _made(request, Years(request))[0])


def answer(request: Request) -> Found:
    """`find`, with what was looked at and what was not."""
    years = Years(request)
    made, left = _made(request, years)
    return Found(tuple(_chosen(request, made)), tuple(_looked_at(request, years)), _NOT_KNOWN, tuple(left))


def _made(request: Request, years: Years) -> tuple[list[Proposal], list[LeftOut]]:
    """A proposal for each first day on which nobody is away, and the other days in runs with the same reason."""
    make = _virtual if request.mode == "virtual" else _in_person
    made: list[Proposal] = []
    left: list[LeftOut] = []
    for number in range((request.last - request.first).days + 1):
        proposal = make(request, years, request.first + number * _DAY)
        away = _away(request, proposal)
        if not away:
            made.append(proposal)
        elif left and left[-1].because == away and left[-1].last == proposal.first - _DAY:
            left[-1] = LeftOut(left[-1].first, proposal.first, away)
        else:
            left.append(LeftOut(proposal.first, proposal.first, away))
    return made, left


def _away(request: Request, proposal: Proposal) -> tuple[FixedEvent, ...]:
    """Who is away on the days of a proposal: by the venue's clock, by each side's own where there is no venue."""
    days: dict[Side, tuple[dt.date, dt.date]] = dict.fromkeys(SIDES, (proposal.first, proposal.last))
    if request.mode == "virtual":
        days = {side: (min(each), max(each)) for side, each in _local_days(request, proposal.sessions[0].start).items()}
    return tuple(
        each
        for each in request.away
        if any(each.first <= days[side][1] and each.last >= days[side][0] for side in each.binds)
    )


def _chosen(request: Request, made: list[Proposal]) -> list[Proposal]:
    chosen: list[Proposal] = []
    for proposal in sorted(made, key=lambda each: (each.against, _from_due(request, each), each.first)):
        if len(chosen) == request.most:
            break
        if all(abs((proposal.first - each.first).days) >= request.apart for each in chosen):
            chosen.append(proposal)
    return chosen


def _from_due(request: Request, proposal: Proposal) -> int:
    """Days between a proposal and the day at which the cadence asks for a meeting."""
    return abs((proposal.first - grounds.due(request.cadence)).days) if request.cadence else 0


def _in_person(request: Request, years: Years, first: dt.date) -> Proposal:
    host = request.host
    if host is None:
        raise ValueError("a meeting in person needs its host")
    last = first + (request.days - 1) * _DAY
    dates = [first + each * _DAY for each in range(request.days)]
    zone = ZoneInfo(request.zone) if request.zone else ZONES[host]
    hours = request.hours[host]
    sessions = [
        _session(
            dt.datetime.combine(date, hours.opens, tzinfo=zone),
            dt.datetime.combine(date, hours.closes, tzinfo=zone),
            host,
        )
        for date in dates
    ]
    found = [
        *grounds.meeting_days(request, years, dict.fromkeys(SIDES, dates)),
        *grounds.events(request, years, first, last),
        *grounds.travel(request, years, first, last),
        *grounds.cadence(request, first),
        *grounds.lead(request, first),
        *grounds.clock_change(request, sessions[0].start, sessions[-1].end),
    ]
    return _proposal(first, last, sessions, found)


def _virtual(request: Request, years: Years, first: dt.date) -> Proposal:
    """The least bad beginning on `first` by New Delhi's clock; of equal ones the later."""
    best: tuple[tuple[int, int, int, int], dt.datetime] | None = None
    for number, start in enumerate(beginnings(first)):
        points = [_sat(request, start + each * _DAY) for each in range(request.days)]
        closed = sum(
            not years.works(side, date) for side, dates in _local_days(request, start).items() for date in dates
        )
        # A side that sat out last time weighs half as much again: the other side's turn.
        burden = sum(value * (3 if side == request.sat_out else 2) for each in points for side, value in each.items())
        key = (closed, burden, max(value for each in points for value in each.values()), -number)
        if best is None or key < best[0]:
            best = (key, start)
    if best is None:
        raise ValueError("a day has no hours")
    start = best[1]
    sessions = [
        _session(start + each * _DAY, start + each * _DAY + dt.timedelta(minutes=request.minutes), "IND")
        for each in range(request.days)
    ]
    days = _local_days(request, start)
    found = [
        *grounds.meeting_days(request, years, days),
        *_seats(request, sessions),
        *grounds.events(
            request, years, min(min(each) for each in days.values()), max(max(each) for each in days.values())
        ),
        *grounds.cadence(request, first),
        *grounds.clock_change(request, sessions[0].start, sessions[-1].end),
    ]
    return _proposal(first, first + (request.days - 1) * _DAY, sessions, found)


def _sat(request: Request, start: dt.datetime) -> dict[Side, int]:
    return {side: seat.points for side, seat in seats(start, request.minutes, request.hours).items()}


def _seats(request: Request, sessions: Iterable[Session]) -> list[Finding]:
    found = []
    for session in sessions:
        for side, seat in seats(session.start, request.minutes, request.hours).items():
            zone = ZONES[side]
            found.append(grounds.sitting(side, seat, clock(session.start, zone), clock(session.end, zone)))
    return list(dict.fromkeys(found))


def _local_days(request: Request, start: dt.datetime) -> dict[Side, list[dt.date]]:
    """The days by each side's clock on which it sits."""
    end = dt.timedelta(minutes=request.minutes)
    found: dict[Side, list[dt.date]] = {}
    for side in SIDES:
        zone = ZONES[side]
        moments = [start + each * _DAY + part for each in range(request.days) for part in (0 * end, end)]
        found[side] = sorted({moment.astimezone(zone).date() for moment in moments})
    return found


def _session(start: dt.datetime, end: dt.datetime, first: Side) -> Session:
    start, end = start.astimezone(dt.UTC), end.astimezone(dt.UTC)
    en, hi = (both_clocks(start, language, until=end, first=first, dated=True) for language in LANGUAGES)
    return Session(start, end, Words(en=en, hi=hi))


def _proposal(first: dt.date, last: dt.date, sessions: list[Session], found: list[Finding]) -> Proposal:
    against = sum(each.points for each in found)
    return Proposal(
        first,
        last,
        max(0, 100 - against),
        against,
        tuple(sessions),
        tuple(sorted(found, key=lambda each: -each.points)),
        _summary([each for each in found if each.points]),
    )


def _summary(against: list[Finding]) -> Words:
    if not against:
        return Words(
            en="Nothing is known against it here; that does not make it free",
            hi="इसके विरुद्ध यहाँ कुछ ज्ञात नहीं; इसका अर्थ यह नहीं कि दिन खाली है",
        )
    estimates = sum(each.standing != "known" for each in against)
    en = f"{len(against)} thing{'' if len(against) == 1 else 's'} known against it"
    hi = f"इसके विरुद्ध {len(against)} बातें ज्ञात" if len(against) > 1 else "इसके विरुद्ध एक बात ज्ञात"
    if estimates:
        en, hi = f"{en}, {estimates} of them not certain", f"{hi}, जिनमें {estimates} निश्चित नहीं"
    return Words(en=en, hi=hi)


def _looked_at(request: Request, years: Years) -> list[Words]:
    found = []
    for year in range(request.first.year, (request.last + request.days * _DAY).year + 1):
        for side in SIDES:
            listed = years.lists[side, year]
            en, hi = f"{country(side, 'en')}, holidays of {year}: ", f"{country(side, 'hi')}, {year} के अवकाश: "
            if listed.confirmed:
                en, hi = f"{en}confirmed list ({listed.source})", f"{hi}पुष्ट सूची ({listed.source})"
            elif not listed.known:
                en, hi = f"{en}not known", f"{hi}ज्ञात नहीं"
            elif side == "IND":
                en = f"{en}estimated where feasts move, no confirmed list ({listed.source})"
                hi = f"{hi}चल पर्वों की तिथियाँ अनुमानित, पुष्ट सूची नहीं ({listed.source})"
            else:
                en, hi = f"{en}by law (5 USC 6103; {listed.source})", f"{hi}विधि के अनुसार (5 USC 6103; {listed.source})"
            found.append(Words(en=en[:1].upper() + en[1:], hi=hi))
    until = request.last + request.days * _DAY
    inside = [each.first <= until and each.last >= request.first for each in years.events]
    given, computed = sum(inside[: len(request.events)]), sum(inside[len(request.events) :])
    found.append(
        Words(
            en=f"Other events in those months: {given} given, {computed} computed by law, rule or practice",
            hi=f"उन महीनों में अन्य आयोजन: {given} दिए गए, {computed} विधि, नियम या प्रथा से परिकलित",
        )
    )
    if request.away:
        sides: dict[Language, str] = {
            each: ", ".join(country(side, each) for side in SIDES if any(side in away.binds for away in request.away))
            for each in LANGUAGES
        }
        found.append(
            Words(
                en=f"Days on which somebody of {sides['en']} cannot meet: {len(request.away)} given, all left out",
                hi=f"वे दिन जब {sides['hi']} की ओर से बैठक संभव नहीं: {len(request.away)} दिए गए, सभी छोड़े गए",
            )
        )
    if request.mode == "virtual":
        for side in SIDES:
            kept = request.hours[side]
            found.append(
                Words(
                    en=f"Working hours in {capital(side, 'en')}: {kept.opens:%H:%M}–{kept.closes:%H:%M}",
                    hi=f"{capital(side, 'hi')} में कार्य-समय: {kept.opens:%H:%M}–{kept.closes:%H:%M}",
                )
            )
        if request.sat_out:
            found.append(
                Words(
                    en=f"{capital(request.sat_out, 'en')} sat outside its hours last time, which now weighs half again",
                    hi=f"{capital(request.sat_out, 'hi')} पिछली बार कार्य-समय के बाहर बैठा था; इस बार उसका भार डेढ़ गुना है",
                )
            )
    elif request.host:
        side = facing(request.host)
        needs = request.travel.get(side)
        if needs:
            why = {each: f" ({needs.reason.spoken(each)[0]})" if needs.reason else "" for each in LANGUAGES}
            found.append(
                Words(
                    en=f"Travel of {capital(side, 'en')}'s delegation: {needs.before} days before, "
                    f"{needs.after} after{why['en']}",
                    hi=f"{capital(side, 'hi')} के प्रतिनिधिमंडल की यात्रा: {needs.before} दिन पहले, "
                    f"{needs.after} दिन बाद{why['hi']}",
                )
            )
    if request.cadence:
        rule = request.cadence
        last, due = ({each: day(date, each) for each in LANGUAGES} for date in (rule.last, grounds.due(rule)))
        found.append(
            Words(
                en=f"Cadence: every {rule.days} days, last on {last['en']}, due by {due['en']}",
                hi=f"अंतराल: हर {rule.days} दिन, पिछली बैठक {last['hi']}, अगली {due['hi']} तक",
            )
        )
    return found


_NOT_KNOWN = (
    Words(en="Officials' own calendars, and their ministers'", hi="अधिकारियों और उनके मंत्रियों के अपने कार्यक्रम"),
    Words(en="Rooms, security clearances, flights", hi="सभा-कक्ष, सुरक्षा अनुमतियाँ, उड़ानें"),
    Words(
        en="Holidays declared at short notice, weather, elections in India not given here",
        hi="अल्प सूचना पर घोषित अवकाश, मौसम, भारत के वे चुनाव जो यहाँ नहीं दिए गए",
    ),
)
