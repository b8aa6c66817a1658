"""Stretches of days, as pairs of ordinals from the first day up to and without the last: joined, cut, counted. Pure."""

from collections.abc import Iterable, Sequence

#: From a day up to, and without, another (`date.toordinal`).
Stretch = tuple[int, int]


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Every day that one of them covers, once, in order."""
    made: list[Stretch] = []
    for start, end in sorted(each for each in stretches if each[0] < each[1]):
        if made and start <= made[-1][1]:
            made[-1] = (made[-1][0], max(made[-1][1], end))
        else:
            made.append((start, end))
    return made


def common(some: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """The days that both cover; each is `joined`."""
    made, at, beside = [], 0, 0
    while at < len(some) and beside < len(others):
        start, end = max(some[at][0], others[beside][0]), min(some[at][1], others[beside][1])
        if start < end:
            made.append((start, end))
        if some[at][1] < others[beside][1]:
            at += 1
        else:
            beside += 1
    return made


def without(some: Sequence[Stretch], others: Sequence[Stretch]) -> list[Stretch]:
    """The days of the first that the second does not cover; each is `joined`."""
    made: list[Stretch] = []
    for start, end in some:
        at = start
        for cut_from, cut_to in others:
            if cut_to <= at or cut_from >= end:
                continue
            if cut_from > at:
                made.append((at, cut_from))
            at = max(at, cut_to)
        if at < end:
            made.append((at, end))
    return made


def days(stretches: Iterable[Stretch]) -> int:
    """How many days they come to, where none stands twice."""
    return sum(end - start for start, end in stretches)


def twice(stretches: Sequence[Stretch]) -> int:
    """Days that more than one of them covers."""
    found: list[Stretch] = []
    seen: list[Stretch] = []
    for each in sorted(stretches):
        found += common([each], seen)
        seen = joined([*seen, each])
    return days(joined(found))
