"""Lists and search answer alike on SQLite and on PostgreSQL: the same order, the same finds, the true total."""

from collections.abc import Iterator
from secrets import token_hex

import pytest

from dtti.accord import table
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.line import published
from dtti.node.record import lookups, read
from dtti.node.record.clock import At
from dtti.programme.published import record_id

from .capitals import found

TITLES = [
    "Café summit 10", "café summit 9", "Éclair net", "echo net", "Zed", "MQ-9B purchase", "MQ9B second purchase",
    "हिन्दी पत्र", "क़लम बैठक", "कलम 2", "100 aircraft", "20 aircraft", "'drop; & | :* \\ \" ()",
]  # fmt: skip
IN_ORDER = [
    "'drop; & | :* \\ \" ()", "20 aircraft", "100 aircraft", "café summit 9", "Café summit 10", "echo net",
    "Éclair net", "MQ-9B purchase", "MQ9B second purchase", "Zed", "कलम 2", "क़लम बैठक", "हिन्दी पत्र",
]  # fmt: skip
FINDS = {
    "cafe": {"Café summit 10", "café summit 9"},
    "हिंदी": {"हिन्दी पत्र"},
    "कलम": {"क़लम बैठक", "कलम 2"},
    "क़लम": {"क़लम बैठक", "कलम 2"},
    "MQ9B": {"MQ-9B purchase", "MQ9B second purchase"},
    "mq-9b": {"MQ-9B purchase", "MQ9B second purchase"},
    "purch sec": {"MQ9B second purchase"},
    "air 20": {"20 aircraft"},
    "drop' & |": {"'drop; & | :* \\ \" ()"},
    "' OR \"": set(),
    "---": set(),
}


@pytest.fixture(params=["sqlite", "postgres"])
def node(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    capital = found(tmp_path_factory.mktemp("lists") / "ind", "IND", database=url, schema=f"lists_{token_hex(4)}")
    for number, title in enumerate(TITLES):
        content = {"ref": f"e-{number}", "name": title, "scope": "external", "category": "law", "date": "2020"}
        capital.write("state", new_record("event", "IND"), table.State(base=0), text.Text(content=content))
    yield capital.node
    capital.node.close()


VIEWER = Viewer("IND", national=True)


def test_lists_and_search_are_the_same_on_both_databases(node: Node) -> None:
    rows = read.listing(node, VIEWER, "event").rows
    assert [row.title for row in rows if row.title != IN_ORDER[0]] == IN_ORDER[1:]
    back = read.listing(node, VIEWER, "event", descending=True).rows
    assert [row.title for row in back] == [row.title for row in reversed(rows)]
    by_ref = read.listing(node, VIEWER, "event", order="ref").rows
    assert [row.ref for row in by_ref] == [f"e-{number}" for number in range(len(TITLES))]
    # Many share one date: their references, as numbers, decide, on both databases.
    dated = read.listing(node, VIEWER, "event", order="earliest").rows
    assert [row.ref for row in dated] == [row.ref for row in by_ref]
    for words, wanted in FINDS.items():
        answer = read.listing(node, VIEWER, "event", words=words)
        assert {row.title for row in answer.rows} == wanted, words
        assert answer.total == len(wanted)
        assert lookups.dated(node, VIEWER, "event", words=words).total == len(wanted)


def test_past_its_end_a_list_says_how_long_it_is(node: Node) -> None:
    for answer in (
        read.listing(node, VIEWER, "event", start=500),
        read.listing(node, VIEWER, "event", start=500, known=read.clock.asked("2020-06-01", "")),
        lookups.dated(node, VIEWER, "event", start=500),
    ):
        assert answer.rows == []
        assert answer.total == len(TITLES)


def test_what_a_side_began_comes_without_what_was_compiled_today_as_on_a_day_gone_by(node: Node) -> None:
    cite, told = {"confidence": "unverified"}, {"scope": "external", "category": "law", "date": "2020"}
    compiled = [{"ref": f"p-{number}", "name": "Compiled", **told, "cite": cite} for number in range(5)]
    published.put(node, [("event", record_id("event", one["ref"]), one) for one in compiled])
    assert read.listing(node, VIEWER, "event").total == len(TITLES) + 5
    for known in ("", At(known="2999-01-01T00:00:00Z"), At(on="2998-01-01")):
        begun = lookups.begun(node, VIEWER, "event", known)
        assert [row.ref for row, _content in begun] == [f"e-{number}" for number in range(len(TITLES))]
        assert {content.ref for _row, content in begun} == {row.ref for row, _content in begun}
    assert lookups.begun(node, VIEWER, "project") == []
    assert lookups.begun(node, Viewer("IND", public=True), "event") == []
    assert len(lookups.begun(node, VIEWER, "event", most=3)) == 3
