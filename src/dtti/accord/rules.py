"""Rule sets: what an act is judged by, under a name that the act carries. Pure; holds no programme of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from . import discipline
from .refusal import Refusal
from .table import TABLE, Row, Terms, read_terms
from .view import Filed, Mode, View

__all__ = ["Mode", "RuleSet", "RuleSets", "UnknownRules"]


@dataclass(frozen=True)
class RuleSet:
    """A named, never-changing set of rules; all but name and kinds as in dtti_1 unless given.

    `kinds`: which kinds of record exist, and whether each is own or joint. `table`: the verbs and their fields.
    `judge`: when an act on a record is valid. `firm_answer_decides`: whether a firm offer needs no closing.
    `neutral_offices`: whether offices of the public record may act for a side. `digest`: what an activation names; a
    test pins it. `procedures`: the versions of the SOP by which moves along the stages are judged, by name.
    """

    name: str
    kinds: Mapping[str, Mode]
    table: Mapping[str, Row] = field(default_factory=lambda: TABLE)
    judge: Callable[[View, str, Filed], Refusal | None] = discipline.judge
    firm_answer_decides: bool = True
    neutral_offices: bool = True
    digest: str = ""
    procedures: tuple[str, ...] = ()

    def read_terms(self, verb: str, terms: dict[str, Any]) -> Terms | Refusal:
        """The typed fields of a verb of this set, or the Refusal of rule `terms`."""
        return read_terms(verb, terms, self.table)


RuleSets = dict[str, RuleSet]  # in the order in which they were released


class UnknownRules(RuntimeError):
    """A ledger names a rule set that this installation does not know. Replay halts: upgrade first."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"{where} is to be judged by the rule set {name!r}, which this version does not know (rule rules). "
            f"Nothing was judged or written. Upgrade this installation first, then run the command again."
        )
        self.name, self.where = name, where
