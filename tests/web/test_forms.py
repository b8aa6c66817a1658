"""Forms that officials fill: every form of every kind and purpose, in both languages, at the page where they stand."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import html
from tests.programme.contents import contents

from dtti.demo.exercise import Exercise
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.people import models
from dtti.node.people.models import Person
from dtti.node.record import read
from dtti.programme.kinds import KINDS
from dtti.web import labels
from dtti.web.forms import shape, wording
from dtti.web.views.words import field_name as words_of_page
from dtti.web.views.words import heading
from dtti.web.words import teach

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db

LANGUAGES = ("", "/hi")
#: Kinds whose general form is the one that is filled in; the others have one of their own (test_task_forms), or
#: begin it full (test_procedure).
GENERAL = [code for code, kind in KINDS.items() if not kind.face.starts]
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
def test_every_field_of_every_kind_has_words_of_its_own(kind: str) -> None:
    """Where a whole text is shown, no field is called as it is stored."""
    parts = {part for name, _shape in shape.leaves(shape.of_kind(kind)) for part in name.split("__")}
    named = {each for each in parts if not each.isdigit()}
    assert {each for each in named if not labels.has_words(each)} == set()


@pytest.mark.parametrize("kind", GENERAL)
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


def everything(shapes: tuple[shape.Shape, ...]) -> list[shape.Shape]:
    """All questions of a type, whatever they stand in."""
    return [
        one
        for each in shapes
        for one in (each, *everything(each.inner), *everything((each.item,) if each.item else ()))
    ]


@pytest.mark.parametrize("kind", KINDS)
def test_every_choice_and_question_has_its_hindi_wherever_it_stands_on_a_form(kind: str) -> None:
    teach()
    with override("hi"):
        said = {one.of: wording.label(one) for one in everything(shape.of_kind(kind)) if one.name}
        said |= {
            f"{one.of} {code}": heading(code, one.of) for one in everything(shape.of_kind(kind)) for code in one.values
        }
    assert {name: each for name, each in said.items() if not re.search("[\u0900-\u097f]", each)} == {}


@pytest.mark.parametrize("kind", [each for each in GENERAL if KINDS[each].face.opens])
def test_a_form_opens_with_a_row_of_each_list_without_which_the_record_says_nothing(chair: Client, kind: str) -> None:
    path = begin(chair, kind)
    for answer in (chair.get(path), chair.post(path, {})):  # nothing was said: it stands open still
        for name in KINDS[kind].face.opens:
            assert Form(answer).tree.xpath(f"//*[@id='id_{name}__0']"), (kind, name)


#: Fields that are called as a field of another kind is, which says the same of them.
SHARED = {
    *("Present.position", "PressRelease.where", "PressRelease.paragraphs", "Disposition.session", "Contact.session"),
    *("Disposition.public_title", "Disposition.public_summary", "Delayed.reason", "Rebaselined.reason"),
    *("MilestoneReport.reason", "MilestoneReport.document", "Measured.document", "NationalStep.file_number"),
    *("AskAnswer.letter", "Delay.about", "Determination.about", "PlanReport.milestones", "ConstraintView.advice"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_has_no_words_of_another_kind_but_where_they_say_the_same(kind: str) -> None:
    common, own = labels.FIELDS, KINDS[kind].face.words
    for one in everything(shape.of_kind(kind)):
        if one.name and one.kind == kind and one.name not in common and one.of not in {*wording.ASKED, *SHARED}:
            assert one.name in own, one.of
            assert wording.label(one) == words_of_page(one.name, kind) == own[one.name]


ASKED: dict[str, set[str]] = {}


def asked(path: str, lists: set[str]) -> set[str]:
    """All lists for which a row has been asked so far on a form."""
    return ASKED.setdefault(path, set()) | lists if ASKED.setdefault(path, set()).update(lists) is None else set()


@pytest.mark.parts(2)
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("kind", GENERAL)
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
            latin = re.sub(r"\b(?:DTTI|UTC|IST|EST|EDT|[A-Z]{3}|FY\d{4}|naval-net-2|MB)\b", "", words)
            assert not re.search("[A-Za-z]{2}", latin), words


@pytest.mark.parts(2)
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("kind", GENERAL)
@settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_form_sent_back_as_it_was_drawn_changes_nothing(chair: Client, kind: str, prefix: str, data: Any) -> None:
    """Whatever a text says, a form shows all of it, and reads it back as it was: dates, hours, sums, rows in rows."""
    content = saying(data.draw(contents(kind)))
    record = new_record(kind, "IND")
    office = Person.objects.get().seats.get().office
    models.Draft.objects.create(
        office=office, record=record, purpose="propose", person=Person.objects.get(), content=content
    )
    path = f"{prefix}/work/{record.rsplit('/', 1)[1]}/draft/propose/"
    form = Form(chair.get(path))
    chair.post(path, form.sent)
    assert models.Draft.objects.get(record=record).content == once(content)


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_a_code_whose_words_mean_another_in_its_field_is_shown_as_it_is_stored(chair: Client, prefix: str) -> None:
    """`by` is a field of a procedure, in whose words it would be shown, and no reason of a body's state."""
    record = new_record("body", "IND")
    person = Person.objects.get()
    states = [{"date": "2026", "state": "active", "reason_code": code} for code in ("by", "merged", "no-such-words")]
    content = {"ref": "ex-b", "name": "B", "type": "working-group", "states": states}
    models.Draft.objects.create(
        office=person.seats.get().office, record=record, purpose="propose", person=person, content=content
    )
    path = f"{prefix}/work/{record.rsplit('/', 1)[1]}/draft/propose/"
    chair.post(path, Form(chair.get(path)).sent)
    assert models.Draft.objects.get(record=record).content["states"] == states


