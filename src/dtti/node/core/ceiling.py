"""What may not be kept here: texts and files that bear a marking above the ceiling. The one place where it is asked.

Every body of this side is asked at `Node.write`, whoever composes it; pages ask before a form or a file is kept. A file
is looked into by a reader of files, which stands beside this floor and is given by `read_files_by`; until one is,
no file is taken in: nobody could say what it bears. It knows no page and no kind of file.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, Protocol

from dtti.accord.refusal import Refusal, refuse
from dtti.programme import markings
from dtti.programme.markings import Marking

MOST_TOLD: Final = 8
RULE: Final = "marking-above-ceiling"


class Words(Protocol):
    """Words of a file: the text, whether it is a margin, and the place of one of its lines."""

    @property
    def text(self) -> str: ...
    @property
    def margin(self) -> bool: ...
    def at(self, line: int) -> str:
        """The place of a line, in words of the catalogue of refusals."""
        ...


Reader = Callable[[bytes, str], Sequence[Words]]
_readers: list[Reader] = []


def read_files_by(reader: Reader) -> None:
    """Look into files by this reader from now on."""
    _readers[:] = [reader]


def of_text(text: str, where: str = "", field: str = "") -> list[Refusal]:
    """What stands against keeping a text: each marking above the ceiling in it, with its place."""
    return [_above(each, where or f"line {each.line}", field) for each in markings.markings(text)][:MOST_TOLD]


def of_content(stored: object) -> list[Refusal]:
    """What stands against keeping a content or a form, as stored: each text of it by itself, with where it stands."""
    return list(islice((one for path, text in _texts(stored, "") for one in of_text(text, "", path)), MOST_TOLD))


def of_file(data: bytes, name: str = "") -> list[Refusal]:
    """What stands against keeping a file: a marking in it or in its name, or that nobody here can look into it.

    Refused by the reader itself where the file is kept by a password.
    """
    if not _readers:
        return [
            refuse(
                "marking-unread",
                "No reader of files is at work, so that nobody can look whether the file bears a marking.",
                "Bring it in by a page or a command of this system.",
            )
        ]
    stem = name.rpartition(".")[0] or name
    found = [_above(each, "the name of the file", "") for each in markings.markings(stem.replace("_", " "))]
    for words in _readers[0](data, name):
        found += [_above(each, words.at(each.line), "") for each in markings.markings(words.text, margin=words.margin)]
        if len(found) >= MOST_TOLD:
            break
    return found[:MOST_TOLD]


def _above(marking: Marking, place: str, field: str) -> Refusal:
    return refuse(
        RULE,
        f"It bears the marking “{marking.words}” ({place}), which is above what may stand here: unclassified, or "
        "controlled unclassified that may be released to the other side.",
        "Keep it in the system for its marking, and name it here by its registry number. If it was brought in before, "
        "have its text erased here: see “A spill” in the operating manual. If it is no marking, write it within a "
        "sentence.",
        field,
    )


def _texts(stored: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(stored, str):
        yield path, stored
    elif isinstance(stored, Mapping):
        for name, value in stored.items():
            yield from _texts(value, f"{path}.{name}" if path else str(name))
    elif isinstance(stored, Iterable) and not isinstance(stored, bytes):
        for number, value in enumerate(stored):
            yield from _texts(value, f"{path}.{number}" if path else str(number))
