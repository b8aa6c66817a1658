"""The same click twice is one act, on every page that writes; and after a fault a page says what the ledger holds."""

import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import apsw
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dtti.accord import table, table_2
from dtti.ledger import sent
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import groups, seating, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.web import permits

from .signing import Page, Signing, built, sign_in, signing  # noqa: F401 - fixtures
from .test_binding import PAGES, _ready
from .test_binding_drafts import begun
from .test_late import answered

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]


@dataclass
class Click:
    """A form that is ready to be confirmed: who sends it, where, what it says, and what else it could say."""

    browser: Client
    path: str
    fields: dict[str, Any]
    other: dict[str, Any] = field(default_factory=lambda: {"remarks": "In quite other words."})

    def send(self, browser: Client | None = None, prefix: str = "", **more: Any) -> Page:
        return Page((browser or self.browser).post(prefix + self.path, {**self.fields, **more}))


def _page(page: str) -> Callable[[Signing], Click]:
    def made(signing: Signing) -> Click:  # noqa: F811
        record, given, shown = _ready(signing, page)
        path = f"/work/{record.rsplit('/', 1)[1]}/{page}/"
        return Click(signing.browser, path, {**shown.fields, **given, "confirm": "yes"})

    return made


def _draft(purpose: str) -> Callable[[Signing], Click]:
    def made(signing: Signing) -> Click:  # noqa: F811
        held, page = begun(signing, purpose)
        path = f"/work/{held.record.rsplit('/', 1)[1]}/{page}/"
        return Click(signing.browser, path, {**Page(signing.browser.get(path)).fields, "confirm": "yes"})

    return made


def _late(signing: Signing) -> Click:  # noqa: F811
    record, _answer = answered(signing)
    path = f"/work/{record.rsplit('/', 1)[1]}/late-answer/"
    given = {"outcome": "late"}
    shown = Page(signing.browser.post(path, {**Page(signing.browser.get(path)).fields, **given, "check": "yes"}))
    return Click(signing.browser, path, {**shown.fields, **given, "confirm": "yes"}, {"outcome": "agreed"})


def _empowered(signing: Signing, title: str) -> str:  # noqa: F811
    """A further office of India, with the power to seat and to make groups."""
    office = new_record("office", "IND")
    number = 1 + max(signing.node.standing.grants)
    grant = table_2.Grant(number, ["all"], office, "2020-01-01T00:00:00Z", ["seat", "restrict", "state"])
    signing.node.write(Draft("power", terms=table_2.Power(grants=[grant])))
    content = {"ref": f"IND/{office[-8:]}", "side": "IND", "title": title}
    signing.node.write(Draft("state", office, table.State(base=0), office, (text.Text(content=content),)))
    return office


def _form(browser: Client, page: str, action: str) -> dict[str, Any]:
    """The hidden answers of the form on a page that goes to `action`."""
    (form, *_) = Page(browser.get(page)).tree.xpath(f"//form[@action='{action}']")
    hidden = form.xpath(".//input[@type='hidden']")
    return {each.get("name"): each.get("value") for each in hidden if each.get("name") != "csrfmiddlewaretoken"}


def _asked(signing: Signing) -> Click:  # noqa: F811
    office = _empowered(signing, "First desk")
    browser = sign_in(signing.node, office, "secretariat", "Asks It (exercise)")
    given = {"person": Person.objects.get(username="secretariat.asks").account, "office": office, "duty": "observer"}
    given["duty"] = "project_officer"
    return Click(browser, "/people/ask/", {**_form(browser, "/people/", "/people/ask/"), **given, "remarks": "Help."})


def _confirmed(signing: Signing) -> Click:  # noqa: F811
    asked = _asked(signing)
    assert asked.send().answer.status_code == 302
    (act,) = seating.read(signing.node).asked
    browser = sign_in(signing.node, _empowered(signing, "Second desk"), "secretariat", "Confirms It (exercise)")
    path = f"/people/confirm/{act}/"
    return Click(browser, path, _form(browser, "/people/", path))


def _restricted(signing: Signing) -> Click:  # noqa: F811
    office = _empowered(signing, "Third desk")
    browser = sign_in(signing.node, office, "secretariat", "Makes It (exercise)")
    given = {"title": "Cell", "members": [office], "remarks": "A matter for one desk."}
    return Click(browser, "/restricted/change/", {**_form(browser, "/restricted/", "/restricted/change/"), **given})


