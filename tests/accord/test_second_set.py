"""What dtti_2 judges otherwise than dtti_1: coming into force, late answers, passkeys, groups, seats, the clock."""

import base64
import json
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from dtti.accord import binding, table, table_2
from dtti.accord.fold import Record
from dtti.accord.replay import replay
from dtti.accord.rules import UnknownRules
from dtti.accord.standing import constitution
from dtti.ledger.act import Act, Entry, open_leaf
from tests.simulator.capital import RULE_SETS, RULES, SECOND_RULES, Capital, alone, exchange, office, pair, record

TEXT = record()
GROUP = "abcdefghijklmnop"
SEAT = {
    "account": "a" * 16,
    "does": "seat",
    "duty": "co_chair",
    "office": office("IND"),
    "seat": "b" * 16,
    "since": "2027-01-01T00:00:00Z",
}


def second() -> tuple[Capital, Capital]:
    return pair(SECOND_RULES)


def whole(ind: Capital, usa: Capital) -> Record:
    ledgers = {(one.side, "released"): one.published() for one in (ind, usa)}
    return replay(ledgers, RULE_SETS).records[TEXT]


def void(one: Capital, entry: Entry) -> str:
    refusal = one.verdict(entry)
    return refusal.rule if refusal else ""


def activate(one: Capital, **fields: Any) -> Entry:
    terms = table_2.Activate(SECOND_RULES.digest, SECOND_RULES.name)
    return one.write("activate", terms=terms, **{"role": "root", "rules": SECOND_RULES.name} | fields)


# --- coming into force ----------------------------------------------------------------------------------------------


def test_a_set_is_in_force_from_the_first_act_that_has_seen_the_activations_of_both():
    ind, usa = pair()
    assert void(ind, activate(ind)) == ""
    assert void(ind, ind.draft(TEXT)) == ""  # the other side has not: the old set goes on
    assert void(ind, ind.draft(TEXT, rules=SECOND_RULES.name)) == "rules"
    exchange(ind, usa)
    assert void(usa, activate(usa)) == ""
    assert void(usa, usa.comment(TEXT)) == "rules"  # both stand in its past: the old name would be a way around it
    assert void(usa, usa.comment(TEXT, rules=SECOND_RULES.name)) == ""
    assert void(ind, ind.draft(TEXT)) == ""  # written before the other's was seen
    exchange(ind, usa)
    assert void(ind, ind.comment(TEXT, rules=SECOND_RULES.name)) == ""


def test_a_side_alone_and_what_stays_national_go_by_their_own_activation():
    ind = alone()
    activate(ind)
    assert void(ind, ind.draft(TEXT, rules=SECOND_RULES.name)) == ""
    joined, _ = pair()
    joined.wait(1)
    activate(joined)
    joined.wait(1)
    note = record(kind="note")
    assert void(joined, joined.state_own(note, ledger="national", rules=SECOND_RULES.name)) == ""
    assert void(joined, joined.state_own(note, base=1, ledger="national")) == "rules"
    assert void(joined, joined.state_own(note)) == ""


def test_national_acts_written_before_an_activation_stand_as_they_were_judged():
    ind, _ = pair()
    note = record(kind="note")
    before = ind.state_own(note, ledger="national")
    ind.wait(1)
    activate(ind)
    assert void(ind, before) == ""


def test_what_is_about_an_open_offer_names_the_set_of_that_offer():
    ind, usa = pair()
    offer = ind.propose(TEXT)
    activate(ind)
    exchange(ind, usa)
    activate(usa)
    assert void(usa, usa.accept(TEXT, offer, rules=SECOND_RULES.name)) == "rules"
    accept = usa.accept(TEXT, offer)
    assert void(usa, accept) == ""
    exchange(ind, usa)
    assert void(ind, ind.close(TEXT, offer, "agreed", accept)) == ""
    assert whole(ind, usa).whole.version == 1


