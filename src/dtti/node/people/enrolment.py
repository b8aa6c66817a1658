"""Passkeys that persons make for their offices: the browser's answer read, and kept as asked for. Knows no page.

What is kept here binds nobody and proves nothing: it counts once an act of the power keys names its public key
(`passkeys`). Whoever holds those keys compares the key's name with what the person reads out.
"""

from __future__ import annotations

import base64
import json
import struct
from typing import Any, Final

from fido2.cose import ES256
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestationConveyancePreference,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from dtti.accord.binding import public_key, within
from dtti.accord.refusal import Refused, refuse
from dtti.node.acting import passkeys
from dtti.node.core.node import Node

from .models import Passkey, Person

MOST: Final = 12  # passkeys that a person may have asked for and not yet bound


def begin(node: Node, person: Person, office: str, title: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a browser is asked to make a passkey for an office, and what is kept until it answers.

    Refused where the pages are at an address without a name, or more was asked for than anyone would bind.
    """
    mine, held = list(Passkey.objects.filter(person=person)), passkeys.bound(node)
    given = {one.credential.public for one in held}
    if sum(one.public not in given for one in mine) >= MOST:
        raise Refused(
            refuse("passkey-asked", f"{MOST} passkeys wait for the power keys", "Take back those that are not needed.")
        )
    closed = {one.credential.public for one in held if one.closed}
    others = [  # a device that holds one would put the new one in its place
        PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=websafe_decode(one.credential))
        for one in mine
        if one.office == office and one.public not in closed
    ]
    options, state = _server(node).register_begin(
        PublicKeyCredentialUserEntity(
            id=f"{person.pk} {office}".encode(), name=f"{person.username} · {title}"[:64], display_name=title[:64]
        ),
        others,
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options), {**state, "office": office}


def finish(node: Node, person: Person, state: dict[str, Any], answer: str) -> Passkey:
    """Keep the passkey that a browser made, as asked for; Refused where its answer does not hold."""
    try:
        made = _server(node).register_complete(state, json.loads(answer[:60_000])).credential_data
        if made is None or made.public_key.get(3) != ES256.ALGORITHM:
            raise ValueError("it is no key of ES256")
        point = b"\x04" + made.public_key[-2] + made.public_key[-3]
        public_key(point.hex())
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError, struct.error):
        raise Refused(
            refuse(
                "passkey-form",
                "the browser's answer was not taken: damaged, too late, for another address, or no person was checked",
                "Make the passkey again, with a device that asks for a PIN, a fingerprint or a face.",
            )
        ) from None
    identity = base64.urlsafe_b64encode(made.credential_id).decode().rstrip("=")
    if Passkey.objects.filter(credential=identity).exists() or Passkey.objects.filter(public=point.hex()).exists():
        raise Refused(refuse("passkey-asked", "this passkey was asked for before", "Make another on the device."))
    return Passkey.objects.create(
        person=person, office=state["office"], credential=identity, public=point.hex(), host=node.config.relying_party
    )


def take_back(person: Person, number: int) -> None:
    """Forget a passkey that `person` asked for; what the power keys bound goes on until they end it."""
    Passkey.objects.filter(person=person, pk=number).delete()


def asked_for(name: str) -> Passkey:
    """The passkey asked for whose key has this name; Refused where there is none."""
    wanted = "".join(name.split()).lower()
    for one in Passkey.objects.select_related("person"):
        if passkeys.key_name(one.public).replace(" ", "") == wanted:
            return one
    raise Refused(
        refuse(
            "passkey-asked",
            f"nobody here asks for a passkey whose key is called {name[:40]!r}",
            "Type the twenty digits as the person reads them from the account page; `dtti passkey list` has them.",
        )
    )


def devices(office: str, publics: set[str]) -> list[str]:
    """Ids by which devices find the passkeys of an office with these public keys; those that are known here."""
    found = Passkey.objects.filter(office=office, public__in=publics)
    return [one.credential for one in found]


def _server(node: Node) -> Fido2Server:
    host = node.config.relying_party
    if not host:
        raise Refused(passkeys.no_host(node))
    server = Fido2Server(
        PublicKeyCredentialRpEntity(id=host, name=node.config.name or f"DTTI {node.side}"),
        attestation=AttestationConveyancePreference.NONE,
        verify_origin=lambda origin: within(origin, host),
    )
    server.allowed_algorithms = [each for each in server.allowed_algorithms if each.alg == ES256.ALGORITHM]
    return server
