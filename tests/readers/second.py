"""The second verifier as a process that is asked again and again: starting Node for each file would take most of it."""

import json
import struct
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import ROOT


class Second:
    """One running verifier. `asked`: how many verdicts it gave."""

    def __init__(self) -> None:
        served = ROOT / "tests" / "readers" / "served.mjs"
        self.process = subprocess.Popen(["node", served], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.asked = 0

    def file(self, data: bytes) -> dict[str, Any]:
        """Its verdict on the bytes of a proof file or pack."""
        return self._ask(b"b", data)

    def folder(self, path: Path) -> dict[str, Any]:
        """Its verdict on an export."""
        return self._ask(b"d", str(path).encode())

    def _ask(self, kind: bytes, contents: bytes) -> dict[str, Any]:
        stdin, stdout = self.process.stdin, self.process.stdout
        assert stdin
        assert stdout
        stdin.write(kind + struct.pack(">I", len(contents)) + contents)
        stdin.flush()
        answer: dict[str, Any] = json.loads(stdout.readline())
        assert "crashed" not in answer, answer["crashed"]
        self.asked += 1
        return answer

    def close(self) -> None:
        """End it."""
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait(30)
        assert self.process.stdout
        self.process.stdout.close()
