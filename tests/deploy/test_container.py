"""deploy/Containerfile is built and run by the guide's own commands, where an engine is; its sandbox is looked at."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import pytest

from tests.cli.served import free_ports
from tests.deploy.test_operations import ROOT, VARIABLES, bare, of

MISSING = [one for one in ("podman", "runc", "debootstrap") if shutil.which(one) is None]
pytestmark = [
    pytest.mark.container,
    pytest.mark.sweep,
    pytest.mark.skipif(os.geteuid() != 0, reason="an engine of the test's own is run by root"),
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]

#: An engine with a store of its own. Limits of a container may not pass those of the machine.
PODMAN = """#!/bin/sh
case $1 in run) shift; set -- run --ulimit nofile=1024:4096 --ulimit nproc=1024:4096 "$@" ;;
build) shift; set -- build --isolation chroot --pull-never {given} "$@" ;; esac
exec {podman} --root {store}/root --runroot {store}/run --cgroup-manager cgroupfs --runtime runc "$@"
"""
GIVEN = ("/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")  # how this machine reaches packages
LOOK = "touch /opt/written 2>&1; cat /proc/1/status; tr '\\0' '\\n' < /proc/1/environ"


def test_the_container_is_built_and_serves_a_node_without_rights(tmp_path: Path):
    tools, store, (port,) = tmp_path / "tools", Path(tempfile.mkdtemp(prefix="engine-")), free_ports(1)  # a short path
    tools.mkdir()
    engine = tools / "podman"
    given = " ".join(f"-v {one}:{one}:ro" for one in GIVEN if Path(one).is_file())
    engine.write_text(PODMAN.format(podman=shutil.which("podman"), store=store, given=given))
    engine.chmod(0o755)
    phrase = tmp_path / "phrase"
    phrase.write_text("a phrase for the container\n")
    node = tmp_path / "node"
    environment = {
        **os.environ,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "SOURCE": str(ROOT),
        "NODE": str(node),
        "PHRASE": str(phrase),
        "PAGES_PORT": str(port),
    }

    def podman(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([engine, *words], capture_output=True, text=True, timeout=120)

    blocks = dict(of("container"))
    assert list(blocks) == ["build", "found_inside", "serve_inside"]
    try:
        # The base of the image: this machine's own bare Debian, so that no registry of images is asked.
        assert podman("import", str(bare(tmp_path)), "docker.io/library/debian:bookworm-slim").returncode == 0
        for name in ("build", "found_inside"):
            ended = subprocess.run(
                ["sh", "-c", VARIABLES + blocks[name]],
                env=environment, capture_output=True, text=True, timeout=1200,
            )  # fmt: skip
            assert ended.returncode == 0, f"{name}\n{ended.stdout[-2000:]}\n{ended.stderr[-4000:]}"
        with (tmp_path / "said").open("w") as said:
            serving = subprocess.Popen(
                ["sh", "-c", VARIABLES + blocks["serve_inside"]],
                env=environment, stdout=said, stderr=said,
            )  # fmt: skip
            try:
                # As the proxy asks: its word for https is taken, since it comes by the gateway.
                head = {"Host": "dtti.example", "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
                answer = None
                limit = time.monotonic() + 120
                while answer is None:
                    assert serving.poll() is None, (tmp_path / "said").read_text()
                    assert time.monotonic() < limit, (tmp_path / "said").read_text()
                    try:
                        answer = httpx.get(f"http://127.0.0.1:{port}/projects/", headers=head, timeout=30)
                    except httpx.TransportError:
                        time.sleep(0.5)
                assert answer.status_code == 200
                assert "DTTI" in answer.text
                looked = podman("exec", "dtti-ind", "sh", "-c", LOOK).stdout
                assert "Read-only file system" in looked
                assert "CapEff:\t0000000000000000" in looked
                assert "NoNewPrivs:\t1" in looked
                assert "Uid:\t10001" in looked
                assert "a phrase" not in looked
                began = time.monotonic()
                assert podman("stop", "-t", "45", "dtti-ind").returncode == 0
                assert time.monotonic() - began < 40, (tmp_path / "said").read_text()
                assert serving.wait(30) == 0
            finally:
                podman("kill", "dtti-ind")
                serving.wait(60)
        checked = podman("run", "--rm", "-v", f"{node}:/node", "dtti", "verify", "/node")
        assert (checked.returncode, checked.stdout[:5]) == (0, "GOOD."), checked
    finally:
        sys.stdout.write(podman("rm", "-f", "dtti-ind").stderr)
        podman("rmi", "-a", "-f")
        shutil.rmtree(store, ignore_errors=True)
