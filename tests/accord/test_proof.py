"""Proof files: what they say, that nothing in them is taken on trust, and where they are wrong."""

from collections.abc import Iterator

import pytest

from dtti.accord import proof
from dtti.accord.claim import Claim
from dtti.accord.standing import constitution
from dtti.accord.table import Found, read_terms
from dtti.ledger import act as acts
from dtti.ledger import canonical
from dtti.ledger.store import RELEASED
from dtti.ledger.verify import Fault
from tests.readers import pair as pairs
from tests.readers.bad_proofs import bad_proofs, by_hand, proof_of
from tests.readers.pair import AGREED, COUNTER, FIRM, GRADES, LATER, LETTER, OWN, PAPER, PUBLISHED, Pair
from tests.readers.spoil import changed, respell

BOTH = ["IND", "USA"]
TEXTS = {
    AGREED: "सफलता की परिभाषा: agreed text",
    FIRM: "firm text",
    COUNTER: "counter text",
    LATER: "text by the new keys",
    PAPER: "text on paper",
    LETTER: "text of a letter",
    PUBLISHED: "compiled from public sources",
    OWN: "a need",
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def agreed(pair: Pair) -> str:
    """The constitution that the two sides of the pair joined by, from India's own ledger."""
    act = acts.open_leaf(pair.ind.store.leaf(RELEASED, 1)).act
    terms = read_terms("found", act.terms)
    assert isinstance(terms, Found)
    return constitution(act, terms)


@pytest.mark.parametrize("record", GRADES)
def test_a_proof_of_every_grade_is_good_and_says_whose_text_it_is(pair: Pair, record: str):
    verdict = proof.check(pair.ind.prove(record), expected=agreed(pair))
    assert verdict.faults == []
    sides = BOTH if GRADES[record] in ("agreed_here", "on_paper") else ["IND"]
    held = GRADES[record] == "agreed_here"
    assert verdict.claim == Claim(pair.acts[record].id, "exercise", GRADES[record], held, "dtti", record, sides)
    assert (verdict.text or b"").decode() == TEXTS[record]
    assert verdict.constitution == agreed(pair)


@pytest.mark.parametrize("record", GRADES)
def test_both_sides_make_proofs_of_the_same_claim(pair: Pair, record: str):
    here, there = proof.check(pair.ind.prove(record)), proof.check(pair.usa.prove(record))
    assert (here.faults, there.faults) == ([], [])
    assert (here.claim, here.text, here.constitution) == (there.claim, there.text, there.constitution)


@pytest.mark.parametrize("record", GRADES)
def test_a_proof_without_its_text_shows_signatures_alone(pair: Pair, record: str):
    data = pair.ind.prove(record, bodies=False)
    verdict = proof.check(data)
    assert (verdict.faults, verdict.text) == ([], None)
    assert TEXTS[record].encode() not in data


def test_the_sentence_says_programme_record_sides_acknowledgement_and_sizes(pair: Pair):
    sizes = f"IND {pair.ind.store.size(RELEASED)}, USA {pair.usa.store.size(RELEASED)}"
    assert proof.check(pair.ind.prove(AGREED)).says == (
        f"dtti (exercise), record {AGREED}: IND and USA agreed this text here. The other side acknowledged receipt. "
        f"As of ledger sizes {sizes}; later changes are not shown."
    )
    assert proof.check(pair.ind.prove(LETTER)).says == (
        f"dtti (exercise), record {LETTER}: IND recorded this text; it is that side's account alone. "
        f"No receipt by the other side is shown. "
        f"As of ledger sizes IND {pair.ind.store.size(RELEASED)}; later changes are not shown."
    )


def test_a_proof_rests_on_the_constitution_that_its_reader_knows(pair: Pair):
    verdict = proof.check(pair.ind.prove(AGREED), expected="0" * 64)
    assert verdict.faults == [Fault("constitution", "constitution", f"it is {agreed(pair)}, not {'0' * 64}")]


def test_a_bad_proof_says_nothing(pair: Pair):
    verdict = proof.check(respell(pair.ind.prove(AGREED), lambda value: value["claim"].update(held=False)))
    assert (verdict.good, verdict.says, verdict.claim, verdict.text, verdict.constitution) == (
        False,
        "",
        None,
        None,
        "",
    )


@pytest.mark.parametrize("record", [AGREED, FIRM, COUNTER, PAPER, LETTER, OWN])
def test_each_of_a_hundred_changed_bytes_is_found_and_placed(pair: Pair, record: str):
    unseen = []
    for place, spoiled in changed(pair.ind.prove(record), 100, seed=len(record)):
        faults = proof.check(spoiled).faults
        if len(faults) != 1 or not faults[0].where or not faults[0].rule:
            unseen.append(place)
    assert unseen == []


def test_every_byte_of_the_claim_is_checked(pair: Pair):
    data = pair.ind.prove(AGREED, bodies=False)
    start, end = data.index(b'"claim"'), data.index(b'"entries"')
    assert end - start > 200
    places = range(start, end)
    assert [at for at in places if proof.check(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]).good] == []


