"""What the rows of each register become: `targets.toml`, read. Knows no file and no record."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

import msgspec
from msgspec import inspect
from msgspec.structs import replace

from dtti.documents.sheet.register import Register
from dtti.papers.registers import REGISTERS, register
from dtti.programme.kinds import KINDS
from dtti.programme.values import SideCode, When

SIDES: Final = get_args(SideCode)
#: The step of a path that means the row of the day for which the file speaks.
DAY: Final = "@"


class Target(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a row of a register becomes; the members as `targets.toml` explains them."""

    register: str
    kind: str
    needs: tuple[str, ...]
    same: tuple[tuple[str, ...], ...]
    named: str
    fields: dict[str, str]
    links: dict[str, str] = {}
    slugs: tuple[str, ...] = ()
    constants: dict[str, Any] = {}
    defaults: dict[str, str] = {}
    asks: tuple[str, ...] = ()
    dated: tuple[str, ...] = ()
    rows: str = ""
    key: str = ""
    prefix: str = ""
    own_side: str = ""
    kept: dict[str, str] = {}
    withheld: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()

    @property
    def joint(self) -> bool:
        """Whether both sides agree such a record: this side alone can only give its account of it, or draft it."""
        return KINDS[self.kind].mode == "joint"

    @property
    def speaks(self) -> bool:
        """Whether it makes a difference for which day the file speaks."""
        return bool(self.dated) or any(DAY in path.split(".") for path in self.fields.values())

    def columns(self, path: str) -> list[str]:
        """The columns of the register that fill a path."""
        return [key for key, one in self.fields.items() if one == path]

    def type_of(self, path: str) -> inspect.Type:
        """The type that the kind gives to a path: of a row of its list where the target is rows of one record."""
        found: inspect.Type = inspect.type_info(KINDS[self.kind].content)
        for step in ([self.rows] if self.rows else []) + path.split("."):
            if step in (*SIDES, DAY):
                continue
            found = _bare(found)
            found = _bare(found.item_type) if isinstance(found, inspect.VarTupleType) else found
            if not isinstance(found, inspect.StructType):
                raise LookupError(f"{path} of {self.kind} leads nowhere")
            found = next(each.type for each in found.fields if each.name == step)
        return _bare(found)

    def asked(self, path: str) -> tuple[str, ...] | None:
        """The codes of which a person chooses one for all rows; None where a date is asked for."""
        found = self.type_of(path)
        if isinstance(found, inspect.CustomType) and found.cls is When:
            return None
        return tuple(str(each) for each in found.values) if isinstance(found, inspect.LiteralType) else ()


def _bare(kind: inspect.Type) -> inspect.Type:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    if isinstance(kind, inspect.UnionType):
        return _bare(next(each for each in kind.types if not isinstance(each, inspect.NoneType)))
    return kind


@cache
def targets() -> tuple[Target, ...]:
    """Every target there is."""
    return msgspec.toml.decode((files(__package__) / "targets.toml").read_bytes(), type=dict[str, tuple[Target, ...]])[
        "targets"
    ]


def of(code: str) -> tuple[Target, ...]:
    """The targets of a register, in the order in which they are recorded."""
    return tuple(each for each in targets() if each.register == code)


@cache
def loose(code: str) -> Register:
    """The register as an office's own file is held to it: a row needs what its record is called by, and no more."""
    wanted = register(code)
    needed = {key for target in of(code) for path in target.needs for key in target.columns(path)}
    if any(target.rows for target in of(code)):
        needed -= {key for target in of(code) for key in target.columns(target.key)}  # a missing number is counted
    return replace(wanted, columns=tuple(replace(each, required=each.key in needed) for each in wanted.columns))


def registers() -> Mapping[str, Register]:
    """The registers that a file may be, by code."""
    return {code: loose(code) for code in REGISTERS}
