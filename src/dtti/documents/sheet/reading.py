"""Reads a register from a file: whole or not at all, in two streams that hold no rows. Applies nothing.

The first stream reads every cell and gathers what stands against it; what a column had to settle for itself is then
settled, and the rows can be had from a second stream, where nothing stands against any. Memory holds the listed
problems, and some dozen bytes for each reference that must be unique, whatever else the rows hold.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from dtti.documents.package import open_package
from dtti.documents.values import Language, Words
from dtti.language.dates import day

from . import header as headers
from .cells import ColumnReading, Wrong
from .csv_source import open_csv
from .dates import Order
from .grid import Around, Cell, Sheet, Source
from .header import Header
from .notices import after_reading, of_layout
from .outcome import MOST_PROBLEMS, Guess, Mapping, Notice, Problem, Reading, RegisterRow, Value
from .phrases import Fault, Filling
from .register import Register
from .rows import Layout, Taken, layout, taken
from .text import address, shown
from .xlsx_source import open_xlsx

PREVIEW = 10


def read_register(
    source: bytes | Path,
    wanted: Register,
    mapping: Mapping | None = None,
    *,
    name: str = "",
    sheet: str = "",
    date_order: Order | None = None,
    language: Language = "en",
) -> Reading:
    """Read an XLSX or CSV file against the register `wanted`.

    `mapping`: one that an earlier reading gave and the caller kept; without it columns are guessed, and the reading
    says how. `sheet`: which sheet of a workbook. `date_order`: what decides 03/04/2026; it goes before the mapping's.
    `name`: what messages call bytes. `language`: of refusals; problems and notices speak both.

    Refused where the file is no such register at all (rules `package-*` and those of `phrases.REFUSALS`); a Reading
    with problems where single cells stand in the way. OSError where the file cannot be read.
    """
    name = name or (source.name if isinstance(source, Path) else "The file")
    try:
        opened = open_source(source, name)
        found = _find(opened, wanted, mapping, sheet)
        order = date_order or (mapping.date_order if mapping else None)
        return _read(opened, found, wanted, order, language, mapping.units if mapping else {})
    except Fault as fault:
        raise fault.refused(language) from None


def open_source(source: bytes | Path, name: str) -> Source:
    """The sheets of a file, told by what it holds and not by its name."""
    if isinstance(source, Path) and not source.is_file():
        open_package(source, kind="xlsx", name=name)  # says what it is instead
    if isinstance(source, bytes):
        start = source[:8]
    else:
        with source.open("rb") as file:
            start = file.read(8)
    zipped, old = start.startswith(b"PK"), start == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    return open_xlsx(source, name) if zipped or old else open_csv(source, name)


class _Found(NamedTuple):
    """The sheet that holds the register, its headings, and which column is which."""

    sheet: Sheet
    around: Around
    header: Header
    guesses: tuple[Guess, ...]
    others: tuple[str, ...]


def _find(source: Source, register: Register, mapping: Mapping | None, name: str) -> _Found:
    sheets = source.sheets
    if name and sheets and sheets[0].name:
        sheets = tuple(each for each in sheets if each.name == name)
        if not sheets:
            names = ", ".join(each.name for each in source.sheets)
            raise Fault("sheet-no-sheet", file=source.file, found=shown(name), sheets=shown(names, 200))
    fits: list[tuple[int, Sheet, Around, Header]] = []
    empty = True
    seen: list[str] = []
    for sheet in sheets:
        around = sheet.around()
        empty = empty and not around.head
        if mapping:
            header = headers.find_mapped(around, mapping)
            if header:
                fits.append((len(header.headings), sheet, around, header))
            elif around.head:
                best = headers.find(around, register)
                seen.append(" | ".join(best[0].headings) if best else "")
        else:
            found = headers.find(around, register)
            if found:
                fits.append((found[1], sheet, around, found[0]))
    if empty:
        raise Fault("sheet-empty", file=source.file)
    if not fits and mapping:
        headers.mapped(Header(1, 1, mapping.header, mapping.header, (), 1), mapping, register)
        raise Fault("sheet-mapping-header", why=shown(f"{' | '.join(mapping.header)} ≠ {' / '.join(seen)}", 400))
    if not fits:
        wanted = [each.name for each in register.columns if each.required]
        asked = Words(en=", ".join(each.en for each in wanted), hi=", ".join(each.hi for each in wanted))
        raise Fault("sheet-header", file=source.file, register=register.name, wanted=asked)
    most = max(score for score, *_ in fits)
    best_fits = [each for each in fits if each[0] == most]
    preferred = [each for each in best_fits if mapping and each[1].name == mapping.sheet]
    best_fits = preferred or best_fits
    if len(best_fits) > 1:
        names = ", ".join(sheet.name for _, sheet, *_ in best_fits)
        raise Fault("sheet-which", file=source.file, register=register.name, sheets=shown(names, 200))
    _, sheet, around, header = best_fits[0]
    guesses = headers.mapped(header, mapping, register) if mapping else headers.guess(header, register)
    others = tuple(each.name for each in source.sheets if each is not sheet)
    return _Found(sheet, around, header, guesses, others)


class _Problems:
    """The problems of a file: all counted, the first ones kept."""

    def __init__(self) -> None:
        self.listed: list[Problem] = []
        self.counts: Counter[str] = Counter()

    def add(self, rule: str, row: int, column: int, key: str, filling: dict[str, Filling]) -> None:
        """One more. The list is allowed twice its length before the latest in the sheet are let go."""
        self.counts[rule] += 1
        self.listed.append(Problem(rule, address(row, column), row, key, filling))
        if len(self.listed) > 2 * MOST_PROBLEMS:
            self._cut()

    def _cut(self) -> None:
        self.listed.sort(key=lambda each: (each.row, len(each.cell), each.cell))
        del self.listed[MOST_PROBLEMS:]

    def told(self) -> tuple[Problem, ...]:
        """The first of them in the order of the sheet."""
        self._cut()
        return tuple(self.listed)


def _read(
    source: Source,
    found: _Found,
    register: Register,
    order: Order | None,
    language: Language,
    units: dict[str, str],
) -> Reading:
    laid = layout(found.around, found.header, found.guesses, register)
    problems = _Problems()
    _against_header(found, register, problems)

    def columns(orders: dict[str, Order | None]) -> list[ColumnReading]:
        return [
            ColumnReading(
                register.column(guess.key),
                guess.column,
                guess.heading,
                order=orders.get(guess.key, order),
                since_1904=source.since_1904,
                escaped=source.escaped,
                unit=units.get(guess.key, ""),
            )
            for guess in found.guesses
            if guess.key
        ]

    reading = columns({})
    seen = Taken()
    unique = _Unique(tuple(each.key for each in register.columns if each.unique))
    count = 0
    for number, cells in taken(found.sheet.rows(), laid, seen):
        count += 1
        values, wrongs = _row(cells, number, reading, register)
        for at, key, wrong in wrongs:
            problems.add(wrong.rule, number, at, key, wrong.filling)
        unique.note(number, values)
    for merge_row, at, cells_named in seen.across:
        problems.add("sheet-merged", merge_row, at, laid.keys.get(at, ""), {"cells": cells_named})
    unique.report(laid, register, problems)
    decided = {each.column.key: _decide(each, order, problems) for each in reading}

    def rows() -> Iterator[RegisterRow]:
        again = columns(decided)
        for number, cells in taken(found.sheet.rows(), laid, Taken()):
            yield RegisterRow(number, _row(cells, number, again, register)[0])

    stale = {"sheet-recalculate"} if not seen.formulas[0] else set()
    notices = [Notice(rule, dict(filling)) for rule, filling in source.notices if rule not in stale]
    notices += of_layout(source, found.sheet.name, found.others, found.around, found.header, found.guesses, register)
    notices += after_reading(seen, reading, decided, order)
    previewed = tuple(row for _, row in zip(range(PREVIEW), rows(), strict=False))
    keys = {guess.column: guess.key or None for guess in found.guesses}
    kept = Mapping(
        register.code,
        found.header.headings,
        tuple(keys.get(at) for at in range(len(found.header.headings))),
        order,
        found.sheet.name,
        units,
    )
    return Reading(
        register=register.code,
        file=source.file,
        sheet=found.sheet.name,
        header=(found.header.top, found.header.bottom),
        columns=found.guesses,
        mapping=kept,
        count=count,
        preview=previewed,
        problems=problems.told(),
        problem_count=problems.counts.total(),
        counts=dict(sorted(problems.counts.items())),
        notices=tuple(notices),
        language=language,
        _rows=rows,
    )


def _against_header(found: _Found, register: Register, problems: _Problems) -> None:
    """Required columns that are missing, and columns that two headings claim alike."""
    read = {guess.key for guess in found.guesses if guess.key}
    claimed = (
        {} if any(guess.why == "mapping" for guess in found.guesses) else headers.contested(found.header, register)
    )
    for key, cells in claimed.items():
        name = register.column(key).name
        problems.add("sheet-two-columns", found.header.bottom, 0, key, {"column": name, "cells": ", ".join(cells)})
    for column in register.columns:
        if column.required and column.key not in read and column.key not in claimed:
            problems.add("sheet-missing-column", found.header.bottom, 0, column.key, {"column": column.name})


def _row(
    cells: dict[int, Cell], number: int, reading: list[ColumnReading], register: Register
) -> tuple[dict[str, Value], list[tuple[int, str, Wrong]]]:
    """The values of a row by key, and what stands against the others."""
    values: dict[str, Value] = {}
    wrongs: list[tuple[int, str, Wrong]] = []
    sums: list[ColumnReading] = []
    currency = ""
    for each in reading:
        key = each.column.key
        cell = cells.get(each.index)
        if cell is None:
            value = None
        else:
            waiting = each.open_count
            try:
                value = each.read(cell, number)
            except Wrong as wrong:
                wrongs.append((each.index, key, wrong))
                continue
            if value is None and each.open_count > waiting:
                continue  # a date that its column has still to decide
        if value is None:
            if each.column.required:
                wrongs.append((each.index, key, Wrong("sheet-required", column=each.column.name)))
            continue
        values[key] = value
        if each.column.type == "money":
            sums.append(each)
        elif each.column.type == "currency":
            currency = str(value)
    for each in sums:
        money = values[each.column.key]
        try:
            values[each.column.key] = each.settled(money, currency)  # type: ignore[arg-type] # what a money column reads
        except Wrong as wrong:
            del values[each.column.key]
            wrongs.append((each.index, each.column.key, wrong))
    return values, wrongs


def _decide(column: ColumnReading, given: Order | None, problems: _Problems) -> Order | None:
    """The order of day and month that a column shows by itself; what stays open is a problem at each cell."""
    if given or column.column.type != "date":
        return given
    if len(column.orders) == 1:
        return next(iter(column.orders))
    rule = "sheet-date-mixed" if column.orders else "sheet-date-order"
    ends: dict[str, Filling] = {str(order): address(first, column.index) for order, (_, first) in column.orders.items()}
    for each in column.open:
        filling: dict[str, Filling] = {
            "found": each.found,
            "one": Words(en=day(each.dmy, "en"), hi=day(each.dmy, "hi")),
            "other": Words(en=day(each.mdy, "en"), hi=day(each.mdy, "hi")),
            **ends,
        }
        problems.add(rule, each.row, column.index, column.column.key, filling)
    if column.open_count > len(column.open):
        problems.counts[rule] += column.open_count - len(column.open)
    return None


class _Unique:
    """References that may stand once: of each row eight bytes of a digest and its number, compared at the end."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        self._seen = {key: (array("Q"), array("I")) for key in keys}

    def note(self, number: int, values: dict[str, Value]) -> None:
        """Take down the references of a row."""
        for key, (digests, rows) in self._seen.items():
            value = values.get(key)
            if isinstance(value, str):
                digests.append(int.from_bytes(blake2b(value.casefold().encode(), digest_size=8).digest(), "big"))
                rows.append(number)

    def report(self, laid: Layout, register: Register, problems: _Problems) -> None:
        """A problem at each row whose reference stood before."""
        for key, (digests, rows) in self._seen.items():
            at = next((column for column, each in laid.keys.items() if each == key), 0)
            name = register.column(key).name
            # A sixteenth at a time, so that comparing holds little more than the digests themselves.
            for part in range(16):
                first: dict[int, int] = {}
                for digest, row in zip(digests, rows, strict=True):
                    if digest % 16 == part and first.setdefault(digest, row) != row:
                        filling: dict[str, Filling] = {"column": name, "other": str(first[digest])}
                        problems.add("sheet-repeated", row, at, key, filling)