def saying(value: Any) -> Any:
    """A drawn content without parts none of whose members is said: no answer to a form says that one is there."""
    if isinstance(value, dict):
        return {name: kept for name, each in value.items() if (kept := saying(each)) != {}}
    return [saying(each) for each in value] if isinstance(value, list) else value


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
    paper = {"paper_number", "paper_date", "paper_title", "text_basis", "kept", "open_until", "next", "firm", "version"}
    for kind in KINDS:
        assert not (beside | paper) & {each.name for each in shape.of_kind(kind)} - {"cite"}, kind


def test_the_file_number_of_this_side_and_one_that_the_text_itself_says_stay_apart(chair: Client) -> None:
    path = begin(chair, "national_case")
    chair.post(path, {**Form(chair.get(path)).sent, "file_number": "EX/1", "own_file_number": "EX/2"})
    held = models.Draft.objects.get()
    assert (held.content["file_number"], held.particulars["file_number"]) == ("EX/1", "EX/2")
    sent = Form(chair.get(path)).sent
    assert (sent["file_number"], sent["own_file_number"]) == ("EX/1", "EX/2")


def fill(browser: Client, path: str, given: dict[str, str]) -> Form:
    """Fill in a form as it stands, and send it."""
    form = Form(browser.get(path))
    answer = browser.post(path, {**form.sent, **given})
    return Form(browser.get(path) if answer.status_code == 302 else answer)


MEETING = {"body": "ex-group", "date": "18.11.2026", "mode": "in-person", "status": "planned", "host": "IND"}


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_what_a_rule_of_the_kind_says_stands_at_the_field_that_it_is_about(chair: Client, prefix: str) -> None:
    agenda = {f"agenda__{place}__{name}": said for place in (0, 1) for name, said in
              (("number", "4"), ("title", "नौसेना 4"), ("purpose", "decision"))}  # fmt: skip
    form = fill(chair, begin(chair, "meeting", prefix), {**MEETING, **agenda, "end": "17.11.2026", "mode": "virtual"})
    assert {target for target, _said in form.summary} == {"#id_end", "#id_agenda__1__number", "#id_host"}
    assert ("18 Nov 2026" if not prefix else "18 नवंबर 2026") in form.at("end")
    check_words(form, prefix)


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_an_open_order_of_day_and_month_is_asked_back_and_never_guessed(chair: Client, prefix: str) -> None:
    path = begin(chair, "meeting", prefix)
    form = fill(chair, path, {**MEETING, "date": "03/04/2026"})
    radios = form.form.xpath(".//input[@name='date__reading']")
    assert [each.get("value") for each in radios] == ["2026-04-03", "2026-03-04"]
    assert not any(each.get("checked") for each in radios)
    assert form.sent["date"] == "03/04/2026"
    said = form.at("date")
    assert all(day in said for day in (("3 Apr 2026", "4 Mar 2026") if not prefix else ("3 अप्रैल 2026", "4 मार्च 2026")))
    check_words(form, prefix)
    assert chair.post(path, {**form.sent, "date__reading": "2026-03-04"}).status_code == 302
    assert models.Draft.objects.get().content["date"] == "2026-03-04"


