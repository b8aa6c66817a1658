"""Numbers, sums of money and percentages as two countries write them. Knows no cell and no column.

Grouping by lakh and crore (1,23,45,678) and by thousands (12,345,678) are both read, and checked: commas that fit
neither are a fault and never dropped. A value is exact: an int where it is whole, else a Decimal.
"""

import re
from decimal import Decimal
from typing import Annotated, NamedTuple

import msgspec

from .text import plain

Number = int | Decimal


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sum: whole units (rupees, dollars) with their fraction where one was written, and the currency (ISO 4217)."""

    amount: Number
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{3}\Z")]


CURRENCIES = {
    "INR": ("₹", "₨", "inr", "rs.", "rs", "रुपये", "रुपए", "रुपया", "रु.", "रु॰", "रु", "rupees", "rupee"),
    "USD": ("us$", "usd", "u.s.$", "us dollars", "us dollar", "$us", "$", "अमेरिकी डॉलर", "अमरीकी डॉलर", "डॉलर"),
    "EUR": ("€", "eur", "यूरो"),
    "GBP": ("£", "gbp", "पाउंड"),
    "RUB": ("₽", "rub", "रूबल"),
}
_SIGNS = {plain(word): code for code, words in CURRENCIES.items() for word in words}
_SIGN = "|".join(re.escape(each) for each in sorted(_SIGNS, key=len, reverse=True))
_LEADING = re.compile(rf"(?P<sign>{_SIGN})(?![a-z\u0900-\u097f])\s*", re.IGNORECASE)
_TRAILING = re.compile(rf"(?<![a-z\u0900-\u097f])(?P<sign>{_SIGN})$", re.IGNORECASE)
_ANY_SIGN = re.compile(rf"(?<![a-z\u0900-\u097f])(?P<sign>{_SIGN})(?![a-z\u0900-\u097f])", re.IGNORECASE)

_SCALES: dict[int, tuple[str, ...]] = {
    10**3: ("thousand", "thousands", "k", "हज़ार", "हजार"),
    10**5: ("lakh", "lakhs", "lac", "lacs", "लाख"),
    10**6: ("million", "millions", "mn", "mln", "m", "मिलियन"),
    10**7: ("crore", "crores", "cr", "cr.", "crs", "करोड़", "करोड"),
    10**9: ("billion", "billions", "bn", "b", "अरब", "बिलियन"),
    10**12: ("trillion", "tn", "ट्रिलियन"),
}
_SCALE_WORDS = {plain(word): scale for scale, words in _SCALES.items() for word in words}
_LONGEST_FIRST = sorted(_SCALE_WORDS, key=len, reverse=True)
_SCALE = re.compile(
    rf"(?:(?<=\d)|(?<=[\s.]))\s*(?P<scale>{'|'.join(map(re.escape, _LONGEST_FIRST))})$",
    re.IGNORECASE,
)
_IN_HEADING = "|".join(re.escape(each) for each in _LONGEST_FIRST if len(each) > 1)
_ANY_SCALE = re.compile(
    rf"(?<![a-z\u0900-\u097f])(?P<scale>{_IN_HEADING})(?![a-z\u0900-\u097f])",
    re.IGNORECASE,
)
# A single letter is a scale only straight after a currency ("US$ m", "Rs L"), and 000 only as a word of its own.
_LETTERS = {"k": 10**3, "l": 10**5, "m": 10**6, "b": 10**9}
_LETTER = re.compile(
    rf"(?<![a-z\u0900-\u097f])(?P<sign>{_SIGN})[\s_]*(?:in[\s_]+)?(?P<letter>[klmb])(?![a-z\u0900-\u097f])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<![\d.,])['\u2019]?000(?:s|'s)?(?![\d.,])")
_UNIT_AT_END = re.compile(
    rf"(?P<rest>.+?)[\s_,:-]+(?:in[\s_]+)?(?:(?:{_SIGN})[\s_]*(?:{_IN_HEADING}|[klmb])?|{_IN_HEADING})",
    re.IGNORECASE,
)

_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_BY_THREE = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BY_LAKH = re.compile(r"\d{1,2}(?:,\d{2})*,\d{3}(?:\.\d+)?")
_BY_BLANK = re.compile(r"\d{1,3}(?: \d{3})+(?:\.\d+)?")
_GROUPED = re.compile(r"[\d,. ']+")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?e[+-]?\d+", re.IGNORECASE)
_NIL = re.compile(r"nil|none|शून्य|कुछ नहीं", re.IGNORECASE)
_PERCENT = re.compile(r"\s*(?:%|per ?cent|percent|प्रतिशत|फ़ीसदी|फीसदी)$", re.IGNORECASE)


class Found(NamedTuple):
    """What a text says: a value or the rule against it.

    `scaled`: it named lakh, crore, million or the like. For money: `currency` as named ("" for none), `dollar` where
    by `$` alone.
    """

    value: Number = 0
    fault: str = ""
    scaled: bool = False
    currency: str = ""
    dollar: bool = False


def whole(value: Decimal) -> Number:
    """The value as an int where it is whole."""
    return int(value) if value == value.to_integral_value() else value.normalize()


def read_number(text: str) -> Found:
    """A number without any unit but lakh, crore, million and their like: `1,23,45,678`, `(1,200.50)`, `2.5 crore`."""
    return _read(plain(text))


def read_money(text: str) -> Found:
    """A sum of money: `₹1,23,45,678/-`, `Rs. 2.5 crore`, `US$ 1.2 bn`, `(INR 500)`, `२.५ करोड़ रुपये`."""
    said = plain(text)
    said, negative = _bracketed(said)
    said = re.sub(r"(?: ?/[-=])? ?(?:only|मात्र)?$", "", said, flags=re.IGNORECASE).strip()
    signs: list[str] = []
    if said[:1] in "-−–" and said[:1]:
        negative, said = not negative, said[1:].strip()
    found = _LEADING.match(said)
    if found:
        signs.append(found["sign"])
        said = said[found.end() :].strip()
    found = _TRAILING.search(said)
    if found:
        signs.append(found["sign"])
        said = said[: found.start()].strip()
    said = re.sub(r" ?/[-=]$", "", said)
    codes = {_SIGNS[_sign_key(sign)] for sign in signs}
    if len(codes) > 1:
        return Found(fault="sheet-money-two")
    read = _read(said)
    if read.fault:
        return read
    return Found(
        -read.value if negative else read.value,
        scaled=read.scaled,
        currency=next(iter(codes), ""),
        dollar=bool(signs) and all(sign == "$" for sign in signs),
    )


def read_percent(text: str) -> Found:
    """A percentage in hundredths: `45%` is 45. Without a sign, 0 to 1 is a fault: it may be a part of one."""
    said = plain(text)
    bare = _PERCENT.sub("", said)
    read = _read(bare)
    if not read.fault and bare == said and read.value and -1 <= read.value <= 1:
        return Found(fault="sheet-percent-scale")
    return read


def unit(heading: str) -> tuple[str, int]:
    """Currency ("" for none) and scale that a heading gives its column: `Value (₹ crore)` is INR and 10,000,000."""
    said = plain(heading)
    letter = _LETTER.search(said)
    sign = letter or _ANY_SIGN.search(said.replace("_", " "))
    currency = _SIGNS[_sign_key(sign["sign"])] if sign else ""
    scale = 1
    for found in _ANY_SCALE.finditer(said.replace("_", " ")):
        scale *= _SCALE_WORDS[_scale_key(found["scale"])]
    if scale == 1 and letter:
        scale = _LETTERS[letter["letter"].lower()]
    if scale == 1 and _THOUSANDS.search(said):
        scale = 10**3
    return currency, scale


def without_unit(heading: str) -> str:
    """A heading without the unit at its end: `Cost in Rs. lakhs` and `value_usd_m` are `Cost` and `value`."""
    found = _UNIT_AT_END.fullmatch(plain(heading))
    return found["rest"] if found else plain(heading)


def _sign_key(sign: str) -> str:
    return sign.lower() if sign.isascii() else sign


def _scale_key(scale: str) -> str:
    return scale.lower() if scale.isascii() else scale


def _bracketed(said: str) -> tuple[str, bool]:
    """Brackets round a number say that it is negative, as accountants write it."""
    if said.startswith("(") and said.endswith(")"):
        return said[1:-1].strip(), True
    return said, False


def _read(said: str) -> Found:
    said, negative = _bracketed(said)
    if said[:1] in ("-", "−", "–", "+"):
        negative, said = negative != (said[0] != "+"), said[1:].strip()
    elif said.endswith("-") and said[:1].isdecimal():
        negative, said = not negative, said[:-1].strip()
    scale = 1
    for _ in range(2):  # "2 lakh crore" has two
        found = _SCALE.search(said)
        if not found:
            break
        scale *= _SCALE_WORDS[_scale_key(found["scale"])]
        said = said[: found.start()].strip()
    said, bracketed = _bracketed(said)
    negative = negative != bracketed
    fault = _fault(said)
    if fault:
        return Found(fault=fault)
    value = Decimal(said.replace(",", "").replace(" ", "")) * scale
    return Found(whole(-value if negative else value), scaled=scale > 1)


def _fault(said: str) -> str:
    """The rule against a number as written, without sign and scale; "" where it can be read."""
    if len(said) > 28 or not said:  # beyond what Decimal computes exactly
        return "sheet-number"
    if any(form.fullmatch(said) for form in (_PLAIN, _BY_THREE, _BY_LAKH, _BY_BLANK)):
        return ""
    if _SCIENTIFIC.fullmatch(said):
        return "sheet-number-scientific"
    if _NIL.fullmatch(said):
        return "sheet-number-nil"
    return "sheet-number-grouping" if _GROUPED.fullmatch(said) and any(map(str.isdecimal, said)) else "sheet-number"


def of_cell(stored: str) -> Number:
    """A number as a workbook stores it, to the 15 digits that spreadsheets hold: 0.30000000000000004 is 0.3."""
    value = Decimal(stored)
    digits = value.adjusted()
    if value and abs(digits) < 400:
        value = round(value, 14 - digits) if digits <= 14 else value
    return whole(value)
