"""The record explorer on a staged pair: both records, one entry, its texts and files, checks, proofs, status, feed."""

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.readers.bad_proofs import by_hand

from dtti.accord import proof as proofs
from dtti.accord import table, table_2
from dtti.accord.authority import EMPTY_ROOT
from dtti.demo.cast import TITLES
from dtti.demo.exercise import Exercise
from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger import keylist
from dtti.ledger.act import Act, Seen
from dtti.ledger.body import Owner
from dtti.ledger.store import MIRROR, RELEASED, Row
from dtti.node.checking import entry, explore, integrity, prove
from dtti.node.core import text
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.core.state_row import keeps
from dtti.node.core.visibility import Viewer
from dtti.node.line import exchange, spill
from dtti.node.people.models import Reading
from dtti.web.views import checking

from .capitals import Serve, exercise, serve_side, sign_in  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("explorer")]

AUDITOR = Viewer("IND", national=True, person="auditor")
DESK = Viewer("IND", person="desk")
VOID_REASON = "holds no power in force"
LETTER = b"%PDF-1.7 a scan of a letter"


@pytest.fixture(scope="module")
def staged(exercise: Exercise) -> dict[str, str]:  # noqa: F811
    """Beside the staged acts: a letter with a scan, a text erased by order, a void act. Ids by name."""
    india, usa = exercise.pair.nodes["IND"], exercise.pair.nodes["USA"]
    found: dict[str, str] = {}
    listed = text.Text(
        remarks="See the letter.",
        file_number="EX/7/2026",
        files=[text.File("letter ../of: May.pdf", "application/pdf")],
    )
    made = exercise.ind_sec.act("comment", exercise.records["net"], table.Plain(), listed, files=(LETTER,))
    found["letter"] = made.act
    spilt = exercise.ind_sec.act(
        "comment", exercise.records["net"], table.Plain(), text.Text(remarks="A sentence that should not be here.")
    )
    found["spilt"] = spilt.act
    placed = india.store.find(spilt.act)
    assert placed is not None
    digest = acts.open_leaf(placed.leaf).act.body[0].digest
    order = india.write(Draft("tombstone", terms=table_2.Tombstone(digest, "spill", 0), rests=(spilt.act,)))
    spill.obey(india)
    found["tombstone"] = order.act
    found["void"] = _without_power(usa, exercise.records["net"])
    usa.book.reload()
    exercise.pair.swap()
    return found


def _without_power(node: Node, record: str) -> str:
    """An act of an office that holds no power, written past the write path: what a hostile node would send."""
    authority = node.book.authority(RELEASED)
    seen = node.store.size(MIRROR)
    body = bodies.wrap(text.write(text.Text(remarks="No office behind this.")))
    payload = acts.payload_of(
        Act(
            body=[bodies.commit(body)],
            environment="exercise",
            format=acts.FORMAT,
            index=authority.size,
            ledger=RELEASED,
            office="office/USA/aaaaaaaaaaaaaaaa",
            previous=authority.previous,
            programme="dtti",
            record=record,
            rests=[],
            role="node",
            rules=node.book.released.standing().rule_sets[-1],
            seen=Seen(node.store.root(MIRROR, seen).hex() if seen else EMPTY_ROOT, seen),
            side="USA",
            terms={},
            time=max(node.clock(), authority.time),
            verb="comment",
        )
    )
    signed = acts.seal(payload, keylist.sign(acts.pre_authentication(payload), node.keys.signing("node")))
    with node.store.writing():
        node.store.append(RELEASED, [Row(signed.id, record, "comment", signed.leaf)])
        node.store.put_void(RELEASED, authority.size, "power", "as its own judging would find", "none")
        node.store.put_body(Owner(RELEASED, signed.id), body)
    return signed.id


@pytest.fixture
def india(staged: dict[str, str], serve_side: Serve) -> Node:  # noqa: F811
    """The Indian node, served by this process."""
    return serve_side("IND")


@pytest.fixture
def auditor(india: Node) -> Client:
    """A browser of the Indian auditor, who sees everything that this side holds."""
    return sign_in(india, "auditor")


def fetched(browser: Client, path: str, status: int = 200) -> dict[str, Any]:
    answer = browser.get(path)
    assert answer.status_code == status, path
    found: dict[str, Any] = json.loads(answer.content)
    return found


# --- both records ----------------------------------------------------------------------------------------------------


