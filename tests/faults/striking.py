"""Commands staged, struck and looked at: what tests of struck commands and of power cuts share. Holds no test."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.core import text
from dtti.node.keeping import backup
from dtti.node.keeping import restore as restoring
from dtti.node.line import exchange, recover, spill
from tests.node import capitals
from tests.node.capitals import Pair

#: Accounts databases of earlier versions, a file for each migration.
FORMER = Path(__file__).parent.parent / "fixtures" / "accounts"

ROOT = Path(__file__).resolve().parent.parent.parent
#: What is injected at which calls. A removal that fails is no fault of a disc at work.
STRIKES = {
    "pwrite64": ("error=EIO", "error=ENOSPC", "signal=KILL"),
    "write": ("error=ENOSPC", "signal=KILL"),
    "fsync": ("error=EIO", "signal=KILL"),
    "fdatasync": ("error=EIO", "signal=KILL"),
    "ftruncate": ("error=EIO", "signal=KILL"),
    "rename": ("error=EIO", "error=ENOSPC", "signal=KILL"),
    "mkdir": ("error=ENOSPC", "signal=KILL"),
    "unlink": ("signal=KILL",),
}
SHORT = 40  # sizes at which files end
INJECTED = "injected"  # the property of a test under which what was injected is counted (tests/conftest.py prints it)

Injected = Callable[[str, bool], None]  # one fault of a kind, and whether all was well after it


class Struck:
    """The server that runs commands, and is asked to strike them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.server"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=capitals.environment(),
        )  # fmt: skip

    def ask(self, run: str, *args: object, **how: object) -> dict[str, Any]:
        """One run in a child; its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"run": run, "args": [str(each) for each in args], **how}) + "\n")
        self.process.stdin.flush()
        made: dict[str, Any] = json.loads(self.process.stdout.readline())
        return made

    def look(self, run: str, *args: object) -> dict[str, Any]:
        """One run that nothing strikes: what it says."""
        made = self.ask(run, *args)
        assert made["status"] == 0, f"{run} died: {made}"
        assert made["said"] is not None, f"{run} said nothing"
        assert "defect" not in made["said"], f"{run}: {made['said'].get('defect')}"
        return dict(made["said"])

    def close(self) -> None:
        """End it."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


@pytest.fixture(scope="module")
def struck() -> Iterator[Struck]:
    made = Struck()
    yield made
    made.close()


@pytest.fixture
def injected(request: pytest.FixtureRequest) -> Injected:
    """Counts a fault that was injected and looked at, so that the run can say how many they were."""

    def one(kind: str, well: bool) -> None:
        request.node.user_properties.append((INJECTED, f"{kind}: {'well' if well else 'wrong'}"))

    return one


@dataclass
class Stage:
    """What a command finds: folders `ind` and `usa` in `staged`, and what else it needs to be told."""

    staged: Path
    office: str = ""
    record: str = ""
    act: str = ""
    sentence: str = ""


@dataclass
class Point:
    """One strike: what strace injects, or the size at which files end."""

    strike: str = ""
    limit: int = 0

    def __str__(self) -> str:
        return self.strike or f"files end at {self.limit}"


@dataclass
class Told:
    """A command after it was struck: whether it lived, its exit code, and what it said."""

    killed: bool
    code: int
    words: str
    before: dict[str, list[str]] = field(default_factory=dict)
    after: dict[str, list[str]] = field(default_factory=dict)

    @property
    def grown(self) -> list[str]:
        """The ledgers in which something came to stand."""
        return [ledger for ledger, ids in self.after.items() if len(ids) > len(self.before.get(ledger, []))]


# --- the commands, as they are given and as they are looked at -------------------------------------------------------

Words = Callable[[Path, Stage], list[object]]


