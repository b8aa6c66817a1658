"""What an act would bind to, in words: a `Bound` as the one macro of the work pages draws it. Holds no rule.

Changes come first, then the conditions, then everything whole; what has no word here is shown as it is stored. Nothing
stands behind a script or a closed fold, since what is shown is what is signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from dtti.node.acting import binding
from dtti.node.acting.binding import Bound, Deed, Part
from dtti.node.core.text import Text
from dtti.node.people import seats
from dtti.node.record import holders, read
from dtti.web import content_form, labels
from dtti.web.page import group_name
from dtti.web.requests import PageRequest
from dtti.web.states import side_name

from . import words
from .codes import N_
from .words import _

#: What an act is called in relation to the one about to be written; `%(side)s` is whose it is.
TITLES: Final[Mapping[str, str]] = {
    "written": N_("What you are about to record"),
    "offer": N_("The offer by %(side)s"),
    "answered": N_("The offer by %(side)s that this answers"),
    "answer": N_("The answer by %(side)s"),
    "sighted": N_("Our own entry that had not seen the answer"),
    "report": N_("The report by %(side)s"),
    "national": N_("The version kept inside"),
    "released": N_("What was released before"),
    "stands": N_("The text that stands"),
    "latest": N_("The latest text, agreed by nobody"),
}
BASES: Final[Mapping[str, str]] = {
    "own": N_("what this side itself knows"),
    "paper": N_("a signed paper"),
    "published": N_("public sources"),
    "elsewhere": N_("evidence held elsewhere"),
}
NOTICES: Final[Mapping[str, str]] = {
    "suspend": N_("Suspend: nothing new is agreed until it is resumed"),
    "resume": N_("Resume what this side suspended"),
    "withdraw_from": N_("Withdraw from this record for good"),
}
AUTHORITIES: Final[Mapping[str, str]] = {
    "stated": N_("decided for this text"),
    "standing": N_("a standing authority"),
}
OUTCOMES: Final[Mapping[str, str]] = {
    "late": N_("as late: what was offered was never agreed"),
    "agreed": N_("by their answer all the same: the text is agreed"),
    "returned": N_("by their answer all the same: the text was sent back"),
}
#: What a part of a page is called where it is not what it was; a part that is named by a field is called by it.
PARTS: Final[Mapping[str, str]] = {
    "office": N_("The office in which you act"),
    "named": N_("The act that this one answers, confirms or releases"),
    "compared": N_("The text that it is compared with"),
    "heads": N_("What was done on the record"),
    "text": N_("What is said beside the text"),
    "text.remarks": N_("The remarks"),
    "text.by": N_("Who acts"),
    "text.paper": N_("The paper"),
    "text.files": N_("The files"),
    "terms": N_("The conditions"),
    "terms.until": N_("The last day for an answer"),
    "terms.next": N_("Who drafts next"),
    "terms.firm": N_("Whether the offer is firm"),
    "terms.notice": N_("The notice"),
    "terms.group": N_("The group to which it is kept"),
    "terms.outcome": N_("How the offer ends"),
    "terms.base": N_("The version that it follows"),
    "terms.offer": N_("The offer that it answers"),
    "file": N_("The files"),
}


#: Rules that say that a text has not the form of its kind; the others are about what it says.
_FORM: Final = (
    "content",
    "content-checks",
    "content-form",
    "content-one-form",
    "content-size",
    "held",
    "kind",
    "text-form",
)


def title(deed: Deed) -> str:
    """What an act is called on a page that binds."""
    if deed.role == "latest" and deed.grade == "stated":
        return _("The version that stands")
    return _(TITLES[deed.role], side=side_name(deed.side))


def shown(request: PageRequest, bound: Bound) -> dict[str, Any]:
    """A `Bound` as `work/binding.html` draws it, and as the page's JSON twin has it."""
    text = bound.text
    about = [text] if text and text not in bound.written else []
    return {
        **text_shown(text, bound.compared),
        "kept": group_name(request, bound.written[0].terms.get("group", "")),
        "digest": bound.digest,
        "constitution": bound.constitution,
        "marks": json.dumps({"marks": bound.marks, "heads": bound.heads}, separators=(",", ":")),
        "conditions": [fact for deed in (*about, *bound.written[:1]) for fact in _conditions(request, deed)],
        "files": [fact for deed in (*about, *bound.written) for fact in _files(deed)],
        "acts": [_raw(deed) for deed in (*bound.written, *bound.named, *_only(bound, text))],
        "compared": [{"title": title(each), "id": each.id} for each in bound.compared],
    }


