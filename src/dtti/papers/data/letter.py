"""A letter of an office to somebody outside both governments: a receipt, a reasoned reply. Knows no layout."""

from typing import Annotated

import msgspec

from dtti.documents.values import Words

from .head import Head


class Letter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who writes to whom about what. Its reference, number and date stand in its head."""

    head: Head
    sender: Words
    to: Words
    about: Words
    paragraphs: Annotated[tuple[Words, ...], msgspec.Meta(min_length=1, max_length=40)]
