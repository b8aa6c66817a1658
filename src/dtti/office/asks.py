"""Requests to offices: each with what answered it, how it stands, for how many days it has been open.

A request and the copy by which it was released are one. What counts as its answer is decided here, for desk, page,
court and command alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final, Literal, TypeVar

import msgspec

from dtti.node.core.visibility import NATIONAL
from dtti.node.record import spans
from dtti.node.record.read import Listed
from dtti.programme.kind import Content
from dtti.programme.kinds.ask import ASK, Ask
from dtti.programme.kinds.ask_answer import ASK_ANSWER, AskAnswer
from dtti.programme.order import surely_later
from dtti.programme.values import When

from .asking import Asking
from .drawn import drawn

MOST: Final = 2000  # requests that are looked through
C = TypeVar("C", Ask, AskAnswer)
State = Literal["open", "given", "declined", "withdrawn"]


class Answer(msgspec.Struct, frozen=True):
    """What answered a request, or would: the row of its record, its content, whether it counts; if not, why not.

    `upto`: the days between which it came, as far as both sides can know: a day that is told later than it was goes
    by when it was told.
    """

    row: Listed
    content: AskAnswer
    counts: bool
    against: str
    upto: tuple[date, date]


class OneAsk(msgspec.Struct, frozen=True):
    """A request as it stands.

    `began`, `ended`: days between which the wait began, and ended. `days`: how long it has been open, or was: at least.
    `late`: days over the day by which it was wanted, while it is open.
    """

    row: Listed
    content: Ask
    state: State
    began: tuple[date, date]
    ended: tuple[date, date] | None
    days: int
    late: int
    answers: list[Answer]

    @property
    def national(self) -> bool:
        """Whether the other side has not been told of it."""
        return self.row.label == NATIONAL

    @property
    def links(self) -> list[str]:
        """The records that it names, as links."""
        ask = self.content
        shown = [each.content.shows for each in self.answers if each.content.shows]
        return [f"office:{ask.of}", f"office:{ask.office}", ask.about, *shown]


def asks(asking: Asking) -> list[OneAsk]:
    """Every request that the viewer sees, open ones first, the longest open first; kept while the record stays."""
    return asking.kept("asks", answer=lambda: _asks(asking))


@drawn("asks-about")
def about(asking: Asking, link: str) -> list[OneAsk]:
    """The requests about a record (a link); of a project also those about records of it."""
    kind, _colon, ref = link.partition(":")
    return [
        each
        for each in asks(asking)
        if each.content.about == link or (kind == "project" and each.content.of_project == ref)
    ]


def opened(found: Iterable[OneAsk]) -> list[OneAsk]:
    """Those that are open."""
    return [each for each in found if each.state == "open"]


def one(asking: Asking, record: str) -> OneAsk | None:
    """The request of which a record is the text or its released copy; None where there is none to see."""
    row = next((each for each in asking.rows(ASK.code, count=MOST) if each.record == record), None)
    same = (each for each in asks(asking) if row and (each.content.side, each.row.ref) == (row.side, row.ref))
    return next(same, None)


def _asks(asking: Asking) -> list[OneAsk]:
    rows = asking.rows(ASK.code, order="earliest", count=MOST)
    answers = asking.rows(ASK_ANSWER.code, order="earliest", count=MOST) if rows else []
    held = asking.contents([*rows, *answers])
    first = {
        record: date.fromisoformat(span.first[:10])
        for kind in (ASK.code, ASK_ANSWER.code)
        for record, span in spans.of_kind(asking.node, asking.viewer, kind, asking.moment.bound).items()
    }
    by_ask: dict[str, list[tuple[Listed, AskAnswer]]] = {}
    for row, answer in _newest(answers, held, AskAnswer):
        by_ask.setdefault(answer.ask, []).append((row, answer))
    made = [
        _one(asking, row, ask, by_ask.get(ask.ref, ()), first)
        for row, ask in _newest(rows, held, Ask)
        if ask.asked_on.earliest is not None
    ]
    return sorted(made, key=lambda each: (each.state != "open", each.began, each.row.record))


def _newest(rows: Sequence[Listed], held: Mapping[str, Content], of: type[C]) -> list[tuple[Listed, C]]:
    """One of a record and the copies released of it: known as the copy, with the text that was stated last."""
    found: dict[tuple[str, str], list[tuple[Listed, C]]] = {}
    for row in rows:
        content = held.get(row.record)
        if isinstance(content, of):
            found.setdefault((content.side, content.ref), []).append((row, content))
    made = []
    for several in found.values():
        row = min((row for row, _content in several), key=lambda row: (row.label == NATIONAL, row.record))
        made.append((row, max(several, key=lambda each: (each[0].known_from, each[0].record))[1]))
    return made


def _one(
    asking: Asking, row: Listed, ask: Ask, answers: Iterable[tuple[Listed, AskAnswer]], first: dict[str, date]
) -> OneAsk:
    today = asking.moment.today
    told = first.get(row.record) if row.label != NATIONAL else None
    began = _between(ask.asked_on, told)
    judged = []
    for answer_row, answer in answers:
        against = _against(ask, answer)
        shown = first.get(answer_row.record) if answer_row.label != NATIONAL else None
        judged.append(Answer(answer_row, answer, not against, against, _between(answer.given_on, shown)))
    judged.sort(key=lambda each: (not each.counts, each.upto))
    ended: tuple[date, date] | None = None
    state: State = "open"
    if judged and judged[0].counts and judged[0].upto[0] <= today:
        ended, state = judged[0].upto, judged[0].content.result
    if ask.withdrawn is not None and (ended is None or _between(ask.withdrawn, None) < ended):
        ended, state = _between(ask.withdrawn, None), "withdrawn"
    upto = min(ended[0], today) if ended else today
    late = (today - ask.wanted.latest).days if ask.wanted and ask.wanted.latest and not ended else 0
    return OneAsk(row, ask, state, began, ended, max(0, (upto - began[1]).days), max(0, late), judged)


def _between(when: When, told: date | None) -> tuple[date, date]:
    """The first and last day that it can have been; where it was told later than it was, up to when it was told."""
    first = when.earliest or when.latest or date.max
    last = when.latest or first
    return (first, max(last, told) if told else last)


def _against(ask: Ask, answer: AskAnswer) -> str:
    """Why an answer counts for nothing (a code); empty where it counts."""
    if answer.office != ask.of:
        return "other-office"
    if answer.side not in (ask.to, ask.side) or (answer.noted and not answer.letter):
        return "other-side"
    if surely_later(ask.asked_on, answer.given_on):
        return "too-early"
    return ""