def test_both_records_stand_side_by_side_newest_first_with_their_sizes_and_roots(india: Node, auditor: Client) -> None:
    made = fetched(auditor, "/record/entries.json?upkeep=yes")
    times = [row["at"] for row in made["entries"]]
    assert times == sorted(times, reverse=True)
    assert {row["side"] for row in made["entries"]} == {"IND", "USA"}
    assert [(one["name"], one["side"], one["size"], one["root"]) for one in made["ledgers"]] == [
        (name, side, india.store.size(name), india.store.root(name).hex())
        for name, side in (("released", "IND"), ("mirror", "USA"), ("national", "IND"))
    ]
    page = auditor.get("/record/entries/").content.decode()
    assert page.count('<table class="ledgers">') == 1
    assert india.store.root("released").hex()[:16] in page


def test_paging_goes_through_every_entry_once_even_where_many_share_one_moment(india: Node, auditor: Client) -> None:
    seen: list[tuple[str, int]] = []
    path: str | None = "/record/entries.json?upkeep=yes"
    while path:
        made = fetched(auditor, path)
        seen += [(row["ledger"], row["index"]) for row in made["entries"]]
        path = f"/record/entries.json?upkeep=yes&before={made['before']}" if made["before"] else None
    wanted = [(name, index) for name in ("released", "mirror") for index in range(india.store.size(name))]
    assert sorted(seen) == sorted(wanted)


def test_what_systems_write_by_themselves_is_shown_only_when_asked_for(auditor: Client) -> None:
    verbs = {row["verb"] for row in fetched(auditor, "/record/entries.json")["entries"]}
    asked = {row["verb"] for row in fetched(auditor, "/record/entries.json?upkeep=yes")["entries"]}
    assert not verbs & {"acknowledge", "anchor"}
    assert {"acknowledge", "anchor"} <= asked


def test_entries_are_filtered_by_side_verb_and_record(exercise: Exercise, auditor: Client) -> None:  # noqa: F811
    made = fetched(auditor, "/record/entries.json?side=USA&verb=accept")
    assert {(row["side"], row["verb"]) for row in made["entries"]} == {("USA", "accept")}
    by_ref = fetched(auditor, "/record/entries.json?record=ex-net")["entries"]
    assert {row["record"] for row in by_ref} == {exercise.records["net"]}
    assert fetched(auditor, "/record/entries.json?record=nothing-of-that-name")["entries"] == []


@pytest.mark.parametrize(
    ("query", "rule"),
    [("verb=sign", "verb"), ("side=XXX", "side"), ("before=yesterday", "cursor"), ("known=2026-13-01", "day")],
)
def test_a_filter_that_means_nothing_is_refused_by_rule_reason_and_remedy(
    auditor: Client, query: str, rule: str
) -> None:
    (refusal,) = fetched(auditor, f"/record/entries.json?{query}", 422)["refusals"]
    assert refusal["rule"] == rule
    assert refusal["reason"]
    assert refusal["remedy"]


def test_as_known_on_a_day_later_entries_are_not_shown(exercise: Exercise, auditor: Client) -> None:  # noqa: F811
    day = exercise.clock.day(-100)
    made = fetched(auditor, f"/record/entries.json?known={day}")["entries"]
    assert made
    assert max(row["at"] for row in made) <= f"{day}T23:59:59Z"


def test_it_is_shown_which_entries_the_other_side_has_acknowledged(india: Node, auditor: Client) -> None:
    rows = fetched(auditor, "/record/entries.json?verb=accept")["entries"]
    assert len(rows) >= 8
    for row in rows:
        held = row["acknowledged"]
        leaf = india.store.leaf(held["ledger"], held["index"])
        assert held["side"] != row["side"]
        assert row["id"] in {one["act"] for one in acts.open_leaf(leaf).act.terms["acts"]}


def test_an_act_names_what_it_answers(exercise: Exercise, auditor: Client) -> None:  # noqa: F811
    notices = fetched(auditor, "/record/entries.json?verb=notice")["entries"]
    assert {row["record"] for row in notices} >= {exercise.records[name] for name in ("ex-radio", "ex-bridge")}
    assert {str(row["answers"]) for row in notices} == {"None"}
    rows = fetched(auditor, f"/record/entries.json?verb=accept&record={exercise.records['net-success']}")["entries"]
    proposed = fetched(auditor, f"/record/entries.json?verb=propose&record={exercise.records['net-success']}")
    assert rows[0]["answers"]["id"] in {one["id"] for one in proposed["entries"]}


