"""Every page of the account in both languages: the words, the structure, and no address without a page here."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from dtti.language.catalogue import LANGUAGES
from dtti.node.core.node import Node
from dtti.node.folder import staged
from dtti.node.people import duties
from dtti.node.people.models import Person
from dtti.web.accounts.urls import urlpatterns as addresses

from .test_accounts import confirm, set_up_app, set_up_passkey, sign_in
from .test_look import Text

Make = Callable[..., Person]

#: Every address of the account, by where in a person's way it is rendered; the rest answer with no page of their own.
VISITOR = ("account_login", "account_inactive")
FIRST = (
    "account_home",
    "account_seat",
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
)
SET_UP = (
    "office_passkeys",
    "calendars",
    "mail",
    "mfa_index",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_remove_webauthn",
    "mfa_edit_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
)
HALF_WAY = ("mfa_authenticate",)
STAGED = ("demo_sign_in", "demo_switch")
NO_PAGE = ("mfa_login_webauthn", "mfa_download_recovery_codes", "watch", "see_as", "calendar")

#: What is not English though written in its letters: names people gave, names of pages of this test, codes.
KNOWN = re.compile(
    r"DTTI|DEMONSTRATION|\bIND\b|A\.Rao|a\.rao|S\.Ex|exercise|Test key|UTC|"
    r"https?://\S+|\b[a-z]+(-[a-z]+)+\b"
)


def address(name: str, language: str, **parts: int) -> str:
    with translation.override(language):
        return reverse(name, kwargs=parts)


def page_of(browser: Client, name: str, language: str, status: int = 200) -> str:
    from allauth.mfa.models import Authenticator

    parts = {}
    if name in ("mfa_remove_webauthn", "mfa_edit_webauthn"):
        parts["pk"] = Authenticator.objects.get(type="webauthn").pk
    answer = browser.get(address(name, language, **parts))
    assert answer.status_code == status, f"{name}: {answer.status_code}"
    return answer.content.decode()


def check(page: str, language: str) -> None:
    """The words of `page` are in its language, and its structure is sound."""
    words = " ".join(Text(page, language).words)
    if language == "hi":
        assert re.findall(r"[A-Za-z]{2,}", KNOWN.sub("", words)) == []
    else:
        assert re.findall(r"[\u0900-\u097f]+", words) == []
    assert len(re.findall("<h1", page)) == 1
    assert re.findall(r'\s(?:style|on[a-z]+)="|<style|javascript:', page) == []
    assert re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page) == []
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]*', page) == []
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(set(ids)) == sorted(ids)
    pointed = re.findall(r'\sfor="([^"]+)"', page)
    assert [name for name in pointed if name not in ids] == []
    fields = [field for field in re.findall(r"<input[^>]*>", page) if "hidden" not in field]
    assert [field for field in fields if re.search(r'\sid="([^"]+)"', field)[1] not in pointed] == []


def test_every_address_of_the_account_is_rendered_here_or_has_no_page():
    listed = {*VISITOR, *FIRST, *SET_UP, *HALF_WAY, *STAGED, *NO_PAGE}
    assert {one.name for one in addresses} == listed


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_before_signing_in(browser: Client, node: Node, language: str):
    for name in VISITOR:
        check(page_of(browser, name, language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_account_and_of_setting_up(browser: Client, seated: Make, language: str):
    seated(duty="project_officer")
    sign_in(browser)
    confirm(browser)
    for name in FIRST:
        check(page_of(browser, name, language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_second_factor_once_it_is_set_up(browser: Client, seated: Make, language: str):
    seated(duty="project_officer")
    sign_in(browser)
    set_up_app(browser)
    set_up_passkey(browser)
    browser.get("/account/")  # says, in the language it was done in, what was done
    for name in SET_UP:
        check(page_of(browser, name, language), language)
    other = Client()
    sign_in(other)
    for name in HALF_WAY:
        check(page_of(other, name, language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demonstration_s_sign_in(browser: Client, serve: Callable[[str], Node], language: str):
    from dtti.node.people import seats

    node = serve("demonstration")
    for code in duties.duties():
        person = seats.create_person(f"ex.{code.replace('_', '-')}", "S.Ex", fictitious=True)
        seats.give_seat(node, person, "IND/director", code)
    check(page_of(browser, "demo_sign_in", language), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_capital_of_a_demonstration_is_stopped_and_started(
    browser: Client, serve: Callable[[str], Node], language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    serve("demonstration")
    assert browser.get("/demo-switch").status_code == 404  # of a demonstration that stands alone
    monkeypatch.setenv(staged.VARIABLE, str(tmp_path))
    for do, stopped in (("stop", True), ("start", False)):
        check(page_of(browser, "demo_switch", language), language)
        assert browser.post("/demo-switch", {"do": do})["Location"] == "/demo-switch"
        assert staged.stopped(tmp_path, "USA") is stopped
        assert not staged.stopped(tmp_path, "IND")


def test_no_other_capital_is_stopped_where_there_is_no_demonstration(
    browser: Client, serve: Callable[[str], Node], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    serve("exercise")
    monkeypatch.setenv(staged.VARIABLE, str(tmp_path))
    assert browser.post("/demo-switch", {"do": "stop"}).status_code == 404
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_refusals_of_forms_are_in_the_language_of_the_page(browser: Client, seated: Make, language: str):
    seated(duty="project_officer")
    prefix = "/hi" if language == "hi" else ""
    check(sign_in(browser, password="not this one", prefix=prefix).content.decode(), language)
    check(sign_in(browser, username="", password="", prefix=prefix).content.decode(), language)
    sign_in(browser)
    confirm(browser)
    for address_, sent in (
        ("account/password", {"oldpassword": "x", "password1": "short", "password2": "other"}),
        ("account/password", {"oldpassword": "", "password1": "a.rao.a.rao", "password2": ""}),
        ("account/password", {"oldpassword": "", "password1": "123456789012", "password2": ""}),
        ("account/confirm", {"password": "not this one"}),
        ("account/second-factor/app", {"code": "000000"}),
        ("account/second-factor/app", {"code": ""}),
        ("account/second-factor/passkeys/add", {"name": "", "credential": json.dumps({"id": "x"})}),
        ("account/second-factor/passkeys/add", {"name": "", "credential": ""}),
        ("account/seat", {"seat": ""}),
    ):
        page = browser.post(f"{prefix}/{address_}", sent).content.decode()
        assert 'role="alert"' in page, (address_, sent)
        check(page, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_being_no_page_is_said_in_the_language_of_the_address(browser: Client, node: Node, language: str):
    prefix = "/hi" if language == "hi" else ""
    check(browser.get(f"{prefix}/no-such-page").content.decode(), language)
    check(Client(enforce_csrf_checks=True).post(f"{prefix}/account/sign-in").content.decode(), language)
