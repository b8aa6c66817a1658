"""Whether this machine's clock can be believed: asked before anything is signed. Knows no act.

A claimed time never decreases within a ledger, so that one act under a clock that is years ahead would hold every later
one to that time. What a clock says is therefore compared with what this side's own ledgers have reached, with the last
entry of the counterpart, with a person's word (`Confirmed`), and with whether the host keeps it by a time service. A
clock that was given to a node (a staged past) is its giver's word and is not judged.
"""

import ctypes
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from dtti.accord.refusal import Refusal, Refused, refuse

from . import files

FILE = "clock"  # in the node's folder: when a person last looked at the clock and said that it is right
AHEAD = timedelta(days=7)  # beyond all that is known, a clock that no time service keeps may have run on so far
AHEAD_KEPT = timedelta(days=366)  # and one that the host keeps by a time service
BACK = timedelta(days=1)  # behind what the ledgers have reached; until then acts claim the time that was reached
_SYSTEMD = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd(8)
_UNSYNC = 5  # TIME_ERROR, what adjtimex(2) returns for a clock that is not synchronised

KEPT = {True: "a time service keeps it", False: "no time service keeps it", None: "whether one keeps it is not known"}


class MachineClock:
    """The clock of this machine: called, it gives this moment as a claimed time (UTC, whole seconds)."""

    def __call__(self) -> str:
        """This moment."""
        return datetime.now(UTC).isoformat(timespec="seconds")[:19] + "Z"

    def kept(self) -> bool | None:
        """Whether a time service keeps it, as the kernel or systemd say; None where neither can be asked."""
        if _SYSTEMD.exists():
            return True
        try:
            timex = ctypes.create_string_buffer(512)  # struct timex; zeroed, so that nothing is set (modes = 0)
            state: int = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
        except (OSError, AttributeError):
            return None
        return None if state < 0 else state != _UNSYNC


class Confirmed(msgspec.Struct, frozen=True):
    """A person's word that the clock is right: what it said then."""

    time: str


def confirmed(folder: Path) -> str:
    """When a person last confirmed the clock; empty where nobody has."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=Confirmed).time
    except (OSError, msgspec.DecodeError):
        return ""


def confirm(folder: Path, clock: MachineClock, day: str) -> str:
    """Keep a person's word that today is `day` (UTC); Refused where the clock says another day. Returns the time."""
    time = clock()
    if day != time[:10]:
        raise Refused(
            refuse(
                "clock-confirm",
                f"this machine's clock says {time}, not {day}",
                "Set the clock right first; or look again, at a clock other than this machine's.",
            )
        )
    files.replace(folder / FILE, msgspec.json.encode(Confirmed(time)))
    return time


class Evidence(msgspec.Struct, frozen=True):
    """What a clock is judged by. Times as acts claim them, empty where there is none.

    `reached`: by this side's ledgers. `heard`: claimed by the counterpart's last entry. `confirmed`: by a person.
    `kept`: by a time service; None where that cannot be known.
    """

    now: str
    reached: str
    heard: str = ""
    confirmed: str = ""
    kept: bool | None = None


def _at(time: str) -> datetime:
    return datetime.fromisoformat(time)


def near(now: str, reached: str) -> bool:
    """Whether a clock is so close to what was reached that nothing else need be asked."""
    return not reached or -BACK <= _at(now) - _at(reached) <= AHEAD


def judge(found: Evidence, anchor_hours: int = 24) -> Refusal | None:
    """Why nothing is to be signed by this clock; None where it can be believed."""
    if near(found.now, found.reached):
        return None
    now, reached = _at(found.now), _at(found.reached)
    if now < reached:
        return refuse(
            "clock-behind",
            f"this machine's clock says {found.now}, and this side's record has reached {found.reached}",
            "If the clock is wrong, set it right. If it is right, entries were written under a wrong one: "
            "`dtti repair-time` names them and lowers the time with the root keys.",
        )
    allowed = max(AHEAD_KEPT if found.kept else AHEAD, 2 * timedelta(hours=anchor_hours))
    told = [one for one in (found.heard, found.confirmed) if one and abs(now - _at(one)) <= AHEAD]
    if told or now - reached <= allowed:
        return None
    return refuse(
        "clock-ahead",
        f"this machine's clock says {found.now}; this side's last entry was claimed at {found.reached}"
        f"{f', the other side’s at {found.heard}' if found.heard else ''}, and {KEPT[found.kept]}",
        "Look at another clock. If this one is right, say so: `dtti clock --confirm DAY` with today's date (UTC). "
        "If not, set it right.",
    )
