"""An act before it is written and its receipt after: what its author decides, its bodies. Knows no store."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from dtti.accord import table
from dtti.accord.refusal import Refusal, Refused
from dtti.ledger import body as bodies
from dtti.ledger import canonical
from dtti.ledger.engine import Stands, StoreError
from dtti.ledger.store import RELEASED
from dtti.node.folder import config as settings
from dtti.node.folder import timekeeping
from dtti.node.folder.codes import new_code

from . import text


class Draft(msgspec.Struct, frozen=True):
    """An act to be written: what its author decides. Everything else follows from the ledger."""

    verb: str
    record: str = ""
    terms: Any = table.Plain()
    office: str = ""
    texts: tuple[text.Text, ...] = ()
    files: tuple[bytes, ...] = ()  # in the order in which the first text lists them
    rests: tuple[str, ...] = ()
    ledger: str = RELEASED
    follows: str = ""  # the record whose text this one follows, where it is another: the copy released before
    salts: tuple[bytes, ...] = ()  # of its bodies, texts first; fresh ones where none are given
    role: str = ""  # of the signing keys, where it is not the verb's own


class Receipt(msgspec.Struct, frozen=True):
    """What was written: the act's id, its ledger and index, its record, its claimed time."""

    act: str
    ledger: str
    index: int
    record: str
    verb: str
    time: str


#: Claimed time: this moment, UTC, whole seconds.
now = timekeeping.MachineClock()


def new_record(kind: str, side: str) -> str:
    """The id of a record that `side` creates now: a leaf holds no names, so its code is random."""
    return f"{kind}/{side}/{new_code()}"


def wrapped(draft: Draft) -> list[bodies.Body]:
    """The bodies of a draft, texts first: what its leaf will commit to. The same each time where it brings salts."""
    contents = [*(text.write(one) for one in draft.texts), *draft.files]
    if draft.salts and len(draft.salts) != len(contents):
        raise ValueError(f"{len(draft.salts)} salts for {len(contents)} bodies")
    salts = draft.salts or (None,) * len(contents)
    return [bodies.wrap(data, salt) for data, salt in zip(contents, salts, strict=True)]


def fields_of(draft: Draft) -> dict[str, Any]:
    """The fields of a draft as its leaf would say them; Refused where one holds what no leaf can."""
    fields = table.write_terms(draft.terms)
    try:
        canonical.check(fields)
    except canonical.ProfileError as error:
        where = f"the fields of {draft.verb} at {error.where}"
        raise Refused(Refusal(error.rule, f"{where}: {error.reason}", "Choose or type it anew.")) from None
    return fields


def passkey_asked(config: settings.Config, draft: Draft) -> bool:
    """Whether the setting `passkeys` asks for a person's passkey over this act."""
    confirms = isinstance(draft.terms, table.State) and draft.terms.confirms is not None
    return draft.verb in config.passkeys.required or (confirms and "confirm_paper" in config.passkeys.required)


@contextmanager
def following(
    what: str, then: str = "the next opening of the node, or its next round, does the rest"
) -> Iterator[None]:
    """What follows from a commit: where it fails, Stands, as `what` stands all the same. `then`: who does the rest."""
    try:
        yield
    except Stands:
        raise
    except (StoreError, OSError) as error:
        raise Stands(
            f"{what}, but what follows from it is not all done ({error}); do not write it again: {then}"
        ) from error


def as_json(receipt: Receipt) -> str:
    """A receipt as one line of JSON."""
    return json.dumps(msgspec.structs.asdict(receipt))
