"""Replay from nothing, judging leaf by leaf, and any delivery order: one reading. Key lists, times and the past."""

from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord import table
from dtti.accord.authority import EMPTY_ROOT, GOVERNING, Authority
from dtti.accord.pair import Strangers
from dtti.accord.refusal import Refusal
from dtti.accord.replay import State, replay
from dtti.accord.rules import UnknownRules
from dtti.accord.standing import Fork, Outlook, Where, constitution
from dtti.ledger.act import Act, Entry, MalformedLeaf, Seen, open_leaf
from tests.making import keyring, rotate
from tests.simulator.capital import RULE_SETS, Capital, alone, exchange, office, pair, record
from tests.simulator.hostile import Rogue

TEXT, NOTE = record(), record(kind="note")


def played(seed: int) -> tuple[Capital, Rogue]:
    """Two capitals after some acts, of which the second's are anything at all, and a rotation of keys."""
    random = Random(seed)
    ind, usa = pair()
    rogue = Rogue("USA", usa.ring)
    rogue.__dict__.update(usa.__dict__)
    offer = ind.propose(TEXT, firm=random.random() < 0.5)
    for number in range(14):
        if number == 6:
            ind.rotate()
        if random.random() < 0.4:
            exchange(ind, rogue)
        named = [entry.id for entry in map(open_leaf, (*rogue.leaves, *rogue.held))]
        rogue.anything(random.choice([TEXT, NOTE, record("PUB")]), [*named[-6:], offer.id], random)
        random.choice([ind.draft, ind.comment])(random.choice([TEXT, record(code="bbbbbbbb")]))
    return ind, rogue


# --- one reading, however it is come by


@settings(max_examples=15)
@given(seed=st.integers(0, 2**32))
def test_judging_leaf_by_leaf_in_any_order_equals_replaying_from_nothing(seed: int):
    ind, usa = played(seed)
    state = replay({(one.side, "released"): one.published() for one in (ind, usa)}, RULE_SETS)
    random = Random(seed + 1)
    ledgers = {"IND": ind, "USA": usa}
    authorities = {side: Authority(side, "released", RULE_SETS) for side in ledgers}
    found: dict[str, Where] = {}
    sound: dict[str, Act] = {}
    verdicts: dict[str, list[Refusal | None]] = {"IND": [], "USA": []}
    while any(authorities[side].size < len(one.leaves) for side, one in ledgers.items()):
        side = random.choice(["IND", "USA"])
        other = "USA" if side == "IND" else "IND"
        authority = authorities[side]
        if authority.size == len(ledgers[side].leaves):
            continue
        leaf = ledgers[side].leaves[authority.size]
        if _seen(leaf) > authorities[other].size:
            continue
        roots = ledgers[other].roots
        outlook = Outlook(lambda size, roots=roots: roots[size] if size < len(roots) else None, found.get, sound.get)
        trial = authority.copy()
        entry, refusal = authority.judge(leaf, outlook)
        assert trial.judge(leaf, outlook) == (entry, refusal)
        assert trial.__dict__ == authority.__dict__
        verdicts[side].append(refusal)
        if entry and refusal is None:
            found.setdefault(entry.id, (side, "released", entry.act.index))
            sound.setdefault(entry.id, entry.act)
    for side, authority in authorities.items():
        assert authority.__dict__ == state.authorities[side, "released"].__dict__
        void_on_record = {act: why for folded in state.records.values() for act, why in folded.void.items()}
        assert verdicts[side] == [
            None if one.void and one.void == void_on_record.get(one.id) else one.void
            for one in state.judged[side, "released"]
        ]


def _seen(leaf: bytes) -> int:
    return open_leaf(leaf).act.seen.size


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32))
def test_an_authority_that_is_resumed_stands_where_it_stood(seed: int):
    ind, usa = played(seed)
    state = replay({(one.side, "released"): one.published() for one in (ind, usa)}, RULE_SETS)
    for one in (ind, usa):
        stood = state.authorities[one.side, "released"]
        sound = [
            open_leaf(one.leaves[judged.index])
            for judged in state.judged[one.side, "released"]
            if judged.void is None or judged.void.rule not in table.GENERAL
        ]
        resumed = Authority(one.side, "released", RULE_SETS)
        governing = [entry for entry in sound if entry.act.verb in GOVERNING]
        resumed.resume(governing, len(one.leaves), one.leaves[-1], sound[-1])
        assert resumed.__dict__ == stood.__dict__


