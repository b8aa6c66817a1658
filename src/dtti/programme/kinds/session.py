"""Session: what a side keeps of a session of the industry forum beside the meeting itself, and tells industry of it."""

from typing import Final

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import Line, MeetingRef, Prose, Row, SideCode, When


class Question(Row, frozen=True, kw_only=True):
    """A question that industry asked in public, and the answer that everybody is given."""

    question: Prose
    asked_on: When | None = None
    answer: Prose | None = None
    answered_on: When | None = None


class Attended(Row, frozen=True, kw_only=True):
    """An organisation that was there. `people` only as far as they were given to be recorded."""

    organisation: Line
    from_side: SideCode | None = None
    people: tuple[Line, ...] = ()


class Session(Content, frozen=True, kw_only=True):
    """A session of the forum (`meeting`), as a side keeps it.

    `guidance`: what industry is told to prepare. `shown`: the day from which industry is shown guidance, questions and
    answers in its room; left out where it is not shown yet. Who attended is shown to officials alone.
    """

    side: SideCode
    meeting: MeetingRef
    guidance: Prose | None = None
    shown: When | None = None
    questions: tuple[Question, ...] = ()
    attended: tuple[Attended, ...] = ()


def _checks(session: Session, context: Context) -> list[Refusal]:
    found = []
    for place, each in enumerate(session.questions):
        at = f"questions.{place}.answered_on"
        found += not_after("session-answer", "A question was asked", each.asked_on, "its answer", each.answered_on, at)
        if each.answered_on and not each.answer:
            found.append(
                Refusal(
                    "session-answer",
                    "A question is said to be answered, and the answer is not there.",
                    "Give the answer, or leave the day out.",
                    f"questions.{place}.answer",
                )
            )
    if session.shown and not (session.guidance or session.questions):
        found.append(
            Refusal("session-shown", "Industry is shown nothing.", "Give the guidance, or leave the day out.", "shown")
        )
    return found


def _called(row: Columns) -> Called | None:
    return Called(N_("Session: %(meeting)s"), {"meeting": f"meeting:{row.subtitle}"}) if row.subtitle else None


SESSION: Final = Kind(
    code="session",
    mode="own",
    writers="the office that chairs the industry forum for its side",
    content=Session,
    facets=lambda session: facets(
        session, session.meeting, subtitle=session.meeting, about=session.side, began=session.shown
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("session of the industry forum"),
        many=N_("Sessions of the industry forum"),
        address="forum-sessions",
        section="meets",
        place=6,
        lede=N_("What each side keeps of a session: guidance, questions and answers, who attended."),
        columns=(
            Column(N_("Session"), NAME, order="title"),
            Column(N_("Side"), "about"),
            Column(N_("Shown to industry from"), field="shown", blank=True),
            Column(N_("Questions"), of=lambda session, day: len(session.questions), number=True),
            Column(N_("Organisations"), of=lambda session, day: len(session.attended), number=True),
        ),
        graded=False,
        filters=(("about", N_("Side")),),
        once="meeting",
        begins=lambda beginning: {
            "side": beginning.side,
            **({"meeting": beginning.meeting} if beginning.meeting else {}),
            **({"ref": f"{beginning.meeting}-{beginning.side.lower()}"} if beginning.meeting else {}),
        },
        drafted=("ref", "meeting", "side", "guidance", "shown", "questions", "attended"),
        called=_called,
        views=((N_("Industry forum"), "forum"),),
        words={
            "guidance": N_("Guidance to industry"),
            "shown": N_("Shown to industry from"),
            "questions": N_("Questions"),
            "question": N_("Question"),
            "asked_on": N_("Asked"),
            "answer": N_("Answer"),
            "answered_on": N_("Answered on"),
            "attended": N_("Organisations that attended"),
            "from_side": N_("From"),
            "people": N_("People, as far as given"),
        },
    ),
)
