"""Both official records side by side, newest first; the addresses of all pages that show the record itself.

Knows `explore` and the look. Public viewers have no such pages: to them they do not exist.
"""

from __future__ import annotations

from typing import Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse

from dtti.accord.refusal import Refused, grounds, refuse
from dtti.accord.rule_sets import RULE_SETS
from dtti.accord.view import PUBLISHED
from dtti.ledger.act import RECORD_ID
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import explore
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import read
from dtti.node.record.journal import Done
from dtti.web import page
from dtti.web.accounts.guard import signed_in
from dtti.web.parts import Row, Way

from . import checking, entries, feed, installation
from .entries import record_url
from .explorer_words import TOOLS, verb
from .shown import confirmed
from .words import _

#: The verbs of every rule set known here, in the order in which they came.
VERBS: Final = tuple(dict.fromkeys(name for rules in RULE_SETS.values() for name in rules.table))


def official_record(request: HttpRequest) -> HttpResponse:
    """Entries of both official records in one order of time, or those of the national record alone."""
    node, viewer, moment = page.node_of(request), page.viewer_of(request), page.moment(request)
    seen = explore.official(node, viewer)
    if not seen:
        raise page.not_here(_("official record"))
    shown = request.GET.get("ledger", "")
    if shown not in ("", NATIONAL) or (shown and shown not in seen):
        raise page.not_here(_("official record"))
    ledgers, asked = _asked(request, node)
    ledgers = [NATIONAL] if shown else [name for name in ledgers if name in seen]
    stretch = explore.entries(
        node,
        viewer,
        ledgers,
        verb=asked["verb"],
        record=_record(node, viewer, asked["record"]),
        known=moment.bound.acts,
        before=request.GET.get("before", ""),
        upkeep=bool(asked["upkeep"]),
    )
    data = {
        "ledgers": explore.standing(node, viewer, moment.bound.acts),
        "shown": shown or "official",
        "side": asked["side"],
        "verb": asked["verb"],
        "record": asked["record"],
        "upkeep": bool(asked["upkeep"]),
        "entries": rows(node, viewer, stretch.rows),
        "before": stretch.before,
    }
    kept = {name: value for name, value in (("ledger", shown), *asked.items()) if value}
    return page.answer(
        request,
        "pages/explorer/record.html",
        data,
        **TOOLS,
        asked=asked,
        own=node.side,
        other=node.book.other,
        verbs_options=[{"value": name, "label": verb(name)} for name in VERBS],
        older=_turn(request, {**kept, "before": stretch.before}) if stretch.before else None,
        newest=_turn(request, kept) if request.GET.get("before") else None,
        views=_views(request, seen, shown),
    )


def _asked(request: HttpRequest, node: Node) -> tuple[list[str], dict[str, str]]:
    """The ledgers that the address asks for, and its filters: side, verb, record, upkeep."""
    side, named, record, upkeep = (request.GET.get(name, "").strip() for name in ("side", "verb", "record", "upkeep"))
    if named and named not in VERBS:
        raise Refused(refuse("verb", f"{named[:40]} is no verb of the record", "Choose one of the list."))
    sides = {"": [RELEASED, MIRROR], node.side: [RELEASED]}
    if node.book.other:
        sides[node.book.other] = [MIRROR]
    if side not in sides:
        raise Refused(refuse("side", f"{side[:40]} writes no record here", "Choose one of the list."))
    return sides[side], {"side": side, "verb": named, "record": record[:100], "upkeep": "yes" if upkeep else ""}


def _record(node: Node, viewer: Viewer, name: str) -> str:
    """The record that a filter names; one that nobody can see has no entries."""
    if not name or RECORD_ID.match(name):
        return name
    return read.find(node, viewer, name) or "-"


def _turn(request: HttpRequest, values: dict[str, str]) -> str:
    known = {name: request.GET[name] for name in ("on", "known") if request.GET.get(name)}
    return f"{request.path}?{urlencode({**values, **known})}" if values or known else request.path


def _views(request: HttpRequest, seen: list[str], shown: str) -> list[Way]:
    if NATIONAL not in seen:
        return []
    return [
        Way(_("Both official records"), request.path, not shown),
        Way(_("National record"), f"{request.path}?ledger={NATIONAL}", bool(shown)),
    ]


def rows(node: Node, viewer: Viewer, acts: list[Done]) -> list[Row]:
    """Entries as pages and programs read them: five queries however many there are."""
    about = explore.called(node, viewer, [each for act in acts for each in (act.record, act.office)])
    answers = explore.placed(node, viewer, [_answers(act) for act in acts])
    held = explore.acknowledgements(node, acts)
    return [_row(node, act, about, answers, held) for act in acts]


def _answers(act: Done) -> str:
    found = act.terms.get("offer") or act.terms.get("confirms") or ""
    return found if isinstance(found, str) else ""


def _row(
    node: Node,
    act: Done,
    about: dict[str, explore.About],
    answers: dict[str, explore.Spot],
    held: dict[str, explore.Spot],
) -> Row:
    identity = act.id or node.store.leaf_hash(act.ledger, act.index).hex()
    record, office = about.get(act.record), about.get(act.office)
    foreign = bool(office and office.side and office.side != act.side) or act.office.split("/")[1:2] not in (
        [],
        [act.side],
        [PUBLISHED],
    )
    return {
        "at": act.time,
        "side": act.side,
        "ledger": act.ledger,
        "index": act.index,
        "id": identity,
        "url": reverse("entry", args=[identity]),
        "verb": act.verb,
        "office": act.office,
        "office_title": "" if foreign else office.title if office else "",
        "office_foreign": foreign,
        "record": act.record,
        "kind": act.record.partition("/")[0],
        "title": record.title if record else "",
        "record_url": record_url(record),
        "terms": act.terms,
        "confirmed": confirmed(node, act),
        "verdict": act.verdict,
        "rule": act.rule,
        "reason": act.reason,
        "remedy": act.remedy,
        **(grounds(act.rule) if act.rule else {}),
        "overtaken_by": act.overtaken.strip("-"),
        "answers": answers.get(_answers(act)),
        "acknowledged": held.get(act.id),
    }


def inside(view: page.View) -> page.View:
    """A view of the record itself: whoever is not signed in is led to do so, whatever the address asks for."""
    return cast(page.View, signed_in(view))


ACT: Final = "record/acts/<slug:identity>"
PROOF: Final = "records/<str:section>/<path:name>/proof"

PATTERNS: Final[list[URLPattern]] = [
    *page.route("record/entries/", inside(official_record), "explorer"),
    *page.route(f"{ACT}/", inside(entries.entry), "entry"),
    path(f"{ACT}/leaf", inside(entries.leaf), name="entry-leaf"),
    path(f"{ACT}/parts/<int:number>", inside(entries.part), name="entry-part"),
    *page.route("record/check/", inside(checking.integrity), "integrity"),
    *page.route(f"{PROOF}/", inside(checking.proof), "proof"),
    path(f"{PROOF}/file", inside(checking.proof_file), name="proof-file"),
    *page.route("check/", checking.check, "check"),
    *page.route("status/", inside(installation.status), "status"),
    path("feed.json", feed.feed, name="feed"),
]
