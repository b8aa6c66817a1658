"""Drafting: begin a record, check its text against what stands, and send, state or record it.

A draft belongs to an office, is kept while one types, and is seen there by those whose duty writes such texts, and by
nobody else, until it is confirmed for the record.
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

import msgspec
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language.characters import cleaned_all
from dtti.language.dates import day
from dtti.node.core.draft import new_record
from dtti.node.people import models, permissions
from dtti.node.people.permissions import Permit
from dtti.node.record import read
from dtti.office import acts, drafts
from dtti.office.asking import Stored
from dtti.office.drafts import Drafted, File
from dtti.office.writing import Asked
from dtti.programme import kinds
from dtti.programme.face import Beginning
from dtti.programme.kinds import KINDS
from dtti.web import labels
from dtti.web.forms import faults, particulars, shape
from dtti.web.forms.choices import Choices
from dtti.web.page import not_here, route

from . import acting, begun, forum_door, versions
from . import words as words_of
from .acting import Words, as_page
from .work import head

MOST_FILES = 15  # beside the text and a counter-text, of the bodies that an act carries


def start(request: HttpRequest, section: str) -> HttpResponse:
    """Begin a new record of a kind: its form opens, and nothing is kept before something is typed and sent."""
    page = as_page(request)
    kind = kinds.at(section)
    if kind is None or not page.viewer.person:
        raise not_here(_("form"))
    if kind.face.starts:
        return HttpResponseRedirect(reverse(kind.face.starts))
    side, other = page.node.side, page.node.book.other
    sides = (side, other) if other else (side,)
    content = kind.face.begins(
        Beginning(side, sides, request.GET.get("project", "")[:80], request.GET.get("meeting", "")[:80])
    )
    named = Choices(request)
    for each in shape.of_kind(kind.code):  # what the page on which it is begun is about
        ref = request.GET.get(each.name, "")[:80]
        if each.how == "ref" and ref and named.known(f"{each.link}:{ref}"):
            content = {**content, each.name: ref}
    return HttpResponseRedirect(begun_at(page, kind.code, content))


def begun_at(page: Any, kind: str, content: Stored, *, long: bool = False) -> str:
    """The address of the form of a new record of a kind, which begins with `content`; Forbidden for who may not.

    What an office writes only one of for a meeting, and has begun, is at the address of what is there. `long`: under
    `content` the form begins with all that its kind begins with, which is longer than an address may be.
    """
    side = page.node.side
    purpose = acting.begins_as(page, kind)
    acting.ask(page, f"write_draft:{purpose}", kind)
    about = begun.about(kind, content)
    if about and (address := begun.there(page, kind, about)):
        return address
    record = begun.record(page, kind, about) if about else new_record(kind, side)
    begin = signing.dumps({"record": record, "purpose": purpose, "content": content, "long": long}, salt=_BEGIN)
    return reverse("draft", args=[record.rsplit("/", 1)[1], purpose]) + f"?begin={begin}"


#: What a signed beginning of a record is good for: nobody chooses the code of a record.
_BEGIN = "dtti draft of a new record"


def person_of(page: Any) -> models.Person:
    """The person signed in."""
    if not isinstance(page.user, models.Person):
        raise not_here(_("form"))
    return page.user


def draft_of(
    page: Any, name: str, purpose: str, doing: str = "write_draft", kind: str = ""
) -> tuple[models.Draft, acting.Work | None]:
    """The draft of this office for a record and purpose, for reading or writing as `doing` says; Forbidden otherwise.

    Where there is none it is made from what stands, or from what `start` gave, and is kept only by `save`. `kind`: the
    page is of records of that kind alone.
    """
    if purpose not in models.PURPOSES or not page.viewer.person:
        raise not_here(_("draft"))
    asked = f"{doing}:{purpose}"
    if refusal := permissions.ever(page.seat, asked, KINDS):
        raise permissions.Forbidden(refusal)
    office = page.seat.office
    work = acting.work_on(page, name) if read.find(page.node, page.viewer, name) else None
    here = {"record": work.row.record} if work else {"record__endswith": f"/{name}"}
    held = models.Draft.objects.filter(office=office, purpose=purpose, **here).first()
    if held is None and work is not None:
        content = work.content
        if purpose == "counter":
            content = acting.offered(page, work.view) or content
        content = cleaned_all(content)  # theirs may hold what this side does not write
        number = work.view.version if work.view.mode == "joint" else work.row.number
        held = models.Draft(office=office, record=work.row.record, purpose=purpose, base=number, content=content)
    held = held or _begun(page, name, purpose)
    if held is None or not acting.open_to(page, held) or kind not in ("", held.kind):
        raise not_here(_("draft"))
    acting.ask(page, asked, held.kind, label=work.row.label if work else "", office=held.office)
    return held, work


def _begun(page: Any, name: str, purpose: str) -> models.Draft | None:
    """The draft of a record that does not exist yet, as `start` signed it."""
    try:
        given = signing.loads(page.GET.get("begin", ""), salt=_BEGIN)
    except signing.BadSignature:
        return None
    if (given["record"].rsplit("/", 1)[1], given["purpose"]) != (name, purpose):
        return None
    content, sides = given["content"], (page.node.side, *filter(None, (page.node.book.other,)))
    if given.get("long"):
        kind = KINDS[given["record"].partition("/")[0]]
        content = {**kind.face.begins(Beginning(page.node.side, sides)), **content}
    return models.Draft(office=page.seat.office, record=given["record"], purpose=purpose, content=content)


def may_show(page: Any, held: models.Draft, label: str) -> Permit:
    """Leave to show a draft to the other side; Forbidden otherwise."""
    if held.purpose != "propose":
        raise permissions.Forbidden(
            refuse("show", _("Only a text to be offered is shown to the other side."), _("Keep it as a draft."))
        )
    return acting.ask(page, "show_draft", held.kind, label=label)


def check(request: HttpRequest, name: str, purpose: str) -> HttpResponse:
    """Check the answers against what stands, then confirm for the record."""
    page = as_page(request)
    held, work = draft_of(page, name, purpose, "read_draft")
    label = work.row.label if work else ""
    permit = acting.ask(page, purpose, held.kind, label=label) if request.method == "POST" else None
    if not held.pk or faults.tidy(held.kind, held.content)[0] is None or particulars.faults(held):
        return HttpResponseRedirect(reverse("draft", args=[name, purpose]))
    refusal = permissions.against(page.seat, purpose, held.kind, label=label)
    gone = _answered(page, held, work)
    late = _("Nothing is left to answer") if gone and not refusal else ""
    gone = gone or forum_door.disposing(page, held.kind, held.content)
    return _checking(request, permit, held, work, _words(page, held, work), closed=refusal or gone, late=late)


def _answered(page: Any, held: models.Draft, work: acting.Work | None) -> Refusal | None:
    """Why a counter-text has nothing to answer: the offer is this side's own, has its answer, or is gone."""
    if held.purpose != "counter":
        return None
    offer = work.view.offer if work else None
    if offer is None or offer.answer or offer.side == page.node.side:
        return refuse("offer", _("No offer of the other side waits for an answer here."), _("Look at what stands now."))
    return None


