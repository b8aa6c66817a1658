"""How long a comparison takes as a file grows, and where it says plainly that a file is too large."""

import re
import time

import pytest

from dtti.accord.refusal import Refused
from dtti.documents.word import body
from dtti.documents.word.tokens import tokens
from dtti.papers.negotiated import compare
from tests.papers.cases import SAMPLES, case

from .making import changed, sample
from .test_seen import answered
from .test_tracked import EN, run


def with_table(rows, columns=5):
    cells = "".join(f"<w:tc><w:p>{run('Row {0} of {1}, {0} units')}</w:p></w:tc>" for _ in range(columns))
    table = "".join(f"<w:tr>{cells}</w:tr>".format(at, at % 7) for at in range(rows))
    return changed(EN, ("<w:tbl>", f"<w:tbl>{table}</w:tbl><w:p/><w:tbl>"))


def used(data):
    start = time.process_time()
    found = compare(sample(), data)
    return time.process_time() - start, len(found.changes)


@pytest.mark.long
def test_a_table_of_two_thousand_rows_is_compared_within_four_seconds():
    seconds, changes = used(with_table(2_000))
    assert changes == 10_000
    assert seconds < 4


@pytest.mark.long
def test_four_times_the_rows_take_little_more_than_four_times_the_time():
    small, large = used(with_table(400))[0], used(with_table(1_600))[0]
    assert large < 8 * small


def test_a_file_of_too_many_paragraphs_is_refused_with_a_way_out(monkeypatch):
    monkeypatch.setattr(body, "LARGEST", 50)
    with pytest.raises(Refused) as refused:
        compare(sample(), with_table(20))
    assert [each.rule for each in refused.value.refusals] == ["word-size"]
    assert "more than 50 paragraphs and cells" in str(refused.value)


def test_brackets_that_never_close_take_no_longer_than_others():
    start = time.process_time()
    assert len(tokens("[India: a " * 20_000)) > 20_000
    assert time.process_time() - start < 4


def test_the_table_on_which_this_once_took_long():
    start = time.process_time()
    code, said, _ = answered(case("word/big-table"), SAMPLES / "instrument.json")
    assert (code, re.match(r"Changes to confirm: (\d+)", said)[1]) == (0, "2500")
    assert time.process_time() - start < 4
