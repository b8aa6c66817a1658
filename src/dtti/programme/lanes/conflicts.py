"""Where two national procedures get in each other's way: every warning of timing, from one situation. Pure, no clock.

Each rule is a function from a situation to the warnings that it makes; what it is called, what cures it and on what it
rests stands in ``timing.toml``. Nothing here moves a stage or refuses anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from dtti.language.names import facing
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.terms import expiry

from . import necessity, waiting
from .situation import Blank, Certainty, Conflict, HeldStep, Situation, role_of
from .span import Span, due
from .timing import timing
from .versions import lane

_ORDER: Final[tuple[Certainty, ...]] = ("breached", "certain", "possible", "ahead", "unknown")
_FRAMEWORKS: Final = ("framework", "research-moa", "information-exchange-annex", "annex")
#: The row of the SOP by whose answer a project outlives its framework.
_OUTLIVES: Final = "framework-outlives"


def conflicts(situation: Situation) -> list[Conflict]:
    """Every warning, the surest first, then by the first day on which it bites."""
    found = [each for rule in RULES for each in rule(situation)]
    return sorted(found, key=lambda each: (_ORDER.index(each.certainty), str(each.when.low or "9"), each.rule))


def _circles(situation: Situation) -> Iterator[Conflict]:
    """Steps that wait for each other, each circle once."""
    open_steps: dict[tuple[str, str], HeldStep] = {
        (each.content.side, each.content.step): each
        for each in situation.steps
        if each.content.state in ("under-way", "ahead")
    }
    waits: dict[tuple[str, str], list[tuple[str, str]]] = {
        node: [(other.side, other.step) for other in each.content.awaits if (other.side, other.step) in open_steps]
        for node, each in open_steps.items()
    }

    def reached(start: tuple[str, str]) -> set[tuple[str, str]]:
        seen: set[tuple[str, str]] = set()
        ahead = list(waits[start])
        while ahead:
            node = ahead.pop()
            if node not in seen:
                seen.add(node)
                ahead += waits[node]
        return seen

    reach = {node: reached(node) for node in waits}
    told: set[tuple[str, str]] = set()
    for node in sorted(waits):
        circle = sorted(other for other in reach[node] if node in reach[other])
        if node not in reach[node] or node in told:
            continue
        told |= set(circle)
        held = [open_steps[each] for each in circle]
        starts = [span for each in held if (span := Span.of(each.content.started)).known]
        yield Conflict(
            "waits-in-a-circle",
            "certain",
            Span(
                max((each.low for each in starts if each.low), default=None),
                max((each.high for each in starts if each.high), default=None),
            ),
            {"steps": Blank("code", "", tuple(step for _side, step in circle))},
            tuple(each.link for each in held),
            any(each.national for each in held),
            tuple(sorted({side for side, _step in circle})),
        )


def _sponsors(situation: Situation) -> Iterator[Conflict]:
    sides = {each.side for each in situation.project.sponsors}
    if len(sides) == 1 and not situation.published:
        (side,) = sides
        other = facing(side)
        yield Conflict(
            "sponsor-one-side",
            "certain",
            Span(),
            {"side": Blank("side", side), "other": Blank("side", other)},
            (f"project:{situation.project.ref}",),
            national=False,
            sides=(other,),
        )


def _frameworks(situation: Situation) -> Iterator[Conflict]:
    """Frameworks that expire before the project's term ends, as far as both are known."""
    project = situation.project
    if any(each.row == _OUTLIVES and each.state != "waived" for each in project.checklist):
        return
    end, of = _term(situation)
    named = [*project.enablers, *(each.parent for each in situation.agreements if each.parent)]
    for ref in dict.fromkeys(named):
        framework = situation.instruments.get(ref)
        expires = _expires(framework) if framework else Span()
        if framework is None or framework.type not in _FRAMEWORKS or not expires.known:
            continue
        found = expires.before(end)
        if found not in ("certain", "possible"):
            continue
        weak = framework.cite is not None and "expires" in framework.cite.unverified
        yield Conflict(
            "framework-expires",
            "possible" if weak or found == "possible" else "certain",
            expires,
            {"framework": Blank("link", f"instrument:{ref}"), "expires": expires, "end": end},
            (f"instrument:{ref}", *of),
            national=False,
        )


def _term(situation: Situation) -> tuple[Span, tuple[str, ...]]:
    """When the project's term ends, as its agreements say, else as its success definition does; and what says so."""
    ends = [(span, f"instrument:{each.ref}") for each in situation.agreements if (span := _expires(each)).known]
    if not ends and situation.definition:
        held = situation.definition
        ends = [(Span.of(each.by), f"success_definition:{held.ref}") for each in held.measures if each.by]
    known = [(span, link) for span, link in ends if span.low]
    if not known:
        return Span(), ()
    lows, highs = [span.low for span, _link in known if span.low], [span.high for span, _link in known]
    last = None if None in highs else max(each for each in highs if each)
    return Span(max(lows), last), tuple(dict.fromkeys(link for _span, link in known))


def _expires(instrument: Instrument) -> Span:
    """The last day of an instrument: as it is recorded, else as its term has it."""
    computed = expiry(instrument)
    return Span.of(instrument.expires or (computed.when if computed else None))


