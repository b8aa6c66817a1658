"""Proof files that are wrong in one named way, each with the place and the rule that any verifier must name.

Some are sound files spoiled; others are written with real keys, as an honest office system never would.
"""

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from dtti.accord.claim import Claim, says
from dtti.accord.proof import FORMAT, Leaf, Log, Proof
from dtti.ledger import act as acts
from dtti.ledger import canonical, checkpoint, keylist, tree
from dtti.ledger.act import Entry
from dtti.ledger.store import RELEASED
from tests import making
from tests.making import Keyring, keyring, private_key

from .pair import AGREED, LATER, OWN, PAPER, UNTIL, Pair
from .spoil import Bad, respell

PROJECT = "project/IND/bbbbbbbb"


def stored(leaves: Sequence[bytes]) -> tree.Read:
    """The stored hashes of a tree over `leaves`."""
    frontier: list[bytes] = []
    hashes = [each for size, leaf in enumerate(leaves) for each in tree.append(size, frontier, tree.leaf_hash(leaf))]
    return lambda wanted: [hashes[each] for each in wanted]


def proof_of(
    logs: Mapping[str, making.Log], chosen: Sequence[Entry], act: Entry, grade: str, *, held: bool = False
) -> bytes:
    """A proof file of `chosen` entries, claiming what it is told to, under fresh checkpoints by the logs' keys."""
    sides = sorted({entry.act.side for entry in chosen})
    leaves = []
    for entry in sorted(chosen, key=lambda each: (each.act.side, each.act.index)):
        log = logs[entry.act.side].leaves
        path = tree.inclusion(entry.act.index, len(log), stored(log))
        leaf = base64.b64encode(log[entry.act.index]).decode()
        leaves.append(Leaf(entry.act.index, leaf, [each.hex() for each in path], entry.act.side))
    writers = {entry.act.side for entry in chosen if entry.act.verb not in ("found", "keys", "acknowledge")}
    environment, programme = act.act.environment, act.act.programme
    claim = Claim(act.id, environment, grade, held, programme, act.act.record, sorted(writers))  # type: ignore[arg-type]
    sizes = {side: len(logs[side].leaves) for side in sides}
    notes = [Log(note_of(logs[side]).note, side) for side in sides]
    return canonical.encode(msgspec.to_builtins(Proof([], claim, leaves, FORMAT, notes, says(claim, sizes))))


def note_of(log: making.Log) -> checkpoint.Checkpoint:
    """A checkpoint of `log` by its ring's log keys."""
    return checkpoint.make(
        log.ring.party().origin, len(log.leaves), making.root(log.leaves), list(log.ring.signers("log"))
    )


def founded(*rings: Keyring) -> dict[str, making.Log]:
    """A log for each ring, founded alone and then with all of them."""
    logs = {ring.side: making.Log(ring) for ring in rings}
    for log in logs.values():
        log.write(**making.found(log.ring))
        if len(rings) > 1:
            log.write(**making.found(*rings))
    return logs


def node(verb: str, **fields: Any) -> dict[str, Any]:
    """Fields of an act by a node."""
    return {"verb": verb, "role": "node", "record": PROJECT, "body": [], "office": ""} | fields


def offer(log: making.Log, **terms: Any) -> Entry:
    """A proposal of India's."""
    given = {"base": 0, "next": "IND", "until": UNTIL} | terms
    return log.write(**node("propose", terms=given, body=[acts.Commitment("2" * 64, 4)]))


def accept(logs: Mapping[str, making.Log], proposal: Entry, **fields: Any) -> Entry:
    """The United States' acceptance, having seen all of India's ledger."""
    seen = logs["IND"].seen()
    return logs["USA"].write(**node("accept", terms={"offer": proposal.id}, seen=seen) | fields)


def close(logs: Mapping[str, making.Log], proposal: Entry, answer: Entry, **fields: Any) -> Entry:
    """India's closing as agreed, having seen all of the United States' ledger."""
    terms = {"answer": answer.id, "offer": proposal.id, "outcome": "agreed"}
    return logs["IND"].write(**node("close", terms=terms, seen=logs["USA"].seen()) | fields)


