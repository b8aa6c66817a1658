"""A kind of record that this version does not have: a trial of equipment, as its one file would hold it."""

from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import Cite, Line, ProjectRef, Prose, Row, SideCode, When


class Finding(Row, frozen=True, kw_only=True):
    """What a side found."""

    side: SideCode
    text: Line
    cite: Cite | None = None


class Trial(Content, frozen=True, kw_only=True):
    """A trial: of what, where, when, by which criterion, and how it went."""

    name: Line
    project: ProjectRef | None = None
    planned: When
    held: When | None = None
    firing_range: Line | None = None
    criterion: Prose
    verdict: Literal["criterion-met", "criterion-missed"] | None = None
    findings: tuple[Finding, ...] = ()


def _checks(trial: Trial, context: Context) -> list[Refusal]:
    found = not_after("trial-dates", "It was planned for", trial.planned, "it was held", trial.held)
    if trial.verdict and not trial.held:
        found.append(Refusal("trial-verdict", "It has a verdict and was not held.", "Say when it was held."))
    if isinstance(context.previous, Trial) and context.previous.criterion != trial.criterion:
        found.append(
            Refusal("trial-criterion", "The criterion is another than before.", "Keep it; plan another trial for that.")
        )
    return found


TRIAL: Final = Kind(
    code="trial",
    mode="joint",
    writers="working-group co-chairs",
    content=Trial,
    facets=lambda trial: facets(
        trial, subtitle=trial.firing_range, status=trial.verdict, on=trial.held or trial.planned, began=trial.planned
    ),
    checks=_checks,
    face=Face(
        one=N_("trial"),
        many=N_("Trials"),
        section="work",
        lede=N_("What was tried, by a criterion that both sides agreed before."),
        columns=(
            Column(N_("Trial"), NAME, order="title"),
            Column(N_("Planned for"), field="planned", order="earliest"),
            Column(N_("Project"), "project"),
            Column(N_("Verdict"), "status"),
            Column(N_("Findings"), of=lambda trial, day: len(trial.findings), number=True),
            SOURCE,
        ),
        filters=(("status", N_("Verdict")), ("project", N_("Project"))),
        drafted=("ref", "name", "project", "planned", "held", "firing_range", "criterion", "verdict", "findings"),
        begun=7,
        begins=lambda beginning: {"findings": [{"side": side} for side in beginning.sides]},
        missed=("held", "verdict"),
        words={
            "firing_range": N_("Range"),
            "criterion": N_("Criterion agreed before"),
            "verdict": N_("Verdict"),
            "findings": N_("Findings"),
            "criterion-met": N_("met its criterion"),
        },
    ),
)
