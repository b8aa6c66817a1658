"""What is shown is what is signed: everything that an act binds to is on its page, and nothing else is ever written."""

from typing import Any

import pytest
from tests.node.capitals import FAR, project
from tests.programme.contents import leaves

from dtti.accord import table, table_2
from dtti.node.core import text
from dtti.node.core.draft import Draft

from .signing import Page, Signing, built, signing, stored  # noqa: F401 - fixtures

pytestmark = pytest.mark.django_db


def test_agreeing_shows_the_whole_offer_and_writes_what_was_shown(signing: Signing) -> None:  # noqa: F811
    record = signing.offered(project("ex-two"), remarks="As discussed.")
    shown = signing.get(record, "agree")
    assert shown.answer.status_code == 200
    for leaf in leaves(project("ex-two")):
        assert stored(leaf) in shown.raw
    assert "As discussed." in shown.text
    assert shown.folded == []
    done = signing.confirm(record, "agree", shown)
    assert done.answer.status_code == 302
    signing.swap()
    assert signing.node.book.view(record).version == 1


EVENT = {"ref": "ex-inside", "name": "A law", "scope": "external", "category": "law", "date": "2020-05"}

MEMORANDUM = {"ref": "ex-moa", "name": "A memorandum", "type": "framework", "binding": "binding"} | {
    "implementation": "signed-only"
}


def _offer(signing: Signing) -> str:  # noqa: F811
    return signing.offered(project("ex-two"))


def _mine(signing: Signing) -> str:  # noqa: F811
    """An offer of ours, open."""
    from dtti.node.core.draft import new_record

    record = new_record("project", "IND")
    signing.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=project("ex-mine")))
    signing.swap()
    return record


def _agreed(signing: Signing) -> str:  # noqa: F811
    return signing.pair.record


def _memorandum(signing: Signing) -> str:  # noqa: F811
    """An instrument agreed, whose pen is with the other side."""
    from dtti.node.core.draft import new_record

    record = signing.offered(MEMORANDUM, new_record("instrument", "USA"))
    offer = signing.ind.node.book.view(record).offer
    assert offer
    signing.ind.write("accept", record, table.Answer(offer.id))
    signing.swap()
    return record


def _with_them(signing: Signing) -> str:  # noqa: F811
    """A record agreed, whose pen is with the other side."""
    record = signing.offered(project("ex-theirs"))
    offer = signing.ind.node.book.view(record).offer
    assert offer
    signing.ind.write("accept", record, table.Answer(offer.id))
    signing.swap()
    return record


def _kept(signing: Signing) -> str:  # noqa: F811
    """A national record of ours."""
    from dtti.node.core.draft import new_record

    record = new_record("event", "IND")
    by = text.By("Somebody Else (exercise)")
    signing.ind.write("state", record, table.State(base=0), text.Text(content=EVENT, by=by), ledger="national")
    signing.node.settle()
    return record


def _empowered(signing: Signing) -> str:  # noqa: F811
    """A record agreed; our office holds the power to make it public."""
    number = 1 + max(signing.node.standing.grants)
    grant = table_2.Grant(number, ["all"], signing.ind.office, "2020-01-01T00:00:00Z", ["make_public"])
    signing.ind.node.write(Draft("power", terms=table_2.Power(grants=[grant])))
    signing.swap()
    return _agreed(signing)


def _paused(signing: Signing) -> str:  # noqa: F811
    """A record that we have suspended."""
    record = _agreed(signing)
    signing.ind.write("notice", record, table_2.Notice("suspend", reason="funding"))
    signing.swap()
    return record


def _reported(signing: Signing, number: str = "EX/1", ref: str = "ex-net") -> str:  # noqa: F811
    """A record on which the other side has recorded a paper."""
    paper = text.Paper(number, "2026-11-20")
    body = text.Text(content={**project(ref), "notes": f"As on {number}."}, paper=paper)
    signing.usa.write("state", signing.pair.record, table.State(basis="paper"), body)
    signing.swap()
    return signing.pair.record


#: Every page that writes an act without a draft: what it starts from, what its form is answered, who may press it.
PAGES: dict[str, tuple[Any, dict[str, str], str]] = {
    "agree": (_offer, {}, "co_chair"),
    "send-back": (_offer, {"remarks": "Not yet."}, "co_chair"),
    "withdraw": (_mine, {}, "co_chair"),
    "hand-over": (_agreed, {}, "co_chair"),
    "ask": (_with_them, {}, "co_chair"),
    "remark": (_agreed, {"remarks": "For colleagues."}, "co_chair"),
    "remark-to-the-other-side": (_agreed, {"remarks": "For you."}, "co_chair"),
    "notice": (_memorandum, {"notice": "suspend"}, "co_chair"),
    "release": (_kept, {}, "disclosure_officer"),
    "confirm-paper": (_reported, {}, "co_chair"),
    "suspend": (_agreed, {"reason": "funding", "remarks": "Until the review."}, "co_chair"),
    "resume": (_paused, {"remarks": ""}, "co_chair"),
    "leave": (_agreed, {"reason": "funding", "remarks": "Nobody pays for it."}, "co_chair"),
    "make-public": (_empowered, {}, "public_officer"),
}


def _ready(signing: Signing, page: str) -> tuple[str, dict[str, str], Page]:  # noqa: F811
    """A page that can be confirmed: its record, what its form was answered, and what it showed."""
    from .signing import sign_in

    begin, given, duty = PAGES[page]
    record = begin(signing)
    signing.browser = sign_in(signing.node, signing.ind.office, duty)
    shown = signing.get(record, page)
    assert shown.answer.status_code == 200, shown.text
    if given:
        assert "shown" not in shown.fields
        shown = signing.post(record, page, {**shown.fields, **given, "check": "yes"})
    assert {"nonce", "shown", "marks"} <= set(shown.fields), (page, shown.buttons)
    return record, given, shown


