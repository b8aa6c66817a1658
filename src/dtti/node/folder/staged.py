"""Which capital of a demonstration on this machine is to stand still: a file in the folder that holds both. No Django.

`dtti demo` makes the folder, names it to both capitals, and stops a side while its file stands there; the pages of the
other side make and remove it. A node that is served by itself has no such folder.
"""

import os
from pathlib import Path
from typing import Final

VARIABLE: Final = "DTTI_DEMO"  # names the folder, in the environment of both capitals


def folder() -> Path | None:
    """The folder of the demonstration that this process serves a capital of, or None."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else None


def stopped(demonstration: Path, side: str) -> bool:
    """Whether a side is to stand still."""
    return _file(demonstration, side).exists()


def switch(demonstration: Path, side: str, *, stop: bool) -> None:
    """Have a side stopped, or started; `dtti demo` does it within a second."""
    if stop:
        _file(demonstration, side).touch()
    else:
        _file(demonstration, side).unlink(missing_ok=True)


def _file(demonstration: Path, side: str) -> Path:
    return demonstration / f"{side.lower()}.stopped"