@settings(max_examples=10)
@given(seed=st.integers(0, 2**32), data=st.data())
def test_no_byte_of_a_ledger_changes_unseen(seed: int, data: st.DataObject):
    ind, usa = played(seed)
    state = replay({(one.side, "released"): one.published() for one in (ind, usa)}, RULE_SETS)
    spoilt = data.draw(st.sampled_from([ind, usa])).copy()
    index = data.draw(st.integers(0, len(spoilt.leaves) - 1))
    leaf = bytearray(spoilt.leaves[index])
    leaf[data.draw(st.integers(0, len(leaf) - 1))] ^= data.draw(st.integers(1, 255))
    spoilt.leaves[index] = bytes(leaf)
    facing = usa if spoilt.side == "IND" else ind
    try:
        after = replay({(one.side, "released"): one.published() for one in (spoilt, facing)}, RULE_SETS)
    except (Fork, Strangers, UnknownRules):
        return
    changed = [
        new.index
        for old, new in zip(state.judged[spoilt.side, "released"], after.judged[spoilt.side, "released"], strict=True)
        if old != new
    ]
    assert changed[0] == index
    assert after.judged[spoilt.side, "released"][index].void is not None


def test_a_verdict_never_depends_on_what_comes_later():
    ind, usa = pair()
    offer = ind.propose(TEXT, days=5)
    exchange(ind, usa)
    usa.accept(TEXT, offer)
    usa.withdraw(TEXT, offer)
    ind.wait(6)
    ind.close(TEXT, offer, "lapsed")
    ind.close(TEXT, offer, "lapsed")
    whole = replay({(one.side, "released"): one.published() for one in (ind, usa)}, RULE_SETS)
    assert [one.void.rule if one.void else "" for one in whole.judged["IND", "released"][3:]] == ["", "", "offer"]
    assert [one.void.rule if one.void else "" for one in whole.judged["USA", "released"][3:]] == ["", "offer"]
    for here in range(3, 7):
        for there in range(3, 6):
            if there > 3 and here < 4:
                continue  # not causally closed: the answer had seen the offer
            ledgers = {("IND", "released"): ind.published(here), ("USA", "released"): usa.published(there)}
            part = replay(ledgers, RULE_SETS)
            assert part.judged["IND", "released"] == whole.judged["IND", "released"][:here]
            assert part.judged["USA", "released"] == whole.judged["USA", "released"][:there]


# --- keys


def test_position_decides_which_keys_were_good():
    ind, usa = pair()
    old = ind.ring
    before = ind.draft(TEXT)
    ind.rotate()
    late = ind.comment(TEXT, by=old.signers("node"))
    after = ind.comment(TEXT)
    assert [ind.verdict(entry) is None for entry in (before, late, after)] == [True, False, True]
    refusal = ind.verdict(late)
    assert refusal is not None
    assert refusal.rule == "signature"
    assert usa.other == "IND"


def test_national_acts_are_judged_by_what_was_in_force_when_they_were_written():
    ind, _ = pair()
    old = ind.ring
    ind.draft(TEXT)
    before = ind.comment(TEXT, ledger="national")
    ind.wait(1)
    ind.rotate()
    ind.write("power", terms=table.Power([1], []))
    late = ind.comment(TEXT, ledger="national", by=old.signers("node"))
    powerless = ind.comment(TEXT, ledger="national")
    assert ind.verdict(before) is None
    for entry, rule in ((late, "signature"), (powerless, "power")):
        refusal = ind.verdict(entry)
        assert refusal is not None
        assert refusal.rule == rule


