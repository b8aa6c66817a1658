"""Who wrote the text of an act, by account: kept beside the ledger, since a leaf and its text hold names only.

What binds people inside one side (`duties`) goes by accounts: two people may have one name, and a name may change.
"""

from collections.abc import Iterable

from dtti.accord.refusal import Refused

from .models import Authorship, Person
from .write import Draft, Node, Receipt


def written(node: Node, draft: Draft, persons: Iterable[Person]) -> Receipt:
    """Write an act whose text `persons` wrote, and keep who they are. Refused as `Node.write` refuses."""
    rows = Authorship.objects.bulk_create(
        Authorship(person=person, record=draft.record) for person in {one.pk: one for one in persons}.values()
    )
    mine = Authorship.objects.filter(pk__in=[row.pk for row in rows])
    try:
        receipt = node.write(draft)
    except Refused:  # nothing was written; of any other fault that is not known, and then the rows stay open
        mine.delete()
        raise
    mine.update(act=receipt.act)
    return receipt


def authors(record: str, act: str) -> set[int]:
    """The accounts that wrote the text of `act`, or may have: those of whom it was left open which act on the record.

    Empty where it is not known: the act was written by a command, or before this was kept.
    """
    return set(Authorship.objects.filter(record=record, act__in=("", act)).values_list("person_id", flat=True))
