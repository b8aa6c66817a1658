"""The list of what can be amiss with a node: what `status` says and exits by, and what `/metrics` raises alarms on.

Each has the id of a rule of the registry; `status` says of each what is the matter here and now, in its own words. The
severities follow the Monitoring Plugins guidelines: 0 well, 1 attention, 2 broken, 3 cannot be asked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

Severity = Literal["attention", "broken"]

WELL, ATTENTION, BROKEN, UNKNOWN = 0, 1, 2, 3


@dataclass(frozen=True)
class Condition:
    """Something that can be amiss. `words`: what it means. `remedy`: what to do. `quick`: found without looking far.

    Those that are not quick need the network, or read all that is kept: `status --quick` and the pages leave them out.
    """

    rule: str
    severity: Severity
    words: str
    remedy: str
    quick: bool = True


CONDITIONS: Final = (
    Condition("settings", "broken", "the settings cannot be read, so nothing can be asked", "Correct node.toml."),
    Condition("store", "broken", "the ledger database is missing or damaged", "Restore a backup, then `dtti recover`."),
    Condition("database-away", "broken", "the database server does not answer", "Start it; look at `database`."),
    Condition("file-rights", "broken", "files cannot be written, or not be opened", "Give back the rights."),
    Condition("record-database", "broken", "what pages read is damaged, or not as the ledgers say", "`dtti rebuild`."),
    Condition("accounts", "broken", "accounts are damaged, gone, or lack who is seated", "Restore them from a backup."),
    Condition("secret", "broken", "what signs sessions can be guessed or not be read", "Remove the file `secret`."),
    Condition("mark", "broken", "the high-water mark is missing or cannot be read", "Bring it back; `dtti recover`."),
    Condition("high-water", "broken", "the ledgers are shorter than they once were", "`dtti recover`."),
    Condition("restored", "broken", "it was restored, and not compared since with what it signed", "`dtti recover`."),
    Condition("keys", "broken", "the passphrase is missing or wrong, or a key ring is damaged", "Give the passphrase."),
    Condition("key-rings", "broken", "the key rings are not those of the key list in force", "Put the last ones back."),
    Condition("clock-behind", "broken", "the clock is far behind the record", "Set it, or `dtti repair-time`."),
    Condition("clock-ahead", "broken", "the clock is far beyond all that is known", "Look; `dtti clock --confirm`."),
    Condition("fork", "broken", "exchange is halted: two histories", "Compare both checkpoints with the other side."),
    Condition("body", "broken", "a text is not what its entry committed to, or is gone", "`dtti verify`.", quick=False),
    Condition("integrity", "broken", "an entry, tree or verdict does not hold", "`dtti verify`.", quick=False),
    Condition("line", "attention", "the other side's door cannot be reached", "Ask them; packs go on.", quick=False),
    Condition("exchange-age", "attention", "nothing came by the line for days", "Ask the other side."),
    Condition("key-tls", "attention", "an exchange certificate cannot be used", "`dtti rotate --role tls`."),
    Condition("key-box", "attention", "a box key cannot be used", "`dtti rotate --role box`."),
    Condition("certificate-days", "attention", "an exchange certificate expires soon", "`dtti rotate --role tls`."),
    Condition("late-answer", "attention", "an answer came late, and a person decides", "`dtti exchange late`."),
    Condition("clock-waits", "attention", "the record is ahead of the clock by hours", "Wait, or `dtti repair-time`."),
    Condition("clock-apart", "attention", "the other side's last entry is ahead of the clock", "Compare the clocks."),
    Condition("unsafe-sqlite", "attention", "this SQLite can damage its write-ahead log", "Upgrade it."),
    Condition("disc-full", "broken", "next to nothing is free on the disc", "Free space: every write is refused."),
    Condition("disc", "attention", "the disc is nearly full", "Free space."),
    Condition("unfinished", "attention", "an operation was cut short", "The next start or round finishes it."),
    Condition("seat-astray", "attention", "accounts seat someone whom no entry seats", "Ask who wrote it."),
    Condition("leftovers", "attention", "files of a write that was cut short are left", "Remove them."),
    Condition("open-files", "attention", "others on this machine can reach its files", "Take their rights away."),
    Condition("record-behind", "attention", "what pages read lags behind the ledgers", "`dtti status`, or a round."),
    Condition("round", "attention", "the last round failed, and said by which rule", "See what it says."),
    Condition("public-made", "attention", "the public folder was not made, said by which rule", "See what it says."),
    Condition(
        "anchor-age", "attention", "no anchor for twice its interval: rounds do not run", "Look at `dtti serve`."
    ),
    Condition("backup-age", "attention", "no backup for longer than `backup_days`", "`dtti backup FILE`."),
)

BY_RULE: Final = {one.rule: one for one in CONDITIONS}


def severity(rule: str) -> Severity:
    """How bad it is that `rule` is broken; what no one listed is broken."""
    return BY_RULE[rule].severity if rule in BY_RULE else "broken"


def exit_code(rules: Iterable[str]) -> int:
    """What a watching program is told of a node of which `rules` are amiss."""
    found = list(rules)
    if "settings" in found:
        return UNKNOWN
    codes = {"attention": ATTENTION, "broken": BROKEN}
    return max((codes[severity(rule)] for rule in found), default=WELL)


def table() -> list[str]:
    """The list as the rows of a Markdown table: docs/conditions.md is made of it."""
    return [
        "| Condition | Severity | What is the matter | What to do | Found by |",
        "|---|---|---|---|---|",
        *(
            f"| `{one.rule}` | {one.severity} | {one.words} | {one.remedy} | "
            f"{'`--quick` too' if one.quick else 'the whole look alone'} |"
            for one in CONDITIONS
        ),
    ]