def test_a_void_act_is_shown_with_rule_and_reason(staged: dict[str, str], auditor: Client) -> None:
    (row,) = [one for one in fetched(auditor, "/record/entries.json")["entries"] if one["verdict"] == "void"]
    assert (row["id"], row["rule"]) == (staged["void"], "power")
    page = auditor.get("/record/entries/").content.decode()
    assert row["reason"] in page
    assert "rule power" in page
    one = auditor.get(f"/record/acts/{staged['void']}/").content.decode()
    assert "This entry is void" in one
    assert row["remedy"] in one


def test_the_national_record_is_shown_apart_and_labelled_to_whoever_may_see_it(india: Node, auditor: Client) -> None:
    made = fetched(auditor, "/record/entries.json?ledger=national")
    assert {row["ledger"] for row in made["entries"]} == {"national"}
    kept = [keeps(acts.open_leaf(leaf).act) for leaf in india.store.leaves("national")]
    assert any(kept)  # to a group of offices in which the auditor's is not
    assert [row["index"] for row in made["entries"]] == [at for at, group in enumerate(kept) if not group][::-1]
    assert "National. Not for the other side." in auditor.get("/record/entries/?ledger=national").content.decode()
    assert {row["ledger"] for row in fetched(auditor, "/record/entries.json")["entries"]} == {"released", "mirror"}


def test_without_the_national_view_there_is_no_national_record(india: Node) -> None:
    assert explore.official(india, DESK) == ["released", "mirror"]
    assert explore.entries(india, DESK, ["national"]).rows == []
    national = acts.open_leaf(india.store.leaf("national", 0))
    assert entry.find(india, AUDITOR, national.id) is not None
    assert entry.find(india, DESK, national.id) is None
    assert entry.parts(india, DESK, national.id) is None
    assert entry.file_of(india, DESK, national.id, 0) is None


def test_whoever_is_not_signed_in_is_led_to_sign_in_and_the_public_has_no_explorer(india: Node) -> None:
    identity = acts.open_leaf(india.store.leaf("released", 0)).id
    for path in ("/record/entries/", f"/record/acts/{identity}/", f"/record/acts/{'0' * 64}/", "/status/"):
        assert Client().get(path).headers["Location"].startswith("/account/sign-in?next=")
    custodian = sign_in(india, "custodian")
    for path in ("/record/entries/", f"/record/acts/{identity}/", "/record/check/"):
        assert custodian.get(path).status_code == 404


# --- one entry -------------------------------------------------------------------------------------------------------


def test_an_entry_says_who_did_what_for_which_office_and_what_had_been_seen(
    exercise: Exercise,  # noqa: F811
    auditor: Client,
) -> None:
    row = fetched(auditor, "/record/entries.json?verb=send_back")["entries"][0]
    made = fetched(auditor, f"/record/acts/{row['id']}.json")
    act = made["act"]
    assert (made["side"], act["verb"], made["office"]["title"]) == (
        "USA",
        "send_back",
        TITLES["ex-project-officer"],
    )
    assert made["by"]["name"] == "Daniel Ortega"
    assert act["seen"]["size"] > 0
    assert made["names"][act["terms"]["offer"]]["verb"] == "propose"
    assert [one["verb"] for one in made["named_by"]] == ["close"]
    assert made["record"]["url"] == f"/success/{exercise.records['net-success'].split('/')[2]}/"
    assert made["signed_by"] == "server-held key"
    assert [part["kind"] for part in made["parts"]] == ["text", "text"]
    page = auditor.get(f"/record/acts/{row['id']}/").content.decode()
    assert "Six minutes: the deck must be clear before a helicopter turns in." in page
    assert "Signed by a server-held key." in page
    assert "Counter-text" in page


def test_every_check_of_a_sound_entry_holds_and_names_its_key(india: Node, auditor: Client) -> None:
    row = fetched(auditor, "/record/entries.json?verb=propose")["entries"][0]
    made = fetched(auditor, f"/record/acts/{row['id']}.json")
    assert [(one["what"], one["good"]) for one in made["checks"]] == [
        (what, True) for what in ("form", "place", "signature", "included", "bodies")
    ]
    (signature,) = made["signatures"]
    assert signature["holds"] is True
    assert signature["public"] in {key.public for key in india.standing.keys.keys("node")} | {
        key.public for key in india.standing.parties["USA"].keys.keys("node")
    }


