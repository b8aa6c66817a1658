"""What is kept to a restricted group: in no list, count, search, history, entry or text of anyone outside it."""

import json
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from dtti.accord import table, table_2
from dtti.accord.refusal import Refused
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.checking import entry, explore
from dtti.node.core import groups, release, text
from dtti.node.core.draft import Draft, Receipt, new_record
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder.codes import new_code
from dtti.node.line import spill
from dtti.node.record import desks, journal, lookups, read, rebuild, reporting
from tests.node.capitals import VERBS, Capital, Pair, carry

SINCE = "2020-01-01T00:00:00Z"
CANARY = "Quetzalcoatlus"


@pytest.fixture
def inside(pair: Pair) -> tuple[Capital, str, str]:
    """India with a second office and a group of the first alone: the capital, the other office, the group."""
    india = pair.ind
    other = new_record("office", "IND")
    india.node.write(
        Draft(
            "power",
            terms=table_2.Power(
                grants=[
                    table_2.Grant(2, ["all"], other, SINCE, [*VERBS, "restrict"]),
                    table_2.Grant(3, ["all"], india.office, SINCE, ["restrict"]),
                ]
            ),
        )
    )
    code = new_code()
    made = groups.draft(india.office, code, [table_2.Member(india.office, SINCE)], title=f"{CANARY} cell", reason="Why")
    india.node.write(made)
    return india, other, code


def viewer(india: Capital, office: str, **fields: Any) -> Viewer:
    return Viewer("IND", **{"national": True, "office": office, "groups": groups.of(india.node, office)} | fields)


def event(ref: str, name: str) -> text.Text:
    content = {"ref": ref, "name": name, "scope": "external", "category": "law", "date": "2020-05"}
    return text.Text(content=content, remarks=f"{name} remark")


def keep(india: Capital, code: str, record: str = "", ref: str = "ex-kept", base: int = 0) -> tuple[str, Receipt]:
    record = record or new_record("event", "IND")
    terms = table_2.State(base=base, group=code)
    draft = Draft("state", record, terms, india.office, (event(ref, f"{CANARY} {base}"),), ledger=NATIONAL)
    return record, india.node.write(draft)


def doors(india: Capital, record: str, act: str) -> dict[str, Callable[[Viewer], object]]:
    """Every way of reading that a page, feed, search or report goes."""
    node = india.node
    ledgers = ["released", "national"]
    return {
        "listing": lambda who: read.listing(node, who, "event"),
        "everything": lambda who: read.listing(node, who),
        "search": lambda who: read.listing(node, who, words=CANARY),
        "search of the past": lambda who: read.listing(node, who, words=CANARY, known="2099-01-01T00:00:00Z"),
        "facets": lambda who: lookups.facet_values(node, who, "event", ["category"]),
        "find": lambda who: [read.find(node, who, name) for name in (record, record.split("/")[2], "ex-kept")],
        "state": lambda who: read.state(node, who, record),
        "history": lambda who: journal.history(node, who, record),
        "recent": lambda who: journal.recent(node, who, 500),
        "act": lambda who: journal.act(node, who, act),
        "body": lambda who: journal.body_of(node, who, act),
        "raw": lambda who: journal.raw_body(node, who, act, 0),
        "records of reports": lambda who: [one.record for one in reporting.records(node, who).of("event")],
        "changed": lambda who: desks.changed(node, who, "", 500),
        "came": lambda who: desks.came(node, who, {}),
        "since": lambda who: desks.since(node, who, "2000-01-01T00:00:00Z", read.At()),
        "rows of a desk": lambda who: desks.rows_of(node, who, [record]),
        "counts": lambda who: lookups.counts(node, who),
        "years": lambda who: lookups.years(node, who, "event"),
        "named": lambda who: lookups.named(node, who, ["event:ex-kept"]),
        "contents": lambda who: lookups.contents(node, who, [record]),
        "entries": lambda who: explore.entries(node, who, ledgers, count=500),
        "called": lambda who: explore.called(node, who, [record]),
        "placed": lambda who: explore.placed(node, who, [act]),
        "changes": lambda who: explore.changes(node, who, "", count=500),
        "entry": lambda who: entry.find(node, who, act),
        "parts": lambda who: entry.parts(node, who, act),
        "file": lambda who: (entry.file_of(node, who, act, 0) or ("", b""))[1],
        "groups": lambda who: groups.known(node, who),
    }


def seen(answer: object) -> str:
    plain = answer.decode() if isinstance(answer, bytes) else answer
    return json.dumps(msgspec.to_builtins(plain, enc_hook=repr), default=repr, sort_keys=True)


