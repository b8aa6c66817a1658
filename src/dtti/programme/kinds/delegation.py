"""Delegation: whom a side sends to a meeting, in its own order of precedence, with their answers and visit requests."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Called, Column, Face
from dtti.programme.facets import Columns, facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.order import distinct, not_after
from dtti.programme.values import Line, MeetingRef, Row, SideCode, When

from .appointment import Capacity

Role = Literal["head", "member", "adviser", "interpreter", "secretary"]
Answer = Literal["invited", "accepted", "tentative", "declined"]


class Member(Row, frozen=True, kw_only=True):
    """A member by name and post. `visit`: the number of the visit request, with the days it was sent and granted."""

    name: Line
    position: Line
    organisation: Line | None = None
    role: Role | None = None
    capacity: Capacity | None = None
    answer: Answer | None = None
    visit: Line | None = None
    visit_sent: When | None = None
    visit_granted: When | None = None


class Delegation(Content, frozen=True, kw_only=True):
    """One side's delegation to a meeting; the order of its members is its order of precedence.

    `visits_due`: the day by which the host wants the visit requests; unknown where it is left out.
    """

    meeting: MeetingRef
    side: SideCode
    visits_due: When | None = None
    members: tuple[Member, ...] = ()


def _checks(delegation: Delegation, context: Context) -> list[Refusal]:
    found = distinct("delegation-member", "Member", [member.name for member in delegation.members], "members.#.name")
    heads = [member.name for member in delegation.members if member.role == "head"]
    if len(heads) > 1:
        found.append(
            Refusal(
                "delegation-head",
                f"{' and '.join(heads[:2])} both lead the delegation.",
                "Call one of them the head.",
                "members",
            )
        )
    for place, member in enumerate(delegation.members):
        found += not_after(
            "delegation-visit", f"The visit of {member.name} was asked for", member.visit_sent, "granted",
            member.visit_granted, f"members.{place}.visit_granted",
        )  # fmt: skip
    return found


def _called(row: Columns) -> Called | None:
    side, _, meeting = row.title.partition(", ")
    names = {
        "IND": N_("Delegation of India to %(meeting)s"),
        "USA": N_("Delegation of the United States to %(meeting)s"),
    }
    return Called(names[side], {"meeting": f"meeting:{meeting}"}) if side in names and meeting else None


DELEGATION = Kind(
    code="delegation",
    mode="own",
    writers="secretariat of that side",
    content=Delegation,
    facets=lambda delegation: facets(
        delegation, f"{delegation.side}, {delegation.meeting}", about=delegation.side, began=None
    ),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("delegation"),
        many=N_("Delegations"),
        section="meets",
        place=3,
        lede=N_(
            "Whom each side sends to a meeting, in its own order. A side's list stays its own until it is released."
        ),
        columns=(
            Column(N_("Delegation"), NAME, order="title"),
            Column(N_("Side"), "about"),
            Column(N_("Members"), of=lambda delegation, day: len(delegation.members), number=True),
        ),
        filters=(("about", N_("Side")),),
        once="meeting",
        begins=lambda beginning: (
            {"side": beginning.side} | ({"meeting": beginning.meeting} if beginning.meeting else {})
        ),
        called=_called,
        words={
            "visits_due": N_("Visit requests wanted by"),
            "members": N_("Members, in order of precedence"),
            "position": N_("Post"),
            "answer": N_("Answer to the invitation"),
            "visit": N_("Number of the visit request"),
            "visit_sent": N_("Visit request sent"),
            "visit_granted": N_("Visit granted"),
            "head": N_("head of delegation"),
            "adviser": N_("adviser"),
            "interpreter": N_("interpreter"),
            "secretary": N_("secretary"),
            "member": N_("member"),
            "invited": N_("invited"),
            "accepted": N_("accepted"),
            "tentative": N_("not certain"),
            "declined": N_("declined"),
        },
    ),
)
