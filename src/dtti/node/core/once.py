"""A form makes its acts once, however often it is sent: looked up and remembered in the block that writes them."""

from collections.abc import Callable, Sequence

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import sent
from dtti.ledger.sent import Form

from .draft import Receipt
from .node import Node


class StandsAlready(Refused):
    """The form was confirmed before: its first act is `act`, and nothing was written a second time."""

    def __init__(self, act: str) -> None:
        super().__init__(
            refuse("form-once", f"what this form says stands already, as entry {act[:16]}", "Look at that entry.")
        )
        self.act = act


def against(node: Node, form: Form) -> Refused | None:
    """What stands against writing what a form says: that it was confirmed before, as it is or otherwise."""
    found = sent.find(node.store, form.key)
    if found is None:
        return None
    if found.form == form:
        return StandsAlready(found.act)
    return Refused(
        refuse(
            "form-once",
            f"this form was confirmed before, in other words or from another seat: entry {found.act[:16]}",
            "Look at that entry. To record something else, open the page anew and begin a form of its own.",
        )
    )


def written(node: Node, form: Form, write: Callable[[], Sequence[Receipt]]) -> Sequence[Receipt]:
    """What `write` writes, remembered as made of `form`, in one durable step; StandsAlready where it was before."""
    with node.store.writing():
        refused = against(node, form)
        if refused is not None:
            raise refused
        receipts = write()
        sent.put(node.store, form, receipts[0].act)
    return receipts