@pytest.mark.parametrize(("typed", "stored"), [
    ("18.11.2026", "2026-11-18"), ("18 Nov 2026", "2026-11-18"), ("18 नवम्बर 2026", "2026-11-18"),
    ("१८.११.२०२६", "2026-11-18"), ("Nov 2026", "2026-11"), ("नवंबर 2026", "2026-11"), ("2026", "2026"),
    ("between Feb 2015 and 2023", "[2015-02..2023]"), ("not before 3 May 2021", "[2021-05-03..]"),
])  # fmt: skip
def test_a_date_is_read_as_officials_write_it_and_shown_back_in_words(chair: Client, typed: str, stored: str) -> None:
    path = begin(chair, "meeting")
    chair.post(path, {**MEETING, "date": typed})
    assert models.Draft.objects.get().content["date"] == stored
    for prefix in LANGUAGES:
        form = Form(chair.get(prefix + path))
        assert not re.search(r"\d{4}-\d\d", form.sent["date"])
        chair.post(prefix + path, form.sent)
        assert models.Draft.objects.get().content["date"] == stored, prefix


@pytest.mark.parametrize(("typed", "said"), [
    ("31.02.2026", "The calendar has no such day."), ("18.11.26", "The year has two figures only."),
    ("2026-27", "This is a financial year, and no date."), ("soon", "This cannot be read as a date."),
    ("1789", "Write it as"),
])  # fmt: skip
def test_what_is_no_date_is_kept_as_it_was_typed_and_said_so(chair: Client, typed: str, said: str) -> None:
    form = fill(chair, begin(chair, "meeting"), {**MEETING, "date": typed})
    assert said in form.at("date")
    assert form.sent["date"] == typed


def test_rows_are_added_moved_and_taken_out_by_buttons_alone(chair: Client) -> None:
    path = begin(chair, "meeting")
    items = {}
    for place, title in enumerate(("first", "second", "third")):
        items |= {
            f"agenda__{place}__number": str(place + 1),
            f"agenda__{place}__title": title,
            f"agenda__{place}__purpose": "review",
        }

    def titles() -> list[str]:
        return [row["title"] for row in models.Draft.objects.get().content["agenda"]]

    chair.post(path, {**MEETING, **items, "more": "agenda"})
    assert titles() == ["first", "second", "third"]
    for button, after in (
        ("up:agenda__2", ["first", "third", "second"]),
        ("down:agenda__0", ["third", "first", "second"]),
        ("drop:agenda__1", ["third", "second"]),
    ):
        form = Form(chair.get(path))
        assert form.form.xpath(f".//button[@name='row'][@value='{button}']"), button
        answer = chair.post(path, {**form.sent, "row": button})
        assert answer.status_code == 302
        assert answer["Location"].endswith("#id_agenda")
        assert titles() == after


def test_what_is_folded_opens_where_a_row_was_asked_for_in_it(chair: Client) -> None:
    path = begin(chair, "meeting")
    form = Form(chair.get(path))
    assert form.form.xpath(".//summary[@id='id_cite']/parent::details[not(@open)]")
    answer = chair.post(path, {**form.sent, "more": "cite__sources"})
    form = Form(chair.get(answer["Location"].partition("#")[0]))
    assert form.form.xpath(".//fieldset[@id='id_cite']")
    assert form.form.xpath(".//details[contains(@class,'more')][@open]")
    assert "cite__sources__0" in form.names


def test_owners_of_an_action_are_rows_within_a_row(chair: Client) -> None:
    path = begin(chair, "meeting")
    answer = chair.post(path, {**MEETING, "actions__0__text": "Send the list.", "more": "actions__0__owners"})
    form = Form(chair.get(answer["Location"].partition("#")[0]))
    assert {"actions__0__owners__0__side", "actions__0__owners__0__office"} <= form.names
    chair.post(path, {**form.sent, "actions__0__owners__0__side": "IND", "actions__0__number": "1"})
    assert models.Draft.objects.get().content["actions"][0]["owners"] == [{"side": "IND"}]
    form = Form(chair.post(path, Form(chair.get(path)).sent))
    assert "Office is missing" in form.at("actions__0__owners__0__office")
    assert "Actions, row 1: Owners, row 1: Office" in form.at("actions__0__owners__0__office")


