"""Answers to an invitation as mail programs send them, put into this side's delegation in work. Keeps no address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.calendar.event import AllDay, uid_for
from dtti.language.folding import folded
from dtti.node.record.read import Listed
from dtti.office.asking import Asking, Stored
from dtti.programme.kinds.delegation import Delegation
from dtti.programme.kinds.meeting import Meeting

if TYPE_CHECKING:
    from dtti.documents.calendar.read import Reply

_ANSWERS: Final = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "DELEGATED": "declined",
}


class Answered(msgspec.Struct, frozen=True):
    """What an answer says: who, which answer (a code), another time that is asked for, whom they send instead.

    `new`: the delegation has no member of that name, and gets one, whose post is still to be said.
    """

    name: str
    answer: str
    proposed: str
    instead: str
    new: bool


def read(row: Listed, data: bytes) -> Reply:
    """The answer in a calendar file; Refused where it is none, or answers another meeting."""
    from dtti.documents.calendar.read import read_reply  # here: it is large, and few pages read calendar files

    reply = read_reply(data)
    if reply.uid != uid_for(row.record):
        raise Refused(
            refuse(
                "meeting-answer",
                "The file answers the invitation to another meeting.",
                "Open the meeting that it answers, and bring it in there.",
            )
        )
    return reply


def of(asking: Asking, meeting: Meeting) -> Listed | None:
    """This side's delegation to a meeting; None where it is not recorded."""
    rows = asking.rows("delegation", filters={"about": asking.mine}, count=500)
    contents = asking.contents(rows)
    for row in rows:
        content = contents.get(row.record)
        if isinstance(content, Delegation) and content.meeting == meeting.ref:
            return row
    return None


def taken(content: Stored, reply: Reply) -> tuple[Stored, Answered]:
    """The delegation with an answer in it. Who answers is known by name alone: no address of a person is kept."""
    name = " ".join(reply.name.split()) or reply.address.partition("@")[0]
    members = [dict(each) for each in content.get("members", [])]
    mine = next((each for each in members if folded(str(each.get("name", ""))) == folded(name)), None)
    new = mine is None
    if mine is None:
        mine = {"name": name}
        members.append(mine)
    answer = _ANSWERS.get(reply.answer, "tentative" if reply.proposed else "invited")
    mine["answer"] = answer
    made: dict[str, Any] = {**content, "members": members}
    return made, Answered(
        name, answer, _time(reply), ", ".join(each.partition("@")[0] for each in reply.delegated_to), new
    )


def _time(reply: Reply) -> str:
    """The other time that is asked for, as contents write an hour or a day; empty for none."""
    when = reply.proposed
    if when is None:
        return ""
    return when.first.isoformat() if isinstance(when, AllDay) else when.start.strftime("%Y-%m-%dT%H:%M:%SZ")
