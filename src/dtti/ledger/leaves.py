"""Leaves by their place, read when they are asked for and not before. Knows not from where."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import overload


class LazyLeaves(Sequence[bytes]):
    """`size` leaves of which whoever holds them reads one at a time (`_at`). IndexError beyond them."""

    def __init__(self, size: int) -> None:
        self._size = size

    def __len__(self) -> int:
        return self._size

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._size))]
        at = index if index >= 0 else self._size + index
        if not 0 <= at < self._size:
            raise IndexError(f"leaf {index} is not among the first {self._size}")
        return self._at(at)

    @abstractmethod
    def _at(self, index: int) -> bytes:
        """The leaf at `index`, which is one of them."""