def test_an_activation_names_a_set_once_by_the_name_and_digest_that_this_version_knows():
    ind, _ = pair()
    activate(ind)
    assert void(ind, activate(ind)) == "activate"
    founded = second()[0]
    assert void(founded, activate(founded)) == "activate"
    other = pair()[0]
    other.write("activate", terms=table_2.Activate("0" * 64, "dtti_2"), role="root", rules="dtti_2")
    with pytest.raises(UnknownRules, match="Upgrade"):
        other.state()


def test_a_version_that_does_not_know_the_set_stops_and_loses_nothing():
    ind, usa = pair()
    ind.draft(TEXT)
    activate(ind)
    ledgers = {(one.side, "released"): one.published() for one in (ind, usa)}
    with pytest.raises(UnknownRules):
        replay(ledgers, {RULES.name: RULES})
    held = {**ledgers, ("IND", "released"): ind.published(len(ind.leaves) - 1)}
    assert TEXT in replay(held, {RULES.name: RULES}).records


def test_the_constitution_stays_what_the_founding_made_it():
    ind, _ = pair()
    founding = open_leaf(ind.leaves[1]).act
    terms = table.read_terms("found", founding.terms)
    assert isinstance(terms, table.Found)
    activate(ind)
    standing = ind.state().authorities["IND", "released"].standing()
    assert standing is not None
    assert standing.constitution == constitution(founding, terms)
    assert standing.activated == {SECOND_RULES.name}


# --- answers and endings ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("firm", [False, True])
def test_no_answer_decides_by_itself(firm: bool):
    ind, usa = second()
    offer = ind.propose(TEXT, firm=firm)
    exchange(ind, usa)
    accept = usa.accept(TEXT, offer)
    assert whole(ind, usa).whole.version == 0
    exchange(ind, usa)
    assert void(ind, ind.close(TEXT, offer, "agreed", accept)) == ""
    assert whole(ind, usa).whole.version == 1


def test_a_firm_offer_is_not_withdrawn():
    ind, _ = second()
    offer = ind.propose(TEXT, firm=True)
    assert void(ind, ind.withdraw(TEXT, offer)) == "firm"


def test_an_answer_is_refused_once_the_proposers_clock_was_seen_to_pass_the_date():
    ind, usa = second()
    offer = ind.propose(TEXT, days=10)
    ind.wait(11)
    ind.comment(TEXT)
    usa.receive(ind)
    assert void(usa, usa.accept(TEXT, offer)) == "until"  # though its own clock says that there is time


def late_answer(*, firm: bool = False) -> tuple[Capital, Capital, Entry, Entry, Entry]:
    """India offers for ten days and writes after them; an answer claimed in time reaches it only then."""
    ind, usa = second()
    offer = ind.propose(TEXT, days=10, firm=firm)
    usa.receive(ind)
    ind.wait(11)
    sighted = ind.comment(TEXT)
    accept = usa.accept(TEXT, offer)
    assert void(usa, accept) == ""
    ind.receive(usa)
    return ind, usa, offer, accept, sighted


def end(ind: Capital, offer: Entry, accept: Entry | None, sighted: Entry | None, outcome: str, **fields: Any) -> Entry:
    terms = table_2.Close(offer.id, outcome, accept and accept.id, sighted and sighted.id)  # type: ignore[arg-type]
    return ind.write("close", TEXT, terms, **{"office": office("IND")} | fields)


@pytest.mark.parametrize("firm", [False, True])
def test_a_person_of_the_proposer_ends_an_offer_answered_late(firm: bool):
    ind, usa, offer, accept, sighted = late_answer(firm=firm)
    ended = end(ind, offer, accept, sighted, "late")
    assert void(ind, ended) == ""
    exchange(ind, usa)
    for view in (whole(ind, usa).whole, usa.view(TEXT).whole):
        assert (view.version, view.offer, view.pen) == (0, None, "IND")
        assert view.offers[0].outcome == "late"
        assert view.overtaken == {accept.id: ended.id}
    assert void(usa, accept) == ""  # it was valid when written


def test_a_person_may_close_by_the_late_answer_all_the_same():
    ind, _, offer, accept, sighted = late_answer()
    assert void(ind, end(ind, offer, accept, sighted, "agreed")) == ""
    assert ind.view(TEXT).whole.version == 1