def _brought(signing: Signing) -> Click:  # noqa: F811
    rows = b"Requirement,Service,Type,Wanted by\nNet (exercise),Navy,need,2028\nTractor (exercise),Navy,need,2029\n"
    sent = {"file": SimpleUploadedFile("needs.csv", rows)}
    address = signing.browser.post("/bring/", sent)["Location"]
    given = {**Page(signing.browser.get(address)).fields, "rows__0": ["2", "3"], "do": "record:0"}
    path = signing.browser.post(address, given)["Location"]
    return Click(signing.browser, path, {**Page(signing.browser.get(path)).fields, "confirm": "yes"})


#: Every page that writes an act, by the name of its address.
CLICKS: dict[str, list[tuple[str, Callable[[Signing], Click]]]] = {
    **{
        name: [(name, _page(page))]
        for name, page in {
            "agree": "agree",
            "send_back": "send-back",
            "withdraw": "withdraw",
            "hand_over": "hand-over",
            "request_pen": "ask",
            "remark": "remark",
            "remark_to_other": "remark-to-the-other-side",
            "notice": "notice",
            "release": "release",
            "confirm_paper": "confirm-paper",
            "project_suspend": "suspend",
            "project_resume": "resume",
            "project_leave": "leave",
            "make_public": "make-public",
        }.items()
    },
    "late": [("late", _late)],
    "show_draft": [("show_draft", _draft("show"))],
    "check_draft": [(purpose, _draft(purpose)) for purpose in ("propose", "counter", "state", "paper")],
    "ask_seat": [("ask_seat", _asked)],
    "confirm_seat": [("confirm_seat", _confirmed)],
    "restrict": [("restrict", _restricted)],
    "brought_check": [("brought_check", _brought)],
}
EVERY = [pytest.param(made, id=name) for clicks in CLICKS.values() for name, made in clicks]


def test_every_page_that_takes_a_form_and_writes_an_act_is_walked() -> None:
    kept_in_private = {"draft", "autosave", "choose", "bring", "brought"}  # they write no act
    kept_in_private |= {
        "meeting_days",
        "meeting_notes",
        "meeting_word",
        "meeting_answers",
        "meeting_announce",
        "project_stage",
        "meeting_carry",
    }
    kept_in_private |= {"report-action", "report-commitment", "verify-report", "report-draft", "bring-in-actions"}
    kept_in_private |= {"project-reading", "project-assessment", "project-milestone", "lane_step", "step-draft"}
    kept_in_private |= {"intake", "recommendation_step", "disposition_agenda", "industry_accounts"}
    assert set(CLICKS) == set(permits.WRITING) - kept_in_private
    assert len(PAGES) == 14


def entry(signing: Signing, page: Page) -> str:  # noqa: F811
    """The act of the entry that a page names, which must stand where the page says."""
    (act,) = {found for each in page.tree.xpath("//main//a/@href") for found in re.findall(r"/([0-9a-f]{64})/", each)}
    placed = signing.node.store.find(act)
    assert placed is not None
    whose = {RELEASED: "our official record", NATIONAL: "what our side keeps for itself"}[placed.ledger]
    assert f"as entry {placed.index} of {whose}" in page.text
    return str(act)


@pytest.mark.parametrize("made", EVERY)
def test_the_same_form_sent_again_is_answered_by_the_entry_that_it_made(signing: Signing, made: Any) -> None:  # noqa: F811
    click = made(signing)
    before = signing.sizes()
    assert click.send().answer.status_code == 302
    after = signing.sizes()
    assert after != before
    again = click.send()  # a double click; Back and Confirm; a reload
    assert again.answer.status_code == 200
    assert "This stands already" in again.text
    act = entry(signing, again)
    hindi = click.send(prefix="/hi")
    assert hindi.answer.status_code == 200
    assert act in hindi.answer.content.decode()
    assert "entry" not in hindi.text
    if click.path.startswith("/work/"):  # pages that only take a form have no twin
        told = click.browser.post(click.path.rstrip("/") + ".json", click.fields)
        assert (told.json()["stands"], told.json()["act"]) == ("already", act)
    assert signing.sizes() == after
    look = Page(click.browser.get(f"/work/sent/{_key(click)}/"))
    assert entry(signing, look) == act


def _key(click: Click) -> str:
    from dtti.web.outcome import _key as digest

    return digest(click.fields["nonce"])


