"""Every rule of the table of acts voids what breaks it: one case for each verb and rule, and for each general rule."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from dtti.accord import table
from dtti.accord.replay import State, replay
from dtti.ledger.act import Entry
from tests.making import found, keyring, private_key, rotate
from tests.simulator.capital import LATER_RULES, RULE_SETS, Capital, alone, exchange, office, pair, record

TEXT, NOTE = record(), record(kind="note")
Breach = Callable[[], tuple[list[Capital], Entry]]
CASES: dict[tuple[str, str], Breach] = {}


def breach(*names: tuple[str, str]) -> Callable[[Breach], Breach]:
    """Register a case: it gives the capitals whose ledgers are to be judged, and the one act that breaks the rule."""

    def register(case: Breach) -> Breach:
        for name in names:
            assert name not in CASES, f"{name} has two cases"
            CASES[name] = case
        return case

    return register


def judged(capitals: list[Capital]) -> State:
    """Everything that these capitals wrote, judged together."""
    ledgers = {(one.side, "released"): one.published() for one in capitals}
    return replay(ledgers | {(one.side, "national"): one.national for one in capitals if one.national}, RULE_SETS)


def expected() -> list[tuple[str, str]]:
    return [("any", rule) for rule in table.GENERAL] + [(row.verb, rule) for row in table.ROWS for rule in row.voids]


@pytest.mark.parametrize(("verb", "rule"), expected())
def test_the_rule_voids_what_breaks_it_and_nothing_else(verb: str, rule: str):
    capitals, broken = CASES[verb, rule]()
    assert [(one.id, one.void.rule) for one in judged(capitals).void() if one.void] == [(broken.id, rule)]
    assert verb in ("any", broken.act.verb)


def test_no_case_stands_for_a_rule_that_the_table_does_not_name():
    assert sorted(CASES) == sorted(expected())


@pytest.mark.parametrize(("verb", "rule"), expected())
def test_each_refusal_says_reason_and_remedy_in_one_line(verb: str, rule: str):
    (refusal,) = [one.void for one in judged(CASES[verb, rule]()[0]).void() if one.void]
    assert re.fullmatch(r"[^\n]*[^\n.]", refusal.reason)
    assert re.fullmatch(r"[A-Z][^\n]*\.", refusal.remedy)
    assert str(refusal) == f"{refusal.reason} (rule {rule}). {refusal.remedy}"


# --- any act


@breach(("any", "place"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, index=99)


@breach(("any", "programme"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, environment="live")


@breach(("any", "rules"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, rules=LATER_RULES.name)


@breach(("any", "verb"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.write("decree", TEXT, office=office("IND"))


@breach(("any", "terms"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, terms={"haste": 1})


@breach(("any", "role"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, role="power")


@breach(("any", "signature"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, by=[private_key("a stranger")])


@breach(("any", "time"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    ind.wait(-1)
    return [ind, usa], ind.draft(TEXT)


@breach(("any", "seen"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    ind.draft(TEXT)
    ind.receive(usa, 1)
    return [ind, usa], ind.comment(TEXT)


@breach(("any", "power"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, office=office("IND", "stranger"))


@breach(("any", "kind"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(record(kind="rumour"))


@breach(("any", "evidence"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.draft(TEXT, rests=["0" * 64])


@breach(("any", "bodies"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.write("anchor", terms=table.Anchor("0" * 64), texts=17)


@breach(("any", "record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.write("anchor", TEXT, terms=table.Anchor("0" * 64))


# --- founding, keys, powers


@breach(("found", "founding"))
def _() -> tuple[list[Capital], Entry]:
    ind = alone()
    return [ind], ind.found()


def _without_mirror(keys: dict[str, Any]) -> None:
    del keys["roles"]["mirror"]


def _of_another_algorithm(keys: dict[str, Any]) -> None:
    keys["roles"]["log"]["keys"][0]["algorithm"] = "rsa-2048"


def _with_one_key_twice(keys: dict[str, Any]) -> None:
    keys["roles"]["log"]["keys"] *= 2


def _with_a_threshold_beyond_its_keys(keys: dict[str, Any]) -> None:
    keys["roles"]["log"]["threshold"] = 2


def _with_a_key_of_small_order(keys: dict[str, Any]) -> None:
    keys["roles"]["log"]["keys"][0]["public"] = "00" * 32


def _out_of_turn(keys: dict[str, Any]) -> None:
    keys["version"] += 1


SPOILT = {
    "key-version": _out_of_turn,
    "key-roles": _without_mirror,
    "key-algorithm": _of_another_algorithm,
    "key-distinct": _with_one_key_twice,
    "key-threshold": _with_a_threshold_beyond_its_keys,
    "key-encoding": _with_a_key_of_small_order,
}


def _spoilt_founding(spoil: Callable[[dict[str, Any]], None]) -> tuple[list[Capital], Entry]:
    ind = Capital("IND")
    fields = found(ind.ring)
    spoil(fields["terms"]["parties"][0]["keys"])
    return [ind], ind.append(ind.ring.sign(ind.act(**fields)))


def _spoilt_rotation(spoil: Callable[[dict[str, Any]], None]) -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    new = keyring("IND", generation=2)
    fields = rotate(new)
    spoil(fields["terms"]["keys"])
    both = [*ind.ring.signers("root"), *new.signers("root")]
    return [ind, usa], ind.append(ind.ring.sign(ind.act(**fields), both))


for _rule, _spoil in SPOILT.items():
    breach(("found", _rule))(lambda spoil=_spoil: _spoilt_founding(spoil))
    breach(("keys", _rule))(lambda spoil=_spoil: _spoilt_rotation(spoil))


@breach(("keys", "key-rotation"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.append(ind.ring.sign(ind.act(**rotate(keyring("IND", generation=2)))))


@breach(("power", "grant"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.grant(1)


# --- own records and reports


@breach(("state", "owner"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    ind.state_own(NOTE)
    exchange(ind, usa)
    return [ind, usa], usa.state_own(NOTE, 1)


@breach(("state", "base"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    ind.state_own(NOTE)
    return [ind, usa], ind.state_own(NOTE, 0)


@breach(("state", "basis"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.state_own(TEXT)


@breach(("state", "confirms"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.report(TEXT, confirms=ind.report(TEXT))


@breach(("state", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], usa.report(TEXT)


# --- proposing and the pen


def _drafted() -> tuple[Capital, Capital]:
    """A joint record of India's, known to both, its pen with India."""
    ind, usa = pair()
    ind.draft(TEXT)
    exchange(ind, usa)
    return ind, usa


