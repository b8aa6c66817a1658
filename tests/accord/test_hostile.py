"""A custodian who keeps no rule: what his entries are judged to be, and what stops an exchange."""

import base64
import json

import msgspec
import pytest

from dtti.accord import table
from dtti.accord.pair import Strangers
from dtti.accord.replay import State, replay
from dtti.accord.rules import UnknownRules
from dtti.accord.standing import Fork
from dtti.ledger.act import Entry, Seen
from dtti.ledger.act import payload_of as payload
from tests.making import keyring
from tests.simulator.capital import FAR, RULE_SETS, Capital, exchange, office, record
from tests.simulator.hostile import Rogue

TEXT = record()


def rogue_pair(ring: object = None) -> tuple[Capital, Rogue]:
    """India, honest, and a rogue United States; each holds the other's ledger."""
    ind, usa = Capital("IND"), Rogue("USA", ring)  # type: ignore[arg-type]
    for one, other in ((ind, usa), (usa, ind)):
        one.found()
        one.join(other)
        one.grant()
    exchange(ind, usa)
    return ind, usa


def offered(**fields: object) -> tuple[Capital, Rogue, Entry]:
    """An offer by India that the rogue has seen."""
    ind, usa = rogue_pair()
    offer = ind.propose(TEXT, **fields)
    exchange(ind, usa)
    return ind, usa, offer


def judged(*capitals: Capital) -> State:
    """Everything that these have published, judged together."""
    return replay({(one.side, "released"): one.published() for one in capitals}, RULE_SETS)


def void(*capitals: Capital) -> list[tuple[str, int, str]]:
    """Void leaves: side, index, rule."""
    return [(one.side, one.index, one.void.rule) for one in judged(*capitals).void() if one.void]


def refused(author: Capital, entry: Entry) -> str:
    """The rule that voids an entry of `author`."""
    refusal = author.verdict(entry)
    assert refusal is not None
    return refusal.rule


# --- answers


def test_an_acceptance_published_again_is_no_acceptance_of_the_renewed_offer():
    ind, usa, offer = offered()
    answer = usa.accept(TEXT, offer)
    exchange(ind, usa)
    ind.close(TEXT, offer, "agreed", answer)
    again = ind.propose(TEXT, base=1)
    exchange(ind, usa)
    usa.repeat(answer)
    renamed = usa.accept(TEXT, offer)
    exchange(ind, usa)
    assert [(index, rule) for side, index, rule in void(ind, usa) if side == "USA"] == [(4, "place"), (5, "offer")]
    assert refused(ind, ind.close(TEXT, again, "agreed", answer)) == "answer"
    assert refused(ind, ind.close(TEXT, again, "agreed", renamed)) == "answer"
    assert ind.view(TEXT).whole.version == 1


def test_an_acceptance_names_the_act_and_so_no_later_offer_of_the_same_bytes():
    ind, usa, offer = offered()
    ind.withdraw(TEXT, offer)
    ind.propose(TEXT, body=offer.act.body)
    exchange(ind, usa)
    assert refused(usa, usa.accept(TEXT, offer)) == "offer"


def test_an_answer_is_not_withdrawn_by_pretending_not_to_have_given_it():
    _, usa, offer = offered()
    usa.accept(TEXT, offer)
    assert refused(usa, usa.withdraw(TEXT, offer)) == "offer"
    assert refused(usa, usa.send_back(TEXT, offer)) == "answered"


@pytest.mark.parametrize("answer", [None, "0" * 64], ids=["no answer", "an invented one"])
def test_an_offer_is_not_closed_as_agreed_without_an_answer(answer: str | None):
    _, usa = rogue_pair()
    mine = record("USA")
    offer = usa.propose(mine)
    assert refused(usa, usa.write("close", mine, table.Close(offer.id, "agreed", answer))) == "answer"


def test_an_offer_is_not_answered_by_the_side_that_made_it():
    _, usa = rogue_pair()
    mine = record("USA")
    offer = usa.propose(mine, firm=True)
    assert refused(usa, usa.accept(mine, offer)) == "offer"


def test_a_report_is_not_confirmed_by_the_side_that_made_it():
    _, usa = rogue_pair()
    mine = record("USA")
    assert refused(usa, usa.report(mine, confirms=usa.report(mine))) == "confirms"


