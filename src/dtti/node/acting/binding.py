"""What an act would bind to, complete, and its digest: one read model for every page that asks to confirm. No Django.

A page shows a `Bound` and carries its digest; the same is made again under the append lock from what stands then, and
nothing is written where the two differ. Contents are judged here for showing, and again on the write path for binding.
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

import msgspec
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.binding import Binding as Form
from dtti.accord.fold import View
from dtti.accord.grade import grade
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.view import readable
from dtti.ledger import body as bodies
from dtti.ledger.act import Commitment
from dtti.node.core import checks, text
from dtti.node.core.context import context
from dtti.node.core.draft import Draft, fields_of, wrapped
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder import files
from dtti.node.folder.codes import CODE_BYTES
from dtti.node.line import founding
from dtti.node.record import journal, read
from dtti.programme.judging import judge_body
from dtti.programme.kind import Basis

from . import whole
from .whole import Deed, Part, Role


class Bound(msgspec.Struct, frozen=True):
    """What is about to be written, what it names, and what its text is compared with, in this order of weight.

    `text`: the deed whose text it is about. `heads`: last index of an act on these records, by ledger. `marks`: a short
    digest of every part that a page shows, so that it can say which of them changed.
    """

    written: tuple[Deed, ...]
    named: tuple[Deed, ...]
    compared: tuple[Deed, ...]
    text: Deed | None
    heads: dict[str, int]
    constitution: str
    marks: dict[str, str]
    digest: str

    @property
    def against(self) -> tuple[Refusal, ...]:
        """Why the text that it is about cannot be read here."""
        return self.text.against if self.text else ()

    @property
    def also(self) -> tuple[Deed, ...]:
        """The further texts of this side's own that are written with the first, each of a record of its own."""
        return tuple(deed for deed in self.written[1:] if deed.carries >= 0)

    @property
    def stopped(self) -> bool:
        """Whether this side would bind itself to a text that cannot be read here: the write path refuses it."""
        first = self.written[0]
        binds = first.verb != "draft" and (first.verb == "accept" or first.carries >= 0)
        return (bool(self.against) and binds) or any(deed.against for deed in self.also)


