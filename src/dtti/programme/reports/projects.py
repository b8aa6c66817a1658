"""Projects: each one's names, standing, horizons, agreements and outcome, with counts by each of them."""

from datetime import date
from typing import Any, ClassVar, Final

import msgspec

from dtti.programme.kinds.body import BODY
from dtti.programme.kinds.instrument import INSTRUMENT
from dtti.programme.kinds.project import Project
from dtti.programme.timeline import chronological, exact_days, happened
from dtti.programme.values import strength

from . import progress
from .counts import groups, tally
from .records import Reading, Version
from .rests import UNKNOWN, Members, Rests, Result, Unknown, evidence, iso, link, rests, taken, tallied, whole

_KEYS: Final = ("outcome", "standing", "domain", "kind", "cohort", "body")

METHOD = (
    "The outcome is the record's judgement as it stands. On a day before the last dated statement about a project the "
    "outcome of that time is not recorded: it is counted as unknown, and the standing shows what was stated by then.",
)


class Agreement(Rests, frozen=True):
    """An agreement on a project, or a sale of it."""

    record: str
    signed: str
    certain: str


class OnList(Rests, frozen=True):
    """A Statement of Intent on which a project stands, and the horizon there."""

    statement: str
    horizon: str


class StatementThen(Rests, frozen=True):
    """What was stated of a project."""

    date: str
    status: str
    certain: str
    reason_code: str | None
    note: str | None


class Cost(msgspec.Struct, frozen=True):
    """What a project costs as the record has it, with each side's share in basis points."""

    amount: int
    currency: str
    comparator: str
    basis: str
    shares: dict[str, int]


class ProjectThen(Rests, frozen=True):
    """A project as it stood."""

    name: str
    aliases: list[str]
    body: str
    domain: str
    kind: str
    cohort: str
    nomination_source: str
    in_dtti: bool
    first_named: str
    stage: str
    standing: str
    possibly: list[str]
    outcome: str
    agreement: str
    agreements: list[Agreement]
    days_named_to_agreement: int | Unknown
    horizons: list[OnList]
    statements: list[StatementThen]
    cost: Cost | Unknown
    continues: list[str]
    enablers: list[str]
    constraints: list[str]


class Suspension(Rests, frozen=True):
    """Why a suspended project is suspended."""

    since: str
    reason_code: str
    project: str
    body: str


class Projects(Result, frozen=True):
    """The report on projects."""

    called: ClassVar = "projects"

    n: int
    by_outcome: dict[str, int]
    by_standing: dict[str, int]
    by_domain: dict[str, int]
    by_kind: dict[str, int]
    by_cohort: dict[str, int]
    by_body: dict[str, int]
    by_nomination_source: dict[str, int]
    by_horizon: dict[str, int]
    groups: dict[str, dict[str, list[str]]]
    by_reason_code: dict[str, list[str]]
    suspended: dict[str, Suspension]
    projects: dict[str, ProjectThen]
    method: list[str]


def projects(reading: Reading, on: date | None, body: str | None) -> Projects:
    """Projects named for certain by the end of `on`, of all bodies or of one."""
    candidates = progress.every_project(reading, body)
    found = [each for each in candidates if progress.reached(progress.named(each), on) == "yes"]
    rows = {each.ref: _project(reading, each, on) for each in found}
    counted = [evidence(each, None, "first_named") for each in found]
    reasons = [
        (row.reason_code, ref, row)
        for ref, each in rows.items()
        for row in each.statements
        if row.reason_code and row.certain == "yes"
    ]
    suspended = {each.ref: why for each in found if (why := _suspension(reading, each, on)) is not None}
    return Projects(
        Projects.called,
        iso(on),
        body,
        len(rows),
        tally(row.outcome for row in rows.values()),
        tally(row.standing for row in rows.values()),
        tally(row.domain for row in rows.values()),
        tally(row.kind for row in rows.values()),
        tally(row.cohort for row in rows.values()),
        tally(row.body for row in rows.values()),
        tally(row.nomination_source for row in rows.values()),
        by_horizon=tally(each.horizon for row in rows.values() for each in row.horizons),
        groups={key: groups((getattr(row, key), ref) for ref, row in rows.items()) for key in _KEYS},
        by_reason_code=groups((code, ref) for code, ref, _row in reasons),
        suspended=suspended,
        projects=rows,
        method=list(METHOD),
        **whole(
            counted,
            **{
                f"by_{key}": tallied(
                    (getattr(rows[each.ref], key), rests([evidence(each, getattr(each.content, key, None), key)]))
                    for each in found
                )
                for key in ("outcome", "domain", "kind", "cohort", "body", "nomination_source")
            },
            by_standing=tallied((row.standing, _stands_on(row)) for row in rows.values()),
            by_horizon=tallied((each.horizon, each) for row in rows.values() for each in row.horizons),
            by_reason_code=tallied((code, row) for code, _ref, row in reasons),
        ),
    )


