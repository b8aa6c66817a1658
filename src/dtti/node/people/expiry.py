"""What is kept for a time only: for how long, and its deletion. Whoever shows such a thing asks by the same times."""

from datetime import datetime, timedelta
from typing import Final

from .models import Brought, DaysAway, Typed

#: How long a file that was brought in is kept, and a form that came after its session had ended. Days on which
#: somebody cannot meet go when the last of them is over; a file of them that was read and not kept, as other files.
BROUGHT: Final = timedelta(days=1)
TYPED: Final = timedelta(days=1)


def delete(now: datetime) -> int:
    """Delete what is past its time at `now`; returns how many things that were."""
    gone = 0
    for model, time in ((Brought, BROUGHT), (Typed, TYPED)):
        gone += model.objects.filter(kept__lt=now - time).delete()[0]
    DaysAway.objects.filter(updated__lt=now - BROUGHT).exclude(brought={}).update(brought={})
    gone += DaysAway.objects.filter(until__lt=now.date()).delete()[0]
    return gone + DaysAway.objects.filter(until=None, brought={}).delete()[0]
