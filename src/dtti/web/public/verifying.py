"""The second verifier as files for a browser: its own three files, and what a browser has in place of Node's parts.

Its words are those of `verifier/`, which shares no code with this software; only the names of what it imports change.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Final

PARTS: Final = ("ledger", "export", "verify")
OURS: Final = ("browser", "absent", "kind", "check")  # beside it, for a browser
FOLDER: Final = "verifier/"
#: Whence each part of Node comes in a browser.
_FROM: Final = {
    "node:crypto": "./browser.js",
    **dict.fromkeys(("node:process", "node:url", "node:fs", "node:path"), "./absent.js"),
}
_IMPORT: Final = re.compile(r"(?<=from ')([^']+)(?=')")


def _whence(found: re.Match[str]) -> str:
    name = found[1]
    if name in _FROM:
        return _FROM[name]
    if name.startswith("node:"):
        raise ValueError(f"the verifier asks {name}, and no browser has that")
    return name.removesuffix(".mjs") + ".js" if name.endswith(".mjs") else name


def _source() -> Path:
    """Where the verifier stands: in an installation within this package, in a checkout at its root."""
    beside = Path(str(resources.files("dtti.web").joinpath("verifier")))
    installed = beside / "node"
    return installed if installed.is_dir() else beside.parents[3] / "verifier"


def files() -> dict[str, bytes]:
    """The files below the folder, by name."""
    there = resources.files("dtti.web").joinpath("verifier")
    made = {f"{FOLDER}{name}.js": there.joinpath(f"{name}.js").read_bytes() for name in OURS}
    for name in PARTS:
        text = (_source() / f"{name}.mjs").read_text(encoding="utf-8")
        made[f"{FOLDER}{name}.js"] = _IMPORT.sub(_whence, text).encode()
    return made
