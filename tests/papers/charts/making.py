"""Chart data of every shape, for properties that must hold whatever the record says."""

from datetime import date

from hypothesis import strategies as st

from dtti.documents.charts.when import span
from dtti.documents.values import Words
from dtti.papers.charts import (
    ageing,
    cadence,
    court,
    flow,
    portfolio,
    promises,
    readings,
    slip,
    structure,
    timeline,
    trade,
    years,
)

TEXTS = st.one_of(
    st.text(min_size=1, max_size=30).filter(str.strip),
    st.text("abcdefgh क्षत्रज्ञिीुेैो", min_size=1, max_size=80).filter(str.strip),
    st.sampled_from(
        [
            "Shipboard drone recovery net", "पोत पर ड्रोन पकड़ने का जाल", "W" * 70, "राष्ट्रीयप्रौद्योगिकीस्थानांतरण",
            "<b>&amp;</b>", "عقد مشترك", "無人機回収網", "\u202egnirts", "a\x00b", "\ufdfd" * 4,
        ]
    ),
)  # fmt: skip
WORDS = st.one_of(
    TEXTS.map(lambda text: Words(en=text)),
    TEXTS.map(lambda text: Words(hi=text)),
    st.tuples(TEXTS, TEXTS).map(lambda both: Words(*both)),
)
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
AS_OF = date(2061, 6, 30)
WHENS = st.one_of(DAYS.map(str), DAYS.map(lambda d: str(d)[:7]), DAYS.map(lambda d: str(d)[:4]))
MAYBE = st.none() | WHENS
SIDES = st.sampled_from(["IND", "USA", "both", None])


def _ordered(start: str | None, end: str | None) -> tuple[str | None, str | None]:
    if start and end and span(end)[1] < span(start)[0]:
        return end, start
    return start, end


@st.composite
def courts(draw: st.DrawFn) -> court.Court:
    days = sorted(draw(st.lists(DAYS, min_size=0, max_size=14, unique=True)))
    starts = range(0, len(days) - 1, 1 + draw(st.integers(0, 1)))
    spells = [court.Spell(draw(SIDES), days[n], days[n + 1], draw(st.none() | WORDS)) for n in starts]
    kept: list[court.Spell] = []
    for spell in spells:
        if not kept or kept[-1].to is None or spell.from_ >= kept[-1].to:
            kept.append(spell)
    return court.Court(draw(WORDS), AS_OF, tuple(kept))


@st.composite
def cadences(draw: st.DrawFn) -> cadence.Cadence:
    dates = sorted(draw(st.lists(WHENS, max_size=8)), key=lambda when: span(when))
    kept: list[str] = []
    for when in dates:
        if not kept or span(when)[1] >= span(kept[-1])[0]:
            kept.append(when)
    meetings = tuple(
        cadence.Meeting(
            draw(st.just(when) | st.none()), draw(st.none() | st.just(n + 1) | st.integers(1, 9_999)),
            draw(st.sampled_from(["yes", "yes", "no", "unknown"])),
            draw(st.sampled_from(["in-person", "virtual", "unknown"])), draw(st.sampled_from(["IND", "USA", None])),
        )
        for n, when in enumerate(kept)
    )  # fmt: skip
    return cadence.Cadence(draw(WORDS), AS_OF, draw(st.integers(1, 120)), meetings, draw(st.booleans()))


FLOWS = st.builds(
    flow.Flow, WORDS, st.just(AS_OF),
    st.lists(
        st.builds(
            flow.Project, TEXTS, WORDS, WORDS | st.just(Words(en="one cohort")),
            st.dictionaries(st.sampled_from(flow.STAGES), st.sampled_from(["yes", "no", "unknown"])),
        ),
        max_size=9,
    ).map(tuple),
)  # fmt: skip
AGEINGS = st.builds(
    ageing.Ageing, WORDS, st.just(AS_OF),
    st.lists(st.builds(ageing.Item, TEXTS, WORDS, SIDES, MAYBE, MAYBE), max_size=14).map(tuple),
)  # fmt: skip


@st.composite
def promised(draw: st.DrawFn) -> promises.Promise:
    fact = draw(st.sampled_from(["done", "none", "unknown"]))
    done = draw(MAYBE) if fact == "done" else None
    horizon = draw(st.sampled_from(["near", "mid", "long", None]))
    return promises.Promise(draw(WORDS), draw(MAYBE), horizon, draw(MAYBE), fact, done, draw(st.none() | WORDS))


PROMISES = st.builds(promises.Promises, WORDS, st.just(AS_OF), st.lists(promised(), max_size=8).map(tuple))


@st.composite
def milestones(draw: st.DrawFn) -> slip.Milestone:
    days = sorted(draw(st.lists(DAYS, max_size=6, unique=True)))
    return slip.Milestone(draw(WORDS), draw(MAYBE), tuple(slip.Report(each, draw(MAYBE)) for each in days), draw(MAYBE))


