"""Making proofs from what a node holds: which acts they need, and what cannot be proved from here."""

from collections.abc import Iterator

import pytest

from dtti.accord import proof
from dtti.ledger import act as acts
from dtti.ledger import canonical, checkpoint
from dtti.ledger.body import Owner
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import prove
from dtti.node.checking.prove import ProofError
from tests.readers import pair as pairs
from tests.readers.pair import AGREED, COUNTER, FIRM, LATER, LETTER, NATIONAL_NOTE, OWN, PAPER, UNTIL, Pair


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


@pytest.fixture
def fresh(tmp_path) -> Iterator[Pair]:
    made = pairs.join(tmp_path)
    yield made
    made.close()


def verbs(data: bytes) -> list[tuple[str, str]]:
    """Side and verb of the entries of a proof that are neither foundings nor key lists."""
    opened = [acts.open_leaf(proof._raw(one["leaf"], "")).act for one in canonical.decode(data)["entries"]]
    return [(act.side, act.verb) for act in opened if act.verb not in ("found", "keys")]


def governing(data: bytes) -> list[tuple[str, str]]:
    opened = [acts.open_leaf(proof._raw(one["leaf"], "")).act for one in canonical.decode(data)["entries"]]
    return [(act.side, act.verb) for act in opened if act.verb in ("found", "keys")]


@pytest.mark.parametrize(
    ("record", "wanted"),
    [
        (AGREED, [("IND", "propose"), ("IND", "close"), ("USA", "accept"), ("USA", "acknowledge")]),
        (FIRM, [("IND", "propose"), ("IND", "acknowledge"), ("USA", "accept")]),
        (COUNTER, [("IND", "accept"), ("IND", "acknowledge"), ("USA", "send_back"), ("USA", "close")]),
        (LATER, [("IND", "accept"), ("IND", "acknowledge"), ("USA", "propose"), ("USA", "close")]),
        (PAPER, [("IND", "state"), ("USA", "state")]),
        (LETTER, [("IND", "state")]),
        (OWN, [("IND", "state")]),
    ],
)
def test_a_proof_holds_the_acts_that_make_the_text_so_and_no_other(pair: Pair, record: str, wanted):
    assert verbs(pair.ind.prove(record)) == wanted
    assert verbs(pair.usa.prove(record)) == wanted


def test_every_founding_and_key_list_of_the_sides_shown_is_there(pair: Pair):
    chain = ["found", "found", "keys"]
    assert governing(pair.ind.prove(AGREED)) == [(side, verb) for side in ("IND", "USA") for verb in chain]
    assert governing(pair.ind.prove(OWN)) == [("IND", verb) for verb in chain]


def test_the_counterparts_cosignature_travels_where_its_keys_do(pair: Pair):
    def signers(record: str) -> list[list[str]]:
        logs = canonical.decode(pair.usa.prove(record))["logs"]
        return [[line.name for line in checkpoint.parse(log["checkpoint"]).lines] for log in logs]

    ind, usa = "dtti.test/ind", "dtti.test/usa"
    assert signers(AGREED) == [[ind, ind, usa], [usa, usa]]
    assert signers(LETTER) == [[ind, ind]]


def test_a_text_is_proved_as_it_was_before_a_later_one(fresh: Pair):
    first = fresh.ind.write("state", OWN, texts=[b"first"], terms={"base": 0})
    second = fresh.ind.write("state", OWN, texts=[b"second"], terms={"base": 1})
    assert proof.check(fresh.ind.prove(OWN)).text == b"second"
    verdict = proof.check(fresh.ind.prove(OWN, act=first.id))
    assert (verdict.faults, verdict.text) == ([], b"first")
    assert proof.check(fresh.ind.prove(OWN, act=second.id)).text == b"second"


def test_an_acknowledgement_past_the_checkpoint_is_not_claimed(fresh: Pair):
    stated = fresh.ind.write("state", OWN, texts=[b"first"], terms={"base": 0})
    fresh.usa.take(fresh.ind)
    fresh.ind.take(fresh.usa)
    before = fresh.ind.notes()
    fresh.usa.acknowledge(stated)
    fresh.ind.take(fresh.usa)
    early, late = (proof.check(prove.make(fresh.ind.book, OWN, notes)) for notes in (before, fresh.ind.notes()))
    assert (early.faults, late.faults) == ([], [])
    assert (early.claim.held, late.claim.held) == (False, True)


