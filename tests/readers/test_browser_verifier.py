"""The second verifier as a browser has it, without Node's crypto and Buffer, comes to the same verdict as ours.

Needs nodejs, which runs it as a browser would: Node's own Buffer is taken away first. Run with `-m node_js`.
"""

import base64
import io
import json
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from dtti.accord import proof
from dtti.web.public import verifying
from tests.ledger.test_ed25519 import CASES

from . import pair as pairs
from .bad_packs import make_pack
from .bad_proofs import bad_proofs
from .pair import GRADES, Pair

pytestmark = [pytest.mark.node_js, pytest.mark.long, pytest.mark.xdist_group("browser-verifier")]

RUN = """
import { readFileSync } from 'node:fs'
delete globalThis.Buffer
const { Bytes, createPublicKey, verify } = await import('./verifier/browser.js')
const { checkBytes } = await import('./verifier/verify.js')
const { isOurs } = await import('./verifier/kind.js')
const given = JSON.parse(readFileSync(process.argv[2], 'utf8'))
const told = given.files.map(([name, path]) => checkBytes(name, new Bytes(readFileSync(path))))
const ours = given.files.map(([, path]) => isOurs(new Bytes(readFileSync(path))))
const SPKI = '302a300506032b6570032100'
const hex = text => Bytes.from(text, 'hex')
const ed = given.ed25519.map(([message, key, signature]) =>
  verify(null, hex(message), createPublicKey({ key: hex(SPKI + key), format: 'der' }), hex(signature)))
const ec = given.p256.map(([message, x, y, signature]) =>
  verify('sha256', hex(message), { key: createPublicKey({ key: { x, y }, format: 'jwk' }) }, hex(signature)))
console.log(JSON.stringify({ told, ours, ed, ec, buffer: globalThis.Buffer === Bytes }))
"""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    made = pairs.stage(tmp_path_factory.mktemp("pair"))
    yield made
    made.close()


def run(folder: Path, files: Mapping[str, bytes], ed25519: list[Any] = [], p256: list[Any] = []) -> dict[str, Any]:  # noqa: B006
    """What the verifier says in a place that has nothing of Node's but the reading of these files."""
    for name, data in verifying.files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "run.js").write_text(RUN)
    named = []
    for number, (name, data) in enumerate(files.items()):
        (folder / f"{number}.bin").write_bytes(data)
        named.append((name, str(folder / f"{number}.bin")))
    (folder / "given.json").write_text(json.dumps({"files": named, "ed25519": ed25519, "p256": p256}))
    done = subprocess.run(
        ["node", folder / "run.js", folder / "given.json"], capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["buffer"] is True
    return found


def test_proofs_and_packs_are_judged_as_ours_judges_them(pair: Pair, tmp_path: Path) -> None:
    sound = {record: pair.ind.prove(record) for record in GRADES}
    bad = dict(list(bad_proofs(pair).items())[::3])
    files = {
        **sound,
        **{f"bad {name}": data for name, (data, _where, _rule) in bad.items()},
        "pack": make_pack(pair, 0),
    }
    found = run(tmp_path, files)
    assert all(found["ours"])
    told = dict(zip(files, found["told"], strict=True))
    for name, data in sound.items():
        assert told[name]["faults"] == [], name
        assert (told[name]["says"], told[name]["confirmed"]) == (proof.check(data).says, False)
    for name, (_data, where, rule) in bad.items():
        assert [(each["where"], each["rule"]) for each in told[f"bad {name}"]["faults"]] == [(where, rule)], name
    assert told["pack"]["good"] is True


def test_a_file_that_is_neither_is_not_taken_for_one_and_one_that_was_altered_is(pair: Pair, tmp_path: Path) -> None:
    made = {"proof": pair.ind.prove(next(iter(GRADES)))}
    made["pack"] = make_pack(pair, 0)
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        tar.addfile(tarfile.TarInfo("letter.txt"))
    neither = {
        "paper": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n" + bytes(4000),
        "nothing": b"",
        "text": b"A letter.\n",
        "other json": b'{"found": null, "format": "x"}',
        "writing about it": b'# The form\n"bodies": "claim": "entries": "logs": "says":',
        "rtf": b"{\\rtf1 A letter.}",
        "archive": archive.getvalue(),
        "picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    }
    altered = {
        f"{name} {at}": data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        for name, data in made.items()
        for at in (0, 1, 9, 100, 120, 258, 263, 300, len(data) // 2, len(data) - 1)
    } | {f"{name} cut": data[: len(data) - 700] for name, data in made.items()}
    files = {**neither, **altered}
    found = run(tmp_path, files)
    told = {name: (ours, one["good"]) for name, ours, one in zip(files, found["ours"], found["told"], strict=True)}
    assert told == {**dict.fromkeys(neither, (False, False)), **dict.fromkeys(altered, (True, False))}


def test_signatures_on_which_libraries_disagree_are_judged_as_the_curve_says(tmp_path: Path) -> None:
    cases = [[message, key, signature] for message, key, signature, _holds in CASES]
    # The verifier refuses small orders and what is not reduced before it asks; here only what is left is asked.
    plain = [number for number in (3, 4, 5) if number < len(CASES)]
    key = ec.generate_private_key(ec.SECP256R1())
    numbers = key.public_key().public_numbers()
    x, y = (each.to_bytes(32, "big") for each in (numbers.x, numbers.y))
    point = [base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in (x, y)]
    signed = key.sign(b"a form", ec.ECDSA(hashes.SHA256()))
    spoiled = signed[:-1] + bytes([signed[-1] ^ 1])
    curve = [
        [text.hex(), *point, each.hex()]
        for text, each in ((b"a form", signed), (b"a farm", signed), (b"a form", spoiled))
    ]
    found = run(tmp_path, {}, [cases[each] for each in plain], curve)
    assert found["ed"] == [CASES[each][3] for each in plain]
    assert found["ec"] == [True, False, False]