def _stands_on(row: ProjectThen) -> Members:
    """What the standing of a project rests on: the last certain statement of it, or the record where there is none."""
    said = [each for each in row.statements if each.certain == "yes" and each.status == row.standing]
    return taken(said[-1] if said else row)


def _outcome(version: Version[Project], on: date | None) -> str:
    content = version.content
    if content.outcome is None:
        return UNKNOWN
    if on is None:
        return content.outcome.code
    if content.outcome.as_of is not None:
        return content.outcome.code if happened(content.outcome.as_of, on) == "yes" else UNKNOWN
    last = max((row.date.latest for row in content.statements if row.date.latest), default=None)
    return content.outcome.code if last is None or last <= on else UNKNOWN


def _project(reading: Reading, version: Version[Project], on: date | None) -> ProjectThen:
    content = version.content
    standing, possible = progress.standing(version, on)
    signed = [step for step in progress.signatures(reading, version) if step.by(on) != "no"]
    stages = [row for row in content.stages if happened(row.entered, on) == "yes"]
    statements = [row for row in content.statements if happened(row.date, on) != "no"]
    certain = next((step for step in signed if step.by(on) == "yes"), None)
    return ProjectThen(
        content.name,
        list(content.aliases),
        content.body or UNKNOWN,
        content.domain or UNKNOWN,
        content.kind or UNKNOWN,
        content.cohort or UNKNOWN,
        content.nomination_source or UNKNOWN,
        in_dtti=content.in_dtti,
        first_named=str(content.first_named) if content.first_named else UNKNOWN,
        stage=stages[-1].stage if stages else UNKNOWN,
        standing=standing,
        possibly=possible,
        outcome=_outcome(version, on),
        agreement=progress.reached(progress.agreed(reading, version), on),
        agreements=[
            Agreement(link(step.evidence.version), str(step.when), step.by(on), **rests([step.evidence]))
            for step in signed
        ],
        days_named_to_agreement=exact_days(content.first_named, certain.when) if certain else UNKNOWN,
        horizons=[
            OnList(row.statement, row.horizon, **rests([evidence(version, row, "horizon")]))
            for row in content.horizons
            if _listed(reading, row.statement, on)
        ],
        statements=[
            StatementThen(
                str(row.date),
                row.status,
                happened(row.date, on, strength(row.cite, "date")),
                row.reason_code,
                row.note,
                **rests([evidence(version, row, "date")]),
            )
            for row in sorted(statements, key=lambda row: chronological(row.date))
        ],
        cost=_cost(content),
        continues=list(content.continues),
        enablers=list(content.enablers),
        constraints=list(content.constraints),
        **rests([evidence(version, None, "name"), *(step.evidence for step in signed)]),
    )


def _cost(project: Project) -> Cost | Unknown:
    """What it costs as the record has it, in whole units, with each side's share in basis points."""
    cost = project.cost
    if cost is None:
        return UNKNOWN
    money = cost.money
    shares: dict[str, int] = {share.side: share.basis_points for share in cost.shares}
    return Cost(money.amount, money.currency, money.comparator or UNKNOWN, cost.basis or UNKNOWN, shares)


def _listed(reading: Reading, statement: str, on: date | None) -> bool:
    held = reading.get(INSTRUMENT, statement)
    return held is not None and happened(held.content.signed, on) == "yes"


def _suspension(reading: Reading, version: Version[Project], on: date | None) -> Suspension | None:
    """Why a suspended project is suspended: the reason of its last certain statement, and its body's state with it."""
    rows: list[Any] = [
        row
        for row in sorted(version.content.statements, key=lambda row: chronological(row.date))
        if happened(row.date, on, strength(row.cite, "date")) == "yes"
    ]
    if not rows or rows[-1].status != "suspended":
        return None
    body = reading.get(BODY, version.content.body)
    used = [evidence(version, rows[-1], "reason_code")]
    return Suspension(
        str(rows[-1].date),
        rows[-1].reason_code or UNKNOWN,
        version.ref,
        version.content.body or UNKNOWN,
        **rests([*used, *([evidence(body)] if body else [])]),
    )
