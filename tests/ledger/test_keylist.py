"""Key lists: thresholds over distinct keys, the rules of a list, rotation, and parties."""

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from dtti.ledger import act as acts
from dtti.ledger import keylist
from dtti.ledger.act import Entry
from dtti.ledger.keylist import Key, KeyList, KeyListError, Role
from tests import making


def refusal(check: Any, *given: Any) -> tuple[str, str]:
    """Rule and reason by which `check` refuses what it is given; two empty strings where it does not."""
    try:
        check(*given)
    except KeyListError as error:
        return error.rule, error.reason
    return "", ""


def with_role(keys: KeyList, name: str, held: list[Key], threshold: int) -> KeyList:
    return msgspec.structs.replace(keys, roles=keys.roles | {name: Role(held, threshold)})


def resigned(entry: Entry, signatures: list[tuple[str, bytes]]) -> Entry:
    return acts.seal(acts.payload_of(entry.act), signatures)


# --- thresholds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("threshold", "held", "signing", "got"),
    [(1, 1, 1, 1), (2, 3, 2, 2), (2, 3, 3, 3), (3, 3, 3, 3), (2, 3, 1, 1), (3, 3, 2, 2)],
)
def test_a_threshold_is_met_by_that_many_keys_of_the_role(threshold: int, held: int, signing: int, got: int) -> None:
    ring = making.keyring(node=(threshold, held))
    entry = making.Log(ring).write(by=ring.private["node"][:signing])
    outcome = refusal(keylist.check_signed, ring.key_list(), entry)
    if got >= threshold:
        assert outcome == ("", "")
    else:
        assert outcome == ("signature", f"{got} of {threshold} signatures needed from the node keys in force")


def test_one_key_signing_twice_is_one_signer() -> None:
    ring = making.keyring(node=(2, 3))
    first = ring.private["node"][0]
    entry = making.Log(ring).write(by=[first, first])
    assert len(entry.signatures) == 2
    assert keylist.signers(ring.key_list().roles["node"], entry) == {keylist.key_of(first).public}
    assert refusal(keylist.check_signed, ring.key_list(), entry)[0] == "signature"


def test_one_key_under_another_keys_id_does_not_count_for_it() -> None:
    ring = making.keyring(node=(2, 3))
    first, second, _ = ring.private["node"]
    entry = making.Log(ring).write(by=[first])
    good = entry.signatures[0]
    posed = resigned(entry, [good, (keylist.key_of(second).id, good[1])])
    assert keylist.signers(ring.key_list().roles["node"], posed) == {keylist.key_of(first).public}
    assert refusal(keylist.check_signed, ring.key_list(), posed)[0] == "signature"


def test_one_public_key_has_one_id_so_it_cannot_be_listed_under_two() -> None:
    one, same = making.private_key("a"), making.private_key("a")
    assert keylist.key_of(one) == keylist.key_of(same)
    assert keylist.key_of(one).id == keylist.key_of(same).id
    assert len(keylist.key_of(one).id) == 16
    assert keylist.key_of(making.private_key("b")).id != keylist.key_of(one).id
    assert Key("other", keylist.key_of(one).public).id != keylist.key_of(one).id


@pytest.mark.parametrize("other", ["upper-case", "spaced", "line feed"])
def test_one_public_key_has_one_spelling_so_it_cannot_be_listed_twice(other: str) -> None:
    keys = making.keyring().key_list()
    key = keys.roles["node"].keys[0]
    spelled = {
        "upper-case": key.public.upper(),
        "spaced": f"{key.public[:2]} {key.public[2:]}",
        "line feed": key.public + "\n",
    }[other]
    doubled = with_role(keys, "node", [key, Key(key.algorithm, spelled)], 2)
    assert refusal(keylist.check, doubled) == ("key-encoding", "a public key is not in lower-case hexadecimal")


def test_one_public_key_listed_twice_is_refused_and_would_count_once() -> None:
    ring = making.keyring()
    keys = ring.key_list()
    key = keys.roles["node"].keys[0]
    doubled = with_role(keys, "node", [key, key], 2)
    assert refusal(keylist.check, doubled) == ("key-distinct", "the node role lists one public key twice")
    entry = making.Log(ring).write(by=ring.private["node"] * 2)
    assert refusal(keylist.check_signed, doubled, entry)[0] == "signature"


