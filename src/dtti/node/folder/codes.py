"""Random codes: what a leaf may hold in place of a name. Knows nothing of what they stand for."""

import base64
import hmac
import secrets

CODE_BYTES = 10  # 16 characters of base32


def new_code() -> str:
    """80 random bits as 16 small letters and digits (RFC 4648 base32, lower case)."""
    return _written(secrets.token_bytes(CODE_BYTES))


def code_for(secret: str, words: str) -> str:
    """The code that stands for some words: the same each time, and random to whoever does not hold the secret."""
    return _written(hmac.digest(secret.encode(), words.encode(), "sha256")[:CODE_BYTES])


def _written(code: bytes) -> str:
    return base64.b32encode(code).decode().lower()
