"""docs/operations.md does what it says: every block is run, on a node, or in a Debian root made from nothing."""

import ctypes
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

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
BLOCKS = re.findall(r"^```sh (variables|machine|node|container) ?(\w*)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
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


def bare(tmp_path: Path) -> Path:
    """An archive of a Debian 12 with nothing on it but what every installation has, made once."""
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
    return BARE


def checkout(source: Path) -> None:
    """Put what git holds of this tree, as it is now, into the new folder `source`."""
    held = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, held.split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Path]:
    """A Debian 12 with nothing on it but what every installation has, as a folder; and the checkout in /root/dtti."""
    if os.geteuid() != 0:
        pytest.skip("a Debian root is made by root")
    for tool in ("debootstrap", "unshare", "chroot", "ip"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed")
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True).returncode:
        pytest.skip("this machine allows no namespaces")
    root = tmp_path / "root"
    root.mkdir()
    subprocess.run(["tar", "-C", root, "-xf", bare(tmp_path)], check=True)
    # How this machine reaches packages, and whose certificates it believes there.
    for given in ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt"):
        if Path(given).is_file():
            shutil.copy(given, root / given.lstrip("/"))
    checkout(root / "root" / "dtti")
    yield root
    shutil.rmtree(root)


def inside(root: Path, words: str, *, alone: bool = False, **more: str) -> subprocess.Popen[str]:
    """A shell in the root, as a machine of its own; what it starts ends with it. `alone`: with a network of its own."""
    prepare = (
        f'mount -t proc proc {root}/proc && mount --rbind /dev {root}/dev && exec chroot {root} sh -eu -c "$WORDS"'
    )
    if alone:
        prepare = f"ip link set lo up && {prepare}"
    kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_") and name != "PIP_FIND_LINKS"}
    environment = {
        **kept,
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "DEBIAN_FRONTEND": "noninteractive",
    }
    return subprocess.Popen(
        ["unshare", "--mount", "--pid", *(["--net"] if alone else []), "--fork", "--kill-child", "sh", "-c", prepare],
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


#: The network is this machine's, where another cluster may listen: this one keeps to its socket.
CLUSTER = "pg_ctlcluster 15 main start"
ASIDE = (
    "pg_ctlcluster 15 main stop || :; pg_conftool 15 main set port 5432; pg_conftool 15 main set listen_addresses ''"
)


@pytest.mark.sweep
def test_a_bare_debian_becomes_a_served_node_by_the_guides_own_commands(machine: Path):
    blocks = dict(of("machine"))
    assert list(blocks) == [
        "install", "found", "people", "services", "proxy", "postgresql", "move", "moved", "upgrade"
    ]  # fmt: skip
    before = {
        "proxy": f"apt-get install -y -q openssl\n{SERVE}",
        **dict.fromkeys(("move", "moved", "upgrade"), f"{CLUSTER}\n"),
    }
    blocks["postgresql"] = blocks["postgresql"].replace(CLUSTER, f"{ASIDE}; {CLUSTER}")
    told: dict[str, str] = {}
    # No other machine is asked for a certificate: the test makes one where the guide expects the authority's.
    for name, text in blocks.items():
        # What a step starts ends with it; a cluster is stopped in order.
        after = "\npg_ctlcluster 15 main stop" if "15 main" in before.get(name, "") + text else ""
        process = inside(machine, VARIABLES + before.get(name, "") + text + after, **told)
        said, _ = process.communicate(timeout=1800)
        assert process.returncode == 0, f"{name}\n{said[-4000:]}"
        if name == "people":
            (word,) = re.findall(r"shown once: (\S+)", said)
        if name == "move":
            (told["SENTENCE"],) = re.findall(r"--confirm '(.*)'", said)
    settings = config.read(machine / "var/lib/dtti/ind")
    assert settings.side == "IND"
    assert settings.database.startswith("postgresql:///dtti")
    assert (machine / "etc/dtti/ind.passphrase").stat().st_mode & 0o777 == 0o600

    serving = inside(
        machine,
        VARIABLES + f"{CLUSTER}\n{started('dtti-pages@.service')} &\nnginx -g 'daemon off;' &\n"
        f"{started('dtti-backup@.service')}\nls $BACKUPS\nwait",
        alone=True,
    )
    try:
        trusted = ssl.create_default_context(cafile=str(machine / "etc/letsencrypt/live/dtti.example/fullchain.pem"))
        answered = None
        for _ in range(240):
            assert serving.poll() is None, serving.communicate()[0][-4000:]
            try:
                answered = asked(serving, trusted, "GET", "/projects/")
                if answered.status == 200:
                    break
            except OSError:
                pass
            time.sleep(0.5)
        assert answered is not None
        assert answered.status == 200
        assert "strict-transport-security" in answered.head
        assert "DTTI" in answered.body
        # The account made on files signs in on PostgreSQL, through the proxy.
        page = asked(serving, trusted, "GET", "/account/sign-in")
        token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.body)[0]
        form = {"csrfmiddlewaretoken": token, "login": "a.custodian", "password": word}
        done = asked(serving, trusted, "POST", "/account/sign-in", urllib.parse.urlencode(form), cookies(page))
        assert done.status == 302, done.body[-2000:]
        home = asked(serving, trusted, "GET", "/account/", cookie=cookies(page, done))
        assert "A. Custodian" in home.body
        until_there = time.monotonic() + 60
        while len(backups := list((machine / "var/backups/dtti/ind").glob("*.tar.gz"))) < 2:
            assert time.monotonic() < until_there, backups  # that of the move, and that of the timer
            time.sleep(0.5)
    finally:
        serving.kill()  # it takes no notice of SIGTERM; what it started ends with it
        serving.communicate(timeout=60)


