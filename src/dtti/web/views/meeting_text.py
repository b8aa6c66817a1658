"""The agenda and the record of discussion as a meeting's page shows them: items, who leads, papers by name. No rule."""

from __future__ import annotations

import msgspec
from markupsafe import Markup

from dtti.office.meetings import Meeting, record_text
from dtti.office.projects import Listed
from dtti.web.forms import days

from . import shown, words
from .shown import Names
from .words import _, language, many


class Item(msgspec.Struct, frozen=True):
    """An item of the agenda in words: what is asked, under whose lead, for how long, on which papers, from where."""

    number: str
    title: Markup | str
    purpose: str
    lead: Markup | None
    minutes: str
    note: Markup | str
    papers: list[Markup]
    carried: Markup | None
    carried_number: str
    said: list[Markup | str]


class Reached(msgspec.Struct, frozen=True):
    """A phase that the record of discussion reached: when, by whom, with which words."""

    phase: str
    on: Markup | None
    by: Markup | None
    note: Markup | str


class Said(msgspec.Struct, frozen=True):
    """Words of a side: a reservation, or who was there for it."""

    side: Markup
    text: Markup | str


class Text(msgspec.Struct, frozen=True):
    """What of a meeting's text the page shows by itself. `hours`: when it opens, on the clocks of both capitals."""

    items: list[Item]
    total: str
    phases: list[Reached]
    present: list[Said]
    reserved: list[Said]
    hours: str


#: Fields of a meeting that are shown here and in no table.
SHOWN = ("agenda", "discussed", "phases", "present", "reserved", "opens", "zone", "discussion")


def links(meeting: Meeting) -> set[str]:
    """The records that the agenda names as papers, and the meetings from which its items came."""
    named = {paper for item in meeting.agenda for paper in item.papers if ":" in paper}
    return named | {f"meeting:{item.carried}" for item in meeting.agenda if item.carried}


def text(names: Names, meeting: Meeting, row: Listed) -> Text:
    """The agenda and the record of discussion of a meeting, in words."""
    said = {row.item: [shown.text(part) for part in row.text.split("\n") if part.strip()] for row in meeting.discussed}
    times = [item.minutes for item in meeting.agenda]
    total = sum(each or 0 for each in times) if all(times) else None  # of items without a time no sum is known
    return Text(
        [
            Item(
                item.number,
                shown.text(item.title),
                words.word(item.purpose),
                shown.macro("value", "side", item.asked_by) if item.asked_by else None,
                _minutes(item.minutes),
                shown.text(item.note) if item.note else "",
                [shown.anchor(names.link(each)) if ":" in each else Markup.escape(each) for each in item.papers],
                shown.anchor(names.link(f"meeting:{item.carried}")) if item.carried else None,
                item.carried_number or "",
                said.get(item.number, []),
            )
            for item in meeting.agenda
        ],
        _minutes(total),
        [
            Reached(
                words.word(each.phase),
                shown.macro("value", "value", shown.when(each.on)) if each.on else None,
                shown.macro("value", "side", each.by) if each.by else None,
                shown.text(each.note) if each.note else "",
            )
            for each in record_text.reached(meeting, row)
        ],
        [
            Said(shown.macro("value", "side", each.side), shown.text(f"{each.name}, {each.position}"))
            for each in meeting.present
        ],
        [Said(shown.macro("value", "side", each.side), shown.text(each.text)) for each in meeting.reserved],
        days.in_both(meeting.opens, language()) if meeting.opens else "",
    )


def _minutes(minutes: int | None) -> str:
    return many("%(num)s minute", "%(num)s minutes", minutes) if minutes else ""


def standing(meeting: Meeting, row: Listed) -> str:
    """Where the record of discussion stands, in words; empty where nothing says so."""
    phase = record_text.phase(meeting, row)
    if not phase:
        return ""
    if phase == "no-comment":
        return _("Circulated; no comment came by the agreed date. That is not agreed.")
    return words.heading(phase)