def test_the_command_on_the_page_prints_the_number_of_the_act_from_the_downloaded_entry(
    auditor: Client, tmp_path: Path
) -> None:
    row = fetched(auditor, "/record/entries.json?verb=propose")["entries"][0]
    page = auditor.get(f"/record/acts/{row['id']}/").content.decode()
    command = next(code for code in re.findall(r"<code>(.*?)</code>", page, re.DOTALL) if "sha256sum" in code)
    command = command.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&")
    (tmp_path / f"{row['id'][:16]}.json").write_bytes(auditor.get(f"/record/acts/{row['id']}/leaf").content)
    printed = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert printed.stdout.split()[0] == row["id"]


def test_a_file_is_downloaded_as_a_file_under_a_harmless_name_and_logged(
    exercise: Exercise,  # noqa: F811
    staged: dict[str, str],
    auditor: Client,
) -> None:
    page = auditor.get(f"/record/acts/{staged['letter']}/").content.decode()
    assert "See the letter." in page
    assert "EX/7/2026" in page
    answer = auditor.get(f"/record/acts/{staged['letter']}/parts/1")
    assert answer.content == LETTER
    assert answer.headers["Content-Disposition"] == 'attachment; filename="_of_ May.pdf"' or (
        answer.headers["Content-Disposition"].startswith('attachment; filename="letter ')
        and "/" not in answer.headers["Content-Disposition"]
    )
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    logged = Reading.objects.get()
    assert (logged.act, logged.record, logged.path) == (
        "export",
        exercise.records["net"],
        f"/record/acts/{staged['letter']}/parts/1",
    )


def test_an_erased_text_says_by_whose_order_when_and_why_and_the_entry_still_verifies(
    staged: dict[str, str], auditor: Client
) -> None:
    made = fetched(auditor, f"/record/acts/{staged['spilt']}.json")
    (part,) = made["parts"]
    assert (part["state"], part["reason"], part["text"], part["url"]) == ("erased", "spill", None, None)
    assert (part["tombstone"]["id"], part["tombstone"]["side"]) == (staged["tombstone"], "IND")
    assert all(one["good"] for one in made["checks"])
    page = auditor.get(f"/record/acts/{staged['spilt']}/").content.decode()
    assert "by order of India" in page
    assert "marked above what may stand here" in page
    assert "A sentence that should not be here." not in page
    assert auditor.get(f"/record/acts/{staged['spilt']}/parts/0").status_code == 404


def test_an_absent_entry_is_answered_as_one_that_may_not_be_seen(india: Node) -> None:
    secretary = sign_in(india, "public")
    national = acts.open_leaf(india.store.leaf("national", 0)).id
    answers = [secretary.get(f"/record/acts/{one}/").content.decode() for one in (national, "0" * 64)]
    assert answers[0].replace(national, "0" * 64) == answers[1]


@pytest.mark.parametrize("verb", ["found", "power", "acknowledge", "anchor", "close", "state", "request_pen"])
@pytest.mark.parametrize("language", ["", "/hi"])
def test_every_sort_of_entry_has_a_page_in_both_languages(auditor: Client, verb: str, language: str) -> None:
    row = fetched(auditor, f"/record/entries.json?verb={verb}")["entries"][0]
    answer = auditor.get(f"{language}/record/acts/{row['id']}/")
    assert answer.status_code == 200
    assert f'lang="{"hi" if language else "en"}"' in answer.content.decode()[:200]


# --- checks ----------------------------------------------------------------------------------------------------------


@pytest.mark.long
def test_an_integrity_check_of_a_sound_node_looks_at_every_part_and_finds_nothing(india: Node, auditor: Client) -> None:
    page = auditor.post("/record/check/").content.decode()
    assert "Integrity check: sound" in page
    result = integrity.check(india, AUDITOR)
    assert result.whole
    assert [(part.what, part.ledger, part.good) for part in result.parts] == [
        ("ledger", "released", True),
        ("checkpoint", "released", True),
        ("ledger", "mirror", True),
        ("checkpoint", "mirror", True),
        ("ledger", "national", True),
        ("texts", "", True),
        ("verdicts", "", True),
        ("record", "", True),
    ]
    assert result.parts[0].count == india.store.size("released")