def test_a_withdrawal_in_ignorance_of_an_acceptance_cannot_be_claimed_after_knowing_it():
    ind, usa = rogue_pair()
    mine = record("USA")
    offer = usa.propose(mine)
    exchange(ind, usa)
    before = usa.act("withdraw", mine).seen
    ind.accept(mine, offer)
    usa.receive(ind)
    usa.comment(mine)
    assert refused(usa, usa.withdraw(mine, offer)) == "answered"
    assert refused(usa, usa.withdraw(mine, offer, seen=before)) == "seen"


def test_a_record_is_not_created_in_the_other_sides_name():
    _, usa = rogue_pair()
    for entry in (usa.draft(TEXT), usa.propose(TEXT), usa.report(TEXT), usa.state_own(record(kind="note"))):
        assert refused(usa, entry) == "unknown-record"


# --- signatures, offices, powers


def test_a_forged_entry_is_void_and_does_not_stop_the_exchange():
    ind, usa = rogue_pair()
    forged = usa.forge("draft", record("USA"))
    usa.append(
        usa.ring.sign(usa.act("draft", record("USA"), seen=Seen("ab" * 32, 99)), [keyring("GBR").private["node"][0]])
    )
    usa.append(usa.ring.sign(usa.act("draft", record("USA"), rules="test_9"), [keyring("GBR").private["node"][0]]))
    assert forged.act.index == 3
    assert void(ind, usa) == [("USA", 3, "signature"), ("USA", 4, "signature"), ("USA", 5, "signature")]


def test_one_key_under_two_ids_is_one_key():
    ring = keyring("USA", node=(2, 3))
    ind, usa = rogue_pair(ring)
    usa.sign_under_two_ids("draft", record("USA"))
    usa.draft(record("USA"))
    assert void(ind, usa) == [("USA", 3, "signature")]


def test_the_side_of_an_entry_is_the_side_of_its_ledger():
    ind, usa = rogue_pair()
    usa.draft(TEXT, side="IND")
    usa.repeat(ind.draft(TEXT))
    assert void(ind, usa) == [("USA", 3, "place"), ("USA", 4, "place")]


def test_an_office_writes_what_its_power_says_while_it_says_so():
    _, usa = rogue_pair()
    mine, envoy = record("USA"), office("USA", "envoysea")
    usa.grant(2, office=envoy, verbs=["draft"], kinds=["text"], since=usa.ahead(1), until=usa.ahead(2))
    assert refused(usa, usa.draft(mine, office=envoy)) == "power"  # too early
    usa.wait(1.5)
    assert usa.verdict(usa.draft(mine, office=envoy)) is None
    assert refused(usa, usa.comment(mine, office=envoy)) == "power"  # another verb
    assert refused(usa, usa.draft(record("USA", kind="note"), office=envoy)) == "power"  # another kind
    assert refused(usa, usa.draft(mine, office=office("USA", "nobodyyy"))) == "power"
    assert refused(usa, usa.draft(mine, office=office("IND"))) == "power"
    assert refused(usa, usa.draft(mine, office=record("USA"))) == "power"
    assert refused(usa, usa.draft(mine, office="")) == "power"
    usa.wait(1)
    assert refused(usa, usa.draft(mine, office=envoy)) == "power"  # expired


def test_a_power_that_was_ended_is_ended_from_there_on():
    _, usa = rogue_pair()
    before = usa.draft(record("USA"))
    usa.write("power", terms=table.Power([1], []))
    after = usa.draft(record("USA"))
    assert usa.verdict(before) is None
    assert refused(usa, after) == "power"


def test_a_power_is_not_given_to_the_other_sides_office():
    _, usa = rogue_pair()
    assert refused(usa, usa.grant(2, office=office("IND"))) == "grant"


# --- the shape of an entry


def test_more_bodies_than_any_act_carries_make_no_act():
    ind, usa = rogue_pair()
    sound = usa.draft(record("USA"))
    body = msgspec.to_builtins(sound.act.body) * 18
    forged = json.loads(payload(sound.act)) | {"body": body}
    envelope = json.loads(sound.leaf)
    envelope["payload"] = base64.b64encode(msgspec.json.encode(forged, order="sorted")).decode()
    usa.put(msgspec.json.encode(envelope))
    usa.put(b"\xff" * 100)
    usa.put(b"")
    assert [(index, rule) for _, index, rule in void(ind, usa)] == [
        (4, "act-fields"),
        (5, "envelope-fields"),
        (6, "envelope-fields"),
    ]
    judged_last = judged(ind, usa).judged["USA", "released"][-1]
    assert (judged_last.id, judged_last.verb, judged_last.record) == ("", "", "")


