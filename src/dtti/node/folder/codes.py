"""Random codes: what a leaf may hold in place of a name. Knows nothing of what they stand for."""

import base64
import secrets

CODE_BYTES = 10  # 16 characters of base32


def new_code() -> str:
    """80 random bits as 16 small letters and digits (RFC 4648 base32, lower case)."""
    return base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
