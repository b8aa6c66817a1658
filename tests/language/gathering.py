"""Which words are marked for the catalogue, on every floor, and the catalogue brought level with them.

A word is marked by a call in Python, by the `_` of a template, or by standing in a table whose words pages show. What
is marked nowhere is dropped; what is new waits for its Hindi at the end of the file, in order.
"""

import ast
import io
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import dtti
from dtti.language.catalogue import compile_words, file_of
from dtti.language.refusals import CONTEXT

SOURCES = Path(dtti.__file__).parent

Message = str | tuple[str, ...]
BLANK = re.compile(r"%\((\w+)\)s")
Entry = tuple[Message, str | None]
"""A message, one form or several, and the context in which its words are other ones."""

#: How many first places of a call hold its words.
MARKERS = {"N_": 1, "C_": 2, "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "many": 2}
#: Tables of words, and under which names they hold what pages show.
TABLES = {"node/people/duties.toml": ("title", "does"), "programme/delays.toml": ("words", "basis")}
#: The versions of the SOP: what it is called and asks.
PROCEDURES = "accord/procedures"
#: The national procedures, and the rules of the warnings between them.
LANES = "programme/lanes"
#: By what a need and an offer are found to be about the same.
MATCHING = "programme/matching.toml"
#: How a project stands: the number of days, and the reasons.
STANDINGS = "programme/standing.toml"
#: The terms of the industry forum.
FORUM = "programme/forum"
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
#: Floors and files whose refusals a person meets on a page, and which places of which calls hold their sentences.
REFUSING = (
    *("programme", "node/core", "node/acting", "node/people", "node/record", "office", "web"),
    *(
        "documents/passages.py",
        "accord/authority.py",
        "accord/demands.py",
        "accord/discipline.py",
        "accord/discipline_2.py",
        "accord/table.py",
    ),
)
SENTENCES = {"refuse": slice(1, 3), "Refusal": slice(1, 3), "_refusal": slice(0, 1)} | {
    "not_after": slice(1, 5, 2),
    "distinct": slice(1, 2),
}
#: The readers of calendar files, and what they refuse with.
CALENDARS = tuple(f"documents/calendar/{name}.py" for name in ("read", "entry", "away"))
OF_CALENDARS = {"bad": slice(0, 2), "no": slice(0, 2), "refuse": slice(1, 3)}
VALUES = "programme/values.py"  # what it raises about a date is said in the refusal of the content
#: What msgspec says of a content that is not in its form.
FORMS = (
    "%(fault)s - at `%(where)s`",
    "Object missing required field `%(field)s`",
    "Object contains unknown field `%(field)s`",
    "Invalid enum value %(value)s",
    "Expected `%(wanted)s`, got `%(given)s`",
    "Expected `%(wanted)s` of length <= %(most)s",
    "Expected `%(wanted)s` of length >= %(least)s",
    "Expected `%(wanted)s` matching regex %(form)s",
    "Expected `%(wanted)s` <= %(most)s",
    "Expected `%(wanted)s` >= %(least)s",
)


def marked() -> set[Entry]:
    """Every word that any floor marks."""
    found = {*((words, None) for words in LIBRARIES), *_of_templates(), *_of_tables()}
    for path in SOURCES.rglob("*.py"):
        found.update(_of_python(path))
    sentences = {*FORMS, *_refusals(SOURCES / VALUES, SENTENCES | {"ValueError": slice(0, 1)})}
    for room in REFUSING:
        for path in [SOURCES / room] if room.endswith(".py") else (SOURCES / room).rglob("*.py"):
            sentences.update(_refusals(path, SENTENCES))
    for name in CALENDARS:
        sentences.update(_refusals(SOURCES / name, OF_CALENDARS))
    # One sentence whose blank is called otherwise in another rule is one sentence.
    shapes = {BLANK.sub("%()s", sentence): sentence for sentence in sorted(sentences, reverse=True)}
    # Blanks alone would be found in anything.
    return found | {(sentence, CONTEXT) for shape, sentence in shapes.items() if shape.replace("%()s", "").strip()}


def _of_python(path: Path) -> Iterator[Entry]:
    for call in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(call, ast.Call):
            name = ast.unparse(call.func).removeprefix("words.")
            words = [one.value for one in call.args[: MARKERS.get(name, 0)] if isinstance(one, ast.Constant)]
            if words and all(isinstance(word, str) for word in words):
                context = words.pop(0) if name == "C_" else None
                yield words[0] if len(words) == 1 else tuple(words), context


def _refusals(path: Path, sayers: dict[str, slice]) -> Iterator[str]:
    """The sentences of the refusals that a file makes."""
    for function in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(function, ast.FunctionDef):
            yield from refusals_of(function, sayers)[0]


def refusals_of(function: ast.FunctionDef, sayers: dict[str, slice]) -> tuple[set[str], list[ast.expr]]:
    """The sentences of the refusals that a function makes, and what it takes for one that is none written in it.

    A sentence may be put under a name first. One in the page's language already is no matter of this.
    """
    named: dict[str, list[ast.expr]] = {}
    for each in ast.walk(function):
        if isinstance(each, ast.Assign):
            several = isinstance(each.targets[0], ast.Tuple) and isinstance(each.value, ast.Tuple)
            targets = each.targets[0].elts if several else each.targets[:1]
            for target, value in zip(targets, each.value.elts if several else [each.value], strict=True):
                if isinstance(target, ast.Name):
                    named.setdefault(target.id, []).append(value)
    found, unseen = set(), []
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in sayers:
            for given in call.args[sayers[call.func.id]]:
                values = named.get(given.id, []) if isinstance(given, ast.Name) else [given]
                found.update(sentence for value in values for sentence in _sentences(value))
                if not values or not any(_written(value) for value in values):
                    unseen.append(given)
    return found, unseen


def _written(value: ast.expr) -> bool:
    translated = isinstance(value, ast.Call | ast.BinOp) and "_(" in ast.unparse(value)
    return translated or any(True for _sentence in _sentences(value))


def _sentences(given: ast.expr) -> Iterator[str]:
    """A sentence as it is written, with named blanks for what is put into it; both of a choice of two."""
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        yield given.value
    elif isinstance(given, ast.IfExp):
        yield from (*_sentences(given.body), *_sentences(given.orelse))
    elif isinstance(given, ast.JoinedStr):
        blanks: dict[str, str] = {}
        made = ""
        for part in given.values:
            if isinstance(part, ast.Constant):
                made += part.value.replace("%", "%%")
            elif isinstance(part, ast.FormattedValue):
                name, spelled = _blank(part.value), ast.unparse(part.value)
                while blanks.setdefault(name, spelled) != spelled or f"%({name})s" in made:
                    name += "_"
                made += f"%({name})s"
        yield made


def _blank(value: ast.expr) -> str:
    """What a blank is called: the last name in it."""
    names = [each.attr if isinstance(each, ast.Attribute) else each.id for each in _named(value)]
    return names[0] if names else "value"


def _named(value: ast.expr) -> list[ast.Attribute | ast.Name]:
    if isinstance(value, ast.Attribute | ast.Name):
        return [value]
    if isinstance(value, ast.Call):
        inner = [*value.args, *([value.func.value] if isinstance(value.func, ast.Attribute) else [])]
        return [name for each in inner for name in _named(each)]
    return _named(value.value) if isinstance(value, ast.Subscript) else []


def _of_templates() -> Iterator[Entry]:
    options = {"**.html": {"trimmed": "true", "encoding": "utf-8"}}
    for _path, _line, message, _notes, context in extract_from_dir(SOURCES, [("**.html", "jinja2")], options):
        yield message, context


def _of_tables() -> Iterator[Entry]:
    for name, keys in TABLES.items():
        for row in tomllib.loads((SOURCES / name).read_text("utf-8")).values():
            yield from ((row[key], None) for key in keys)
            if "because" in row:  # stands after the duty's name
                yield row["because"][0].lower() + row["because"][1:].rstrip("."), CONTEXT
    for path in (SOURCES / PROCEDURES).glob("*.toml"):
        said = tomllib.loads(path.read_text("utf-8"))
        yield from ((said["about"][key], None) for key in ("title", "basis"))
        yield from ((row[key], None) for row in said["rows"].values() for key in ("words", "by", "basis"))
    yield tomllib.loads((SOURCES / MATCHING).read_text("utf-8"))["basis"], None
    yield from _of_lanes()
    yield from _of_standings()
    yield from _of_forum()


def _of_lanes() -> Iterator[Entry]:
    """The words of the national procedures, and of the rules by which conflicts in time are warned of."""
    for path in (SOURCES / LANES).glob("*.toml"):
        said = tomllib.loads(path.read_text("utf-8"))
        yield from ((said["about"][key], None) for key in ("title", "basis") if key in said["about"])
        steps = [
            *said.get("steps", {}).values(),
            *said.get("authorities", {}).values(),
            *said.get("rules", {}).values(),
        ]
        rows = [
            *steps,
            *(each["clock"] for each in steps if "clock" in each),
            *([said["offsets"]] if "offsets" in said else []),
        ]
        yield from (
            (row[key], None)
            for row in rows
            for key in ("words", "office", "says", "cure", "by", "basis", "source")
            if row.get(key)
        )
        yield from ((row["version"], None) for row in rows if " " in row.get("version", ""))  # said in words


def _of_standings() -> Iterator[Entry]:
    """The words of how a project stands: the rule of dormancy, and the reasons."""
    said = tomllib.loads((SOURCES / STANDINGS).read_text("utf-8"))
    yield said["dormant"]["basis"], None
    yield from ((why[key], None) for why in said["reasons"].values() for key in ("words", "basis"))


def _of_forum() -> Iterator[Entry]:
    """The terms of the industry forum: ways in, criteria, notices, the time for an answer."""
    for path in (SOURCES / FORUM).glob("*.toml"):
        said = tomllib.loads(path.read_text("utf-8"))
        yield from ((said["about"][key], None) for key in ("title", "lede"))
        yield from ((said["answer"][key], None) for key in ("words", "basis"))
        yield from ((row["words"], None) for row in said["ways"])
        rows = [*said["criteria"], *said["notices"]]
        yield from ((row[key], None) for row in rows for key in ("words", "basis"))


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
    compile_words()
