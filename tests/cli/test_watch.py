"""What a watching program is told by a node that is really served: health, readiness, metrics, log lines."""

import http.client
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dtti.ledger.store import RELEASED
from dtti.node.folder import config
from dtti.node.keeping import conditions
from dtti.web import counters
from tests.cli.served import PATIENCE, answers, command, free_ports
from tests.node import capitals
from tests.node.capitals import Pair

SAMPLE = re.compile(r'(dtti_[a-z_]+)((?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (-?[0-9.e+]+)')


@contextmanager
def pages(folder: Path, logs: Path, **changes: object) -> Iterator[int]:
    """The pages of the node in `folder`, by two workers; log lines go to `logs`. Yields the port."""
    (port,) = free_ports(1)
    now = config.read(folder)
    config.write(folder, config.msgspec.structs.replace(now, page_address=f"127.0.0.1:{port}", **changes))
    with logs.open("w") as errors:
        process = subprocess.Popen(
            command("serve", "--no-exchange", "--node", folder), stderr=errors, env=capitals.environment()
        )
        try:
            limit = time.monotonic() + PATIENCE
            while not answers(f"127.0.0.1:{port}"):
                assert process.poll() is None, logs.read_text()
                assert time.monotonic() < limit
                time.sleep(0.1)
            yield port
        finally:
            process.terminate()
            process.wait(PATIENCE)


