"""What the record suggests for a text that is being written: next number, turn to host, side and office of the seat.

It goes by what a content asks for, not by its kind. Nothing is set: whoever writes takes a suggestion or leaves it, and
is told where it comes from. What cannot be computed from the record is not suggested.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

import msgspec

from dtti.language.marking import N_
from dtti.programme.kinds import KINDS

from . import reports
from .asking import Asking, Stored

_OTHER: Final = {"IND": "USA", "USA": "IND"}
_MOST: Final = 2000  # records of a body that are looked through


class Suggested(msgspec.Struct, frozen=True):
    """An answer that the record suggests: the field, the answer as stored, and why, in words with blanks."""

    field: str
    value: Any
    why: str
    said: Mapping[str, str] = {}


def suggested(asking: Asking, kind: str, content: Stored, office: str) -> list[Suggested]:
    """Suggestions for the answers that a content of `kind` still lacks. `office`: reference of the writer's office."""
    asked = set(KINDS[kind].content.__struct_fields__)
    found = [*_of_body(asking, kind, content, asked), *_of_seat(asking, kind, asked, office)]
    return [each for each in found if content.get(each.field) in (None, "")]


def asks(kind: str) -> bool:
    """Whether anything is ever suggested for a text of `kind` once its body is named."""
    asked = set(KINDS[kind].content.__struct_fields__)
    return "body" in asked and bool(asked & {"number", "host"})


def _of_body(asking: Asking, kind: str, content: Stored, asked: set[str]) -> Iterator[Suggested]:
    body = content.get("body")
    if "body" not in asked or not isinstance(body, str) or not asking.named([f"body:{body}"]):
        return
    held = list(asking.contents(asking.rows(kind, filters={"body": body}, count=_MOST)).values())
    if "number" in asked:
        numbers = [getattr(each, "number", None) for each in held]
        last = max((number for number in numbers if isinstance(number, int)), default=0)
        if last:
            why = N_("number %(number)s is the last of this body in the record")
            yield Suggested("number", last + 1, why, {"number": str(last)})
    if "host" in asked:
        yield from _host(asking, body, content, held)


def _host(asking: Asking, body: str, content: Stored, held: Sequence[Any]) -> Iterator[Suggested]:
    if content.get("mode") == "virtual":
        yield Suggested("host", "none", N_("nobody hosts a meeting by video"))
        return
    made = reports.made(asking, reports.Cadence, now=True, of="all").bodies.get(body)
    if made is None:
        return
    turns = {made.next_host.virtual_uses_turn, made.next_host.virtual_uses_no_turn}
    if isinstance(made.virtual_uses_turn, bool):
        turns = {made.next_host.virtual_uses_turn if made.virtual_uses_turn else made.next_host.virtual_uses_no_turn}
    turn = turns.pop()
    if turns or turn not in ("IND", "USA"):
        return
    ahead = [each for each in held if getattr(each, "status", "") == "planned" and getattr(each, "host", "") in _OTHER]
    if ahead:
        last = max(ahead, key=lambda each: str(each.date))
        why = N_("the sides take turns, and %(side)s hosts the one planned for %(date)s")
        yield Suggested("host", _OTHER[last.host], why, {"side": last.host, "date": str(last.date)})
    else:
        yield Suggested("host", turn, N_("the sides take turns, and it is the turn of %(side)s"), {"side": turn})


def _of_seat(asking: Asking, kind: str, asked: set[str], office: str) -> Iterator[Suggested]:
    if "side" in asked and KINDS[kind].of_author:
        yield Suggested("side", asking.mine, N_("your side says this of itself"))
    if "office" in asked and office.startswith(f"{asking.mine}/"):
        yield Suggested("office", office, N_("the office in which you act"))


def last_day(asking: Asking, content: Stored) -> tuple[str, str] | None:
    """The last day for an answer that leaves it before the next meeting of the text's body, and that meeting's day."""
    body = content.get("body")
    if not isinstance(body, str) and isinstance(content.get("project"), str):
        link = f"project:{content['project']}"
        row = asking.named([link]).get(link)
        body = row.body if row else None
    if not isinstance(body, str) or not body:
        return None
    rows = asking.rows("meeting", filters={"body": body, "status": "planned"}, order="earliest", count=_MOST)
    soonest = (asking.moment.today + timedelta(days=2)).isoformat()
    met = next(
        (row.earliest for row in rows if row.earliest and row.earliest == row.latest and row.earliest >= soonest), ""
    )
    return ((date.fromisoformat(met) - timedelta(days=1)).isoformat(), met) if met else None
