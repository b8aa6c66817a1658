"""Measuring in pairs: floor and subject by turns, so that what disturbs one disturbs the other. Knows no subject."""

import resource
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Literal

import msgspec

Clock = Callable[[], float]


class Stage(msgspec.Struct, frozen=True):
    """A part of what was measured, or a figure beside it."""

    name: str
    value: float
    unit: str = "us"


class Bench(msgspec.Struct, frozen=True):
    """What one bench found. `ratio` is held to `wanted` by `sense`: at least, or at most, so much."""

    name: str
    says: str
    ratio: float
    wanted: float
    sense: Literal[">=", "<="]
    floor: str
    stages: list[Stage]

    @property
    def good(self) -> bool:
        """Whether it is as fast, or as small, as wanted."""
        return self.ratio >= self.wanted if self.sense == ">=" else self.ratio <= self.wanted


def seconds(work: Callable[[], object], clock: Clock = time.perf_counter) -> float:
    """How long `work` takes by `clock` (seconds)."""
    began = clock()
    work()
    return clock() - began


def processor() -> float:
    """Processor time (seconds) of this process and of its ended children: a clock that other work does not move."""
    spent = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in spent)


def pairs(
    floor: Callable[[], object],
    subject: Callable[[], object],
    rounds: int,
    *,
    warm: int = 3,
    clock: Clock = time.perf_counter,
) -> list[tuple[float, float]]:
    """Seconds of `floor` and of `subject`, one after the other, `rounds` times after `warm` uncounted ones."""
    taken = [(seconds(floor, clock), seconds(subject, clock)) for _ in range(warm + rounds)]
    return taken[warm:]


def rate(taken: Sequence[tuple[float, float]]) -> float:
    """The subject's rate as a part of the floor's: the median over the pairs."""
    return statistics.median(floor / subject for floor, subject in taken)


def cost(taken: Sequence[tuple[float, float]]) -> float:
    """The subject's cost in floors: the median over the pairs."""
    return statistics.median(subject / floor for floor, subject in taken)


def medians(taken: Sequence[tuple[float, float]], scale: float = 1e6) -> tuple[float, float]:
    """Median of the floor and of the subject, in seconds times `scale`."""
    return statistics.median(one for one, _ in taken) * scale, statistics.median(one for _, one in taken) * scale


def undisturbed(taken: Sequence[tuple[float, float]]) -> float:
    """The rate by the quickest tenth of each: what it would be where nothing else wanted the processors or the disc."""
    floors, subjects = (sorted(each[which] for each in taken) for which in (0, 1))
    return floors[len(taken) // 10] / subjects[len(taken) // 10]
