"""One action or commitment with all that befell it: every change of its date, every report, who verified it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from dtti.accord.grade import grade
from dtti.accord.view import Text, View
from dtti.node.record import journal, read
from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.kinds.commitment import Commitment
from dtti.programme.kinds.meeting import Meeting
from dtti.programme.reports.actions import ActionThen

from . import actions
from .asking import Asking
from .drawn import drawn

_BOTH: Final = ("agreed_here", "on_paper")


class Who(msgspec.Struct, frozen=True):
    """An act of a side: when, by which office (id of its record), in whose name."""

    side: str
    office: str
    name: str
    act: str
    time: str


class Change(msgspec.Struct, frozen=True):
    """A text that first gave a date, or gave another.

    `before`: the date until then, None in the first. `by`: who wrote the text, then who agreed to it; `why`: what the
    writer said beside it, empty where nothing. `grade`: how the text stands.
    """

    before: str | None
    after: str
    on: str
    by: list[Who]
    why: str
    grade: str


class One(msgspec.Struct, frozen=True):
    """An action or a commitment: as it stands, the record that holds it, the changes of its date in order of time."""

    row: ActionThen
    record: Listed
    changes: list[Change]


def one(asking: Asking, kind: str, name: str, number: str | None = None) -> One | None:
    """The action `number` of a meeting, or a commitment, by the code or reference of its record; None where unseen."""
    bound = asking.moment.bound
    identity = read.find(asking.node, asking.viewer, name, kind, bound)
    state = read.state(asking.node, asking.viewer, identity, bound) if identity else None
    if state is None:
        return None
    record, _stored = state
    found = next(
        (
            each
            for each in actions.made(asking).actions
            if (each.record, each.number) == (f"{kind}:{record.ref}", number)
        ),
        None,
    )
    return One(found, record, changes(asking, record, number)) if found else None


def changes(asking: Asking, record: Listed, number: str | None) -> list[Change]:
    """Every change of the date of an action, or of a commitment, in the texts of its record that count."""
    return _changes(asking, f"{record.record}\n{number or ''}")


@drawn("action-changes")
def _changes(asking: Asking, of: str) -> list[Change]:
    record, _line, said_number = of.partition("\n")
    number = said_number or None
    view = asking.acts(record)
    both = [each for each in view.texts if grade(view, each) in _BOTH]
    found: list[Change] = []
    before: str | None = None
    for text in both or view.texts:
        after = _due(_content(asking, view, text), number)
        if after and after != before:
            graded = grade(view, text)
            why = journal.body_of(asking.node, asking.viewer, text.act)
            said = why.text.remarks if why and why.text else ""
            found.append(Change(before, after, text.time, [*_who(asking, view, text)], said, graded))
            before = after
    return found


def _content(asking: Asking, view: View, text: Text) -> Content | None:
    shown = journal.body_of(asking.node, asking.viewer, text.act, text.body)
    stored = shown.text.content if shown and shown.text else None
    kind = KINDS[view.record.partition("/")[0]]
    return kind.read(stored) if stored else None


def _due(content: Content | None, number: str | None) -> str:
    """The date that a text gives; words where it gives no day."""
    if isinstance(content, Meeting):
        held = next((each for each in content.actions if each.number == number), None)
        return str(held.due_now or held.due) if held else ""
    if isinstance(content, Commitment):
        moved = [row.due_now for row in content.statements if row.due_now]
        return str(moved[-1] if moved else content.due or content.due_text or "")
    return ""


def _who(asking: Asking, view: View, text: Text) -> Iterator[Who]:
    """Who wrote a text, and who agreed to it or confirmed it."""
    offer = next((each for each in view.offers if each.id == text.act), None)
    for act in (text.act, offer.answer if offer else text.confirmed_by):
        done = journal.act(asking.node, asking.viewer, act) if act else None
        if done:
            shown = journal.body_of(asking.node, asking.viewer, done.id)
            name = shown.text.by.name if shown and shown.text and shown.text.by else ""
            yield Who(done.side, done.office, name, done.id, done.time)
