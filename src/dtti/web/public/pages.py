"""All pages of one run: those asked anew and those of the run before that are the same, and all of them linked.

Every address that links lead to from the front, in both languages. Knows which pages there are, and nothing on them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from . import kept
from .addresses import FRONT, PAPERS, file_of
from .asking import KNOWN, MADE, TWINS, Answered, again, ask, link, put, same
from .kept import Note, Page
from .resting import STRETCH, Question

T = TypeVar("T")
FILES: Final = 200  # files that one process looks at, or links, at a time


def _stretches(held: Sequence[T], most: int) -> Iterator[Sequence[T]]:
    return (held[at : at + most] for at in range(0, len(held), most))


class Pages:
    """The pages of a run. `place`: where it is made; `out`: the folder of the run before; `by`: which software."""

    def __init__(self, pool: Pool, place: Path, out: Path, by: str, day: str) -> None:
        self.pool, self.place, self.out, self.day = pool, place, out, day
        self.before = kept.read(out, by)
        self.note = Note(kept.FORM, by, day, {}, {})
        self.fresh: dict[str, Answered] = {}
        self.still: dict[str, Page] = {}
        self._told: dict[str, tuple[Question, str]] = {}

    def ask(self, records: Iterable[str]) -> Mapping[str, str]:
        """Ask for every page that links lead to, where that of the run before is not the same; addresses by file.

        `records`: addresses of records, which are asked for whether or not a link leads there.
        """
        same_pages = self._same()
        waiting = [FRONT, *records]
        seen = set(waiting)
        while waiting:
            new, asked = list[str](), list[str]()
            for each in waiting:
                for address in (each,) if PAPERS in each else (each, f"/hi{each}"):
                    if address in same_pages:
                        self.still[address] = same_pages[address]
                        new += same_pages[address].links
                    elif address not in self.fresh:
                        asked.append(address)
            for answers in self._ask(asked):
                seen |= {each.address.removeprefix("/hi") for each in answers}
                new += [link for each in answers for link in each.links]
            waiting = sorted({each.removeprefix("/hi") for each in new} - seen)
            seen.update(waiting)
        self._anew_where_links_changed()
        files = {file_of(each): each for each in self._known()}
        if len(files) != len(self.fresh) + len(self.still):
            raise RuntimeError("two pages would stand in one file")
        return files

    def _ask(self, addresses: Iterable[str]) -> Iterator[list[Answered]]:
        for answers in self.pool.imap_unordered(ask, [(str(self.place), each) for each in addresses], chunksize=4):
            for each in answers:
                self.fresh[each.address] = each
                self.still.pop(each.address, None)
                self._told |= each.news
            yield answers

    def _known(self) -> list[str]:
        return sorted({*self.fresh, *self.still})

    def _same(self) -> dict[str, Page]:
        """The pages of the run before that would be the same today, as far as their own words go."""
        held = [
            (address, page)
            for address, page in self.before.pages.items()
            if not page.dated or self.before.day == self.day
        ]
        asked = [self.before.questions[key] for key in sorted({key for _address, page in held for key in page.rests})]
        tasks = [(str(self.place), each) for each in _stretches(asked, STRETCH)]
        standing = {key for keys in self.pool.imap_unordered(again, tasks) for key in keys}
        stands = [(address, page) for address, page in held if standing.issuperset(page.rests)]
        written = [(address, str(self.out / file_of(address)), page.digest) for address, page in stands]
        written += [
            (f"{address} twin", str(self._twin(self.out, address)), page.twin_digest)
            for address, page in stands
            if page.twin
        ]
        there = {each for found in self.pool.imap_unordered(same, list(_stretches(written, FILES))) for each in found}
        return {
            address: page
            for address, page in stands
            if address in there and (not page.twin or f"{address} twin" in there)
        }

    def _anew_where_links_changed(self) -> None:
        """Ask anew for pages of the run before from which a link leads elsewhere now, or to what was not there."""
        known = {*self.fresh, *self.still}
        changed = [
            address
            for address, page in self.still.items()
            if not known.issuperset(page.found) or not known.isdisjoint(page.lost)
        ]
        changed += [
            address
            for address, page in self.still.items()
            if (one := self.fresh.get(address.removeprefix("/hi"))) and one.twin != page.twin
        ]
        for _answers in self._ask(dict.fromkeys(changed)):
            pass

    @staticmethod
    def _twin(folder: Path, address: str) -> Path:
        return (folder / file_of(address)).with_suffix(".json")

    def link(self, static: str, extra: tuple[str, ...]) -> None:
        """Write all pages with their links, or take them over, and note what is to be kept of the run."""
        twins = [each.address for each in self.fresh.values() if each.twin]
        twins += [address for address, page in self.still.items() if page.twin]
        (self.place / KNOWN).write_bytes(msgspec.json.encode(self._known()))
        (self.place / TWINS).write_bytes(msgspec.json.encode(sorted(twins)))
        made, taken = self.place / MADE, list[tuple[str, str]]()
        for address, page in sorted(self.still.items()):
            taken.append((str(self.out / file_of(address)), str(made / file_of(address))))
            if page.twin:
                taken.append((str(self._twin(self.out, address)), str(self._twin(made, address))))
            self.note.pages[address] = page
        for _done in self.pool.imap_unordered(put, list(_stretches(taken, FILES))):
            pass
        tasks = [(str(self.place), each, static, extra) for each in sorted(self.fresh)]
        for each in self.pool.imap_unordered(link, tasks, chunksize=16):
            one = self.fresh[each.address]
            if one.sure:
                self.note.pages[each.address] = Page(
                    one.links, one.rests, one.dated, one.twin, each.found, each.lost, each.digest, each.twin_digest
                )
        held = self.before.questions | self._told
        self.note.questions = {key: held[key] for page in self.note.pages.values() for key in page.rests}