@pytest.mark.parametrize(
    "terms",
    [
        {"base": "0"},
        {"base": -1},
        {"base": 0, "next": "USA", "until": FAR, "haste": True},
        {"base": 0, "next": "usa", "until": FAR},
        {"base": 0, "next": "USA", "until": "tomorrow"},
        {"base": 0, "next": "USA", "until": "2999-02-30T00:00:00Z"},
        {"base": 0, "next": "USA", "until": "2999-13-01T00:00:00Z"},
    ],
)
def test_malformed_fields_are_void_and_never_a_halt(terms: dict[str, object]):
    ind, usa = rogue_pair()
    usa.write("propose", record("USA"), terms)
    assert void(ind, usa) == [("USA", 3, "terms")]


def test_a_power_from_a_day_that_is_none_is_void():
    ind, usa = rogue_pair()
    usa.grant(2, since="2027-02-29T00:00:00Z")
    assert void(ind, usa) == [("USA", 3, "terms")]


# --- clocks and citations


def test_claimed_time_never_runs_back_and_a_void_claim_moves_nothing():
    ind, usa = rogue_pair()
    mine = record("USA")
    usa.forge("draft", mine)
    forged_ahead = usa.write("draft", mine, time=FAR, office=office("USA", "nobodyyy"))
    assert refused(usa, forged_ahead) == "power"
    assert usa.verdict(usa.draft(mine)) is None
    usa.wait(-2)
    assert refused(usa, usa.draft(mine)) == "time"
    assert void(ind, usa)[-1] == ("USA", 6, "time")


def test_what_was_seen_never_shrinks():
    ind, usa = rogue_pair()
    usa.draft(record("USA"))
    for size in (0, 2):
        usa.receive(ind, size)
        usa.comment(record("USA"))
    assert void(ind, usa) == [("USA", 4, "seen"), ("USA", 5, "seen")]


def test_resting_on_an_act_that_was_never_published_is_void():
    ind, usa = rogue_pair()
    kept = ind.draft(TEXT, ledger="national")
    unseen = ind.draft(TEXT)
    mine = record("USA")
    for cited in ("ab" * 32, kept.id, unseen.id):
        assert refused(usa, usa.draft(mine, rests=[cited])) == "evidence"
    exchange(ind, usa)
    assert usa.verdict(usa.draft(mine, rests=[unseen.id])) is None
    assert void(ind, usa) == [("USA", index, "evidence") for index in (3, 4, 5)]  # also now that it is known


def test_evidence_that_came_later_is_no_evidence_though_it_is_here_now():
    ind, usa = rogue_pair()
    later = usa.draft(record("USA"))
    ind.draft(TEXT, rests=[later.id])
    assert void(ind, usa) == [("IND", 3, "evidence")]


def test_a_released_act_does_not_rest_on_what_was_kept():
    ind, usa = rogue_pair()
    kept = ind.draft(TEXT, ledger="national")
    assert refused(ind, ind.draft(TEXT, rests=[kept.id])) == "evidence"
    exchange(ind, usa)
    (there,) = [one.void for one in usa.state().judged["IND", "released"] if one.void]
    (here,) = [one.void for one in ind.state().judged["IND", "released"] if one.void]
    assert here == there


@pytest.mark.parametrize("more", [0, 1, 1000])
def test_citing_what_was_never_published_is_a_fork(more: int):
    ind, usa = rogue_pair()
    usa.draft(record("USA"))
    usa.cite_unpublished("comment", record("USA"), more)
    with pytest.raises(Fork) as fork:
        judged(ind, usa)
    assert (fork.value.where, fork.value.size, fork.value.cited) == ("USA released entry 4", 3 + more, "ab" * 32)
    assert fork.value.ours == (ind.roots[3] if more == 0 else None)