def test_a_side_without_a_counterpart_proves_what_it_stated(tmp_path):
    alone = pairs.join(tmp_path / "pair").ind
    solo = pairs.Side(pairs.keyring("IND"), pairs.Store(tmp_path / "solo.sqlite3"), alone.clock)
    pairs.founding(solo, solo.ring)
    grant = {"grant": 1, "kinds": ["all"], "office": solo.office, "since": "2027-01-01T00:00:00Z", "verbs": ["state"]}
    solo.write("power", terms={"grants": [grant]})
    solo.write("state", OWN, texts=[b"a need"], terms={"base": 0})
    verdict = proof.check(solo.prove(OWN))
    assert (verdict.faults, verdict.text) == ([], b"a need")
    assert verdict.constitution != proof.check(_stated(alone)).constitution


def _stated(side: pairs.Side) -> bytes:
    side.write("state", OWN, texts=[b"a need"], terms={"base": 0})
    return side.prove(OWN)


def test_an_erased_text_is_proved_by_its_signatures(fresh: Pair):
    stated = fresh.ind.write("state", OWN, texts=[b"RECOGNISABLE spill"], terms={"base": 0})
    (commitment,) = stated.act.body
    stone = fresh.ind.write("tombstone", rests=[stated.id], terms={"digest": commitment.digest, "reason": "spill"})
    fresh.ind.store.erase(Owner(RELEASED, stated.id), commitment.digest, stone.id)
    verdict = proof.check(fresh.ind.prove(OWN))
    assert (verdict.faults, verdict.text) == ([], None)


def test_a_body_kept_as_national_is_not_in_a_proof(fresh: Pair):
    national = fresh.ind.write("state", OWN, texts=[b"RECOGNISABLE"], ledger=NATIONAL, terms={"base": 0})
    released = fresh.ind.write("state", OWN, body=national.act.body, terms={"base": 0})
    verdict = proof.check(fresh.ind.prove(OWN, act=released.id))
    assert (verdict.faults, verdict.text) == ([], None)


# What cannot be proved from here


def test_nothing_national_is_proved(pair: Pair):
    (placed,) = pair.ind.store.of_record(NATIONAL_NOTE)
    with pytest.raises(ProofError, match=r"rule proof"):
        pair.ind.prove(NATIONAL_NOTE, act=placed.id)


def test_an_act_that_carries_no_text_of_the_record_is_named(pair: Pair):
    with pytest.raises(ProofError, match="has no such text here"):
        pair.ind.prove(AGREED, act=pair.acts[LETTER].id)


def test_a_checkpoint_that_does_not_reach_the_acts_is_named(fresh: Pair):
    notes = fresh.ind.notes()
    stated = fresh.ind.write("state", OWN, texts=[b"late"], terms={"base": 0})
    with pytest.raises(
        ProofError, match=f"covers {stated.act.index} entries, and this rests on entry {stated.act.index}"
    ):
        prove.make(fresh.ind.book, OWN, notes)


def test_a_missing_checkpoint_is_named(pair: Pair):
    notes = {"IND": pair.ind.note()}
    with pytest.raises(ProofError, match="no checkpoint of USA here"):
        prove.make(pair.ind.book, AGREED, notes)


def test_an_open_offer_is_no_text_yet(fresh: Pair):
    fresh.ind.write("propose", AGREED, texts=[b"offer"], terms={"base": 0, "next": "IND", "until": UNTIL})
    with pytest.raises(ProofError, match="has no such text here"):
        fresh.ind.prove(AGREED)


def test_the_mirror_is_proved_from_its_own_leaves(pair: Pair):
    data = pair.usa.prove(OWN)
    (stated,) = pair.usa.store.of_record(OWN)
    assert stated.ledger == MIRROR
    assert canonical.decode(data)["logs"][0]["side"] == "IND"
    assert checkpoint.parse(canonical.decode(data)["logs"][0]["checkpoint"]).size == pair.ind.store.size(RELEASED)
