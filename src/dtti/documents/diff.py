"""Two sequences of words compared: which are the same, which are gone, which are new. Knows nothing of texts.

A longest common subsequence is sought, in Word files between words that occur once on each side (patience diff). It is
found bit-parallel (H. Hyyrö, *Bit-parallel LCS-length computation revisited*, 2004): its cost goes by the lengths
alone, so that no words, however they repeat, make it slow (decision 0060).
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

MOST: Final = 4_000_000
"""Words before times words after of a stretch without anchors, beyond which it counts as replaced on a page."""
MOST_IN_A_FILE: Final = 400_000_000
"""The same where one file is compared once: 0.2 s and 50 MB."""


@dataclass(frozen=True)
class Block:
    """sent[a0:a1] became returned[b0:b1]; `same`: they are equal word for word."""

    a0: int
    a1: int
    b0: int
    b1: int
    same: bool


def blocks(sent: Sequence[str], returned: Sequence[str], *, anchored: bool = False) -> list[Block]:
    """The whole of both sequences, in order, as blocks that are the same and blocks that are not.

    As many words as can be are the same. `anchored`: a word that stands once on each side rather keeps its place, which
    holds phrases together in long texts; and far longer stretches are compared.
    """
    pairs = _pairs(sent, returned, anchored=anchored)
    found: list[Block] = []
    a = b = 0
    at = 0
    while at < len(pairs):
        i, j = pairs[at]
        if (i, j) != (a, b):
            found.append(Block(a, i, b, j, same=False))
        end = at
        while end < len(pairs) and pairs[end] == (i + end - at, j + end - at):
            end += 1
        size = end - at
        found.append(Block(i, i + size, j, j + size, same=True))
        a, b, at = i + size, j + size, end
    if (a, b) != (len(sent), len(returned)):
        found.append(Block(a, len(sent), b, len(returned), same=False))
    return found


def _pairs(a: Sequence[str], b: Sequence[str], *, anchored: bool) -> list[tuple[int, int]]:
    """Pairs of places that hold the same word, rising in both."""
    found: list[tuple[int, int]] = []
    work = [(0, len(a), 0, len(b))]
    while work:
        a0, a1, b0, b1 = work.pop()
        while a0 < a1 and b0 < b1 and a[a0] == b[b0]:
            found.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and a[a1 - 1] == b[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            found.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        anchors = _anchors(a, b, a0, a1, b0, b1) if anchored else []
        if anchors:
            found += anchors
            edges = [(a0 - 1, b0 - 1), *anchors, (a1, b1)]
            work += [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]
        else:
            found += _longest(a[a0:a1], b[b0:b1], a0, b0, MOST_IN_A_FILE if anchored else MOST)
    return sorted(found)


def _longest(a: Sequence[str], b: Sequence[str], a0: int, b0: int, most: int) -> list[tuple[int, int]]:
    """Pairs of a longest common subsequence, their places counted from `a0` and `b0`; none beyond `most`."""
    if len(a) * len(b) > most:
        return []
    full = (1 << len(a)) - 1
    places: dict[str, int] = {}
    for place, word in enumerate(a):
        places[word] = places.get(word, 0) | 1 << place
    bits, steps = full, []
    for word in b:
        like = bits & places.get(word, 0)
        bits = ((bits + like) | (bits - like)) & full
        steps.append(bits)
    found: list[tuple[int, int]] = []
    x, y = len(a), len(b)
    while x and y:
        if steps[y - 1] >> (x - 1) & 1:
            x -= 1
        elif y > 1 and not steps[y - 2] >> (x - 1) & 1:
            y -= 1
        else:
            x, y = x - 1, y - 1
            found.append((a0 + x, b0 + y))
    return found


def _anchors(a: Sequence[str], b: Sequence[str], a0: int, a1: int, b0: int, b1: int) -> list[tuple[int, int]]:
    """Words that stand once in each stretch, in the longest series that rises in both."""
    once_a, once_b = Counter(a[a0:a1]), Counter(b[b0:b1])
    place = {b[at]: at for at in range(b0, b1) if once_b[b[at]] == 1}
    both = [(at, place[a[at]]) for at in range(a0, a1) if once_a[a[at]] == 1 and a[at] in place]
    return [both[at] for at in rising([other for _, other in both])]


def rising(values: Sequence[int]) -> list[int]:
    """The places of a longest strictly rising series in `values`."""
    tops: list[int] = []
    places: list[int] = []
    previous: list[int] = []
    for at, value in enumerate(values):
        pile = bisect_left(tops, value)
        previous.append(places[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(value)
            places.append(at)
        else:
            tops[pile], places[pile] = value, at
    found: list[int] = []
    at = places[-1] if places else -1
    while at >= 0:
        found.append(at)
        at = previous[at]
    return found[::-1]


def readable(found: Sequence[Block], sent: Sequence[str]) -> list[Block]:
    """A sign or short word that stayed between two replaced stretches is replaced with them: one change."""
    made: list[Block] = []
    for at, block in enumerate(found):
        island = (
            block.same
            and 0 < at < len(found) - 1
            and block.a1 - block.a0 == 1
            and (len(sent[block.a0]) <= 2 or not sent[block.a0].isalnum())
            and sent[block.a0] != "\n"
            and all(one.a1 > one.a0 and one.b1 > one.b0 for one in (found[at - 1], found[at + 1]))
        )
        if island:
            block = Block(block.a0, block.a1, block.b0, block.b1, same=False)
        if made and not block.same and not made[-1].same:
            last = made.pop()
            block = Block(last.a0, block.a1, last.b0, block.b1, same=False)
        made.append(block)
    return made


def likeness(a: Sequence[str], b: Sequence[str]) -> float:
    """How alike two sequences are, 0 to 1: twice the words in common over all words, wherever they stand."""
    if not a or not b:
        return 0.0
    return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b))
