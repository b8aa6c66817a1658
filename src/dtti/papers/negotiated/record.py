"""A record of discussion as a draft: phases, persons, what was said, decisions, actions. Knows no file."""

import re

from dtti.documents.values import SIDES, Side, Words
from dtti.documents.word.draft import Draft, Entry, Field, Form, Held, Part, Sort
from dtti.papers.data.head import Minute
from dtti.papers.data.record import Action, Decision, Discussion, Owner, Record, Reserved, Step

from .head import (
    CLOCKS,
    clock_entries,
    clocks_from,
    facts_of,
    fixed,
    head_from,
    meeting_facts,
    own,
    person_entries,
    persons,
    persons_from,
    title_of,
)

PHASES = Part(
    "phases",
    fixed("record.stands"),
    (
        Sort(
            "phases",
            (
                Field("phase", "phase", None, style="Row", needed=True, strong=True),
                Field("on", "day", joined=" · "),
                Field("by", "side", joined=" · "),
                Field("note", "words", joined=" · "),
            ),
            "phase",
            numbered=False,
        ),
    ),
    kept="phases",
)
CHAIRS, PRESENT = persons("chairs", "agenda.chairs"), persons("present", "record.present")
ITEM = Sort("item", (Field("heading", "words", style="Heading", needed=True),), "heading", number=r"\d+(\.\d+)*[.)]?")
MINUTE = Sort("minute", (Field("text", "words", style="Minute", needed=True),), "text", number=r"\(.*\)")
DECISION = Sort(
    "decision",
    (
        Field("text", "words", style="Entry", needed=True),
        Field("item", "line", None, fixed("agenda.item"), style="Detail"),
    ),
    "text",
)
RESERVED = Sort(
    "reserved",
    (
        Field("text", "words", style="Entry", needed=True),
        Field("side", "side", None, own("reserving"), style="Detail", needed=True),
    ),
    "text",
    numbered=False,
)


def _owned(side: Side) -> tuple[Field, ...]:
    at = side.lower()
    return (
        Field(f"{at}_office", "words", None, own("owner", side), style="Detail"),
        Field(f"{at}_name", "line", None, own("officer", side), joined=" · "),
    )


ACTION = Sort(
    "action",
    (
        Field("text", "words", style="Entry", needed=True),
        *(each for side in SIDES for each in _owned(side)),
        Field(
            "original",
            "day",
            None,
            fixed("record.due_original"),
            also=(fixed("record.due_when"),),
            style="Detail",
            needed=True,
            kept="original",
        ),
        Field("due", "day", None, fixed("record.due"), joined=" · "),
        Field("state", "state", None, fixed("record.state"), joined=" · ", needed=True, new="open"),
        Field("evidence", "line", None, own("evidence"), style="Detail"),
        Field("verified", "side", None, own("verified"), joined=" · ", kept="verified"),
    ),
    "text",
)
PARTS = (
    PHASES,
    CLOCKS,
    CHAIRS,
    PRESENT,
    Part("items", fixed("record.discussion"), (ITEM, MINUTE), always=True),
    Part("decisions", fixed("record.decisions"), (DECISION,), always=True),
    Part("actions", fixed("record.actions"), (ACTION,), always=True),
    Part("reserved", fixed("record.reserved"), (RESERVED,)),
)


def draft_of(text: Record) -> Draft:
    """The record in the one form that Word files are made from."""
    marked = any(minute.portion for item in text.items for minute in item.minutes)
    return Draft(
        "record",
        (*title_of(text.head), Field("body", "words", text.body, style="Kind", needed=True)),
        PARTS,
        (
            *(
                PHASES.sorts[0].entry(
                    f"phases.{at}", None, {"phase": one.phase, "on": one.on, "by": one.by, "note": one.note}
                )
                for at, one in enumerate(text.phases, 1)
            ),
            *clock_entries(text.clocks),
            *person_entries(CHAIRS, text.chairs),
            *person_entries(PRESENT, text.present),
            *(entry for at, item in enumerate(text.items, 1) for entry in _discussion(at, item, marked=marked)),
            *(
                DECISION.entry(f"decisions.{at}", one.number, {"text": one.text, "item": one.item or None})
                for at, one in enumerate(text.decisions, 1)
            ),
            *(_action(at, one) for at, one in enumerate(text.actions, 1)),
            *(
                RESERVED.entry(f"reserved.{at}", None, {"text": one.text, "side": one.side})
                for at, one in enumerate(text.reserved, 1)
            ),
        ),
        facts=(*facts_of(text.head), *meeting_facts(text.host, text.mode)),
        name=own("record"),
        settled=text.agreed,
    )


