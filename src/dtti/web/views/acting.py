"""From a person's click to the write path: seat, permit, office, node. No page writes an act but through here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

import msgspec
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from dtti.accord.fold import View
from dtti.accord.refusal import Refused, refuse
from dtti.node.acting import binding, passkeys
from dtti.node.core import groups
from dtti.node.core.draft import Draft, Receipt
from dtti.node.people import authorship, enrolment, models, permissions, seats
from dtti.node.people.models import Person
from dtti.node.people.permissions import Permit
from dtti.node.record import journal, read
from dtti.office import writing
from dtti.office.asking import Asking, Stored
from dtti.office.writing import Actor, Compose
from dtti.programme.kinds import KINDS
from dtti.web import labels, outcome, typed
from dtti.web.binding_parts import Changed
from dtti.web.page import Moment, answer, asked_by, groups_of, not_here
from dtti.web.parts import Choice, Link, Option, Row
from dtti.web.requests import PageRequest

from . import bound, gate_rows
from . import remarks as remarked
from .shown import Names


class Work(msgspec.Struct):
    """A record that someone works on: its row, its whole view, the content that stands, and who acts."""

    row: read.Listed
    content: Stored
    view: View
    office: str


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What a page of confirming says: who is bound, what stands afterwards, what its form asks for.

    `remarks`: what the field for them is called, `needed` or not, and what is said where they are `missing`. `why`: a
    code to be chosen from a list. `before`: what it does is said before the form is filled in too. `inside`,
    `outside`, `everybody`: who will read it. `counter`: a counter-text may be written instead. `elsewhere`: another
    way to answer.
    """

    title: str = ""
    binds: str
    stands: str
    undo: str
    button: str
    remarks: str | None = None
    needed: bool = False
    missing: str | None = None
    choice: Choice | None = None
    why: Choice | None = None
    notice: bool = False
    before: bool = False
    inside: bool = False
    outside: bool = False
    everybody: bool = False
    counter: bool = False
    elsewhere: Link | None = None


def ask(request: PageRequest, purpose: str, kind: str, *, label: str = "", office: str = "") -> Permit:
    """Leave for the seat taken to do `purpose` on a record of `kind`; Forbidden otherwise. See `permissions`."""
    return permissions.permit(request.seat, purpose, kind, label=label, office=office)


def may(request: PageRequest, purpose: str, kind: str, *, label: str = "", office: str = "") -> bool:
    """Whether `ask` would give leave: for showing a button or a list, never for deciding."""
    return permissions.against(request.seat, purpose, kind, label=label, office=office) is None


def work_on(request: PageRequest, name: str) -> Work:
    """The record that `name` means, for working on; 404 where it is not here for this viewer.

    Acts go by code alone: a reference leads to the page, and nothing is posted to it.
    """
    node = request.node
    record = read.find(node, request.viewer, name)
    found = read.state(node, request.viewer, record) if record else None
    if record is None or found is None or not request.viewer.person:
        raise not_here(_("record"))
    if request.method == "POST" and name != found[0].code:
        raise Refused(
            refuse("address", f"{name[:80]} is no code of a record", "Open the record by its code, then act on it.")
        )
    row = titled(request, found[0])
    return Work(row, found[1], node.book.view(record), request.seat.office if request.seat else "")


def titled(request: PageRequest, row: read.Listed) -> read.Listed:
    """The row under the name that lists give it: a success definition is called after its project."""
    names = Names.of(request, Moment()).learn_for([row])
    return msgspec.structs.replace(row, title=names.plainly(row))


def asking(request: PageRequest) -> Asking:
    """What a page of work asks the office: as things stand now."""
    return asked_by(request, Moment())


def actor(request: PageRequest) -> Actor:
    """Who acts from the seat taken."""
    return writing.actor(asking(request), request.seat.office if request.seat else "", str(request.user))


