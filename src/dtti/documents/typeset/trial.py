"""Whether PDFs from elsewhere can be put in: each is set alone, in a process of its own, within bounds. Knows no paper.

Libraries that read PDFs read them in C, and a file made for it ends the process or fills its memory. What was set here
once is set again the same way.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

MOST_PAGES: Final = 1_000
"""Pages of all files of a pack from the record."""
SECONDS: Final = 30  # of processor time for one file
MEMORY: Final = 2 * 1024**3  # bytes of address space for one file, fonts and libraries among them


def pages(pdf: bytes) -> int:
    """The pages of a PDF that can be put in; 0 for one that cannot."""
    if not pdf.startswith(b"%PDF-"):
        return 0
    with tempfile.TemporaryDirectory(prefix="dtti-pdf-") as place:
        file = Path(place) / "tried.pdf"
        file.write_bytes(pdf)
        try:
            made = subprocess.run(  # noqa: S603 - our own module under this interpreter
                [sys.executable, "-m", "dtti.documents.typeset.trial", str(file)],
                capture_output=True,
                timeout=SECONDS * 2,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return 0
    said = made.stdout.strip()
    return int(said) if made.returncode == 0 and said.isdigit() else 0


def _bounded() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Set every page of the file named, and print how many they are; end otherwise with an error."""
    _bounded()
    import typst

    from .inserts import pages_of

    place = Path(sys.argv[1]).parent
    count = pages_of((place / "tried.pdf").read_bytes())
    if not 0 < count <= MOST_PAGES:
        sys.exit(1)
    shown = 'image("tried.pdf", page: n + 1, width: 100%, height: 100%, fit: "contain")'
    (place / "main.typ").write_text(f"#for n in range({count}) {{ page({shown}) }}")
    typst.compile(place / "main.typ", root=place, ignore_system_fonts=True)
    sys.stdout.write(str(count))


if __name__ == "__main__":
    main()