def _offered(**fields: Any) -> tuple[Capital, Capital, Entry]:
    """An offer by India that the United States has seen."""
    ind, usa = pair()
    offer = ind.propose(TEXT, **fields)
    exchange(ind, usa)
    return ind, usa, offer


def _noted() -> tuple[Capital, Capital]:
    """A record of India's own, known to both."""
    ind, usa = pair()
    ind.state_own(NOTE)
    exchange(ind, usa)
    return ind, usa


@breach(("propose", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.propose(NOTE)


@breach(("propose", "counterpart"))
def _() -> tuple[list[Capital], Entry]:
    ind = alone()
    return [ind], ind.propose(TEXT)


@breach(("propose", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], usa.propose(TEXT)


@breach(("propose", "pen"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _drafted()
    return [ind, usa], usa.propose(TEXT)


@breach(("propose", "open-offer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, _ = _offered()
    return [ind, usa], ind.propose(TEXT)


@breach(("propose", "base"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.propose(TEXT, base=1)


@breach(("propose", "until"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.propose(TEXT, days=0)


@breach(("hand_over", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _noted()
    return [ind, usa], ind.hand_over(NOTE)


@breach(("hand_over", "counterpart"))
def _() -> tuple[list[Capital], Entry]:
    ind = alone()
    ind.draft(TEXT)
    return [ind], ind.hand_over(TEXT)


@breach(("hand_over", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.hand_over(TEXT)


@breach(("hand_over", "pen"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _drafted()
    return [ind, usa], usa.hand_over(TEXT)


@breach(("hand_over", "open-offer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, _ = _offered()
    return [ind, usa], ind.hand_over(TEXT)


@breach(("request_pen", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _noted()
    return [ind, usa], usa.write("request_pen", NOTE)


@breach(("request_pen", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], usa.write("request_pen", TEXT)


@breach(("request_pen", "pen"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _drafted()
    return [ind, usa], ind.write("request_pen", TEXT)


# --- answering


@breach(("accept", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    offer = ind.propose(TEXT)
    return [ind, usa], usa.accept(TEXT, offer)


@breach(("accept", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    stated = ind.state_own(NOTE)
    exchange(ind, usa)
    return [ind, usa], usa.accept(NOTE, stated)


@breach(("accept", "offer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    ind.withdraw(TEXT, offer)
    ind.propose(TEXT)
    exchange(ind, usa)
    return [ind, usa], usa.accept(TEXT, offer)


@breach(("accept", "answered"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    usa.send_back(TEXT, offer)
    return [ind, usa], usa.accept(TEXT, offer)


@breach(("accept", "until"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    usa.wait(31)
    return [ind, usa], usa.accept(TEXT, offer)


@breach(("accept", "notice"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    ind.notice(TEXT, "suspend")
    exchange(ind, usa)
    return [ind, usa], usa.accept(TEXT, offer)


@breach(("send_back", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    offer = ind.propose(TEXT)
    return [ind, usa], usa.send_back(TEXT, offer)


@breach(("send_back", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    stated = ind.state_own(NOTE)
    exchange(ind, usa)
    return [ind, usa], usa.send_back(NOTE, stated)


@breach(("send_back", "offer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    return [ind, usa], ind.send_back(TEXT, offer)


@breach(("send_back", "answered"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    usa.accept(TEXT, offer)
    return [ind, usa], usa.send_back(TEXT, offer)


@breach(("send_back", "until"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    usa.wait(31)
    return [ind, usa], usa.send_back(TEXT, offer)


@breach(("send_back", "counter-text"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    return [ind, usa], usa.write("send_back", TEXT, table.SendBack(offer.id, "USA", None), texts=2)


# --- ending an offer


@breach(("close", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    offer = ind.propose(TEXT)
    return [ind, usa], usa.close(TEXT, offer, "lapsed")


@breach(("close", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.close(NOTE, ind.state_own(NOTE), "lapsed")


@breach(("close", "offer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    answer = usa.accept(TEXT, offer)
    return [ind, usa], usa.close(TEXT, offer, "agreed", answer)


@breach(("close", "firm"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered(firm=True)
    answer = usa.accept(TEXT, offer)
    return [ind, usa], ind.close(TEXT, offer, "agreed", answer)


@breach(("close", "answer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    answer = usa.accept(TEXT, offer)
    return [ind, usa], ind.close(TEXT, offer, "agreed", answer)  # it names an answer that it has not seen


@breach(("close", "until"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    ind.wait(29)
    return [ind, usa], ind.close(TEXT, offer, "lapsed")


@breach(("close", "notice"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    answer = usa.accept(TEXT, offer)
    usa.notice(TEXT, "suspend")
    exchange(ind, usa)
    return [ind, usa], ind.close(TEXT, offer, "agreed", answer)


@breach(("withdraw", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    offer = ind.propose(TEXT)
    return [ind, usa], usa.withdraw(TEXT, offer)


@breach(("withdraw", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.withdraw(NOTE, ind.state_own(NOTE))


@breach(("withdraw", "offer"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    return [ind, usa], usa.withdraw(TEXT, offer)


@breach(("withdraw", "firm"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered(firm=True)
    return [ind, usa], ind.withdraw(TEXT, offer)


@breach(("withdraw", "answered"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa, offer = _offered()
    usa.accept(TEXT, offer)
    exchange(ind, usa)
    return [ind, usa], ind.withdraw(TEXT, offer)


# --- beside the text


@breach(("comment", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], ind.comment(TEXT)


@breach(("draft", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], usa.draft(TEXT)


@breach(("notice", "joint"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _noted()
    return [ind, usa], usa.notice(NOTE, "suspend")


@breach(("notice", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    return [ind, usa], usa.notice(TEXT, "suspend")


@breach(("notice", "notice"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = _drafted()
    ind.notice(TEXT, "suspend")
    exchange(ind, usa)
    return [ind, usa], usa.notice(TEXT, "resume")  # each side lifts its own


@breach(("acknowledge", "acknowledge"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    unseen = usa.draft(record("USA"))
    terms = table.Acknowledge([table.Held(unseen.id, unseen.act.record)])
    return [ind, usa], ind.write("acknowledge", terms=terms)


@breach(("release", "release"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    copied = ind.draft(TEXT)
    terms = table.Release("stated", [copied.id])
    return [ind, usa], ind.write("release", TEXT, terms, ledger="national", rests=[copied.id])


@breach(("release", "unknown-record"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    kept, copied = ind.draft(TEXT, ledger="national"), ind.draft(TEXT)
    terms = table.Release("stated", [copied.id])
    unknown = record(code="bbbbbbbb")
    return [ind, usa], ind.write("release", unknown, terms, ledger="national", rests=[kept.id])


@breach(("tombstone", "tombstone"))
def _() -> tuple[list[Capital], Entry]:
    ind, usa = pair()
    drafted = ind.draft(TEXT)
    exchange(ind, usa)
    terms = table.Tombstone(drafted.act.body[0].digest, "spill")
    return [ind, usa], usa.write("tombstone", terms=terms, rests=[drafted.id])
