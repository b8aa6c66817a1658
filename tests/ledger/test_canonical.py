"""The canonical profile against an independent RFC 8785 implementation, and what it refuses."""

import json
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from dtti.ledger import canonical
from dtti.ledger.canonical import MAX_DEPTH, MAX_INTEGER, ProfileError

from .strategies import BIDI, CONTROLS, one_byte_changed, values


def nested(depth: int, opening: str = "[", closing: str = "]") -> bytes:
    return (opening * depth + closing * depth).encode()


def refused(data: bytes) -> ProfileError:
    with pytest.raises(ProfileError) as caught:
        canonical.decode(data)
    return caught.value


@given(values)
@example({"b": [1, {"z": "अनुबंध\n", "a": True}], "a_1": "\u200d\u200c", "0": -MAX_INTEGER})
@example("\u2028\u2029\ufeff\U0001f6f0 /\\\"'<>&")
def test_inside_the_profile_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    assert canonical.encode(value) == rfc8785.dumps(value)


@given(values)
def test_what_was_encoded_decodes_to_the_same_value(value: Any) -> None:
    decoded = canonical.decode(canonical.encode(value))
    assert decoded == value
    assert canonical.encode(decoded) == canonical.encode(value)  # and so 1 did not turn into True


@given(values, st.sampled_from(["indent", "spaces", "escapes", "trailing"]))
def test_every_other_spelling_of_a_value_is_refused(value: Any, manner: str) -> None:
    other = {
        "indent": lambda: json.dumps(value, indent=1, ensure_ascii=False, sort_keys=True),
        "spaces": lambda: json.dumps(value, ensure_ascii=False, sort_keys=True),
        "escapes": lambda: json.dumps(value, separators=(",", ":"), sort_keys=True),
        "trailing": lambda: canonical.encode(value).decode() + "\n",
    }[manner]().encode()
    if other == canonical.encode(value):
        return  # this value has no such other spelling
    assert refused(other).rule == "profile-canonical"


@given(st.binary(max_size=64) | one_byte_changed(values.map(canonical.encode)))
def test_any_bytes_are_refused_or_are_the_one_spelling_of_their_value(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except ProfileError:
        return
    assert canonical.encode(value) == data
    assert rfc8785.dumps(value) == data


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "profile-json"),
        (b"{", "profile-json"),
        (b"[1,]", "profile-json"),
        (b"\xff", "profile-json"),
        (b'"\xed\xa0\x80"', "profile-json"),  # a surrogate as UTF-8
        (b'"\\ud800"', "profile-json"),  # and as an escape
        (b'"\\ude00\\ud83d"', "profile-json"),
        (b"NaN", "profile-json"),
        (b"Infinity", "profile-json"),
        (b"\xef\xbb\xbf1", "profile-json"),  # byte order mark
        (b" 1", "profile-canonical"),
        (b"1 ", "profile-canonical"),
        (b'{"a": 1}', "profile-canonical"),
        (b'{"b":1,"a":2}', "profile-canonical"),
        (b'{"a":1,"a":1}', "profile-canonical"),
        (b'{"a":1,"a":2}', "profile-canonical"),
        (b'"\\u0041"', "profile-canonical"),
        (b'"\\u00e9"', "profile-canonical"),
        (b'"\\/"', "profile-canonical"),
        (b"-0", "profile-canonical"),
        (b"-0.0", "profile-float"),
        (b"1.0", "profile-float"),
        (b"1e2", "profile-float"),
        (b"0.5", "profile-float"),
        (b"9007199254740992", "profile-integer"),
        (b"-9007199254740992", "profile-integer"),
        (b"18446744073709551616", "profile-float"),  # beyond 64 bits a parser may only have an approximation
        (b"9" * 400, "profile-json"),
        (b"null", "profile-null"),
        (b'{"a":null}', "profile-null"),
        (b'{"A":1}', "profile-key"),
        (b'{"":1}', "profile-key"),
        (b'{"a-b":1}', "profile-key"),
        (b'{"a\\n":1}', "profile-key"),
        (b'{"' + b"a" * 41 + b'":1}', "profile-key"),
        ('{"é":1}'.encode(), "profile-key"),
        ('{"१":1}'.encode(), "profile-key"),  # a digit, but not one of the profile's
        (nested(MAX_DEPTH + 1), "profile-depth"),
        (nested(MAX_DEPTH + 1, '{"a":[', "]}"), "profile-depth"),
        (nested(1_000), "profile-depth"),
        (nested(100_000), "profile-json"),
    ],
    ids=lambda given: str(given)[:40],
)
def test_a_violation_is_refused_by_its_rule(data: bytes, rule: str) -> None:
    assert refused(data).rule == rule


@pytest.mark.parametrize("character", CONTROLS + BIDI + "\ud800\udfff", ids=lambda given: f"U+{ord(given):04X}")
def test_a_forbidden_character_is_refused_in_both_directions(character: str) -> None:
    for text in (character, f"before {character} after", f"अ{character}"):
        with pytest.raises(ProfileError) as caught:
            canonical.encode({"text": [text]})
        assert (caught.value.rule, caught.value.where) == ("profile-character", "$.text[0]")
        assert caught.value.reason == f"character U+{ord(character):04X} is not allowed in a text"
    escaped = f'"\\u{ord(character):04x}"'.encode()
    assert refused(escaped).rule == ("profile-json" if "\ud800" <= character <= "\udfff" else "profile-character")


@pytest.mark.parametrize(
    "character", ["\n", "\u200c", "\u200d", "\u00a0", "\u2028", "\ufeff", "\u00ad", "़", "🛰"], ids=ascii
)
def test_line_feed_joiners_and_other_scripts_stay(character: str) -> None:
    assert canonical.decode(canonical.encode(f"क{character}ष")) == f"क{character}ष"


@pytest.mark.parametrize(
    ("value", "rule", "where"),
    [
        (0.0, "profile-float", "$"),
        (float("nan"), "profile-float", "$"),
        (None, "profile-null", "$"),
        ({"a": [1, None]}, "profile-null", "$.a[1]"),
        (MAX_INTEGER + 1, "profile-integer", "$"),
        (-MAX_INTEGER - 1, "profile-integer", "$"),
        (10**400, "profile-integer", "$"),
        ((1, 2), "profile-type", "$"),
        ({"a": b"bytes"}, "profile-type", "$.a"),
        ({1: 2}, "profile-key", "$"),
        ({"a": {"B": 1}}, "profile-key", "$.a"),
        ({"a\n": 1}, "profile-key", "$"),
    ],
)
def test_a_value_outside_the_profile_is_never_written(value: Any, rule: str, where: str) -> None:
    with pytest.raises(ProfileError) as caught:
        canonical.encode(value)
    assert (caught.value.rule, caught.value.where) == (rule, where)


def test_a_value_as_deep_as_the_profile_allows_is_written_and_read() -> None:
    deepest = nested(MAX_DEPTH)
    assert canonical.encode(canonical.decode(deepest)) == deepest
    assert canonical.decode(b"[" * MAX_DEPTH + b"1" + b"]" * MAX_DEPTH)  # a scalar adds no depth


def test_a_value_that_holds_itself_is_refused_by_depth() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ProfileError) as caught:
        canonical.encode(endless)
    assert caught.value.rule == "profile-depth"


def test_a_refusal_says_where_what_and_by_which_rule() -> None:
    assert str(refused(b'{"terms":{"share":[50,0.5]}}')) == (
        "$.terms.share[1]: a number with a fraction or exponent; use an integer and a unit (rule profile-float)"
    )
