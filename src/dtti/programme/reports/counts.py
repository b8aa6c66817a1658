"""Counting and grouping, always in alphabetical order of the group. Knows nothing else."""

from collections.abc import Iterable


def tally(values: Iterable[str]) -> dict[str, int]:
    """How often each value occurs."""
    return {value: len(each) for value, each in groups((value, "") for value in values).items()}


def groups(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """The second of each pair, under the first, in the order given."""
    found: dict[str, list[str]] = {}
    for group, member in pairs:
        found.setdefault(group, []).append(member)
    return dict(sorted(found.items()))
