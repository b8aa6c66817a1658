"""Where the record of discussion of a meeting stands: by what both sides agreed, not by what a text says of itself."""

from __future__ import annotations

from dtti.node.record.read import Listed
from dtti.programme.kinds.meeting import Meeting, Phase, PhaseReached

#: Grades at which both sides hold the text.
BOTH = ("agreed_here", "on_paper")
#: What a text may say of the record before it is agreed; that nobody commented by a day is no agreement.
_BEFORE = ("drafted", "circulated", "corrected")
_AFTER = ("agreed", "locked")


def reached(meeting: Meeting, row: Listed) -> tuple[PhaseReached, ...]:
    """The phases that the record of discussion has reached.

    A text that is offered or drafted may say that it is agreed: it is not, before both hold it. A text that both hold
    is agreed, though the words that they agreed say only that it was circulated.
    """
    if row.grade in BOTH:
        last = meeting.phases[-1].phase if meeting.phases else meeting.discussion
        return (*meeting.phases, PhaseReached(phase="agreed")) if last in _BEFORE else meeting.phases
    if row.grade in ("published", "recorded"):  # told of both, by an account that is called what it is
        return meeting.phases
    return tuple(each for each in meeting.phases if each.phase not in _AFTER)


def phase(meeting: Meeting, row: Listed) -> Phase | None:
    """The last phase of the record of discussion; None where nothing says so."""
    found = reached(meeting, row)
    if found:
        return found[-1].phase
    told = meeting.discussion
    return told if told not in _AFTER or row.grade in (*BOTH, "published", "recorded") else "drafted"
