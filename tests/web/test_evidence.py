"""A row of a checklist that is met says what shows it, also where that is the project's own text; at every door."""

import subprocess
from typing import Any

import pytest
from django.test import Client
from tests.cli.served import command
from tests.node import capitals

from dtti.demo.exercise import Exercise
from dtti.language.catalogue import translate
from dtti.programme.sop import evidence
from dtti.programme.sop.versions import versions

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures
from .reading import fetched, india, node, page, public  # noqa: F401 - fixtures
from .test_checklist import words

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]
ROWS = versions()["sop-1"].rows


@pytest.fixture
def staged(exercise: Exercise, serve_side: Serve) -> tuple[Exercise, Client]:  # noqa: F811
    """The staged exercise, and a browser at New Delhi's node."""
    return exercise, sign_in(serve_side("IND"), "working_group_co_chair")


def sides(held: dict[str, Any], how: str) -> list[dict[str, Any]]:
    """How the rows that are looked for in one way stand, for each side."""
    return [each for row in held["rows"] if ROWS[row["id"]].how == how for each in row["sides"]]


def test_what_is_met_names_a_record_or_says_what_the_text_says(staged: tuple[Exercise, Client]) -> None:
    _made, browser = staged
    for ref in ("ex-net", "ex-helmet", "ex-mooring"):
        for row in fetched(browser, f"/projects/{ref}/checklist.json")["rows"]:
            for each in row["sides"]:
                if each["state"] == "met":
                    shown = (each["evidence"], each["says"], each["registry"], each["office"])
                    assert any(shown), (ref, row["id"], each)
                    assert bool(each["says"]) == (each["why"] == evidence.WORDS["said"]), each


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/hi", "hi")])
def test_the_page_says_who_nominated_it_who_speaks_for_it_and_the_path(
    staged: tuple[Exercise, Client], prefix: str, language: str
) -> None:
    _made, browser = staged
    held = fetched(browser, "/projects/ex-net/checklist.json")
    said = words(page(browser, f"{prefix}/projects/ex-net/checklist/"))
    (nominated,) = sides(held, "nomination")
    assert nominated["says"] == [{"field": "nomination_source", "text": "working-group", "code": True}]
    assert words(translate(evidence.WORDS["said"], language, "refusal")) in said
    assert words(f"{translate('Nominated by', language)}: {translate('a working group', language)}.") in said
    told = [one["text"] for how in ("sponsors", "transitions") for each in sides(held, how) for one in each["says"]]
    assert told
    for text in told:
        assert words(text.removesuffix(".")) in said


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/hi", "hi")])
def test_a_stage_entered_before_its_version_was_in_use_says_so(
    staged: tuple[Exercise, Client], prefix: str, language: str
) -> None:
    _made, browser = staged
    held = fetched(browser, "/projects/ex-net/checklist.json")
    assert held["early"]
    assert max(held["early"].values()) < held["effective"]
    told = translate(
        "Entered on %(day)s, before this version of the procedure was in use (%(since)s): its rows are asked all the "
        "same, and what was asked then is not known here.",
        language,
    )
    said = words(page(browser, f"{prefix}/projects/ex-net/checklist/"))
    assert said.count(words(told.rpartition("%(since)s): ")[2])) == len(held["early"])
    day = min(held["early"].values())  # on a day that lies back, only what was entered by then
    said = words(page(browser, f"{prefix}/projects/ex-net/checklist/?on={day}"))
    entered = [each for each in held["early"].values() if each <= day]
    assert said.count(words(told.rpartition("%(since)s): ")[2])) == len(entered) < len(held["early"])


def test_the_command_says_the_same(staged: tuple[Exercise, Client]) -> None:
    made, browser = staged
    folder = made.pair.nodes["IND"].folder.path
    asked = command("gates", "ex-net", "--node", folder, "--for", "screened")
    said = subprocess.run(asked, env=capitals.environment(), capture_output=True, check=True, text=True).stdout
    for each in sides(fetched(browser, "/projects/ex-net/checklist.json"), "sponsors"):
        for one in each["says"]:
            assert f"Sponsor: {one['text']}" in said
    assert evidence.WORDS["said"] in said


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_of_a_text_compiled_from_public_sources_it_says_so(public: Client, prefix: str) -> None:  # noqa: F811
    held = fetched(public, "/projects/raven-cheel/checklist.json")
    (nominated,) = sides(held, "nomination")
    assert (nominated["state"], nominated["why"]) == ("met", evidence.WORDS["said-public"])
    assert nominated["says"][0]["text"]
    told = translate(evidence.WORDS["said-public"], "hi" if prefix else "en", "refusal")
    assert words(told) in words(page(public, f"{prefix}/projects/raven-cheel/checklist/"))


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/hi", "hi")])
def test_a_statement_that_names_the_project_is_named_and_the_row_stays_open(
    staged: tuple[Exercise, Client], prefix: str, language: str
) -> None:
    _made, browser = staged
    (line,) = sides(fetched(browser, "/projects/ex-net/checklist.json"), "statement")
    assert (line["state"], line["evidence"]) == ("open", ["instrument:ex-soi"])
    assert line["why"] == evidence.WORDS["statement-names"]
    shown = page(browser, f"{prefix}/projects/ex-net/checklist/")
    assert words(translate(line["why"], language, "refusal")) in words(shown)
    assert "Exercise Statement of Intent" in shown
    (other,) = sides(fetched(browser, "/projects/ex-mooring/checklist.json"), "statement")
    assert (other["state"], other["evidence"], other["why"]) == ("open", [], evidence.WORDS["absent"])
