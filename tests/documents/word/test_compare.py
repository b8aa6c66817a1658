"""A returned file against what was sent: what became of each clause, word by word, noise told apart."""

import io

import docx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.documents.values import Passage, Words
from dtti.documents.word.plan import plan
from dtti.documents.word.slots import sent_tokens
from dtti.papers.data.instrument import Clause
from dtti.papers.negotiated import apply, compare, form_of, read, write

from .making import changed, paragraph_with, sample

EN = write(sample(), lang="en")


def states(found):
    return {each.key: each.state for each in found.clauses}


def brief(found):
    return [(each.id, each.removed, "".join(part.text for part in each.added).strip()) for each in found.changes]


@pytest.mark.parametrize("lang", ["en", "hi", "both"])
@pytest.mark.parametrize("layout", ["side", "after"])
@pytest.mark.parametrize("first", ["IND", "USA"])
def test_what_was_sent_unchanged_shows_no_change_and_no_noise(lang, layout, first):
    found = compare(sample(), write(sample(), lang=lang, layout=layout, first=first))
    assert found.same
    assert found.noise == ()
    assert set(states(found).values()) == {"same"}


def test_a_changed_word_is_one_change_with_its_surroundings():
    found = compare(sample(), changed(EN, ("within 30 days", "within 45 working days")))
    assert brief(found) == [("clause/reports/text/en/1", "30", "45 working")]
    assert found.changes[0].before.endswith("within")
    assert found.changes[0].behind.startswith("days")
    assert states(found)["reports"] == "changed"


def test_hindi_words_are_compared_whole():
    hindi = write(sample(), lang="hi")
    found = compare(sample(), changed(hindi, ("हर तिमाही", "प्रत्येक तिमाही")))
    assert brief(found) == [("clause/reports/text/hi/1", "हर", "प्रत्येक")]


@pytest.mark.parametrize(
    ("sent", "returned", "kind"),
    [
        ("“the Participants”", '"the Participants"', "quotes"),
        ("hereinafter “the", "hereinafter  “the", "spaces"),
        ("30 days", "30\u00a0days", "spaces"),
        ("acoustic array", "acoustic\u200b array", "joiners"),
        ("Each Participant reports", "each Participant reports", None),
    ],
)
def test_what_programs_do_by_themselves_is_noise(sent, returned, kind):
    found = compare(sample(), changed(EN, (sent, returned)))
    if kind:
        assert found.same
        assert {each.kind for each in found.noise} == {kind}
    else:
        assert len(found.changes) == 1, "a capital lost is a change: no program takes one away"


def noise(text, other):
    made = msgspec.structs.replace(
        sample(), clauses=(Clause("k", "1.", (Passage(Words(text)),)), *sample().clauses[1:])
    )
    now = msgspec.structs.replace(made, clauses=(Clause("k", "1.", (Passage(Words(other)),)), *sample().clauses[1:]))
    return compare(made, write(now, lang="en"))


@pytest.mark.parametrize(
    ("text", "other", "kinds"),
    [
        ("a - b", "a – b", {"dashes"}),
        ("a -- b", "a — b", {"dashes"}),
        ("the end...", "the end…", {"ellipsis"}),
        ("Café", "Cafe\u0301", {"form"}),
        ("क\u094d\u200dष", "क\u094dष", {"joiners"}),
        ("one party's", "one party’s", {"quotes"}),
        ("first. second", "First. Second", {"capital"}),
        ('say "so"', "say “so”", {"quotes"}),
    ],
)
def test_each_kind_of_noise_is_named(text, other, kinds):
    found = noise(text, other)
    assert found.same, found.changes
    assert {each.kind for each in found.noise} == kinds


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("shall not pass", "shall pass"),
        ("the party", "the Party"),
        ("30 days", "3O days"),
        ("1,000 rupees", "1.000 rupees"),
        ("may, if asked", "may if asked"),
        ("one\ntwo", "one two"),
        ("प्रति", "प्रती"),
        ("a-b", "a b"),
    ],
)
def test_what_changes_the_meaning_is_no_noise(text, other):
    assert not noise(text, other).same


