"""What stands against a draft once signed, before it is appended: discipline, group, held text, rules of its kind."""

from typing import TYPE_CHECKING

import msgspec

from dtti.accord import table
from dtti.accord.fold import Filed, View, judge
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger import body as bodies
from dtti.ledger.act import Entry
from dtti.ledger.store import NATIONAL
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis
from dtti.programme.kinds import KINDS

from . import context as contexts
from . import gating, groups, text
from .draft import Draft, passkey_asked

if TYPE_CHECKING:
    from .node import Node


def check_record(node: "Node", draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> Filed:
    """The act as its record takes it in; Refused where the record, its group, its kind or what it answers forbids."""
    view, filed = node.book.view_held(draft.record, draft.ledger), node.book.file(entry)
    refusal = judge(view, node.side, filed)
    if refusal is not None:
        raise Refused(refusal)
    group = getattr(draft.terms, "group", None) or ""
    if draft.ledger == NATIONAL and groups.of_record(node, draft.record) not in ("", group):
        raise Refused(
            refuse(
                "group",
                "this record is kept to a restricted group, and what is written on it with it",
                "Write it within the group; to let more offices read it, have a member take them in.",
            )
        )
    if draft.verb in ("accept", "send_back"):
        held = check_held(node, view.offer.id if view.offer else "", view.offer.body if view.offer else 0)
        against = judge_offer(node, view, held) if draft.verb == "accept" else ()
        if against:
            raise Refused(*against)
    node.check_contents(draft, entry, together)
    return filed


def judge_offer(node: "Node", view: View, data: bytes) -> tuple[Refusal, ...]:
    """What stands against agreeing to the body `data`, offered on a record: nothing if its kind reads it.

    Asked at the doors, where one side would bind itself; the other side's act stays valid whatever this says.
    """
    try:
        offered = text.read(data)
    except Refused as refused:
        return refused.refusals
    odd = text.against(msgspec.to_builtins(offered))
    if odd:
        return odd
    content = offered.content
    by = view.offer.side if view.offer else ""
    judged = judge_body(view.record.split("/")[0], content, contexts.context(node, view.record, side=by))
    if judged.content is None or by == node.side:
        return judged.against
    # What it lacks to go further is asked of what would be agreed to here and now, whoever wrote it.
    lacking = contexts.lacking(node, view.record, judged.content)
    return (*judged.against, *(lacking or gating.unlike(node, view, judged.content)))


def check_held(node: "Node", act: str, part: int) -> bytes:
    """The text of an offer that is to be answered; Refused where it is not here."""
    placed = node.store.find(act)
    held = node.store.body(placed.owner(part)) if placed else None
    if not isinstance(held, bodies.Body):
        raise Refused(
            refuse(
                "held",
                "the text of the offer is not here, or was erased",
                "Exchange again, then read it and answer.",
            )
        )
    return held.data


def check_files(node: "Node", draft: Draft) -> None:
    """Refused where the files are not those that the first text lists, or one is larger than the setting allows."""
    listed = sum(len(one.files) for one in draft.texts)
    limit = node.config.largest_file_mib * 1024 * 1024
    if listed != len(draft.files):
        raise Refused(refuse("files", f"{listed} files are listed, {len(draft.files)} are attached", "Attach each."))
    for data in draft.files:
        if len(data) > limit:
            raise Refused(
                refuse(
                    "file-size",
                    f"a file of {len(data):,} bytes; the limit here is {limit:,}",
                    "Scan at a lower resolution, or split it.",
                )
            )


def check_contents(node: "Node", draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> None:
    """Refused where the rules of its kind are against the content that a draft carries, or it lacks one."""
    kind = KINDS[draft.record.split("/")[0]]
    carries = {"state": 0, "propose": 0, "draft": 0, "send_back": 1}.get(draft.verb)
    if carries is None or len(draft.texts) <= carries:
        return
    stored = draft.texts[carries].content
    if stored is None:
        raise Refused(refuse("content", f"{draft.verb} carries the text of the record", "Give its content."))
    basis: Basis = (draft.terms.basis if isinstance(draft.terms, table.State) else None) or "own"
    if basis == "paper" and draft.texts[0].paper is None:
        raise Refused(refuse("paper", "a report from paper names the paper", "Give its number and its date."))
    if basis == "elsewhere" and draft.texts[0].held is None:
        raise Refused(
            refuse(
                "elsewhere",
                "evidence held elsewhere is named",
                "Give registry number, holder and attesting officer.",
            )
        )
    content = kind.read(stored)
    beside = contexts.context(
        node,
        draft.record,
        basis=basis,
        ledger=draft.ledger,
        together=together,
        follows=draft.follows,
        group=getattr(draft.terms, "group", None) or "",
    )
    against = kind.rules(content, beside)
    if draft.verb in ("propose", "send_back"):
        against += contexts.lacking(node, draft.record, content)
        against = against or gating.amiss(node, draft, content)
    if against and draft.verb != "draft":
        raise Refused(*against)
    node.projection.expect(entry.act.body[carries].digest, content, stored)


def without_passkey(node: "Node", draft: Draft, entry: Entry) -> Refusal | None:
    """Where the setting asks for a person's passkey over an act, whichever door it comes by, and there is none.

    A release is confirmed by what it gives out: its own id names copies that do not exist before they are written.
    """
    if not draft.office or not passkey_asked(node.config, draft):
        return None
    outlook = node.book.outlook(draft.ledger)
    copies = [outlook.act(one) for one in entry.act.terms["released"]] if draft.verb == "release" else []
    by_copies = [
        one and (one.verb, one.office) == ("state", draft.office) and "assertion" in one.terms for one in copies
    ]
    if "assertion" in entry.act.terms or (copies and all(by_copies)):
        return None
    return refuse(
        "passkey",
        f"this side writes no {draft.verb.replace('_', ' ')} without a passkey of the office that acts",
        "Confirm it on its page with a passkey that the power keys bound to the office; see the account page.",
    )
