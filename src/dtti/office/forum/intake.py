"""What came in by form and is not in the record yet, and the text that it becomes there. Knows no page and no table."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import msgspec

from dtti.office.asking import Asking, Stored
from dtti.programme.forum.answering import clock, state_of
from dtti.programme.kinds.recommendation import RECOMMENDATION, Recommendation

from . import recommendations


class SaidLater(Protocol):
    """What a submitter said later, as `dtti.node.people.industry` keeps it."""

    @property
    def what(self) -> str: ...
    @property
    def on(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def public_title(self) -> str: ...
    @property
    def public_summary(self) -> str: ...


class Given(Protocol):
    """What the form was given."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def consulted(self) -> tuple[str, ...]: ...
    @property
    def proprietary(self) -> bool: ...
    @property
    def public_title(self) -> str | None: ...
    @property
    def public_summary(self) -> str | None: ...


class Sent(Protocol):
    """A recommendation as it was sent."""

    @property
    def code(self) -> str: ...
    @property
    def organisation(self) -> str: ...
    @property
    def is_a(self) -> str: ...
    @property
    def on(self) -> str: ...
    @property
    def given(self) -> Any: ...
    @property
    def later(self) -> tuple[Any, ...]: ...


def taken(side: str, sent: Sent, stands: Stored | None) -> Stored:
    """The text that what was sent becomes: as it was received, or what stands with what was said since."""
    given: Given = sent.given
    made: Stored = dict(stands) if stands else _received(side, sent, given)
    for said in sent.later:
        made = _with(made, said)
    return made


def _received(side: str, sent: Sent, given: Given) -> Stored:
    made: Stored = {
        "ref": sent.code,
        "side": side,
        "title": given.title,
        "text": given.text,
        "submitter": sent.organisation,
        "submitter_is": sent.is_a,
        "channel": "by-form",
        "received_on": sent.on,
    }
    if given.consulted:
        made["consulted"] = list(given.consulted)
    if given.proprietary:
        made["proprietary"] = True
    if given.public_title and given.public_summary:
        made |= {"public_title": given.public_title, "public_summary": given.public_summary, "cleared": sent.on}
    return made


def _with(stored: Stored, said: SaidLater) -> Stored:
    """The text with what the submitter said later, where it has it not already."""
    steps = list(stored.get("steps", ()))
    last = steps[-1]["reached"] if steps else ""
    if said.what == "withdrawn" and last != "withdrawn":
        return {**stored, "steps": [*steps, {"reached": "withdrawn", "on": said.on}]}
    answer = {"reached": "answered", "on": said.on, "note": said.text}
    if said.what == "answered" and last == "more-needed" and said.on >= steps[-1]["on"] and answer not in steps:
        return {**stored, "steps": [*steps, answer]}
    if said.what == "cleared" and (stored.get("cleared") or "") <= said.on:
        cleared = {"public_title": said.public_title, "public_summary": said.public_summary}
        return stored if cleared.items() <= stored.items() else {**stored, **cleared, "cleared": said.on}
    consents = list(stored.get("consents", ()))
    if said.what == "consented" and not any(each["by"] == "owner" for each in consents):
        consent = {"by": "owner", "on": said.on, "shown_by": "By form, in the industry room"}
        return {**stored, "consents": [*consents, consent]}
    return stored


class Waiting(msgspec.Struct, frozen=True):
    """What waits to be taken into the record: `new`, or said later of one that is there (its code)."""

    sent: Any
    record: str
    code: str
    content: Stored


def waiting(asking: Asking, sent: list[Any]) -> list[Waiting]:
    """What of all that came in by form the record does not hold yet, as who asks sees it; the longest first."""
    held = {of.ref: (row, RECOMMENDATION.write(of)) for row, of in recommendations.own(asking)}
    found = []
    for each in sent:
        row, stands = held.get(each.code, (None, None))
        content = taken(asking.mine, each, stands)
        if content != stands:
            found.append(Waiting(each, row.record if row else "", row.code if row else "", content))
    return found


# --- what the submitter sees -----------------------------------------------------------------------------------------


class Answer(msgspec.Struct, frozen=True):
    """A reply as the submitter sees it."""

    on: str
    number: str
    text: str


class Public(msgspec.Struct, frozen=True):
    """The public state of a submission, and all of it that its submitter sees.

    `asked`: what is needed of the submitter now. `due`: by when it is answered. `cleared`, `consented`: what the
    submitter said of what may be told. `replies`: dated and reasoned.
    """

    state: Literal["received", "considered", "more-needed", "to-co-chairs", "disposed", "withdrawn"]
    due: str
    asked: str
    cleared: bool
    consented: bool
    replies: tuple[Answer, ...]


def public(asking: Asking, sent: Sent, stands: Recommendation | None) -> Public:
    """What a submitter sees of a submission: what the record says for it, and what was said since at the door.

    What both sides agree is not seen before the reply tells it.
    """
    stored = RECOMMENDATION.write(stands) if stands else None
    of = RECOMMENDATION.read(taken(asking.mine, sent, stored))
    held = clock(of, asking.moment.today)
    state = state_of(of)
    asked = of.steps[-1].note or "" if of.steps and state == "more-needed" else ""
    return Public(
        state,
        held.due.isoformat() if held.due else "",
        asked,
        bool(of.public_title and of.public_summary and of.cleared),
        any(each.by == "owner" for each in of.consents),
        tuple(Answer(str(each.on), each.number or "", each.text) for each in of.replies),
    )
