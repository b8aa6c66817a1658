"""Closure: how a project ended, agreed by both sides: why, what came after it, what is settled, what was learned."""

from datetime import date
from typing import Final, Literal, get_args

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Beginning, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Beside, Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import (
    Cite,
    FileNumber,
    Line,
    OfficeRef,
    ProjectRef,
    Prose,
    Row,
    SideCode,
    TradeContractRef,
    When,
)

#: How a project ends: with the work done, or by an exit of the procedure.
Ending = Literal["completed", "not-pursued", "withdrawn", "terminated", "expired", "converted", "superseded"]
#: Why a side suspends or withdraws, or why a project ended; what each rests on stands in `programme/standing.toml`.
Reason = Literal[
    "requirement-change",
    "low-partner-demand",
    "no-agreed-exportable-technology",
    "export-control",
    "funding",
    "awaiting-legislature",
    "awaiting-partner",
    "delayed-decision",
    "delayed-execution",
    "duplicated",
    "better-bought",
    "agreement-ended",
    "work-done",
    "none-stated",
]
REASONS: Final[tuple[Reason, ...]] = get_args(Reason)
#: What is settled when a project closes, in the order of the checklist.
Matter = Literal["final-report", "equipment", "money", "intellectual-property", "consents"]
MATTERS: Final[tuple[Matter, ...]] = get_args(Matter)
_LESSONS: Final = ("worked", "did_not_work", "next_time")


class Settled(Row, frozen=True, kw_only=True):
    """What became of a matter: settled and how, nothing of it there was, or still open and who sees to it."""

    matter: Matter
    state: Literal["settled", "none", "open"]
    how: Prose | None = None
    registry: Line | None = None
    office: OfficeRef | None = None
    cite: Cite | None = None


class Closure(Content, frozen=True, kw_only=True):
    """The closure of a project; its reference is that of the project, so that there is one for each.

    `ending`, `ended`: how and on what day it ended. `by`: the side that withdrew. `successor`: the project that goes
    on from it. `contract`, `became`: what a conversion came to, as a trade contract or in words. `worked`,
    `did_not_work`, `next_time`: the lessons. `benefits_review`: the day on which both look at what came of it.
    """

    project: ProjectRef
    ending: Ending
    ended: When
    by: SideCode | None = None
    reason: Reason
    words: Prose | None = None
    successor: ProjectRef | None = None
    contract: TradeContractRef | None = None
    became: Prose | None = None
    settled: tuple[Settled, ...] = ()
    worked: Prose | None = None
    did_not_work: Prose | None = None
    next_time: Prose | None = None
    benefits_review: When | None = None
    no_review: Prose | None = None
    file_numbers: tuple[FileNumber, ...] = ()


def unsettled(closure: Closure) -> list[Matter]:
    """The matters of which the closure does not say that they are settled, or that there was nothing of the kind."""
    done = {each.matter for each in closure.settled if each.state != "open"}
    return [matter for matter in MATTERS if matter not in done]


def unlearned(closure: Closure) -> list[str]:
    """The lessons that are not written yet, and the review of benefits where neither a day nor a reason is given."""
    lacks = [name for name in _LESSONS if getattr(closure, name) is None]
    return lacks if closure.benefits_review or closure.no_review else [*lacks, "benefits_review"]


