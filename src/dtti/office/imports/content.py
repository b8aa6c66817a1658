"""Contents put together from single values at paths, laid over what a record holds, compared. Knows no file.

A path is `sponsors.IND.organisation`: fields, and for rows of a list the side (IND, USA) or the day (@) that tells them
apart. What is laid over keeps what it does not name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from dtti.documents.sheet.text import folded

from .targets import DAY, SIDES

Stored = dict[str, Any]
#: What tells the rows of a list apart, the first that both have.
_KEYS: Final = ("side", "date", "number", "statement", "stage")
NOTES: Final = "notes"
_LINE: Final = re.compile(r"(?P<label>[^:\n]{1,80}): ")


def put(content: Stored, path: str, value: Any, day: str = "") -> None:
    """Put a value at a path; `day`: what @ means."""
    steps = path.split(".")
    held: Any = content
    for place, step in enumerate(steps):
        last = place == len(steps) - 1
        if step in SIDES or step == DAY:
            key, said = ("date", day) if step == DAY else ("side", step)
            row = next((each for each in held if each.get(key) == said), None)
            if row is None:
                row = {key: said}
                held.append(row)
            held = row
        elif last:
            before = held.get(step)
            both = isinstance(before, dict) and isinstance(value, dict)
            held[step] = {**before, **value} if both else value
        else:
            rows = steps[place + 1] in SIDES or steps[place + 1] == DAY
            held = held.setdefault(step, [] if rows else {})


def at(content: Mapping[str, Any], path: str) -> list[str]:
    """The texts that stand at a path; of paths divided by |, those at any of them."""
    return [said for one in path.split("|") for said in _texts(content, one.split("."))]


def _texts(held: Any, steps: list[str]) -> Iterator[str]:
    if held is None:
        return
    if not steps:
        if isinstance(held, list | tuple):
            yield from (str(each) for each in held)
        else:
            yield str(held)
        return
    step, *rest = steps
    if step in SIDES and isinstance(held, list):
        for row in held:
            if row.get("side") == step:
                yield from _texts(row, rest)
    elif isinstance(held, dict):
        yield from _texts(held.get(step), rest)


def over(held: Mapping[str, Any], given: Mapping[str, Any]) -> Stored:
    """`given` laid over `held`: fields by name, rows by what tells them apart, plain lists as one, notes by line."""
    made = dict(held)
    for name, value in given.items():
        before = made.get(name)
        if name == NOTES and isinstance(before, str):
            made[name] = _noted(before, value)
        elif isinstance(before, dict) and isinstance(value, dict):
            made[name] = over(before, value)
        elif isinstance(before, list) and isinstance(value, list):
            made[name] = _rows(before, value)
        else:
            made[name] = value
    return made


def _rows(held: list[Any], given: list[Any]) -> list[Any]:
    made = list(held)
    for row in given:
        if not isinstance(row, dict):
            if row not in made:
                made.append(row)
            continue
        key = next((each for each in _KEYS if each in row), "")
        place = next((n for n, each in enumerate(made) if key and each.get(key) == row[key]), -1)
        if place < 0:
            made.append(row)
        else:
            made[place] = over(made[place], row)
    return made


def _noted(held: str, given: str) -> str:
    """Notes with their labelled lines brought up to date: a line of the same label is replaced, others are added."""
    lines = held.split("\n")
    for line in given.split("\n"):
        label = _LINE.match(line)
        place = next((n for n, each in enumerate(lines) if label and each.startswith(label[0])), -1)
        if place >= 0:
            lines[place] = line
        elif line not in lines:
            lines.append(line)
    return "\n".join(lines)


def slug(said: str, most: int = 60) -> str:
    """A code of small letters and digits made of a text; empty where it has no Latin letter."""
    bare = unicodedata.normalize("NFKD", said).encode("ascii", "ignore").decode().lower()
    made = "-".join(re.findall(r"[a-z0-9]+", bare.replace("'", "")))[:most].strip("-")
    return made if re.search("[a-z]", made) else ""


def reference(said: str) -> str:
    """A reference of the office's own as a record can carry it; empty where it is a bare number, or nothing is left."""
    made = re.sub(r"[^A-Za-z0-9/_-]+", "-", said)
    made = re.sub(r"([/_-])[/_-]+", r"\1", made).strip("/_-")[:80].strip("/_-")
    return made if re.search("[A-Za-z]", made) else ""


def alike(content: Mapping[str, Any], paths: tuple[str, ...]) -> set[tuple[str, ...]]:
    """What a content is known by, folded: one value for each path, every combination; none where a path is empty."""
    made: set[tuple[str, ...]] = {()}
    for path in paths:
        said = {folded(each) for each in at(content, path)} - {""}
        made = {(*before, each) for before in made for each in said}
    return made
