"""The phases of a meeting on its page, in words, each with the pages on which it is done. Holds no rule."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from django.urls import reverse

from dtti.documents.values import SIDES
from dtti.language.names import side_named
from dtti.node.people import models
from dtti.node.record.read import Listed
from dtti.office.meetings import OneMeeting, following, workspace
from dtti.office.meetings.workspace import Workspace
from dtti.web.page import Moment, asked_by, url_of
from dtti.web.parts import Link
from dtti.web.requests import PageRequest

from . import acting, begun, meeting_carry, words
from .codes import N_
from .meeting_carry import Unsaid
from .record import Around
from .words import _, language, many

_TITLES = {
    "plan": N_("Plan"),
    "agenda": N_("Agenda"),
    "invite": N_("Invite"),
    "delegations": N_("Delegations"),
    "pack": N_("Pack"),
    "hold": N_("Hold"),
    "record": N_("Record of discussion"),
    "follow": N_("Follow up"),
}


class Phase(msgspec.Struct, frozen=True):
    """A phase: what it is called, its state (done, now, open), what the record holds of it, what can be done.

    `unsaid`: of what follows, the items of which the record says nothing.
    """

    code: str
    title: str
    state: str
    said: list[str]
    links: list[Link]
    unsaid: list[Unsaid] = []


def phases(request: PageRequest, row: Listed, one: OneMeeting, near: Around) -> list[Phase]:
    """The phases of a meeting for an official; none for a published one, and none for who only reads."""
    if not request.viewer.person or row.compiled:
        return []
    made = workspace.workspace(asked_by(request, Moment()), row, one, near.pointing)
    drafts = acting.may(request, f"write_draft:{acting.joint_purpose(request)}", row.kind)
    kept, others = _kept(request, row, one) if drafts else "", {}
    if drafts and row.ref:
        others = begun.drafts(acting.as_page(request), row.ref)
    steps = _Steps(request, row, one, made, drafts, kept, frozenset(others))
    unsaid = meeting_carry.rows(acting.as_page(request), one.content, made.followed, drafts=drafts)
    return [
        Phase(
            code,
            _(_TITLES[code]),
            made.states[code],
            [*getattr(steps, f"{code}_said")()],
            [*getattr(steps, code)()],
            unsaid if code == "follow" else [],
        )
        for code in workspace.PHASES
    ]


def _kept(request: PageRequest, row: Listed, one: OneMeeting) -> str:
    """The phase of which the office has a text in work: of the record of discussion once there is something of it."""
    purpose = acting.joint_purpose(request)
    office = request.seat.office if request.seat else ""
    held = models.Draft.objects.filter(office=office, record=row.record, purpose=purpose).first()
    if held is None or not acting.open_to(acting.as_page(request), held):
        return ""
    spoken = one.content.status == "held" or any(
        held.content.get(name) for name in ("discussed", "decisions", "actions")
    )
    return "record" if spoken else "agenda"


class _Steps(msgspec.Struct, frozen=True):
    """What each phase says and links to. `begun`: the kinds of which the office has a draft for this meeting."""

    request: PageRequest
    row: Listed
    one: OneMeeting
    made: Workspace
    drafts: bool
    kept: str
    begun: frozenset[str]

    def _kept_said(self, phase: str) -> Iterator[str]:
        """That what stands is not all: the office has a text in work, of the agenda or of the record of discussion."""
        if self.kept == phase:
            yield _("your office has a draft that is not sent")

    def _address(self, name: str, *more: str) -> str:
        return reverse(name, args=[self.row.code, *more])

    def _work(self) -> str:
        return reverse("work", args=[self.row.code])

    def _edit(self) -> str:
        return reverse("draft", args=[self.row.code, acting.joint_purpose(self.request)])

    def plan_said(self) -> Iterator[str]:
        planned = self.made.planned
        if not planned.day_known:
            yield _("The day is not known.")
        elif not planned.hour_known and self.one.content.status == "planned":
            yield _("The hour is not known.")
        if planned.turn:
            side = side_named(planned.turn, language(), inside=True)
            yield (
                _("By the rule it is the turn of %(side)s to host: this is an exception, and needs both.", side=side)
                if planned.out_of_turn
                else _("By the rule it is the turn of %(side)s to host.", side=side)
            )

    def plan(self) -> Iterator[Link]:
        if self.drafts and self.one.content.status != "held":
            yield Link(_("Find days"), self._address("meeting_days"))

    def agenda_said(self) -> Iterator[str]:
        agenda = self.made.agenda
        yield many("%(num)s item", "%(num)s items", agenda.items)
        if agenda.agreed:
            yield _("agreed by both sides")
        if agenda.waits_on:
            yield _("a text waits on %(side)s", side=side_named(agenda.waits_on, language(), inside=True))
        yield from self._kept_said("agenda")

    def agenda(self) -> Iterator[Link]:
        if self.drafts:
            yield Link(_("Draft"), self._edit())
            yield Link(_("In Word"), self._address("meeting_word", "agenda"))
        yield Link(_("The text"), self._work())

    def invite_said(self) -> Iterator[str]:
        answered = sum(each.answered for each in self.made.delegations)
        invited = sum(each.members for each in self.made.delegations)
        if invited:
            yield _("%(answered)s of %(invited)s have answered", answered=answered, invited=invited)

    def invite(self) -> Iterator[Link]:
        yield Link(_("Calendar entry and reply sheet"), "#papers")
        if self.drafts and self.one.content.status != "held":
            yield Link(_("Answers that came"), self._address("meeting_answers"))

    def delegations_said(self) -> Iterator[str]:
        for each in self.made.delegations:
            side = side_named(each.side, language())
            members = many("%(num)s member", "%(num)s members", each.members)
            yield f"{side}: {members}"
            if each.visits_open and self.one.content.status != "held":
                yield many(
                    "%(num)s visit request is still to be sent",
                    "%(num)s visit requests are still to be sent",
                    each.visits_open,
                )
        if not self.made.delegations:
            yield _("No delegation is recorded.")
        if following.DELEGATION in self.begun:
            yield _("whom we send is a draft of your office")

    def delegations(self) -> Iterator[Link]:
        mine = False
        for each in self.made.delegations:
            mine = mine or each.side == self.request.node.side
            yield Link(side_named(each.side, language()), url_of(each.row))
        if not mine and self.drafts:
            yield Link(_("Record whom we send"), self._start("delegations"))

    def _start(self, section: str) -> str:
        return f"{reverse('start', args=[section])}?meeting={self.one.content.ref}"

    def pack_said(self) -> Iterator[str]:
        papers = self.made.papers
        yield many("%(num)s paper named", "%(num)s papers named", papers.named)
        if papers.late:
            yield _("not in the record yet: %(papers)s", papers="; ".join(papers.late))
        if not self.made.brief and following.BRIEFING in self.begun:
            yield _("our advice is a draft of your office")

    def pack(self) -> Iterator[Link]:
        yield Link(_("Pack and cover sheet"), "#papers")
        if self.made.brief:
            yield Link(_("Brief"), url_of(self.made.brief))
        elif self.drafts:
            yield Link(_("Advise our co-chair"), self._start("briefs"))

    def hold_said(self) -> Iterator[str]:
        yield words.word(self.one.content.status)

    def hold(self) -> Iterator[Link]:
        if self.drafts:
            yield Link(_("Take notes"), self._address("meeting_notes"))

    def record_said(self) -> Iterator[str]:
        said = self.made.discussed
        yield many("%(num)s item spoken of", "%(num)s items spoken of", said.items)
        yield many("%(num)s decision", "%(num)s decisions", said.decisions)
        yield many("%(num)s action", "%(num)s actions", said.actions)
        if said.phase:
            yield words.word(said.phase)
        yield from self._kept_said("record")

    def record(self) -> Iterator[Link]:
        if self.drafts:
            yield Link(_("Draft"), self._edit())
            yield Link(_("In Word"), self._address("meeting_word", "record"))
        yield Link(_("The text"), self._work())

    def follow_said(self) -> Iterator[str]:
        followed = self.made.followed
        if followed.readout is None:
            yield _("the readout is a draft of your office") if following.READOUT in self.begun else _("no readout")
        else:
            yield from self._readout_said(followed.readout)
        yield many("%(num)s action open", "%(num)s actions open", followed.actions_open)
        if followed.next is None and following.NEXT in self.begun:
            yield _("the next meeting is a draft of your office")

    def _readout_said(self, readout: Listed) -> Iterator[str]:
        """Cleared and announced are two states, and each side announces for itself."""
        if not self._cleared(readout):
            yield _("readout not cleared by both")
        elif not self.made.followed.announced:
            yield _("readout cleared by both, not announced")
        else:
            yield _("readout cleared by both")
            for side in sorted(SIDES, key=lambda side: side != self.request.node.side):
                of = {"side": side_named(side, language(), inside=True)}
                told = side in self.made.followed.announced
                if told or self.request.node.book.other:
                    yield _("announced by %(side)s", **of) if told else _("not announced by %(side)s", **of)
        if readout.court:
            yield _("a text waits on %(side)s", side=side_named(readout.court, language(), inside=True))

    def _cleared(self, readout: Listed) -> bool:
        alone = not self.request.node.book.other
        return readout.grade in ("agreed_here", "on_paper") or (alone and readout.grade == "recorded")

    def follow(self) -> Iterator[Link]:
        followed = self.made.followed
        if followed.readout is not None:
            mine = self.request.node.side
            if followed.readout.court == mine:
                yield Link(_("Answer the readout"), reverse("work", args=[followed.readout.code]))
            elif (
                self.drafts
                and self._cleared(followed.readout)
                and mine not in followed.announced
                and followed.readout.pen in (mine, "")
                and not followed.readout.offer
            ):
                yield Link(_("Announce the readout"), self._address("meeting_announce"))
            yield Link(_("Readout"), url_of(followed.readout))
        elif self.drafts:
            yield Link(_("Draft the readout"), self._address("meeting_readout"))
        if followed.next is not None:
            yield Link(_("The next meeting"), url_of(followed.next))
        elif self.drafts:
            yield Link(_("Open the next meeting"), self._address("meeting_next"))
