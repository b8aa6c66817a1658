"""`dtti serve`: starts a node's pages, its exchange door and its rounds, watches them, and stops them together.

What they have in common is read once, here, and each is forked from this process: three interpreters that read the same
code for themselves took twice the memory and answered the first page a second later.
"""

import argparse
import gc
import logging.config
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from pathlib import Path
from types import FrameType

from dtti.accord.refusal import Refused, refuse
from dtti.language.printed import printable
from dtti.node.folder import config as settings
from dtti.node.folder import files, logs, parent, passphrase, timekeeping
from dtti.node.folder.files import UMASK

from .answer import BAD, answering
from .nodes import node_at
from .quick import Parser

SOON = 10.0  # seconds: a part that ends sooner than this after its start cannot run at all
DAY = 86_400  # seconds: the longest time between two rounds
PATIENCE = 35.0  # seconds that a part has to finish what it has in hand; gunicorn's own patience is 30
#: What exchange door and pages are made of, beside the node itself; the coding is read when an address is asked for.
SERVER = ("gunicorn.app.base", "gunicorn.glogging", "encodings.idna")
DOOR = (*SERVER, "dtti.api.exchange", "dtti.api.worker")
PAGES = (*SERVER, "dtti.web.worker", "dtti.web.wsgi", "dtti.web.warm", "dtti.web.urls")
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Part:
    """One process of a served node: `run` is what it does, until it is stopped.

    `pause`: of what ends by itself, the seconds until it is started again; 0 where it goes on until it is stopped.
    """

    name: str
    run: Callable[[], None]
    pause: float = 0.0
    process: ForkProcess | None = None
    started: float = 0.0
    due: float = 0.0

    def start(self) -> None:
        """Start it, in a group of its own: a signal from the terminal comes to it once, through us."""
        self.started, self.due = time.monotonic(), 0.0
        self.process = get_context("fork").Process(target=self._begin, args=(parent.here(),), name=self.name)
        self.process.start()

    def _begin(self, ours: dict[str, str]) -> None:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        os.setsid()
        os.umask(UMASK)
        os.environ.update(ours)
        parent.call_it(f"dtti-{self.name}")
        gc.enable()
        self.run()

    def ended(self) -> bool:
        """Whether it is not running."""
        return self.process is None or not self.process.is_alive()

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it is running."""
        if self.process is not None and self.process.pid is not None and not self.ended():
            os.kill(self.process.pid, number)


def parts(folder: Path, *, pages: bool, door: bool, rounds: bool, public: bool, every: int) -> list[Part]:
    """The processes of the node in `folder`; `public`: with the rounds, that which makes the public folder."""
    os.environ["DTTI_NODE"] = str(folder.resolve())
    made = []
    if rounds:
        since = timekeeping.MachineClock()()
        made.append(Part("rounds", partial(_round, folder, since), every))
        if public:
            made.append(Part("public", partial(_public, folder, since), every))
    if pages:
        made.append(Part("pages", partial(_gunicorn, "dtti.web.gunicorn", "dtti.web.wsgi:application")))
    if door:
        made.append(Part("exchange", partial(_gunicorn, "dtti.api.gunicorn", "dtti.api.gunicorn:application")))
    return made


def _gunicorn(settings: str, application: str) -> None:
    from gunicorn.app.base import Application
    from gunicorn.util import import_app

    class Served(Application):  # type: ignore[misc]  # gunicorn is not annotated
        """Reads one module of settings; gunicorn's own command line, which it would read too, takes three MiB."""

        def load_config(self) -> None:
            self.load_config_from_file(f"python:{settings}")

        def load(self) -> object:
            return import_app(application)

    Served().run()


def _round(folder: Path, since: str) -> None:
    from .rounds import run

    run(folder, since)


def _public(folder: Path, since: str) -> None:
    from .public_round import run

    run(folder, since)


def read_what_they_share(folder: Path, *, pages: bool, door: bool) -> None:
    """Import what the parts run, once; then keep the collector from writing to it, so that it stays shared.

    Nothing is collected before: one object in a hundred would go, and a tenth of a second with it.
    """
    for name in ("dtti.cli.rounds", "dtti.node.line.attend", *(DOOR if door else ()), *(PAGES if pages else ())):
        import_module(name)
    if pages:
        import_module("dtti.web.warm").ready(folder)
    gc.freeze()


