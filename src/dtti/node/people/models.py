"""The tables that are only here: persons, seats, drafts, what a seat watches, mail and feeds, the reading log. No rule.

Everything else a node shows follows from the ledgers; these do not, so the backup covers them.
"""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dtti.node.folder.codes import new_code

from .desk_models import RECORD  # and with it the tables of desks, which are of this application too
from .industry_models import Organisation as Organisation  # so do these
from .industry_models import Represents as Represents
from .industry_models import SaidLater as SaidLater
from .industry_models import Submission as Submission

USERNAME = r"^[a-z0-9][a-z0-9._-]{0,59}$"
PURPOSES = ("propose", "counter", "state", "paper")
ACTS = ("read", "export")


class PersonManager(BaseUserManager["Person"]):
    """Persons by username, as Django's sign-in asks for them."""


class Person(AbstractBaseUser):
    """Someone who signs in here. The side is the node's: one account never reaches the other side."""

    username = models.CharField(
        _("user name"),
        max_length=60,
        unique=True,
        validators=[RegexValidator(USERNAME, _("A user name is small letters, digits, dots and dashes."))],
    )
    full_name = models.CharField(_("full name"), max_length=120)
    fictitious = models.BooleanField(default=False)  # invented for an exercise
    account = models.CharField(max_length=16, unique=True, default=new_code)  # as national acts name the account
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)

    #: The seats held today, where they were read together with the person.
    seats_today: "tuple[Seat, ...] | None" = None

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]
    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["full_name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(full_name=""), name="person_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        """The name as pages and acts show it."""
        return self.full_name


class Seat(models.Model):
    """A person sitting in an office with a duty, from the day `since` up to, and not on, the day `until`.

    `office` is the id of an office record; its title is read from the record and never kept here. `duty` is a code of
    ``duties.toml``. The ledger's power binds the office; the duty binds the person.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="seats")
    office = models.CharField(max_length=80)
    duty = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=16, blank=True, default="")  # as the national act that gave it names it

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["since", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "office", "duty"], condition=Q(until=None), name="seat_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="seat_ends_after_it_begins"
            ),
            models.CheckConstraint(condition=Q(office__startswith="office/"), name="seat_is_in_an_office"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.office} as {self.duty}"


class Passkey(models.Model):
    """A passkey that a person made for an office. It is only asked for: it counts once the power keys bind its key.

    Whether they did, and since when, stands in the ledger alone. `credential`: the id by which a device finds it, in
    unpadded base64url. `public`: the key, an uncompressed point of P-256 in hexadecimal.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="passkeys")
    office = models.CharField(max_length=80)
    credential = models.CharField(max_length=1400, unique=True)
    public = models.CharField(max_length=130, unique=True)
    host = models.CharField(max_length=120)  # the relying party
    asked = models.DateTimeField(auto_now_add=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["asked", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(office__startswith="office/"), name="passkey_is_of_an_office"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} for {self.office}"


class Draft(models.Model):
    """A text in work, seen by those of its office whose duty writes such texts, until an act is written from it.

    `record` is the record's id: a record that does not exist yet is given its id with its first draft. `base` is the
    version of the record that the text started from, 0 where there was none. `content` is the stored form of the kind,
    `particulars` what the act itself will say beside it.
    """

    office = models.CharField(max_length=80)
    record = models.CharField(max_length=80, validators=[RegexValidator(RECORD)])
    purpose = models.CharField(max_length=10)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="drafts")  # who wrote it last
    base = models.PositiveIntegerField(default=0)
    content = models.JSONField(default=dict)
    particulars = models.JSONField(default=dict)  # of the act: until, next, firm, paper
    remarks = models.TextField(blank=True, default="")
    writers: "models.ManyToManyField[Person, models.Model]" = models.ManyToManyField(Person, related_name="+")
    updated = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1)  # one more each time it is kept
    form = models.CharField(max_length=32, blank=True, default="")  # key of the page that kept it last

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["-updated"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "record", "purpose"], name="draft_one_for_each_purpose"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="draft_purpose_is_known"),
            models.CheckConstraint(condition=Q(office__startswith="office/"), name="draft_is_of_an_office"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.record}"

    @property
    def kind(self) -> str:
        """The kind of the record, as its id says."""
        return self.record.partition("/")[0]


