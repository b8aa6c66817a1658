"""Where the answer to a row of the checklist is found in the record: one function for each way. Pure."""

from collections.abc import Callable
from datetime import date
from typing import Final, Literal

import msgspec

from dtti.language.marking import C_, N_
from dtti.programme.kind import Held
from dtti.programme.kinds.closure import CLOSURE, Closure, unlearned, unsettled
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.need import NEED, Need
from dtti.programme.kinds.project import Answer, Project
from dtti.programme.kinds.release_question import RELEASE_QUESTION, ReleaseQuestion
from dtti.programme.timeline import happened
from dtti.programme.values import Strength, When, strength

from .versions import How

Why = Literal[
    "found",
    "said",
    "said-public",
    "none-named",
    "answered",
    "absent",
    "statement-names",
    "one-side",
    "expired",
    "not-agreed",
    "not-dated",
    "brackets",
    "not-applied",
    "not-whole",
    "answered-no",
    "not-answered",
    "lapsed",
]
#: Why a row stands as it does, as refusals and pages say it.
WORDS: Final[dict[str, str]] = {
    "found": C_("refusal", "The record shows it."),
    "said": C_("refusal", "The text of the project says it."),
    "said-public": C_("refusal", "The text of the project says it, by what is public."),
    "none-named": C_("refusal", "The project names none."),
    "answered": C_("refusal", "The text of the project answers it."),
    "absent": C_("refusal", "Nothing in the record shows it."),
    "statement-names": C_(
        "refusal", "A Statement of Intent names it; the text of the project does not yet name the Statement."
    ),
    "one-side": C_("refusal", "It is there by the account of one side alone."),
    "expired": C_("refusal", "It was answered, and the answer is good no more."),
    "not-agreed": C_("refusal", "It is there, and both sides have not agreed it."),
    "not-dated": C_("refusal", "It is there, and its date has not come or is not known."),
    "brackets": C_("refusal", "A clause of it stands in brackets."),
    "not-applied": C_("refusal", "It is there, and is not in force or not applied."),
    "not-whole": C_("refusal", "Both agreed a closure, and it leaves this open."),
    "answered-no": C_("refusal", "A release question that the project names was answered with no."),
    "not-answered": C_("refusal", "A release question that the project names is not answered."),
    "lapsed": C_("refusal", "The answer to a release question that the project names is good no more."),
}
#: The field of a project's text in which the fact stands that answers a row, by the way it is looked for.
FIELDS: Final[dict[How, str]] = {
    "nomination": "nomination_source",
    "needs": "needs",
    "sponsors": "sponsors",
    "continues": "continues",
    "framework": "enablers",
    "transitions": "transitions",
    "release": "release_questions",
    "success": "success_definition",
    "statement": "horizons",
    "text": "agreements",
    "signed": "agreements",
    "in-force": "agreements",
    "plan": "plan",
    "enablers": "enablers",
    "outcome": "outcome",
}
_FRAMEWORKS: Final = ("terms-of-reference", "information-exchange-annex", "framework", "research-moa", "annex")
_BOTH: Final = ("agreed_here", "on_paper")
#: What is known of an agreement that is applied.
APPLIED: Final = ("in-use", "implementing")


#: What the record says against a row, so that an answer in the text of the project does not meet it.
AGAINST: Final[tuple[Why, ...]] = ("answered-no", "not-answered", "lapsed")


class Said(msgspec.Struct, frozen=True):
    """What the text of the project says itself, in the field that answers a row: a code, or words as they stand."""

    field: str
    text: str
    code: bool = False


#: What each such field says, where it is shown beside a row.
SAYS: Final[dict[str, str]] = {
    "nomination_source": N_("Nominated by"),
    "sponsors": N_("Sponsor"),
    "transitions": N_("Path into service"),
    "outcome": N_("Outcome"),
}


class Found(msgspec.Struct, frozen=True):
    """What was found for a row: whether that answers it, why, and the records that show it (links).

    `conditions`: on which it is met, word for word. `says`: what the project's own text says, where that shows it.
    """

    met: bool
    why: Why
    links: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    says: tuple[Said, ...] = ()

    @property
    def state(self) -> Literal["met", "not-applicable"]:
        """The state of a row that is answered so."""
        return "not-applicable" if self.why == "none-named" else "met"


ABSENT: Final = Found(met=False, why="absent")


def by(when: When | None, on: date | None, rests: Strength = "stated") -> bool:
    """Whether something had happened for certain by the end of a day; what is unverified makes nothing certain."""
    return happened(when, on, rests) == "yes"


