"""The table of acts of the rule set dtti_2: what it adds to that of dtti_1, and what it says otherwise. Pure data.

A member that dtti_1 has keeps its name and meaning; every struct here extends the one of `table`, so that code reads an
act of either set alike. What a verdict needs for ever stands in the leaf, as codes, numbers and act ids, because a body
can be erased. Until dtti_2 is released it may still change.
"""

from typing import Annotated, Any, Literal

import msgspec

from dtti.ledger.act import Code, Digest, Natural, RecordId, Side, Time

from . import table
from .refusal import Refusal
from .table import Row, Terms

# A restricted group inside one side: 80 random bits in base32, so that it says nothing of what it is for.
Group = Annotated[str, msgspec.Meta(pattern=r"^[a-z2-7]{16}\Z")]
# A host name, as WebAuthn asks of a relying party (no IP address: the last label has a letter).
Host = Annotated[str, msgspec.Meta(pattern=r"^(?=.{1,120}\Z)([a-z0-9-]{1,63}\.)*[a-z0-9-]*[a-z][a-z0-9-]*\Z")]
# Why a side gives a notice: a code of the programme, which no verdict looks at.
Reason = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
# An uncompressed point of P-256 in hexadecimal: 04, x, y.
Point = Annotated[str, msgspec.Meta(pattern=r"^04[0-9a-f]{128}\Z")]
# What the procedure calls its versions, stages, rows and kinds of project.
Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}\Z")]
Base64 = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9+/]{1,2048}={0,2}\Z")]


class Assertion(Terms, frozen=True):
    """A passkey's signature over the binding form of an act (see `binding`). What binds an office may carry one.

    `credential`: number under which the power keys bound the key to the office. `nonce`: the form's. The rest is what
    the authenticator answered: authenticatorData, clientDataJSON and signature (ES256, DER), each in base64.
    """

    authenticator: Base64
    client: Base64
    credential: Natural
    nonce: Digest
    signature: Base64


class Answered(Terms, frozen=True):
    """How a row of a gate's checklist stands for a side, or for both at once where it names none.

    `acts`: the texts that show it; none where the text of this very act says it, which both sides then attest.
    `office`: who answered, or goes on without it.
    """

    row: Name
    state: Literal["met", "waived", "not_applicable"]
    acts: Annotated[list[Digest], msgspec.Meta(max_length=64)] = msgspec.field(default_factory=list)
    office: RecordId | None = None
    side: Side | None = None


class Gate(Terms, frozen=True):
    """A move along the stages of a version of the SOP, for a kind of project (`path`), to the stage `stage`.

    `since`: the last stage of the text that both sides held before; none at the first move. `ends`: how a project ends
    that is closed early. `rows`: how each row stands that the version asks for between the two.
    """

    sop: Name
    stage: Name
    ends: Name | None = None
    path: Name | None = None
    rows: Annotated[list[Answered], msgspec.Meta(max_length=128)] = msgspec.field(default_factory=list)
    since: Name | None = None


class Grant(table.Grant, frozen=True):
    """`assertion`: acts under this grant count only with a passkey assertion of a credential of that office."""

    assertion: bool = False


class Credential(Terms, frozen=True):
    """A passkey bound to an office by the power keys: its public key and relying party, from when to when."""

    credential: Natural
    office: RecordId
    public: Point
    rp: Host
    since: Time
    until: Time | None = None


class Power(table.Power, frozen=True):
    """Grants and credentials given, and numbers of earlier ones ended."""

    grants: list[Grant] = msgspec.field(default_factory=list)  # type: ignore[assignment]  # the same field with one member more
    credentials: list[Credential] = msgspec.field(default_factory=list)
    ended_credentials: list[Natural] = msgspec.field(default_factory=list)


class State(table.State, frozen=True):
    """`group`: to whom a national text is kept."""

    assertion: Assertion | None = None
    group: Group | None = None


