"""The short reference printed beside a text's digest, for people to read out and type. Knows digests, nothing else.

A reference is the first 50 bits of the text's SHA-256 digest as ten characters of Crockford's base 32 alphabet (no I,
L, O or U), followed by two check characters: `F5HK-ANJP-N077`. The twelve form a word of a Reed-Solomon code over the
field of 32 elements (x^5 + x^2 + 1), whose words differ in at least three places. So any one or two wrong characters
are noticed, among them every exchange of two, next to each other or not; of other mistakes, one in 1,024 passes.

A reference finds candidates and never proves identity. Among n texts of honest origin two share one with a chance of
about n * n / 2^51: for 10,000 texts 1 in 22 million. Whoever wants to can make two texts with the same one in some 2^25
trials; what decides is the whole digest, in the code beside it.
"""

import re
from collections.abc import Iterable

from dtti.accord.refusal import Refused, refuse

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 50
"""How much of the digest a reference holds."""

_DATA, _CHECKS = BITS // 5, 2
_LENGTH = _DATA + _CHECKS
_READ = {letter: value for value, letter in enumerate(ALPHABET)}
_READ |= {"I": 1, "L": 1, "O": 0}  # what people write for 1 and 0; Devanagari figures are read as what they mean
_READ |= {chr(0x0966 + value): value for value in range(10)}
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _powers() -> tuple[tuple[int, ...], dict[int, int]]:
    power, value = [], 1
    for _ in range(31):
        power.append(value)
        value <<= 1
        if value & 32:
            value ^= 0b100101
    return tuple(power), {each: place for place, each in enumerate(power)}


_POWER, _LOG = _powers()


def _times(one: int, other: int) -> int:
    return _POWER[(_LOG[one] + _LOG[other]) % 31] if one and other else 0


def _sums(word: list[int]) -> tuple[int, int]:
    """The word as a polynomial at the first two powers of the field's generator: both 0 for a word of the code."""
    first = second = 0
    for value in word:
        first = _times(first, _POWER[1]) ^ value
        second = _times(second, _POWER[2]) ^ value
    return first, second


def checked_digest(digest: str) -> str:
    """`digest` if it is a SHA-256 digest, 64 characters of lower-case hexadecimal; else Refused by rule `digest`."""
    if not _DIGEST.fullmatch(digest):
        shown = str(digest)[:80]
        raise Refused(
            refuse("digest", f"{shown!r} is not a SHA-256 digest", "Give 64 figures 0-9 and small letters a-f.")
        )
    return digest


def reference_of(digest: str) -> str:
    """The reference of the text with this SHA-256 digest (lower-case hexadecimal), as printed: `7K3M-Q9XT-2B4F`."""
    head = int(checked_digest(digest), 16) >> (256 - BITS)
    data = [head >> 5 * (_DATA - 1 - place) & 31 for place in range(_DATA)]
    # Remainder after division by (x - a)(x - a^2): the two checks make the word vanish at both.
    sum_1, sum_2 = _POWER[1] ^ _POWER[2], _POWER[3]
    high = low = 0
    for value in data:
        lead = value ^ high
        high, low = low ^ _times(lead, sum_1), _times(lead, sum_2)
    letters = "".join(ALPHABET[value] for value in [*data, high, low])
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def read_reference(typed: str) -> str:
    """The reference that a person typed, in the printed form.

    Case, spaces and hyphens do not matter, I and L are read as 1, O as 0, Devanagari figures as figures. One character
    that cannot be read may be given as `?`: the check characters fill it. Refused by rule `reference` with what is
    wrong; where changing one character would make it right, the remedy asks whether that was meant.
    """
    kept = [letter for letter in typed.upper() if not letter.isspace() and letter not in "-\u2010\u2011\u2012\u2013._"]
    for letter in kept:
        if letter not in _READ and letter != "?":
            raise _refused(f"{letter!r} does not occur in a reference", f"It is made of {ALPHABET}.")
    if len(kept) != _LENGTH:
        raise _refused(
            f"a reference has {_LENGTH} characters, this one {len(kept)}", "Type it as printed: XXXX-XXXX-XXXX."
        )
    unread = [place for place, letter in enumerate(kept) if letter == "?"]
    if len(unread) > 1:
        raise _refused(f"{len(unread)} characters could not be read", "At most one may be given as `?`; use the code.")
    word = [_READ.get(letter, 0) for letter in kept]
    if unread:
        for value in range(32):
            word[unread[0]] = value
            if _sums(word) == (0, 0):
                return _printed(word)
        raise _refused("the check characters do not fit", "Besides the unread character another one is wrong.")
    first, second = _sums(word)
    if (first, second) == (0, 0):
        return _printed(word)
    raise _refused("the check characters do not fit: it is mistyped or misread", _suggested(word, first, second))


def candidates(reference: str, digests: Iterable[str]) -> list[str]:
    """Those of `digests` that a reference in printed form may stand for, in their order; the whole digest decides."""
    return [digest for digest in digests if reference_of(digest) == reference]


def _printed(word: list[int]) -> str:
    letters = "".join(ALPHABET[value] for value in word)
    return "-".join(letters[at : at + 4] for at in range(0, _LENGTH, 4))


def _suggested(word: list[int], first: int, second: int) -> str:
    again = "Compare it with the paper, character by character."
    if not first or not second:
        return again
    power = (_LOG[second] - _LOG[first]) % 31  # of the one wrong place, counted from the end
    place = _LENGTH - 1 - power
    if place < 0:
        return again
    wrong = first if not power else _POWER[(_LOG[first] - power) % 31]
    mended = list(word)
    mended[place] ^= wrong
    return f"{again} If only one is wrong, it is number {place + 1} and the reference is {_printed(mended)}."


def _refused(reason: str, remedy: str) -> Refused:
    return Refused(refuse("reference", reason, remedy))
