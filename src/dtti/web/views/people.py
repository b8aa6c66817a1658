"""Who may act here, and restricted groups: what stands, with the entry that says so; asking, confirming, widening.

Accounts, seats and duties are changed by the power keys or by two persons: one asks, another in another office
confirms what stands in that entry. Holds no rule: seats follow `seating`, groups the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dtti.accord import table_2
from dtti.accord.refusal import Refused, refuse
from dtti.node.acting import binding, passkeys
from dtti.node.core import groups, once, seating
from dtti.node.core.draft import Draft
from dtti.node.core.seating import Change
from dtti.node.folder.codes import new_code
from dtti.node.line.attend import attend
from dtti.node.people import duties, seats
from dtti.node.people.models import Person, Seat
from dtti.node.record import read
from dtti.web import outcome, typed
from dtti.web.accounts import office_passkeys
from dtti.web.page import answer, not_here, route
from dtti.web.parts import Row

from . import acting
from .acting import as_page
from .codes import N_

KIND = "office"  # seats and groups are questions of offices


def _inside(request: HttpRequest) -> Any:
    """The request of someone of this side; nobody else is told who may act here."""
    page = as_page(request)
    if not page.viewer.national:
        raise not_here(_("page"))
    return page


def people(request: HttpRequest) -> HttpResponse:
    """Every seat held today, how it was given, and what is asked and waits for a second person."""
    return _people(request, [])


def _people(request: HttpRequest, errors: Sequence[dict[str, str]]) -> HttpResponse:
    """The page of who may act here. `errors`: what is wrong with what was asked on it."""
    page = _inside(request)
    node, now = page.node, seats.today()
    standing = seating.read(node)
    rows = seats.backed(node, Seat.objects.filter(seats.in_force(now)).select_related("person"))
    titles = {row.office: seats.office_title(node, row.office) for row in rows}
    rows.sort(key=lambda row: (titles[row.office].lower(), row.person.full_name.lower()))
    held = [_line(page, row, titles[row.office], standing.seats.get(row.code)) for row in rows]
    may = acting.may(page, "seat", KIND)
    return answer(
        request,
        "pages/people.html",
        {
            "seats": held,
            "asked": [_asked(page, one) for one in standing.asked.values()],
            "astray": [_astray(page, row, why) for row, why in seats.astray(node)],
        },
        status=422 if errors else 200,
        errors=errors,
        may=may,
        nonce=binding.fresh,
        shown=_standing(page),
        possible=seating.possible(node),
        passkeys=office_passkeys.rows(page, passkeys.bound(node)),
        offices=_offices(page) if may else [],
        duties=[{"value": code, "label": _(duty.title)} for code, duty in duties.duties().items()],
        persons=_persons() if may else [],
    )


def _line(page: Any, row: Seat, title: str, given: seating.Held | None) -> Row:
    return {
        "name": row.person.full_name,
        "user": row.person.username,
        "office": {"text": title, "url": _office_url(row.office)},
        "duty": _(duties.duties()[row.duty].title) if row.duty in duties.duties() else row.duty,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
        "given": _given(page, given.given) if given else {"text": _("before seats stood in the record")},
        "seat": row.code,
    }


def _astray(page: Any, row: Seat, why: str) -> Row:
    """A row of the tables that would seat somebody whom no entry seats there."""
    return {
        "name": row.person.full_name,
        "user": row.person.username,
        "office": seats.office_title(page.node, row.office),
        "duty": _(duties.duties()[row.duty].title) if row.duty in duties.duties() else row.duty,
        "why": _(why) if why in WHY else _("the entry gives it to another user name"),
    }


WHY = (
    N_("no entry gives this seat"),
    N_("the entry gives it to another account"),
    N_("the entry gives another office or duty"),
    N_("the text that named the person is gone"),
    N_("the account is closed"),
    N_("the entry gives it for other days"),
)


def _given(page: Any, change: Change) -> Row:
    """How a change came to count, in words, with the entry that says so."""
    entry = {"url": reverse("entry", args=[change.confirmed or change.act])}
    if not change.office:
        return {**entry, "text": _("by the power keys")}
    asked, by = seats.office_title(page.node, change.office), seats.office_title(page.node, change.confirmed_by)
    return {**entry, "text": _("asked by %(one)s, confirmed by %(other)s") % {"one": asked, "other": by}}


def _asked(page: Any, change: Change) -> Row:
    """What is asked and not confirmed: everything that a second person would confirm."""
    terms = change.terms
    duty = duties.duties().get(terms.duty or "")
    return {
        "act": change.act,
        "does": terms.does,
        "name": change.name,
        "user": change.user,
        "office": seats.office_title(page.node, terms.office) if terms.office else "",
        "duty": _(duty.title) if duty else terms.duty or "",
        "since": terms.since[:10] if terms.since else None,
        "until": terms.until[:10] if terms.until else None,
        "by": seats.office_title(page.node, change.office),
        "on": change.time,
        "reason": change.reason,
        "entry": reverse("entry", args=[change.act]),
        "mine": change.asker == page.user.account or change.office == (page.seat.office if page.seat else ""),
        "own": _own(page, change),
    }


def _own(page: Any, change: Change) -> bool:
    """Whether a change gives something to the person who looks at it, who therefore does not confirm it."""
    return change.terms.account == page.user.account and change.terms.does in ("open", "access", "seat")


def _persons() -> list[dict[str, str]]:
    return [{"value": one.account, "label": str(one)} for one in Person.objects.filter(is_active=True)]


def _office_url(office: str) -> str:
    return reverse("record", args=["offices", office.rsplit("/", 1)[1]])


def _offices(page: Any) -> list[dict[str, str]]:
    """This side's own offices, by title."""
    rows = read.listing(page.node, page.viewer, "office", count=500).rows
    own = [row for row in rows if row.side == page.node.side]
    return [{"value": row.record, "label": row.title} for row in own]


