"""Release and export on the page of a project and on the desk, in words. Holds no rule and computes nothing."""

from __future__ import annotations

import msgspec
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dtti.office import release as office
from dtti.office.asking import Asking
from dtti.programme.kinds import KINDS
from dtti.web import labels
from dtti.web.requests import PageRequest

from . import acting, words
from .shown import Names


class Button(msgspec.Struct, frozen=True):
    """Something that can be begun or gone on with."""

    label: str
    url: str


def warned(what: str) -> str:
    """What is warned of, in words."""
    return {
        "expired": _("has expired"),
        "expires-soon": _("expires soon"),
        "exceeded": _("more is used than was granted"),
        "exhausted": _("nothing is left of what was granted"),
        "nearly-used": _("little is left of what was granted"),
        "answer-lapsed": _("the answer is good no more"),
        "answer-ends": _("the answer soon is good no more"),
        "not-answered": _("waits for an answer"),
        "answer-late": _("the answer is overdue"),
    }[what]


def left(each: office.Left) -> str:
    """One measure of an authorisation: granted, used, left, and what is beyond."""
    said = {name: words.amount(value, each.unit) if each.money else f"{words.grouped(value)} {each.unit}".strip()
            for name, value in (("granted", each.granted or 0), ("used", each.used), ("left", each.left),
                                ("beyond", each.beyond))}  # fmt: skip
    if each.granted is None:
        return _("%(used)s used, and none was granted in this measure") % said
    if each.beyond:
        return _("%(granted)s granted, %(used)s used: %(beyond)s more than granted") % said
    return _("%(granted)s granted, %(used)s used, %(left)s left") % said


class Question(msgspec.Struct, frozen=True):
    """A release question as the page shows it."""

    url: str
    title: str
    side: str
    pipe: str
    state: str
    said: str
    of: str
    asked: str
    days: str
    office: str
    answered: str | None
    conditions: str | None
    until: str | None
    inside: bool
    told: str
    answer: str


class Authorisation(msgspec.Struct, frozen=True):
    """An authorisation as the page shows it."""

    url: str
    title: str
    side: str
    number: str
    holder: str
    territory: str
    expires: str | None
    days: str
    read_on: str | None
    left: list[str]
    provisos: list[str]
    consents: list[dict[str, str]]
    warnings: list[str]
    inside: bool
    use: str


class Classification(msgspec.Struct, frozen=True):
    """A classification as the page shows it."""

    url: str
    item: str
    side: str
    regime: str
    entry: str
    office: str
    on: str
    why: str
    inside: bool


class Follows(msgspec.Struct, frozen=True):
    """What follows from a determination."""

    url: str
    title: str
    text: str
    since: str | None
    version: str | None
    sources: list[str]
    confidence: str


class Section(msgspec.Struct, frozen=True):
    """The part of a project's page on release and export; `begin`: what this seat may begin there."""

    questions: list[Question]
    classifications: list[Classification]
    follows: list[Follows]
    authorisations: list[Authorisation]
    begin: list[Button]


def section(page: PageRequest, names: Names, found: office.Release, ref: str, *, begins: bool) -> Section:
    """The part of a project's page; `begins`: whether anything of it may be begun there at all."""
    may = {kind: bool(page.viewer.person) and acting.may_begin(page, kind) for kind in office.BEGUN}
    return Section(
        [_question(names, each, may, page.node.side) for each in found.questions],
        [
            Classification(
                _url(each.record), each.item, each.side, words.word(each.regime), each.entry,
                names.title(f"office:{each.office}"), each.on, each.why, each.inside,
            )
            for each in found.classifications
        ],
        [
            Follows(
                _url(each.record), names.title(f"determination:{each.ref}"), each.text, each.since, each.version,
                each.sources, each.confidence,
            )
            for each in found.follows
        ],
        [_authorisation(each, may, page.node.side) for each in found.authorisations],
        [
            Button(
                _("New %(kind)s") % {"kind": labels.kind(kind)},
                f"{reverse('start', args=[KINDS[kind].face.address])}?project={ref}",
            )
            for kind in office.BEGUN
            if begins and may[kind]
        ],
    )  # fmt: skip


def _url(record: str) -> str:
    kind, _side, code = record.split("/")
    return reverse("record", args=[KINDS[kind].face.address, code])


def _task(record: str, task: str) -> str:
    return f"{reverse('draft', args=[record.rsplit('/', 1)[1], 'state'])}?task={task}"


def _question(names: Names, each: office.Asked, may: dict[str, bool], mine: str) -> Question:
    days = ngettext("open for %(num)s day", "open for %(num)s days", each.days_open or 0)
    return Question(
        _url(each.record),
        each.subject,
        each.side,
        words.heading(each.pipe) if each.pipe else _("As a whole"),
        each.state,
        words.word(each.state),
        names.title(f"office:{each.of}"),
        each.asked,
        days % {"num": words.grouped(each.days_open)} if each.days_open is not None else "",
        names.title(f"office:{each.office}") if each.office else "",
        each.answered,
        each.conditions,
        each.until,
        each.inside,
        words.word(each.told) if each.told and each.inside else "",
        _task(each.record, "answer") if each.side == mine and may[office.QUESTION] else "",
    )


def _authorisation(each: office.Authorised, may: dict[str, bool], mine: str) -> Authorisation:
    days = ""
    if each.days is not None and each.days >= 0:
        days = ngettext("in %(num)s day", "in %(num)s days", each.days) % {"num": words.grouped(each.days)}
    elif each.days is not None:
        days = ngettext("%(num)s day ago", "%(num)s days ago", -each.days) % {"num": words.grouped(-each.days)}
    return Authorisation(
        _url(each.record),
        each.item,
        each.side,
        each.number,
        each.holder,
        each.territory,
        each.expires,
        days,
        each.read_on,
        [left(one) for one in each.left],
        each.provisos,
        [
            {"to": one.to, "state": words.word(one.state), "on": str(one.on), "origin": one.origin}
            for one in each.consents
        ],
        [warned(one) for one in each.warnings],
        each.inside,
        _task(each.record, "use") if each.side == mine and may[office.AUTHORISATION] else "",
    )


class Warned(msgspec.Struct, frozen=True):
    """A line of the desk: what it is about, and what is warned of."""

    url: str
    title: str
    kind: str
    what: str
    on: str
    days: int | None
    late: bool


def of_desk(asking: Asking, names: Names) -> list[Warned]:
    """What the desk warns of, as whoever looks may see it."""
    found = office.warnings(asking)
    names.learn(f"{each.kind}:{each.ref}" for each in found)
    return [
        Warned(
            _url(each.record),
            names.title(f"{each.kind}:{each.ref}"),
            labels.kind(each.kind),
            warned(each.what),
            each.on,
            abs(each.days) if each.days is not None else None,
            each.days is not None and each.days < 0,
        )
        for each in found
    ]
