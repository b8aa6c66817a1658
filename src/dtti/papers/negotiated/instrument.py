"""An instrument as a draft: clauses with brackets by side, two parties, particulars. Knows no file."""

import datetime as dt
from dataclasses import replace

from dtti.documents.word.draft import Draft, Entry, Field, Form, Part, Sort
from dtti.papers.data.instrument import Clause, Instrument

from .head import block_of, own, parties_from, party_facts

CLAUSE = Sort(
    "clause",
    (Field("heading", style="Heading"), Field("text", "passages", style="Clause")),
    "text",
)
PARTS = (Part("clauses", None, (CLAUSE,)),)


def draft_of(text: Instrument) -> Draft:
    """The instrument in the one form that Word files are made from."""
    return Draft(
        "instrument",
        (
            Field("type", "words", text.type, style="Kind", needed=True),
            Field("title", "words", text.title, style="Title", needed=True, filled=True),
            Field("preamble", "words", text.preamble, style="Preamble", needed=True, filled=True),
        ),
        PARTS,
        tuple(_entry(each) for each in text.clauses),
        (Field("closing", "words", text.closing, style="Closing"),),
        {side: block_of(side, party) for side, party in text.parties.items()},
        (
            Field("reference", "line", text.reference, own("reference"), once=True),
            Field("label", "line", text.label or None, own("label"), once=True),
            Field("status", "words", text.status, own("status")),
            Field("place", "words", text.place, own("place")),
            Field("date", "date", text.date.isoformat() if text.date else None, own("date")),
            *party_facts(text.parties),
            Field("digest", "line", text.digest or None, own("digest"), style="Digest", once=True),
        ),
        text.parties,
    )


def _entry(clause: Clause) -> Entry:
    made = replace(CLAUSE, level=clause.level).entry(clause.key, clause.number, {"heading": clause.heading})
    return replace(made, passages=clause.passages)


def back(draft: Draft) -> Instrument:
    """The instrument that a draft says."""
    held = draft.held
    return Instrument(
        type=held["type"],
        reference=held["reference"] or "",
        title=held["title"],
        preamble=held["preamble"],
        parties=parties_from(held),
        clauses=tuple(
            Clause(each.key, each.number or "", each.passages, each.held.get("heading"), each.level)
            for each in draft.entries
        ),
        closing=held.get("closing"),
        digest=held.get("digest") or "",
        place=held.get("place"),
        date=dt.date.fromisoformat(held["date"]) if held.get("date") else None,
        status=held.get("status"),
        label=held.get("label") or "",
    )


FORM = Form("instrument", Instrument, draft_of, back)