def opening(logs: Mapping[str, making.Log]) -> list[Entry]:
    """The foundings of every log."""
    return [
        entry for log in logs.values() for leaf in log.leaves if (entry := acts.open_leaf(leaf)).act.verb == "found"
    ]


def by_hand(counterpart: int = 1) -> tuple[dict[str, making.Log], list[Entry], bytes]:
    """A sound agreement written with real keys and no office system: its logs, its acts, its proof.

    `counterpart`: which generation of keys calls itself the United States.
    """
    logs = founded(keyring("IND"), keyring("USA", generation=counterpart))
    proposal = offer(logs["IND"])
    answer = accept(logs, proposal)
    parts = [proposal, answer, close(logs, proposal, answer)]
    return logs, parts, proof_of(logs, [*opening(logs), *parts], proposal, "agreed_here")


def forged_counterpart() -> bytes:
    """A firm offer of India's that is accepted by a ledger which merely calls itself the United States."""
    logs = founded(keyring("IND"), keyring("USA"))
    proposal = offer(logs["IND"], firm=True)
    stranger = making.Log(keyring("USA", generation=7))
    stranger.write(**making.found(stranger.ring))
    stranger.write(**making.found(keyring("IND"), stranger.ring))
    answer = accept({"IND": logs["IND"], "USA": stranger}, proposal)
    both = {"IND": logs["IND"], "USA": stranger}
    return proof_of(both, [*opening(both), proposal, answer], proposal, "agreed_here")


def unjoined() -> bytes:
    """The same from the real counterpart, with the foundings in which the two join left out."""
    logs = founded(keyring("IND"), keyring("USA"))
    proposal = offer(logs["IND"], firm=True)
    answer = accept(logs, proposal)
    alone = [entry for entry in opening(logs) if entry.act.index == 0]
    return proof_of(logs, [*alone, proposal, answer], proposal, "agreed_here")


def _agreement(step: str, **fields: Any) -> bytes:
    logs = founded(keyring("IND"), keyring("USA"))
    proposal = offer(logs["IND"])
    answer = accept(logs, proposal, **fields if step == "accept" else {})
    parts = [proposal, answer, close(logs, proposal, answer, **fields if step == "close" else {})]
    return proof_of(logs, [*opening(logs), *parts], proposal, "agreed_here")


def acknowledged_amiss(**wrong: Any) -> bytes:
    """The same, with a receipt for the closing that names another record or another text than the closing has."""
    logs, parts, _ = by_hand()
    held = {"act": parts[-1].id, "record": PROJECT} | wrong
    receipt = logs["USA"].write(**node("acknowledge", record="", terms={"acts": [held]}, seen=logs["IND"].seen()))
    return proof_of(logs, [*opening(logs), *parts, receipt], parts[0], "agreed_here", held=True)


def with_key(role: str, public: str) -> bytes:
    """A statement on a ledger whose founding lists `public` among its keys of `role`, rightly signed otherwise."""
    log = making.Log(keyring("IND"))
    fields = making.found(log.ring)
    listed = fields["terms"]["parties"][0]["keys"]["roles"][role]["keys"]
    listed.append({"algorithm": "ed25519", "public": public})
    first = log.write(**fields)
    stated = log.write(
        **node("state", record="need/IND/bbbbbbbb", terms={"base": 0}, body=[acts.Commitment("3" * 64, 1)])
    )
    return proof_of({"IND": log}, [first, stated], stated, "stated")


def with_signatures(change: Callable[[list[tuple[str, bytes]]], list[tuple[str, bytes]]], **roles: Any) -> bytes:
    """A statement whose signatures went through `change` before it was logged."""
    log = making.Log(keyring("IND", **roles))
    first = log.write(**making.found(log.ring))
    act = making.act(
        **node("state", record="need/IND/bbbbbbbb", terms={"base": 0}, body=[acts.Commitment("3" * 64, 1)])
        | {"index": 1, "previous": tree.leaf_hash(log.leaves[0]).hex()}
    )
    payload = acts.payload_of(act)
    signed = keylist.sign(acts.pre_authentication(payload), log.ring.signers("node"))
    stated = acts.seal(payload, change(signed))
    log.leaves.append(stated.leaf)
    return proof_of({"IND": log}, [first, stated], stated, "stated")


