"""deploy/Containerfile is built and run by the guide's own commands, where an engine is; its sandbox is looked at.

And a bare Debian is booted, with systemd, so that the units run as the guide starts them, in their own sandbox.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cli.served import free_ports
from tests.deploy.test_operations import ROOT, SERVE, VARIABLES, bare, checkout, of

MISSING = [one for one in ("podman", "runc", "debootstrap") if shutil.which(one) is None]
pytestmark = [
    pytest.mark.container,
    pytest.mark.sweep,
    pytest.mark.skipif(os.geteuid() != 0, reason="an engine of the test's own is run by root"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

#: An engine with a store of its own. Limits of a container may not pass those of the machine.
PODMAN = """#!/bin/sh
case $1 in run) shift; set -- run --ulimit nofile=4096:16384 --ulimit nproc=4096:4096 "$@" ;;
build) shift; set -- build --isolation chroot --pull-never {given} "$@" ;; esac
exec {podman} --root {store}/root --runroot {store}/run --cgroup-manager cgroupfs --runtime runc "$@"
"""
GIVEN = ("/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")  # how this machine reaches packages
BASE = "docker.io/library/debian:bookworm-slim"
LOOK = "touch /opt/written 2>&1; cat /proc/1/status; tr '\\0' '\\n' < /proc/1/environ"
UNITS = [f"dtti-{part}@ind.service" for part in ("pages", "rounds", "exchange", "backup")]


@dataclass
class Engine:
    """An engine and what it is called by in a shell."""

    tools: Path
    given: list[str]

    def run(self, *words: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """One of its commands."""
        return subprocess.run([self.tools / "podman", *words], capture_output=True, text=True, timeout=seconds)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Its base image is this machine's own bare Debian, so that no registry of images is asked."""
    tools, store = tmp_path / "tools", Path(tempfile.mkdtemp(prefix="engine-"))  # the engine wants a short path
    tools.mkdir()
    given = [word for one in GIVEN if Path(one).is_file() for word in ("-v", f"{one}:{one}:ro")]
    script = PODMAN.format(podman=shutil.which("podman"), store=store, given=" ".join(given))
    (tools / "podman").write_text(script)
    (tools / "podman").chmod(0o755)
    made = Engine(tools, given)
    try:
        imported = made.run("import", str(bare(tmp_path)), BASE, seconds=600)
        assert imported.returncode == 0, imported.stderr
        yield made
    finally:
        made.run("rm", "-a", "-f", "-t", "0")
        made.run("rmi", "-a", "-f")
        shutil.rmtree(store, ignore_errors=True)


