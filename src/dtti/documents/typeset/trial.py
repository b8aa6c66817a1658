"""Whether PDFs from elsewhere can be put in: each is set alone, in a process of its own, within bounds. Knows no paper.

Libraries that read PDFs read them in C, and a file made for it ends the process, fills its memory or takes its time.
What was set here once is set again the same way.
"""

import resource
import subprocess
import sys
import tempfile
import time
from math import ceil
from pathlib import Path
from typing import Final

MOST_PAGES: Final = 1_000
"""Pages of all files of a pack from the record."""
SECONDS: Final = 12.0
"""Of processor time for all files of a pack, whatever they hold; a thousand plain pages take one."""
SECONDS_OF_ONE: Final = 6.0
MEMORY: Final = 2 * 1024**3  # bytes of address space for one file, fonts and libraries among them


class Trial:
    """The files of one paper, tried one after the other. `pages`, `seconds`: what is left for those to come."""

    def __init__(self, pages: int = MOST_PAGES, seconds: float = SECONDS) -> None:
        self.pages, self.seconds = pages, seconds

    def fits(self, pdf: bytes) -> bool:
        """Whether a PDF can be put in beside those before it; what it takes up is left to no other."""
        if not pdf.startswith(b"%PDF-") or not self.pages or self.seconds <= 0:
            return False
        limit, began = min(self.seconds, SECONDS_OF_ONE), time.monotonic()
        said = _run(pdf, limit).split()
        if len(said) != 2:
            self.seconds -= min(time.monotonic() - began, limit)
            return False
        count, seconds = int(said[0]), float(said[1])
        self.seconds -= seconds
        if count > self.pages:
            return False
        self.pages -= count
        return True


def _run(pdf: bytes, limit: float) -> str:
    """What a process of its own says of a PDF within `limit` seconds of processor time; empty where it fails."""
    with tempfile.TemporaryDirectory(prefix="dtti-pdf-") as place:
        file = Path(place) / "tried.pdf"
        file.write_bytes(pdf)
        try:
            made = subprocess.run(  # noqa: S603 - our own module under this interpreter
                [sys.executable, "-m", "dtti.documents.typeset.trial", str(file), str(ceil(limit))],
                capture_output=True,
                timeout=limit * 2,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return ""
    return made.stdout.decode("ascii", "replace") if made.returncode == 0 else ""


def _bounded(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Set every page of the file named within the seconds named; print how many they are, and the seconds it took.

    End otherwise with an error.
    """
    _bounded(int(sys.argv[2]))
    import typst

    from .inserts import pages_of

    place = Path(sys.argv[1]).parent
    count = pages_of((place / "tried.pdf").read_bytes())
    if not 0 < count <= MOST_PAGES:
        sys.exit(1)
    shown = 'image("tried.pdf", page: n + 1, width: 100%, height: 100%, fit: "contain")'
    (place / "main.typ").write_text(f"#for n in range({count}) {{ page({shown}) }}")
    typst.compile(place / "main.typ", root=place, ignore_system_fonts=True)
    sys.stdout.write(f"{count} {time.process_time():.3f}")


if __name__ == "__main__":
    main()