def watch(running: list[Part], tell: Callable[[str], None], ready: Callable[[], str]) -> int:
    """Run `running` until SIGTERM or SIGINT; a part that dies is started again, all at SIGHUP. Returns a code.

    `ready`: what stands against starting again with the settings as they are now; nothing is stopped for that.
    """
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)

    for number in SIGNALS:
        signal.signal(number, ask)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)  # held back while this command became itself anew
    for part in running:
        part.start()
    code = 0
    while not {signal.SIGTERM, signal.SIGINT} & set(asked) and not code:
        if signal.SIGHUP in asked:
            asked.remove(signal.SIGHUP)
            if against := ready():
                tell(f"all goes on as it was: {against}")
            else:
                tell("stopping all, to start with the code and the settings as they are now")
                stop(running)
                _anew(asked)
                break
        for part in running:
            if part.ended():
                code = max(code, _revive(part, tell))
        time.sleep(0.1)
    stop(running)
    return code


def _anew(asked: list[int]) -> None:
    """Become this command once more, in the same process; return where it was asked to stop meanwhile.

    Nothing that was read before is kept but the passphrase. Signals are held back until they are looked at again.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    if {signal.SIGTERM, signal.SIGINT} & set(asked):
        return
    if (phrase := passphrase.held()) is not None:
        reading = passphrase.hand_over(phrase)
        os.set_inheritable(reading, True)
        os.environ[passphrase.DESCRIPTOR] = str(reading)
    os.execv(sys.executable, sys.orig_argv)  # noqa: S606 - this very command


def _revive(part: Part, tell: Callable[[str], None]) -> int:
    status = part.process.exitcode if part.process else 0
    if part.pause:
        if not part.due:
            part.due = time.monotonic() + part.pause
            if status:
                tell(f"{part.name} ended with {status}; started again in {part.pause:.0f} s")
        if time.monotonic() >= part.due:
            part.start()
        return 0
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
        part.process.join(max(0.1, limit - time.monotonic()))
        if part.process.is_alive():
            part.process.kill()
            part.process.join()


def parser() -> Parser:
    """What `dtti serve` takes."""
    made = Parser(
        prog="dtti serve",
        description="Serve the node: pages, exchange door, and rounds that pull where there is a line, then close, "
        "acknowledge, erase and anchor what is due. SIGTERM stops all.",
    )
    folder = os.environ.get("DTTI_NODE")
    made.add_argument(
        "--node", metavar="D", type=Path, default=folder and Path(folder), required=not folder, help="the node's folder"
    )
    made.add_argument("--every", metavar="SECONDS", type=_seconds, default=60, help="time between rounds")
    for name, what in (
        ("pages", "serve the pages"),
        ("exchange", "serve the exchange door, if it is set"),
        ("rounds", "make the rounds"),
    ):
        made.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=True, help=what)
    return made


def _seconds(given: str) -> int:
    if not given.isascii() or not given.isdecimal() or len(given) > 9 or not 1 <= int(given) <= DAY:
        raise argparse.ArgumentTypeError(f"a number of seconds is from 1 to {DAY}")
    return int(given)


def run(arguments: Sequence[str]) -> int:
    """Serve a node until it is told to stop; returns the exit code."""
    given = parser().parse_args(arguments)
    parent.end_with_it()
    gc.disable()  # what is read until all is served stays; looking through it costs a tenth of the time
    with answering(as_json=False):
        return _serve(given.node, every=given.every, pages=given.pages, door=given.exchange, rounds=given.rounds)


def _serve(node: Path, *, every: int, pages: bool, door: bool, rounds: bool) -> int:
    system = node_at(node)
    config = system.config
    door = door and bool(config.exchange_address)
    public = bool(config.public.folder)
    running = parts(node, pages=pages, door=door, rounds=rounds, public=public, every=every)
    if not running:
        raise Refused(refuse("parts", "nothing of this node is to be served", "Ask for pages, door or rounds."))
    logs.serves()
    logging.config.dictConfig(logs.config())
    with ThreadPoolExecutor(1) as beside:  # deriving a key takes a tenth of the time, and no interpreter
        keys = beside.submit(system.signer.ready, "node")
        read_what_they_share(node, pages=pages, door=door)
        keys.result()  # a passphrase that does not fit is said now, not at the first act
    refusal = system.behind()
    system.close()

    log = logging.getLogger("dtti.serve")

    def tell(words: str) -> None:
        log.info(printable(words))

    if refusal is not None:
        tell(f"Nothing is signed here: {refusal}")
    if pages:
        tell(f"Pages of {config.side}: {config.address}/")
    if door:
        tell(f"Exchange door of {config.side}: {config.exchange_address}")

    def ready() -> str:
        try:
            settings.read(node)
        except (settings.ConfigError, OSError) as error:
            return printable(str(error))
        amiss = files.secret_amiss(node) if pages else None
        return printable(str(amiss)) if amiss else ""

    return watch(running, tell, ready)
