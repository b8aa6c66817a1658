"""Order among dates known in part: what is certainly too early or too late. Knows values and refusals; no kind."""

from dtti.accord.refusal import Refusal

from .values import When


def surely_later(one: When, other: When) -> bool:
    """Whether one day certainly lies after another, however both are read."""
    return bool(one.earliest and other.latest and one.earliest > other.latest)


def not_after(
    rule: str, first: str, earlier: When | None, then: str, later: When | None, field: str = ""
) -> list[Refusal]:
    """A refusal where `earlier` lies after `later` however the two are read; none where they may be in order.

    `field`: where the later date stands in its content.
    """
    if not earlier or not later or not earlier.earliest or not later.latest or earlier.earliest <= later.latest:
        return []
    return [
        Refusal(
            rule,
            f"{first} on {earlier}, which is after {then} ({later}).",
            "Correct one of the two dates, or give it as precisely as it is known and no more.",
            field,
        )
    ]


def distinct(rule: str, what: str, values: list[str], field: str = "") -> list[Refusal]:
    """A refusal for the first value that stands twice; `field`: where a value stands, `#` for its place among them."""
    for place, value in enumerate(values):
        if value in values[:place]:
            where = field.replace("#", str(place))
            return [Refusal(rule, f"{what} {value} stands twice.", "Give each one once.", where)]
    return []
