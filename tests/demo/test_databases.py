"""Every page says the same on SQLite and on PostgreSQL: a demonstration, restored into each, asked through its door."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from dtti.demo.exercise import Exercise
from dtti.demo.pair import Pair
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.keeping import backup, restore
from dtti.node.people.models import Person
from dtti.node.record import read
from dtti.programme.kinds import KINDS
from dtti.web import middleware

from .test_clock import addresses

pytestmark = [pytest.mark.long, pytest.mark.xdist_group("demo"), pytest.mark.django_db]

#: Ways in which lists and searches are asked that no address alone asks.
ASKED = (
    "/search.json?q=net",
    "/search.json?q=50%25",
    "/search.json?q=%D8%27%22_%25",
    "/actions.json?state=met&q=survey",
    "/actions.json?overdue=yes",
    "/waiting.json?whose=side",
    "/waiting.json?whose=them",
    "/projects.json?q=100%25&order=-title",
    "/index.json?on=2026-01-01",
)


@pytest.fixture
def both(staged: tuple[Pair, Exercise], tmp_path: Path, postgres_url: str) -> Iterator[list[Node]]:
    """India's office system of the demonstration on either database, from one backup."""
    pair = staged[0]
    backup.backup(pair.nodes["IND"], tmp_path / "ind.tar.gz", with_passphrase=True)
    for name, url in (("sqlite", ""), ("postgres", postgres_url)):
        restore.restore(tmp_path / "ind.tar.gz", tmp_path / name, database=url, schema="every_page")
    nodes = [middleware.open_node(tmp_path / name) for name in ("sqlite", "postgres")]
    yield nodes
    for node in nodes:
        node.close()
    middleware.open_node.cache_clear()


def test_every_page_says_the_same_on_both(both: list[Node], reader: Person, settings: Any) -> None:
    browser = Client()
    browser.force_login(reader)
    settings.NODE_FOLDER, settings.NODE_CONFIG = both[0].folder.path, both[0].config
    one_of_each = {row.kind: row for row in read.listing(both[0], Viewer("IND", national=True), count=5000).rows}
    wanted = [
        *(each for each in addresses() if each != "/status.json"),  # names the database
        *ASKED,
        *(f"/{KINDS[kind].face.address}/{row.code}.json" for kind, row in one_of_each.items() if kind in KINDS),
    ]
    assert len(wanted) > 60
    differing = []
    for address in wanted:
        said = []
        for node in both:
            django_settings.NODE_FOLDER, django_settings.NODE_CONFIG = node.folder.path, node.config
            answer = browser.get(address)
            assert answer.status_code in (200, 404, 422), (node.folder.path.name, address, answer.status_code)
            said.append((answer.status_code, json.loads(answer.content)))
        if said[0] != said[1]:
            differing.append(address)
    assert differing == []