def test_a_deleted_clause_is_one_change():
    block = paragraph_with(EN, "The hull is built")
    found = compare(sample(), changed(EN, (block, "")))
    assert [(each.kind, each.slot) for each in found.changes] == [("deleted", "clause/shares-work")]
    assert states(found)["shares-work"] == "deleted"


def moved_file(data=EN):
    block = paragraph_with(data, "Third parties") + paragraph_with(data, "Neither Participant")
    target = paragraph_with(data, "Work and cost")
    return changed(data, (block, ""), (target, block + target))


def test_a_moved_clause_is_moved_and_the_others_are_the_same():
    found = compare(sample(), moved_file())
    assert [(each.kind, each.slot, each.after) for each in found.changes] == [("moved", "clause/transfer", "purpose")]
    assert states(found) == {
        "purpose": "same",
        "shares": "same",
        "shares-work": "same",
        "reports": "same",
        "transfer": "moved",
        "duration": "same",
    }


def test_a_clause_moved_changed_and_renumbered_is_three_changes():
    found = compare(
        sample(),
        changed(moved_file(), ("sixty", "ninety"), ('<w:t xml:space="preserve">3.<', '<w:t xml:space="preserve">2.<')),
    )
    assert states(found)["transfer"] == "moved and changed"
    assert sorted(each.kind for each in found.changes) == ["moved", "number", "words"]
    assert next(each for each in found.clauses if each.key == "transfer").number_returned == "2."


def test_a_bracket_taken_away_is_a_change_of_the_bracket_and_not_of_the_words():
    found = compare(sample(), changed(EN, (">[United States: <", "><"), (">]<", "><")))
    assert [(each.kind, each.bracket_before, each.bracket) for each in found.changes] == [("bracket", "USA", None)]


def test_a_bracket_typed_by_hand_is_known_by_its_side():
    found = compare(sample(), changed(EN, ("after five years", "after [US: five years]")))
    assert [(each.kind, each.bracket, each.removed) for each in found.changes] == [("bracket", "USA", "five years")]


def test_a_bracket_without_a_side_is_words_and_is_warned_of():
    found = compare(sample(), changed(EN, ("after five years", "after [five] years")))
    assert {each.kind for each in found.changes} == {"words"}
    assert any("without a side" in each.en for each in found.warnings)


def test_a_clause_that_came_in_stands_behind_its_neighbour():
    new = "<w:p><w:r><w:t>2.3</w:t></w:r><w:r><w:tab/><w:t>Spare parts [India: are free].</w:t></w:r></w:p>"
    block = paragraph_with(EN, "Each Participant reports")
    found = compare(sample(), changed(EN, (block, block + new)))
    assert [(each.number, each.after, each.level) for each in found.added] == [("2.3", "reports", 2)]
    assert [(part.text, part.bracket) for part in found.added[0].text["en"]] == [
        ("Spare parts ", None),
        ("are free", "IND"),
        (".", None),
    ]


def test_a_paragraph_without_a_number_belongs_to_the_clause_before_it():
    block = paragraph_with(EN, "Each Participant reports")
    found = compare(sample(), changed(EN, (block, block + "<w:p><w:r><w:t>And so does the other.</w:t></w:r></w:p>")))
    assert brief(found) == [("clause/reports/text/en/1", "", "And so does the other.")]


def test_a_clause_cut_in_two_paragraphs_is_still_one():
    old = "The hull is built in India; the acoustic"
    cut = "The hull is built in India; </w:t></w:r></w:p><w:p><w:r><w:t>the acoustic"
    found = compare(sample(), changed(EN, (old, cut)))
    assert states(found)["shares-work"] == "changed"
    assert [each.removed for each in found.changes] == [""], "only the end of a paragraph came in"


def bare(data):
    """The same words in a file without bookmarks, styles, or anything else of ours, as web editors give back."""
    ours, held = docx.Document(io.BytesIO(data)), docx.Document()
    for paragraph in ours.paragraphs:
        held.add_paragraph(paragraph.text)
    for table in ours.tables:
        for row in table.rows:
            for cell in row.cells:
                for paragraph in cell.paragraphs:
                    held.add_paragraph(paragraph.text)
    out = io.BytesIO()
    held.save(out)
    return out.getvalue()


