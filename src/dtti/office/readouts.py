"""What the public was told of a meeting: the joint readout, its corrections, what each ministry said by itself."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from dtti.node.core import audience, visibility
from dtti.node.record import journal
from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds.press_release import PressRelease
from dtti.programme.kinds.readout import READOUT, Readout

from .asking import Asking


class Told(msgspec.Struct, frozen=True):
    """A text of a readout as the public was told it: which it is (from 1), since when, in which words."""

    number: int
    since: str
    content: Readout


class Alone(msgspec.Struct, frozen=True):
    """What a side published on its own."""

    row: Listed
    content: PressRelease


class Public(msgspec.Struct, frozen=True):
    """What the public was told of a meeting, as far as who asks sees it.

    `readout`: the joint one, in the words of `text`. `alone`: what each side published by itself, by side and day.
    """

    readout: Listed | None
    text: Readout | None
    alone: list[Alone]


def told(asking: Asking, record: str) -> list[Told]:
    """Every text of a readout that the public was told by now, in order: the second and later ones are corrections."""
    view, now = asking.node.book.record(record, known=asking.moment.bound.acts or None).whole, visibility.now()
    found = []
    for each in audience.texts(view, asking.mine):
        if each.since > now:
            continue
        held = journal.body_of(asking.node, asking.viewer, each.text.act, each.text.body)
        if held is not None and held.text is not None and held.text.content is not None:
            found.append(Told(each.number, each.since, READOUT.read(held.text.content)))
    return found


def of_meeting(asking: Asking, ref: str, pointing: Iterable[tuple[Listed, Content]]) -> Public:
    """What the public was told of a meeting, among the records that name it.

    A readout in the words that the public was told last; a ministry's own word from its day on, unless it stays inside.
    """
    near = [(row, of) for row, of in pointing if getattr(of, "meeting", None) == ref]
    joint = next(
        ((row, texts[-1]) for row, of in near if isinstance(of, Readout) and (texts := told(asking, row.record))), None
    )
    today = asking.moment.today
    alone = [
        Alone(row, of)
        for row, of in near
        if isinstance(of, PressRelease)
        and row.label != visibility.NATIONAL
        and (of.on.earliest or of.on.latest or today) <= today
    ]
    alone.sort(key=lambda each: (each.content.side, each.row.earliest or "", each.row.record))
    return Public(joint[0] if joint else None, joint[1].content if joint else None, alone)
