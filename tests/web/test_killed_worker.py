"""Pages on a served node whose worker is killed, or whose disc fails, in the middle of a click.

A form is sent to gunicorn as `dtti serve` runs it, under strace, which kills the worker at its n-th write or sync of a
database, or lets one fail. Then the same form is sent again to the node served anew: each time there is one act, and
what the page said is compared with what stands.
"""

import http.cookiejar
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
from lxml import html
from tests.cli.served import free_ports
from tests.node import capitals

from dtti.ledger import act as acts
from dtti.ledger.store import RELEASED
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.folder import config

pytestmark = [
    pytest.mark.fault,
    pytest.mark.as_served,
    pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed"),
]

PATIENCE = 60  # seconds until a server that does not answer fails its test
SAID = "Said at the page, and meant once."
SEAT = """
import sys
from pathlib import Path
from dtti.node.people import accounts
accounts.start(Path(sys.argv[1]))
from dtti.node.people import seats
from dtti.node.core.node import Node
node = Node(Path(sys.argv[1]))
person = seats.create_person("arjun", "Arjun Rao (exercise)", fictitious=True)
seats.give_seat(node, person, sys.argv[2], "co_chair")
"""


@dataclass
class Site:
    """A node's folder, the record to remark on, and the address at which it is served."""

    folder: Path
    record: str
    address: str

    @contextmanager
    def served(self, *strace: str) -> Iterator[subprocess.Popen[bytes]]:
        """The pages of the node, perhaps under strace."""
        command = [sys.executable, "-m", "gunicorn", "-c", "python:dtti.web.gunicorn", "dtti.web.wsgi:application"]
        environment = {**capitals.environment(), "DTTI_NODE": str(self.folder), "DTTI_WORKERS": "1"}
        with (self.folder.parent / "log").open("ab") as log:
            process = subprocess.Popen([*strace, *command], env=environment, stderr=log, start_new_session=True)
        try:
            limit = time.monotonic() + PATIENCE
            while self.get("/account/sign-in") is None:
                assert process.poll() is None, (self.folder.parent / "log").read_text()[-3000:]
                assert time.monotonic() < limit
                time.sleep(0.1)
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(PATIENCE)

    def __post_init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> str | None:
        return self._open(path, None)

    def post(self, path: str, given: dict[str, str]) -> str | None:
        return self._open(path, urllib.parse.urlencode(given).encode())

    def _open(self, path: str, data: bytes | None) -> str | None:
        """The page in the end, whatever its status; None where no answer came."""
        try:
            return str(self.opener.open(self.address + path, data, timeout=PATIENCE).read().decode())
        except urllib.error.HTTPError as answer:
            return str(answer.read().decode())
        except (OSError, http.client.HTTPException):
            return None

    def fields(self, page: str, action: str = "") -> dict[str, str]:
        """What the first form of a page that goes to `action` would send by itself."""
        form = next(each for each in html.fromstring(page).xpath("//form") if (each.get("action") or "") == action)
        return {each.get("name"): each.get("value") or "" for each in form.xpath(".//input[@type='hidden']")}

    @property
    def path(self) -> str:
        return f"/work/{self.record.rsplit('/', 1)[1]}/remark-to-the-other-side/"

    def ready(self) -> dict[str, str]:
        """Sign in, fill the form of a remark, and read the page that confirms it; what its button would send."""
        page = self.get("/demo-sign-in") or ""
        chosen = next(each for each in html.fromstring(page).xpath("//form") if each.xpath(".//input[@name='seat']"))
        seat = {each.get("name"): each.get("value") for each in chosen.xpath(".//input")}
        assert self.post("/demo-sign-in", seat) is not None
        first = self.fields(self.get(self.path) or "")
        asked = self.post(self.path, {**first, "remarks": SAID, "check": "yes"}) or ""
        return {**self.fields(asked), "remarks": SAID, "confirm": "yes"}

    def stands(self) -> list[int]:
        """The entries that hold the remark."""
        node = Node(self.folder)
        try:
            found = []
            for index, leaf in enumerate(node.store.leaves(RELEASED)):
                entry = acts.open_leaf(leaf)
                if entry.act.verb == "comment" and entry.act.record == self.record:
                    found.append(index)
            return found
        finally:
            node.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A node of India with a person in its office, to be copied."""
    folder = tmp_path_factory.mktemp("killed") / "pair"
    folder.mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DTTI_PASSPHRASE", capitals.PASSPHRASE.decode())
        capitals.build(folder)
    now = config.read(folder / "ind")
    config.write(folder / "ind", msgspec.structs.replace(now, demonstration=True))
    office = (folder / "IND.office").read_text()
    seating = [sys.executable, "-c", SEAT, str(folder / "ind"), office]
    subprocess.run(seating, check=True, timeout=PATIENCE, env=capitals.environment())
    return folder / "ind", (folder / "record").read_text()


@pytest.fixture
def site(made: tuple[Path, str], tmp_path: Path) -> Site:
    return copied(made, tmp_path)


def copied(made: tuple[Path, str], place: Path) -> Site:
    folder, record = made
    shutil.copytree(folder, place / "ind")
    (port,) = free_ports(1)
    now = config.read(place / "ind")
    config.write(place / "ind", msgspec.structs.replace(now, page_address=f"127.0.0.1:{port}"))
    return Site(place / "ind", record, f"http://127.0.0.1:{port}")


def strace(site: Site, files: tuple[str, ...], fault: str) -> tuple[str, ...]:
    """strace of all workers, which strikes at what they do to these files."""
    paths = [part for name in files for part in ("-P", str(site.folder / name))]
    return ("strace", "-f", "-qq", "-o", str(site.folder.parent / "trace"), *paths, *fault.split())


LEDGER = ("ledger.sqlite3-wal", "ledger.sqlite3")
RECORD = ("record.sqlite3-wal", "record.sqlite3")

#: Files struck, and how: before the commit, between the commit and what follows it, in what follows.
STRUCK = {
    "killed as the entry is written": (LEDGER, "-e trace=pwrite64 -e inject=pwrite64:signal=KILL:when={}", (1, 3, 6)),
    "killed as the entry is synced": (LEDGER, "-e trace=fdatasync -e inject=fdatasync:signal=KILL:when={}", (1, 2)),
    "killed as what follows is written": (RECORD, "-e trace=pwrite64 -e inject=pwrite64:signal=KILL:when={}", (1, 4)),
    "the sync of the entry fails": (LEDGER, "-e trace=fdatasync -e inject=fdatasync:error=EIO:when={}", (1, 2)),
    "the disc is full for the entry": (LEDGER, "-e trace=pwrite64 -e inject=pwrite64:error=ENOSPC:when={}", (1, 4)),
    "the disc is full for what follows": (RECORD, "-e trace=pwrite64 -e inject=pwrite64:error=ENOSPC:when={}", (1, 3)),
}


#: What may come of it: the answer, and how many entries stand.
MEANT: dict[str, set[tuple[str, int]]] = {
    "killed as the entry is written": {("no answer", 0)},
    "killed as the entry is synced": {("no answer", 0), ("no answer", 1)},  # a process is killed, not the power cut
    "killed as what follows is written": {("no answer", 1)},
    "the sync of the entry fails": {("nothing stands", 0), ("it may stand", 0), ("it may stand", 1)},
    "the disc is full for the entry": {("nothing stands", 0)},
    "the disc is full for what follows": {("it stands", 1)},
}


@pytest.mark.parametrize("struck", STRUCK)
def test_whatever_is_struck_there_is_one_act_and_no_page_says_otherwise(
    made: tuple[Path, str], tmp_path: Path, struck: str
) -> None:
    files, fault, points = STRUCK[struck]
    outcomes = set()
    for when in points:
        place = tmp_path / str(when)
        place.mkdir()
        site = copied(made, place)
        with site.served():
            form = site.ready()
        with site.served(*strace(site, files, fault.format(when))):
            answer = site.post(site.path, form)
        trace = (place / "trace").read_text()
        assert any(mark in trace for mark in ("INJECTED", "= ?", "<unfinished ...>")), (struck, when)
        entries = site.stands()
        assert len(entries) <= 1
        outcomes.add((_true(answer, entries) if answer is not None else "no answer", len(entries)))
        with site.served():
            again = site.post(site.path, form) or ""
            assert len(site.stands()) == 1, (struck, when)
            index = site.stands()[0]
            assert f"entry {index} of our official record" in again
            if entries:
                assert "This stands already" in again
            once_more = site.post(site.path, form) or ""
            assert "This stands already" in once_more
        assert site.stands() == [index]
        reports = verify.verify(site.folder)
        assert [fault for report in reports for fault in report.faults] == []
    assert outcomes <= MEANT[struck], outcomes


def _true(answer: str, entries: list[int]) -> str:
    """What a page said, which is so."""
    named = re.findall(r"entry (\d+) of our official record", answer)
    assert [int(one) for one in named] in ([], entries, entries * 2), answer
    if "Nothing of this form stands" in answer:
        assert entries == []
        return "nothing stands"
    if "It may stand" in answer:
        assert "/work/sent/" in answer
        return "it may stand"
    assert named, answer
    return "it stands"


def test_the_same_click_many_times_at_once_is_one_act(site: Site) -> None:
    with site.served():
        form = site.ready()
        answers: list[str | None] = []
        senders = [threading.Thread(target=lambda: answers.append(site.post(site.path, form))) for _ in range(6)]
        for each in senders:
            each.start()
        for each in senders:
            each.join(PATIENCE)
        (index,) = site.stands()
        assert len(answers) == 6
        assert all(one and f"entry {index} of our official record" in one for one in answers)
        assert sum("This stands already" in (one or "") for one in answers) == 5
