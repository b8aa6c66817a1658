"""Ed25519 signatures where libraries disagree: small order, what is not reduced, second spellings."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from dtti.ledger import keylist
from dtti.ledger.keylist import Key, KeyListError
from tests import making

from .strategies import one_byte_changed

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493

SMALL = "an Ed25519 public key of small order (rule key-encoding)"
NOT_REDUCED = "a non-canonical Ed25519 public key (rule key-encoding)"

# The points of small order in all their spellings, as Chalkias, Garillot and Nikolaenko list them ("Taming the many
# EdDSAs", 2020, table 1): the eight canonical ones, then those that are not.
SMALL_ORDER = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
)

# The twelve cases of the same paper (table 5, as published in ed25519-speccheck, cases.txt): message, key, signature,
# and whether it is to verify. Only case 3 is: its key and its R have a large order, and S is reduced.
MIXED = "f7badec5b8abeaf699583992219b7b223f1df3fbbea919844e3f7c554a43dd43"
CASES = (
    (
        "8c93255d71dcab10e8f379c26200f3c7bd5f09d9bc3068d3ef4edeb4853022b6",
        SMALL_ORDER[5],
        SMALL_ORDER[4] + "00" * 32,
        False,
    ),
    (
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        SMALL_ORDER[5],
        MIXED + "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
        False,
    ),
    (
        "aebf3f2601a0c8c5d39cc7d8911642f740b78168218da8471772b35f9d35b9ab",
        MIXED,
        SMALL_ORDER[5] + "8c4bd45aecaca5b24fb97bc10ac27ac8751a7dfe1baff8b953ec9f5833ca260e",
        False,
    ),
    (
        "9bd9f44f4dcc75bd531b56b2cd280b0bb38fc1cd6d1230e14861d861de092e79",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "9046a64750444938de19f227bb80485e92b83fdb4b6506c160484c016cc1852f"
        "87909e14428a7a1d62e9f22f3d3ad7802db02eb2e688b6c52fcd6648a98bd009",
        True,
    ),
    (
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "160a1cb0dc9c0258cd0a7d23e94d8fa878bcb1925f2c64246b2dee1796bed512"
        "5ec6bc982a269b723e0668e540911a9a6a58921d6925e434ab10aa7940551a09",
        False,
    ),
    (
        "e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec4011eaccd55b53f56c",
        "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d",
        "21122a84e0b5fca4052f5b1235c80a537878b38f3142356b2c2384ebad4668b7"
        "e40bc836dac0f71076f9abe3a53f9c03c1ceeeddb658d0030494ace586687405",
        False,
    ),
    (
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "e96f66be976d82e60150baecff9906684aebb1ef181f67a7189ac78ea23b6c0e"
        "547f7690a0e2ddcd04d87dbc3490dc19b3b3052f7ff0538cb68afb369ba3a514",
        False,
    ),
    (
        "85e241a07d148b41e47d62c63f830dc7a6851a0b1f33ae4bb2f507fb6cffec40",
        "442aad9f089ad9e14647b1ef9099a1ff4798d78589e66f28eca69c11f582a623",
        "8ce5b96c8f26d0ab6c47958c9e68b937104cd36e13c33566acd2fe8d38aa1942"
        "7e71f98a473474f2f13f06f97c20d58cc3f54b8bd0d272f42b695dd7e89a8c22",
        False,
    ),
    (
        "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        MIXED,
        SMALL_ORDER[9] + "03be9678ac102edcd92b0210bb34d7428d12ffc5df5f37e359941266a4e35f0f",
        False,
    ),
    (
        "9bedc267423725d473888631ebf45988bad3db83851ee85c85e241a07d148b41",
        MIXED,
        SMALL_ORDER[9] + "ca8c5b64cd208982aa38d4936621a4775aa233aa0505711d8fdcfdaa943d4908",
        False,
    ),
    (
        "e96b7021eb39c1a163b6da4e3093dcd3f21387da4cc4572be588fafae23c155b",
        SMALL_ORDER[9],
        "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
        False,
    ),
    (
        "39a591f5321bbe07fd5a23dc2f39d025d74526615746727ceefd6e82ae65c06f",
        SMALL_ORDER[9],
        "a9d55260f765261eb9b84e106f665e00b867287a761990d7135963ee0a7d59dc"
        "a5bb704786be79fc476f91d3f3f89b03984d8068dcf1bb7dfc6637b45450ac04",
        False,
    ),
)


def refusal(public: bytes) -> str:
    """Why `public` is refused as a key; empty where it is not."""
    try:
        keylist.check_public(public)
    except KeyListError as error:
        return str(error)
    return ""


def verifies_or_refuses(key: Key, signature: bytes, signed: bytes) -> bool:
    try:
        return keylist.verifies(key, signature, signed)
    except KeyListError:
        return False


@pytest.mark.parametrize("case", range(12))
def test_the_published_edge_cases_are_decided_strictly(case: int) -> None:
    message, public, signature, good = CASES[case]
    key = Key(keylist.ED25519, public)
    assert verifies_or_refuses(key, bytes.fromhex(signature), bytes.fromhex(message)) is good


@pytest.mark.parametrize("public", SMALL_ORDER)
def test_a_key_of_small_order_is_refused_in_every_spelling(public: str) -> None:
    assert refusal(bytes.fromhex(public)) in (SMALL, NOT_REDUCED)
    assert not verifies_or_refuses(Key(keylist.ED25519, public), bytes(64), b"text")


def test_a_key_that_is_not_reduced_is_refused_in_every_spelling() -> None:
    for y in range(P, 2**255):
        for sign in (0, 1):
            raw = (y | sign << 255).to_bytes(32, "little")
            assert refusal(raw) == NOT_REDUCED


@pytest.mark.parametrize("length", [0, 31, 33, 64])
def test_a_key_of_another_length_is_refused(length: int) -> None:
    assert refusal(bytes(length)) == "an Ed25519 public key has 32 bytes (rule key-encoding)"


def test_the_eight_points_that_the_curve_has_of_small_order_are_the_ones_refused() -> None:
    """By the curve's own arithmetic: eight different points, each of which times eight is the neutral one."""
    points = {decompress(bytes.fromhex(each)) for each in SMALL_ORDER[:8]}
    assert len(points) == 8
    for point in points:
        eightfold = point
        for _ in range(3):
            eightfold = plus(eightfold, eightfold)
        assert eightfold == (0, 1)


