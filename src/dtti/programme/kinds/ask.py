"""Ask: what an office asks of a named office of either side, about a record: comments, a nomination, a visit ..."""

import re
from datetime import date
from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, SOURCE, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import surely_later
from dtti.programme.values import AnyLink, Line, OfficeRef, ProjectRef, Prose, SideCode, When

Asked = Literal["comments", "nomination", "visit", "reply", "paper"]


class Ask(Content, frozen=True, kw_only=True):
    """A request of `office` (and its `holder`) to the office `of`, about a record, made on the day `asked_on`.

    `wanted`: the day by which it is wanted. `project`: where the record asked about is none itself. `letter`: number of
    the letter by which it was asked, where it was. What answers it is a record of its own; `withdrawn`: asked no more.
    """

    side: SideCode
    office: OfficeRef
    holder: Line | None = None
    of: OfficeRef
    what: Asked
    about: AnyLink
    project: ProjectRef | None = None
    text: Prose
    asked_on: When
    wanted: When | None = None
    letter: Line | None = None
    withdrawn: When | None = None
    why: Prose | None = None

    @property
    def to(self) -> str:
        """The side of the office that is asked."""
        return self.of.partition("/")[0]

    @property
    def internal(self) -> bool:
        """Whether it is asked of an office of the own side."""
        return self.to == self.side

    @property
    def of_project(self) -> str:
        """The reference of the project that it is about, or whose record it is about; empty where it is none's."""
        kind, _colon, ref = self.about.partition(":")
        return ref if kind == "project" else self.project or ""


#: What a title is made of: what is asked, of which office, about which record.
_TITLE: Final = re.compile(r"([a-z]+): ([^,]+), (.+)")
_CALLED: Final = {
    "comments": N_("Comments asked of %(office)s: %(about)s"),
    "nomination": N_("Nomination asked of %(office)s: %(about)s"),
    "visit": N_("Visit asked of %(office)s: %(about)s"),
    "reply": N_("Answer asked of %(office)s: %(about)s"),
    "paper": N_("Document asked of %(office)s: %(about)s"),
}


def _facets(ask: Ask) -> Facets:
    return facets(
        ask,
        f"{ask.what}: {ask.of}, {ask.about}",
        subtitle=ask.text[:200],
        category=ask.what,
        status="withdrawn" if ask.withdrawn else "",
        about=ask.side,
        project=ask.of_project,
        on=ask.asked_on,
    )


def _called(row: Columns) -> Called | None:
    found = _TITLE.fullmatch(row.title)
    if found is None or found.group(1) not in _CALLED:
        return None
    what, office, about = found.groups()
    return Called(_CALLED[what], {"office": f"office:{office}", "about": about})


def _checks(ask: Ask, context: Context) -> list[Refusal]:
    found = []
    if not ask.office.startswith(f"{ask.side}/"):
        found.append(
            Refusal(
                "ask-office",
                f"It is asked for {ask.side} by an office of the other side ({ask.office}).",
                "Name the office of that side that asks.",
                "office",
            )
        )
    if ask.of == ask.office:
        found.append(Refusal("ask-of", "An office is said to ask itself.", "Name the office that is asked.", "of"))
    if ask.wanted and surely_later(ask.asked_on, ask.wanted):
        found.append(
            Refusal(
                "ask-wanted",
                "It is wanted by a day before the day on which it was asked.",
                "Give a later day, or leave it out.",
                "wanted",
            )
        )
    if ask.withdrawn and surely_later(ask.asked_on, ask.withdrawn):
        found.append(
            Refusal(
                "ask-withdrawn",
                "It is withdrawn on a day before the day on which it was asked.",
                "Give the day on which it was withdrawn.",
                "withdrawn",
            )
        )
    return found + _same(ask, context.previous)


def _same(ask: Ask, previous: Content | None) -> list[Refusal]:
    """A later version of an ask stays the same request: who waits on whom since when is counted by it."""
    fixed = ("side", "office", "of", "what", "about", "asked_on")
    if not isinstance(previous, Ask) or all(getattr(ask, each) == getattr(previous, each) for each in fixed):
        return []
    return [
        Refusal(
            "ask-same",
            "It is made another request: by whom, of whom, about what or since when.",
            "Withdraw it, and ask again.",
        )
    ]


def _inside(ask: Ask) -> Refusal | None:
    if not ask.internal:
        return None
    return Refusal(
        "ask-inside",
        "What one office asks of another of the same side stays with that side.",
        "Keep it inside; ask an office of the other side for what the other side is to know of.",
    )


def _ahead(ask: Ask, today: date) -> list[Refusal]:
    found = []
    for name, when in (("asked_on", ask.asked_on), ("withdrawn", ask.withdrawn)):
        if when is not None and when.earliest is not None and when.earliest > today:
            found.append(Refusal("ask-day", "The day is still to come.", "Give today, or when it was.", name))
    return found


ASK: Final = Kind(
    code="ask",
    mode="own",
    writers="the office that asks",
    content=Ask,
    facets=_facets,
    checks=_checks,
    of_author=True,
    kept_inside=_inside,
    ahead=_ahead,
    face=Face(
        one=N_("request to an office"),
        many=N_("Requests to offices"),
        address="asks",
        section="work",
        place=4,
        lede=N_("What one office has asked of another: comments, a nomination, a visit, an answer, a document."),
        columns=(
            Column(N_("Request"), NAME),
            Column(N_("Asked on"), "date", order="earliest"),
            Column(N_("Asked by"), "about"),
            Column(N_("Wanted by"), field="wanted", blank=True),
            Column(N_("What is asked"), field="text"),
            SOURCE,
        ),
        graded=False,
        filters=(("about", N_("Asked by")), ("category", N_("What is asked")), ("project", N_("Project"))),
        order="earliest",
        descending=True,
        drafted=("of", "what", "text", "wanted", "about", "letter", "asked_on", "office", "holder", "side"),
        called=_called,
        views=((N_("Who is awaited"), "awaited"),),
        words={
            "of": N_("Asked of"),
            "what": N_("What is asked for"),
            "about": N_("About"),
            "asked_on": N_("Asked on"),
            "wanted": N_("Wanted by"),
            "letter": N_("Number of the letter"),
            "withdrawn": N_("Withdrawn on"),
            "comments": N_("comments"),
            "nomination": N_("a nomination"),
            "visit": N_("a visit"),
            "reply": N_("an answer"),
            "paper": N_("a document"),
        },
    ),
)
