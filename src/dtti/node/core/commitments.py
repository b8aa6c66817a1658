"""Keeping the texts that entries commit to: each held to its commitment, none wanting, none that was erased."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import islice

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.act import Commitment, Entry, MalformedLeaf
from dtti.ledger.body import MAX_BODY, Body, Owner, opens

from .book import BATCH
from .node import Node
from .tombstone import tombstones

Fetch = Callable[[Commitment], Body | None]


def keep_bodies(node: Node, leaves: Iterable[bytes], fetch: Fetch, ledger: str) -> int:
    """Fetch and keep the bodies of `leaves` that are not here; returns how many. Refused: one wanting or false."""
    ordered = {owner for each in tombstones(node.store, [ledger]) for owner, _ in each.orders}
    source, count = iter(leaves), 0
    while batch := list(islice(source, BATCH)):
        entries = []
        for leaf in batch:
            with suppress(MalformedLeaf):
                entries.append(node.book.entry(leaf))
        count += _keep_bodies(node, entries, fetch, ledger, ordered)
    return count


def _keep_bodies(node: Node, entries: Sequence[Entry], fetch: Fetch, ledger: str, ordered: set[Owner]) -> int:
    wanted = [(Owner(ledger, entry.id, part), one) for entry in entries for part, one in enumerate(entry.act.body)]
    held = node.store.held(owner for owner, _ in wanted)
    fresh: dict[Owner, Body] = {}
    count = weight = 0  # bytes of `fresh`: a few of them may be large
    for owner, one in wanted:
        if owner in held or owner in fresh:
            continue
        body = _fetched(node, owner, one, fetch, erased=owner in ordered)
        if body is not None:
            fresh[owner] = body
            count, weight = count + 1, weight + one.size
        if weight > MAX_BODY:
            node.store.put_bodies(fresh)
            held |= fresh.keys()
            fresh, weight = {}, 0
    node.store.put_bodies(fresh)
    return count


def _fetched(node: Node, owner: Owner, one: Commitment, fetch: Fetch, *, erased: bool) -> Body | None:
    """The body that `owner` commits to; None where a tombstone takes it."""
    if one.size > MAX_BODY:
        raise Refused(refuse("body-size", f"a body of {one.size:,} bytes", f"At most {MAX_BODY:,} travel."))
    body = fetch(one)
    if body is None:
        if erased:
            return None
        raise Refused(
            refuse(
                "body-missing",
                f"{_entry(node, owner)} commits to a text that did not come with it",
                "Ask the other side for a complete pack, or for the tombstone that erased it.",
            )
        )
    if not opens(one, body):
        raise Refused(refuse("body", f"a text is not what {_entry(node, owner)} committed to", "Ask for it again."))
    return body


def _entry(node: Node, owner: Owner) -> str:
    placed = node.store.find(owner.act)
    return f"entry {placed.index}" if placed and placed.ledger == owner.ledger else f"act {owner.act[:16]}"