def test_nobody_outside_the_group_is_answered_differently_for_what_is_kept_to_it(inside: tuple[Capital, str, str]):
    india, other, code = inside
    india.node.settle()
    outsiders = [viewer(india, other), viewer(india, ""), Viewer("IND"), Viewer("IND", public=True)]
    named = new_record("event", "IND")
    before = [{name: seen(ask(who)) for name, ask in doors(india, named, "0" * 64).items()} for who in outsiders]
    record, receipt = keep(india, code, named)
    keep(india, code, record, base=1)
    remark = Draft("comment", record, table_2.Remark(code), india.office, (text.Text(remarks=CANARY),), ledger=NATIONAL)
    india.node.write(remark)
    for who, was in zip(outsiders, before, strict=True):
        for name, ask in doors(india, record, receipt.act).items():
            assert seen(ask(who)) == was[name], name
            assert CANARY not in seen(ask(who)), name
    member = viewer(india, india.office)
    silent = {"facets", "counts", "years", "find", "records of reports", "placed", "act", "history", "recent",
              "came", "since"}  # fmt: skip
    for name, ask in doors(india, record, receipt.act).items():
        answer = seen(ask(member))
        assert CANARY in answer or (
            name in silent | {"pages of the ledger", "entries"} and answer != before[0][name]
        ), name


def test_a_group_is_closed_by_an_erased_text_and_by_a_restart(inside: tuple[Capital, str, str]):
    india, other, code = inside
    record, receipt = keep(india, code)
    spill.erase(india.node, receipt.act)
    for act in [one.id for one in india.node.store.of_verb("restrict", NATIONAL)]:
        spill.erase(india.node, act)
    india = india.again()
    rebuild.rebuild(india.node)
    assert read.state(india.node, viewer(india, other), record) is None
    found = read.state(india.node, viewer(india, india.office), record)
    assert found is not None
    assert found[0].text_state == "erased"
    (group,) = groups.known(india.node, viewer(india, india.office))
    assert (group.code, group.title) == (code, "")


def test_who_is_taken_in_reads_it_and_who_has_left_does_not(inside: tuple[Capital, str, str]):
    india, other, code = inside
    record, _ = keep(india, code)
    both = [table_2.Member(india.office, SINCE), table_2.Member(other, SINCE)]
    with pytest.raises(Refused, match="rule group"):
        india.node.write(groups.draft(other, code, both, title="Taken", reason="By oneself"))
    india.node.write(groups.draft(india.office, code, both, title="Wider", reason="They join"))
    assert read.state(india.node, viewer(india, other), record) is not None
    (group,) = groups.known(india.node, viewer(india, other))
    assert (group.title, group.reason) == ("Wider", "They join")
    ended = [both[0], table_2.Member(other, SINCE, "2021-01-01T00:00:00Z")]
    india.node.write(groups.draft(india.office, code, ended, title="Wider", reason="They leave"))
    assert read.state(india.node, viewer(india, other), record) is None


def test_who_is_taken_out_by_another_process_is_out_in_this_one(inside: tuple[Capital, str, str]):
    india, other, code = inside
    both = [table_2.Member(india.office, SINCE), table_2.Member(other, SINCE)]
    india.node.write(groups.draft(india.office, code, both, title="Both", reason="They join"))
    serving = Node(india.folder)  # as a worker that serves pages beside others
    assert groups.of(serving, other) == (code,)
    india.node.write(groups.draft(india.office, code, both[:1], title="One", reason="They leave"))
    assert groups.of(serving, other) == ()
    serving.close()


def test_what_is_written_on_such_a_record_stays_within_the_group(inside: tuple[Capital, str, str]):
    india, other, code = inside
    record, _ = keep(india, code)
    for office, terms in ((india.office, table.State(base=0)), (other, table_2.State(base=1, group=code))):
        with pytest.raises(Refused, match="rule group"):
            india.node.write(Draft("state", record, terms, office, (event("ex-kept", "Open"),), ledger=NATIONAL))


def test_a_text_outside_the_group_cannot_find_out_by_a_link_what_is_in_it(inside: tuple[Capital, str, str]):
    india, _, code = inside
    keep(india, code)
    for ledger in (RELEASED, NATIONAL):
        assert not india.node.exists("event", "ex-kept", ledger)
    assert india.node.exists("event", "ex-kept", NATIONAL, code)


def test_release_tells_the_other_side_the_text_and_nothing_of_the_group(inside: tuple[Capital, str, str], pair: Pair):
    india, other, code = inside
    record, _ = keep(india, code)
    with pytest.raises(Refused, match="there is no national text to release"):  # as of any record not there for him
        release.release(india.node, record, other)
    stated, _ = release.release(india.node, record, india.office)
    carry(pair.ind, pair.usa)
    assert read.state(pair.usa.node, Viewer("USA", national=True), stated.record) is not None
    said = b"".join(pair.usa.node.store.leaves("mirror", 0, pair.usa.node.store.size("mirror")))
    assert code.encode() not in said


def test_a_remark_kept_to_a_group_on_a_released_record_leaves_the_record_open(inside: tuple[Capital, str, str]):
    india, other, code = inside
    record = new_record("event", "IND")
    india.node.write(Draft("state", record, table.State(base=0), india.office, (event("ex-open", "Open"),)))
    remark = Draft("comment", record, table_2.Remark(code), india.office, (text.Text(remarks=CANARY),), ledger=NATIONAL)
    kept = india.node.write(remark)
    outside, member = viewer(india, other), viewer(india, india.office)
    assert read.state(india.node, outside, record) is not None
    assert kept.act not in {one.id for one in journal.history(india.node, outside, record)}
    assert kept.act in {one.id for one in journal.history(india.node, member, record)}
    india.node.write(
        Draft("comment", record, table.Plain(), other, (text.Text(remarks="Open remark"),), ledger=NATIONAL)
    )
