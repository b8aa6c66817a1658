"""The addresses of every page about the record. Accounts have their own."""

from importlib import import_module

from django.urls import URLPattern

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


urlpatterns: list[URLPattern] = [pattern for room in ROOMS for pattern in _patterns(room)]
