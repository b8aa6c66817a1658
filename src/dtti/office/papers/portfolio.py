"""All projects on one page of paper: those with a stage first, at rest marked, the rest counted."""

from __future__ import annotations

from typing import Any, Final, cast

from dtti.documents.charts.when import placed
from dtti.documents.values import LANGUAGES, Words
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.language.numbers import grouped
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal
from dtti.office import pipeline
from dtti.office.asking import Asking
from dtti.papers.charts import portfolio as charts
from dtti.papers.data.head import Basis, Head
from dtti.papers.data.portfolio import Aged, PortfolioPage

from .material import NATIONAL as NOT_RELEASED
from .material import in_both, recorded, said

MOST: Final = 12  # rows of one page
_FEW: Final = N_("Below five cases they are listed, and no statistic is given. Open cases enter none.")


def portfolio(asking: Asking) -> PortfolioPage:
    """The page of all projects, as who asks may know of them."""
    found = pipeline.pipeline(asking, {})
    drawn = [each for each in found.projects if each.passed or not each.row.compiled]
    drawn.sort(key=lambda each: (each.ended, not each.passed, [one.entered[0] for one in each.passed], each.row.ref))
    node = asking.node
    inside = bool(pipeline.inside(asking, found))
    # Who reads a paper that may go out must not learn from it when something happened inside.
    reader = asking.viewer if inside or asking.viewer.public else Viewer(node.side)
    acts = journal.recent(node, reader, 1, known=asking.moment.bound)
    known = (acts[0].time if acts else f"{found.on}T00:00:00Z").replace("T", " ").replace("Z", " UTC")
    return PortfolioPage(
        head=Head(
            title=said(N_("Portfolio")),
            reference=f"{node.config.programme.upper()}/portfolio",
            label=" / ".join(translate(NOT_RELEASED, each) for each in LANGUAGES)
            if pipeline.inside(asking, found)
            else "",
            date=found.on.isoformat(),
            exercise=node.config.environment == "exercise",
            basis=Basis(
                version=0,
                grade=said(N_("as each project's record stands")),
                known=known,
                on=asking.moment.on or None,
                entry=acts[0].index if acts else None,
                side=cast("Any", acts[0].side) if acts and acts[0].side in ("IND", "USA") else None,
            ),
        ),
        as_of=found.on.isoformat(),
        projects=charts.Portfolio(
            in_both(lambda _each: node.config.programme.upper()), found.on, tuple(_drawn(each) for each in drawn[:MOST])
        ),
        ageing=tuple(_aged(each) for each in pipeline.ageing(found) if each.n or each.open or each.unsure),
        left_out=found.total - min(MOST, len(drawn)),
        notes=(said(_FEW),),
    )


def _drawn(one: pipeline.One) -> charts.Project:
    waited = one.waited
    return charts.Project(
        one.row.ref or one.row.code,
        recorded(one.row.title or one.row.ref),
        tuple(
            charts.Stay(stay.stage, pipeline.edtf(stay.entered), pipeline.edtf(stay.left) if stay.left else None)
            for stay in one.passed
        ),
        (in_both(lambda each: "; ".join(one.stands(each))),) if one.stands("en") else (),
        cast("Any", waited.on) if waited and waited.on in ("IND", "USA") else None,
        waited.days if waited else 0,
        placed(one.promises[-1].said) if one.promises else None,
        one.slip,
    )


def _aged(found: pipeline.Ageing) -> Aged:
    left = said(N_("none"))
    if found.median is not None and found.p85 is not None:
        left = said(
            N_("median %(median)s days, 85th percentile %(p85)s, n = %(n)s"),
            median=_number(found.median),
            p85=_number(found.p85),
            n=_number(found.n),
        )
    elif found.left or found.unsure:
        left = _cases([*found.left, *found.unsure])
    return Aged(stage=found.stage, left=left, open=_cases(found.open) if found.open else said(N_("none")))


def _cases(cases: list[pipeline.Case]) -> Words:
    return in_both(lambda each: ", ".join(f"{case.ref} {_days(case, each)}" for case in cases[:MOST]))


def _days(case: pipeline.Case, language: Any) -> str:
    if case.least == case.most:
        return grouped(case.least, language)
    return f"{grouped(case.least, language)}–{grouped(case.most, language)}"


def _number(value: int) -> Words:
    return in_both(lambda each: grouped(value, each))
