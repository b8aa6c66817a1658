"""Notes taken while a meeting sits: what was said on an item, a decision, an action, put into the text in work.

Nothing is agreed by it: the notes become the office's draft of the record of discussion.
"""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.office.asking import Stored
from dtti.programme.kinds.meeting import Meeting

_LAST_NUMBER: Final = re.compile(r"(\d+)(?!.*\d)")


class Note(msgspec.Struct, frozen=True):
    """One note: on an item of the agenda (its number, empty for none), what was said, decided, or is to be done.

    `offices`: who does it, by reference; `due`: by when, as contents write a date.
    """

    item: str = ""
    said: str = ""
    decided: str = ""
    action: str = ""
    offices: tuple[str, ...] = ()
    due: str = ""


def noted(content: Stored, note: Note, body: str) -> Stored:
    """The text with a note in it; Refused where an action has nobody to do it or no day, and nothing is lost by that.

    `body`: what numbers of decisions and actions begin with where there is none yet.
    """
    made: dict[str, Any] = {**content}
    if note.action and not (note.offices and note.due):
        raise Refused(
            refuse(
                "note-action",
                "The action says not who does it, or not by when.",
                "Choose an office and give a day; both can be changed until the record is agreed.",
            )
        )
    if note.said:
        rows = [dict(row) for row in made.get("discussed", [])]
        mine = next((row for row in rows if row["item"] == note.item), None)
        if mine is None:
            rows.append({"item": note.item, "text": note.said})
        else:
            mine["text"] = f"{mine['text']}\n{note.said}"
        made["discussed"] = rows
    stem = f"{body}/{content['number']}" if content.get("number") else body
    if note.decided:
        rows = list(made.get("decisions", []))
        row = {"number": next_number(rows, f"{stem}/D"), "text": note.decided}
        made["decisions"] = [*rows, row | ({"item": note.item} if note.item else {})]
    if note.action:
        rows = list(made.get("actions", []))
        owners = [{"side": office.partition("/")[0], "office": office} for office in note.offices]
        number = next_number(rows, f"{stem}/A")
        made["actions"] = [*rows, {"number": number, "text": note.action, "owners": owners, "due": note.due}]
    if note.said or note.decided or note.action:
        made.setdefault("discussion", "drafted")
    return made


def next_number(rows: list[dict[str, Any]], stem: str) -> str:
    """The number after the last, written as the last is; the first after `stem` where there is none."""
    if not rows:
        return f"{stem}1"
    last = str(rows[-1]["number"])
    found = _LAST_NUMBER.search(last)
    if found is None:
        return f"{last}-2"
    number = str(int(found[1]) + 1).zfill(len(found[1]))
    made = last[: found.start(1)] + number + last[found.end(1) :]
    return made if made not in {str(row["number"]) for row in rows} else f"{made}-{len(rows) + 1}"


def items_of(meeting: Meeting) -> list[tuple[str, str]]:
    """The items that a note can be on: number and title."""
    return [(item.number, item.title) for item in meeting.agenda]
