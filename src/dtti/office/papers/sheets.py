"""The sheets that go with a meeting's papers: the cover, and the reply of those without an account."""

from __future__ import annotations

from dtti.documents.values import SIDES
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.papers.data.meeting import CoverSheet, Portion
from dtti.papers.data.reply import Question, ReplySheet

from .material import Material, in_both, recorded, said, side_words
from .meeting import content_of, pack, title_of


def cover_sheet(material: Material) -> CoverSheet:
    """The sheet on top of the meeting's papers, with each of them as a portion."""
    inner = pack(material)
    portions = tuple(
        Portion(part=each.title, mark=each.label or "—", releasable=", ".join(SIDES) if not each.label else "")
        for each in inner.papers
    )
    title = said(N_("Papers for %(meeting)s"), meeting=title_of(material))
    meeting = content_of(material)
    return CoverSheet(
        head=material.head(title, "cover", date=meeting.date, place=meeting.place, files=meeting.file_numbers),
        subject=title_of(material),
        portions=portions,
        originator=said(N_("Secretariat of %(side)s"), side=side_words(material.asking.mine, inside=True)),
        enclosures=len(portions),
    )


def _other(material: Material) -> str:
    return next(side for side in SIDES if side != material.asking.mine)


def reply_sheet(material: Material) -> ReplySheet:
    """One page for those without an account: do they come, and what do they say of the agenda."""
    meeting = content_of(material)
    title, mine = title_of(material), side_words(material.asking.mine, inside=True)
    place = recorded(meeting.place) if meeting.place else said(N_("place not known"))
    on = in_both(lambda each: day(str(meeting.date), each))
    return ReplySheet(
        head=material.head(
            said(N_("Reply sheet: %(meeting)s"), meeting=title), "reply", date=meeting.date, files=meeting.file_numbers
        ),
        asks=said(N_("Secretariat of %(side)s"), side=mine),
        asked=said(N_("Secretariat of %(side)s"), side=side_words(_other(material), inside=True)),
        about=said(N_("You are invited to %(meeting)s: %(day)s, %(place)s."), meeting=title, day=on, place=place),
        questions=(
            Question(
                number="1",
                text=said(N_("Will you attend?")),
                options=(
                    said(N_("Yes")),
                    said(N_("By video")),
                    said(N_("No")),
                    said(N_("I send someone (name below)")),
                ),
            ),
            Question(number="2", text=said(N_("What do you wish changed or added in the agenda?")), lines=4),
            Question(number="3", text=said(N_("Name, post, telephone of the office")), lines=2),
        ),
        send_to=(said(N_("Whoever sent you this sheet")),),
    )
