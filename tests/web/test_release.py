"""Release and export at the page of a project and on the desk: asked, answered, shown, and kept from the other side."""

import json
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from lxml import html

from dtti.demo.exercise import Exercise
from dtti.demo.exercise_release import NATIONAL
from dtti.node.people.models import Draft

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("release")]


def told(browser: Client, address: str) -> Any:
    answer = browser.get(address)
    assert answer.status_code == 200, address
    return json.loads(answer.content)


def states(of: Any) -> dict[str, str]:
    return {each["ref"]: each["state"] for each in of["release"]["questions"]}


def test_a_side_sees_its_own_questions_and_what_the_other_released_and_no_more(serve_side: Serve) -> None:  # noqa: F811
    both = {"ex-net-release-in": "yes-with-conditions", "ex-net-release-us": "yes"}
    usa = told(sign_in(serve_side("USA"), "secretariat"), "/projects/ex-net.json")
    assert states(usa) == {**both, "ex-net-beacon": "not-answered", "ex-net-signature": "not-answered"}
    assert {each["entry"] for each in usa["release"]["classifications"]} == {"8A609.x", "VIII(h)(12)", "6A009"}
    assert len(usa["release"]["authorisations"]) == 3
    india = told(sign_in(serve_side("IND"), "secretariat"), "/projects/ex-net.json")
    assert states(india) == {**both, "ex-net-power": "not-answered"}
    assert {each["entry"] for each in india["release"]["classifications"]} == {"8A609.x", "6A009"}
    assert india["release"]["authorisations"] == []


def test_no_page_of_the_other_side_betrays_what_stays_inside(serve_side: Serve) -> None:  # noqa: F811
    node = serve_side("IND")
    browser = sign_in(node, "co_chair")
    assert NATIONAL["IND"] in unescape(browser.get("/projects/ex-net/").content.decode())
    for address in ("/", "/projects/ex-net/", "/record/", "/release-questions/", "/export-authorisations/",
                    "/search/?q=recovery", "/projects/ex-net/checklist/"):  # fmt: skip
        page = unescape(browser.get(address).content.decode())
        assert NATIONAL["USA"] not in page, address
        assert "EX-050-26" not in page, address


def test_the_checklist_shows_the_answers_that_both_hold_and_their_conditions(serve_side: Serve) -> None:  # noqa: F811
    for side in ("IND", "USA"):
        rows = told(sign_in(serve_side(side), "secretariat"), "/projects/ex-net/checklist.json")["rows"]
        [row] = [each for each in rows if each["id"] == "release-question"]
        assert row["state"] == "met"
        by_side = {each["side"]: each for each in row["sides"]}
        assert by_side["IND"]["evidence"] == ["release_question:ex-net-release-in"]
        assert by_side["IND"]["conditions"] == [
            "Drawings of the net and its winch only; no data of the ships that carry it."
        ]
        assert by_side["USA"]["conditions"] == []


def test_what_follows_is_shown_where_it_bears_on_the_lists(serve_side: Serve, exercise: Exercise) -> None:  # noqa: F811
    page = told(sign_in(serve_side("USA"), "secretariat"), "/projects/ex-helmet.json")
    assert page["release"]["follows"] == []  # nothing is classified there


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_the_desk_warns_of_this_sides_own_alone_soonest_first(serve_side: Serve, prefix: str) -> None:  # noqa: F811
    usa = told(sign_in(serve_side("USA"), "secretariat"), f"{prefix}/index.json")
    assert len(usa["exports"]) == 8
    assert [each["late"] for each in usa["exports"][:5]] == [True] * 5
    india = told(sign_in(serve_side("IND"), "secretariat"), f"{prefix}/index.json")
    assert sorted(each["title"] for each in india["exports"]) == sorted(
        ["Drawings and trial data of the recovery net", NATIONAL["IND"]]
    )


def sent(browser: Client, address: str, **said: str) -> Any:
    """A form as it stands at an address, sent with these answers over what it shows."""
    form = html.fromstring(browser.get(address).content.decode()).get_element_by_id("draft")
    return browser.post(address, {**dict(form.form_values()), **said})


def test_a_question_is_asked_from_the_page_of_its_project_and_answered_by_a_short_form(
    exercise: Exercise,  # noqa: F811
    serve_side: Serve,  # noqa: F811
) -> None:
    node = serve_side("IND")
    officer = sign_in(node, "working_group_co_chair")
    page = officer.get("/projects/ex-net/").content.decode()
    assert "/work/new/release-questions/?project=ex-net" in page
    begun = officer.get("/work/new/release-questions/?project=ex-net", follow=True)
    address = begun.redirect_chain[-1][0]
    missing = sent(officer, address, subject="Trial data of the barge", asked="").content.decode()
    assert [each for each in ("of", "asked_by", "asked") if f'href="#id_{each}"' not in missing] == []
    address = address.partition("?")[0]
    offices = {"of": "IND/ex-disclosure", "asked_by": "IND/ex-project-officer"}
    assert sent(officer, address, **offices, asked="1 Nov 2026").status_code == 302
    draft = Draft.objects.get()
    assert draft.content["project"] == "ex-net"
    assert draft.content["of"] == "IND/ex-disclosure"


def test_the_short_form_that_answers_asks_for_the_answer_alone_and_leaves_the_rest(
    exercise: Exercise,  # noqa: F811
    serve_side: Serve,  # noqa: F811
) -> None:
    node = serve_side("IND")
    officer = sign_in(node, "disclosure_officer")
    page = officer.get("/projects/ex-net/").content.decode()
    [address] = [
        each for each in re.findall(r'href="(/work/[a-z2-7]+/draft/state/\?task=answer)"', page)
        if "Interface of the deck" in officer.get(each.replace("draft/state/?task=answer", "")).content.decode()
    ][:1]  # fmt: skip
    form = officer.get(address).content.decode()
    assert "Answer a release question" in form
    assert 'name="answers__0__answer"' in form
    assert 'name="subject"' not in form
    answers = {
        "answers__0__answer": "yes-with-conditions",
        "answers__0__on": "20 Nov 2026",
        "answers__0__office": "IND/ex-disclosure",
    }
    wrong = sent(officer, address, **answers).content.decode()
    assert "no condition is given" in wrong
    assert sent(officer, address, answers__0__conditions="Connectors only.").status_code == 302
    held = Draft.objects.get()
    assert held.content["subject"] == NATIONAL["IND"]
    assert held.content["answers"] == [
        {
            "answer": "yes-with-conditions",
            "on": "2026-11-20",
            "office": "IND/ex-disclosure",
            "conditions": "Connectors only.",
        }
    ]


def test_an_auditor_is_offered_no_form(serve_side: Serve) -> None:  # noqa: F811
    page = sign_in(serve_side("USA"), "auditor").get("/projects/ex-net/").content.decode()
    assert NATIONAL["USA"] in page
    assert "task=answer" not in page
    assert "/work/new/release-questions/" not in page
