"""Data files as structures, strictly: one way to read and one way to refuse. Knows no paper and no chart."""

from typing import TypeVar

import msgspec

from dtti.accord.refusal import Refused, refuse

T = TypeVar("T", bound=msgspec.Struct)


def decoded(raw: bytes, struct: type[T], *, rule: str, where: str, what: str, remedy: str, largest: int) -> T:
    """`raw`, JSON in UTF-8 of at most `largest` bytes, as `struct`; else Refused by `rule` with the wrong place.

    `where` is what the refusal calls the data, `what` the thing that it should be data for.
    """
    if len(raw) > largest:
        raise Refused(refuse(rule, f"{where} has {len(raw):,} bytes", f"Give at most {largest:,} bytes of JSON."))
    try:
        return msgspec.json.decode(raw, type=struct)
    except RecursionError:
        reason = "it is nested too deeply"
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        reason = str(error)
    raise Refused(refuse(rule, f"{where} is not data for {what}: {reason}", remedy))
