"""Records and codes by name, for a form: short lists whole, long ones by what is typed. Decides nothing about who sees.

What is stored is the reference; what is shown and typed is the name. A name that fits several is asked back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext as _

from dtti.documents.sheet.text import folded
from dtti.node.core.visibility import Viewer
from dtti.node.record import lookups, read
from dtti.node.record.read import Listed
from dtti.programme.delays import delays
from dtti.programme.kinds import KINDS
from dtti.programme.lanes import versions as lanes
from dtti.programme.lanes.timing import timing
from dtti.programme.published import load
from dtti.programme.sop.versions import versions
from dtti.web.page import Moment, node_of, viewer_of
from dtti.web.views import words
from dtti.web.views.shown import Names

from .shape import Shape, of_struct

#: A list of no more records than this is shown whole; of a longer one what fits the words typed.
SHORT: Final = 60
MOST: Final = 20  # that fit the words typed
_REFERENCE: Final = re.compile(r"[A-Za-z0-9]+(?:[/_-][A-Za-z0-9]+)*\Z")
_NUMBER: Final = re.compile(r"(\d{1,18})")
_RECORD: Final = re.compile(r"[a-z_]{2,40}:.+\Z")


class Option(msgspec.Struct, frozen=True):
    """A choice: what is stored, what is shown, and under which heading where a list has several."""

    value: str
    label: str
    group: str = ""


def _in_order(label: str) -> list[tuple[int, str]]:
    """A key by which names stand in order, the numbers in them as numbers."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in _NUMBER.split(folded(label)) if part]