def test_a_record_is_chosen_by_name_and_what_is_stored_is_its_reference(chair: Client) -> None:
    path = begin(chair, "commitment")
    form = Form(chair.get(path))
    options = {each.get("value"): each.text for each in form.form.xpath(".//select[@name='project']/option")}
    assert options["ex-net"] == "Shipboard drone recovery net"
    chair.post(path, {**form.sent, "text": "We shall.", "project": "Shipboard drone recovery net"})
    assert models.Draft.objects.get().content["project"] == "ex-net"


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_a_name_that_the_record_has_not_is_kept_and_says_what_to_do(chair: Client, prefix: str) -> None:
    path = begin(chair, "commitment", prefix)
    form = fill(chair, path, {"text": "क", "project": "नया जाल"})
    assert form.sent["project"] == "नया जाल"
    assert form.tree.xpath(f"//*[@id='id_project_err']//a[@href='{prefix}/work/new/projects/']")
    check_words(form, prefix)


def test_a_record_is_found_on_a_page_without_scripts_and_nothing_that_was_typed_is_lost(chair: Client) -> None:
    path = begin(chair, "success_definition")
    answer = chair.post(path, {"problem": "Nets tear.", "project": "recovery", "choose": "project"})
    assert "/choose/project/?q=recovery" in answer["Location"]
    found = html.fromstring(chair.get(answer["Location"]).content.decode())
    (button,) = [each for each in found.xpath("//main//button[@name='value']") if each.get("value") == "ex-net"]
    hidden = {each.get("name"): each.get("value") for each in found.xpath("//main//form[@method='post']//input")}
    back = chair.post(answer["Location"], {**hidden, button.get("name"): button.get("value")})
    assert back["Location"].endswith("#id_project")
    content = models.Draft.objects.get().content
    assert (content["project"], content["problem"]) == ("ex-net", "Nets tear.")
    rows = chair.get("/work/names/project/?project=recov").content.decode()
    assert "Shipboard drone recovery net" in rows
    assert Client().get("/work/names/project/?project=recov").status_code in (302, 403, 404)


def test_a_last_day_that_has_passed_is_refused_where_it_is_typed_and_a_day_to_come_is_shown_in_both_capitals(
    chair: Client,
) -> None:
    path = begin(chair, "meeting")
    form = fill(chair, path, {**MEETING, "open_until": "3 May 2021"})
    assert "this day has passed" in form.at("open_until")
    form = fill(chair, path, {**MEETING, "open_until": "3 May 2031"})
    assert not form.at("open_until")
    hint = form.tree.xpath("//*[@id='id_open_until_hint']")[0].text_content()
    assert "Delhi: 4 May 2031, 05:29 IST" in hint
    assert "Washington: 3 May 2031, 19:59 EDT" in hint


WRONG = {
    "number": "many", "share": "half", "date": "soon", "hour": "soon", "years": "lately", "choice": "zz",
    "yes_no": "zz", "ref": "ज़ zz zz", "record": "ज़ zz zz", "code": "जाल", "reference": "a b", "currency": "zz",
    "line": "x" * 1001, "prose": "x" * 50_001,
}  # fmt: skip


@pytest.mark.parts(2)
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("kind", GENERAL)
def test_every_wrong_answer_is_said_at_its_field_all_at_once_and_in_the_words_of_the_page(
    chair: Client, kind: str, prefix: str
) -> None:
    wrong = {name: WRONG[one.how] for name, one in shape.leaves(shape.of_kind(kind)) if one.how in WRONG}
    form = fill(chair, begin(chair, kind, prefix), wrong)
    told = {target.removeprefix("#id_") for target, _said in form.summary}
    assert set(wrong) <= told, sorted(set(wrong) - told)[:9]
    for name in wrong:
        assert form.at(name), name
        (field,) = form.form.xpath(f".//*[@id='id_{name}']")
        assert field.get("aria-invalid") == "true", name
        assert f"id_{name}_err" in field.get("aria-describedby"), name
    check_words(form, prefix)


RIGHT = {
    "number": "3", "share": "50", "date": "18 Nov 2026", "hour": "18 Nov 2026, 14:30", "years": "2017 to 2019",
    "code": "terms of reference", "reference": "ex-right", "line": "नौसेना", "prose": "नौसेना\n\nतट", "tick": "yes",
}  # fmt: skip


