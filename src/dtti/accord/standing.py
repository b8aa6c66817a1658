"""What governs a side's ledger at a position: parties, keys, powers, sets; and what judging asks beside it. Pure."""

from collections.abc import Callable, Mapping
from hashlib import sha256

import msgspec

from dtti.ledger import canonical
from dtti.ledger.act import Act
from dtti.ledger.keylist import KeyList, Party

from . import table, table_2

Where = tuple[str, str, int]  # side, ledger, index


class Outlook(msgspec.Struct, frozen=True):
    """What judging a leaf needs to know of the rest of the world, as questions.

    `root`: root (hex) of the *other* side's released ledger at a size, None where that is more than exists here.
    `find`: where an act stands (side, ledger, index), None where it does not.
    `act`: an act by its id, None where it does not stand.
    `activated`: whether the *other* side had activated a rule set within so many leaves of its released ledger.
    """

    root: Callable[[int], str | None]
    find: Callable[[str], Where | None]
    act: Callable[[str], Act | None]
    activated: Callable[[str, int], bool] = lambda name, size: False


class Fork(RuntimeError):
    """The other ledger cites what was never published here. Exchange halts; both checkpoints are the proof."""

    def __init__(self, where: str, size: int, cited: str, ours: str | None) -> None:
        held = "fewer leaves than that" if ours is None else f"root {ours[:16]}"
        super().__init__(
            f"{where} cites {size} leaves of the other ledger with root {cited[:16]}; that ledger has {held} "
            f"(rule fork). Exchange stops here. Compare both checkpoints with the other side before going on."
        )
        self.where, self.size, self.cited, self.ours = where, size, cited, ours


class Standing(msgspec.Struct, frozen=True):
    """What governs a side's ledger from one position on (`time`: claimed then): parties, keys, powers, rule sets."""

    since: int
    time: str
    keys: KeyList
    parties: dict[str, Party]
    rule_sets: tuple[str, ...]
    grants: Mapping[int, table.Grant]
    ended: frozenset[int]
    constitution: str = ""
    activated: frozenset[str] = frozenset()  # rule sets by this side's own activation
    credentials: Mapping[int, table_2.Credential] = {}
    ended_credentials: frozenset[int] = frozenset()

    def power(self, office: str, verb: str, kind: str, time: str, *, asserted: bool = True) -> table.Grant | None:
        """The grant by which `office` may write `verb` on `kind` ("": on no record) at `time`, or None.

        `asserted` false: without a passkey assertion, so that grants which ask for one do not count.
        """
        for number, grant in self.grants.items():
            if (
                grant.office == office
                and number not in self.ended
                and verb in grant.verbs
                and (not kind or kind in grant.kinds or "all" in grant.kinds)
                and (asserted or not getattr(grant, "assertion", False))
                and grant.since <= time
                and (grant.until is None or time <= grant.until)
            ):
                return grant
        return None

    def credential(self, number: int, office: str, time: str) -> table_2.Credential | None:
        """The credential of that number, if it is `office`'s and in force at `time`."""
        one = self.credentials.get(number)
        if one is None or number in self.ended_credentials or one.office != office or not one.since <= time:
            return None
        return one if one.until is None or time <= one.until else None


class Reset(msgspec.Struct, frozen=True):
    """A repair of the clock: leaves from `first` up to `index` count as of `time`; they had run to `reached`.

    `since`: claimed time of the leaf before `first`, where a ledger is judged with its repairs known (see `Authority`).
    """

    first: int
    index: int
    time: str
    reached: str
    since: str = ""


def constitution(act: Act, terms: table.Found) -> str:
    """Hex digest of what a founding act agrees: programme, environment, parties in order of side, rule sets."""
    parties = sorted((msgspec.to_builtins(party) for party in terms.parties), key=lambda party: str(party["side"]))
    value = {
        "environment": act.environment,
        "parties": parties,
        "programme": act.programme,
        "rule_sets": sorted(terms.rule_sets),
    }
    return sha256(b"dtti-constitution-1\0" + canonical.encode(value)).hexdigest()
