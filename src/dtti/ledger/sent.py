"""Forms that were confirmed, and the act that each made: kept in the very transaction that wrote the act.

Beside the ledgers and no part of them: no leaf, no pack and no proof holds a word of it. In a database of its own it
would be missing after just the crash for which it is there. Digests alone, so that it says nothing of what was written.
"""

import msgspec

from .store import NATIONAL, RELEASED, Store

#: For how many entries of this side, the released and the national counted together, a form is known after its own.
REMEMBERED = 65_536


class Form(msgspec.Struct, frozen=True):
    """A form as it is sent: digests (hex) of its key, of the person and seat that send it, of all that it says."""

    key: str
    seat: str
    seen: str


class Sent(msgspec.Struct, frozen=True):
    """A form that was confirmed, and the id of the first act that it made."""

    form: Form
    act: str


def find(store: Store, key: str) -> Sent | None:
    """What was made of the form with this key; None where nothing was, or more than REMEMBERED entries ago."""
    rows = store.engine.run("SELECT form, seat, seen, act FROM sent WHERE form = ?", (bytes.fromhex(key),))
    if not rows:
        return None
    form, seat, seen, act = (bytes(each).hex() for each in rows[0])
    return Sent(Form(form, seat, seen), act)


def put(store: Store, form: Form, act: str) -> None:
    """Keep, inside the `writing()` block that appended it, that `form` made `act`; the oldest kept makes room.

    Slots go by how many entries this side has, so that each form is known for as many entries as any other.
    """
    sizes = store.sizes()
    values = [bytes.fromhex(each) for each in (form.key, form.seat, form.seen, act)]
    with store.writing():
        store.engine.run(
            "INSERT INTO sent (slot, form, seat, seen, act) VALUES (?, ?, ?, ?, ?) ON CONFLICT (slot) DO UPDATE SET "
            "form = excluded.form, seat = excluded.seat, seen = excluded.seen, act = excluded.act",
            ((sizes[RELEASED] + sizes[NATIONAL]) % REMEMBERED, *values),
        )
