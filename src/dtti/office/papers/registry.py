"""The papers that are made from the record: of which records, in which forms, by which mapping; and making one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final, Literal

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Side, Words
from dtti.documents.words import Reading
from dtti.language.marking import N_
from dtti.node.record.read import Listed
from dtti.office.asking import Asking
from dtti.papers.kinds import KINDS as PAPERS
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.instrument import Instrument
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.kinds.office import Office
from dtti.programme.kinds.project import Project
from dtti.programme.kinds.readout import Readout
from dtti.programme.kinds.recommendation import Recommendation

from . import brief, instrument, letters, meeting, office, project, sheets
from .material import Material, said

Form = Literal["pdf", "docx", "ics"]
_MEDIA: Final[dict[Form, str]] = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "ics": "text/calendar; charset=utf-8",
}


#: Papers that come as Word files too, since their text is negotiated.
NEGOTIATED: Final = ("agenda", "record", "instrument", "statement-of-intent")


@dataclass(frozen=True)
class Mapping:
    """How a paper is made of a record.

    `paper`: its name among the papers; where one is made in two ways `called` is its own name, `words` its title. `of`:
    the content of the records that it is made of. `there`: whether a record holds what it needs, so that it is offered
    on its page; `needs`: a kind of record that must name it. `inside`: it is for the officials of this side alone.
    """

    paper: str
    of: type[Content]
    made: Callable[[Material], msgspec.Struct]
    there: Callable[[Any], bool] = lambda content: True
    inside: bool = False
    needs: str = ""
    called: str = ""
    words: str = ""

    @property
    def name(self) -> str:
        """By what it is asked for."""
        return self.called or self.paper

    @property
    def title(self) -> Words:
        """What the paper is called."""
        return said(self.words) if self.words else PAPERS[self.paper].title

    @property
    def forms(self) -> tuple[Form, ...]:
        """The files that it comes as."""
        return ("pdf", "docx") if self.paper in NEGOTIATED else ("pdf",)

    @property
    def two_originals(self) -> bool:
        """Whether it is made once for each side, which is named first in its own."""
        return PAPERS[self.paper].two_originals


def _has_record(content: Meeting) -> bool:
    return bool(content.discussion or content.discussed or content.decisions or content.actions)


MAPPINGS: Final = (
    Mapping("agenda", Meeting, meeting.agenda, lambda content: bool(content.agenda)),
    Mapping("meeting-pack", Meeting, meeting.pack, lambda content: bool(content.agenda)),
    Mapping(
        "meeting-pack",
        Meeting,
        meeting.addendum,
        lambda content: any(each.papers for each in content.agenda),
        called="addendum",
        words=N_("Addendum of late papers"),
    ),
    Mapping("record", Meeting, meeting.record, _has_record),
    Mapping("delegation", Meeting, meeting.delegation, needs="delegation"),
    Mapping("brief", Meeting, brief.brief, inside=True),
    Mapping("cover-sheet", Meeting, sheets.cover_sheet, lambda content: any(each.papers for each in content.agenda)),
    Mapping("reply-sheet", Meeting, sheets.reply_sheet, lambda content: content.status == "planned"),
    Mapping("readout", Readout, meeting.readout),
    Mapping("one-pager", Project, project.one_pager, lambda content: bool(content.stages)),
    Mapping("instrument", Instrument, instrument.instrument, lambda content: bool(content.clauses)),
    Mapping(
        "statement-of-intent",
        Instrument,
        instrument.statement_of_intent,
        lambda content: content.type == "statement-of-intent" and bool(content.lines),
    ),
    Mapping(
        "letter",
        Recommendation,
        letters.receipt,
        inside=True,
        called="receipt",
        words=N_("Receipt of a recommendation"),
    ),
    Mapping(
        "letter",
        Recommendation,
        letters.reply,
        lambda content: bool(content.replies),
        inside=True,
        called="reply",
        words=N_("Reply to a recommendation"),
    ),
    Mapping("handover", Office, office.handover, inside=True),
)


class Made(msgspec.Struct, frozen=True):
    """A paper as a file: what it is called, its media type, its bytes; pages where it is a PDF."""

    name: str
    media: str
    data: bytes
    pages: int = 0


def record(asking: Asking, name: str, paper: str) -> tuple[Listed, Content]:
    """The record that a paper is asked of, by code or reference, with its content.

    Refused where who asks sees none, or its text is not here. A reference is looked for among the kinds of record that
    such a paper is made of.
    """
    kinds = [
        kind.code for kind in KINDS.values() if any(kind.content is each.of for each in MAPPINGS if each.name == paper)
    ]
    state = asking.held(name, *kinds, "")
    if state is None:
        raise Refused(
            refuse(
                "paper-record",
                f"there is no record {name[:80]!r} here to make a paper of",
                "Give the code or the reference of a record whose text is here and that you may see.",
            )
        )
    row, stored = state
    return row, KINDS[row.kind].read(stored)


def offered(asking: Asking, row: Listed, content: Content, named_by: Collection[str]) -> list[Mapping]:
    """The papers that can be made of a record for who asks; `named_by`: the kinds of the records that name it."""
    return [
        each
        for each in MAPPINGS
        if isinstance(content, each.of)
        and each.there(content)
        and (not each.inside or _own(asking, content))
        and (not each.needs or each.needs in named_by)
    ]


def has_entry(content: Content) -> bool:
    """Whether a record can be put into a calendar: it is a meeting of which the day is known."""
    return isinstance(content, Meeting) and bool(content.opens or content.date.day)


def _own(asking: Asking, content: Content) -> bool:
    """Whether a paper for this side alone is made for who asks: an official, of an office of this side."""
    return asking.viewer.national and getattr(content, "side", asking.mine) == asking.mine


def mapping(asking: Asking, content: Content, paper: str) -> Mapping:
    """The mapping of a paper of a record; Refused where there is no such paper of it, for who asks."""
    wanted = [each for each in MAPPINGS if each.name == paper and isinstance(content, each.of)]
    if not wanted or (wanted[0].inside and not _own(asking, content)):
        papers = ", ".join(
            each.name
            for each in MAPPINGS
            if isinstance(content, each.of) and (not each.inside or _own(asking, content))
        )
        raise Refused(
            refuse(
                "paper-kind",
                f"there is no paper called {paper[:40]!r} of this record",
                f"Choose one of: {papers}." if papers else "Record first what such a paper says.",
            )
        )
    return wanted[0]


def made(
    asking: Asking,
    row: Listed,
    content: Content,
    paper: str,
    *,
    form: Form = "pdf",
    language: Reading = "en",
    first: Side | None = None,
    sheet: Literal["a4", "us-letter"] = "a4",
) -> Made:
    """A paper of a record as a file. The same record asked for the same times gives the same bytes.

    `first`: the side named first where a text is signed in two originals. Refused where the record does not hold what
    the paper needs.
    """
    from dtti.papers import negotiated, render  # here: they are large, and most pages make no paper

    from . import entry

    of = (row.ref or row.code).replace("/", "-")
    name = of if of.endswith(paper) else f"{of}-{paper}"
    if paper == "invitation" and isinstance(content, Meeting):
        return Made(f"{name}.ics", _MEDIA["ics"], entry.invitation(Material(asking, row, content), language))
    found = mapping(asking, content, paper)
    material = Material(asking, row, content)
    data = found.made(material)
    if form == "docx" and isinstance(data, negotiated.Negotiated):
        text = negotiated.write(data, lang=language, first=first or "IND")
        return Made(f"{name}-{language}.docx", _MEDIA["docx"], text)
    if form != "pdf":
        raise Refused(refuse("paper-form", f"this paper is not made as {form}", "Ask for it as PDF."))
    chosen = (first or "IND") if found.two_originals else None
    typeset = render.typeset(
        found.paper, data, language=language, first=chosen, sheet=sheet, attached=material.attached
    )
    ending = f"{language}-{chosen}" if chosen else language
    return Made(f"{name}-{ending}.pdf", _MEDIA["pdf"], typeset.pdf, typeset.pages)
