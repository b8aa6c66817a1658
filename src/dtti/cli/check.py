"""`dtti verify` and `dtti check`: what anyone runs on a folder, export, pack or proof. Starts with argparse only.

What is checked, and how, is the ledger's, the accord's and the node's; this says what they found.
"""

import argparse
from collections.abc import Sequence

from dtti.language.printed import printable

from .answer import BAD, GOOD, answering, progress, say

TYPE_CHECKING = False  # as in `answer`
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from dtti.ledger.verify import Fault, Report

_VERIFY = """\
PATH is a node's folder (all its ledgers, signatures, trees, checkpoints, texts, verdicts, its record and its mark), a
static export, or a pack. Exit code 0: all holds. 1: something does not, and it says where. 2: wrong usage.
"""
_CHECK = """\
FILE is a proof made by `dtti prove`. Everything it says is derived anew from its own bytes; no node is needed.
Exit code 0: all holds. 1: something does not, and it says where. 2: wrong usage.
"""


class _Parser(argparse.ArgumentParser):
    """Says wrong usage without printing what it was given as it is: the name of a file is data too."""

    def error(self, message: str) -> "NoReturn":
        super().error(printable(message))


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="dtti", add_help=False)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", description="Check what a ledger says, from its bytes.", epilog=_VERIFY)
    verify.add_argument("path", metavar="PATH", help="node folder, static export, or pack")
    verify.add_argument("--node", metavar="D", help="node whose box key opens a sealed pack")
    verify.add_argument("--ledgers-only", action="store_true", help="of a node, leave out the record made from ledgers")
    verify.add_argument("--json", action="store_true", dest="as_json", help="answer in JSON")
    check = commands.add_parser("check", description="Check a proof file, offline.", epilog=_CHECK)
    check.add_argument("file", metavar="FILE", help="proof file")
    check.add_argument("--text", action="store_true", help="print the proved text after the verdict")
    check.add_argument("--json", action="store_true", dest="as_json", help="answer in JSON")
    for one in (verify, check):
        one.formatter_class = argparse.RawDescriptionHelpFormatter
    return parser


def run(arguments: Sequence[str]) -> int:
    """Run one of the two commands; returns its exit code."""
    given = _parser().parse_args(arguments)
    with answering(as_json=given.as_json):
        if given.command == "check":
            return _check(given.file, text=given.text, as_json=given.as_json)
        return _verify(given.path, given.node, record=not given.ledgers_only, as_json=given.as_json)


def _faults(faults: "Sequence[Fault]") -> "list[dict[str, Any]]":
    if not faults:
        return []
    from dtti.accord.refusal import grounds

    return [{"where": one.where, "rule": one.rule, "reason": one.reason, **grounds(one.rule)} for one in faults]


def _fault_lines(faults: "list[dict[str, Any]]") -> list[str]:
    return [f"  {one['where']}: {one['reason']} (rule {one['rule']})" for one in faults]


def _check(file: str, *, text: bool, as_json: bool) -> int:
    from pathlib import Path

    from dtti.accord import proof
    from dtti.node.intake import PROOF, read_file

    found = proof.check(read_file(Path(file), PROOF))
    faults = _faults(found.faults)
    shown = found.text.decode("utf-8") if text and found.text is not None and found.good else None
    value: dict[str, object] = {
        "good": found.good,
        "says": found.says,
        "claim": None,
        "faults": faults,
        "text": shown,
    }
    if found.claim is not None:
        claim = found.claim
        value["claim"] = {name: getattr(claim, name) for name in claim.__struct_fields__}
    bad = ["BAD. Nothing in this file is to be relied on.", *_fault_lines(faults)]
    lines = [f"GOOD. {found.says}"] if found.good else bad
    if shown is not None:
        lines += ["", shown]
    say(value, lines, as_json=as_json)
    return GOOD if found.good else BAD


def _verify(path: str, node: str | None, *, record: bool, as_json: bool) -> int:
    from pathlib import Path

    from dtti.node import verify

    reports = verify.verify(Path(path), opened_by=Path(node) if node else None, record=record, tell=progress)
    progress("")
    good = all(one.good for one in reports)
    value = {
        "good": good,
        "path": path,
        "parts": [
            {
                "subject": one.subject,
                "size": one.size,
                "root": one.root,
                "acts": one.acts,
                "good": one.good,
                "faults": _faults(one.faults),
            }
            for one in reports
        ],
    }
    lines = [f"{'GOOD' if good else 'BAD'}. {path}", *(line for one in reports for line in _part(one))]
    say(value, lines, as_json=as_json)
    return GOOD if good else BAD


def _part(report: "Report") -> list[str]:
    size = f", {report.size} entries" if report.size else ""
    root = f", root {report.root[:16]}" if report.size and report.root else ""
    return [
        f"  {report.subject}{size}{root}: {'good' if report.good else 'BAD'}",
        *_fault_lines(_faults(report.faults)),
    ]
