"""One entry of an official record: what it says in officials' words, its texts and files, its keys, how to check it.

Knows `node.entry` and words. Decides nothing: what may be seen, `node.entry` has decided.
"""

from __future__ import annotations

import base64
import json
from typing import Any, Final, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header

from dtti.accord import table_2
from dtti.accord.refusal import grounds
from dtti.accord.table_2 import Assertion
from dtti.language.printed import printable
from dtti.ledger.act import PAYLOAD_TYPE, Act
from dtti.node.acting import passkeys
from dtti.node.checking import entry as opened
from dtti.node.checking import explore
from dtti.node.checking.entry import Opened, Part
from dtti.node.core.node import Node
from dtti.node.core.text import Text
from dtti.node.core.visibility import Viewer
from dtti.node.people import reading
from dtti.node.people.models import Person
from dtti.node.record import journal
from dtti.node.record.holders import Acting, acting, is_foreign
from dtti.programme.kinds import KINDS
from dtti.programme.labels import Label
from dtti.web import page
from dtti.web.parts import Fact, Row
from dtti.web.requests import PageRequest
from dtti.web.states import side_name

from . import gate_rows
from .explorer_words import TOOLS
from .shown import text as marked
from .words import _, field_name, word

#: Prints the id of the act in a downloaded leaf FILE, with tools that every Unix system has.
RECOMPUTE: Final = (
    """p=$(sed 's/^{"payload":"\\([^"]*\\)".*/\\1/' FILE | base64 -d); """
    f"""printf 'DSSEv1 {len(PAYLOAD_TYPE)} {PAYLOAD_TYPE} %d %s' ${{#p}} "$p" | sha256sum"""
)


