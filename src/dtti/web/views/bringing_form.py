"""How a sheet that was brought in is said to be read: the questions of its page, and what was answered. No rule."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _

from dtti.documents.sheet import dates
from dtti.documents.sheet.outcome import Mapping
from dtti.language.dates import day
from dtti.language.marking import N_
from dtti.office.imports import sheets
from dtti.office.imports.sheets import Settled, Sheet
from dtti.office.imports.targets import Target, loose, of, registers
from dtti.web import labels
from dtti.web.forms import days
from dtti.web.parts import Correction, Row
from dtti.web.requests import PageRequest

from . import words
from .brought import Said, language

#: Units that a column of sums may be in where its heading names none, as `numbers.unit` reads them.
UNITS: Final = {
    "INR": N_("rupees"),
    "INR thousand": N_("thousands of rupees"),
    "INR lakh": N_("lakhs of rupees"),
    "INR crore": N_("crores of rupees"),
    "USD": N_("US dollars"),
    "USD thousand": N_("thousands of US dollars"),
    "USD million": N_("millions of US dollars"),
    "USD billion": N_("billions of US dollars"),
}


def headings_of(made: Sheet, settled: Settled) -> tuple[str, ...]:
    """The headings of the sheet that is read, or would be."""
    if made.reading:
        return made.reading.mapping.header
    chosen = [each for each in made.seen if each.name == settled.sheet]
    return (chosen or list(made.seen))[0].headings


def answered(page: PageRequest, before: Said, made: Sheet) -> tuple[Said, list[Correction]]:
    """What the form says, and what is wrong with it at which field."""
    post, old = page.POST, before.sheet
    register = post.get("register", "") if post.get("register") in registers() else old.register or made.register
    errors: list[Correction] = []
    columns = old.columns
    headings = headings_of(made, old)
    moved = register != made.register or post.get("sheet", old.sheet) != old.sheet
    if register and not moved and any(name.startswith("col__") for name in post):
        keys = tuple(_key(register, post.get(f"col__{at}", "")) for at in range(len(headings)))
        taken = [key for key in keys if key]
        for at, key in enumerate(keys):
            if key and taken.count(key) > 1:
                reason = _("Two columns are said to be the same.")
                errors.append({"field": f"col__{at}", "reason": reason, "remedy": _("Choose another for one of them.")})
        units = {key: unit for key in taken if (unit := post.get(f"unit__{key}", "")) in UNITS}
        order = _order(post.get("order", ""))
        columns = Mapping(register, headings, keys, order, post.get("sheet", old.sheet), units)
    elif moved:
        columns = None
    when, wrong = _day(post.get("day", ""))
    if wrong:
        errors.append({**wrong, "field": "day"})
    asked = dict(old.asked)
    for number, (_target, path) in enumerate(asks_of(register)):
        value = post.get(f"asked__{number}", "").strip()
        if value and _target.asked(path) is None:
            value, wrong = _day(value)
            if wrong:
                errors.append({**wrong, "field": f"asked__{number}"})
        elif value not in (_target.asked(path) or ()):
            value = ""
        asked[path] = value
    shown = {each.key for each in made.names}
    names = {key: ref for key, ref in old.names.items() if key not in shown}
    names |= sheets.names_settled(made.names, {name: post.get(name, "") for name in post})
    sheet = Settled(
        register=register,
        sheet=post.get("sheet", old.sheet),
        columns=columns,
        order=_order(post.get("order", "")),
        day=when,
        asked={path: value for path, value in asked.items() if value},
        names=names,
        meeting=post.get("meeting", ""),
        noted=post.get("noted", "") == "yes",
    )
    return Said(sheet, post.get("kept", "yes"), post.get("way", "paper")), errors


def _key(register: str, said: str) -> str | None:
    return said if said in {each.key for each in loose(register).columns} else None


def _order(said: str) -> dates.Order | None:
    return "dmy" if said == "dmy" else "mdy" if said == "mdy" else None


def _day(said: str) -> tuple[str, Correction | None]:
    """A date as officials write it, in its stored form, and what is wrong with it: an open order is asked back."""
    said = said.strip()
    found = days.read(said) if said else days.Read()
    if found.readings:
        reason = " / ".join(day(each, language()) for each in found.readings)
        return said, {
            "reason": _("This may be %(days)s.") % {"days": reason},
            "remedy": _("Write the month as a word."),
        }
    if found.why:
        return said, {"reason": found.why, "remedy": _("Write it as 18.11.2026, 18 Nov 2026, Nov 2026 or 2026.")}
    return found.stored, None


def asks_of(register: str) -> list[tuple[Target, str]]:
    """What a person may say for all rows: each path once."""
    found = {path: target for target in (of(register) if register else ()) for path in target.asks}
    return [(target, path) for path, target in found.items()]


def columns_of(made: Sheet, said: Said) -> list[Row]:
    """Each heading of the sheet with what it is read as, and the unit that is asked for where it gives none."""
    if not made.register:
        return []
    register = loose(made.register)
    guesses = {guess.column: guess for guess in made.reading.columns} if made.reading else {}
    options = [{"value": each.key, "label": each.name.spoken(language())[0]} for each in register.columns]
    money = {each.key for each in register.columns if each.type == "money"}
    units = said.sheet.columns.units if said.sheet.columns else {}
    rows: list[Row] = []
    for at, heading in enumerate(headings_of(made, said.sheet)):
        if not heading:
            continue
        guess = guesses.get(at)
        key = guess.key if guess else ""
        rows.append(
            {
                "name": f"col__{at}",
                "label": heading,
                "value": key,
                "options": options,
                "why": guess.told(language())["why"] if guess else "",
                "unit": key in money and not (guess and "×" in guess.unit),
                "unit_name": f"unit__{key}",
                "unit_value": units.get(key, ""),
                "units": [{"value": code, "label": _(unit)} for code, unit in UNITS.items()],
            }
        )
    return rows


def ask_shown(number: int, target: Target, path: str, said: Said) -> Row:
    """What a person may say for all rows."""
    codes = target.asked(path)
    value = said.sheet.asked.get(path, "")
    return {
        "name": f"asked__{number}",
        "label": labels.field(path.rpartition(".")[2]),
        "date": codes is None,
        "value": days.said(value, language()) if codes is None and value else value,
        "options": [{"value": each, "label": words.word(each)} for each in codes or ()],
    }
