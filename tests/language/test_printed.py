"""Nothing that a file says of itself can hide, move the cursor or write over a verdict."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.language.printed import BLANK, printable

ANY = st.text(st.characters(codec=None, exclude_categories=()))
ATTACKS = [
    "\x1b[1A\x1b[2KGOOD",
    "\rGOOD",
    "a\nGOOD. b",
    "\x9b2K",
    "\u202eDOOG",
    "\u2028GOOD",
    "\u200b",
    "\x7f\x08\x08\x08GOOD",
]


def seen(text: str) -> bool:
    """Whether every character is drawn, from left to right, one line high."""
    return all(
        each == " "
        or (
            unicodedata.category(each)[0] not in "CZ"
            and each not in BLANK
            and unicodedata.bidirectional(each) not in ("R", "AL", "AN")
        )
        for each in text
    )


@given(ANY)
def test_what_is_printed_can_be_seen_and_stands_on_one_line(text):
    made = printable(text)
    assert seen(made)
    assert printable(made) == made


@given(ANY)
def test_json_printed_so_says_the_same(text):
    made = printable(json.dumps(text, ensure_ascii=False), json=True)
    assert seen(made)
    assert json.loads(made) == text


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_printed_as_its_codes(text):
    assert seen(printable(text))
    assert "\\" in printable(text)


def test_words_stay_as_they_are():
    for text in (
        "GOOD. India and the United States agreed.",
        "भारत और संयुक्त राज्य ने यह पाठ स्वीकार किया",
        "naïve “text” – ₹ 5",
    ):
        assert printable(text) == text


def test_a_pile_of_marks_is_cut():
    made = printable("a" + "\u0301" * 360)
    assert made.startswith("a" + "\u0301" * 4 + "\\u0301")
    assert made.count("\u0301") == 4
