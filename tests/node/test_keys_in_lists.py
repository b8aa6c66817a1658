"""A counterpart's key list may hold anything for `tls` and `box`: what cannot be used is passed over, and said."""

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from dtti.accord.refusal import Refused
from dtti.cli import rounds
from dtti.ledger import keylist
from dtti.ledger.keylist import AGE, X509, Key, KeyList, Role
from dtti.ledger.store import MIRROR
from dtti.node.checking import verify
from dtti.node.core.node import Node
from dtti.node.folder import config, keys
from dtti.node.keeping import status
from dtti.node.line import exchange, founding, recover, rotate, usable
from dtti.node.line.tls import client_context, server_context
from tests.cli.door import open_door
from tests.node import capitals
from tests.node.capitals import Pair
from tests.node.hostile import Hostile

NOW = datetime.now(UTC)


def certificate(
    private: object, *, begins: datetime = NOW - timedelta(days=1), ends: datetime = NOW + timedelta(days=9)
) -> str:
    """A self-signed certificate, base64 DER."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, keys.exchange_name("USA"))])
    algorithm = None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())  # type: ignore[attr-defined]
        .serial_number(7)
        .not_valid_before(begins)
        .not_valid_after(ends)
        .sign(private, algorithm)  # type: ignore[arg-type]
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def junk_certificates() -> dict[str, str]:
    good = certificate(ed25519.Ed25519PrivateKey.generate())
    raw = base64.b64decode(good)
    fresh = ed25519.Ed25519PrivateKey.generate()
    return {
        "nothing": "",
        "no base64": "%%%",
        "not ASCII": "सचिव",
        "no certificate": base64.b64encode(b"junk").decode(),
        "a line feed": good[:20] + "\n" + good[20:],
        "bytes after the end": base64.b64encode(raw + b"\0").decode(),
        "cut short": base64.b64encode(raw[:-20]).decode(),
        "deep nesting": base64.b64encode(b"\x30\x80" * 700).decode(),
        "as large as can be": "A" * 2048,
        "expired": certificate(fresh, begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=1)),
        "of the far future": certificate(fresh, begins=NOW + timedelta(days=9000), ends=NOW + timedelta(days=9999)),
        "a short RSA key": certificate(rsa.generate_private_key(65_537, 1024)),
        "DSA": certificate(dsa.generate_private_key(1024)),
        "a curve of no TLS": certificate(ec.generate_private_key(ec.SECP256K1())),
        "an age recipient": "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq",
    }


JUNK_BOXES = ["", "age1", "no recipient", "age1" + "q" * 58, "ssh-ed25519 AAAA", "a" * 2048, "सचिव"]


def list_of(node: Node, *, tls: list[str] | None = None, box: list[str] | None = None) -> KeyList:
    """This side's next key list, with these values in place of its own."""
    now = node.standing.keys
    roles = dict(now.roles)
    for role, values, algorithm in (("tls", tls, X509), ("box", box, AGE)):
        if values == []:
            del roles[role]
        elif values is not None:
            roles[role] = Role([Key(algorithm, each) for each in values], 1)
    return KeyList(roles, now.version + 1)


def publish(pair: Pair, made: KeyList) -> None:
    """Put it in force in America's ledger, rightly signed, and give it to India."""
    usa = Hostile(pair.usa)
    import msgspec

    usa.write("keys", {"keys": msgspec.to_builtins(made)}, role="root")
    taken = exchange.take_pack(pair.ind.node, usa.pack())
    assert taken.void == 0
    assert pair.ind.node.book.authority(MIRROR).standing().keys == made  # type: ignore[union-attr]


def goes_on(pair: Pair) -> dict[str, object]:
    """Everything else of the office system works: status, rounds, verification, writing."""
    node = pair.ind.node
    made = status.status(node)
    pair.ind.comment(pair.record, "work goes on")
    rounds.go(node)
    node.close()
    assert [str(fault) for report in verify.verify(pair.ind.folder) for fault in report.faults] == []
    return made