@dataclass
class Answer:
    """What a page answered."""

    status: int
    head: dict[str, str]
    body: str
    set: list[str]


class Named(http.client.HTTPSConnection):
    """A connection to this machine, under the name that the certificate has."""

    def connect(self) -> None:
        http.client.HTTPConnection.connect(self)
        assert self.sock is not None
        self.sock = self._context.wrap_socket(self.sock, server_hostname="dtti.example")  # type: ignore[attr-defined]


@contextmanager
def network_of(process: subprocess.Popen[str]) -> Iterator[None]:
    """Within: this thread's sockets are made in the network of another process."""
    libc = ctypes.CDLL(None, use_errno=True)

    def enter(network: IO[str]) -> None:
        if libc.setns(network.fileno(), 0):
            raise OSError(ctypes.get_errno(), "this process may not enter that network")

    with open("/proc/thread-self/ns/net") as here, open(f"/proc/{process.pid}/ns/net") as there:
        enter(there)
        try:
            yield
        finally:
            enter(here)


def asked(
    at: subprocess.Popen[str], trusted: ssl.SSLContext, method: str, path: str, data: str = "", cookie: str = ""
) -> Answer:
    """A page, asked for as officials' browsers do, on the machine that is served `at`."""
    connection = Named("127.0.0.1", 443, timeout=30, context=trusted)
    head = {"Host": "dtti.example", "Origin": "https://dtti.example", "Referer": "https://dtti.example/"}
    if data:
        head["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        with network_of(at):
            connection.connect()
        connection.request(method, path, body=data or None, headers=head | ({"Cookie": cookie} if cookie else {}))
        got = connection.getresponse()
        given = got.getheaders()
        said = [value for name, value in given if name.lower() == "set-cookie"]
        return Answer(got.status, {name.lower(): value for name, value in given}, got.read().decode(), said)
    finally:
        connection.close()


def cookies(*answers: Answer) -> str:
    """The cookies that a browser sends after such answers."""
    kept = dict(one.partition(";")[0].split("=", 1) for answer in answers for one in answer.set)
    return "; ".join(f"{name}={value}" for name, value in kept.items())


# --- the container ---------------------------------------------------------------------------------------------------

CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")


@pytest.mark.long
def test_what_the_container_is_given_makes_the_package(tmp_path: Path):
    """Where no engine is, still: what is copied into the build is all that the package is made of."""
    for given in re.findall(r"^COPY (?!--)(.*) (/source\S*)$", CONTAINER, re.MULTILINE):
        names, target = given[0].split(), tmp_path / given[1].removeprefix("/source").lstrip("/")
        for name in names:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, target / name)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "made")]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert len(list((tmp_path / "made").glob("*.whl"))) == 1
