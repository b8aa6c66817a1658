"""What `dtti check` and `dtti verify` say: whose keys, as of when, what was revoked or superseded since; never more."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dtti.accord import table, table_2
from dtti.ledger.act import Entry
from dtti.ledger.keylist import Party
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.line import founding, rotate
from tests import making
from tests.node import capitals
from tests.node.capitals import Capital
from tests.node.capitals import Pair as Nodes
from tests.readers import pair as pairs
from tests.readers.bad_packs import make_pack
from tests.readers.bad_proofs import by_hand, opening, proof_of
from tests.readers.pair import AGREED, LATER, OWN, Pair

from .conftest import Run


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def told(run: Run, *words: object) -> Any:
    answer = run(*words, "--json")
    found = answer.json
    assert answer.code == (0 if found["good"] else 1)
    return found


def rules(found: Any) -> list[str]:
    return [one["rule"] for one in found["faults"]]


# By itself


def test_a_proof_by_an_invented_counterpart_never_reads_as_good(run: Run, tmp_path: Path):
    file = put(tmp_path / "p", by_hand(counterpart=9)[2])
    answer = run("check", file)
    assert answer.out.startswith("NOT CONFIRMED as of IND 4, USA 3. ")
    assert "whose keys these are was NOT checked" in answer.out
    assert "GOOD" not in answer.out
    found = told(run, "check", file)
    assert (found["verdict"], found["confirmed"]) == ("unconfirmed", False)
    assert found["constitution"] in answer.out


def test_it_is_good_only_under_the_constitution_that_its_reader_knows(run: Run, staged: Pair, tmp_path: Path):
    file = put(tmp_path / "p", staged.ind.prove(AGREED))
    known = told(run, "check", file)["constitution"]
    for given in (known, known.upper(), founding.spoken(known)):
        answer = run("check", file, "--constitution", given)
        assert (answer.code, answer.out.startswith("GOOD as of IND ")) == (0, True)
    invented = put(tmp_path / "q", by_hand(counterpart=9)[2])
    answer = run("check", invented, "--constitution", known)
    assert (answer.code, answer.out.startswith("BAD. Nothing in this file is to be relied on.")) == (1, True)
    assert rules(told(run, "check", invented, "--constitution", known)) == ["constitution"]
    for wrong in ("12", known[:-1], known + "0", "z" * 64):
        assert run("check", file, "--constitution", wrong).code == 2


def test_every_rule_that_is_broken_says_in_words_on_what_it_rests(run: Run, staged: Pair, tmp_path: Path):
    """Once for each rule, with all that `--json` gives: what it asks, source, version, confidence, dates."""
    pack = put(tmp_path / "x.pack", make_pack(staged, 7)[:-1])
    file = put(tmp_path / "p", staged.ind.prove(AGREED)[:-9])
    other = put(tmp_path / "q", by_hand(counterpart=9)[2])
    for words in (("check", file), ("check", other, "--constitution", "0" * 64), ("verify", pack)):
        answer, found = run(*words), told(run, *words)
        faults = found["faults"] if "faults" in found else [each for part in found["parts"] for each in part["faults"]]
        assert faults
        for one in faults:
            line = (
                f"    rule {one['rule']}: {one['asks']} {one['source']}, version {one['version']} "
                f"({one['confidence']}), in force from {one['effective']['from']}"
            )
            assert answer.out.splitlines().count(line) == 1


def test_what_says_no_size_is_not_read(run: Run):
    for file in ("/proc/kmsg", "/proc/self/mem", "/proc/self/status"):
        assert run("check", file).code == 1
        assert run("verify", file).code == 1


def test_a_key_that_a_later_list_dropped_is_named_with_what_it_signed(run: Run, staged: Pair, tmp_path: Path):
    file = put(tmp_path / "p", staged.ind.prove(AGREED))
    act, revoked = staged.acts[AGREED].act, told(run, "check", file)["revoked_since"]
    assert (act.side, act.index, 2) in {(one["side"], one["index"], one["version"]) for one in revoked}
    assert "; REVOKED SINCE. " in run("check", file).out.splitlines()[0]
    later = put(tmp_path / "later", staged.ind.prove(LATER))
    assert told(run, "check", later)["revoked_since"] == []
    assert "REVOKED" not in run("check", later).out


def test_it_says_as_of_which_sizes_and_who_cosigned_when(run: Run, staged: Pair, tmp_path: Path):
    file = put(tmp_path / "p", staged.usa.prove(AGREED))
    shown = {one["side"]: one for one in told(run, "check", file)["as_of"]}
    assert shown["USA"]["size"] == staged.usa.store.size(RELEASED)
    assert shown["IND"]["cosigned"] == [{"by": "dtti.test/usa", "seconds": 1_800_000_000}]
    assert "2027-01-15T08:00:00Z" in run("check", file).out


def test_a_text_that_is_no_text_is_not_printed(run: Run, tmp_path: Path):
    made = pairs.join(tmp_path / "pair")
    made.ind.write("state", OWN, texts=[b"\xff\xfe\x00 no text"], terms={"base": 0})
    file = put(tmp_path / "p", made.ind.prove(OWN))
    answer = run("check", file, "--text")
    assert (answer.code, answer.err) == (0, "")
    assert "The text is no UTF-8 text, and is not printed: 11 bytes." in answer.out
    assert told(run, "check", file, "--text")["good"]
    made.close()


def test_verify_names_the_constitution_and_takes_one(run: Run, pair: Nodes, tmp_path: Path):
    exported, pack = tmp_path / "ind", tmp_path / "a.pack"
    assert run("export", "--node", pair.ind.folder, "-o", exported).code == 0
    pack.write_bytes(capitals.exchange.make_pack(pair.ind.node, 0, sealed=False))
    known = founding.fingerprint(pair.ind.node)
    for path in (exported, pack):
        answer = run("verify", path)
        assert (answer.code, answer.out.startswith(f"NOT CONFIRMED. {path}")) == (0, True)
        assert known in answer.out
        assert told(run, "verify", path)["constitution"] == known
    for path in (exported, pack, pair.ind.folder):
        assert run("verify", path, "--constitution", known).out.startswith(f"GOOD. {path}")
        answer = run("verify", path, "--constitution", "0" * 64)
        assert (answer.code, answer.out.startswith("BAD. ")) == (1, True)
    assert founding.spoken(known) in run("status", "--node", pair.ind.folder).out


# Against what is held


def proved(run: Run, capital: Capital, record: str, file: Path) -> Path:
    assert run("prove", record, "--node", capital.folder, "-o", file).code == 0
    return file


def exports(run: Run, pair: Nodes, folder: Path) -> list[object]:
    """`--against` for an export of each side as it stands."""
    words: list[object] = []
    for each in (pair.ind, pair.usa):
        assert run("export", "--node", each.folder, "-o", folder / each.side).code == 0
        words += ["--against", folder / each.side]
    return words


def agree_again(pair: Nodes) -> str:
    """A second version of the pair's record, agreed; returns the offer."""
    terms = table.Propose(1, "IND", capitals.FAR)
    offer = pair.ind.write(
        "propose", pair.record, terms, text.Text(content=capitals.project() | {"name": "Net, again"})
    )
    pair.swap()
    pair.usa.write("accept", pair.record, table.Answer(offer.act))
    pair.swap()
    return offer.act


