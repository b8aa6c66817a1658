"""Hypothesis strategies for values of the canonical profile and for sound acts. Knows the formats, no test."""

from hypothesis import strategies as st

from dtti.ledger.act import Act, Commitment, Seen
from dtti.ledger.canonical import MAX_INTEGER
from tests import making

CONTROLS = "".join(map(chr, (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0))))
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

integers = st.integers(-MAX_INTEGER, MAX_INTEGER)
keys = st.from_regex(r"[a-z0-9_]{1,40}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=CONTROLS + BIDI), max_size=40)
scalars = st.one_of(st.booleans(), integers, texts)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)

digests = st.binary(min_size=32, max_size=32).map(bytes.hex)
naturals = st.integers(0, MAX_INTEGER)
sides = st.from_regex(r"[A-Z]{3}", fullmatch=True)
codes = st.from_regex(r"[a-z][a-z0-9_]{0,39}", fullmatch=True)
record_ids = st.just("") | st.from_regex(r"[a-z][a-z0-9_]{1,39}/[A-Z]{3}/[a-z2-7]{8,32}", fullmatch=True)
times = st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"))
commitments = st.builds(Commitment, digests, naturals)
acts = st.builds(
    Act,
    body=st.lists(commitments, max_size=3),
    environment=codes,
    format=st.just(1),
    index=naturals,
    ledger=codes,
    office=record_ids,
    previous=digests,
    programme=codes,
    record=record_ids,
    rests=st.lists(digests, max_size=3),
    role=codes,
    rules=codes,
    seen=st.builds(Seen, digests, naturals),
    side=sides,
    terms=st.dictionaries(keys, values, max_size=3),
    time=times,
    verb=codes,
)
signers = st.lists(st.integers(0, 5), min_size=1, max_size=3).map(
    lambda numbers: [making.private_key(f"signer {number}") for number in numbers]
)


@st.composite
def one_byte_changed(draw: st.DrawFn, sources: st.SearchStrategy[bytes]) -> bytes:
    """Bytes of `sources`, not empty, with one byte in them replaced by any other."""
    data = bytearray(draw(sources.filter(bool)))
    data[draw(st.integers(0, len(data) - 1))] ^= draw(st.integers(1, 255))
    return bytes(data)