def test_a_byte_that_breaks_the_form_is_placed_by_its_number(pair: Pair):
    data = pair.ind.prove(AGREED)
    place = data.index(b',"says"')
    (fault,) = proof.check(data[:place] + b";" + data[place + 1 :]).faults
    assert (fault.where, fault.rule) == (f"file byte {place}", "profile-json")


def test_every_truncation_is_found(pair: Pair):
    data = pair.ind.prove(OWN)
    assert [end for end in range(0, len(data), 53) if proof.check(data[:end]).good] == []


def test_what_is_wrong_is_named_with_its_place_and_rule(pair: Pair):
    bad = bad_proofs(pair)
    found = {name: [(one.where, one.rule) for one in proof.check(data).faults] for name, (data, _, _) in bad.items()}
    assert found == {name: [(where, rule)] for name, (_, where, rule) in bad.items()}


def test_an_agreement_written_by_hand_with_the_same_keys_is_good():
    # Without it the forgeries among the bad proofs might be refused for another reason than theirs.
    _, _, data = by_hand()
    verdict = proof.check(data)
    assert (verdict.faults, verdict.claim and verdict.claim.grade) == ([], "agreed_here")


def test_one_side_alone_agrees_nothing():
    logs, parts, _ = by_hand()
    alone = [entry for entry in parts if entry.act.side == "IND"]
    foundings = [acts.open_leaf(leaf) for leaf in logs["IND"].leaves[:2]]
    (fault,) = proof.check(proof_of(logs, [*foundings, *alone], parts[0], "agreed_here")).faults
    assert (fault.where, fault.rule) == ("claim", "claim")


def test_a_confirmation_does_not_confirm_its_own_text(pair: Pair):
    report = next(text for text in pair.usa.book.view(PAPER).texts if text.side == "USA")
    verdict = proof.check(pair.usa.prove(PAPER, act=report.act))
    assert verdict.faults == []
    assert verdict.claim is not None
    assert (verdict.claim.grade, verdict.claim.sides) == ("recorded", ["USA"])


def test_the_file_is_one_canonical_value(pair: Pair):
    data = pair.ind.prove(AGREED)
    value = canonical.decode(data)
    assert canonical.encode(value) == data
    assert sorted(value) == ["bodies", "claim", "entries", "format", "logs", "says"]
    assert [(one["side"], one["index"]) for one in value["entries"]] == sorted(
        (one["side"], one["index"]) for one in value["entries"]
    )


def test_receipt_of_one_sides_account_is_never_worded_as_agreement(tmp_path):
    made = pairs.join(tmp_path)
    stated = made.ind.write("state", OWN, texts=[b"a need"], terms={"base": 0})
    made.usa.take(made.ind)
    made.usa.acknowledge(stated)
    made.ind.take(made.usa)
    verdict = proof.check(made.ind.prove(OWN))
    assert verdict.faults == []
    assert verdict.claim is not None
    assert (verdict.claim.held, verdict.claim.sides) == (True, ["IND"])
    assert (
        "IND stated this version of its own record. The other side acknowledged receipt, which is not agreement."
        in verdict.says
    )
    made.close()
