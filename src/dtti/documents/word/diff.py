"""Two sequences of words compared: which are the same, which are gone, which are new. Knows nothing of texts.

Words that occur once on each side are the anchors (patience diff); between them the fewest words put in and taken out
are sought (E. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986). Time is bounded: a stretch without any
anchor that needs very many counts as replaced.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

_MOST = 600  # words put in and taken out of a stretch without anchors, before it counts as replaced


@dataclass(frozen=True)
class Block:
    """sent[a0:a1] became returned[b0:b1]; `same`: they are equal word for word."""

    a0: int
    a1: int
    b0: int
    b1: int
    same: bool


def blocks(sent: Sequence[str], returned: Sequence[str]) -> list[Block]:
    """The whole of both sequences, in order, as blocks that are the same and blocks that are not."""
    pairs = _pairs(sent, returned)
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


def _pairs(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int]]:
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
        anchors = _anchors(a, b, a0, a1, b0, b1)
        if anchors:
            found += anchors
            edges = [(a0 - 1, b0 - 1), *anchors, (a1, b1)]
            work += [(i + 1, k, j + 1, m) for (i, j), (k, m) in pairwise(edges)]
        else:
            found += _shortest(a[a0:a1], b[b0:b1], a0, b0)
    return sorted(found)


def _shortest(a: Sequence[str], b: Sequence[str], a0: int, b0: int) -> list[tuple[int, int]]:
    """Pairs of equal words along a shortest way from `a` to `b`, their places counted from `a0` and `b0`."""
    reach = {1: 0}  # how far into `a` each diagonal has come
    trace: list[dict[int, int]] = []
    for steps in range(min(len(a) + len(b), _MOST) + 1):
        trace.append(dict(reach))
        for diagonal in range(-steps, steps + 1, 2):
            down = diagonal == -steps or (diagonal != steps and reach[diagonal - 1] < reach[diagonal + 1])
            x = reach[diagonal + 1] if down else reach[diagonal - 1] + 1
            y = x - diagonal
            while x < len(a) and y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            reach[diagonal] = x
            if x >= len(a) and y >= len(b):
                return _walked(trace, len(a), len(b), a0, b0)
    return []


def _walked(trace: Sequence[dict[int, int]], x: int, y: int, a0: int, b0: int) -> list[tuple[int, int]]:
    """The way that a search took, backwards: the pairs of equal words on it."""
    found: list[tuple[int, int]] = []
    for steps in range(len(trace) - 1, -1, -1):
        reach, diagonal = trace[steps], x - y
        down = diagonal == -steps or (diagonal != steps and reach[diagonal - 1] < reach[diagonal + 1])
        before = diagonal + 1 if down else diagonal - 1
        start = reach[before] + (0 if down else 1) if steps else 0
        while x > start:
            x, y = x - 1, y - 1
            found.append((a0 + x, b0 + y))
        x, y = reach[before], reach[before] - before
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
