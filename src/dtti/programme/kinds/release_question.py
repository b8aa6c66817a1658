"""Release question: may this be shared with the other side at all? Asked early of an office, answered with conditions.

Own and national: each side asks its own offices, question by question (`pipe`), and releases what it chooses. What is
good on a day is computed from the answers; none is taken away by a later one.
"""

from datetime import date
from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.export import Pipe
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.timeline import happened
from dtti.programme.values import Cite, Line, OfficeRef, ProjectRef, Prose, Row, SideCode, When, strength

#: How a question stands on a day, as computed.
State = Literal["not-answered", "yes", "yes-with-conditions", "no", "lapsed"]


class ReleaseAnswer(Row, frozen=True, kw_only=True):
    """An answer, of a day, by an office. `until`: the last day on which it is good; `registry`: its paper."""

    answer: Literal["yes", "yes-with-conditions", "no"]
    on: When
    office: OfficeRef
    conditions: Prose | None = None
    until: When | None = None
    registry: Line | None = None
    cite: Cite | None = None


class ReleaseQuestion(Content, frozen=True, kw_only=True):
    """A question of one side to an office of its own. `subject`: what would be shared; no `pipe`: as a whole."""

    side: SideCode
    project: ProjectRef | None = None
    subject: Line
    pipe: Pipe | None = None
    of: OfficeRef
    asked_by: OfficeRef
    asked: When
    wanted_by: When | None = None
    answers: tuple[ReleaseAnswer, ...] = ()

    def last(self, on: date | None = None) -> ReleaseAnswer | None:
        """The last answer that had certainly been given by the end of a day (None: of the record)."""
        given = [each for each in self.answers if happened(each.on, on, strength(each.cite, "on")) == "yes"]
        return max(given, key=lambda each: each.on.latest or date.min, default=None)

    def state(self, on: date | None = None) -> State:
        """How it stands on a day: an answer whose last day is certainly behind has lapsed, except a no."""
        last = self.last(on)
        if last is None:
            return "not-answered"
        over = on is not None and last.until is not None and last.until.latest is not None and last.until.latest < on
        return "lapsed" if over and last.answer != "no" else last.answer

    def days_open(self, on: date) -> int | None:
        """Days since it was asked, at least, while nothing answers it; None once something does."""
        if self.last(on) is not None or self.asked.latest is None or self.asked.latest > on:
            return None
        return (on - self.asked.latest).days


def _checks(question: ReleaseQuestion, context: Context) -> list[Refusal]:
    found = []
    for name, office in (("of", question.of), ("asked_by", question.asked_by)):
        if not office.startswith(f"{question.side}/"):
            found.append(
                Refusal(
                    "release-question-office",
                    f"A release question of {question.side} names an office of the other side ({office}).",
                    "Name an office of the own side: the other side answers its own question.",
                    name,
                )
            )
    found += not_after("release-question-dates", "It was asked", question.asked, "the day by which it is wanted",
                       question.wanted_by, "wanted_by")  # fmt: skip
    for place, each in enumerate(question.answers):
        field = f"answers.{place}"
        if not each.office.startswith(f"{question.side}/"):
            found.append(
                Refusal(
                    "release-question-office",
                    f"An answer of {question.side} is given by an office of the other side ({each.office}).",
                    "Name the office of the own side that answered.",
                    f"{field}.office",
                )
            )
        if each.answer == "yes-with-conditions" and not each.conditions:
            found.append(
                Refusal(
                    "release-answer-conditions",
                    "The answer is yes with conditions, and no condition is given.",
                    "State the conditions, or answer yes or no.",
                    f"{field}.conditions",
                )
            )
        if each.answer == "yes" and each.conditions:
            found.append(
                Refusal(
                    "release-answer-conditions",
                    "The answer is a plain yes, and conditions are given.",
                    "Answer yes with conditions, or take them out.",
                    f"{field}.answer",
                )
            )
        found += not_after("release-answer-dates", "It was asked", question.asked, "an answer to it", each.on,
                           f"{field}.on")  # fmt: skip
        found += not_after("release-answer-dates", "It was answered", each.on, "the last day of that answer",
                           each.until, f"{field}.until")  # fmt: skip
    return found


def _shown(question: ReleaseQuestion, day: date) -> str:
    return question.state(day)


RELEASE_QUESTION = Kind(
    code="release_question",
    mode="own",
    writers="disclosure officer, project officer, secretariat of that side",
    content=ReleaseQuestion,
    facets=lambda question: facets(
        question,
        question.subject,
        category=question.pipe or "",
        status=question.state(),
        about=question.side,
        on=question.asked,
        due=question.wanted_by.latest if question.wanted_by and not question.answers else None,
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("release question"),
        many=N_("Release questions"),
        section="work",
        place=5,
        lede=N_("May this be shared at all: asked of whom, when, and what the answer is. Kept inside until released."),
        columns=(
            Column(N_("What would be shared"), NAME, order="title"),
            Column(N_("Question"), "category"),
            Column(N_("Asked on"), "date", order="earliest"),
            Column(N_("Side"), "about"),
            Column(N_("Answer"), of=_shown),
        ),
        graded=False,
        filters=(("about", N_("Side")), ("category", N_("Question")), ("project", N_("Project"))),
        order="earliest",
        descending=True,
        drafted=("side", "project", "subject", "pipe", "of", "asked_by", "asked", "wanted_by"),
        begun=7,
        begins=lambda beginning: {"side": beginning.side},
        tasks={"answer": ("answers",)},
        words={
            "task-answer": N_("Answer a release question"),
            "of": N_("Asked of"),
            "asked_by": N_("Asked by"),
            "asked": N_("Asked on"),
            "answer": N_("Answer"),
            "wanted_by": N_("Answer wanted by"),
            "conditions": N_("Conditions"),
            "pipe": N_("Technology release question"),
            "not-answered": N_("not answered"),
            "yes-with-conditions": N_("yes with conditions"),
            "lapsed": N_("answer no longer good"),
            "low-observable": N_("Low observable and counter low observable"),
            "national-disclosure-policy": N_("National disclosure policy"),
            "intelligence": N_("Intelligence"),
            "night-vision": N_("Night vision"),
            "anti-tamper": N_("Anti-tamper"),
            "comsec": N_("Communications security (COMSEC)"),
            "special-access": N_("Special access"),
            "mtcr": N_("Missile technology control (MTCR)"),
            "data-links": N_("Data links and waveforms"),
            "pnt": N_("Positioning, navigation and timing (PNT)"),
            "geoint": N_("Geospatial intelligence (GEOINT)"),
            "ew": N_("Electronic warfare (EW)"),
        },
    ),
)
