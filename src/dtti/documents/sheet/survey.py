"""What a file may be, before it is read as a register: its sheets, the registers that its headings fit. No values."""

from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from dtti.documents.values import Language

from . import header as headers
from .grid import Around
from .phrases import Fault
from .reading import open_source
from .register import Register


class Fit(NamedTuple):
    """A register that a sheet fits: how many of its columns the headings give."""

    register: str
    columns: int


class SheetSeen(NamedTuple):
    """A sheet: its name ("" in a CSV file), its headings by column from A, the registers that fit, the best first.

    Where none fits, `headings` is the row that looks most like headings: the first with the most texts.
    """

    name: str
    headings: tuple[str, ...]
    fits: tuple[Fit, ...]


def survey(
    source: bytes, name: str, registers: Sequence[Register], language: Language = "en", most: int = 200_000
) -> tuple[SheetSeen, ...]:
    """The sheets of a file that hold anything; Refused as `read_register` refuses a file.

    Refused too where a sheet has more than `most` rows; no more of them are read to know it.
    """
    try:
        opened = open_source(source, name)
        for sheet in opened.sheets:
            if sum(1 for _row in islice(sheet.rows(), most + 1)) > most:
                raise Fault("sheet-rows", file=opened.file, most=f"{most:,}")
        seen = [(sheet.name, sheet.around()) for sheet in opened.sheets]
        made = tuple(_seen(one, around, registers) for one, around in seen if around.head)
        if not made:
            raise Fault("sheet-empty", file=opened.file)
    except Fault as fault:
        raise fault.refused(language) from None
    return made


def _seen(name: str, around: Around, registers: Sequence[Register]) -> SheetSeen:
    fits = [(found, register.code) for register in registers if (found := headers.find(around, register))]
    ranked = sorted(fits, key=lambda each: -each[0][1])  # of equals, the register that is named first
    if ranked:
        return SheetSeen(name, ranked[0][0][0].headings, tuple(Fit(code, found[1]) for found, code in ranked))
    return SheetSeen(name, _likeliest(around), ())


def _likeliest(around: Around) -> tuple[str, ...]:
    single = [each for each in headers.candidates(around) if each.top == each.bottom]
    texts = [sum(1 for said in each.headings if any(map(str.isalpha, said))) for each in single]
    return single[texts.index(max(texts))].headings