def _bindings(situation: Situation) -> Iterator[Conflict]:
    for each in situation.agreements:
        said = {view.binding: view.side for view in each.side_views if view.binding != "not-stated"}
        if len(said) < 2:
            continue
        yield Conflict(
            "binding-differs",
            "certain",
            _signature(each),
            {
                "instrument": Blank("link", f"instrument:{each.ref}"),
                "side": Blank("side", said["binding"]),
                "other": Blank("side", said["non-binding"]),
            },
            (f"instrument:{each.ref}",),
            national=False,
        )


def _signature(instrument: Instrument) -> Span:
    return Span.of(instrument.signed)


def _signatories(situation: Situation) -> Iterator[Conflict]:
    """Signatories of agreements, and holders of offices that are to sign, who do not hold the office in substance."""
    for each in situation.agreements:
        for signatory in each.signatories:
            if signatory.capacity == "substantive":
                continue
            yield Conflict(
                "acting-signatory",
                "certain",
                _signature(each),
                {
                    "instrument": Blank("link", f"instrument:{each.ref}"),
                    "side": Blank("side", signatory.side),
                    "holder": Blank("text", signatory.name),
                    "on": _signature(each),
                    "capacity": Blank("code", signatory.capacity),
                },
                (f"instrument:{each.ref}", f"office:{signatory.office}"),
                national=False,
                sides=(signatory.side,),
            )
    for step in situation.steps:
        content = step.content
        holder = situation.holders.get(content.office or "")
        if role_of(content) != "signature" or content.done or holder is None or holder.capacity == "substantive":
            continue
        yield Conflict(
            "acting-signatory",
            "possible",
            step.when,
            {
                "instrument": Blank("link", f"project:{situation.project.ref}"),
                "side": Blank("side", content.side),
                "holder": Blank("text", holder.name),
                "on": step.when,
                "capacity": Blank("code", holder.capacity),
            },
            (step.link, f"office:{content.office}", holder.link),
            step.national,
            (content.side,),
        )


def _silence(situation: Situation) -> Iterator[Conflict]:
    for each in situation.steps:
        held = lane(each.content.rules)
        if not each.content.silent or held is None:
            continue
        step = held.steps[each.content.step]
        yield Conflict(
            "silence",
            "certain",
            Span.of(each.content.done),
            {
                "step": Blank("code", each.content.step),
                "on": Span.of(each.content.done),
                "office": Blank("words", step.office),
            },
            (each.link,),
            each.national,
            (each.content.side,),
            gate=step.stage,
        )


def _clocks(situation: Situation) -> Iterator[Conflict]:
    """Steps under way whose own clock has run out, or runs out soon."""
    today = Span.day(situation.today)
    for each in situation.steps:
        held = lane(each.content.rules)
        clock = held.steps[each.content.step].clock if held else None
        if held is None or clock is None or each.content.state != "under-way":
            continue
        by = due(Span.of(each.content.started), clock, each.content.side, situation.works)
        late = by.before(today)
        soon = by.before(today.later(timing().about.soon))
        if late not in ("certain", "possible") and soon not in ("certain", "possible"):
            continue
        yield Conflict(
            "clock-over",
            "breached" if late == "certain" else "possible" if late == "possible" else "ahead",
            by,
            {
                "step": Blank("code", each.content.step),
                "on": Span.of(each.content.started),
                "due": by,
                "office": Blank("words", held.steps[each.content.step].office),
            },
            (each.link,),
            each.national,
            (each.content.side,),
            gate=held.steps[each.content.step].stage,
            basis=clock.basis,
            version=held.about.version,
            confidence=clock.confidence,
        )


def _offsets(situation: Situation) -> Iterator[Conflict]:
    for case in situation.cases:
        entry, held = case.content.entry, case.lane
        rule = held.offsets.routes.get(entry.route or "") if entry and held and held.offsets else None
        if entry is None or held is None or held.offsets is None or rule is None or entry.offsets == rule:
            continue
        if entry.offsets is None and rule == "not-owed":
            continue
        yield Conflict(
            "offsets",
            "certain" if entry.offsets else "unknown",
            Span.of(entry.on or case.content.began),
            {
                "route": Blank("code", entry.route or ""),
                "rule": Blank("code", rule),
                "said": Blank("code", entry.offsets or "not-stated"),
            },
            (case.link,),
            case.national,
            (case.content.side,),
            basis=held.offsets.basis,
            version=held.about.version,
            confidence=held.offsets.confidence,
        )


def _converted(situation: Situation) -> Iterator[Conflict]:
    outcome = situation.project.outcome
    if outcome is None or outcome.code != "converted" or situation.published:
        return
    for case in situation.open_cases("IND"):
        if case.content.entry is None or case.content.entry.route is None:
            yield Conflict(
                "entry-converted",
                "certain",
                Span.of(outcome.as_of),
                {},
                (f"project:{situation.project.ref}", case.link),
                case.national,
                ("IND",),
            )


def _suspended(situation: Situation) -> Iterator[Conflict]:
    if situation.offer_until is None:
        return
    for side in situation.suspended:
        yield Conflict(
            "offer-suspended",
            "certain",
            Span.day(situation.offer_until),
            {"until": Span.day(situation.offer_until), "side": Blank("side", side)},
            (f"project:{situation.project.ref}",),
            national=False,
        )


#: The rules, in the order in which the specification has them.
RULES: Final[tuple[Callable[[Situation], Iterator[Conflict]], ...]] = (
    _circles,
    waiting.periods,
    waiting.transmission,
    necessity.lapses,
    _sponsors,
    _frameworks,
    _bindings,
    _signatories,
    _silence,
    _clocks,
    _offsets,
    _converted,
    _suspended,
)
