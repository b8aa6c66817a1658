"""The table of acts of rule set dtti_1: each verb, who writes it, its fields, when it is valid, what it does. Frozen.

Pure data. The rules themselves stand in `authority` (who may) and `discipline` (when, on a record). Rule names are
stable: they are shown, cited and translated. Acts that name dtti_1 are judged by this table for ever, so nothing here
changes: what comes later stands in `table_2`, whose fields extend these.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from dtti.ledger.act import Digest, Natural, RecordId, Side, Time
from dtti.ledger.keylist import KeyList, Party

from .refusal import Refusal

Verb = Annotated[str, msgspec.Meta(pattern=r"^[a-z_]{3,20}\Z")]


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The verb's own fields in a leaf: codes, numbers and digests only."""


class Found(Terms, frozen=True):
    """`parties` one (alone) or two (joined); `rule_sets` the sets in force from here on."""

    parties: Annotated[list[Party], msgspec.Meta(min_length=1, max_length=2)]
    rule_sets: Annotated[list[str], msgspec.Meta(min_length=1, max_length=16)]


class Keys(Terms, frozen=True):
    """The next key list."""

    keys: KeyList


class Grant(Terms, frozen=True):
    """An office may write `verbs` on records of `kinds` ("all": any kind) from a time, and until one if given."""

    grant: Natural
    kinds: Annotated[list[str], msgspec.Meta(min_length=1, max_length=64)]
    office: RecordId
    since: Time
    verbs: Annotated[list[str], msgspec.Meta(min_length=1, max_length=32)]
    until: Time | None = None


class Power(Terms, frozen=True):
    """Grants given, and numbers of earlier grants ended."""

    ended: list[Natural] = []
    grants: list[Grant] = []


Basis = Literal["own", "paper", "published", "elsewhere"]


class State(Terms, frozen=True):
    """`base` is the version of an own record that this one follows. A report of a joint text has a `basis` instead."""

    base: Natural | None = None
    basis: Basis | None = None
    change: Literal["change", "correction"] = "change"
    confirms: Digest | None = None  # the other side's paper report of the same text


class Propose(Terms, frozen=True):
    """`base`: number of texts agreed here so far. `next`: who holds the pen once this is agreed."""

    base: Natural
    next: Side
    until: Time
    firm: bool = False


class Answer(Terms, frozen=True):
    """Names the offer: a proposal act, or the send-back whose counter-text stands as an offer."""

    offer: Digest


class SendBack(Terms, frozen=True):
    """A send-back; with `until` and `next` its second body is a counter-text."""

    offer: Digest
    next: Side | None = None
    until: Time | None = None


class Close(Terms, frozen=True):
    """How an offer ended, and the answer that it names (none when lapsed)."""

    offer: Digest
    outcome: Literal["agreed", "returned", "lapsed"]
    answer: Digest | None = None


class Notice(Terms, frozen=True):
    """A one-sided notice on a joint record."""

    notice: Literal["suspend", "resume", "withdraw_from"]


class Held(Terms, frozen=True):
    """One mirrored act: its id, its record and the digest of its text."""

    act: Digest
    record: RecordId
    digest: Digest | None = None


class Acknowledge(Terms, frozen=True):
    """Mirrored acts that this node holds and has verified."""

    acts: Annotated[list[Held], msgspec.Meta(min_length=1, max_length=128)]


class Release(Terms, frozen=True):
    """Released acts that carry the chosen content of the national acts it rests on."""

    authority: Literal["stated", "standing"]
    released: Annotated[list[Digest], msgspec.Meta(min_length=1, max_length=64)]


class Tombstone(Terms, frozen=True):
    """The body to erase (one of the act that it rests on) and why."""

    digest: Digest
    reason: Literal["spill", "court", "retention"]


class Anchor(Terms, frozen=True):
    """Salted digest of the national ledger's head, given at fixed intervals whether or not anything happened."""

    digest: Digest


class Loss(Terms, frozen=True):
    """Leaves of the national ledger known to be lost after an unrecoverable failure."""

    national: Natural
    recovered: Natural


class Plain(Terms, frozen=True):
    """No fields of its own."""


