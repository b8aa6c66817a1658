"""A table as it leaves the office: typed columns, rows, and where it comes from. Knows no file format.

Cells: a text; a number (int or Decimal); Money; a percentage in hundredths; a date in EDTF (2027, 2027-01, 2027-01-26,
or bounds [2015-02..2023]); or None for nothing. What a cell cannot hold is refused with its row and column; nothing is
cut.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal

import msgspec

from dtti.documents.values import Language, Words
from dtti.language.characters import visible
from dtti.language.dates import day

from .numbers import Money, whole
from .phrases import Fault
from .register import Register
from .text import shown

CellType = Literal["text", "number", "money", "percent", "date"]
Cell = str | int | Decimal | Money | None

MOST_TEXT = 32_767  # UTF-16 units in a cell of Excel; LibreOffice holds more
MOST_COLUMNS = 1_000
_EDTF = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?|\[(?:\d{4}(?:-\d\d){0,2})?\.\.(?:\d{4}(?:-\d\d){0,2})?\]")


class TableColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A column: its heading, and what its cells are.

    `choices`: what a person who fills the table may choose from. `width`: in characters; 0 for what its cells want.
    """

    heading: Words
    type: CellType = "text"
    choices: tuple[str, ...] = ()
    width: Annotated[int, msgspec.Meta(ge=0, le=100)] = 0


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a table is and where it is from: for the sheet of notes. `as_of`, `made`: dates in ISO form, as given.

    `marking`: stands at the foot of each printed page. `notes`: one sentence each.
    """

    title: Words
    source: Words | None = None
    as_of: str = ""
    made: Annotated[str, msgspec.Meta(pattern=r"\A(\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?Z)?)?\Z")] = ""
    marking: str = ""
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Table:
    """Columns, rows of as many cells, and the origin."""

    columns: tuple[TableColumn, ...]
    rows: Sequence[Sequence[Cell]]
    origin: Origin


class _Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table as JSON gives it."""

    columns: tuple[TableColumn, ...]
    rows: list[list[Any]]
    origin: Origin


def from_json(data: bytes, language: Language = "en") -> Table:
    """A table from JSON; Refused (`sheet-table`) where it is not one.

    Numbers are JSON numbers, or texts where longer than 15 digits; money is `{"amount": ..., "currency": "INR"}`.
    """
    try:
        given = msgspec.json.decode(data, type=_Given)
        types = [column.type for column in given.columns]
        rows = []
        for number, row in enumerate(given.rows, 1):
            cells = zip(row, types, strict=False)
            rows.append(
                tuple(_from_json(cell, type_, f"row {number}") for cell, type_ in cells) + tuple(row[len(types) :])
            )
        table = Table(given.columns, rows, given.origin)
        for _ in checked(table):
            pass
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Fault("sheet-table", why=shown(str(error), 200)).refused(language) from None
    except Fault as fault:
        raise fault.refused(language) from None
    return table


def _from_json(value: Any, type_: CellType, where: str) -> Cell:
    if isinstance(value, bool):
        raise Fault("sheet-table", why=f"{where}: {value}")
    try:
        if type_ == "money" and isinstance(value, dict):
            amount = _from_json(value.get("amount"), "number", where)
            return msgspec.convert({**value, "amount": amount}, Money)
        if type_ in ("number", "percent") and isinstance(value, str | float):
            return whole(Decimal(str(value)))
    except (ArithmeticError, msgspec.ValidationError) as error:
        raise Fault("sheet-table", why=shown(f"{where}: {value!r}: {error}", 200)) from None
    return value  # type: ignore[no-any-return] # `checked` looks at it


def checked(table: Table) -> Iterator[tuple[Cell, ...]]:
    """The rows, each cell fit for its column, all of its text to be seen.

    A Fault (`sheet-table`) with row and column at the first that is not fit.
    """
    if not table.columns or len(table.columns) > MOST_COLUMNS:
        raise Fault("sheet-table", why=f"{len(table.columns)} columns; 1 to {MOST_COLUMNS:,}")
    for number, row in enumerate(table.rows, 1):
        if len(row) != len(table.columns):
            raise Fault("sheet-table", why=f"row {number}: {len(row)} cells for {len(table.columns)} columns")
        seen = [_seen(cell) for cell in row]
        for column, cell, drawn in zip(table.columns, row, seen, strict=True):
            why = _against(cell, column.type) or _against(drawn, column.type)
            if why:
                raise Fault("sheet-table", why=f"row {number}, “{shown(column.heading.spoken('en')[0], 40)}”: {why}")
        yield tuple(None if cell == "" else cell for cell in seen)


