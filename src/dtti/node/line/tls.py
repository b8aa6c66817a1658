"""The line between two nodes: mutual TLS with certificates from the key lists. Knows no act and no Django.

A certificate is trusted because a key list names it, byte for byte; no authority stands behind it. Who asks by it
is `client`, the door that answers `dtti.api.exchange`.
"""

import os
import secrets
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from dtti.accord.refusal import Refused, refuse
from dtti.ledger.keylist import KeyList
from dtti.ledger.store import MIRROR
from dtti.node.core.node import Node

from . import exchange, rotate, usable


def _pem(der: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(der)


def certificates(node: Node) -> list[bytes]:
    """The counterpart's exchange certificates in force that can be used (DER); none where nobody has joined."""
    return usable.certificates(their_keys(node)) if node.book.other else []


def their_keys(node: Node) -> KeyList:
    """The counterpart's key list in force, as this side holds it."""
    standing = node.book.authority(MIRROR).standing()
    return standing.keys if standing else node.standing.parties[str(node.book.other)].keys


@contextmanager
def _identity_files(node: Node) -> Iterator[tuple[str, str, str]]:
    """This node's certificate and its private key as files under a one-time passphrase, gone when the block ends."""
    certificate, private = rotate.certificate_to_show(node, exchange.known_to_hold(node))
    phrase = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o700)
        sealed = private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(phrase.encode()),
        )
        crt, key = Path(folder, "crt"), Path(folder, "key")
        crt.write_text(_pem(certificate))
        key.write_bytes(sealed)
        yield str(crt), str(key), phrase


def server_context(node: Node) -> ssl.SSLContext:
    """TLS 1.3 for the exchange door: shows this side's certificate, demands the counterpart's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    return _configure(context, node)


def client_context(node: Node) -> ssl.SSLContext:
    """TLS 1.3 for pulling: shows this side's certificate, accepts the counterpart's and no other."""
    if node.book.other is None:
        raise Refused(refuse("counterpart", "no counterpart has joined", "Join one first."))
    if not certificates(node):
        keys_named = their_keys(node)
        raise Refused(
            refuse(
                "key-tls",
                f"key list {keys_named.version} of {node.book.other} names no exchange certificate that can be used",
                "The line is silent until its next key list, which a pack can bring. Work goes on here.",
            )
        )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return _configure(context, node)


def _configure(context: ssl.SSLContext, node: Node) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.verify_mode = ssl.CERT_REQUIRED
    if context.check_hostname:
        context.check_hostname = True
    accepted = certificates(node)
    if accepted:  # else nobody is
        context.load_verify_locations(cadata="".join(_pem(der) for der in accepted))
    with _identity_files(node) as (crt, key, phrase):
        context.load_cert_chain(crt, key, phrase)
    return context