class Propose(table.Propose, frozen=True):
    """`gate`: the move along the stages that this text makes once agreed."""

    assertion: Assertion | None = None
    gate: Gate | None = None


class Answer(table.Answer, frozen=True):
    """Names the offer."""

    assertion: Assertion | None = None


class SendBack(table.SendBack, frozen=True):
    """A send-back; with `until` and `next` its second body is a counter-text, which makes the move `gate`."""

    assertion: Assertion | None = None
    gate: Gate | None = None


class Close(table.Close, frozen=True):
    """`late`: the proposer ends an offer whose answer it first saw after the date.

    `sighted` shows that: an entry of the proposer's own, claimed after `until`, that had not seen the answer. With it a
    person decides, so that the act has an office: `late`, or by the answer all the same.
    """

    outcome: Literal["agreed", "returned", "lapsed", "late"]  # type: ignore[assignment]  # one more than dtti_1 has
    sighted: Digest | None = None
    assertion: Assertion | None = None


class HandOver(table.Plain, frozen=True):
    """No fields but the assertion."""

    assertion: Assertion | None = None


class Notice(table.Notice, frozen=True):
    """A one-sided notice on a joint record. `reason`: a code for why; the words stand in the body."""

    assertion: Assertion | None = None
    reason: Reason | None = None


class Remark(table.Plain, frozen=True):
    """A remark or a draft: to whom it is kept, where it is national."""

    group: Group | None = None


class Release(table.Release, frozen=True):
    """Released acts that carry the chosen content of the national acts it rests on."""

    assertion: Assertion | None = None
    group: Group | None = None


class Tombstone(table.Tombstone, frozen=True):
    """`part`: which of the act's bodies. A body belongs to one act of one ledger, whatever else has its digest."""

    part: Natural


class Activate(Terms, frozen=True):
    """A later rule set by name and digest; in force once both sides have activated it."""

    digest: Digest
    rule_set: Code


class ResetTime(Terms, frozen=True):
    """The claimed times from entry `first` up to this act, which had run to `reached` at most, are not to be relied on.

    It rests on two acts of its own ledger: the last one claimed no later than this one (none where `first` is 0),
    and entry `first`.
    """

    first: Natural
    reached: Time


class Member(Terms, frozen=True):
    """An office in a group, from when to when."""

    office: RecordId
    since: Time
    until: Time | None = None


class Restrict(Terms, frozen=True):
    """All members of a group from here on. Its name and the reason for a change stand in the body."""

    group: Group
    members: Annotated[list[Member], msgspec.Meta(min_length=1, max_length=128)]


class Seat(Terms, frozen=True):
    """A change to who may act: an account opened, closed or given another way in; a seat given or ended.

    `account` and `seat` are random codes; who it is stands in the body. A seat is in an office, with one duty, from
    `since`, and not from `until` on. Asked by an office a change counts once another office confirms it by the same
    fields (`confirms` names the asking); by the power keys at once. `by`: the account of the person who asks, or who
    confirms, for an office; never the same for both.
    """

    account: Group
    does: Literal["open", "close", "access", "seat", "unseat"]
    by: Group | None = None
    confirms: Digest | None = None
    duty: Code | None = None
    office: RecordId = ""
    seat: Group | None = None
    since: Time | None = None
    until: Time | None = None


class MakePublic(Terms, frozen=True):
    """A text told to the other side that everybody may read from now on, or from a later time on.

    `text`: the act that carries it. `not_before`: the time before which this side shows it to nobody else. A text that
    both sides agree is public once each of them has said so, from the later of their times on.
    """

    text: Digest
    not_before: Time | None = None
    assertion: Assertion | None = None


def _row(verb: str, terms: type[Terms], **changes: object) -> Row:
    return msgspec.structs.replace(table.TABLE[verb], terms=terms, **changes)


