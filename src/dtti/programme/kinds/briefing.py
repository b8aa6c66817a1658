"""Briefing: what an office tells its own co-chair before a meeting: the words that only the brief needs."""

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct
from dtti.programme.values import Line, MeetingRef, OfficeRef, Prose, Row, SideCode, When


class Question(Row, frozen=True, kw_only=True):
    """A decision asked of the co-chair: the options, what the office recommends, what follows without one."""

    number: Line
    question: Prose
    background: Prose | None = None
    options: tuple[Line, ...] = ()
    recommended: Prose | None = None
    otherwise: Prose | None = None
    by: When | None = None


class Briefing(Content, frozen=True, kw_only=True):
    """One side's advice for a meeting; no paper that both sides read takes anything from it."""

    meeting: MeetingRef
    side: SideCode
    office: OfficeRef | None = None
    period_from: When | None = None
    opening: Prose | None = None
    questions: tuple[Question, ...] = ()
    advice: tuple[Prose, ...] = ()


def _checks(briefing: Briefing, context: Context) -> list[Refusal]:
    found = distinct(
        "briefing-question", "Question", [each.number for each in briefing.questions], "questions.#.number"
    )
    if briefing.office and not briefing.office.startswith(f"{briefing.side}/"):
        found.append(
            Refusal(
                "briefing-office",
                f"{briefing.office} is not of {briefing.side}.",
                "Name an office of that side.",
                "office",
            )
        )
    return found


def _called(row: Columns) -> Called | None:
    _, _, meeting = row.title.partition(", ")
    return Called(N_("Brief for %(meeting)s"), {"meeting": f"meeting:{meeting}"}) if meeting else None


BRIEFING = Kind(
    code="briefing",
    mode="own",
    writers="secretariat of that side",
    content=Briefing,
    facets=lambda briefing: facets(briefing, f"{briefing.side}, {briefing.meeting}", about=briefing.side, began=None),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("brief"),
        many=N_("Briefs"),
        section="meets",
        place=5,
        lede=N_("What an office advises its own co-chair before a meeting. It stays inside this side."),
        columns=(
            Column(N_("Brief"), NAME, order="title"),
            Column(N_("Decisions asked for"), of=lambda briefing, day: len(briefing.questions), number=True),
        ),
        once="meeting",
        begins=lambda beginning: (
            {"side": beginning.side} | ({"meeting": beginning.meeting} if beginning.meeting else {})
        ),
        called=_called,
        words={
            "period_from": N_("What moved since"),
            "opening": N_("Opening line"),
            "questions": N_("Decisions asked for"),
            "question": N_("Question"),
            "background": N_("Background"),
            "options": N_("Options"),
            "recommended": N_("What the office recommends"),
            "otherwise": N_("What follows without a decision"),
            "advice": N_("Advice"),
        },
    ),
)
