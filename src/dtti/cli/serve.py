"""`dtti serve`: starts a node's pages, its exchange door and its rounds, watches them, and stops them together."""

import logging.config
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer

from dtti.accord.refusal import Refused, refuse
from dtti.language.printed import printable
from dtti.node.folder import logs, parent, passphrase
from dtti.node.folder.files import UMASK

from .answer import BAD, answering
from .options import NodeFolder, node_at

SOON = 10.0  # seconds: a part that ends sooner than this after its start cannot run at all
PATIENCE = 35.0  # seconds that a part has to finish what it has in hand; gunicorn's own patience is 30


def add(app: typer.Typer) -> None:
    """Add this command to `app`."""
    app.command()(serve)


@dataclass
class Part:
    """One process of a served node."""

    name: str
    command: list[str]
    environment: dict[str, str]
    phrase: bytes | None = None  # passphrase of the key rings, where this process was given one
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def start(self) -> None:
        """Start it, in a group of its own: a signal from the terminal comes to it once, through us."""
        self.started = time.monotonic()
        environment, handed = dict(self.environment), []
        if self.phrase is not None:
            handed = [passphrase.hand_over(self.phrase)]
            environment[passphrase.DESCRIPTOR] = str(handed[0])
        try:
            self.process = subprocess.Popen(  # noqa: S603 - our own modules under this interpreter
                self.command, env=environment, start_new_session=True, pass_fds=handed, umask=UMASK
            )
        finally:
            for each in handed:
                os.close(each)

    def ended(self) -> bool:
        """Whether it is not running."""
        return self.process is None or self.process.poll() is not None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is running."""
        if self.process is not None and not self.ended():
            self.process.send_signal(number)


def parts(folder: Path, *, pages: bool, door: bool, rounds: bool, every: int) -> list[Part]:
    """The processes of the node in `folder`."""
    phrase = passphrase.take(folder)
    environment = {**os.environ, **parent.here(), "DTTI_NODE": str(folder.resolve())}

    def served(name: str, module: str, application: str) -> Part:
        command = [sys.executable, "-m", "gunicorn", "-c", f"python:{module}", application]
        return Part(name, command, environment, phrase)

    made = []
    if rounds:
        made.append(Part("rounds", [sys.executable, "-m", "dtti.cli.rounds", str(every)], environment, phrase))
    if pages:
        made.append(served("pages", "dtti.web.gunicorn", "dtti.web.wsgi:application"))
    if door:
        made.append(served("exchange", "dtti.api.gunicorn", "dtti.api.gunicorn:application"))
    return made


def watch(running: list[Part], tell: Callable[[str], None]) -> int:
    """Run `running` until SIGTERM or SIGINT; a part that dies is started again, and all at SIGHUP. Returns a code."""
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, ask)
    for part in running:
        part.start()
    code = 0
    while not {signal.SIGTERM, signal.SIGINT} & set(asked) and not code:
        if signal.SIGHUP in asked:
            asked.remove(signal.SIGHUP)
            tell("stopping all, to start with the settings as they are now")
            stop(running)
            for part in running:
                part.start()
        for part in running:
            if part.ended():
                code = max(code, _revive(part, tell))
        time.sleep(0.1)
    stop(running)
    return code


def _revive(part: Part, tell: Callable[[str], None]) -> int:
    status = part.process.returncode if part.process else 0
    if time.monotonic() - part.started < SOON and status not in (0, -signal.SIGTERM):
        tell(f"{part.name} cannot run (it ended with {status}); stopping all")
        return BAD
    tell(f"{part.name} ended with {status}; starting it again")
    part.start()
    return 0


def stop(running: list[Part]) -> None:
    """Stop every part and wait for it; whoever does not end in time is killed, and loses nothing acknowledged."""
    for part in running:
        part.send(signal.SIGTERM)
    limit = time.monotonic() + PATIENCE
    for part in running:
        if part.process is None:
            continue
        try:
            part.process.wait(max(0.1, limit - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()


def serve(
    node: NodeFolder,
    every: Annotated[int, typer.Option(min=1, max=86_400, metavar="SECONDS", help="time between rounds")] = 60,
    pages: Annotated[bool, typer.Option("--pages/--no-pages", help="serve the pages")] = True,
    door: Annotated[
        bool, typer.Option("--exchange/--no-exchange", help="serve the exchange door, if it is set")
    ] = True,
    rounds: Annotated[bool, typer.Option("--rounds/--no-rounds", help="make the rounds")] = True,
) -> None:
    """Serve the node: pages, exchange door, rounds.

    A round pulls where there is a line, then closes, acknowledges, erases and anchors what is due. SIGTERM stops all.
    """
    parent.end_with_it()
    with answering(as_json=False):
        system = node_at(node)
        config = system.config
        system.signer.ready("node")  # a passphrase that does not fit is said now, not at the first act
        refusal = system.behind()
        system.close()

        logs.serves()
        logging.config.dictConfig(logs.config())
        log = logging.getLogger("dtti.serve")

        def tell(words: str) -> None:
            log.info(printable(words))

        if refusal is not None:
            tell(f"Nothing is signed here: {refusal}")
        if pages:
            tell(f"Pages of {config.side}: {config.address}/")
        if door and config.exchange_address:
            tell(f"Exchange door of {config.side}: {config.exchange_address}")
        door = door and bool(config.exchange_address)
        running = parts(node, pages=pages, door=door, rounds=rounds, every=every)
        if not running:
            raise Refused(refuse("parts", "nothing of this node is to be served", "Ask for pages, door or rounds."))
        code = watch(running, tell)
        if code:
            raise SystemExit(code)