def confirming(
    request: PageRequest,
    permit: Permit | None,
    record: str,
    compose: Compose,
    words: Words,
    *,
    work: Work | None = None,
    own: Sequence[str] = (),
    writers: Iterable[Person] | None = (),
    after: Callable[[], object] | None = None,
    also: Sequence[str] = (),
    onward: str = "",
    **shown: Any,
) -> HttpResponse:
    """The page that shows whole what an act would bind to, and writes it when that is confirmed as it was shown.

    `compose` is asked again under the append lock. `permit`: leave for what is sent, None where nothing may be.
    `own`: parts of the page that its own form asks for. `writers`: who wrote the text, by account, beside the person
    who confirms; None where the act carries no text of its own making. `after`: what is left to do once it stands.
    `also`: further records of which texts are written with it; a passkey signs one text alone, so that none is asked
    for several. `onward`: where the person goes then, in place of the page that says what stands.
    """
    node, wanted = request.node, asking(request)
    sent = request.method == "POST" and bool(request.POST.get("confirm"))
    if sent and permit is not None:
        mine = [request.user] if isinstance(request.user, Person) and writers is not None else []
        persons = [*(writers or ()), *mine]
        try:
            receipts = authorship.written([record, *also], lambda: _written(request, permit, compose, persons), persons)
        except binding.Changed:
            pass
        else:
            typed.settled(request)
            if after is not None:
                after()
            writing.tell(wanted)
            return HttpResponseRedirect(onward or reverse("done", args=[receipts[0].act]))
    made = writing.propose(wanted, lambda: actor(request), compose)
    drafts, about = made.asked.drafts, made.bound.text
    return answer(
        cast(Any, request),
        "work/confirm.html",
        {
            "verb": drafts[0].verb,
            "record": record,
            "ready": made.asked.ready,
            "binding": bound.shown(request, made.bound),
        },
        status=409 if sent else 200,
        words=words,
        seed=made.seed,
        challenge=made.form.hex(),
        passkey=_passkey(request, drafts, made.form, one=not made.bound.also),
        stopped=made.bound.stopped,
        changed=_changed(request, made.bound, own) if request.method == "POST" else None,
        entered=gate_rows.asked_by_text(cast(Any, request), wanted, about.record, about.content) if about else [],
        gate_columns=gate_rows.columns(node.side),
        who=who(request),
        mine=node.side,
        other=other(request),
        row=work.row if work else None,
        said=request.POST.get("remarks", ""),
        said_before=remarked.on_record(request, record) if work else [],
        notice=request.POST.get("notice", ""),
        **shown,
    )


def _written(
    request: PageRequest, permit: Permit, compose: Compose, persons: Sequence[Person] = ()
) -> Sequence[Receipt]:
    """What the confirmed form writes, once; Changed where it is none that a page of this system drew, or shows less."""
    given = request.POST

    def allow(draft: Draft) -> None:
        if (permit.verb, draft.verb) != ("release", "state"):  # the copy that is released
            permit.check(draft.verb, draft.record, draft.ledger)
        _second_person(request, draft, persons)

    passkey = given.get("passkey", "") if given.get("confirm") == "passkey" else None
    confirmed = writing.Confirmed(given.get("nonce", ""), given.get("shown", ""), passkey)
    return writing.write(
        asking(request), lambda: actor(request), compose, confirmed, lambda: outcome.form_of(request), allow
    )


def _second_person(request: PageRequest, draft: Draft, persons: Sequence[Person]) -> None:
    """Refused where what verifies a report of this side was written by an account that wrote the report."""
    stored = draft.texts[0].content if draft.record.startswith("action_report/") and draft.texts else None
    link = f"action_report:{stored['verifies']}" if stored and stored.get("verifies") else ""
    first = read.find(request.node, request.viewer, link) if link else None
    if first and authorship.wrote(first, persons):
        raise Refused(
            refuse(
                "action-report-verifier",
                "The report was written by the person who would verify it.",
                "Someone of the other side, or a second person of this side, verifies it.",
            )
        )


def _passkey(request: PageRequest, drafts: Sequence[Draft], form: bytes, *, one: bool) -> Row:
    """How the page asks for a passkey: whether one is to be used, and what the browser is asked. See `passkeys`."""
    node, office = request.node, drafts[0].office
    held = passkeys.at_hand(node, office) if one and passkeys.takes(node, drafts[0]) else []
    options = (
        {
            "challenge": base64.urlsafe_b64encode(form).decode().rstrip("="),
            "rpId": held[0].rp,
            "userVerification": "required",
            "allowCredentials": [
                {"type": "public-key", "id": each}
                for each in enrolment.devices(office, {one.public for one in held if one.rp == held[0].rp})
            ],
        }
        if held
        else None
    )
    return {
        "options": options,
        "required": passkeys.required(node, drafts),
        "office": seats.office_title(node, office) if office else "",
        "address": node.config.address,
    }


