"""What one row of the projection says: of a record's acts at a moment, and of the text they show. Knows no table."""

import unicodedata
from typing import Any

import msgspec
import orjson

from dtti.accord.fold import View
from dtti.accord.grade import beside, current, grade, in_court
from dtti.accord.refusal import Refused
from dtti.ledger.act import Act
from dtti.ledger.body import Body, Erased, Owner
from dtti.ledger.store import Store
from dtti.programme.kind import Content, Facets
from dtti.programme.kinds import KINDS

from . import text


class Snapshot(msgspec.Struct, frozen=True):
    """What the acts say of a record at one moment, before contents are looked at."""

    time: str
    act: str
    text: tuple[str, int, str] | None  # act, body, side
    grade: str
    number: int
    pen: str
    court: tuple[str, str, str]
    offer: tuple[str, str, str]
    beside: int
    standing: str


def _shown_text(view: View, draft: tuple[str, str]) -> tuple[tuple[str, int, str] | None, str]:
    """The text that a list shows, and what it is called: failing any text that stands, the last offer or draft."""
    shown = current(view)
    if shown is not None:
        return (shown.act, shown.body, shown.side), grade(view, shown)
    if view.offers:
        offer = view.offers[-1]
        return (offer.id, offer.body, offer.side), offer.outcome or "offer"
    return ((draft[0], 0, draft[1]), "draft") if draft[0] else (None, "")


def snapshot(view: View, time: str, act: str, draft: tuple[str, str] = ("", "")) -> Snapshot:
    """The snapshot of `view` after `act` at `time`; `draft`: act and side of the latest draft shown to both."""
    shown, court, offer = current(view), in_court(view), view.offer
    text, called = _shown_text(view, draft)
    standing = ",".join(f"{side}:{notice}" for side, (notice, _) in sorted(view.notices.items()))
    return Snapshot(
        time,
        act,
        text,
        called,
        shown.number if shown else 0,
        view.pen,
        (court.side, court.since, court.why) if court else ("", "", ""),
        (offer.id, offer.side, offer.until) if offer else ("", "", ""),
        len(beside(view)),
        standing,
    )


def flags(view: View) -> dict[str, str]:
    """Acts whose agreed text has a notice concurrent with it, and the claimed time of that notice."""
    given = {act: time for _, _, act, time in view.notice_acts}
    return {text.act: given[text.flagged] for text in view.texts if text.flagged}


def fold_words(words: str) -> str:
    """Text as search compares it: NFC, joiners stripped (both spellings of a conjunct are one word), lower case."""
    return unicodedata.normalize("NFC", words).replace("\u200d", "").replace("\u200c", "").lower()


def shown_terms(act: Act) -> dict[str, Any]:
    """The verb's fields as history shows them; the long ones of governing acts stay in the leaf."""
    return {} if act.verb in ("found", "keys", "power", "acknowledge") else act.terms


def read_content(store: Store, record: str, owner: Owner | None) -> tuple[str, Facets, str]:
    """State of a text (held, erased, missing, unreadable, none), its facets, its content as JSON."""
    kind, _, code = record.split("/")
    blank = Facets(ref=code, title="")
    if owner is None:
        return "none", blank, "{}"
    body = store.body(owner)
    if isinstance(body, Erased):
        return "erased", blank, "{}"
    if not isinstance(body, Body):
        return "missing", blank, "{}"
    try:
        stored = text.read(body.data).content
        if stored is None:
            return "none", blank, "{}"
        content = KINDS[kind].read(stored)
        return held_content(record, content, stored)
    except (Refused, KeyError):
        return "unreadable", blank, "{}"


def held_content(record: str, content: Content, stored: dict[str, Any]) -> tuple[str, Facets, str]:
    """As `read_content`, of a text that was just read and judged."""
    return "held", KINDS[record.split("/")[0]].facets(content), as_json(stored)


def as_json(value: Any) -> str:
    """JSON as the tables keep it: keys sorted, so that equal values are equal texts."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def of_text(record: str, mode: str, state: str, facets: Facets, content: str) -> dict[str, Any]:
    """The columns of a row that come from the text it shows."""
    kind, side, _ = record.split("/")
    return {
        "record": record,
        "kind": kind,
        "side": side,
        "mode": mode,
        "ref": facets.ref,
        "title": facets.title,
        "subtitle": facets.subtitle,
        "category": facets.category,
        "status": facets.status,
        "stage": facets.stage,
        "horizon": facets.horizon,
        "body": facets.body,
        "project": facets.project,
        "domain": facets.domain,
        "about": facets.side,
        "earliest": facets.earliest.isoformat() if facets.earliest else None,
        "latest": facets.latest.isoformat() if facets.latest else None,
        "amount": facets.amount,
        "currency": facets.currency,
        "text_state": state,
        "content": content,
    }


def of_moment(one: Snapshot, flags: dict[str, str], *, national: bool) -> dict[str, Any]:
    """The columns of a row that come from the acts so far."""
    act, part, stated_by = one.text or ("", 0, "")
    court, since, why = one.court
    offer, offer_side, offer_until = one.offer
    return {
        "label": "national" if national else "public" if one.grade == "published" else "released",
        "grade": one.grade,
        "number": one.number,
        "act": act,
        "part": part,
        "stated_by": stated_by,
        "pen": one.pen,
        "court": court,
        "court_since": since,
        "court_why": why,
        "offer": offer,
        "offer_side": offer_side,
        "offer_until": offer_until,
        "beside": one.beside,
        "standing": one.standing,
        "flagged": int(act in flags and flags[act] <= one.time),
        "changed_by": one.act,
    }