@never_cache
@require_POST
def ask_seat(request: HttpRequest) -> HttpResponse:
    """Ask that someone be given a seat, or that a seat end: nothing changes until another person confirms."""
    page = _inside(request)
    permit = acting.ask(page, "seat", KIND)
    if "end" in page.POST:
        row = Seat.objects.filter(code=page.POST["end"]).exclude(code="").select_related("person").first()
        if row is None:
            return _people(request, [_wrong("end", _("No seat is chosen."))])
        person, until = row.person, seating.moment(seats.today())
        terms = table_2.Seat(person.account, "unseat", page.user.account, seat=row.code, until=until)
    else:
        if errors := _against_seat(page):
            return _people(request, errors)
        person = Person.objects.get(account=page.POST["person"])
        duty, office = page.POST["duty"], seats.office_id(page.node, page.POST["office"])
        since = seating.moment(seats.today())
        terms = table_2.Seat(person.account, "seat", page.user.account, None, duty, office, new_code(), since)
    draft = seating.draft(
        terms,
        user=person.username,
        name=person.full_name,
        reason=acting.remarks(page),
        office=permit.office,
        by=acting.actor(page).by,
    )
    return _written(page, lambda: _standing(page), lambda: draft, "people")


def _wrong(field: str, reason: str, remedy: str = "") -> dict[str, str]:
    return {"field": field, "reason": reason, "remedy": remedy or _("Choose one of the list.")}


def _against_seat(page: Any) -> list[dict[str, str]]:
    """All that is wrong with a seat that is asked for, each at its field."""
    found = []
    person = Person.objects.filter(account=page.POST.get("person", "")).exclude(account="").first()
    if person is None:
        found.append(_wrong("person", _("No person is chosen.")))
    if page.POST.get("office", "") not in {each["value"] for each in _offices(page)}:
        found.append(_wrong("office", _("No office is chosen.")))
    duty = page.POST.get("duty", "")
    if duty not in duties.duties():
        found.append(_wrong("duty", _("No duty is chosen.")))
    elif person is not None and (refusal := duties.beside(seats.held(person), duty)):
        found.append(_wrong("duty", refusal.reason, refusal.remedy))
    return found


@never_cache
@require_POST
def confirm_seat(request: HttpRequest, act: str) -> HttpResponse:
    """Confirm what another person asked, as it stands in that entry."""
    page = _inside(request)
    permit = acting.ask(page, "seat", KIND)
    asked = _waiting(page, act)

    def compose() -> Draft:
        return seating.confirmation(_waiting(page, act), permit.office, page.user.account, acting.actor(page).by)

    return _written(page, lambda: act, compose, "people", lambda: seats.follow(page.node, asked))


def _waiting(page: Any, act: str) -> Change:
    """What waits under an entry for another than who asked; Refused where nothing does."""
    asked = seating.read(page.node).asked.get(act)
    if asked is None:
        raise Refused(refuse("seat", _("nothing waits under this entry"), _("Look at what waits now.")))
    if not asked.user:  # the text that named the person is gone: nobody knows what he would confirm
        raise Refused(
            refuse("seat", _("whom this is about is not known any more"), _("Ask again, or have the power keys do it."))
        )
    if asked.asker == page.user.account:
        raise Refused(
            refuse("seat", _("you asked for this yourself"), _("Another person, in another office, confirms it."))
        )
    if _own(page, asked):
        raise Refused(refuse("seat", _("it is about yourself"), _("A person whom it gives nothing confirms it.")))
    return asked


