"""External constraint: law or policy that bears on projects or purchases. Shown where it matters; blocks nothing."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import AnyLink, Cite, EventRef, Line, Money, ProjectRef, Prose, Row, SideCode, When


class ConstraintRule(Row, frozen=True, kw_only=True):
    """What the law or policy says: its name, the provision, the effect, in own words."""

    law: Line
    provision: Line | None = None
    text: Prose
    cite: Cite | None = None


class Exposure(Row, frozen=True, kw_only=True):
    """A purchase or project that it may touch, in words and by link where the record holds it.

    `value`: what is at stake by the figure preferred; `low`, `high`: the bounds between which sources have it.
    """

    text: Line
    record: AnyLink | None = None
    value: Money | None = None
    low: Money | None = None
    high: Money | None = None
    cite: Cite | None = None


class Waiver(Row, frozen=True, kw_only=True):
    """A dated statement about relief from it."""

    date: When
    status: Literal["none", "possible", "proposed", "granted", "refused", "lapsed", "unknown"]
    text: Prose
    cite: Cite | None = None


class Position(Row, frozen=True, kw_only=True):
    """What a side says about it in public (what it thinks in private is an own, national record)."""

    side: SideCode
    date: When
    text: Prose
    cite: Cite | None = None


class Constraint(Content, frozen=True, kw_only=True):
    """An external constraint, who imposes it, since when, and what is known of its reach."""

    name: Line
    type: Literal["sanctions", "export-control", "procurement-rule", "budget", "election", "other"]
    imposed_by: SideCode | None = None
    since: When | None = None
    until: When | None = None
    rules: tuple[ConstraintRule, ...] = ()
    exposed: tuple[Exposure, ...] = ()
    projects: tuple[ProjectRef, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    positions: tuple[Position, ...] = ()
    events: tuple[EventRef, ...] = ()


def at_stake(exposure: Exposure) -> tuple[int, int, str] | None:
    """The least and the most that is at stake in a purchase, and the currency; None where no figure is stated."""
    stated = [each for each in (exposure.low, exposure.value, exposure.high) if each is not None]
    if not stated:
        return None
    amounts = [each.amount for each in stated]
    return min(amounts), max(amounts), stated[0].currency


def _bounds(constraint: Constraint) -> list[Refusal]:
    found = []
    for place, each in enumerate(constraint.exposed):
        stated = [money for money in (each.low, each.value, each.high) if money is not None]
        amounts = [money.amount for money in stated]
        if len({(money.currency, money.measure) for money in stated}) > 1 or amounts != sorted(amounts):
            found.append(
                Refusal(
                    "constraint-stake",
                    "The figures of what is at stake are not bounds of one another.",
                    "Give lowest, preferred and highest in that order, of one currency and one measure.",
                    f"exposed.{place}.value",
                )
            )
    return found


def _checks(constraint: Constraint, context: Context) -> list[Refusal]:
    if constraint.rules:
        return _bounds(constraint)
    return [
        *_bounds(constraint),
        Refusal(
            "constraint-rule",
            "Nothing says what the law or policy is.",
            "State the rule, with its law and its source.",
            "rules",
        ),
    ]


CONSTRAINT = Kind(
    code="constraint",
    mode="own",
    writers="policy office",
    content=Constraint,
    facets=lambda constraint: facets(
        constraint,
        subtitle=constraint.rules[0].law if constraint.rules else "",
        category=constraint.type,
        status=constraint.waivers[-1].status if constraint.waivers else "unknown",
        about=constraint.imposed_by,
        project=constraint.projects[0] if constraint.projects else "",
        on=constraint.since,
    ),
    checks=_checks,
    face=Face(
        one=N_("external constraint"),
        many=N_("External constraints"),
        address="constraints",
        section="around",
        place=1,
        lede=N_(
            "Law and policy that bears on projects or purchases. Shown where it matters; it blocks nothing by itself."
        ),
        columns=(
            Column(N_("Constraint"), NAME, order="title"),
            Column(N_("Type"), "category"),
            Column(N_("Imposed by"), "about"),
            Column(N_("Since"), "date", order="earliest"),
            Column(
                N_("Purchases and projects exposed"),
                of=lambda constraint, day: len(constraint.exposed) + len(constraint.projects),
                number=True,
            ),
            Column(N_("Waiver"), "status"),
            SOURCE,
        ),
        filters=(("category", N_("Type")), ("status", N_("Waiver")), ("project", N_("Project"))),
        missed=("since",),
    ),
)
