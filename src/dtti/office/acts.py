"""What can be done with a text that needs none of its own: each operation as the act that it asks to record.

Every operation is asked with the record as it stands. Whose permission it needs, and its words, the doors say.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

from dtti.accord import table, table_2
from dtti.accord.fold import Offer, View
from dtti.accord.refusal import Refused, refuse
from dtti.accord.view import Text as Account
from dtti.accord.view import readable
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.acting import binding
from dtti.node.core import release as releasing
from dtti.node.core.draft import Draft
from dtti.node.core.text import Text
from dtti.node.line import late
from dtti.node.record import journal
from dtti.node.record.read import Listed
from dtti.programme.judging import judge_body
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS

from .asking import Asking, Stored
from .writing import Actor, Asked

Notice = Literal["suspend", "resume", "withdraw_from"]


def remarked(said: str) -> tuple[Text, ...]:
    """Remarks as a body of an act, or none."""
    return (Text(remarks=said),) if said else ()


def agree(record: str, offer: Offer) -> Asked:
    """Agree to an offer."""
    return Asked([Draft("accept", record, table.Answer(offer.id))])


def send_back(record: str, offer: Offer, said: str) -> Asked:
    """Send an offer back, with what stands against it."""
    return Asked([Draft("send_back", record, table.SendBack(offer.id), texts=remarked(said))], bool(said))


def withdraw(record: str, offer: Offer, said: str) -> Asked:
    """Withdraw this side's offer."""
    return Asked([Draft("withdraw", record, table.Answer(offer.id), texts=remarked(said))])


def hand_over(record: str, said: str) -> Asked:
    """Hand the drafting to the other side."""
    return Asked([Draft("hand_over", record, table.Plain(), texts=remarked(said))])


def request_pen(record: str, said: str) -> Asked:
    """Ask the other side for the text."""
    return Asked([Draft("request_pen", record, table.Plain(), texts=remarked(said))])


def remark(record: str, said: str, group: str) -> Asked:
    """Remark inside this side, or to the restricted group of that code."""
    terms = table_2.Remark(group) if group else table.Plain()
    return Asked([Draft("comment", record, terms, texts=remarked(said), ledger=NATIONAL)], bool(said))


def remark_to_other(record: str, said: str) -> Asked:
    """Remark to the other side."""
    return Asked([Draft("comment", record, table.Plain(), texts=remarked(said), ledger=RELEASED)], bool(said))


def notice(record: str, chosen: str, said: str, reason: str = "") -> Asked:
    """Suspend, resume, or withdraw from a joint record, alone; `reason`: a code, where the rule set in force has it."""
    known: Notice | None = next((each for each in get_args(Notice) if each == chosen), None)
    terms = (table_2.Notice(known, reason=reason) if reason else table.Notice(known)) if known else table.Plain()
    return Asked([Draft("notice", record, terms, texts=remarked(said))], known is not None)


def notices_open(asking: Asking, row: Listed) -> list[Notice]:
    """The notices that this side can give on a joint record now, in the order of weight."""
    given = dict(row.notices).get(asking.mine, "")
    may: dict[str, list[Notice]] = {
        "": ["suspend", "withdraw_from"],
        "suspend": ["resume", "withdraw_from"],
        "withdraw_from": [],
    }
    return may[given]


def late_answer(asking: Asking, view: View) -> late.LateAnswer | None:
    """The answer to this side's open offer that was first seen after its time; None where there is none."""
    offer = view.offer
    return late.seen_late(asking.node, offer) if offer is not None and offer.side == asking.mine else None


def late_ends(asking: Asking, found: late.LateAnswer) -> list[str]:
    """How an offer with such an answer may end (codes)."""
    return [*late.ends(asking.node, found)]


def end_late(asking: Asking, record: str, found: late.LateAnswer, chosen: str, office: str) -> Asked:
    """End an offer whose answer was seen late, in one of `late_ends`."""
    if chosen in late_ends(asking, found):
        return Asked([late.ending(asking.node, record, chosen, office)])
    return Asked([Draft("close", record)], ready=False)


def kept(asking: Asking, record: str) -> Account | None:
    """This side's latest text of a record where the other side has not been told of it; None where there is none."""
    view = readable(asking.node.book.view(record, NATIONAL), asking.viewer.groups)
    last = view.texts[-1] if view.texts else None
    if last is None or last.ledger != NATIONAL or releasing.released_as(asking.node, record, last.act):
        return None
    return last if journal.act(asking.node, asking.viewer, last.act) else None


def kept_content(asking: Asking, record: str) -> Content | None:
    """What this side's latest text of a record says, where it was not released; None where there is none to see."""
    last = kept(asking, record)
    shown = journal.body_of(asking.node, asking.viewer, last.act, last.body) if last else None
    stored = shown.text.content if shown and shown.text else None
    return judge_body(record.partition("/")[0], stored).content if stored else None


def copy_of(asking: Asking, record: str) -> str:
    """The record by which a national one was released last; empty where it never was, or who asks may not know."""
    return releasing.released_copy(asking.node, record) if asking.viewer.national else ""


def release(asking: Asking, record: str, who: Actor, seed: str, *, whole: bool = False) -> Asked:
    """Release what this side has kept of a record: a copy of it, whose identity is made of the seed.

    `whole`: with what its kind keeps apart (`apart`).
    """
    copy = binding.new_record(record.partition("/")[0], asking.mine, seed)
    return Asked(releasing.drafts(asking.node, record, who.office, who.by, copy=copy, whole=whole))


def apart(record: str, content: Stored) -> list[str]:
    """The fields of a content that stay inside when it is released, unless the officer says otherwise."""
    return [name for name in KINDS[record.partition("/")[0]].apart if content.get(name)]


def unconfirmed(view: View, mine: str) -> list[Account]:
    """Papers that the other side has recorded and this side has not: not those that confirm what this side recorded."""
    return [
        each
        for each in view.texts
        if each.side != mine and each.basis == "paper" and not each.confirmed_by and not each.confirms
    ]


def confirm_paper(asking: Asking, record: str, report: Account, said: str) -> Asked | None:
    """Say that the other side's report is of the same signed paper as ours; None where its text is not here."""
    shown = journal.body_of(asking.node, asking.viewer, report.act, report.body)
    if shown is None or shown.text is None or shown.text.content is None or shown.text.paper is None:
        return None
    body = Text(content=shown.text.content, paper=shown.text.paper, remarks=said)
    return Asked([Draft("state", record, table.State(basis="paper", confirms=report.act), texts=(body,))])


def until(asking: Asking, given: str) -> str:
    """The end of the day given as the last for an answer, the usual one if none; Refused where it is no day."""
    given = given.strip()
    if not given:
        return (datetime.now(UTC) + timedelta(days=asking.node.config.offer_days)).strftime("%Y-%m-%dT23:59:59Z")
    try:
        day = datetime.strptime(given, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Refused(refuse("day", f"{given[:40]!r} is no day", "Give a day as 2026-12-24.")) from None
    return day.strftime("%Y-%m-%dT23:59:59Z")
