"""Key rotation: what is signed by whom before, at and after it, and that exchange goes on across it."""

import functools
import time
from pathlib import Path

import pytest

from dtti.accord.refusal import Refused
from dtti.ledger import act as acts
from dtti.ledger import checkpoint, keyfile, keylist
from dtti.ledger.store import MIRROR, RELEASED
from dtti.node.checking import verify
from dtti.node.core.draft import Draft
from dtti.node.core.node import Node
from dtti.node.folder import keys
from dtti.node.line import exchange, rotate, tls, usable
from tests.node import capitals
from tests.node.capitals import Pair


def public(node: Node, role: str) -> list[str]:
    return [key.public for key in node.standing.keys.keys(role)]


def test_a_rotation_puts_new_keys_of_every_role_in_force(pair: Pair):
    node = pair.ind.node
    before = {role: public(node, role) for role in rotate.ROLES}
    made = rotate.rotate(node)
    assert (made.version, made.act.verb) == (2, "keys")
    assert node.standing.keys.version == 2
    for role in rotate.ROLES:
        assert public(node, role)[0] not in before[role]
    entry = acts.open_leaf(node.store.leaf(RELEASED, made.act.index))
    signed = {keyid for keyid, _ in entry.signatures}
    root = keylist.Key(keylist.ED25519, before["root"][0]), node.standing.keys.keys("root")[0]
    assert signed == {key.id for key in root}


def test_only_the_roles_named_change(pair: Pair):
    node = pair.usa.node
    before = {role: public(node, role) for role in rotate.ROLES}
    rotate.rotate(node, ["node", "log"])
    after = {role: public(node, role) for role in rotate.ROLES}
    assert {role for role in rotate.ROLES if before[role] != after[role]} == {"node", "log"}


def test_a_role_that_is_none_is_refused_and_nothing_changes(pair: Pair):
    node = pair.ind.node
    size = node.store.size(RELEASED)
    with pytest.raises(Refused) as refused:
        rotate.rotate(node, ["node", "captain"])
    assert refused.value.refusals[0].rule == "key-roles"
    assert node.store.size(RELEASED) == size
    assert sorted(path.name for path in node.folder.keys.iterdir()) == ["node.keys", "power.keys", "root.keys"]


def test_the_checkpoint_after_a_rotation_is_signed_by_old_and_new_log_keys_until_the_other_side_has_seen_it(pair: Pair):
    node = pair.ind.node
    old = node.standing.keys.keys("log")[0]
    rotate.rotate(node)
    new = node.standing.keys.keys("log")[0]
    pair.ind.comment(pair.record, "after the rotation")
    for remarks in ("one more", "and one more"):
        note = checkpoint.parse(node.checkpoint())
        assert checkpoint.signed_by(note, old)
        assert checkpoint.signed_by(note, new)
        pair.ind.comment(pair.record, remarks)
    pair.swap()
    pair.ind.comment(pair.record, "once it is seen")
    note = checkpoint.parse(node.checkpoint())
    assert not checkpoint.signed_by(note, old)
    assert checkpoint.signed_by(note, new)


@pytest.mark.parametrize("rotations", [1, 3, 7])
def test_exchange_goes_on_across_rotations_of_both_sides(pair: Pair, rotations: int):
    early = exchange.make_pack(pair.usa.node, 0)  # sealed to the old box key, and still under way
    for _ in range(rotations):
        rotate.rotate(pair.ind.node)
        pair.ind.comment(pair.record, "between rotations")
        rotate.rotate(pair.usa.node, ["log", "node", "box", "tls"])
    exchange.take_pack(pair.ind.node, early)
    pair.swap()
    assert pair.ind.node.store.voids(MIRROR) == {}
    assert pair.usa.node.store.voids(MIRROR) == {}
    assert pair.usa.node.store.root(MIRROR) == pair.ind.node.store.root(RELEASED)
    for each in (pair.ind, pair.usa):
        reports = verify.verify(each.folder)
        assert [fault for report in reports for fault in report.faults] == []