def test_without_bookmarks_clauses_are_known_by_number_and_likeness():
    found = compare(sample(), bare(changed(moved_file(), ("within 30 days", "within 45 days"))))
    assert sorted((each.kind, each.slot) for each in found.changes) == [
        ("moved", "clause/transfer"),
        ("words", "clause/reports/text"),
    ]
    assert {each.found_by for each in found.clauses} == {"likeness"}


def test_a_change_in_one_language_only_is_warned_of():
    both = changed(write(sample()), ("within 30 days", "within 45 days"))
    found = compare(sample(), both)
    assert brief(found) == [("clause/reports/text/en/1", "30", "45")]
    assert [each.en for each in found.warnings] == [
        "Texts changed in one language only: 1. The two may no longer say the same."
    ]


@pytest.mark.parametrize("layout", ["side", "after"])
def test_a_clause_emptied_in_one_language_moves_no_other(layout):
    said = sample().clauses[3].passages[0].text.en
    found = compare(sample(), changed(write(sample(), layout=layout), (said, "")))
    assert brief(found) == [("clause/reports/text/en/1", said, "")]
    assert {key for key, state in states(found).items() if state != "same"} == {"reports"}


def test_titles_and_particulars_are_compared_too():
    found = compare(sample(), changed(EN, ("on the Tidewater", "on a Tidewater"), ("26 Jan 2027", "27 Jan 2027")))
    assert {each.slot: each.state for each in found.fields} == {"title": "changed", "date": "changed"}


def test_the_same_files_give_the_same_proposal():
    one, other = (compare(sample(), changed(EN, ("five", "ten"))) for _ in range(2))
    assert msgspec.json.encode(one) == msgspec.json.encode(other)


def test_a_proposal_survives_json():
    found = compare(sample(), changed(EN, ("five", "ten")))
    assert msgspec.json.decode(msgspec.json.encode(found), type=type(found)) == found


def test_a_very_long_clause_is_compared_in_bounded_steps():
    words = " ".join(f"word{at % 700} and the of" for at in range(2_500))
    other = words.replace("word5 ", "term5 ").replace("and the of word9 ", "")
    assert len(noise(words, other).changes) > 3


def test_nothing_confirmed_nothing_changed():
    found = compare(sample(), changed(EN, ("five", "ten")))
    assert apply(sample(), found, set()) == sample()


def test_only_what_is_confirmed_is_applied():
    found = compare(sample(), changed(moved_file(), ("within 30 days", "within 45 days"), ("five years", "ten years")))
    assert len(found.changes) == 3
    made = apply(sample(), found, {"clause/reports/text/en/1"})
    assert [each.key for each in made.clauses] == [each.key for each in sample().clauses]
    assert made.clauses[3].passages[0].text.en.endswith("within 45 days of the end of each quarter.")
    assert made.clauses[3].passages[0].text.hi == sample().clauses[3].passages[0].text.hi
    assert made.clauses[3].passages[0].text.reviewed is False
    assert made.clauses[5] == sample().clauses[5]
    assert made.digest == ""


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Each side, at once, informs the other.", "Each side informs the other."),
        ("They met at the tenth meeting held in Delhi.", "They met at the meeting."),
        ("One (of two) is enough; both are better.", "One is enough; both are better."),
        ("All of it; and more.", "All."),
        ("First the one, then the other.", "Then the other."),
    ],
)
def test_words_taken_out_leave_the_spaces_that_came_back(text, other):
    sent = msgspec.structs.replace(sample(), clauses=(Clause("k", "1.", (Passage(Words(text)),)),))
    now = msgspec.structs.replace(sent, clauses=(Clause("k", "1.", (Passage(Words(other)),)),))
    found = compare(sent, write(now, lang="en"))
    assert apply(sent, found, {each.id for each in found.changes}).clauses[0].passages[0].text.en == other


