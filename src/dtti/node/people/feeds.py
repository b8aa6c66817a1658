"""Calendars that a program fetches by an unguessable address: making one, revoking it, finding whose it is.

An address ends with its seat, with its person's account, and with revocation; an unknown one and an ended one are told
apart by nobody. The secret is 32 random bytes and its digest alone is kept.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db.models import QuerySet
from django.utils import timezone

from dtti.accord.refusal import Refused, refuse
from dtti.node.core.node import Node

from . import reading, seats
from .desk_models import Feed
from .models import Seat

MOST: Final = 20  # calendars of one seat
SECRET: Final = 43  # characters of a secret, which is 32 bytes in unpadded base64url


def make(seat: Seat, of: str, language: str, body: str = "") -> tuple[Feed, str]:
    """A new calendar of a seat, and its secret, which is shown once. Refused where the seat has as many as it may."""
    if of_seat(seat).count() >= MOST:
        raise Refused(
            refuse("feed", f"this seat has {MOST} calendars already", "Revoke one that no program fetches any more.")
        )
    secret = secrets.token_urlsafe(32)
    return Feed.objects.create(seat=seat, digest=_digest(secret), of=of, body=body, language=language), secret


def of_seat(seat: Seat) -> QuerySet[Feed]:
    """The calendars of a seat that are not revoked, the first made first."""
    return Feed.objects.filter(seat=seat, revoked=None)


def revoke(seat: Seat, number: int) -> bool:
    """Revoke a calendar of a seat; False where it has none of that number."""
    return bool(Feed.objects.filter(seat=seat, pk=number, revoked=None).update(revoked=timezone.now()))


def fetched(node: Node, secret: str, now: datetime) -> Feed | None:
    """The calendar of a secret, entered in the reading log as taken out; None where no such one stands.

    What is compared is the digest, so that neither the index of the database nor its time tells of the secret.
    """
    digest = _digest(secret)
    found = Feed.objects.filter(digest=digest, revoked=None).select_related("seat__person").first()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    seat = found.seat
    held = Seat.objects.filter(seats.in_force(), pk=seat.pk).exists()
    if not held or not seat.person.is_active or not seats.backed(node, [seat]):
        return None
    reader = reading.Reader(seat.person, seat)
    reading.note(reader, f"/calendar/ {found.of}, no. {found.pk}", record=found.body, export=True)
    Feed.objects.filter(pk=found.pk).update(fetched=now)
    return found


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
