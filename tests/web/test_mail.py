"""The mail of a person: to a confirmed address, once a day, counts and references, sent once through crashes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from lxml import html
from msgspec.structs import replace
from tests.node.capitals import Pair
from tests.node.conftest import pair, template  # noqa: F401 - fixtures

from dtti.cli.rounds import AccountsRound
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.people import outbox, seats
from dtti.node.people.desk_models import Letter, Looked, Mailing
from dtti.node.people.models import Person
from dtti.web import middleware
from dtti.web.accounts import mail
from dtti.web.accounts.guard import STAGED

from .smtp import MailServer, mail_server
from .test_calendar_feeds import offer, promise

pytestmark = pytest.mark.django_db
MORNING = datetime.now(UTC).replace(hour=3, minute=0, second=0, microsecond=0)  # half past eight in Delhi


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as made:
        yield made


@pytest.fixture
def node(pair: Pair, server: MailServer, settings: Any) -> Iterator[Node]:  # noqa: F811
    """India's node with a mail server, served by this process; something is asked of its office, and falls due."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    given = config.Mail(
        host="127.0.0.1", port=server.port, security="none", sender="dtti@ind.example", domains=("gov.example",)
    )
    offer(pair, "ex-late", 20)
    promise(pair, "SECRETTITLE", "ex-promise", 1, "IND/ex-sec", "released")
    pair.ind.node.close()
    config.write(pair.ind.folder, replace(pair.ind.node.config, mail=given))
    pair.ind = pair.ind.again()
    settings.NODE_FOLDER, settings.NODE_CONFIG = pair.ind.folder, pair.ind.node.config
    settings.DEMONSTRATION = True  # one click stands for the second factor
    yield middleware.open_node(pair.ind.folder)
    middleware.open_node.cache_clear()


@pytest.fixture
def chair(node: Node) -> Client:
    person = Person.objects.create(username="a.rao", full_name="A. Rao (exercise)", fictitious=True)
    seats.give_seat(node, person, "IND/ex-sec", "co_chair")
    made = Client()
    made.force_login(person)
    session = made.session
    session[STAGED] = True
    session.save()
    return made


def switched_on(chair: Client, node: Node, server: MailServer, prefix: str = "") -> None:
    """The person gives an address, and types the code that came to it."""
    assert chair.post(f"{prefix}/account/mail", {"address": "a.rao@mod.gov.example"}).status_code == 302
    assert outbox.deliver(node.config.mail, datetime.now(UTC)).sent == 1
    (letter,) = server.taken
    code = re.search(r"\b\d{8}\b", letter.get_content())
    assert code
    assert chair.post(f"{prefix}/account/mail", {"does": "confirm", "code": code[0]}).status_code == 302
    server.taken.clear()


def morning(node: Node, days: int = 0) -> int:
    """Write and send what a morning asks for; how many letters left."""
    now = MORNING + timedelta(days=days)
    mail.write(node, now)
    return outbox.deliver(node.config.mail, now).sent


def test_once_a_day_it_says_what_is_asked_by_count_reference_and_link(
    chair: Client, node: Node, server: MailServer
) -> None:
    switched_on(chair, node, server)
    assert morning(node) == 2
    assert morning(node) == 0  # the same morning
    digest, due = sorted(server.taken, key=lambda one: str(one["Subject"]))
    assert digest["Subject"] == "DTTI: asked of you: 1"
    assert due["Subject"] == "DTTI: falls due within three days: 1"
    assert (digest["From"], digest["To"]) == ("dtti@ind.example", "a.rao@mod.gov.example")
    assert digest["Auto-Submitted"] == "auto-generated"
    said = digest.get_content().replace("\r\n", "\n")
    assert "Asked of you: 1" in said
    assert "  ex-late, 0 days\n" in said
    assert re.search(rf"{node.config.address}/work/[a-z2-7]+/", said)
    assert "ex-promise" in due.get_content()
    for each in (digest, due):
        assert "SECRET" not in each.as_string()
    assert morning(node, 1) >= 1
    assert len(Letter.objects.filter(sort="digest")) == 2


