"""Why a need and an offer may fit, and which earlier project was about the same: reasons, never a score."""

from typing import Any

import pytest

from dtti.programme.kinds.need import NEED, Need
from dtti.programme.kinds.project import Project
from dtti.programme.matching import Reason, attempt, lists, pair, subjects
from dtti.programme.published import load

PUBLIC = [item.content for item in load() if isinstance(item.content, Project)]


def need(side: str = "IND", kind: str = "need", title: str = "Small UAV", **more: Any) -> Need:
    given = {
        "ref": f"{side.lower()}-{kind}",
        "type": kind,
        "side": side,
        "title": title,
        "capability": "Look over a ridge.",
    }
    return NEED.read({**given, **({"user": "Posts"} if kind == "need" else {}), **more})


def why(one: Need, other: Need) -> dict[str, tuple[str, ...]]:
    return {each.why: each.said for each in pair(one, other)}


def test_two_that_speak_of_the_same_are_a_pair_and_the_words_are_named() -> None:
    found = pair(need(), need("USA", "offer", title="Hand-launched drone", capability="Fly for two hours."))
    assert found == (Reason("words", ("uav",)),)


def test_different_words_of_one_thing_count_as_one_and_words_that_say_nothing_do_not() -> None:
    assert subjects("Unmanned aerial vehicles") == subjects("drone") == {"uav"}
    assert subjects("A joint system for the two sides, with technology of high priority") == frozenset()
    assert subjects("vehicle, unmanned, aerial") != {"uav"}  # the words stand together, or are other words


def test_nothing_in_common_is_no_pair_and_neither_are_two_offers_or_two_of_one_side() -> None:
    other = need("USA", "offer", title="Boarding ladder", capability="Climb.")
    assert pair(need(), other) == ()
    assert pair(need(kind="offer"), need("USA", "offer")) == ()
    assert pair(need(), need(kind="offer")) == ()


def test_different_domains_keep_two_apart_unless_one_names_the_other() -> None:
    one, other = need(domain="land"), need("USA", "offer", domain="air")
    assert pair(one, other) == ()
    named = need("USA", "offer", domain="air", answers=[one.ref])
    assert why(one, named) == {"named": ("USA",), "words": ("ridge", "uav")}


@pytest.mark.parametrize(
    ("wanted", "had", "reason"),
    [
        ("2028", "2027-06", "timing"),
        ("2028", "2028-06", "timing-may"),
        ("2028", "2029-01", "timing-apart"),
        ("2028", "[2027-06..]", "timing-may"),
        ("2028", "[2029-01..]", "timing-apart"),
    ],
)
def test_timing_is_by_bounds(wanted: str, had: str, reason: str) -> None:
    found = why(need(timing=wanted), need("USA", "offer", timing=had))
    assert found[reason] == (wanted, had)
    assert len([each for each in found if each.startswith("timing")]) == 1


def test_other_reasons_stand_beside_it() -> None:
    both = {"domain": "air", "body": "jwg", "priority": "high", "industry_interest": "A maker has asked."}
    found = why(need(**both), need("USA", "offer", **both))
    assert found["domain"] == ("air",)
    assert found["group"] == ("jwg",)
    assert found["priority"] == found["industry"] == ("IND", "USA")
    assert "priority" not in why(need(priority="high"), need("USA", "offer", priority="low"))


@pytest.mark.parametrize(
    ("title", "domain", "found"),
    [
        ("Small UAV for patrols", "air", {"aluav", "raven-cheel"}),
        ("Helmet with cueing", "air", {"dhmd"}),
        ("Quiet power for posts", "land", {"mehps"}),
        ("Counter-UAS for a post", "land", {"cuas-curam"}),
        ("Boarding ladder", "naval", set()),
    ],
)
def test_earlier_attempts_among_the_sixteen_are_found_by_name_other_names_domain_and_words(
    title: str, domain: str, found: set[str]
) -> None:
    wanted = need(title=title, domain=domain)
    tried = {each.ref: {one.why for one in attempt(each, [wanted])} for each in PUBLIC if attempt(each, [wanted])}
    assert found <= set(tried)
    assert all("name" in tried[ref] for ref in found)
    assert tried.keys() == set() or found


def test_the_lists_say_on_what_they_rest() -> None:
    assert lists().basis
    assert lists().confidence
