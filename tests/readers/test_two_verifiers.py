"""Whatever is done to a file, the two verifiers say the same of it, and neither fails over it.

The quick part needs no Node: ours alone must answer. The rest compares (`-m node_js`); the long part plays on.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from dtti.accord import proof
from dtti.ledger import export
from dtti.ledger.pack import check_pack
from dtti.ledger.store import RELEASED

from . import mutants
from . import pair as pairs
from .bad_packs import make_pack
from .pair import GRADES, Pair
from .second import Second

SLOW = 2.0  # seconds of processor time that no small file may take


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def second() -> Iterator[Second]:
    made = Second()
    yield made
    made.close()


@pytest.fixture(scope="module")
def sound(pair: Pair, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[bytes]]:
    """Sound files to spoil: proofs of every grade, packs from several places, one of several bundles."""
    larger = pairs.join(tmp_path_factory.mktemp("larger") / "pair")
    with larger.ind.store.writing():
        for _ in range(300):
            larger.ind.write("anchor", terms={"digest": "6" * 64})
    packs = [make_pack(pair, start) for start in (0, 1, 7, pair.ind.store.size(RELEASED))]
    packs += [make_pack(larger, 0), make_pack(larger, 250)]
    larger.close()
    proofs = [
        side.prove(record, bodies=with_text)
        for record in GRADES
        for side in (pair.ind, pair.usa)
        for with_text in (True, False)
    ]
    return {"proofs": proofs, "packs": packs}


def ours(data: bytes) -> bool:
    """Whether our own verifier calls a file good; it may take any file, and takes little time over it."""
    start = time.process_time()
    good = proof.check(data).good if data.startswith(b"{") else check_pack(data, workers=0).good
    assert time.process_time() - start < SLOW
    return good


Maker = Callable[[dict[str, list[bytes]], Random], bytes]


def either(sound: dict[str, list[bytes]], draw: Random) -> bytes:
    return draw.choice(sound[draw.choice(sorted(sound))])


MAKERS: dict[str, Maker] = {
    "bytes": lambda sound, draw: mutants.spoil_bytes(either(sound, draw), draw),
    "proof members": lambda sound, draw: mutants.spoil_json(draw.choice(sound["proofs"]), draw),
    "pack headers": lambda sound, draw: mutants.spoil_header(draw.choice(sound["packs"]), draw),
    "pack parts": lambda sound, draw: mutants.spoil_pack(draw.choice(sound["packs"]), draw),
    "written proofs": lambda _, draw: mutants.written_proof(draw),
    "written packs": lambda _, draw: mutants.written_pack(draw),
}


def compare(sound: dict[str, list[bytes]], second: Second, maker: str, count: int, first: int) -> Counter[str]:
    """Both verdicts on files of the seeds from `first` on; how many were good, and how many bad."""
    seen: Counter[str] = Counter()
    for seed in range(first, first + count):
        data = MAKERS[maker](sound, Random(f"{maker} {seed}"))
        here, there = ours(data), second.file(data)
        assert here == there["good"], f"{maker} {seed}: ours {here}, theirs {there['faults']}"
        seen["good" if here else "bad"] += 1
    return seen


@pytest.mark.parametrize("maker", MAKERS)
def test_ours_answers_whatever_is_done_to_a_file(sound: dict[str, list[bytes]], maker: str):
    for seed in range(25):
        ours(MAKERS[maker](sound, Random(f"quick {maker} {seed}")))


@pytest.mark.node_js
@pytest.mark.parametrize("maker", MAKERS)
def test_both_say_the_same_of_spoiled_files(sound: dict[str, list[bytes]], second: Second, maker: str):
    seen = compare(sound, second, maker, 150, 0)
    assert seen["bad"], seen
    if maker.startswith("written"):
        assert seen["good"], "none of what was written by hand is sound: the odd parts are not reached"


@pytest.mark.node_js
@pytest.mark.sweep
@pytest.mark.parametrize("maker", MAKERS)
def test_both_say_the_same_of_thousands_more(sound: dict[str, list[bytes]], second: Second, maker: str):
    compare(sound, second, maker, 4000, 1_000_000)


def folders(pair: Pair, second: Second, folder: Path, seeds: range) -> Counter[str]:
    pair.ind.note()
    export.write(pair.ind.store, RELEASED, folder, bodies=True)
    seen: Counter[str] = Counter()
    for seed in seeds:
        restore = mutants.spoil_folder(folder, Random(f"folder {seed}"))
        start = time.process_time()
        here = export.check(folder, workers=0).good
        assert time.process_time() - start < SLOW
        there = second.folder(folder)
        assert here == there["good"], f"folder {seed}: ours {here}, theirs {there['faults']}"
        seen["good" if here else "bad"] += 1
        restore()
    assert export.check(folder, workers=0).good
    assert second.folder(folder)["good"]
    return seen


@pytest.mark.node_js
def test_both_say_the_same_of_spoiled_exports(pair: Pair, second: Second, tmp_path: Path):
    assert folders(pair, second, tmp_path / "ind", range(60))["bad"]


@pytest.mark.node_js
@pytest.mark.sweep
def test_both_say_the_same_of_hundreds_of_spoiled_exports(pair: Pair, second: Second, tmp_path: Path):
    folders(pair, second, tmp_path / "ind", range(1_000, 1_800))


@pytest.mark.node_js
def test_sound_files_are_good_for_both_and_say_the_same(sound: dict[str, list[bytes]], second: Second):
    for data in [each for held in sound.values() for each in held]:
        assert ours(data)
        there = second.file(data)
        assert there["faults"] == []
        assert re.fullmatch("[0-9a-f]{64}", there["constitution"])
