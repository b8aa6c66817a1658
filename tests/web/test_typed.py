"""A session that ends loses nothing that was typed: the same person gets it back after sign-in, and nobody else."""

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from tests.node.capitals import project

from dtti.node.people import models, seats
from dtti.node.people.models import Person, Typed
from dtti.web.accounts.guard import STAGED

from .conftest import PASSWORD
from .signing import Page, Signing, built, sign_in, signing  # noqa: F401 - fixtures
from .test_accounts import code, set_up_app
from .test_once import _asked, _restricted

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]

SAID = "Mind the range, and the rain."


def expired(browser: Client) -> None:
    Session.objects.update(expire_date=datetime.now(UTC) - timedelta(minutes=1))


def gone(browser: Client) -> None:
    Session.objects.all().delete()


def signed_out(browser: Client) -> None:
    browser.post("/account/sign-out")


ENDS = [expired, gone, signed_out]


def back_in(browser: Client, person: Person) -> Client:
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    return browser


def me(browser: Client) -> Person:
    return Person.objects.get(pk=browser.session["_auth_user_id"])


def path_of(signing: Signing, page: str) -> str:  # noqa: F811
    return f"/work/{signing.pair.record.rsplit('/', 1)[1]}/{page}/"


def back_from(answer: Any) -> str:
    """Where sign-in leads back to, as its page carries it on."""
    assert answer.status_code == 302, answer.content.decode()[:500]
    return str(answer.url.partition("next=")[2].replace("%3F", "?").replace("%3D", "=").replace("%26", "&"))


@pytest.mark.parametrize("end", ENDS)
def test_a_remark_comes_back_ready_to_be_confirmed_and_is_written_once(
    signing: Signing,  # noqa: F811
    end: Callable[[Client], None],
) -> None:
    browser, person, path = signing.browser, me(signing.browser), path_of(signing, "remark")
    page, size = Page(browser.get(path)), signing.sizes()
    end(browser)
    answer = browser.post(path, {**page.fields, "remarks": SAID, "check": "yes"})
    back = back_from(answer)
    assert back.startswith(path)
    said = browser.get(answer["Location"]).content.decode()
    assert "Your session has ended. What you typed is kept for you for a day" in said
    assert SAID not in said
    asked = Page(back_in(browser, person).get(back))
    assert asked.answer.status_code == 200
    assert asked.tree.xpath("//textarea[@name='remarks']")[0].text.strip() == SAID
    assert "This is what you typed before your session ended." in asked.answer.content.decode()
    assert signing.sizes() == size
    done = browser.post(path, {**asked.fields, "remarks": SAID, "confirm": "yes"})
    assert done.status_code == 302
    assert signing.sizes() != size
    assert Typed.objects.count() == 0
    assert SAID in Page(browser.get(path_of(signing, "")[:-1])).text


@pytest.mark.parametrize("end", ENDS)
def test_a_form_and_what_it_kept_by_itself_come_back(signing: Signing, end: Callable[[Client], None]) -> None:  # noqa: F811
    browser, person, path = signing.browser, me(signing.browser), path_of(signing, "draft/propose")
    page = Page(browser.get(path))
    end(browser)
    sent = {**project(), "in_dtti": "yes", **page.fields, "purpose": SAID, "remarks": "A remark", "firm": "yes"}
    kept = browser.post(f"{path}save", {**sent, "purpose": "Mind the"})
    assert (kept.status_code, kept.json()) == (401, {"ended": True, "kept": True})
    back = back_from(browser.post(path, sent))
    assert Typed.objects.count() == 1  # one page is one text, the latest
    assert models.Draft.objects.count() == 0
    form = Page(back_in(browser, person).get(back))
    assert SAID in form.answer.content.decode()
    assert form.tree.xpath("//input[@name='firm']/@checked")
    assert models.Draft.objects.count() == 0
    assert browser.post(path, {**sent, **form.fields}).status_code == 302
    assert (models.Draft.objects.get().content["purpose"], Typed.objects.count()) == (SAID, 0)


def test_a_new_record_s_form_comes_back_too(signing: Signing) -> None:  # noqa: F811
    browser, person = signing.browser, me(signing.browser)
    path = browser.get("/work/new/needs/")["Location"]
    fields = Page(browser.get(path)).fields
    expired(browser)
    back = back_from(browser.post(path, {**fields, "title": SAID, "ref": "ex-new", "side": "IND", "type": "need"}))
    form = back_in(browser, person).get(unquote(back))
    assert form.status_code == 200
    assert SAID in form.content.decode()


@pytest.mark.parametrize(("made", "where"), [(_asked, "/people/"), (_restricted, "/restricted/")])
def test_what_was_asked_of_a_list_comes_back_on_it(signing: Signing, made: Any, where: str) -> None:  # noqa: F811
    click = made(signing)
    person = me(click.browser)
    expired(click.browser)
    back = back_from(click.send().answer)
    assert back.startswith(where)
    page = back_in(click.browser, person).get(back).content.decode()
    assert click.fields["remarks"] in page
    assert Typed.objects.count() == 1


@pytest.mark.parametrize("end", ENDS)
def test_another_person_at_the_same_browser_gets_nothing_of_it(
    signing: Signing,  # noqa: F811
    end: Callable[[Client], None],
) -> None:
    browser, person, path = signing.browser, me(signing.browser), path_of(signing, "remark")
    sign_in(signing.node, signing.ind.office, "co_chair", "Meera Iyer (exercise)")
    other = Person.objects.get(full_name="Meera Iyer (exercise)")
    page = Page(browser.get(path))
    end(browser)
    back = back_from(browser.post(path, {**page.fields, "remarks": SAID}))
    for address in (back, "/", path, back.replace("/remark/", "/draft/propose/")):
        assert SAID not in back_in(browser, other).get(address).content.decode()
    assert 'id="typed"' not in browser.get("/").content.decode()
    assert SAID not in Client().get(back, follow=True).content.decode()
    desk = Page(back_in(browser, person).get("/"))
    assert desk.tree.xpath("//section[@id='typed']//a/@href") == [back]
    assert SAID in browser.get(back).content.decode()


