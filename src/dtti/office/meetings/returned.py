"""The record of discussion, or the agenda, out as a Word file and back: each change confirmed into the text in work."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final, Literal

from dtti.documents.values import Words
from dtti.documents.words import Reading
from dtti.node.record.read import Listed
from dtti.office.asking import Asking, Stored
from dtti.office.papers import meeting as papers
from dtti.office.papers.material import Material
from dtti.papers.data.agenda import Agenda, Item
from dtti.papers.data.record import Record
from dtti.programme.kinds import KINDS

if TYPE_CHECKING:
    from dtti.documents.word import Comparison

Text = Literal["agenda", "record"]
TEXTS: Final[tuple[Text, ...]] = ("agenda", "record")


def sent(asking: Asking, row: Listed, content: Stored, text: Text) -> Agenda | Record:
    """What the Word file of a meeting's text holds; Refused where the text has faults yet."""
    material = Material(asking, row, KINDS["meeting"].read(content))
    return papers.agenda(material) if text == "agenda" else papers.record(material)


def file(asking: Asking, row: Listed, content: Stored, text: Text, language: Reading) -> bytes:
    """The text as a Word file to send round, with Track Changes on."""
    from dtti.papers import negotiated  # here: it is large, and few pages take in Word files

    return negotiated.write(sent(asking, row, content, text), lang=language)


def compared(asking: Asking, row: Listed, content: Stored, text: Text, returned: bytes, name: str) -> Comparison:
    """A file that came back against the text as it stands in work: changes to confirm, none applied."""
    from dtti.papers import negotiated  # here: it is large, and few pages take in Word files

    return negotiated.compare(sent(asking, row, content, text), returned, name=name)


def applied(
    asking: Asking, row: Listed, content: Stored, text: Text, proposal: Comparison, confirmed: Collection[str]
) -> Stored:
    """The stored text with the confirmed changes and no other."""
    from dtti.papers import negotiated

    before = sent(asking, row, content, text)
    after = negotiated.apply(before, proposal, confirmed)
    return back(content, after)


def back(content: Stored, text: Agenda | Record) -> Stored:
    """The stored text with what a paper of it says now. What the paper does not print stays as it was."""
    made: dict[str, Any] = {**content}
    if isinstance(text, Agenda):
        made["agenda"] = _over(content, "agenda", _ITEM, [_item(each) for each in text.items])
    else:
        titles = {each.number: _one(each.title) for each in text.items}
        if "agenda" in made:
            made["agenda"] = [{**row, "title": titles.get(row["number"], row["title"])} for row in made["agenda"]]
        made["discussed"] = [
            {"item": each.number, "text": "\n".join(_one(part.text) for part in each.minutes)}
            for each in text.items
            if each.minutes
        ]
        decisions = [{"number": one.number, "text": _one(one.text), "item": one.item} for one in text.decisions]
        made["decisions"] = _over(content, "decisions", ("text", "item"), decisions)
        actions = [
            {"number": one.number, "text": _one(one.text), "due": one.due, "due_now": one.due_now}
            for one in text.actions
        ]
        made["actions"] = _over(content, "actions", ("text", "due", "due_now"), actions)
        made["reserved"] = [{"side": each.side, "text": _one(each.text)} for each in text.reserved]
    return {name: value for name, value in made.items() if value != []}


_ITEM: Final = ("title", "purpose", "note", "minutes", "presenter")


def _item(item: Item) -> dict[str, Any]:
    note = _one(item.note) if item.note else ""
    row = {"number": item.number, "title": _one(item.title), "purpose": item.purpose}
    return {**row, "note": note, "minutes": item.minutes, "presenter": item.presenter}


def _over(content: Stored, name: str, printed: tuple[str, ...], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows by their number over what was held of each: what the paper does not print of a row stays."""
    held = {row["number"]: row for row in content.get(name, [])}
    return [
        {
            **{key: value for key, value in held.get(row["number"], {}).items() if key not in printed},
            **{key: value for key, value in row.items() if value not in (None, "")},
        }
        for row in rows
    ]


def _one(words: Words) -> str:
    return words.en or words.hi