def test_an_entry_under_a_key_that_was_replaced_has_no_effect(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    node = pair.ind.node
    thief = node.keys.signing("node")
    rotate.rotate(node, ["node"])
    with monkeypatch.context() as patch:
        patch.setattr(node.signer, "act", lambda role, signed, also=(): keylist.sign(signed, thief))
        stolen = pair.ind.comment(pair.record, "by whoever has the old key")
    taken = capitals.carry(pair.ind, pair.usa)
    assert taken.void == 1
    rule, _, _ = pair.usa.node.store.voids(MIRROR)[stolen.index]
    assert rule == "signature"


def test_a_process_that_opened_the_rings_before_signs_with_the_new_keys_after(pair: Pair):
    other = Node(pair.ind.folder)
    old = other.keys.signing("node")
    rotate.rotate(pair.ind.node)
    receipt = other.write(
        Draft("comment", pair.record, office=pair.ind.office, texts=(capitals.text.Text(remarks="from a worker"),))
    )
    entry = acts.open_leaf(other.store.leaf(RELEASED, receipt.index))
    assert [keyid for keyid, _ in entry.signatures] == [key.id for key in pair.ind.node.standing.keys.keys("node")]
    assert keylist.key_of(old[0]).id != entry.signatures[0][0]
    other.close()


def test_a_rotation_cut_off_after_its_act_is_finished_at_the_next_signature(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
):
    node = pair.ind.node

    def cut(*_: object) -> None:
        raise KeyboardInterrupt

    node.keys.signing("root")
    with monkeypatch.context() as patch:
        patch.setattr(keys, "finish", lambda folder, phrase, listed: cut() if listed.version == 2 else None)
        with pytest.raises(KeyboardInterrupt):
            rotate.rotate(node)
    left = sorted(path.name for path in node.folder.keys.glob("*.next"))
    assert left == ["node.keys.next", "power.keys.next", "root.keys.next"]
    again = pair.ind.again()
    again.comment(pair.record, "after the power came back")
    assert sorted(path.name for path in again.node.folder.keys.iterdir()) == ["node.keys", "power.keys", "root.keys"]
    assert capitals.carry(again, pair.usa).void == 0


def test_a_rotation_cut_off_before_its_act_leaves_the_old_keys_in_force(pair: Pair, monkeypatch: pytest.MonkeyPatch):
    node = pair.ind.node

    def cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(node, "write", cut)
        with pytest.raises(KeyboardInterrupt):
            rotate.rotate(node)
    again = pair.ind.again()
    assert again.node.standing.keys.version == 1
    again.comment(pair.record, "with the old keys")
    assert capitals.carry(again, pair.usa).void == 0
    assert rotate.rotate(again.node).version == 2
    assert list(again.node.folder.keys.glob("*.next")) == []


def test_without_the_rings_of_the_last_rotation_nothing_is_signed(pair: Pair):
    node = pair.ind.node
    ring = (node.folder.keys / "node.keys").read_bytes()
    rotate.rotate(node, ["node"])
    (node.folder.keys / "node.keys").write_bytes(ring)
    again = pair.ind.again()
    size = again.node.store.size(RELEASED)
    with pytest.raises(Refused) as refused:
        again.comment(pair.record, "never written")
    assert refused.value.refusals[0].rule == "key-rings"
    assert again.node.store.size(RELEASED) == size


def test_a_ring_that_is_kept_elsewhere_is_made_anew_where_it_is_kept(pair: Pair, tmp_path: Path):
    ring, kept = pair.ind.node.folder.keys / "root.keys", tmp_path / "safe" / "root.keys"
    kept.parent.mkdir()
    ring.rename(kept)
    ring.symlink_to(kept)
    before = kept.read_bytes()
    rotate.rotate(pair.ind.node)
    assert ring.is_symlink()
    assert kept.read_bytes() != before
    assert kept.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in (*kept.parent.iterdir(), *ring.parent.glob("*.next"))] == ["root.keys"]
    rotate.rotate(pair.ind.node, ["root"])


def test_until_the_other_side_has_seen_a_rotation_it_is_shown_the_old_exchange_certificate(pair: Pair):
    node = pair.ind.node
    old = public(node, "tls")
    rotate.rotate(node, ["tls"])
    new = public(node, "tls")
    assert new[1:] == old

    def shown() -> str:
        der, _ = rotate.certificate_to_show(node, exchange.known_to_hold(node))
        return keys.base64.b64encode(der).decode()

    assert shown() == old[0]
    pair.swap()
    assert shown() == new[0]
    rotate.rotate(node, ["tls"])
    assert public(node, "tls")[1:] == [new[0]]


