"""Bodies: the commitment binds to every byte and tells nothing."""

from hypothesis import given
from hypothesis import strategies as st

from dtti.ledger import body
from dtti.ledger.act import Commitment
from dtti.ledger.body import Body

from .strategies import one_byte_changed


@given(st.binary(max_size=200))
def test_a_body_opens_its_own_commitment(data: bytes) -> None:
    wrapped = body.wrap(data)
    assert wrapped.data == data
    assert body.commit(wrapped).size == len(data)
    assert body.opens(body.commit(wrapped), wrapped)


def test_the_commitment_is_the_salted_hash_of_the_format() -> None:
    """Computed with coreutils: ``{ printf 'dtti-body-1\\0'; printf '%032d' 0; printf text; } | sha256sum``."""
    digest = "a84846984cb469f9392c802aba05d16152fafe913ebe1e568d06f17ee2cc8e99"
    assert body.commit(Body(b"0" * 32, b"text")) == Commitment(digest, 4)


@given(st.data())
def test_no_other_body_opens_a_commitment(drawn: st.DataObject) -> None:
    wrapped = body.wrap(drawn.draw(st.binary(min_size=1, max_size=80)))
    commitment = body.commit(wrapped)
    others = (
        Body(wrapped.salt, drawn.draw(one_byte_changed(st.just(wrapped.data)))),
        Body(drawn.draw(one_byte_changed(st.just(wrapped.salt))), wrapped.data),
        Body(wrapped.salt, wrapped.data + b"\0"),
        Body(wrapped.salt, wrapped.data[:-1]),
        body.wrap(wrapped.data),
    )
    assert [body.opens(commitment, other) for other in others] == [False] * 5
    assert not body.opens(Commitment(commitment.digest, commitment.size + 1), wrapped)


def test_salt_and_data_cannot_be_divided_anew() -> None:
    wrapped = body.wrap(b"text")
    commitment = body.commit(wrapped)
    longer = Body(wrapped.salt + b"t", b"ext")
    assert body.commit(longer).digest == commitment.digest
    assert not body.opens(commitment, longer)
    assert not body.opens(body.commit(longer), longer)


def test_the_same_text_is_committed_to_differently_each_time() -> None:
    commitments = {body.commit(body.wrap(b"yes")).digest for _ in range(50)}
    assert len(commitments) == 50
    assert {len(body.wrap(b"").salt) for _ in range(5)} == {32}
