r"""What may be printed on a terminal: nothing that moves the cursor, hides, or turns the line round. Knows no record.

What a file says of itself stands in what `dtti check` and `dtti verify` print; an escape code or a line feed in it
could write GOOD over BAD. Such a character is printed as its code: ``\x1b``, ``\n``, ``\u200b``.
"""

import unicodedata

#: Drawn as nothing at all, or as a gap, though Unicode counts them among letters, marks and symbols.
BLANK = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0"
    + "".join(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x1D159)))
)
_SPELLED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LEFT = ("R", "AL", "AN", "RLE", "RLO", "RLI")  # written from right to left: they take their neighbours along
_MOST_MARKS = 4  # on one letter; Devanagari needs four, and more would be drawn over the line above


def printable(text: object, *, json: bool = False) -> str:
    """`text` on one line of a terminal. With `json`, `text` is JSON already, and is escaped as JSON escapes."""
    said = str(text)
    if said.isascii() and said.isprintable():
        return said
    made, marks = [], 0
    for character in said:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        shown = (
            character.isprintable()
            and character not in BLANK
            and marks <= _MOST_MARKS
            and unicodedata.bidirectional(character) not in _LEFT
        )
        made.append(character if shown else _escaped(character, json=json))
    return "".join(made)


def _escaped(character: str, *, json: bool) -> str:
    code = ord(character)
    if json:
        pair = character.encode("utf-16-be", "surrogatepass")
        return "".join(f"\\u{pair[at]:02x}{pair[at + 1]:02x}" for at in range(0, len(pair), 2))
    if character in _SPELLED:
        return _SPELLED[character]
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
