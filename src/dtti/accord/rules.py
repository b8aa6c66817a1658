"""Rule sets: what a programme tells this floor about its kinds of record. Pure; holds no programme of its own."""

from typing import Literal

import msgspec

Mode = Literal["own", "joint"]


class RuleSet(msgspec.Struct, frozen=True):
    """A named, never-changing set of rules: which kinds exist and whether each is own or joint."""

    name: str
    kinds: dict[str, Mode]


RuleSets = dict[str, RuleSet]


class UnknownRules(RuntimeError):
    """A ledger names a rule set that this installation does not know. Replay halts: upgrade first."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"{where} is to be judged by the rule set {name!r}, which this version does not know (rule rules). "
            f"Nothing was judged or written. Upgrade this installation first, then run the command again."
        )
        self.name, self.where = name, where
