"""An Acceptance of Necessity that lapses before the partner is through with its waiting period or its steps. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from .remaining import Remaining, remaining
from .situation import Blank, Certainty, Conflict, Held, HeldStep, Situation, role_of
from .span import Span
from .timing import timing
from .versions import lane


def lapses(situation: Situation) -> Iterator[Conflict]:
    """Each Acceptance of Necessity that still counts, against the waiting period and against the remaining steps."""
    for step in situation.steps:
        if role_of(step.content) != "necessity" or not step.content.done or _signed(situation):
            continue
        until, said = validity(situation, step)
        if not until.known or _kept(situation, step, until):
            continue
        held = (step, *said)
        report = situation.of_role("USA", "waiting")
        if report is not None and report.when.known:
            yield from _in_waiting(situation, report, until, held)
        yield from _in_steps(situation, until, held)


def validity(situation: Situation, step: HeldStep) -> tuple[Span, tuple[Held, ...]]:
    """Until when a necessity is good: as it says itself, else by the months of its category; and what else says so."""
    if step.content.until:
        return Span.of(step.content.until), ()
    held = lane(step.content.rules)
    case = next(
        (each for each in situation.open_cases(step.content.side) if each.content.rules == step.content.rules), None
    )
    category = case.content.entry.category if case and case.content.entry else None
    months = held.steps[step.content.step].months(category) if held else None
    if months is None:
        return Span(), ()
    return Span.of(step.content.done).months(*months), (case,) if case and category else ()


def _signed(situation: Situation) -> bool:
    """Whether India's own signature is behind it: then a necessity has done its work."""
    step = situation.of_role("IND", "signature")
    return bool(step and step.content.done)


def _kept(situation: Situation, step: HeldStep, until: Span) -> bool:
    """Whether what keeps it from lapsing was done for certain before it lapsed."""
    held = lane(step.content.rules)
    by = held.steps[step.content.step].kept_by if held else ""
    done = next(
        (each.content.done for each in situation.steps if (each.content.side, each.content.step) == ("IND", by)), None
    )
    when = Span.of(done)
    return bool(when.high and until.low and when.high <= until.low)


def _certainty(situation: Situation, until: Span, found: str) -> Certainty:
    if found != "certain":
        return "possible"
    return "breached" if until.high and until.high < situation.today else "certain"


def _in_waiting(situation: Situation, report: HeldStep, until: Span, held: tuple[Held, ...]) -> Iterator[Conflict]:
    name, said = situation.authority(next(iter(situation.agreements), None))
    one = timing().authorities.get(name)
    known = [one] if one else [*timing().authorities.values()]
    over = report.when.later(min(each.least for each in known), max(each.most for each in known))
    found = until.before(over)
    if found not in ("certain", "possible"):
        return
    rests = (*held, report, *said)
    yield Conflict(
        "necessity-waiting",
        _certainty(situation, until, found),
        until,
        {"until": until, "over": over},
        tuple(dict.fromkeys(each.link for each in rests)),
        any(each.national for each in rests),
    )


def _in_steps(situation: Situation, until: Span, held: tuple[Held, ...]) -> Iterator[Conflict]:
    theirs = [each for each in situation.steps if each.content.side == "USA"]
    left = remaining("USA", [each.content for each in theirs], situation.others)
    rests = (*held, *theirs)
    links = tuple(dict.fromkeys(each.link for each in rests))
    national = any(each.national for each in rests)
    if left is None:
        yield Conflict("necessity-unknown", "unknown", until, {"until": until}, links, national)
        return
    done = left.done if left.how == "expected" else _not_past(left.done, situation)
    found = until.before(done)
    if found in ("certain", "possible"):
        yield Conflict(
            "necessity-remaining",
            _certainty(situation, until, found),
            until,
            {"until": until, "done": done, "how": _how(left)},
            (*links, *(f"project:{each.project}" for each in left.earlier)),
            national,
        )


def _not_past(done: Span, situation: Situation) -> Span:
    """What is not done yet is done today at the earliest."""
    today = situation.today
    return Span(max(done.low, today) if done.low else None, max(done.high, today) if done.high else None)


def _how(left: Remaining) -> Blank:
    """By what it is known: the day that the partner expects, a median, or the cases themselves."""
    if left.how == "cases":
        return Blank("link", "", tuple(f"project:{each.project}" for each in left.earlier))
    return Blank("code", "expected-by-partner" if left.how == "expected" else "median-of-cases")