@pytest.mark.parametrize("made", EVERY)
def test_the_same_form_in_other_words_or_from_another_seat_is_refused_plainly(signing: Signing, made: Any) -> None:  # noqa: F811
    click = made(signing)
    assert click.send().answer.status_code == 302
    after = signing.sizes()
    person = Person.objects.get(pk=click.browser.session["_auth_user_id"])
    (seat,) = seats.held(person)
    colleague = sign_in(signing.node, seat.office, seat.duty, "Another Person (exercise)")
    size = signing.sizes()
    for refused in (click.send(**click.other), click.send(colleague, whose="")):
        assert refused.answer.status_code == 409
        assert "form-once" in refused.text
        assert "confirmed before, in other words or from another seat" in refused.text
    assert signing.sizes() == size
    assert colleague.get(f"/work/sent/{_key(click)}/").status_code == 404
    assert {name: size[name] - after[name] for name in (RELEASED,)} == {RELEASED: 0}


@pytest.mark.parametrize("made", [_asked, _confirmed, _restricted], ids=["ask_seat", "confirm_seat", "restrict"])
def test_a_form_without_its_key_or_of_a_list_that_has_changed_writes_nothing(signing: Signing, made: Any) -> None:  # noqa: F811
    click = made(signing)
    before = signing.sizes()
    for name in ("nonce", "shown"):
        for value in ("", "0" * 63, "1" * 64):
            if (name, value) != ("nonce", "1" * 64):  # any key that no form had is as good as another
                assert click.send(**{name: value}).answer.status_code == 409, (name, value)
    assert signing.sizes() == before


def test_two_tabs_that_make_one_group_make_one(signing: Signing) -> None:  # noqa: F811
    first = _restricted(signing)
    hidden = _form(first.browser, "/restricted/", "/restricted/change/")
    second = Click(first.browser, first.path, {**first.fields, **hidden})
    assert first.fields["nonce"] != second.fields["nonce"]
    assert first.send().answer.status_code == 302
    assert second.send().answer.status_code == 409
    assert len(groups.of(signing.node, first.fields["members"][0])) == 1


def test_after_it_is_recorded_the_list_says_as_which_entry(signing: Signing) -> None:  # noqa: F811
    click = _asked(signing)
    answer = click.send().answer
    index = signing.node.store.size(NATIONAL) - 1
    page = Page(click.browser.get(answer["Location"]))
    assert f"It stands as entry {index} of what our side keeps for itself." in page.answer.content.decode()


def test_the_page_after_an_act_says_as_which_entry_it_stands(signing: Signing) -> None:  # noqa: F811
    click = _page("remark-to-the-other-side")(signing)
    done = Page(click.browser.get(click.send().answer["Location"]))
    assert f"It stands as entry {signing.node.store.size(RELEASED) - 1} of our official record." in done.text


# --- faults ----------------------------------------------------------------------------------------------------------


def _rename(signing: Signing, file: str, old: str, new: str) -> None:  # noqa: F811
    """Take a table away under the node, so that whatever needs it fails; or give it back."""
    with closing(apsw.Connection(str(signing.ind.folder / file))) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}").fetchall()


def test_where_only_what_follows_fails_the_page_says_that_it_stands(signing: Signing) -> None:  # noqa: F811
    click = _page("remark")(signing)
    click.browser.raise_request_exception = False
    size = signing.node.store.size(NATIONAL)
    _rename(signing, "record.sqlite3", "done", "away")
    answer = click.send()
    assert signing.node.store.size(NATIONAL) == size + 1
    assert "It stands as entry" in answer.text
    assert f"entry {size} of what our side keeps for itself" in answer.text
    assert answer.answer.status_code == 200
    again = click.send()
    assert "This stands already" in again.text
    assert signing.node.store.size(NATIONAL) == size + 1


def test_where_the_write_fails_the_page_says_that_nothing_of_it_stands_and_it_can_be_sent_again(
    signing: Signing,  # noqa: F811
) -> None:
    click = _page("remark")(signing)
    click.browser.raise_request_exception = False
    before = signing.sizes()
    _rename(signing, "ledger.sqlite3", "hash", "away")
    answer = click.send()
    assert answer.answer.status_code == 500
    assert "Nothing of this form stands" in answer.text
    assert answer.answer["X-Request-ID"] in answer.text
    assert "half done" not in answer.text
    _rename(signing, "ledger.sqlite3", "away", "hash")
    assert signing.sizes() == before
    assert sent.find(signing.node.store, _key(click)) is None
    assert "Nothing of this form stands" in Page(click.browser.get(f"/work/sent/{_key(click)}/")).text
    assert click.send().answer.status_code == 302
