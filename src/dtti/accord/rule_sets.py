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
    "procedure": "joint",
    "closure": "joint",
    "measurement": "own",
    "plan": "joint",
    "plan_report": "own",
    "action_report": "own",
    "national_case": "own",
    "national_step": "own",
    "constraint_view": "own",
    "press_release": "own",
    "release_question": "own",
    "determination": "own",
    "export_classification": "own",
    "export_authorisation": "own",
    "session": "own",
    "recommendation": "own",
    "disposition": "joint",
    "contact": "own",
    "ask": "own",
    "ask_answer": "own",
    "delay": "own",
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
    digest="10f70fdd8052fd794db16ab1c735a09bc810a3a83e90e07c2a84ee182fac94d4",
)

#: By name, in the order in which they came: of several in force the last is the one to name.
RULE_SETS: Final[RuleSets] = {one.name: one for one in (DTTI_1, DTTI_2)}

LATEST: Final = DTTI_2
