"""Markings above the ceiling told from ordinary words: measured on examples, and on every text of the public record."""

import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dtti.language.catalogue import messages
from dtti.programme.kinds import KINDS
from dtti.programme.markings import MOST_FOUND, markings, vocabulary
from dtti.programme.published import load

from .support import ROOT

EXAMPLES: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").with_name("markings.toml").read_text())
MARGINS = EXAMPLES["margins"][0]


@pytest.mark.parametrize("text", EXAMPLES["marked"])
def test_a_marking_is_found(text: str) -> None:
    assert markings(text)


@pytest.mark.parametrize("text", EXAMPLES["plain"])
def test_an_ordinary_word_is_no_marking(text: str) -> None:
    assert markings(text) == ()


@pytest.mark.parametrize("text", MARGINS["marked"])
def test_a_marking_in_a_head_or_foot_is_found(text: str) -> None:
    assert markings(text, margin=True)


@pytest.mark.parametrize("text", MARGINS["plain"])
def test_an_ordinary_head_or_foot_is_no_marking(text: str) -> None:
    assert markings(text, margin=True) == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Minutes\n\nTOP SECRET\n", ("TOP SECRET", "top-secret", "both", "line", 3)),
        ("SECRET//NOFORN\n", ("SECRET//NOFORN", "secret", "USA", "banner", 1)),
        ("a\n(C) The range is short.", ("(C)", "confidential", "USA", "portion", 2)),
        ("a\nRESTRICTED\nb", ("RESTRICTED", "restricted", "IND", "line", 2)),
        ("a\n\n\nपरम गुप्त\nb", ("परम गुप्त", "top-secret", "IND", "line", 4)),
        ("CUI//NOFORN", ("CUI//NOFORN", "not-releasable", "USA", "banner", 1)),
        ("one\fa\nb\nConfidential", ("Confidential", "confidential", "both", "line", 4)),
    ],
)
def test_a_marking_says_its_words_level_vocabulary_form_and_line(text: str, found: tuple[Any, ...]) -> None:
    [one] = markings(text)
    assert (one.words, one.level, one.vocabulary, one.form, one.line) == found


def texts() -> Iterator[str]:
    """Every single text of the public record, and every word of the pages in both languages."""

    def within(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for each in value.values():
                yield from within(each)
        elif isinstance(value, list):
            for each in value:
                yield from within(each)

    for item in load():
        yield from within(KINDS[item.kind].write(item.content))
    for message in messages("hi"):
        for each in (message.id, message.string):
            yield from each if isinstance(each, tuple | list) else (each,)


def test_no_text_of_the_public_record_and_no_word_of_the_pages_is_taken_for_a_marking() -> None:
    held = list(texts())
    assert len(held) > 15_000
    assert [each for each in held if markings(each)] == []


def test_no_page_of_the_documentation_is_taken_for_a_marking() -> None:
    pages = list((ROOT / "docs").rglob("*.md"))
    assert len(pages) > 100
    examples = re.compile(r"`[^`]*`|\*[^*]*\*")  # which the page on markings quotes
    texts = {page.name: page.read_text() for page in pages}
    texts["markings.md"] = examples.sub("", texts["markings.md"])
    assert [name for name, text in texts.items() if markings(text)] == []


def test_every_word_of_the_vocabulary_is_found_on_a_line_of_its_own() -> None:
    assert {each.level for each in vocabulary()} == {
        "top-secret",
        "secret",
        "confidential",
        "restricted",
        "not-releasable",
    }
    for each in vocabulary():
        assert [(one.level, one.words) for one in markings(f"a\n{each.words}\nb")] == [(each.level, each.words)]


@pytest.mark.parametrize(
    "text",
    [
        "a b c\n" * 40_000,
        "(S) x\n" * 40_000,
        "S " * 100_000,
        "(SECRET - " * 20_000,
        "subject:" * 25_000,
        "secret a\n" * 20_000,
        "REL TO A, " * 20_000,
        " " * 200_000 + "SECRET",
        "1." * 100_000,
    ],
)
def test_no_text_holds_a_form_up_and_no_answer_is_long(text: str) -> None:
    began = time.process_time()
    found = markings(text)
    assert time.process_time() - began < 2
    assert len(found) <= MOST_FOUND
