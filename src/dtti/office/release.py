"""Release and export of a project, for its page, its JSON and the desk: questions, classifications, authorisations.

Everything is as the reader may see it: what this side keeps inside is in nobody else's answer, and in no count of one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import msgspec

from dtti.programme.export import leads, pipes, regimes
from dtti.programme.export.standing import Left, What, of_authorisation, of_question, standing
from dtti.programme.kind import Content
from dtti.programme.kinds.determination import DETERMINATION, Consequence, Determination
from dtti.programme.kinds.export_authorisation import EXPORT_AUTHORISATION, ExportAuthorisation, OriginConsent
from dtti.programme.kinds.export_classification import EXPORT_CLASSIFICATION, ExportClassification
from dtti.programme.kinds.project import Project
from dtti.programme.kinds.release_question import RELEASE_QUESTION, ReleaseQuestion
from dtti.programme.reports.records import Version
from dtti.programme.timeline import happened
from dtti.programme.values import strength

from . import reports
from .asking import Asking

__all__ = ["Consequence", "Left", "leads", "pipes", "regimes"]

QUESTION, CLASSIFICATION = RELEASE_QUESTION.code, EXPORT_CLASSIFICATION.code
AUTHORISATION, DETERMINED = EXPORT_AUTHORISATION.code, DETERMINATION.code
#: The kinds of record that a project's page may begin here, in the order of their buttons.
BEGUN = (QUESTION, CLASSIFICATION, AUTHORISATION)
Inside = Callable[[Version[Any]], bool]
_FOLLOWING = 60  # of a project's list of what follows


class Asked(msgspec.Struct, frozen=True):
    """A release question: how it stands on the day, the last answer, days open while it has none.

    `inside`: what is said here this side keeps; `told`: how it stands by what the other side was told (None: nothing).
    """

    record: str
    ref: str
    side: str
    subject: str
    pipe: str | None
    of: str
    asked_by: str
    asked: str
    state: str
    days_open: int | None
    answered: str | None
    office: str | None
    conditions: str | None
    until: str | None
    registry: str | None
    inside: bool
    told: str | None


class Classified(msgspec.Struct, frozen=True):
    """A classification under a list of one side."""

    record: str
    ref: str
    side: str
    item: str
    regime: str
    entry: str
    office: str
    on: str
    why: str
    inside: bool


class Authorised(msgspec.Struct, frozen=True):
    """An authorisation: whose, what it grants and what is left by measure, until when, where, on what provisos."""

    record: str
    ref: str
    side: str
    type: str
    number: str
    holder: str
    item: str
    territory: str
    expires: str | None
    days: int | None
    read_on: str | None
    left: list[Left]
    provisos: list[str]
    consents: list[OriginConsent]
    warnings: list[What]
    inside: bool


class Followed(msgspec.Struct, frozen=True):
    """What follows from a determination for the classification of a project."""

    ref: str
    record: str
    text: str
    since: str | None
    version: str | None
    sources: list[str]
    confidence: str


class Release(msgspec.Struct, frozen=True):
    """All of it for one project."""

    questions: list[Asked]
    classifications: list[Classified]
    authorisations: list[Authorised]
    follows: list[Followed]

    @property
    def links(self) -> list[str]:
        """The records that the page names."""
        offices = [office for each in self.questions for office in (each.of, each.asked_by, each.office) if office]
        offices += [each.office for each in self.classifications]
        return [
            *(f"office:{each}" for each in offices),
            *(f"{DETERMINED}:{each.ref}" for each in self.follows),
        ]


class Warned(msgspec.Struct, frozen=True):
    """What the desk warns of: a record, what of it, the day that it hangs on, days until then (negative: since)."""

    record: str
    kind: str
    ref: str
    what: What
    on: str
    days: int | None
    project: str | None


def of_project(asking: Asking, project: Project) -> Release:
    """Questions, classifications, authorisations and what follows, of one project, on the day that is asked for."""
    held = _Held(asking, project.ref)
    if not held.any(*BEGUN):
        return Release([], [], [], [])
    on, mine = asking.moment.today, asking.mine
    questions = [_asked(each, on, held) for each in held.of(QUESTION, ReleaseQuestion)]
    classified = [_classified(each, held.inside) for each in held.of(CLASSIFICATION, ExportClassification)]
    authorised = [_authorised(each, on, held.inside) for each in held.of(AUTHORISATION, ExportAuthorisation)]
    entries = {each.regime for each in classified}
    follows = [*_followed(held, entries, on)] if entries else []
    return Release(
        sorted(questions, key=lambda each: (each.side != mine, each.asked, each.ref)),
        sorted(classified, key=lambda each: (each.side != mine, each.on, each.ref)),
        sorted(authorised, key=lambda each: (each.side != mine, each.expires or "9999", each.ref)),
        follows[:_FOLLOWING],
    )


def warnings(asking: Asking) -> list[Warned]:
    """What expires, is used up, waits too long or is answered no longer, of this side's own records; soonest first.

    What the other side released of its own stands on the project's page; it is that side's to mend.
    """
    on, held = asking.moment.today, _Held(asking)
    found = [
        Warned(each.record, each.kind, each.ref, one.what, one.on, one.days, each.content.project)
        for each in (*held.of(QUESTION, ReleaseQuestion), *held.of(AUTHORISATION, ExportAuthorisation))
        if each.content.side == asking.mine
        for one in (
            of_question(each.content, on)
            if isinstance(each.content, ReleaseQuestion)
            else of_authorisation(each.content, on)
        )
    ]
    return sorted(found, key=lambda each: (each.days is None, each.days or 0, each.ref, each.what))


class _Held:
    """The records of an answer: each reference once, this side's own word before the copy that was released.

    `project`: of release and export those of this project alone.
    """

    def __init__(self, asking: Asking, project: str = "") -> None:
        kinds = (*BEGUN, DETERMINED)
        self._records = reports.of_project(asking, project, kinds)
        told = (
            asking
            if not asking.viewer.national
            else msgspec.structs.replace(
                asking, viewer=msgspec.structs.replace(asking.viewer, national=False, groups=())
            )
        )
        released = self._records if told is asking else reports.of_project(told, project, kinds)
        self._told = {each.record: each for kind in kinds for each in released.of(kind)}
        self._copies = {(each.kind, each.side, each.ref): each for each in self._told.values()}

    def any(self, *kinds: str) -> bool:
        """Whether there is a record of any of these kinds."""
        return any(self._records.of(kind) for kind in kinds)

    def told(self, version: Version[Any]) -> Content | None:
        """What the other side was told under that reference; None where it was told nothing."""
        found = self._copies.get((version.kind, version.side, version.ref))
        return found.content if found else None

    def national(self, version: Version[Any]) -> bool:
        """Whether it is a record that this side keeps, whatever it told of it."""
        return version.record not in self._told

    def inside(self, version: Version[Any]) -> bool:
        """Whether what it says stays with this side: the other side was not told the same."""
        return self.national(version) and self.told(version) != version.content

    def of(self, kind: str, content: type[Content]) -> list[Version[Any]]:
        """The versions of a kind: of a record and its released copy the one that says it last."""
        chosen: dict[tuple[str, str], Version[Any]] = {}
        for each in self._records.of(kind):
            if not isinstance(each.content, content):
                continue
            key = (each.side, each.ref)
            if key not in chosen or (self.national(each), each.recorded) > (
                self.national(chosen[key]),
                chosen[key].recorded,
            ):
                chosen[key] = each
        return list(chosen.values())


def _asked(version: Version[Any], on: date, held: _Held) -> Asked:
    one: ReleaseQuestion = version.content
    last, told = one.last(on), held.told(version)
    return Asked(
        version.record,
        one.ref,
        one.side,
        one.subject,
        one.pipe,
        one.of,
        one.asked_by,
        str(one.asked),
        one.state(on),
        one.days_open(on),
        str(last.on) if last else None,
        last.office if last else None,
        last.conditions if last else None,
        str(last.until) if last and last.until else None,
        last.registry if last else None,
        held.inside(version),
        told.state(on) if isinstance(told, ReleaseQuestion) else None,
    )


def _classified(version: Version[Any], inside: Inside) -> Classified:
    one: ExportClassification = version.content
    return Classified(
        version.record, one.ref, one.side, one.item, one.regime, one.entry, one.office, str(one.on), one.why,
        inside(version),
    )  # fmt: skip


def _authorised(version: Version[Any], on: date, inside: Inside) -> Authorised:
    one: ExportAuthorisation = version.content
    held = standing(one, on)
    return Authorised(
        version.record,
        one.ref,
        one.side,
        one.type,
        one.number,
        one.holder,
        one.item,
        one.territory,
        str(one.expires) if one.expires else None,
        held.days,
        held.read_on,
        list(held.left),
        list(one.provisos),
        list(one.consents),
        [each.what for each in of_authorisation(one, on)],
        inside(version),
    )


def _followed(held: _Held, entries: set[str], on: date) -> Iterator[Followed]:
    """What follows for these lists on a day, in order of time; of what no list is named, for any."""
    found = sorted(held.of(DETERMINED, Determination), key=lambda each: (str(each.content.on), each.ref))
    for version in found:
        made: Determination = version.content
        if happened(made.on, on, strength(made.cite, "on")) == "no" or _over(made.until, on):
            continue
        for each in made.follows:
            if (each.regimes and not entries & {*each.regimes}) or _over(each.until, on):
                continue
            cite = each.cite or made.cite
            yield Followed(
                made.ref,
                version.record,
                each.text,
                str(each.since) if each.since else None,
                each.version,
                list(cite.sources) if cite else [],
                cite.confidence if cite else "stated",
            )


def _over(until: object, on: date) -> bool:
    latest = getattr(until, "latest", None)
    return latest is not None and latest < on
