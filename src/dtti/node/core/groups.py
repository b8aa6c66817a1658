"""Restricted groups inside this side: which offices read what is kept to each, and making or changing one.

A group is a random code in national leaves; its members stand there too, by office and day, so that no erased or
unreadable body opens anything. Its name and the reason for a change are in the body of the act. Knows no page.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from dtti.accord import table_2
from dtti.accord.refusal import Refused, refuse
from dtti.ledger.act import open_leaf
from dtti.ledger.body import Body
from dtti.ledger.store import NATIONAL

from . import text
from .visibility import Viewer

if TYPE_CHECKING:
    from .node import Node
from .draft import Draft
from .state_row import keeps


class Group(msgspec.Struct, frozen=True):
    """A restricted group as its members know it: offices with their days, the act that last changed it, and why.

    `title` is empty where the body that named it is gone: the group stays as closed as it was.
    """

    code: str
    title: str
    members: tuple[table_2.Member, ...]
    act: str
    changed: str
    reason: str


def of_record(node: "Node", record: str) -> str:
    """Code of the restricted group to which this side keeps a national record; empty where to none."""
    placed = node.store.of_record(record)
    if any(one.ledger != NATIONAL for one in placed):
        return ""
    voids = node.store.voids(NATIONAL)
    groups = [keeps(node.book.entry(one.leaf).act) for one in placed if one.index not in voids]
    return next((group for group in reversed(groups) if group), "")


def of(node: "Node", office: str) -> tuple[str, ...]:
    """Codes of the groups of which `office` is a member now."""
    if not office:
        return ()
    node.book.sync()  # another process may have written since that the office was taken out
    authority, now = node.book.national, node.clock()
    return tuple(code for code in authority.groups if authority.in_group(code, office, now))


def known(node: "Node", viewer: Viewer) -> list[Group]:
    """The groups of which the viewer's office is a member, by name."""
    if not viewer.groups:
        return []
    voids = node.store.voids(NATIONAL)
    found: dict[str, Group] = {}
    for placed in node.store.of_verb("restrict", NATIONAL):
        terms = table_2.TABLE["restrict"].terms
        act = open_leaf(placed.leaf).act
        if placed.index in voids:
            continue
        made = msgspec.convert(act.terms, terms)
        if not isinstance(made, table_2.Restrict) or made.group not in viewer.groups:
            continue
        title, reason = _named(node.store.body(placed.owner()) if act.body else None)
        before = found.get(made.group)
        title = title or (before.title if before else "")
        found[made.group] = Group(made.group, title, tuple(made.members), placed.id, act.time, reason)
    return sorted(found.values(), key=lambda group: (group.title.lower(), group.code))


def names(node: "Node", viewer: Viewer) -> dict[str, str]:
    """What the groups are called of which the viewer's office is a member, by code."""
    return {group.code: group.title or group.code for group in known(node, viewer)}


def chosen(node: "Node", office: str, record: str, verb: str, name: str) -> str:
    """Code of the group to which a national act of `office` on `record` is kept, as pages choose it; empty for none.

    `name`: a group by its name or code, or empty: then the group of the record. Refused where the office is no member,
    where the record is kept to another group or the other side knows of it, and where acts of `verb` are kept to none.
    """
    kept = of_record(node, record) if record else ""
    code = kept
    if name:
        mine = names(node, Viewer(node.side, national=True, office=office, groups=of(node, office)))
        fitting = [code for code, title in mine.items() if name in (code, title)]
        if len(fitting) != 1:
            reason = (
                "your office is a member of no such group" if not fitting else f"{len(fitting)} groups are called so"
            )
            raise Refused(
                refuse("group", reason, "Choose again who may read it, or ask a member to take your office in.")
            )
        code = fitting[0]
    row = node.rules_for(Draft(verb, record, ledger=NATIONAL)).table.get(verb)
    if row is None or "group" not in row.terms.__struct_fields__ or verb == "restrict":
        if not name:
            return ""
        raise Refused(
            refuse("group", f"an act of {verb} is kept to no group", "Keep a text or a remark to it, or leave it out.")
        )
    if code and not kept and verb == "state" and any(one.ledger != NATIONAL for one in node.store.of_record(record)):
        raise Refused(
            refuse(
                "group",
                "the other side has been told of this record, so its texts are not kept to a group",
                "Keep it to this side alone, or begin a record of its own.",
            )
        )
    return code


def _named(held: object) -> tuple[str, str]:
    if not isinstance(held, Body):
        return "", ""
    try:
        read = text.read(held.data)
    except Refused:
        return "", ""
    title = (read.content or {}).get("title", "")
    return (title if isinstance(title, str) else ""), read.remarks


def draft(
    office: str, code: str, members: Sequence[table_2.Member], *, title: str, reason: str, by: text.By | None = None
) -> Draft:
    """The act that makes a group or changes its members: all of them from here on."""
    body = text.Text(content={"title": title}, remarks=reason, by=by)
    return Draft("restrict", "", table_2.Restrict(code, list(members)), office, (body,), ledger=NATIONAL)
