"""The one way to write: what a person is shown whole, and then writes by confirming exactly that. Knows no form.

Whoever asks says what the acts are (`Compose`), who acts, and what is allowed; nobody else writes an act from a page.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from dtti.accord import table_2
from dtti.ledger.sent import Form
from dtti.node.acting import binding, passkeys
from dtti.node.core import once
from dtti.node.core.draft import Draft, Receipt
from dtti.node.core.text import By, Text
from dtti.node.line.attend import attend
from dtti.node.record import reporting

from .asking import Asking


class Actor(msgspec.Struct, frozen=True):
    """Who acts: an office of this side, and its holder in the capacity that the record gives."""

    office: str
    by: By


class Asked(msgspec.Struct, frozen=True):
    """What is asked to be recorded: its acts, and whether all that they need has been answered."""

    drafts: Sequence[Draft]
    ready: bool = True


#: Makes anew what is asked, from the record as it stands; given the seed of the form, for what is made of it.
Compose = Callable[[str], Asked]


class Proposal(msgspec.Struct, frozen=True):
    """What an act would bind to, to be shown whole; the form that a passkey signs, and the seed of its salts."""

    asked: Asked
    bound: binding.Bound
    form: bytes
    seed: str


class Confirmed(msgspec.Struct, frozen=True):
    """What a person confirmed: the seed drawn, the digest of what was shown, what a passkey answered (None: none)."""

    seed: str
    shown: str
    passkey: str | None


def actor(asking: Asking, office: str, name: str) -> Actor:
    """Who acts for an office: the person of that name, and the capacity that the record gives the holder."""
    records = reporting.records(asking.node, asking.viewer)
    ref = next((each.ref for each in records.of("office") if office and each.record == office), "")
    capacity = next(
        (
            each.content.capacity
            for each in records.of("appointment")
            if (each.content.office, each.content.holder) == (ref, name) and each.content.end_state != "ended"
        ),
        "",
    )
    return Actor(office, By(name, capacity))


def propose(asking: Asking, who: Callable[[], Actor], compose: Compose) -> Proposal:
    """What confirming would write, and all that it binds to."""
    seed = binding.fresh()
    asked = _by(who(), compose(seed))
    made = binding.bind(asking.node, asking.viewer, binding.salted(asking.node, asked.drafts, seed))
    return Proposal(asked, made, binding.form(asking.node, made.written[0], seed).digest(), seed)


def write(
    asking: Asking,
    who: Callable[[], Actor],
    compose: Compose,
    confirmed: Confirmed,
    form: Callable[[], Form],
    allow: Callable[[Draft], None],
) -> Sequence[Receipt]:
    """What was confirmed, written once; binding.Changed where it is not what was shown, or what this system drew.

    `who` and `compose` are asked again under the append lock. `form`: what was sent, by digests. `allow` raises for an
    act that whoever acts may not write.
    """
    if not binding.is_digest(confirmed.seed):
        raise binding.Changed

    def held_to() -> list[Draft]:
        if not binding.is_digest(confirmed.shown):
            raise binding.Changed
        asked = _by(who(), compose(confirmed.seed))
        if not asked.ready:
            raise binding.Changed
        made, signed = binding.held_to(asking.node, asking.viewer, asked.drafts, confirmed.seed, confirmed.shown)
        if confirmed.passkey is not None:
            made[0] = passkeys.asserted(asking.node, made[0], signed, confirmed.passkey)
        for draft in made:
            allow(draft)
        return made

    return once.written(asking.node, form(), lambda: asking.node.write_seen(held_to))


def tell(asking: Asking) -> None:
    """Have the other side told of what was written, where there is a line to it."""
    attend(asking.node)


def _originated(said: Text, who: Actor) -> Text:
    """A text whose label names who gave it: the side, and the holder of the office that acts."""
    if said.label is None:
        return said
    label = msgspec.structs.replace(said.label, originator=f"{said.label.originator}, {who.by.name}")
    return msgspec.structs.replace(said, label=label)


def _by(who: Actor, asked: Asked) -> Asked:
    """The same by the office that acts, its holder named in the first text; an act without one is given one for it."""
    first, *others = asked.drafts
    texts = first.texts or ((Text(),) if table_2.TABLE[first.verb].bodies[1] else ())
    texts = (msgspec.structs.replace(texts[0], by=who.by), *texts[1:]) if texts else ()
    texts = tuple(_originated(each, who) for each in texts)
    first = msgspec.structs.replace(first, office=who.office, texts=texts)
    return Asked([first, *(msgspec.structs.replace(draft, office=who.office) for draft in others)], asked.ready)
