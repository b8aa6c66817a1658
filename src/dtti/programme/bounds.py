"""How much one content may hold, whatever its kind: so that no text, however made, costs a page its time. Pure.

Ranges of single numbers and dates stand with their types in `values`. These are bounds of the whole, asked before a
content is read. They are held at the doors, never in a verdict: what was recorded before stays, and is shown as it is.
"""

from typing import Any, Final

from dtti.accord.refusal import Refusal, refuse

MOST_ROWS: Final = 500  # rows, or lines of words, in one list
MOST_VALUES: Final = 5_000  # values in all: numbers, words, rows
MOST_CHARACTERS: Final = 200_000  # of all its texts together


def exceeded(stored: Any) -> Refusal | None:
    """The bound that a stored content breaks first, or None. Its cost is bounded too: it stops at the first."""
    values = characters = 0
    waiting: list[Any] = [stored]
    while waiting:
        value = waiting.pop()
        values += 1
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            if len(value) > MOST_ROWS:
                return _refusal(f"a list of {len(value):,} rows; a record takes {MOST_ROWS:,}")
            waiting.extend(value)
        elif isinstance(value, str):
            characters += len(value)
        if characters > MOST_CHARACTERS:
            return _refusal(f"more than {MOST_CHARACTERS:,} characters of text")
        if values + len(waiting) > MOST_VALUES:
            return _refusal(f"more than {MOST_VALUES:,} values")
    return None


def _refusal(reason: str) -> Refusal:
    return refuse("content-size", f"The content holds {reason}.", "Attach what is longer as a file.")
