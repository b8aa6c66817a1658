"""docs/operations.md does what it says: every block is run, on a node, or in a Debian root made from nothing."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dtti.ledger.store import RELEASED
from dtti.node.core.node import Node
from dtti.node.folder import config
from dtti.node.line import exchange
from tests.cli.conftest import pair, template
from tests.node import capitals
from tests.node.capitals import Pair

__all__ = ["pair", "template"]

ROOT = Path(__file__).resolve().parent.parent.parent
GUIDE = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh (variables|machine|node) ?(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
VARIABLES = next(text for kind, _, text in BLOCKS if kind == "variables")


def of(kind: str) -> list[tuple[str, str]]:
    """Name and text of the blocks of one kind, in order."""
    return [(name, text) for each, name, text in BLOCKS if each == kind]


def test_every_block_of_the_guide_is_run_by_one_of_these_tests():
    assert GUIDE.count("```sh") == len(BLOCKS) == GUIDE.count("```") / 2
    names = [name for kind, name, _ in BLOCKS if kind != "variables"]
    assert len(set(names)) == len(names)
    assert all(names)
    wanted = {
        "Install", "Services", "Proxy and TLS", "PostgreSQL", "Backups", "Rehearsing a restore", "Upgrade", "New keys",
        "Expired certificates", "A full disc", "A lost passphrase", "Departure of the custodian",
    }  # fmt: skip
    sections = re.split(r"^## ", GUIDE, flags=re.MULTILINE)[1:]
    assert wanted <= {each.partition("\n")[0] for each in sections if "```sh" in each}


@pytest.mark.long
def test_the_blocks_for_a_node_run_in_order_and_leave_it_whole(pair: Pair, tmp_path: Path):
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "dtti").write_text(f'#!/bin/sh\nexec {sys.executable} -m dtti.cli.main "$@"\n')
    (tools / "dtti").chmod(0o755)
    shutil.copy(ROOT / "deploy" / "dtti-backup", tools)
    folder, given = pair.ind.folder, tmp_path / "given-back"
    environment = capitals.environment() | {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "NODE": str(folder),
        "BACKUPS": str(tmp_path / "backups"),
        "GIVEN_BACK": str(given),
        "DEPARTED": "a.custodian",
    }
    capitals.swap(pair.ind, pair.usa)
    pair.close()
    run("dtti person add a.custodian 'A. Custodian' --fictitious --node $NODE", environment)
    for name, text in of("node"):
        if name == "loss":  # more is signed after the last backup, and has reached the other side
            with_more = capitals.Capital(Node(folder), pair.ind.office)
            receipt = with_more.comment(pair.record, "signed after the backup")
            other = capitals.Capital(Node(pair.usa.folder), pair.usa.office)
            capitals.swap(with_more, other)
            with_more.node.close()
            other.node.close()
            run(f"dtti exchange pack --give-back -o {given} --node {pair.usa.folder}", environment)
        said = run(VARIABLES + text, environment)
        if name == "loss":
            (environment["SENTENCE"],) = re.findall(r"--confirm '(.*)'", said)
        if name == "confirm":
            system = Node(folder)
            placed = system.store.find(receipt.act)
            assert placed is not None
            assert (placed.ledger, placed.index) == (RELEASED, receipt.index)
            system.close()
        if name == "departure":
            assert "a.custodian" not in [line.split()[0] for line in said.splitlines() if "closed" not in line and line]
    system = Node(folder)
    capitals.Capital(system, pair.ind.office).comment(pair.record, "work goes on")
    assert system.standing.keys.version == 4  # all, tls alone, all again
    assert exchange.halted(system) is None
    system.close()


@pytest.mark.long
def test_a_nightly_backup_of_a_damaged_node_is_kept_under_another_name_and_fails(pair: Pair, tmp_path: Path):
    tools, backups = tmp_path / "tools", tmp_path / "backups"
    for folder in (tools, backups):
        folder.mkdir()
    (tools / "dtti").write_text(f'#!/bin/sh\nexec {sys.executable} -m dtti.cli.main "$@"\n')
    (tools / "dtti").chmod(0o755)
    shutil.copy(ROOT / "deploy" / "dtti-backup", tools)
    pair.close()
    command = [str(tools / "dtti-backup"), str(pair.ind.folder), str(backups)]
    assert subprocess.run(command, env=capitals.environment()).returncode == 0
    (sound,) = backups.iterdir()
    os.utime(sound, (0, 0))  # of long ago: it would go
    (pair.ind.folder / "secret").write_text("not a secret")
    ended = subprocess.run(command, env=capitals.environment(), capture_output=True, text=True)
    (kept,) = set(backups.iterdir()) - {sound}
    assert (ended.returncode, sound.exists(), kept.name.endswith("Z.tar.gz.damaged")) == (1, True, True)
    assert f"Kept as {kept}" in ended.stderr


def run(words: str, environment: dict[str, str]) -> str:
    """Run a block as a shell does; what it said."""
    ended = subprocess.run(
        ["sh", "-eu", "-c", words], capture_output=True, text=True, env=environment, timeout=600, cwd=ROOT
    )
    assert ended.returncode == 0, f"{words}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


# --- from a bare root ------------------------------------------------------------------------------------------------

BARE = ROOT / ".cache" / "debian" / "bookworm.tar"


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Path]:
    """A Debian 12 with nothing on it but what every installation has, as a folder; and the checkout in /root/dtti."""
    if os.geteuid() != 0:
        pytest.skip("a Debian root is made by root")
    for tool in ("debootstrap", "unshare", "chroot"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode:
        pytest.skip("this machine allows no namespaces")
    if not BARE.is_file():
        made = tmp_path / "bare"
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates,systemd", "bookworm", str(made)]
        ended = subprocess.run(command, capture_output=True, text=True)
        if ended.returncode:
            pytest.skip(f"debootstrap cannot: {ended.stdout.splitlines()[-1:]}")
        BARE.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(["tar", "-C", made, "-cf", f"{BARE}.new", "."], check=True)
        Path(f"{BARE}.new").rename(BARE)
        shutil.rmtree(made)
    root = tmp_path / "root"
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", BARE], check=True)
    # How this machine reaches packages, and whose certificates it believes there.
    for given in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(given).is_file():
            shutil.copy(given, root / given.lstrip("/"))
    source = root / "root" / "dtti"
    source.mkdir()
    for name in ("src", "deploy"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(ROOT / name, source)
    yield root
    shutil.rmtree(root)


def inside(root: Path, words: str, **more: str) -> subprocess.Popen[str]:
    """A shell in the root, as a machine of its own but for the network; what it starts ends with it."""
    prepare = (
        f'mount -t proc proc {root}/proc && mount --rbind /dev {root}/dev && exec chroot {root} sh -eu -c "$WORDS"'
    )
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") and name != "PIP_FIND_LINKS"}
    environment = {
        **kept,
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "DEBIAN_FRONTEND": "noninteractive",
    }
    return subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", prepare],
        env={**environment, "WORDS": words, **more}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip


def started(unit: str) -> str:
    """What a unit starts, as a shell starts it: its user, its standard input, its command."""
    text = (ROOT / "deploy" / "systemd" / unit).read_text(encoding="utf-8").replace("%i", "ind")
    (command,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    (given,) = re.findall(r"^StandardInput=file:(.*)$", text, re.MULTILINE) or ["/dev/null"]
    (user,) = re.findall(r"^User=(.*)$", text, re.MULTILINE)
    environment = f"DTTI_PASSPHRASE_FD=0 $(cat /etc/dtti/ind.env) PATH={os.defpath}"
    return (
        f"setpriv --reuid={user} --regid={user} --init-groups --no-new-privs env -i {environment} {command} < {given}"
    )


SERVE = """
mkdir -p "$CERTIFICATES"
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$NAME" -addext "subjectAltName=DNS:$NAME" \\
    -keyout "$CERTIFICATES/privkey.pem" -out "$CERTIFICATES/fullchain.pem" 2>/dev/null
