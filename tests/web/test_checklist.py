"""The checklist of a project and the procedure: at the page, in JSON and by the command, in both languages."""

import html
import json
import re
import subprocess

import pytest
from django.test import Client
from tests.cli.served import command
from tests.node import capitals

from dtti.language.catalogue import translate
from dtti.node.core.node import Node
from dtti.programme.sop.versions import versions

from .reading import fetched, india, node, page, public  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("reading")]
ROWS = versions()["sop-1"].rows


def words(text: str) -> str:
    """What a page says, without its mark-up and without spaces, which marks of another language put between words."""
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", text)))


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/hi", "hi")])
def test_the_procedure_is_shown_whole_in_both_languages(public: Client, prefix: str, language: str) -> None:  # noqa: F811
    said = words(page(public, f"{prefix}/procedure/"))
    for row in ROWS.values():
        for each in (row.words, row.by, row.basis):
            assert words(translate(each, language)) in said
    assert [each["about"]["version"] for each in fetched(public, "/procedure.json")["versions"]] == ["sop-1"]


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/hi", "hi")])
def test_the_checklist_of_a_real_project_says_what_is_known_and_calls_the_rest_not_known(
    public: Client,  # noqa: F811
    prefix: str,
    language: str,
) -> None:
    held = fetched(public, "/projects/aluav/checklist.json")
    said = words(page(public, f"{prefix}/projects/aluav/checklist/"))
    assert {row["id"]: row["state"] for row in held["rows"]}["agreement-signature"] == "met"
    assert {row["state"] for row in held["rows"]} == {"met", "unknown"}
    assert held["named"] is False
    for row in held["rows"]:
        assert words(translate(row["words"], language)) in said
    # Asked of one side it stands in one cell, asked once in the cell of each.
    unknown = sum(
        1 if each["side"] else 2 for row in held["rows"] for each in row["sides"] if each["state"] == "unknown"
    )
    assert said.count(words(f"{translate('not known', language)}:")) == unknown


def test_the_command_says_what_the_page_says(public: Client, node: Node) -> None:  # noqa: F811
    held = fetched(public, "/projects/aluav/checklist.json")
    asked = command("gates", "aluav", "--node", node.folder.path, "--json")
    told = json.loads(subprocess.run(asked, env=capitals.environment(), capture_output=True, check=True).stdout)
    assert told == held
    one = command("gates", "aluav", "--for", "Signed", "--on", "2020-01-01", "--node", node.folder.path, "--json")
    told = json.loads(subprocess.run(one, env=capitals.environment(), capture_output=True, check=True).stdout)
    assert {row["stage"] for row in told["rows"]} == {"signed"}
    assert {row["state"] for row in told["rows"]} == {"unknown"}  # signed on 30 July 2021


@pytest.mark.parametrize("address", ["/projects/no-such/checklist/", "/projects/no-such/checklist.json"])
def test_a_checklist_of_nothing_is_not_here(public: Client, address: str) -> None:  # noqa: F811
    assert public.get(address).status_code == 404
