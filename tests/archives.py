"""Archives in the one byte form of a pack, small enough to be held in memory."""

import io
import re
from collections.abc import Iterable

from dtti.ledger import pack, ustar
from dtti.ledger.ustar import Source


def members(data: bytes, names: re.Pattern[str] = pack.NAMES) -> list[tuple[str, bytes]]:
    """The files in an archive, in order."""
    source = Source.of(data)
    return [(name, source.read(at, size)) for name, at, size in ustar.members(source, names)]


def archive(files: Iterable[tuple[str, bytes]]) -> bytes:
    """An archive of `files`."""
    out = io.BytesIO()
    for name, data in files:
        ustar.put(out, name, data)
    ustar.end(out)
    return out.getvalue()
