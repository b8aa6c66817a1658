"""A process that has everything imported and opened nothing: it forks a child for each run, and may let strace strike.

Requests and answers are lines of JSON on standard input and output. A request names a function of `tests.faults.runs`
and its arguments; `strike` what strace injects (as ``pwrite64:error=EIO:when=3``), `limit` the size (bytes) at which
files of this run end (a write that reaches it is cut short, the next one fails), `recorded` the calls that strace is to
tell whole. The answer: `status` of the child as
waitpid gives it, `said` what the function returned, `trace` the calls that strace saw.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

from dtti.ledger import keyfile
from tests.faults import runs

CALLS = "pwrite64,write,fsync,fdatasync,ftruncate,rename,renameat,renameat2,unlink,unlinkat,mkdir"
sys.dont_write_bytecode = True  # a first run would compile, and count calls that no later run makes
keyfile._N = 2**4  # what a guess at the passphrase costs is tested with the key rings


def _child(request: dict[str, Any], out: Path) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)
    if request.get("limit"):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (request["limit"], resource.RLIM_INFINITY))
    try:
        said = getattr(runs, request["run"])(*request["args"])
    except BaseException:
        said = {"defect": traceback.format_exc()}
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    # Named by what no run makes, and written in one go: a strike at it only loses the answer.
    out.write_text(json.dumps(said))


def _traced(child: int) -> bool:
    return "TracerPid:\t0" not in Path(f"/proc/{child}/status").read_text()


def answer(request: dict[str, Any], place: Path) -> dict[str, Any]:
    """Run one request in a child of its own."""
    out, trace = place / "said", place / "trace"
    for each in (out, trace):
        each.unlink(missing_ok=True)
    child = os.fork()
    if child == 0:
        try:
            null = os.open(os.devnull, os.O_RDWR)
            for descriptor in (0, 1):
                os.dup2(null, descriptor)
            _child(request, out)
        finally:
            os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    strace = None
    if request.get("traced") or request.get("strike") or request.get("recorded"):
        command = ["strace", "-f", "-qq", "-p", str(child), "-o", str(trace)]
        command += ["-e", f"trace={request.get('recorded') or CALLS}"]
        if request.get("recorded"):
            command += ["-y", "-xx", "-s", str(1 << 24)]
        if request.get("strike"):
            command += ["-e", f"inject={request['strike']}"]
        strace = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not _traced(child) and strace.poll() is None:
            time.sleep(0.002)
    os.kill(child, signal.SIGCONT)
    _, status = os.waitpid(child, 0)
    if strace is not None:
        strace.wait()
    said = json.loads(out.read_text()) if out.exists() and out.stat().st_size else None
    return {"status": status, "said": said, "trace": trace.read_text() if trace.exists() else ""}


def main() -> None:
    """Answer requests until standard input ends."""
    with tempfile.TemporaryDirectory(prefix="struck-") as place:
        for line in sys.stdin:
            sys.stdout.write(json.dumps(answer(json.loads(line), Path(place))) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
