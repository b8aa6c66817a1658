"""Composing acts: which record a name means, and terms that follow from where the record stands."""

from datetime import datetime, timedelta

import pytest

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused
from dtti.node.acting import compose
from dtti.node.core import text
from tests.node import capitals
from tests.node.capitals import Pair


def rule(work) -> str:
    with pytest.raises(Refused) as caught:
        work()
    assert caught.value.refusals[0].remedy
    return caught.value.refusals[0].rule


def test_a_record_is_known_by_id_code_reference_or_kind_and_reference(pair: Pair):
    node = pair.ind.node
    for name in (pair.record, pair.record.rsplit("/", 1)[1], "ex-net", "project:ex-net"):
        assert compose.record_of(node, name) == pair.record
    for name in ("event:ex-net", "ex", "%", "_______", "", "project"):
        assert rule(lambda name=name: compose.record_of(node, name)) == "record"


def test_where_an_act_may_create_a_kind_means_a_new_record_of_this_side(pair: Pair):
    made = {compose.record_of(pair.usa.node, "project", create=True) for _ in range(3)}
    assert len(made) == 3
    assert all(one.startswith("project/USA/") for one in made)


def test_a_national_record_is_found_by_its_own_side(pair: Pair):
    made = pair.ind.national("kept-here")
    assert compose.record_of(pair.ind.node, "kept-here") == made.record
    assert rule(lambda: compose.record_of(pair.usa.node, "kept-here")) == "record"


def test_terms_follow_from_where_the_record_stands(pair: Pair):
    node = pair.ind.node
    content = text.Text(content=capitals.project())
    proposal = compose.draft(node, "propose", pair.record, texts=[content]).terms
    assert (proposal.base, proposal.next, proposal.firm) == (1, "IND", False)
    days = datetime.fromisoformat(proposal.until) - datetime.fromisoformat(node.clock())
    assert abs(days - timedelta(days=node.config.offer_days)) < timedelta(minutes=5)
    _, offer = capitals.propose(pair.ind, record=capitals.new_record("project", "IND"), ref="ex-two")
    capitals.carry(pair.ind, pair.usa)
    theirs = pair.usa.node
    assert compose.draft(theirs, "accept", offer.record).terms == table_2.Answer(offer.act)
    plain = compose.draft(theirs, "send_back", offer.record, texts=[text.Text(remarks="no")]).terms
    assert plain == table_2.SendBack(offer.act)
    counter = compose.draft(theirs, "send_back", offer.record, texts=[text.Text(remarks="no"), content]).terms
    assert (counter.offer, counter.next) == (offer.act, "USA")
    assert counter.until is not None


def test_an_own_record_is_stated_over_its_latest_version_and_a_joint_one_by_its_basis(pair: Pair):
    node = pair.ind.node
    assert compose.draft(node, "state", pair.ind.office).terms == table_2.State(base=1)
    fresh = compose.record_of(node, "event", create=True)
    assert compose.draft(node, "state", fresh).terms == table_2.State(base=0)
    assert compose.draft(node, "state", fresh, ledger="national").terms == table_2.State(base=0)
    paper = compose.draft(node, "state", pair.record, terms={"basis": "paper"}).terms
    assert paper == table_2.State(basis="paper")


def test_what_is_given_is_taken_before_what_follows(pair: Pair):
    terms = {"base": 7, "until": capitals.FAR, "next": "USA", "firm": True}
    made = compose.draft(pair.ind.node, "propose", pair.record, terms=terms).terms
    assert made == table_2.Propose(7, "USA", capitals.FAR, firm=True)


def test_a_grant_is_numbered_and_dated_and_finds_its_office(pair: Pair):
    grants = [
        {"office": "IND/ex-sec", "verbs": ["comment"], "assertion": True},
        {"office": "new", "verbs": ["state"], "kinds": ["event"]},
    ]
    made = compose.draft(pair.ind.node, "power", "", terms={"grants": grants}).terms.grants
    assert [one.grant for one in made] == [2, 3]
    assert [one.kinds for one in made] == [["all"], ["event"]]
    assert made[0].office == pair.ind.office
    assert [one.assertion for one in made] == [True, False]
    assert made[1].office.startswith("office/IND/")
    assert made[1].office != pair.ind.office


def test_what_is_no_verb_no_kind_or_not_for_hands_is_refused(pair: Pair):
    node = pair.ind.node
    assert rule(lambda: compose.draft(node, "sing", pair.record)) == "verb"
    for verb in compose.ELSEWHERE:
        assert verb in table.TABLE
        assert rule(lambda verb=verb: compose.draft(node, verb, "")) == "verb"
    assert rule(lambda: compose.draft(node, "comment", "ship/IND/aaaaaaaa")) == "kind"
    assert rule(lambda: compose.draft(node, "accept", pair.record, terms={"offer": "x"})) == "terms"
    assert rule(lambda: compose.draft(node, "power", "", terms={"grants": ["x"]})) == "terms"


def test_files_are_listed_in_the_first_text_by_name_and_media_type():
    first = text.Text(remarks="see the scan")
    made = compose.listing_files([first, text.Text(remarks="counter")], ["letter.PDF", "odd"])
    assert made[0].files == [text.File("letter.PDF", "application/pdf"), text.File("odd", "application/octet-stream")]
    assert (made[0].remarks, made[1].files) == ("see the scan", [])
    assert compose.listing_files([], ["a.png"])[0].files == [text.File("a.png", "image/png")]
    assert compose.listing_files([first], []) == [first]
