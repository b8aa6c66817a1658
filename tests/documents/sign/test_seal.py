"""The code on a page: what it says, and that Typst draws the same as an independent encoder."""

import json
from typing import Any

import pytest
import qrcode
import typst
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_Q
from qrcode.util import MODE_ALPHA_NUM, QRData

from dtti.accord.refusal import Refused
from dtti.documents.sign.seal import MASK, VERSION, Code, read_code, seal_block, spell
from dtti.documents.typeset.compile import HOUSE

from .making import DIGEST


@settings(max_examples=50)
@given(
    st.binary(min_size=32, max_size=32).map(bytes.hex),
    st.sampled_from(["IND", "USA", ""]),
    st.integers(1, 999),
    st.integers(0, 998),
)
def test_what_is_spelled_is_read(digest: str, original: str, page: int, more: int) -> None:
    code = Code(digest=digest, original=original, page=page, pages=min(page + more, 999))
    assert read_code(spell(code)) == code
    assert len(spell(code)) <= 87  # what a code of this version and level holds


@pytest.mark.parametrize(
    "spelled",
    [
        "",
        "https://example.org",
        f"DTTI1:{DIGEST}:IND:1/2",  # small letters
        f"DTTI1:{DIGEST.upper()}:FRA:1/2",
        f"DTTI1:{DIGEST.upper()}:IND:3/2",
        f"DTTI1:{DIGEST.upper()}:IND:0/2",
        f"DTTI2:{DIGEST.upper()}:IND:1/2",
        f"DTTI1:{DIGEST.upper()}:IND:1/2 ",
    ],
)
def test_another_code_is_none_of_ours(spelled: str) -> None:
    assert read_code(spelled) is None


def test_the_block_gives_templates_all_but_the_page_numbers() -> None:
    assert seal_block(DIGEST, "USA") == {
        "digest": DIGEST,
        "reference": "F5HK-ANJP-N077",
        "original": "USA",
        "head": f"DTTI1:{DIGEST.upper()}:USA:",
    }
    with pytest.raises(Refused):
        seal_block("no digest")


def code_rows(code: Code) -> tuple[str, ...]:
    """The code as 37 rows of 37 characters, `1` for a dark module, without the quiet zone of four modules around it."""
    made: Any = qrcode.QRCode(version=VERSION, error_correction=ERROR_CORRECT_Q, border=0, mask_pattern=MASK)
    made.add_data(QRData(spell(code).encode(), mode=MODE_ALPHA_NUM))
    made.make(fit=False)
    return tuple("".join("1" if dark else "0" for dark in row) for row in made.get_matrix())


def test_typst_draws_the_code_that_another_encoder_draws() -> None:
    codes = [Code(DIGEST, "IND", 1, 2), Code("01" * 32, "", 9, 9), Code("f" * 64, "USA", 998, 999)]
    source = '#import "seal.typ": code-rows\n#metadata(json("codes.json").map(code-rows)) <rows>'
    drawn = typst.query(
        {
            "main.typ": source.encode(),
            "seal.typ": (HOUSE / "seal.typ").read_bytes(),
            "codes.json": json.dumps([spell(code) for code in codes]).encode(),
        },
        "<rows>",
        field="value",
        one=True,
    )
    for code, rows in zip(codes, json.loads(drawn), strict=True):
        assert tuple("".join(str(module) for module in row) for row in rows) == code_rows(code)
