"""What is told beside the rows of a register: how the sheet lay, what was decided on the way. Knows no values."""

from .cells import ColumnReading
from .dates import Order
from .grid import Around, Source
from .header import Header
from .outcome import Guess, Notice
from .phrases import ORDER, Filling
from .register import Register
from .rows import Taken
from .text import address, column_letters, shown


def of_layout(
    source: Source,
    sheet: str,
    others: tuple[str, ...],
    around: Around,
    header: Header,
    guesses: tuple[Guess, ...],
    register: Register,
) -> list[Notice]:
    """Notices on sheets, headings, and columns that are hidden or not read."""
    made: list[Notice] = []
    if header.above:
        _add(made, "sheet-above", found="; ".join(f"“{each}”" for each in header.above[:5]))
    if header.top != header.bottom:
        _add(made, "sheet-two-rows", rows=f"{header.top}–{header.bottom}")
    if header.after != header.bottom:
        _add(made, "sheet-numbered", row=str(header.after))
    unread = [f"{column_letters(each.column)} “{shown(each.heading, 40)}”" for each in guesses if not each.key]
    if unread:
        _add(made, "sheet-unread", found=", ".join(unread[:20]) + (", …" if len(unread) > 20 else ""))
    for each in guesses:
        if each.why == "close":
            name = register.column(each.key).name
            _add(made, "sheet-close", found=f"{column_letters(each.column)} “{shown(each.heading, 40)}”", column=name)
        if each.unit and each.key and register.column(each.key).type in ("money", "number", "whole"):
            _add(made, "sheet-unit", column=register.column(each.key).name, found=each.unit)
    read = {each.column for each in guesses if each.key}
    hidden = [column_letters(at) for at in around.hidden_columns if at in read]
    if hidden:
        _add(made, "sheet-hidden-columns", found=", ".join(hidden))
    if around.hidden_rows[0]:
        _add(made, "sheet-hidden-rows", count=str(around.hidden_rows[0]), first=str(around.hidden_rows[1]))
    if around.comments[0]:
        count, first = around.comments
        told = ", ".join(f"{cell} “{shown(text, 80)}”" for cell, text in first)
        _add(made, "sheet-comments", count=str(count), found=told + (", …" if count > len(first) else ""))
    if source.hidden_sheets:
        _add(made, "sheet-hidden-sheets", found=shown(", ".join(source.hidden_sheets), 200))
    if others and sheet:
        _add(made, "sheet-other-sheets", found=shown(", ".join(others), 200))
    return made


def after_reading(
    told: Taken, reading: list[ColumnReading], decided: dict[str, Order | None], given: Order | None
) -> list[Notice]:
    """Notices on rows left out, cells filled, and what the columns settled."""
    made: list[Notice] = []
    if told.totals:
        _add(made, "sheet-totals", found=", ".join(told.totals))
    if told.sections:
        _add(made, "sheet-sections", found=", ".join(told.sections))
    if told.blank[0]:
        _add(made, "sheet-blank", count=str(told.blank[0]), first=str(told.blank[1]))
    if told.filled[0]:
        _add(made, "sheet-filled", count=str(told.filled[0]), first=told.filled[1])
    if told.formulas[0]:
        _add(made, "sheet-formulas", count=str(told.formulas[0]), first=told.formulas[1])
    if told.struck_count:
        _add(made, "sheet-struck", count=str(told.struck_count), found=", ".join(told.struck))
    for each in reading:
        _of_order(made, each, decided.get(each.column.key), given)
        for (rule, found), (count, first) in each.tallies.items():
            first_cell = address(first, each.index)
            _add(made, rule, column=each.column.name, count=str(count), first=first_cell, found=found)
    return made


def _of_order(made: list[Notice], column: ColumnReading, decided: Order | None, given: Order | None) -> None:
    name = column.column.name
    if given and column.open_count:
        _add(made, "sheet-order-given", column=name, open=str(column.open_count), order=ORDER[given])
    elif decided and column.open_count:
        count, first = column.orders[decided]
        _add(
            made,
            "sheet-order",
            column=name,
            order=ORDER[decided],
            count=str(count),
            first=address(first, column.index),
            open=str(column.open_count),
        )
    if len(column.orders) == 2 and not column.open_count:
        days, months = column.orders["dmy"], column.orders["mdy"]
        counts = {"days": str(days[0]), "months": str(months[0])}
        ends = {"one": address(days[1], column.index), "other": address(months[1], column.index)}
        _add(made, "sheet-orders", column=name, **counts, **ends)
    low, first, high = column.real
    if len(column.orders) == 1 and low and not high:
        order = ORDER[next(iter(column.orders))]
        where = address(first, column.index)
        _add(made, "sheet-order-suspect", column=name, order=order, count=str(low), first=where)


def _add(made: list[Notice], rule: str, **filling: Filling) -> None:
    made.append(Notice(rule, filling))
