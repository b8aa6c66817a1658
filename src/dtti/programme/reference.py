"""The readable reference of a record that nobody gave one: made from what it is called. Knows no page."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Final

from .kinds import KINDS

MOST: Final = 60  # letters; a reference holds 80


def made(kind: str, said: Mapping[str, Any], taken: Callable[[str], bool]) -> str:
    """A reference for the content `said` of a kind (whole but for its own); `taken`: whether another record has one.

    English letters of its name; where that has none, the kind and a few letters computed from the name.
    """
    content = KINDS[kind].read(KINDS[kind].tidy({**said, "ref": "x"}))
    facets = KINDS[kind].facets(content)
    stem = slug(facets.title) or f"{kind.replace('_', '-')}-{sha256(facets.title.encode()).hexdigest()[:6]}"
    under = f"{facets.about}/" if KINDS[kind].face.under_side and facets.about else ""
    tries = (f"{under}{stem}" if number == 1 else f"{under}{stem}-{number}" for number in range(1, 1000))
    return next(each for each in tries if not taken(each))


def slug(text: str) -> str:
    """Small English letters and figures of a text, with hyphens between its words."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MOST].strip("-")
