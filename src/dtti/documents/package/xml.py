"""One look through an XML part before anything reads it: harmless, bounded, well formed. Knows no Office file.

By expat, which reads in pieces and keeps nothing. A document type is refused where it begins, so no entity is ever
declared and neither nested ("billion laughs") nor quadratic expansion can happen, in UTF-8 or UTF-16.
"""

from xml.parsers import expat


class _Stop(Exception):
    """Carries what is wrong out of expat's callbacks."""


class Looker:
    """Feed it a part's bytes in pieces, `b""` at the end; `feed` answers what is wrong, "" while nothing is."""

    def __init__(self, *, depth: int, elements: int) -> None:
        self._parser = expat.ParserCreate()
        self._most_depth, self._most = depth, elements
        self._depth = self._count = 0
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def feed(self, piece: bytes) -> str:
        """What is wrong with the part as a predicate ("holds ..."), or ""; `b""` says that the part has ended."""
        try:
            self._parser.Parse(piece, not piece)
        except _Stop as stop:
            return str(stop)
        except expat.ExpatError as error:
            said = expat.errors.messages.get(error.code, "")
            if said == expat.errors.XML_ERROR_UNKNOWN_ENCODING:
                return "is in an encoding that Office files never are in"
            where = f"line {error.lineno}, column {error.offset}"
            return f"is not well-formed XML ({expat.ErrorString(error.code)}, {where})"
        except (UnicodeError, ValueError, LookupError):
            return "is in an encoding that Office files never are in"
        return ""

    def _doctype(self, *_: object) -> None:
        raise _Stop("declares a document type, which could make it expand or fetch without end")

    def _start(self, *_: object) -> None:
        self._depth += 1
        self._count += 1
        if self._depth > self._most_depth:
            raise _Stop(f"nests elements more than {self._most_depth} deep")
        if self._count > self._most:
            raise _Stop(f"holds more than {self._most:,} elements")

    def _end(self, *_: object) -> None:
        self._depth -= 1
