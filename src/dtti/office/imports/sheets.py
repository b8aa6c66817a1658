"""A sheet as proposals: which register it is, its rows matched with what is there. Writes nothing.

What a person settles comes as `Settled` and is kept by whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from dtti.accord.refusal import Refused
from dtti.documents.sheet.outcome import Reading
from dtti.documents.values import Language
from dtti.office.asking import Asking, Stored

from . import content as contents
from .known import Known, Shelf
from .proposal import Name
from .rows import MOST_ROWS, Batch, Rows, Settled
from .targets import loose, of, registers

if TYPE_CHECKING:
    from dtti.documents.sheet.survey import SheetSeen

__all__ = ["Batch", "Settled", "Sheet", "merged", "names_settled", "read"]


class Sheet(msgspec.Struct, frozen=True):
    """A file as it was understood. `reading` is None where no register fits and no column was named."""

    seen: tuple[SheetSeen, ...]
    register: str
    reading: Reading | None
    batches: tuple[Batch, ...] = ()
    names: tuple[Name, ...] = ()
    shelves: dict[str, Shelf] = {}
    refused: Refused | None = None


def read(
    asking: Asking, data: bytes, name: str, settled: Settled, drafts: Iterable[Known] = (), language: Language = "en"
) -> Sheet:
    """A file as proposals; Refused where it is no spreadsheet at all."""
    from dtti.documents.sheet.reading import read_register  # here: it is large, and few pages read sheets
    from dtti.documents.sheet.survey import survey

    seen = survey(data, name, tuple(registers().values()), language, MOST_ROWS)
    best = max((fit for each in seen for fit in each.fits), key=lambda fit: fit.columns, default=None)
    code = settled.register or (best.register if best else "")
    if not code:
        return Sheet(seen, "", None)
    try:
        reading = read_register(
            data,
            loose(code),
            settled.columns if settled.columns and settled.columns.register == code else None,
            name=name,
            sheet=settled.sheet,
            date_order=settled.order,
            language=language,
        )
    except Refused as refused:
        return Sheet(seen, code, None, refused=refused)
    work = Rows(asking, reading, loose(code), settled, tuple(drafts))
    return Sheet(seen, code, reading, tuple(work.batch(target) for target in of(code)), work.names(), work.shelves)


def merged(batch: Batch, chosen: Iterable[int]) -> Stored | None:
    """The record within which the chosen rows stand, with them; None where none is chosen, or no record is."""
    if batch.within is None:
        return None
    wanted = set(chosen)
    rows = [one.content for one in batch.proposals if one.number in wanted]
    return contents.over(batch.within.content, {batch.target.rows: rows}) if rows else None


def names_settled(names: Iterable[Name], given: Mapping[str, str]) -> dict[str, str]:
    """What a person chose for each name, where it is one of its choices; what is left open may mean a record later."""
    made = {}
    for number, one in enumerate(names):
        said = given.get(f"name__{number}", "")
        if said in {each.ref for each in one.choices}:
            made[one.key] = said
    return made