def _discussion(at: int, item: Discussion, *, marked: bool) -> tuple[Entry, ...]:
    return (
        ITEM.entry(f"items.{at}", item.number, {"heading": item.title}),
        *(
            MINUTE.entry(f"items.{at}.{place}", one.portion if marked else None, {"text": one.text})
            for place, one in enumerate(item.minutes, 1)
        ),
    )


def _action(at: int, action: Action) -> Entry:
    held: dict[str, Held] = {
        "text": action.text,
        "original": action.due,
        "due": action.due_now,
        "state": action.state,
        "evidence": action.evidence or None,
        "verified": action.verified_by,
    }
    for each in action.owners:
        held |= {f"{each.side.lower()}_office": each.office, f"{each.side.lower()}_name": each.name or None}
    made = ACTION.entry(f"actions.{at}", action.number, held)
    order = [each.side.lower() for each in action.owners]
    return Entry(
        made.key,
        made.sort,
        made.number,
        tuple(sorted(made.fields, key=lambda each: _place(each.name, order))),
    )


def _place(name: str, order: list[str]) -> tuple[int, int]:
    """Where a field of an action stands: behind the text the owners, in the order in which the action names them."""
    names = [each.name for each in ACTION.fields]
    if name[:4] not in ("ind_", "usa_"):
        return (0 if name == "text" else 2, names.index(name))
    return (1, (order.index(name[:3]) if name[:3] in order else len(order)) * 2 + name.endswith("_name"))


def back(draft: Draft) -> Record:
    """The record that a draft says; ValueError where a paragraph of the discussion stands under no item."""
    held = draft.held
    items: list[tuple[Entry, list[Entry]]] = []
    for each in draft.entries:
        if each.sort == "item":
            items.append((each, []))
        elif each.sort == "minute":
            if not items:
                raise ValueError("a paragraph of the discussion stands before the first item")
            items[-1][1].append(each)
    return Record(
        head=head_from(held),
        body=held["body"],
        phases=tuple(
            Step(
                phase=each.held["phase"],
                on=each.held.get("on"),
                by=each.held.get("by"),
                note=each.held.get("note"),
            )
            for each in draft.entries
            if each.sort == "phases"
        ),
        items=tuple(
            Discussion(
                number=item.number or "",
                title=item.held["heading"],
                minutes=tuple(Minute(text=one.held["text"], portion=one.number or "") for one in minutes),
            )
            for item, minutes in items
        ),
        decisions=tuple(
            Decision(number=each.number or "", text=each.held["text"], item=each.held.get("item") or "")
            for each in draft.entries
            if each.sort == "decision"
        ),
        actions=tuple(_action_from(each) for each in draft.entries if each.sort == "action"),
        reserved=tuple(
            Reserved(side=each.held["side"], text=each.held["text"])
            for each in draft.entries
            if each.sort == "reserved"
        ),
        present=persons_from(draft, "present"),
        chairs=persons_from(draft, "chairs"),
        host=held.get("host"),
        mode=held["mode"] or "in-person",
        clocks=clocks_from(draft),
    )


def _action_from(entry: Entry) -> Action:
    held = entry.held
    sides: list[Side] = []
    for each in entry.fields:
        if re.fullmatch("(ind|usa)_(office|name)", each.name) and each.value is not None:
            side: Side = "IND" if each.name.startswith("ind") else "USA"
            if side not in sides:
                sides.append(side)
    owners = []
    for side in sides:
        office = held.get(f"{side.lower()}_office")
        if not isinstance(office, Words):
            raise ValueError(f"action {entry.number}: an owner on a side needs an office")
        owners.append(Owner(side=side, office=office, name=held.get(f"{side.lower()}_name") or ""))
    return Action(
        number=entry.number or "",
        text=held["text"],
        owners=tuple(owners),
        due=held.get("original"),
        due_now=held.get("due"),
        state=held.get("state") or "open",
        evidence=held.get("evidence") or "",
        verified_by=held.get("verified"),
    )


FORM = Form("record", Record, draft_of, back)
