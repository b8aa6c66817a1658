from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.papers import alternat
from dtti.papers.data.instrument import Instrument
from dtti.papers.wording import filled

from .making import instrument, sample, text

WORDS = st.text(alphabet="abcdefghij klmn.,;({}कखगमर ािे", min_size=1, max_size=60).filter(str.strip)
BOTH = st.builds(lambda en, hi: {"en": en, "hi": hi}, WORDS, WORDS)


def clauses(count: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.fixed_dictionaries(
        {
            "number": st.integers(1, 99).map(str),
            "passages": st.lists(st.builds(lambda words: {"text": words}, BOTH), min_size=1, max_size=2),
            "heading": BOTH,
        }
    )
    return st.lists(one, min_size=1, max_size=count).map(
        lambda rows: [{"key": f"c{place}", **row} for place, row in enumerate(rows)]
    )


INSTRUMENTS = st.builds(
    lambda title, preamble, rows: instrument(
        title={"en": f"Agreement between {{parties}} {title['en']}", "hi": f"{{parties}} {title['hi']}"},
        preamble={"en": f"{{parties}} {preamble['en']}", "hi": f"{{parties_short}} {preamble['hi']}"},
        clauses=rows,
    ),
    BOTH,
    BOTH,
    clauses(3),
)


def changed(data: Instrument, at: int, words: str) -> Instrument:
    """The instrument with one clause in other words."""
    plain = msgspec.to_builtins(data)
    plain["clauses"][at]["passages"][0]["text"]["en"] = words
    return msgspec.convert(plain, Instrument)


def test_each_side_comes_first_in_title_preamble_and_signatures_of_its_own_original() -> None:
    ind, usa = (text(pdf) for pdf in alternat.originals(sample("instrument"), language="en"))
    one = "theGovernmentoftheRepublicofIndiaandtheGovernmentoftheUnitedStatesofAmerica"
    other = "theGovernmentoftheUnitedStatesofAmericaandtheGovernmentoftheRepublicofIndia"
    assert (ind.count(one), ind.count(other)) == (1, 0)
    assert (usa.count(one), usa.count(other)) == (0, 1)
    assert ind.count("T" + one[1:]) == usa.count("T" + other[1:]) == 1
    assert "betweenIndiaandtheUnitedStates" in ind
    assert "betweentheUnitedStatesandIndia" in usa
    assert ind.index("ShriArvindKaushal") < ind.index("EleanorWhitcombe")
    assert usa.index("ShriArvindKaushal") > usa.index("EleanorWhitcombe")


@pytest.mark.parametrize(
    ("kind", "variant", "parts"),
    [("instrument", "", 60), ("instrument", "brackets", 58), ("statement-of-intent", "", 28)],
)
def test_the_samples_originals_are_proved_equal_on_data_and_on_paper(kind: str, variant: str, parts: int) -> None:
    data = sample(kind, variant)
    made = alternat.originals(data, kind=kind)
    proof = alternat.proved(data, *made)
    assert proof.equal
    assert proof.parts == parts
    assert made[0] != made[1]


@settings(max_examples=4)
@given(INSTRUMENTS, st.sampled_from(["en", "hi", "both"]))
def test_two_originals_of_any_text_differ_only_in_order(data: Instrument, language: Any) -> None:
    assert alternat.compared(data, language).differences == ()
    assert alternat.compared_pdfs(data, *alternat.originals(data, language=language), language).differences == ()


@pytest.mark.office
@settings(max_examples=25)
@given(INSTRUMENTS, WORDS, st.data())
def test_another_word_in_one_original_is_found_and_placed(data: Instrument, words: str, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(data.clauses) - 1))
    other = changed(data, at, words)
    if alternat.squeezed(words) == alternat.squeezed(data.clauses[at].passages[0].text.en):
        return
    found = alternat.compared_pdfs(
        data, alternat.originals(data, language="en")[0], alternat.originals(other, language="en")[1], "en"
    )
    assert not found.equal


