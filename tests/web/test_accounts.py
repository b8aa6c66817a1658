"""Signing in, the second factor, seats, and the headers of every page. A real node, a real accounts database."""

import base64
import hashlib
import hmac
import html
import json
import re
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as django_settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from dtti.node.core.node import Node
from dtti.node.people import seats
from dtti.node.people.models import Person
from dtti.web import permits, urls
from dtti.web.accounts import views
from dtti.web.accounts.guard import signed_in, writing
from dtti.web.requests import PageRequest

from .conftest import PASSWORD, only_seat
from .passkeys import SoftKey

Make = Callable[..., Person]


# A page that reads and a page that writes, hung in the real frame of addresses and middleware.


@signed_in
def reads(request: PageRequest) -> HttpResponse:
    """What the middleware hung on the request."""
    seat = request.seat
    return HttpResponse(
        json.dumps(
            {
                "node": request.node.side,
                "person": request.viewer.person,
                "office": request.viewer.office,
                "national": request.viewer.national,
                "public": request.viewer.public,
                "duty": seat.duty if seat else "",
            }
        )
    )


@writing
def writes(request: PageRequest) -> HttpResponse:
    """A page that only whoever has a second factor may open."""
    return HttpResponse("written")


def sends(request: HttpRequest) -> HttpResponse:
    """A page that takes a form and forgot to ask who sends it."""
    return HttpResponse(f"sent by {request.user}")


def looks(request: HttpRequest) -> HttpResponse:
    """A public page: what a visitor may see."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return HttpResponse(f"{viewer.public} {viewer.person!r}")


handler403, handler404, handler429 = urls.handler403, urls.handler404, urls.handler429
urlpatterns = [
    path("reads", reads),
    path("writes", writes),
    path("looks", looks),
    path("sends", sends, name="sends"),
    *urls.urlpatterns,
]


@pytest.fixture(autouse=True)
def _addresses() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def code(secret: str, moment: float) -> str:
    """The six figures of RFC 6238 (SHA-1, 30 seconds) that an authenticator app shows at `moment`."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(moment) // 30), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(browser: Client, username: str = "a.rao", password: str = PASSWORD, prefix: str = "", **more: str):
    return browser.post(f"{prefix}/account/sign-in", {"login": username, "password": password, **more})


def confirm(browser: Client) -> None:
    """Say again who one is, as every change of how one signs in asks."""
    assert browser.get("/account/second-factor/app")["Location"].startswith("/account/confirm?next=")
    assert browser.post("/account/confirm", {"password": PASSWORD}).status_code == 302


def set_up_app(browser: Client) -> str:
    """Set up an authenticator app for whoever is signed in; returns its key."""
    confirm(browser)
    page = browser.get("/account/second-factor/app").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)[1]
    answer = browser.post("/account/second-factor/app", {"code": code(secret, time.time())})
    assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/recovery")
    return secret


# Signing in


def test_a_visitor_who_asks_for_a_page_that_is_not_public_is_led_to_sign_in_and_back(browser: Client, seated: Make):
    seated(duty="project_officer")
    answer = browser.get("/reads?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in?next=/reads%3Fx%3D1")
    answer = sign_in(browser, next="/reads?x=1")
    assert (answer.status_code, answer["Location"]) == (302, "/reads?x=1")


def test_signing_in_never_leads_to_another_site(browser: Client, seated: Make):
    seated(duty="project_officer")
    assert sign_in(browser, next="https://elsewhere.example/")["Location"] == "/"


def test_a_wrong_password_says_nothing_of_which_part_was_wrong(browser: Client, seated: Make):
    seated()
    known, unknown = sign_in(browser, password="not this one"), sign_in(browser, username="nobody")
    words = "User name and password do not go together. Check both, or ask the custodian for a new password."
    for answer in (known, unknown):
        assert answer.status_code == 200
        assert words in answer.content.decode()
        assert django_settings.SESSION_COOKIE_NAME not in browser.cookies


