"""The one way bytes are made and read: RFC 8785 JSON in a narrow profile. Knows nothing of acts or ledgers.

Inside the profile a sorted-key dump is exactly the RFC 8785 (JCS) form; outside it a value is refused, never repaired.
The profile (architecture, section 5): objects whose keys match ``[a-z0-9_]{1,40}``; arrays; strings of Unicode scalar
values without control characters (line feed excepted, because texts have lines) and without bidirectional controls;
integers within 2**53 - 1; true and false; no floats; no null (an absent member means absent); depth at most 32.
"""

import re
from typing import Any

import orjson

MAX_DEPTH = 32
MAX_INTEGER = 2**53 - 1

_KEY = re.compile(r"[a-z0-9_]{1,40}\Z")
# C0 but line feed, DEL, C1, lone surrogates, and the bidirectional controls of Unicode UAX #9 (they make a text read
# differently from what was signed). ZWJ and ZWNJ stay: Devanagari needs them.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class ProfileError(ValueError):
    """A value or byte string outside the profile: `rule` names what it broke, `where` is a path like ``$.terms.a``."""

    def __init__(self, rule: str, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason} (rule {rule})")
        self.rule, self.where, self.reason = rule, where, reason


def check(value: Any, where: str = "$", depth: int = 1) -> None:
    """Raise ProfileError unless `value` (parsed JSON: dict, list, str, int, bool) lies inside the profile."""
    kind = type(value)
    if kind is str:
        if not value.isascii() or not value.isprintable():
            found = _FORBIDDEN.search(value)
            if found:
                raise ProfileError(
                    "profile-character", where, f"character U+{ord(found.group()):04X} is not allowed in a text"
                )
    elif kind is int:
        if not -MAX_INTEGER <= value <= MAX_INTEGER:
            raise ProfileError("profile-integer", where, "integer outside 2^53-1")
    elif kind is bool:
        pass
    elif kind is dict:
        if depth > MAX_DEPTH:
            raise ProfileError("profile-depth", where, f"nested deeper than {MAX_DEPTH}")
        for key, member in value.items():
            if type(key) is not str or not _KEY.match(key):
                raise ProfileError("profile-key", where, f"member name {str(key)[:60]!r} is not [a-z0-9_]{{1,40}}")
            check(member, f"{where}.{key}", depth + 1)
    elif kind is list:
        if depth > MAX_DEPTH:
            raise ProfileError("profile-depth", where, f"nested deeper than {MAX_DEPTH}")
        for number, member in enumerate(value):
            check(member, f"{where}[{number}]", depth + 1)
    elif kind is float:
        raise ProfileError("profile-float", where, "a number with a fraction or exponent; use an integer and a unit")
    elif value is None:
        raise ProfileError("profile-null", where, "null; leave the member out")
    else:
        raise ProfileError("profile-type", where, f"{kind.__name__} is not a JSON type of the profile")


def encode(value: Any) -> bytes:
    """The canonical bytes of `value`; ProfileError where it lies outside the profile."""
    check(value)
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def decode(data: bytes) -> Any:
    """The value of canonical `data`. Anything else, however harmless, is refused: one value has one byte string."""
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ProfileError("profile-json", "$", f"not JSON: {error}") from None
    check(value)
    if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != data:
        raise ProfileError(
            "profile-canonical", "$", "not in canonical form (order, spacing, escapes or repeated member)"
        )
    return value