def test_a_national_act_of_the_second_in_which_keys_changed_may_be_signed_by_either():
    ind, _ = pair()
    ind.draft(TEXT)
    moment, old = ind.time, ind.ring
    by_old = ind.comment(TEXT, ledger="national", time=moment)
    ind.rotate(time=moment)
    by_new = ind.comment(TEXT, ledger="national", time=moment)
    by_stranger = ind.comment(TEXT, ledger="national", time=moment, by=keyring("USA").signers("node"))
    assert [ind.verdict(entry) is None for entry in (by_old, by_new, by_stranger)] == [True, True, False]
    assert ind.ring is not old


def test_key_lists_follow_each_other_by_old_and_new_root_keys():
    ind, _ = pair()
    ind.rotate(2)
    ind.rotate(3)
    standing = ind.state().authorities["IND", "released"].standing()
    assert standing is not None
    assert standing.keys == keyring("IND", generation=3).key_list(3)
    skipped = keyring("IND", generation=5)
    both = [*ind.ring.signers("root"), *skipped.signers("root")]
    refusal = ind.verdict(ind.append(ind.ring.sign(ind.act(**rotate(skipped, 5)), both)))
    assert refusal is not None
    assert refusal.rule == "key-version"


def test_what_governs_a_ledger_is_known_for_every_position_of_it():
    ind = alone()
    ind.rotate()
    authority = ind.state().authorities["IND", "released"]
    standings = [authority.standing(index) for index in range(5)]
    assert [(one.since, one.keys.version, sorted(one.grants)) if one else None for one in standings] == [
        None,
        (1, 1, []),
        (2, 1, [1]),
        (3, 2, [1]),
        (3, 2, [1]),
    ]


# --- founding


