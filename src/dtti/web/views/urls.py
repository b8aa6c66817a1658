"""The addresses of every page about the record. Accounts have their own."""

from collections.abc import Iterable
from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path

from dtti.web import permits
from dtti.web.accounts import guard

#: Rooms of pages, each with its own `PATTERNS`; work comes before records, whose addresses are the widest.
ROOMS = (
    *("desk", "spill", "projects", "checklist", "sop", "stages", "exits", "identify", "project", "success"),
    "plan",
    *("filling", "drafting", "bringing", "report_begun", "action_reports", "own_reports", "lane_steps"),
    *("lanes", "conflicts", "procedures", "office_asks", "awaited", "portfolio", "project_story"),
    *("action_page", "action_sheets", "answering", "making_public", "people", "setting_up", "work", "explorer"),
    *("meeting_work", "meeting_days", "meeting_carry", "meeting_announced", "meeting_answers", "meeting_word"),
    *("papers", "industry", "forum_office", "forum", "forum_recommendation", "forum_disposition", "reading"),
)

#: Rooms in which pages that write nothing lead to one that does: there too a second factor is shown before anything is
#: typed, as on every page that `permits` lists.
LEADING = ("exits", "filling", "drafting", "meeting_work", "meeting_word", "industry", "forum_recommendation")


def _patterns(room: str) -> list[URLPattern]:
    patterns: list[URLPattern] = import_module(f"dtti.web.views.{room}").PATTERNS
    for pattern in patterns:
        if room in LEADING or (pattern.name or "").removesuffix("-json") in permits.WRITING:
            pattern.callback = guard.writing(pattern.callback)
    return patterns


def gathered(patterns: Iterable[URLPattern]) -> list[URLPattern | URLResolver]:
    """The same addresses, those that begin with the same word behind one look at it; open ones last, in their order.

    An address is looked up pattern by pattern, and four hundred are a tenth of what a page costs.
    """
    alone: list[URLPattern] = []
    under: dict[str, list[URLPattern]] = {}
    wide: list[URLPattern] = []
    for each in patterns:
        word, inside, rest = str(each.pattern).partition("/")
        if "<" in word:
            wide.append(each)
        elif not inside:
            alone.append(each)
        else:
            under.setdefault(word, []).append(path(rest, each.callback, each.default_args, each.name))
    return [*alone, *(path(f"{word}/", include(found)) for word, found in under.items()), *wide]


urlpatterns = gathered(pattern for room in ROOMS for pattern in _patterns(room))