def show_draft(request: HttpRequest, name: str) -> HttpResponse:
    """Show a draft to the other side, as it is: it binds nobody."""
    page = as_page(request)
    held, work = draft_of(page, name, "propose", "read_draft")
    permit = may_show(page, held, work.row.label if work else "")
    if not held.pk or faults.tidy(held.kind, held.content)[0] is None:
        return HttpResponseRedirect(reverse("draft", args=[name, "propose"]))
    words = Words(
        binds=_("Nobody is bound. The other side reads this draft, and keeps what it has read."),
        stands=_("What was agreed before stays as it is. The draft stays yours, and is not an offer."),
        undo=_("No. What the other side has read cannot be taken back."),
        button=_("Show this draft to the other side"),
        outside=True,
    )
    return _checking(request, permit, held, work, words, showing=True)


def _checking(
    request: HttpRequest,
    permit: Permit | None,
    held: models.Draft,
    work: acting.Work | None,
    words: Words,
    *,
    closed: Refusal | None = None,
    late: str = "",
    showing: bool = False,
) -> HttpResponse:
    """The page on which a draft is confirmed. What is written is the draft as it was shown, or nothing."""
    page, code = as_page(request), held.record.rsplit("/", 1)[1]
    needs_file = held.purpose == "paper" and not showing
    if request.method == "POST" and needs_file:
        attach(page, held)
    seen = {"updated": held.updated}

    def act(_seed: str) -> Asked:
        now = models.Draft.objects.filter(pk=held.pk).first()
        if now is None:
            raise Refused(refuse("draft", _("The draft is gone."), _("Look at what stands there now.")))
        seen["updated"] = now.updated
        content, _errors = faults.tidy(now.kind, now.content)
        if content is None:
            raise Refused(refuse("draft", _("The draft was changed, and has faults now."), _("Go on with the draft.")))
        if since := forum_door.disposing(page, now.kind, content):
            raise Refused(since)
        if showing:
            return Asked([drafts.shown(now.record, content, now.remarks)])
        return Asked([drafts.act(acting.asking(page), _drafted(page, now, work, content))])

    def done() -> None:
        if not showing:  # what a colleague wrote into it meanwhile was not sent, and stays
            versions.gone(models.Draft.objects.filter(pk=held.pk, updated=seen["updated"]))

    title = KINDS[held.kind].facets(KINDS[held.kind].read(faults.tidy(held.kind, held.content)[0] or {})).title
    return acting.confirming(
        page,
        permit,
        held.record,
        act,
        msgspec.structs.replace(words, title=_("Check your answers")),
        work=work,
        own=("file", "text.files"),
        writers=list(held.writers.all()),
        after=done,
        head=head(work) if work else None,
        kind_words=labels.kind(held.kind),
        drafted=title,
        back=reverse("draft", args=[code, held.purpose]),
        closed=closed.said() | {"title": late} if closed else None,
        begun=_begun_from(held, work),
        needs_file=needs_file,
        attached=list(held.files.defer("data")) if needs_file else [],
        largest=page.node.config.largest_file_mib,
        national=not showing and held.purpose in ("state", "paper") and is_national(held, work),
    )


