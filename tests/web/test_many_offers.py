"""What a click costs does not hang on how many offers of this side wait for an answer: counted in records folded."""

from typing import Any

import pytest
from tests.node.capitals import FAR, project

from dtti.accord import table
from dtti.accord.fold import Record
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.core.book import Book
from dtti.node.core.draft import Draft, new_record
from dtti.node.line.attend import attend

from .signing import Signing, built, press, signing  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("signing")]


@pytest.fixture
def folded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The records that are folded from their acts, each time one is."""
    found: list[str] = []
    fold = Book.fold

    def counted(book: Book, record: str, *given: Any, **named: Any) -> Record:
        found.append(record)
        return fold(book, record, *given, **named)

    monkeypatch.setattr(Book, "fold", counted)
    return found


def offer(signing: Signing, count: int, until: str = FAR, *, firm: bool = False) -> list[str]:  # noqa: F811
    """So many open offers of India, in one write."""
    records = [new_record("project", "IND") for _ in range(count)]
    terms = table.Propose(0, "IND", until, firm)
    signing.node.write_all(
        [
            Draft("propose", record, terms, signing.ind.office, (text.Text(content=project(record[-16:])),))
            for record in records
        ]
    )
    return records


def folds_of_a_remark(signing: Signing, folded: list[str]) -> list[str]:  # noqa: F811
    """The records folded while a remark is made at its page, by a process that holds none of them."""
    signing.node.book.reload()
    folded.clear()
    path = f"/work/{signing.pair.record.rsplit('/', 1)[1]}/remark-to-the-other-side/"
    assert press(signing.browser, path, remarks="One of many.").status_code == 302
    return list(folded)


def test_a_remark_folds_its_own_record_whatever_else_is_open(signing: Signing, folded: list[str]) -> None:  # noqa: F811
    few = folds_of_a_remark(signing, folded)
    offers = offer(signing, 40)
    many = folds_of_a_remark(signing, folded)
    assert set(many) & set(offers) == set()
    assert len(many) == len(few)
    assert set(few) == set(many) == {signing.pair.record}


def test_a_desk_and_a_round_fold_no_open_offer_either(signing: Signing, folded: list[str]) -> None:  # noqa: F811
    offers = offer(signing, 40)
    signing.node.book.reload()
    folded.clear()
    assert signing.browser.get("/").status_code == 200
    attend(signing.node)
    assert set(folded) & set(offers) == set()


def test_offers_that_ran_out_are_closed_and_those_that_cannot_be_are_tried_once(
    signing: Signing,  # noqa: F811
    folded: list[str],
) -> None:
    soft, firm = offer(signing, 2, "2027-12-01T00:00:00Z"), offer(signing, 2, "2027-12-01T00:00:00Z", firm=True)
    signing.node.clock = lambda: "2027-12-02T00:00:00Z"
    closed = [one.record for one in attend(signing.node) if one.verb == "close"]
    assert sorted(closed) == sorted(soft)  # of a firm one the other side's clock must be seen to have passed
    signing.node.book.reload()
    folded.clear()
    assert [one.verb for one in attend(signing.node)] == []
    assert set(folded) & set(firm) == set()
    size = signing.node.store.size(RELEASED)
    signing.usa.node.clock = signing.ind.node.clock = signing.node.clock
    signing.swap()
    assert {signing.node.book.view(record).offers[-1].outcome for record in firm} == {"lapsed"}
    assert signing.node.store.size(RELEASED) > size