def test_a_difference_names_the_clause_and_both_readings() -> None:
    data = instrument()
    other = changed(data, 1, "The Parties shall build three prototypes.")
    found = alternat.compared_pdfs(
        data, alternat.originals(data, language="en")[0], alternat.originals(other, language="en")[1], "en"
    )
    assert found.differences[0].where == "clause 2, passage 1"
    assert "two prototypes" in found.differences[0].ind
    assert "threeprototypes" in found.differences[0].usa


def test_an_original_printed_for_the_wrong_side_is_found() -> None:
    data = sample("instrument")
    ind, _ = alternat.originals(data, language="en")
    assert {each.where for each in alternat.compared_pdfs(data, ind, ind, "en").differences} == {"title"}


def test_a_sentence_between_the_parts_of_one_original_is_found() -> None:
    data = instrument()
    plain = msgspec.to_builtins(data)
    secret = {"text": {"en": "A secret sentence.", "hi": "एक गुप्त वाक्य।"}}
    plain["clauses"][0]["passages"] = [*plain["clauses"][0]["passages"], secret]
    longer = msgspec.convert(plain, Instrument)
    found = alternat.compared_pdfs(
        data, alternat.originals(data, language="en")[0], alternat.originals(longer, language="en")[1], "en"
    )
    assert [each.where for each in found.differences] == ["before clause 2, number"]
    assert found.differences[0].usa == "Asecretsentence."


def test_parties_named_in_a_fixed_order_in_a_clause_may_not_be_turned_round() -> None:
    data = instrument()
    one = changed(data, 0, "Costs of India and the United States are equal.")
    other = changed(data, 0, "Costs of the United States and India are equal.")
    found = alternat.compared_pdfs(
        one, alternat.originals(one, language="en")[0], alternat.originals(other, language="en")[1], "en"
    )
    assert found.differences[0].where == "clause 1, passage 1"


def test_a_title_that_fixes_the_order_of_the_parties_is_found() -> None:
    data = instrument(title={"en": "Agreement between India and the United States", "hi": "{parties} के मध्य करार"})
    assert [each.where for each in alternat.compared(data).differences] == ["title"]


def test_a_title_that_does_not_name_the_parties_is_the_same_in_both() -> None:
    assert alternat.compared(instrument(title={"en": "Project Agreement", "hi": "परियोजना करार"})).equal


def test_signature_blocks_that_are_not_the_same_two_are_found() -> None:
    data = instrument()
    ind = alternat.spelled(data, "IND")
    usa = alternat.spelled(data, "USA")
    mixed = [each._replace(text="Another Person") if each.where == "signature 1, name" else each for each in usa]
    found = alternat._compared(data, ind, mixed)
    assert [each.where for each in found.differences] == ["signature"]


def test_a_refusal_says_where_the_originals_differ() -> None:
    data = instrument()
    other = changed(data, 1, "The Parties shall build three prototypes.")
    with pytest.raises(Refused) as refused:
        alternat.proved(data, alternat.originals(data)[0], alternat.originals(other)[1])
    assert refused.value.refusals[0].rule == "alternat"
    assert refused.value.refusals[0].reason.startswith("clause 2, passage 1:")


def test_brackets_show_their_side_and_no_signature_block_stands_under_them() -> None:
    printed = text(alternat.originals(sample("instrument", "brackets"), language="en")[0])
    assert "[IND:equally,takingintoaccount" in printed
    assert "[USA:equally,incashandkind" in printed
    assert "3passagesinbrackets.Notforsignature." in printed
    assert "ForTheGovernment" not in printed
    assert "FortheGovernmentof" not in printed
    assert printed.index("Everypassageonwhich") < printed.rindex("nopassageproposed")


def test_other_braces_are_ordinary_text() -> None:
    data = instrument(preamble={"en": "{parties} and {party} and {0} {}", "hi": "{parties}"})
    assert filled(data.preamble, data.parties, "USA", "en").endswith("of the Republic of India and {party} and {0} {}")
