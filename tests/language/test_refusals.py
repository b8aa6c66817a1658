"""Refusals in Hindi: every sentence of a rule that a page can show is found back by its words."""

import ast
from collections.abc import Iterator

import pytest

from dtti.language.catalogue import LANGUAGES
from dtti.language.refusals import CONTEXT, refusal_in

from .gathering import BLANK, REFUSING, SENTENCES, SOURCES, entries, held, refusals_of

SENTENCES_HELD = [(one, words) for (one, context), words in entries(held()).items() if context == CONTEXT]

#: What a refusal repeats from elsewhere: a sentence that is gathered there, or what a library or another program says.
REPEATED = {
    "AGAIN", "ELSEWHERE[verb]", "later.stage", "_LEFT", "' '.join(error.messages)", "error.reason",
    "str(error.reason)", "reason", "remedy", "str(error).split(' (rule ')[0]",
}  # fmt: skip


@pytest.mark.parametrize(("english", "hindi"), SENTENCES_HELD)
def test_a_sentence_is_found_by_its_words_and_its_blanks_are_filled_anew(english: str, hindi: str):
    values = {name: f"<{place}>" for place, name in enumerate(BLANK.findall(english))}
    given, expected = (english % values, hindi % values) if values else (english, hindi)
    assert [refusal_in(each, given) for each in LANGUAGES] == [given, expected]


def test_what_stands_in_a_blank_is_translated_where_it_is_ours():
    assert refusal_in("hi", "No end user is named for USA.") == "अमेरिका के लिए नहीं दिया गया: अंतिम प्रयोक्ता।"
    assert refusal_in("hi", "The measure Range lacks a unit, a date.") == "मापदंड Range में यह नहीं है: इकाई, तिथि।"
    assert (
        refusal_in("hi", "the text at `$.title`: U+200B ZERO WIDTH SPACE, character 3, cannot be seen")
        == "`$.title` पर पाठ: U+200B ZERO WIDTH SPACE, वर्ण 3: दिखाई नहीं देता"
    )


def test_a_sentence_that_is_not_ours_stays_as_it_is():
    assert refusal_in("hi", "Whatever the other side wrote") == "Whatever the other side wrote"
    assert refusal_in("hi", "There is no day " * 1000) == "There is no day " * 1000


def unseen() -> Iterator[str]:
    """Sentences that a refusal takes from somewhere else than the function that makes it."""
    for room in REFUSING:
        for path in [SOURCES / room] if room.endswith(".py") else (SOURCES / room).rglob("*.py"):
            for function in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(function, ast.FunctionDef):
                    yield from (ast.unparse(each) for each in refusals_of(function, SENTENCES)[1])


def test_no_refusal_that_a_page_shows_is_passed_over():
    assert set(unseen()) == REPEATED