def _seen(cell: Cell) -> Cell:
    """A text with what cannot be seen as its code, line ends of every sort left; anything else as it is."""
    return "\r".join(map(visible, cell.split("\r"))) if isinstance(cell, str) else cell


def _against(cell: Cell, type_: CellType) -> str:
    """Why a cell cannot stand in a column of that type; "" where it can."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str) and type_ in ("text", "date"):
        if len(cell) > MOST_TEXT // 2 and len(cell.encode("utf-16-le", "surrogatepass")) // 2 > MOST_TEXT:
            return f"{len(cell):,} characters; a cell holds {MOST_TEXT:,}"
        if any("\ud800" <= each <= "\udfff" for each in cell):
            return "half a character (a lone surrogate)"
        return "" if type_ == "text" or _EDTF.fullmatch(cell) else f"{cell[:40]!r} is no date in EDTF"
    if isinstance(cell, Money):
        return _against(cell.amount, "number") if type_ == "money" else f"money in a column of {type_}"
    if type_ not in ("number", "percent") or isinstance(cell, bool) or not isinstance(cell, int | Decimal):
        return f"{cell!r:.40} in a column of {type_}"
    number = Decimal(cell)
    if not number.is_finite() or abs(number.adjusted()) > 25 or len(number.as_tuple().digits) > 28:
        return f"{cell!r:.40} has more digits than are kept"
    return ""


def digits(number: int | Decimal) -> str:
    """A number in plain digits, without exponent or grouping."""
    return f"{number:f}" if isinstance(number, Decimal) else str(number)


def date_words(iso: str, language: Language) -> str:
    """A date that is not a whole day, as text: a month with its name, since 2009-10 may be a financial year."""
    return day(iso, language) if re.fullmatch(r"(?:19|20|21)\d\d-\d\d", iso) else iso


def template(register: Register, language: Language, made: str = "") -> Table:
    """An empty table with the headings of a register, its choices, and what each column wants."""
    types: dict[str, CellType] = {"number": "number", "whole": "number", "percent": "percent", "date": "date"}
    columns, notes = [], []
    for each in register.columns:
        names = tuple(choice.name.spoken(language)[0] for choice in each.choices)
        width = {"prose": 44, "line": 24, "list": 24, "email": 28, "money": 18, "phone": 20}.get(each.type, 0)
        columns.append(TableColumn(each.name, types.get(each.type, "text"), names, width))
        asked_en = "; every row needs it" if each.required else ""
        asked_hi = "; हर पंक्ति में आवश्यक" if each.required else ""
        en, hi = (" / ".join(choice.name.spoken(one)[0] for choice in each.choices) for one in ("en", "hi"))
        notes.append(
            Words(
                en=f"{each.name.en}: {en or WANTED[each.type].en}{asked_en}.",
                hi=f"{each.name.hi}: {hi or WANTED[each.type].hi}{asked_hi}।",
            )
        )
    source = Words(en="Empty form for filling in", hi="भरने के लिए रिक्त प्रपत्र")
    return Table(tuple(columns), (), Origin(register.name, source, made=made, notes=tuple(notes)))


WANTED: dict[str, Words] = {
    "ref": Words(en="a reference of your own, once only", hi="आपका अपना संदर्भ, केवल एक बार"),
    "line": Words(en="text", hi="पाठ"),
    "prose": Words(en="text", hi="पाठ"),
    "list": Words(en="texts divided by semicolons", hi="अर्धविराम से अलग किए गए पाठ"),
    "number": Words(en="a number", hi="संख्या"),
    "whole": Words(en="a whole number", hi="पूर्ण संख्या"),
    "money": Words(
        en="a sum with its currency, as ₹2.5 crore or US$ 1.2 bn", hi="मुद्रा सहित राशि, जैसे ₹2.5 करोड़ या US$ 1.2 bn"
    ),
    "currency": Words(en="the currency, as INR or USD", hi="मुद्रा, जैसे INR या USD"),
    "percent": Words(en="a percentage with its sign, as 45%", hi="चिह्न सहित प्रतिशत, जैसे 45%"),
    "date": Words(en="a date, a month or a year, as 26 Jan 2027", hi="तारीख़, महीना या वर्ष, जैसे 26 जनवरी 2027"),
    "email": Words(en="one e-mail address", hi="एक ई-मेल पता"),
    "phone": Words(en="a telephone number", hi="दूरभाष संख्या"),
}