def test_a_form_of_one_person_is_never_written_by_another(signing: Signing) -> None:  # noqa: F811
    path = path_of(signing, "remark")
    asked = Page(signing.browser.post(path, {**Page(signing.browser.get(path)).fields, "remarks": SAID, "check": "y"}))
    other = sign_in(signing.node, signing.ind.office, "co_chair", "Meera Iyer (exercise)")
    size = signing.sizes()
    refused = other.post(path, {**asked.fields, "remarks": SAID, "confirm": "yes"})
    assert refused.status_code == 403
    assert "form-whose" in refused.content.decode()
    assert signing.sizes() == size
    assert [one.person for one in Typed.objects.all()] == [me(signing.browser)]


def test_nobody_puts_a_text_into_another_s_form(signing: Signing) -> None:  # noqa: F811
    path = path_of(signing, "remark")
    hostile = sign_in(signing.node, signing.ind.office, "co_chair", "Meera Iyer (exercise)")
    theirs, ours = (Page(one.get(path)).fields["whose"] for one in (hostile, signing.browser))
    assert theirs != ours
    spoiled = ours[:-1] + ("A" if ours[-1] != "A" else "B")
    account = me(signing.browser).account
    for token in ("", spoiled, account, ours.rpartition(":")[0], f"{account}:{theirs.partition(':')[2]}", "x" * 5000):
        answer = Client().post(path, {"whose": token, "remarks": "planted"})
        assert answer.status_code == 302
        assert "typed" not in answer["Location"]
    assert Typed.objects.count() == 0
    Client().post(path, {"whose": theirs, "remarks": "planted"})
    assert [one.person for one in Typed.objects.all()] == [me(hostile)]
    assert "planted" not in signing.browser.get(Typed.objects.get().back).content.decode()


def test_a_page_left_open_across_a_sign_in_gives_its_text_to_the_same_person(signing: Signing) -> None:  # noqa: F811
    path, person = path_of(signing, "remark"), me(signing.browser)
    browser = back_in(Client(enforce_csrf_checks=True), person)
    page = Page(browser.get(path))
    (token,) = page.tree.xpath("//main//form//input[@name='csrfmiddlewaretoken']/@value")
    browser.cookies.clear()
    back_in(browser, person).get(path)  # signed in anew, in another tab: the token of the form is no longer good
    answer = browser.post(path, {**page.fields, "csrfmiddlewaretoken": token, "remarks": SAID})
    assert answer.status_code == 403
    (link,) = re.findall(rf'href="({re.escape(path)}[^"]*)"', answer.content.decode())
    assert SAID in browser.get(link).content.decode()
    stranger = Client(enforce_csrf_checks=True)
    refused = stranger.post(path, {**page.fields, "csrfmiddlewaretoken": token, "remarks": "planted"})
    assert refused.status_code == 403
    assert "Go on with what you typed" not in refused.content.decode()
    assert "for the person whose page it was" in refused.content.decode()


def test_it_is_kept_sealed_for_a_day_and_a_few_at_a_time(signing: Signing) -> None:  # noqa: F811
    path, person = path_of(signing, "remark"), me(signing.browser)
    pages = [Page(signing.browser.get(path)).fields for _ in range(7)]
    expired(signing.browser)
    backs = [
        back_from(signing.browser.post(path, {**page, "remarks": f"{SAID} {at}"})) for at, page in enumerate(pages)
    ]
    rows = Typed.objects.filter(person=person)
    assert sorted(row.back for row in rows) == sorted(backs[2:])
    assert all(b"range" not in bytes(row.sealed) for row in rows)
    browser = back_in(signing.browser, person)
    assert f"{SAID} 6" in browser.get(backs[6]).content.decode()
    assert SAID not in browser.get(backs[0]).content.decode()
    Typed.objects.update(kept=datetime.now(UTC) - timedelta(hours=25))
    assert SAID not in browser.get(backs[6]).content.decode()
    expired(browser)
    browser.post(path, {**pages[0], "remarks": "one more"})
    assert Typed.objects.count() == 1


def test_by_password_and_second_factor_as_on_a_live_system(signing: Signing, settings: Any) -> None:  # noqa: F811
    settings.DEMONSTRATION = False
    person = seats.create_person("k.mehta", "K. Mehta", password=PASSWORD)
    seats.give_seat(signing.node, person, signing.ind.office, "co_chair")
    browser, path = Client(), path_of(signing, "remark")
    browser.post("/account/sign-in", {"login": "k.mehta", "password": PASSWORD})
    secret = set_up_app(browser)
    page = Page(browser.get(path))
    assert page.answer.status_code == 200
    expired(browser)
    answer = browser.post(path, {**page.fields, "remarks": SAID})
    back = back_from(answer)
    form = browser.get(answer["Location"])
    (wanted,) = set(re.findall(r'name="next" value="([^"]+)"', form.content.decode()))
    assert wanted == back
    first = browser.post("/account/sign-in", {"login": "k.mehta", "password": PASSWORD, "next": wanted})
    assert SAID not in browser.get(back, follow=True).content.decode()  # half signed in
    cache.clear()  # the code that set the app up is spent within its half minute; this sign-in comes later
    second = browser.post(first["Location"], {"code": code(secret, time.time())})
    assert second["Location"] == back
    assert SAID in browser.get(second["Location"]).content.decode()
