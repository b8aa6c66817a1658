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
Entry = tuple[Message, str | None]
"""A message, one form or several, and the context in which its words are other ones."""

#: How many first places of a call hold its words.
MARKERS = {"N_": 1, "C_": 2, "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "many": 2}
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


def marked() -> set[Entry]:
    """Every word that any floor marks."""
    found = {*((words, None) for words in LIBRARIES), *_of_templates(), *_of_tables()}
    for path in SOURCES.rglob("*.py"):
        found.update(_of_python(path))
    return found


def _of_python(path: Path) -> Iterator[Entry]:
    for call in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(call, ast.Call):
            name = ast.unparse(call.func).removeprefix("words.")
            words = [one.value for one in call.args[: MARKERS.get(name, 0)] if isinstance(one, ast.Constant)]
            if words and all(isinstance(word, str) for word in words):
                context = words.pop(0) if name == "C_" else None
                yield words[0] if len(words) == 1 else tuple(words), context


def _of_templates() -> Iterator[Entry]:
    options = {"**.html": {"trimmed": "true", "encoding": "utf-8"}}
    for _path, _line, message, _notes, context in extract_from_dir(SOURCES, [("**.html", "jinja2")], options):
        yield message, context


def _of_tables() -> Iterator[Entry]:
    for name, keys in TABLES.items():
        for row in tomllib.loads((SOURCES / name).read_text("utf-8")).values():
            yield from ((row[key], None) for key in keys)


def held(language: str = "hi") -> Catalog:
    """The catalogue as it stands."""
    with file_of(language).open("rb") as source:
        return read_po(source, locale=language)


def entries(catalogue: Catalog) -> dict[Entry, Message]:
    """What a catalogue holds."""
    return {(_frozen(one.id), one.context): _frozen(one.string) for one in catalogue if one.id}


def _frozen(words: str | list[str] | tuple[str, ...]) -> Message:
    return words if isinstance(words, str) else tuple(words)


def levelled(catalogue: Catalog, words: set[Entry]) -> bytes:
    """The file of a catalogue that holds these words and no others; what it held keeps its place and its Hindi."""
    there = entries(catalogue).keys()
    for message, context in there - words:
        catalogue.delete(message, context)
    for message, context in sorted(words - there, key=str):
        catalogue.add(message, context=context)
    made = io.BytesIO()
    write_po(made, catalogue, width=0, ignore_obsolete=True)
    return made.getvalue()


if __name__ == "__main__":
    file_of("hi").write_bytes(levelled(held(), marked()))
