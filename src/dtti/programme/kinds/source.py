"""Source: a public document or report that other records cite."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import Line, When

SourceType = Literal[
    "official",
    "official-copy",
    "press",
    "explainer",
    "commentary",
    "think-tank",
    "encyclopaedia",
    "database",
    "forum-copy",
    "fact-check",
]


class Source(Content, frozen=True, kw_only=True):
    """What a citation names. `official-copy` is the text of an official release or statute held elsewhere."""

    title: Line
    publisher: Line | None = None
    url: Line | None = None
    published: When | None = None
    type: SourceType | None = None


def _checks(source: Source, context: Context) -> list[Refusal]:
    if source.url is None or source.url.startswith(("https://", "http://")):
        return []
    return [
        Refusal(
            "source-address", f"{source.url[:60]} is not a web address.", "Begin it with https:// or http://.", "url"
        )
    ]


SOURCE = Kind(
    code="source",
    mode="own",
    writers="secretariat",
    content=Source,
    facets=lambda source: facets(source, subtitle=source.publisher, category=source.type, on=source.published),
    checks=_checks,
    face=Face(
        one=N_("source"),
        many=N_("Sources"),
        section="rests",
        place=1,
        lede=N_("Every public document and report that the record cites."),
        columns=(
            Column(N_("Source"), NAME, order="title"),
            Column(N_("Reference"), "ref", order="ref"),
            Column(N_("Publisher"), "subtitle"),
            Column(N_("Published"), "date", order="earliest"),
            Column(N_("Type"), "category"),
        ),
        graded=False,
        filters=(("category", N_("Type")),),
        years=True,
        missed=("publisher", "published"),
    ),
)
