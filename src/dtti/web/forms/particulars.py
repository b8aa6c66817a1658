"""What a form asks beside the text: its paper, until when an offer stands, who drafts next. No rule of a kind."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from django.utils.translation import gettext as _

from dtti.node.people.models import Draft
from dtti.office import drafts
from dtti.office.drafts import Basis
from dtti.web.views import words

from . import days
from .faults import Fault

NAMES: Final = (
    "until",
    "next",
    "firm",
    "paper_number",
    "paper_date",
    "paper_title",
    "file_number",
    "kept",
    "basis",
    "label_level",
    "label_to",
    "label_limits",
    "label_policy",
)
_DATES: Final = ("until", "paper_date")
#: Under which name a form asks for them, where a text may have a field of their own name.
_ASKED_AS: Final = {"until": "open_until", "file_number": "own_file_number", "basis": "text_basis"}
_LONGEST: Final = 400  # letters of a line beside the text, as the envelope of a text holds them


def read(posted: Mapping[str, str]) -> dict[str, str]:
    """The answers that were sent, days as they are stored where they can be read, else as they were typed."""
    sent = {name: _ASKED_AS.get(name, name) for name in NAMES}
    made = {name: posted[asked].strip() for name, asked in sent.items() if asked in posted}
    for name in _DATES:
        if made.get(name):
            found, reading = days.read(made[name]), posted.get(f"{sent[name]}__reading", "").strip()
            made[name] = found.stored or (reading if reading in found.readings else made[name])
    return made


def shown(said: Mapping[str, str]) -> dict[str, str]:
    """The answers as a form shows them again: days in words."""
    return {
        name: days.said(value, words.language()) if name in _DATES and value else value for name, value in said.items()
    }


def basis_of(held: Draft) -> Basis:
    """On what the text of a draft rests."""
    return drafts.basis(held.purpose, held.particulars)


def faults(held: Draft) -> list[Fault]:
    """What is wrong with the answers beside the text, each at its field."""
    said, found = held.particulars, []
    if held.purpose == "paper" and basis_of(held) == "paper":
        if not said.get("paper_number"):
            found.append(
                Fault("paper_number", _("The number on the paper is missing."), _("Write it as it stands there."))
            )
        found += _day("paper_date", said.get("paper_date", ""), _("Date on the paper"), needed=True)
    if held.purpose in ("propose", "counter"):
        found += _last_day(said.get("until", ""))
    if held.purpose == "counter" and not held.remarks:
        reason = _("Remarks to the other side are missing.")
        found.append(Fault("remarks", reason, _("Say why its text is not agreed to, in a sentence.")))
    for name, label in (
        ("paper_number", _("Number on the paper")),
        ("paper_title", _("What the paper is")),
        ("file_number", _("File number of your own side")),
        ("label_limits", _("Further limits on who may read it")),
        ("label_policy", _("Under whose rules it is labelled")),
    ):
        if (over := len(said.get(name, "")) - _LONGEST) > 0:
            reason = _("%(field)s: too long, letters over the limit: %(n)s.") % {
                "field": label,
                "n": words.grouped(over),
            }
            found.append(
                Fault(
                    _ASKED_AS.get(name, name),
                    reason,
                    _("At most %(most)s letters are kept here.") % {"most": words.grouped(_LONGEST)},
                )
            )
    return found


def _day(name: str, value: str, label: str, *, needed: bool) -> list[Fault]:
    if not value:
        reason = _("%(field)s is missing.") % {"field": label}
        return (
            [Fault(name, reason, _("Write it as 18 Nov 2026, as 18.11.2026, or as Nov 2026 or 2026 alone."))]
            if needed
            else []
        )
    found = days.read(value)
    if found.stored == value and "[" not in value:
        return []
    readings = [{"value": one, "label": days.said(one, words.language())} for one in found.readings]
    remedy = (
        _("Choose which is meant.")
        if readings
        else _("Write it as 18 Nov 2026, as 18.11.2026, or as Nov 2026 or 2026 alone.")
    )
    return [Fault(name, f"{label}: {found.why or _('This cannot be read as a date.')}", remedy, readings)]


def _last_day(value: str) -> list[Fault]:
    label = _("Open for an answer until")
    if found := _day("open_until", value, label, needed=False):
        return found
    if not value:
        return []
    if len(value) != len("2026-11-18"):
        return [
            Fault(
                "open_until",
                f"{label}: {_('The day itself is asked for.')}",
                _("Write it as 18 Nov 2026, or as 18.11.2026."),
            )
        ]
    if value < datetime.now(UTC).date().isoformat():
        reason = _("%(field)s: this day has passed.") % {"field": label}
        return [
            Fault("open_until", reason, _("Give a day that leaves the other side time to answer, or leave it empty."))
        ]
    return []


def both_days(until: str) -> str:
    """The end of a last day in both capitals, in words; empty where it is no day yet."""
    return days.in_both(f"{until}T23:59:59Z", words.language()) if days.is_instant(f"{until}T23:59:59Z") else ""
