"""The printed reference: what it catches, what it reads, what it finds."""

import hashlib
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.accord.refusal import Refused
from dtti.documents.sign.reference import ALPHABET, candidates, read_reference, reference_of

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_a_reference_is_the_beginning_of_the_digest_and_two_checks() -> None:
    digest = "0" * 63 + "1"
    assert reference_of(digest) == "0000-0000-0000"
    assert reference_of("8" + "0" * 63)[:4] == "G000"
    assert reference_of(hashlib.sha256(b"The text of an exercise.").hexdigest()) == "F5HK-ANJP-N077"


@settings(max_examples=50)
@given(DIGESTS)
def test_what_is_printed_reads_back(digest: str) -> None:
    assert read_reference(reference_of(digest)) == reference_of(digest)


def test_every_single_error_is_caught_and_the_right_reference_offered() -> None:
    printed = "F5HK-ANJP-N077"
    for place, right in enumerate(printed):
        for wrong in ALPHABET:
            if right in ("-", wrong):
                continue
            with pytest.raises(Refused) as caught:
                read_reference(printed[:place] + wrong + printed[place + 1 :])
            assert caught.value.refusals[0].remedy.endswith(f"the reference is {printed}.")


def test_every_exchange_of_two_characters_is_caught() -> None:
    for digest in (hashlib.sha256(bytes([number])).hexdigest() for number in range(20)):
        plain = reference_of(digest).replace("-", "")
        for one, other in combinations(range(12), 2):
            if plain[one] != plain[other]:
                swapped = list(plain)
                swapped[one], swapped[other] = swapped[other], swapped[one]
                with pytest.raises(Refused):
                    read_reference("".join(swapped))


@settings(max_examples=60)
@given(DIGESTS, st.lists(st.integers(0, 11), min_size=2, max_size=2, unique=True), st.data())
def test_any_two_errors_are_caught(digest: str, places: list[int], data: st.DataObject) -> None:
    plain = list(reference_of(digest).replace("-", ""))
    for place in places:
        plain[place] = data.draw(st.sampled_from([each for each in ALPHABET if each != plain[place]]))
    with pytest.raises(Refused):
        read_reference("".join(plain))


@pytest.mark.parametrize(
    "typed",
    ["f5hk-anjp-n077", "F5HKANJPN077", " f5hk anjp n077 ", "F5HK–ANJP–NO77", "F5HK.ANJP.N०७७", "F5HK-A?JP-N077"],
)
def test_what_people_type_is_read_as_meant(typed: str) -> None:
    assert read_reference(typed) == "F5HK-ANJP-N077"


def test_an_unread_character_beside_a_wrong_one_is_refused() -> None:
    with pytest.raises(Refused, match="check characters do not fit"):
        read_reference("F5HK-A?JP-N078")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("F5HK-ANJP-N07", "a reference has 12 characters, this one 11"),
        ("F5HK-ANJP-N0777", "a reference has 12 characters, this one 13"),
        ("", "a reference has 12 characters, this one 0"),
        ("F5HK-ANJP-N07U", "'U' does not occur in a reference"),
        ("F5HK-??JP-N077", "2 characters could not be read"),
    ],
)
def test_what_is_no_reference_is_refused_with_the_reason(typed: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        read_reference(typed)
    assert caught.value.refusals[0].rule == "reference"
    assert caught.value.refusals[0].reason == reason


def test_a_reference_finds_candidates_and_does_not_choose_between_them() -> None:
    digest = hashlib.sha256(b"one").hexdigest()
    twin = digest[:20] + "0" * 44  # the same first 80 bits
    other = hashlib.sha256(b"other").hexdigest()
    assert candidates(reference_of(digest), [other, twin, digest]) == [twin, digest]


@pytest.mark.parametrize("wrong", ["", "F" * 64, "0" * 63, "0" * 65, "0" * 63 + "\n", "g" * 64])
def test_what_is_no_digest_is_refused(wrong: str) -> None:
    with pytest.raises(Refused) as caught:
        reference_of(wrong)
    assert caught.value.refusals[0].rule == "digest"
