"""The registers and their words are whole: a heading means one column, a phrase is in both languages."""

import re

import pytest

from dtti.documents.sheet import phrases
from dtti.documents.sheet.phrases_hi import HINDI
from dtti.documents.sheet.text import folded
from dtti.papers.registers import REGISTERS, register

_DEVANAGARI = re.compile("[\u0900-\u097f]")


@pytest.mark.parametrize("code", REGISTERS)
def test_a_heading_means_one_column_and_a_word_one_choice(code: str) -> None:
    seen: dict[str, str] = {}
    for column in register(code).columns:
        for heading in column.headings():
            assert seen.setdefault(heading, column.key) == column.key
        words: dict[str, str] = {}
        for choice in column.choices:
            for word in (choice.code, choice.name.en, choice.name.hi, *choice.aliases):
                assert words.setdefault(folded(word), choice.code) == choice.code


@pytest.mark.parametrize("code", REGISTERS)
def test_every_column_and_choice_has_a_name_in_both_languages(code: str) -> None:
    for column in register(code).columns:
        for name in (column.name, *(choice.name for choice in column.choices)):
            assert name.en
            assert _DEVANAGARI.search(name.hi)


def test_every_phrase_says_the_same_in_both_languages() -> None:
    english = {**phrases.PROBLEMS, **phrases.REFUSALS, **phrases.NOTICES}
    assert set(english) == set(HINDI)
    for rule, said in english.items():
        hindi = HINDI[rule]
        assert _DEVANAGARI.search(hindi[0])
        assert bool(said.remedy) == bool(hindi[1])
        assert set(re.findall(r"\{\w+\}", " ".join(said))) == set(re.findall(r"\{\w+\}", " ".join(hindi)))


def test_every_problem_and_refusal_says_what_would_satisfy_it() -> None:
    assert [rule for rule, said in {**phrases.PROBLEMS, **phrases.REFUSALS}.items() if not said.remedy] == []