def offer_shown(request: PageRequest, offer: Deed, compared: Sequence[Deed]) -> dict[str, Any]:
    """An offer beside what it is compared with, and its conditions, where nothing is confirmed."""
    return {
        **text_shown(offer, compared),
        "conditions": list(_conditions(request, offer)),
        "files": list(_files(offer)),
    }


def text_shown(text: Deed | None, compared: Sequence[Deed]) -> dict[str, Any]:
    """A text beside each that it is compared with, whole, or as it came where its kind cannot read it."""
    kind = text.record.partition("/")[0] if text else ""
    content = text.content if text and not _unread(text) else None
    return {
        "title": title(text) if text else "",
        "about": text.role if text else "",
        "grade": _grade(text) if text else None,
        "against": [content_form.error(each) for each in text.against] if text else [],
        "unread": _unread_part(text) if text and content is None else None,
        "changes": [_change(kind, each, text) for each in compared] if text and content is not None else [],
        "whole": content_form.compared(kind, content, content) if content is not None else None,
    }


def _only(bound: Bound, text: Deed | None) -> list[Deed]:
    """The text that it is about, where no other list has it: the standing text of a hand-over or a notice."""
    if text is None or any(text.id == each.id for each in bound.named) or text in bound.written:
        return []
    return [text]


def _unread(deed: Deed) -> bool:
    """Whether the text is held to no kind here: then its fields are shown as stored, not as what they would mean."""
    return any(each.rule in _FORM for each in deed.against)


def _unread_part(deed: Deed) -> dict[str, Any]:
    part = deed.part
    return {"state": part.state if part else "missing", "raw": part.raw if part else "", "cut": part.cut if part else 0}


def _grade(deed: Deed) -> dict[str, str]:
    """Grade and side as the macros of grades take them."""
    if deed.role in ("offer", "answered"):
        return {"grade": "offer" if deed.role == "offer" else "returned", "by": deed.side}
    if deed.role == "written":
        return {"grade": "draft", "by": ""}
    graded = deed.grade or ("recorded" if deed.role == "report" else "stated")
    return {"grade": graded, "by": deed.side if graded in ("recorded", "stated") else ""}


def _change(kind: str, before: Deed, text: Deed) -> dict[str, Any]:
    """The text beside one that it is compared with."""
    content = before.content
    readable = content is not None and not (before.part and before.part.state != "held")
    made = content_form.compared(kind, content, text.content or {}) if content is not None and readable else None
    return {
        "before": {"title": title(before), **_grade(before)},
        "after": {"title": title(text), **_grade(text)},
        "role": before.role,
        "comparison": made,
    }


def _conditions(request: PageRequest, deed: Deed) -> Iterator[dict[str, Any]]:
    """The terms of an act and what is said beside its text, in words; what has no words here by its name as stored."""
    if deed.id:
        yield {"name": _("Sent by"), "value": deed.side, "kind": "side"}
        if deed.office:
            yield {"name": _("Office"), "value": seats.office_title(request.node, deed.office)}
        yield {"name": _("When, by its clock"), "value": deed.time, "kind": "moment"}
        held = holders.acting(request.node, request.viewer, deed.side, deed.office, deed.time)
        if held.holders:
            yield {"name": _("Holder that day, by our record"), "value": ", ".join(held.holders)}
    for name, value in deed.terms.items():
        made = _term(request, deed, name, value)
        if made is not None:
            yield made
    for said in deed.texts:
        yield from _said(deed, said)


def _term(request: PageRequest, deed: Deed, name: str, value: Any) -> dict[str, Any] | None:
    offers = deed.verb in ("propose", "send_back")
    if name == "until":
        return {"name": _("Open for an answer until"), "value": value, "kind": "moment"}
    if name == "next":
        return {"name": _("Who drafts next, once it is agreed"), "value": value, "kind": "side"}
    if name == "firm" and value is True:
        return {"name": _("Firm"), "value": firm_words()}
    if name == "base" and offers:
        return {"name": _("Texts agreed here before it"), "value": value, "kind": "number"}
    if name == "base":
        if value:
            return {"name": _("Follows version"), "value": value, "kind": "number"}
        return {"name": _("Version"), "value": _("the first")}
    for key, label, codes in (
        ("basis", _("Rests on"), BASES),
        ("notice", _("Notice"), NOTICES),
        ("authority", _("Authority to release"), AUTHORITIES),
        ("outcome", _("How the offer ends"), OUTCOMES),
    ):
        if name == key and value in codes:
            return {"name": label, "value": _(codes[value])}
    if name == "change" and value == "correction":
        return {"name": _("Change or correction"), "value": _("a correction of what was recorded")}
    if name == "offer":  # that offer stands on the page itself; its id with what is stored
        return None
    if name == "group":
        return {"name": _("Kept to the group"), "value": f"{group_name(request, value)} ({value})"}
    if name == "answer":
        return {"name": _("The answer that it names"), "code": value}
    if name == "sighted":
        return {"name": _("Our own entry that had not seen the answer"), "code": value}
    if name == "confirms":
        return {"name": _("Confirms"), "code": value}
    if name == "released":
        if value:
            return {"name": _("Released copy"), "code": " ".join(value)}
        return {"name": _("Released copy"), "value": _("the act that is written together with it")}
    return {"name": name, "code": json.dumps(value, ensure_ascii=False, sort_keys=True)}


