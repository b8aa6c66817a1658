"""What stands in a body: the envelope around a content, remarks, paper particulars, the list of files. No Django."""

from datetime import date
from itertools import islice
from typing import Annotated, Any

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.language import characters
from dtti.ledger import canonical
from dtti.ledger.act import open_leaf
from dtti.ledger.body import Body
from dtti.ledger.store import Placed, Store
from dtti.programme.labels import Label

Line = Annotated[str, msgspec.Meta(max_length=400)]
DAY = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?\Z"
Day = Annotated[str, msgspec.Meta(pattern=DAY)]


#: Bytes of one text. Files travel as bodies of their own; nothing that people read is longer.
MOST = 1024 * 1024


class Paper(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The paper that a report rests on: its number and its date, as written on it."""

    number: Line
    date: Day
    title: Line = ""


class Held(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Evidence held elsewhere: registry number, who holds it, which officer attests it."""

    registry: Line
    holder: Line
    officer: Line


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file that travels as a further body of the same act: its name and media type, in the order of the bodies."""

    name: Line
    media: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.+-]{1,60}/[a-z0-9.+-]{1,90}\Z")]


class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Who acted for the office: the holder that day, and in which capacity. The office is bound."""

    name: Line
    capacity: Line = ""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One body that people read."""

    content: dict[str, Any] | None = None
    remarks: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    paper: Paper | None = None
    held: Held | None = None
    file_number: Line = ""  # this side's own file number
    by: By | None = None
    files: Annotated[list[File], msgspec.Meta(max_length=16)] = []
    label: Label | None = None  # of the text and of the files that go with it


def write(text: Text) -> bytes:
    """Canonical bytes of a body; Refused where a member lies outside the profile, or reads otherwise than it is."""
    stored = msgspec.to_builtins(text)
    try:
        data = canonical.encode(stored)
    except canonical.ProfileError as error:
        raise Refused(Refusal(error.rule, f"the text at {error.where}: {error.reason}", "Change it there.")) from None
    if len(data) > MOST:
        raise Refused(_too_long(len(data)))
    odd = against(stored)
    if odd:
        raise Refused(*odd)
    return data


def _too_long(size: int) -> Refusal:
    reason = f"the text has {size:,} bytes; the most is {MOST:,}"
    return Refusal("text-size", reason, "Attach what is longer as a file.")


MOST_TOLD = 8  # of the characters that stand against a text


def against(stored: object) -> tuple[Refusal, ...]:
    """The characters in a body that this side neither writes nor agrees to, each named; see `language.characters`."""
    found = islice(characters.against(stored), MOST_TOLD)
    return tuple(
        refuse("text-character", f"the text at `$.{where}`: {why}", "Take it out there, or type the words anew.")
        for where, why in found
    )


def read(data: bytes) -> Text:
    """The body in `data`; Refused where it is none."""
    if len(data) > MOST:
        raise Refused(_too_long(len(data)))
    try:
        return msgspec.convert(canonical.decode(data), Text)
    except (canonical.ProfileError, msgspec.ValidationError) as error:
        raise Refused(
            Refusal("text-form", f"the body is not a text of this version: {error}", "Ask its side to state it again.")
        ) from None


def paper_day(store: Store, placed: Placed, part: int) -> str | None:
    """The first day that the paper of a report (`basis` paper) can bear; None for any other act, or a text not held."""
    if open_leaf(placed.leaf).act.terms.get("basis") != "paper":
        return None
    held = store.body(placed.owner(part))
    paper = read(held.data).paper if isinstance(held, Body) else None
    if paper is None:
        return None
    try:
        return date.fromisoformat(f"{paper.date}-01-01"[:10]).isoformat()
    except ValueError:  # no day of the calendar
        return None
