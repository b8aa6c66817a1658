"""Files given from outside: their size is looked at before they are read. Knows names and limits, no contents."""

import tomllib
from pathlib import Path
from typing import Any

import msgspec

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.body import MAX_BODY
from dtti.ledger.pack import MAX_PACK


class Limit(msgspec.Struct, frozen=True):
    """How large a kind of file may be: rule and name as a refusal says them, bytes, what would help."""

    rule: str
    name: str
    size: int
    remedy: str


PROOF = Limit("proof-size", "a proof", 4 * MAX_BODY, "Ask for the proof of one text; none is as large as that.")
TEXT = Limit("body-size", "the text of an act", MAX_BODY, "Shorten it, or attach what is long as a file.")
PACK = Limit("pack-size", "a pack", MAX_PACK, "Ask for a pack of fewer entries: `dtti exchange pack --from N`.")
CARD = Limit("introduction", "an introduction", 65_536, "Give the file that the other side's `dtti found` wrote.")
SHEET = Limit("settings-size", "a list of terms", 1_048_576, "Give one list at a time.")


def scan(mebibytes: int) -> Limit:
    """The limit on attached files of a node that is set to take so many mebibytes."""
    return Limit("file-size", "a file", mebibytes * 1024 * 1024, "Scan at a lower resolution, or split it.")


def read_file(path: Path, limit: Limit) -> bytes:
    """The bytes of a regular file within its limit; Refused before anything is read where it is larger."""
    if not path.is_file():
        raise Refused(refuse("file", f"{path} is no file that can be read", "Check the path."))
    size = path.stat().st_size
    if size > limit.size:
        raise Refused(
            refuse(limit.rule, f"{path.name} has {size:,} bytes; {limit.name} has at most {limit.size:,}", limit.remedy)
        )
    return path.read_bytes()


def read_fields(path: Path, limit: Limit = TEXT) -> dict[str, Any]:
    """The fields in a TOML (by its ending) or JSON file; dates become texts. Refused where malformed."""
    raw = read_file(path, limit)
    try:
        found = tomllib.loads(raw.decode("utf-8")) if path.suffix == ".toml" else msgspec.json.decode(raw)
    except (tomllib.TOMLDecodeError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        form = "TOML" if path.suffix == ".toml" else "JSON"
        raise Refused(
            refuse("form", f"{path.name} is not {form}: {error}", "Correct it there; nothing was taken in.")
        ) from None
    made = msgspec.to_builtins(found)
    if not isinstance(made, dict):
        raise Refused(refuse("form", f"{path.name} holds no fields", "Give fields by name."))
    return made