_CHANGED = (
    _row(
        "power",
        Power,
        when="offices of this side alone; numbers not used before; only what exists is ended; a credential's key is a "
        "point of its curve",
        does="says which office may write what on which kinds, from when to when, and whose passkey is whose",
        voids=("grant", "credential"),
    ),
    _row("state", State),
    _row("propose", Propose, voids=(*table.TABLE["propose"].voids, "gate")),
    _row(
        "accept",
        Answer,
        when="names the open offer, within its time by its own clock and before the proposer's was seen to pass it, "
        "and no notice stands",
        does="answers; the proposer's node then closes the offer",
    ),
    _row(
        "send_back",
        SendBack,
        when="names the open offer, within its time by its own clock and before the proposer's was seen to pass it; "
        "with `until` and `next` it carries a counter-text after its remarks",
        voids=(*table.TABLE["send_back"].voids, "gate"),
    ),
    _row(
        "close",
        Close,
        who="the proposer's node; where the answer was first seen late, an office that may withdraw",
        when="names its own open offer and the answer it got. Lapsed: `until` has passed with no answer seen, and for "
        "a firm offer the other side's clock was seen to pass it. Late: an entry of its own, claimed after `until`, "
        "had not seen the answer",
        does="agreed: the next version stands agreed here. Returned: the pen passes. Lapsed or late: the offer is gone",
        voids=(*table.TABLE["close"].voids, "late"),
    ),
    _row("withdraw", Answer),
    _row("hand_over", HandOver),
    _row("comment", Remark),
    _row("draft", Remark),
    _row("notice", Notice),
    _row("release", Release),
    _row("tombstone", Tombstone, when="rests on that act, and the digest is that of the body at `part`"),
)

_ADDED = (
    Row(
        "activate",
        Activate,
        "root",
        False,
        ("released",),
        (0, 0),
        False,
        "root keys of each side, each in its own ledger",
        "names a rule set that is not in force yet, by its name and digest, and is itself judged by it",
        "brings the set into force from the next entry that has seen the other side's; alone, from the next entry",
        ("activate",),
    ),
    Row(
        "reset_time",
        ResetTime,
        "root",
        False,
        ("released", "national"),
        (0, 1),
        False,
        "root keys, in each ledger that a wrong clock reached",
        "claimed before the ledger's last act; names the first act that was claimed later than this one, and the last "
        "one before it that was not, where there is one",
        "lowers the time that its ledger has reached; the acts between count as known from this one's time",
        ("reset-time",),
    ),
    Row(
        "restrict",
        Restrict,
        "node",
        True,
        ("national",),
        (0, 1),
        False,
        "a member of the group; any office with the power where the group is new",
        "members are offices of this side",
        "says which offices read what is kept to the group",
        ("group",),
        "power",
    ),
    Row(
        "seat",
        Seat,
        "node",
        True,
        ("national",),
        (0, 1),
        False,
        "an office with the power, and another that confirms it; or the power keys",
        "a seat is in an office of this side, with a duty; a confirmation repeats what another person in another "
        "office asked",
        "says who may act: accounts, seats and duties",
        ("seat",),
        "power",
    ),
    Row(
        "make_public",
        MakePublic,
        "node",
        True,
        ("released",),
        (0, 1),
        True,
        "the public office of the side that owns the record; of each side for what both hold",
        "names a text of that record which its owner stated to the other side, or which both hold; once by each side",
        "everybody may read that text, once each side whose word it takes has said so",
        ("unknown-record", "owner", "public-text", "public-again"),
    ),
)

ROWS = tuple(next((changed for changed in _CHANGED if changed.verb == row.verb), row) for row in table.ROWS) + _ADDED
TABLE = {row.verb: row for row in ROWS}


def formed(verb: str, terms: dict[str, Any]) -> bool:
    """Whether the fields of an act have a form of its verb. Those of a void one may be anything."""
    return verb in TABLE and not isinstance(table.read_terms(verb, terms, TABLE), Refusal)


# Rules that any act can break, as in dtti_1, with what this set adds.
GENERAL = {
    **table.GENERAL,
    "assertion": "a passkey assertion, where it carries one, is by a credential of its office over its binding form",
}