def test_it_is_written_in_the_language_in_which_it_was_asked_for(chair: Client, node: Node, server: MailServer) -> None:
    switched_on(chair, node, server, "/hi")
    assert morning(node) == 2
    for each in server.taken:
        words = re.sub(r"https?://\S+|DTTI|IND/ex-sec|ex-[a-z]+", "", f"{each['Subject']} {each.get_content()}")
        assert re.search("[\u0900-\u097f]", words)
        assert not re.search("[A-Za-z]{2,}", words), words
        assert each["Content-Language"] == "hi"
        assert f"{node.config.address}/hi/account/mail" in each.get_content()


def test_nothing_goes_to_an_address_before_its_code_is_typed(chair: Client, node: Node, server: MailServer) -> None:
    chair.post("/account/mail", {"address": "a.rao@mod.gov.example"})
    assert morning(node) == 1
    assert [one["Subject"] for one in server.taken] == ["DTTI: your address"]
    code = re.search(r"\b\d{8}\b", server.taken[0].get_content())[0]  # type: ignore[index]
    assert code not in repr(list(Mailing.objects.values()))
    for wrong in ("", "00000000", "not a code", code[:-1], "1" * 8):
        assert chair.post("/account/mail", {"does": "confirm", "code": wrong}).status_code == 422
    answer = chair.post("/account/mail", {"does": "confirm", "code": code})
    assert answer.status_code == 422  # five wrong ones, and the right one is none either
    assert Mailing.objects.get().code
    old = Mailing.objects.get()
    old.tries, old.asked = 0, datetime.now(UTC) - timedelta(days=2)
    old.save()
    assert chair.post("/account/mail", {"does": "confirm", "code": code}).status_code == 422


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("a.rao@elsewhere.example", "mail of this system goes to gov.example alone"),
        ("a.rao@notgov.example", "mail of this system goes to gov.example alone"),
        ("a.rao", "this is no e-mail address"),
        ("a@gov.example\r\nBcc: x@y.example", "this is no e-mail address"),
    ],
)
def test_an_address_that_mail_may_not_go_to_is_refused_where_it_is_typed(
    chair: Client, address: str, said: str
) -> None:
    answer = chair.post("/account/mail", {"address": address})
    assert answer.status_code == 422
    assert said in html.fromstring(answer.content).xpath("string(//main)")
    assert not Letter.objects.exists()


def test_a_letter_that_a_crash_left_between_is_sent_again_under_its_own_id(
    chair: Client, node: Node, server: MailServer
) -> None:
    switched_on(chair, node, server)
    server.cut = True  # the server has it, and this node never hears so
    assert morning(node) == 0
    later = MORNING + timedelta(minutes=6)
    assert outbox.deliver(node.config.mail, later).sent == 2
    ids = [str(one["Message-ID"]) for one in server.taken]
    assert (len(ids), len(set(ids))) == (3, 2)
    assert outbox.deliver(node.config.mail, later + timedelta(days=1)).sent == 0


def test_while_the_server_is_away_letters_wait_longer_each_time(chair: Client, node: Node, server: MailServer) -> None:
    switched_on(chair, node, server)
    away = replace(node.config.mail, port=1)
    mail.write(node, MORNING)
    assert outbox.deliver(away, MORNING).left == 2
    assert outbox.deliver(node.config.mail, MORNING + timedelta(minutes=4)).sent == 0
    assert outbox.deliver(away, MORNING + timedelta(minutes=5)).left == 2
    assert outbox.deliver(node.config.mail, MORNING + timedelta(minutes=20)).sent == 0
    assert outbox.deliver(node.config.mail, MORNING + timedelta(minutes=36)).sent == 2
    assert {one.tries for one in Letter.objects.exclude(sort="address")} == {3}


