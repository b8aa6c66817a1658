"""National case: the procedure of its own under which a side runs a project, and where the project enters it."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, Facets, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.lanes import timing
from dtti.programme.lanes.versions import Lane, lane, words
from dtti.programme.order import not_after, surely_later
from dtti.programme.values import InstrumentRef, Line, OfficeRef, ProjectRef, Prose, Row, SideCode, Slug, When


class Entry(Row, frozen=True, kw_only=True):
    """Where a project enters the procedure: at which step, category and route; who decided, on what authority.

    `changed`: what that changed for the project. `offsets`: whether they are owed, as the side says.
    """

    step: Slug
    category: Slug | None = None
    route: Slug | None = None
    on: When | None = None
    office: OfficeRef | None = None
    authority: Line | None = None
    changed: Prose | None = None
    offsets: Literal["owed", "not-owed"] | None = None


class NationalCase(Content, frozen=True, kw_only=True):
    """A side's case on a project: the version of the procedure (`rules`) under which it runs, since when, and why that.

    A case stays under the rules with which it began. `authority`: the legal authority under which the United States
    would conclude; it says what waits for Congress. `office`: which runs the case. `file_number`: the side's own.
    """

    side: SideCode
    project: ProjectRef
    rules: Slug
    began: When
    why: Prose | None = None
    office: OfficeRef | None = None
    instrument: InstrumentRef | None = None
    authority: Slug | None = None
    entry: Entry | None = None
    file_number: Line | None = None
    closed: When | None = None


def _checks(case: NationalCase, context: Context) -> list[Refusal]:
    held, found = lane(case.rules), not_after("case-dates", "The case began", case.began, "it closed", case.closed)
    if held is None or held.about.side != case.side:
        called = words().get(case.rules, case.rules)
        return [
            Refusal(
                "case-rules",
                f"This is no procedure of that side that is held here: {called}.",
                "Choose a procedure of the side that writes; if there is a later one, upgrade first.",
                "rules",
            )
        ]
    if held.about.until and surely_later(case.began, When(held.about.until)):
        found.append(
            Refusal(
                "case-rules",
                f"The case begins on {case.began}, when this procedure took no new cases: {held.about.title}.",
                "Choose the procedure that was in force on that day.",
                "rules",
            )
        )
    if case.authority and case.authority not in timing.timing().authorities:
        found.append(
            Refusal(
                "case-authority",
                f"{case.authority} is no legal authority that is held here.",
                "Choose one of those that are.",
                "authority",
            )
        )
    return [*found, *_entry(case, held), *_office(case), *_same(case, context.previous)]


def _entry(case: NationalCase, held: Lane) -> list[Refusal]:
    """The point of entry is a step, category and route of the procedure itself, and says who decided."""
    entry, found = case.entry, list[Refusal]()
    if entry is None:
        return found
    if entry.step not in held.path:
        found.append(
            Refusal(
                "case-entry",
                f"This is no step of {held.about.title}: {words().get(entry.step, entry.step)}.",
                "Choose a step of the procedure under which the case runs.",
                "entry.step",
            )
        )
    for said, known, field in (
        (entry.category, held.about.categories, "category"),
        (entry.route, held.about.routes, "route"),
    ):
        if said and said not in known:
            found.append(
                Refusal(
                    "case-entry",
                    f"{held.about.title} has no such category or route: {said}.",
                    "Choose one that it has, or leave it out.",
                    f"entry.{field}",
                )
            )
    if not (entry.office or entry.authority):
        found.append(
            Refusal(
                "case-entry",
                "Nothing says who decided where it enters.",
                "Name the office, or the authority on which it was decided.",
                "entry.office",
            )
        )
    return found


def _office(case: NationalCase) -> list[Refusal]:
    named = (("office", case.office), ("entry.office", case.entry.office if case.entry else None))
    return [
        Refusal(
            "case-office",
            f"An office of the other side is named ({office}).",
            "Name an office of the side whose case it is.",
            at,
        )
        for at, office in named
        if office and not office.startswith(f"{case.side}/")
    ]


def _same(case: NationalCase, before: Content | None) -> list[Refusal]:
    """A case stays on its project, and under the rules with which it began."""
    if not isinstance(before, NationalCase):
        return []
    if (case.side, case.project) != (before.side, before.project):
        return [
            Refusal(
                "case-same",
                "It was the case of another project.",
                "Close that case, and begin one for the other project.",
                "project",
            )
        ]
    if case.rules != before.rules:
        return [
            Refusal(
                "case-rules-kept",
                f"The case began under other rules: {words().get(before.rules, before.rules)}.",
                "A case stays under the rules with which it began: close it, and begin one under the others.",
                "rules",
            )
        ]
    return []


def _facets(case: NationalCase) -> Facets:
    title = words().get(case.rules, case.rules)
    return facets(
        case,
        f"{case.project}: {title}",
        subtitle=case.file_number,
        category=case.rules,
        status="closed" if case.closed else "open",
        about=case.side,
        on=case.began,
    )


def _called(row: Columns) -> Called | None:
    return Called(N_("%(project)s: %(rules)s"), {"project": f"project:{row.project}"}, codes={"rules": row.category})


NATIONAL_CASE = Kind(
    code="national_case",
    mode="own",
    writers="the office that runs the case; lane recorder",
    content=NationalCase,
    facets=_facets,
    checks=_checks,
    of_author=True,
    inside=True,
    apart=("notes",),
    withheld=("file_number",),
    face=Face(
        one=N_("national case"),
        many=N_("National cases"),
        address="national-cases",
        section="work",
        place=4,
        lede=N_("The procedure under which each side runs a project. It is a side's own until it releases it."),
        columns=(
            Column(N_("Case"), NAME, order="title"),
            Column(N_("Procedure"), "category"),
            Column(N_("Side"), "about"),
            Column(N_("Began"), "date", order="earliest"),
            Column(N_("State"), "status", order="status"),
        ),
        filters=(("project", N_("Project")), ("about", N_("Side")), ("status", N_("State"))),
        drafted=("ref", "side", "project", "rules", "began", "why", "office", "authority", "instrument", "entry",
                 "file_number", "closed"),
        begins=lambda beginning: (
            {"side": beginning.side} | ({"project": beginning.project} if beginning.project else {})
        ),
        missed=("entry",),
        called=_called,
        words={
            "rules": N_("Procedure"),
            "entry": N_("Where it enters the procedure"),
            "changed": N_("What that changed"),
            "offsets": N_("Offsets"),
            "owed": N_("owed"),
            "not-owed": N_("not owed"),
            "began": N_("Began"),
            "file_number": N_("Own file number"),
            "government-to-government": N_("between governments"),
            "foreign-military-sale": N_("foreign military sale"),
            "direct-commercial": N_("direct commercial sale"),
            "single-vendor": N_("single vendor"),
            "buy-indian-iddm": N_("Buy (Indian-IDDM)"),
            "buy-indian": N_("Buy (Indian)"),
            "buy-global": N_("Buy (Global)"),
            "buy-global-made-in-india": N_("Buy (Global, made in India)"),
            "buy-and-make": N_("Buy and Make"),
            "buy-and-make-indian": N_("Buy and Make (Indian)"),
            "mission-mode": N_("mission mode"),
            "technology-demonstration": N_("technology demonstration"),
        },
    ),
)  # fmt: skip
