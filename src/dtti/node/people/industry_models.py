"""The tables of the industry room: organisations, who signs in for them, what they sent. No rule.

Django knows them by `models`, which imports this. What stands here is what came in at the door: it is in the record
once an official has taken it in, and is seen by those of its organisation and by that office alone.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dtti.node.folder.codes import new_code

ORGANISATIONS = ("company", "association")
SAID = ("cleared", "consented", "answered", "withdrawn")


class Organisation(models.Model):
    """A company or an association that this side has invited. `office`: id of the office that did."""

    code = models.CharField(max_length=16, unique=True, default=new_code)
    name = models.CharField(max_length=200)
    is_a = models.CharField(max_length=12)
    office = models.CharField(max_length=80)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name"], name="organisation_once"),
            models.CheckConstraint(condition=Q(is_a__in=ORGANISATIONS), name="organisation_is_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Represents(models.Model):
    """That a person sends and sees for an organisation, for as long as the person holds the seat that allows it."""

    person = models.OneToOneField("node.Person", on_delete=models.PROTECT, related_name="represents")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="people")
    since = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.person_id} for {self.organisation_id}"


class Submission(models.Model):
    """A recommendation as it was sent. `code`: drawn by lot; `form`: key of the page, so that sent twice it is one.

    `content`: what was sent, as `dtti.node.people.industry` reads it. It is never changed.
    """

    code = models.CharField(max_length=24, unique=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="submissions")
    person = models.ForeignKey("node.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    form = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["at", "pk"]

    def __str__(self) -> str:
        return self.code


class SaidLater(models.Model):
    """What the submitter said of a submission afterwards: cleared words for both, consented, answered, withdrew."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="said")
    person = models.ForeignKey("node.Person", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    form = models.CharField(max_length=64, unique=True)
    what = models.CharField(max_length=12)
    content = models.JSONField(default=dict)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["at", "pk"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(what__in=SAID), name="said_later_is_known")]

    def __str__(self) -> str:
        return f"{self.submission_id} {self.what}"