def test_keys_of_another_role_or_side_count_for_nothing() -> None:
    ring, other = making.keyring("IND"), making.keyring("USA")
    for by in (ring.private["root"], other.private["node"], ring.private["log"]):
        assert refusal(keylist.check_signed, ring.key_list(), making.Log(ring).write(by=by))[0] == "signature"


def test_a_signature_of_another_act_counts_for_nothing() -> None:
    ring = making.keyring()
    log = making.Log(ring)
    first, second = log.write(), log.write()
    moved = resigned(second, list(first.signatures))
    assert refusal(keylist.check_signed, ring.key_list(), moved)[0] == "signature"


@pytest.mark.parametrize("role", ["box", "tls", "nobody"])
def test_an_act_in_a_role_that_does_not_sign_is_refused(role: str) -> None:
    ring = making.keyring()
    keys = with_role(ring.key_list(), "box", [Key(keylist.AGE, "age1example")], 1)
    keys = with_role(keys, "tls", [Key(keylist.X509, "AAAA")], 1)
    entry = making.Log(ring).write(by=ring.private["node"], role=role)
    assert refusal(keylist.check_signed, keys, entry) == (
        "key-roles",
        f"{role} is no signing role of this key list",
    )


# --- a list by itself ------------------------------------------------------------------------------------------------


def builtins(**changed: Any) -> Any:
    return msgspec.to_builtins(making.keyring().key_list()) | changed


def roles(**changed: Any) -> Any:
    made = {name: role for name, role in (builtins()["roles"] | changed).items() if role is not None}
    return builtins(roles=made)


def a_role(*names: str, threshold: int = 1, **key: Any) -> Any:
    keys = [{"algorithm": "ed25519", "public": keylist.key_of(making.private_key(name)).public} for name in names]
    return {"keys": [each | key for each in keys], "threshold": threshold}


def test_a_list_is_read_from_the_terms_of_an_act_as_it_was_written() -> None:
    keys = making.keyring(root=(2, 3), node=(1, 2)).key_list(7)
    assert keylist.read_list(msgspec.to_builtins(keys)) == keys
    assert keys.role("root") == keys.roles["root"]
    assert keys.role("box") is None
    assert (len(keys.keys("root")), keys.keys("box")) == (3, [])


@pytest.mark.parametrize(
    ("terms", "rule"),
    [
        (None, "key-fields"),
        ([], "key-fields"),
        ({}, "key-fields"),
        (builtins(note="x"), "key-fields"),
        (builtins(version=-1), "key-fields"),
        (builtins(version="1"), "key-fields"),
        (builtins(version=True), "key-fields"),
        (roles(node=a_role()), "key-fields"),
        (roles(node=a_role("a", threshold=0)), "key-fields"),
        (roles(node=a_role("a", threshold=33)), "key-fields"),
        (roles(node=a_role(*map(str, range(33)))), "key-fields"),
        (roles(node=a_role("a", id="0" * 16)), "key-fields"),
        (roles(node=a_role("a", public="0" * 2_049)), "key-fields"),
        (roles(Node=a_role("a")), "key-fields"),
        (roles(root=None), "key-roles"),
        (roles(power=None), "key-roles"),
        (roles(node=None), "key-roles"),
        (roles(log=None), "key-roles"),
        (roles(mirror=None), "key-roles"),
        (roles(visitor=a_role("a")), "key-roles"),
        (roles(node=a_role("a", algorithm="rsa")), "key-algorithm"),
        (roles(node=a_role("a", algorithm=keylist.AGE)), "key-algorithm"),
        (roles(box=a_role("a")), "key-algorithm"),
        (roles(tls=a_role("a")), "key-algorithm"),
        (roles(node=a_role("a", "a")), "key-distinct"),
        (roles(node=a_role("a", threshold=2)), "key-threshold"),
        (roles(node=a_role("a", "b", threshold=3)), "key-threshold"),
        (roles(node=a_role("a", public="")), "key-encoding"),
        (roles(node=a_role("a", public="00" * 31)), "key-encoding"),
        (roles(node=a_role("a", public="11" * 33)), "key-encoding"),
        (roles(node=a_role("a", public="zz" * 32)), "key-encoding"),
        (roles(node=a_role("a", public="00" * 32)), "key-encoding"),
    ],
    ids=lambda given: ascii(given)[-60:],
)
def test_a_list_that_breaks_a_rule_is_refused_by_it(terms: Any, rule: str) -> None:
    assert refusal(keylist.read_list, terms)[0] == rule


