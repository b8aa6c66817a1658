"""What one row of the projection says: of a record's acts at a moment, and of the text they show. Knows no table."""

from typing import Any

import msgspec
import orjson

from dtti.accord.fold import View
from dtti.accord.grade import grade, in_court
from dtti.accord.view import PUBLISHED, Text
from dtti.language.folding import sort_key
from dtti.ledger.act import Act
from dtti.ledger.store import NATIONAL
from dtti.programme import walk
from dtti.programme.facets import KEPT, Facets
from dtti.programme.kinds import KINDS

from . import audience
from .arriving import Reading
from .visibility import PUBLIC


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
    answer: tuple[str, str]  # verb and time of the answer that the open offer has, while its own side has not closed it
    beside: int
    standing: str
    kept: str = ""


def _shown_text(view: View, shown: Text | None, draft: tuple[str, str]) -> tuple[tuple[str, int, str] | None, str]:
    """The text that a list shows, and what it is called: failing any text that stands, the last offer or draft."""
    if shown is not None:
        return (shown.act, shown.body, shown.side), grade(view, shown)
    if view.offers:
        offer = view.offers[-1]
        return (offer.id, offer.body, offer.side), offer.outcome or "offer"
    return ((draft[0], 0, draft[1]), "draft") if draft[0] else (None, "")


def snapshot(
    view: View, time: str, act: str, draft: tuple[str, str], shown: Text | None, beside: int, kept: str = ""
) -> Snapshot:
    """The snapshot of `view` after `act` at `time`; `draft`: act and side of the draft shown where there is no text.

    `shown`: the text that stands; `beside`: how many stand beside it (see `standing`). `kept`: the restricted group to
    which it is kept, if any.
    """
    court, offer = in_court(view), view.offer
    text, called = _shown_text(view, shown, draft)
    given = {act: time for _, _, act, time in view.notice_acts}
    standing = ",".join(
        f"{side}:{notice}:{view.reasons.get(act, '')}:{given[act]}"
        for side, (notice, act) in sorted(view.notices.items())
    )
    return Snapshot(
        time,
        act,
        text,
        called,
        shown.number if shown else 0,
        view.pen,
        (court.side, court.since, court.why) if court else ("", "", ""),
        (offer.id, offer.side, offer.until) if offer else ("", "", ""),
        (offer.answer_verb, offer.answered) if offer and offer.answer else ("", ""),
        beside,
        standing,
        kept,
    )


def group_of(act: Act) -> str:
    """Code of the restricted group to which a national act is kept; empty for any other."""
    return str(act.terms.get("group", "")) if act.ledger == NATIONAL else ""


def keeps(act: Act) -> str:
    """Code of the group to which an act keeps its whole record: its texts do, a remark beside them keeps itself."""
    return "" if act.verb == "comment" else group_of(act)


def flags(view: View) -> dict[str, str]:
    """Acts whose agreed text has a notice concurrent with it, and the claimed time of that notice."""
    given = {act: time for _, _, act, time in view.notice_acts}
    return {text.act: given[text.flagged] for text in view.texts if text.flagged}


def shown_terms(act: Act) -> dict[str, Any]:
    """The verb's fields as history shows them; the long ones of governing acts stay in the leaf."""
    return {} if act.verb in ("found", "keys", "power", "acknowledge") else act.terms


def as_json(value: Any) -> str:
    """JSON as the tables keep it: keys sorted, so that equal values are equal texts."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def facets_of(record: str, read: Reading) -> Facets:
    """The columns of what a text says; of a text that is not held or cannot be read none but the record's code."""
    kind, _, code = record.split("/")
    if read.state == "held" and read.content is not None:
        return KINDS[kind].facets(read.content)
    return Facets(ref=code, title="")


def of_text(record: str, mode: str, read: Reading, facets: Facets) -> dict[str, Any]:
    """The columns of a row that come from the text it shows, and the `links` in it, which have a table of their own."""
    kind, side, code = record.split("/")
    unreadable = read.state == "unreadable"
    return {
        "record": record,
        "kind": kind,
        "side": side,
        "mode": mode,
        **{column: getattr(facets, column) for column in KEPT},
        "title_order": sort_key(facets.title),
        "ref_order": sort_key(facets.ref),
        "text_state": read.state,
        "content": as_json(read.stored) if read.state == "held" else "{}",
        "against": as_json([[one.rule, one.reason, one.remedy] for one in read.against]) if unreadable else "[]",
        "called": read.content.ref if unreadable and read.content else "",
        "code": code,
        "name": code,
        "links": walk.links(read.content) if read.state == "held" and read.content else (),
    }


def names(records: list[str], side: str) -> dict[str, str]:
    """What addresses each of all records here that have one code in common: this side is `side`.

    A code is random, and whoever creates a record chooses it: the other side may take one that is in use. A record of
    this side's own, or of the public record, keeps its address then, and the other is addressed by its whole id.
    """
    ours = [one for one in records if one.split("/")[1] in (side, PUBLISHED)]
    first = records if len(records) == 1 else ours if len(ours) == 1 else []
    return {one: one.rpartition("/")[2] if one in first else one.replace("/", "-").lower() for one in records}


#: Where the rows of what the public is shown begin, in a record of which it is not shown all: see `audience`.
APART = 1_000_000


def public_moment(shown: audience.Shown, view: View, side: str, time: str) -> Snapshot:
    """What the public is told of a record at `time`: a text and its grade, and nothing of what led to it."""
    text, none = shown.text, ("", "", "")
    said = (text.act, text.body, side if shown.made_public else text.side)
    return Snapshot(time, text.act, said, grade(view, text), shown.number, "", none, none, ("", ""), 0, "")


def plain(seen: list[Snapshot], public: list[Snapshot]) -> bool:
    """Whether the public may be shown the same rows as officials: a record was compiled, and no more was done."""
    return len(seen) == len(public) and all(
        one == msgspec.structs.replace(other, number=one.number) for one, other in zip(seen, public, strict=True)
    )


def of_moment(
    one: Snapshot, flags: dict[str, str], side: str, *, national: bool, label: str = "", public: str = PUBLIC
) -> dict[str, Any]:
    """The columns of a row that come from the acts so far. The public is shown what `side`, this side, published.

    `public`: the label where it is; `label`: that of all rows, where it is settled.
    """
    act, part, stated_by = one.text or ("", 0, "")
    compiled = one.grade == "published" and stated_by == side
    court, since, why = one.court
    offer, offer_side, offer_until = one.offer
    return {
        "label": label or ("national" if national else public if compiled else "released"),
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
        "answer": one.answer[0],
        "answered": one.answer[1],
        "beside": one.beside,
        "standing": one.standing,
        "flagged": int(act in flags and flags[act] <= one.time),
        "changed_by": one.act,
        "kept": one.kept if national else "",
    }
