"""What an act would bind to, in words: a `Bound` as the one macro of the work pages draws it. Holds no rule.

Changes come first, then the conditions, then everything whole; what has no word here is shown as it is stored. Nothing
stands behind a script or a closed fold, since what is shown is what is signed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

import msgspec

from dtti.accord.table_2 import Gate
from dtti.node.acting import whole
from dtti.node.acting.binding import Bound
from dtti.node.acting.whole import Deed, Part
from dtti.node.core.text import Text
from dtti.node.people import seats
from dtti.node.record import holders, journal
from dtti.programme.judging import judge_body
from dtti.programme.kinds import KINDS
from dtti.web import labels
from dtti.web.binding_parts import (
    Binding,
    Change,
    Changed,
    Compared,
    Condition,
    File,
    Graded,
    OfferShown,
    Raw,
    RawPart,
    Since,
    TextShown,
    Titled,
    Unread,
)
from dtti.web.forms.compared import compared as word_by_word
from dtti.web.page import group_name
from dtti.web.requests import PageRequest
from dtti.web.states import side_name

from . import beside_text, gate_rows, words
from .codes import N_
from .words import _

Shown = TypeVar("Shown", bound=TextShown)

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
    "terms.reason": N_("The reason"),
    "terms.group": N_("The group to which it is kept"),
    "terms.outcome": N_("How the offer ends"),
    "terms.base": N_("The version that it follows"),
    "terms.offer": N_("The offer that it answers"),
    "file": N_("The files"),
    "also": N_("Another of the texts"),
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


def shown(request: PageRequest, bound: Bound) -> Binding:
    """All that an act would bind to."""
    text = bound.text
    apart = {deed.record for deed in bound.also if text is None or deed.record != text.record}
    about = [text] if text and text not in bound.written else []
    first = text_shown(request, text, [each for each in bound.compared if each.record not in apart])
    return Binding(
        **msgspec.structs.asdict(_named(first, text) if bound.also else first),
        kept=group_name(request, bound.written[0].terms.get("group", "")),
        digest=bound.digest,
        constitution=bound.constitution,
        marks=json.dumps({"marks": bound.marks, "heads": bound.heads}, separators=(",", ":")),
        conditions=[fact for deed in (*about, *bound.written[:1]) for fact in _conditions(request, deed)],
        files=[fact for deed in (*about, *bound.written) for fact in _files(deed)],
        acts=[_raw(deed) for deed in (*bound.written, *bound.named, *_only(bound, text))],
        compared=[Compared(title(each), each.id) for each in bound.compared],
        also=[
            _named(offer_shown(request, deed, [each for each in bound.compared if each.record == deed.record]), deed)
            for deed in bound.also
        ],
    )


def _named(shown_: Shown, deed: Deed | None) -> Shown:
    """One of several texts, called by the name of its record."""
    kind = deed.record.partition("/")[0] if deed else ""
    content = judge_body(kind, deed.content).content if deed else None
    name = KINDS[kind].facets(content).title if content is not None else ""
    return msgspec.structs.replace(shown_, title=f"{shown_.title}: {name}") if name else shown_


def offer_shown(request: PageRequest, offer: Deed, compared: Sequence[Deed]) -> OfferShown:
    """An offer where nothing is confirmed, or one of several texts that are, each with its conditions."""
    said = msgspec.structs.asdict(text_shown(request, offer, compared))
    return OfferShown(**said, conditions=[*_conditions(request, offer)], files=[*_files(offer)])


def text_shown(request: PageRequest, text: Deed | None, compared: Sequence[Deed]) -> TextShown:
    """A text that is offered, proposed or stands; none where an act is about none."""
    kind = text.record.partition("/")[0] if text else ""
    content = text.content if text and not _unread(text) else None
    return TextShown(
        title(text) if text else "",
        text.role if text else "",
        _grade(text) if text else None,
        [each.said() for each in text.against] if text else [],
        _unread_part(text) if text and content is None else None,
        [_change(kind, each, text) for each in compared] if text and content is not None else [],
        word_by_word(kind, content, content) if content is not None else None,
        beside_text.of_text(request, text.record, content, stands=any(each.role == "stands" for each in compared))
        if text and content is not None and text.role in ("written", "offer")
        else [],
    )


def _only(bound: Bound, text: Deed | None) -> list[Deed]:
    """The text that it is about, where no other list has it: the standing text of a hand-over or a notice."""
    if text is None or any(text.id == each.id for each in bound.named) or text in bound.written:
        return []
    return [text]


def _unread(deed: Deed) -> bool:
    """Whether the text is held to no kind here: then its fields are shown as stored, not as what they would mean."""
    return any(each.rule in _FORM for each in deed.against)


def _unread_part(deed: Deed) -> Unread:
    part = deed.part
    return Unread(part.state, part.raw, part.cut) if part else Unread("missing", "", 0)


def _grade(deed: Deed) -> Graded:
    if deed.role in ("offer", "answered"):
        return Graded("offer" if deed.role == "offer" else "returned", deed.side)
    if deed.role == "written":
        return Graded("draft", "")
    graded = deed.grade or ("recorded" if deed.role == "report" else "stated")
    return Graded(graded, deed.side if graded in ("recorded", "stated") else "")


def _titled(deed: Deed) -> Titled:
    graded = _grade(deed)
    return Titled(title(deed), graded.grade, graded.by)


def _change(kind: str, before: Deed, text: Deed) -> Change:
    """The text beside one that it is compared with."""
    content = before.content
    readable = content is not None and not (before.part and before.part.state != "held")
    made = word_by_word(kind, content, text.content or {}) if content is not None and readable else None
    return Change(_titled(before), _titled(text), before.role, made)


def _conditions(request: PageRequest, deed: Deed) -> Iterator[Condition]:
    """The terms of an act and what is said beside its text, in words; what has no words here by its name as stored."""
    if deed.id:
        yield Condition(_("Sent by"), deed.side, "side")
        if deed.office:
            yield Condition(_("Office"), seats.office_title(request.node, deed.office))
        yield Condition(_("When, by its clock"), deed.time, "moment")
        held = holders.acting(request.node, request.viewer, deed.side, deed.office, deed.time)
        if held.holders:
            yield Condition(_("Holder that day, by our record"), ", ".join(held.holders))
    for name, value in deed.terms.items():
        made = _term(request, deed, name, value)
        if made is not None:
            yield made
    for said in deed.texts:
        yield from _said(deed, said)


def _term(request: PageRequest, deed: Deed, name: str, value: Any) -> Condition | None:
    offers = deed.verb in ("propose", "send_back")
    if name == "until":
        return Condition(_("Open for an answer until"), value, "moment")
    if name == "next":
        return Condition(_("Who drafts next, once it is agreed"), value, "side")
    if name == "firm" and value is True:
        return Condition(_("Firm"), firm_words())
    if name == "base" and offers:
        return Condition(_("Texts agreed here before it"), value, "number")
    if name == "base":
        if value:
            return Condition(_("Follows version"), value, "number")
        return Condition(_("Version"), _("the first"))
    if name == "reason":
        return Condition(_("Reason"), words.word(value))
    for key, label, codes in (
        ("basis", _("Rests on"), BASES),
        ("notice", _("Notice"), NOTICES),
        ("authority", _("Authority to release"), AUTHORITIES),
        ("outcome", _("How the offer ends"), OUTCOMES),
    ):
        if name == key and value in codes:
            return Condition(label, _(codes[value]))
    if name == "change" and value == "correction":
        return Condition(_("Change or correction"), _("a correction of what was recorded"))
    if name == "offer":  # that offer stands on the page itself; its id with what is stored
        return None
    if name == "group":
        return Condition(_("Kept to the group"), f"{group_name(request, value)} ({value})")
    if name == "answer":
        return Condition(_("The answer that it names"), code=value)
    if name == "sighted":
        return Condition(_("Our own entry that had not seen the answer"), code=value)
    if name == "text":
        return Condition(_("The text that everybody may read"), code=value)
    if name == "not_before":
        return Condition(_("Not public before"), value, "moment")
    if name == "confirms":
        return Condition(_("Confirms"), code=value)
    if name == "released":
        if value:
            return Condition(_("Released copy"), code=" ".join(value))
        return Condition(_("Released copy"), _("the act that is written together with it"))
    if name == "gate":
        name = _("The move along the stages, as the record keeps it for ever")
        if (said := _move(request, value)) is not None:
            return Condition(name, prose=said)
    return Condition(name, code=json.dumps(value, ensure_ascii=False, sort_keys=True))


def _move(request: PageRequest, gate: Any) -> str | None:
    """A move along the stages, a line for each row with what shows it; None where it has not the form of one."""
    try:
        held = msgspec.convert(gate, Gate)
    except msgspec.ValidationError:
        return None
    moved = gate_rows.of_entry(gate)
    lines = [moved.said]
    for each, row in zip(held.rows, moved.rows, strict=True):
        office = [seats.office_title(request.node, each.office)] if each.office else []
        shown_by = ", ".join([str(row["state"]), *each.acts, *office])
        lines.append(f"{row['what']} ({row['of']}): {shown_by}")
    return "\n".join(lines)


def firm_words() -> str:
    """What a firm offer is, whichever rule set it names: nobody but its answer, or its date, ends it."""
    return _("It cannot be withdrawn. The answer settles it, or its last day passes without one.")


def _said(deed: Deed, said: Text) -> Iterator[Condition]:
    if said.remarks:
        yield Condition(_("Remarks"), prose=whole.plain(said.remarks))
    if said.paper:
        yield Condition(_("Number on the paper"), whole.plain(said.paper.number))
        yield Condition(_("Date on the paper"), said.paper.date, "date")
        if said.paper.title:
            yield Condition(_("What the paper is"), whole.plain(said.paper.title))
    if said.held:
        yield Condition(_("Registry number"), whole.plain(said.held.registry))
        yield Condition(_("Who holds it"), whole.plain(said.held.holder))
        yield Condition(_("Which officer attests it"), whole.plain(said.held.officer))
    if said.file_number:
        yield Condition(_("File number"), whole.plain(said.file_number))
    if said.label:
        yield Condition(_("Label"), words.word(said.label.classification))
        yield Condition(_("Who may be given it"), ", ".join(side_name(each) for each in said.label.releasable_to))
        for limit in said.label.restrictions:
            yield Condition(_("Further limits on who may read it"), whole.plain(limit))
        yield Condition(_("Under whose rules it is labelled"), whole.plain(said.label.policy))
        yield Condition(_("Labelled by"), whole.plain(said.label.originator))
        yield Condition(_("Labelled on"), said.label.date, "date")
    if said.by:
        named = whole.plain(f"{said.by.name}, {words.word(said.by.capacity)}" if said.by.capacity else said.by.name)
        yield Condition(_("Who acted, as the act says") if deed.id else _("Who acts"), named)


def _files(deed: Deed) -> Iterator[File]:
    """Bodies of an act that are no texts."""
    for part in deed.parts:
        if part.text is None and part.number != deed.carries and part.state != "unreadable":
            name = whole.plain(part.name) or _("not listed in the text, part %(n)s", n=part.number)
            yield File(name, part.media or "–", part.size, part.digest, part.state)


def _raw(deed: Deed) -> Raw:
    head = {"verb": deed.verb, "ledger": deed.ledger, "record": deed.record, "office": deed.office}
    if deed.id:
        head |= {"act": deed.id, "entry": str(deed.index), "time": deed.time, "rules": deed.rules, "side": deed.side}
    return Raw(
        title(deed),
        labels.verb(deed.verb),
        head,
        json.dumps({**deed.terms, "rests": list(deed.rests)}, ensure_ascii=False, indent=1),
        [_raw_part(part) for part in deed.parts],
    )


def _raw_part(part: Part) -> RawPart:
    name, media = whole.plain(part.name), part.media
    return RawPart(part.number, part.state, part.size, part.commitment, part.digest, part.raw, part.cut, name, media)


def changed(request: PageRequest, bound: Bound, given: str) -> Changed:
    """What is not as it was when a page was drawn, by the marks that its form carried."""
    try:
        before = msgspec.json.decode(given[:60_000], type=_Given)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return Changed()
    names = [name for name in {**bound.marks, **before.marks} if bound.marks.get(name) != before.marks.get(name)]
    done = [
        each
        for record in dict.fromkeys(deed.record for deed in bound.written)
        for each in reversed(journal.history_page(request.node, request.viewer, record)[0])
        if each.index > before.heads.get(each.ledger, -1) and not each.rule
    ]
    acts = [Since(each.time, each.side, labels.verb(each.verb)) for each in done]
    return Changed(names, list(dict.fromkeys(part_words(name) for name in names)), acts)


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
