"""Every page that takes a form or a file refuses what is marked above the ceiling, before anything of it is kept."""

import ast
import io
import re
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from dtti.demo.exercise import Exercise
from dtti.node.core.ceiling import RULE
from dtti.node.people.models import Brought, Draft, DraftFile, OtherText, Typed
from dtti.web import permits

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("intake")]
WEB = Path(permits.__file__).parent
MARKED = "The seeker was shown.\n\nSECRET//NOFORN\n\nIt was put away."
HINDI = "साधक दिखाया गया।\n\nपरम गुप्त\n\nरख दिया गया।"
#: Parts of an address that no page needs to be real for: the form is refused before any view has it.
PARTS = {"purpose": "state", "field": "title", "number": "1", "kind": "event", "section": "events"}


@cache
def _word(words: str) -> bytes:
    made = docx.Document()
    made.add_paragraph("Minutes of a meeting.")
    made.sections[0].header.paragraphs[0].text = words
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def word_file(words: str) -> SimpleUploadedFile:
    """A Word file with these words at the head of its pages."""
    return SimpleUploadedFile("minutes.docx", _word(words))


def kept() -> list[int]:
    return [model.objects.count() for model in (Draft, DraftFile, Brought, OtherText, Typed)]


def addresses() -> list[str]:
    """The names of every page that writes, with the parts that its address wants."""
    return sorted(permits.WRITING)


def address_of(name: str) -> str:
    from django.urls import get_resolver

    [(_, wanted), *_more] = get_resolver().reverse_dict.getlist(name)[0][0]
    return reverse(name, kwargs={part: PARTS.get(part, "zzzzzzzzzzzzzzzz") for part in wanted})


@pytest.fixture
def officer(serve_side: Serve) -> Client:  # noqa: F811
    return sign_in(serve_side("IND"), "secretariat")


DUTIES = ("secretariat", "co_chair", "working_group_co_chair", "disclosure_officer", "public_officer")


@pytest.mark.long
@pytest.mark.parametrize("sent", ["text", "hindi", "file"])
def test_every_page_that_writes_refuses_what_is_marked_and_keeps_nothing(serve_side: Serve, sent: str) -> None:  # noqa: F811
    node, before = serve_side("IND"), kept()
    people = [sign_in(node, duty) for duty in DUTIES]
    for name in addresses():
        words = {"text": MARKED, "hindi": HINDI, "file": ""}[sent]
        forms = [{"remarks": words} if words else {"any": word_file("CONFIDENTIAL")} for _each in people]
        answers = [each.post(address_of(name), form) for each, form in zip(people, forms, strict=True)]
        refused = [each for each in answers if each.status_code == 422]
        assert refused, (name, [each.status_code for each in answers])  # by whoever may send there at all
        assert all(each.status_code in (422, 403) for each in answers), name
        assert all((RULE if words else "the head of the page") in each.content.decode() for each in refused), name
    assert kept() == before


def test_no_module_takes_a_file_or_an_answer_by_another_way_than_a_form_of_django() -> None:
    """What a page reads of a request is what was looked through: nothing reads its raw body."""
    for path in (each for each in WEB.rglob("*.py") if ".body" in each.read_text()):
        for each in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(each, ast.Attribute) and each.attr == "body" and isinstance(each.value, ast.Name):
                assert each.value.id not in ("request", "page") or path.stem == "views", path
    seat = "dtti.web.middleware.SeatMiddleware"
    assert (
        django_settings.MIDDLEWARE.index("dtti.web.intake.IntakeMiddleware")
        == django_settings.MIDDLEWARE.index(seat) + 1
    )


@pytest.mark.parametrize(("prefix", "says"), [("", "the head of the page"), ("/hi", "पृष्ठ का शीर्ष")])
def test_the_refusal_names_marking_and_place_and_leads_to_what_to_do(officer: Client, prefix: str, says: str) -> None:
    answer = officer.post(f"{prefix}/bring/", {"file": word_file("RESTRICTED")})
    page = html.fromstring(answer.content.decode()).find(".//main").text_content()
    assert answer.status_code == 422
    assert "RESTRICTED" in page
    assert says in page
    assert f'href="{prefix}/spill/"' in answer.content.decode()
    if prefix:
        english = re.sub(r"RESTRICTED|DTTI|marking-above-ceiling|docs/\S+", "", page)
        assert not re.findall(r"[A-Za-z]{4,}", english)


def test_an_ordinary_file_and_ordinary_words_go_on_as_before(officer: Client) -> None:
    before = Brought.objects.count()
    answer = officer.post("/bring/", {"file": word_file("Secretariat of the Group")})
    assert answer.status_code == 302
    assert Brought.objects.count() == before + 1


def test_what_is_typed_meanwhile_is_not_kept_either(officer: Client) -> None:
    made = officer.get("/work/new/events/", follow=True)
    action = made.redirect_chain[-1][0]
    save = action.replace("/draft/state/", "/draft/state/save")
    answer = officer.post(save, {"name": "A law", "notes": MARKED})
    assert (answer.status_code, Draft.objects.count()) == (422, 0)
    assert answer.json()["refused"][0]["rule"] == RULE


def test_a_session_that_ended_keeps_nothing_that_is_marked(officer: Client) -> None:
    drawn = officer.get("/work/new/events/", follow=True)
    [whose] = re.findall(r'name="whose" value="([^"]+)"', drawn.content.decode())
    address = drawn.redirect_chain[-1][0]
    Client().post(address, {"name": MARKED, "whose": whose})
    assert Typed.objects.count() == 0
    Client().post(address, {"name": "A law", "whose": whose})
    assert Typed.objects.count() == 1


def test_the_page_of_a_record_leads_to_the_command_that_erases_each_text(
    officer: Client,
    exercise: Exercise,  # noqa: F811
) -> None:
    code = exercise.records["net"].rpartition("/")[2]
    page = officer.get("/projects/ex-net/").content.decode()
    assert f"/spill/?record={code}" in page
    told: Any = officer.get(f"/spill.json?record={code}").json()
    mine = [each for each in told["texts"] if each["side"] == "IND"]
    assert mine
    assert all(re.fullmatch(r"dtti erase [0-9a-f]{64} --part 0 --reason spill", each["command"]) for each in mine)
    assert all(each["command"] == "" for each in told["texts"] if each["side"] == "USA")
    assert Client().get(f"/spill.json?record={code}").status_code == 404
    assert Client().get("/spill/").status_code == 200
