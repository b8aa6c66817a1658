"""Data of papers in the spelling of an earlier version, put into today's: what an office keeps stays readable."""

from typing import Any

import msgspec

_CAPACITIES = {"performing": "performing-the-duties", "additional": "additional-charge"}
_SIGNS = (b'"due_original"', b'"performing"', b'"additional"', b'"approve"')


def in_todays_spelling(raw: bytes) -> bytes:
    """`raw`, JSON, with members and codes that were called otherwise renamed; as it is where there are none.

    Until November 2026 an action had `due_original` and `due` for what are `due` and `due_now`, and the capacities and
    one stage had shorter codes. What is no JSON is returned as it came: whoever decodes it says what is wrong with it.
    """
    if not any(sign in raw for sign in _SIGNS):
        return raw
    try:
        return msgspec.json.encode(_renamed(msgspec.json.decode(raw)))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return raw


def _renamed(value: Any) -> Any:
    if isinstance(value, list):
        return [_renamed(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {name: _renamed(each) for name, each in value.items()}
    if "due_original" in made:
        now = {"due_now": made.pop("due")} if "due" in made else {}
        made = {"due" if name == "due_original" else name: each for name, each in made.items()} | now
    if isinstance(made.get("capacity"), str):
        made["capacity"] = _CAPACITIES.get(made["capacity"], made["capacity"])
    if made.get("stage") == "approve":
        made["stage"] = "approve-and-sign"
    if isinstance(made.get("waived"), list):
        made["waived"] = ["approve-and-sign" if each == "approve" else each for each in made["waived"]]
    return made
