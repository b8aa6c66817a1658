"""The projects: a board by stage; filters in the address."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from dtti.office import projects as office
from dtti.web import page
from dtti.web.page import route
from dtti.web.parts import Way

from . import shown, words
from .project import stage_words
from .shown import Names


class Card(msgspec.Struct, frozen=True):
    """A project on the board."""

    title: str
    url: str
    ref: str
    on: str | None
    days: int | None
    state: str | None
    grade: str
    note: str | None
    record: str


class Stack(msgspec.Struct, frozen=True):
    """A column of the board."""

    title: str
    cards: list[Card]


class Board(msgspec.Struct, frozen=True):
    """The board as a page shows it and JSON gives it."""

    stages: list[Stack]
    unstaged: list[Stack]
    total: int
    asked: dict[str, str]


def _card(request: HttpRequest, found: office.Card, moment: page.Moment, mine: str, names: Names) -> Card:
    row, wait = found.row, found.wait
    return Card(
        shown.marked(request, row, row.title or row.ref),
        page.url_of(row) + moment.query,
        row.ref,
        wait.on if wait else None,
        wait.days if wait else None,
        wait.why if wait else None,
        row.grade,
        names.noted(row, mine),
        row.record,
    )


def board(request: HttpRequest) -> HttpResponse:
    """Projects in the columns of the seven stages; those without a recorded stage by what became of them."""
    moment = page.moment(request)
    asking = page.asked_by(request, moment)
    asked = {name: request.GET[name][:200] for name in office.filters() if request.GET.get(name)}
    found = office.board(asking, asked)

    names = Names.of(request, moment)
    names.learn_standing(each.row for held in (*found.stages.values(), *found.unstaged.values()) for each in held)

    def cards(of: list[office.Card]) -> list[Card]:
        return [_card(request, each, moment, asking.mine, names) for each in of]

    return page.answer(
        request,
        "project/board.html",
        Board(
            [Stack(stage_words(name), cards(held)) for name, held in found.stages.items()],
            [Stack(words.word(status), cards(held)) for status, held in found.unstaged.items()],
            found.total,
            asked,
        ),
        ways=[
            Way(_("Board"), reverse("projects-board") + moment.query, current=True),
            Way(_("List"), reverse("projects") + moment.query, current=False),
        ],
        crumbs=shown.crumbs(moment, (_("Projects"), None)),
        begin=reverse("start", args=["projects"]) if asking.viewer.person else None,
    )


PATTERNS: list[URLPattern] = [
    *route("projects-board/", board, "projects-board"),
]