D = -121665 * pow(121666, -1, P) % P


def decompress(raw: bytes) -> tuple[int, int]:
    """The point that 32 bytes spell (RFC 8032, section 5.1.3), its x recovered by a square root modulo P."""
    spelled = int.from_bytes(raw, "little")
    y, sign = spelled & (2**255 - 1), spelled >> 255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if x * x % P != square:
        x = x * pow(2, (P - 1) // 4, P) % P
    assert x * x % P == square
    return (P - x if x % 2 != sign else x) % P, y


def plus(one: tuple[int, int], two: tuple[int, int]) -> tuple[int, int]:
    """Sum of two points of the curve -x^2 + y^2 = 1 + D x^2 y^2."""
    (x1, y1), (x2, y2) = one, two
    product = D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P)
    y = (y1 * y2 + x1 * x2) * pow(1 - product, -1, P)
    return x % P, y % P


@given(st.binary(max_size=100))
def test_a_signature_verifies_and_its_second_spelling_does_not(signed: bytes) -> None:
    """S and S + L satisfy the same equation; only the first is a signature."""
    private = making.private_key("signer")
    signature = private.sign(signed)
    scalar = int.from_bytes(signature[32:], "little") + L
    assert keylist.verifies(keylist.key_of(private), signature, signed)
    assert not keylist.verifies(keylist.key_of(private), signature[:32] + scalar.to_bytes(32, "little"), signed)


@given(st.data())
def test_any_changed_byte_of_key_signature_or_text_is_refused(drawn: st.DataObject) -> None:
    private, signed = making.private_key("signer"), b"the bytes that were signed"
    key, signature = keylist.key_of(private), private.sign(signed)
    assert not keylist.verifies(key, drawn.draw(one_byte_changed(st.just(signature))), signed)
    assert not keylist.verifies(key, signature, drawn.draw(one_byte_changed(st.just(signed))))
    other = drawn.draw(one_byte_changed(st.just(bytes.fromhex(key.public))))
    assert not verifies_or_refuses(Key(keylist.ED25519, other.hex()), signature, signed)


@pytest.mark.parametrize("length", [0, 1, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length: int) -> None:
    assert not keylist.verifies(keylist.key_of(making.private_key("signer")), bytes(length), b"text")


def test_a_key_of_another_algorithm_verifies_nothing() -> None:
    private = making.private_key("signer")
    key = keylist.key_of(private)
    for algorithm in (keylist.AGE, keylist.X509, "ml-dsa-65", "ED25519"):
        assert not keylist.verifies(Key(algorithm, key.public), private.sign(b"text"), b"text")


def test_signatures_are_those_of_rfc_8032() -> None:
    """Section 7.1, tests 1 and 2."""
    vectors = (
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    )
    for secret, public, text, signature in vectors:
        private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
        assert keylist.key_of(private) == Key(keylist.ED25519, public)
        [(keyid, made)] = keylist.sign(bytes.fromhex(text), [private])
        assert (keyid, made.hex()) == (Key(keylist.ED25519, public).id, signature)
        assert keylist.verifies(Key(keylist.ED25519, public), made, bytes.fromhex(text))
