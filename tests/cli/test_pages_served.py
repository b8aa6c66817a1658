"""The pages as they are served: slow and idle clients, more requests than can be answered, a proxy, dying processes."""

import http.client
import os
import re
import signal
import socket
import sqlite3
import threading
import time
from pathlib import Path

import pytest

from dtti.ledger.store import RELEASED
from dtti.node.core.node import Node
from dtti.web.worker import WAITING
from tests.cli.served import PATIENCE, answers, below, gone, serving_pages, until
from tests.node.capitals import Pair

pytestmark = pytest.mark.long
Head = dict[str, str]
Answer = tuple[int, Head, bytes]


def ask(address: str, path: str = "/projects/", method: str = "GET", body: object = None, **head: str) -> Answer:
    """One request on a connection of its own: status, head, body."""
    connection = http.client.HTTPConnection(address, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in head.items()})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()


def opened(address: str, sent: bytes = b"") -> socket.socket:
    """A connection on which this much was sent, and no more."""
    host, _, port = address.partition(":")
    made = socket.create_connection((host, int(port)), timeout=PATIENCE)
    made.sendall(sent)
    return made


def workers(pid: int) -> list[int]:
    """The processes that answer pages below `dtti serve`: the children of gunicorn's first one."""
    pages = [each for each in below(pid) if Path(f"/proc/{each}/comm").read_text().strip() == "dtti-pages"]
    return [each for each in pages if any(each in below(other) for other in pages)]


def form(address: str, folder: Path) -> tuple[str, Head, list[bytes]]:
    """The check page's form with a scan of three megabytes in it: token cookie, head, body in pieces."""
    _, head, page = ask(address, "/check/")
    (token,) = re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    (name,) = set(re.findall(rb'type="file"[^>]* name="(\w+)"|name="(\w+)"[^>]*type="file"', page).pop()) - {b""}
    edge = b"----edge"
    scan = os.urandom(1 << 20) * 3
    body = (
        b"--" + edge + b'\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n' + token + b"\r\n"
        b"--" + edge + b'\r\nContent-Disposition: form-data; name="' + name + b'"; filename="scan.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + scan + b"\r\n--" + edge + b"--\r\n"
    )
    sent = {
        "Cookie": head["set-cookie"].partition(";")[0],
        "Content-Type": f"multipart/form-data; boundary={edge.decode()}",
        "Content-Length": str(len(body)),
    }
    return token.decode(), sent, [body[low : low + 65536] for low in range(0, len(body), 65536)]


def test_idle_slow_and_greedy_clients_keep_nobody_from_a_page_and_a_slow_scan_arrives_whole(pair: Pair):
    pair.close()
    with serving_pages(pair.ind.folder) as (process, address):
        assert ask(address)[0] == 200
        before = workers(process.pid)
        assert len(before) == 1
        held = [opened(address) for _ in range(100)]
        held += [opened(address, b"GET /projects/ HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") for _ in range(100)]
        post = b"POST /check/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3000000\r\n\r\nsome"
        held += [opened(address, post) for _ in range(100)]
        greedy = [opened(address, b"GET /projects/ HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(20)]
        assert ask(address)[0] == 200

        _, head, pieces = form(address, pair.ind.folder)
        scan = http.client.HTTPConnection(address, timeout=PATIENCE)
        scan.putrequest("POST", "/check/")
        for name, value in head.items():
            scan.putheader(name, value)
        scan.endheaders()
        for number, piece in enumerate(pieces):
            scan.send(piece)
            if number % 8 == 0:
                time.sleep(0.2)
                assert ask(address)[0] == 200
        assert scan.getresponse().status == 200
        for each in (*held, *greedy):
            each.close()
        assert workers(process.pid) == before


def test_what_cannot_be_answered_in_time_is_sent_away_with_a_page_that_says_so(pair: Pair):
    pair.close()
    with serving_pages(pair.ind.folder) as (_, address):
        accounts = sqlite3.connect(pair.ind.folder / "accounts.sqlite3", isolation_level=None)
        accounts.execute("BEGIN EXCLUSIVE")  # whoever has a session waits for it
        found: list[Answer] = []
        path = ["/projects/", "/hi/projects/"]

        def one(number: int) -> None:
            found.append(ask(address, path[number % 2], Cookie="dtti_ind=0123456789abcdefghijklmnopqrstuv"))

        more = 8
        asking = [threading.Thread(target=one, args=(number,)) for number in range(1 + WAITING + more)]
        for each in asking:
            each.start()
            time.sleep(0.02)
        until(lambda: len(found) >= more, "nothing was sent away")
        assert [status for status, _, _ in found] == [503] * more
        accounts.execute("ROLLBACK")
        accounts.close()
        for each in asking:
            each.join(PATIENCE)
        assert sorted(status for status, _, _ in found) == [200] * (1 + WAITING) + [503] * more
        for status, head, body in found:
            if status == 503:
                assert head["retry-after"] == "5"
                assert head["cache-control"] == "no-store"
                assert "default-src 'none'" in head["content-security-policy"]
                hindi = head["content-language"] == "hi"
                assert ("आपने जो भेजा उसे देखा नहीं गया" in body.decode()) is hindi
                assert ("What you sent was not looked at" in body.decode()) is not hindi
        assert {head["content-language"] for status, head, _ in found if status == 503} == {"en", "hi"}


def test_the_word_of_the_proxy_named_is_taken_for_https_and_nobody_elses(pair: Pair):
    pair.close()
    given = {"DTTI_PAGES_URL": "https://node.example"}
    proxied = {"Host": "node.example", "X_Forwarded_Proto": "https", "X_Forwarded_For": "198.51.100.7"}
    with serving_pages(pair.ind.folder, **given) as (_, address):
        assert ask(address, **proxied)[0] == 200
        status, head, _ = ask(address, Host="node.example")
        assert (status, head["location"]) == (301, "https://node.example/projects/")
    with serving_pages(pair.ind.folder, **given, DTTI_PROXY="192.0.2.1") as (_, address):
        assert ask(address, **proxied)[0] == 301


def test_a_worker_that_is_killed_is_replaced(pair: Pair):
    pair.close()
    with serving_pages(pair.ind.folder) as (process, address):
        assert ask(address)[0] == 200
        (first,) = workers(process.pid)
        os.kill(first, signal.SIGKILL)
        until(lambda: [each for each in workers(process.pid) if each != first], "no other worker")
        assert ask(address)[0] == 200


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda each: each.name)
def test_however_serve_ends_nothing_is_left_that_holds_its_port(pair: Pair, number: signal.Signals):
    size = pair.ind.node.store.size(RELEASED)
    pair.close()
    with serving_pages(pair.ind.folder) as (process, address):
        assert ask(address)[0] == 200
        children = below(process.pid)
        assert len(children) >= 3  # rounds, gunicorn, a worker
        idle = opened(address)
        process.send_signal(number)
        assert process.wait(PATIENCE) == (0 if number != signal.SIGKILL else -number)
        until(lambda: all(map(gone, children)), "a child is left")
        assert not answers(address)
        idle.close()
    with serving_pages(pair.ind.folder) as (_, address):
        assert ask(address)[0] == 200
    node = Node(pair.ind.folder)
    assert node.store.size(RELEASED) >= size
    node.close()
