"""Marks a text for the catalogue where it is written, since it is translated where it is shown. Knows no language."""


def N_(message: str) -> str:  # noqa: N802 - the name that every extractor knows
    """The text itself: the mark is what the extraction of messages looks for."""
    return message


def C_(_context: str, message: str) -> str:  # noqa: N802 - as above
    """The text itself, which has other words in this context than elsewhere."""
    return message
