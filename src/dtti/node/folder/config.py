"""A node's folder and its settings file. Knows nothing of ledgers.

Everything of a node stands in one folder: ``node.toml`` (settings), the ledger store, the record projection, the
accounts database, ``keys/`` and ``mark`` (the high-water mark). docs/settings.md lists every setting.
"""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec

from dtti.ledger import outside

from . import files, passphrase

FILE = "node.toml"
LARGEST = 65_536  # bytes of the settings file
HOST_NAME = re.compile(r"(?=.{1,120}\Z)([a-z0-9-]{1,63}\.)*[a-z0-9-]*[a-z][a-z0-9-]*\Z")  # no address in digits

#: What can be asked to carry a passkey: acts by their verb, and the confirmation of the other side's paper.
Asked = Literal[
    "accept",
    "close",
    "confirm_paper",
    "hand_over",
    "make_public",
    "notice",
    "propose",
    "release",
    "send_back",
    "state",
    "withdraw",
]


class ConfigError(ValueError):
    """Settings that cannot be used, with what would help."""


Line = Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*\Z")]
Address = Annotated[str, msgspec.Meta(max_length=270, pattern=r"^(([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):[0-9]{1,5})?\Z")]
Url = Annotated[
    str, msgspec.Meta(max_length=270, pattern=r"^(https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?)?\Z")
]


# An IPv4 or IPv6 address or network, as `ipaddress` reads them.
Network = Annotated[str, msgspec.Meta(max_length=64, pattern=r"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?\Z")]


