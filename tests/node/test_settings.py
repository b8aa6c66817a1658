"""What settings turn on: TLS and what belongs to it, nothing of it without, and a module that types can read."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dtti.node.core import text
from dtti.node.folder import config

NAMES = (
    "ALLOWED_HOSTS",
    "ALLAUTH_TRUSTED_PROXY_COUNT",
    "CSRF_COOKIE_SECURE",
    "CSRF_TRUSTED_ORIGINS",
    "DEMONSTRATION",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
    "SECURE_HSTS_SECONDS",
    "SECURE_SSL_REDIRECT",
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
)
TLS = {
    "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
    "CSRF_COOKIE_SECURE": True,
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    "SECURE_HSTS_SECONDS": 31_536_000,
    "SECURE_SSL_REDIRECT": True,
    "SESSION_COOKIE_SECURE": True,
}


def settings_of(folder: Path | None, **environment: str) -> dict[str, Any]:
    """The settings NAMES in a process of the node in `folder`."""
    given = {name: value for name, value in os.environ.items() if not name.startswith(("DTTI_", "DJANGO_"))}
    if folder:
        given["DTTI_NODE"] = str(folder)
    code = (
        "import json; from dtti.node.people import settings as s; "
        f"print(json.dumps({{n: getattr(s, n) for n in {NAMES}}}))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], env=given | environment, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    config.write(tmp_path, config.Config(side="IND", page_address="10.1.2.3:8000"))
    return tmp_path


def test_an_address_with_https_turns_on_everything_that_belongs_to_tls(folder: Path):
    found = settings_of(folder, DTTI_PAGES_URL="https://desk.example.in")
    assert {name: found[name] for name in TLS} == TLS
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "[::1]", "desk.example.in", "localhost"]
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://desk.example.in"]


def test_without_tls_nothing_of_it_is_on_and_passkeys_are_for_this_machine_alone(folder: Path):
    found = settings_of(folder)
    assert {name: found[name] for name in TLS} == {
        "ALLAUTH_TRUSTED_PROXY_COUNT": 0,
        "CSRF_COOKIE_SECURE": False,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        "SECURE_HSTS_SECONDS": 0,
        "SECURE_SSL_REDIRECT": False,
        "SESSION_COOKIE_SECURE": False,
    }
    assert found["ALLOWED_HOSTS"] == ["10.1.2.3", "127.0.0.1", "[::1]", "localhost"]
    assert settings_of(folder, DTTI_PAGES_URL="http://localhost:8000")["MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN"] is True


def test_two_nodes_on_one_host_name_keep_their_cookies_apart(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    other = tmp_path_factory.mktemp("usa")
    config.write(other, config.Config(side="USA", environment="exercise", demonstration=True))
    names = [settings_of(each)["SESSION_COOKIE_NAME"] for each in (folder, other)]
    assert names == ["dtti_ind", "dtti_usa"]


def test_the_module_can_be_read_without_a_node():
    assert settings_of(None)["DEMONSTRATION"] is False


def test_a_live_node_that_asks_for_the_demonstration_does_not_start(folder: Path):
    config.write(folder, config.Config(side="IND", demonstration=True))
    with pytest.raises(subprocess.CalledProcessError) as failed:
        settings_of(folder)
    assert "demonstration sign-in is never on in a live programme" in failed.value.stderr


@pytest.mark.parametrize("spelled", ["IND\n", "ＩＮＤ", "ind"])
def test_a_side_is_three_capitals_and_nothing_after_them(spelled: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"side": spelled, "environment": "exercise"}, config.Config)


@pytest.mark.parametrize("spelled", ["2026-11-22\n", "२०२६", "2026-1"])
def test_the_day_of_a_paper_is_in_the_digits_of_iso_8601(spelled: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"number": "1", "date": spelled}, text.Paper)
