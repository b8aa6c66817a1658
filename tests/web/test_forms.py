"""Forms that officials fill: every form of every kind and purpose, in both languages, at the page where they stand."""

import re
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html
from tests.programme.contents import contents

from dtti.demo.exercise import Exercise
from dtti.node.core.draft import new_record
from dtti.node.people import models
from dtti.node.people.models import Person
from dtti.programme.kinds import KINDS
from dtti.web.forms import shape

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

LANGUAGES = ("", "/hi")
#: What no official is shown: how something is stored, checked or found in code.
CODED = re.compile(r"`|\$\.|\\A|\\Z|regex|\bstr\b|\bint\b|\b20\d\d-\d\d-\d\d\b|YYYY|\b[a-z]+_[a-z_]+\b")


@pytest.fixture
def chair(exercise: Exercise, serve_side: Serve) -> Client:  # noqa: F811
    """A co-chair of India, who may write every kind."""
    return sign_in(serve_side("IND"), "co_chair")


class Form:
    """A form as a person sees it: its questions, what it says of them, and what a browser would send."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        assert answer.status_code in (200, 409), (answer.status_code, answer.content.decode()[:1500])
        self.tree = html.fromstring(answer.content.decode())
        (self.form,) = self.tree.xpath("//form[@id='draft']")

    @property
    def names(self) -> set[str]:
        return {each.get("name") for each in self.form.xpath(".//*[@name]")}

    @property
    def sent(self) -> dict[str, str]:
        """What the browser sends when nothing more is typed."""
        made = {}
        for each in self.form.xpath(".//input[@name]|.//select[@name]|.//textarea[@name]"):
            kind = each.get("type", "")
            if each.tag == "select":
                chosen = each.xpath(".//option[@selected]") or each.xpath(".//option")[:1]
                made[each.get("name")] = chosen[0].get("value") if chosen else ""
            elif each.tag == "textarea":
                made[each.get("name")] = (each.text or "").removeprefix("\n")
            elif kind not in ("checkbox", "radio") or each.get("checked") is not None:
                made[each.get("name")] = each.get("value", "")
        return made

    @property
    def summary(self) -> list[tuple[str, str]]:
        """The summary of what is wrong: the field that each line leads to, and its words."""
        return [
            (str((each.xpath(".//a/@href") or [""])[0]), " ".join(str(each.text_content()).split()))
            for each in self.tree.xpath("//main//section[contains(@class,'refused')]//li")
        ]

    def at(self, name: str) -> str:
        """What is said beside a field."""
        found = self.tree.xpath(f"//*[@id='id_{name}_err']")
        return " ".join(str(found[0].text_content()).split()) if found else ""

    def visible(self, language: str) -> list[str]:
        """The words of the main part in the page's language: what is marked as another language apart."""
        (main,) = self.tree.xpath("//main")
        for each in main.xpath(".//*[@lang]|.//script|.//option"):
            if each.tag == "option" or each.get("lang") != language:
                each.text = ""
                for below in list(each):
                    each.remove(below)
        return [one.strip() for one in main.itertext() if one.strip()]


def begin(browser: Client, kind: str, prefix: str = "") -> str:
    """The address of the form of a new record of a kind."""
    answer = browser.get(f"{prefix}/work/new/{KINDS[kind].face.address}/")
    assert answer.status_code == 302, answer.content.decode()[:800]
    return str(answer["Location"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_kind_is_on_its_form(chair: Client, kind: str) -> None:
    path = begin(chair, kind)
    form = Form(chair.get(path))
    wanted = dict(shape.leaves(shape.of_kind(kind)))
    for _round in range(6):  # lists within lists are opened one after the other
        missing = {name for name, one in wanted.items() if name not in form.names and one.how != "parts"}
        if not missing:
            break
        adds = {each.get("value") for each in form.form.xpath(".//button[@name='more']")}
        lists = {name for name in adds if any(one.startswith(f"{name}__0") for one in missing)}
        assert lists, (kind, missing)
        form = Form(chair.get(path + "".join(f"&add={name}" for name in asked(path, lists))))
    assert not missing, (kind, missing)


ASKED: dict[str, set[str]] = {}


def asked(path: str, lists: set[str]) -> set[str]:
    """All lists for which a row has been asked so far on a form."""
    return ASKED.setdefault(path, set()) | lists if ASKED.setdefault(path, set()).update(lists) is None else set()


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_form_says_all_that_is_missing_at_once_in_the_words_of_the_page(
    chair: Client, kind: str, prefix: str
) -> None:
    path = begin(chair, kind, prefix)
    form = Form(chair.post(path, {}))
    required = [each for each in shape.of_kind(kind) if each.required and each.how not in ("reference", "tick")]
    assert {target for target, _words in form.summary} >= {
        f"#id_{each.name}" for each in required if each.how != "group"
    }, form.summary
    for target, said in form.summary:
        assert form.tree.xpath(f"//*[@id='{target[1:]}']"), target
        assert not CODED.search(said), said
        if target:
            assert form.at(target.removeprefix("#id_")), target
    check_words(form, prefix)
    assert models.Draft.objects.count() == 1  # what was sent is kept


def check_words(form: Form, prefix: str) -> None:
    """No code on any page, and on a Hindi page nothing in Latin letters that is not marked so."""
    language = "hi" if prefix else "en"
    for words in form.visible(language):
        assert not CODED.search(words), words
        if prefix:
            latin = re.sub(r"\b(?:DTTI|UTC|IST|EST|EDT|[A-Z]{3}|naval-net-2|MB)\b", "", words)
            assert not re.search("[A-Za-z]{2}", latin), words


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_form_sent_back_as_it_was_drawn_changes_nothing(chair: Client, kind: str, prefix: str, data: Any) -> None:
    """Whatever a text says, a form shows all of it, and reads it back as it was: dates, hours, sums, rows in rows."""
    content = data.draw(contents(kind))
    record = new_record(kind, "IND")
    office = Person.objects.get().seats.get().office
    models.Draft.objects.create(
        office=office, record=record, purpose="propose", person=Person.objects.get(), content=content
    )
    path = f"{prefix}/work/{record.rsplit('/', 1)[1]}/draft/propose/"
    form = Form(chair.get(path))
    chair.post(path, form.sent)
    assert models.Draft.objects.get(record=record).content == once(content)


def once(value: Any) -> Any:
    """A content whose citations name each weaker part once, as boxes do, and without lists that hold nothing."""
    if isinstance(value, dict):
        return {
            name: list(dict.fromkeys(each)) if name in ("inferred", "unverified") else once(each)
            for name, each in value.items()
            if each != []
        }
    return [once(each) for each in value] if isinstance(value, list) else value


def test_what_a_form_asks_beside_the_text_has_no_name_of_a_field_of_a_text(chair: Client) -> None:
    form = Form(chair.get(begin(chair, "source")))
    beside = form.names - {name for name, _one in shape.leaves(shape.of_kind("source"))}
    paper = {"paper_number", "paper_date", "paper_title", "basis", "kept", "open_until", "next", "firm", "version"}
    for kind in KINDS:
        assert not (beside | paper) & {each.name for each in shape.of_kind(kind)} - {"cite"}, kind
