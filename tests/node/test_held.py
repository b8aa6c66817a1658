"""At the doors of one side: a text names only records that are there, and nobody answers a text that is not here."""

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.line import spill
from tests.node import capitals
from tests.node.capitals import Pair


def test_a_text_that_names_no_record_is_refused(pair: Pair):
    for link in ({"body": "no-such-body"}, {"agreements": ["no-such-paper"]}, {"continues": ["no-such-project"]}):
        record = new_record("project", "IND")
        content = capitals.project("ex-linked") | link
        with pytest.raises(Refused) as stopped:
            pair.ind.write("propose", record, table.Propose(0, "IND", capitals.FAR), text.Text(content=content))
        assert {each.rule for each in stopped.value.refusals} == {"link"}


@pytest.mark.parametrize("verb", ["accept", "send_back"])
def test_an_offer_whose_text_is_not_here_is_answered_by_nobody(pair: Pair, verb: str):
    record, offer = capitals.propose(pair.ind, "ex-gone")
    spill.erase(pair.ind.node, offer.act, part=0, remarks="marked above the ceiling")
    pair.swap()
    terms = table.Answer(offer.act) if verb == "accept" else table.SendBack(offer.act)
    with pytest.raises(Refused) as stopped:
        pair.usa.write(verb, record, terms, *([text.Text(remarks="No.")] if verb == "send_back" else []))
    assert {each.rule for each in stopped.value.refusals} == {"held"}
