"""The record as it grows act by act: what was held and added is what folding everything from nothing gives."""

import random
from collections.abc import Callable
from contextlib import suppress

import apsw
import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.accord.rule_sets import RULE_SETS
from dtti.ledger.act import open_leaf
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import text
from dtti.node.core.book import Book, advanced
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.record import read, rebuild
from tests.node.capitals import FAR, Capital, Pair, carry, project, propose

EVERYTHING = Viewer("IND", national=True)


WEIGHTS = (2, 2, 2, 6, 6, 3, 2, 2, 1, 1, 5, 5)  # of the moves below: most of all offers, answers and exchanges


class Play:
    """Random acts of both sides on a few projects, many within one second, with exchanges between."""

    def __init__(self, pair: Pair, seed: int) -> None:
        self.pair, self.draw = pair, random.Random(seed)
        self.second = 0
        for each in (pair.ind, pair.usa):
            each.node.clock = lambda: f"2099-01-01T00:{self.second // 60:02}:{self.second % 60:02}Z"
        self.records = [pair.record, new_record("project", "USA")]

    def step(self) -> None:
        """One act, or an exchange; what is refused changes nothing and is passed over."""
        self.second += self.draw.choice((0, 0, 1))
        by, record = self.draw.choice((self.pair.ind, self.pair.usa)), self.draw.choice(self.records)
        moves: list[Callable[[], object]] = [
            lambda: by.comment(record, "a remark"),
            lambda: by.write("draft", record, None, self.text()),
            lambda: by.write("state", record, table.State(basis="own"), self.text()),
            lambda: by.write("propose", record, self.terms(by, record), self.text()),
            lambda: by.write("accept", record, table.Answer(self.offer(by, record))),
            lambda: by.write("send_back", record, table.SendBack(self.offer(by, record)), text.Text(remarks="not yet")),
            lambda: by.write("withdraw", record, table.Answer(self.offer(by, record))),
            lambda: by.write("request_pen", record),
            lambda: by.write("notice", record, table.Notice(self.draw.choice(("suspend", "resume")))),
            lambda: by.comment(record, "for this side alone", NATIONAL),
            lambda: carry(self.pair.ind, self.pair.usa),
            lambda: carry(self.pair.usa, self.pair.ind),
        ]  # fmt: skip
        with suppress(Refused):
            self.draw.choices(moves, WEIGHTS)[0]()

    def text(self) -> text.Text:
        return text.Text(content=project(f"ex-{self.draw.randrange(3)}"))

    def terms(self, by: Capital, record: str) -> table.Propose:
        return table.Propose(by.node.book.view(record).version, by.side, FAR.replace("-01T", "-31T"))

    def offer(self, by: Capital, record: str) -> str:
        offer = by.node.book.view(record).offer
        return offer.id if offer else "0" * 64


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_a_record_that_grew_act_by_act_is_the_record_made_anew(pair: Pair, seed: int):
    play = Play(pair, seed)
    for _ in range(120):
        play.step()
    (offers,) = pair.ind.node.projection.engine.run("SELECT COUNT(*) FROM done WHERE verb = 'propose'")[0]
    assert offers > 2
    for each in (pair.ind, pair.usa):
        assert rebuild.compare(each.node) == []
        fresh = Book(each.node.store, each.side, RULE_SETS)
        for record in each.node.store.records():
            assert each.node.book.view(record) == fresh.view(record)
            assert each.node.book.view(record, NATIONAL) == fresh.view(record, NATIONAL)


def test_what_was_seen_of_a_record_does_not_change_under_its_reader(pair: Pair):
    before = pair.ind.node.book.view(pair.record)
    pair.ind.write("propose", pair.record, table.Propose(1, "IND", FAR), text.Text(content=project()))
    assert before.offer is None
    assert pair.ind.node.book.view(pair.record).offer is not None
    pair.ind.write("withdraw", pair.record, table.Answer(pair.ind.node.book.view(pair.record).offers[-1].id))
    assert [one.outcome for one in before.offers] == ["agreed"]


def statements(capital: Capital, act: Callable[[], object]) -> int:
    """How many statements `act` has the record and the ledger store run, the hashes of the tree apart."""
    told: list[str] = []
    engines = [capital.node.store.engine, capital.node.projection.engine]
    for engine in engines:
        engine.connection.trace_v2(apsw.SQLITE_TRACE_STMT, lambda event: told.append(event["sql"]))
    try:
        act()
    finally:
        for engine in engines:
            engine.connection.trace_v2(0)
    return sum(not sql.startswith("INSERT INTO hash") for sql in told)


def test_a_remark_costs_as_many_statements_after_eighty_as_after_two(pair: Pair):
    seconds = iter(range(10**4))
    pair.ind.node.clock = lambda: (
        f"2099-01-01T{(number := next(seconds)) // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z"
    )
    pair.ind.comment(pair.record, "one")
    pair.ind.comment(pair.record, "two")
    few = statements(pair.ind, lambda: pair.ind.comment(pair.record, "three"))
    for number in range(80):
        pair.ind.comment(pair.record, f"further {number}")
    assert statements(pair.ind, lambda: pair.ind.comment(pair.record, "last")) == few


def test_an_answer_is_kept_until_a_row_changes(pair: Pair):
    projection, made = pair.ind.node.projection, []

    def ask() -> int:
        return projection.kept("how often", lambda: made.append(1) or len(made))

    assert (ask(), ask()) == (1, 1)
    pair.ind.comment(pair.record, "something")
    assert (ask(), ask()) == (2, 2)
    projection.refresh(pair.ind.node.book, [pair.record])  # as after an erasure, which moves no ledger
    assert (ask(), ask()) == (3, 3)
    projection.catch_up(pair.ind.node.book, whole=True)
    assert ask() == 4


def test_words_of_an_earlier_text_do_not_find_a_record(pair: Pair):
    record, _ = propose(pair.ind, "ex-anchor")
    offer = pair.ind.node.book.view(record).offer
    assert offer is not None
    pair.ind.write("withdraw", record, table.Answer(offer.id))
    renamed = {**project("ex-anchor"), "name": "Harbour lights"}
    pair.ind.write("propose", record, table.Propose(0, "IND", FAR), text.Text(content=renamed))

    def found(words: str) -> list[str]:
        return [row.record for row in read.listing(pair.ind.node, EVERYTHING, "project", words=words).rows]

    assert found("harbour") == [record]
    assert record not in found("shipboard")


def test_an_entry_signed_in_one_step_is_the_entry_that_reading_gives(pair: Pair):
    receipt = pair.ind.comment(pair.record, "as written")
    leaf = pair.ind.node.store.leaf(RELEASED, receipt.index)
    assert pair.ind.node.book.entry(leaf) == open_leaf(leaf)


def test_a_record_that_goes_on_shares_nothing_that_changes_with_what_it_was(pair: Pair):
    receipt = pair.ind.comment(pair.record, "a remark")
    book = pair.ind.node.book
    was = book.folded(pair.record)
    leaf = next(one.leaf for one in book.store.of_record(pair.record) if open_leaf(one.leaf).id == receipt.act)
    now = advanced(was, "IND", book.file(book.entry(leaf)))
    held = [(getattr(was.whole, name), getattr(now.whole, name)) for name in was.whole.__struct_fields__]
    containers = [(one, other) for one, other in held if isinstance(one, list | dict)]
    assert len(containers) > 7
    assert not [one for one, other in containers if one is other]
