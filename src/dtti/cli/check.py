"""`dtti verify` and `dtti check`: what anyone runs on a folder, export, pack or proof. Starts with argparse only.

What is checked, and how, is the ledger's, the accord's and the node's; this says what they found.
"""

import argparse
import re
from collections.abc import Iterator, Sequence

from .answer import BAD, GOOD, answering, progress, say
from .quick import Parser

TYPE_CHECKING = False  # as in `answer`
if TYPE_CHECKING:
    from dtti.accord.proof import AsOf, Verdict
    from dtti.accord.refusal import SaidFault
    from dtti.ledger.chain import Dropped
    from dtti.ledger.verify import Fault, Report
    from dtti.node.checking.beside import Beside

_VERIFY = """\
PATH is a node's folder (all its ledgers, signatures, trees, checkpoints, texts, verdicts, its record and its mark), a
static export, or a pack. Exit code 0: nothing is wrong. 1: something is, and it says where. 2: wrong usage.
Whose keys these are is checked only with --constitution: anyone can make keys and call them IND or USA.
"""
_CHECK = """\
FILE is a proof made by `dtti prove`. Everything it says is derived anew from its own bytes; no node is needed.
Exit code 0: nothing is wrong. 1: something is, and it says where. 2: wrong usage.
Whose keys these are is checked only with --constitution, or --against a node of one's own: anyone can make keys and
call them IND or USA. A proof shows how its text stood as of the ledger sizes that it names; what came later only
--against can show.
"""
_WORDS = {  # of what stands now, by code
    "agreed_here": "another text is agreed here",
    "on_paper": "another text is agreed on paper",
    "recorded": "a later text is recorded",
    "published": "another text is published",
    "stated": "a later version is stated",
    "suspend": "suspended",
    "withdraw_from": "withdrawn from",
}
_COMPARE = "compare it with the one that the two sides read to each other"


