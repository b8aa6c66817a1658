"""The register of actions as a sheet, and a sheet compared with the register: what is new in it, what it cannot change.

A sheet changes nothing. What an office has written into it becomes reports that people confirm one by one; what only
the text of a meeting can change is named, and so is every row that is no action of the record.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

import msgspec

from dtti.documents.sheet.dates import Order
from dtti.documents.sheet.outcome import Reading, RegisterRow, Value
from dtti.documents.sheet.register import Column
from dtti.documents.sheet.table import Cell, CellType, Origin, Table, TableColumn
from dtti.documents.values import Language, Words
from dtti.language.folding import folded
from dtti.papers.registers import register
from dtti.programme.fulfilment import SETTLED
from dtti.programme.reports.actions import ActionThen

from . import actions
from .action_reports import Given
from .asking import Asking

REGISTER: Final = "actions"
_SIDES: Final = {"owner_ind": "IND", "owner_usa": "USA"}
#: States by the words of the register: `done` stands for met, and for what its owner reports as done.
_STATES: Final[Mapping[str, str]] = {"met": "done"}
_MEANS: Final[Mapping[str, str]] = {"done": "met", "reported": "met", "open": "open", "partly-met": "partly-met"}
_DAY: Final = re.compile(r"\d{4}(-\d\d){0,2}")
_TYPES: Final[Mapping[str, CellType]] = {"date": "date", "whole": "number"}
#: Columns beside those that are read back.
_MORE: Final = (
    ("body", Words(en="Body", hi="निकाय"), "text"),
    ("overdue", Words(en="Days overdue", hi="विलंब के दिन"), "number"),
    ("asked", Words(en="Later date asked for", hi="माँगी गई बाद की तारीख़"), "date"),
    ("verified", Words(en="Verified by", hi="सत्यापन किसने किया"), "text"),
)
#: Columns that only the text of the meeting changes, by what they hold.
JOINT: Final = ("text", "due", "owner_ind", "owner_usa")


def reference(row: ActionThen) -> str:
    """The reference of a row in a sheet: its meeting and number, or the reference of the commitment."""
    return f"{row.ref}/{row.number}" if row.number else row.ref


def table(
    rows: Iterable[ActionThen], called: Callable[[str], str], language: Language, title: Words, as_of: str
) -> Table:
    """Rows of the register as a table, in the columns in which it is read back. `called`: the name behind a link."""
    wanted = [each for each in register(REGISTER).columns if each.key != "side"]
    columns = [TableColumn(each.name, _TYPES.get(each.type, "text")) for each in wanted]
    columns += [TableColumn(name, kind) for _key, name, kind in _MORE]  # type: ignore[arg-type]
    keys = [*(each.key for each in wanted), *(key for key, _name, _kind in _MORE)]
    made = [[cells.get(key) for key in keys] for cells in (_cells(each, called, language) for each in rows)]
    note = Words(
        en="Fill in status, date done, evidence, remarks or a later date, and bring the sheet in again.",
        hi="स्थिति, पूर्ण होने की तारीख़, साक्ष्य, टिप्पणियाँ या बाद की तारीख़ भरें, और पत्रक फिर से लाएँ।",
    )
    return Table(tuple(columns), made, Origin(title, as_of=as_of, notes=(note,)))


def _cells(row: ActionThen, called: Callable[[str], str], language: Language) -> dict[str, Cell]:
    statuses = {each.code: each.name.spoken(language)[0] for each in column("status").choices}
    found: dict[str, Cell] = {
        "ref": reference(row),
        "meeting": called(f"meeting:{row.meeting}") if row.meeting else None,
        "project": called(f"project:{row.project}") if row.project else None,
        "text": row.text,
        **{key: _owner(row, side, called, language) for key, side in _SIDES.items()},
        "due": _day(row.due),
        "due_now": _day(row.due_now or ""),
        "status": statuses[_STATES.get(row.state, row.state)],
        "done": _day(row.since or "") if row.state in ("met", "reported") else None,
        "evidence": "; ".join(called(each) for each in row.evidence) or None,
        "remarks": next((each.why for each in reversed(row.reports) if each.why and not each.counts_not), None),
        "body": called(f"body:{row.body}") if row.body else None,
        "overdue": row.days_overdue,
        "asked": _day(row.asked or ""),
        "verified": "; ".join(called(f"office:{each.office}") for each in row.verified) or None,
    }
    return found


def _owner(row: ActionThen, side: str, called: Callable[[str], str], language: Language) -> str | None:
    owns = [each for each in row.owners if each.side == side]
    named = [called(f"office:{each.office}") for each in owns if each.office]
    return "; ".join(named) or (("yes" if language == "en" else "हाँ") if owns else None)


def _day(text: str) -> str | None:
    return text if _DAY.fullmatch(text) else None


def column(key: str) -> Column:
    """A column of the register as offices know it; KeyError for none."""
    return register(REGISTER).column(key)


# --- and back --------------------------------------------------------------------------------------------------------


class Differs(msgspec.Struct, frozen=True):
    """A cell that says something else than the record: its column, what the record says, what the sheet says."""

    column: str
    record: str
    sheet: str


class Row(msgspec.Struct, frozen=True):
    """A row of the sheet that says something new of an action.

    `number`: in the sheet. `says`: what can be reported, None where this side does not report on it. `joint`: cells
    that only the agreed text changes; `mine`: whether this side owns the action.
    """

    number: int
    action: ActionThen
    new: list[Differs]
    says: Given | None
    joint: list[Differs]
    mine: bool


class Unknown(msgspec.Struct, frozen=True):
    """A row that is no action of the record."""

    number: int
    ref: str
    text: str


class Compared(msgspec.Struct, frozen=True):
    """A sheet beside the record. `same`: how many rows say what the record says."""

    rows: list[Row]
    unknown: list[Unknown]
    same: int


def read(data: bytes, name: str, order: Order | None, language: Language) -> Reading:
    """A sheet against the register of actions; Refused where it is none. A commitment may have no day by which."""
    known = register(REGISTER)
    columns = tuple(
        msgspec.structs.replace(each, required=each.required and each.key != "due") for each in known.columns
    )
    wanted = msgspec.structs.replace(known, columns=columns)
    from dtti.documents.sheet import reading as sheets  # here: it is large, and few pages read sheets

    return sheets.read_register(data, wanted, name=name, date_order=order, language=language)


def compare(asking: Asking, reading: Reading, called: Callable[[str], str]) -> Compared:
    """A sheet that was read whole, compared with the register as it stands; Refused where the sheet has problems."""
    known = {folded(reference(each)): each for each in actions.made(asking).actions}
    rows: list[Row] = []
    unknown: list[Unknown] = []
    same = 0
    for each in reading.rows():
        found = known.get(folded(_text(each.values.get("ref")))) or _by_number(known.values(), each, called)
        if found is None:
            unknown.append(Unknown(each.number, _text(each.values.get("ref")), _text(each.values.get("text"))))
            continue
        made = _row(asking, found, each, called)
        if made.new or made.joint:
            rows.append(made)
        else:
            same += 1
    return Compared(rows, unknown, same)


def _by_number(known: Iterable[ActionThen], row: RegisterRow, called: Callable[[str], str]) -> ActionThen | None:
    """The action that a row means by its number and the name of its meeting, where that is one and no more."""
    number, meeting = _text(row.values.get("ref")), folded(_text(row.values.get("meeting")))
    found = [
        each
        for each in known
        if each.number == number and meeting and meeting in (each.ref, folded(called(f"meeting:{each.meeting}")))
    ]
    return found[0] if len(found) == 1 else None


def _row(asking: Asking, action: ActionThen, row: RegisterRow, called: Callable[[str], str]) -> Row:
    values = {key: _text(value) for key, value in row.values.items()}
    cells = {key: _text(value) for key, value in _cells(action, called, reading_language(values)).items()}
    cells["status"] = _STATES.get(action.state, action.state)
    new = [Differs(key, cells.get(key, ""), values[key]) for key in _new(action, values, cells)]
    joint = [
        Differs(key, cells.get(key, ""), values[key])
        for key in JOINT
        if values.get(key) and folded(values[key]) != folded(cells.get(key, ""))
    ]
    state = _MEANS.get(values.get("status", ""))
    if values.get("status") in ("dropped", "replaced") and values["status"] != action.state:
        joint.append(Differs("status", cells["status"], values["status"]))
    owners = {each.side for each in action.owners}
    mine = (not owners or asking.mine in owners) and action.state not in SETTLED
    says = _said(asking, action, values, state) if new and mine else None
    return Row(row.number, action, new, says, joint, mine)


def reading_language(values: Mapping[str, str]) -> Language:
    """The language in which the owner of a row is written, for comparing it with what the register wrote."""
    return "hi" if any("\u0900" <= sign <= "\u097f" for key in _SIDES for sign in values.get(key, "")) else "en"


def _new(action: ActionThen, values: Mapping[str, str], cells: Mapping[str, str]) -> list[str]:
    """The columns in which a row says something that the record does not say already."""
    found = []
    state = _MEANS.get(values.get("status", ""), "")
    held = "met" if action.state == "reported" else action.state
    if state and state != held and not (state == "open" and action.state == "unknown"):
        found.append("status")
    days = {action.since, *(each.date for each in action.reports)}
    if values.get("done") and values["done"] not in days:
        found.append("done")
    told = folded(" ".join([*action.evidence, *(f"{each.work_done} {each.why}" for each in action.reports)]))
    for key in ("evidence", "remarks"):
        text = folded(values.get(key, ""))
        if text and text not in told and text != folded(cells.get(key, "")):
            found.append(key)
    asked = {action.due_now, action.asked, action.due, *(each.later for each in action.reports)}
    if values.get("due_now") and values["due_now"] not in asked:
        found.append("due_now")
    return found


def _said(asking: Asking, action: ActionThen, values: Mapping[str, str], state: str | None) -> Given:
    """What a row would have this side report."""
    remarks = values.get("remarks", "")
    later = values.get("due_now", "") if values.get("due_now") not in (action.due_now, action.asked) else ""
    held = "met" if action.state == "reported" else action.state
    found = state or ("met" if values.get("done") else held if held in _MEANS.values() else "open")
    day = values.get("done") or asking.moment.today.isoformat()
    done = values.get("evidence") or (remarks if not later else "")
    return Given(
        found, min(day, date.max.isoformat()), done, "", later if found != "met" else "", remarks if later else ""
    )


def _text(value: Value | Cell | None) -> str:
    return "" if value is None else " ".join(str(value).split()) if not isinstance(value, tuple) else "; ".join(value)
