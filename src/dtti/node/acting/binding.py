"""What an act would bind to, complete, and its digest: one read model for every page that asks to confirm. No Django.

A page shows a `Bound` and carries its digest; the same is made again under the append lock from what stands then, and
nothing is written where the two differ. Contents are judged here for showing, and again on the write path for binding.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from dtti.accord import table, table_2
from dtti.accord.binding import Binding as Form
from dtti.accord.fold import View
from dtti.accord.grade import grade
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.accord.view import readable
from dtti.ledger import body as bodies
from dtti.ledger import canonical
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

#: Characters of a body that are shown where it cannot be read as a text; the rest is a file to be opened.
MOST_RAW: Final = 60_000

#: The spelling of a line feed in JSON, and not that of a backslash before the letter n.
_LINE_FEED: Final = re.compile(r"(?<!\\)((?:\\\\)*\\n)")

#: What an act has to do with the one about to be written.
Role = Literal[
    "written",  # it is the one
    "offer",  # the open offer that it answers or ends
    "answered",  # the offer to which that is a counter-text
    "answer",  # the other side's answer by which it ends an offer
    "sighted",  # an entry of one's own that had not seen that answer
    "report",  # the other side's report that it confirms
    "national",  # the national version that it releases
    "released",  # the copy by which that was released before
    "stands",  # the text that both sides hold
    "latest",  # the latest text where both hold none: one side's, or published
]


class Part(msgspec.Struct, frozen=True):
    """A body of an act. `state`: held, erased, missing, or unreadable (held, and no text of this version).

    `commitment`: what the leaf says of it; `digest`: SHA-256 of its bytes alone, by which a file is compared elsewhere.
    `raw`: a text as it is stored, readable by people; `cut`: characters of it that are left out here.
    """

    number: int
    state: str
    size: int
    commitment: str
    digest: str = ""
    text: text.Text | None = None
    raw: str = ""
    cut: int = 0
    name: str = ""
    media: str = ""


class Deed(msgspec.Struct, frozen=True):
    """An act as it is shown: written, or about to be. `carries`: which part is the text of the record, -1 for none.

    `against`: what stands against reading that text as its kind; then it is shown raw, and nobody can agree to it.
    """

    role: Role
    verb: str
    side: str
    ledger: str
    record: str
    office: str
    terms: dict[str, Any]
    rests: tuple[str, ...]
    parts: tuple[Part, ...]
    carries: int = -1
    id: str = ""
    index: int = -1
    time: str = ""
    rules: str = ""
    grade: str = ""
    against: tuple[Refusal, ...] = ()

    @property
    def part(self) -> Part | None:
        """The part that is the text of the record."""
        return self.parts[self.carries] if 0 <= self.carries < len(self.parts) else None

    @property
    def content(self) -> dict[str, Any] | None:
        """The content of the text, as it is stored; None where there is none that this version reads."""
        return self.part.text.content if self.part and self.part.text else None

    @property
    def texts(self) -> list[text.Text]:
        """What people read beside the contents: remarks, paper, who acted."""
        return [part.text for part in self.parts if part.text]


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
        _marks(written, named, compared, heads),
        _digest(node.side, party, written, named, compared, acts),
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
            part = _as_text(part, held)
            listed += part.text.files if part.text else []
        made.append(part)
    absent = listed[max(0, len(contents) - texts) :]
    made += [Part(len(made), "missing", 0, "", name=file.name, media=file.media) for file in absent]
    return tuple(made)


def _as_text(part: Part, data: bytes) -> Part:
    try:
        found: text.Text | None = text.read(data)
        state = "held"
    except Refused:
        found, state = None, "unreadable"
    raw = raw_form(data)
    if found is None and len(raw) > MOST_RAW:
        return replace(part, state=state, raw=raw[:MOST_RAW], cut=len(raw) - MOST_RAW)
    return replace(part, state=state, text=found, raw=raw)


def raw_form(data: bytes) -> str:
    """The bytes of a text for people to read: JSON in lines where it is JSON, else as it is. Nothing in it is hidden.

    Characters that show nothing, or make others read otherwise, are written as their code points.
    """
    try:
        said = spelled(canonical.decode(data), indent=1)
    except (canonical.ProfileError, RecursionError):  # as it came: another JSON may hold more than its reader keeps
        try:
            said = data.decode()
        except UnicodeDecodeError:
            return data.hex(" ")
    return plain(said)


def spelled(value: Any, indent: int | None = None) -> str:
    """A value as JSON spells it, its texts broken after each line feed: inside a text JSON has no other line feed."""
    said = json.dumps(value, ensure_ascii=False, indent=indent)
    return _LINE_FEED.sub(r"\1\n", said)


def plain(said: str) -> str:
    """A text with every character that does not print written as its code point; line feeds stay."""
    return "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in said)


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


def _summary(deed: Deed) -> dict[str, Any]:
    parts = [[part.commitment, part.state] for part in deed.parts]
    return {"role": deed.role, "act": deed.id, "carries": deed.carries + 1, "parts": parts, "rules": deed.rules}


def _digest(
    side: str,
    constitution: str,
    written: Sequence[Deed],
    named: Sequence[Deed],
    compared: Sequence[Deed],
    acts: Sequence[str],
) -> str:
    """The digest of all that a page shows. An act's commitments stand for its bodies, as they do in its leaf."""
    shown = {
        "acts": list(acts),
        "compared": [_summary(each) for each in compared],
        "constitution": constitution,
        "named": [_summary(each) for each in named],
        "side": side,
        "written": [
            {
                "ledger": each.ledger,
                "office": each.office,
                "parts": [[part.commitment, part.size] for part in each.parts],
                "record": each.record,
                "rests": list(each.rests),
                "rules": each.rules,
                "terms": each.terms,
                "verb": each.verb,
            }
            for each in written
        ],
    }
    return sha256(b"dtti-shown-1\0" + canonical.encode(shown)).hexdigest()


def _marks(
    written: Sequence[Deed], named: Sequence[Deed], compared: Sequence[Deed], heads: Mapping[str, int]
) -> dict[str, str]:
    """A short digest of every part of a page, by name: ``office``, ``terms.until``, ``content.measures``, ``named``."""
    found: dict[str, Any] = {
        "office": written[0].office,
        "named": [[each.role, each.id, [part.state for part in each.parts]] for each in named],
        "compared": [[each.role, each.id] for each in compared],
        "heads": dict(heads),
    }
    for name, value in written[0].terms.items():
        found[f"terms.{name}"] = value
    for said in written[0].texts:
        for name, value in msgspec.to_builtins(said).items():
            if name == "content":
                found |= {f"content.{member}": one for member, one in value.items()}
            else:
                found.setdefault(f"text.{name}", value)
    for part in written[0].parts:
        if part.text is None:
            found[f"file.{part.name}"] = part.digest
    for deed in written[1:]:
        if deed.carries >= 0:
            found[f"also.{deed.record}"] = [deed.terms, deed.content, deed.office, deed.ledger]
    return {
        name: sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:10]
        for name, value in found.items()
    }
