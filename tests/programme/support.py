"""What several tests of the programme floor need: the history files beside the repository, versions made by hand."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dtti.programme import reports
from dtti.programme.kind import Content
from dtti.programme.kinds import KINDS
from dtti.programme.published import load
from dtti.programme.reports import Collection, Records, Version, published

ROOT = Path(__file__).resolve().parents[2]
HISTORY = ROOT.parent / "shared" / "history"

needs_history = pytest.mark.skipif(not HISTORY.is_dir(), reason="the history files are not beside this repository")


def history(file: str) -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((HISTORY / file).read_text(encoding="utf-8"))


@cache
def public_record() -> Collection:
    """The packaged public record as reports read it."""
    return published()


@cache
def packaged() -> dict[str, Content]:
    """The packaged public record by ``kind:ref``."""
    return {f"{item.kind}:{item.ref}": item.content for item in load()}


def version(kind: str, grade: str = "stated", by: str = "IND", **stored: Any) -> Version[Any]:
    """A version of a record of `kind` with the content that `stored` says, created by a side."""
    content = KINDS[kind].read(stored)
    ref = content.ref
    return Version(f"{kind}/{by}/{ref}", ref, kind, by, grade, f"act of {ref}", "2027-01-01T00:00:00Z", content)


def report(name: str, records: Records, *, on: date | None = None, body: str | None = None) -> dict[str, Any]:
    """A report as JSON says it."""
    made: dict[str, Any] = msgspec.to_builtins(reports.report(name, records, on=on, body=body))
    return made


def ask(name: str, *versions: Version[Any], on: str | None = None, body: str | None = None) -> dict[str, Any]:
    """A report over records made by hand."""
    return report(name, Collection(versions), on=date.fromisoformat(on) if on else None, body=body)


def at(document: Any, pointer: str) -> Any:
    """The value at a JSON Pointer (RFC 6901)."""
    for token in pointer.split("/")[1:]:
        token = token.replace("~1", "/").replace("~0", "~")
        document = document[int(token)] if isinstance(document, list) else document[token]
    return document
