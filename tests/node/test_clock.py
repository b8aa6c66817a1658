"""A wrong clock: what is refused before anything is signed, and the cure, on both nodes."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger import export
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.node.folder import timekeeping
from dtti.node.folder.timekeeping import Evidence, MachineClock
from dtti.node.line import attend, exchange, repair_time
from dtti.node.record import clock, journal, read, rebuild
from tests.cli.served import command
from tests.conftest import ROOT
from tests.node import capitals
from tests.node.capitals import Capital, Pair

YEARS = timedelta(days=3650)


def shifted(by: timedelta) -> str:
    return (datetime.now(UTC) + by).strftime("%Y-%m-%dT%H:%M:%SZ")


class Wrong(MachineClock):
    """This machine's clock, set wrong, and kept by no time service."""

    def __init__(self, by: timedelta) -> None:
        self.by = by

    def __call__(self) -> str:
        return shifted(self.by)

    def kept(self) -> bool | None:
        return False


def under(capital: Capital, by: timedelta) -> Capital:
    """The same node, on a machine whose clock is wrong."""
    capital.node.close()
    return Capital(Node(capital.folder, Wrong(by)), capital.office)


def rule_of(call: object, *given: object) -> str:
    with pytest.raises(Refused) as refused:
        call(*given)  # type: ignore[operator]
    return refused.value.refusals[0].rule


def run(folder: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words, "--node", folder), capture_output=True, text=True, env=capitals.environment(), check=False
    )


def poisoned(pair: Pair) -> str:
    """India writes in both ledgers ten years ahead, a person having confirmed it; returns the record."""
    ind = under(pair.ind, YEARS)
    clock = ind.node.clock
    assert isinstance(clock, MachineClock)
    timekeeping.confirm(ind.folder, clock, clock()[:10])
    ind.comment(pair.record, "under a wrong clock")
    ind.national("kept")
    attend.attend(ind.node)
    pair.ind = ind.again()
    return pair.record


# --- what is refused --------------------------------------------------------------------------------------------------

NOW = "2026-11-29T12:00:00Z"


@pytest.mark.parametrize(
    ("evidence", "hours", "wanted"),
    [
        (Evidence(NOW, ""), 24, None),
        (Evidence(NOW, "2026-11-22T12:00:00Z"), 24, None),
        (Evidence(NOW, "2026-11-22T11:59:59Z"), 24, "clock-ahead"),
        (Evidence(NOW, "2026-11-22T11:59:59Z"), 85, None),
        (Evidence(NOW, "2026-11-22T11:59:59Z", kept=False), 24, "clock-ahead"),
        (Evidence(NOW, "2026-11-22T11:59:59Z", kept=True), 24, None),
        (Evidence(NOW, "2025-11-28T12:00:00Z", kept=True), 24, None),
        (Evidence(NOW, "2025-11-28T11:59:59Z", kept=True), 24, "clock-ahead"),
        (Evidence(NOW, "2020-01-01T00:00:00Z", heard="2026-11-23T00:00:00Z"), 24, None),
        (Evidence(NOW, "2020-01-01T00:00:00Z", heard="2026-12-30T00:00:00Z"), 24, "clock-ahead"),
        (Evidence(NOW, "2020-01-01T00:00:00Z", heard="2026-11-20T00:00:00Z"), 24, "clock-ahead"),
        (Evidence(NOW, "2020-01-01T00:00:00Z", confirmed="2026-11-29T11:00:00Z"), 24, None),
        (Evidence(NOW, "2020-01-01T00:00:00Z", confirmed="2036-11-29T11:00:00Z"), 24, "clock-ahead"),
        (Evidence(NOW, "2026-11-30T12:00:00Z"), 24, None),
        (Evidence(NOW, "2026-11-30T12:00:01Z"), 24, "clock-behind"),
        (Evidence(NOW, "2036-11-30T12:00:01Z", heard=NOW, confirmed=NOW, kept=True), 24, "clock-behind"),
    ],
)
def test_a_clock_is_judged_by_what_is_known_beside_it(evidence: Evidence, hours: int, wanted: str | None):
    refusal = timekeeping.judge(evidence, hours)
    assert (refusal.rule if refusal else None) == wanted


def test_neither_a_person_nor_a_round_signs_by_a_clock_ten_years_ahead(pair: Pair):
    ind = under(pair.ind, YEARS)
    sizes = ind.node.store.sizes()
    assert rule_of(ind.comment, pair.record, "too early") == "clock-ahead"
    assert rule_of(ind.national, "too-early") == "clock-ahead"
    assert rule_of(attend.attend, ind.node) == "clock-ahead"
    pair.usa.comment(pair.record, "news")
    assert rule_of(capitals.carry, pair.usa, ind) == "clock-ahead"
    assert ind.node.store.sizes() == sizes
    ind = ind.again()  # the clock is set right: nothing stayed of it
    made = ind.comment(pair.record, "in time")
    assert made.time < shifted(timedelta(minutes=1))


