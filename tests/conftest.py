"""What every test may lean on: where Hypothesis keeps its examples, and a PostgreSQL database of its own."""

import os
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zlib import crc32

import psycopg
import pytest
from django.template import engines
from django.utils import translation
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from jinja2 import FileSystemBytecodeCache

from dtti.accord import refusal
from dtti.accord.refusal import Refusal, registry
from dtti.ledger import engine, keyfile
from dtti.office import intake  # noqa: F401 - gives nodes that tests open their reader of files

OPERATORS = {"DTTI_TEST_POSTGRES", "DTTI_SHOTS"}  # what whoever runs the tests may say
Thing = TypeVar("Thing")
ROOT = Path(__file__).resolve().parent.parent

set_hypothesis_home_dir(ROOT / ".cache" / "hypothesis")
# Two busy cores make any deadline a coin toss; slowness is measured by the benchmark, not here.
settings.register_profile("quick", deadline=None, max_examples=40)
settings.register_profile("full", deadline=None)


def _said(self: Refusal, rule: str, reason: str, remedy: str, field: str = "") -> None:
    """Whatever a test makes this software refuse by stands in the registry of rules, with what it rests on."""
    if rule not in registry() and refusal.rule(rule).source == "not registered":
        raise AssertionError(f"rule {rule!r} stands in no file of src/dtti/accord/registry: give it a line there")
    _made(self, rule, reason, remedy, field)


_made, Refusal.__init__ = Refusal.__init__, _said  # type: ignore[method-assign]


def pytest_configure(config: pytest.Config) -> None:
    """Fewer examples of each property where not everything runs: ./run test is to answer within three minutes."""
    settings.load_profile("quick" if config.option.markexpr else "full")


SWEEP_PARTS = 64
LONG_PARTS = 4  # days within which the full tests take what is long; the whole of it passes the forty minutes they have


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--sweep`: all of every sweep and of what is long, where the full tests take a part by the day."""
    parser.addoption("--sweep", action="store_true", help="all of it, and not today's part alone")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Of sweeps, and of tests in parts, what is today's: the same in every worker, all of it within as many days."""
    if config.option.sweep or any(each in config.option.markexpr for each in ("sweep", "long")):
        return
    day = datetime.now(UTC).date().toordinal()
    kept, left, at, of = [], [], Counter[str](), Counter[str]()
    for item in items:
        name = item.nodeid.partition("[")[0]
        at[name] += item.get_closest_marker("sweep") is not None
        # A sweep of a single test has its day too, by its name.
        mine = (
            item.get_closest_marker("sweep") is None
            or (at[name] + crc32(name.encode())) % SWEEP_PARTS == day % SWEEP_PARTS
        )
        if (parts := item.get_closest_marker("parts")) and parts.args:
            of[name] += 1
            # Tests that go on from each other have one day together.
            mine = mine and parts.kwargs.get("together", of[name]) % parts.args[0] == day % parts.args[0]
        elif item.get_closest_marker("long") and not item.get_closest_marker("sweep"):
            mine = crc32(name.partition("::")[0].encode()) % LONG_PARTS == day % LONG_PARTS  # a file's all on one day
        (kept if mine else left).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(scope="session")
def today(request: pytest.FixtureRequest) -> Callable[[Sequence[Thing], int], Sequence[Thing]]:
    """`today(things, parts)`: of many things for one test the part that is today's, all within as many days; with
    `--sweep` all of them."""
    number = datetime.now(UTC).date().toordinal()
    return lambda things, parts: things if request.config.option.sweep else things[number % parts :: parts]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How many faults were injected, by kind, and after how many of them something was wrong (tests/faults)."""
    reports = [each for all_of in terminalreporter.stats.values() for each in all_of]
    found = Counter(
        str(said)
        for each in reports
        if isinstance(each, pytest.TestReport) and each.when == "call"
        for name, said in each.user_properties
        if name == "injected"
    )
    if found:
        wrong = sum(number for said, number in found.items() if said.endswith(": wrong"))
        terminalreporter.section("faults injected")
        for said, number in sorted(found.items()):
            terminalreporter.write_line(f"{number:6,}  {said}")
        terminalreporter.write_line(f"{found.total():6,}  in all, {wrong:,} of them wrong")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """The contents of a file are no name for a test, and may not be the same in every worker."""
    return argname if isinstance(val, str | bytes) and len(val) > 60 else None


def _servers() -> list[str]:
    """PostgreSQL servers to try, in order: the one named, or else this machine's own by socket and by port."""
    named = os.environ.get("DTTI_TEST_POSTGRES")
    return [named] if named else ["postgresql:///postgres", "postgresql://127.0.0.1/postgres"]


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """What an earlier test or a shared fixture set must be gone: a node served by a later one would read it.

    A page asked for in this process leaves its language on, and with it what every address means.
    """
    left = {name for name in os.environ if name.startswith("DTTI_")} - OPERATORS
    assert not left, f"left in the environment: {', '.join(sorted(left))}"
    yield
    translation.deactivate()


# What a test pays for and does not test: waiting for the disc at each commit (no test cuts the power, and a process
# that is killed loses nothing that SQLite gave to the system), the price of a guess at a passphrase, compiling
# templates. What is at stake there has tests of its own, marked `as_served`; processes that tests start have all of it.


def _unflushed(self: engine.Sqlite, path: Path, synchronous: str = "FULL", *more: Any, **named: Any) -> None:
    _opened(self, path, synchronous if _as_served else "OFF", *more, **named)


_opened, engine.Sqlite.__init__ = engine.Sqlite.__init__, _unflushed  # type: ignore[method-assign]
_as_served: list[str] = []  # of the tests at work those that are marked so
CHEAP = 2**4


@pytest.fixture(autouse=True)
def _cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if request.node.get_closest_marker("as_served"):
        _as_served.append(request.node.nodeid)
        monkeypatch.setattr(keyfile, "_N", _dear)
    yield
    _as_served.clear()


_dear, keyfile._N = keyfile._N, CHEAP


@pytest.fixture(autouse=True, scope="session")
def _templates_compiled_once() -> None:
    kept = ROOT / ".cache" / "templates"
    kept.mkdir(parents=True, exist_ok=True)
    engines["jinja2"].env.bytecode_cache = FileSystemBytecodeCache(str(kept))  # by the digest of each template


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a new, empty PostgreSQL database, dropped at the end of the session.

    DTTI_TEST_POSTGRES names a server by URL, with a role that may create databases. Where no server answers the test
    is skipped; where CI is set it fails, so that a machine that should have one cannot pass without it.
    """
    refusals = []
    for server in _servers():
        try:
            connection = psycopg.connect(server, autocommit=True, connect_timeout=5)
        except psycopg.OperationalError as error:
            refusals.append(str(error).strip())
            continue
        with connection:
            name = f"dtti_test_{secrets.token_hex(6)}"
            # template1 may be in use by the sessions of other workers; template0 never is.
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            try:
                parts = urlsplit(server)
                query = f"?{parts.query}" if parts.query else ""
                yield f"postgresql://{parts.netloc}/{name}{query}"
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
        return
    reason = (
        f"no PostgreSQL server answers ({'; '.join(refusals)}); "
        "start one, or name it: DTTI_TEST_POSTGRES=postgresql://role@host/postgres"
    )
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