class Passkeys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What this side asks of its own offices: acts that are not written without a person's passkey."""

    required: tuple[Asked, ...] = ()


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The mail server to which this node hands its mail; none is sent while `host` is empty."""

    host: Annotated[str, msgspec.Meta(max_length=200, pattern=r"^[A-Za-z0-9.:-]*\Z")] = ""
    port: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"  # `none` on this machine alone
    user: Line = ""
    password_file: str = ""  # path of a file that holds the password of `user`
    sender: Annotated[str, msgspec.Meta(max_length=254, pattern=r"^([^\s@<>,;]+@[^\s@<>,;]+)?\Z")] = ""
    domains: Annotated[
        tuple[Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.-]{1,120}\Z")], ...], msgspec.Meta(max_length=50)
    ] = ()  # to which mail may go, with those below them; all if empty
    hour: Annotated[int, msgspec.Meta(ge=0, le=23)] = 7  # of this side's capital, from which the day's mail goes


class Public(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The public folder that a served node makes anew by itself; none while `folder` is empty."""

    folder: Annotated[str, msgspec.Meta(max_length=4096, pattern=r"^(/[^\x00-\x1f\x7f]*)?\Z")] = ""  # a whole path
    url: Annotated[str, msgspec.Meta(max_length=270, pattern=r"^(https?://[!-~]+)?\Z")] = ""  # where it will be served


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Settings of one node. Addresses left empty mean SQLite files in the folder."""

    side: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
    programme: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")] = "dtti"
    environment: Literal["live", "exercise"] = "live"
    name: Line = ""  # of the installation, shown in headers and status
    operator: Line = ""  # who runs the machine; two nodes with one operator are reported as `single-operator`
    database: str = ""  # postgresql:// URL of ledger, projection and accounts
    schema: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,39}\Z")] = (
        "dtti"  # prefix of the schemas in that database
    )
    page_address: Address = "127.0.0.1:8000"  # where pages are served
    pages_url: Url = ""  # address that officials type, where it is not http:// and `page_address`
    exchange_address: Address = ""  # host:port where the counterpart pulls from; empty: packs only
    peer_address: Address = ""  # host:port of the counterpart's exchange; empty: packs only
    mark_file: str = ""  # path of the high-water mark; best on another disc than the folder
    anchor_hours: Annotated[int, msgspec.Meta(ge=1, le=8760)] = 24
    largest_file_mib: Annotated[int, msgspec.Meta(ge=1, le=32)] = 20
    pull_entries: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 20_000  # that one pull takes in
    pull_mib: Annotated[int, msgspec.Meta(ge=1, le=65_536)] = 512  # of entries and texts that one pull takes in
    pull_seconds: Annotated[int, msgspec.Meta(ge=10, le=86_400)] = 1800  # that one pull lasts
    day_entries: Annotated[int, msgspec.Meta(ge=1, le=100_000_000)] = 100_000  # that all pulls of a day take in
    day_mib: Annotated[int, msgspec.Meta(ge=1, le=1_048_576)] = 4096
    pack_entries: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)] = 200_000  # that one file brings
    pack_mib: Annotated[int, msgspec.Meta(ge=1, le=2048)] = 512
    offer_days: Annotated[int, msgspec.Meta(ge=1, le=366)] = 30  # how long an offer stands unless its sender says
    backup_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 7  # without a backup until status says so; 0: never
    virtual_uses_turn: bool = False  # whether a virtual meeting uses a host's turn
    watchers: Annotated[tuple[Network, ...], msgspec.Meta(max_length=16)] = ()  # who may ask for health and metrics
    demonstration: bool = False  # one-click sign-in as any staged person; never on a live node
    passkeys: Passkeys = Passkeys()
    mail: Mail = Mail()
    public: Public = Public()

    @property
    def address(self) -> str:
        """The address of the pages as officials type it, without a slash at its end."""
        return (os.environ.get("DTTI_PAGES_URL") or self.pages_url or f"http://{self.page_address}").rstrip("/")

    @property
    def relying_party(self) -> str:
        """The host name for which passkeys are made; empty where the pages are at an address in digits."""
        try:
            host = urlsplit(self.address).hostname or ""
        except ValueError:
            return ""
        return host if HOST_NAME.match(host) else ""


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in text) + '"'


def write(folder: Path, config: Config) -> None:
    """Write the settings file of `folder`."""
    lines = ["# Settings of this office system; docs/settings.md explains each."]
    for name, value in msgspec.structs.asdict(config).items():
        if isinstance(value, msgspec.Struct):
            inner = msgspec.structs.asdict(value).items()
            lines += [f"{name}.{member} = {_toml(one)}" for member, one in inner]
        else:
            lines.append(f"{name} = {_toml(value)}")
    files.replace(folder / FILE, ("\n".join(lines) + "\n").encode())


def read(folder: Path) -> Config:
    """The settings of the node in `folder`; ConfigError says what is wrong with them."""
    path = folder / FILE
    try:
        config = msgspec.convert(outside.read_toml(outside.read(path, LARGEST)), Config)
    except FileNotFoundError:
        raise ConfigError(f"{folder} holds no office system (no {FILE}); make one with `dtti found`") from None
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"{path}: {getattr(error, 'strerror', None) or error}; docs/settings.md lists every setting"
        ) from None
    for one in config.watchers:
        try:
            ipaddress.ip_network(one)
        except ValueError as error:
            raise ConfigError(f"{path}: watchers: {error}; give networks like 10.1.2.0/24") from None
    if config.mail.host and not config.mail.sender:
        raise ConfigError(f"{path}: mail: a sender is needed; set mail.sender to an address of this installation")
    if (
        config.mail.host
        and config.mail.security == "none"
        and config.mail.host not in ("localhost", "127.0.0.1", "::1")
    ):
        raise ConfigError(f"{path}: mail: without TLS mail is handed to this machine alone; set mail.security")
    if config.public.folder and Path(config.public.folder).resolve().is_relative_to(folder.resolve()):
        raise ConfigError(f"{path}: public.folder is inside the node's own folder; name one that a web server may read")
    if config.demonstration and config.environment == "live":
        raise ConfigError(f"{path}: demonstration sign-in is never on in a live programme; set demonstration = false")
    return config


class Folder:
    """Where things stand in a node's folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def keys(self) -> Path:
        return self.path / "keys"

    def ledger_address(self, config: Config) -> str | Path:
        """Address of the ledger store."""
        return config.database or self.path / "ledger.sqlite3"

    def record_address(self, config: Config) -> str | Path:
        """Address of the record projection."""
        return config.database or self.path / "record.sqlite3"

    @property
    def accounts(self) -> Path:
        return self.path / "accounts.sqlite3"

    def mark(self, config: Config) -> Path:
        """Path of the high-water mark."""
        return Path(config.mark_file) if config.mark_file else self.path / "mark"

    def passphrase(self) -> bytes:
        """The passphrase of the key rings: given to this process (see `passphrase`), or the file keys/passphrase."""
        given = passphrase.take(self.path)
        if given:
            return given
        path = self.keys / "passphrase"
        try:
            return outside.read(path, 4096).strip()
        except OSError:
            if given := passphrase.held():
                return given
            raise ConfigError(f"no passphrase for the key rings: set DTTI_PASSPHRASE, or put it in {path}") from None