def _changed(request: PageRequest, made: binding.Bound, own: Sequence[str]) -> Changed:
    """Why a page asks again: what is not as it was shown, or what its own form has said since."""
    found = bound.changed(request, made, request.POST.get("marks", ""))
    mine = all(any(name == one or name.startswith(f"{one}.") for one in own) for name in found.names)
    return msgspec.structs.replace(found, own=bool(own) and mine and not found.acts)


def may_answer(request: PageRequest, kind: str) -> bool:
    """Whether the seat taken may answer an offer of this kind: agree to it, or send it back."""
    return any(permissions.against(request.seat, each, kind) is None for each in ("accept", "send_back"))


def remarks(request: PageRequest, name: str = "remarks") -> str:
    """What was typed as remarks."""
    return request.POST.get(name, "").replace("\r\n", "\n").strip()


def open_to(request: PageRequest, held: models.Draft) -> bool:
    """Whether a draft of the seat's office is for its eyes: what is, or is to be, kept to a group is for members."""
    kept = {groups.of_record(request.node, held.record), held.particulars.get("kept", "")} - {"", "yes", "no"}
    return kept <= set(request.viewer.groups)


def kept_to(request: PageRequest, row: read.Listed | None, chosen: str) -> str:
    """Code of the restricted group to which a national act is kept: that of its record, else the one chosen.

    `chosen`: a code; empty or `yes` for this side alone. Refused where the office is no member: it never falls open.
    """
    if row is not None and row.kept:
        return row.kept
    if chosen in ("", "yes", "no"):
        return ""
    if chosen not in groups_of(request):
        raise Refused(
            refuse(
                "group",
                _("Your office is a member of no such group."),
                _("Choose again who may read it, or ask a member to take your office in."),
            )
        )
    return chosen


def kept_choices(request: PageRequest) -> list[Option]:
    """To whom a national act can be kept inside this side, as radio buttons take it: all of it, then each group."""
    found = groups_of(request).items()
    return [Option(code, _("Kept to %(group)s") % {"group": title}) for code, title in found]


def drafts_of_office(request: PageRequest) -> list[models.Draft]:
    """Drafts of the office of the seat taken that are for its eyes, twenty at most."""
    held = models.Draft.objects.filter(office=request.seat.office)[:200] if request.seat else ()
    return [each for each in held if may(request, f"read_draft:{each.purpose}", each.kind) and open_to(request, each)][
        :20
    ]


def may_begin(request: PageRequest, kind: str) -> bool:
    """Whether the seat taken may begin a record of a kind: state, offer, or record it from paper."""
    return may(request, f"write_draft:{begins_as(request, kind)}", kind)


def begins_as(request: PageRequest, kind: str) -> str:
    """The purpose of the draft by which a text of a kind begins here, or goes further."""
    return "state" if KINDS[kind].mode == "own" else joint_purpose(request)


def joint_purpose(request: PageRequest) -> str:
    """The purpose of the draft by which a joint text goes further: an offer, or a paper where no counterpart joined."""
    return "propose" if other(request) else "paper"


def other(request: PageRequest) -> str:
    """The counterpart's side; empty where none has joined."""
    return request.node.book.other or ""


def who(request: PageRequest) -> str:
    """The person and the office that act, as the confirmation names them."""
    office = seats.office_title(request.node, request.seat.office) if request.seat else _("no seat")
    return f"{request.user}, {office}"


def kind_words(row: read.Listed) -> str:
    """The kind of a record in words."""
    return labels.kind(row.kind)


def offered(request: PageRequest, view: View) -> Stored | None:
    """The content of the open offer as this viewer may see it."""
    if view.offer is None:
        return None
    return content_of(request, view.offer.id, view.offer.body)


def content_of(request: PageRequest, act: str, part: int) -> Stored | None:
    """The content that a part of an act carries; None where it is not here or was erased."""
    shown = journal.body_of(request.node, request.viewer, act, part)
    return shown.text.content if shown and shown.text else None


def by_of(request: PageRequest, act: str) -> str:
    """Who acted for the office of one of this side's own acts, as its text names the holder."""
    shown = journal.body_of(request.node, request.viewer, act, 0)
    return shown.text.by.name if shown and shown.text and shown.text.by else ""


def as_page(request: Any) -> PageRequest:
    """The request as the middleware made it."""
    return cast(PageRequest, request)
