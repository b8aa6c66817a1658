"""Export classification: under which entry of its own list a side puts what a project would move. Own and national."""

from typing import Literal

from dtti.accord.refusal import Refusal
from dtti.language.marking import N_
from dtti.programme.export import Regime, regimes
from dtti.programme.face import NAME, Column, Face
from dtti.programme.facets import facets
from dtti.programme.kind import Content, Context, Kind
from dtti.programme.values import Line, OfficeRef, ProjectRef, Prose, SideCode, When


class ExportClassification(Content, frozen=True, kw_only=True):
    """What is classified, under which list and code, by whom, when, why.

    `basis`: by whoever would export it, or determined by the licensing authority, whose number is `registry`.
    """

    side: SideCode
    project: ProjectRef | None = None
    item: Line
    regime: Regime
    entry: Line
    office: OfficeRef
    on: When
    why: Prose
    basis: Literal["self-classified", "determined"] = "self-classified"
    registry: Line | None = None


def _checks(made: ExportClassification, context: Context) -> list[Refusal]:
    found = []
    of = regimes()[made.regime]
    if of.side != made.side:
        found.append(
            Refusal(
                "export-regime",
                f"{made.side} classifies under a list of the other side ({of.words}).",
                "Name a list of the own side; the other side classifies under its own.",
                "regime",
            )
        )
    if not of.fits(made.entry):
        found.append(
            Refusal(
                "export-entry",
                f"{made.entry[:40]} has not the form of an entry of this list: {of.words}.",
                f"Write the entry alone, such as {of.example}.",
                "entry",
            )
        )
    if not made.office.startswith(f"{made.side}/"):
        found.append(
            Refusal(
                "export-office",
                f"A side classifies by an office of its own, not by {made.office}.",
                "Name the office of that side that classified it.",
                "office",
            )
        )
    if made.basis == "determined" and made.registry is None:
        found.append(
            Refusal(
                "export-determined",
                "It is said to be determined by the licensing authority, and its number is not given.",
                "Give the number of the determination and who holds it.",
                "registry",
            )
        )
    return found


EXPORT_CLASSIFICATION = Kind(
    code="export_classification",
    mode="own",
    writers="export reviewer of that side",
    content=ExportClassification,
    facets=lambda made: facets(made, made.item, subtitle=made.entry, category=made.regime, about=made.side, on=made.on),
    checks=_checks,
    of_author=True,
    face=Face(
        one=N_("export classification"),
        many=N_("Export classifications"),
        section="work",
        place=6,
        lede=N_("Under which entry of its own list a side puts what would be moved. Kept inside until released."),
        columns=(
            Column(N_("Item"), NAME, order="title"),
            Column(N_("List"), "category"),
            Column(N_("Entry"), "subtitle"),
            Column(N_("Classified on"), "date", order="earliest"),
            Column(N_("Side"), "about"),
        ),
        graded=False,
        filters=(("about", N_("Side")), ("category", N_("List")), ("project", N_("Project"))),
        drafted=("side", "project", "item", "regime", "entry", "office", "on", "why", "basis", "registry"),
        begun=8,
        begins=lambda beginning: {"side": beginning.side},
        words={
            "regime": N_("List"),
            "entry": N_("Entry of the list"),
            "usml": N_("United States Munitions List"),
            "eccn": N_("Commerce Control List (ECCN)"),
            "scomet": N_("SCOMET list"),
            "self-classified": N_("by whoever would export it"),
            "determined": N_("by the licensing authority"),
        },
    ),
)
