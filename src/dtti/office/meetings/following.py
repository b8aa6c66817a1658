"""The meeting after: the text with which it begins, with what was left open and the host's turn changed."""

from __future__ import annotations

from typing import Any

from dtti.office import reports
from dtti.office.asking import Asking
from dtti.programme.kinds.meeting import Meeting


def begun(asking: Asking, meeting: Meeting) -> dict[str, Any]:
    """The stored text with which the next meeting of the body begins. A person looks at it before anybody gets it.

    Items of the agenda on which nothing was decided come back, with the number that they had; so does a review of the
    actions that are open. The host is the side whose turn it is, where the record says whose.
    """
    made: dict[str, Any] = {
        "body": meeting.body,
        "mode": "in-person",
        "status": "planned",
        "follows": meeting.ref,
        "agenda": _agenda(meeting),
    }
    if meeting.number is not None:
        made["number"] = meeting.number + 1
        stem = meeting.ref.removesuffix(f"{meeting.number:02}").removesuffix(str(meeting.number)).rstrip("-")
        made["ref"] = f"{stem}-{meeting.number + 1:02}"
    if host := _host(asking, meeting):
        made["host"] = host
    return made


def _host(asking: Asking, meeting: Meeting) -> str | None:
    """The side that hosts next: the other one after a meeting in person, else whose turn it is by the body's rule."""
    if meeting.status == "held" and meeting.mode != "virtual" and meeting.host in ("IND", "USA"):
        return "USA" if meeting.host == "IND" else "IND"
    met = reports.body_met(asking, meeting.body)
    return reports.whose_turn(met) if met else None


def _agenda(meeting: Meeting) -> list[dict[str, Any]]:
    decided = {each.item for each in meeting.decisions}
    made: list[dict[str, Any]] = [{"title": "Adoption of the agenda", "purpose": "decision", "minutes": 15}]
    if any(each.done is None for each in meeting.actions):
        made.append({"title": "Open actions", "purpose": "review", "carried": meeting.ref})
    for item in meeting.agenda[1:]:
        if item.number in decided or item.purpose == "information":
            continue
        row: dict[str, Any] = {
            "title": item.title,
            "purpose": item.purpose,
            "carried": meeting.ref,
            "carried_number": item.number,
        }
        if item.asked_by:
            row["asked_by"] = item.asked_by
        if item.papers:
            row["papers"] = list(item.papers)
        made.append(row)
    return [{"number": str(number), **row} for number, row in enumerate(made, 1)]
