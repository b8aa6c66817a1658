"""One answer of a form by its name: what is asked there, its label, the answer put in. Knows no page, no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _

from dtti.office.asking import Stored
from dtti.web.views import words

from . import shape, wording
from .shape import Shape
from .taken import MOST_ROWS


def _steps(kind: str, field: str) -> Iterator[tuple[str, Shape | None]]:
    """The parts of a name, each with its question; a place in a list has that of what it holds."""
    within: Sequence[Shape] = shape.of_kind(kind)
    here: Shape | None = None
    for part in field.split("__"):
        if part.isdigit() and here is not None and here.how in ("rows", "list"):
            here, within = (here.item, ()) if here.how == "list" else (None, here.inner)
        else:
            here = next((each for each in within if each.name == part), None)
            if here is None:
                yield part, None
                return
            within = here.inner if here.how == "group" else ()
        yield part, here


def shape_at(kind: str, field: str) -> Shape | None:
    """The question of that name; None where a form of the kind has none."""
    found = None
    for _part, found in _steps(kind, field):
        if found is None and not _part.isdigit():
            return None
    return found


def label_at(kind: str, field: str) -> str:
    """What the question of that name is called, with the rows it stands in."""
    made = ""
    for part, found in _steps(kind, field):
        if part.isdigit():
            made = _("%(what)s, row %(n)s") % {"what": made, "n": words.grouped(int(part) + 1)}
        elif found is not None:
            made = f"{made}: {wording.label(found)}" if made else wording.label(found)
    return made


def put(kind: str, content: Mapping[str, Any], field: str, value: str) -> Stored:
    """The content with an answer in its place; rows that are not there yet are made. As it was for no such question."""
    made = deepcopy(dict(content))
    if shape_at(kind, field) is None:
        return made
    here: Any = made
    steps = list(_steps(kind, field))
    for place, (part, _found) in enumerate(steps):
        last = place == len(steps) - 1
        number = int(part) if part.isdigit() else None
        if number is not None and number >= MOST_ROWS:
            return dict(content)
        if last:
            empty: Any = value
        else:
            empty = [] if steps[place + 1][0].isdigit() else {}
        if number is None:
            here[part] = value if last else here.get(part) or empty
            here = here[part]
        else:
            if number >= len(here):
                here.append(empty)
                number = len(here) - 1
            elif last:
                here[number] = value
            here = here[number]
    return made


def places(kind: str, content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """All that a content names, as field and link (``kind:ref``), as far as what was typed can be one."""
    yield from _places(shape.of_kind(kind), content, "")


def links(kind: str, content: Mapping[str, Any]) -> Iterator[str]:
    """All that a content names, as links (``kind:ref``)."""
    yield from (link for _field, link in places(kind, content))


def _places(shapes: Sequence[Shape], said: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    for each in shapes:
        value, here = said.get(each.name), f"{path}__{each.name}" if path else each.name
        if each.how == "group" and isinstance(value, dict):
            yield from _places(each.inner, value, here)
        elif each.how == "rows" and isinstance(value, list):
            for place, row in enumerate(value):
                if isinstance(row, dict):
                    yield from _places(each.inner, row, f"{here}__{place}")
        else:
            asked = each.item if each.how == "list" and each.item else each
            several = [(f"{here}__{place}", one) for place, one in enumerate(value)] if isinstance(value, list) else []
            if asked.how in ("ref", "record"):
                for name, one in several or [(here, value)]:
                    if isinstance(one, str):
                        yield name, one if asked.how == "record" else f"{asked.link}:{one}"