def entry(request: HttpRequest, identity: str) -> HttpResponse:
    """The page of one entry."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    found = _find(request, identity)
    act = found.entry.act if found.entry else None
    formed = act is not None and table_2.formed(act.verb, act.terms)
    about = explore.called(node, viewer, _records(act))
    record, office = about.get(act.record if act else ""), about.get(act.office if act else "")
    leaf = base64.b64encode(found.placed.leaf).decode()
    by = next((one.text.by for one in found.parts if one.text and one.text.by), None)
    held = acting(node, viewer, act.side, act.office, act.time, by.name if by else "") if act else Acting()
    data: Row = {
        "id": identity,
        "side": found.done.side,
        "ledger": found.placed.ledger,
        "index": found.placed.index,
        "verdict": found.done.verdict,
        "rule": found.done.rule,
        "reason": found.done.reason,
        "remedy": found.done.remedy,
        **(grounds(found.done.rule) if found.done.rule else {}),
        "overtaken_by": found.done.overtaken.strip("-"),
        "act": act,
        "known_from": found.done.time if found.done.claimed else "",
        "record": {"id": act.record, "title": record.title if record else "", "url": record_url(record)}
        if act
        else None,
        "office": {"id": act.office, "title": office.title if office else "", "url": record_url(office)}
        if act
        else None,
        "by": by,
        "acting": held,
        "names": found.names,
        "named_by": found.named_by,
        "acknowledged": found.acknowledged,
        "parts": [_part(identity, one) for one in found.parts],
        "signatures": found.signed,
        "signed_by": "passkey" if act and journal.by_passkey(node, found.done) else "server-held key",
        "checks": found.checks,
        "leaf": leaf,
    }
    return page.answer(
        request,
        "pages/explorer/entry.html",
        data,
        **TOOLS,
        written_by=found.done.side,
        passkeys_given=_given(act, "credentials"),
        passkey=_passkey(node, viewer, act) if act and not found.done.rule else None,
        offices=about,
        foreign=[office for office in _offices_given(act) if is_foreign(node, viewer, found.done.side, office)],
        terms=act.terms if act and formed else {},
        gate=gate_rows.of_entry(act.terms["gate"]) if act and formed and "gate" in act.terms else None,
        unformed=json.dumps(act.terms, ensure_ascii=False, indent=1) if act and not formed and act.terms else "",
        other=(node.book.other if found.done.side == node.side else node.side) or "",
        shown=[_lines(one.text) if one.text else [] for one in found.parts],
        leaf_url=reverse("entry-leaf", args=[identity]),
        proof_url=_proof_url(record),
        recompute=RECOMPUTE.replace("FILE", f"{identity[:16]}.json"),
        good=all(one.good for one in found.checks),
    )


def _passkey(node: Node, viewer: Viewer, act: Act) -> Row | None:
    """The assertion that an act carries, as its page shows it."""
    if "assertion" not in act.terms:
        return None
    given = msgspec.convert(act.terms["assertion"], Assertion)
    client = base64.b64decode(given.client).decode(errors="replace")
    by = passkeys.given_by(node, viewer, act.side, given.credential)
    entry = {"index": by.index, "url": reverse("entry", args=[by.id])} if by else None
    return {"number": given.credential, "nonce": given.nonce, "client": printable(client), "bound": entry}


def record_url(about: explore.About | None) -> str | None:
    """The page of a record, None where the viewer sees no such record."""
    if about is None or about.kind not in KINDS:
        return None
    return page.record_url(about.kind, about.code)


def _proof_url(about: explore.About | None) -> str | None:
    """Where the proof of a record is made; nothing national is proved."""
    if about is None or about.label == "national":
        return None
    return reverse("proof", args=[KINDS[about.kind].face.address, about.code])


def _find(request: HttpRequest, identity: str) -> Opened:
    found = None
    if len(identity) == 64 and not set(identity) - set("0123456789abcdef"):
        found = opened.find(page.node_of(request), page.viewer_of(request), identity)
    if found is None:
        raise page.not_here(_("entry"))
    return found


def _records(act: Act | None) -> list[str]:
    """Every record that an act names: the one it is on, its office, offices given powers."""
    if act is None:
        return []
    stood = act.terms["gate"].get("rows", ()) if "gate" in act.terms and table_2.formed(act.verb, act.terms) else ()
    return [act.record, act.office, *_offices_given(act), *(each["office"] for each in stood if "office" in each)]


def _offices_given(act: Act | None) -> list[str]:
    """The offices to which an act of power gives something."""
    return [grant["office"] for name in ("grants", "credentials") for grant in _given(act, name)]


def _given(act: Act | None, name: str) -> list[dict[str, Any]]:
    """What an act of power gives under a name: nothing where its fields have no form."""
    given: list[dict[str, Any]] = act.terms.get(name) or [] if act and table_2.formed(act.verb, act.terms) else []
    return given


def _part(identity: str, part: Part) -> Row:
    held = part.state in ("held", "unreadable")
    return {
        **msgspec.structs.asdict(part),
        "text": msgspec.to_builtins(part.text) if part.text else None,
        "label": _label(part.text.label) if part.text and part.text.label else [],
        "url": reverse("entry-part", args=[identity, part.number]) if held else None,
    }


def _label(label: Label) -> list[Fact]:
    """The label of a text as names and values."""
    return [
        Fact(_("Label"), word(label.classification)),
        Fact(_("Who may be given it"), ", ".join(side_name(each) for each in label.releasable_to)),
        *(Fact(_("Further limits on who may read it"), marked(each)) for each in label.restrictions),
        Fact(_("Under whose rules it is labelled"), marked(label.policy)),
        Fact(_("Labelled by"), marked(label.originator)),
        Fact(_("Labelled on"), label.date, "date"),
    ]


def _lines(text: Text) -> list[Fact]:
    """The content of a text as names and values, one line for each."""
    lines: list[Fact] = []

    def walk(names: list[str], value: Any) -> None:
        if isinstance(value, dict):
            for name, each in value.items():
                walk([*names, field_name(name)], each)
        elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
            for number, each in enumerate(value, 1):
                walk([*names[:-1], f"{names[-1]} {number}"] if names else [str(number)], each)
        else:
            joined = ", ".join(map(str, value)) if isinstance(value, list) else value
            said = _("yes") if joined is True else _("no") if joined is False else str(joined)
            lines.append(Fact(" · ".join(names), marked(said)))

    walk([], text.content or {})
    return lines


# --- downloads -------------------------------------------------------------------------------------------------------


def leaf(request: HttpRequest, identity: str) -> HttpResponse:
    """The entry's own bytes, as the tree hashes them."""
    return download(_find(request, identity).placed.leaf, f"{identity[:16]}.json")


def part(request: HttpRequest, identity: str, number: int) -> HttpResponse:
    """A text or file of an entry, to keep. It is written into the reading and export log."""
    found = _find(request, identity)
    held = opened.file_of(page.node_of(request), page.viewer_of(request), identity, number)
    if held is None:
        raise page.not_here(_("file"))
    log(request, found.done.record)
    return download(held[1], held[0])


def log(request: HttpRequest, record: str) -> None:
    """Note in the reading and export log that something was taken out."""
    asked = cast(PageRequest, request)
    if isinstance(asked.user, Person):
        reading.note(reading.Reader(asked.user, asked.seat), asked.path, record=record, export=True)


def log_paper(request: HttpRequest, record: str, name: str, made_for: str, form: str) -> None:
    """Note there that a paper of a record was taken out."""
    asked = cast(PageRequest, request)
    if isinstance(asked.user, Person):
        reading.paper(reading.Reader(asked.user, asked.seat), record, name, made_for, form)


def download(data: bytes, name: str, media: str = "application/octet-stream") -> HttpResponse:
    """Bytes as a file to keep, never to be shown or run by the browser. `media`: of a file that was made here."""
    response = HttpResponse(data, content_type=media)
    safe = "".join(sign if sign.isprintable() and sign not in '/\\:*?"<>|' else "_" for sign in name)[-120:].lstrip(".")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=safe or "file")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