def _had(one: Instrument, on: date | None, *fields: str) -> bool:
    """Whether one of the dates of an instrument had come for certain."""
    return any(by(getattr(one, field), on, strength(one.cite, field)) for field in fields)


def past(until: When, on: date | None) -> bool:
    """Whether the last day of something is certainly behind; on no day named, nothing is."""
    return on is not None and until.latest is not None and until.latest < on


def links_of(answer: Answer) -> tuple[str, ...]:
    """The records that an answer names."""
    sources = [f"source:{each}" for each in answer.cite.sources] if answer.cite else []
    meeting = [f"meeting:{answer.meeting}"] if answer.meeting else []
    instrument = [f"instrument:{answer.instrument}"] if answer.instrument else []
    return (*meeting, *instrument, *sources)


def look(how: How, project: Project, side: str, held: Held, on: date | None) -> Found:
    """What the record shows for a row, for one side where it is asked of each."""
    return _WAYS[how](project, side, held, on) if how in _WAYS else ABSENT


def _told(*says: Said) -> Found:
    """What the text of the project says itself; absent where it says nothing."""
    return Found(met=True, why="said", says=says) if says else ABSENT


def _instruments(
    held: Held, refs: tuple[str, ...], types: tuple[str, ...] = ()
) -> tuple[list[Instrument], tuple[str, ...]]:
    """Those that both sides hold or that are public; and the links of all that are there, by whoever's account.

    `types`: of these types alone.
    """
    firm, there = [], []
    for ref in refs:
        content, grade = held("instrument", ref) or (None, "")
        if isinstance(content, Instrument) and (not types or content.type in types):
            there.append(f"instrument:{ref}")
            if grade in (*_BOTH, "published"):
                firm.append(content)
    return firm, tuple(there)


def _none(there: tuple[str, ...]) -> Found:
    """No instrument that both hold: none at all, or one by the account of one side."""
    return Found(met=False, why="one-side", links=there) if there else ABSENT


def _nomination(project: Project, side: str, held: Held, on: date | None) -> Found:
    source = project.nomination_source
    return _told(Said("nomination_source", source, code=True)) if source not in (None, "not-stated") else ABSENT


def _needs(project: Project, side: str, held: Held, on: date | None) -> Found:
    for ref in project.needs:
        found = held(NEED.code, ref)
        if found is not None and isinstance(found[0], Need) and found[0].side == side:
            return Found(met=True, why="found", links=(f"{NEED.code}:{ref}",))
    return ABSENT


