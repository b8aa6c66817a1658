"""What is marked on a project wherever it stands: suspended, withdrawn from, exited, expired, dormant. Pure.

Suspended and withdrawn are acts of a side; exited is what its text says came of it; expired and dormant are computed of
dates.
"""

import tomllib
from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Final, Literal

import msgspec

from dtti.programme.sop.versions import versions

Code = Literal["suspended", "withdrawn-from", "exited", "expired", "dormant"]
CLOSED: Final = "closed"


class Mark(msgspec.Struct, frozen=True):
    """One mark. `side`: whose act it is; `outcome`: the code of what came of it; `days`: without an act (dormant)."""

    code: Code
    side: str = ""
    outcome: str = ""
    days: int = 0


class Dormant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days without an act a project is shown as dormant, on what that rests, how sure it is."""

    days: int
    source: str
    confidence: Literal["sourced", "design"]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    dormant: Dormant


DORMANT: Final = msgspec.convert(
    tomllib.loads((resources.files(__package__) / "rest.toml").read_text(encoding="utf-8")), _File
).dormant
#: What may come of a project that ends before its last stage, by any version of the SOP.
EXITS: Final = frozenset(each for one in versions().values() for each in one.about.exits)


def marks(
    notices: Sequence[tuple[str, str]], stage: str, outcome: str, last: date | None, today: date
) -> tuple[Mark, ...]:
    """The marks of a project on a day.

    `notices`: each side's suspension or withdrawal. `outcome`: the code of what its text, or its last
    statement, says of it. `last`: the
    day of the last act on it, None where no act is known: then nothing is said of its rest.
    """
    found: list[Mark] = [Mark("suspended")] if outcome == "suspended" and not notices else []
    for side, notice in notices:
        if notice == "suspend":
            found.append(Mark("suspended", side))
        elif notice == "withdraw_from":
            found.append(Mark("withdrawn-from", side))
    if outcome == "expired":
        found.append(Mark("expired"))
    elif outcome in EXITS:
        found.append(Mark("exited", outcome=outcome))
    ended = stage == CLOSED or outcome in EXITS or any(each.code == "withdrawn-from" for each in found)
    if last is not None and not ended and (quiet := (today - last).days) > DORMANT.days:
        found.append(Mark("dormant", days=quiet))
    return tuple(found)