def test_after_five_wrong_passwords_the_right_one_waits_too(browser: Client, seated: Make):
    seated()
    for _ in range(5):
        sign_in(browser, password="not this one")
    page = sign_in(browser).content.decode()
    assert "Too many attempts. Wait five minutes, then try again." in page
    assert browser.get("/reads").status_code == 302


def test_more_attempts_than_a_person_makes_are_not_looked_at_and_say_so(browser: Client, seated: Make):
    seated()
    for number in range(31):
        answer = sign_in(browser, username=f"nobody.{number}", password="x")
    assert answer.status_code == 429
    assert "Wait a minute, then try again." in answer.content.decode()
    assert sign_in(browser, prefix="/hi").status_code == 429


def test_a_closed_account_is_told_so_and_stays_out(browser: Client, seated: Make):
    person = seated(duty="project_officer")
    assert sign_in(browser)["Location"] == "/"
    person.is_active = False
    person.save()
    assert browser.get("/reads").status_code == 302
    assert sign_in(Client())["Location"] == "/account/closed"


def test_signing_out_takes_a_post_and_a_link_only_asks(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    assert browser.get("/account/sign-out").status_code == 200
    assert browser.get("/reads").status_code == 200
    assert browser.post("/account/sign-out")["Location"] == "/"
    assert browser.get("/reads").status_code == 302


def test_nobody_signs_up_and_no_page_offers_it(browser: Client, node: Node):
    assert browser.get("/account/signup").status_code == 404
    assert browser.get("/account/sign-up").status_code == 404
    assert "sign-up" not in re.findall(r'href="([^"]*)"', browser.get("/account/sign-in").content.decode())


def test_a_form_without_its_token_is_refused_with_the_way_back(seated: Make):
    seated()
    answer = sign_in(Client(enforce_csrf_checks=True))
    assert answer.status_code == 403
    assert "form-token" in answer.content.decode()


# The second factor


def test_a_page_that_writes_waits_for_a_second_factor_then_opens(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    answer = browser.get("/writes")
    assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor")
    assert "Pages that write need a second factor" in browser.get("/account/second-factor").content.decode()
    set_up_app(browser)
    assert 'href="/writes"' in browser.get("/account/second-factor/recovery").content.decode()
    assert browser.get("/writes").content == b"written"


def test_signing_in_with_an_app_takes_password_and_code_and_a_code_only_once(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    secret = set_up_app(browser)
    other = Client()
    assert sign_in(other)["Location"] == "/account/sign-in/code"
    assert other.get("/reads").status_code == 302
    cache.clear()  # the code that set the app up is spent within its half minute; the next sign-in comes later
    now = code(secret, time.time())
    answer = other.post("/account/sign-in/code", {"code": now})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert other.get("/writes").content == b"written"
    third = Client()
    sign_in(third)
    page = third.post("/account/sign-in/code", {"code": now}).content.decode()
    assert "This code is not right, or was already used." in page
    assert third.get("/reads").status_code == 302


def test_a_recovery_code_signs_in_once(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    set_up_app(browser)
    page = browser.get("/account/second-factor/recovery").content.decode()
    codes = re.findall(r"<li><code>(\d+)</code></li>", page)
    assert [len(one) for one in codes] == [10] * 10
    for expected in (302, 200):
        other = Client()
        sign_in(other)
        assert other.post("/account/sign-in/code", {"code": codes[0]}).status_code == expected
    assert "9 of 10 are unused" in browser.get("/account/second-factor/recovery").content.decode()


def test_the_secret_of_an_app_is_not_in_the_database_as_it_is(browser: Client, seated: Make):
    person = seated(duty="project_officer")
    sign_in(browser)
    secret = set_up_app(browser)
    stored = Authenticator.objects.get(user=person, type="totp").data
    assert secret not in json.dumps(stored)
    with override_settings(SECRET_KEY="another"), pytest.raises(ValueError, match="restore that file"):
        Authenticator.objects.get(user=person, type="totp").wrap().validate_code("000000")


def test_removing_the_second_factor_shuts_the_pages_that_write_again(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    set_up_app(browser)
    assert browser.get("/writes").content == b"written"
    assert browser.post("/account/second-factor/app/remove")["Location"] == "/account/second-factor"
    assert browser.get("/writes")["Location"] == "/account/second-factor"


def test_no_page_takes_a_form_from_someone_without_a_second_factor_even_if_it_forgot_to_ask(
    browser: Client, seated: Make, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(permits, "ACCOUNTS", {**permits.ACCOUNTS, "sends": "own"})
    seated(duty="project_officer")
    sign_in(browser)
    assert browser.get("/sends").content == b"sent by A.Rao (exercise)"
    answer = browser.post("/sends", {"text": "x"})
    assert answer.status_code == 403
    assert "second-factor" in answer.content.decode()
    set_up_app(browser)
    assert browser.post("/sends", {"text": "x"}).content == b"sent by A.Rao (exercise)"


def test_a_session_from_before_the_second_factor_has_to_show_it_too(browser: Client, seated: Make):
    seated(duty="project_officer")
    earlier = Client()
    sign_in(earlier)
    sign_in(browser)
    secret = set_up_app(browser)
    assert earlier.get("/writes")["Location"] == "/account/confirm/code?next=/writes"
    cache.clear()  # the code that set the app up is spent for its half minute
    answer = earlier.post("/account/confirm/code", {"code": code(secret, time.time()), "next": "/writes"})
    assert (answer.status_code, answer["Location"]) == (302, "/writes")
    assert earlier.get("/writes").content == b"written"


def test_the_passkey_page_asks_the_browser_for_a_key_of_this_host_and_person(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    confirm(browser)
    asked = passkey_options(browser, "/account/second-factor/passkeys/add")["publicKey"]
    assert (asked["rp"]["id"], asked["user"]["name"]) == ("testserver", "a.rao")
    assert len(base64.urlsafe_b64decode(asked["challenge"] + "==")) >= 16
    page = browser.get("/account/second-factor/passkeys/add").content.decode()
    assert f'src="{django_settings.STATIC_URL}dtti/passkey.js"' in page


def set_up_passkey(browser: Client) -> SoftKey:
    """Set up a passkey for whoever is signed in and has just confirmed who they are."""
    key = SoftKey("http://testserver", "testserver")
    answer = key.create(passkey_options(browser, "/account/second-factor/passkeys/add"))
    sent = {"name": "Test key", "credential": json.dumps(answer), "passwordless": "yes"}
    assert browser.post("/account/second-factor/passkeys/add", sent).status_code == 302
    return key


def passkey_options(browser: Client, address: str) -> dict[str, Any]:
    """What the form at `address` has a browser ask of a passkey."""
    found = re.search(r'data-options="([^"]*)"', browser.get(address).content.decode())
    options: dict[str, Any] = json.loads(html.unescape(found[1]))
    return options


def test_a_passkey_opens_the_pages_that_write_and_signs_in_alone(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    confirm(browser)
    key = set_up_passkey(browser)
    assert browser.get("/writes").content == b"written"
    other = Client()
    asked = other.get("/account/sign-in/passkey", headers={"Accept": "application/json"}).json()["request_options"]
    answer = other.post("/account/sign-in/passkey", {"credential": json.dumps(key.get(asked)), "next": "/writes"})
    assert answer.status_code == 302
    assert other.get("/writes").content == b"written"


def test_a_passkey_after_the_password_is_asked_anew_each_time(browser: Client, seated: Make):
    seated(duty="project_officer")
    sign_in(browser)
    confirm(browser)
    key = set_up_passkey(browser)
    other, third = Client(), Client()
    assert sign_in(other)["Location"] == "/account/sign-in/code"
    answer = json.dumps(key.get(passkey_options(other, "/account/sign-in/code")))
    assert other.post("/account/sign-in/code", {"credential": answer})["Location"] == "/"
    assert other.get("/writes").content == b"written"
    sign_in(third)
    third.get("/account/sign-in/code")
    page = third.post("/account/sign-in/code", {"credential": answer})
    assert "The passkey&#39;s answer was not taken" in page.content.decode()
    assert third.get("/reads").status_code == 302


def test_an_answer_that_is_no_passkey_is_refused_and_changes_nothing(browser: Client, seated: Make):
    person = seated(duty="project_officer")
    sign_in(browser)
    confirm(browser)
    browser.get("/account/second-factor/passkeys/add")
    for answer in ("", "{}", "no json", '{"id": "x"}'):
        assert (
            browser.post("/account/second-factor/passkeys/add", {"name": "x", "credential": answer}).status_code == 200
        )
    assert not Authenticator.objects.filter(user=person).exists()


# Seats and what may be seen from them


@pytest.mark.parametrize(
    ("duty", "national", "public"),
    [
        ("project_officer", True, False),
        ("auditor", True, False),
        ("custodian", False, True),
        ("public", False, True),
        ("", False, True),
    ],
)
def test_what_is_seen_follows_the_duty_of_the_seat(
    browser: Client, seated: Make, duty: str, national: bool, public: bool
):
    person = seated(duty=duty)
    sign_in(browser)
    shown = json.loads(browser.get("/reads").content)
    office = only_seat(person).office if duty else ""
    assert shown == {
        "node": "IND",
        "person": "a.rao",
        "office": office,
        "national": national,
        "public": public,
        "duty": duty,
    }


def test_a_person_with_two_seats_acts_from_one_and_changes_it_by_a_post(browser: Client, seated: Make, node: Node):
    person = seated(duty="project_officer")
    second = seats.give_seat(node, person, "IND/director", "disclosure_officer")
    sign_in(browser)
    assert json.loads(browser.get("/reads").content)["duty"] == "project_officer"
    page = browser.get("/account/seat").content.decode()
    assert "Director, exercise · Disclosure officer" in page
    assert browser.post("/account/seat", {"seat": second.pk, "next": "/reads"})["Location"] == "/reads"
    assert json.loads(browser.get("/reads").content)["duty"] == "disclosure_officer"


def test_nobody_takes_a_seat_that_is_not_theirs_or_is_over(browser: Client, seated: Make, node: Node):
    seated(duty="project_officer")
    stranger = only_seat(seated("v.iyer", "co_chair", "IND/director"))
    sign_in(browser)
    for wanted in (stranger.pk, "", "x", "9" * 60):
        assert browser.post("/account/seat", {"seat": wanted}).status_code == 422
    assert json.loads(browser.get("/reads").content)["duty"] == "project_officer"


def test_a_seat_that_ended_gives_nothing_from_the_next_page_on(browser: Client, seated: Make):
    person = seated(duty="project_officer")
    sign_in(browser)
    assert json.loads(browser.get("/reads").content)["national"] is True
    seats.end_seat(only_seat(person))
    assert json.loads(browser.get("/reads").content)["national"] is False


# The demonstration's one click


def test_one_click_signs_in_a_staged_person_and_no_other(browser: Client, serve: Callable[[str], Node]):
    node = serve("demonstration")
    staged = seats.create_person("staged", "Staged (exercise)", fictitious=True)
    real = seats.create_person("real", "Real", password=PASSWORD)
    seat = seats.give_seat(node, staged, "IND/desk-officer", "project_officer")
    other = seats.give_seat(node, real, "IND/desk-officer", "project_officer")
    page = browser.get("/demo-sign-in").content.decode()
    assert ("Staged (exercise)" in page, ">Real<" in page) == (True, False)
    for wanted in (other.pk, 0, "", "x"):
        assert browser.post("/demo-sign-in", {"seat": wanted}).status_code == 200
    assert browser.get("/reads").status_code == 302
    assert browser.post("/demo-sign-in", {"seat": seat.pk, "next": "/writes"})["Location"] == "/writes"
    assert browser.get("/writes").content == b"written"
    assert browser.get("/demo-sign-in").status_code == 200


def test_outside_a_demonstration_there_is_no_such_page(browser: Client, seated: Make):
    person = seated(duty="project_officer", fictitious=True)
    for prefix in ("", "/hi"):
        assert browser.get(f"{prefix}/demo-sign-in").status_code == 404
        assert browser.post(f"{prefix}/demo-sign-in", {"seat": only_seat(person).pk}).status_code == 404
    assert browser.get("/reads").status_code == 302


def test_a_staged_session_writes_nothing_once_the_demonstration_is_over(browser: Client, serve: Callable[[str], Node]):
    node = serve("demonstration")
    seat = seats.give_seat(node, seats.create_person("staged", "S", fictitious=True), "IND/desk-officer", "co_chair")
    browser.post("/demo-sign-in", {"seat": seat.pk})
    assert browser.get("/writes").content == b"written"
    serve("exercise")
    assert browser.get("/writes")["Location"] == "/account/second-factor"


# Bands, languages, headers


def test_every_page_of_a_demonstration_and_of_an_exercise_carries_its_band(
    browser: Client, serve: Callable[[str], Node]
):
    serve("demonstration")
    assert '<p class="band"><span class="wrap">DEMONSTRATION.' in browser.get("/account/sign-in").content.decode()
    serve("exercise")
    assert '<p class="band"><span class="wrap">EXERCISE.' in browser.get("/no-such-page").content.decode()


def test_the_language_is_in_the_address_and_the_switch_keeps_the_page(browser: Client, node: Node):
    english, hindi = browser.get("/account/sign-in?next=/reads"), browser.get("/hi/account/sign-in?next=/reads")
    assert [page["Content-Language"] for page in (english, hindi)] == ["en", "hi"]
    assert 'href="/hi/account/sign-in?next=/reads"' in english.content.decode()
    assert 'href="/account/sign-in?next=/reads"' in hindi.content.decode()
    assert '<html lang="hi"' in hindi.content.decode()
    assert browser.get("/hi")["Location"] == "/hi/"


def test_the_browser_s_own_language_changes_nothing(browser: Client, node: Node):
    assert browser.get("/account/sign-in", headers={"Accept-Language": "hi"})["Content-Language"] == "en"


def test_the_content_policy_is_exactly_this_one(browser: Client, node: Node):
    policy = browser.get("/account/sign-in")["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self'",
        "report-uri /csp-report",
        "script-src 'self'",
        "style-src 'self'",
    ]


def test_the_other_headers_that_guard_a_page(browser: Client, seated: Make):
    seated(duty="project_officer")
    page = browser.get("/looks")
    assert page["X-Content-Type-Options"] == "nosniff"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Frame-Options"] == "DENY"
    assert page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in page["Permissions-Policy"]
    assert "Cache-Control" not in page
    assert "Set-Cookie" not in page
    sign_in(browser)
    assert browser.get("/reads")["Cache-Control"] == "private, no-store"
    cookie = browser.cookies[django_settings.SESSION_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_reports_of_refused_content_are_counted_by_directive(browser: Client, node: Node):
    views.refused_content.clear()
    report = json.dumps({"csp-report": {"violated-directive": "style-src-attr 'none'", "document-uri": "x"}})
    for body in (report, report, "no json", "[]"):
        assert browser.post("/csp-report", body, content_type="application/csp-report").status_code == 204
    assert dict(views.refused_content) == {"style-src-attr": 2, "unreadable": 2}
    assert browser.get("/csp-report").status_code == 405


def test_a_page_for_visitors_asks_the_accounts_nothing_and_one_signed_in_asks_twice(
    browser: Client, seated: Make, django_assert_num_queries
):
    seated(duty="project_officer")
    with django_assert_num_queries(0):
        assert browser.get("/looks").content == b"True ''"
    sign_in(browser)
    browser.get("/reads")
    with django_assert_num_queries(2):  # the session; the person with the seats
        assert browser.get("/reads").status_code == 200


def test_what_is_not_here_says_so_as_a_page_and_as_json(browser: Client, node: Node):
    page = browser.get("/no-such-page")
    assert page.status_code == 404
    assert "There is no such page here, or none that you may see." in page.content.decode()
    problem = browser.get("/no-such-page.json")
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")
    assert [one["rule"] for one in problem.json()["refusals"]] == ["not-here"]
