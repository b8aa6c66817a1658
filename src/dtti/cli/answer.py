"""How commands answer: words or JSON, refusals by rule, reason and remedy, exit codes. Knows no command.

A refusal goes to standard error as four lines, or with `--json` to standard output as ``{"refused": [...]}``; both end
in exit code 1. An answer that cannot be written is no refusal: what was done stands, and the code is 4. Whatever a
floor below raises on purpose is said in the same shape; anything else is a defect and shows its traceback. `verify`
and `check` start through here, so what is not always needed is imported where it is.
"""

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from types import TracebackType

from dtti.language.printed import printable

TYPE_CHECKING = False  # `typing` itself takes a fifth of the time in which `verify` and `check` are to start
if TYPE_CHECKING:
    from typing import Protocol, TextIO

    from dtti.accord.refusal import SaidRefusal

    class Closable(Protocol):
        """A node, or anything else that is closed when a command ends."""

        def close(self) -> None: ...


GOOD, BAD, USAGE = 0, 1, 2
UNSAID = 4  # what was asked for was done, and its answer could not be written; 3 is of `dtti status`

_SPELLED = r"(?P<reason>.*) \(rule (?P<rule>[a-z0-9-]+)\)\.? ?(?P<remedy>.*)"


def say(value: object, words: Iterable[str], *, as_json: bool, lost: str = "") -> None:
    """Print `value` as JSON, or else `words`, line by line. No character of either moves the cursor or hides.

    What was done stands, whether this can be written or not: `lost` says what then helps, where no look at what stands
    gives the answer again.
    """
    if as_json:
        import json

        lines = [printable(line, json=True) for line in json.dumps(value, ensure_ascii=False, indent=2).split("\n")]
    else:
        lines = [printable(line) for line in words]
    if against := written(lines):
        not_said(against, lost)


def written(lines: Iterable[str] = ()) -> OSError | None:
    """Write lines to standard output, to the end; what stood against it. A reader that went away is no such thing."""
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _nowhere(sys.stdout)
        return error
    return None


def _nowhere(stream: "TextIO") -> None:
    """Let what is left to flush of a stream go nowhere: it would fail again, and change the exit code."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


unsaid: list[OSError] = []  # why the answer of the command at work could not be written


def not_said(against: OSError, lost: str = "") -> None:
    """Say on standard error that what was asked for stands, and that its answer could not be written."""
    unsaid.append(against)
    lines = {
        "unsaid": f"the command ran to its end, and what it did stands; its answer could not be written: {against}",
        "  rule": "output",
        "remedy": lost or "Do not ask for it again before you have looked at what stands, with `dtti status`.",
    }
    try:
        for name, words in lines.items():
            print(f"{name}: {printable(words)}", file=sys.stderr)
    except OSError:  # it may be the same full disc
        _nowhere(sys.stderr)


def progress(words: str) -> None:
    """A line on what goes on, where a person is watching; it is overwritten by the next."""
    if sys.stderr.isatty():
        print(f"\r\x1b[2K{printable(words)}", end="" if words else "\r", file=sys.stderr, flush=True)


def _named(error: Exception) -> tuple[str, str] | None:
    """Rule and remedy for what the floors below raise, where their message does not give them; None: a defect."""
    from dtti.accord.pair import Strangers
    from dtti.accord.rules import UnknownRules
    from dtti.accord.standing import Fork
    from dtti.ledger.act import MalformedLeaf
    from dtti.ledger.canonical import ProfileError
    from dtti.ledger.checkpoint import CheckpointError
    from dtti.ledger.engine import Away, StoreError
    from dtti.ledger.export import ExportError
    from dtti.ledger.keyfile import KeyFileError
    from dtti.ledger.keylist import KeyListError
    from dtti.ledger.pack import PackError
    from dtti.node.folder.config import ConfigError

    for kind, rule, remedy in (
        (ConfigError, "settings", "Correct it in node.toml; docs/settings.md lists every setting."),
        (Away, "database-away", "Start the database server, or look at its address; nothing was changed."),
        (StoreError, "store", "Look at the disc, then run `dtti verify` on the node's folder."),
        (KeyFileError, "keys", "Check the key ring and its passphrase."),
        (KeyListError, "keys", "Make the key list so that it meets the rule."),
        (UnknownRules, "rules", "Upgrade this installation first."),
        (Fork, "fork", "Compare both checkpoints with the other side."),
        (Strangers, "founding", "Compare the fingerprints of both foundings."),
        (PackError, "pack", "Ask the sender for the pack again."),
        (ExportError, "export", "Make the export again."),
        (CheckpointError, "checkpoint", "Ask for the present checkpoint."),
        (MalformedLeaf, "leaf", "Run `dtti verify` on the node's folder."),
        (ProfileError, "profile", "Write it in the form that docs/format.md gives."),
        (LookupError, "missing", "Look at `dtti status`."),
        (OSError, "file", "Check the path, its rights and the space on the disc."),
    ):
        if (
            isinstance(error, kind)
            and not isinstance(error, BrokenPipeError)
            and not (kind is LookupError and isinstance(error, KeyError | IndexError))
        ):
            return rule, remedy
    return None


def refusals(error: Exception) -> "list[SaidRefusal] | None":
    """What `error` says as rule, reason, remedy and the rule's grounds; None where it is a defect of this software."""
    import re

    from dtti.accord.refusal import Refused, refuse

    if isinstance(error, Refused):
        return [one.said() for one in error.refusals]
    named = _named(error)
    if named is None:
        return None
    rule, remedy = named
    spelled = re.fullmatch(_SPELLED, str(error), re.DOTALL)
    if spelled:
        return [refuse(spelled["rule"], spelled["reason"], _sentence(spelled["remedy"]) or remedy).said()]
    reason, semicolon, last = str(error).rpartition("; ")
    if not semicolon or isinstance(error, OSError):
        return [refuse(rule, str(error), remedy).said()]
    return [refuse(rule, reason, _sentence(last)).said()]


def in_one_line(error: Exception) -> "tuple[str, str]":
    """The rule by which something failed, and what is said of it in one line; the rule `fault` for a fault of ours."""
    from dtti.accord.refusal import in_words

    found = refusals(error)
    if found is None:
        return "fault", f"failed: {type(error).__name__}"
    said = (f"{one['reason']} (rule {one['rule']}, {in_words(one)}). {one['remedy']}" for one in found)
    return str(found[0]["rule"]), "; ".join(said)


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:].rstrip(".") + "." if words else ""


opened: "list[Closable]" = []  # by the command at work: a process runs one at a time


def _refused_in_json(found: "list[SaidRefusal]") -> bool:
    """Write a refusal as JSON; whether it could be."""
    import json

    lines = json.dumps({"refused": found}, ensure_ascii=False, indent=2).split("\n")
    return written(printable(line, json=True) for line in lines) is None


class answering:  # noqa: N801 - read as a statement: `with answering(...)`
    """Run a command's work; what it opened is closed, and a refusal is said and ends it with exit code 1."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        found = refusals(error) if isinstance(error, Exception) else None
        while opened:
            opened.pop().close()
        if found is None:
            return
        progress("")
        if not self.as_json or not _refused_in_json(found):
            from dtti.accord.refusal import in_words

            for one in found:
                lines = {"refused": one["reason"], "   rule": one["rule"], " remedy": one["remedy"]}
                for name, said in (lines | {" source": in_words(one)}).items():
                    print(f"{name}: {printable(said)}", file=sys.stderr)
        raise SystemExit(BAD) from None
