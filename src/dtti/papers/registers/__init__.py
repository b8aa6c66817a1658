"""The registers that offices keep and send as spreadsheets: their columns, names and choices, one file each."""

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from dtti.documents.sheet.dates import Order
from dtti.documents.sheet.outcome import Mapping, Reading
from dtti.documents.sheet.phrases import Fault
from dtti.documents.sheet.register import Register
from dtti.documents.values import Language

REGISTERS = ("projects", "needs", "actions", "commitments", "contacts", "contracts", "claims")


@cache
def register(code: str) -> Register:
    """The register of that code; a Fault (`sheet-register`) where there is none."""
    if code not in REGISTERS:
        raise Fault("sheet-register", found=code[:40], choices=", ".join(REGISTERS))
    with (files(__package__) / f"{code}.toml").open("rb") as file:
        return msgspec.convert(tomllib.load(file), Register)


def read_register(
    source: bytes | Path,
    code: str,
    mapping: Mapping | None = None,
    *,
    name: str = "",
    sheet: str = "",
    date_order: Order | None = None,
    language: Language = "en",
) -> Reading:
    """Read a file against the register of that code; as `documents.sheet.reading.read_register`."""
    try:
        wanted = register(code)
    except Fault as fault:
        raise fault.refused(language) from None
    from dtti.documents.sheet import reading  # here: it is large, and most readers of a register read no file

    return reading.read_register(
        source, wanted, mapping, name=name, sheet=sheet, date_order=date_order, language=language
    )
