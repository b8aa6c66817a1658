"""Makes a paper of a kind: plain data in, a PDF out, the same bytes for the same data. Knows no paper's content."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.documents.reading import decoded
from dtti.documents.typeset import inserts
from dtti.documents.typeset.compile import compiled
from dtti.documents.typeset.glyphs import fit_all, name
from dtti.documents.values import Side
from dtti.documents.words import Reading, words

from .former import in_todays_spelling
from .kinds import KINDS, Kind

Sheet = Literal["a4", "us-letter"]
_TEMPLATES = Path(__file__).with_name("typst")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Typeset:
    """A paper as made: the PDF, its pages, and the characters that stand in it as their codes, with how often.

    `pdf_a`: whether it is PDF/A-2b. It is not where PDFs from elsewhere were put in, for which nobody here can vouch.
    """

    pdf: bytes
    missing: Mapping[str, int]
    pages: int
    pdf_a: bool

    @property
    def warnings(self) -> list[str]:
        """What stands as its code, one line for each character."""
        return [f"{name(character)}: shown as its code {often} times" for character, often in self.missing.items()]


def kind_of(wanted: str) -> Kind:
    """The kind called `wanted`; Refused where there is none."""
    if wanted not in KINDS:
        raise Refused(
            refuse("paper-kind", f"there is no paper called {wanted[:40]!r}", f"Choose one of: {', '.join(KINDS)}.")
        )
    return KINDS[wanted]


def read(wanted: str, raw: bytes, *, where: str = "the data") -> msgspec.Struct:
    """`raw`, JSON in UTF-8, as what the paper `wanted` holds; Refused with the place in it that is wrong."""
    return decoded(
        in_todays_spelling(raw),
        kind_of(wanted).struct,
        rule="paper-data",
        where=where,
        what=wanted,
        remedy=f"Correct it; `dtti paper {wanted} --example` prints data in the right form.",
        largest=LARGEST,
    )


LARGEST = 64 * 1024 * 1024
"""Bytes of JSON that are read for one paper."""


def typeset(
    wanted: str,
    data: msgspec.Struct,
    *,
    language: Reading = "en",
    first: Side | None = None,
    sheet: Sheet = "a4",
    attached: Mapping[str, bytes] | None = None,
    shown: Mapping[str, Any] | None = None,
    progress: Progress = lambda _: None,
) -> Typeset:
    """The paper `wanted` from `data`, as a PDF and with what could not be printed.

    `first`: the side named first; needed for papers in two originals, otherwise India, then the United States.
    `attached`: the PDFs that the data names. `shown`: more values for the template, read there as `extra`, on top of
    what the kind itself works out. `progress` is told what goes on.
    """
    kind = kind_of(wanted)
    if not isinstance(data, kind.struct):
        raise TypeError(f"{wanted} holds {kind.struct.__name__}, not {type(data).__name__}")
    if kind.two_originals and first is None:
        raise Refused(
            refuse(
                "alternat",
                f"{wanted} is signed in two originals, and it is not said whose this is",
                "Name the side that comes first in it: IND or USA.",
            )
        )
    plain = msgspec.to_builtins(data)
    worked_out = kind.extra(data, first or "IND") if kind.extra else {}  # noqa: S610 - no query of a database
    extra = {**worked_out, **(shown or {})}
    named = kind.files(data) if kind.files else ()
    enclosed = inserts.enclosed(named, attached or {}, progress)
    missing: Counter[str] = Counter()
    job = {
        "data": fit_all(plain, missing),
        "extra": {
            **{key: each if key == "seal" else fit_all(each, missing) for key, each in extra.items()},
            "files": [enclosed[name].told if name else None for name in named],
        },
        "words": words(),
        "kind": {"en": kind.title.en, "hi": kind.title.hi},
        "language": language,
        "order": ["USA", "IND"] if first == "USA" else ["IND", "USA"],
        "sheet": sheet,
        "unreviewed": _unreviewed(plain),
    }
    job["missing"] = [{"name": name(character), "times": often} for character, often in missing.items()]
    progress(f"{kind.title.en} is set")
    pdf = compiled(kind.template, job, {each.path: each.pdf for each in enclosed.values()}, folder=_TEMPLATES)
    return Typeset(pdf, dict(missing), inserts.pages_of(pdf), not enclosed)


def render(wanted: str, data: msgspec.Struct, **settings: Any) -> bytes:
    """The PDF of the paper `wanted`; settings as in `typeset`."""
    return typeset(wanted, data, **settings).pdf


def files_of(data: msgspec.Struct, get: Callable[[str], bytes]) -> dict[str, bytes]:
    """The files that `data` names, each fetched with `get` by its name."""
    named = {
        name for kind in KINDS.values() if kind.files and isinstance(data, kind.struct) for name in kind.files(data)
    }
    return {name: get(name) for name in sorted(named) if name}


def _unreviewed(value: object) -> bool:
    """Whether any text in `value` is in part a translation that nobody has reviewed."""
    if isinstance(value, dict):
        return value.get("reviewed") is False or any(map(_unreviewed, value.values()))
    return isinstance(value, list | tuple) and any(map(_unreviewed, value))
