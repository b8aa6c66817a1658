"""Account pages under odd input, and wrong passwords from other places. Nothing sent to them may be a fault here."""

import json
from collections.abc import Callable
from itertools import cycle

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from dtti.node.people.models import Person
from dtti.web import permits

from .conftest import PASSWORD
from .routes import routes
from .test_accounts import sign_in

Make = Callable[..., Person]
pytestmark = pytest.mark.django_db

ODD = (
    "", " ", "\x00", "a\x00b", "x" * 5000, "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "<b>&'\"",
    "9" * 400,
    "-1", "null", "[]", "{}", '{"id": 1}', '{"response": {"clientDataJSON": 7}}', "á‮​", "%00%ff",
    "../../etc/passwd", "https://elsewhere.example/", "//elsewhere.example", "\r\nSet-Cookie: a=b", "١٢٣٤٥٦", "१२३४५६",
)  # fmt: skip
FIELDS = (
    "login", "password", "oldpassword", "password1", "password2", "code", "credential", "seat", "next", "name",
    "passwordless", "remember",
)  # fmt: skip


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


def addresses() -> list[tuple[str, str]]:
    """Every address of an account page, English and Hindi, with a number where one is asked for."""
    return sorted(
        (name, f"/{path.replace('<int:pk>', number)}")
        for name, path in routes()
        for number in (("1", "99999999999999999999999999") if "<int:pk>" in path else ("1",))
        if name in permits.ACCOUNTS or name.startswith(("account_", "mfa_"))
    )


@pytest.mark.long
@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(None, id="in turn"),
        *(pytest.param(one, id=str(at), marks=pytest.mark.sweep) for at, one in enumerate(ODD)),
    ],
)
def test_odd_input_is_no_fault_of_any_account_page(seated: Make, odd: str | None):
    """Each odd value on every page, in every field at once; or all of them in turn, another for each field and page."""
    turn = cycle(ODD)
    seated(duty="project_officer")
    without = seated("no.password")
    without.set_unusable_password()
    without.save()
    for user in ("", "a.rao", "no.password"):
        browser = Client(raise_request_exception=False)
        if user:
            browser.force_login(Person.objects.get(username=user))
        for name, path in addresses():
            if name in ("csp_report", "integrity", "check"):
                continue
            for prefix in ("", "/hi"):
                next(turn)  # there are as many values as do not go into a page's fields: every field meets each
                given = {field: next(turn) if odd is None else odd for field in FIELDS}
                got = browser.get(prefix + path, {"next": given["next"], "pk": given["name"]})
                sent = browser.post(prefix + path, given)
                assert max(got.status_code, sent.status_code) < 500, (name, path)
            cache.clear()
            if user and name == "account_logout":
                browser.force_login(Person.objects.get(username=user))


@pytest.mark.parametrize(
    ("old", "new", "again", "status"),
    [
        (PASSWORD, "another walk by another river", "another walk by another river", 302),
        (PASSWORD, "another walk by another river", "not the same at all here", 200),
        ("wrong", "another walk by another river", "another walk by another river", 200),
        (PASSWORD, "short", "short", 200),
        (PASSWORD, PASSWORD + "\x00", PASSWORD + "\x00", 200),
        ("", "", "", 200),
    ],
)
def test_a_password_is_changed_or_the_page_says_why_not(
    browser: Client, seated: Make, old: str, new: str, again: str, status: int
):
    seated(duty="project_officer")
    sign_in(browser)
    for prefix in ("", "/hi"):
        assert browser.get(f"{prefix}/account/password").status_code == 200
    sent = {"oldpassword": old, "password1": new, "password2": again}
    assert browser.post("/account/password", sent).status_code == status
    if status == 302:
        assert browser.get("/account/").status_code == 200
        assert sign_in(Client(), password=new).status_code == 302


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"7", b'"x"', b"null", b"{}", b'{"csp-report": 7}', b'{"csp-report": []}', b"\xff\xfe",
        b'{"csp-report": {"violated-directive": {"a": 1}}}', b'{"csp-report": {"violated-directive": "a\\nb"}}',
        b"[" * 60_000, b'{"csp-report":' * 4000, b"9" * 60_000, b"x" * 3_000_000,
    ],
    ids=range(15),
)  # fmt: skip
def test_an_odd_report_of_refused_content_is_no_fault_and_puts_nothing_in_the_log(
    node: object, body: bytes, caplog: pytest.LogCaptureFixture
):
    browser = Client(raise_request_exception=False)
    answer = browser.generic("POST", "/csp-report", body, "application/csp-report")
    assert answer.status_code in (204, 400, 413)
    assert "\n" not in "".join(record.getMessage() for record in caplog.records if record.name == "dtti.csp")


# --- wrong passwords from elsewhere ----------------------------------------------------------------------------------

HERE, ELSEWHERE = "10.0.0.1", "10.9.9.9"


def at(address: str) -> Client:
    """A browser at an address."""
    return Client(REMOTE_ADDR=address)


def guess(browser: Client, times: int, username: str = "a.rao") -> str:
    """Try wrong passwords; returns the last page."""
    page = ""
    for number in range(times):
        page = sign_in(browser, username, f"guess number {number}").content.decode()
    return page


def test_wrong_passwords_from_elsewhere_lock_nobody_out_here(seated: Make):
    seated()
    assert "Too many attempts" in guess(at(ELSEWHERE), 8)
    assert sign_in(at(ELSEWHERE)).status_code == 200  # there the right one waits too
    assert sign_in(at(HERE)).status_code == 302


def test_a_device_that_signed_in_before_is_not_locked_out_by_guesses_from_its_own_address(seated: Make):
    seated()
    mine = at(HERE)
    assert sign_in(mine).status_code == 302
    mine.post("/account/sign-out")
    guess(at(HERE), 12)
    assert sign_in(at(HERE)).status_code in (200, 429)
    assert sign_in(mine).status_code == 302


def test_a_known_device_has_rates_of_its_own_for_that_one_name_and_no_more(seated: Make):
    seated()
    seated("v.iyer")
    mine = at(HERE)
    sign_in(mine)
    mine.post("/account/sign-out")
    assert "Too many attempts" in guess(mine, 6)  # it may not guess without end either
    assert sign_in(mine).status_code == 200
    other = at(HERE)
    other.cookies[f"{django_settings.SESSION_COOKIE_NAME}_device"] = mine.cookies[
        f"{django_settings.SESSION_COOKIE_NAME}_device"
    ].value
    guess(at(HERE), 6, "v.iyer")
    assert "Too many attempts" in sign_in(other, "v.iyer").content.decode()


def test_a_device_cookie_that_was_made_up_is_no_device(seated: Make):
    seated()
    made_up = at(HERE)
    made_up.cookies[f"{django_settings.SESSION_COOKIE_NAME}_device"] = "0123456789abcdef:forged|x:y|::|"
    guess(at(HERE), 6)
    assert "Too many attempts" in sign_in(made_up).content.decode()


def test_the_device_cookie_is_for_the_server_alone_and_names_nobody(seated: Make):
    seated()
    mine = at(HERE)
    sign_in(mine)
    cookie = mine.cookies[f"{django_settings.SESSION_COOKIE_NAME}_device"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    assert "rao" not in json.dumps(cookie.value)
