"""Founding an office system, alone or as one of a pair: files that are carried and compared aloud. No Django.

`found` makes a node that is complete by itself and, unless alone, writes an invitation. The other side's `accede` makes
its node from the invitation, joins, and writes its accession; `complete` joins this side to it. Each ledger then holds
both parties, and both compute the same constitution digest: the fingerprint that two officials read to each other.
"""

import secrets
from collections.abc import Callable
from pathlib import Path

import msgspec

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused, refuse
from dtti.accord.rule_sets import LATEST, RULE_SETS
from dtti.accord.standing import constitution
from dtti.ledger import canonical
from dtti.ledger.act import open_leaf
from dtti.ledger.keyfile import write_private
from dtti.ledger.keylist import Party
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import mark as marks
from dtti.node.core.draft import Draft, Receipt, now
from dtti.node.core.node import Node
from dtti.node.folder import config as settings
from dtti.node.folder import keys
from dtti.programme.published import PUBLISHED

from . import unfounded, usable


class Introduction(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one side gives the other to join: programme, environment, rule sets, and itself as a party."""

    environment: str
    format: str
    party: Party
    programme: str
    rule_sets: list[str]


FORMAT = "dtti-introduction-1"


def _origin(config: settings.Config) -> str:
    return f"dtti.invalid/{config.programme}/{config.environment}/{config.side.lower()}/{secrets.token_hex(5)}"


def found(
    folder: Path,
    config: settings.Config,
    passphrase: bytes,
    clock: Callable[[], str] = now,
    *,
    keep_passphrase: bool = False,
    rule_sets: list[str] | None = None,
    then: Callable[[Node], object] | None = None,
) -> Node:
    """Make the node of `config` in the new or empty `folder` and write its founding act: whole, or nothing is left.

    `then`: what belongs to it beside the founding act, done before it counts as founded.

    `rule_sets`: those to be judged by, where it is to join a side that was founded on earlier ones; else the latest.
    `keep_passphrase`: leave it in a file beside the rings, where it protects nothing (a demonstration, a test machine).
    """
    if config.side == PUBLISHED:
        raise Refused(refuse("side", f"{PUBLISHED} stands for records of no side", "Found a side: IND or USA."))
    with unfounded.founding(folder, config):
        node = _found(folder, config, passphrase, clock, rule_sets or [LATEST.name], keep_passphrase=keep_passphrase)
        try:
            if then is not None:
                then(node)
        except BaseException:
            node.close()
            raise
    return node


def _found(
    folder: Path,
    config: settings.Config,
    passphrase: bytes,
    clock: Callable[[], str],
    rule_sets: list[str],
    *,
    keep_passphrase: bool,
) -> Node:
    key_list = keys.make(folder / "keys", config.side, passphrase)
    if keep_passphrase:
        write_private(folder / "keys" / "passphrase", passphrase + b"\n")
    usable.all_usable(key_list, f"the first key list of {config.side}")
    settings.write(folder, config)
    node = Node(folder, clock)
    node.unlock(passphrase)
    node.store.create()
    marks.write(node.folder.mark(config), marks.Mark())
    party = Party(key_list, _origin(config), config.side)
    node.write(Draft("found", terms=table.Found([party], rule_sets)))
    return node


def introduce(node: Node) -> bytes:
    """The file by which the counterpart's `accede` or `complete` knows this side."""
    made = Introduction(node.config.environment, FORMAT, node.party, node.config.programme, sets_of(node))
    return canonical.encode(msgspec.to_builtins(made))


def read_introduction(data: bytes) -> Introduction:
    """The introduction in a file; Refused where it is none."""
    try:
        made = msgspec.convert(canonical.decode(data), Introduction)
        if made.format != FORMAT:
            raise ValueError(f"format {made.format[:40]!r}")
    except ValueError as error:
        raise Refused(
            refuse("introduction", f"this is no introduction file: {error}", "Ask the other side for its file again.")
        ) from None
    return made


def join(node: Node, data: bytes) -> str:
    """Join the counterpart introduced by `data`; returns the digest of the constitution, to be compared aloud.

    Where it has joined already, by the same introduction, nothing is written.
    """
    given = read_introduction(data)
    check_introduction(node.config, given)
    node.book.sync()
    if node.standing.parties.get(given.party.side) == given.party:
        return fingerprint(node)
    if given.rule_sets != sets_of(node):
        raise Refused(
            refuse("rules", "the two sides name different rule sets", "Bring both to the same version first.")
        )
    usable.all_usable(given.party.keys, f"the key list that {given.party.side} brings")
    parties = sorted([node.party, given.party], key=lambda party: party.side)
    node.write(Draft("found", terms=table.Found(parties, given.rule_sets)))
    return fingerprint(node)


def sets_of(node: Node) -> list[str]:
    """The rule sets that this side was founded on or has activated since, oldest first."""
    standing = node.standing
    return [name for name in RULE_SETS if name in standing.rule_sets or name in standing.activated]


class SetStanding(msgspec.Struct, frozen=True):
    """A rule set here: whether it is in force for what this side writes next in either ledger, who activated it."""

    name: str
    digest: str
    founded: bool
    activated: list[str]
    released: bool
    national: bool


def standing_sets(node: Node) -> list[SetStanding]:
    """Every rule set that this version knows, oldest first."""
    node.book.sync()
    standing, seen = node.standing, node.book.mirror.size if node.book.mirror else 0
    mirror = node.book.mirror.standing() if node.book.mirror else None
    by_side = {node.side: standing, **({node.book.other: mirror} if mirror and node.book.other else {})}
    in_force = {
        ledger: node.book.authority(ledger).sets_in_force(standing, seen, node.book.outlook(ledger))
        for ledger in (RELEASED, NATIONAL)
    }
    return [
        SetStanding(
            name,
            rules.digest,
            name in standing.rule_sets,
            [side for side, one in by_side.items() if name in one.activated],
            name in in_force[RELEASED],
            name in in_force[NATIONAL],
        )
        for name, rules in RULE_SETS.items()
    ]


def activate(node: Node, name: str) -> Receipt:
    """Activate a rule set, by the root keys of this side: in force once the other side has done so too.

    Refused where this version does not know the set, or it is in force here.
    """
    rules = RULE_SETS.get(name)
    if rules is None:
        raise Refused(
            refuse("rules", f"this version knows no rule set {name[:40]!r}", f"Name one of: {', '.join(RULE_SETS)}.")
        )
    return node.write(Draft("activate", terms=table_2.Activate(rules.digest, name)))


def check_introduction(config: settings.Config, given: Introduction) -> None:
    """Refused unless a node of `config` can join the side introduced: another one, in the same programme."""
    if given.party.side in (config.side, PUBLISHED):
        raise Refused(
            refuse(
                "founding",
                f"the file introduces {given.party.side}, and this side is {config.side}",
                "Join the other side, by the file that it wrote.",
            )
        )
    if (given.programme, given.environment) != (config.programme, config.environment):
        raise Refused(
            refuse(
                "programme",
                f"the file is of {given.programme} ({given.environment}), this node of {config.programme} "
                f"({config.environment})",
                "Join a counterpart of the same programme and environment.",
            )
        )


def fingerprint(node: Node) -> str:
    """The constitution in force, as its digest."""
    placed = node.store.of_verb("found", RELEASED)[-1]
    act = open_leaf(placed.leaf).act
    terms = table.read_terms("found", act.terms)
    if not isinstance(terms, table.Found):
        raise LookupError("the founding act is not readable; run `dtti verify`")
    return constitution(act, terms)


def spoken(digest: str) -> str:
    """A digest in groups of four, as two people read it to each other."""
    return " ".join(digest[at : at + 4] for at in range(0, 64, 4))