def test_a_longer_record_is_checked_in_its_last_stretch_and_the_answer_says_so(india: Node) -> None:
    result = integrity.check(india, AUDITOR, most=30)
    assert not result.whole
    assert result.good
    assert [(part.ledger, part.start, part.count) for part in result.parts if part.what == "ledger"] == [
        ("released", india.store.size("released") - 10, 10),
        ("mirror", india.store.size("mirror") - 10, 10),
        ("national", max(0, india.store.size("national") - 10), min(10, india.store.size("national"))),
    ]
    assert {part.what for part in result.parts} == {"ledger", "checkpoint", "texts"}


def test_a_check_without_the_national_view_counts_nothing_national(india: Node) -> None:
    result = integrity.check(india, DESK)
    assert result.good
    assert {part.ledger for part in result.parts} == {"released", "mirror", ""}
    texts = next(part for part in result.parts if part.what == "texts")
    committed = sum(
        len(acts.open_leaf(leaf).act.body) for name in (RELEASED, MIRROR) for leaf in india.store.leaves(name)
    )
    assert texts.count == committed


@pytest.fixture
def copied(exercise: Exercise, staged: dict[str, str], tmp_path: Path) -> Iterator[Node]:  # noqa: F811
    """A copy of the Indian node, to be damaged."""
    import sqlite3

    source = exercise.pair.nodes["IND"].folder.path
    folder = tmp_path / "ind"
    folder.mkdir()
    for name in ("ledger.sqlite3", "record.sqlite3"):
        with (
            sqlite3.connect(folder / name) as target,
            sqlite3.connect(f"file:{source / name}?mode=ro", uri=True) as held,
        ):
            held.backup(target)
        target.close()
        held.close()
    for name in ("node.toml", "mark"):
        (folder / name).write_bytes((source / name).read_bytes())
    node = Node(folder)
    yield node
    node.close()