def test_two_ledgers_that_wait_for_each_other_are_a_fork_and_not_a_halt_without_a_word():
    ind, usa = rogue_pair()
    usa.cite_unpublished("draft", record("USA"), 2)  # it claims two entries more, and another root
    ind.receive(usa)
    ind.draft(TEXT)
    ind.comment(TEXT)
    with pytest.raises(Fork) as fork:
        judged(ind, usa)
    assert (fork.value.where, fork.value.ours) == ("USA released entry 3", ind.roots[5])


def test_two_histories_are_found_when_either_is_cited():
    ind, usa = rogue_pair()
    twin = usa.fork()
    usa.draft(record("USA"))
    twin.draft(record("USA", "bbbbbbbb"))
    ind.receive(usa)
    ind.draft(TEXT)
    assert void(ind, usa) == []
    with pytest.raises(Fork) as fork:
        judged(ind, twin)
    assert (fork.value.where, fork.value.size, fork.value.ours) == ("IND released entry 3", 4, twin.roots[4])


def test_a_ledger_shorter_than_what_was_seen_of_it_is_a_fork():
    ind, usa = rogue_pair()
    usa.draft(record("USA"))
    ind.receive(usa)
    ind.draft(TEXT)
    usa.truncate(3)
    with pytest.raises(Fork) as fork:
        judged(ind, usa)
    assert (fork.value.size, fork.value.ours) == (4, None)


def test_entries_in_another_order_stand_at_no_place():
    ind, usa = rogue_pair()
    for _ in range(3):
        usa.draft(record("USA"))
    usa.reorder(3, 4)
    assert void(ind, usa) == [("USA", 3, "place"), ("USA", 4, "place"), ("USA", 5, "place")]


def test_an_entry_left_out_leaves_those_after_it_without_a_place():
    ind, usa = rogue_pair()
    for _ in range(3):
        usa.draft(record("USA"))
    usa.relay([*usa.leaves[:3], *usa.leaves[4:]])
    assert void(ind, usa) == [("USA", 3, "place"), ("USA", 4, "place")]


# --- what halts


def test_an_unknown_rule_set_halts_replay_and_says_to_upgrade():
    ind, usa = rogue_pair()
    usa.draft(record("USA"), rules="test_9")
    with pytest.raises(UnknownRules, match="Upgrade this installation first") as halt:
        judged(ind, usa)
    assert (halt.value.name, halt.value.where) == ("test_9", "USA released entry 3")


def test_a_founding_under_an_unknown_rule_set_halts_replay():
    ind, usa = Capital("IND"), Rogue("USA")
    usa.append(
        usa.ring.sign(
            usa.act(verb="found", terms={"parties": [msgspec.to_builtins(usa.ring.party())], "rule_sets": ["dtti_1"]})
        )
    )
    ind.found()
    parties = [msgspec.to_builtins(one.ring.party()) for one in (ind, usa)]
    usa.write("found", terms={"parties": parties, "rule_sets": ["dtti_1", "test_9"]})
    with pytest.raises(UnknownRules) as halt:
        judged(ind, usa)
    assert halt.value.name == "test_9"


# --- who the other side is


def test_a_ledger_of_another_side_than_the_one_that_was_joined_is_refused():
    ind, _ = rogue_pair()
    gbr = Capital("GBR")
    gbr.found()
    with pytest.raises(Strangers, match="IND joined IND and USA; the ledger here is of GBR"):
        judged(ind, gbr)


def test_a_ledger_founded_with_other_keys_is_not_the_counterparts():
    ind, _ = rogue_pair()
    impostor = Rogue("USA", keyring("USA", generation=9))
    impostor.found()
    impostor.join(ind)
    impostor.grant()
    impostor.receive(ind)
    with pytest.raises(Strangers, match="IND joined a USA of other keys or another log than the ledger here"):
        judged(ind, impostor)


def test_two_foundings_that_name_different_constitutions_are_refused():
    ind, usa = Capital("IND"), Rogue("USA")
    ind.found()
    usa.found()
    ind.join(usa)
    parties = [msgspec.to_builtins(one.ring.party()) for one in (ind, usa)]
    usa.write("found", terms={"parties": parties, "rule_sets": ["dtti_1", "test_2"]})
    with pytest.raises(Strangers, match="two different constitutions"):
        judged(ind, usa)
