"""A passkey assertion in a proof: the second verifier takes it as ours does, and neither is led by what is in it."""

import base64
import json
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

from dtti.accord import binding, proof, table, table_2
from dtti.accord.claim import Claim, says
from dtti.ledger import canonical
from dtti.ledger.act import Entry, open_leaf
from tests import making
from tests.accord.test_second_set import RP, Passkey, enrolled
from tests.simulator.capital import Capital, exchange, record

from .bad_proofs import proof_of
from .second import Second

TEXT = record()
NONCE = "7" * 64
Client = Callable[[dict[str, Any]], bytes]  # clientDataJSON from what an honest browser would put into it


@pytest.fixture(scope="module")
def second() -> Iterator[Second]:
    made = Second()
    yield made
    made.close()


def _assertion(key: Passkey, client: bytes, signed: bytes | None = None) -> dict[str, Any]:
    authenticator = sha256(RP.encode()).digest() + b"\x05" + bytes(4)
    signature = key.private.sign(authenticator + sha256(signed or client).digest(), ec.ECDSA(SHA256()))
    parts = {"authenticator": authenticator, "client": client, "signature": signature}
    return {name: base64.b64encode(part).decode() for name, part in parts.items()} | {"credential": 1, "nonce": NONCE}


def proved(client: Client, replayed: bytes | None = None) -> bytes:
    """A proof of an agreed text whose proposal carries a passkey assertion over `client`.

    `replayed`: what the authenticator signed instead.
    """
    ind, usa, key = enrolled()
    act = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
    standing = ind.state().authorities["IND", "released"].standing()
    assert standing
    challenge = base64.urlsafe_b64encode(binding.binding_of(act, standing.constitution, NONCE).digest())
    told = {"type": "webauthn.get", "challenge": challenge.decode().rstrip("="), "origin": "https://ind.localhost"}
    terms = {**act.terms, "assertion": _assertion(key, client(told), replayed)}
    offer = ind.write("propose", TEXT, terms, body=act.body)
    exchange(ind, usa)
    accept = usa.write("accept", TEXT, table.Answer(offer.id))
    exchange(ind, usa)
    done = ind.close(TEXT, offer, "agreed", accept)
    return _proof(ind, usa, [offer, accept, done])


def _proof(ind: Capital, usa: Capital, parts: list[Entry]) -> bytes:
    logs = {one.side: making.Log(one.ring, leaves=list(one.leaves)) for one in (ind, usa)}
    opened = [open_leaf(leaf) for one in (ind, usa) for leaf in one.leaves]
    ruling = [entry for entry in opened if entry.act.verb in ("found", "keys", "activate")]
    gave = [entry for entry in opened if entry.act.terms.get("credentials")]
    value = canonical.decode(proof_of(logs, [*ruling, *gave, *parts], parts[0], "agreed_here"))
    value["claim"] |= {"passkeys": ["IND"], "sides": ["IND", "USA"]}
    claim = msgspec.convert(value["claim"], Claim)
    value["says"] = says(claim, {side: len(log.leaves) for side, log in logs.items()})
    return canonical.encode(value)


def plain(told: dict[str, Any]) -> bytes:
    return json.dumps(told).encode()


def with_(**changes: Any) -> Client:
    return lambda told: plain(told | changes)


def raw(extra: bytes) -> Client:
    """One more member, spelled as given."""
    return lambda told: plain(told)[:-1] + b"," + extra + b"}"


CLIENTS: dict[str, tuple[Client, bool]] = {
    "as a browser writes it": (plain, True),
    "with members of tomorrow": (with_(other={"a": [1]}, crossOrigin=False, topOrigin="https://x"), True),
    "with white space": (lambda told: b" \n" + plain(told) + b"\t", True),
    "at a port": (with_(origin="http://ind.localhost:8000"), True),
    "asked by another page": (with_(crossOrigin=True), False),
    "crossOrigin is null": (with_(crossOrigin=None), False),
    "crossOrigin is a text": (with_(crossOrigin="false"), False),
    "made, not asked": (with_(type="webauthn.create"), False),
    "another challenge": (with_(challenge="A" * 43), False),
    "a challenge with padding": (lambda told: plain(told | {"challenge": told["challenge"] + "="}), False),
    "an origin in capitals": (with_(origin="HTTPS://ind.localhost"), False),
    "an origin with a path": (with_(origin="https://ind.localhost/"), False),
    "an origin with a line feed": (with_(origin="https://ind.localhost\n"), False),
    "an origin with a name before": (with_(origin="https://x@ind.localhost"), False),
    "an origin with an empty port": (with_(origin="https://ind.localhost:"), False),
    "an origin that ends alike": (with_(origin="https://evilind.localhost"), False),
    "a byte order mark": (lambda told: b"\xef\xbb\xbf" + plain(told), False),
    "no UTF-8 in a member nobody reads": (raw(b'"x":"\xff"'), False),
    "a lone surrogate in a member nobody reads": (raw(b'"x":"\\ud800"'), False),
    "a lone surrogate in a name": (raw(b'"\\udc00":1'), False),
    "a pair of surrogates": (raw(b'"x":"\\ud83d\\ude00"'), True),
    "a control character": (raw(b'"x":"\x01"'), False),
    "not a number": (raw(b'"x":NaN'), False),
    "a number with a zero before": (raw(b'"x":01'), False),
    "a number without end": (raw(b'"x":1' + b"0" * 400), False),
    "nested deep": (raw(b'"x":' + b"[" * 40 + b"]" * 40), False),
    "a name of the language": (raw(b'"__proto__":{"type":"x"}'), True),
    "the type twice": (raw(b'"type":"webauthn.create"'), False),
    "the type twice, the right one last": (lambda told: b'{"type":"x",' + plain(told)[1:], True),
    "a lone surrogate in what a later member replaces": (raw(b'"x":"\\ud800","x":1'), False),
    "a lone surrogate deep in what a later member replaces": (raw(b'"x":[{"\\udc00":1}],"x":1'), False),
    "a number without end in what a later member replaces": (raw(b'"x":-1e400,"x":1'), False),
    "what looks like a number inside a text": (raw(b'"x":"\\"1e400"'), True),
    "a list": (lambda told: b"[" + plain(told) + b"]", False),
    "nothing": (lambda told: b"null", False),
}


@pytest.mark.node_js
@pytest.mark.parametrize("name", CLIENTS)
def test_both_verifiers_take_an_assertion_or_neither_does(second: Second, name: str):
    client, wanted = CLIENTS[name]
    data = proved(client)
    here, there = proof.check(data), second.file(data)
    assert (here.good, there["good"]) == (wanted, wanted), (here.faults, there["faults"])
    if wanted:
        assert "Confirmed by passkey for IND." in here.says
    else:
        assert [one.rule for one in here.faults] == [one["rule"] for one in there["faults"]] == ["assertion"]


@pytest.mark.node_js
def test_a_signature_over_other_client_data_named_inside_does_not_count(second: Second):
    """What the authenticator signed is the client data as it stands, not a text that stands in it."""
    signed = b'{"type":"webauthn.get","challenge":"another","origin":"https://ind.localhost"}'
    data = proved(with_(bytes=signed.decode()), signed)
    assert [proof.check(data).good, second.file(data)["good"]] == [False, False]