def test_one_changed_byte_of_an_entry_is_found_and_placed(copied: Node) -> None:
    engine = copied.store.engine
    for (name,) in engine.run("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
        engine.run(f"DROP TRIGGER {name}")
    index = copied.store.size("released") - 3
    leaf = bytearray(copied.store.leaf("released", index))
    leaf[-40] ^= 1
    engine.run("UPDATE entry SET leaf = ? WHERE pos = ?", (bytes(leaf), index))
    result = integrity.check(copied, AUDITOR)
    assert not result.good
    assert f"IND released entry {index}" in {fault.where for fault in result.faults}


def test_a_record_that_pages_show_otherwise_than_the_ledger_is_found(copied: Node, exercise: Exercise) -> None:  # noqa: F811
    copied.projection.engine.run(
        "UPDATE state SET grade = 'agreed_here' WHERE record = ? AND grade = 'recorded'", (exercise.records["power"],)
    )
    result = integrity.check(copied, AUDITOR)
    assert [part.what for part in result.parts if not part.good] == ["record"]
    assert result.faults[0].where.startswith(f"state {exercise.records['power']}")


def test_the_proof_of_an_agreed_text_is_made_checked_and_downloaded(
    exercise: Exercise,  # noqa: F811
    auditor: Client,
) -> None:
    code = exercise.records["net-success"].split("/")[2]
    made = fetched(auditor, f"/records/success/{code}/proof.json")
    assert (made["good"], made["claim"]["grade"], made["claim"]["held"]) == (True, "agreed_here", True)
    assert made["claim"]["sides"] == ["IND", "USA"]
    answer = auditor.get(f"/records/success/{code}/proof/file")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="proof-{code}.json"'
    found = proofs.check(answer.content)
    assert found.good
    assert found.says == made["says"]
    assert Reading.objects.get().record == exercise.records["net-success"]


def test_nothing_national_is_proved(india: Node, auditor: Client) -> None:
    record = acts.open_leaf(india.store.leaf("national", 0)).act.record
    (refusal,) = fetched(auditor, f"/records/needs/{record.split('/')[2]}/proof.json", 422)["refusals"]
    assert refusal["reason"] == "nothing national is proved to others"


def test_a_system_without_a_counterpart_shows_and_checks_its_record_alone(serve: Callable[[str], Node]) -> None:
    alone = serve("demonstration")
    auditor = sign_in(alone, "auditor", "IND/desk-officer")
    made = fetched(auditor, "/record/entries.json")
    assert [(one["name"], one["size"]) for one in made["ledgers"]] == [
        ("released", alone.store.size(RELEASED)),
        ("national", alone.store.size("national")),
    ]
    assert {row["acknowledged"] for row in made["entries"]} == {None}
    assert "not yet acknowledged" not in auditor.get("/record/entries/").content.decode()
    assert "Integrity check: sound" in auditor.post("/record/check/").content.decode()
    assert "none has joined; this side works alone" in auditor.get("/status/").content.decode()


# --- a file that someone brings --------------------------------------------------------------------------------------


def brought(browser: Client, data: bytes, name: str = "brought") -> tuple[int, dict[str, Any]]:
    answer = browser.post("/check.json", {"file": SimpleUploadedFile(name, data)})
    return answer.status_code, json.loads(answer.content)


def test_anyone_may_have_a_proof_checked_and_a_changed_byte_is_found(
    exercise: Exercise,  # noqa: F811
    auditor: Client,
) -> None:
    code = exercise.records["net-success"].split("/")[2]
    proof = auditor.get(f"/records/success/{code}/proof/file").content
    status, made = brought(Client(), proof)
    assert (status, made["result"]["what"], made["result"]["good"]) == (200, "proof", True)
    at = proof.index(b'"leaf":"') + 200
    changed = proof[:at] + (b"A" if proof[at : at + 1] != b"A" else b"B") + proof[at + 1 :]
    _, made = brought(Client(), changed)
    assert made["result"]["good"] is False
    assert made["result"]["faults"]
    page = Client().post("/check/", {"file": SimpleUploadedFile("p", changed)}).content.decode()
    assert "Integrity check: does not verify" in page


def test_a_checked_file_says_whose_keys_and_what_stands_here_now(
    exercise: Exercise,  # noqa: F811
    india: Node,
    auditor: Client,
) -> None:
    code = exercise.records["net-success"].split("/")[2]
    current = auditor.get(f"/records/success/{code}/proof/file").content
    for browser in (Client(), auditor):
        _, made = brought(browser, current)
        assert (made["result"]["verdict"], made["result"]["confirmed"]) == ("good", True)
        assert made["result"]["superseded_here"] == []
    view = india.book.view(exercise.records["net"])
    first = next(text for text in view.texts if text.verb == "propose")
    assert view.texts[-1].act != first.act
    notes = {india.side: india.checkpoint(), str(india.book.other): india.store.note(MIRROR) or ""}
    older = prove.make(india.book, exercise.records["net"], notes, act=first.act)
    _, made = brought(auditor, older)
    assert [one["what"] for one in made["result"]["superseded_here"]] == ["agreed_here"]
    assert made["result"]["superseded_here"][0]["act"] == view.texts[-1].act
    page = auditor.post("/check/", {"file": SimpleUploadedFile("p", older)}).content.decode()
    assert "Superseded here" in page
    _, made = brought(Client(), older)  # who may not look into the ledgers is told nothing out of them
    assert (made["result"]["superseded_here"], made["result"]["compared"]) == ([], False)


def test_a_proof_by_an_invented_counterpart_is_never_shown_as_sound(india: Node, auditor: Client) -> None:
    invented = by_hand(counterpart=9)[2]
    for browser in (Client(), auditor):
        _, made = brought(browser, invented)
        assert (made["result"]["verdict"], made["result"]["confirmed"]) == ("unconfirmed", False)
        page = browser.post("/check/", {"file": SimpleUploadedFile("p", invented)}).content.decode()
        assert "Integrity check: not confirmed" in page
        assert "Integrity check: sound" not in page
        assert "Whose keys these are was not checked." in page


def test_an_open_pack_is_checked_and_a_sealed_one_is_left_to_its_receiver(india: Node) -> None:
    status, made = brought(Client(), exchange.make_pack(india, 0, sealed=False))
    assert (status, made["result"]["what"], made["result"]["good"]) == (200, "pack", True)
    assert made["result"]["entries"] == india.store.size("released")
    status, made = brought(Client(), exchange.make_pack(india, 0))
    assert (status, made["refusals"][0]["rule"]) == (422, "pack-seal")


@pytest.mark.parametrize("data", [b"", b"{}", b"not a proof", b"\x00" * 600, b"manifest.json" + b"\0" * 499])
def test_what_is_no_proof_and_no_pack_is_answered_and_never_believed(india: Node, data: bytes) -> None:
    status, made = brought(Client(), data)
    if status == 422:
        assert made["refusals"][0]["rule"] == "file"
    else:
        assert made["result"]["good"] is False
        assert made["result"]["faults"]


def test_a_file_too_large_is_refused_before_it_is_read(india: Node) -> None:
    class Never:
        def read(self, *_: object) -> bytes:
            raise AssertionError("the body was read")

        readline = read

    answer = Client().generic(
        "POST",
        "/check/",
        b"",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(1024**3),
        **{"wsgi.input": Never()},  # type: ignore[arg-type]
    )
    assert answer.status_code == 413
    assert "check-size" in answer.content.decode()


def test_a_check_changes_nothing(exercise: Exercise, india: Node, auditor: Client) -> None:  # noqa: F811
    before = [(name, india.store.size(name), india.store.note(name)) for name in (RELEASED, MIRROR, "national")]
    brought(auditor, b"{}")
    auditor.post("/record/check/")
    assert [(name, india.store.size(name), india.store.note(name)) for name in (RELEASED, MIRROR, "national")] == before


def test_the_limit_of_a_page_is_said_on_it(india: Node) -> None:
    assert f"At most {checking.LARGEST // 1024**2} MiB" in Client().get("/check/").content.decode()


# --- status and feed -------------------------------------------------------------------------------------------------


def test_the_status_says_how_the_system_stands_and_that_one_operator_runs_both(india: Node, auditor: Client) -> None:
    made = fetched(auditor, "/status.json")["status"]
    assert made["exchange"]["counterpart"] == "USA"
    assert made["ledgers"]["national"]["size"] == india.store.size("national")
    assert made["fork"] is None
    page = auditor.get("/status/").content.decode()
    assert "Both office systems are run by one operator." in page
    assert "Nothing needs a person now." in page


def test_a_halted_exchange_shows_why_with_both_checkpoints(india: Node, auditor: Client) -> None:
    fork = india.folder.path / "fork"
    fork.write_text("USA entry 3 cites another root\n\nCheckpoint received:\nfirst note\nLast accepted:\nsecond note\n")
    try:
        page = auditor.get("/status/").content.decode()
        assert "Why exchange is halted" in page
        assert "first note" in page
        assert "second note" in page
    finally:
        fork.unlink()


def test_the_custodian_sees_the_status_without_anything_national(india: Node) -> None:
    made = fetched(sign_in(india, "custodian"), "/status.json")["status"]
    assert set(made["ledgers"]) == {"released", "mirror"}
    assert {"mark", "disc", "record"} & set(made) == set()


def test_the_feed_gives_every_change_once_oldest_first_and_then_stays_where_it_is(india: Node, auditor: Client) -> None:
    seen: list[str] = []
    since = ""
    while True:
        made = fetched(auditor, f"/feed.json?count=40&since={since}")
        if not made["changes"]:
            break
        seen += [one["record"] for one in made["changes"]]
        since = made["next"]
    stands = india.projection.engine.run("SELECT DISTINCT record, kept FROM state WHERE known_until = '9999'")
    assert len(seen) == len(set(seen))
    assert set(seen) == {record for record, kept in stands if not kept}  # the auditor's office is in no group
    assert made["next"] == since


def test_the_feed_of_the_public_holds_what_is_published_and_nothing_else(india: Node) -> None:
    made = fetched(Client(), "/feed.json?count=500")["changes"]
    assert made
    assert {one["label"] for one in made} == {"public"}


def test_no_label_that_the_public_reads_tells_that_more_was_done_with_a_record(india: Node) -> None:
    apart = india.projection.engine.run("SELECT COUNT(*) FROM state WHERE label = 'shown' AND known_until = '9999'")
    assert apart[0][0]
    one = fetched(Client(), "/sources.json")["rows"][0]
    places = ("/feed.json", "/sources.json", "/sides.json", "/search.json?q=defence", f"/sources/{one['name']}.json")
    for place in places:
        text = Client().get(place).content.decode()
        assert set(re.findall(r'"label": "([^"]*)"', text)) == {"public"}, place


@pytest.mark.parametrize("query", ["since=yesterday", "since=2026-10-01T00:00", "count=0", f"count={'9' * 60}"])
def test_a_feed_asked_for_wrongly_is_refused(india: Node, query: str) -> None:
    assert fetched(Client(), f"/feed.json?{query}", 422)["refusals"][0]["remedy"]
