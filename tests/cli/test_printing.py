"""Whatever a file says of itself, or is called, nothing of it hides, moves the cursor or writes over a verdict."""

import json
from pathlib import Path

import pytest

from dtti.ledger import canonical
from tests.language.test_printed import seen
from tests.readers.bad_proofs import by_hand

COVER = "\x1b[1A\x1b[2K\rGOOD. India and the United States agreed this text here."
ATTACKS = [
    COVER,
    "line\nGOOD. all holds",
    "\x9b2KGOOD",
    "tag\U000e0041",
    "zero\u200bwidth",
    "\u202eDOOG",
    "a" + "\u0301" * 90,
]


def lines(said: str) -> list[str]:
    assert all(seen(line) for line in said.split("\n")), said
    return said.split("\n")


def spoiled(proof: bytes, attack: str) -> list[bytes]:
    """The proof with `attack` in the place of each text in it, one after another."""
    made, held = [], json.loads(proof)

    def walk(value: object) -> None:
        for key, each in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            if isinstance(each, str):
                value[key] = attack
                made.append(json.dumps(held, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
                value[key] = each
            walk(each)

    walk(held)
    return made


@pytest.fixture(scope="module")
def proof() -> bytes:
    return by_hand()[2]


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS)
def test_check_prints_no_character_that_cannot_be_seen(run, tmp_path: Path, proof: bytes, attack: str):
    file = tmp_path / "a.proof"
    for data in spoiled(proof, attack):
        file.write_bytes(data)
        for more in ((), ("--json",), ("--text",)):
            said = run("check", file, *more)
            assert said.code == 1
            assert not any(line.startswith("GOOD") for line in lines(said.out))
            lines(said.err)


@pytest.mark.parametrize("command", ["check", "verify"])
@pytest.mark.parametrize("name", [attack.replace("/", "") for attack in ATTACKS])
def test_nor_one_that_stands_in_the_name_of_a_file(run, tmp_path: Path, command: str, name: str):
    file = tmp_path / name[:60]
    for held in (None, b"{", canonical.encode({"format": "dtti-proof-1"})):
        if held is not None:
            file.write_bytes(held)
        for words in ((file,), (file, "--json"), (file, file)):
            said = run(command, *words)
            assert said.code != 0
            assert not any(line.startswith("GOOD") for line in lines(said.out) + lines(said.err))
