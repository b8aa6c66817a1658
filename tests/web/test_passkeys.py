"""Passkeys of offices: made on a page and only asked for, bound and ended by the power keys, listed."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from lxml import html
from tests.node import capitals as small
from tests.node.capitals import Capital, Pair

from dtti.accord.refusal import Refused
from dtti.cli.main import main
from dtti.ledger import keyfile
from dtti.node.acting import passkeys
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.people.models import Passkey
from dtti.web import middleware

from .capitals import serve, sign_in
from .passkeys import FLAG, SoftKey

pytestmark = pytest.mark.django_db

ORIGIN, HOST = "http://ind.localhost:8301", "ind.localhost"


@dataclass
class Desk:
    """Someone of India at its pages, which have a name."""

    pair: Pair
    node: Node
    browser: Client

    @property
    def ind(self) -> Capital:
        return self.pair.ind


Settled = Callable[..., Desk]


def words(answer: HttpResponse) -> str:
    """What the main part of a page says."""
    (main_part,) = html.fromstring(answer.content.decode()).xpath("//main")
    return str(main_part.text_content())


def at_name(capital: Capital, **changes: Any) -> Capital:
    """The capital, opened anew with its pages at an address with a name, and with these settings."""
    kept = config.read(capital.folder)
    config.write(capital.folder, msgspec.structs.replace(kept, **{"pages_url": ORIGIN} | changes))
    middleware.open_node.cache_clear()
    return capital.again()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of a pair, which tests copy."""
    folder = tmp_path_factory.mktemp("passkeys") / "pair"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyfile, "_N", 2**4)
        patch.setenv("DTTI_PASSPHRASE", small.PASSPHRASE.decode())
        small.build(folder)
    for side in ("ind", "usa"):
        (folder / side / "keys" / "passphrase").write_text(small.PASSPHRASE.decode())
        (folder / side / "keys" / "passphrase").chmod(0o600)
    return folder


@pytest.fixture
def settled(built: Path, tmp_path: Path, settings: Any, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settled]:
    """India's pages under these settings, and someone signed in."""
    monkeypatch.setattr(keyfile, "_N", 2**4)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    pair = small.copy(built, tmp_path / "pair")

    def settle(**changes: Any) -> Desk:
        pair.ind = at_name(pair.ind, **changes)
        node = serve(settings, pair.ind.node)
        settings.DEMONSTRATION = True
        return Desk(pair, node, sign_in(node, "co_chair", pair.ind.office))

    yield settle
    pair.close()


def asked(browser: Client, key: SoftKey | None = None) -> SoftKey:
    """A passkey made on the page for the office of whoever is signed in."""
    key = key or SoftKey(ORIGIN, HOST)
    options = wanted(browser)
    public = options["publicKey"]
    assert public["rp"]["id"] == HOST
    assert [each["alg"] for each in public["pubKeyCredParams"]] == [-7]
    assert public["authenticatorSelection"]["userVerification"] == "required"
    assert public["authenticatorSelection"]["residentKey"] == "preferred"
    answer = browser.post("/account/passkeys", {"credential": json.dumps(key.create(options))})
    assert answer.status_code == 302, words(answer)
    return key


def wanted(browser: Client) -> dict[str, Any]:
    """What the page asks of the browser."""
    tree = html.fromstring(browser.get("/account/passkeys").content.decode())
    (form,) = tree.xpath("//form[@data-passkey='create']")
    options: dict[str, Any] = json.loads(form.get("data-options"))
    return options


def bound(desk: Desk) -> SoftKey:
    """One asked for on the page and bound by the power keys."""
    key = asked(desk.browser)
    one = Passkey.objects.latest("pk")
    desk.ind.node.write(passkeys.bind(desk.ind.node, one.office, one.public))
    desk.node.book.sync()
    desk.node.settle()
    return key


def test_a_passkey_asked_for_does_not_count_before_the_power_keys_bind_it(settled: Settled) -> None:
    at = settled()
    asked(at.browser)
    page = words(at.browser.get("/account/passkeys"))
    assert passkeys.key_name(Passkey.objects.get().public) in page
    assert "asked for, not bound" in page
    assert passkeys.at_hand(at.node, at.ind.office) == []
    bound(at)
    assert len(passkeys.at_hand(at.node, at.ind.office)) == 1


def test_the_power_keys_bind_end_and_list_them_on_the_command_line(
    settled: Settled, capsys: pytest.CaptureFixture[str]
) -> None:
    at = settled()
    asked(at.browser)
    name, folder = passkeys.key_name(Passkey.objects.get().public), str(at.ind.folder)
    assert connection.connection is not None
    with closing(sqlite3.connect(at.node.folder.accounts)) as kept:  # a node without its accounts is asked nothing
        kept.executescript("".join(connection.connection.iterdump()))

    def run(*words: str) -> Any:
        code = main(["passkey", *words, "--node", folder, "--json"])
        said = capsys.readouterr()
        return code, json.loads(said.out or said.err)

    assert [one["key"] for one in run("list")[1]["asked"]] == [name]
    assert run("bind", name[:-1] + ("0" if name[-1] != "0" else "1"))[0] == 1
    code, made = run("bind", name)
    assert (code, made["credential"], made["office"]) == (0, 1, at.ind.office)
    listed = run("list")[1]
    assert listed["asked"] == []
    assert [(one["credential"], one["in_force"], one["entry"]) for one in listed["bound"]] == [(1, True, made["entry"])]
    at.node.settle()
    assert "in force" in words(at.browser.get("/account/passkeys"))
    assert run("bind", name)[0] == 1
    code, ended = run("end", "1")
    assert code == 0
    assert run("end", "1")[0] == 1
    (one,) = run("list")[1]["bound"]
    assert (one["in_force"], one["ended_by_entry"]) == (False, ended["entry"])
    at.node.settle()
    assert f"ended by entry {ended['entry']}" in words(at.browser.get("/account/passkeys"))