def test_only_an_own_entry_after_the_date_that_lacked_the_answer_shows_that_it_came_late():
    ind, usa, offer, accept, sighted = late_answer()
    knew = ind.comment(TEXT)  # after the date, but it had seen the answer
    early = open_leaf(ind.leaves[offer.act.index])
    theirs = open_leaf(usa.leaves[0])
    for entry in (knew, early, theirs):
        assert void(ind, end(ind, offer, accept, entry, "late")) == "late"
    assert void(ind, end(ind, offer, accept, None, "late")) == "late"
    assert void(ind, end(ind, offer, None, sighted, "late")) == "late"
    assert void(ind, end(ind, offer, accept, sighted, "late", office="")) == "power"
    assert void(ind, end(ind, offer, accept, sighted, "late")) == ""


def test_an_answer_that_came_in_time_is_not_late():
    ind, usa = second()
    offer = ind.propose(TEXT, days=10)
    exchange(ind, usa)
    accept = usa.accept(TEXT, offer)
    ind.receive(usa)
    ind.wait(11)
    after = ind.comment(TEXT)
    assert void(ind, end(ind, offer, accept, after, "late")) == "late"


# --- offices and bodies -----------------------------------------------------------------------------------------------


def test_power_is_given_to_offices_of_this_side_alone():
    for rules, verdict in ((RULES, ""), (SECOND_RULES, "grant")):
        ind, _ = pair(rules)
        assert void(ind, ind.grant(2, office="office/PUB/secretar")) == verdict


def test_a_tombstone_names_a_body_by_its_place():
    ind, _ = second()
    text = ind.comment(TEXT) if TEXT in ind.state().records else ind.draft(TEXT)
    digest = text.act.body[0].digest
    for part, verdict in ((0, ""), (1, "tombstone")):
        made = ind.write("tombstone", terms=table_2.Tombstone(digest, "spill", part), rests=[text.id])
        assert void(ind, made) == verdict


# --- groups and seats -------------------------------------------------------------------------------------------------


def restrict(ind: Capital, *members: str, **fields: Any) -> Entry:
    terms = table_2.Restrict(GROUP, [table_2.Member(each, "2027-01-01T00:00:00Z") for each in members])
    return ind.write("restrict", terms=terms, **{"ledger": "national", "office": members[0]} | fields)


def test_a_group_is_written_and_widened_by_its_members_alone():
    ind, _ = second()
    other = office("IND", "othersec")
    ind.grant(2, office=other)
    ind.grant(3, verbs=["restrict"])
    ind.grant(4, office=other, verbs=["restrict"])
    ind.wait(1)
    draft = record(kind="note")
    terms = table_2.State(base=0, group=GROUP)
    assert void(ind, ind.write("state", draft, terms, ledger="national")) == "group"  # there is none yet
    assert void(ind, restrict(ind, office("IND"))) == ""
    assert void(ind, ind.write("state", draft, terms, ledger="national", office=other)) == "group"
    assert void(ind, restrict(ind, other)) == "group"
    assert void(ind, ind.write("state", draft, terms, ledger="national")) == ""
    assert void(ind, restrict(ind, office("IND"), other)) == ""
    remark = table_2.Remark(GROUP)
    assert void(ind, ind.write("comment", draft, remark, ledger="national", office=other)) == ""
    assert (
        void(ind, ind.write("state", record(kind="note", code="bbbbbbbb"), terms)) == "group"
    )  # nothing released is kept
    authority = ind.state().authorities["IND", "national"]
    assert [one.office for one in authority.groups[GROUP]] == [office("IND"), other]


def test_a_group_has_members_of_this_side():
    ind, _ = second()
    ind.grant(3, verbs=["restrict"])
    ind.wait(1)
    assert void(ind, restrict(ind, office("IND"), office("USA"))) == "group"
    made = restrict(ind, office("IND"), office="", role="power")
    assert void(ind, made) == ""  # the power keys need no member


