"""What was done on a record: who acted by this side's own record, in pages that leave nothing out, filtered by verb."""

from typing import Any

import pytest
from django.test import Client
from tests.node.capitals import Capital

from dtti.accord import table
from dtti.accord.rule_sets import RULE_SETS
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal, read
from dtti.programme.kinds import KINDS

from .signing import Page, Signing, built, sign_in, signing  # noqa: F401 - fixtures

OURS, THEIRS = "Asha Verma", "John Doe"
SEEN = Viewer("IND", national=True, person="someone")


def appoint(by: Capital, holder: str, since: str = "2020-01-01") -> None:
    """State who holds the office of a side, in its own record."""
    content = {"ref": f"{by.side.lower()}-held", "office": f"{by.side}/ex-sec", "holder": holder, "start": since}
    content |= {"capacity": "substantive", "end_state": "holding"}
    by.write("state", new_record("appointment", by.side), table.State(base=0), text.Text(content=content))


def remark(by: Capital, record: str, said: str, name: str = "") -> None:
    by.write("comment", record, None, text.Text(remarks=said, by=text.By(name) if name else None))


def noted(browser: Client, record: str) -> dict[str, str]:
    """The note of each line of a history, by the remark that it ends with."""
    address = f"/{KINDS[record.partition('/')[0]].face.address}/{record.rpartition('/')[2]}"
    rows = browser.get(f"{address}.json").json()["history"]
    drawn = Page(browser.get(f"{address}/")).text
    assert [row["note"] for row in rows if row["note"] and row["note"] not in drawn] == []
    return {row["note"].rpartition(" · ")[2]: row["note"].rpartition(" · ")[0] for row in rows if row["note"]}


def test_who_acted_is_named_by_this_sides_record_on_every_history(signing: Signing) -> None:  # noqa: F811
    appoint(signing.ind, OURS)
    appoint(signing.usa, THEIRS)
    signing.swap()
    event = {"ref": "ex-event", "name": "An event", "scope": "external", "category": "law", "date": "2020-05"}
    plain = new_record("event", "IND")
    signing.ind.write("state", plain, table.State(base=0), text.Text(content=event))
    for record in (signing.pair.record, plain):
        remark(signing.ind, record, "ours, named", OURS)
        remark(signing.ind, record, "ours, unnamed")
        signing.swap()
        remark(signing.usa, record, "theirs, as recorded", THEIRS)
        remark(signing.usa, record, "theirs, another", "Nobody Known")
        remark(signing.usa, record, "theirs, our name", OURS)
        signing.swap()
        found = noted(signing.browser, record)
        assert {said: found[said] for said in found if said.startswith(("ours", "theirs"))} == {
            "ours, named": OURS,
            "ours, unnamed": OURS,
            "theirs, as recorded": THEIRS,
            "theirs, another": f"{THEIRS}; as they say: Nobody Known",
            "theirs, our name": f"{THEIRS}; as they say: {OURS} (a name of this side; it did not act for them here)",
        }


@pytest.mark.long
@pytest.mark.parametrize("kind", ["project", "event"])
def test_a_long_history_comes_in_pages_that_leave_nothing_out(signing: Signing, kind: str) -> None:  # noqa: F811
    record = signing.pair.record
    if kind == "event":
        record = signing.ind.national("ex-long").record
    draft = [(signing.ind, number) for number in range(2 * read.PAGE + 5)]
    for by, number in draft:
        by.comment(record, f"remark {number}", ledger="national")
    signing.node.settle()
    auditor = sign_in(signing.node, signing.ind.office, "auditor", "Audit (exercise)")
    address = f"/{KINDS[kind].face.address}/{record.rpartition('/')[2]}"
    every = [one.id for one in reversed(journal.history(signing.node, SEEN, record))]
    asked: str | None = ""
    found: list[str] = []
    while asked is not None:
        made: dict[str, Any] = auditor.get(f"{address}.json{asked.partition('#')[0]}").json()
        where = made["history_pages"]
        assert where["total"] == len(every)
        assert (where["first"], where["last"]) == (len(found) + 1, len(found) + len(made["history"]))
        drawn = auditor.get(f"{address}/{asked}").content.decode()
        assert all(f"/record/acts/{row['act']}/" in drawn for row in made["history"])
        assert drawn.count('"><p class="on">') == len(made["history"]) <= read.PAGE
        found += [row["act"] for row in made["history"]]
        asked = where.get("next")
    assert found == every
    known = auditor.get(f"{address}.json?known=2099-01-01").json()["history_pages"]["total"]
    assert known == len(every)
    assert auditor.get(f"{address}.json?known=2000-01-01").status_code == 200


def test_the_explorer_filters_by_the_verbs_of_every_rule_set_known_here(signing: Signing) -> None:  # noqa: F811
    auditor = sign_in(signing.node, signing.ind.office, "auditor", "Audit (exercise)")
    drawn = auditor.get("/record/entries/").content.decode()
    for verb in {name for rules in RULE_SETS.values() for name in rules.table}:
        found = auditor.get(f"/record/entries.json?upkeep=yes&verb={verb}")
        assert found.status_code == 200
        assert {one["verb"] for one in found.json()["entries"]} <= {verb}
        assert f'value="{verb}"' in drawn
        assert f'value="{verb}">{verb}<' not in drawn  # in words
    assert auditor.get("/record/entries.json?verb=no-such-verb").status_code == 422
