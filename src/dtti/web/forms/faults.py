"""What stands against what was typed into a form: all at once, each at its field, in plain words. No rule of a kind.

The form of a content is judged here by the same types by which its kind reads it, so that whoever fills in a form is
told what is wrong with an answer and what would be right, and never how it is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language.characters import left_over
from dtti.language.marking import C_
from dtti.language.names import LABELS
from dtti.language.refusals import refusal_in
from dtti.node.core.text import against
from dtti.office.asking import Stored
from dtti.programme.kinds import KINDS
from dtti.programme.values import FIRST_YEAR, LAST_YEAR, When, decode_hook
from dtti.web.views import words
from dtti.web.views.codes import CODES

from . import days, putting, shape, wording
from .choices import Choices, kinds_words
from .shape import Shape


class Fault(msgspec.Struct, frozen=True):
    """What is wrong with an answer. `field`: its name on the form, empty for the whole.

    `readings`: what it may mean. `begin`: the kind of record that would have to be begun first.
    """

    field: str
    reason: str
    remedy: str = ""
    readings: list[dict[str, str]] = []
    rule: str = ""
    label: str = ""
    begin: str = ""


class Judging(msgspec.Struct):
    """One content being judged. `choices`: records by name; None leaves unasked whether they are there."""

    choices: Choices | None = None

    def members(self, shapes: Sequence[Shape], said: Mapping[str, Any], path: str, within: str) -> Iterator[Fault]:
        """What is wrong with the answers to several questions."""
        for each in shapes:
            name = f"{path}__{each.name}" if path else each.name
            label = f"{within}: {wording.label(each)}" if within else wording.label(each)
            value = said.get(each.name)
            if value in (None, "", [], {}):
                if each.required and each.how not in ("reference", "tick"):
                    yield _missing(each, name, label)
            else:
                yield from self.value(each, value, name, label)

    def value(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        """What is wrong with one answer."""
        if each.how == "group":
            yield from self.members(each.inner, value, name, label)
        elif each.how == "rows":
            for place, row in enumerate(value):
                row_label = _("%(what)s, row %(n)s") % {"what": label, "n": words.grouped(place + 1)}
                yield from self.members(each.inner, row, f"{name}__{place}", row_label)
        elif each.how == "lines" and each.item is not None:
            for line in value:
                yield from self._text(each.item, line, name, label)
        elif each.how == "list" and each.item is not None:
            for place, one in enumerate(value):
                yield from self.value(each.item, one, f"{name}__{place}", label)
        elif each.how in _JUDGED:
            yield from getattr(self, _JUDGED[each.how])(each, value, name, label)

    def _text(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        over = len(value) - (each.most or len(value))
        if over > 0:
            wanted = {"field": label, "n": words.grouped(over)}
            reason = _("%(field)s: too long, letters over the limit: %(n)s.") % wanted
            remedy = _("At most %(most)s letters are kept here.") % {"most": words.grouped(each.most or 0)}
            yield Fault(name, reason, remedy, label=label)
        elif each.how == "line" and "\n" in value:
            yield Fault(
                name, _("%(field)s: one line is asked for.") % {"field": label}, _("Put it on one line."), label=label
            )

        elif each.form and not re.fullmatch(shape.WRITTEN[each.form], value):
            reason, remedy = _("%(field)s: this is no figure."), _("Write it without its unit, such as 19, -4 or 1.6.")
            if each.form == "fiscal-year":
                reason = _("%(field)s: this is no fiscal year.")
                remedy = _("Write 2026-27 for India, FY2027 for the United States.")
            elif each.form == "row-name":
                reason = _("%(field)s: this is no short name.")
                remedy = _("Write small English letters, figures and hyphens, such as need-of-side.")
            yield Fault(name, reason % {"field": label}, remedy, label=label)

    def _choice(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if str(value) not in each.values:
            yield Fault(
                name,
                _("%(field)s: this is none of the choices.") % {"field": label},
                _("Choose one of the list."),
                label=label,
            )

    def _yes_no(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not isinstance(value, bool):
            yield Fault(
                name,
                _("%(field)s: this is none of the choices.") % {"field": label},
                _("Choose one of the list."),
                label=label,
            )

    def _number(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        least, most = each.least or 0, each.most or 0
        if not isinstance(value, int):
            said = (
                _("%(field)s: this is not a whole number.")
                if each.how == "number"
                else _("%(field)s: this is not a share in per cent.")
            )
            yield Fault(
                name,
                said % {"field": label},
                _("Write it in figures, such as 12 or 1,200.")
                if each.how == "number"
                else _("Write it in figures, such as 50 or 33.33."),
                label=label,
            )
        elif not least <= value <= most:
            per = 100 if each.how == "share" else 1
            remedy = _("It lies between %(least)s and %(most)s.") % {
                "least": words.grouped(least // per),
                "most": words.grouped(most // per),
            }
            yield Fault(
                name, _("%(field)s: the number is too large or too small.") % {"field": label}, remedy, label=label
            )

    def _date(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        try:
            decode_hook(When, value)
            return
        except ValueError:
            pass
        found = days.read(str(value))
        if found.stored:
            reason = _("%(field)s: the year lies outside what is kept here.") % {"field": label}
            remedy = _("Give a year from %(first)s to %(last)s.") % {"first": str(FIRST_YEAR), "last": str(LAST_YEAR)}
            yield Fault(name, reason, remedy, label=label)
            return
        readings = [{"value": one, "label": days.said(one, words.language())} for one in found.readings]
        remedy = (
            _("Choose which is meant.")
            if readings
            else _("Write it as 18 Nov 2026, as 18.11.2026, or as Nov 2026 or 2026 alone.")
        )
        yield Fault(name, f"{label}: {found.why}", remedy, readings, label=label)

    def _hour(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not days.is_instant(value):
            text, _at, zone = value.rpartition(" @ ")
            found = days.instant(text, zone)
            yield Fault(
                name,
                f"{label}: {found.why}",
                _("Write it as 18 Nov 2026, 14:30, and say in which place's time."),
                label=label,
            )

    def _zone(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not days.is_zone(value):
            yield Fault(
                name,
                _("%(field)s: this is none of the choices.") % {"field": label},
                _("Choose one of the list."),
                label=label,
            )

    def _ref(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        kind = "*" if each.how == "record" else each.link
        sound = re.fullmatch(shape.RECORD if kind == "*" else shape.REFERENCE, value) and len(value) <= (
            each.most or 80
        )
        link = value if kind == "*" else f"{kind}:{value}"
        if sound and (self.choices is None or self.choices.known(link)):
            return
        wanted = {"kind": kinds_words(kind), "field": label}
        found = self.choices.matches(kind, value) if self.choices else []
        if found:
            readings = [{"value": one.value, "label": one.label} for one in found]
            yield Fault(
                name,
                _("%(field)s: the name is not whole, or fits several.") % wanted,
                _("Choose which is meant."),
                readings,
                label=label,
            )
            return
        remedy = _("Choose one that is there, or begin the %(kind)s first; what you typed here is kept.") % wanted
        yield Fault(
            name,
            _("%(field)s: the record has no %(kind)s of this name.") % wanted,
            remedy,
            label=label,
            begin="" if kind == "*" else kind,
        )

    def _code(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not re.fullmatch(shape.CODE, value):
            remedy = _("Choose one of the words in use, or write another in English letters.")
            yield Fault(name, _("%(field)s: there is no such word here yet.") % {"field": label}, remedy, label=label)
        else:
            yield from self._text(each, value, name, label)

    def _own(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not re.fullmatch(shape.REFERENCE, value):
            remedy = _("Use English letters, figures and hyphens, as in naval-net-2; or leave it empty.")
            yield Fault(
                name, _("%(field)s: a letter or sign in it cannot stand there.") % {"field": label}, remedy, label=label
            )
        else:
            yield from self._text(each, value, name, label)

    def _currency(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not re.fullmatch(shape.CURRENCY, value):
            yield Fault(
                name,
                _("%(field)s: this is none of the choices.") % {"field": label},
                _("Choose one of the list."),
                label=label,
            )

    def _years(self, each: Shape, value: Any, name: str, label: str) -> Iterator[Fault]:
        if not re.fullmatch(shape.YEARS, value):
            yield Fault(
                name,
                _("%(field)s: these are not fiscal years.") % {"field": label},
                _("Write one year, or the first and the last: 1950 to 2020."),
                label=label,
            )


_JUDGED = {
    **dict.fromkeys(("line", "prose"), "_text"),
    **dict.fromkeys(("number", "share"), "_number"),
    **dict.fromkeys(("ref", "record"), "_ref"),
    **{how: f"_{how}" for how in ("choice", "yes_no", "date", "hour", "zone", "code", "currency", "years")},
    "reference": "_own",
}


def _missing(each: Shape, name: str, label: str) -> Fault:
    remedy = {
        "choice": _("Choose one of the list."),
        "ref": _("Choose one by its name."),
        "date": _("Write it as 18 Nov 2026, as 18.11.2026, or as Nov 2026 or 2026 alone."),
        "rows": _("Add a row, and fill it in."),
        "number": _("Write it in figures, such as 12 or 1,200."),
    }.get(each.how, _("Fill it in; what is not known yet can be said in words."))
    return Fault(name, _("%(field)s is missing.") % {"field": label}, remedy, label=label)


def _begun(row: Any) -> bool:
    """Whether anything was said in a row but the side that it is about."""
    return not isinstance(row, dict) or any(name != "side" for name in row)


_LEFT = C_("refusal", "Take it out there, or type the words anew.")


def said_of(content: Mapping[str, Any]) -> Stored:
    """What was entered, without the rows in which nothing was said."""
    made = {
        name: [row for row in value if _begun(row)] if isinstance(value, list) else value
        for name, value in content.items()
    }
    return {name: value for name, value in made.items() if value != []}


def judged(kind: str, content: Mapping[str, Any], choices: Choices | None = None) -> list[Fault]:
    """All that stands against the form of what was entered, in the order of the form."""
    said = said_of(content)
    return [*Judging(choices).members(shape.of_kind(kind), said, "", ""), *_characters(kind, said)]


def tidy(kind: str, content: Mapping[str, Any], choices: Choices | None = None) -> tuple[Stored | None, list[Fault]]:
    """The stored form of what was entered, or all that stands against it, in the order of the form."""
    said = said_of(content)
    found = judged(kind, content, choices)
    if found:
        return None, found
    try:
        return KINDS[kind].tidy(said), []
    except Refused as refused:  # what no question of the form is about: too large a record
        return None, [of_refusal(each) for each in refused.refusals]


def _characters(kind: str, said: Mapping[str, Any]) -> list[Fault]:
    left = (refuse("text-character", f"the text at `$.{where}`: {why}", _LEFT) for where, why in left_over(said))
    return [_character(kind, each) for each in (*against(said), *left)]


_AT = re.compile(r"the text at `\$\.([^`]*)`: (.*)", re.DOTALL)
_STEP = re.compile(r"\[(\d+)\]|\.?([a-z_]+)")


def _character(kind: str, refusal: Refusal) -> Fault:
    """A character that cannot stand in a text, at its field."""
    found = _AT.match(refusal.reason)
    if found is None:
        return of_refusal(refusal)
    field = "__".join(number or word for number, word in _STEP.findall(found[1]))
    said = f"{putting.label_at(kind, field)}: {refusal_in(words.language(), found[2])}"
    return Fault(field, said, refusal.remedy, rule=refusal.rule)


def of_refusal(refusal: Refusal) -> Fault:
    """A refusal at the field that it is about, where it says so."""
    return Fault("__".join(refusal.field.split(".")), refusal.reason, refusal.remedy, rule=refusal.rule)


_ISO = re.compile(r"(?<![0-9A-Za-z-])[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?(?![0-9A-Za-z-])")
_CODE = re.compile(r"(?<![\w/-])(?:[a-z]+(?:-[a-z]+)+|IND|USA)(?![\w/-])")


def _in_words(found: re.Match[str]) -> str:
    code = found[0]
    return LABELS[code] if code in LABELS else CODES.get(code, code)


def of_rule(refusal: Refusal, kind: str, content: Mapping[str, Any], choices: Choices) -> Fault:
    """A refusal of a kind's rules as its form says it: days and records in words, at the field that it is about."""
    fault, named = of_refusal(refusal), list(putting.places(kind, content))
    if refusal.rule == "link":
        return next((_kept(kind, *each, choices) for each in named if _names(refusal.reason, each[1])), fault)
    reason = _ISO.sub(lambda found: days.said(found[0], words.language()), fault.reason)
    where, _space, rest = reason.partition(" ")
    if "." in where and (label := putting.label_at(kind, where.replace(".", "__"))):
        reason = f"{label} {rest}"
    for _field, link in named:
        ref, name = link.partition(":")[2], choices.label(link)
        if name != ref:
            reason = re.sub(rf"(?<![\w/-]){re.escape(ref)}(?![\w/-])", name.replace("\\", r"\\"), reason)
    return msgspec.structs.replace(fault, reason=_CODE.sub(_in_words, reason))


def _names(reason: str, link: str) -> bool:
    """Whether the reason of the rule of links is about a link."""
    kind, _colon, ref = link.partition(":")
    return reason == f"There is no {kind.replace('_', ' ')} {ref}."


def _kept(kind: str, field: str, link: str, choices: Choices) -> Fault:
    """A record that is here, and that the readers of the text know nothing of."""
    wanted = {"field": putting.label_at(kind, field), "name": choices.label(link)}
    reason = _("%(field)s: those who will read this text have not been told of %(name)s.") % wanted
    remedy = _("Have it released first, or leave it out; a text of our side alone can name it.")
    return Fault(field, reason, remedy, rule="link")