class Row(msgspec.Struct, frozen=True):
    """One verb. `office`: whether an office with a power must stand behind it. `bodies`: least and most.

    `alone`: a role whose keys may write it without an office, beside `role`.
    """

    verb: str
    terms: type[Terms]
    role: str
    office: bool
    ledgers: tuple[str, ...]
    bodies: tuple[int, int]
    on_record: bool
    who: str
    when: str
    does: str
    voids: tuple[str, ...]
    alone: str = ""


_BOTH, _OUT, _IN = ("released", "national"), ("released",), ("national",)
_OFFER = ("unknown-record", "joint", "offer")
_KEY_LIST = ("key-version", "key-roles", "key-algorithm", "key-distinct", "key-threshold", "key-encoding")

ROWS = (
    Row(
        "found",
        Found,
        "root",
        False,
        _OUT,
        (0, 0),
        False,
        "root keys of the side",
        "first act of a released ledger, with this side alone; once more to join a counterpart",
        "names the parties, their first key lists and the rule sets; its digest is compared aloud",
        ("founding", *_KEY_LIST),
    ),
    Row(
        "keys",
        Keys,
        "root",
        False,
        _OUT,
        (0, 0),
        False,
        "root keys, old and new",
        "next version; thresholds of both the old and the new root met",
        "replaces the key list from the next leaf on",
        (*_KEY_LIST, "key-rotation"),
    ),
    Row(
        "power",
        Power,
        "power",
        False,
        _OUT,
        (0, 0),
        False,
        "power keys",
        "offices of this side; grant numbers not used before; only grants that exist are ended",
        "says which office may write what on which kinds, from when to when",
        ("grant",),
    ),
    Row(
        "state",
        State,
        "node",
        True,
        _BOTH,
        (1, 17),
        True,
        "owner of an own record; either side as a report of a joint text; a node for published content",
        "own record: base is its latest version. Report: says its basis; a confirmation names the other side's report",
        "new version of an own record, or a report of a joint text",
        ("owner", "base", "basis", "confirms", "unknown-record"),
    ),
    Row(
        "propose",
        Propose,
        "node",
        True,
        _OUT,
        (1, 17),
        True,
        "holder of the pen",
        "a counterpart has joined, no offer is open, base counts the texts agreed here, `until` lies ahead, `next` is "
        "a party",
        "opens an offer to the other side",
        ("joint", "counterpart", "unknown-record", "pen", "open-offer", "base", "until"),
    ),
    Row(
        "accept",
        Answer,
        "node",
        True,
        _OUT,
        (0, 1),
        True,
        "the other side",
        "names the open offer, within its time, and no notice stands",
        "answers; a firm offer is agreed by it, any other when its proposer's node closes it",
        (*_OFFER, "answered", "until", "notice"),
    ),
    Row(
        "send_back",
        SendBack,
        "node",
        True,
        _OUT,
        (1, 17),
        True,
        "the other side",
        "names the open offer, within its time; with `until` and `next` it carries a counter-text after its remarks",
        "answers; when closed as returned the pen passes and a counter-text becomes the other side's offer",
        (*_OFFER, "answered", "until", "counter-text"),
    ),
    Row(
        "close",
        Close,
        "node",
        False,
        _OUT,
        (0, 0),
        True,
        "the proposer's node",
        "names its own open offer and the answer it got. Lapsed: `until` has passed with no answer seen; a firm offer "
        "is closed only so, once the other side's clock was seen to pass it",
        "agreed: the next version stands agreed here. Returned: the pen passes. Lapsed: the offer is gone",
        (*_OFFER, "firm", "answer", "until", "notice"),
    ),
    Row(
        "withdraw",
        Answer,
        "node",
        True,
        _OUT,
        (0, 1),
        True,
        "the proposer",
        "its own open offer, not firm, and no answer seen (a standing notice lifts the last condition)",
        "the offer is gone; of withdraw and close the first in the proposer's ledger counts",
        (*_OFFER, "firm", "answered"),
    ),
    Row(
        "hand_over",
        Plain,
        "node",
        True,
        _OUT,
        (0, 1),
        True,
        "holder of the pen",
        "a counterpart has joined, and no offer is open",
        "the pen passes when the other side has seen it",
        ("joint", "counterpart", "unknown-record", "pen", "open-offer"),
    ),
    Row(
        "request_pen",
        Plain,
        "node",
        True,
        _OUT,
        (0, 1),
        True,
        "the side without the pen",
        "the record is joint and known to it",
        "starts the clock of the holder's court",
        ("joint", "unknown-record", "pen"),
    ),
    Row(
        "comment",
        Plain,
        "node",
        True,
        _BOTH,
        (1, 17),
        True,
        "either side",
        "the record is known to it",
        "a remark beside the text; changes nothing",
        ("unknown-record",),
    ),
    Row(
        "draft",
        Plain,
        "node",
        True,
        _BOTH,
        (1, 17),
        True,
        "either side",
        "the record is known to it, or it creates it",
        "shows a draft; binds nobody",
        ("unknown-record",),
    ),
    Row(
        "notice",
        Notice,
        "node",
        True,
        _OUT,
        (0, 17),
        True,
        "either side, alone",
        "a joint record known to it; resume only what it suspended itself",
        "suspends, resumes, or withdraws from; an agreement concurrent with it stands and is flagged",
        ("joint", "unknown-record", "notice"),
    ),
    Row(
        "acknowledge",
        Acknowledge,
        "node",
        False,
        _OUT,
        (0, 0),
        False,
        "a node",
        "names acts of the other ledger that it has seen, each with its record and the digest of its text",
        "shows what this side holds",
        ("acknowledge",),
    ),
    Row(
        "release",
        Release,
        "node",
        True,
        _IN,
        (0, 1),
        True,
        "disclosure officer",
        "rests on national acts and names released acts of this side",
        "links national content with its released copy, in the national ledger only",
        ("release", "unknown-record"),
    ),
    Row(
        "tombstone",
        Tombstone,
        "node",
        False,
        _BOTH,
        (0, 1),
        False,
        "the side that wrote the act, by its node",
        "rests on that act, and the digest is one of its bodies",
        "orders every node to erase the body; all ledgers still verify",
        ("tombstone",),
    ),
    Row(
        "anchor",
        Anchor,
        "node",
        False,
        _OUT,
        (0, 0),
        False,
        "a node",
        "at fixed intervals",
        "binds the national ledger's head without showing it",
        (),
    ),
    Row(
        "loss",
        Loss,
        "root",
        False,
        _OUT,
        (0, 1),
        False,
        "root keys",
        "after an unrecoverable loss",
        "says openly what was lost",
        (),
    ),
)

