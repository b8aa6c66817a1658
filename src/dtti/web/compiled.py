"""Templates as they were compiled, kept where Python keeps its own: a start compiles none of them again. No template.

Beside this module, or under PYTHONPYCACHEPREFIX; where that may not be written, nothing is kept. Jinja holds what it
finds to the source of the template and to the versions of Python and Jinja. What a template is compiled with stands in
the code around it too (filters of constants are applied when it is compiled), so that the name of a file has the sizes
and times of all that code, as in Python's own files.
"""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Final

import jinja2
from jinja2.bccache import Bucket, FileSystemBytecodeCache

import dtti

_BEGINS: Final = "template-"


def _state(root: Path) -> str:
    """A digest of the version of Jinja, and of the name, size and time of each module."""
    said = hashlib.blake2b(jinja2.__version__.encode(), digest_size=8)
    for folder, _folders, names in sorted(os.walk(root)):
        for name in sorted(names):
            if name.endswith(".py"):
                held = os.stat(os.path.join(folder, name))
                said.update(f"{folder}/{name} {held.st_size} {held.st_mtime_ns}\n".encode())
    return said.hexdigest()


class Compiled(FileSystemBytecodeCache):
    """The compiled templates of this code; those of other code are taken away when the first of this is kept."""

    def __init__(self) -> None:
        root = Path(dtti.__file__).parent
        super().__init__(str(Path(cache_from_source(__file__)).parent), f"{_BEGINS}{_state(root)}-%s")

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read one, where it can be read."""
        with suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one, where that may be done."""
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            folder = Path(self.directory)
            folder.mkdir(parents=True, exist_ok=True)
            if not any(folder.glob(self.pattern % "*")):
                for left in folder.glob(f"{_BEGINS}*"):
                    left.unlink(missing_ok=True)
            super().dump_bytecode(bucket)
