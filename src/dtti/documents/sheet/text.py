"""What stands in a cell, as plain text: invisible signs, digits of both scripts, keys to compare by. Knows no type."""

import re
import unicodedata

# U+200B zero-width space, U+2060 word joiner, U+FEFF (a BOM astray), U+00AD soft hyphen: left over from copying.
# ZWJ and ZWNJ (U+200D, U+200C) shape Devanagari and stay.
_INVISIBLE = dict.fromkeys((0x200B, 0x2060, 0xFEFF, 0x00AD))
_FORMAT = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_DIGITS = {0x0966 + digit: str(digit) for digit in range(10)}
_NOT_WORD = re.compile(r"[^\w\u0900-\u097f%]+")
_MATRA_JOINERS = dict.fromkeys((0x200C, 0x200D))


def control(text: str) -> int | None:
    """The code of the first control sign in `text` that no text has (NUL and the like); None where there is none."""
    found = _CONTROL.search(text)
    return ord(found[0]) if found else None


def prose(text: str) -> str:
    """`text` in Unicode NFC, without invisible left-overs and outer blanks; lines end in LF. Idempotent."""
    if text.isascii():
        return text.replace("\r\n", "\n").replace("\r", "\n").strip() if "\r" in text else text.strip()
    made = unicodedata.normalize("NFC", text.translate(_INVISIBLE).replace("\r\n", "\n").replace("\r", "\n"))
    return made.strip().strip("\u00a0").strip()


def line(text: str) -> str:
    """As `prose`, in one line: any run of blanks and line breaks is one blank."""
    return " ".join(prose(text).split())


def ascii_digits(text: str) -> str:
    """`text` with Devanagari digits written 0 to 9."""
    return text if text.isascii() else text.translate(_DIGITS)


def plain(text: str) -> str:
    """`text` to be read as a value: NFC, digits 0 to 9, single blanks, no format signs of any kind, no outer blanks."""
    if not text.isascii():
        text = _FORMAT.sub("", unicodedata.normalize("NFC", text).translate(_MATRA_JOINERS)).translate(_DIGITS)
    return " ".join(text.split())


def folded(text: str) -> str:
    """A key under which headings and choices are compared: no case, punctuation, nukta or joiners.

    The nukta is dropped since offices write both फ़रवरी and फरवरी; anusvara for a nasal stands for itself.
    """
    made = unicodedata.normalize("NFD", plain(text).casefold()).replace("\u093c", "")
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFC", made)).replace("_", " ").strip()


def shown(text: str, most: int = 60) -> str:
    """`text` as a message quotes it: one line, no control signs, at most `most` characters."""
    made = " ".join(_CONTROL.sub("\ufffd", text[: most * 4]).split())
    return made if len(made) <= most else made[: most - 1] + "…"


def column_letters(index: int) -> str:
    """The letters of a column, from 0: A, B, ..., Z, AA (ECMA-376 Part 1, 18.18.7, A1 style)."""
    made = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        made = chr(65 + rest) + made
    return made


def address(row: int, column: int) -> str:
    """A cell's address: `B7` for row 7 (from 1) and column 1 (from 0)."""
    return f"{column_letters(column)}{row}"
