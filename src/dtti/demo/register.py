"""Each side's register of needs and offers in the exercise, and what neither releases. Invented; knows no node."""

from collections.abc import Callable
from typing import Any, Final

#: What each side's national entry says: words that stand nowhere else, and must show nowhere on the other side.
NATIONAL: Final = {"IND": "Recovery on a second class of corvette", "USA": "A fallback if the joint net slips"}


def register(day: Callable[[float], str]) -> list[tuple[str, str, dict[str, Any]]]:
    """Side, ledger and content of each entry, in the order of writing; `day` gives the date so many days from now."""
    return [
        (
            "IND",
            "released",
            {
                "ref": "ex-in-7",
                "type": "need",
                "side": "IND",
                "title": "Recover small drones on ships without a flight deck",
                "user": "Corvette squadrons",
                "capability": "Recover fixed-wing drones under 60 kg in sea state 4 without damage.",
                "priority": "high",
                "timing": "2028",
                "domain": "naval",
                "status": "paired",
            },
        ),
        (
            "IND",
            "released",
            {
                "ref": "ex-in-9",
                "type": "need",
                "side": "IND",
                "title": "Quiet power for forward posts",
                "user": "Mountain posts",
                "capability": "Two kilowatts for a week, silent at 50 metres, carried by four people.",
                "priority": "medium",
                "timing": "2029",
                "domain": "land",
                "status": "open",
            },
        ),
        (
            "USA",
            "released",
            {
                "ref": "ex-us-31",
                "type": "offer",
                "side": "USA",
                "title": "Shipboard capture net, prototype flown from a barge",
                "user": "Surface experimentation squadron",
                "capability": "Net and winch that stop a 45 kg aircraft in 12 metres.",
                "priority": "high",
                "timing": day(200)[:7],
                "domain": "naval",
                "answers": ["ex-in-7"],
                "status": "paired",
            },
        ),
        (
            "USA",
            "released",
            {
                "ref": "ex-us-33",
                "type": "offer",
                "side": "USA",
                "title": "Crew helmet with cueing display",
                "user": "Rotary training wing",
                "capability": "Day and night cueing on a helmet under 1.6 kg.",
                "priority": "low",
                "domain": "air",
                "status": "open",
            },
        ),
        (
            "IND",
            "national",
            {
                "ref": "ex-in-national-1",
                "type": "need",
                "side": "IND",
                "title": NATIONAL["IND"],
                "user": "Fleet staff",
                "capability": f"{NATIONAL['IND']}; priority and outlay are for this side alone.",
                "priority": "high",
                "domain": "naval",
                "status": "open",
            },
        ),
        (
            "USA",
            "national",
            {
                "ref": "ex-us-national-1",
                "type": "need",
                "side": "USA",
                "title": NATIONAL["USA"],
                "user": "Fleet office",
                "capability": f"{NATIONAL['USA']}: buy from stock.",
                "priority": "medium",
                "domain": "naval",
                "status": "open",
            },
        ),
    ]