def test_a_threshold_of_none_is_refused_however_the_list_was_made() -> None:
    keys = making.keyring().key_list()
    none = with_role(keys, "node", keys.roles["node"].keys, 0)
    assert refusal(keylist.check, none) == ("key-threshold", "the node role asks for 0 of 1 keys")


# --- rotation --------------------------------------------------------------------------------------------------------


def rotation(
    old: making.Keyring, new: making.Keyring, by: tuple[Ed25519PrivateKey, ...], version: int = 2
) -> tuple[str, str]:
    return refusal(keylist.succeeds, old.key_list(), making.Log(old).write(by=by, **making.rotate(new, version)))


def test_a_rotation_needs_the_old_and_the_new_root_keys_each_to_its_own_threshold() -> None:
    old, new = making.keyring(root=(2, 3)), making.keyring(generation=2, root=(2, 2))
    by_old, by_new = old.private["root"], new.private["root"]
    assert rotation(old, new, by_old[:2] + by_new) == ("", "")
    assert rotation(old, new, by_old[1:] + by_new) == ("", "")
    said = "the {} root keys did not sign this change as their threshold asks"
    assert rotation(old, new, by_old[:2]) == ("key-rotation", said.format("new"))
    assert rotation(old, new, by_new) == ("key-rotation", said.format("old"))
    assert rotation(old, new, by_old[:1] + by_new) == ("key-rotation", said.format("old"))
    assert rotation(old, new, by_old + by_new[:1]) == ("key-rotation", said.format("new"))
    assert rotation(old, new, (by_old[0], by_old[0], *by_new)) == ("key-rotation", said.format("old"))


def test_a_key_in_both_roots_signs_once_for_both() -> None:
    old = making.keyring(root=(1, 2))
    new = making.Keyring("IND", dict(old.private) | {"node": (making.private_key("next"),)}, old.thresholds)
    assert rotation(old, new, old.private["root"][:1]) == ("", "")


def test_versions_are_counted_without_gap_or_return() -> None:
    old, new = making.keyring(), making.keyring(generation=2)
    by = old.private["root"] + new.private["root"]
    assert rotation(old, new, by, 2) == ("", "")
    for version in (0, 1, 3):
        assert rotation(old, new, by, version) == ("key-version", f"key list 1 is followed by 2, not {version}")


def test_a_rotation_to_a_list_that_breaks_a_rule_is_refused() -> None:
    old = making.keyring()
    entry = making.Log(old).write(verb="keys", role="root", terms={"keys": roles(node=None)})
    assert refusal(keylist.succeeds, old.key_list(), entry)[0] == "key-roles"
    assert refusal(keylist.succeeds, old.key_list(), making.Log(old).write(verb="keys", role="root"))[0] == "key-fields"


def test_the_place_in_the_ledger_decides_which_key_was_good() -> None:
    """A key that was rotated out is revoked for every later leaf, and for no earlier one."""
    old, new = making.keyring(), making.keyring(generation=2)
    log = making.Log(old)
    founding = log.write(**making.found(old))
    before = log.write()
    change = log.write(by=old.private["root"] + new.private["root"], **making.rotate(new))
    late, after = log.write(by=old.private["node"]), log.write(by=new.private["node"])
    first = old.key_list()
    second = keylist.succeeds(first, change)
    assert second == new.key_list(2)
    assert [refusal(keylist.check_signed, first, each)[0] for each in (founding, before, change)] == ["", "", ""]
    assert refusal(keylist.check_signed, second, late)[0] == "signature"
    assert refusal(keylist.check_signed, second, after)[0] == ""
    assert refusal(keylist.check_signed, second, before)[0] == "signature"


# --- parties ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [
        {"side": "IN"},
        {"side": "IND\n"},
        {"side": "ind"},
        {"origin": "a"},
        {"origin": "dtti.test/ind\n"},
        {"origin": "dtti test"},
        {"origin": "dtti+test"},
        {"origin": "DTTI"},
        {"origin": "a" * 121},
        {"name": "India"},
    ],
    ids=str,
)
def test_a_party_outside_its_form_is_refused(changed: dict[str, Any]) -> None:
    party = msgspec.to_builtins(making.keyring().party())
    assert msgspec.convert(party, keylist.Party) == making.keyring().party()
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(party | changed, keylist.Party)
