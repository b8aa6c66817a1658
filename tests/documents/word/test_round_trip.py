"""What is written is read back as it was, whatever the words."""

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.documents.values import Party, Passage, Words
from dtti.papers.data.instrument import Clause, Instrument
from dtti.papers.negotiated import read, write

from .making import sample, shown

# Every character that XML can hold (XML 1.0, 2.2), with those that break texts more often than others would.
CHARACTERS = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"),
    st.sampled_from("\n\t\r\x85[]:{}<>&\"'†\u200d\u200c\u00a0\u202e क्षिओं १ "),
)
TEXT = st.text(CHARACTERS, max_size=24)
FULL = st.text(CHARACTERS, min_size=1, max_size=24)
SAID = st.one_of(FULL, st.sampled_from(["[India: x]", "{parties}", "{parties_short} {parties}", "]", "[USA: ", " "]))
WORDS = st.one_of(
    st.builds(Words, SAID, st.just(""), st.booleans()),
    st.builds(Words, st.just(""), SAID, st.booleans()),
    st.builds(Words, SAID, SAID, st.booleans()),
)
SIDE = st.sampled_from(["IND", "USA", None])
CLAUSES = st.lists(
    st.builds(
        Clause,
        TEXT,
        TEXT,
        st.lists(st.builds(Passage, WORDS, SIDE), max_size=3).map(tuple),
        st.none() | WORDS,
        st.sampled_from([1, 2, 3]),
    ),
    max_size=3,
    unique_by=lambda each: each.key,
).map(tuple)
PARTY = st.builds(Party, WORDS, WORDS, TEXT, st.none() | WORDS, TEXT)
INSTRUMENTS = st.builds(
    Instrument,
    type=WORDS,
    reference=TEXT,
    title=WORDS,
    preamble=WORDS,
    parties=st.fixed_dictionaries({"IND": PARTY, "USA": PARTY}),
    clauses=CLAUSES,
    closing=st.none() | WORDS,
    digest=TEXT,
    place=st.none() | WORDS,
    date=st.none() | st.dates(),
    status=st.none() | WORDS,
    label=TEXT,
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    INSTRUMENTS,
    st.sampled_from(["en", "hi", "both"]),
    st.sampled_from(["side", "after"]),
    st.sampled_from(["IND", "USA"]),
)
def test_any_instrument_comes_back_as_it_was(instrument, lang, layout, first):
    languages = ("en", "hi") if lang == "both" else (lang,)
    made = write(instrument, lang=lang, layout=layout, first=first)
    assert read(made) == shown(instrument, languages)


def test_in_both_languages_the_whole_instrument_comes_back():
    assert read(write(sample())) == sample()


def test_what_cannot_be_seen_has_its_code_behind_it_which_is_no_part_of_the_text():
    from msgspec.structs import replace

    from dtti.papers.negotiated import compare

    from .making import changed

    passage = Passage(Words("They re\u200blease the P\u0430tent within 30 days."))
    odd = replace(sample(), clauses=(Clause(key="odd", number="1.", heading=Words("Odd"), passages=(passage,)),))
    sent = write(odd, lang="en")
    body = zipfile.ZipFile(io.BytesIO(sent)).read("word/document.xml").decode()
    assert "[U+200B]" in body
    assert "[U+0430]" in body
    assert compare(odd, sent).same
    assert read(sent).clauses[0].passages[0].text.en == passage.text.en
    found = compare(odd, changed(sent, ("within 30 days", "within 45 days")))
    assert len(found.changes) == 1


def test_the_words_come_from_the_text_people_see():
    from .making import changed

    made = changed(write(sample(), lang="en"), ("within 30 days", "within 45 days"))
    assert "within 45 days" in read(made).clauses[3].passages[0].text.en


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_a_character_that_no_xml_can_hold_is_refused_by_name(character):
    bad = Instrument(
        **{
            **{name: getattr(sample(), name) for name in sample().__struct_fields__},
            "reference": f"A{character}B",
        }
    )
    with pytest.raises(Refused) as refused:
        write(bad)
    assert refused.value.refusals[0].rule == "word-characters"
    assert f"U+{ord(character):04X}" in refused.value.refusals[0].reason


@pytest.mark.parametrize("date", [dt.date(1, 1, 1), dt.date(2027, 1, 26), dt.date(9999, 12, 31)])
def test_every_date_comes_back(date):
    import msgspec

    made = msgspec.structs.replace(sample(), date=date)
    assert read(write(made)).date == date


def test_a_file_of_others_is_no_instrument():
    import io

    import docx

    held = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("Something else.")
    document.save(held)
    with pytest.raises(Refused) as refused:
        read(held.getvalue())
    assert refused.value.refusals[0].rule == "word-structure"