@pytest.mark.parametrize("page", PAGES)
def test_what_was_shown_is_written_once(signing: Signing, page: str) -> None:  # noqa: F811
    record, given, shown = _ready(signing, page)
    before = signing.sizes()
    assert shown.folded == []
    done = signing.confirm(record, page, shown, **given)
    assert done.answer.status_code == 302, done.text
    after = signing.sizes()
    assert after != before
    again = signing.confirm(record, page, shown, **given)
    assert again.answer.status_code == 200
    assert "This stands already as entry" in again.text
    assert signing.sizes() == after


@pytest.mark.parametrize("page", PAGES)
def test_without_the_digest_of_what_was_shown_or_with_another_nothing_is_written(
    signing: Signing,  # noqa: F811
    page: str,
) -> None:
    record, given, shown = _ready(signing, page)
    before = signing.sizes()
    fields = shown.fields
    flipped = fields["shown"][:10] + ("0" if fields["shown"][10] != "0" else "1") + fields["shown"][11:]
    for spoiled in (
        {},
        {"nonce": fields["nonce"]},
        {"shown": fields["shown"]},
        {**fields, "shown": flipped},
        {**fields, "shown": ""},
        {**fields, "nonce": "0" * 64},
        {**fields, "nonce": "\u0660" * 64},
        {**fields, "shown": fields["shown"].upper()},
    ):
        answer = signing.post(record, page, {**spoiled, **given, "confirm": "yes"})
        assert answer.answer.status_code == 409, spoiled
        assert signing.sizes() == before
    last = signing.post(record, page, {**fields, **given, "confirm": "yes"})
    assert last.answer.status_code == 302


def _remark_of_theirs(signing: Signing, record: str) -> None:  # noqa: F811
    signing.usa.comment(record, "One moment.")
    signing.swap()


def _remark_of_ours(signing: Signing, record: str) -> None:  # noqa: F811
    signing.ind.comment(record, "Wait.", ledger="national")


def _withdrawn(signing: Signing, record: str) -> None:  # noqa: F811
    offer = signing.usa.node.book.view(record).offer
    assert offer
    signing.usa.write("withdraw", record, table.Answer(offer.id))
    signing.swap()


def _offered_anew(signing: Signing, record: str) -> None:  # noqa: F811
    _withdrawn(signing, record)
    signing.offered({**project("ex-two"), "name": "Quite another net"}, record)


def _next_version(signing: Signing, record: str) -> None:  # noqa: F811
    for version in (1, 2):
        content = {**EVENT, "name": f"A harsher law {version}"}
        by = text.By("Somebody Else (exercise)")
        body = text.Text(content=content, by=by)
        signing.ind.write("state", record, table.State(base=version), body, ledger="national")
    signing.node.settle()


def _second_paper(signing: Signing, record: str) -> None:  # noqa: F811
    _reported(signing, "EX/2")


def _suspended(signing: Signing, record: str) -> None:  # noqa: F811
    signing.usa.write("notice", record, table_2.Notice("suspend", reason="funding"))
    signing.swap()


BETWEEN = [
    *((page, _remark_of_theirs) for page in PAGES if page != "release"),
    *((page, _remark_of_ours) for page in PAGES),
    *((page, _withdrawn) for page in ("agree", "send-back")),
    *((page, _offered_anew) for page in ("agree", "send-back")),
    *((page, _suspended) for page in ("agree", "hand-over", "notice", "confirm-paper")),
    ("release", _next_version),
    ("confirm-paper", _second_paper),
]


@pytest.mark.parametrize(("page", "act"), BETWEEN, ids=[f"{page}{act.__name__}" for page, act in BETWEEN])
def test_what_was_done_between_the_page_and_the_click_is_shown_and_nothing_is_written(
    signing: Signing,  # noqa: F811
    page: str,
    act: Any,
) -> None:
    record, given, shown = _ready(signing, page)
    act(signing, record)
    before = signing.sizes()
    answer = signing.confirm(record, page, shown, **given)
    assert answer.answer.status_code == 409
    assert signing.sizes() == before
    if act in (_withdrawn,):
        assert "No offer is open" in answer.text
        return
    assert "Nothing was recorded" in answer.text
    assert "Done on this record since:" in answer.text
    if act is _offered_anew:
        assert "Quite another net" in answer.text
    if act is _next_version:
        assert "A harsher law 2" in answer.text
    if act is _second_paper:
        assert "EX/2" in answer.text
    if (page, act) == ("agree", _suspended):
        return  # no agreement while it stands: what it is refused for, it is refused for
    last = signing.confirm(record, page, answer, **given)
    assert last.answer.status_code == 302, last.text


def test_remarks_typed_on_a_page_are_shown_before_they_are_written(signing: Signing) -> None:  # noqa: F811
    record, _given, shown = _ready(signing, "withdraw")
    before = signing.sizes()
    asked = signing.confirm(record, "withdraw", shown, remarks="It has a fault in line 2.")
    assert asked.answer.status_code == 409
    assert signing.sizes() == before
    assert stored("It has a fault in line 2.") in asked.raw
    assert "with what you have written" in asked.text
    done = signing.confirm(record, "withdraw", asked, remarks="It has a fault in line 2.")
    assert done.answer.status_code == 302
