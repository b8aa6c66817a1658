"""Fetching a stretch of a ledger from the counterpart's door into a staging place, through cuts. Believes nothing.

In chunks where the door knows them; where it is of the version before, entries by the page and each text by itself. A
connection that is cut is opened again as long as each brings something: what came before the cut is staged.
"""

import time
from collections.abc import Callable

from dtti.accord.refusal import Refused, refuse
from dtti.ledger import chunk, tiles
from dtti.ledger.act import MAX_LEAF
from dtti.ledger.body import MAX_BODY, SALT

from .stage import PAGE, Stage
from .wire import LineCut, Wire

TRIES = 3  # connections one after the other that bring next to nothing, after which a pull ends
LEAST = 4096  # bytes of records that are more than next to nothing
PAUSE = 0.5  # seconds before a connection is tried again that brought next to nothing


class Fetching:
    """What is asked of one door."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._page = PAGE
        self.former = False  # whether the door turned out to know no chunks

    def fill(self, stage: Stage, path: str, stop: int, look: Callable[[], object] = lambda: None) -> None:
        """Stage entries up to `stop`-1, or as many as it has room for; `path` is empty, or `mirror/`.

        `look` is called after each answer. LineCut where the line does not carry on, Refused where an answer is none;
        what was staged before stays staged.
        """
        failed = 0
        while stage.stop < stop and not stage.full:
            before, part = stage.length, stage.part
            try:
                self._more(stage, path, stop)
            except LineCut as cut:
                stage.flush()
                failed = 0 if stage.length >= before + LEAST else failed + 1
                self._page = max(1, self._page // 4)
                if failed >= TRIES or cut.refusals[0].rule != "line" or self._wire.left <= 0:
                    raise
                time.sleep(PAUSE * failed)
            except Refused as refused:
                # A record that began in another answer may have changed meanwhile: a text was erased there.
                stage.cut_back()
                failed += 1
                if not part or failed >= TRIES or refused.refusals[0].rule not in ("body", "line"):
                    raise
            else:
                stage.flush()
                failed = 0
                if stage.length == before and not stage.full:
                    raise Refused(refuse("line", "the counterpart sent no entries", "Pull again later."))
            look()

    def again(self, ask: Callable[[], bytes | None]) -> bytes | None:
        """What `ask` gives; asked again where the connection is cut."""
        for _ in range(TRIES - 1):
            try:
                return ask()
            except LineCut:
                if self._wire.left <= 0:
                    raise
        return ask()

    def _more(self, stage: Stage, path: str, stop: int) -> None:
        if not self.former:
            expanding = chunk.Expanding(stage.take)

            def keep(data: bytes) -> None:
                try:
                    expanding.take(data)
                except chunk.ChunkError as error:
                    raise _refused(error) from None

            asked = f"{path}chunk?start={stage.stop}&size={stop}&at={stage.part}"
            if self._wire.get(asked, chunk.LARGEST, keep):
                try:
                    expanding.end()
                except chunk.ChunkError as error:
                    raise _refused(error) from None
                return
            self.former = True
        stage.cut_back()
        for leaf in self.page(path, stage.stop, min(stop, stage.stop + self._page)):
            self._record(stage, path, leaf)
            if stage.full:
                return

    def page(self, path: str, start: int, stop: int) -> list[bytes]:
        """Entries from `start` on, at least one, without their texts."""
        data = self._wire.read(f"{path}entries?start={start}&size={stop}", PAGE * (MAX_LEAF + 2))
        try:
            leaves = tiles.unbundle(data or b"")
        except tiles.BundleError as error:
            raise Refused(refuse("line", str(error), "Pull again.")) from None
        if not leaves:
            raise Refused(refuse("line", "the counterpart sent no entries", "Pull again later."))
        if len(leaves) > min(PAGE, stop - start):
            reason = f"{len(leaves)} entries came, {min(PAGE, stop - start)} were asked for"
            raise Refused(refuse("line-size", reason, "Nothing of it was taken in. Look at what it sends."))
        return leaves

    def _record(self, stage: Stage, path: str, leaf: bytes) -> None:
        stage.take(chunk.head(leaf))
        if stage.full:
            return
        for one in chunk.commitments(leaf):
            flag = [chunk.PRESENT]

            def keep(data: bytes, flag: list[bytes] = flag) -> None:
                stage.take((flag.pop() if flag else b"") + data)

            before = stage.length
            found = one.size <= MAX_BODY and self._wire.get(f"{path}bodies/{one.digest}", SALT + one.size, keep)
            if not found:
                stage.take(chunk.ABSENT)
            elif stage.length != before + 1 + SALT + one.size:
                raise Refused(refuse("body", f"text {one.digest[:16]} is not what was committed to", "Pull again."))


def _refused(error: chunk.ChunkError) -> Refused:
    return Refused(refuse(error.rule, str(error), "Nothing of it was taken in. Look at what it sends."))
