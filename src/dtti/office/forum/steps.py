"""The steps by which an official takes a recommendation further, each as the text that it becomes. Knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from dtti.accord.refusal import Refusal, refuse
from dtti.office.asking import Asking, Stored
from dtti.programme.forum.answering import State
from dtti.programme.judging import judge_body
from dtti.programme.kind import Context
from dtti.programme.kinds.recommendation import RECOMMENDATION

from .recommendations import One

Name = Literal["consider", "ask", "answered", "clear", "owner", "government", "co-chairs", "withdraw", "reply"]
#: What each asks for, by the names of its fields; every one asks for the day.
FIELDS: Final[Mapping[Name, tuple[str, ...]]] = {
    "consider": (),
    "ask": ("note",),
    "answered": ("note",),
    "clear": ("public_title", "public_summary"),
    "owner": ("shown_by",),
    "government": ("shown_by",),
    "co-chairs": (),
    "withdraw": ("note",),
    "reply": ("number", "text"),
}
#: Fields that may be left empty.
OPTIONAL: Final = ("number",)
_REACHES: Final[Mapping[Name, str]] = {
    "consider": "considered",
    "ask": "more-needed",
    "answered": "answered",
    "co-chairs": "to-co-chairs",
    "withdraw": "withdrawn",
}
#: In which states each step can be taken.
_FROM: Final[Mapping[Name, tuple[State, ...]]] = {
    "consider": ("received",),
    "ask": ("received", "considered", "to-co-chairs"),
    "answered": ("more-needed",),
    "clear": ("received", "considered", "more-needed"),
    "owner": ("received", "considered", "more-needed", "to-co-chairs", "disposed"),
    "government": ("received", "considered", "more-needed", "to-co-chairs", "disposed"),
    "co-chairs": ("considered",),
    "withdraw": ("received", "considered", "more-needed", "to-co-chairs"),
    "reply": ("disposed", "withdrawn"),
}


class Fault(msgspec.Struct, frozen=True):
    """What stands against an answer, and at which field (empty: at none)."""

    field: str
    refusal: Refusal


def open_to(one: One) -> list[Name]:
    """The steps that can be taken now, in their order."""
    made = one.content
    found = [name for name, states in _FROM.items() if one.state in states]
    consents: set[str] = {each.by for each in made.consents}
    out = consents if made.proprietary else {"owner", "government"}
    if not (made.public_title and made.public_summary and made.cleared):
        out.add("co-chairs")
    if one.state == "withdrawn" and made.replies:
        out.add("reply")
    return [name for name in found if name not in out]


def taken(stored: Stored, name: Name, given: Mapping[str, str], on: str) -> Stored:
    """The text of a recommendation with a step taken on a day."""
    made = dict(stored)
    filled = {field: given[field] for field in FIELDS[name] if given.get(field)}
    if name in _REACHES:
        step = {"reached": _REACHES[name], "on": on, **filled}
        return {**made, "steps": [*made.get("steps", ()), step]}
    if name == "clear":
        return {**made, **filled, "cleared": on}
    if name == "reply":
        return {**made, "replies": [*made.get("replies", ()), {"on": on, **filled}]}
    return {**made, "consents": [*made.get("consents", ()), {"by": name, "on": on, **filled}]}


def faults(asking: Asking, stored: Stored, name: Name, given: Mapping[str, str], on: str) -> list[Fault]:
    """All that stands against a step, each at its field."""
    found = [
        Fault(field, refuse("recommendation-steps", "Nothing is written here.", "Write it in a few words."))
        for field in FIELDS[name]
        if not given.get(field) and field not in OPTIONAL
    ]
    if not on:
        found.append(Fault("on", refuse("recommendation-steps", "No day is given.", "Give the day of the step.")))
    elif len(on) == 10 and on > asking.moment.today.isoformat():
        found.append(
            Fault("on", refuse("recommendation-steps", "The day is still to come.", "Give today, or earlier."))
        )
    if found:
        return found
    judged = judge_body(RECOMMENDATION.code, taken(stored, name, given, on), Context(author=asking.mine))
    return [Fault("on" if each.field.endswith(".on") else "", each) for each in judged.against]