def _sponsors(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _told(*(Said("sponsors", each.organisation) for each in project.sponsors if each.side == side))


def _transitions(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _told(*(Said("transitions", each.path) for each in project.transitions if each.side == side))


def _release(project: Project, side: str, held: Held, on: date | None) -> Found:
    """The release questions of a side that the project names, as both sides hold them: each has a good yes.

    A record that is kept inside is not held here, so that no released text rests on it.
    """
    named = {ref: held(RELEASE_QUESTION.code, ref) for ref in project.release_questions}
    questions = {ref: one[0] for ref, one in named.items() if one is not None}
    mine = {
        ref: one
        for ref, one in questions.items()
        if isinstance(one, ReleaseQuestion) and one.side == side and one.project in (None, project.ref)
    }
    if not mine or len(questions) < len(named):  # of one that is not here nobody can say what it was answered
        return ABSENT
    states = {ref: one.state(on) for ref, one in mine.items()}
    bad: dict[str, Why] = {"no": "answered-no", "not-answered": "not-answered", "lapsed": "lapsed"}
    for state, why in bad.items():
        against = [ref for ref, held_as in states.items() if held_as == state]
        if against:
            return Found(met=False, why=why, links=tuple(f"{RELEASE_QUESTION.code}:{ref}" for ref in against))
    last = [one.last(on) for one in mine.values()]
    return Found(
        met=True,
        why="found",
        links=tuple(f"{RELEASE_QUESTION.code}:{ref}" for ref in mine),
        conditions=tuple(each.conditions for each in last if each and each.conditions),
    )


def _continues(project: Project, side: str, held: Held, on: date | None) -> Found:
    links = tuple(f"project:{ref}" for ref in project.continues)
    return Found(met=True, why="found", links=links) if links else ABSENT


def _framework(project: Project, side: str, held: Held, on: date | None) -> Found:
    named, there = _instruments(held, (*project.enablers, *project.agreements), _FRAMEWORKS)
    if not named:
        return _none(there)
    good = [each for each in named if _had(each, on, "in_force") and not (each.expires and past(each.expires, on))]
    links = tuple(f"instrument:{each.ref}" for each in good or named)
    return Found(met=bool(good), why="found" if good else "not-applied", links=links)


def _success(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _agreed("success_definition", project.success_definition, held)


def _plan(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _agreed("plan", project.plan, held)


def _agreed(kind: str, ref: str | None, held: Held) -> Found:
    """A record that the project names, and that both sides agreed."""
    found = held(kind, ref) if ref else None
    if found is None:
        return ABSENT
    agreed = found[1] in _BOTH
    return Found(met=agreed, why="found" if agreed else "not-agreed", links=(f"{kind}:{ref}",))


def _statement(project: Project, side: str, held: Held, on: date | None) -> Found:
    links = tuple(f"instrument:{each.statement}" for each in project.horizons)
    return Found(met=True, why="found", links=links) if links else ABSENT


def _text(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _dated(project, held, on, "text_agreed", "signed", whole=True)


def _signed(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _dated(project, held, on, "signed")


def _in_force(project: Project, side: str, held: Held, on: date | None) -> Found:
    return _dated(project, held, on, "in_force")


def _dated(project: Project, held: Held, on: date | None, *fields: str, whole: bool = False) -> Found:
    """Whether one of these dates of an agreement of the project has come; `whole`: and no clause stands in brackets."""
    named, there = _instruments(held, project.agreements)
    if not named:
        return _none(there)
    come = [each for each in named if _had(each, on, *fields)]
    if not come:
        return Found(met=False, why="not-dated", links=tuple(f"instrument:{each.ref}" for each in named))
    good = [each for each in come if not whole or all(clause.state == "agreed" for clause in each.clauses)]
    return Found(
        met=bool(good),
        why="found" if good else "brackets",
        links=tuple(f"instrument:{each.ref}" for each in good or come),
    )


def _enablers(project: Project, side: str, held: Held, on: date | None) -> Found:
    if not project.enablers:
        return Found(met=True, why="none-named")
    named, _there_too = _instruments(held, project.enablers)
    applied = [each for each in named if each.implementation in APPLIED and _had(each, on, "in_force")]
    links = tuple(f"instrument:{ref}" for ref in project.enablers)
    whole = len(applied) == len(project.enablers)
    return Found(met=whole, why="found" if whole else "not-applied", links=links)


def _closure(project: Project, held: Held) -> tuple[Closure | None, Found]:
    """The closure that both agreed; failing that, what a row says of it."""
    found = held(CLOSURE.code, project.ref)
    if found is None or not isinstance(found[0], Closure):
        return None, ABSENT
    links = (f"{CLOSURE.code}:{project.ref}",)
    agreed = found[1] in (*_BOTH, "published")
    return (found[0] if agreed else None), Found(met=agreed, why="found" if agreed else "not-agreed", links=links)


def agreed_closure(project: Project, held: Held) -> Closure | None:
    """The closure of a project that both agreed, or that is public; None where there is none."""
    return _closure(project, held)[0]


def _outcome(project: Project, side: str, held: Held, on: date | None) -> Found:
    if project.outcome is None:
        return _closure(project, held)[1]
    text = (Said("outcome", project.outcome.text),) if project.outcome.text else ()
    return _told(Said("outcome", project.outcome.code, code=True), *text)


def _settled(project: Project, side: str, held: Held, on: date | None) -> Found:
    closure, found = _closure(project, held)
    return found if closure is None or not unsettled(closure) else Found(met=False, why="not-whole", links=found.links)


def _lessons(project: Project, side: str, held: Held, on: date | None) -> Found:
    closure, found = _closure(project, held)
    return found if closure is None or not unlearned(closure) else Found(met=False, why="not-whole", links=found.links)


_WAYS: Final[dict[How, Callable[[Project, str, Held, date | None], Found]]] = {
    "nomination": _nomination,
    "needs": _needs,
    "sponsors": _sponsors,
    "continues": _continues,
    "framework": _framework,
    "transitions": _transitions,
    "release": _release,
    "success": _success,
    "statement": _statement,
    "text": _text,
    "signed": _signed,
    "in-force": _in_force,
    "plan": _plan,
    "enablers": _enablers,
    "outcome": _outcome,
    "settled": _settled,
    "lessons": _lessons,
}
