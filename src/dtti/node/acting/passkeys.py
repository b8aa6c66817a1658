"""Passkeys of offices as the ledger has them, and a person's assertion put into the act that it signs. No Django.

The power keys bind a passkey to an office, so that nobody who only runs the server can enrol his own. What a person's
authenticator signs is the binding form of an act (`accord.binding`); the write path judges the assertion as any
verifier does, whatever a page has found of it before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

import msgspec

from dtti.accord import table, table_2
from dtti.accord.binding import Binding, fault_of
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language.marking import C_
from dtti.ledger.act import open_leaf
from dtti.ledger.store import MIRROR, RELEASED, Placed
from dtti.node.core.draft import Draft, passkey_asked
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal

AGAIN: Final = C_("refusal", "Read the page again, and confirm it with a passkey of your office.")


class Bound(msgspec.Struct, frozen=True):
    """A passkey that the power keys bound to an office. `entry`, `act`: by which act; `ended`: the entry that ended it.

    `ended` is -1 while nothing has; `closed` says whether it is out of force now, ended or past its date.
    """

    credential: table_2.Credential
    entry: int
    act: str
    ended: int = -1
    closed: bool = False

    @property
    def key(self) -> str:
        """The name of its key, as a person reads it out."""
        return key_name(self.credential.public)


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an authenticator answered to a page: three byte strings, each in base64."""

    authenticator: table_2.Base64
    client: table_2.Base64
    signature: table_2.Base64


def key_name(public: str) -> str:
    """What a passkey's public key is called: 80 bits of its SHA-256, in groups that can be read out and compared."""
    digest = sha256(bytes.fromhex(public)).hexdigest()[:20]
    return " ".join(digest[at : at + 4] for at in range(0, 20, 4))


def bound(node: Node) -> list[Bound]:
    """Every passkey that was ever bound to an office of this side, in the order of their numbers."""
    node.book.sync()  # the power keys write in a process of their own
    found, ended = dict[int, Bound](), dict[int, int]()
    for placed, terms in _powers(node, Viewer(node.side, national=True), RELEASED):
        for given in terms.get("credentials", ()):
            one = msgspec.convert(given, table_2.Credential)
            found[one.credential] = Bound(one, placed.index, placed.id)
        ended |= dict.fromkeys(terms.get("ended_credentials", ()), placed.index)
    now = node.clock()
    return [
        msgspec.structs.replace(
            one,
            ended=ended.get(number, -1),
            closed=number in ended or bool(one.credential.until and one.credential.until < now),
        )
        for number, one in sorted(found.items())
    ]


def given_by(node: Node, viewer: Viewer, side: str, number: int) -> Placed | None:
    """The act of a side's power keys that gave the passkey of that number; None where it is not here."""
    for placed, terms in _powers(node, viewer, RELEASED if side == node.side else MIRROR):
        if any(one["credential"] == number for one in terms.get("credentials", ())):
            return placed
    return None


def _powers(node: Node, viewer: Viewer, ledger: str) -> Iterator[tuple[Placed, dict[str, Any]]]:
    """The acts of a ledger's power keys and their terms; a void one gives nothing, whatever it says."""
    for placed in node.store.of_verb("power", ledger):
        done = journal.act(node, viewer, placed.id)
        if done and not done.rule:
            yield placed, open_leaf(placed.leaf).act.terms


def of_office(node: Node, office: str) -> list[table_2.Credential]:
    """The passkeys of an office that are in force now, at whatever address they were made."""
    standing, now = node.standing, node.clock()
    return [
        standing.credentials[number]
        for number in sorted(standing.credentials)
        if standing.credential(number, office, now) is not None
    ]


def bind(node: Node, office: str, public: str, *, until: str | None = None) -> Draft:
    """The power act that binds a passkey to an office from now on. Refused where it is bound already."""
    standing = node.standing
    for one in standing.credentials.values():
        if (one.office, one.public) == (office, public) and one.credential not in standing.ended_credentials:
            raise Refused(
                refuse("credential", f"it is bound to the office already, as {one.credential}", "Nothing is missing.")
            )
    host = node.config.relying_party
    if not host:
        raise Refused(no_host(node))
    number = 1 + max(standing.credentials, default=0)
    given = table_2.Credential(number, office, public, host, node.clock(), until)
    return Draft("power", terms=table_2.Power(credentials=[given]))


def end(node: Node, number: int) -> Draft:
    """The power act that ends a bound passkey. Refused where there is none of that number in force."""
    standing = node.standing
    if number not in standing.credentials or number in standing.ended_credentials:
        raise Refused(
            refuse("credential", f"there is no passkey {number} in force", "See the numbers with `dtti passkey list`.")
        )
    return Draft("power", terms=table_2.Power(ended_credentials=[number]))


def no_host(node: Node) -> Refusal:
    """Why pages at a bare address have no passkeys."""
    return refuse(
        "passkey-host",
        f"passkeys are made for a host name, and the pages here are at {node.config.address}",
        "Set pages_url in node.toml to the address with a name that officials type, then start the pages again.",
    )


# --- an act with a passkey -------------------------------------------------------------------------------------------


def takes(node: Node, draft: Draft) -> bool:
    """Whether an act written now can carry an assertion: its rule set knows them, and an office stands behind it."""
    row = node.rules_for(draft).table.get(draft.verb)
    return bool(draft.office) and row is not None and "assertion" in row.terms.__struct_fields__


def at_hand(node: Node, office: str) -> list[table_2.Credential]:
    """Those of an office that can be used where the pages are now: made for their host, or one above it."""
    host = node.config.relying_party
    return [one for one in of_office(node, office) if host == one.rp or host.endswith("." + one.rp)]


def required(node: Node, drafts: Sequence[Draft]) -> bool:
    """Whether this side's setting, or every power of an office for its act, asks for a passkey over these acts."""
    standing, now = node.standing, node.clock()

    def asks(draft: Draft) -> bool:
        kind = draft.record.split("/")[0]
        if passkey_asked(node.config, draft):
            return True
        with_key, without = (
            standing.power(draft.office, draft.verb, kind, now, asserted=given) is not None for given in (True, False)
        )
        return with_key and not without

    return any(draft.office and asks(draft) for draft in drafts)


def asserted(node: Node, draft: Draft, form: Binding, answer: str) -> Draft:
    """The draft with the assertion that an authenticator answered; Refused where it is not by this office's passkey.

    `form`: the binding form of the draft. `answer`: what the page's script put into its form, a `Given` as JSON.
    """
    try:
        given = msgspec.json.decode(answer[:20_000], type=Given)
    except msgspec.DecodeError:
        raise Refused(
            refuse("assertion", "the form brought no answer of a passkey", f"Scripts must run on the page. {AGAIN}")
        ) from None
    challenge = form.digest()
    fault = "no passkey of your office is in force"
    for credential in of_office(node, draft.office):
        one = table_2.Assertion(given.authenticator, given.client, credential.credential, form.nonce, given.signature)
        fault = fault_of(one, credential, challenge)
        if not fault:
            return msgspec.structs.replace(draft, terms=_with(node, draft, one))
    raise Refused(refuse("assertion", f"the passkey assertion does not hold: {fault}", AGAIN))


def _with(node: Node, draft: Draft, assertion: table_2.Assertion) -> Any:
    """The terms of the draft, in the form of the rule set in force, with an assertion."""
    terms = node.rules_for(draft).read_terms(draft.verb, table.write_terms(draft.terms))
    if isinstance(terms, Refusal):
        raise Refused(terms)
    return msgspec.structs.replace(terms, assertion=assertion)
