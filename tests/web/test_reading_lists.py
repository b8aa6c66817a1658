"""Lists of the reading pages: filters and pages in the address, refusals, and the same queries whatever the rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from tests.node.capitals import Capital

from dtti.accord import table_2
from dtti.ledger import act as acts
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder import config as settings_of_node
from dtti.node.line import founding, published, spill
from dtti.node.record import lookups
from dtti.programme import walk
from dtti.programme.published import load, record_id
from dtti.web import middleware

from .reading import SignIn, fetched, india, node, page, public, sign_in, state  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]


def test_a_long_list_comes_in_pages_of_fifty_that_keep_the_filters(public: Client) -> None:  # noqa: F811
    first = fetched(public, "/sources.json?category=press")
    second = fetched(public, "/sources.json?category=press&page=2")
    assert len(first["rows"]) == 50
    assert second["first"] == 51
    assert first["total"] == second["total"]
    assert not {row["ref"] for row in first["rows"]} & {row["ref"] for row in second["rows"]}
    assert 'href="?category=press&amp;page=2"' in page(public, "/sources/?category=press")


def test_filters_words_and_years_narrow_a_list(public: Client) -> None:  # noqa: F811
    assert {row["ref"] for row in fetched(public, "/meetings.json?body=dicf")["rows"]} == {"dicf-01", "dicf-02"}
    assert {row["ref"] for row in fetched(public, "/meetings.json?body=dtti-group&year=2019")["rows"]} == {
        "dtti-group-08",
        "dtti-group-09",
    }
    assert [row["ref"] for row in fetched(public, "/events.json?q=s-400")["rows"]] == ["s400-contract"]


def test_on_an_earlier_day_what_had_not_come_is_not_listed(public: Client) -> None:  # noqa: F811
    refs = [
        row["ref"] for row in fetched(public, "/instruments.json?on=2019-12-31&category=statement-of-intent")["rows"]
    ]
    assert refs == ["soi-1"]


def test_a_heading_orders_the_list_and_turns_it_round(public: Client) -> None:  # noqa: F811
    rows = fetched(public, "/contracts.json?order=-amount")["rows"]
    amounts = [row["amount"] for row in rows if row["amount"] is not None]
    assert amounts == sorted(amounts, reverse=True)
    assert len(amounts) > 10
    assert 'aria-sort="descending"' in page(public, "/contracts/?order=-amount")


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("/sources.json?page=0", "number"),
        ("/sources.json?page=" + "9" * 60, "number"),
        ("/meetings.json?year=soon", "year"),
        ("/meetings.json?on=2019-02-30", "day"),
        ("/events.json?order=content", "order"),
        ("/statements.json?from=nothing", "statement"),
        ("/scorecard.json?body=nobody", "report-body"),
    ],
)
def test_what_cannot_be_answered_is_refused_with_its_rule_and_a_remedy(
    public: Client,  # noqa: F811
    address: str,
    rule: str,
) -> None:
    answer = public.get(address)
    assert answer.status_code == 422
    (refusal,) = answer.json()["refusals"]
    assert refusal["rule"] == rule
    assert refusal["remedy"]
    assert public.get(address.replace(".json", "/")).status_code == 422


def test_absent_and_invisible_are_answered_by_the_same_bytes(
    public: Client,  # noqa: F811
    india: Capital,  # noqa: F811
    node: Node,  # noqa: F811
) -> None:
    hidden = node.projection.engine.run("SELECT record FROM state WHERE title = 'KEPTBACK need'")[0][0].rsplit("/", 1)[
        1
    ]
    for name in (hidden, "kept-back"):
        absent = "z" * len(name)
        assert public.get(f"/needs/{name}.json").status_code == 404
        assert public.get(f"/needs/{name}.json").content == public.get(f"/needs/{absent}.json").content
        shown = [public.get(f"/needs/{one}/").content.decode().replace(one, "name") for one in (name, absent)]
        assert shown[0] == shown[1]


def test_names_pointers_and_counts_stop_where_the_viewer_may_not_see(node: Node) -> None:  # noqa: F811
    viewers = {
        "national": Viewer("IND", national=True),
        "released": Viewer("IND"),
        "public": Viewer("IND", public=True),
    }
    asked = ["need:drone-net", "need:kept-back", "body:dtti-group", "need:never-stated"]
    seen = {name: sorted(lookups.named(node, viewer, asked)) for name, viewer in viewers.items()}
    assert seen == {
        "national": ["body:dtti-group", "need:drone-net", "need:kept-back"],
        "released": ["body:dtti-group", "need:drone-net"],
        "public": ["body:dtti-group"],
    }
    assert {name: lookups.counts(node, viewer).get("need", 0) for name, viewer in viewers.items()} == {
        "national": 3,
        "released": 2,
        "public": 0,
    }
    pointing = {name: lookups.pointing(node, viewer, "need", "drone-net") for name, viewer in viewers.items()}
    assert {name: [row.ref for row, _content in rows] for name, rows in pointing.items()} == {
        "national": ["net-offer"],
        "released": ["net-offer"],
        "public": [],
    }


def test_a_reference_that_merely_looks_alike_is_not_taken_for_a_link(node: Node) -> None:  # noqa: F811
    refs = {row.ref for row, _content in lookups.pointing(node, Viewer("IND", public=True), "source", "S6")}
    assert refs == {item.ref for item in load() if "source:S6" in walk.links(item.content)} - {"S6"}


def test_a_name_in_the_wrong_section_is_not_here(public: Client) -> None:  # noqa: F811
    for address in ("/meetings/dtti-group/", "/nothing/dtti-group/", "/bodies/%25/", f"/bodies/{'x' * 200}/"):
        assert public.get(address).status_code == 404


def test_an_erased_text_says_so_by_whom_and_why(india: Capital, sign_in: SignIn) -> None:  # noqa: F811
    content = {"ref": "spilt", "name": "SPILT event", "scope": "external", "category": "law", "date": "2020"}
    record, made = state(india, "event", content)
    placed = india.node.store.find(made.act)
    assert placed is not None
    digest = acts.open_leaf(placed.leaf).act.body[0].digest
    india.node.write(Draft("tombstone", terms=table_2.Tombstone(digest, "spill", 0), rests=(made.act,)))
    spill.obey(india.node)
    said = page(sign_in("secretariat"), f"/events/{record.rsplit('/', 1)[1]}/")
    assert "SPILT" not in said
    assert "erased" in said
    assert "marked above what may stand here" in said


# --- the same queries whatever the rows ------------------------------------------------------------------------------


@contextmanager
def counting(node: Node) -> Iterator[list[str]]:  # noqa: F811
    """Every statement that the projection's connection runs meanwhile."""
    engine, asked = node.projection.engine, []
    run = engine.run

    def counted(statement: str, *values: Any) -> Any:
        asked.append(statement)
        return run(statement, *values)

    engine.run = counted  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        del engine.run