def _standing(page: Any) -> str:
    """A digest of every seat given and asked for: what the page of people shows."""
    standing = seating.read(page.node)
    return _digest([*(change.act for change in standing.changes), *standing.asked])


def _digest(acts: Iterable[str]) -> str:
    return sha256("\n".join(acts).encode()).hexdigest()


def _written(
    page: Any,
    standing: Callable[[], str],
    compose: Callable[[], Draft],
    to: str,
    after: Callable[[], object] = lambda: None,
) -> HttpResponse:
    """Write what a form of these pages says, once, where what it was made from stands; then its list, with the entry.

    `standing`: what the list shows now, which the form carries as it was shown.
    """
    form = outcome.form_of(page)

    def seen() -> list[Draft]:
        if page.POST.get("shown") != standing():
            raise binding.Changed
        return [compose()]

    receipts = once.written(page.node, form, lambda: page.node.write_seen(seen))
    typed.settled(page)
    after()
    attend(page.node)
    words = {"entry": outcome.entry_words(receipts[0].ledger, receipts[0].index)}
    messages.success(page, _("It stands as %(entry)s.") % words)
    return HttpResponseRedirect(reverse(to))


# --- restricted groups ------------------------------------------------------------------------------------------------


def restricted(request: HttpRequest) -> HttpResponse:
    """The restricted groups of which this office is a member, and the form that makes one."""
    return _restricted(request, [])


def _restricted(request: HttpRequest, errors: Sequence[dict[str, str]]) -> HttpResponse:
    """The page of restricted groups. `errors`: what is wrong with the form of one that was sent."""
    page = _inside(request)
    rows = [
        {
            "code": one.code,
            "act": one.act,
            "title": one.title,
            "members": [
                {
                    "office": seats.office_title(page.node, each.office),
                    "since": each.since[:10],
                    "until": each.until[:10] if each.until else _("still reads it"),
                }
                for each in one.members
            ],
            "chosen": [each.office for each in one.members if each.until is None],
            "changed": one.changed,
            "reason": one.reason,
            "entry": reverse("entry", args=[one.act]),
        }
        for one in groups.known(page.node, page.viewer)
    ]
    return answer(
        request,
        "pages/restricted.html",
        {"groups": rows},
        status=422 if errors else 200,
        errors=errors,
        may=acting.may(page, "restrict", KIND),
        nonce=binding.fresh,
        shown=_known(page),
        offices=_offices(page),
        own=page.seat.office if page.seat else "",
    )


@never_cache
@require_POST
def restrict(request: HttpRequest) -> HttpResponse:
    """Make a group, or say anew which offices are its members: each change stands with who made it and why."""
    page = _inside(request)
    permit = acting.ask(page, "restrict", KIND)
    code, title = page.POST.get("group", ""), page.POST.get("title", "").strip()[:200]
    known = {one.code: one for one in groups.known(page.node, page.viewer)}
    if code and code not in known:
        raise not_here(_("group"))
    if code and page.POST.get("act") != known[code].act:  # a colleague changed it: this form would undo that unseen
        raise binding.Changed
    reason = acting.remarks(page)
    chosen = [office for office in page.POST.getlist("members") if office][:128]
    before = {one.office: one for one in known[code].members} if code else {}
    listed = {each["value"] for each in _offices(page)} | before.keys()
    errors = [] if title else [_wrong("title", _("The group has no name."), _("Give it one; it is recorded."))]
    if not chosen or any(office not in listed for office in chosen):
        errors.append(
            _wrong(
                "members",
                _("No office of this side is chosen.") if not chosen else _("One of them is no office of this side."),
            )
        )
    if not reason:
        errors.append(_wrong("remarks", _("It does not say why."), _("Say why; it is recorded.")))
    if errors:
        return _restricted(request, errors)
    now = page.node.clock()
    members = [
        kept if (kept := before.get(office)) and kept.until is None else table_2.Member(office, now)
        for office in dict.fromkeys(chosen)
    ]
    made = groups.draft(
        permit.office, code or new_code(), members, title=title, reason=reason, by=acting.actor(page).by
    )
    return _written(page, lambda: _known(page), lambda: made, "restricted")


def _known(page: Any) -> str:
    """A digest of the groups that the page of them shows."""
    return _digest(one.act for one in groups.known(page.node, page.viewer))


PATTERNS: list[URLPattern] = [
    *route("people/", people, "people"),
    path("people/ask/", ask_seat, name="ask_seat"),
    path("people/confirm/<slug:act>/", confirm_seat, name="confirm_seat"),
    *route("restricted/", restricted, "restricted"),
    path("restricted/change/", restrict, name="restrict"),
]
