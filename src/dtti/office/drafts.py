"""A draft that was checked, as the act that it becomes: an offer, a counter-text, a paper, a statement of this side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import msgspec

from dtti.accord import table, table_2
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.view import latest_version, readable
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import context as contexts
from dtti.node.core import text as texts
from dtti.node.core.draft import Draft
from dtti.node.core.gating import gated
from dtti.node.record.read import Listed
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis
from dtti.programme.kinds import KINDS
from dtti.programme.labels import LEVELS, Label
from dtti.programme.values import SideCode

from . import acts
from .asking import Asking, Stored

__all__ = ["Basis"]

#: Under whose rules a side labels, where it names no others.
POLICIES: Final[Mapping[str, str]] = {
    "USA": "DoDI 5200.48, Controlled Unclassified Information",
    "IND": "Unclassified information of the Government of India",
}


def our_turn(asking: Asking, row: Listed, *, open_offer: Refusal, theirs: Refusal) -> None:
    """Refused where this side cannot draft a joint record now: an answer is due, or the other side drafts next."""
    if row.offer:
        raise Refused(open_offer)
    if asking.node.book.other and row.pen not in (asking.mine, ""):
        raise Refused(theirs)


class File(msgspec.Struct, frozen=True):
    """A file that goes with a text."""

    name: str
    media: str
    data: bytes


class Drafted(msgspec.Struct, frozen=True):
    """A draft as it is to be recorded.

    `particulars`: what was answered beside the text, by name (`until`, `next`, `firm`, `basis`, `paper_number`, ...).
    `kept`: it stays inside this side, `group` names the restricted group to which (empty: all of the side).
    """

    purpose: str
    record: str
    content: Stored
    remarks: str
    particulars: Mapping[str, str]
    files: list[File] = []
    kept: bool = False
    group: str = ""

    @property
    def basis(self) -> Basis:
        """On what an account of a joint text rests."""
        return basis(self.purpose, self.particulars)


def basis(purpose: str, particulars: Mapping[str, str]) -> Basis:
    """What an account of a joint text rests on: a paper, unless it is said to be what this side itself knows."""
    return "paper" if purpose == "paper" and particulars.get("basis", "paper") != "own" else "own"


def act(asking: Asking, drafted: Drafted) -> Draft:
    """The act that a draft becomes, as the record stands; Refused where it tells as done what is still to come."""
    said, record = drafted.particulars, drafted.record
    if _ahead(asking, record, drafted.content):  # said together with all else that stands against it
        ledger, group = (NATIONAL, drafted.group) if drafted.kept else (RELEASED, "")
        raise Refused(*against(asking, record, drafted.content, drafted.basis, ledger=ledger, group=group))
    paper = None
    if drafted.basis == "paper":
        paper = texts.Paper(said.get("paper_number", ""), said.get("paper_date", ""), said.get("paper_title", ""))
        if not paper.number or not paper.date:
            raise Refused(refuse("paper", "the paper is not named", "Give the number and the date that stand on it."))
    body = texts.Text(
        content=drafted.content,
        remarks=drafted.remarks if drafted.purpose != "counter" else "",
        paper=paper,
        file_number=said.get("file_number", ""),
        files=[texts.File(one.name, one.media) for one in drafted.files],
        label=label(asking, said),
    )
    data = tuple(one.data for one in drafted.files)
    following = said.get("next") or asking.mine
    if drafted.purpose == "propose":
        base = asking.node.book.view(record).version  # what stands is what the page compares it with
        terms = table.Propose(base, following, acts.until(asking, said.get("until", "")), said.get("firm") == "yes")
        return gated(asking.node, Draft("propose", record, terms, texts=(body,), files=data))
    if drafted.purpose == "counter":
        offer = asking.node.book.view(record).offer
        if offer is None:
            raise Refused(refuse("offer", "the offer is no longer open", "Look at what stands now."))
        back = table.SendBack(offer.id, following, acts.until(asking, said.get("until", "")))
        sent = (texts.Text(remarks=drafted.remarks), body)
        return gated(asking.node, Draft("send_back", record, back, texts=sent, files=data))
    ledger, group = (NATIONAL, drafted.group) if drafted.kept else (RELEASED, "")
    if drafted.purpose == "paper":
        told = drafted.basis
        stated = table_2.State(basis=told, group=group) if group else table.State(basis=told)
    else:  # versions that were not released are counted apart
        view = readable(asking.node.book.view(record, ledger), (group,))
        base = latest_version(view, asking.mine, ledger)
        stated = table_2.State(base=base, group=group) if group else table.State(base=base)
    return Draft("state", record, stated, texts=(body,), files=data, ledger=ledger)


def label(asking: Asking, said: Mapping[str, str]) -> Label | None:
    """The label that was chosen beside a text; None where none was: then it is as its ledger is.

    Its originator is this side, until the office that acts is named in it.
    """
    level = next((each for each in LEVELS if each == said.get("label_level")), None)
    if level is None:
        return None
    both: tuple[SideCode, ...] = ("IND", "USA")
    return Label(
        policy=said.get("label_policy") or POLICIES[asking.mine],
        classification=level,
        releasable_to=list(both) if said.get("label_to") == "both" else [each for each in both if each == asking.mine],
        originator=asking.mine,
        date=asking.moment.today.isoformat(),
        restrictions=[each for each in (said.get("label_limits", ""),) if each],
    )


def against(
    asking: Asking, record: str, content: Stored, basis: Basis, *, ledger: str, group: str
) -> tuple[Refusal, ...]:
    """What the rules of its kind say against a content that this side would write on a record; nothing is written."""
    kind = KINDS[record.partition("/")[0]]
    beside = contexts.context(asking.node, record, basis=basis, ledger=ledger, group=group)
    judged = judge_body(kind.code, content, beside)
    further = list[Refusal]()
    if judged.content is not None and basis == "own" and (ledger == RELEASED or kind.mode == "own"):
        further = contexts.lacking(asking.node, record, judged.content)
    if judged.content is not None and ledger == RELEASED and (never := kind.kept_inside(judged.content)) is not None:
        further = [*further, never]
    return (*judged.against, *further, *_ahead(asking, record, content))


def _ahead(asking: Asking, record: str, content: Stored) -> list[Refusal]:
    """What a content tells as done whose day is still to come."""
    kind = KINDS[record.partition("/")[0]]
    return kind.ahead(kind.read(content), asking.moment.today)


def shown(record: str, content: Stored, remarks: str) -> Draft:
    """A draft that the other side is shown as it is: it binds nobody."""
    return Draft("draft", record, table.Plain(), texts=(texts.Text(content=content, remarks=remarks),))