def _begun_from(held: models.Draft, work: acting.Work | None) -> dict[str, int] | None:
    """The version that a draft was begun from and the one that stands, where they are no longer the same."""
    if work is None or held.purpose in ("paper", "counter"):
        return None
    number = work.view.version if work.view.mode == "joint" else work.row.number
    return {"then": held.base, "now": number} if number != held.base else None


def _words(page: Any, held: models.Draft, work: acting.Work | None) -> Words:
    """What confirming a draft does, in words."""
    until = day(_until(page, held), words_of.language())
    turn = _("What was agreed before stays as it is. It is then the other side's turn until %(date)s.") % {
        "date": until
    }
    if held.purpose == "propose":
        firm = held.particulars.get("firm") == "yes"
        return Words(
            binds=_(
                "Your office offers this text to the other side. It binds nobody until the other side agrees to "
                "exactly these words."
            ),
            stands=turn,
            undo=_("No. A firm offer cannot be withdrawn: the answer settles it, or its last day passes.")
            if firm
            else _("Until the other side has agreed, you can withdraw it."),
            button=_("Send for agreement"),
        )
    if held.purpose == "counter":
        return Words(
            binds=_(
                "Your office does not agree to the text it was sent, and offers this one. It binds nobody until the "
                "other side agrees to exactly these words."
            ),
            stands=turn,
            undo=_("Until the other side has agreed, you can withdraw it."),
            button=_("Send back with this counter-text"),
        )
    national = is_national(held, work)
    if held.purpose == "paper":
        return Words(
            binds=_("Your office says that this is the text as your side itself knows it. It binds nobody.")
            if particulars.basis_of(held) == "own"
            else _(
                "Your office says that this is the text of the paper named above. The paper binds, not this page; the "
                "other side is not bound by your account of it."
            ),
            stands=_("It stands as recorded by your side, and is kept from the other side until it is released.")
            if national
            else _(
                "It stands as recorded by one side until the other side confirms the same paper. The other side can "
                "read it."
            ),
            outside=not national,
            undo=_("No. A correction stands beside it and says so."),
            button=_("Record, kept inside") if national else _("Record, for both sides to read"),
        )
    return Words(
        outside=not national,
        binds=_("Your office states this, for your side alone.")
        if national
        else _("Your office states this for your side. The other side can read it, and is bound by nothing in it."),
        stands=_("The next version of your side's own record, kept from the other side until it is released.")
        if national
        else _("The next version of your side's own record, which the other side can read."),
        undo=_("No. A later version can replace it; this one stays in the record."),
        button=_("Confirm for the record"),
    )