def _digest(given: str) -> str:
    """A constitution's digest as it is printed, in one piece or in groups."""
    digest = re.sub(r"[\s:-]", "", given).lower()
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise argparse.ArgumentTypeError("a constitution is named by 64 hexadecimal digits")
    return digest


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="dtti", add_help=False)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", description="Check what a ledger says, from its bytes.", epilog=_VERIFY)
    verify.add_argument("path", metavar="PATH", help="node folder, static export, or pack")
    verify.add_argument("--node", metavar="D", help="node whose box key opens a sealed pack")
    verify.add_argument("--ledgers-only", action="store_true", help="of a node, leave out the record made from ledgers")
    check = commands.add_parser("check", description="Check a proof file, offline.", epilog=_CHECK)
    check.add_argument("file", metavar="FILE", help="proof file")
    check.add_argument(
        "--against",
        metavar="FOLDER",
        action="append",
        help="a node's folder or an export (one of each side) that shows what came later; may stand twice",
    )
    check.add_argument("--text", action="store_true", help="print the proved text after the verdict")
    for one in (verify, check):
        one.add_argument(
            "--constitution",
            metavar="DIGEST",
            type=_digest,
            help="the digest that the two sides read to each other; what rests on another one is bad",
        )
        one.add_argument("--json", action="store_true", dest="as_json", help="answer in JSON")
        one.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run one of the two commands; returns its exit code."""
    given = _parser().parse_args(arguments)
    with answering(as_json=given.as_json):
        if given.command == "check":
            return _check(given.file, given.constitution, given.against, text=given.text, as_json=given.as_json)
        record = not given.ledgers_only
        return _verify(given.path, given.node, given.constitution, record=record, as_json=given.as_json)


def _faults(faults: "Sequence[Fault]") -> "list[SaidFault]":
    if not faults:
        return []
    from dtti.accord.refusal import said_faults

    return said_faults(faults)


def _fault_lines(faults: "list[SaidFault]") -> list[str]:
    """Each fault, then once for each rule that was broken what it asks and rests on."""
    if not faults:
        return []
    from dtti.accord.refusal import in_words

    broken = {one["rule"]: one for one in faults}
    return [
        *(f"  {one['where']}: {one['reason']} (rule {one['rule']})" for one in faults),
        *(f"    rule {name}: {one['asks']} {in_words(one)}".replace(":  ", ": ") for name, one in broken.items()),
    ]


# --- proofs ----------------------------------------------------------------------------------------------------------


def _check(file: str, known: str | None, against: list[str] | None, *, text: bool, as_json: bool) -> int:
    from pathlib import Path

    import msgspec

    from dtti.accord import proof
    from dtti.node.folder.intake import PROOF, read_file

    found = proof.check(read_file(Path(file), PROOF), expected=known)
    beside: Beside | None = None
    if against and found.good:
        from dtti.node.checking import beside as comparing

        beside = comparing.compare(found, comparing.of_folders(map(Path, against)))
    faults = _faults([*found.faults, *(beside.faults if beside else ())])
    good = not faults
    confirmed = good and (found.confirmed or (beside is not None and beside.own))
    shown = found.text if text and good else None
    value: dict[str, object] = {
        "verdict": _verdict(good=good, confirmed=confirmed),
        "good": good,
        "confirmed": confirmed,
        "says": found.says if good else "",
        "constitution": found.constitution if good else "",
        "as_of": msgspec.to_builtins(found.as_of) if good else [],
        "revoked_since": msgspec.to_builtins(found.dropped) if good else [],
        "against": msgspec.to_builtins(beside) if beside and good else None,
        "claim": msgspec.to_builtins(found.claim) if found.claim is not None and good else None,
        "faults": faults,
        "text": shown.decode("utf-8", "replace") if shown is not None else None,
    }
    if good:
        lines = list(_good(found, beside, confirmed=confirmed))
    else:
        lines = ["BAD. Nothing in this file is to be relied on.", *_fault_lines(faults)]
    if shown is not None:
        try:
            lines += ["", *shown.decode("utf-8").split("\n")]
        except UnicodeDecodeError:
            lines += ["", f"The text is no UTF-8 text, and is not printed: {len(shown):,} bytes."]
    say(value, lines, as_json=as_json)
    return GOOD if good else BAD


def _verdict(*, good: bool, confirmed: bool) -> str:
    return "bad" if not good else "good" if confirmed else "unconfirmed"


def _good(found: "Verdict", beside: "Beside | None", *, confirmed: bool) -> "Iterator[str]":
    """What a proof in which nothing is wrong shows, and no more."""
    sizes = ", ".join(f"{one.side} {one.size}" for one in found.as_of)
    since = [*found.dropped, *(beside.dropped if beside else ())]
    later = beside.later if beside else []
    flags = f"{'; REVOKED SINCE' if since else ''}{'; SUPERSEDED HERE' if later else ''}"
    yield f"{'GOOD' if confirmed else 'NOT CONFIRMED'} as of {sizes}{flags}. {found.says}"
    if not confirmed:
        yield "  Nothing in it is wrong, but whose keys these are was NOT checked: anyone can make keys."
    yield from _constitution(found.constitution, confirmed=confirmed, how="--constitution DIGEST, or --against FOLDER")
    for one in found.as_of:
        yield f"  {one.side}: {_as_of(one)}"
    yield from _dropped(since)
    if beside is None:
        yield "  What came later, in either ledger, is not shown: --against FOLDER holds it beside a node or an export."
    else:
        yield from _beside(beside)


def _constitution(digest: str, *, confirmed: bool, how: str = "--constitution DIGEST") -> "Iterator[str]":
    groups = " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))
    yield f"  Constitution {digest}"
    if confirmed:
        yield "    the one that it was compared with"
    else:
        yield f"    {groups}"
        yield f"    {_COMPARE}, or give what you know: {how}"


def _as_of(one: "AsOf") -> str:
    held = "".join(f"; {each.by} held it so at {_moment(each.seconds)}" for each in one.cosigned)
    return f"{one.size} entries, the latest in this file claimed {one.time}{held}"


def _moment(seconds: int) -> str:
    from datetime import UTC, datetime

    if seconds >= 253_402_300_800:  # the year 10000
        return f"second {seconds}"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _dropped(since: "Sequence[Dropped]") -> "Iterator[str]":
    keys = {(one.side, one.role, one.key, one.version, one.at): list[int]() for one in since}
    for one in since:
        signed = keys[one.side, one.role, one.key, one.version, one.at]
        if one.index not in signed:
            signed.append(one.index)
    for (side, role, key, version, at), entries in keys.items():
        yield (
            f"  Revoked since: {role} key {key} of {side}, which signed entry {', '.join(map(str, entries))}; "
            f"its key list {version}, entry {at}, names it no more"
        )


def _beside(beside: "Beside") -> "Iterator[str]":
    sizes = ", ".join(f"{side} {size}" for side, size in sorted(beside.sizes.items()))
    yield f"  Held against {sizes}"
    for one in beside.later:
        yield f"  Superseded here: {_WORDS[one.what]}, by {one.side} at {one.time} (act {one.act})"
    if beside.unseen:
        yield f"  Of {' and '.join(beside.unseen)} less is held here than the proof covers: not compared whole"
    if beside.judged and not beside.later:
        yield "  By what is held here the text stands as the proof says"
    elif not beside.judged:
        yield "  What became of the record since could not be judged: both ledgers are needed, as far as the proof goes"


# --- folders, exports and packs --------------------------------------------------------------------------------------


def _verify(path: str, node: str | None, known: str | None, *, record: bool, as_json: bool) -> int:
    from pathlib import Path

    from dtti.ledger.verify import Fault
    from dtti.node.checking import verify

    given = Path(path)
    reports = verify.verify(given, opened_by=Path(node) if node else None, record=record, tell=progress)
    progress("")
    constitution = next((one.constitution for one in reports if one.constitution), "")
    if known is not None and known != constitution:
        reports[0].faults.append(Fault("constitution", "constitution", f"it rests on {constitution}, not on {known}"))
    good = all(one.good for one in reports)
    confirmed = good and known is not None
    value = {
        "verdict": _verdict(good=good, confirmed=confirmed),
        "good": good,
        "confirmed": confirmed,
        "path": path,
        "constitution": constitution,
        "parts": [
            {
                "subject": one.subject,
                "size": one.size,
                "root": one.root,
                "acts": one.acts,
                "time": one.time,
                "cosigned": [{"by": by, "seconds": seconds} for by, seconds in one.cosigned],
                "good": one.good,
                "faults": _faults(one.faults),
                "flagged": [{"where": each.where, "reason": each.reason} for each in one.flagged],
            }
            for one in reports
        ],
    }
    # Of his own node whoever runs it knows whose it is; of what was given to him nothing says so but the constitution.
    own = given.is_dir() and (given / "node.toml").exists()
    word = "BAD" if not good else "GOOD" if confirmed or own else "NOT CONFIRMED"
    lines = [f"{word}. {path}", *(line for one in reports for line in _part(one))]
    if good and constitution:
        if not confirmed:
            lines.append("  Nothing in it is wrong; whose keys these are was NOT checked: anyone can make keys.")
        lines += _constitution(constitution, confirmed=confirmed)
    say(value, lines, as_json=as_json)
    return GOOD if good else BAD


def _part(report: "Report") -> list[str]:
    size = f", {report.size} entries" if report.size else ""
    root = f", root {report.root[:16]}" if report.size and report.root else ""
    time = f", as of {report.time}" if report.time else ""
    held = "".join(f", held so by {by} at {_moment(seconds)}" for by, seconds in report.cosigned)
    return [
        f"  {report.subject}{size}{root}{time}{held}: {'good' if report.good else 'BAD'}",
        *_fault_lines(_faults(report.faults)),
        *(f"  Flagged, and good as judged then: {each.where}: {each.reason}" for each in report.flagged),
    ]
