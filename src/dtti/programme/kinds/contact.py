"""Contact: who of this side met which company or association, when and about what. It stays inside this side."""

from typing import Final, Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import Line, MeetingRef, OfficeRef, Prose, SideCode, When


class Contact(Content, frozen=True, kw_only=True):
    """A contact with industry: an office of this side and its holder, the organisation, the day, what was spoken of."""

    side: SideCode
    office: OfficeRef
    holder: Line
    organisation: Line
    met_on: When
    how: Literal["in-person", "by-telephone", "by-letter", "at-session"]
    topic: Prose
    session: MeetingRef | None = None


def _checks(contact: Contact, context: Context) -> list[Refusal]:
    found = []
    if context.ledger == "released":
        found.append(
            Refusal(
                "contact-inside",
                "A contact with industry would be told to the other side.",
                "Keep it inside this side; a session's own record says who attended.",
            )
        )
    if not contact.office.startswith(f"{contact.side}/"):
        found.append(
            Refusal(
                "contact-office",
                f"It is a contact of {contact.side}, by an office of the other side ({contact.office}).",
                "Name an office of that side.",
                "office",
            )
        )
    return found


CONTACT: Final = Kind(
    code="contact",
    mode="own",
    writers="whoever of this side met a company or an association",
    content=Contact,
    facets=lambda contact: facets(
        contact,
        contact.organisation,
        subtitle=contact.holder,
        category=contact.how,
        about=contact.side,
        on=contact.met_on,
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("contact with industry"),
        many=N_("Contacts with industry"),
        address="contacts",
        section="meets",
        place=9,
        lede=N_("Who of this side met which company or association, when and about what. It stays inside this side."),
        columns=(
            Column(N_("Organisation"), "name", order="title"),
            Column(N_("Who met it"), "subtitle"),
            Column(N_("Date"), field="met_on", order="earliest"),
            Column(N_("How"), "category"),
            Column(N_("About"), field="topic", blank=True),
        ),
        graded=False,
        filters=(("category", N_("How")),),
        order="earliest",
        descending=True,
        years=True,
        begins=lambda beginning: {
            "side": beginning.side,
            **({"session": beginning.meeting} if beginning.meeting else {}),
        },
        drafted=("ref", "side", "office", "holder", "organisation", "met_on", "how", "topic", "session"),
        views=((N_("Industry forum"), "forum"),),
        words={
            "met_on": N_("Day"),
            "how": N_("How"),
            "topic": N_("About"),
            "organisation": N_("Organisation"),
            "by-telephone": N_("by telephone"),
            "by-letter": N_("by letter"),
        },
    ),
)