def test_a_bracket_confirmed_away_leaves_the_words_of_both_languages():
    found = compare(sample(), changed(EN, (">[United States: <", "><"), (">]<", "><")))
    made = apply(sample(), found, {each.id for each in found.changes})
    assert [each.bracket for each in made.clauses[1].passages] == [None, None, "IND", None]
    assert [each.text for each in made.clauses[1].passages] == [each.text for each in sample().clauses[1].passages]


def test_a_bracket_of_one_language_only_is_refused_where_both_are_shown():
    found = compare(sample(), changed(write(sample()), (">[United States: <", "><"), (">]<", "><")))
    with pytest.raises(Refused) as refused:
        apply(sample(), found, {each.id for each in found.changes})
    assert refused.value.refusals[0].rule == "word-brackets-differ"


def test_placeholders_of_the_parties_survive_a_change_beside_them():
    found = compare(sample(), changed(EN, ("on the Tidewater", "on a Tidewater")))
    made = apply(sample(), found, {each.id for each in found.changes})
    assert made.title.en == "Statement of Intent between {parties} on a Tidewater Sensor Buoy"


def test_a_proposal_for_another_text_is_refused():
    found = compare(sample(), changed(EN, ("five", "ten")))
    other = msgspec.structs.replace(sample(), reference="OTHER")
    with pytest.raises(Refused) as refused:
        apply(other, found, set())
    assert refused.value.refusals[0].rule == "word-other-text"


def test_a_change_that_the_proposal_does_not_hold_is_refused():
    with pytest.raises(Refused) as refused:
        apply(sample(), compare(sample(), EN), {"clause/purpose/deleted"})
    assert refused.value.refusals[0].rule == "word-unknown-change"


def test_a_date_that_is_none_is_refused_when_confirmed():
    found = compare(sample(), changed(EN, ("26 Jan 2027", "some day soon")))
    with pytest.raises(Refused) as refused:
        apply(sample(), found, {each.id for each in found.changes})
    assert refused.value.refusals[0].rule == "word-value"


POOL = ["the", "each", "party", "shall", "may", "inform", "thirty", "days", "of", "data,", "work;", "or", "नहीं", "देगा"]
PHRASE = st.lists(st.sampled_from(POOL), min_size=1, max_size=12).map(" ".join)
PASSAGES = st.lists(st.tuples(PHRASE, PHRASE, st.sampled_from([None, None, "IND", "USA"])), min_size=1, max_size=3)


def clause(key, rows):
    return Clause(key, f"{key}.", tuple(Passage(Words(f"{en} ", f"{hi} "), side) for en, hi, side in rows))


def shown(instrument, languages):
    made = plan(form_of(instrument).draft(instrument), languages=languages, layout="after", first="IND")
    return [
        (unit.number, [(each.key, each.bracket) for each in sent_tokens(unit)])
        for language in languages
        for line in made.clauses[language]
        for unit in line
    ]


PLAY = given(st.lists(PASSAGES, min_size=1, max_size=4), st.sampled_from(["en", "both"]), st.data())


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@PLAY
def test_all_changes_applied_give_what_came_back(rows, lang, data):
    played(rows, lang, data)


@pytest.mark.office
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@PLAY
def test_all_changes_applied_give_what_came_back_in_a_long_play(rows, lang, data):
    played(rows, lang, data)


def played(rows, lang, data):
    sent = msgspec.structs.replace(sample(), clauses=tuple(clause(str(at + 1), each) for at, each in enumerate(rows)))
    left = [each for each in sent.clauses if len(sent.clauses) == 1 or data.draw(st.integers(0, 4))]
    left = data.draw(st.permutations(left)) or list(sent.clauses)
    new = [clause(each.key, data.draw(PASSAGES)) if not data.draw(st.integers(0, 2)) else each for each in left]
    returned = msgspec.structs.replace(sent, clauses=tuple(new))
    found = compare(sent, write(returned, lang=lang))
    made = apply(sent, found, {each.id for each in found.changes})
    languages = ("en", "hi") if lang == "both" else ("en",)
    assert shown(made, languages) == shown(returned, languages)
    assert compare(made, write(made, lang=lang)).same
    assert read(write(made)) == made