@pytest.mark.parts(2)
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("kind", GENERAL)
def test_right_answers_to_every_question_leave_the_rules_of_the_kind_alone_to_say(
    chair: Client, kind: str, prefix: str
) -> None:
    path, given = begin(chair, kind, prefix), {}
    for name, one in shape.leaves(shape.of_kind(kind)):
        if one.how in RIGHT:
            given[name] = "no" if one.default is True else RIGHT[one.how]
            if prefix and one.how == "code":  # words in use are in the page's language, another is in English letters
                given[name] = "own-word"
        elif one.how == "choice":
            given[name] = next(each for each in one.values if each != one.default)
        elif one.how == "ref":
            found = html.fromstring(chair.get(f"/work/names/{one.link}/?q={one.link[:2]}").content.decode() or "<p>")
            names = found.xpath("//option/@value") or EXERCISE.get(one.link, [])
            given |= {name: names[0]} if names else {}
        elif one.how == "lines":
            given[name] = "नौसेना\nतट"
    form = Form(chair.get(path))
    chair.post(path, {**form.sent, **given})
    content = models.Draft.objects.get().content
    for name in given:  # nothing of it was lost on the way
        here: Any = content
        for part in name.split("__"):
            here = here[int(part)] if isinstance(here, list) else here[part]
    missing = {name for name, one in shape.leaves(shape.of_kind(kind)) if one.required and name not in given}
    form = Form(chair.post(path, Form(chair.get(path)).sent)) if missing else None
    if form is not None:
        told = {target.removeprefix("#id_") for target, _said in form.summary if target}
        assert not told & set(given), (told & set(given), form.summary)


#: Records of the exercise, by kind, where names are few.
EXERCISE = {"project": ["ex-net"], "body": ["ex-group"], "office": ["IND/ex-secretariat"]}


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_the_record_suggests_number_and_host_and_says_why_and_sets_nothing(chair: Client, prefix: str) -> None:
    path = begin(chair, "meeting", prefix)
    form = Form(chair.get(path))
    assert not form.form.xpath(".//button[@name='use']")
    chair.post(path, {**form.sent, "body": "ex-group", "suggest": "body"})
    form = Form(chair.get(path))
    assert {each.get("value") for each in form.form.xpath(".//button[@name='use']")} == {"number", "host", "open_until"}
    assert (form.sent["number"], form.sent["host"]) == ("", "")
    said = " ".join(str(each.text_content()) for each in form.form.xpath(".//p[contains(@class,'suggested')]"))
    assert "3" in said  # what stands planned is number 3, and India hosts it
    assert ("India hosts" if not prefix else "भारत") in said
    check_words(form, prefix)
    assert chair.post(path, {**form.sent, "use": "number"}).status_code == 302
    form = Form(chair.get(path))
    chair.post(path, {**form.sent, "use": "host"})
    content = models.Draft.objects.get().content
    assert (content["number"], content["host"]) == (4, "USA")


def test_what_a_side_says_of_itself_is_suggested_for_the_side_and_office_of_the_seat(chair: Client) -> None:
    for kind, fields in (("office", {"side"}), ("briefing", {"side", "office"})):
        form = Form(chair.get(begin(chair, kind)))
        beside = set(form.form.xpath(".//button[@name='use']/@value"))
        assert beside == {each for each in fields if not form.sent[each]}, kind


def test_a_last_day_is_suggested_that_leaves_the_answer_before_the_meeting(
    chair: Client,
    exercise: Exercise,  # noqa: F811
) -> None:
    path = begin(chair, "commitment")
    chair.post(path, {"text": "We shall.", "force": "firm", "made": "2026", "body": "ex-group", "suggest": "body"})
    form = Form(chair.get(path))
    assert form.form.xpath(".//button[@name='use'][@value='open_until']")
    chair.post(path, {**form.sent, "use": "open_until"})
    node = exercise.pair.nodes["IND"]
    rows = read.listing(node, Viewer("IND", national=True), "meeting", filters={"status": "planned"}).rows
    (met,) = [row.earliest for row in rows if row.body == "ex-group" and row.earliest]
    until = models.Draft.objects.get().particulars["until"]
    assert (date.fromisoformat(met) - date.fromisoformat(until)).days == 1
