"""Nodes with many acts, written through the nodes' own doors: what the benches measure on. Measures nothing itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from dtti.accord import table
from dtti.node.core import text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.line import exchange, founding, published
from dtti.office import intake  # noqa: F401 - gives the node its reader of files
from dtti.programme.kinds import KINDS
from dtti.programme.published import record_id

PHRASE = b"a passphrase for measuring"
BATCH = 500  # acts written in one durable step
_VERBS = ["accept", "comment", "draft", "notice", "propose", "request_pen", "send_back", "state"]
_DOMAINS = ("sensors", "propulsion", "unmanned", "protection", "maritime")


def alone(folder: Path, **settings: Any) -> Node:
    """A node of India's with no counterpart, in the new `folder`."""
    made = config.Config(side="IND", environment="exercise", **settings)
    return founding.found(folder, made, PHRASE, keep_passphrase=True)


def pair(folder: Path) -> tuple[Node, Node]:
    """India's node and that of the United States, joined, each with the other's ledger."""
    india, usa = (
        founding.found(
            folder / side.lower(), config.Config(side=side, environment="exercise"), PHRASE, keep_passphrase=True
        )
        for side in ("IND", "USA")
    )
    founding.join(usa, founding.introduce(india))
    founding.join(india, founding.introduce(usa))
    for giver, taker in ((india, usa), (usa, india)):
        exchange.take_pack(taker, exchange.make_pack(giver, sealed=False))
    return india, usa


def office(node: Node) -> str:
    """A new office that may do anything with anything; its id."""
    made = new_record("office", node.side)
    number = 1 + max(node.standing.grants, default=0)
    grant = table.Grant(number, ["all"], made, "2020-01-01T00:00:00Z", _VERBS)
    node.write(Draft("power", terms=table.Power(grants=[grant])))
    content = {"ref": f"{node.side}/bench-{number}", "side": node.side, "title": "Directorate of Measurement"}
    node.write(Draft("state", made, table.State(base=0), made, (_text("office", content),)))
    return made


def project(number: int) -> dict[str, Any]:
    """The content of an invented project, such as a list shows."""
    return {
        "ref": f"bench-{number:06}",
        "name": f"Joint project {number:06} on {_DOMAINS[number % 5]}",
        "in_dtti": True,
        "domain": _DOMAINS[number % 5],
        "kind": ("co-development", "co-production", "science-and-technology")[number % 3],
        "purpose": "To measure how long a page of fifty projects takes, with a purpose of ordinary length.",
        "first_named": f"{2012 + number % 13}-{1 + number % 12:02}",
        "statements": [{"date": f"{2014 + number % 13}-06", "status": ("named", "listed", "suspended")[number % 3]}],
    }


def publish(node: Node, count: int, *, first: int = 0) -> None:
    """State `count` projects as published, confirmed by neither side; the first of them has the number `first`."""
    cite = {"confidence": "unverified"}
    for low in range(first, first + count, BATCH):
        items = []
        for number in range(low, min(low + BATCH, first + count)):
            content = project(number) | {"cite": cite}
            content["statements"] = [{**row, "cite": cite} for row in content["statements"]]
            items.append(("project", record_id("project", content["ref"]), content))
        published.put(node, items)


#: The meeting that `meeting` makes.
MEETING = "bench-group-01"


def meeting(node: Node, papers: list[bytes]) -> None:
    """A meeting of a body, and for each PDF a paper of its agenda that came with it."""
    body = {"ref": "bench-group", "name": "Group of Measurement", "type": "group", "cite": {"confidence": "unverified"}}
    published.put(node, [("body", record_id("body", "bench-group"), body)])
    by = office(node)
    for number, pdf in enumerate(papers):
        content = {"ref": f"paper-{number}", "title": f"Paper {number}", "side": node.side, "type": "offer"}
        files = [text.File(f"Paper {number}.pdf", "application/pdf")]
        held = text.Text(content={**content, "capability": "What it does."}, files=files)
        node.write(Draft("state", new_record("need", node.side), table.State(base=0), by, (held,), (pdf,)))
    items = [
        {
            "number": str(number + 1),
            "title": f"Item {number}",
            "purpose": "decision",
            "papers": [f"need:paper-{number}"],
        }
        for number in range(len(papers))
    ]
    content = {"ref": MEETING, "body": "bench-group", "date": "2027-03-01", "mode": "in-person", "status": "planned"}
    held = text.Text(content={**content, "agenda": items})
    node.write(Draft("state", new_record("meeting", node.side), table.State(basis="own"), by, (held,)))


def _text(kind: str, content: dict[str, Any]) -> text.Text:
    return text.Text(content=KINDS[kind].tidy(content))


def project_text(number: int) -> text.Text:
    """The text of an invented project."""
    return _text("project", project(number))


def proposal(office: str, number: int, side: str = "IND") -> Draft:
    """A first report of a project from this side's own knowledge."""
    return Draft(
        "state", new_record("project", side), table.State(basis="own"), office, (_text("project", project(number)),)
    )


def remark(office: str, record: str, number: int) -> Draft:
    """A comment on a record."""
    return Draft("comment", record, table.Plain(), office, (text.Text(remarks=f"Remark {number} on this project."),))


def acts(office: str, count: int, *, side: str = "IND", remarks: int = 9, first: int = 0) -> Iterator[list[Draft]]:
    """`count` acts in batches: projects, each with `remarks` comments on it."""
    batch: list[Draft] = []
    record = ""
    for number in range(count):
        if number % (remarks + 1):
            batch.append(remark(office, record, number))
        else:
            batch.append(proposal(office, first + number, side))
            record = batch[-1].record
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def write(node: Node, office: str, count: int, *, remarks: int = 9, first: int = 0) -> None:
    """Write `count` acts (see `acts`)."""
    for batch in acts(office, count, side=node.side, remarks=remarks, first=first):
        node.write_all(batch)
