"""Reason for a wait: why, as a side says of itself, something has waited on it, from when to when."""

from datetime import date
from typing import Final

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.delays import delays
from dtti.programme.face import NAME, SOURCE, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import AnyLink, OfficeRef, ProjectRef, Prose, SideCode, Slug, When


class Delay(Content, frozen=True, kw_only=True):
    """Why `about` (a record, or a request to an office) has waited on `side`, from `start` to `end` (still: None).

    `reason`: a code of `dtti.programme.delays`. `office`: where it waits, if the side says so.
    Each side says it of itself alone.
    """

    side: SideCode
    about: AnyLink
    project: ProjectRef | None = None
    office: OfficeRef | None = None
    reason: Slug
    start: When
    end: When | None = None
    text: Prose | None = None

    @property
    def of_project(self) -> str:
        """The reference of the project that it is about, or whose record it is about; empty where it is none's."""
        kind, _colon, ref = self.about.partition(":")
        return ref if kind == "project" else self.project or ""


def _called(row: Columns) -> Called | None:
    _reason, colon, about = row.title.partition(": ")
    return Called(N_("Reason for a wait: %(about)s"), {"about": about}) if colon else None


def _checks(delay: Delay, context: Context) -> list[Refusal]:
    found = not_after("delay-dates", "It begins to wait", delay.start, "it ends", delay.end, "end")
    if delay.reason not in delays():
        found.append(
            Refusal(
                "delay-reason",
                f"{delay.reason} is no reason of the list.",
                f"Choose one of: {', '.join(delays())}.",
                "reason",
            )
        )
    if delay.office and not delay.office.startswith(f"{delay.side}/"):
        found.append(
            Refusal(
                "delay-office",
                f"It is said to wait at an office of the other side ({delay.office}).",
                "Name an office of the side that says it, or none.",
                "office",
            )
        )
    return found


def _ahead(delay: Delay, today: date) -> list[Refusal]:
    return [
        Refusal("ask-day", "The day is still to come.", "Give today, or when it was.", name)
        for name, when in (("start", delay.start), ("end", delay.end))
        if when is not None and when.earliest is not None and when.earliest > today
    ]


DELAY: Final = Kind(
    code="delay",
    mode="own",
    writers="the office at which it waits; the secretariat",
    content=Delay,
    facets=lambda delay: facets(
        delay,
        f"{delay.reason}: {delay.about}",
        subtitle=(delay.text or "")[:200],
        category=delay.reason,
        about=delay.side,
        project=delay.of_project,
        on=delay.start,
    ),
    checks=_checks,
    of_author=True,
    ahead=_ahead,
    face=Face(
        one=N_("reason for a wait"),
        many=N_("Reasons for waits"),
        address="delays",
        section="work",
        place=6,
        lede=N_("Why something has waited on a side, as that side says of itself."),
        columns=(
            Column(N_("Reason for a wait"), NAME),
            Column(N_("Reason"), "category"),
            Column(N_("From"), "date", order="earliest"),
            Column(N_("Until"), field="end", blank=True),
            Column(N_("Side"), "about"),
            SOURCE,
        ),
        graded=False,
        filters=(("about", N_("Side")), ("category", N_("Reason")), ("project", N_("Project"))),
        order="earliest",
        descending=True,
        drafted=("reason", "text", "start", "end", "office", "about", "side"),
        called=_called,
        words={"reason": N_("Reason")},
    ),
)
