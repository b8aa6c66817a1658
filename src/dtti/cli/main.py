"""The command `dtti`: reads which command is asked for and hands on. Imports nothing else before it knows.

`verify` and `check` are run by people who have no node, perhaps a thousand times, so they start without the rest; so
does `serve`, which answers a tenth of a second sooner and holds less for as long as it runs.
"""

import os
import sys
from collections.abc import Sequence

QUICK = ("verify", "check")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code: 0 good, 1 found bad or refused, 2 wrong usage, 4 done and not said."""
    from . import answer

    given = list(sys.argv[1:] if arguments is None else arguments)
    os.umask(0o077)  # what a command makes is its owner's alone
    answer.unsaid.clear()
    try:
        code = _logged(given) if os.environ.get("DTTI_LOG") else _run(given)
        if against := answer.written():  # what was printed and not yet written
            answer.not_said(against)
        if answer.unsaid and code == answer.GOOD:
            code = answer.UNSAID
    except BrokenPipeError:  # nobody reads on: what is left to flush goes nowhere, and "good" was perhaps not heard
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _logged(given: list[str]) -> int:
    """Run a command, with log lines in the file that DTTI_LOG names; what it was given is not in them."""
    import logging
    import time

    from dtti.node.folder import logs

    if not logs.to_file():
        return _run(given)
    logs.begin("command")
    start, code = time.perf_counter(), 1
    try:
        code = _run(given)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 1
        raise
    finally:
        name = given[0] if given and given[0].replace("-", "").isalpha() and given[0].islower() else ""
        said = {"route": f"dtti {name}"[:40].strip(), "code": code, "ms": round((time.perf_counter() - start) * 1000)}
        logging.getLogger("dtti.cli").info("command", extra=said)
    return code


def _run(given: list[str]) -> int:
    if given and given[0] in QUICK:
        from .check import run as check

        return check(given)
    if given and given[0] == "serve":
        from .serve import run as serve

        return serve(given[1:])
    from .commands import run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())
