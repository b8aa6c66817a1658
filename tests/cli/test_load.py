"""Fifty people on PostgreSQL beside idle, slow and greedy clients, while workers are killed and the database stops.

What is held to: no act that was answered is lost, none is doubled, no page is broken but while the database is away.
How long pages took is printed and held to nothing: machines are shared. Forty-six of the fifty look at each page for a
while, as long as chance has it (exponential, as in TPC-W, which takes a mean of seven seconds; here three); four are
greedy and ask again at once.
"""

import html
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from dtti.ledger import act as acts
from dtti.ledger import body as bodies
from dtti.ledger.store import NATIONAL
from dtti.node.core import text
from dtti.node.core.node import Node
from tests.bench import making
from tests.cli.served import PATIENCE, answers, free_ports, people_of, serving_pages, until
from tests.cli.test_pages_served import opened, workers

PEOPLE, GREEDY = 50, 4
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Cluster:
    """A PostgreSQL of this test's own, run by a user who is not root; stopped as a power cut stops it."""

    def __init__(self, folder: Path) -> None:
        self.folder, (self.port,) = folder, free_ports(1)
        self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
        if self.user:
            shutil.chown(folder, "postgres", "postgres")
        self.run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "dtti", "--encoding=UTF8", "--no-sync")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql://dtti@127.0.0.1:{self.port}/postgres"

    def run(self, *words: str) -> None:
        subprocess.run([*self.user, *words], check=True, stdout=subprocess.DEVNULL, cwd="/", timeout=PATIENCE)

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")


class Work:
    """What all people did, and what they were answered. `looks`: seconds that a page is looked at, on average."""

    def __init__(self, address: str, codes: list[str], looks: float) -> None:
        self.address, self.codes, self.looks = address, codes, looks
        self.over = threading.Event()
        self.ready = threading.Barrier(PEOPLE + 1)  # the time begins when all are signed in
        self.away = threading.Event()  # the database, and a little longer
        self.sent: set[str] = set()
        self.answered: dict[str, str] = {}
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.times: list[float] = []
        self.broken: list[str] = []

    def person(self, number: int) -> None:
        """One person: reads, and now and then writes a remark."""
        code, chance = self.codes[number % len(self.codes)], random.Random(number)

        def look() -> None:
            if number >= GREEDY:
                self.over.wait(min(chance.expovariate(1 / self.looks), 4 * self.looks))

        with httpx.Client(base_url=f"http://{self.address}", timeout=PATIENCE) as client:
            page = self.ask(client, "GET", "/demo-sign-in")
            seats = re.findall(r'name="seat" value="(\d+)"', page.text)
            token = dict(HIDDEN.findall(page.text))["csrfmiddlewaretoken"]
            self.ask(client, "POST", "/demo-sign-in", {"csrfmiddlewaretoken": token, "seat": seats[number]})
            self.ready.wait(2 * PATIENCE)
            turn = 0
            while not self.over.is_set():
                for path in ("/", "/projects/", f"/projects/{code}/"):
                    self.ask(client, "GET", path)
                    look()
                if (turn := turn + 1) % 2:
                    self.remark(client, code, f"remark {number}-{turn}")
                    look()

    def remark(self, client: httpx.Client, code: str, words: str) -> None:
        """Write one, answering the form and confirming what is then shown, until there is an answer."""
        path = f"/work/{code}/remark/"
        page = self.ask(client, "GET", path)
        page = self.ask(client, "POST", path, {**fields(page), "remarks": words, "check": "yes"})
        given = {**fields(page), "remarks": words, "confirm": "yes"}
        if page.status_code != 200:
            return
        self.sent.add(words)
        done = self.ask(client, "POST", path, given)
        if done.status_code == 302 and "/work/done/" in done.headers["location"]:
            self.answered[words] = done.headers["location"].rstrip("/").rpartition("/")[2]

    def ask(self, client: httpx.Client, method: str, path: str, data: dict[str, str] | None = None) -> httpx.Response:
        """One request, sent again as a person does where nothing came back, or no answer but that there is none."""
        limit = time.monotonic() + PATIENCE
        while True:
            began, was_away = time.monotonic(), self.away.is_set()
            try:
                answer = client.request(method, path, data=data)
            except httpx.TransportError:  # a worker was killed with this in its hands
                self.statuses["line", 0] += 1
                assert time.monotonic() < limit
                continue
            when = "away" if was_away or self.away.is_set() else "at work"
            self.statuses[when, answer.status_code] += 1
            if when == "at work":
                self.times.append(time.monotonic() - began)
                if answer.status_code >= 500 and answer.status_code != 503:
                    self.broken.append(f"{method} {path}: {answer.status_code}")
            if answer.status_code in (403, 404):  # nobody here asks for what is not theirs
                self.broken.append(f"{method} {path}: {answer.status_code}, {when}")
            if answer.status_code < 500 or time.monotonic() > limit:
                return answer
            time.sleep(1)


