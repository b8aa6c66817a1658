"""A Statement of Intent as a draft: projects with horizon and promised date, paragraphs, two parties. Knows no file."""

from dtti.documents.word.draft import Draft, Entry, Field, Form, Part, Sort
from dtti.papers.data.intent import Intended, StatementOfIntent

from .head import block_of, facts_of, fixed, head_from, own, parties_from, party_facts, title_of

PROJECT = Sort(
    "project",
    (
        Field("heading", "words", style="Heading", needed=True),
        Field("horizon", "horizon", None, fixed("intent.horizon"), style="Detail", needed=True),
        Field("promised", "day", None, fixed("intent.promised"), joined=" · ", shown=True),
        Field("body", "words", None, fixed("intent.body"), joined=" · "),
        Field("change", "change", None, fixed("intent.change"), style="Detail", needed=True, new="new"),
        Field("before", "day", None, own("before"), joined=" · "),
        Field("note", "words", None, own("remark"), style="Detail"),
    ),
    "heading",
)
PARAGRAPH = Sort("paragraph", (Field("text", "words", style="Text", needed=True),), "text", numbered=False)
PARTS = (
    Part("projects", fixed("intent.projects"), (PROJECT,), always=True),
    Part("general", own("general"), (PARAGRAPH,)),
)


def draft_of(text: StatementOfIntent) -> Draft:
    """The statement in the one form that Word files are made from."""
    return Draft(
        "statement-of-intent",
        (
            *title_of(text.head, filled=True),
            Field("preamble", "words", text.preamble, style="Preamble", needed=True, filled=True),
        ),
        PARTS,
        (
            *(_project(at, each) for at, each in enumerate(text.projects, 1)),
            *(PARAGRAPH.entry(f"general.{at}", None, {"text": each}) for at, each in enumerate(text.paragraphs, 1)),
        ),
        (Field("closing", "words", text.closing, style="Closing"),),
        {side: block_of(side, party) for side, party in text.parties.items()},
        (
            Field("version", "line", text.version, fixed("intent.version"), once=True),
            *facts_of(text.head),
            *party_facts(text.parties, file="signatory_file"),
            Field("digest", "line", text.digest or None, own("digest"), style="Digest", once=True),
        ),
        text.parties,
        own("statement-of-intent"),
    )


def _project(at: int, each: Intended) -> Entry:
    return PROJECT.entry(
        f"projects.{at}",
        each.number,
        {
            "heading": each.project,
            "horizon": each.horizon,
            "promised": each.promised,
            "body": each.body,
            "change": each.change,
            "before": each.before,
            "note": each.note,
        },
    )


def back(draft: Draft) -> StatementOfIntent:
    """The statement that a draft says."""
    held = draft.held
    return StatementOfIntent(
        head=head_from(held),
        version=held["version"] or "",
        parties=parties_from(held),
        preamble=held["preamble"],
        projects=tuple(
            Intended(
                number=each.number or "",
                project=each.held["heading"],
                horizon=each.held["horizon"],
                body=each.held.get("body"),
                promised=each.held.get("promised"),
                change=each.held["change"],
                before=each.held.get("before"),
                note=each.held.get("note"),
            )
            for each in draft.entries
            if each.sort == "project"
        ),
        paragraphs=tuple(each.held["text"] for each in draft.entries if each.sort == "paragraph"),
        closing=held.get("closing"),
        digest=held.get("digest") or "",
    )


FORM = Form("statement-of-intent", StatementOfIntent, draft_of, back)
