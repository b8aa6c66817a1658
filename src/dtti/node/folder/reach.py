"""Why what a node keeps cannot be opened or written, told apart by what helps. Knows files, disc and server; no ledger.

A full disc, missing rights and a server that is away harm nothing that stands. Damaged bytes do.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from dtti.accord.refusal import Refusal, refuse
from dtti.ledger.engine import Away, Damaged, Unusable

NO_DISC = 128 * 1024**2  # bytes; below it a disc is full
UNHARMED = ("database-away", "disc-full", "file-rights")  # rules by which nothing that stands is damaged


def trouble(
    what: str, error: Exception, place: Path | str, damaged: tuple[str, str] = ("store", "Run `dtti verify`.")
) -> Refusal:
    """Why a database or the folder at `place` cannot be used, told apart by what helps.

    A server that is away, a full disc and missing rights harm nothing that is kept, and a backup put in its place would
    give up what was acknowledged since. `damaged`: rule and remedy where the bytes themselves are not what they were.
    """
    reason = f"{what}: {error}"
    if isinstance(error, Away):
        remedy = "Start the server, or correct `database` in node.toml. Nothing is lost, and nothing is to be restored."
        return refuse("database-away", reason, remedy)
    if isinstance(error, Unusable):
        said, _, last = reason.rpartition("; ")
        remedy = f"{last[:1].upper()}{last[1:]}."
        return refuse(damaged[0], reason, damaged[1]) if isinstance(error, Damaged) else refuse("store", said, remedy)
    if isinstance(place, Path):
        folder = place if place.is_dir() else place.parent
        with suppress(OSError):
            if (free := shutil.disk_usage(folder).free) < NO_DISC:
                remedy = "Free space, then look again. What stands is whole as far as this shows: restore nothing."
                return refuse("disc-full", f"{free:,} bytes are free; {reason}", remedy)
        if closed := out_of_reach(place):
            remedy = "Give them back, or mount the disc for writing. Nothing is damaged by that: restore nothing."
            return refuse("file-rights", f"{closed}; {reason}", remedy)
        remedy = "Look at the disc and the system's log, then `dtti verify`. Restore only what that calls damaged."
    else:
        remedy = "Look at the server's log, and what the role may read. Restore a backup only if the tables are gone."
    return refuse("store", reason, remedy)


def out_of_reach(place: Path) -> str:
    """Why this process may not read and write a folder, or a database in it; empty where it may."""
    folder = place if place.is_dir() else place.parent
    try:
        if os.statvfs(folder).f_flag & os.ST_RDONLY:
            return f"{folder} is on a disc that is mounted for reading alone"
        files = [place.with_name(place.name + tail) for tail in ("", "-wal", "-shm", "-journal")]
        for path, needed in [(folder, os.R_OK | os.W_OK | os.X_OK), *((each, os.R_OK | os.W_OK) for each in files)]:
            if path.exists() and not os.access(path, needed, effective_ids=True):
                return f"the user of this process (uid {os.geteuid()}) may not read and write {path}"
    except OSError as error:
        return f"{folder} cannot be looked into: {error.strerror or error}"
    return ""
