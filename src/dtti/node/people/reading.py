"""The reading and export log: who read or took out what, when. Writes lines and lists them; decides nothing."""

from django.db.models import QuerySet

from .models import Person, Reading, Seat


def note(person: Person, seat: Seat | None, path: str, *, record: str = "", export: bool = False) -> None:
    """Log that `person`, in `seat`, read (or exported) `record` or, where it is empty, the page at `path`."""
    Reading.objects.create(person=person, seat=seat, record=record, path=path[:400], act="export" if export else "read")


def of_record(record: str) -> QuerySet[Reading]:
    """The readings of a record, latest first, each with its person and seat."""
    return Reading.objects.filter(record=record).select_related("person", "seat")
