"""Every paper with sample data, in every reading. Knows the samples; knows no layout."""

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from typing import get_args

from . import charts
from .data.words import SIDES, Side
from .kinds import KINDS
from .render import Sheet, Typeset, kind_of, read, typeset
from .words import Reading

_FOLDER = files("dtti.papers") / "samples"


def sample(kind: str) -> bytes:
    """The sample data of a kind, JSON; made-up people and projects. Refused where there is no such kind."""
    return (_FOLDER / f"{kind_of(kind).name}.json").read_bytes()


def sample_files(name: str) -> bytes:
    """A file that a sample names."""
    return (_FOLDER / name).read_bytes()


def papers(
    only: Sequence[str] = (),
    *,
    sheet: Sheet = "a4",
    progress: Callable[[str], None] = lambda _: None,
) -> Iterator[tuple[str, Typeset]]:
    """Each sample with its file name: KIND-LANG.pdf, or KIND-SIDE-LANG.pdf where there are two originals."""
    from .render import files_of

    for kind in [kind_of(each) for each in only] or KINDS.values():
        data = read(kind.name, sample(kind.name))
        attached = files_of(data, sample_files)
        firsts: tuple[Side | None, ...] = SIDES if kind.two_originals else (None,)
        for first in firsts:
            for language in get_args(Reading):
                name = "-".join(each for each in (kind.name, first, language) if each)
                progress(f"{name}")
                yield (
                    f"{name}.pdf",
                    typeset(kind.name, data, language=language, first=first, sheet=sheet, attached=attached),
                )


def drawings(progress: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """Every chart with sample data, as chart-NAME-LANG.svg and chart-NAME-LANG.pdf."""
    for name, language, svg, pdf in charts.gallery(progress):
        yield f"chart-{name}-{language}.svg", svg
        yield f"chart-{name}-{language}.pdf", pdf
