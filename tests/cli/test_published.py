"""`dtti published`: a node founded with an earlier public record takes in what is new and what was corrected."""

import tomllib
from typing import Any

from dtti.accord import table
from dtti.node.core import text
from dtti.node.line import published
from dtti.node.record import read
from dtti.programme.published import digest, record_id, superseded
from tests.node.capitals import Pair

from .conftest import Run

#: Two items as the record held them before November 2026.
BEFORE: dict[str, dict[str, Any]] = tomllib.loads("""
["event:dpp-2016"]
ref = "dpp-2016"
name = "Defence Procurement Procedure 2016"
scope = "external"
category = "procurement-rule"
date = "2016"
cite = { sources = ["S98", "S99"], confidence = "sourced" }

["meeting:2plus2-04"]
ref = "2plus2-04"
body = "2plus2"
date = "2022-04"
mode = "unknown"
status = "held"
cite = { sources = ["S10"], confidence = "single-source" }
""")


def stated(pair: Pair, link: str) -> dict[str, Any]:
    kind, _, ref = link.partition(":")
    found = read.state(pair.ind.node, read.Viewer("IND", national=True), record_id(kind, ref))
    assert found is not None
    content: dict[str, Any] = found[1]
    return content


def test_an_earlier_public_record_is_brought_up_to_today_and_what_this_side_says_itself_stays(
    pair: Pair, run: Run
) -> None:
    assert digest(BEFORE["event:dpp-2016"]) in superseded()["event:dpp-2016"]
    assert digest(BEFORE["meeting:2plus2-04"]) not in superseded()["meeting:2plus2-04"]
    earlier = [
        item
        for item in published.items()
        if item[0] in ("source", "side", "office", "body", "instrument", "meeting", "project")
        and item[2]["ref"] != "2plus2-04"
    ]
    published.put(
        pair.ind.node,
        [
            *earlier,
            *((kind, record_id(kind, c["ref"]), c) for link, c in BEFORE.items() for kind in [link.split(":")[0]]),
        ],
    )
    said = run("published", "--node", pair.ind.folder, "--json")
    assert said.code == 0, said.err
    found = said.json
    assert "event:dpp-2016" in found["corrected"]
    assert found["kept"] == ["meeting:2plus2-04"]
    assert len(found["stated"]) == len(published.items()) - len(earlier) - 2
    assert str(stated(pair, "event:dpp-2016")["date"]) == "2016-03-28"
    assert str(stated(pair, "meeting:2plus2-04")["date"]) == "2022-04"
    assert pair.ind.node.book.view(record_id("event", "dpp-2016")).texts[0].basis == "published"

    again = run("published", "--node", pair.ind.folder)
    assert again.code == 0
    assert "0 items stated, 0 stated again as corrected" in again.out
    assert "kept as this side states it: meeting:2plus2-04" in again.out
    assert run("verify", pair.ind.folder).code == 0

    # What this side states after that, on the same basis, is its own word and is kept from then on.
    record = record_id("event", "dpp-2016")
    pair.ind.write(
        "state", record, table.State(basis="published"), text.Text(content=BEFORE["event:dpp-2016"] | {"name": "DPP"})
    )
    assert "event:dpp-2016" in run("published", "--node", pair.ind.folder, "--json").json["kept"]