def test_the_container_is_built_and_serves_a_node_without_rights(engine: Engine, tmp_path: Path):
    (port,), phrase, node = free_ports(1), tmp_path / "phrase", tmp_path / "node"
    phrase.write_text("a phrase for the container\n")
    environment = {
        **os.environ,
        "PATH": f"{engine.tools}:{os.environ['PATH']}",
        "SOURCE": str(ROOT),
        "NODE": str(node),
        "PHRASE": str(phrase),
        "PAGES_PORT": str(port),
    }
    blocks = dict(of("container"))
    assert list(blocks) == ["build", "found_inside", "serve_inside"]
    for name in ("build", "found_inside"):
        ended = subprocess.run(
            ["sh", "-c", VARIABLES + blocks[name]], env=environment, capture_output=True, text=True, timeout=1200
        )
        assert ended.returncode == 0, f"{name}\n{ended.stdout[-2000:]}\n{ended.stderr[-4000:]}"
    with (tmp_path / "said").open("w") as said:
        serving = subprocess.Popen(
            ["sh", "-c", VARIABLES + blocks["serve_inside"]], env=environment, stdout=said, stderr=said
        )
    try:
        # As the proxy asks: its word for https is taken, since it comes by the gateway.
        head = {"Host": "dtti.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
        answer, limit = None, time.monotonic() + 120
        while answer is None:
            assert serving.poll() is None, (tmp_path / "said").read_text()
            assert time.monotonic() < limit, (tmp_path / "said").read_text()
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/projects/", headers=head, timeout=30)
            except httpx.TransportError:
                time.sleep(0.5)
        assert answer.status_code == 200
        assert "DTTI" in answer.text
        looked = engine.run("exec", "dtti-ind", "sh", "-c", LOOK).stdout
        assert "Read-only file system" in looked
        assert "CapEff:\t0000000000000000" in looked
        assert "NoNewPrivs:\t1" in looked
        assert "Uid:\t10001" in looked
        assert "a phrase" not in looked
        began = time.monotonic()
        assert engine.run("stop", "-t", "45", "dtti-ind").returncode == 0
        assert time.monotonic() - began < 40, (tmp_path / "said").read_text()
        assert serving.wait(30) == 0
    finally:
        engine.run("kill", "dtti-ind")
        serving.wait(60)
    checked = engine.run("run", "--rm", "-v", f"{node}:/node", "dtti", "verify", "/node")
    assert (checked.returncode, checked.stdout[:5]) == (0, "GOOD."), checked


def test_the_units_run_in_their_sandbox_on_a_booted_debian(engine: Engine, tmp_path: Path):
    """All blocks for a machine, where systemd runs: what it starts stays up, and is what the pages are asked of."""
    started = engine.run(
        "run",
        "-d",
        "--name",
        "machine",
        "--systemd=always",
        "--privileged",
        *engine.given,
        BASE,
        "/lib/systemd/systemd",
    )
    if started.returncode:
        pytest.skip(f"systemd is not started in a container here: {started.stderr.splitlines()[-1:]}")

    def inside(words: str, **more: str) -> str:
        told = [word for name, value in more.items() for word in ("-e", f"{name}={value}")]
        ended = engine.run("exec", *told, "machine", "sh", "-euc", words, seconds=1800)
        assert ended.returncode == 0, f"{words}\n{ended.stdout[-3000:]}\n{ended.stderr[-3000:]}"
        return ended.stdout

    checkout(tmp_path / "dtti")
    assert engine.run("cp", str(tmp_path / "dtti"), "machine:/root/dtti").returncode == 0
    told = {"DEBIAN_FRONTEND": "noninteractive"}
    for name, text in of("machine"):
        before = f"apt-get install -y -q openssl curl\n{SERVE}" if name == "proxy" else ""
        said = inside(VARIABLES + before + text, **told)
        if name == "move":
            (told["SENTENCE"],) = re.findall(r"--confirm '(.*)'", said)
        if name in ("services", "moved", "upgrade"):
            assert "DTTI" in inside(ASKED)
            for unit in UNITS[:2]:
                assert inside(f"systemctl is-active {unit}") == "active\n"
            # What nothing is to be served by is skipped, and does not fail again and again.
            assert inside(f"systemctl show -P NRestarts {' '.join(UNITS)}").split() == ["0"] * len(UNITS)
            assert inside("systemctl list-units --failed --plain --no-legend 'dtti*'") == ""
    inside(f"systemctl start {UNITS[3]}")  # as the timer does
    assert len(inside("ls /var/backups/dtti/ind").split()) == 2  # that of the move, and this one
    inside("systemctl restart nginx")
    page = inside(
        "curl -sS --fail --cacert /etc/letsencrypt/live/dtti.example/fullchain.pem "
        "--resolve dtti.example:443:127.0.0.1 https://dtti.example/projects/"
    )
    assert "DTTI" in page


#: The list of projects, once the pages answer.
ASKED = """
apt-get install -y -q curl >/dev/null
for wait in $(seq 60); do
    curl -s --fail -H 'Host: dtti.example' -H 'X-Forwarded-Proto: https' http://127.0.0.1:8000/projects/ && exit 0
    sleep 1
done
journalctl -u 'dtti*' --no-pager -n 40; exit 1
"""
