"""Reports: the questions the record answers, each by one general function. The one door for pages, API and commands."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from dtti.accord.refusal import Refusal, Refused
from dtti.programme.kinds.body import BODY

from .actions import actions
from .bodies import bodies
from .cadence import cadence
from .co_chairs import co_chairs
from .differences import differences
from .enablers import enablers
from .events import events
from .finish import finished
from .projects import projects
from .promises import promises
from .records import Collection, Reading, Records, Version, created_by, heard, published
from .rests import Result
from .scorecard import scorecard
from .statement import statement
from .trade import trade

__all__ = ["REPORTS", "Collection", "Records", "Report", "Version", "created_by", "heard", "published", "report"]


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its name, what it answers, whether it can be narrowed to a body, and the function that makes it."""

    name: str
    answers: str
    takes_body: bool
    make: Callable[[Reading, date | None, str | None], Result]


REPORTS: Final[Mapping[str, Report]] = {
    each.name: each
    for each in (
        Report("cadence", "how often each body met, against its rule; whose turn to host", True, cadence),
        Report("co-chairs", "who held the chairs of a body, or any office, on a day", True, co_chairs),
        Report("statement", "Statements of Intent: lines by horizon, order, changes", True, statement),
        Report("scorecard", "projects named, listed, agreed, executing, fielded", True, scorecard),
        Report("promises", "what was promised against what is known to have been done", True, promises),
        Report("actions", "actions and commitments of all meetings, and their decisions", True, actions),
        Report("bodies", "the state of each body on a day; rosters of working groups", True, bodies),
        Report("trade", "contracts against claims, with bounds and the unexplained gap", False, trade),
        Report("differences", "conflicting statements, and which is preferred", True, differences),
        Report("enablers", "agreements from signature to first step to expiry", True, enablers),
        Report("projects", "each project's standing, and counts by outcome, domain, horizon", True, projects),
        Report("events", "law, policy and steps of the initiative in order of time", False, events),
    )
}


def report(name: str, records: Records, *, on: date | None = None, body: str | None = None) -> Result:
    """The report `name` from `records`, as things stood at the end of day `on` (None: by the end of the record).

    `records` are those of one programme and environment as known at one time; the caller selects them. The result
    is a frozen structure: `unknown` is an answer, counts come with their cases, every part names the records it `uses`,
    its `sources` and the weakest `confidence` met, and every rule its source, version and confidence; differences
    between sources that touch a record used are named, and used. Refused for a name that is no report, a body that is
    not recorded, and a body where the report cannot be narrowed to one.
    """
    chosen = REPORTS.get(name)
    if chosen is None:
        remedy = f"Ask for one of {', '.join(REPORTS)}."
        raise Refused(Refusal("report-name", f"There is no report {name[:60]!r}.", remedy))
    reading = Reading(records)
    if body is not None:
        if not chosen.takes_body:
            reason = f"The report {name} belongs to no body."
            raise Refused(Refusal("report-body", reason, "Ask for it without a body."))
        if reading.get(BODY, body) is None:
            known = ", ".join(each.ref for each in reading.all(BODY))
            raise Refused(Refusal("report-body", f"There is no body {body[:60]!r}.", f"Ask for one of {known}."))
    made = chosen.make(reading, on, body)
    return finished(made, reading, on)
