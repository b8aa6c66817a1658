"""A process that ends with the one that started it, however that one ended: nothing is left that holds its ports.

Knows processes and nothing else. Linux does it (prctl, PR_SET_PDEATHSIG); on other systems a parent that is killed
outright leaves its children, and one that is asked to stop stops them itself.
"""

import ctypes
import os
import signal
import sys
from typing import Final

VARIABLE: Final = "DTTI_PARENT"
_SET_PARENT_DEATH_SIGNAL: Final = 1  # prctl(2)
_SET_NAME: Final = 15  # prctl(2): the name that `ps -o comm` and `top` show, of fifteen bytes at most


def here() -> dict[str, str]:
    """What a child of this process is to find in its environment, so that `end_with_it` ends it with this one."""
    return {VARIABLE: str(os.getpid())}


def end_with_it() -> None:
    """Have SIGTERM sent to this process when the one named in its environment ends; at once where it has already.

    For a process that was started from the main thread of its parent. Children of this one are not concerned.
    """
    named = os.environ.pop(VARIABLE, "")
    if not named or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != int(named):
        os.kill(os.getpid(), signal.SIGTERM)


def call_it(name: str) -> None:
    """Give this process, and those that it makes, a name in lists of processes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_NAME, name.encode()[:15], 0, 0, 0)
