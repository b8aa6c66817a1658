"""Progress: what a working group says on a day of how a project stands, on what it rests, and what it asks for next."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import DATE, NAME, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import AnyLink, BodyRef, ProjectRef, Prose, When

Course = Literal["on-course", "behind", "stopped", "not-known"]


class Progress(Content, frozen=True, kw_only=True):
    """A dated statement of a group on a project. `rests_on`: the records that show it. `asked`: what it asks for next.

    It is taken to the group above: the next meeting of that body opens with it.
    """

    project: ProjectRef
    body: BodyRef
    on: When
    course: Course
    text: Prose
    rests_on: tuple[AnyLink, ...] = ()
    asked: Prose | None = None


def _checks(progress: Progress, context: Context) -> list[Refusal]:
    if progress.course == "not-known" or progress.rests_on:
        return []
    return [
        Refusal(
            "progress-rests",
            f"It is said to be {progress.course}, and nothing shows it.",
            "Name the records that show it, or say that it is not known.",
        )
    ]


def _called(row: Columns) -> Called | None:
    date = row.title.rpartition(", ")[2]
    return Called(N_("%(project)s: progress on %(date)s"), {"project": f"project:{row.project}"}, {"date": date})


PROGRESS = Kind(
    code="progress",
    mode="joint",
    writers="working-group co-chairs",
    content=Progress,
    facets=lambda progress: facets(
        progress, f"{progress.project}, {progress.on}", status=progress.course, on=progress.on
    ),
    checks=_checks,
    face=Face(
        one=N_("progress statement"),
        many=N_("Progress statements"),
        address="progress",
        section="work",
        place=2,
        lede=N_("What each working group says of its projects, day by day, and on what it rests."),
        columns=(
            Column(N_("Statement"), NAME, order="title"),
            DATE,
            Column(N_("Course"), "status"),
            Column(N_("Body"), "body"),
        ),
        filters=(("project", N_("Project")), ("body", N_("Body")), ("status", N_("Course"))),
        order="earliest",
        descending=True,
        begins=lambda beginning: {"project": beginning.project} if beginning.project else {},
        called=_called,
        words={
            "course": N_("Course"),
            "on-course": N_("on course"),
            "behind": N_("behind"),
            "stopped": N_("stopped"),
            "not-known": N_("not known"),
            "rests_on": N_("What shows it"),
            "asked": N_("What is asked for next"),
        },
    ),
)
