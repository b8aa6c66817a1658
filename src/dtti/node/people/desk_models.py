"""The tables of a seat's desk: what it watches, when it looked, mail that waits, calendars to fetch. No rule.

Django knows them by `models`, which imports this.
"""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

RECORD = r"^[a-z][a-z0-9_]{1,39}/[A-Z]{3}/[a-z2-7]{8,32}$"  # as the ledger writes an id
FEEDS = ("mine", "body", "deadlines")
LETTERS = ("address", "digest", "due")
LANGUAGES = ("en", "hi")


class Watched(models.Model):
    """That a seat watches a record: its changes stand on the desk of that seat."""

    seat = models.ForeignKey("node.Seat", on_delete=models.CASCADE, related_name="watched")
    record = models.CharField(max_length=80, validators=[RegexValidator(RECORD)])
    since = models.DateTimeField(auto_now_add=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["seat", "record"], name="watched_once")]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.record}"


class Looked(models.Model):
    """When a seat last looked at its desk, and how far each ledger reached then.

    A look lasts while pages of the desk follow each other; `before` and `reached` are of the end of the look before it:
    what came since stands on the desk. `reached`, `reaches`: entries of each ledger, by its name.
    """

    seat = models.OneToOneField("node.Seat", on_delete=models.CASCADE, related_name="looked")
    at = models.DateTimeField()
    reaches = models.JSONField(default=dict)
    before = models.DateTimeField(null=True)
    reached = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.seat_id} {self.at}"


class Mailing(models.Model):
    """The address to which a person has mail sent, in which language, and for what. Nothing goes to one unconfirmed.

    `code`: SHA-256 of the code by which the address is confirmed, in hexadecimal; empty once it is.
    """

    person = models.OneToOneField("node.Person", on_delete=models.CASCADE, related_name="mailing")
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=2, default="en")
    digest = models.BooleanField(default=True)
    due = models.BooleanField(default=True)
    code = models.CharField(max_length=64, blank=True, default="")
    tries = models.PositiveSmallIntegerField(default=0)  # wrong codes typed for this address
    asked = models.DateTimeField()

    class Meta:  # noqa: D106 - Django's own shape
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="mailing_language_is_known"),
            models.CheckConstraint(condition=~Q(address=""), name="mailing_has_an_address"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.language}"


class Letter(models.Model):
    """A mail that waits to be sent, or was. `key` names what it is about, so that nothing is written twice.

    It is written in one transaction with what called for it, and marked as tried before it is handed to the mail
    server: what a crash interrupts is sent again under the same Message-ID, which is made of the key.
    """

    person = models.ForeignKey("node.Person", on_delete=models.CASCADE, related_name="letters")
    key = models.CharField(max_length=120, unique=True)
    sort = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    made = models.DateTimeField()
    tried = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent = models.DateTimeField(null=True)
    given_up = models.BooleanField(default=False)
    answer = models.CharField(max_length=300, blank=True, default="")  # what the mail server said last

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["made", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["made"], condition=Q(sent=None, given_up=False), name="letter_waits"),
        ]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(sort__in=LETTERS), name="letter_sort_is_known")]

    def __str__(self) -> str:
        return self.key


class Feed(models.Model):
    """A calendar that a program fetches by an unguessable address, for one seat, until it is revoked or the seat ends.

    `digest`: SHA-256 of the secret part of the address, in hexadecimal; the secret is shown once and kept nowhere.
    `of`: what it holds; `body`: the record of the body, where it is of one.
    """

    seat = models.ForeignKey("node.Seat", on_delete=models.CASCADE, related_name="feeds")
    digest = models.CharField(max_length=64, unique=True)
    of = models.CharField(max_length=10)
    body = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=2, default="en")
    made = models.DateTimeField(auto_now_add=True)
    revoked = models.DateTimeField(null=True)
    fetched = models.DateTimeField(null=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["made", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(of__in=FEEDS), name="feed_is_known"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="feed_language_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.seat_id} {self.of}"