def test_a_clock_ten_years_back_signs_nothing_and_still_takes_in(pair: Pair):
    ind = under(pair.ind, -YEARS)
    size = ind.node.store.size(RELEASED)
    assert rule_of(ind.comment, pair.record, "too late") == "clock-behind"
    pair.usa.comment(pair.record, "news")
    held = ind.node.store.size(MIRROR)
    assert rule_of(capitals.carry, pair.usa, ind) == "clock-behind"  # what follows from it waits
    assert (ind.node.store.size(RELEASED), ind.node.store.size(MIRROR) > held) == (size, True)


def test_a_silence_of_years_is_ended_by_the_other_sides_entries(tmp_path: Path):
    """A node that was off for long: what the other side says of the time it is, on its own ledger, is enough."""
    ind, usa = staged(tmp_path / "old")
    assert rule_of(ind.comment, ind.office, "alone") == "clock-ahead"
    assert rule_of(usa.comment, usa.office, "alone") == "clock-ahead"
    assert isinstance(usa.node.clock, MachineClock)
    timekeeping.confirm(usa.folder, usa.node.clock, usa.node.clock()[:10])
    usa.comment(usa.office, "awake")
    capitals.carry(usa, ind)
    ind.comment(ind.office, "awake too")


def staged(folder: Path) -> tuple[Capital, Capital]:
    """A pair whose last entries are five years old, opened on machines with the right clock."""
    from dtti.node.folder import config
    from dtti.node.line import founding

    made = [
        capitals.empower(
            founding.found(
                folder / side.lower(),
                config.Config(side=side, environment="exercise"),
                capitals.PASSPHRASE,
                lambda: shifted(-YEARS / 2),
            )
        )
        for side in ("IND", "USA")
    ]
    capitals.join(*made)
    ind, usa = (under(one, timedelta(0)) for one in made)
    return ind, usa


def test_a_confirmation_names_the_day_that_the_clock_says(pair: Pair):
    ind = under(pair.ind, YEARS)
    clock = ind.node.clock
    assert isinstance(clock, MachineClock)
    assert rule_of(timekeeping.confirm, ind.folder, clock, shifted(timedelta(0))[:10]) == "clock-confirm"
    assert timekeeping.confirmed(ind.folder) == ""


# --- the cure ---------------------------------------------------------------------------------------------------------


def test_a_repair_lets_both_nodes_go_by_the_right_time_again(pair: Pair):
    record = poisoned(pair)
    pair.ind.node.close()
    capitals_ahead = Node(pair.ind.folder, Wrong(YEARS))
    note = exchange.make_pack(capitals_ahead)
    capitals_ahead.close()
    pair.ind = Capital(Node(pair.ind.folder), pair.ind.office)
    exchange.take_pack(pair.usa.node, note)  # the other side goes on; it only sees what India claims
    assert rule_of(pair.ind.comment, record, "stuck") == "clock-behind"
    before = shifted(timedelta(seconds=-2))
    found = repair_time.affected(pair.ind.node)
    assert [one.ledger for one in found] == [RELEASED, NATIONAL]
    receipts = repair_time.repair(pair.ind.node, found)
    assert [one.ledger for one in receipts] == [RELEASED, NATIONAL]
    after = pair.ind.comment(record, "right again")
    kept = pair.ind.national("kept-again")
    assert before <= receipts[0].time <= after.time <= kept.time <= shifted(timedelta(seconds=2))
    assert repair_time.affected(pair.ind.node) == []
    pair.swap()
    for one in (pair.ind, pair.usa):
        assert all(report.good for report in verify.verify(one.folder)), one.side
        assert rebuild.compare(one.node) == []
        viewer = Viewer(one.side, national=True)
        acts = {done.index: done for done in journal.history(one.node, viewer, record) if done.side == "IND"}
        wrong = next(done for done in acts.values() if done.claimed)
        assert wrong.claimed > shifted(YEARS - timedelta(days=1))
        assert wrong.time == receipts[0].time
        assert [done.index for done in journal.history(one.node, viewer, record) if done.side == "IND"][
            -1
        ] == after.index
        assert not [done for done in journal.history(one.node, viewer, record, before) if done.claimed]


