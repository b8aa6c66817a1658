"""Answer to a request: what the office that was asked gave, on which day; or what the asker noted from its letter."""

from datetime import date
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import AnyLink, AskRef, Line, OfficeRef, Prose, SideCode, When


class AskAnswer(Content, frozen=True, kw_only=True):
    """What `office`, which was asked, answered on the day `given_on`. `side`: which side says so.

    That is the side of the office; or the other one, which notes it from the letter of that number (`letter`).
    `shows`: a record that holds what was asked for. `result`: whether that was given, or declined.
    """

    side: SideCode
    ask: AskRef
    office: OfficeRef
    holder: Line | None = None
    given_on: When
    result: Literal["given", "declined"]
    text: Prose | None = None
    shows: AnyLink | None = None
    letter: Line | None = None

    @property
    def noted(self) -> bool:
        """Whether it is noted of an office of the other side."""
        return not self.office.startswith(f"{self.side}/")


def _called(row: Columns) -> Called | None:
    ask, _comma, day = row.title.rpartition(", ")
    if not ask:
        return None
    return Called(N_("Answer of %(date)s. %(ask)s"), {"ask": f"ask:{ask}"}, {"date": day})


def _checks(answer: AskAnswer, context: Context) -> list[Refusal]:
    found = []
    if answer.noted and not answer.letter:
        found.append(
            Refusal(
                "ask-answer-letter",
                f"It is noted of an office of the other side ({answer.office}), and names no letter.",
                "Give the number of the letter by which that office answered.",
                "letter",
            )
        )
    if not (answer.text or answer.shows or answer.letter):
        found.append(
            Refusal(
                "ask-answer-text",
                "It does not say what was answered.",
                "Say it in a sentence, or name the record or the letter that holds it.",
                "text",
            )
        )
    previous = context.previous
    if isinstance(previous, AskAnswer) and (answer.ask, answer.office) != (previous.ask, previous.office):
        found.append(
            Refusal(
                "ask-answer-same",
                "A correction makes it the answer to another request, or of another office.",
                "Record an answer of its own instead.",
                "ask",
            )
        )
    return found


def _ahead(answer: AskAnswer, today: date) -> list[Refusal]:
    if answer.given_on.earliest is None or answer.given_on.earliest <= today:
        return []
    return [
        Refusal("ask-day", "The day is still to come.", "Give today, or when it was.", "given_on"),
    ]


ASK_ANSWER: Final = Kind(
    code="ask_answer",
    mode="own",
    writers="the office that was asked; the asker, from its letter",
    content=AskAnswer,
    facets=lambda answer: facets(
        answer,
        f"{answer.ask}, {answer.given_on}",
        subtitle=(answer.text or "")[:200],
        category="noted" if answer.noted else "",
        status=answer.result,
        about=answer.side,
        on=answer.given_on,
    ),
    checks=_checks,
    of_author=True,
    ahead=_ahead,
    face=Face(
        one=N_("answer to a request"),
        many=N_("Answers to requests"),
        address="ask-answers",
        section="work",
        place=5,
        lede=N_("What offices answered when they were asked, and on which day."),
        columns=(
            Column(N_("Answer"), NAME),
            Column(N_("Answered on"), "date", order="earliest"),
            Column(N_("Recorded by"), "about"),
            Column(N_("Outcome"), "status"),
            Column(N_("What was answered"), field="text", blank=True),
            SOURCE,
        ),
        graded=False,
        filters=(("about", N_("Recorded by")), ("status", N_("Outcome"))),
        order="earliest",
        descending=True,
        drafted=("result", "text", "shows", "given_on", "letter", "ask", "office", "holder", "side"),
        called=_called,
        words={
            "ask": N_("Request"),
            "given_on": N_("Answered on"),
            "result": N_("Outcome"),
            "shows": N_("Record that holds it"),
            "given": N_("given"),
            "declined": N_("declined"),
        },
    ),
)