@dataclass
class Choices:
    """What one form offers by name, each list asked for once. `standing`: links of the text that stands already."""

    request: HttpRequest
    standing: frozenset[str] = frozenset()
    _lists: dict[tuple[str, str], list[Option] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.names = Names.of(self.request, Moment())
        self.node, self.viewer = node_of(self.request), self._viewer()

    def _viewer(self) -> Viewer:
        return viewer_of(self.request)

    def learn(self, links: Iterable[str]) -> None:
        """Ask for the names of links (``kind:ref``), one query for all."""
        self.names.learn(each for each in links if each.partition(":")[0] in KINDS)

    def known(self, link: str) -> bool:
        """Whether a link names a record that the viewer sees, or one that the text that stands names already."""
        self.learn([link])
        return link in self.standing or self.names.row(link) is not None

    def label(self, link: str) -> str:
        """What a linked record is called; its kind beside it where `link` may be of any kind."""
        return self.names.title(link) if self.known(link) else link.partition(":")[2]

    def listed(self, kind: str, side: str = "") -> list[Option] | None:
        """All records of a kind (of one side's, where that is given) by name; None where they are too many."""
        key = kind, side
        if key not in self._lists:
            filters = {"about": side} if side else {}
            found = read.listing(self.node, self.viewer, kind, filters=filters, count=SHORT + 1)
            short = found.total <= SHORT
            self._lists[key] = self._options(kind, found.rows) if short else None
        return self._lists[key]

    def _options(self, kind: str, rows: list[Listed], *, grouped: bool = False) -> list[Option]:
        self.names.learn_for(rows)
        several = len({row.about for row in rows}) > 1 and kind == "office"
        made: dict[str, Option] = {}
        for row in rows:
            group = (
                words.word(row.about)
                if several and row.about
                else words.heading(KINDS[kind].face.one)
                if grouped
                else ""
            )
            value = f"{row.kind}:{row.ref}" if grouped else row.ref
            made.setdefault(value, Option(value, self.names.plainly(row), group))
        options = sorted(made.values(), key=lambda each: (each.group, _in_order(each.label)))
        alike = [each.label for each in options]
        return [
            msgspec.structs.replace(each, label=_with_reference(each)) if alike.count(each.label) > 1 else each
            for each in options
        ]

    def search(self, kind: str, said: str, side: str = "", start: int = 0) -> tuple[list[Option], int]:
        """Records that fit words, of a kind or (`*`) of any, by name; and how many there are in all."""
        filters = {"about": side} if side and kind != "*" else {}
        wanted = "" if kind == "*" else kind
        found = read.listing(
            self.node, self.viewer, wanted, filters=filters, words=" ".join(said.split())[:200], start=start, count=MOST
        )
        if kind != "*":
            return self._options(kind, found.rows), found.total
        made: list[Option] = []
        for one in dict.fromkeys(row.kind for row in found.rows if row.kind in KINDS):
            made += self._options(one, [row for row in found.rows if row.kind == one], grouped=True)
        return made, found.total

    def resolve(self, kind: str, said: str, side: str = "") -> str:
        """The reference that a name means; the text as it was typed where none or several do."""
        said = " ".join(said.split())
        link = said if kind == "*" else f"{kind}:{said}"
        reference = _RECORD if kind == "*" else _REFERENCE
        if not said or (reference.match(said) and self.known(link)):
            return said
        matches = self.matches(kind, said, side)
        same = [each for each in matches if folded(said) in _ways(each)]
        return same[0].value if len(same) == 1 else said

    def matches(self, kind: str, said: str, side: str = "") -> list[Option]:
        """The records that a name which was typed may mean, few at most."""
        whole = None if kind == "*" else self.listed(kind, side)
        if whole is not None:
            wanted = folded(said)
            same = [each for each in whole if wanted in _ways(each)]
            return same or [each for each in whole if wanted and wanted in folded(each.label)][:MOST]
        return self.search(kind, said, side)[0]


def _ways(option: Option) -> tuple[str, str]:
    """How a record is named: by its name alone, and as another list has it where two of that name stand in it."""
    return folded(option.label), folded(_with_reference(option))


def _with_reference(option: Option) -> str:
    return f"{option.label} ({option.value.rpartition(':')[2]})"


@cache
def _codes_in_use() -> Mapping[str, tuple[str, ...]]:
    """The codes that the public record has in each field of a code, and the SOP in its own, by struct and field."""
    found: dict[str, dict[str, None]] = {}
    for one in load():
        _gather(one.content, found)
    held = versions().values()
    found["Project.sop"] = found["Procedure.follows"] = dict.fromkeys(versions())
    found |= {field: dict.fromkeys(each) for field, each in lanes.codes().items()}
    found["NationalCase.authority"] = dict.fromkeys(timing().authorities)
    found["Delay.reason"] = dict.fromkeys(delays())
    found["Answer.row"] = dict.fromkeys(name for each in held for name in each.rows)
    found.setdefault("Project.kind", {}).update(dict.fromkeys(path for each in held for path in each.paths))
    return {name: tuple(codes) for name, codes in found.items()}


def _gather(content: msgspec.Struct, found: dict[str, dict[str, None]]) -> None:
    for shape in of_struct(type(content)):
        value: Any = getattr(content, shape.name)
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, msgspec.Struct):
                _gather(each, found)
            elif shape.how == "code" and each:
                found.setdefault(shape.of, {})[each] = None


def codes(shape: Shape) -> list[Option]:
    """The codes that are in use in a field, in the words of the page's language."""
    made = [Option(code, words.word(code)) for code in _codes_in_use().get(shape.of, ())]
    return sorted(made, key=lambda each: folded(each.label))


def code(shape: Shape, said: str) -> str:
    """The code that words mean: one in use, else one made of them; the words as typed where no code is made of them."""
    said = " ".join(said.split())
    for each in codes(shape):
        if folded(said) in (folded(each.label), folded(each.value)) or said == each.value:
            return each.value
    made = re.sub(r"[^a-z0-9]+", "-", said.casefold()).strip("-")
    return made if said.isascii() and made else said


def code_words(shape: Shape, stored: str) -> str:
    """What a stored code is called on the page, where those words mean it here; else the code as it is stored."""
    said = words.word(stored)
    return said if code(shape, said) == stored else stored


def kinds_words(kind: str) -> str:
    """What a record of a kind is called in a sentence; any record for links of every kind."""
    return _("record") if kind == "*" else _(KINDS[kind].face.one)


def named(request: HttpRequest, links: Iterable[str]) -> Mapping[str, Listed]:
    """The records behind links that the viewer sees, under the link."""
    return lookups.named(node_of(request), viewer_of(request), links)