@pytest.mark.parametrize(("answer", "given_up"), [("550 no such box", True), ("450 come again", False)])
def test_what_is_refused_for_good_is_given_up(
    chair: Client, node: Node, server: MailServer, answer: str, given_up: bool
) -> None:
    switched_on(chair, node, server)
    server.refuse = answer
    assert morning(node) == 0
    assert {one.given_up for one in Letter.objects.exclude(sort="address")} == {given_up}
    assert all(answer[4:] in one.answer for one in Letter.objects.exclude(sort="address"))


def test_it_ends_where_its_person_ends_it_or_the_account_or_the_seat_ends(
    chair: Client, node: Node, server: MailServer
) -> None:
    switched_on(chair, node, server)
    mail.write(node, MORNING)
    assert chair.post("/account/mail", {"does": "end"}).status_code == 302
    assert outbox.deliver(node.config.mail, MORNING).sent == 0  # what was written already stays here
    switched_on_again = Mailing(person=Person.objects.get(), address="a.rao@mod.gov.example", asked=MORNING)
    switched_on_again.save()
    seat = Person.objects.get().seats.get()
    seats.end_seat(seat, until=seat.since)
    assert morning(node, 1) == 0
    Person.objects.update(is_active=False)
    assert morning(node, 2) == 0
    assert server.taken == []


def test_what_changed_is_counted_from_the_last_look_at_the_desk(chair: Client, node: Node, server: MailServer) -> None:
    switched_on(chair, node, server)
    chair.get("/")
    Looked.objects.update(reaches={"released": 0, "mirror": 0, "national": 0})
    morning(node)
    (said,) = [one.get_content() for one in server.taken if "asked" in str(one["Subject"])]
    assert re.search(r"Changed since \d+ \w+ \d{4}, \d\d:\d\d UTC: [1-9]", said)


@pytest.mark.parametrize("does", ["choose"])
def test_each_sort_of_mail_is_switched_off_by_itself(chair: Client, node: Node, server: MailServer, does: str) -> None:
    switched_on(chair, node, server)
    chair.post("/account/mail", {"does": does, "due": "yes"})
    assert morning(node) == 1
    assert server.taken[0]["Subject"] == "DTTI: falls due within three days: 1"


def test_a_node_without_a_mail_server_says_so(pair: Pair, settings: Any) -> None:  # noqa: F811
    settings.NODE_FOLDER, settings.NODE_CONFIG, settings.DEMONSTRATION = pair.ind.folder, pair.ind.node.config, True
    node = middleware.open_node(pair.ind.folder)
    person = Person.objects.create(username="a.rao", full_name="A. Rao (exercise)", fictitious=True)
    seats.give_seat(node, person, "IND/ex-sec", "co_chair")
    browser = Client()
    browser.force_login(person)
    session = browser.session
    session[STAGED] = True
    session.save()
    page = html.fromstring(browser.get("/account/mail").content)
    assert "sends no mail" in page.xpath("string(//main)")
    assert not page.xpath("//main//input[@name='address']")
    assert browser.post("/account/mail", {"address": "a@b.example"}).status_code == 422
    middleware.open_node.cache_clear()


@pytest.mark.long
def test_the_rounds_look_after_mail_in_a_process_that_ends(node: Node, caplog: pytest.LogCaptureFixture) -> None:
    accounts = AccountsRound()
    accounts.go(node)
    assert accounts.last > 0
    assert caplog.records == []
    before = accounts.last
    accounts.go(node)
    assert accounts.last == before  # not again at once


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ('host = "mail.example"', "a sender is needed"),
        ('host = "mail.example"\nsender = "a@b.example"\nsecurity = "none"', "handed to this machine alone"),
        ('host = "mail.example\\r\\n"', "mail.host"),
    ],
)
def test_settings_of_mail_that_would_not_do_are_refused(tmp_path: Any, given: str, said: str) -> None:
    (tmp_path / "node.toml").write_text(f'side = "IND"\n[mail]\n{given}\n')
    with pytest.raises(config.ConfigError, match=said):
        config.read(tmp_path)