def test_what_came_later_is_shown_by_a_node_and_by_exports_of_both_sides(run: Run, pair: Nodes, tmp_path: Path):
    file = proved(run, pair.usa, pair.record, tmp_path / "p")
    before = exports(run, pair, tmp_path / "before")
    stood = told(run, "check", file, *before)
    assert (stood["against"]["judged"], stood["against"]["later"]) == (True, [])
    assert stood["confirmed"] is False, "exports may be of the same invention as the proof"
    assert told(run, "check", file, "--against", pair.ind.folder)["verdict"] == "good"

    second = agree_again(pair)
    pair.usa.write("notice", pair.record, table_2.Notice("suspend", reason="funding"))
    pair.swap()
    rotate.rotate(pair.ind.node)
    pair.swap()
    after = exports(run, pair, tmp_path / "after")
    for words in (after, ["--against", pair.usa.folder]):
        since = told(run, "check", file, *words)["against"]
        assert [one["what"] for one in since["later"]] == ["agreed_here", "suspend"]
        assert since["later"][0]["act"] == second
        assert {one["side"] for one in since["dropped"]} == {"IND"}
        head = run("check", file, *words).out.splitlines()[0]
        assert "; REVOKED SINCE; SUPERSEDED HERE. " in head
        assert head.startswith("GOOD as of " if len(words) == 2 else "NOT CONFIRMED as of ")
    alone = told(run, "check", file, *after[:2])["against"]
    assert (alone["judged"], alone["unseen"]) == (False, ["USA"])
    newer = told(run, "check", proved(run, pair.ind, pair.record, tmp_path / "newer"), *before)
    assert newer["against"]["unseen"] == ["IND", "USA"]