@pytest.mark.long
@pytest.mark.parametrize("what", junk_certificates())
def test_a_certificate_that_is_none_silences_the_line_and_nothing_else(pair: Pair, what: str) -> None:
    publish(pair, list_of(pair.usa.node, tls=[junk_certificates()[what]]))
    node = pair.ind.node
    server_context(node)
    with pytest.raises(Refused) as caught:
        client_context(node)
    assert [one.rule for one in caught.value.refusals] == ["key-tls"]
    assert exchange.make_pack(node, 0)
    assert recover.give_back(node)
    made = goes_on(pair)
    assert [one["rule"] for one in made["amiss"]] == ["key-tls"]  # type: ignore[index]


def test_one_good_certificate_among_bad_ones_keeps_the_line(pair: Pair) -> None:
    own = pair.usa.node.standing.keys.keys("tls")[0].public
    publish(pair, list_of(pair.usa.node, tls=[*list(junk_certificates().values())[:6], own]))
    pair.usa.node.close()
    with open_door(pair.usa.folder) as address:
        settings = config.read(pair.ind.folder)
        config.write(pair.ind.folder, config.msgspec.structs.replace(settings, peer_address=address))
        ind = pair.ind.again()
        rounds.go(ind.node)
        assert len(status.status(ind.node)["exchange"]["unusable_keys"]) == 6
        ind.node.close()


@pytest.mark.parametrize("what", JUNK_BOXES)
def test_a_box_key_that_is_none_stops_sealing_and_nothing_else(pair: Pair, what: str) -> None:
    good = pair.usa.node.standing.keys.keys("box")[0].public
    publish(pair, list_of(pair.usa.node, box=[what]))
    for make in (lambda: exchange.make_pack(pair.ind.node, 0), lambda: recover.give_back(pair.ind.node)):
        with pytest.raises(Refused) as caught:
            make()
        assert [one.rule for one in caught.value.refusals] == ["key-box"]
    assert exchange.make_pack(pair.ind.node, 0, sealed=False)
    client_context(pair.ind.node)
    publish(pair, list_of(pair.usa.node, box=[what, good]))
    assert exchange.take_pack(pair.usa.node, exchange.make_pack(pair.ind.node))
    made = goes_on(pair)
    assert [one["rule"] for one in made["amiss"]] == ["key-box"]  # type: ignore[index]


def test_a_list_without_such_keys_at_all_is_the_same(pair: Pair) -> None:
    publish(pair, list_of(pair.usa.node, tls=[], box=[]))
    with pytest.raises(Refused) as caught:
        client_context(pair.ind.node)
    assert caught.value.refusals[0].rule == "key-tls"
    with pytest.raises(Refused) as caught:
        exchange.make_pack(pair.ind.node)
    assert caught.value.refusals[0].rule == "key-box"
    assert goes_on(pair)["amiss"] == []


@pytest.mark.parametrize(
    "private",
    [
        ed25519.Ed25519PrivateKey.generate(),
        ec.generate_private_key(ec.SECP256R1()),
        rsa.generate_private_key(65_537, 2048),
    ],
    ids=["ed25519", "p256", "rsa"],
)
def test_what_tls_takes_is_taken(private: object) -> None:
    key = Key(X509, certificate(private))
    assert usable.fault(key) == ""
    assert "valid from" in usable.fault(key, NOW + timedelta(days=30))
    assert usable.fault(Key(keylist.ED25519, "no matter")) == ""


def test_none_is_put_in_force_here_nor_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ind, usa = capitals.found(tmp_path / "ind", "IND"), capitals.found(tmp_path / "usa", "USA")
    monkeypatch.setattr(keys, "certificate", lambda *_: "junk")
    size = ind.node.store.sizes()
    with pytest.raises(Refused) as caught:
        rotate.rotate(ind.node, ["tls"])
    assert caught.value.refusals[0].rule == "key-tls"
    assert ind.node.store.sizes() == size
    with pytest.raises(Refused):
        capitals.found(tmp_path / "other", "USA")
    monkeypatch.undo()
    card = founding.introduce(usa.node).replace(usa.node.standing.keys.keys("box")[0].public.encode(), b"age1junk")
    with pytest.raises(Refused) as caught:
        founding.join(ind.node, card)
    assert caught.value.refusals[0].rule == "key-box"
    assert ind.node.store.sizes() == size
