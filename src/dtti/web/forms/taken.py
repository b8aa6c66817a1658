"""What a form sends, as the content it means: dates and names as stored, and as typed what cannot be read. No rule.

What a form did not ask stays as it was. Rows are added, moved and taken out here, so that it needs no scripts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from dtti.office.asking import Stored
from dtti.programme.kinds import KINDS

from . import days, shape
from .choices import Choices, code
from .shape import NESTED, Shape

Tree = dict[str, Any]
MOST_ROWS: Final = 500
_CHANGE: Final = re.compile(r"(up|down|drop):([a-z_]+(?:__[a-z0-9_]+)*)__(\d{1,3})\Z")
_DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789", ", \u00a0\u202f")


class Change(msgspec.Struct, frozen=True):
    """A row that is moved or taken out: its list, its place, and how (`up`, `down`, `drop`)."""

    how: str
    path: str
    place: int


def change(sent: str) -> Change | None:
    """What a button of a row asks for; None where it is no such button."""
    found = _CHANGE.match(sent[:200])
    return Change(found[1], found[2], int(found[3])) if found else None


def tree(posted: Mapping[str, str]) -> Tree:
    """The answers of a form by the parts of their names (``agenda__0__title``); its own answer stands at ``""``."""
    made: Tree = {}
    for name, value in posted.items():
        here = made
        for part in name.split("__")[:12]:
            here = here.setdefault(part, {})
        here[""] = value
    return made


class Taking(msgspec.Struct):
    """One form being read: names, the change to its rows, the side that is meant where none is named."""

    choices: Choices
    change: Change | None = None
    side: str = ""

    def members(
        self, shapes: Sequence[Shape], sent: Tree, held: Mapping[str, Any], path: str, keep: Sequence[str]
    ) -> Stored:
        """The answers to several questions over what is held; of those not asked for, the ones in `keep` stay."""
        made = dict(held)
        side = sent.get("side", {}).get("", "") or self.side
        for each in shapes:
            here = sent.get(each.name)
            if here is None and (each.how in NESTED or each.name in keep):
                continue
            value = self.value(
                each, here or {}, held.get(each.name), f"{path}__{each.name}" if path else each.name, side
            )
            if value in (None, [], {}) or (value == each.default and not each.required):
                made.pop(each.name, None)
            else:
                made[each.name] = value
        return made

    def value(self, each: Shape, sent: Tree, held: Any, path: str, side: str) -> Any:
        """One answer as it is stored; as it was typed where it cannot be read."""
        if each.how == "group":
            return self.members(each.inner, sent, held if isinstance(held, dict) else {}, path, ())
        if each.how == "rows":
            return self._rows(each, sent, held if isinstance(held, list) else [], path)
        if each.how == "parts":
            return [name for name, one in sent.items() if name and one.get("") == "yes"]
        if each.how in ("list", "lines") and each.item is not None:
            if "" in sent and (each.how == "lines" or len(sent) == 1):
                lines = [line.strip() for line in sent[""].replace("\r\n", "\n").split("\n")]
                return [self.value(each.item, {"": line}, None, path, side) for line in lines if line]
            places = self._moved(path, _places(sent))
            values = [self.value(each.item, sent[str(place)], None, path, side) for place in places]
            return [value for value in values if value not in (None, "")]
        return self._single(each, sent, side)

    def _rows(self, each: Shape, sent: Tree, held: list[Any], path: str) -> list[Stored]:
        made = []
        for place in self._moved(path, _places(sent)):
            was = held[place] if place < len(held) and isinstance(held[place], dict) else {}
            row = self.members(each.inner, sent[str(place)], was, f"{path}__{place}", ())
            if row:
                made.append(row)
        return made

    def _moved(self, path: str, places: list[int]) -> list[int]:
        """The places of the rows in the order that is asked for."""
        asked = self.change
        if asked is None or asked.path != path or asked.place not in places:
            return places
        at = places.index(asked.place)
        if asked.how == "drop":
            return [place for place in places if place != asked.place]
        to = max(at - 1, 0) if asked.how == "up" else min(at + 1, len(places) - 1)
        places[at], places[to] = places[to], places[at]
        return places

    def _single(self, each: Shape, sent: Tree, side: str) -> Any:
        raw = str(sent.get("", "")).replace("\r\n", "\n")
        text, reading = raw.strip(), sent.get("reading", {}).get("", "").strip()
        if each.how == "tick":
            return text == "yes"
        if not text:
            return None
        if each.how == "yes_no":
            return {"yes": True, "no": False}.get(text, text)
        if each.how in ("number", "share"):
            return _number(text, hundredfold=each.how == "share")
        if each.how == "date":
            return _date(text, reading)
        if each.how == "hour":
            return _hour(text, sent.get("zone", {}).get("", ""))
        if each.how in ("ref", "record"):
            link = "*" if each.how == "record" else each.link
            return self.choices.resolve(link, reading or text, side if link == "office" else "")
        if each.how == "code":
            return code(each, text)
        if each.how == "years":
            return _years(text)
        return text.upper() if each.how == "currency" else text


def read(
    kind: str, posted: Mapping[str, str], base: Mapping[str, Any], taking: Taking, only: Sequence[str] = ()
) -> Stored:
    """What was entered, over `base`. Nothing is judged yet; what cannot be read stands as it was typed.

    `only`: the fields that a short form asked; whatever else the text says stays.
    """
    shapes = shape.of_kind(kind)
    drafted = only or KINDS[kind].face.drafted or tuple(each.name for each in shapes)
    later = tuple(each.name for each in shapes if each.name not in drafted)
    return KINDS[kind].face.arranged(taking.members(shapes, tree(posted), base, "", later))


def _places(sent: Tree) -> list[int]:
    return sorted(int(place) for place in sent if place.isascii() and place.isdigit() and int(place) < MOST_ROWS)


def _number(text: str, *, hundredfold: bool) -> Any:
    plain = text.translate(_DIGITS).rstrip("%")
    if not hundredfold:
        return int(plain) if re.fullmatch(r"[0-9]{1,16}", plain) else text
    found = re.fullmatch(r"([0-9]{1,6})(?:\.([0-9]{1,2}))?", plain)
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0")) if found else text


def _date(text: str, reading: str) -> str:
    found = days.read(text)
    return found.stored or (reading if reading in found.readings else text)


def _hour(text: str, zone: str) -> str:
    if days.is_instant(text):
        return text
    return days.instant(text, zone).stored or f"{text} @ {zone}"


def _years(text: str) -> str:
    found = re.findall(r"(?:19|20|21)[0-9]{2}", text)
    rest = re.sub(r"(?i)(?:19|20|21)[0-9]{2}|fy|[\s–,.-]|to|से", "", text)
    return "-".join(f"FY{year}" for year in found) if len(found) in (1, 2) and not rest else text