def _lifted(signatures: list[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    """The same signatures with S + L for S: libraries that do not look accept them."""
    order = 2**252 + 27742317777372353535851937790883648493
    return [
        (name, raw[:32] + (int.from_bytes(raw[32:], "little") + order).to_bytes(32, "little"))
        for name, raw in signatures
    ]


# Public keys on which libraries disagree (order 1, 2, 4 and 8; a sign without an x; a y of p or more), or misspelt.
UNSOUND_KEYS = {
    "order 1": "01" + "00" * 31,
    "order 1, negative zero": "01" + "00" * 30 + "80",
    "order 2": "ec" + "ff" * 30 + "7f",
    "order 4": "00" * 32,
    "order 8": "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "order 8, other": "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "y of p": "ed" + "ff" * 30 + "7f",
    "y of p + 1": "ee" + "ff" * 30 + "7f",
    "capitals": private_key("spare").public_key().public_bytes_raw().hex().upper(),
    "short": "ab" * 31,
}


def bad_proofs(pair: Pair) -> Bad:
    """Proof files wrong in one way each."""
    sound, other, own = pair.ind.prove(AGREED), pair.ind.prove(LATER), pair.ind.prove(OWN)
    paper = pair.ind.prove(PAPER)
    value = canonical.decode(sound)
    last = value["entries"][-1]
    older = pair.ind.store.note(RELEASED, 3) or pair.ind.store.note(RELEASED, 4)
    body = canonical.decode(other)["bodies"]

    def set_(name: str, to: object) -> Callable[[dict[str, Any]], None]:
        return lambda proof: proof.__setitem__(name, to)

    def claim(**fields: object) -> Callable[[dict[str, Any]], None]:
        return lambda proof: proof["claim"].update(fields)

    def drop(verb: str) -> bytes:
        kept = [one for one in value["entries"] if _act(one).verb != verb]
        return respell(sound, set_("entries", kept))

    bad: Bad = {
        "cut short": (sound[:-1], f"file byte {len(sound) - 1}", "profile-json"),
        "line feed appended": (sound + b"\n", f"file byte {len(sound)}", "profile-canonical"),
        "second value appended": (sound + b"{}", f"file byte {len(sound)}", "profile-json"),
        "indented": (sound.replace(b"{", b"{ ", 1), "file byte 1", "profile-canonical"),
        "two texts": (respell(sound, set_("bodies", value["bodies"] * 2)), "file", "fields"),
        "unknown member": (respell(sound, set_("note", "x")), "file", "fields"),
        "another format": (respell(sound, set_("format", "dtti-proof-2")), "format", "proof-form"),
        "text of another record": (respell(sound, set_("bodies", body)), "bodies", "body"),
        "another sentence": (respell(sound, set_("says", value["says"] + " ")), "says", "claim"),
        "claims another grade": (respell(own, claim(grade="agreed_here")), "claim", "claim"),
        "claims one more side": (respell(own, claim(sides=["IND", "USA"])), "claim", "claim"),
        "claims passkeys of nobody": (respell(sound, claim(passkeys=[])), "file", "fields"),
        "claims to be live": (respell(sound, claim(environment="live")), "claim", "claim"),
        "claims another act": (respell(sound, claim(act=_id(last))), "claim", "claim"),
        "claims an act that is absent": (respell(sound, claim(act="0" * 64)), "claim", "claim"),
        "without the acceptance": (drop("accept"), "claim", "claim"),
        "without the closing": (drop("close"), "claim", "claim"),
        "without the acknowledgement": (drop("acknowledge"), "claim", "claim"),
        "without the key lists": (drop("keys"), "checkpoint IND", "checkpoint"),
        "entries of another proof among its own": (
            _with_entry_of(sound, paper),
            f"entry IND {pair.acts[PAPER].act.index}",
            "proof-form",
        ),
        "entries in another order": (
            respell(sound, set_("entries", [*value["entries"][:-2], last, value["entries"][-2]])),
            f"entry {_place(value['entries'][-2])}",
            "proof-form",
        ),
        "an older checkpoint": (
            respell(sound, lambda proof: proof["logs"][0].update(checkpoint=older)),
            "entry IND 0",
            "inclusion",
        ),
        "checkpoints swapped": (_checkpoints_swapped(sound), "entry IND 0", "inclusion"),
        "sides swapped": (_sides_swapped(sound), "logs", "proof-form"),
        "a checkpoint line dropped": (_line_dropped(sound, 0), "checkpoint IND", "checkpoint"),
        "a foreign checkpoint line": (_line_added(sound), "checkpoint IND", "checkpoint"),
        "a counterpart by another's keys": (forged_counterpart(), "checkpoint IND", "founding"),
        "two sides that never joined": (unjoined(), "checkpoint IND", "founding"),
        "accepted too late": (
            _agreement("accept", time="2029-01-01T00:00:01Z"),
            "entry USA 2",
            "until",
        ),
        "accepted before it was seen": (_agreement("accept", seen=making.UNSEEN), "entry USA 2", "seen"),
        "closed before the answer was seen": (_agreement("close", seen=making.UNSEEN), "entry IND 3", "seen"),
        "accepted in a live programme": (_agreement("accept", environment="live"), "entry USA 2", "programme"),
        "accepted by the log's key": (_agreement("accept", role="log"), "entry USA 2", "role"),
        "accepted with unknown fields": (
            _agreement("accept", terms={"offer": "0" * 64, "yes": True}),
            "entry USA 2",
            "terms",
        ),
        "accepted in a national ledger": (_agreement("accept", ledger="national"), "entry USA 2", "place"),
        "acknowledged on another record": (
            acknowledged_amiss(record="project/USA/cccccccc"),
            "entry USA 3",
            "proof-form",
        ),
        "acknowledged with another text": (acknowledged_amiss(digest="5" * 64), "entry USA 3", "proof-form"),
        "closed with a text": (_agreement("close", body=[acts.Commitment("4" * 64, 1)]), "entry IND 3", "bodies"),
        "a signature lifted by the order": (with_signatures(_lifted), "entry IND 1", "signature"),
        "one key for two": (
            with_signatures(lambda signed: [signed[0], signed[0], ("0" * 16, signed[0][1])], node=(2, 2)),
            "entry IND 1",
            "signature",
        ),
    }
    for name, public in UNSOUND_KEYS.items():
        bad[f"a mirror key: {name}"] = (with_key("mirror", public), "entry IND 0", "key-encoding")
    return bad


def _act(listed: dict[str, Any]) -> acts.Act:
    return acts.open_leaf(base64.b64decode(listed["leaf"])).act


def _id(listed: dict[str, Any]) -> str:
    return acts.open_leaf(base64.b64decode(listed["leaf"])).id


def _place(listed: dict[str, Any]) -> str:
    return f"{listed['side']} {listed['index']}"


def _with_entry_of(proof: bytes, other: bytes) -> bytes:
    extra = [one for one in canonical.decode(other)["entries"] if _act(one).verb == "state"]

    def add(value: dict[str, Any]) -> None:
        value["entries"] = sorted([*value["entries"], *extra], key=lambda one: (one["side"], one["index"]))

    return respell(proof, add)


def _checkpoints_swapped(proof: bytes) -> bytes:
    def swap(value: dict[str, Any]) -> None:
        one, other = value["logs"]
        one["checkpoint"], other["checkpoint"] = other["checkpoint"], one["checkpoint"]

    return respell(proof, swap)


def _sides_swapped(proof: bytes) -> bytes:
    return respell(proof, lambda value: value["logs"].reverse())


def _line_dropped(proof: bytes, keep: int) -> bytes:
    """Of the lines under the first checkpoint only the cosignatures stay."""

    def drop(value: dict[str, Any]) -> None:
        parsed = checkpoint.parse(value["logs"][keep]["checkpoint"])
        lines = tuple(line for line in parsed.lines if line.name != parsed.origin)
        value["logs"][keep]["checkpoint"] = msgspec.structs.replace(parsed, lines=lines).note

    return respell(proof, drop)


def _line_added(proof: bytes) -> bytes:
    def add(value: dict[str, Any]) -> None:
        parsed = checkpoint.parse(value["logs"][0]["checkpoint"])
        value["logs"][0]["checkpoint"] = checkpoint.cosign(parsed, "dtti.test/fra", private_key("fra"), 1).note

    return respell(proof, add)
