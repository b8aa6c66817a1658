"""Whether two released ledgers are the two sides of one founding. Pure; knows what governs a ledger, and no record."""

from .authority import Authority


class Strangers(RuntimeError):
    """Two ledgers that are not the two sides of one founding: nothing in them is between these two."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} (rule founding). No agreement can be read from these two ledgers together. Compare the "
            f"fingerprints of both foundings with the other side, and take its ledger again from the other side itself."
        )


def check_pair(one: Authority, other: Authority) -> None:
    """Raise Strangers unless these released ledgers can be the two sides of one founding.

    A side that has joined names the other side as that side founded itself; two that have joined name one constitution.
    It cannot be a verdict on an act: neither founding need have seen the other.
    """
    _check_named(one, other)
    _check_named(other, one)
    if _joined(one) and _joined(other) and _constitution(one) != _constitution(other):
        raise Strangers(f"the foundings of {one.side} and {other.side} name two different constitutions")


def _joined(authority: Authority) -> bool:
    standing = authority.standing()
    return standing is not None and len(standing.parties) == 2


def _check_named(here: Authority, there: Authority) -> None:
    standing = here.standing()
    if standing is None or len(standing.parties) < 2 or not there.history:
        return
    named = standing.parties.get(there.side)
    if named is None:
        raise Strangers(f"{here.side} joined {' and '.join(standing.parties)}; the ledger here is of {there.side}")
    if named != there.history[0].parties[there.side]:
        raise Strangers(f"{here.side} joined a {there.side} of other keys or another log than the ledger here")


def _constitution(authority: Authority) -> object:
    standing = authority.standing()
    if standing is None:
        return None
    return authority.programme, authority.environment, standing.parties, sorted(standing.rule_sets)
