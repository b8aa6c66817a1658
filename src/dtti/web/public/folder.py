"""Makes the public folder: asks for every page that links lead to, links the files, puts the whole in place. No rule.

It is made beside the old one, which stands until the new one is whole.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Final

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.node.core import visibility
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder.files import locked, swap
from dtti.web.page import record_url

from . import data, feed, kept, meetings, verifying
from .addresses import file_of
from .asking import MADE, start
from .due import MARK, stands, state, today
from .pages import Pages

STATIC: Final = ("dtti.css", "icon.svg", "fonts")
OLD: Final = "old"  # what stood before, while the new one takes its place
TRIES: Final = 3


class Made(msgspec.Struct, frozen=True):
    """What was made: the day that it tells of, how many files, how many of them pages."""

    as_of: str
    side: str
    pages: int
    files: int


class Done(msgspec.Struct, frozen=True):
    """What was made, and how: answers that were made `anew`, and those `kept` from the run before.

    `others`: answers that are no pages: tables, charts, papers. `unkept`: why no note of this run could be kept for the
    next one, which makes every page anew then; empty where it is kept.
    """

    made: Made
    anew: int
    kept: int
    others: int
    unkept: str = ""


def make(node: Node, out: Path, *, base: str = "", processes: int = 0) -> Done:
    """Make the public folder of `node` at `out`, in place of one that was made there before.

    `base`: the address at which it will be served. Refused where `out` holds anything else, where the record went on
    changing while the pages were made, or where a public record had no page: what stood before then stands.
    """
    out = out.resolve()
    _may_stand(out)
    visibility.fix(visibility.now())
    out.parent.mkdir(parents=True, exist_ok=True)
    base, lacking = f"{base.rstrip('/')}/" if base else "", 0
    with _beside(out) as place, _asking(node, processes) as pool:
        for number in range(TRIES):
            part = place / str(number)
            part.mkdir()
            before = state(node)
            made, note, lacking = _make(node, part, base, pool, out)
            if not lacking and state(node) == before:
                kept.place(out).unlink(missing_ok=True)  # else a note of one folder might stand beside another
                _put(part, out)
                unkept = ""
                try:
                    kept.write(out, note.note)
                except OSError as error:  # the folder stands all the same
                    unkept = str(error)
                answers = len(note.fresh) + len(note.still)
                return Done(made, len(note.fresh), len(note.still), answers - made.pages, unkept)
    if lacking:
        raise Refused(
            refuse(
                "public-whole",
                f"{lacking} public records were not there while their pages were made.",
                "See that what serves this node is of this version, and start it again; then make it again.",
            )
        )
    raise Refused(
        refuse(
            "public-still",
            "The record changed each time while its pages were made.",
            "Make it when fewer entries come in, at night for example.",
        )
    )


def _may_stand(out: Path) -> None:
    if out.is_dir() and (stands(out) or not any(out.iterdir())):
        return
    if out.exists() or out.is_symlink():
        raise Refused(
            refuse(
                "public-folder",
                f"{out} holds something that was not made by this command.",
                "Name a folder that is empty or not there, or one that it made before.",
            )
        )


@contextmanager
def _beside(out: Path) -> Iterator[Path]:
    """A folder beside `out` to make the new one in. What runs that were killed left there is taken away."""
    for left in out.parent.glob(f".{escape(out.name)}.making-*"):
        with suppress(OSError), locked(left):  # else its process lives
            _take_away(left, out)
    place = Path(tempfile.mkdtemp(prefix=f".{out.name}.making-", dir=out.parent))
    with locked(place):
        try:
            yield place
        finally:
            _take_away(place, out)


def _take_away(place: Path, out: Path) -> None:
    """Take away a folder that something was made in; never with the only public folder that there is.

    What stood before is in it where a run ended between the two renames by which it put the new one in place: it goes
    back to `out` first.
    """
    for old in place.glob(f"*/{OLD}"):
        if not stands(out):
            try:
                old.rename(out)
            except OSError as error:
                raise Refused(
                    refuse(
                        "public-folder",
                        f"The new folder could not be put in place, nor the one before it put back ({error}): "
                        f"nothing stands at {out}, and what stood there is in {old}.",
                        f"Look at the disc, then make it again: the next run puts it back first. Or move {old} there.",
                    )
                ) from error
    shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _asking(node: Node, processes: int) -> Iterator[Pool]:
    """Processes that ask this node's pages. Each opens the node for itself: an open database outlives no fork."""
    count = processes or min(8, os.cpu_count() or 1)
    with get_context("spawn").Pool(count, start, (str(node.folder.path), visibility.now())) as pool:
        yield pool


def _make(node: Node, place: Path, base: str, pool: Pool, out: Path) -> tuple[Made, Pages, int]:
    """Make the whole folder in a place: what was made, its pages, and how many public records had none."""
    from django.conf import settings

    viewer, day, made = Viewer(node.side, public=True), today(), place / MADE
    made.mkdir()
    changed = feed.changes(node, viewer)
    pages, written = Pages(pool, place, out, f"{kept.software(node.folder)} {base}", day), dict[str, bytes]()
    addresses = {each.record: record_url(each.kind, each.name) for each in changed}
    files = pages.ask(addresses.values())
    of_record = {record: url for record, address in addresses.items() if (url := file_of(address)) in files}
    written |= feed.feeds(changed, base, of_record)
    written |= {f"data/{name}": held for name, held in data.files(node, viewer, day, of_record)}
    written |= meetings.calendars(node, viewer, base, of_record)
    written |= verifying.files()
    shown = sorted(each for each in files if each.endswith(".html"))
    if base:
        written["sitemap.xml"] = feed.sitemap(shown, base)
    pages.link(settings.STATIC_URL, tuple(sorted(written)))
    for name in STATIC:
        given, there = Path(settings.STATIC_ROOT, "dtti", name), made / "static" / "dtti" / name
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(given, there) if given.is_dir() else shutil.copyfile(given, there)
    for name, held in written.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_bytes(held)
    counted = Made(day, node.side, len(shown), 1 + sum(1 for each in made.rglob("*") if each.is_file()))
    (made / MARK).write_bytes(msgspec.json.format(msgspec.json.encode(counted), indent=1) + b"\n")
    return counted, pages, len(addresses) - len(of_record)


def _put(place: Path, out: Path) -> None:
    """Put what was made in place of what stood there; whoever serves it may read it."""
    made, old = place / MADE, place / OLD
    for each in (made, *made.rglob("*")):
        each.chmod(0o755 if each.is_dir() else 0o644)
    if out.exists():
        if swap(made, out):  # at one stroke: whoever is served meanwhile finds the one or the other
            return
        out.rename(old)
    made.rename(out)  # where it fails, what stood before is put back when the place is taken away
