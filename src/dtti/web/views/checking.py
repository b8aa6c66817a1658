"""Checking in a click: the ledgers held here, the proof of one record, and files that someone brings.

Knows `node.integrity`, the proof format, packs, and what this node holds beside them. Nothing here changes any state; a
file that is brought is looked at and forgotten.
"""

from __future__ import annotations

import shlex
from typing import Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from dtti.accord import proof as proofs
from dtti.accord.refusal import Refusal, Refused, refuse, said_faults
from dtti.ledger import pack as packs
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.checking import beside, explore, prove
from dtti.node.checking import integrity as checks
from dtti.node.line import founding
from dtti.node.record import read
from dtti.programme.kinds import at
from dtti.web import page
from dtti.web.parts import Row

from .entries import download, log
from .explorer_words import TOOLS
from .words import _

MIB: Final = 1024 * 1024
#: Largest file that a page takes for checking. The commands take any.
LARGEST: Final = 16 * MIB
_FORM: Final = 64 * 1024  # what a form may weigh beside its file


# --- what is held here -----------------------------------------------------------------------------------------------


def integrity(request: HttpRequest) -> HttpResponse:
    """What an integrity check looks at, and on a POST the check itself."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    standing = explore.standing(node, viewer)
    if not standing:
        raise page.not_here(_("integrity check"))
    result = checks.check(node, viewer) if request.method == "POST" else None
    data = {
        "ledgers": standing,
        "most": checks.MOST,
        "result": {
            "good": result.good,
            "whole": result.whole,
            "at": result.at,
            "parts": [{"good": part.good, **_plain(part)} for part in result.parts],
        }
        if result
        else None,
    }
    return page.answer(
        request, "pages/explorer/integrity.html", data, **TOOLS, command="dtti verify FOLDER", entries=_total(standing)
    )


def _plain(part: checks.Checked) -> Row:
    made = {name: getattr(part, name) for name in ("what", "side", "ledger", "start", "count", "root")}
    return {**made, "faults": said_faults(part.faults)}


def _total(standing: list[explore.Ledger]) -> int:
    return sum(one.size for one in standing)


# --- the proof of one record -----------------------------------------------------------------------------------------


def proof(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """What the proof file of a record shows, checked as anyone would check it."""
    row, made = _made(request, section, name)
    found = proofs.check(made)
    file = f"proof-{row.code}.json"
    data = {
        "record": row.record,
        "title": row.title,
        "good": found.good,
        "says": found.says,
        "claim": found.claim,
        "constitution": found.constitution,
        "size": len(made),
        "faults": said_faults(found.faults),
    }
    return page.answer(
        request,
        "pages/explorer/proof.html",
        data,
        **TOOLS,
        row=row,
        file=file,
        file_url=reverse("proof-file", args=[section, name]),
        back=page.url_of(row),
        spoken=founding.spoken(found.constitution) if found.constitution else "",
        commands=_commands(file, found.constitution or "DIGEST"),
    )


def proof_file(request: HttpRequest, section: str, name: str) -> HttpResponse:
    """The proof file, to keep and hand on. It is written into the reading and export log."""
    row, made = _made(request, section, name)
    log(request, row.record)
    return download(made, f"proof-{row.code}.json")


def _made(request: HttpRequest, section: str, name: str) -> tuple[read.Listed, bytes]:
    node, viewer = page.node_of(request), page.viewer_of(request)
    kind = at(section)
    record = read.find(node, viewer, name, kind.code) if kind and not viewer.public and len(name) <= 100 else None
    state = read.state(node, viewer, record) if record else None
    if state is None:
        raise page.not_here(_("record"))
    row = state[0]
    if row.label == "national":
        raise Refused(
            refuse(
                "proof", "nothing national is proved to others", "Release it first; then its released text has a proof."
            )
        )
    notes = {node.side: node.store.note(RELEASED), node.book.other or "": node.store.note(MIRROR)}
    held = {side: note for side, note in notes.items() if side and note}
    try:
        return row, prove.make(node.book, row.record, held, act=row.act or None)
    except prove.ProofError as error:
        raise Refused(
            refuse("proof", str(error).split(" (rule ")[0], "Exchange with the other side, then ask again.")
        ) from None


def _commands(file: str, constitution: str = "DIGEST") -> list[str]:
    known = f"{shlex.quote(file)} --constitution {constitution}"
    return [f"dtti check {known}", f"node verifier/verify.mjs {known}"]


# --- a file that someone brings --------------------------------------------------------------------------------------


@csrf_exempt
def check(request: HttpRequest) -> HttpResponse:
    """Check a proof file or an open pack. Its size is looked at before a byte of it is read."""
    try:
        given = int(request.headers.get("Content-Length") or 0)
        if request.method == "POST" and given > LARGEST + _FORM:
            raise _too_large(given)
    except ValueError:
        return page.refused(request, (refuse("length", "the request does not say its length", "Send it again."),), 411)
    except Refused as refused:
        return page.refused(request, refused.refusals, 413)
    return _check(request)


@csrf_protect
def _check(request: HttpRequest) -> HttpResponse:
    result: Row | None = None
    constitution, refused = "", tuple[Refusal, ...]()
    if request.method == "POST":
        brought = request.FILES.get("file")
        try:
            constitution, result = _look(request, brought if isinstance(brought, UploadedFile) else None)
        except Refused as stopped:
            refused = stopped.refusals
    if refused and page.wants_json(request):
        return page.refused(request, refused, 422)
    return page.answer(
        request,
        "pages/explorer/check.html",
        {"largest": LARGEST, "result": result},
        status=422 if refused else 200,
        **TOOLS,
        errors=[one.said("file") for one in refused],
        mib=LARGEST // MIB,
        spoken=founding.spoken(constitution) if constitution else "",
        commands=_commands("FILE"),
    )


def _too_large(size: int) -> Refused:
    return Refused(
        refuse(
            "check-size",
            f"the file has {size:,} bytes; a page takes {LARGEST:,}",
            "Check it by a command on your own machine: dtti check FILE, or dtti verify FILE for a pack.",
        )
    )


def _look(request: HttpRequest, brought: UploadedFile[bytes] | None) -> tuple[str, Row]:
    """The constitution that a file rests on, and what the page says of it."""
    if brought is None or not brought.size:
        raise Refused(refuse("file", _("There is no file."), _("Choose a proof file or an open pack.")))
    if brought.size > LARGEST:
        raise _too_large(brought.size)
    data = brought.read()
    named = {"name": (brought.name or "")[:120], "size": len(data)}
    if packs.is_sealed(data):
        raise Refused(
            refuse(
                "pack-seal",
                _("This pack is sealed; only its receiver's box key opens it."),
                _("Its receiver checks it: dtti verify FILE --node FOLDER."),
            )
        )
    if data[:13].rstrip(b"\0") == b"manifest.json":
        report = packs.check_pack(data, workers=0)
        return report.constitution, {
            **named,
            "what": "pack",
            "good": report.good,
            **_verdict(request, report.constitution, good=report.good),
            "says": "",
            "entries": report.acts,
            "root": report.root,
            "constitution": report.constitution,
            "faults": said_faults(report.faults),
        }
    found = proofs.check(data)
    held = _held(request, found)
    faults = [*found.faults, *(held.faults if held else ())]
    return found.constitution, {
        **named,
        "what": "proof",
        "good": not faults,
        **_verdict(request, found.constitution, good=not faults),
        "says": found.says,
        "claim": found.claim,
        "constitution": found.constitution,
        "as_of": found.as_of,
        "revoked_since": list(dict.fromkeys([*found.dropped, *(held.dropped if held else ())])),
        "superseded_here": held.later if held else [],
        "compared": held is not None and held.judged,
        "text": found.text.decode("utf-8", "replace") if found.text is not None else None,
        "faults": said_faults(faults),
    }


def _verdict(request: HttpRequest, constitution: str, *, good: bool) -> Row:
    """Of a file in which nothing is wrong: whether it rests on the founding of the record held here."""
    node = page.node_of(request)
    own = bool(node.book.released.size) and founding.fingerprint(node) == constitution
    return {"verdict": "bad" if not good else "good" if own else "unconfirmed", "confirmed": good and own}


def _held(request: HttpRequest, found: proofs.Verdict) -> beside.Beside | None:
    """What both ledgers here show beside a proof of the same founding; to nobody who may not look into them."""
    node, viewer = page.node_of(request), page.viewer_of(request)
    if not found.good or RELEASED not in explore.official(node, viewer):
        return None
    if founding.fingerprint(node) != found.constitution:
        return None
    return beside.compare(found, beside.of_book(node.book))
