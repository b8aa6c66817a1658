"""What a person may do in a seat: the table of ``duties.toml`` and the questions asked of it. Pure; knows no Django.

A duty never gives what the ledger does not: the office must hold a power for the act, and that is judged on the write
path. What is refused here is refused before anything is signed.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Annotated, Final, Literal, Protocol

import msgspec

from dtti.accord.refusal import Refusal, refuse
from dtti.accord.rule_sets import LATEST
from dtti.programme.kinds import KINDS

Reads = Literal["national", "released", "public"]

ALL: Final = "all"
JOINT: Final = "joint"


class Permission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`verbs` that may be written on records of `kinds`; "all" stands for any, "joint" for what both sides agree."""

    verbs: tuple[str, ...]
    kinds: tuple[str, ...]

    def covers(self, verb: str, kind: str) -> bool:
        """Whether it lets `verb` be written on `kind`."""
        stands = {kind, ALL, JOINT} if kind in KINDS and KINDS[kind].mode == JOINT else {kind, ALL}
        return verb in self.verbs and not stands.isdisjoint(self.kinds)


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One duty, as ``duties.toml`` explains its members. `code` is its key there."""

    title: Annotated[str, msgspec.Meta(min_length=1)]
    does: Annotated[str, msgspec.Meta(min_length=1)]
    reads: Reads
    may: tuple[Permission, ...]
    never: tuple[str, ...]
    because: Annotated[str, msgspec.Meta(min_length=1)]
    source: Annotated[str, msgspec.Meta(min_length=1)]
    confidence: Literal["design", "inferred", "sourced", "unverified"]
    alone: bool = False
    submits: bool = False
    code: str = ""

    def forbids(self, verb: str) -> bool:
        """Whether the duty excludes `verb` for whoever holds it in the seat he acts in."""
        return verb in self.never or ALL in self.never


class HasDuty(Protocol):
    """Anything that names a duty: a seat."""

    @property
    def duty(self) -> str: ...  # the code of a duty


@cache
def duties() -> Mapping[str, Duty]:
    """Every duty by its code, in the order of the file. ValueError where a line contradicts itself or the ledger."""
    stored = tomllib.loads(resources.files(__package__).joinpath("duties.toml").read_text(encoding="utf-8"))
    found = {code: msgspec.convert({**row, "code": code}, Duty) for code, row in stored.items()}
    for duty in found.values():
        verbs = {verb for permission in duty.may for verb in permission.verbs}
        if unknown := (verbs | set(duty.never)) - set(LATEST.table) - {ALL}:
            raise ValueError(f"duty {duty.code}: no such verb: {', '.join(sorted(unknown))}")
        if both := [verb for verb in sorted(verbs) if duty.forbids(verb)]:
            raise ValueError(f"duty {duty.code}: both given and excluded: {', '.join(both)}")
    return found


def may(seats: Iterable[HasDuty], verb: str, kind: str) -> Refusal | None:
    """What stands against someone in `seats` writing `verb` on a record of `kind`; None if nothing does.

    One seat that allows it is enough, but a person acts in one seat at a time: pass the seat that is taken, unless the
    question is what the person could do by taking another.
    """
    held = [duties()[seat.duty] for seat in seats if seat.duty in duties()]
    if any(permission.covers(verb, kind) for duty in held for permission in duty.may):
        return None
    named = kind.replace("_", " ")
    able = [duty.title for duty in duties().values() if any(one.covers(verb, kind) for one in duty.may)]
    remedy = f"Someone whose duty is {_either(able)} can." if able else "No duty here allows it."
    if not held:
        return refuse("duty", f"no seat is taken, and {verb} on a {named} needs one", f"{remedy} Take a seat first.")
    excluding = next((duty for duty in held if duty.forbids(verb)), None)
    if excluding is not None:
        return refuse("duty-never", f"{excluding.title}: {_lower(excluding.because)}", remedy)
    titles = ", ".join(duty.title for duty in held)
    return refuse("duty", f"the duty {titles} does not include {verb} on a {named}", remedy)


def reads(seat: HasDuty | None) -> Reads:
    """What whoever sits in `seat` may read; without a seat, what is public."""
    duty = duties().get(seat.duty) if seat else None
    return duty.reads if duty else "public"


def submits(seat: HasDuty | None) -> bool:
    """Whether whoever sits in `seat` is of industry, and has the industry room and nothing else."""
    duty = duties().get(seat.duty) if seat else None
    return bool(duty and duty.submits)


def beside(held: Iterable[HasDuty], duty: str) -> Refusal | None:
    """What stands against giving `duty` to someone who holds the seats `held`."""
    wanted = duties().get(duty)
    if wanted is None:
        return refuse("duty-unknown", f"there is no duty {duty}", f"Use one of: {', '.join(duties())}.")
    for other in (duties()[seat.duty] for seat in held if seat.duty != duty and seat.duty in duties()):
        if wanted.alone or other.alone:
            strict = wanted if wanted.alone else other
            return refuse(
                "duty-alone",
                f"{strict.title} cannot be held beside {(other if strict is wanted else wanted).title}",
                "End the other seat first, or give this one to someone else.",
            )
    return None


def other_than_author(releasing: int, name: str, wrote: Collection[int], signed: str) -> Refusal | None:
    """What stands against an account releasing a text: no one clears his own.

    `releasing`: the account, called `name`. `wrote`: the accounts that wrote the text; names then decide nothing, since
    two people may share one and a person may change it. Empty where no account is known: the name that the text itself
    is `signed` with is then all there is to go by.
    """
    if releasing not in wrote and (wrote or not signed or signed != name):
        return None
    return refuse(
        "own-draft",
        "the text was written by the person who would release it",
        "Ask another disclosure officer to release it.",
    )


def _either(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:].rstrip(".")
