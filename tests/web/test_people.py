"""Who may act here and restricted groups, at the pages: two persons or the power keys, each change an entry."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused
from dtti.ledger.store import NATIONAL
from dtti.node.core import groups, seating, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.line import spill
from dtti.node.people import seats
from dtti.node.people.models import Person, Seat
from dtti.node.record import read
from dtti.web.accounts.guard import STAGED

from .capitals import exercise, serve_side  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("permissions")]


@pytest.fixture
def node(serve_side: Any) -> Node:  # noqa: F811
    return serve_side("IND")


def person(user: str) -> Person:
    return Person.objects.get_or_create(
        username=user, defaults={"full_name": f"{user} (exercise)", "fictitious": True}
    )[0]


def browser(who: Person) -> Client:
    made = Client()
    made.force_login(who)
    session = made.session
    session[STAGED] = True
    session.save()
    return made


def seated(node: Node, user: str, office: str, duty: str = "secretariat") -> Client:
    who = person(user)
    seats.give_seat(node, who, office, duty)
    return browser(who)


def empowered(node: Node, title: str) -> str:
    """A further office of this side, with the power to seat and to make groups."""
    office = new_record("office", "IND")
    number = 1 + max(node.standing.grants)
    grant = table_2.Grant(number, ["all"], office, "2020-01-01T00:00:00Z", ["seat", "restrict", "state", "comment"])
    node.write(Draft("power", terms=table_2.Power(grants=[grant])))
    content = {"ref": f"IND/{office[-8:]}", "side": "IND", "title": title}
    node.write(Draft("state", office, table.State(base=0), office, (text.Text(content=content),)))
    node.settle()
    return office


def send(browser: Client, path: str, given: dict[str, Any] | None = None) -> Any:
    """Send a form of these pages with what its page made for it, as a browser does; not always what it would show."""
    page = browser.get("/people/" if path.startswith("/people/") else "/restricted/").content.decode()
    hidden = {
        name: re.search(rf'name="{name}" value="([0-9a-f]*)"', page[page.find(f'action="{path}"') :])
        for name in ("nonce", "shown")
    }
    made = {name: found[1] if found else "0" * 64 for name, found in hidden.items()}
    if "/confirm/" in path:
        made["shown"] = path.split("/")[3]
    return browser.post(path, {**made, **(given or {})})


def test_a_seat_asked_by_one_person_counts_once_another_in_another_office_confirms_it(node: Node):
    first, second = (empowered(node, title) for title in ("First desk", "Second desk"))
    asking, confirming = seated(node, "asks", first), seated(node, "confirms", second)
    newcomer = person("newcomer")
    size = node.store.size(NATIONAL)
    sent = {"person": newcomer.account, "office": first, "duty": "project_officer", "remarks": "Replaces a colleague"}
    assert send(asking, "/people/ask/", sent).status_code == 302
    (act,) = seating.read(node).asked
    assert not Seat.objects.filter(person=newcomer).exists()
    page = confirming.get("/people/").content.decode()
    assert "newcomer (exercise)" in page
    assert "Replaces a colleague" in page
    assert send(asking, f"/people/confirm/{act}/").status_code in (409, 422)
    assert act in seating.read(node).asked
    assert send(confirming, f"/people/confirm/{act}/").status_code == 302
    (row,) = seats.backed(node, Seat.objects.filter(person=newcomer))
    assert (row.office, row.duty) == (first, "project_officer")
    assert node.store.size(NATIONAL) == size + 2
    shown = confirming.get("/people/").content.decode()
    assert "asked by First desk, confirmed by Second desk" in shown
    assert send(asking, "/people/ask/", {"end": row.code}).status_code == 302
    (end,) = seating.read(node).asked
    assert seats.backed(node, Seat.objects.filter(person=newcomer))
    send(confirming, f"/people/confirm/{end}/")
    assert not seats.backed(node, Seat.objects.filter(person=newcomer))


def test_one_person_with_two_seats_does_not_confirm_what_he_asked(node: Node):
    first, second = (empowered(node, title) for title in ("Third desk", "Fourth desk"))
    both = seated(node, "both.desks", first)
    seats.give_seat(node, person("both.desks"), second, "secretariat")
    send(both, "/people/ask/", {"person": person("friend").account, "office": first, "duty": "project_officer"})
    (act,) = seating.read(node).asked
    session = both.session
    session["seat"] = Seat.objects.get(person__username="both.desks", office=second).pk
    session.save()
    answer = send(both, f"/people/confirm/{act}/")
    assert answer.status_code in (409, 422)
    assert act in seating.read(node).asked


def test_where_the_text_that_names_who_asked_is_gone_nobody_confirms(node: Node):
    first, second = (empowered(node, title) for title in ("Ninth desk", "Tenth desk"))
    both = seated(node, "erases.it", first)
    seats.give_seat(node, person("erases.it"), second, "secretariat")
    send(both, "/people/ask/", {"person": person("an.ally").account, "office": first, "duty": "project_officer"})
    act = next(each for each, one in seating.read(node).asked.items() if one.user == "an.ally")
    spill.erase(node, act)
    session = both.session
    session["seat"] = Seat.objects.get(person__username="erases.it", office=second).pk
    session.save()
    assert send(both, f"/people/confirm/{act}/").status_code == 409
    assert send(seated(node, "third.one", second), f"/people/confirm/{act}/").status_code == 409
    assert act in seating.read(node).asked


def test_who_asked_stands_in_the_entry_and_never_confirms_it_whatever_is_erased(node: Node):
    """By the verdict of the ledger, so that no page, and nobody who writes without one, has to remember it."""
    first, second = (empowered(node, title) for title in ("Eleventh desk", "Twelfth desk"))
    asks = seated(node, "asks.alone", first)
    send(asks, "/people/ask/", {"person": person("a.friend").account, "office": first, "duty": "project_officer"})
    asked = next(one for one in seating.read(node).asked.values() if one.user == "a.friend")
    mine, other = person("asks.alone").account, person("somebody.else").account
    assert (asked.asker, asked.terms.by) == (mine, mine)
    spill.erase(node, asked.act)
    unnamed = seating.read(node).asked[asked.act]
    assert (unnamed.asker, unnamed.user) == (mine, "")
    for office, account in ((second, mine), (first, other), (second, None)):
        with pytest.raises(Refused) as refused:
            node.write(seating.confirmation(asked, office, account))  # type: ignore[arg-type]
        assert [one.rule for one in refused.value.refusals] == ["seat"]
    assert asked.act in seating.read(node).asked
    node.write(seating.confirmation(asked, second, other))
    assert asked.act not in seating.read(node).asked


MOVED = {
    "another account": (lambda row, thief: Seat.objects.filter(pk=row.pk).update(person=thief), "to another account"),
    "another name": (
        lambda row, thief: (
            Person.objects.filter(pk=row.person_id).update(account="z" * 16),
            Person.objects.filter(pk=thief.pk).update(account=row.person.account),
            Seat.objects.filter(pk=row.pk).update(person=thief),
        ),
        "to another user name",
    ),
    "another office": (
        lambda row, _: Seat.objects.filter(pk=row.pk).update(office="office/IND/zzzzzzzzzzzzzzzz"),
        "another office or duty",
    ),
    "another duty": (lambda row, _: Seat.objects.filter(pk=row.pk).update(duty="co_chair"), "another office or duty"),
    "another day": (
        lambda row, _: Seat.objects.filter(pk=row.pk).update(since=date(2020, 1, 1)),
        "",
    ),
    "another code": (lambda row, _: Seat.objects.filter(pk=row.pk).update(code="y" * 16), "no entry gives this seat"),
}


@pytest.mark.parametrize("how", MOVED)
def test_a_seat_that_somebody_moved_in_the_tables_seats_nobody_and_the_page_says_so(node: Node, how: str):
    office = empowered(node, f"Desk {how}")
    user, other = (f"{which}.{how.split()[1]}" for which in ("real", "thief"))
    real, thief = seated(node, user, office), person(other)
    watching = seated(node, f"sees.{how.split()[1]}", office)
    row = Seat.objects.select_related("person").get(person__username=user)
    assert real.get("/people/").status_code == 200
    move, why = MOVED[how]
    move(row, thief)
    row.refresh_from_db()
    taken = browser(thief)
    refused = 200 if how == "another day" else 404
    assert real.get("/people/").status_code == refused
    for path in ("/people/", "/restricted/"):
        assert taken.get(path).status_code == 404
    sent = {"person": thief.account, "office": office, "duty": "co_chair"}
    assert taken.post("/people/ask/", sent).status_code in (403, 404)
    page = " ".join(watching.get("/people/").content.decode().split())
    assert ("Rows that seat nobody" in page) == bool(why)
    assert why in page


def test_a_closed_account_that_somebody_opened_again_in_the_tables_sits_nowhere(node: Node):
    office = empowered(node, "Desk of one who left")
    gone = person("has.left")
    seats.record(node, gone, "open")
    seats.give_seat(node, gone, office, "secretariat")
    assert browser(gone).get("/people/").status_code == 200
    seats.record(node, gone, "close")
    assert browser(gone).get("/people/").status_code == 404
    assert [why for row, why in seats.astray(node) if row.person_id == gone.pk] == ["the account is closed"]


def test_a_row_that_no_entry_gave_seats_nobody(node: Node):
    office = empowered(node, "Fifth desk")
    namesake = person("namesake")
    Seat.objects.create(person=namesake, office=office, duty="co_chair", since=seats.today(), code="a" * 16)
    made = browser(namesake)
    assert made.get("/people/").status_code == 404
    stolen = Seat.objects.filter(person__username="newcomer").exclude(code="").first()
    real = seated(node, "real.one", office)
    Seat.objects.filter(person__username="real.one").update(person=namesake)
    assert made.get("/people/").status_code == 404
    assert real.get("/people/").status_code == 404
    assert stolen is None or not seats.backed(node, [stolen])


def test_a_rebuild_puts_back_the_seats_that_the_record_holds(node: Node):
    office = empowered(node, "Sixth desk")
    seated(node, "put.back", office)
    code = Seat.objects.get(person__username="put.back").code
    Seat.objects.filter(code=code).delete()
    Person.objects.filter(username="put.back").delete()
    made = seats.restore(node)
    assert code in {one.code for one in made}
    back = Person.objects.get(username="put.back")
    assert not back.has_usable_password()
    assert seats.backed(node, Seat.objects.filter(person=back))


def test_a_group_is_made_and_widened_on_its_page_and_nobody_else_is_told(node: Node):
    first, second = (empowered(node, title) for title in ("Seventh desk", "Eighth desk"))
    inside, outside = seated(node, "in.group", first), seated(node, "out.group", second)
    sent = {"title": "Quetzal cell", "members": [first], "remarks": "A matter for one desk"}
    assert send(inside, "/restricted/change/", {**sent, "remarks": ""}).status_code == 422
    assert send(inside, "/restricted/change/", sent).status_code == 302
    assert "Quetzal cell" in inside.get("/restricted/").content.decode()
    assert "Quetzal" not in outside.get("/restricted/").content.decode()
    (code,) = groups.of(node, first)
    assert send(outside, "/restricted/change/", {**sent, "group": code, "members": [second]}).status_code == 404
    wider = {**sent, "group": code, "members": [first, second], "act": changed_by(inside)}
    assert send(inside, "/restricted/change/", wider).status_code == 302
    page = outside.get("/restricted/").content.decode()
    assert "Quetzal cell" in page
    assert "A matter for one desk" in page
    assert read.listing(node, Viewer("IND", national=True), words="Quetzal").total == 0


def changed_by(browser: Client) -> str:
    """The entry that last changed the one group on its page, as the form there carries it."""
    (act,) = re.findall(r'name="act"[^>]*value="([0-9a-f]{64})"', browser.get("/restricted/").content.decode())
    return str(act)


@pytest.mark.parametrize("odd", ["office/IND/aaaaaaaa", "\u202e", "x\0y", "\x1b[2J", "IND/desk-officer", "x" * 500])
def test_no_group_takes_in_what_is_no_office_of_this_side(node: Node, odd: str):
    office = empowered(node, f"Desk of {odd!r:.30}")
    inside = seated(node, f"in.odd{len(odd)}{ord(odd[0])}", office)
    before = groups.of(node, office)
    answer = send(inside, "/restricted/change/", {"title": "Cell", "members": [office, odd], "remarks": "Why"})
    assert answer.status_code == 422
    assert groups.of(node, office) == before


def test_a_form_of_a_group_that_a_colleague_changed_since_takes_nobody_in_again(node: Node):
    first, second = (empowered(node, title) for title in ("Ninth desk", "Tenth desk"))
    inside = seated(node, "in.stale", first)
    sent = {"title": "Cell", "members": [first, second], "remarks": "Both at first"}
    assert send(inside, "/restricted/change/", sent).status_code == 302
    (code,) = groups.of(node, first)
    opened = {**sent, "group": code, "act": changed_by(inside)}
    assert send(inside, "/restricted/change/", {**opened, "members": [first]}).status_code == 302
    assert groups.of(node, second) == ()
    for stale in (opened, {**opened, "act": ""}):
        assert send(inside, "/restricted/change/", stale).status_code == 409
    assert groups.of(node, second) == ()