def get(port: int, path: str, **headers: str) -> tuple[int, str, str]:
    """Status, type (of a node that is watched) or id (of a page), and body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def metrics(port: int) -> dict[str, float]:
    status, kind, text = get(port, "/metrics")
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    samples = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            found = SAMPLE.fullmatch(line)
            assert found, line
            samples[found[1] + found[2]] = float(found[3])
    return samples


@pytest.mark.long
def test_a_served_node_is_watched_from_its_own_machine_alone(pair: Pair, tmp_path: Path):
    pair.ind.national("kept-here")
    entries = pair.ind.node.store.size(RELEASED)
    pair.close()
    logs = tmp_path / "log"
    with pages(pair.ind.folder, logs, pages_url="http://dtti.example.org") as port:
        assert get(port, "/healthz")[::2] == (200, "ok\n")
        status, _, body = get(port, "/readyz")
        assert (status, json.loads(body)) == (200, {"ready": True, "broken": []})
        before = metrics(port)
        asked = [get(port, "/", Host="dtti.example.org")[0] for _ in range(12)]
        asked += [get(port, "/no/such/page", Host="dtti.example.org")[0] for _ in range(3)]
        assert asked == [302] * 12 + [404] * 3
        outside = [
            {"Host": "dtti.example.org"},
            {"Host": "elsewhere.example"},
            {"X_Forwarded_For": "10.0.0.1"},
            {"Forwarded": "for=10.0.0.1"},
            {"Via": "1.1 proxy"},
            {"X_Real_IP": "127.0.0.1"},
        ]
        for headers in outside:
            for path in ("/healthz", "/readyz", "/metrics"):
                status, _, body = get(port, path, **headers)
                assert status in (400, 404), (headers, path)
                assert "dtti_" not in body
        after = metrics(port)
        # Both workers count in one place, whichever is asked.
        assert after['dtti_requests_total{class="3xx"}'] - before['dtti_requests_total{class="3xx"}'] == 12
        grown = [after["dtti_request_seconds_count"] - before["dtti_request_seconds_count"]]
        assert grown == [15 + 3 * len(outside)]
        assert after['dtti_request_seconds_bucket{le="+Inf"}'] == after["dtti_request_seconds_count"]
        text = get(port, "/metrics")[2]
    assert before['dtti_ledger_entries{ledger="released"}'] >= entries
    assert before['dtti_ledger_entries{ledger="national"}'] == 1
    assert before['dtti_open_offers{by="own"}'] == 0
    assert before['dtti_age_seconds{of="act"}'] >= 0
    assert before['dtti_certificate_days{side="own"}'] > 3000
    assert before['dtti_disc_bytes{kind="free"}'] > 0
    listed = {name for name in before if name.startswith("dtti_condition")}
    assert listed == {
        f'dtti_condition{{rule="{one.rule}",severity="{one.severity}"}}' for one in conditions.CONDITIONS if one.quick
    }
    assert "ex-" not in text
    assert pair.record not in text
    lines = [json.loads(line) for line in logs.read_text().splitlines()]
    requests = [one for one in lines if one["logger"] == "dtti.web.request"]
    assert len(requests) == 15 + 3 * len(outside)
    assert all(re.fullmatch("[0-9a-f]{16}", one["id"]) and one["ms"] >= 0 for one in requests)
    assert len({one["id"] for one in requests}) == len(requests)
    assert {one["route"] for one in requests if one["status"] == 404} == {"none"}
    assert "no/such/page" not in logs.read_text()
    moment = datetime.fromisoformat(requests[0]["time"])
    assert abs((datetime.now(UTC) - moment).total_seconds()) < 3600
    assert next(one["event"] for one in lines if one["logger"] == "dtti.serve").startswith("Pages of IND")


@pytest.mark.long
def test_a_broken_node_lives_and_is_not_ready(pair: Pair, tmp_path: Path):
    pair.close()
    with pages(pair.ind.folder, tmp_path / "log") as port:
        assert get(port, "/readyz")[0] == 200
        (pair.ind.folder / "mark").unlink()
        told(port, "mark")


def told(port: int, rule: str) -> None:
    """Both workers come to say that `rule` alone is broken, at `/readyz` and in `/metrics`; the process lives."""
    limit, said = time.monotonic() + PATIENCE, 0
    while said < 8:  # a look is kept for seconds, by each worker, and whose answer comes is chance
        assert time.monotonic() < limit
        status, _, body = get(port, "/readyz")
        ready = (status, json.loads(body)) == (503, {"ready": False, "broken": [rule]})
        counted = metrics(port)[f'dtti_condition{{rule="{rule}",severity="broken"}}'] == 1
        said = said + 1 if ready and counted else 0
        time.sleep(0.2)
    assert get(port, "/healthz")[0] == 200


@pytest.mark.long
@pytest.mark.parametrize("held", ["", "a\n", "00" * 31], ids=["empty", "typed", "short"])
def test_a_secret_that_can_be_guessed_signs_nothing(pair: Pair, tmp_path: Path, held: str):
    pair.close()
    secret = pair.ind.folder / "secret"
    with pages(pair.ind.folder, tmp_path / "log") as port:
        made = secret.read_text()
        secret.write_text(held)
        told(port, "secret")
    done = subprocess.run(
        command("serve", "--no-exchange", "--node", pair.ind.folder),
        capture_output=True,
        text=True,
        env=capitals.environment(),
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, "rule: secret" in done.stderr) == (1, True), done.stderr
    assert "Remove the file" in done.stderr
    secret.unlink()
    with pages(pair.ind.folder, tmp_path / "log") as port:
        assert get(port, "/readyz")[0] == 200
    assert secret.read_text() not in (made, held)


@pytest.mark.long
@pytest.mark.parametrize("page", [1, 3, 20])
def test_damaged_accounts_are_told_to_who_watches(pair: Pair, tmp_path: Path, page: int):
    pair.close()
    with pages(pair.ind.folder, tmp_path / "log") as port:
        assert get(port, "/readyz")[0] == 200
        with (pair.ind.folder / "accounts.sqlite3").open("r+b") as file:
            file.seek(page * 4096)
            file.write(bytes(40 * 4096))
        told(port, "accounts")
        cookie = f"dtti_ind={'a' * 32}"  # of a session, so that the page asks the accounts for it
        asked = {get(port, path, Cookie=cookie)[0] for path in ("/record/", "/hi/record/", "/record/.json") * 3}
    assert asked <= {200, 302, 404, 500}
    assert "the error page failed" not in (tmp_path / "log").read_text()


def test_a_command_logs_what_was_written_and_no_contents(pair: Pair, tmp_path: Path):
    pair.close()
    path = tmp_path / "log"
    words = ("act", "comment", pair.record, "--remarks", "words of a remark", "--office", pair.ind.office)
    done = subprocess.run(
        command(*words, "--node", pair.ind.folder, "--json"),
        capture_output=True,
        text=True,
        env={**capitals.environment(), "DTTI_LOG": str(path)},
        check=True,
    )
    written, ended = (json.loads(line) for line in path.read_text().splitlines())
    receipt = json.loads(done.stdout)
    assert {name: written[name] for name in ("event", "verb", "ledger", "entry", "office")} == {
        "event": "written",
        "verb": "comment",
        "ledger": "released",
        "entry": receipt["index"],
        "office": pair.ind.office,
    }
    assert (ended["event"], ended["route"], ended["code"], ended["id"]) == ("command", "dtti act", 0, written["id"])
    assert "words of a remark" not in path.read_text()


def test_answers_are_counted_in_the_bucket_of_their_time():
    classes, buckets, seconds = counters.totals()
    counters.count(204, 0.03)
    counters.count(503, 60)
    now = counters.totals()
    assert (now[0]["2xx"] - classes["2xx"], now[0]["5xx"] - classes["5xx"]) == (1, 1)
    assert [one - two for one, two in zip(now[1], buckets, strict=True)] == [0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert round(now[2] - seconds, 2) == 60.03