class DraftFile(models.Model):
    """A file kept with a draft until its act carries it: a scan of the paper. In the order in which they were given."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=160)
    size = models.PositiveIntegerField()  # bytes
    data = models.BinaryField()
    digest = models.CharField(max_length=64, blank=True, default="")  # SHA-256 as it was given, in hexadecimal

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft", "name", "digest"], condition=~Q(digest=""), name="draft_file_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OtherText(models.Model):
    """What a draft said before another page kept it, or (`beside`) what was typed while a colleague kept another text.

    Bounded in number (`versions`), and gone with the draft; but what stands beside one that was sent becomes the draft.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="others")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who typed it
    form = models.CharField(max_length=32, blank=True, default="")
    beside = models.BooleanField(default=False)
    content = models.JSONField(default=dict)
    particulars = models.JSONField(default=dict)
    remarks = models.TextField(blank=True, default="")
    kept = models.DateTimeField(auto_now=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["-kept", "-pk"]

    def __str__(self) -> str:
        return f"{self.draft_id} {self.kept}"


class Typed(models.Model):
    """A form that came after its session had ended: kept for the person whose page it was, and for nobody else.

    `sealed`: its fields, encrypted under a key made of the node's secret and the account. `back`: the page that takes
    it up again. `form`: key of the page. It is deleted when it is taken up and sent, or after a day.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="typed")
    code = models.CharField(max_length=32, unique=True)
    form = models.CharField(max_length=32)
    back = models.CharField(max_length=2000)
    sealed = models.BinaryField()
    kept = models.DateTimeField(auto_now=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["-kept"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "form"], name="typed_once_for_a_form")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.back[:60]}"


class Brought(models.Model):
    """A file that someone brought in: for those of the office while its rows are looked at, for a day.

    `settled`: what was said of it so far, `chosen`: what is to be recorded, both as `dtti.office.imports` holds them.
    """

    code = models.CharField(max_length=16, unique=True, default=new_code)
    office = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    data = models.BinaryField()
    digest = models.CharField(max_length=64)  # SHA-256 of the bytes
    settled = models.JSONField(default=dict)
    chosen = models.JSONField(default=list)
    kept = models.DateTimeField(auto_now_add=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["-kept"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["office", "digest"], name="brought_once")]

    def __str__(self) -> str:
        return self.name


class DaysAway(models.Model):
    """Days on which somebody of an office cannot meet, kept beside the plan of a meeting: for that office alone.

    `kept`: what is left out of the search for days; `brought`: a file that was read and is not kept yet. Both as
    `dtti.office.meetings.away` holds them. `until`: the last of the days that are kept, after which they go.
    """

    office = models.CharField(max_length=80)
    record = models.CharField(max_length=80, validators=[RegexValidator(RECORD)])
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")  # who brought the last file
    kept = models.JSONField(default=list)
    brought = models.JSONField(default=dict)
    until = models.DateField(null=True)
    updated = models.DateTimeField(auto_now=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["office", "record"], name="away_once_for_a_meeting"),
            models.CheckConstraint(condition=Q(office__startswith="office/"), name="away_is_of_an_office"),
        ]

    def __str__(self) -> str:
        return f"{self.office} {self.record}"


class KnownColumns(models.Model):
    """What an office said of a sheet, remembered by its headings for the next one: columns, units, names."""

    office = models.CharField(max_length=80)
    head = models.CharField(max_length=64)  # SHA-256 of the headings
    settled = models.JSONField(default=dict)
    updated = models.DateTimeField(auto_now=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["-updated"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["office", "head"], name="columns_known_once")]

    def __str__(self) -> str:
        return f"{self.office} {self.head[:16]}"


class Authorship(models.Model):
    """That an account wrote the text of an act: the account itself, since names change and two people may share one.

    A row is there before its act is, so that a power cut between the two databases loses no author: `act` is empty
    until then, and whoever asks takes such a row for one of any act on the record.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="written")
    record = models.CharField(max_length=80, validators=[RegexValidator(RECORD)])
    act = models.CharField(max_length=64, blank=True, default="")

    class Meta:  # noqa: D106 - Django's own shape
        indexes: ClassVar = [models.Index(fields=["record", "act"], name="authorship_of_act")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.record} {self.act[:16]}"


class Reading(models.Model):
    """Who read or exported what, when: the ledger logs only writing. Never changed, and deleted by retention alone.

    Who is a `person` who signed in, or the `account` of this machine under which a command was given.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="readings")
    account = models.CharField(max_length=80, blank=True, default="")
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, null=True, related_name="readings")
    record = models.CharField(max_length=80, blank=True, default="")  # empty where the page is of no single record
    path = models.CharField(max_length=400)
    act = models.CharField(max_length=10)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:  # noqa: D106 - Django's own shape
        ordering: ClassVar = ["-at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["record", "at"], name="reading_of_record"),
            models.Index(fields=["person", "at"], name="reading_by_person"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(act__in=ACTS), name="reading_act_is_known"),
            models.CheckConstraint(condition=Q(person=None) ^ Q(account=""), name="reading_is_by_someone"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.record or self.path}"