def _until(page: Any, held: models.Draft) -> str:
    """The end of the day that a draft gives for an answer; the usual time where it gives none."""
    return acts.until(acting.asking(page), held.particulars.get("until", ""))


def attach(page: Any, held: models.Draft) -> None:
    """Keep the files that were given, and let go of those that are no longer wanted."""
    for name in page.POST.getlist("drop"):
        held.files.filter(pk=name if name.isascii() and name.isdigit() and len(name) < 10 else 0).delete()
    limit = page.node.config.largest_file_mib * 1024 * 1024
    for one in page.FILES.getlist("scan"):
        if one.size > limit:
            raise Refused(
                refuse(
                    "file-size",
                    f"{one.name[:80]} has {one.size:,} bytes; the limit here is {limit:,}",
                    "Scan it smaller.",
                )
            )
        if held.files.count() >= MOST_FILES:
            raise Refused(
                refuse("files", f"a text takes {MOST_FILES} files at most", "Put several scans into one file.")
            )
        data = one.read()
        models.DraftFile.objects.get_or_create(  # the same file sent again is the one that is there
            draft=held,
            name=one.name[:200],
            digest=sha256(data).hexdigest(),
            defaults={"media": _media(one.content_type), "size": len(data), "data": data},
        )


def _drafted(page: Any, held: models.Draft, work: acting.Work | None, content: Stored) -> Drafted:
    """A checked draft as it is to be recorded."""
    counter, kept = held.purpose == "counter", held.purpose in ("state", "paper") and is_national(held, work)
    return Drafted(
        held.purpose,
        held.record,
        content,
        held.remarks or (_("Counter-text.") if counter else ""),
        held.particulars,
        files=[File(one.name, one.media, bytes(one.data)) for one in held.files.all()],
        kept=kept,
        group=group_of(page, held, work) if kept else "",
    )


def is_national(held: models.Draft, work: acting.Work | None) -> bool:
    """Whether a statement stays with this side: on a record that was not released, and unless it is said not to."""
    return bool(work and work.row.label == "national") or held.particulars.get("kept", "yes") != "no"


def group_of(page: Any, held: models.Draft, work: acting.Work | None) -> str:
    """Code of the restricted group to which a national text is kept; Refused where what was chosen can no longer be."""
    return acting.kept_to(page, work.row if work else None, held.particulars.get("kept", ""))


def _media(given: str | None) -> str:

    return (
        given if given and re.fullmatch(r"[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,90}", given) else "application/octet-stream"
    )


PATTERNS: list[URLPattern] = [
    *route("work/new/<slug:section>/", start, "start"),
    *route("work/<slug:name>/check/<slug:purpose>/", check, "check_draft"),
    *route("work/<slug:name>/show-draft/", show_draft, "show_draft"),
]