@pytest.mark.parametrize("roles", [["tls"], ["log"], list(rotate.ROLES)], ids=["tls", "another", "all"])
def test_a_certificate_that_has_run_out_hinders_no_rotation(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, roles: list[str]
):
    node, seconds = pair.ind.node, 2
    with monkeypatch.context() as patch:
        patch.setattr(keys, "certificate", functools.partial(keys.certificate, years=seconds / 86_400 / 365))
        rotate.rotate(node, ["tls"])
    pair.swap()
    (old, *_) = public(node, "tls")
    time.sleep(seconds + 1)
    assert [each.role for each in usable.unusable(node.standing.keys)] == ["tls"]
    rotate.rotate(node, roles)
    assert (old in public(node, "tls")) == ("tls" not in roles)
    if "tls" in roles:
        assert usable.unusable(node.standing.keys) == []


def test_a_revoked_exchange_certificate_is_listed_no_more(pair: Pair):
    node = pair.ind.node
    old = public(node, "tls")
    rotate.rotate(node, ["tls"], revoke=True)
    assert old[0] not in public(node, "tls")
    der, _ = rotate.certificate_to_show(node, exchange.known_to_hold(node))
    assert [keys.base64.b64encode(der).decode()] == public(node, "tls")
    assert der not in tls.certificates(pair.usa.node)
    pair.swap()
    assert tls.certificates(pair.usa.node) == [der]


def test_rings_hold_what_others_still_need_of_the_old_keys_and_no_more(pair: Pair):
    node = pair.ind.node
    phrase = capitals.PASSPHRASE
    old = keyfile.read_ring(node.folder.keys / "node.keys", phrase)
    rotate.rotate(node)
    new = keyfile.read_ring(node.folder.keys / "node.keys", phrase)
    assert new["log.old"] == old["log"]
    assert new["box"][1:] == old["box"]
    assert new["tls"][1:] == old["tls"]
    assert set(new) == {"node", "log", "log.old", "mirror", "box", "tls"}
    assert not set(new["node"]) & set(old["node"])
    for _ in range(5):
        rotate.rotate(node, ["log", "box", "tls"])
    kept = keyfile.read_ring(node.folder.keys / "node.keys", phrase)
    assert (len(kept["log.old"]), len(kept["box"]), len(kept["tls"])) == (6, 7, 7)
    assert (kept["log.old"][-1:], kept["box"][-1:], kept["tls"][-1:]) == (old["log"], old["box"], old["tls"])
    pair.swap()  # the other side is seen to hold the last list
    rotate.rotate(node, ["log", "box", "tls"])
    after = keyfile.read_ring(node.folder.keys / "node.keys", phrase)
    assert (len(after["log.old"]), len(after["box"])) == (4, 4)
    assert after["tls"][1:] == kept["tls"][:1]


def test_more_rotations_than_a_key_list_has_room_for_leave_the_line_open(pair: Pair):
    node = pair.ind.node
    old = public(node, "tls")[0]
    early = exchange.make_pack(pair.usa.node, 0)
    for _ in range(34):
        rotate.rotate(node, ["tls", "log", "box"])
    assert len(public(node, "tls")) == rotate._MOST + 1
    der, _ = rotate.certificate_to_show(node, exchange.known_to_hold(node))
    assert keys.base64.b64encode(der).decode() == old
    exchange.take_pack(node, early)
    pair.swap()
    assert pair.usa.node.store.root(MIRROR) == node.store.root(RELEASED)


def test_a_revoked_certificate_is_never_shown_again_whatever_list_the_other_side_holds(pair: Pair):
    node = pair.ind.node
    stolen = public(node, "tls")
    rotate.rotate(node, ["tls"])
    stolen = [*stolen, *public(node, "tls")]
    rotate.rotate(node, ["tls"], revoke=True)
    for _ in range(3):
        rotate.rotate(node, ["tls"])
        assert not set(public(node, "tls")) & set(stolen)
        for seen in range(node.store.size(RELEASED) + 1):
            der, _ = rotate.certificate_to_show(node, seen)
            assert keys.base64.b64encode(der).decode() not in stolen