def firm_words() -> str:
    """What a firm offer is, whichever rule set it names: nobody but its answer, or its date, ends it."""
    return _("It cannot be withdrawn. The answer settles it, or its last day passes without one.")


def _said(deed: Deed, said: Text) -> Iterator[dict[str, Any]]:
    if said.remarks:
        yield {"name": _("Remarks"), "prose": binding.plain(said.remarks)}
    if said.paper:
        yield {"name": _("Number on the paper"), "value": binding.plain(said.paper.number)}
        yield {"name": _("Date on the paper"), "value": said.paper.date, "kind": "date"}
        if said.paper.title:
            yield {"name": _("What the paper is"), "value": binding.plain(said.paper.title)}
    if said.held:
        yield {"name": _("Registry number"), "value": binding.plain(said.held.registry)}
        yield {"name": _("Who holds it"), "value": binding.plain(said.held.holder)}
        yield {"name": _("Which officer attests it"), "value": binding.plain(said.held.officer)}
    if said.file_number:
        yield {"name": _("File number"), "value": binding.plain(said.file_number)}
    if said.by:
        named = binding.plain(f"{said.by.name}, {words.word(said.by.capacity)}" if said.by.capacity else said.by.name)
        yield {"name": _("Who acted, as the act says") if deed.id else _("Who acts"), "value": named}


def _files(deed: Deed) -> Iterator[dict[str, Any]]:
    """Bodies of an act that are no texts: what the text calls them, and what is there."""
    for part in deed.parts:
        if part.text is None and part.number != deed.carries and part.state != "unreadable":
            yield {
                "name": binding.plain(part.name) or _("not listed in the text, part %(n)s", n=part.number),
                "media": part.media or "–",
                "size": part.size,
                "digest": part.digest,
                "state": part.state,
            }


def _raw(deed: Deed) -> dict[str, Any]:
    """An act as it is stored: ids, terms and bodies with their digests."""
    head = {"verb": deed.verb, "ledger": deed.ledger, "record": deed.record, "office": deed.office}
    if deed.id:
        head |= {"act": deed.id, "entry": str(deed.index), "time": deed.time, "rules": deed.rules, "side": deed.side}
    return {
        "title": title(deed),
        "verb": labels.verb(deed.verb),
        "head": head,
        "terms": json.dumps({**deed.terms, "rests": list(deed.rests)}, ensure_ascii=False, indent=1),
        "parts": [_raw_part(part) for part in deed.parts],
    }


def _raw_part(part: Part) -> dict[str, Any]:
    return {
        "number": part.number,
        "state": part.state,
        "size": part.size,
        "commitment": part.commitment,
        "digest": part.digest,
        "raw": part.raw,
        "cut": part.cut,
        "name": binding.plain(part.name),
        "media": part.media,
    }


def changed(request: PageRequest, bound: Bound, given: str) -> dict[str, Any]:
    """What is not as it was when a page was drawn, by the marks that its form carried."""
    try:
        before = msgspec.json.decode(given[:60_000], type=_Given)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return {"names": [], "parts": [], "acts": []}
    names = [name for name in {**bound.marks, **before.marks} if bound.marks.get(name) != before.marks.get(name)]
    done = [
        each
        for record in dict.fromkeys(deed.record for deed in bound.written)
        for each in reversed(read.history_page(request.node, request.viewer, record)[0])
        if each.index > before.heads.get(each.ledger, -1) and not each.rule
    ]
    acts = [{"time": each.time, "side": each.side, "verb": labels.verb(each.verb)} for each in done]
    return {"names": names, "parts": list(dict.fromkeys(part_words(name) for name in names)), "acts": acts}


class _Given(msgspec.Struct):
    """The marks and heads of a page, as its form carried them."""

    marks: dict[str, str]
    heads: dict[str, int]


def part_words(name: str) -> str:
    """What a part of a page is called."""
    group, _dot, member = name.partition(".")
    if group == "content":
        return _("The text: %(field)s", field=words.field_name(member[:40]))
    return _(PARTS.get(name) or PARTS.get(group, PARTS["text"]))
