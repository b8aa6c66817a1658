"""Files given from outside: their size is looked at before they are read. Knows names and limits, no contents."""

from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.proof import MAX_PROOF
from dtti.accord.refusal import Refused, refuse
from dtti.ledger import outside
from dtti.ledger.body import MAX_BODY
from dtti.ledger.pack import MAX_PACK
from dtti.ledger.ustar import Source


class Limit(msgspec.Struct, frozen=True):
    """How large a kind of file may be: rule and name as a refusal says them, bytes, what would help.

    `begins`: of what begins otherwise no more is read than shows that.
    """

    rule: str
    name: str
    size: int
    remedy: str
    begins: tuple[bytes, ...] = ()


PROOF = Limit("proof-size", "a proof", MAX_PROOF, "Ask for the proof of one text; none is as large as that.")
TEXT = Limit("body-size", "the text of an act", MAX_BODY, "Shorten it, or attach what is long as a file.")
FIELDS = Limit("body-size", "a file of fields", 2 * 1024 * 1024, "Shorten it, or attach what is long as a file.")
PACK = Limit(
    "pack-size",
    "a pack",
    MAX_PACK,
    "Ask for a pack of fewer entries: `dtti exchange pack --from N`.",
    (b"manifest.json\0", b"own.pack\0", b"age-encryption.org/v1\n"),
)
CARD = Limit("introduction", "an introduction", 65_536, "Give the file that the other side's `dtti found` wrote.")
DATA = Limit("data-size", "a file of data", 32 * 1024 * 1024, "Give it in parts.")
REPLY = Limit(
    "calendar-size", "a reply", 8 * 1024 * 1024, "Give the calendar file alone, without the message around it."
)
SHEET = Limit("settings-size", "a list of terms", 1_048_576, "Give one list at a time.")


def pack(mebibytes: int) -> Limit:
    """The limit on packs of a node that is set to take so many mebibytes."""
    return Limit("pack-size", "a pack", mebibytes * 1024 * 1024, f"{PACK.remedy} Or raise pack_mib in node.toml.")


def scan(mebibytes: int) -> Limit:
    """The limit on attached files of a node that is set to take so many mebibytes."""
    return Limit("file-size", "a file", mebibytes * 1024 * 1024, "Scan at a lower resolution, or split it.")


def _refused(path: Path, limit: Limit, error: OSError) -> Refused:
    if isinstance(error, outside.TooLarge):
        reason = f"{path.name} has {error.size:,} bytes; {limit.name} has at most {limit.size:,}"
        return Refused(refuse(limit.rule, reason, limit.remedy))
    return Refused(
        refuse("file", f"{path} is no file that can be read ({error.strerror})", "Check the path and its rights.")
    )


def read_file(path: Path, limit: Limit) -> bytes:
    """The bytes of a regular file within its limit; Refused before it is read where it is larger or no such file."""
    try:
        return outside.read(path, limit.size, limit.begins)
    except OSError as error:
        raise _refused(path, limit, error) from None


def source(path: Path, limit: Limit) -> Source:
    """A regular file within its limit, to be read by place; Refused where it is larger or no such file."""
    try:
        found = Source.closing(outside.opened(path))
        if found.size > limit.size:
            raise outside.TooLarge(found.size, limit.size)
    except OSError as error:
        raise _refused(path, limit, error) from None
    return found


def read_fields(path: Path, limit: Limit = FIELDS) -> dict[str, Any]:
    """The fields in a TOML (by its ending) or JSON file; dates become texts. Refused where malformed."""
    raw = read_file(path, limit)
    toml = path.suffix == ".toml"
    try:
        made = msgspec.to_builtins(outside.read_toml(raw) if toml else outside.read_json(raw))
    except ValueError as error:
        raise Refused(
            refuse(
                "form",
                f"{path.name} is not {'TOML' if toml else 'JSON'}: {error}",
                "Correct it there; nothing was taken in.",
            )
        ) from None
    if not isinstance(made, dict):
        raise Refused(refuse("form", f"{path.name} holds no fields", "Give fields by name."))
    return made
