"""What waits for Congress, and what reaches the Department of State in time: warnings by legal authority. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from dtti.programme.kinds.instrument import Instrument

from .situation import Blank, Certainty, Conflict, Held, HeldStep, Situation
from .span import Span
from .timing import Authority, timing


def periods(situation: Situation) -> Iterator[Conflict]:
    """Signature or effect before the waiting period that guards it is over: of agreements, else of planned steps."""
    agreements: list[Instrument | None] = [*situation.agreements]
    for instrument in agreements or [None]:
        name, said = situation.authority(instrument)
        authority = timing().authorities.get(name)
        if authority is None:
            continue
        entered, rests = _entered(situation, instrument, authority)
        if entered.known:
            yield from _period(situation, authority, entered, (*said, *rests), instrument)


def _entered(
    situation: Situation, instrument: Instrument | None, authority: Authority
) -> tuple[Span, tuple[Held, ...]]:
    """When the stage that an authority guards is entered: as the agreement says, else as a side's own step does."""
    guarded = authority.guards == "signed"
    when = (instrument.signed if guarded else instrument.in_force) if instrument else None
    if when is not None:
        return Span.of(when), ()
    for side in ("USA", "IND"):
        step = situation.of_role(side, "signature" if guarded else "effect")
        if step is not None and step.when.known:
            return step.when, (step,)
    return Span(), ()


def _period(
    situation: Situation, authority: Authority, entered: Span, held: tuple[Held, ...], instrument: Instrument | None
) -> Iterator[Conflict]:
    report = situation.of_role("USA", "waiting")
    links = [f"instrument:{instrument.ref}"] if instrument else []
    if report is None or not report.when.known:
        if situation.mine == "USA" and any(True for _ in situation.open_cases("USA")):
            yield Conflict(
                "waiting-unreported",
                "unknown",
                entered.later(-authority.most, -authority.least),
                {
                    "on": entered,
                    "authority": Blank("text", authority.name),
                    "days": Blank("text", str(authority.least)),
                },
                (*links, *(each.link for each in held)),
                any(each.national for each in held),
                ("USA",),
                basis=authority.basis,
                version=authority.version,
                confidence=authority.confidence,
            )
        return
    first = first_day(report, authority)
    found = entered.before(first)
    if found not in ("certain", "possible"):
        return
    rests = (report, *held)
    yield Conflict(
        "waiting-signature" if authority.guards == "signed" else "waiting-effect",
        _certainty(found == "certain", come=bool(entered.high and entered.high <= situation.today)),
        first,
        {"on": entered, "authority": Blank("text", authority.name), "first": first, "report": report.when},
        (*links, *(each.link for each in rests)),
        any(each.national for each in rests),
        basis=authority.basis,
        version=authority.version,
        confidence=authority.confidence,
    )


def first_day(report: HeldStep, authority: Authority) -> Span:
    """The first day on which the guarded stage may be entered."""
    return report.when.later(authority.least, authority.most)


def _certainty(certain: bool, *, come: bool) -> Certainty:
    return ("breached" if come else "certain") if certain else "possible"


def transmission(situation: Situation) -> Iterator[Conflict]:
    """Signed texts that are due at the Department of State, or came late; for a case that the United States run."""
    if not any(True for _ in situation.open_cases("USA")):
        return
    step = situation.of_role("USA", "transmission")
    done = Span.of(step.content.done) if step else Span()
    for instrument in situation.agreements:
        signed = Span.of(instrument.signed)
        if (
            not signed.known
            or instrument.binding == "non-binding"
            or not (signed.low and signed.low <= situation.today)
        ):
            continue
        by = signed.later(timing().rules["transmission"].days)
        if done.known:
            found = by.before(done)
            if found not in ("certain", "possible"):
                continue
            certainty: Certainty = "breached" if found == "certain" else "possible"
        elif situation.mine != "USA":
            continue  # that nothing is shared says nothing
        else:
            late = by.before(Span.day(situation.today))
            certainty = "breached" if late == "certain" else "possible" if late == "possible" else "ahead"
        held = [each for each in (step, *situation.open_cases("USA")) if each]
        yield Conflict(
            "transmission",
            certainty,
            by,
            {"on": signed, "by": by, "done": done if done.known else Blank("code", "unknown")},
            (f"instrument:{instrument.ref}", *(each.link for each in held)),
            any(each.national for each in held),
            ("USA",),
        )
