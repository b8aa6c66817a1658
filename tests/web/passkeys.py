"""A passkey in software, as the WebAuthn standard (Level 2, 5.1 and 6) has a device behave: one ES256 key.

Answers are what a page's script sends: the public-key credential as JSON with unpadded base64url members.
"""

import base64
import secrets
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

FLAG = AuthenticatorData.FLAG


def text(value: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


class SoftKey:
    """One device with one credential, for the site at `origin`."""

    def __init__(self, origin: str, rp_id: str) -> None:
        self.origin, self.rp_id = origin, rp_id
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.user, self.count = b"", 0

    def create(self, options: dict[str, Any], *, flags: Any = FLAG.UP | FLAG.UV | FLAG.AT) -> dict[str, Any]:
        """Answer to being asked for a new credential."""
        asked = options["publicKey"]
        padded = asked["user"]["id"] + "=" * (-len(asked["user"]["id"]) % 4)
        self.user = base64.urlsafe_b64decode(padded)
        public = ES256.from_cryptography_key(self.private.public_key())
        held = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        made = AttestationObject.create("none", AuthenticatorData.create(self._site(), flags, 0, held), {})
        client = CollectedClientData.create("webauthn.create", asked["challenge"], self.origin)
        return self._credential(clientDataJSON=text(client), attestationObject=text(made), transports=["internal"]) | {
            "clientExtensionResults": {"credProps": {"rk": True}}
        }

    def get(self, options: dict[str, Any], *, flags: Any = FLAG.UP | FLAG.UV) -> dict[str, Any]:
        """Answer to being asked to sign in."""
        self.count += 1
        data = AuthenticatorData.create(self._site(), flags, self.count)
        client = CollectedClientData.create("webauthn.get", options["publicKey"]["challenge"], self.origin)
        signature = self.private.sign(bytes(data) + client.hash, ec.ECDSA(SHA256()))
        return self._credential(
            clientDataJSON=text(client),
            authenticatorData=text(data),
            signature=text(signature),
            userHandle=text(self.user),
        )

    def _site(self) -> bytes:
        return sha256(self.rp_id.encode()).digest()

    def _credential(self, **response: Any) -> dict[str, Any]:
        return {
            "id": text(self.id),
            "rawId": text(self.id),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
