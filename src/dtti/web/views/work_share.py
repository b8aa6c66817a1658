"""How the cost and the work of a project are shared between the sides, as its page shows it. Holds no rule."""

from __future__ import annotations

from dtti.programme.kinds.project import Project
from dtti.web.parts import Fact

from . import facts, shown, words
from .shown import Names
from .words import _


def shares(names: Names, content: Project) -> list[Fact]:
    """What the project costs and on what basis, each side's share, who carries it out; nothing where none is said."""
    found, cost = [], content.cost
    names.learn(f"source:{ref}" for ref in (content.cite.sources if content.cite else ()))
    if cost is not None:
        said = shown.with_note(words.money(cost.money), shown.text(cost.basis) if cost.basis else "")
        found.append(Fact(_("Cost"), said, cite=names.cite(content.cite, "cost")))
        if cost.shares:
            rows = shown.lines(
                shown.anchor(facts.cell(names, "row", several=False, kind="", value=share)) for share in cost.shares
            )
            found.append(Fact(_("Shares"), rows, cite=names.cite(content.cite, "cost")))
    if content.executing:
        by = shown.lines(shown.text(each) for each in content.executing)
        found.append(Fact(_("Carried out by"), by, cite=names.cite(content.cite, "executing")))
    return found