def test_who_has_the_nodes_keys_alone_binds_no_passkey(settled: Settled) -> None:
    at = settled()
    asked(at.browser)
    one = Passkey.objects.get()
    draft = passkeys.bind(at.ind.node, one.office, one.public)
    with pytest.raises(Refused) as refused:
        at.ind.node.write(msgspec.structs.replace(draft, role="node"))
    assert refused.value.refusals[0].rule in ("role", "signature")


@pytest.mark.parametrize(
    ("site", "host", "flags"),
    [
        ("http://usa.localhost:8301", HOST, None),
        (ORIGIN, "usa.localhost", None),
        (ORIGIN, HOST, FLAG.UP | FLAG.AT),
    ],
)
def test_a_passkey_of_another_place_or_without_a_person_is_not_kept(
    settled: Settled, site: str, host: str, flags: Any
) -> None:
    at = settled()
    key = SoftKey(site, host)
    options = wanted(at.browser)
    made = key.create(options, **({"flags": flags} if flags is not None else {}))
    answer = at.browser.post("/account/passkeys", {"credential": json.dumps(made)})
    assert answer.status_code == 409
    assert "passkey-form" in words(answer)
    assert not Passkey.objects.exists()


@pytest.mark.parametrize(
    "answer", ["", "{}", "[1]", "null", '{"id": 1}', "[" * 5000, '"\ud800"'.encode("utf-8", "replace")]
)
def test_a_malformed_answer_is_refused_in_words(settled: Settled, answer: Any) -> None:
    at = settled()
    at.browser.get("/account/passkeys")
    assert at.browser.post("/account/passkeys", {"credential": answer}).status_code == 409
    assert not Passkey.objects.exists()


def test_an_answer_counts_for_the_page_that_asked_and_once(settled: Settled) -> None:
    at = settled()
    key = SoftKey(ORIGIN, HOST)
    options = wanted(at.browser)
    made = json.dumps(key.create(options))
    at.browser.get("/account/passkeys")
    assert at.browser.post("/account/passkeys", {"credential": made}).status_code == 409
    asked(at.browser, key)
    assert at.browser.post("/account/passkeys", {"credential": made}).status_code == 409
    assert Passkey.objects.count() == 1


def test_pages_at_an_address_in_digits_say_that_there_are_no_passkeys(settled: Settled) -> None:
    at = settled(pages_url="http://127.0.0.1:8301")
    page = at.browser.get("/account/passkeys")
    assert "passkey-host" in words(page)
    assert b"data-passkey=" not in page.content


def test_what_is_asked_for_can_be_taken_back_by_its_maker_alone(settled: Settled) -> None:
    at = settled()
    asked(at.browser)
    number = Passkey.objects.get().pk
    other = sign_in(at.node, "project_officer", at.ind.office)
    other.post("/account/passkeys", {"take_back": number})
    assert Passkey.objects.exists()
    at.browser.post("/account/passkeys", {"take_back": number})
    assert not Passkey.objects.exists()


def test_the_page_speaks_hindi(settled: Settled) -> None:
    at = settled(passkeys=config.Passkeys(("accept", "confirm_paper")))
    bound(at)
    page = words(at.browser.get("/hi/account/passkeys"))
    assert "पदों की पासकी" in page
    assert "लागू" in page


def test_the_entry_that_binds_a_passkey_says_whose_it_is(settled: Settled) -> None:
    at = settled()
    bound(at)
    (one,) = passkeys.bound(at.node)
    page = words(at.browser.get(f"/record/acts/{one.act}/"))
    assert "Passkeys bound" in page
    assert "Secretariat" in page
    assert HOST in page


def test_the_setting_holds_at_every_door(settled: Settled) -> None:
    at = settled(passkeys=config.Passkeys(("hand_over",)))
    with pytest.raises(Refused) as refused:
        at.ind.write("hand_over", at.pair.record)
    assert refused.value.refusals[0].rule == "passkey"
    settled(passkeys=config.Passkeys()).ind.write("hand_over", at.pair.record)


def test_settings_are_read_as_they_were_written(tmp_path: Path) -> None:
    made = config.Config("IND", pages_url="https://desk.example.in", passkeys=config.Passkeys(("accept", "notice")))
    config.write(tmp_path, made)
    assert config.read(tmp_path) == made
    (tmp_path / config.FILE).write_text('side = "IND"\n[passkeys]\nrequired = ["accept"]\n')
    assert config.read(tmp_path).passkeys.required == ("accept",)
    (tmp_path / config.FILE).write_text('side = "IND"\n[passkeys]\nrequired = ["sing"]\n')
    with pytest.raises(config.ConfigError, match="sing"):
        config.read(tmp_path)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://desk.example.in", "desk.example.in"),
        ("http://ind.localhost:8301/", "ind.localhost"),
        ("http://localhost:8000", "localhost"),
        ("http://127.0.0.1:8000", ""),
        ("http://[::1]:8000", ""),
        ("https://10.0.0.1", ""),
        ("", ""),
    ],
)
def test_passkeys_are_for_a_host_name_and_never_for_an_address(
    address: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DTTI_PAGES_URL", raising=False)
    assert config.Config("IND", pages_url=address).relying_party == host


def test_who_may_act_here_shows_the_passkeys_bound_and_by_which_entry(settled: Settled) -> None:
    at = settled()
    bound(at)
    (one,) = passkeys.bound(at.node)
    page = words(at.browser.get("/people/"))
    assert one.key in page
    assert f"entry {one.entry}" in page
