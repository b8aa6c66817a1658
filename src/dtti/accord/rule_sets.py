"""The rule sets by which acts are judged, by name. A released one never changes; a test pins the digest of each.

`dtti_1` is released and frozen. `dtti_2` is not released yet: until it is, it may change, and with it its digest.
"""

from typing import Final

from . import discipline_2, table_2
from .rules import RuleSet, RuleSets
from .view import Mode

_KINDS: Final[dict[str, Mode]] = {
    "side": "own",
    "office": "own",
    "appointment": "own",
    "body": "joint",
    "roster": "joint",
    "meeting": "joint",
    "need": "own",
    "project": "joint",
    "success_definition": "joint",
    "instrument": "joint",
    "commitment": "joint",
    "constraint": "own",
    "event": "own",
    "trade_contract": "own",
    "trade_claim": "own",
    "source": "own",
    "difference": "own",
}

#: With what the work between meetings needs.
_KINDS_2: Final[dict[str, Mode]] = _KINDS | {
    "delegation": "own",
    "briefing": "own",
    "readout": "joint",
    "progress": "joint",
    "action_report": "own",
}

DTTI_1: Final = RuleSet("dtti_1", _KINDS, digest="89143a51313ba508d3d9a81ae3656a4f0ada81cfd30894d46a96f162582e9a5b")

DTTI_2: Final = RuleSet(
    "dtti_2",
    _KINDS_2,
    table=table_2.TABLE,
    judge=discipline_2.judge,
    firm_answer_decides=False,
    neutral_offices=False,
    procedures=("sop-1",),
    digest="8e8fddc2831a43203a119025820ef169fb607ae0521b7aa9b3a1924a5bed8a55",
)

#: By name, in the order in which they came: of several in force the last is the one to name.
RULE_SETS: Final[RuleSets] = {one.name: one for one in (DTTI_1, DTTI_2)}

LATEST: Final = DTTI_2
