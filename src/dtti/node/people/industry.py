"""The industry room's own door: who is invited, what an organisation sends and says later, its receipt. Knows no page.

Whoever asks names the organisation: what belongs to another is answered as what is not there, by the same question.
"""

import secrets
from datetime import UTC, datetime
from hashlib import sha256
from typing import Annotated, Final, Literal

import msgspec
from django.db import transaction

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.node.core.text import against
from dtti.programme.values import Line, Prose

from . import duties
from .models import Organisation, Person, Represents, SaidLater, Seat, Submission

IsA = Literal["company", "association"]
What = Literal["cleared", "consented", "answered", "withdrawn"]
MOST: Final = 500  # submissions of one organisation that its page shows
_SIGNS: Final = "abcdefghijklmnopqrstuvwxyz234567"


class Given(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a form of the room was given: the recommendation, and what may be told of it to both governments."""

    title: Line
    text: Prose
    consulted: Annotated[tuple[Line, ...], msgspec.Meta(max_length=200)] = ()
    proprietary: bool = False
    public_title: Line | None = None
    public_summary: Prose | None = None


class Later(msgspec.Struct, frozen=True):
    """What was said later, on a day: `text` of an answer, the public words that were cleared."""

    what: What
    on: str
    text: str = ""
    public_title: str = ""
    public_summary: str = ""


class Sent(msgspec.Struct, frozen=True):
    """A recommendation as it was sent, on a day (of this side's clock in UTC), with what was said of it later."""

    code: str
    organisation: str
    is_a: IsA
    person: str
    on: str
    at: str
    given: Given
    later: tuple[Later, ...] = ()

    @property
    def withdrawn(self) -> bool:
        """Whether its submitter has withdrawn it."""
        return any(each.what == "withdrawn" for each in self.later)


def reference() -> str:
    """A reference drawn by lot (80 bits): it tells neither order nor number."""
    signs = "".join(secrets.choice(_SIGNS) for _ in range(16))
    return "-".join(signs[at : at + 4] for at in range(0, 16, 4))


def form_key(nonce: str, person: Person) -> str:
    """The key under which a form is kept, so that sent twice it is one."""
    return sha256(f"{person.account}\n{nonce}".encode()).hexdigest()


# --- who -------------------------------------------------------------------------------------------------------------


def invite(name: str, is_a: str, office: str) -> Organisation:
    """An organisation that may send recommendations to this side; the same again is the one that is there."""
    name = " ".join(name.split())
    odd = against({"name": name})
    if odd:
        raise Refused(*odd)
    if not name or len(name) > 200:
        raise Refused(refuse("industry-name", "the organisation has no name", "Give the name under which it is known."))
    if is_a not in ("company", "association"):
        raise Refused(
            refuse("industry-is", "it is not said what the organisation is", "Say whether company or association.")
        )
    found, made = Organisation.objects.get_or_create(name=name, defaults={"is_a": is_a, "office": office})
    if not made and found.is_a != is_a:
        raise Refused(
            refuse("industry-is", f"{name} is known here as {found.is_a}", "Choose that, or give its full name.")
        )
    return found


def represent(person: Person, organisation: Organisation) -> Represents:
    """Let a person send and see for an organisation. Refused where the person does so for another, or holds no seat."""
    if not any(duties.submits(seat) for seat in _seats(person)):
        raise Refused(
            refuse(
                "industry-seat",
                f"{person} holds no seat as industry submitter",
                "Give that seat first, on the page of who may act here.",
            )
        )
    held, made = Represents.objects.get_or_create(person=person, defaults={"organisation": organisation})
    if not made and held.organisation_id != organisation.pk:
        raise Refused(
            refuse("industry-other", f"{person} is here for another organisation", "Make an account for each of them.")
        )
    return held


def _seats(person: Person) -> list[Seat]:
    from . import seats

    return seats.held(person)


def organisation_of(person: Person) -> Organisation | None:
    """The organisation for which a person is here; None for none."""
    held = Represents.objects.filter(person=person).select_related("organisation").first()
    return held.organisation if held else None


# --- what was sent ---------------------------------------------------------------------------------------------------


def wrong(given: Given, is_a: str) -> list[tuple[str, Refusal]]:
    """All that stands against a recommendation as it is sent, each at its field."""
    found = []
    if is_a == "association" and not given.consulted:
        found.append(
            (
                "consulted",
                refuse(
                    "recommendation-consulted",
                    "It comes from an association and names no member that was consulted.",
                    "Name the members that were consulted, one on each line.",
                ),
            )
        )
    if bool(given.public_title) != bool(given.public_summary):
        found.append(
            (
                "public_summary" if given.public_title else "public_title",
                refuse(
                    "industry-public",
                    "One of public title and summary is given, and not the other.",
                    "Give both, or leave both out and clear them later.",
                ),
            )
        )
    found += [("text", each) for each in against(msgspec.to_builtins(given))]
    return found


def send(person: Person, organisation: Organisation, given: Given, form: str) -> str:
    """Keep a recommendation and return its reference; what was sent before by the same form is the one that is there.

    Refused as by `wrong`.
    """
    if stands := wrong(given, organisation.is_a):
        raise Refused(*(refusal for _field, refusal in stands))
    with transaction.atomic():
        row, _made = Submission.objects.get_or_create(
            form=form,
            defaults={
                "code": reference(),
                "organisation": organisation,
                "person": person,
                "content": msgspec.to_builtins(given),
            },
        )
    return row.code


def say(person: Person, sent: Sent, what: What, form: str, **content: str) -> None:
    """Keep what a submitter says of a submission later. The same form again is the one that is there."""
    odd = against(content)
    if odd:
        raise Refused(*odd)
    if sent.withdrawn:
        raise Refused(refuse("industry-withdrawn", "it was withdrawn", "Send another recommendation."))
    of = Submission.objects.get(code=sent.code)
    SaidLater.objects.get_or_create(
        form=form, defaults={"submission": of, "person": person, "what": what, "content": content}
    )


def own(organisation: Organisation) -> list[Sent]:
    """What an organisation has sent, the first first."""
    return _read(Submission.objects.filter(organisation=organisation)[:MOST])


def one(organisation: Organisation, code: str) -> Sent | None:
    """One of what an organisation has sent; None for what is not there and for what another sent, alike."""
    found = _read(Submission.objects.filter(organisation=organisation, code=code[:40])[:1])
    return found[0] if found else None


def received() -> list[Sent]:
    """Everything that came in by form, for the office that takes it in."""
    return _read(Submission.objects.all()[:10_000])


def referred(code: str) -> list[Sent]:
    """What was sent by form under a reference; nothing where it came in another way."""
    return _read(Submission.objects.filter(code=code))


def _read(rows: "object") -> list[Sent]:
    found = rows.select_related("organisation", "person").prefetch_related("said")  # type: ignore[attr-defined]
    return [_sent(each) for each in found]


def _sent(row: Submission) -> Sent:
    return Sent(
        row.code,
        row.organisation.name,
        row.organisation.is_a,  # type: ignore[arg-type]
        row.person.full_name,
        _day(row.at),
        row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        msgspec.convert(row.content, Given),
        tuple(Later(each.what, _day(each.at), **each.content) for each in row.said.all()),  # type: ignore[arg-type]
    )


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