def test_an_offer_made_under_the_wrong_clock_is_dated_from_the_repair(pair: Pair):
    ind = under(pair.ind, YEARS)
    assert isinstance(ind.node.clock, MachineClock)
    timekeeping.confirm(ind.folder, ind.node.clock, ind.node.clock()[:10])
    record, _ = capitals.propose(ind, "ex-late")
    pair.ind = ind.again()
    (made,) = repair_time.repair(pair.ind.node, repair_time.affected(pair.ind.node))
    row = read.state(pair.ind.node, Viewer("IND", national=True), record)
    assert row is not None
    assert row[0].court_since == made.time
    pair.swap()
    for one in (pair.ind, pair.usa):
        assert rebuild.compare(one.node) == []
    pair.usa.write("accept", record, table.Answer(pair.ind.node.book.view(record).offers[0].id))
    pair.swap()
    assert pair.usa.node.book.view(record).version == 1


def test_a_clock_in_doubt_repairs_nothing(pair: Pair):
    poisoned(pair)
    ind = under(pair.ind, timedelta(days=900))
    assert rule_of(repair_time.repair, ind.node, repair_time.affected(ind.node)) == "clock-ahead"
    ind = under(ind, timedelta(0))
    assert len(repair_time.repair(ind.node, repair_time.affected(ind.node))) == 2
    assert rule_of(repair_time.repair, ind.node, repair_time.affected(ind.node)) == "repair-time"


@pytest.mark.long
def test_the_commands_say_what_is_wrong_name_the_entries_and_repair(pair: Pair):
    poisoned(pair)
    pair.close()
    folder = pair.ind.folder
    doubted = run(folder, "clock", "--json")
    assert doubted.returncode == 1
    assert json.loads(doubted.stdout)["doubt"]["rule"] == "clock-behind"
    shown = json.loads(run(folder, "repair-time", "--json").stdout)
    assert shown["written"] == []
    verbs = [[each["verb"] for each in one["entries"]] for one in shown["ledgers"]]
    assert verbs == [["comment", "anchor"], ["state"]]
    signed = run(folder, "repair-time", "--sign")
    assert signed.returncode == 0, signed.stderr
    assert "Repaired by entry" in signed.stdout
    assert run(folder, "clock").returncode == 0
    again = run(folder, "repair-time", "--sign", "--json")
    assert (again.returncode, json.loads(again.stdout)["refused"][0]["rule"]) == (1, "repair-time")
    assert all(report.good for report in verify.verify(folder))


@pytest.mark.long
def test_a_person_confirms_a_clock_at_the_command_and_work_goes_on(tmp_path: Path):
    ind, usa = staged(tmp_path / "old")
    for each in (ind, usa):
        each.node.close()
    comment = ("act", "comment", usa.office, "--remarks", "awake", "--office", usa.office)
    refused = run(usa.folder, *comment, "--json")
    assert json.loads(refused.stdout)["refused"][0]["rule"] == "clock-ahead", refused
    wrong = run(usa.folder, "clock", "--confirm", "2020-02-02", "--json")
    assert json.loads(wrong.stdout)["refused"][0]["rule"] == "clock-confirm"
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    assert run(usa.folder, "clock", "--confirm", today).returncode == 0
    assert run(usa.folder, *comment).returncode == 0


@pytest.mark.node_js
def test_both_verifiers_say_the_time_that_a_repaired_ledger_has_reached(pair: Pair, tmp_path: Path):
    poisoned(pair)
    (made, _) = repair_time.repair(pair.ind.node, repair_time.affected(pair.ind.node))
    pair.ind.comment(pair.record, "right again")
    pack, folder = tmp_path / "pack", tmp_path / "export"
    pack.write_bytes(exchange.make_pack(pair.ind.node, sealed=False))
    pair.ind.node.checkpoint()
    export.write(pair.ind.node.store, RELEASED, folder)
    now = shifted(timedelta(seconds=5))
    for path in (pack, folder):
        (report,) = verify.verify(path)
        assert report.good, report.faults
        assert made.time <= report.time <= now
        done = subprocess.run(
            ["node", ROOT / "verifier" / "verify.mjs", "--json", path], capture_output=True, text=True, check=False
        )
        said = json.loads(done.stdout)
        assert said["good"]
        assert [one["time"] for one in said["as_of"]] == [report.time]


def test_of_a_day_that_has_come_nobody_is_told_that_the_day_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(clock, "_told", [lambda: told.append("asked")])
    today = datetime.now(UTC).date()
    assert clock.reached(today - timedelta(days=1))
    assert told == []
    assert not clock.reached(today + timedelta(days=2))
    assert told == ["asked"]