TABLE = {row.verb: row for row in ROWS}

# Rules that any act can break, with what each asks. The rules of single verbs are in ROWS.
GENERAL = {
    "place": "the leaf names its own side, ledger and index, and the leaf before it",
    "programme": "the act is of this programme and environment",
    "rules": "the act names a rule set in force",
    "verb": "the verb is one of this table, allowed in this ledger",
    "terms": "the verb's fields are those of this table",
    "role": "the act is signed by the role that the verb asks for",
    "signature": "enough keys of that role, in force at this position, signed it",
    "time": "claimed times never decrease within a ledger",
    "seen": "what was seen of the other ledger never shrinks",
    "power": "the office holds a power in force for this verb and kind",
    "kind": "the record is of a kind that the rule set knows",
    "evidence": "every act it rests on lies in its causal past",
    "bodies": "it carries as many bodies as the verb asks for",
    "record": "it names a record exactly where the verb asks for one",
}


def read_terms(verb: str, terms: dict[str, Any], rows: Mapping[str, Row] = TABLE) -> Terms | Refusal:
    """The typed fields of a verb by the table `rows`, or the Refusal of rule `terms`."""
    try:
        made = msgspec.convert(terms, rows[verb].terms)
        for time in _times(made):
            datetime.fromisoformat(time)
        return made
    except ValueError as error:
        return Refusal("terms", f"the fields of {verb}: {error}", f"Give {verb} the fields of the table of acts.")


def _times(terms: msgspec.Struct) -> Iterator[str]:
    for inner in (*getattr(terms, "grants", ()), *getattr(terms, "credentials", ()), *getattr(terms, "members", ())):
        yield from _times(inner)
    for name in ("since", "until", "reached"):
        time = getattr(terms, name, None)
        if time is not None:
            yield time


def write_terms(terms: Terms) -> dict[str, Any]:
    """Fields as they stand in a leaf."""
    made = msgspec.to_builtins(terms)
    return {name: value for name, value in made.items() if value is not None}
