"""Which words are marked for the catalogue, on every floor, and the catalogue brought level with them.

A word is marked by a call in Python, by the `_` of a template, or by standing in a table whose words pages show. What
is marked nowhere is dropped; what is new waits for its Hindi at the end of the file, in order.
"""

import ast
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import dtti
from dtti.language.catalogue import file_of

SOURCES = Path(dtti.__file__).parent

Message = str | tuple[str, ...]

#: How many first places of a call hold its words.
MARKERS = {"N_": 1, "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "many": 2}
#: Tables of words, and under which names they hold what pages show.
TABLES = {"node/people/duties.toml": ("title", "does")}
#: What Django and allauth say on forms here; their own Hindi is partial or missing.
LIBRARIES: tuple[Message, ...] = (
    "This field is required.",
    "You must type the same password each time.",
    "This password is too common.",
    "The password is too similar to the %(verbose_name)s.",
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)


def marked() -> set[Message]:
    """Every word that any floor marks."""
    found = {*LIBRARIES, *_of_templates(), *_of_tables()}
    for path in SOURCES.rglob("*.py"):
        found.update(_of_python(path))
    return found


def _of_python(path: Path) -> Iterator[Message]:
    for call in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(call, ast.Call):
            places = call.args[: MARKERS.get(ast.unparse(call.func).removeprefix("words."), 0)]
            words = [one.value for one in places if isinstance(one, ast.Constant)]
            if words and all(isinstance(word, str) for word in words):
                yield words[0] if len(words) == 1 else tuple(words)


def _of_templates() -> Iterator[Message]:
    options = {"**.html": {"trimmed": "true", "encoding": "utf-8"}}
    for _path, _line, message, _notes, _context in extract_from_dir(SOURCES, [("**.html", "jinja2")], options):
        yield message


def _of_tables() -> Iterator[Message]:
    for name, keys in TABLES.items():
        for row in tomllib.loads((SOURCES / name).read_text("utf-8")).values():
            yield from (row[key] for key in keys)


def held(language: str = "hi") -> Catalog:
    """The catalogue as it stands."""
    with file_of(language).open("rb") as source:
        return read_po(source, locale=language)


def identity(message: str | list[str] | tuple[str, ...]) -> Message:
    """A message as `marked` names it."""
    return message if isinstance(message, str) else tuple(message)


def levelled(catalogue: Catalog, words: set[Message]) -> bytes:
    """The file of a catalogue that holds these words and no others; what it held keeps its place and its Hindi."""
    there = {identity(one.id): one.context for one in catalogue if one.id}
    for message in there.keys() - words:
        catalogue.delete(message, there[message])
    for message in sorted(words - there.keys(), key=str):
        catalogue.add(message)
    made = io.BytesIO()
    write_po(made, catalogue, width=0, ignore_obsolete=True)
    return made.getvalue()


if __name__ == "__main__":
    file_of("hi").write_bytes(levelled(held(), marked()))
