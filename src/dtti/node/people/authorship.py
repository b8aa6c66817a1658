"""Who wrote the text of an act, by account: kept beside the ledger, since a leaf and its text hold names only.

What binds people inside one side (`duties`) goes by accounts: two people may have one name, and a name may change.
"""

from collections.abc import Callable, Iterable, Sequence

from dtti.accord.refusal import Refused
from dtti.node.core.draft import Receipt

from .models import Authorship, Person


def written(
    records: Sequence[str], write: Callable[[], Sequence[Receipt]], persons: Iterable[Person]
) -> Sequence[Receipt]:
    """Let `write` write acts on records whose texts `persons` wrote, and keep who they are. Refused as it refuses."""
    several = {one.pk: one for one in persons}.values()
    rows = Authorship.objects.bulk_create(
        Authorship(person=person, record=record) for record in records for person in several
    )
    mine = Authorship.objects.filter(pk__in=[row.pk for row in rows])
    try:
        receipts = write()
    except Refused:  # nothing was written; of any other fault that is not known, and then the rows stay open
        mine.delete()
        raise
    for record in records:
        act = next((each.act for each in receipts if each.record == record), receipts[0].act)
        mine.filter(record=record).update(act=act)
    return receipts


def authors(record: str, act: str) -> set[int]:
    """The accounts that wrote the text of `act`, or may have: those of whom it was left open which act on the record.

    Empty where it is not known: the act was written by a command, or before this was kept.
    """
    return set(Authorship.objects.filter(record=record, act__in=("", act)).values_list("person_id", flat=True))


def wrote(record: str, persons: Iterable[Person]) -> bool:
    """Whether one of some persons wrote a text of a record, or may have."""
    return Authorship.objects.filter(record=record, person__in=[one.pk for one in persons]).exists()
