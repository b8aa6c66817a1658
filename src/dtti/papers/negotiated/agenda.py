"""An agenda as a draft: clocks, co-chairs, items with purpose and time, remarks. Knows no file."""

from dtti.documents.word.draft import Draft, Entry, Field, Form, Part, Sort
from dtti.documents.word.values import cut, lines
from dtti.papers.data.agenda import Agenda, Item

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

CHAIRS = persons("chairs", "agenda.chairs")
ITEM = Sort(
    "item",
    (
        Field("heading", "words", style="Heading", needed=True),
        Field("purpose", "purpose", None, fixed("agenda.purpose"), style="Detail", needed=True),
        Field("minutes", "count", None, own("minutes"), joined=" · "),
        Field("lead", "sides", None, fixed("agenda.lead"), joined=" · "),
        Field("presenter", "line", None, own("presenter"), joined=" · "),
        Field("papers", "lines", None, own("papers"), style="Detail"),
        Field("carried", "line", None, own("carried"), style="Detail"),
        Field("note", "words", None, own("remark"), style="Detail"),
    ),
    "heading",
)
REMARK = Sort("remark", (Field("text", "words", style="Text", needed=True),), "text", numbered=False)
PARTS = (
    CLOCKS,
    CHAIRS,
    Part("items", own("items"), (ITEM,), always=True),
    Part("remarks", fixed("agenda.remarks"), (REMARK,)),
)


def draft_of(text: Agenda) -> Draft:
    """The agenda in the one form that Word files are made from."""
    return Draft(
        "agenda",
        (*title_of(text.head), Field("body", "words", text.body, style="Kind", needed=True)),
        PARTS,
        (
            *clock_entries(text.clocks),
            *person_entries(CHAIRS, text.chairs),
            *(_item(at, each) for at, each in enumerate(text.items, 1)),
            *(REMARK.entry(f"remarks.{at}", None, {"text": each}) for at, each in enumerate(text.remarks, 1)),
        ),
        facts=(*facts_of(text.head), *meeting_facts(text.host, text.mode)),
        name=own("agenda"),
    )


def _item(at: int, each: Item) -> Entry:
    return ITEM.entry(
        f"items.{at}",
        each.number,
        {
            "heading": each.title,
            "purpose": each.purpose,
            "minutes": str(each.minutes) if each.minutes is not None else None,
            "lead": " ".join(each.lead) or None,
            "presenter": each.presenter or None,
            "papers": lines(each.papers),
            "carried": each.carried or None,
            "note": each.note,
        },
    )


def back(draft: Draft) -> Agenda:
    """The agenda that a draft says."""
    held = draft.held
    return Agenda(
        head=head_from(held),
        body=held["body"],
        items=tuple(
            Item(
                number=each.number or "",
                title=each.held["heading"],
                purpose=each.held["purpose"],
                note=each.held.get("note"),
                minutes=int(each.held["minutes"]) if each.held.get("minutes") else None,
                lead=tuple("USA" if one == "USA" else "IND" for one in (each.held.get("lead") or "").split()),
                presenter=each.held.get("presenter") or "",
                papers=cut(each.held.get("papers")),
                carried=each.held.get("carried") or "",
            )
            for each in draft.entries
            if each.sort == "item"
        ),
        host=held.get("host"),
        mode=held["mode"] or "in-person",
        clocks=clocks_from(draft),
        chairs=persons_from(draft, "chairs"),
        remarks=tuple(each.held["text"] for each in draft.entries if each.sort == "remark"),
    )


FORM = Form("agenda", Agenda, draft_of, back)
