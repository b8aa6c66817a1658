"""The addresses of every page about the record. Accounts have their own."""

from importlib import import_module

from django.urls import URLPattern

from dtti.web.accounts import guard

#: Rooms of pages, each with its own `PATTERNS`; work comes before records, whose addresses are the widest.
ROOMS = (
    *("desk", "spill", "projects", "checklist", "stages", "exits", "identify", "project", "success", "plan"),
    *("filling", "drafting", "bringing", "report_begun", "action_reports", "own_reports", "lane_steps"),
    *("lanes", "conflicts", "procedures", "office_asks", "awaited", "portfolio", "project_story"),
    *("action_page", "action_sheets", "answering", "making_public", "people", "setting_up", "work", "explorer"),
    *("meeting_work", "meeting_days", "meeting_carry", "meeting_announced", "meeting_answers", "meeting_word"),
    *("papers", "industry", "forum_office", "forum", "forum_recommendation", "forum_disposition", "reading"),
)

#: Rooms whose pages write: whoever enters has shown a second factor, before anything is typed.
WRITING = (
    "meeting_announced",
    "meeting_answers",
    "filling",
    "drafting",
    "bringing",
    "action_reports",
    "lane_steps",
    "own_reports",
    "action_sheets",
    "answering",
    "exits",
    "making_public",
    "meeting_work",
    "meeting_days",
    "meeting_carry",
    "meeting_word",
    "forum_office",
    "forum_recommendation",
    "forum_disposition",
    "industry",
)


def _patterns(room: str) -> list[URLPattern]:
    patterns: list[URLPattern] = import_module(f"dtti.web.views.{room}").PATTERNS
    if room in WRITING:
        for pattern in patterns:
            pattern.callback = guard.writing(pattern.callback)
    return patterns


urlpatterns: list[URLPattern] = [pattern for room in ROOMS for pattern in _patterns(room)]