def test_a_seat_is_asked_by_one_office_and_confirmed_by_another_or_given_by_the_power_keys():
    ind, _ = second()
    other = office("IND", "othersec")
    ind.grant(2, verbs=["seat"])
    ind.grant(3, office=other, verbs=["seat"])
    ind.wait(1)

    def seat(**fields: Any) -> Entry:
        terms = {**SEAT, **fields.pop("terms", {})}
        return ind.write("seat", terms=terms, **{"ledger": "national"} | fields)

    one, two = {"by": "c" * 16}, {"by": "d" * 16}
    asked = seat(terms=one)
    assert void(ind, asked) == ""
    again = {"confirms": asked.id}
    assert void(ind, seat(terms=again | two)) == "seat"  # the same office
    assert void(ind, seat(terms=again | one, office=other)) == "seat"  # the same person, in another office
    assert void(ind, seat(terms=again, office=other)) == "seat"  # nobody says who
    assert void(ind, seat(terms=again | two | {"duty": "auditor"}, office=other)) == "seat"
    assert void(ind, seat(terms=again | {"by": SEAT["account"]}, office=other)) == "seat"  # whom it seats
    assert void(ind, seat(terms=again | two, office=other)) == ""
    assert void(ind, seat()) == "seat"
    assert void(ind, seat(office="", role="power")) == ""
    assert void(ind, seat(terms=one, office="", role="power")) == "seat"
    assert void(ind, seat(terms=one, office="")) == "power"
    assert void(ind, seat(terms=one | {"office": office("USA")})) == "seat"


# --- passkeys ---------------------------------------------------------------------------------------------------------

RP = "ind.localhost"