SLIPS = st.builds(slip.Slip, WORDS, st.just(AS_OF), st.lists(milestones(), max_size=5).map(tuple))


@st.composite
def stages(draw: st.DrawFn) -> timeline.Stage:
    planned = _ordered(draw(MAYBE), draw(MAYBE))
    entered, left = _ordered(draw(MAYBE), draw(MAYBE))
    return timeline.Stage(draw(WORDS), *planned, entered, left if entered else None)


TIMELINES = st.builds(
    timeline.Timeline, WORDS, st.just(AS_OF),
    st.lists(
        st.builds(timeline.Statement, WORDS, WHENS, st.sampled_from(["near", "mid", "long", None]), MAYBE), max_size=3
    ).map(tuple),
    st.lists(stages(), max_size=5).map(tuple),
    st.lists(st.builds(timeline.Milestone, WORDS, MAYBE, MAYBE, MAYBE), max_size=4).map(tuple),
)  # fmt: skip

_NUMBERS = st.decimals(-(10**11), 10**11, places=2).map(str) | st.integers(-50, 50).map(str)


@st.composite
def measures(draw: st.DrawFn) -> readings.Measure:
    found = tuple(
        readings.Measured(draw(st.sampled_from(["IND", "USA"])), each, draw(_NUMBERS))
        for each in sorted(draw(st.lists(WHENS, max_size=6)), key=span)
    )
    return readings.Measure(
        name=draw(WORDS), unit=draw(st.none() | WORDS), baseline=draw(st.none() | _NUMBERS), target=draw(_NUMBERS),
        at_most=draw(st.booleans()), by=draw(MAYBE), measured=found,
    )  # fmt: skip


READINGS = st.builds(readings.Readings, WORDS, st.just(AS_OF), st.lists(measures(), max_size=4).map(tuple))

_MEASURES = ["contract-value", "notified-ceiling", "deliveries"]
_AMOUNTS = st.integers(0, 10**16) | st.integers(0, 50).map(lambda n: n * 10**9)


@st.composite
def claims(draw: st.DrawFn) -> trade.Claim:
    since, as_of = _ordered(draw(MAYBE), draw(WHENS))
    return trade.Claim(
        draw(WORDS), as_of or since or "2020", draw(_AMOUNTS),
        draw(st.sampled_from(["stated", "about", "over", "under"])),
        since if as_of else None, draw(st.sampled_from([*_MEASURES, None])),
    )  # fmt: skip


TRADES = st.builds(
    trade.Trade, WORDS, st.just("USD"),
    st.lists(
        st.builds(trade.Contract, WORDS, MAYBE, st.none() | _AMOUNTS, st.sampled_from(_MEASURES)), max_size=9
    ).map(tuple),
    st.lists(claims(), max_size=4).map(tuple),
)  # fmt: skip


@st.composite
def stays(draw: st.DrawFn) -> portfolio.Stay:
    entered, left = _ordered(draw(WHENS), draw(MAYBE))
    return portfolio.Stay(draw(st.sampled_from(["identify", "shape", "execute"])), entered or "2020", left)


PORTFOLIOS = st.builds(
    portfolio.Portfolio, WORDS, st.just(AS_OF),
    st.lists(
        st.builds(
            portfolio.Project, TEXTS, WORDS, st.lists(stays(), max_size=4).map(tuple),
            st.lists(WORDS, max_size=2).map(tuple), st.sampled_from(["IND", "USA", None]), st.integers(0, 9_999), MAYBE,
            st.none() | st.integers(-999, 9_999),
        ),
        max_size=7,
    ).map(tuple),
)  # fmt: skip

BODIES = st.recursive(
    st.builds(structure.Body, WORDS, WORDS, st.sampled_from(["working", "ended", "unknown"])),
    lambda below: st.builds(structure.Body, WORDS, WORDS, st.just("working"), st.lists(below, max_size=4).map(tuple)),
    max_leaves=9,
)
STRUCTURES = st.builds(structure.Structure, WORDS, st.just(AS_OF), st.lists(BODIES, max_size=4).map(tuple))
YEARS = st.builds(
    years.Years, WORDS, st.just(AS_OF),
    st.lists(st.builds(years.Step, WORDS, WHENS, st.sampled_from(years.SORTS)), max_size=9).map(tuple),
)  # fmt: skip

ANY = {
    "timeline": TIMELINES, "flow": FLOWS, "court": courts(), "cadence": cadences(), "promises": PROMISES,
    "trade": TRADES, "slip": SLIPS, "readings": READINGS, "ageing": AGEINGS, "portfolio": PORTFOLIOS,
    "structure": STRUCTURES, "years": YEARS,
}  # fmt: skip
