"""The columns of lists are one struct: what it holds the tables keep, and lists show, narrow and order by."""

from dtti.node.core.node import Node
from dtti.node.core.tables import COLUMNS
from dtti.node.record import read
from dtti.node.record.read import Listed
from dtti.programme.facets import Columns, Facets, used
from tests.node.capitals import Pair

#: As the tables have had them since version 10, whatever their order.
KEPT = (
    "ref title subtitle category status stage horizon body project domain about earliest latest due amount currency "
    "began"
)


def columns(node: Node, question: str) -> list[str]:
    return [str(name) for (name,) in node.projection.engine.run(question)]


def test_the_tables_keep_every_column_of_the_struct_but_the_words_to_search_by(pair: Pair) -> None:
    held = columns(pair.ind.node, "SELECT name FROM pragma_table_info('state')")
    assert set(Facets.__struct_fields__) - {"search"} == set(KEPT.split())
    assert set(KEPT.split()) <= set(held)
    assert held == ["place", "words_at", *COLUMNS]


def test_what_lists_are_narrowed_by_is_in_the_index_of_what_stands_now(pair: Pair) -> None:
    index = columns(pair.ind.node, "SELECT name FROM pragma_index_info('state_list')")
    assert set(used(Columns, "filter")) <= set(index)
    assert set(used(Columns, "filter")) <= set(read.FILTERS) <= set(COLUMNS)
    assert set(used(Columns, "order")) <= set(read.ORDERS) <= set(COLUMNS)


def test_a_list_shows_every_column_and_first_what_record_it_is(pair: Pair) -> None:
    shown = Listed.__struct_fields__
    assert shown[: 4 + len(Columns.__struct_fields__)] == (
        "record",
        "kind",
        "side",
        "label",
        *Columns.__struct_fields__,
    )
    assert set(shown) <= set(COLUMNS)
