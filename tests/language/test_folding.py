"""What people write in several ways is one for search; names stand in lists as a person would put them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dtti.language import folding


@pytest.mark.parametrize(
    ("text", "question", "found"),
    [
        ("Café society", "cafe", True),
        ("Cafe society", "CAFÉ", True),
        ("हिन्दी पत्र", "हिंदी", True),
        ("हिंदी पत्र", "हिन्दी", True),
        ("सम्पर्क", "संपर्क", True),
        ("क़लम", "कलम", True),
        ("कलम", "क़लम", True),
        ("\u0915\u093c\u0932\u092e", "\u0958\u0932\u092e", True),  # with the sign, and as one letter
        ("MQ-9B SkyGuardian", "MQ9B", True),
        ("MQ9B SkyGuardian", "MQ-9B", True),
        ("MQ9B SkyGuardian", "MQ 9B", True),
        ("MQ‑9B", "mq-9b", True),  # the hyphen that does not break
        ("S-400 contract", "s400", True),
        ("बैठक १२", "12", True),
        ("Straße", "strasse", True),
        ("Łódź", "lodz", True),
        ("Shipboard drone", "ship dro", True),
        ("Shipboard drone", "board", False),  # a beginning, not an end
        ("Shipboard drone", "ship crane", False),
        ("MQ-9B", "MQ-8B", False),
        ("anything", "---", False),
    ],
)
def test_a_question_finds_what_is_written_otherwise(text: str, question: str, found: bool) -> None:
    assert folding.holds(text, folding.asked(question)) is found


@pytest.mark.parametrize(
    "names",
    [
        ["Item 2", "item 9", "Item 10", "item 100"],
        ["Abel", "Echo", "Éclair", "zed"],
        ["अब", "आज", "कलम", "क़लम 2", "घर"],
        ["2 bodies", "10 bodies", "“A quoted name”", "b"],
    ],
)
def test_numbers_go_as_numbers_and_names_without_case_and_accent(names: list[str]) -> None:
    turned = names[::-1]
    turned.sort(key=folding.sort_key)
    assert turned == names


@given(st.text(max_size=80))
def test_every_text_is_found_by_each_of_its_own_words(text: str) -> None:
    for word in text.split():
        ways = folding.asked(word)
        assert not ways or folding.holds(text, ways)
    assert all(
        word and word == " ".join(word.split()) and not set(word) & set("'\"\\:*&|()") for word in folding.words(text)
    )


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_numbers_of_any_length_are_compared_as_numbers(one: int, other: int) -> None:
    assert (folding.sort_key(f"n {one}") < folding.sort_key(f"n {other}")) == (one < other)