def look_rotated(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    made = struck.look("opened", place / "ind")
    assert made["behind"] == ""
    assert made["left"] == []
    assert made["keys"] == (2 if RELEASED in told.grown else 1)
    assert made["rings"] == ["node.keys", "power.keys", "root.keys"]


def look_erased(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    made = struck.look("shown", place / "ind", stage.act)
    if RELEASED in told.grown:
        assert (made["state"], made["found"]) == ("erased", 0)
        struck.look("around", place / "ind")
        assert struck.look("shown", place / "ind", stage.act)["files"] == []
    else:
        assert made["state"] != "erased"
    again = struck.look("command", "erase", stage.act, "--node", place / "ind")
    assert again["code"] == 0 or "erased already" in again["err"], again
    assert struck.look("shown", place / "ind", stage.act) == {"state": "erased", "found": 0, "files": []}
    assert struck.look("opened", place / "ind")["left"] == []


def look_unpacked(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    made = struck.look("opened", place / "ind")
    assert (made["behind"], made["left"]) == ("", [])
    if told.after[MIRROR] != told.before[MIRROR]:
        assert struck.look("shown", place / "ind", stage.act)["state"] == "erased"
        struck.look("around", place / "ind")
    again = struck.look("command", "exchange", "unpack", place / "pack", "--node", place / "ind")
    assert again["code"] == 0 or "older" in again["err"], again
    kept = struck.look("shown", place / "ind", stage.act)
    # The words of the comment of this side are still there; of theirs no copy is.
    assert (kept["state"], struck.look("held", place / "ind", "SPILLEDWORDS of theirs")["files"]) == ("erased", [])


def recovered(struck: Struck, folder: Path, given: Path) -> str:
    """Recover a node, and say the sentence that is asked for; returns that."""
    asked = struck.look("command", "recover", "--from", given, "--node", folder)
    found = re.search(r"--confirm '([^']+)'", asked["out"] + asked["err"])
    if found is None:
        assert asked["code"] == 0, asked
        return ""
    again = struck.look("command", "recover", "--from", given, "--node", folder, "--confirm", found[1])
    assert again["code"] == 0, again
    return found[1]


def look_recovered(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    recovered(struck, place / "ind", place / "given")
    made = struck.look("opened", place / "ind")
    assert (made["behind"], made["left"]) == ("", [])


def look_founded(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    again = struck.look("command", *found(place, stage))
    if told.code == 0 and not told.killed:
        assert again["code"] == 1
        assert "already holds an office system" in again["err"]
    elif again["code"]:
        assert "already holds an office system" in again["err"], again
    invited = struck.look("command", "found", "--invite", "--node", place / "new")
    assert invited["code"] == 0, invited
    sound_alone(struck, place)


def look_acceded(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    again = struck.look("command", *accede(place, stage))
    assert again["code"] == 0, again
    joined = struck.look("command", "found", "--complete", place / "new" / "accession.json", "--node", place / "ind")
    assert joined["code"] == 0, joined
    sound_alone(struck, place)
    assert struck.look("goes_on", place / "new", place / "ind", "", "")["wrong"] == []


def look_completed(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    again = struck.look("command", *complete(place, stage))
    assert again["code"] == 0, again
    assert len(struck.look("entries", place / "ind")[RELEASED]) == 2
    assert struck.look("goes_on", place / "ind", place / "usa", "", "")["wrong"] == []


def look_restored(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    assert "backup-form" not in told.words  # a disc that fails makes no bad backup
    if not (place / "new").exists():
        again = struck.look("command", *restore(place, stage))
        assert again["code"] == 0, again
    assert sorted(path.name for path in place.iterdir()) == ["b.tar.gz", "given", "ind", "new", "usa"]
    made = struck.look("opened", place / "new")
    assert "restored" in made["behind"]
    recovered(struck, place / "new", place / "given")
    assert struck.look("goes_on", place / "new", place / "usa", stage.office, stage.record)["wrong"] == []


def look_rebuilt(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    assert told.grown == []
    made = struck.look("opened", place / "ind")
    assert (made["behind"], made["left"]) == ("", [])


def look_backed_up(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    """What stands of a backup of a sound node is good, and says so."""
    assert "DAMAGED" not in told.words
    if (place / "b.tar.gz").exists():
        assert struck.look("command", "drill", place / "b.tar.gz", "--node", place / "ind")["code"] == 0
        (place / "b.tar.gz").unlink()
    else:
        assert told.code != 0 or told.killed
    again = struck.look("command", *back_up(place, stage))
    assert again["code"] == 0, again
    assert sorted(path.name for path in place.iterdir()) == ["b.tar.gz", "ind", "usa"]


def look_exported(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    """What stands of an export is whole; where nothing does, nothing is in the way of the next one."""
    if not (place / "out" / "export").exists():
        assert told.code != 0 or told.killed
        again = struck.look("command", *export(place, stage))
        assert again["code"] == 0, again
    checked = struck.look("command", "verify", place / "out" / "export")
    assert checked["code"] == 0, checked
    assert [path.name for path in (place / "out").iterdir()] == ["export"]


def look_drilled(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    """A disc that fails says nothing of the backup, and nothing of the drill is left for long."""
    assert "backup-form" not in told.words
    assert "BAD." not in told.words
    again = struck.look("command", *drill(place, stage))
    assert (again["code"], again["out"].split()[0]) == (0, "GOOD."), again
    assert [path.name for path in (place / "tried").iterdir()] == []


def look_round(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    """The next round closes what had lapsed, once, whatever became of this one."""
    again = struck.look("around", place / "ind")
    assert again["code"] == 0, again
    made = struck.look("entries", place / "ind")
    assert len(made[RELEASED]) == len(told.before[RELEASED]) + 1
    struck.look("around", place / "ind")
    assert struck.look("entries", place / "ind") == made
    opened = struck.look("opened", place / "ind")
    assert (opened["behind"], opened["left"]) == ("", [])


def look_seated(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    """One entry and one seat, whether the row came with the entry or is put back by the next command."""
    again = struck.look("command", *seat(place, stage))
    assert again["code"] == 0 or "already holds this seat" in again["err"], again
    assert struck.look("seated", place / "ind") == {"seats": [1]}
    made = struck.look("entries", place / "ind")
    assert len(made[NATIONAL]) == len(told.before[NATIONAL]) + 1


def look_upgraded(struck: Struck, place: Path, stage: Stage, told: Told) -> None:
    """Accounts of an earlier version: up to date, or as they were and brought up to date by the next command."""
    made = struck.look("command", "person", "list", "--json", "--node", place / "ind")
    assert made["code"] == 0, made
    assert len(json.loads(made["out"])) == 2
    with closing(sqlite3.connect(place / "ind" / "accounts.sqlite3")) as accounts:
        assert accounts.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        applied = {name for (name,) in accounts.execute("SELECT name FROM django_migrations WHERE app = 'node'")}
    assert applied == {path.stem for path in FORMER.glob("*.sql")}


def sound_alone(struck: Struck, place: Path) -> None:
    assert struck.look("verified", place / "new")["wrong"] == []
    names = {path.name for path in (place / "new").iterdir()}
    assert not {name for name in names if name.startswith(".")}, names
    assert struck.look("opened", place / "new")["left"] == []


def found(place: Path, stage: Stage) -> list[object]:
    return ["found", "--side", "IND", "--environment", "exercise", "--empty", "--node", place / "new"]


def accede(place: Path, stage: Stage) -> list[object]:
    return ["accede", place / "ind" / "invitation.json", "--side", "USA", "--empty", "--node", place / "new"]


def complete(place: Path, stage: Stage) -> list[object]:
    return ["found", "--complete", place / "usa" / "accession.json", "--node", place / "ind"]


def restore(place: Path, stage: Stage) -> list[object]:
    return ["restore", place / "b.tar.gz", place / "new"]


def back_up(place: Path, stage: Stage) -> list[object]:
    return ["backup", place / "b.tar.gz", "--node", place / "ind"]


def export(place: Path, stage: Stage) -> list[object]:
    return ["export", "--bodies", "-o", place / "out" / "export", "--node", place / "ind"]


def drill(place: Path, stage: Stage) -> list[object]:
    (place / "tried").mkdir(exist_ok=True)
    return ["drill", place / "b.tar.gz", "--place", place / "tried", "--node", place / "ind"]


def seat(place: Path, stage: Stage) -> list[object]:
    return ["person", "seat", "a.person", stage.office, "secretariat", "--node", place / "ind"]


@dataclass
class Command:
    """A command: how it is staged, given, and looked at; the node it works on; whether that goes on with `usa`.

    `run`: what of `tests.faults.runs` does it.
    """

    stage: str
    words: Words
    look: Callable[[Struck, Path, Stage, Told], None]
    node: str = "ind"
    goes_on: bool = True
    run: str = "command"


COMMANDS = {
    "rotate": Command("joined", lambda place, _: ["rotate", "--node", place / "ind"], look_rotated),
    "erase": Command("joined", lambda place, one: ["erase", one.act, "--node", place / "ind"], look_erased),
    "unpack": Command(
        "packed", lambda place, _: ["exchange", "unpack", place / "pack", "--node", place / "ind"], look_unpacked
    ),
    "recover": Command(
        "old",
        lambda place, one: ["recover", "--from", place / "given", "--node", place / "ind", "--confirm", one.sentence],
        look_recovered,
    ),
    "backup": Command("joined", back_up, look_backed_up),
    "export": Command("joined", export, look_exported),
    "restore": Command("backed up", restore, look_restored, "new", goes_on=False),
    "drill": Command("backed up", drill, look_drilled),
    "rebuild": Command("joined", lambda place, _: ["rebuild", "--node", place / "ind"], look_rebuilt),
    "found": Command("nothing", found, look_founded, "new", goes_on=False),
    "accede": Command("invited", accede, look_acceded, "new", goes_on=False),
    "complete": Command("acceded", complete, look_completed, goes_on=False),
    "round": Command("due", lambda place, _: [place / "ind"], look_round, run="around"),
    "seat": Command("an account", seat, look_seated),
    "upgrade": Command("former", lambda place, _: ["person", "list", "--json", "--node", place / "ind"], look_upgraded),
}


@pytest.fixture
def staging(pair: Pair, tmp_path: Path, struck: Struck) -> Callable[[str], Stage]:
    """Makes a stage in a folder of its own."""

    def joined(place: Path) -> Stage:
        spilled = pair.ind.comment(pair.record, "SPILLEDWORDS " * 40)
        pair.swap()
        for capital in (pair.ind, pair.usa):
            capital.node.close()
            shutil.copytree(capital.folder, place / capital.folder.name)
        return Stage(place, pair.ind.office, pair.record, spilled.act)

    def made(kind: str) -> Stage:
        place = tmp_path / "staged"
        place.mkdir()
        if kind == "joined":
            return joined(place)
        if kind == "due":
            lapses = datetime.now(UTC) + timedelta(seconds=8)
            until = lapses.strftime("%Y-%m-%dT%H:%M:%SZ")
            terms = capitals.table.Propose(0, pair.ind.side, until)
            offer = text.Text(content=capitals.project("ex-lapsed"))
            pair.ind.write("propose", capitals.new_record("project", pair.ind.side), terms, offer)
            stage = joined(place)
            time.sleep(max(0.0, (lapses - datetime.now(UTC)).total_seconds()) + 1)
            return stage
        if kind == "an account":
            stage = joined(place)
            struck.look("command", "person", "add", "a.person", "A. Person", "--fictitious", "--node", place / "ind")
            return stage
        if kind == "former":
            stage = joined(place)
            with closing(sqlite3.connect(place / "ind" / "accounts.sqlite3")) as accounts:
                accounts.executescript(min(FORMER.glob("*.sql")).read_text(encoding="utf-8"))
                for table in ("node_reading", "node_authorship", "node_seat"):  # of another ledger than this node's
                    accounts.execute(f"DELETE FROM {table}")
                accounts.commit()
            return stage
        if kind == "packed":
            record, offer = capitals.propose(pair.ind, "ex-due")
            theirs = pair.usa.comment(pair.record, "SPILLEDWORDS of theirs")
            stage = joined(place)
            usa = pair.usa.again()
            usa.write("accept", record, capitals.table.Answer(offer.act))  # to be closed here
            spill.erase(usa.node, theirs.act)  # and to be obeyed
            for number in range(3):
                usa.comment(pair.record, f"to be taken in {number} " + "words " * 100)
            stage.act = theirs.act
            (place / "pack").write_bytes(exchange.make_pack(usa.node))
            usa.node.close()
            shutil.rmtree(place / "usa")
            shutil.copytree(usa.folder, place / "usa")
            return stage
        if kind in ("old", "backed up"):
            backup.backup(pair.ind.node, place / "b.tar.gz")
            stage = joined(place)
            usa = pair.usa.again()
            (place / "given").write_bytes(recover.give_back(usa.node))
            usa.node.close()
            if kind == "old":
                shutil.rmtree(place / "ind")
                restoring.restore(place / "b.tar.gz", place / "ind")
                (place / "b.tar.gz").unlink()
                shutil.copytree(place / "ind", tmp_path / "tried")
                stage.sentence = recovered(struck, tmp_path / "tried", place / "given")
            return stage
        if kind in ("invited", "acceded"):
            struck.look(
                "command", "found", "--side", "IND", "--environment", "exercise", "--empty", "--node", place / "ind"
            )
        if kind == "acceded":
            words = ["accede", place / "ind" / "invitation.json", "--side", "USA", "--empty", "--node", place / "usa"]
            struck.look("command", *words)
        return Stage(place)

    return made


def points(trace: str, largest: int) -> list[Point]:
    """Every strike at every call that a run made, and sizes at which files end."""
    calls = re.findall(r"^\d+ +(\w+)\(", trace, flags=re.MULTILINE)
    found = [
        Point(f"{call}:{fault}:when={number}")
        for call, faults in STRIKES.items()
        for number in range(1, calls.count(call) + 1)
        for fault in faults
    ]
    return found + [Point(limit=1 + number * largest // SHORT | 1) for number in range(SHORT)]


def true_words(told: Told) -> None:
    """What was said of a command that failed is what stands."""
    words = told.words
    if told.killed:
        return
    if told.code == 0:
        assert "refused:" not in words
        return
    if "may stand" in words:
        return
    stands = re.search(r"it stands as entry (\d+) of the (\w+) ledger", words)
    if stands:
        assert len(told.after[stands[2]]) > int(stands[1]), words
        assert len(told.before.get(stands[2], [])) <= int(stands[1]), words
    elif "and stand" not in words:
        assert told.grown == [], words  # it said that it was not done


def check(struck: Struck, command: Command, stage: Stage, place: Path, point: Point) -> None:
    """Strike once, and look."""
    shutil.copytree(stage.staged, place, dirs_exist_ok=True)
    before = struck.look("entries", place / command.node)
    made = struck.ask(command.run, *command.words(place, stage), strike=point.strike, limit=point.limit)
    killed = os.WIFSIGNALED(made["status"])
    assert not killed or os.WTERMSIG(made["status"]) == signal.SIGKILL, made
    assert not point.strike or "INJECTED" in made["trace"] or killed, f"nothing was struck: {made['said']}"
    said = made["said"] or {"code": -1, "out": "", "err": "killed or unheard"}
    assert "defect" not in said, said["defect"]
    told = Told(killed or made["said"] is None, said["code"], said["out"] + said["err"], before)
    told.after = struck.look("entries", place / command.node)
    true_words(told)
    look_after(struck, command, place, stage, told)


def look_after(struck: Struck, command: Command, place: Path, stage: Stage, told: Told) -> None:
    """What must hold of a node and its counterpart after its command was cut, and how work goes on."""
    for ledger, ids in told.before.items():
        assert told.after[ledger][: len(ids)] == ids, f"{ledger}: what stood is lost"
    command.look(struck, place, stage, told)
    if command.goes_on:
        assert struck.look("goes_on", place / "ind", place / "usa", stage.office, stage.record)["wrong"] == []


def sweep(
    struck: Struck, stage: Stage, tmp_path: Path, injected: Injected, name: str, part: int, parts: int, most: int = 0
) -> int:
    """Strike every point of one part of a command's points (at most so many); how many that were."""
    command = COMMANDS[name]
    dry = tmp_path / "dry"
    shutil.copytree(stage.staged, dry)
    run = struck.ask(command.run, *command.words(dry, stage), traced=True)
    assert run["said"]["code"] == 0, run["said"]
    largest = max(path.stat().st_size for path in dry.rglob("*") if path.is_file())
    chosen = points(run["trace"], largest)[part::parts]
    if most:
        chosen = chosen[:: max(1, len(chosen) // most)][:most]
    wrong = []
    for number, point in enumerate(chosen):
        place = tmp_path / str(number)
        place.mkdir()
        try:
            check(struck, command, stage, place, point)
        except (AssertionError, KeyError) as error:
            wrong.append(f"{name}, {point}: {error}")
            injected(f"{name} struck", False)
        else:
            injected(f"{name} struck", True)
        shutil.rmtree(place)
    assert not wrong, f"{len(wrong)} of {len(chosen)} points:\n" + "\n".join(wrong)
    return len(chosen)
