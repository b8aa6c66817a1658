"""The label of a text: what may be read by whom, as a structure bound to it. Pure.

The ceiling is unclassified, or controlled unclassified that may be released to the other side: a label can say no more,
so that nothing above it can be labelled here. A text without a label stays with its own side while it is national.
"""

from typing import Annotated, Final, Literal

import msgspec

from .values import SideCode

Classification = Literal["unclassified", "controlled-unclassified"]
#: From the lowest to the highest.
LEVELS: Final[tuple[Classification, ...]] = ("unclassified", "controlled-unclassified")
Words = Annotated[str, msgspec.Meta(min_length=1, max_length=400)]


class Label(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A label. `policy`: under whose rules it is given; `releasable_to`: sides that may read it, its own among them.

    `restrictions`: further limits, word for word (such as a distribution statement). `originator`: the side and office
    that gave it, as named that day; `date`: the day (ISO) on which it was given.
    """

    policy: Words
    classification: Classification
    releasable_to: Annotated[list[SideCode], msgspec.Meta(min_length=1, max_length=2)]
    originator: Words
    date: Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")]
    restrictions: Annotated[list[Words], msgspec.Meta(max_length=10)] = []

    def lets(self, side: str) -> bool:
        """Whether a side may read what bears it."""
        return side in self.releasable_to
