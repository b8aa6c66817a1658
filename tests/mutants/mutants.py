"""The mutants: what each takes out, and the tests of which one must fail. A further one is a further line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mutant:
    """`changes`: ``module:attribute`` to what stands in its place; `tests`: where one must fail."""

    name: str
    changes: Mapping[str, Callable[..., Any]]
    tests: tuple[str, ...]


def _now(*_: str) -> Any:
    from dtti.node.record.clock import At

    return At()


DOORS = ("tests/node/test_context.py", "tests/node/test_held.py")

MUTANTS = (
    Mutant("no kind's rules", {"dtti.programme.kind:Kind.rules": lambda *_: []}, DOORS),
    Mutant("every link exists", {"dtti.node.core.node:Node.exists": lambda *_, **__: True}, DOORS),
    Mutant("answering what is not here", {"dtti.node.core.checks:check_held": lambda *_: b""}, DOORS),
    Mutant("no text goes before", {"dtti.node.core.context:previous": lambda *_: None}, DOORS),
    Mutant(
        "everybody sees everything",
        {
            "dtti.node.core.visibility:labels": lambda _: ("public", "released", "national"),
            "dtti.node.core.visibility:within": lambda _: "1 = 1",
            "dtti.node.core.visibility:sees": lambda *_: True,
        },
        ("tests/web/test_leaks.py",),
    ),
    Mutant(
        "every seat may do everything",
        {"dtti.node.people.permissions:against": lambda *_, **__: None},
        ("tests/web/test_inside.py", "tests/web/test_permissions.py"),
    ),
    Mutant(
        "a rule rests on nothing", {"dtti.accord.refusal:grounds": lambda _: {}}, ("tests/accord/test_registry.py",)
    ),
    Mutant(
        "no day gone by",
        {"dtti.node.record.clock:asked": _now},
        ("tests/demo/test_clock.py",),
    ),
)
