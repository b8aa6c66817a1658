"""Letters to whoever sent a recommendation: the receipt, and the dated and reasoned reply. Knows no layout."""

from __future__ import annotations

from dtti.accord.refusal import Refused, refuse
from dtti.documents.values import Language, Words
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import lookups
from dtti.office import forum
from dtti.office.asking import Asking, Moment
from dtti.papers.data.head import Head
from dtti.papers.data.letter import Letter
from dtti.programme.forum.answering import clock
from dtti.programme.forum.terms import terms
from dtti.programme.kinds.office import OFFICE
from dtti.programme.kinds.recommendation import Recommendation

from .material import Material, in_both, known_day, recorded, said, side_words


def receipt(material: Material) -> Letter:
    """The receipt of a recommendation that is in the record."""
    of = _content(material)
    due = clock(of, material.asking.moment.today).due
    node = material.asking.node
    return receipt_of(node, of.ref, of.submitter, of.title, str(of.received_on), due.isoformat() if due else "")


def receipt_of(node: Node, reference: str, submitter: str, title: str, received: str, due: str) -> Letter:
    """The receipt of a recommendation: its reference, the day of its receipt, by when it is answered."""
    asked = [
        said(
            N_("Your recommendation was received on %(received)s. Its reference is %(reference)s; please quote it."),
            received=_day(received),
            reference=reference,
        ),
        said(
            N_("The same criteria and the same answer time hold for everybody: %(days)s days."),
            days=terms().answer.days,
        ),
    ]
    if due:
        asked.append(said(N_("It is answered by %(due)s."), due=_day(due)))
    asked.append(said(N_("Nothing in this letter is an offer, an award or a commitment.")))
    return Letter(
        head=_head(node, said(N_("Receipt of a recommendation")), reference, received),
        sender=_sender(node),
        to=recorded(submitter),
        about=recorded(title),
        paragraphs=tuple(asked),
    )


def reply(material: Material) -> Letter:
    """The last reply to a recommendation; Refused where none is recorded."""
    of = _content(material)
    if not of.replies:
        raise Refused(
            refuse("paper-material", "No reply is recorded.", "Record the reply on the page of the recommendation.")
        )
    last = of.replies[-1]
    received, node = _day(str(of.received_on)), material.asking.node
    first = said(N_("Your recommendation of %(on)s, reference %(reference)s."), on=received, reference=of.ref)
    return Letter(
        head=_head(node, said(N_("Reply to a recommendation")), last.number or of.ref, known_day(last.on) or ""),
        sender=_sender(node),
        to=recorded(of.submitter),
        about=recorded(of.title),
        paragraphs=(
            first,
            *(recorded(each) for each in last.text.split("\n") if each.strip()),
            said(N_("Nothing in this letter is an offer, an award or a commitment.")),
        ),
    )


def _day(on: str) -> Words:
    """A date in both languages."""
    return in_both(lambda each: day(on, each))


def typeset(letter: Letter, language: Language) -> bytes:
    """A letter as a PDF."""
    from dtti.papers import render  # here: it is large, and most pages make no paper

    return render.typeset("letter", letter, language=language, first=None, sheet="a4").pdf


def _content(material: Material) -> Recommendation:
    if not isinstance(material.content, Recommendation):
        raise TypeError(type(material.content))
    return material.content


def _head(node: Node, title: Words, reference: str, date: str) -> Head:
    """The head of a letter that goes out: it says nothing of what the record holds beside it."""
    return Head(title=title, reference=reference, date=date or None, exercise=node.config.environment == "exercise")


def _sender(node: Node) -> Words:
    """The office of this side that chairs the forum; the side where none is recorded."""
    asking = Asking(node, Viewer(node.side, national=True), Moment())
    links = [f"{OFFICE.code}:{ref}" for ref in sorted(forum.chairs(asking))]
    rows = lookups.named(node, asking.viewer, links)
    return next((recorded(row.title) for row in rows.values()), side_words(node.side))
