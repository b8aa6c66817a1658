"""From what a person gives to a draft act: which record is meant, and terms that follow from where the record stands.

Doors use it so that nobody spells out what the ledger already knows. It decides nothing: the write path does.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Any

import msgspec

from dtti.accord.fold import View
from dtti.accord.refusal import Refusal, Refused, refuse
from dtti.ledger.act import RECORD_ID
from dtti.ledger.store import RELEASED
from dtti.node.core import groups, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.record import read
from dtti.programme.kinds import KINDS

ELSEWHERE = {
    "found": "Use `dtti found` or `dtti accede`.",
    "keys": "Use `dtti rotate`.",
    "acknowledge": "The node acknowledges by itself after an exchange.",
    "anchor": "The node anchors by itself.",
    "loss": "Use `dtti recover --declare-loss`.",
}


def record_of(node: Node, name: str, *, create: bool = False, office: str = "") -> str:
    """The record that `name` means: an id, a code, a readable reference, ``kind:ref``; Refused where it is not here.

    `create`: the name of a kind means a new record of this side. `office`: who asks, of what is kept to its groups.
    """
    if create and name in KINDS:
        return new_record(name, node.side)
    node.settle()
    found = read.find(node, Viewer(node.side, national=True, office=office, groups=groups.of(node, office)), name)
    if found is not None:
        return found
    if RECORD_ID.match(name) and create:
        return name
    raise Refused(
        refuse(
            "record",
            f"there is no record {name[:80]!r} here",
            "Give its id, its code, or its reference as lists show it; exchange first if the other side made it.",
        )
    )


def office_of(node: Node, name: str) -> str:
    """The office that `name` means. An id is taken as it is: a first office gets its power before it is stated."""
    return name if RECORD_ID.match(name) else record_of(node, name)


def read_text(fields: Mapping[str, Any]) -> text.Text:
    """The text of an act from named fields, those of `text.Text`. Refused if malformed."""
    try:
        return msgspec.convert(dict(fields), text.Text)
    except msgspec.ValidationError as error:
        raise Refused(
            refuse(
                "text-form",
                f"the text of the act: {error}",
                "Give content, remarks, paper, held, file_number, files or label, each in its own form.",
            )
        ) from None


def _view(node: Node, record: str, ledger: str) -> View | None:
    node.book.sync()
    return node.book.view(record, ledger) if record and node.store.of_record(record) else None


def _latest(view: View | None, side: str, ledger: str) -> int:
    texts = view.texts if view else []
    return max((one.number for one in texts if (one.side, one.ledger) == (side, ledger)), default=0)


def _until(node: Node) -> str:
    ahead = datetime.fromisoformat(node.clock()) + timedelta(days=node.config.offer_days)
    return ahead.strftime("%Y-%m-%dT%H:%M:%SZ")


def _defaults(node: Node, verb: str, record: str, ledger: str, *, counter: bool) -> dict[str, Any]:
    view = _view(node, record, ledger)
    offer = view.offer.id if view and view.offer else "0" * 64
    if verb == "state":
        own = KINDS[record.split("/")[0]].mode == "own"
        return {"base": _latest(view, node.side, ledger)} if own else {}
    if verb == "propose":
        return {"base": view.version if view else 0, "next": node.side, "until": _until(node)}
    if verb in ("accept", "withdraw"):
        return {"offer": offer}
    if verb == "send_back":
        return {"offer": offer, **({"next": node.side, "until": _until(node)} if counter else {})}
    return {}


def draft(
    node: Node,
    verb: str,
    record: str,
    *,
    office: str = "",
    texts: Sequence[text.Text] = (),
    files: Sequence[bytes] = (),
    rests: Sequence[str] = (),
    terms: Mapping[str, Any] | None = None,
    ledger: str = RELEASED,
) -> Draft:
    """A draft of `verb` on `record` (an id): `terms` as given, the rest from where it stands. Refused if unfit."""
    rules = node.rules_for(Draft(verb, ledger=ledger))
    if verb not in rules.table:
        raise Refused(refuse("verb", f"{verb[:40]!r} is no verb", f"Use one of: {', '.join(rules.table)}."))
    if verb in ELSEWHERE:
        raise Refused(refuse("verb", f"{verb} is not written by hand", ELSEWHERE[verb]))
    given = dict(terms or {})
    if verb == "power":
        given = _grants(node, given)
    kind = record.split("/")[0] if record else ""
    if record and kind not in KINDS:
        raise Refused(refuse("kind", f"{kind} is no kind of record", f"Use one of: {', '.join(KINDS)}."))
    defaults = {} if "basis" in given else _defaults(node, verb, record, ledger, counter=len(texts) > 1)
    made = rules.read_terms(verb, {**defaults, **given})
    if isinstance(made, Refusal):
        raise Refused(made)
    return Draft(verb, record, made, office, tuple(texts), tuple(files), tuple(rests), ledger)


def _grants(node: Node, given: dict[str, Any]) -> dict[str, Any]:
    """Grants with office by any name (`new`: one that is to be stated), numbered on, from now on, unless they say."""
    standing = node.standing
    number = max(standing.grants, default=0)
    grants = []
    for one in given.get("grants", []):
        if not isinstance(one, dict):
            raise Refused(refuse("terms", "a grant has fields", "Give office, verbs and kinds of each grant."))
        number += 1
        made = {"grant": number, "since": node.clock(), "kinds": ["all"], **one}
        if made.get("office") == "new":
            made["office"] = new_record("office", node.side)
        elif isinstance(made.get("office"), str):
            made["office"] = office_of(node, made["office"])
        grants.append(made)
    return {**given, "grants": grants} if grants else given


MEDIA = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def listing_files(texts: Sequence[text.Text], names: Sequence[str]) -> list[text.Text]:
    """`texts` with files of these `names` listed in the first, as they travel with the act."""
    if not names:
        return list(texts)
    first = texts[0] if texts else text.Text()
    listed = [text.File(name, MEDIA.get(PurePath(name).suffix.lower(), "application/octet-stream")) for name in names]
    return [msgspec.structs.replace(first, files=[*first.files, *listed]), *texts[1:]]