"""


@pytest.mark.sweep
def test_a_bare_debian_becomes_a_served_node_by_the_guides_own_commands(machine: Path):
    blocks = dict(of("machine"))
    assert list(blocks) == ["install", "found", "services", "proxy", "postgresql", "upgrade"]
    # No other machine is asked for a certificate: the test makes one where the guide expects the authority's.
    steps = {**blocks, "proxy": f"apt-get install -y -q openssl\n{SERVE}{blocks['proxy']}"}
    for name, text in steps.items():
        process = inside(machine, VARIABLES + text)
        said, _ = process.communicate(timeout=1800)
        assert process.returncode == 0, f"{name}\n{said[-4000:]}"
    assert config.read(machine / "var/lib/dtti/ind").side == "IND"
    assert (machine / "etc/dtti/ind.passphrase").stat().st_mode & 0o777 == 0o600

    serving = inside(
        machine,
        VARIABLES + f"{started('dtti-pages@.service')} &\nnginx -g 'daemon off;' &\n"
        f"{started('dtti-backup@.service')}\nls $BACKUPS\nwait",
    )
    try:
        trusted = ssl.create_default_context(cafile=str(machine / "etc/letsencrypt/live/dtti.example/fullchain.pem"))
        answered = None
        for _ in range(240):
            assert serving.poll() is None, serving.communicate()[0][-4000:]
            try:
                answered = fetch(trusted)
                if answered[0] == 200:
                    break
            except OSError:
                pass
            time.sleep(0.5)
        assert answered is not None
        status, head, body = answered
        assert status == 200
        assert "strict-transport-security" in head
        assert b"DTTI" in body
        backups = list((machine / "var/backups/dtti/ind").glob("*.tar.gz"))
        assert len(backups) == 1
    finally:
        serving.terminate()
        serving.communicate(timeout=60)


class Named(http.client.HTTPSConnection):
    """A connection to this machine, under the name that the certificate has."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        assert self.sock is not None
        self.sock = self._context.wrap_socket(self.sock, server_hostname="dtti.example")  # type: ignore[attr-defined]


def fetch(trusted: ssl.SSLContext) -> tuple[int, dict[str, str], bytes]:
    """The list of projects, asked for as officials do."""
    connection = Named("127.0.0.1", 443, timeout=30, context=trusted)
    try:
        connection.request("GET", "/projects/", headers={"Host": "dtti.example"})
        answer = connection.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        connection.close()