def fields(page: httpx.Response) -> dict[str, str]:
    """What a form carries without being filled in."""
    found = {name: html.unescape(value) for name, value in HIDDEN.findall(page.text)}
    return {**found, "kept": "yes"}


def nuisance(address: str, over: threading.Event) -> None:
    """Idle connections, requests that never end, bodies that trickle, answers that nobody reads."""
    while not over.is_set():
        held: list[socket.socket] = []
        with suppress(OSError):
            held += [opened(address) for _ in range(40)]
            held += [opened(address, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") for _ in range(40)]
            post = b"POST /check/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\nsome"
            held += [opened(address, post) for _ in range(40)]
            held += [opened(address, b"GET /projects/ HTTP/1.1\r\nHost: localhost\r\n\r\n" * 3) for _ in range(10)]
        over.wait(5)
        for each in held:
            each.close()


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    if shutil.which("initdb") is None or shutil.which("pg_ctl") is None:
        pytest.skip("no initdb here; Debian: apt-get install postgresql, with its bin folder on the path")
    place = tempfile.mkdtemp(prefix="dtti-cluster-")  # no folder above it is root's alone
    made = Cluster(Path(place))
    yield made
    with suppress(subprocess.CalledProcessError):
        made.stop()
    shutil.rmtree(place)


@pytest.mark.parametrize(
    ("seconds", "looks"),
    [pytest.param(20, 0.3, marks=[pytest.mark.long]), pytest.param(600, 3, marks=[pytest.mark.sweep])],
)
def test_nothing_is_lost_or_doubled_under_load_and_faults(cluster: Cluster, tmp_path: Path, seconds: int, looks: float):
    folder = tmp_path / "ind"
    node = making.alone(folder, database=cluster.url, demonstration=True)
    office = making.office(node)
    projects = node.write_all(next(making.acts(office, 10, remarks=0)))
    node.close()
    people_of(folder, [(f"p{number:02}", f"Person {number:02}", office, "project_officer") for number in range(PEOPLE)])
    with serving_pages(folder, DTTI_WORKERS="3", DTTI_PASSPHRASE=making.PHRASE.decode()) as (process, address):
        work = Work(address, [each.record.rpartition("/")[2] for each in projects], looks)
        threads = [threading.Thread(target=work.person, args=(number,)) for number in range(PEOPLE)]
        for each in threads:
            each.start()
        work.ready.wait(2 * PATIENCE)
        work.times.clear()
        threads.append(threading.Thread(target=nuisance, args=(address, work.over)))
        threads[-1].start()
        end, stopped, killed = time.monotonic() + seconds, False, 0
        every = min(60, seconds / 3)
        began = time.monotonic()
        while (now := time.monotonic()) < end:
            if not stopped and now > end - seconds / 2:
                work.away.set()
                cluster.stop()
                time.sleep(2)
                cluster.start()
                time.sleep(3)
                work.away.clear()
                stopped = True
            if now - began > every * (killed + 1):
                with suppress(IndexError, ProcessLookupError):
                    os.kill(workers(process.pid)[0], signal.SIGKILL)
                killed += 1
            time.sleep(0.2)
        work.over.set()
        for each in threads:
            each.join(PATIENCE)
        until(lambda: answers(address), "the pages are gone")

    system = Node(folder)
    written: Counter[str] = Counter()
    for leaf in system.store.leaves(NATIONAL):
        entry = acts.open_leaf(leaf)
        if entry.act.verb == "comment":
            held = system.store.body(bodies.Owner(NATIONAL, entry.id, 0))
            assert isinstance(held, bodies.Body)
            written[text.read(held.data).remarks] += 1
    system.close()
    times = sorted(work.times) or [0.0]
    slow = times[int(len(times) * 0.99)]
    sys.stdout.write(f"\n{len(times)} pages, median {statistics.median(times):.2f} s, 99th percentile {slow:.2f} s\n")
    sys.stdout.write(f"{len(work.answered)} remarks answered, {written.total()} written; {killed} workers killed\n")
    sys.stdout.write(f"{dict(work.statuses)}\n")
    assert stopped
    assert killed >= 2
    assert work.answered
    assert {words: count for words, count in written.items() if count > 1} == {}
    assert set(work.answered) <= set(written) <= work.sent
    assert work.broken == []
    assert not [each for each in work.statuses if each[1] == 500]  # a database that is away is said, with 503
