"""Every paper with sample data, in every reading. Knows the samples; knows no layout."""

from collections.abc import Callable, Iterator, Sequence
from importlib.resources import files
from itertools import product
from typing import get_args

from dtti.documents.values import SIDES, Side
from dtti.documents.words import Reading

from . import charts
from .kinds import KINDS
from .render import Sheet, Typeset, files_of, kind_of, read, typeset

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
    """Each sample with its file name: KIND-LANG.pdf, or KIND-SIDE-LANG.pdf where there are two originals.

    samples/KIND.VARIANT.json is a further sample of KIND, and makes KIND.VARIANT-LANG.pdf.
    """
    for kind in [kind_of(each) for each in only] or KINDS.values():
        for name in variants(kind.name):
            data = read(kind.name, (_FOLDER / f"{name}.json").read_bytes())
            attached = files_of(data, sample_files)
            firsts: tuple[Side | None, ...] = SIDES if kind.two_originals else (None,)
            for first, language in product(firsts, get_args(Reading)):
                file = "-".join(each for each in (name, first, language) if each)
                progress(file)
                yield (
                    f"{file}.pdf",
                    typeset(kind.name, data, language=language, first=first, sheet=sheet, attached=attached),
                )


def variants(kind: str) -> list[str]:
    """Names of the samples of a kind, without their ending; the plain one first."""
    held = (each.name.removesuffix(".json") for each in _FOLDER.iterdir() if each.name.endswith(".json"))
    return sorted(each for each in held if each.split(".")[0] == kind)


def drawings(progress: Callable[[str], None] = lambda _: None) -> Iterator[tuple[str, bytes]]:
    """Every chart with sample data, as chart-NAME-LANG.svg and chart-NAME-LANG.pdf."""
    for name, language, svg, pdf in charts.gallery(progress):
        yield f"chart-{name}-{language}.svg", svg
        yield f"chart-{name}-{language}.pdf", pdf
