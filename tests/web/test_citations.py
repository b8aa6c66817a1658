"""A citation says where in its source a fact stands: asked by the form, judged at its field, shown where cited."""

from typing import Any

import pytest
from django.test import Client

from dtti.demo.exercise import Exercise
from dtti.node.people import models

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures
from .signing import Page
from .test_forms import Form, begin, check_words

pytestmark = pytest.mark.django_db

NEED = {"type": "need", "side": "IND", "title": "See further", "user": "Navy", "capability": "Look.", "kept": "no"}
SOURCES = {"cite__sources__0": "S1", "cite__confidence": "sourced"}


@pytest.fixture
def chair(exercise: Exercise, serve_side: Serve) -> Client:  # noqa: F811
    """A co-chair of India, who may write every kind."""
    return sign_in(serve_side("IND"), "co_chair")


def sent(chair: Client, path: str, given: dict[str, str]) -> Any:
    """What comes of the form of a need that cites a source."""
    form = Form(chair.get(f"{path}&add=cite__places"))
    assert {"cite__places__0__source", "cite__places__0__at", "cite__places__0__consulted"} <= form.names
    return chair.post(path, {**form.sent, **NEED, **SOURCES, **given})


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_a_place_is_judged_at_its_field_in_the_words_of_the_page(chair: Client, prefix: str) -> None:
    path = begin(chair, "need", prefix)
    form = Form(sent(chair, path, {"cite__places__0__source": "S2", "cite__places__0__at": "पृ. 4"}))
    assert {target for target, _said in form.summary} == {"#id_cite__places__0__source"}
    check_words(form, prefix)
    form = Form(sent(chair, path, {"cite__places__0__source": "S1", "cite__places__0__at": ""}))
    assert {target for target, _said in form.summary} == {"#id_cite__places__0__at"}
    check_words(form, prefix)
    form = Form(sent(chair, path, {"cite__places__0__source": "S1", "cite__places__0__consulted": "soon"}))
    assert {target for target, _said in form.summary} == {"#id_cite__places__0__consulted"}


@pytest.mark.parametrize("prefix", ["", "/hi"])
def test_where_in_a_source_it_stands_is_shown_with_the_fact_and_on_the_page_of_the_source(
    chair: Client, prefix: str
) -> None:
    place = {"source": "S1", "at": "p. 14, para 3", "consulted": "13.11.2026"}
    answer = sent(
        chair, begin(chair, "need", prefix), {f"cite__places__0__{name}": said for name, said in place.items()}
    )
    assert answer.status_code == 302, Page(answer).text
    draft = models.Draft.objects.get()
    assert draft.content["cite"]["places"] == [{"source": "S1", "at": "p. 14, para 3", "consulted": "2026-11-13"}]
    shown = Page(chair.get(answer["Location"]))
    assert chair.post(answer["Location"], {**shown.fields, "confirm": "yes"}).status_code == 302
    said = "p. 14, para 3, " + ("13 नवंबर 2026 को देखा गया" if prefix else "consulted 13 Nov 2026")
    name = draft.record.rpartition("/")[2]
    (cite,) = Page(chair.get(f"{prefix}/needs/{name}/")).tree.xpath(
        "//main//*[contains(@class, 'cite')][contains(., '14')]"
    )
    assert f"({said})" in " ".join(cite.text_content().split())
    assert said in Page(chair.get(f"{prefix}/sources/S1/")).text
