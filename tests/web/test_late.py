"""An answer first seen after its offer had run out, at the pages: what shows it, and a person's decision on it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.node import capitals

from dtti.accord import table
from dtti.ledger import act as acts
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.core.draft import Receipt, new_record
from dtti.node.line import exchange, late

from .signing import Page, Signing, built, press, sign_in, signing  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]

SEEN_LATE = "Answered, first seen late"


def at(signing: Signing, days: float) -> str:  # noqa: F811
    """Set both of India's clocks so many days after what its record has reached."""
    reached = datetime.fromisoformat(signing.node.book.released.time)
    time = (reached + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")
    signing.node.clock = signing.ind.node.clock = lambda: time
    return time


def answered(signing: Signing, verb: str = "accept", days: float = 30, *, firm: bool = False) -> tuple[str, Receipt]:  # noqa: F811
    """India offers a project for two days; an answer that claims to be in time comes only `days` later."""
    record = new_record("project", "IND")
    until = (datetime.fromisoformat(signing.node.book.released.time) + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    terms = table.Propose(0, "IND", until, firm)
    offer = signing.ind.write("propose", record, terms, text.Text(content=capitals.project("ex-late")))
    capitals.carry(signing.ind, signing.usa)
    said = table.SendBack(offer.act) if verb == "send_back" else table.Answer(offer.act)
    answer = signing.usa.write(verb, record, said, text.Text(remarks="in time, they say"))
    held = exchange.make_pack(signing.usa.node)
    at(signing, days)
    exchange.take_pack(signing.ind.node, held)
    signing.node.settle()
    return record, answer


def outcome(signing: Signing, record: str) -> str:  # noqa: F811
    return signing.node.book.view(record).offers[-1].outcome or ""


def last(signing: Signing) -> acts.Act:  # noqa: F811
    """The last act on India's released ledger that is no acknowledgement."""
    leaves = list(signing.node.store.leaves(RELEASED))
    return next(one for leaf in reversed(leaves) if (one := acts.open_leaf(leaf).act).verb != "acknowledge")


def path(record: str, page: str = "late-answer/") -> str:
    return f"/work/{record.rsplit('/', 1)[1]}/{page}"


def test_desk_and_page_of_the_work_say_what_shows_that_it_came_late(signing: Signing):  # noqa: F811
    record, answer = answered(signing)
    (found,) = late.late_answers(signing.node)
    assert found.sighted is not None
    (waits,) = Page(signing.browser.get("/")).tree.xpath("//section[@id='mine']")
    desk = str(waits.text_content())
    assert "answered, first seen late" in desk
    assert f"our entry {found.sighted.index} of" in desk
    assert "our office system has yet to record how the offer ended" not in desk
    work = Page(signing.browser.get(path(record, "")))
    assert SEEN_LATE in work.text
    assert f"entry {found.sighted.index}" in work.text
    links = work.tree.xpath("//section[@id='late']//a/@href")
    assert [link for link in links if answer.act in link]
    assert [link for link in links if found.sighted.act in link]
    shown = signing.browser.get(path(record, "")[:-1] + ".json").json()["late"]
    assert (shown["time"], shown["until"]) == (answer.time, found.until)
    assert len(shown["checkpoints"]) == len(found.checkpoints)
    assert shown["decide"] == path(record)


@pytest.mark.parametrize(
    ("verb", "end", "firm"),
    [("accept", "late", False), ("accept", "agreed", False), ("accept", "late", True), ("send_back", "returned", True)],
)
def test_a_person_decides_on_the_page_and_both_sides_read_it_so(
    signing: Signing,  # noqa: F811
    verb: str,
    end: str,
    firm: bool,
):
    record, answer = answered(signing, verb, firm=firm)
    (found,) = late.late_answers(signing.node)
    page = Page(signing.browser.get(path(record)))
    assert SEEN_LATE in page.text
    choices = page.tree.xpath("//input[@name='outcome']/@value")
    assert choices == ["late", "agreed" if verb == "accept" else "returned"]
    size = signing.sizes()
    assert signing.post(record, "late-answer", {**page.fields, "confirm": "yes"}).answer.status_code == 409
    assert signing.post(record, "late-answer", {"outcome": "lapsed", "confirm": "yes"}).answer.status_code == 409
    assert signing.sizes() == size
    asked = Page(signing.browser.post(path(record), {**page.fields, "outcome": end, "check": "yes"}))
    assert answer.act in asked.raw
    assert found.offer in asked.raw
    assert found.sighted is not None
    assert found.sighted.act in asked.raw
    done = signing.confirm(record, "late-answer", asked, outcome=end)
    assert done.answer.status_code == 302
    assert signing.browser.get(done.answer["Location"]).status_code == 200
    act = last(signing)
    assert (act.verb, act.office, act.terms["outcome"], act.terms["sighted"]) == (
        "close",
        signing.ind.office,
        end,
        found.sighted.act,
    )
    assert outcome(signing, record) == end
    signing.usa.node.clock = signing.node.clock
    capitals.carry(signing.ind, signing.usa)
    assert signing.usa.node.book.view(record).offers[-1].outcome == end
    assert "first seen late" not in Page(signing.browser.get("/")).text
    assert signing.browser.get(path(record)).status_code in (409, 422)
    for where in ("/", path(record, ""), f"/projects/{record.rsplit('/', 1)[1]}/"):
        english, hindi = signing.browser.get(where), signing.browser.get(f"/hi{where}")
        assert english.status_code == hindi.status_code == 200
        if end == "late" and where != "/":
            assert "answered late, never agreed" in english.content.decode()
            assert "answered late" not in hindi.content.decode()


def test_what_was_chosen_and_shown_is_what_is_written(signing: Signing):  # noqa: F811
    record, _ = answered(signing)
    page = Page(signing.browser.post(path(record), {"outcome": "late", "check": "yes"}))
    size = signing.sizes()
    assert signing.confirm(record, "late-answer", page, outcome="agreed").answer.status_code == 409
    assert signing.sizes() == size


def test_whoever_may_not_withdraw_neither_decides_nor_is_asked(signing: Signing):  # noqa: F811
    record, _ = answered(signing)
    reader = sign_in(signing.node, signing.ind.office, "finance", "Meera Iyer (exercise)")
    work = reader.get(path(record, ""))
    assert SEEN_LATE in work.content.decode()
    assert path(record) not in work.content.decode()
    assert reader.post(path(record), {"outcome": "late", "confirm": "yes"}).status_code == 403


def test_an_answer_seen_in_time_waits_for_nobody(signing: Signing):  # noqa: F811
    record, _ = answered(signing, days=1)
    assert outcome(signing, record) == "agreed"
    assert press(signing.browser, path(record), outcome="late").status_code in (409, 422)
    work: Any = signing.browser.get(path(record, "")).content.decode()
    assert SEEN_LATE not in work
