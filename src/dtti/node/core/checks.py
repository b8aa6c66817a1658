"""What stands against a draft once signed, before it is appended: discipline, group, held text, rules of its kind."""

from typing import TYPE_CHECKING

import msgspec

from dtti.accord import table
from dtti.accord.fold import Filed, View, judge
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language.names import facing
from dtti.ledger import body as bodies
from dtti.ledger.act import Entry
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.closure import REASONS

from . import ceiling, gating, groups, text
from . import context as contexts
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


def without_reason(node: "Node", draft: Draft) -> None:
    """Refused where this side suspends, or withdraws from, a record whose kind has a form for that, and gives no why.

    Asked wherever this side writes, and never of what arrives; under dtti_1 an act has no place for it.
    """
    if draft.verb != "notice" or not KINDS[draft.record.split("/")[0]].face.notices:
        return
    if node.rules_now(draft.ledger, draft.terms) == "dtti_1" or getattr(draft.terms, "notice", "") == "resume":
        return
    if getattr(draft.terms, "reason", None) not in REASONS:
        raise Refused(
            refuse(
                "notice-reason",
                "the notice gives no reason, and whoever reads it in ten years has to know why",
                f"Name one of these: {', '.join(REASONS)}.",
            )
        )


def kept_inside(draft: Draft) -> None:
    """Refused where a text of a kind that is written for this side alone would be told without a release."""
    kind = KINDS.get(draft.record.split("/")[0])
    if kind is not None and kind.inside and draft.verb == "state" and draft.ledger != NATIONAL:
        raise Refused(
            refuse(
                "inside",
                f"a {kind.face.one} is written for this side alone",
                "Keep it inside; a disclosure officer releases it to the other side.",
            )
        )


def judge_offer(node: "Node", view: View, data: bytes) -> tuple[Refusal, ...]:
    """What stands against agreeing to the body `data`, offered on a record: nothing if its kind reads it.

    Asked at the doors, where one side would bind itself; the other side's act stays valid whatever this says.
    """
    try:
        offered = text.read(data)
    except Refused as refused:
        return refused.refusals
    stored = msgspec.to_builtins(offered)
    odd = text.against(stored) or tuple(ceiling.of_content(stored))
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
    """Refused where the files are not those that the texts list, or one is too large, or anything is marked too high.

    Here every body of this side passes, own, national or released, whatever door composed it.
    """
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
    names = [each.name for one in draft.texts for each in one.files]
    marked = [one for each in draft.texts for one in ceiling.of_content(msgspec.to_builtins(each))]
    for data, name in zip(draft.files, names, strict=True):
        marked += ceiling.of_file(data, name)
    if marked:
        raise Refused(*marked)
    check_labels(node, draft)


def check_labels(node: "Node", draft: Draft) -> None:
    """Refused where a text bears a label that the rule set has not, or by which the other side may not read it."""
    other = facing(node.side)
    for each in draft.texts:
        if each.label is None:
            continue
        if node.rules_now(draft.ledger, draft.terms) == "dtti_1":
            raise Refused(
                refuse(
                    "label-rules",
                    "the text bears a label, which rule set dtti_1 does not have",
                    "Leave the label out until both sides have brought the next rule set into force.",
                )
            )
        if draft.ledger == RELEASED and not each.label.lets(other):
            raise Refused(
                refuse(
                    "label-release",
                    f"the text is labelled for {' and '.join(each.label.releasable_to)} alone, and this act would tell "
                    "the other side",
                    "Keep it inside, or have whoever may decide it state the text again with a label for both sides.",
                )
            )


def check_contents(node: "Node", draft: Draft, entry: Entry, together: set[tuple[str, str]]) -> None:
    """Refused where the rules of its kind are against the content that a draft carries, or it lacks one."""
    without_reason(node, draft)
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
    if draft.ledger == RELEASED and (never := kind.kept_inside(content)) is not None:
        raise Refused(never)
    against = kind.rules(content, beside)
    # An own record is asked where it is stated; a copy that is released was asked when its text came in.
    states = kind.mode == "own" and draft.verb == "state" and basis == "own"
    copied = draft.ledger == RELEASED and states and contexts.asked_inside(node, kind.code, content.ref)
    offers = draft.verb in ("propose", "send_back")
    if offers or (states and not copied):
        against += contexts.lacking(node, draft.record, content, draft.office)
    if offers:
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