@pytest.mark.parametrize(
    "fields",
    [
        {"role": "node"},
        {"seen": Seen("ab" * 32, 0)},
        {"seen": Seen(EMPTY_ROOT, 1)},
        {"record": TEXT},
        {"office": office("IND")},
        {"rules": "test_2"},
        {"texts": 1, "body": None},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_a_founding_is_made_in_one_way_only(fields: dict[str, object]):
    made = Capital("IND")
    sound = made.copy().found().act
    if "texts" in fields:
        fields = {"body": made.act("comment", texts=1).body}
    terms = {"terms": sound.terms, "verb": "found"}
    made.append(made.ring.sign(made.act(**terms | {"texts": 0} | fields)))
    (judged,) = replay({("IND", "released"): made.published()}, RULE_SETS).judged["IND", "released"]
    assert judged.void is not None
    assert judged.void.rule == "founding"


def test_nothing_is_valid_before_a_founding():
    ind = Capital("IND")
    ind.draft(TEXT)
    ind.found()
    ind.grant()
    judged = replay({("IND", "released"): ind.published()}, RULE_SETS).judged["IND", "released"]
    assert [one.void.rule if one.void else "" for one in judged] == ["founding", "", ""]


def test_both_sides_compute_one_constitution():
    ind, usa = pair()
    digests = set()
    for one in (ind, usa):
        act = open_leaf(one.leaves[1]).act
        terms = table.read_terms("found", act.terms)
        assert isinstance(terms, table.Found)
        digests.add(constitution(act, terms))
    assert len(digests) == 1
    (digest,) = digests
    assert len(digest) == 64


# --- the past


def known(one: Capital, time: str) -> State:
    return replay(one.ledgers(), RULE_SETS, known=time)


def test_a_record_is_shown_as_it_was_known_at_a_time():
    ind, usa = pair()
    offer = ind.propose(TEXT)
    exchange(ind, usa)
    usa.wait(1)
    answer = usa.accept(TEXT, offer)
    exchange(ind, usa)
    ind.wait(2)
    ind.close(TEXT, offer, "agreed", answer)
    exchange(ind, usa)
    states = [known(ind, time).records[TEXT].whole for time in (offer.act.time, answer.act.time, ind.time)]
    assert [(view.version, view.offer.answer if view.offer else None) for view in states] == [
        (0, ""),
        (0, answer.id),
        (1, None),
    ]


def test_no_verdict_changes_with_the_time_at_which_one_asks():
    ind, usa = pair()
    ind.wait(5)  # India's clock is ahead
    offer = ind.propose(TEXT)
    exchange(ind, usa)
    answer = usa.accept(TEXT, offer)  # claimed before what it answers
    ind.receive(usa)
    assert answer.act.time < offer.act.time
    state = known(ind, answer.act.time)
    assert state.void() == []
    assert state.judged == ind.state().judged
    whole = state.records[TEXT].whole
    assert (whole.exists, whole.offer, whole.overtaken) == (False, None, {})  # an answer is not known before its offer


def test_national_acts_are_known_at_their_time():
    ind, _ = pair()
    kept = ind.state_own(NOTE, ledger="national")
    ind.wait(1)
    ind.state_own(NOTE, 1, ledger="national")
    record_then = known(ind, kept.act.time).records[NOTE].national
    assert record_then is not None
    assert [text.number for text in record_then.texts] == [1]


# --- what is taken in


def test_malformed_leaves_are_void_where_they_stand_and_later_ones_stand_on_them():
    ind, usa = pair()
    rogue = Rogue("USA", usa.ring)
    rogue.__dict__.update(usa.__dict__)
    sound = rogue.draft(record("USA"))
    rogue.garble(sound)
    after = rogue.comment(record("USA"))
    with pytest.raises(MalformedLeaf):
        open_leaf(rogue.leaves[4])
    state = replay({("IND", "released"): ind.published(), ("USA", "released"): rogue.published()}, RULE_SETS)
    assert [one.index for one in state.void()] == [4]
    assert state.judged["USA", "released"][5].id == after.id


def test_examining_an_act_changes_nothing_and_foretells_its_verdict():
    ind, _ = pair()
    authority = ind.state().authorities["IND", "released"]
    before = dict(authority.__dict__)
    outlook = Outlook(lambda size: ind.held_root if size == 3 else EMPTY_ROOT if not size else None, {}.get, {}.get)
    sound, spoilt = (
        ind.ring.sign(ind.act("draft", TEXT)),
        ind.ring.sign(ind.act("draft", TEXT, environment="live")),
    )
    refusal = authority.examine(spoilt, outlook)
    assert authority.examine(sound, outlook) is None
    assert refusal is not None
    assert refusal.rule == "programme"
    assert authority.__dict__ == before


def test_a_replay_that_does_not_check_signatures_reads_sound_ledgers_alike():
    ind, usa = pair()
    ind.draft(TEXT)
    exchange(ind, usa)
    assert replay(ind.ledgers(), RULE_SETS, verify=False).judged == ind.state().judged


def test_an_acknowledgement_a_release_and_a_tombstone_name_what_they_may():
    ind, usa = pair()
    kept, told = ind.draft(TEXT, ledger="national"), ind.draft(TEXT)
    exchange(ind, usa)
    digest = told.act.body[0].digest
    good: list[tuple[Capital, Entry]] = [
        (usa, usa.write("acknowledge", terms=table.Acknowledge([table.Held(told.id, TEXT, digest)]))),
        (ind, ind.write("release", TEXT, table.Release("stated", [told.id]), ledger="national", rests=[kept.id])),
        (ind, ind.write("tombstone", terms=table.Tombstone(digest, "court"), rests=[told.id])),
        (ind, ind.write("anchor", terms=table.Anchor("0" * 64))),
        (ind, ind.write("loss", terms=table.Loss(5, 3))),
    ]
    assert [one.verdict(entry) for one, entry in good] == [None] * 5
    unnamed = ind.write("tombstone", terms=table.Tombstone("0" * 64, "court"), rests=[told.id])
    refusal = ind.verdict(unnamed)
    assert refusal is not None
    assert refusal.rule == "tombstone"


@pytest.mark.parametrize("wrong", [{"record": record("USA")}, {"digest": "0" * 64}, {"digest": None}])
def test_an_acknowledgement_names_record_and_text_as_the_act_has_them(wrong: dict[str, str | None]):
    ind, usa = pair()
    told = ind.draft(TEXT)
    exchange(ind, usa)
    held = msgspec.structs.replace(table.Held(told.id, TEXT, told.act.body[0].digest), **wrong)
    refusal = usa.verdict(usa.write("acknowledge", terms=table.Acknowledge([held])))
    assert refusal is not None
    assert refusal.rule == "acknowledge"
    assert refusal.reason == f"act {told.id[:16]} is on another record, or carries another text"
