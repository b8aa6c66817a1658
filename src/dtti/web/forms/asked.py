"""The questions of a content, answered from what is stored or was typed, with what is wrong at each. Knows no rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.utils.translation import gettext as _

from dtti.office.asking import Stored
from dtti.programme.kinds import KINDS
from dtti.web.labels import field
from dtti.web.views import words

from . import choices as named
from . import days, shape, wording
from .choices import Choices, Option
from .faults import Fault
from .shape import Shape

#: Currencies that are offered; one that a text has already is offered with them.
CURRENCIES: Final = ("USD", "INR", "EUR", "GBP", "FRF", "SEK", "RUB", "ILS", "JPY", "AUD", "CAD", "SGD")


_SHORT_ROW: Final = 6  # questions


class Row(msgspec.Struct):
    """A row of a list: its questions, and which buttons move it. `blank`: nothing was said in it yet.

    `folds`: it stands folded under these words, until something is wrong in it; empty where it stands open.
    """

    name: str
    number: int
    questions: list[Question]
    first: bool
    last: bool
    blank: bool
    folds: str = ""


class Question(msgspec.Struct):
    """One question of a form: how it is asked, what was answered, what is wrong with the answer.

    `options`: of a list, or words in use. `kind`: of the records among which one is chosen (`*`: any). `members` of a
    group, `rows` of a list. `suggestion`: what the record suggests, and where that comes from.
    """

    name: str
    label: str
    how: str
    value: Any = ""
    options: list[Option] = []
    required: bool = False
    hint: str = ""
    errors: list[Fault] = []
    kind: str = ""
    members: list[Question] = []
    rows: list[Row] = []
    folded: bool = False
    note: str = ""
    zone: str = ""
    suggestion: str = ""

    def every(self) -> Iterator[Question]:
        """This question and all below it."""
        yield self
        for each in (*self.members, *(one for row in self.rows for one in row.questions)):
            yield from each.every()


class Asking(msgspec.Struct):
    """One form being drawn. `added`: lists that are shown with a further empty row; `side`: whose time."""

    choices: Choices
    faults: Mapping[str, list[Fault]]
    added: frozenset[str]
    first: tuple[str, ...]
    side: str

    def members(self, shapes: Sequence[Shape], said: Mapping[str, Any], path: str) -> list[Question]:
        """Several questions with their answers."""
        made = [
            self.question(each, said.get(each.name, each.default), f"{path}__{each.name}" if path else each.name, said)
            for each in shapes
        ]
        labels = {each.name: wording.label(each) for each in shapes if not shape.is_cite(each)}
        for question in made:
            _name_parts(question.members, said, labels)
        return made

    def question(self, each: Shape, value: Any, name: str, row: Mapping[str, Any]) -> Question:
        """One question with its answer."""
        made = Question(name, wording.label(each), each.how, "" if value is None else value)
        made.required = each.required and each.how != "reference"
        made.hint, made.errors = wording.hint(each), list(self.faults.get(name, ()))
        if each.how == "group":
            held = value if isinstance(value, dict) else {}
            made.members, made.value = self.members(each.inner, held, name), ""
            spoken = any(one.errors or one.name in self.added for one in made.every())
            made.folded = shape.is_cite(each) and not each.required and not spoken
            made.note = _("given") if held else ""
        elif each.how == "rows":
            made.rows, made.value = self._rows(each, value, name), ""
        elif each.how == "list" and each.item is not None:
            made.rows, made.value = self._list(each, each.item, value, name, row), ""
        elif each.how == "lines":
            made.value = "\n".join(map(str, value or ()))
        else:
            self._single(made, each, value, row)
        return made

    def _rows(self, each: Shape, value: Any, name: str) -> list[Row]:
        held = [row if isinstance(row, dict) else {} for row in value or ()]
        blank = name in self.added or (name in self.first and _short(each)) or (each.required and not held)
        rows = [*held, *([{}] if blank else [])]
        under = KINDS[each.kind].face.folded.get(each.name, ()) if each.kind in KINDS else ()
        return [_folded(under, row) for row in self._drawn(each, name, rows, len(held))]

    def _drawn(self, each: Shape, name: str, rows: list[Stored], held: int) -> list[Row]:
        return [
            Row(
                f"{name}__{place}",
                place + 1,
                self.members(each.inner, row, f"{name}__{place}"),
                place == 0,
                place >= held - 1,
                place == held,
            )
            for place, row in enumerate(rows)
        ]

    def _list(self, each: Shape, item: Shape, value: Any, name: str, row: Mapping[str, Any]) -> list[Row]:
        held = list(value or ())
        values = [
            *held,
            *([None] if name in self.added or name in self.first or (each.how == "list" and not held) else []),
        ]
        made = []
        for place, one in enumerate(values):
            question = self.question(item, one, f"{name}__{place}", row)
            question.label = _("%(what)s, row %(n)s") % {"what": wording.label(each), "n": words.grouped(place + 1)}
            question.hint = "" if place else question.hint
            made.append(
                Row(question.name, place + 1, [question], place == 0, place >= len(held) - 1, place == len(held))
            )
        return made

    def _single(self, made: Question, each: Shape, value: Any, row: Mapping[str, Any]) -> None:
        language = words.language()
        if each.how == "choice":
            made.options = [Option(code, words.heading(code, each.of)) for code in each.values]
        elif each.how == "yes_no":
            made.options = [Option("yes", words.heading("yes")), Option("no", words.heading("no"))]
            made.value = {True: "yes", False: "no"}.get(value, "") if isinstance(value, bool) else made.value
        elif each.how == "share" and isinstance(value, int):
            made.value = f"{value // 100}.{value % 100:02}".removesuffix(".00")
        elif each.how == "number" and isinstance(value, int):
            made.value = words.grouped(value) if value > 9_999 else str(value)
        elif each.how == "date" and value:
            made.value = days.said(str(value), language)
        elif each.how == "hour":
            self._hour(made, value, row)
        elif each.how == "zone":
            made.options = _zones(str(value or ""))
        elif each.how == "currency":
            held = [str(value)] if value and value not in CURRENCIES else []
            made.options = [Option(code, words.currency(code)) for code in (*CURRENCIES, *held)]
        elif each.how == "code":
            made.options = named.codes(each)
            made.value = named.code_words(each, str(value)) if value else ""
        elif each.how == "parts":
            made.value = [str(one) for one in value or ()]
        elif each.how in ("ref", "record"):
            self._named(made, each, str(value or ""))
        elif each.how == "years" and value:
            made.value = str(value).replace("FY", "").replace("-", " – ")

    def _hour(self, made: Question, value: Any, row: Mapping[str, Any]) -> None:
        zone = (
            str(row.get("zone") or "")
            if days.is_zone(str(row.get("zone") or ""))
            else days.CAPITALS.get(self.side, "UTC")
        )
        made.zone = zone
        if value and days.is_instant(str(value)):
            made.value = days.hour(value, zone, words.language())
            made.note = days.in_both(value, words.language())
        elif value:
            made.value, _at, typed = str(value).rpartition(" @ ")
            made.zone = typed or zone
        made.options = _zones(made.zone)

    def _named(self, made: Question, each: Shape, value: str) -> None:
        made.kind = "*" if each.how == "record" else each.link
        # Offices of both sides, grouped: the side of a row may be answered anew before the page is drawn again.
        whole = None if made.kind == "*" else self.choices.listed(made.kind)
        link = value if made.kind == "*" else f"{made.kind}:{value}"
        known = bool(value) and ":" in link and self.choices.known(link)
        if whole is not None and (not value or known):
            made.how, made.options, made.hint = "pick", list(whole), ""
            if value and value not in {each.value for each in whole}:
                made.options.append(Option(value, self.choices.label(link)))
            return
        made.how = "name"
        made.options = list(whole or ())
        made.value = self.choices.label(link) if known else value


def _folded(under: Sequence[str], row: Row) -> Row:
    """A row under what it says in some of its answers, where it says it and nothing is wrong in it."""
    said = {each.name.rpartition("__")[2]: each for each in row.questions}
    if row.blank or any(one.errors for each in row.questions for one in each.every()):
        return row
    told = [
        next((one.label for one in said[name].options if one.value == said[name].value), said[name].value)
        for name in under
    ]
    row.folds = ": ".join(str(each) for each in told if each)
    return row


def _short(each: Shape) -> bool:
    """Whether an empty row of a list is short enough to stand on the first screen unasked."""
    asked = [one for one in each.inner if not shape.is_cite(one)]
    return len(asked) <= _SHORT_ROW and not any(one.how in ("group", "rows") for one in asked)


def _name_parts(members: list[Question], row: Mapping[str, Any], labels: Mapping[str, str]) -> None:
    """Give the parts that a citation can call weaker: what the row says, and both ends of a date known between two."""
    parts = [each for each in members if each.how == "parts"]
    if not parts:
        return
    said = {name: labels[name] for name in row if name in labels and name != "ref"}
    for name in tuple(said):
        if str(row[name]).startswith("[") and ".." in str(row[name]):
            said[f"{name}.not_before"] = _("%(field)s, the earlier end") % {"field": labels[name]}
            said[f"{name}.not_after"] = _("%(field)s, the later end") % {"field": labels[name]}
    for each in parts:
        held = {name: labels.get(name.partition(".")[0], "") or field(name.partition(".")[0]) for name in each.value}
        each.options = [Option(name, label) for name, label in (held | said).items()]


def _zones(held: str) -> list[Option]:
    more = [held] if held and held not in days.ZONES else []
    return [Option(zone, _(days.ZONES[zone])) for zone in days.ZONES] + [
        Option(zone, zone.replace("_", " ")) for zone in more
    ]


def questions(
    kind: str,
    content: Mapping[str, Any],
    choices: Choices,
    side: str,
    faults: Sequence[Fault] = (),
    added: Sequence[str] = (),
    only: Sequence[str] = (),
) -> tuple[list[Question], list[Question]]:
    """The questions of a content of `kind`: those of the first screen, and the rest.

    `only`: those of a short form, which has no rest; a list in it ends with an empty row.
    """
    by_field: dict[str, list[Fault]] = {}
    for fault in faults:
        by_field.setdefault(fault.field, []).append(fault)
    first = tuple(only) or shape.first(kind)
    shapes = [each for each in shape.of_kind(kind) if not only or each.name in only]
    lists = [each.name for each in shapes if each.name in first and each.how == "rows"]
    # What the form is for stands there unasked.
    opens = lists if len(lists) == 1 else KINDS[kind].face.opens
    unasked = lists if only else [each for each in lists if each in opens and not content.get(each)]
    asking = Asking(choices, by_field, frozenset((*added, *unasked)), first, side)
    made = asking.members(shapes, content, "")
    return [each for each in made if each.name in first], [each for each in made if each.name not in first]
