"""The one shape in which anything here says no. Knows nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Refusal:
    """Why something was refused: the rule's name, the reason, and what would satisfy the rule."""

    rule: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.reason} (rule {self.rule}). {self.remedy}"


class Refused(Exception):
    """Raised by a door or the write path with the Refusal (or several) that stands against a request."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("; ".join(str(each) for each in refusals))
        self.refusals = refusals


def refuse(rule: str, reason: str, remedy: str) -> Refusal:
    """A Refusal, spelled as a verb where a rule returns it."""
    return Refusal(rule, reason, remedy)
