"""A node's own keys: making them, opening them, the key list they make. Knows no act."""

import base64
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509.oid import NameOID

from dtti.ledger import keyfile, keylist
from dtti.ledger.keylist import Key, KeyList, Role

from .files import sync_folder

RINGS = {"root": ("root",), "power": ("power",), "node": ("node", "log", "mirror", "box", "tls")}


def _text(private: Ed25519PrivateKey) -> str:
    return private.private_bytes_raw().hex()


def certificate(private: Ed25519PrivateKey, name: str, years: int = 10) -> str:
    """A self-signed certificate for mutual TLS, base64 DER: trusted because a key list names it, and only for that."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    # Two certificates of a side bear one name while a rotation is under way: the key identifiers tell them apart.
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * years))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(identifier, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(identifier.digest, None, None), critical=False)
        .sign(private, None)
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def exchange_name(side: str) -> str:
    """The name in a side's exchange certificate."""
    return f"{side.lower()}.exchange.dtti.invalid"


def make(folder: Path, side: str, passphrase: bytes) -> KeyList:
    """Make the three key rings of a new node in `folder` (new files only) and return its first key list."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = {role: Ed25519PrivateKey.generate() for role in (*keylist.SIGNING_ROLES, "tls")}
    box = pyrage.x25519.Identity.generate()
    secrets = {role: [_text(key)] for role, key in private.items()} | {"box": [str(box)]}
    for ring, roles in RINGS.items():
        keyfile.write_ring(folder / f"{ring}.keys", {role: secrets[role] for role in roles}, passphrase)
    public = {role: keylist.key_of(private[role]) for role in keylist.SIGNING_ROLES}
    public["box"] = Key(keylist.AGE, str(box.to_public()))
    public["tls"] = Key(keylist.X509, certificate(private["tls"], exchange_name(side)))
    return KeyList({role: Role([key], 1) for role, key in public.items()}, 1)


class Keys:
    """The private keys of a node, opened when first needed, and anew when another key list has come into force."""

    def __init__(self, folder: Path, passphrase: bytes) -> None:
        self.folder, self.passphrase = folder, passphrase
        self._version = 0
        self._rings: dict[str, dict[str, list[str]]] = {}
        self._signing: dict[str, list[Ed25519PrivateKey]] = {}
        self._fitting: set[str] = set()

    def follow(self, keys: KeyList) -> None:
        """Go by `keys`, the list in force: another process may have rotated, or a power cut left it half done."""
        if keys.version != self._version:
            finish(self.folder, self.passphrase, keys)
            self._rings, self._signing, self._fitting = {}, {}, set()
            self._version = keys.version

    def fits(self, role: str, keys: KeyList) -> bool:
        """Whether the keys of a signing role here are among those that `keys`, the list in force, names."""
        if role not in self._fitting:
            listed = {key.public for key in keys.keys(role)}
            if not {keylist.key_of(each).public for each in self.signing(role)} <= listed:
                return False
            self._fitting.add(role)
        return True

    def _ring(self, role: str) -> dict[str, list[str]]:
        name = next(ring for ring, roles in RINGS.items() if role in roles)
        if name not in self._rings:
            self._rings[name] = keyfile.read_ring(self.folder / f"{name}.keys", self.passphrase)
        return self._rings[name]

    def signing(self, role: str) -> list[Ed25519PrivateKey]:
        """The private keys of a signing role (or of tls)."""
        if role not in self._signing:
            self._signing[role] = [
                Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text)) for text in self._ring(role)[role]
            ]
        return self._signing[role]

    def retired(self, role: str) -> list[Ed25519PrivateKey]:
        """Keys of a role that rotations replaced, newest first: a checkpoint after one is signed by old and new."""
        return [
            Ed25519PrivateKey.from_private_bytes(bytes.fromhex(text))
            for text in self._ring(role).get(f"{role}.old", [])
        ]

    def box(self) -> list[str]:
        """The age identities that open packs sealed to this side, newest first."""
        return self._ring("box")["box"]


def matches(ring: dict[str, list[str]], keys: KeyList) -> bool:
    """Whether the private keys of `ring` are those that `keys` lists for each of its roles."""
    for role, secrets in ring.items():
        if role.endswith(".old"):
            continue
        if role == "box":
            public = {str(pyrage.x25519.Identity.from_str(secrets[0]).to_public())}
        else:
            public = {public_of(role, secret, keys) for secret in secrets}
        listed = {key.public for key in keys.keys(role)}
        if not (public <= listed if role in ("box", "tls") else public == listed):
            return False
    return True


def public_of(role: str, secret: str, keys: KeyList) -> str:
    """The public value of a private key as a key list gives it: of tls the listed certificate that carries the key."""
    private = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
    if role != "tls":
        return keylist.key_of(private).public
    for key in keys.keys("tls"):
        if certified(key) == keylist.key_of(private).public:
            return key.public
    return ""


def certified(key: Key) -> str:
    """The public key (hex) in an exchange certificate."""
    found = x509.load_der_x509_certificate(base64.b64decode(key.public)).public_key()
    return found.public_bytes_raw().hex() if isinstance(found, Ed25519PublicKey) else ""


NEXT = ".next"  # rings made by a rotation, until its act stands in the ledger


def finish(folder: Path, passphrase: bytes, keys: KeyList) -> None:
    """Finish what a rotation began: put its rings in place if `keys`, the list in force, is theirs.

    Others are left: the rotation that made them may just be about to write its act.
    """
    moved = False
    for path in sorted(folder.glob(f"*.keys{NEXT}")):
        with suppress(FileNotFoundError):  # another process may be finishing it too
            if matches(_opened(path, passphrase), keys):
                put_in_place(path)
                moved = True
    if moved:
        sync_folder(folder)


def put_in_place(path: Path) -> None:
    """Make a ring that a rotation made the ring of its name; where that is a link, in the place that it leads to."""
    ring = path.with_name(path.name.removesuffix(NEXT))
    if ring.is_symlink():
        kept = ring.resolve()
        beside = kept.with_name(f"{kept.name}{NEXT}")
        beside.unlink(missing_ok=True)
        keyfile.write_private(beside, path.read_bytes())
        beside.replace(kept)
        sync_folder(kept.parent)
        path.unlink()
    else:
        path.replace(ring)


def _opened(path: Path, passphrase: bytes) -> dict[str, list[str]]:
    if not path.exists():
        raise FileNotFoundError(path)
    return keyfile.read_ring(path, passphrase)
