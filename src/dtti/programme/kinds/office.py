"""Office: a post that outlives its holder. Who holds it is an appointment."""

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import not_after
from dtti.programme.values import BodyRef, Line, OfficeRef, SideCode, When


class Office(Content, frozen=True, kw_only=True):
    """A post of one side; its `ref` begins with the side. `co_chairs`: bodies that it co-chairs or leads."""

    side: SideCode
    title: Line
    later_title: Line | None = None
    co_chairs: tuple[BodyRef, ...] = ()
    start: When | None = None
    end: When | None = None
    predecessor: OfficeRef | None = None
    successor: OfficeRef | None = None


def _checks(office: Office, context: Context) -> list[Refusal]:
    found = not_after("office-dates", "The office begins", office.start, "it ends", office.end, "end")
    if not office.ref.startswith(f"{office.side}/"):
        found.append(
            Refusal(
                "office-side",
                f"{office.ref} does not begin with its side.",
                f"Call it {office.side}/{office.ref}.",
                "ref",
            )
        )
    return found


OFFICE = Kind(
    code="office",
    mode="own",
    writers="secretariat of that side",
    content=Office,
    facets=lambda office: facets(
        office,
        subtitle=office.later_title,
        about=office.side,
        body=office.co_chairs[0] if office.co_chairs else "",
        on=office.start,
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("office"),
        many=N_("Offices"),
        section="meets",
        place=4,
        lede=N_("A post outlives its holder. Who holds it is an appointment; what it may do is given by keys."),
        columns=(
            Column(N_("Office"), NAME, order="title"),
            Column(N_("Side"), "about"),
            Column(N_("Co-chairs"), field="co_chairs", blank=True),
            Column(N_("From"), field="start"),
            Column(N_("To"), field="end"),
        ),
        filters=(("about", N_("Side")), ("body", N_("Body"))),
        order="ref",
        views=((N_("Appointments"), "appointments"), (N_("Co-chairs on a day"), "co-chairs")),
        missed=("start", "end"),
        under_side=True,
    ),
)