def _checks(closure: Closure, context: Context) -> list[Refusal]:
    found = distinct("closure-settled", "Matter", [each.matter for each in closure.settled], "settled.#.matter")
    if closure.ref != closure.project:
        found.append(
            Refusal(
                "closure-ref",
                f"The closure of {closure.project} is called {closure.ref}.",
                "Give it the reference of the project: there is one closure for each.",
                "ref",
            )
        )
    if (closure.by is not None) != (closure.ending == "withdrawn"):
        found.append(
            Refusal(
                "closure-by",
                "A side is named as withdrawing, and the project did not end so; or it did, and no side is named.",
                "Name the side that withdrew where one did, and no side otherwise.",
                "by",
            )
        )
    if closure.successor == closure.project:
        found.append(
            Refusal("closure-successor", "The project is said to follow itself.", "Name another project.", "successor")
        )
    if closure.ending == "superseded" and closure.successor is None:
        found.append(
            Refusal(
                "closure-successor",
                "Superseded, and no project is named that took its place.",
                "Name the project, or say how else it ended.",
                "successor",
            )
        )
    named = closure.contract is not None or closure.became is not None
    if named != (closure.ending == "converted"):
        found.append(
            Refusal(
                "closure-became",
                "It was converted, and nothing says into what; or something is named, and it was not converted.",
                "Name the trade contract, or say in words what it became; for a conversion alone.",
                "became" if closure.became is not None else "contract",
            )
        )
    for place, each in enumerate(closure.settled):
        if each.state != "none" and not (each.how or each.registry):
            found.append(
                Refusal(
                    "closure-settled",
                    f"Nothing says how this is settled, or what is left: {each.matter}.",
                    "Say it, or give the registry number of the paper that does.",
                    f"settled.{place}.how",
                )
            )
    return found


def _ahead(closure: Closure, today: date) -> list[Refusal]:
    """The day on which it ended is still to come or is not known."""
    if closure.ended.latest is not None and closure.ended.latest <= today:
        return []
    return [
        Refusal(
            "closure-ahead",
            "It tells of an end whose day is still to come or is not known.",
            "Give a day that has come.",
            "ended",
        )
    ]


def _forward(closure: Closure, beside: Beside) -> list[Refusal]:
    """What stands against closing: a withdrawal of which there is no notice, an expiry that no date shows."""
    from dtti.programme.standing import lacking

    early = _ahead(closure, beside.today) if beside.today else []
    return [*early, *lacking(closure, beside)]


def _called(row: Columns) -> Called | None:
    return Called(N_("Closure of %(project)s"), {"project": f"project:{row.project}"}) if row.project else None


def _begins(beginning: Beginning) -> dict[str, object]:
    return {"project": beginning.project, "ref": beginning.project} if beginning.project else {}


CLOSURE = Kind(
    code="closure",
    mode="joint",
    writers="working-group co-chairs; Group for commit and close",
    content=Closure,
    facets=lambda closure: facets(
        closure, f"Closure of {closure.project}", category=closure.ending, status=closure.reason, on=closure.ended
    ),
    checks=_checks,
    ahead=_ahead,
    forward=_forward,
    face=Face(
        one=N_("closure"),
        many=N_("Closures"),
        section="work",
        place=2,
        lede=N_("How each project ended: why, what came after it, what is settled, what was learned."),
        columns=(
            Column(N_("Closure"), NAME),
            Column(N_("How it ended"), "category"),
            Column(N_("Reason"), "status"),
            Column(N_("Ended"), "date", order="latest"),
            Column(N_("Followed by"), field="successor", blank=True),
            Column(N_("Review of benefits"), field="benefits_review"),
        ),
        filters=(
            ("category", N_("How it ended")),
            ("status", N_("Reason")),
            ("grade", N_("Grade")),
            ("court", N_("Waits on")),
        ),
        order="latest",
        descending=True,
        drafted=(
            *("ref", "project", "ending", "ended", "by", "reason", "words", "successor", "contract", "became"),
            *("settled", "worked", "did_not_work", "next_time", "benefits_review", "no_review"),
        ),
        begins=_begins,
        once="project",
        missed=("worked", "did_not_work", "next_time", "benefits_review"),
        called=_called,
        words={
            "ending": N_("How it ended"),
            "ended": N_("Ended"),
            "reason": N_("Reason"),
            "words": N_("Reason in words"),
            "successor": N_("Followed by"),
            "became": N_("What it became, in words"),
            "matter": N_("Matter"),
            "how": N_("How, or what is left"),
            "worked": N_("What worked"),
            "did_not_work": N_("What did not work"),
            "next_time": N_("What to do next time"),
            "benefits_review": N_("Review of benefits"),
            "no_review": N_("Why no review is set"),
        },
    ),
)
