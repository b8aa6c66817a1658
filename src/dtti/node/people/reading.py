"""The reading and export log: who read or took out what, when. Writes lines and lists them; decides nothing."""

import msgspec
from django.db.models import QuerySet

from dtti.programme.kinds import KINDS

from .models import Person, Reading, Seat


class Reader(msgspec.Struct, frozen=True):
    """Who reads: a person who signed in, in a seat; or the account of this machine under which a command is given."""

    person: Person | None = None
    seat: Seat | None = None
    account: str = ""


def note(reader: Reader, path: str, *, record: str = "", export: bool = False) -> None:
    """Log that `reader` read (or exported) `record` or, where it is empty, the page at `path`."""
    Reading.objects.create(
        person=reader.person,
        seat=reader.seat,
        account=reader.account[:80],
        record=record,
        path=path[:400],
        act="export" if export else "read",
    )


def paper(reader: Reader, record: str, name: str, made_for: str, form: str) -> None:
    """Log that a paper of a record was taken out, at a page or by a command alike.

    `made_for`: the language, and where two originals are signed the side named first (en-IND). Called before the file
    is handed over: a paper of which no line can be kept is not given.
    """
    kind, code = record.partition("/")[0], record.rpartition("/")[2]
    address = f"/{KINDS[kind].face.address}/{code}/papers/{name}.{made_for}.{form}"
    note(reader, address, record=record, export=True)


def of_record(record: str) -> QuerySet[Reading]:
    """The readings of a record, latest first, each with its person and seat."""
    return Reading.objects.filter(record=record).select_related("person", "seat")