CITE = {"confidence": "unverified"}
MADE = {
    "events": (
        "event",
        lambda n: {
            "name": f"Event {n}",
            "scope": "dtti",
            "category": "law",
            "date": f"{1990 + n % 30}-05",
            "cite": CITE,
        },
    ),
    "sources": ("source", lambda n: {"title": f"Source {n}", "type": "press", "published": "2020", "cite": CITE}),
    "instruments": (
        "instrument",
        lambda n: {
            "name": f"Paper {n}",
            "type": "annex",
            "binding": "binding",
            "implementation": "in-use",
            "signed": f"{1990 + n % 30}",
            "cite": CITE,
        },
    ),
    "meetings": (
        "meeting",
        lambda n: {"body": "a-body", "number": n, "date": "2020", "mode": "virtual", "status": "held", "cite": CITE},
    ),
    "contracts": ("trade_contract", lambda n: {"item": f"Item {n}", "signed": "2020", "route": "FMS", "cite": CITE}),
}


@pytest.mark.long
def test_a_list_asks_the_same_queries_for_ten_rows_and_for_three_hundred(
    tmp_path_factory: pytest.TempPathFactory, settings: Any, db: None
) -> None:
    made = settings_of_node.Config(side="IND", environment="exercise")
    folder = tmp_path_factory.mktemp("many") / "ind"
    full = founding.found(folder, made, b"passphrase of a test")
    settings.NODE_FOLDER, settings.NODE_CONFIG = folder, made

    def fill(first: int, last: int) -> None:
        items = [
            (kind, record_id(kind, f"x-{n}"), {"ref": f"x-{n}", **content(n)})
            for kind, content in MADE.values()
            for n in range(first, last)
        ]
        body = {"ref": "a-body", "name": "A body", "type": "task-force", "cite": CITE}
        published.put(full, [*items, ("body", record_id("body", "a-body"), body)])

    asked: dict[int, dict[str, int]] = {}
    browser = Client()
    for rows, first in ((10, 0), (300, 10)):
        fill(first, rows)
        served = middleware.open_node(folder)
        served.settle()
        asked[rows] = {}
        for section in MADE:
            assert fetched(browser, f"/{section}.json")["total"] == rows
            with counting(served) as statements:
                page(browser, f"/{section}/")
            asked[rows][section] = len(statements)
    assert asked[10] == asked[300]
    assert max(asked[300].values()) <= 10
    full.close()