def test_a_proof_of_another_history_or_founding_is_bad_against_what_is_held(run: Run, pair: Nodes, tmp_path: Path):
    twin = capitals.copy(pair.ind.folder.parent, tmp_path / "twin")
    pair.ind.comment(pair.record, "said here")
    pair.swap()
    twin.ind.comment(twin.record, "said elsewhere")
    twin.swap()
    forked = proved(run, twin.ind, twin.record, tmp_path / "p")
    assert told(run, "check", forked, "--against", twin.ind.folder)["good"]
    found = told(run, "check", forked, "--against", pair.ind.folder)
    assert (found["good"], set(rules(found))) == (False, {"fork"})
    assert run("check", forked, "--against", pair.ind.folder).code == 1
    invented = put(tmp_path / "q", by_hand(counterpart=9)[2])
    assert rules(told(run, "check", invented, "--against", pair.ind.folder)) == ["constitution"]
    twin.close()


def test_an_act_that_both_ledgers_make_void_spoils_a_proof_that_cannot_show_it(run: Run, pair: Nodes, tmp_path: Path):
    """The proposer withdrew first and closed as agreed all the same: the proof alone cannot know."""
    record, offer = capitals.propose(pair.ind, "ex-withdrawn")
    capitals.carry(pair.ind, pair.usa)
    pair.ind.write("withdraw", record, table.Answer(offer.act))
    accept = pair.usa.write("accept", record, table.Answer(offer.act))
    pair.swap()
    closing = void(pair.ind, "close", record, table.Close(offer.act, "agreed", accept.act))
    pair.swap()
    entries = [entry_of(pair.ind, offer.act), entry_of(pair.usa, accept.act), closing]
    file = put(tmp_path / "p", as_a_dishonest_office(pair, entries))
    assert told(run, "check", file)["good"]
    for words in (exports(run, pair, tmp_path), ["--against", pair.usa.folder]):
        found = told(run, "check", file, *words)
        assert [(one["where"], one["rule"]) for one in found["faults"]] == [(f"entry IND {closing.act.index}", "void")]


def entry_of(capital: Capital, act: str) -> Entry:
    placed = capital.node.store.find(act)
    assert placed
    return capital.node.book.entry(placed.leaf)


def void(capital: Capital, verb: str, record: str, terms: object) -> Entry:
    """An act that the write path would refuse, signed and kept."""
    node = capital.node
    draft = capitals.Draft(verb, record, terms)
    with node.store.writing():
        node.book.sync()
        entry = node._sign(draft, node.rules_for(draft), (), [])
        node.book.take_in(RELEASED, [entry.leaf])
    node.settle()
    assert entry.id in node.book.record(record).void
    return entry


def as_a_dishonest_office(pair: Nodes, entries: list[Entry]) -> bytes:
    """A proof of these acts by the ledgers of the pair, under its own log keys."""
    logs = {}
    for each in (pair.ind, pair.usa):
        ring = Ring(each.side, {"log": tuple(each.node.keys.signing("log"))}, {"log": 1}, each.node.party)
        logs[each.side] = making.Log(ring, leaves=list(each.node.store.leaves(RELEASED)))
    return proof_of(logs, [*opening(logs), *entries], entries[0], "agreed_here")


@dataclass(frozen=True)
class Ring(making.Keyring):
    """The log's keys of a side that was founded elsewhere."""

    founded: Party

    def party(self) -> Party:
        return self.founded


def test_what_is_no_ledger_is_not_held_against(run: Run, staged: Pair, tmp_path: Path):
    file = put(tmp_path / "p", staged.ind.prove(OWN))
    (tmp_path / "empty").mkdir()
    for wrong in (tmp_path / "empty", tmp_path / "gone", file):
        answer = run("check", file, "--against", wrong)
        assert (answer.code, answer.err.startswith("refused: ")) == (1, True)
    pack = put(tmp_path / "pack", make_pack(staged, 0))
    assert run("check", file, "--against", pack).code == 1
