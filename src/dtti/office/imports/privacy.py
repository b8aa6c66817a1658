"""What is private in a list of contacts: telephone numbers and e-mail addresses, wherever they are written."""

import re

_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
_PHONE = re.compile(r"(?:\+|\b)\d[\d\s().-]{7,}\d")


def private(said: str) -> bool:
    """Whether a text holds an e-mail address or a telephone number."""
    return bool(_MAIL.search(said) or _PHONE.search(said))
