"""What a seat watches, and when it last looked at its desk. Writes rows and reads them; knows no page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from dtti.accord.refusal import Refused, refuse

from .desk_models import Looked, Watched
from .models import Seat

LOOK: Final = timedelta(minutes=30)  # without a page of the desk, after which the next one is another look
AGAIN: Final = timedelta(minutes=1)  # within which a look is not written anew
MOST: Final = 200  # records that one seat watches


def watched(seat: Seat) -> list[str]:
    """The records that a seat watches, the longest first."""
    return list(Watched.objects.filter(seat=seat).values_list("record", flat=True)[:MOST])


def watches(seat: Seat, record: str) -> bool:
    """Whether a seat watches a record."""
    return Watched.objects.filter(seat=seat, record=record).exists()


def watch(seat: Seat, record: str) -> None:
    """Let a seat watch a record; nothing where it does. Refused where it watches as many as one desk can say."""
    if Watched.objects.filter(seat=seat).count() >= MOST:
        remedy = "Stop watching one that you no longer need to follow."
        raise Refused(refuse("watch", f"this seat watches {MOST} records already", remedy))
    Watched.objects.get_or_create(seat=seat, record=record)


def leave(seat: Seat, record: str) -> None:
    """Let a seat watch a record no longer."""
    Watched.objects.filter(seat=seat, record=record).delete()


def last(seat: Seat) -> Looked | None:
    """The last look of a seat, as it is written."""
    return Looked.objects.filter(seat=seat).first()


def looks(seat: Seat, held: Looked | None, now: datetime, reaches: Mapping[str, int]) -> Looked:
    """A seat looks at its desk now, when the ledgers reach so far; its look, of which `before` ended the one before.

    Pages within half an hour of each other are one look, so that what changed stays on the desk while one works.
    """
    if held is None:
        return Looked.objects.get_or_create(seat=seat, defaults={"at": now, "reaches": dict(reaches)})[0]
    if now - held.at > LOOK:
        held.before, held.reached = held.at, held.reaches
        held.at, held.reaches = now, dict(reaches)
    elif now - held.at > AGAIN:
        held.at, held.reaches = now, dict(reaches)
    else:
        return held
    held.save()
    return held
