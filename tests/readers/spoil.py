"""One byte changed, one member changed: what any file is spoiled by. Knows bytes alone."""

import random
from collections.abc import Callable
from typing import Any

from dtti.ledger import canonical

Bad = dict[str, tuple[bytes, str, str]]  # name: file, where, rule


def changed(data: bytes, number: int, seed: int) -> list[tuple[int, bytes]]:
    """`number` copies of `data`, each with one byte changed at a place drawn by `seed`: (place, copy)."""
    draw = random.Random(seed)
    copies = []
    for _ in range(number):
        place = draw.randrange(len(data))
        other = draw.choice([byte for byte in range(256) if byte != data[place]])
        copies.append((place, data[:place] + bytes([other]) + data[place + 1 :]))
    return copies


def respell(data: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A JSON file with `change` made to its value, canonical again."""
    value = canonical.decode(data)
    change(value)
    return canonical.encode(value)
