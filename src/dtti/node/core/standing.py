"""Which text of a record stands here, as this node shows it: what both hold, then by whose word. Pure.

`accord.grade.current` says it of the acts alone, the same on both nodes. Here two things of this node's own come in: a
text of the other side that cannot be read here never stands in the place of one that can, and the public record
changes only by what both hold or by this side's own act: what the other side states of it stands beside.
"""

from collections.abc import Callable, Collection

from msgspec.structs import replace

from dtti.accord import grade as grades
from dtti.accord.view import PUBLISHED, Text, View

BOTH = ("agreed_here", "on_paper")
Key = tuple[str, int]  # act, body


def shown(view: View, side: str, unread: Collection[Key] = ()) -> Text | None:
    """The text that stands, as the node of `side` shows it. `unread`: texts of the other side not readable here."""
    texts = view.texts
    if is_public(view):
        ours = [one for one in texts if one.side == side or grades.grade(view, one) in BOTH]
        texts = ours or texts
    elif unread and view.mode == "joint":
        readable = [one for one in texts if (one.act, one.body) not in unread or grades.grade(view, one) in BOTH]
        texts = readable or texts
    return grades.current(view if len(texts) == len(view.texts) else replace(view, texts=texts))


def beside(view: View, side: str, text: Text | None, same: Callable[[Text, Text], bool]) -> list[Text]:
    """Texts of one side alone that stand beside the one shown; `same`: whether two say the same.

    Of the public record the last that the other side states otherwise; of any other record its later reports.
    """
    if text is None:
        return []
    if not is_public(view):
        after = view.texts[view.texts.index(text) + 1 :]
        return [one for one in after if grades.grade(view, one) == "recorded" and one.confirms != text.act]
    theirs = [one for one in view.texts if one.side not in (side, text.side) and grades.grade(view, one) not in BOTH]
    return theirs[-1:] if theirs and not same(theirs[-1], text) else []


def speaks(grade: str, creator: str, stated_by: str, side: str) -> int:
    """Which of several records of one reference speaks first on the node of `side`: the highest.

    What both hold; then what this side created itself; then the public record; then what the other side says alone.
    """
    if grade in BOTH:
        return 3
    if creator == side:
        return 2
    return 1 if creator == PUBLISHED and stated_by == side else 0


def is_public(view: View) -> bool:
    """Whether the record was compiled from public sources, and created by neither side."""
    return view.record.split("/")[1] == PUBLISHED
