"""One column of a register being read: each cell becomes a value or stands in the way by a rule. Knows one column.

What only the whole column can settle (in which order 03/04/2026 was meant) is counted here and settled by `reading`.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from dtti.documents.values import Words
from dtti.language.dates import day, months

from . import dates, numbers, text
from .dates import Order
from .grid import Cell
from .numbers import Money
from .outcome import MOST_PROBLEMS, Value
from .phrases import ORDER, Filling
from .register import Column

_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_EMAIL = re.compile(
    r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}"
)
_SHORTENED = re.compile(r"\d(?:\.\d+)?e\+\d+", re.IGNORECASE)
_DASHES = re.compile(r"[-–—−]+")
_UNKNOWN_WORDS = (
    *("na", "n/a", "tbd", "tbc", "to be decided", "to be confirmed", "not known", "unknown", "not available"),
    *("not applicable", "awaited", "अज्ञात", "ज्ञात नहीं", "उपलब्ध नहीं", "प्रतीक्षित", "लागू नहीं"),
)
_UNKNOWN = frozenset(map(text.folded, _UNKNOWN_WORDS))
_NIL = frozenset(("nil", "none", text.folded("शून्य"), text.folded("कुछ नहीं")))


class Wrong(Exception):
    """A cell that cannot be read, on its way to its row: the rule and what fills its words."""

    def __init__(self, rule: str, **filling: Filling) -> None:
        super().__init__(rule)
        self.rule, self.filling = rule, filling


class Open(NamedTuple):
    """A date that waits for its column to decide: where, as found, day first, month first."""

    row: int
    found: str
    dmy: str
    mdy: str


class ColumnReading:
    """A column while it is read. `index`: where it stands in the sheet, from 0; `heading`: gives its unit.

    `unit`: what a person says of it (`INR lakh`), for what the heading leaves open.
    `tallies`: for a notice, how many cells and the first. `orders`: cells that fit only one order of day and month.
    """

    def __init__(
        self,
        column: Column,
        index: int,
        heading: str,
        *,
        order: Order | None,
        since_1904: bool,
        escaped: bool,
        unit: str = "",
    ) -> None:
        self.column, self.index, self.heading = column, index, heading
        self.order, self.since_1904, self.escaped = order, since_1904, escaped
        counted = column.type in ("money", "number", "whole")
        said, given = (numbers.unit(heading), numbers.unit(unit)) if counted else (("", 1), ("", 1))
        self.currency, self.scale = said[0] or given[0], said[1] if said[1] > 1 else given[1]
        self.tallies: dict[tuple[str, str], tuple[int, int]] = {}
        self.orders: dict[Order, tuple[int, int]] = {}
        self.open: list[Open] = []
        self.open_count = 0
        self.real: tuple[int, int, int] = (0, 0, 0)
        """Real dates with a day of 12 or less, the first of their rows, and real dates with a later day."""
        self._choices = {
            text.folded(each): choice.code
            for choice in column.choices
            for each in (choice.code, choice.name.en, choice.name.hi, *choice.aliases)
        }
        self._asked = Words(
            en=", ".join(each.name.en or each.code for each in column.choices) or "—",
            hi=", ".join(each.name.hi or each.code for each in column.choices),
        )
        self._read: Callable[[Cell, int], Value | None] = {
            "ref": self._ref, "line": self._line, "prose": self._prose, "list": self._list, "choice": self._choice,
            "number": self._number, "whole": self._number, "money": self._money, "currency": self._currency,
            "percent": self._percent, "date": self._date, "email": self._email, "phone": self._phone,
        }[column.type]  # fmt: skip

    def read(self, cell: Cell, row: int) -> Value | None:
        """The cell's value, None where it is not known; Wrong by a rule."""
        if cell.formula == "bare":
            raise Wrong("sheet-formula", column=self.column.name)
        if cell.kind == "error":
            raise Wrong("sheet-error", column=self.column.name, found=text.shown(cell.text))
        if cell.kind == "text":
            if self.escaped and _ESCAPED.match(cell.text):
                cell = cell._replace(text=cell.text[1:])
            code = text.control(cell.text)
            if code is not None:
                raise Wrong("sheet-control", column=self.column.name, code=f"{code:04X}")
        return self._read(cell, row)

    def tally(self, rule: str, row: int, found: str = "") -> None:
        """Count a cell for the notice `rule`."""
        count, first = self.tallies.get((rule, found), (0, row))
        if count or len(self.tallies) < 50:
            self.tallies[rule, found] = count + 1, first

    # --- Texts -----------------------------------------------------------------------------------------------------

    def _said(self, cell: Cell) -> str:
        """What a person sees in the cell, as one line."""
        if cell.kind == "number":
            if cell.shows in ("day", "month", "year"):
                found = self._serial(cell)
                return day(found.iso, "en") if not found.fault else cell.text
            value = numbers.of_cell(cell.text)
            if cell.shows == "percent":
                return f"{numbers.whole(Decimal(value) * 100)}%"
            return f"{value:f}" if isinstance(value, Decimal) else str(value)
        if cell.kind == "bool":
            return "TRUE" if cell.text == "1" else "FALSE"
        return text.line(cell.text)

    def _kept(self, said: str) -> str | None:
        if len(said) > self.column.most:
            raise Wrong("sheet-long", column=self.column.name, length=f"{len(said):,}", most=f"{self.column.most:,}")
        return None if not said or _DASHES.fullmatch(said) else said

    def _line(self, cell: Cell, _row: int) -> str | None:
        return self._kept(self._said(cell))

    def _prose(self, cell: Cell, _row: int) -> str | None:
        return self._kept(text.prose(cell.text) if cell.kind == "text" else self._said(cell))

    def _ref(self, cell: Cell, _row: int) -> str | None:
        said = self._said(cell)
        if cell.kind == "date" or (cell.kind == "number" and cell.shows in ("day", "month", "year", "time")):
            raise Wrong("sheet-ref-date", column=self.column.name, found=text.shown(said))
        return self._kept(text.ascii_digits(said).removeprefix("'"))

    def _list(self, cell: Cell, _row: int) -> tuple[str, ...] | None:
        said = text.prose(cell.text) if cell.kind == "text" else self._said(cell)
        self._kept(said)
        return (
            tuple(one for each in re.split(r"[;\n]", said) if (one := text.line(each)) and not _DASHES.fullmatch(one))
            or None
        )

    def _email(self, cell: Cell, row: int) -> str | None:
        said = text.plain(self._said(cell)).removeprefix("mailto:")
        if self._absent(said, row):
            return None
        if not _EMAIL.fullmatch(said) or ".." in said or len(said) > self.column.most:
            raise Wrong("sheet-email", found=text.shown(said))
        return said

    def _phone(self, cell: Cell, row: int) -> str | None:
        said = text.ascii_digits(self._said(cell)).removeprefix("'")
        if self._absent(said, row):
            return None
        if _SHORTENED.fullmatch(said):
            raise Wrong("sheet-phone", found=text.shown(said))
        return self._kept(said)

    def _choice(self, cell: Cell, row: int) -> str | None:
        said = self._said(cell)
        code = self._choices.get(text.folded(said))
        if code:
            return code
        if self._absent(said, row):
            return None
        raise Wrong("sheet-choice", found=text.shown(said), column=self.column.name, choices=self._asked)

    def _absent(self, said: str, row: int) -> bool:
        """Whether a cell that should hold a value says that it is not known."""
        if not said or _DASHES.fullmatch(said):
            return True
        if text.folded(said) in _UNKNOWN:
            self.tally("sheet-unknown", row, text.shown(said, 20))
            return True
        if text.folded(said) in _NIL:
            raise Wrong("sheet-number-nil", found=text.shown(said))
        return False

    # --- Numbers ---------------------------------------------------------------------------------------------------

    def _figure(self, cell: Cell, row: int, read: Callable[[str], numbers.Found]) -> numbers.Found | None:
        """What a cell says as a number, before its unit; None where it is not known."""
        said = self._said(cell)
        if cell.kind == "number":
            if cell.shows not in ("", "percent"):
                raise Wrong("sheet-number", found=text.shown(said))
            return numbers.Found(numbers.of_cell(cell.text), currency=cell.currency)
        said = said.removeprefix("'")
        if self._absent(said, row):
            return None
        found = read(said) if cell.kind == "text" else numbers.Found(fault="sheet-number")
        if found.fault:
            raise Wrong(found.fault, found=text.shown(said))
        if found.scaled and self.scale > 1:
            raise Wrong("sheet-money-scale", found=text.shown(said), heading=text.shown(self.heading))
        return found

    def _number(self, cell: Cell, row: int) -> Value | None:
        found = self._figure(cell, row, numbers.read_number)
        if found is None:
            return None
        value = numbers.whole(Decimal(found.value) * self.scale)
        if self.column.type == "whole" and not isinstance(value, int):
            raise Wrong("sheet-number-whole", found=text.shown(self._said(cell)))
        return value

    def _percent(self, cell: Cell, row: int) -> Value | None:
        if cell.kind == "number" and cell.shows == "percent":
            return numbers.whole(Decimal(numbers.of_cell(cell.text)) * 100)
        found = self._figure(cell, row, numbers.read_percent)
        if found and cell.kind == "number" and found.value and -1 <= found.value <= 1:
            raise Wrong("sheet-percent-scale", found=text.shown(self._said(cell)))
        return found.value if found else None

    def _currency(self, cell: Cell, row: int) -> str | None:
        said = text.plain(self._said(cell))
        if self._absent(said, row):
            return None
        code = numbers.unit(said)[0]
        if not code:
            choices = ", ".join(numbers.CURRENCIES)
            raise Wrong("sheet-choice", found=text.shown(said), column=self.column.name, choices=choices)
        return code

    def _money(self, cell: Cell, row: int) -> Money | None:
        """The sum with the currency that cell or heading gives; it is "" until the row gives one (`settled`)."""
        found = self._figure(cell, row, numbers.read_money)
        if found is None:
            return None
        if found.dollar:
            self.tally("sheet-dollar", row)
        if found.currency and self.currency and found.currency != self.currency:
            raise Wrong(
                "sheet-money-against",
                found=text.shown(self._said(cell)),
                one=found.currency,
                where=Words(en="the heading", hi="शीर्षक"),
                other=self.currency,
            )
        amount = numbers.whole(Decimal(found.value) * self.scale)
        return Money(amount, found.currency or self.currency)

    def settled(self, money: Money, currency: str) -> Money:
        """A sum with the currency that its row gives in a column of its own; Wrong where there is none, or another."""
        if not money.currency and not currency:
            raise Wrong("sheet-money-currency", found=str(money.amount))
        if money.currency and currency and money.currency != currency:
            raise Wrong(
                "sheet-money-against",
                found=str(money.amount),
                one=money.currency,
                where=Words(en="the column of currencies", hi="मुद्रा का स्तंभ"),
                other=currency,
            )
        return Money(money.amount, money.currency or currency)

    # --- Dates -----------------------------------------------------------------------------------------------------

    def _serial(self, cell: Cell) -> dates.Found:
        return dates.read_serial(float(cell.text), since_1904=self.since_1904, shows=cell.shows)

    def _date(self, cell: Cell, row: int) -> str | None:
        if cell.kind == "number":
            return self._date_of_number(cell, row)
        said = self._said(cell).removeprefix("'")
        if self._absent(said, row):
            return None
        found = dates.read_text(said)
        if found.fault:
            raise Wrong(found.fault, found=text.shown(said), month=_month_of(said))
        if found.time:
            self.tally("sheet-times", row)
        if found.short:
            self.tally("sheet-short", row)
        if found.fits == "both":
            return self._either(found, row, said)
        if found.fits:
            if self.order and found.fits != self.order:
                raise Wrong("sheet-date-against", found=text.shown(said), order=ORDER[self.order])
            count, first = self.orders.get(found.fits, (0, row))
            self.orders[found.fits] = count + 1, first
        return found.iso

    def _either(self, found: dates.Found, row: int, said: str) -> str | None:
        self.open_count += 1
        if self.order:
            return found.iso if self.order == "dmy" else found.other
        if len(self.open) < MOST_PROBLEMS:
            self.open.append(Open(row, text.shown(said), found.iso, found.other))
        return None

    def _date_of_number(self, cell: Cell, row: int) -> str:
        if cell.shows in ("day", "month", "year"):
            found = self._serial(cell)
            if found.fault:
                raise Wrong(found.fault, found=text.shown(cell.text))
            if found.time:
                self.tally("sheet-times", row)
            if len(found.iso) < 10:
                self.tally("sheet-month", row)
            else:
                low, first, high = self.real
                early = int(found.iso[8:]) <= 12
                self.real = (low + early, first or (row if early else 0), high + (not early))
            return found.iso
        value = numbers.of_cell(cell.text)
        if not cell.shows and isinstance(value, int) and 1900 <= value <= 2199:
            return str(value)
        found = dates.read_serial(float(cell.text), since_1904=self.since_1904, shows="day")
        if cell.shows or found.fault:
            raise Wrong("sheet-date-serial", found=text.shown(cell.text))
        said = Words(en=day(found.iso, "en"), hi=day(found.iso, "hi"))
        raise Wrong("sheet-date-number", found=text.shown(cell.text), date=said)


def _month_of(said: str) -> Words:
    """The month that `2009-10` may be, in words."""
    year, _, month = text.plain(said).replace("/", "-").partition("-")
    at = int(month) - 1 if month.isdecimal() and 1 <= int(month) <= 12 else 0
    return Words(en=f"{months('en', whole=True)[at]} {year}", hi=f"{months('hi')[at]} {year}")
