"""How a project stands: active, suspended, dormant, expired, or how it ended; computed, never stored. Pure.

One function for every list, desk, page, paper and `.json`: `standing`. It is given what counts where it is asked: texts
that both sides hold, that are public, or that the side which asks states itself. It knows no node and no page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final, Literal

import msgspec

from dtti.accord.refusal import Refusal
from dtti.language.names import side_named
from dtti.programme.kind import Beside
from dtti.programme.kinds.closure import Closure, Reason, unlearned, unsettled
from dtti.programme.kinds.instrument import INSTRUMENT, Instrument
from dtti.programme.kinds.project import PROJECT, Project
from dtti.programme.timeline import Answer, chronological, happened
from dtti.programme.values import When, strength

#: How a project stands, the weightiest first. `unknown`: public alone, and nothing was said of it for long.
Code = Literal[
    "completed", "not-pursued", "withdrawn", "terminated", "expired", "converted", "superseded",
    "suspended", "dormant", "unknown", "active",
]  # fmt: skip
#: Those that end a project. `expired` ends it by its dates alone, until both say what comes of it.
ENDINGS: Final[tuple[Code, ...]] = (
    "completed", "not-pursued", "withdrawn", "terminated", "expired", "converted", "superseded",
)  # fmt: skip
#: On what it rests: a closure that both agreed, a one-sided notice, the text of the project, or dates alone.
Basis = Literal["agreed", "notice", "text", "dates"]
#: Of a project that ended: whether a closure says so whole (`recorded`), in part (`open`), or not at all (`missing`);
#: `unknown` where only public sources tell of it. Empty for a project that has not ended.
Recorded = Literal["recorded", "open", "missing", "unknown", ""]
_CLOSED: Final = ("closed",)
_AGREEMENTS: Final = ("project-agreement",)
_BOTH: Final = ("agreed_here", "on_paper", "published")


class Why(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason code: its words, on what the code itself rests, and how sure that is."""

    words: str
    basis: str
    confidence: Literal["sourced", "single-source", "inferred", "unverified"]


class Dormant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days without an act a project is called dormant, and on what that number rests."""

    days: int
    basis: str
    sources: tuple[str, ...]
    confidence: Literal["sourced", "single-source", "inferred", "unverified"]


class Rules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the computing goes by: a version, the days of dormancy, the reason codes."""

    version: str
    dormant: Dormant
    reasons: dict[Reason, Why]


