"""Proposals that were chosen, as the acts or the drafts that they become. Knows no form and no file."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from dtti.accord.refusal import Refusal, Refused
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.acting import binding
from dtti.node.core import visibility
from dtti.node.core.context import context
from dtti.node.record import read
from dtti.office import drafts
from dtti.office.asking import Asking, Stored
from dtti.office.drafts import Drafted
from dtti.office.writing import Actor, Asked
from dtti.programme.judging import judge_body
from dtti.programme.kinds import KINDS

from .proposal import Proposal

#: Records that one confirmation covers: all are shown whole on its page.
MOST = 20


class Chosen(msgspec.Struct, frozen=True):
    """What is to be recorded: its kind, the record ("" for a new one), the content, and the words that say whence."""

    kind: str
    record: str
    content: Stored
    whence: str


def purpose(kind: str) -> str:
    """By which a side says alone what such a record holds: it states its own, and gives its account of a joint one."""
    return "state" if KINDS[kind].mode == "own" else "paper"


def judged(asking: Asking, one: Proposal, *, kept: bool) -> Proposal:
    """The proposal in its one stored form, with the rules that it does not satisfy. `kept`: inside this side."""
    if one.state not in ("new", "changed"):
        return one
    content, against = tidied(asking, one.kind, one.record, one.content, kept=kept)
    return msgspec.structs.replace(one, content=content, against=against)


def tidied(
    asking: Asking, kind: str, record: str, content: Stored, *, kept: bool
) -> tuple[Stored, tuple[Refusal, ...]]:
    """A content in its one stored form, and all that stands against recording it."""
    try:
        made = KINDS[kind].tidy(content)
    except Refused as refused:
        return content, refused.refusals
    ledger = NATIONAL if kept else RELEASED
    beside = context(asking.node, record or f"{kind}/{asking.mine}/aaaaaaaa", basis="own", ledger=ledger)
    return made, judge_body(kind, made, beside).against


def acts(asking: Asking, chosen: Sequence[Chosen], who: Actor, seed: str, *, kept: bool, group: str) -> Asked:
    """The statements that record what was chosen, each by its holder; ids of new records are made of the seed."""
    made = []
    for place, one in enumerate(chosen):
        own = sha256(f"{seed} {place}".encode()).hexdigest()
        record = one.record or binding.new_record(one.kind, asking.mine, own)
        inside, to = kept, group
        stands = read.state(asking.node, asking.viewer, one.record) if one.record else None
        if stands and stands[0].label == visibility.NATIONAL:  # what the other side was not told of stays with this one
            inside, to = True, stands[0].kept or group
        drafted = Drafted(purpose(one.kind), record, one.content, one.whence, {"basis": "own"}, kept=inside, group=to)
        act = drafts.act(asking, drafted)
        first, *others = act.texts
        made.append(msgspec.structs.replace(act, texts=(msgspec.structs.replace(first, by=who.by), *others)))
    return Asked(made)
