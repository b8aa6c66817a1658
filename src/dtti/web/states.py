"""What stands over a record beside its grade, and what it waits for, in words: one place for page, list and desk."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the customary name of the marker

from dtti.language import names
from dtti.language.dates import day
from dtti.language.names import facing
from dtti.node.record.read import Listed
from dtti.office.waits import Wait

_NOTICES: Final = {"suspend": N_("suspended by %(side)s"), "withdraw_from": N_("%(side)s has withdrawn from it")}


def side_name(side: str) -> str:
    """A side as it stands in a sentence."""
    return names.side_named(side, get_language() or "en", inside=True)


def _day(time: str) -> str:
    return day(time[:10], get_language() or "en")


def notices(row: Listed) -> list[str]:
    """Each side's suspension or withdrawal, under which what was agreed stands."""
    return [_(_NOTICES[notice]) % {"side": side_name(side)} for side, notice in row.notices if notice in _NOTICES]


def answered(row: Listed, mine: str = "") -> str:
    """That an answer was given which the proposer's office system has still to close; empty where none was."""
    if not row.awaits:
        return ""
    if not mine:
        by = facing(row.awaits)
        return _("answered by %(side)s on %(date)s, waiting for the system of %(other)s") % {
            "side": side_name(by),
            "date": _day(row.answered),
            "other": side_name(row.awaits),
        }
    if row.awaits == mine:
        words = _("answered by them on %(date)s; our office system has yet to record how the offer ended")
        return words % {"date": _day(row.answered)}
    return _("answered by us on %(date)s, waiting for their system") % {"date": _day(row.answered)}


def noted(row: Listed, mine: str = "", *, number: bool = False) -> str | None:
    """What follows a grade in soft ink: the version where `number`, notices, an answer that is not closed yet."""
    parts = [_("version %(n)s") % {"n": row.number}] if number and row.number else []
    return ", ".join([*parts, *notices(row), *([answered(row, mine)] if row.awaits else [])]) or None


def waits_for(wait: Wait, row: Listed, mine: str) -> str:
    """What a record waits for, in words."""
    if wait.why == "answered":
        return answered(row, mine)
    return _("to answer the offer") if wait.why == "offer" else _("to hand over the text that was asked for")