@cache
def rules() -> Rules:
    """What `standing.toml` says."""
    text = resources.files(__package__).joinpath("standing.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Rules)


class Also(msgspec.Struct, frozen=True):
    """A further standing that holds at the same time, or may (`certain` false: the bounds of a date leave it open)."""

    code: Code
    since: str | None
    certain: bool = True


class Standing(msgspec.Struct, frozen=True):
    """How a project stands on a day.

    `code`: the weightiest; `also`: what holds, or may hold, beside it. `by`: sides that suspended or withdrew; empty
    where that is not known or was done by both. `since`: the day, as far as it is known (a partial date as written).
    `basis`: on what it rests. `reason`: a reason code. `next`: what came after it, as links (``project:ref``,
    ``trade_contract:ref``). `recorded`: whether a closure says how it ended; `lacks`: what that leaves open.
    """

    code: Code
    basis: Basis
    since: str | None = None
    by: tuple[str, ...] = ()
    reason: str | None = None
    next: tuple[str, ...] = ()
    recorded: Recorded = ""
    lacks: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether the project has come to an end, recorded or not."""
        return self.code in ENDINGS

    @property
    def marked(self) -> bool:
        """Whether lists have something to say of it: anything but active."""
        return self.code != "active" or bool(self.also)


class Notice(msgspec.Struct, frozen=True):
    """A notice of a side that stands: ``suspend`` or ``withdraw_from``, since what day, for what reason (a code)."""

    side: str
    notice: str
    since: str | None = None
    reason: str | None = None


def standing(
    project: Project | None,
    on: date,
    *,
    notices: Iterable[Notice] = (),
    closure: Closure | None = None,
    agreements: Sequence[Instrument] = (),
    last: date | None = None,
    published: bool = False,
) -> Standing:
    """How a project stands at the end of `on`.

    `project`: its text that counts there, None where none does (then notices alone speak). `notices`: those that stand.
    `closure`: the one that counts. `agreements`: instruments on it that both hold or that are public. `last`: the day
    of the last act that both sides hold of it or of what names it; for what is `published` (compiled from public
    sources, whose silence says nothing) its dated statements are looked at instead. Nothing is raised; the cost is
    that of reading the project once.
    """
    given = [*notices]
    found = [*_ends(project, on, given, closure, published), *_expiry(agreements, on)]
    suspended = [each for each in given if each.notice == "suspend"]
    if suspended:
        reason = next((each.reason for each in suspended if each.reason), None)
        since = min((each.since for each in suspended if each.since), default=None)
        found.append((Standing("suspended", "notice", since, _sides(suspended), reason), True))
    elif (said := _said(project, on, ("suspended",))) is not None:
        found.append((Standing("suspended", "text", said[0], reason=said[1]), True))
    found += _silence(project, on, last, published)
    first = min((each for each, sure in found if sure), key=_rank, default=Standing("active", "text"))
    also = tuple(
        Also(each.code, each.since, sure)
        for each, sure in found
        if each.code != first.code and not (first.ended and each.code in ("dormant", "unknown", *ENDINGS))
    )
    return msgspec.structs.replace(first, also=also)


_BASES: Final[tuple[Basis, ...]] = ("agreed", "notice", "text", "dates")
_GOING: Final[tuple[Code, ...]] = ("suspended", "dormant", "unknown", "active")


def _rank(one: Standing) -> tuple[int, int]:
    """What both agreed goes first, then a notice or a text that ends it, then what dates alone say."""
    return (0, _BASES.index(one.basis)) if one.ended else (1, _GOING.index(one.code))


def _sides(given: Sequence[Notice]) -> tuple[str, ...]:
    return tuple(sorted({each.side for each in given}))


def _ends(
    project: Project | None, on: date, notices: Sequence[Notice], closure: Closure | None, published: bool
) -> list[tuple[Standing, bool]]:
    """How it ended: by a closure, by a notice of withdrawal, by its own text."""
    missing: Recorded = "unknown" if published else "missing"
    found: list[tuple[Standing, bool]] = []
    left = [each for each in notices if each.notice == "withdraw_from"]
    if closure is not None:
        sure = happened(closure.ended, on) != "no"
        lacks = (*unsettled(closure), *unlearned(closure))
        by = (closure.by,) if closure.by else _sides(left)
        after = tuple(
            link
            for link in (
                closure.successor and f"project:{closure.successor}",
                closure.contract and f"trade_contract:{closure.contract}",
            )
            if link
        )
        recorded: Recorded = "open" if lacks else "recorded"
        one = Standing(closure.ending, "agreed", str(closure.ended), by, closure.reason, after, recorded, lacks)
        found.append((one, sure))
    if left:
        reason = next((each.reason for each in left if each.reason), None)
        since = min((each.since for each in left if each.since), default=None)
        found.append((Standing("withdrawn", "notice", since, _sides(left), reason, recorded=missing), True))
    if (said := _exit(project, on)) is not None:
        code, since, reason, sure = said
        found.append((Standing(code, "text", since, reason=reason, recorded=missing), sure))
    return found


def _exit(project: Project | None, on: date) -> tuple[Code, str | None, str | None, bool] | None:
    """The end that the text of a project tells of (its outcome, last statement or stage), and whether it is certain."""
    if project is None:
        return None
    outcome, stated = project.outcome, _said(project, on, ENDINGS)
    if stated is not None:
        return next(each for each in ENDINGS if each == stated[2]), stated[0], stated[1], True
    if outcome is not None and outcome.code in ENDINGS and (then := _then(outcome.as_of, project, on)) != "no":
        code: Code = next(each for each in ENDINGS if each == outcome.code)
        return code, str(outcome.as_of) if outcome.as_of else None, None, then == "yes"
    closed = [each for each in project.stages if each.stage in _CLOSED and happened(each.entered, on) == "yes"]
    return ("completed", str(closed[-1].entered), None, True) if closed else None


def _then(as_of: When | None, project: Project, on: date) -> Answer:
    """Whether a judgement was good by a day: from its own date, else from the last dated statement."""
    if as_of is not None:
        return happened(as_of, on)
    last = max((each.date for each in project.statements), key=chronological, default=None)
    return "yes" if last is None else happened(last, on)


def _said(project: Project | None, on: date, codes: Sequence[str]) -> tuple[str, str | None, str] | None:
    """The last statement in time that is certain by a day, where it is of one of these: its day, reason and status."""
    if project is None:
        return None
    rows = [each for each in project.statements if happened(each.date, on, strength(each.cite, "date")) == "yes"]
    last = max(rows, key=lambda each: chronological(each.date), default=None)
    return (str(last.date), last.reason_code, last.status) if last is not None and last.status in codes else None


def _expiry(agreements: Sequence[Instrument], on: date) -> list[tuple[Standing, bool]]:
    """Whether the project agreements have all come to their end: for certain, or as their dates may be read."""
    named = [each for each in agreements if each.type in _AGREEMENTS and (each.signed or each.in_force)]
    dates = [each.expires for each in named if each.expires is not None]
    if not named or len(dates) < len(named):
        return []
    last = max(dates, key=lambda each: each.latest or date.max)
    if last.latest is not None and last.latest < on:
        return [(Standing("expired", "dates", str(last), reason="agreement-ended", recorded="missing"), True)]
    may = all(each.earliest is None or each.earliest < on for each in dates)
    return [(Standing("expired", "dates", str(last)), False)] if may else []


def _silence(project: Project | None, on: date, last: date | None, published: bool) -> list[tuple[Standing, bool]]:
    """Dormant where no act was for so many days; of what is public alone, not known to be active."""
    if published:
        told = [each.date for each in project.statements if happened(each.date, on) != "no"] if project else []
        when = max(told, key=chronological, default=project.first_named if project else None)
        last, since = (when.latest or when.earliest) if when else None, str(when) if when else None
        last = min(last, on) if last else None
    else:
        since = last.isoformat() if last else None
    if last is not None and on - last <= timedelta(days=rules().dormant.days):
        return []
    if last is None and not published:
        return []
    if published:
        return [(Standing("unknown", "dates", since, recorded="unknown"), True)]
    return [(Standing("dormant", "dates", since), True)]


# --- what a closure lacks, where this side would bind itself by it ---------------------------------------------------


def lacking(closure: Closure, beside: Beside) -> list[Refusal]:
    """What stands against a closure by which this side would bind itself: each ending rests on a fact of the record."""
    held = beside.held(PROJECT.code, closure.project)
    if held is None:
        return [
            Refusal(
                "closure-project",
                "The project that it closes is not here, or the other side has not been told of it.",
                "Record the project first, or release it.",
                "project",
            )
        ]
    found: list[Refusal] = []
    if closure.ending == "withdrawn" and closure.by and closure.by not in beside.left(PROJECT.code, closure.project):
        who = side_named(closure.by, "en", inside=True)
        found.append(
            Refusal(
                "closure-withdrawn",
                f"It says that {who} has withdrawn, and no notice of that side says so.",
                "That side gives notice on the page of the project; or say how else it ended.",
                "by",
            )
        )
    if closure.ending == "expired":
        project = held[0]
        named = project.agreements if isinstance(project, Project) else ()
        firm = [one for ref in named if (one := _firm(beside, ref)) is not None]
        upto = closure.ended.latest or beside.today or date.max
        if not any(each.code == "expired" and sure for each, sure in _expiry(firm, upto + timedelta(days=1))):
            found.append(
                Refusal(
                    "closure-expired",
                    "It says that the agreement came to its end, and no agreement of the project had by that day.",
                    "Record the agreement with the day on which it ends; or say how else the project ended.",
                    "ending",
                )
            )
    return found


def _firm(beside: Beside, ref: str) -> Instrument | None:
    """An instrument that both hold or that is public."""
    content, grade = beside.held(INSTRUMENT.code, ref) or (None, "")
    return content if isinstance(content, Instrument) and grade in _BOTH else None