class Passkey:
    """An authenticator as a page would ask it."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.public = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()

    def assertion(
        self, challenge: bytes, *, nonce: str, origin: str = "http://ind.localhost:8000", rp: str = RP, flags: int = 5
    ) -> dict[str, Any]:
        told = {"type": "webauthn.get", "challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("=")}
        client = json.dumps({**told, "origin": origin, "crossOrigin": False}).encode()
        authenticator = sha256(rp.encode()).digest() + bytes([flags]) + bytes(4)
        signature = self.private.sign(authenticator + sha256(client).digest(), ec.ECDSA(SHA256()))
        parts = {"authenticator": authenticator, "client": client, "signature": signature}
        return {name: base64.b64encode(part).decode() for name, part in parts.items()} | {
            "credential": 1,
            "nonce": nonce,
        }


def enrolled() -> tuple[Capital, Capital, Passkey]:
    ind, usa = second()
    key = Passkey()
    given = table_2.Credential(1, office("IND"), key.public, RP, "2027-01-01T00:00:00Z")
    assert void(ind, ind.write("power", terms=table_2.Power(credentials=[given]))) == ""
    return ind, usa, key


def asserted(ind: Capital, key: Passkey, act: Act, **changes: Any) -> dict[str, Any]:
    """Terms of `act` with the assertion of `key` over its binding form."""
    standing = ind.state().authorities["IND", "released"].standing()
    assert standing is not None
    nonce = "7" * 64
    challenge = binding.binding_of(act, standing.constitution, nonce).digest()
    return {**act.terms, "assertion": key.assertion(challenge, nonce=nonce, **changes)}


def test_a_passkey_assertion_binds_what_its_form_says_and_nothing_else():
    ind, _, key = enrolled()
    act = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
    terms = asserted(ind, key, act)
    for changes in (
        {"terms": {**terms, "until": ind.ahead(31)}},
        {"record": record(code="cccccccc")},
        {"body": [ind._commitment("another text")]},
        {"rests": [open_leaf(ind.leaves[0]).id]},
        {"terms": {**terms, "assertion": {**terms["assertion"], "nonce": "8" * 64}}},
        {"terms": {**terms, "assertion": {**terms["assertion"], "credential": 2}}},
    ):
        spoilt = ind.write("propose", **{"about": TEXT, "terms": terms, "body": act.body} | _about(changes))
        assert void(ind, spoilt) == "assertion", changes
    assert void(ind, ind.write("propose", TEXT, terms, body=act.body)) == ""


def _about(changes: dict[str, Any]) -> dict[str, Any]:
    return {("about" if name == "record" else name): value for name, value in changes.items()}


@pytest.mark.parametrize(
    "changes",
    [
        {"origin": "https://usa.localhost"},
        {"origin": "http://ind.example"},
        {"origin": "https://evil-ind.localhost"},
        {"rp": "usa.localhost"},
        {"flags": 1},
        {"flags": 4},
    ],
    ids=str,
)
def test_an_assertion_of_another_place_or_without_a_person_does_not_hold(changes: dict[str, Any]):
    ind, _, key = enrolled()
    act = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
    assert void(ind, ind.write("propose", TEXT, asserted(ind, key, act, **changes), body=act.body)) == "assertion"


def test_another_key_or_another_office_does_not_hold():
    ind, _, key = enrolled()
    act = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
    assert void(ind, ind.write("propose", TEXT, asserted(ind, Passkey(), act), body=act.body)) == "assertion"
    other = office("IND", "othersec")
    ind.grant(2, office=other)
    theirs = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)), office=other)
    made = ind.write("propose", TEXT, asserted(ind, key, theirs), body=theirs.body, office=other)
    assert void(ind, made) == "assertion"


def test_a_power_may_ask_for_a_passkey_and_then_the_servers_key_alone_is_not_enough():
    ind, _, key = enrolled()
    ind.write(
        "power",
        terms=table_2.Power(
            [1], [table_2.Grant(2, ["all"], office("IND"), "2027-01-01T00:00:00Z", ["propose"], assertion=True)]
        ),
    )
    act = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
    assert void(ind, ind.write("propose", TEXT, act.terms, body=act.body)) == "power"
    assert void(ind, ind.write("propose", TEXT, asserted(ind, key, act), body=act.body)) == ""


@pytest.mark.parametrize(
    ("confirmed", "verdict"), [("the copy", ""), ("nothing", "power"), ("another act", "power"), ("both", "power")]
)
def test_a_release_under_such_a_power_is_confirmed_by_the_copy_that_it_gives_out(confirmed: str, verdict: str):
    ind, _, key = enrolled()
    note, copy = record(kind="note"), record(kind="note", code="cccccccc")
    since = "2027-01-01T00:00:00Z"
    asks = table_2.Grant(2, ["all"], office("IND"), since, ["release"], assertion=True)
    given = table_2.Grant(3, ["all"], office("IND"), since, ["state", "propose"])
    ind.write("power", terms=table_2.Power([1], [asks, given]))
    ind.wait(1)
    kept = ind.state_own(note, ledger="national")
    act = ind.act("state", copy, table_2.State(base=0))
    told = ind.write("state", copy, asserted(ind, key, act) if confirmed == "the copy" else act.terms, body=act.body)
    assert void(ind, told) == ""
    released = [told.id]
    if confirmed in ("another act", "both"):
        offer = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
        offered = ind.write("propose", TEXT, asserted(ind, key, offer), body=offer.body)
        assert void(ind, offered) == ""
        released = [offered.id] if confirmed == "another act" else [told.id, offered.id]
    terms = table_2.Release("stated", released)
    assert void(ind, ind.write("release", note, terms, ledger="national", rests=[kept.id])) == verdict


def test_an_ended_credential_and_a_key_that_is_none_do_not_count():
    ind, _, key = enrolled()
    ind.write("power", terms=table_2.Power(ended_credentials=[1]))
    act = ind.act("propose", TEXT, table_2.Propose(0, "IND", ind.ahead(30)))
    assert void(ind, ind.write("propose", TEXT, asserted(ind, key, act), body=act.body)) == "assertion"
    none = table_2.Credential(2, office("IND"), "04" + "1" * 128, RP, "2027-01-01T00:00:00Z")
    assert void(ind, ind.write("power", terms=table_2.Power(credentials=[none]))) == "credential"
    again = table_2.Credential(1, office("IND"), key.public, RP, "2027-01-01T00:00:00Z")
    assert void(ind, ind.write("power", terms=table_2.Power(credentials=[again]))) == "credential"


# --- the clock --------------------------------------------------------------------------------------------------------


def reset(ind: Capital, before: Entry | None, first: Entry, **fields: Any) -> Entry:
    leaves = ind.national if fields.get("ledger") == "national" else ind.leaves
    reached = max(open_leaf(leaf).act.time for leaf in leaves)
    terms = table_2.ResetTime(first.act.index, reached)
    rests = [before.id, first.id] if before else [first.id]
    return ind.write("reset_time", terms=terms, **{"rests": rests} | fields)


def test_the_root_keys_lower_the_time_that_a_wrong_clock_reached():
    ind, usa = second()
    before = ind.draft(TEXT)
    ind.wait(3650)
    first = ind.comment(TEXT)
    ind.comment(TEXT)
    ind.wait(-3649)
    assert void(ind, ind.comment(TEXT)) == "time"
    assert void(ind, reset(ind, first, before)) == "reset-time"
    assert void(ind, reset(ind, before, first)) == ""
    after = ind.comment(TEXT)
    assert void(ind, after) == ""
    exchange(ind, usa)
    assert void(usa, usa.comment(TEXT)) == ""
    assert whole(ind, usa).void == {}


def test_what_was_written_under_the_wrong_clock_is_known_from_the_repair_on():
    ind, _ = second()
    before = ind.draft(TEXT)
    ind.wait(3650)
    first = ind.report(TEXT)
    ind.wait(-3640)
    made = reset(ind, before, first)
    ind.comment(TEXT)
    known = {
        time: replay(ind.ledgers(), RULE_SETS, known=time).records[TEXT].whole
        for time in (before.act.time, made.act.time)
    }
    assert [len(view.texts) for view in known.values()] == [0, 1]


def test_powers_given_under_the_wrong_clock_still_govern_national_acts_after_the_repair():
    ind, _ = second()
    before = ind.draft(TEXT)
    ind.wait(3650)
    other = office("IND", "othersec")
    first = ind.grant(2, office=other)
    kept = ind.state_own(record(kind="note"), ledger="national", office=other)
    ind.wait(-3649)
    assert void(ind, reset(ind, before, first)) == ""
    assert void(ind, reset(ind, None, kept, ledger="national")) == ""
    made = ind.state_own(record(kind="note", code="bbbbbbbb"), ledger="national", office=other)
    assert void(ind, made) == ""


def test_a_national_ledger_is_repaired_by_itself_and_keeps_its_verdicts_when_powers_end_later():
    ind, _ = second()
    kept = ind.state_own(record(kind="note"), ledger="national")
    ind.wait(3650)
    wrong = ind.state_own(record(kind="note", code="bbbbbbbb"), ledger="national")
    ind.wait(-3640)
    assert void(ind, ind.state_own(record(kind="note", code="cccccccc"), ledger="national")) == "time"
    ind.national.pop()
    made = reset(ind, kept, wrong, ledger="national")
    assert void(ind, made) == ""
    ind.wait(40)
    later = ind.state_own(record(kind="note", code="dddddddd"), ledger="national")
    ind.write("power", terms=table_2.Power(ended=[1]))
    assert [void(ind, one) for one in (kept, wrong, made, later)] == ["", "", "", ""]
    # What was written after the repair is known from its own time, though that lies below what was reached once.
    known = {
        time: [
            len(view.national.texts)
            for view in replay(ind.ledgers(), RULE_SETS, known=time).records.values()
            if view.national
        ]
        for time in (kept.act.time, made.act.time, later.act.time)
    }
    assert [sum(counts) for counts in known.values()] == [1, 2, 3]


def test_time_that_a_national_ledger_reached_after_a_repair_does_not_run_back():
    ind, _ = second()
    kept = ind.state_own(record(kind="note"), ledger="national")
    ind.wait(3650)
    wrong = ind.state_own(record(kind="note", code="bbbbbbbb"), ledger="national")
    ind.wait(-3640)
    reset(ind, kept, wrong, ledger="national")
    ind.wait(40)
    ind.state_own(record(kind="note", code="cccccccc"), ledger="national")
    ind.wait(-20)
    assert void(ind, ind.state_own(record(kind="note", code="dddddddd"), ledger="national")) == "time"