class Changed(Refused):
    """What would be written is not what was shown: nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            refuse(
                "shown",
                "what would be recorded is not what the page showed",
                "Read what stands there now, then confirm again.",
            )
        )


def fresh() -> str:
    """A seed for one form: 32 random bytes in hex."""
    return secrets.token_hex(32)


def is_digest(value: str) -> bool:
    """Whether `value` is 32 bytes in hex, as seeds and digests are."""
    return len(value) == 64 and set(value) <= set("0123456789abcdef")


def form(node: Node, written: Deed, seed: str) -> Form:
    """The binding form of an act about to be written: what its commitments are, and all else that its leaf will say.

    Its nonce may be shown to anybody: it says nothing of the salts, which only this node can make of the seed.
    """
    return Form(
        constitution=founding.fingerprint(node),
        ledger=written.ledger,
        nonce=sha256(b"dtti-nonce-1\0" + bytes.fromhex(seed)).hexdigest(),
        office=written.office,
        record=written.record,
        rests=list(written.rests),
        rules=written.rules,
        side=written.side,
        terms=written.terms,
        texts=[Commitment(part.commitment, part.size) for part in written.parts],
        verb=written.verb,
    )


def salted(node: Node, drafts: Iterable[Draft], seed: str) -> list[Draft]:
    """The drafts with the salts of their bodies: the same for one seed, and known to nobody without this node's secret.

    The seed is kept nowhere, so that an erased body takes what made its salt with it.
    """
    key = sha256(b"dtti-salts-1\0" + files.secret(node.folder.path).encode()).digest()
    made = []
    for place, draft in enumerate(drafts):
        about = json.dumps([seed, place, draft.verb, draft.record, draft.ledger, draft.office]).encode()
        count = len(draft.texts) + len(draft.files)
        salts = (hmac.digest(key, about + b"\0" + str(number).encode(), "sha256") for number in range(count))
        made.append(replace(draft, salts=tuple(salts)))
    return made


def new_record(kind: str, side: str, seed: str) -> str:
    """The id of a record that a confirmed form creates: as random as its seed, and fixed when the form is drawn."""
    code = base64.b32encode(sha256(b"dtti-code-1\0" + bytes.fromhex(seed)).digest()[:CODE_BYTES]).decode().lower()
    return f"{kind}/{side}/{code}"


def held_to(node: Node, viewer: Viewer, drafts: Sequence[Draft], seed: str, shown: str) -> tuple[list[Draft], Form]:
    """The drafts with their salts, where what they bind to now is what was shown; Changed otherwise. And their form.

    For `Node.write_seen`, where the drafts are made anew under the append lock.
    """
    made = salted(node, drafts, seed)
    now = bind(node, viewer, made)
    if not hmac.compare_digest(now.digest, shown):
        raise Changed
    return made, form(node, now.written[0], seed)


def bind(node: Node, viewer: Viewer, drafts: Sequence[Draft]) -> Bound:
    """All that `drafts` (with their salts) would bind to, as things stand now. The first is the act that binds."""
    node.book.sync()
    first = drafts[0]
    view = readable(node.book.view_held(first.record, first.ledger), viewer.groups)
    named, compared = list[Deed](), list[Deed]()
    stands = subject = _standing(node, viewer, view)
    if first.verb in ("accept", "send_back", "withdraw", "close") and view.offer:
        subject, others = offered(node, viewer, view)
        named = [subject, *(each for each in others if each.role == "answered")]
        compared = [each for each in others if each.role == "answered"]
    terms = first.terms
    if isinstance(terms, table.Close) and terms.answer:
        named.append(_recorded(node, viewer, "answer", terms.answer, -1))
    if isinstance(terms, table_2.Close) and terms.sighted:
        named.append(_recorded(node, viewer, "sighted", terms.sighted, -1))
    if isinstance(terms, table.State) and terms.confirms:
        named.append(_recorded(node, viewer, "report", terms.confirms, 0))
    for draft in drafts:
        named += [_recorded(node, viewer, "national", act, 0) for act in draft.rests if draft.verb == "release"]
    written = tuple(_to_write(node, draft) for draft in drafts)
    if written[0].carries >= 0:  # a text of one's own: a counter-text stands beside the offer that it answers
        subject, compared = written[0], named[:1] if first.verb == "send_back" else []
    if first.follows:
        before = node.book.view_held(first.follows)
        latest = before.texts[-1] if before.texts else None
        compared += [_recorded(node, viewer, "released", latest.act, latest.body)] if latest else []
    for draft in drafts:
        if draft.verb == "release":  # what both sides know of the record already stands beside what they are to be told
            known = _standing(node, viewer, readable(node.book.view_held(draft.record), viewer.groups))
            compared += [known] if known and known.id not in {each.id for each in compared} else []
    compared += [stands] if stands and stands is not subject else []
    for deed in written[1:]:  # each further text beside what stands of its own record
        if deed.carries >= 0 and deed.record != first.record:
            other = _standing(node, viewer, readable(node.book.view_held(deed.record, deed.ledger), viewer.groups))
            compared += [other] if other else []
    records = {draft.record for draft in drafts}
    heads, acts = _heads(node, viewer, sorted(records))
    party = founding.fingerprint(node)
    return Bound(
        written,
        tuple(named),
        tuple(compared),
        subject,
        heads,
        party,
        whole.marks(written, named, compared, heads),
        whole.digest(node.side, party, written, named, compared, acts),
    )


def offered(node: Node, viewer: Viewer, view: View) -> tuple[Deed, list[Deed]]:
    """The open offer of a record, with what stands against reading it, and what it is compared with. LookupError: none.

    A counter-text is compared with the offer that it answers, and with what stands.
    """
    offer = view.offer
    if offer is None:
        raise LookupError(f"no offer is open on {view.record}")
    deed = _recorded(node, viewer, "offer", offer.id, offer.body)
    others = []
    if offer.counter_of:
        answered = next((each.body for each in view.offers if each.id == offer.counter_of), 0)
        others.append(_recorded(node, viewer, "answered", offer.counter_of, answered))
    stands = _standing(node, viewer, view)
    return replace(deed, against=_against(node, viewer, view, deed)), [*others, *([stands] if stands else [])]


def _standing(node: Node, viewer: Viewer, view: View) -> Deed | None:
    """The text of the record as this node shows it, called what it is."""
    shown = read.text_shown(node, view)
    if shown is None:
        return None
    graded = grade(view, shown)
    role: Role = "stands" if graded in ("agreed_here", "on_paper") else "latest"
    return replace(_recorded(node, viewer, role, shown.act, shown.body), grade=graded)


def _recorded(node: Node, viewer: Viewer, role: Role, identity: str, carries: int) -> Deed:
    """An act that stands in a ledger here."""
    placed = node.store.find(identity)
    if placed is None:
        raise LookupError(f"there is no act {identity} here")
    act = node.book.entry(placed.leaf).act
    texts = 2 if act.verb == "send_back" and "until" in act.terms else 1
    contents = [journal.raw_body(node, viewer, identity, number) for number in range(len(act.body))]
    parts = _parts(contents, min(texts, len(contents)), [(one.digest, one.size) for one in act.body])
    return Deed(
        role,
        act.verb,
        act.side,
        placed.ledger,
        act.record,
        act.office,
        act.terms,
        tuple(act.rests),
        parts,
        carries,
        identity,
        act.index,
        act.time,
        act.rules,
    )


_CARRIES: Final = {"state": 0, "propose": 0, "draft": 0, "send_back": 1}


def _to_write(node: Node, draft: Draft) -> Deed:
    """An act as it would be written."""
    made = wrapped(draft)
    commitments = [bodies.commit(one) for one in made]
    parts = _parts([one.data for one in made], len(draft.texts), [(one.digest, one.size) for one in commitments])
    carries = _CARRIES.get(draft.verb, -1)
    deed = Deed(
        "written",
        draft.verb,
        node.side,
        draft.ledger,
        draft.record,
        draft.office,
        fields_of(draft),
        draft.rests,
        parts,
        carries if carries < len(draft.texts) else -1,
        rules=node.rules_for(draft).name,
    )
    if deed.carries < 0:
        return deed
    basis: Basis = (draft.terms.basis if isinstance(draft.terms, table.State) else None) or "own"
    group = getattr(draft.terms, "group", None) or ""
    beside = context(node, draft.record, basis=basis, ledger=draft.ledger, follows=draft.follows, group=group)
    return replace(deed, against=judge_body(draft.record.split("/")[0], deed.content, beside).against)


def _against(node: Node, viewer: Viewer, view: View, offered: Deed) -> tuple[Refusal, ...]:
    """What stands against agreeing to a text that was offered, as the write path asks it."""
    held = journal.raw_body(node, viewer, offered.id, offered.carries)
    if not isinstance(held, bytes):
        return (
            refuse("held", "the text is not here: it was erased, or has not arrived", "Exchange again, then read it."),
        )
    return checks.judge_offer(node, view, held)


def _parts(
    contents: Sequence[bytes | journal.Shown | None], texts: int, commitments: Sequence[tuple[str, int]]
) -> tuple[Part, ...]:
    """The bodies of an act: its texts, then the files that these list. What is listed and not there says so."""
    made = []
    listed: list[text.File] = []
    for number, (held, (commitment, size)) in enumerate(zip(contents, commitments, strict=True)):
        part = Part(number, held.state if isinstance(held, journal.Shown) else "missing", size, commitment)
        if isinstance(held, bytes):
            part = replace(part, state="held", digest=sha256(held).hexdigest())
        if number >= texts:
            file = listed[number - texts] if number - texts < len(listed) else None
            part = replace(part, name=file.name if file else "", media=file.media if file else "")
        elif isinstance(held, bytes):
            part = whole.as_text(part, held)
            listed += part.text.files if part.text else []
        made.append(part)
    absent = listed[max(0, len(contents) - texts) :]
    made += [Part(len(made), "missing", 0, "", name=file.name, media=file.media) for file in absent]
    return tuple(made)


def _heads(node: Node, viewer: Viewer, records: Iterable[str]) -> tuple[dict[str, int], list[str]]:
    """The last index of a sound act on these records in each ledger, and the ids of all of them."""
    heads: dict[str, int] = {}
    found: list[str] = []
    for record in records:
        placed = [one for one in node.store.of_record(record) if journal.sees_act(viewer, one)]
        sound = {one.id for acts in node.book.filed(record, placed).values() for _, one in acts}
        for one in placed:
            if one.id in sound:
                heads[one.ledger] = max(heads.get(one.ledger, -1), one.index)
                found.append(one.id)
    return heads, found
