"""A text belongs to the act that commits to it: nobody erases it, or is given it, by naming its digest in another."""

from pathlib import Path

import pytest

from dtti.ledger import act as acts
from dtti.ledger import export, pack
from dtti.ledger.body import Body, Erased, Owner
from dtti.ledger.store import MIRROR, NATIONAL, RELEASED
from dtti.node.checking import verify
from dtti.node.line import exchange, recover, spill
from tests.cli.door import asking, open_door
from tests.node import capitals
from tests.node.capitals import Pair
from tests.node.hostile import Hostile, commitments

SECRET = b"RECOGNISABLE national words"


def sound(*folders: Path) -> None:
    for folder in folders:
        assert [str(fault) for report in verify.verify(folder) for fault in report.faults] == []


@pytest.fixture
def attacked(pair: Pair) -> tuple[Pair, Hostile]:
    """A pair in which India keeps released and national texts, and America's keys are in hostile hands."""
    pair.ind.comment(pair.record, "released words")
    pair.ind.comment(pair.record, SECRET.decode(), ledger=NATIONAL)
    pair.ind.national("held-back")
    pair.swap()
    return pair, Hostile(pair.usa)


def held(pair: Pair, ledger: str) -> dict[Owner, Body]:
    store = pair.ind.node.store
    found = {owner: store.body(owner) for owner, _ in commitments(pair.ind, ledger)}
    return {owner: one for owner, one in found.items() if isinstance(one, Body)}


def test_their_tombstones_erase_nothing_of_ours(attacked: tuple[Pair, Hostile]) -> None:
    pair, usa = attacked
    before = {ledger: held(pair, ledger) for ledger in (RELEASED, NATIONAL)}
    ours = [one for ledger in (RELEASED, NATIONAL) for _, one in commitments(pair.ind, ledger)]
    anchors = [
        acts.open_leaf(each.leaf).act.terms["digest"] for each in pair.ind.node.store.of_verb("anchor", RELEASED)
    ]
    ours += [acts.Commitment(digest, 120) for digest in anchors]
    claims = [usa.claim(pair.record, ours[low : low + 1]) for low in range(len(ours))]
    for claim in claims:
        usa.erase(claim, claim.act.body[0].digest)
    taken = exchange.take_pack(pair.ind.node, usa.pack())
    assert taken.void == 0
    assert {ledger: held(pair, ledger) for ledger in (RELEASED, NATIONAL)} == before
    for claim in claims:
        assert isinstance(pair.ind.node.store.body(Owner(MIRROR, claim.id)), Erased)
    for digest in anchors:
        assert pair.ind.node.store.body_of(NATIONAL, digest) is not None
    pair.ind.node.close()
    sound(pair.ind.folder)


def test_no_national_byte_leaves_by_a_digest_that_they_name(attacked: tuple[Pair, Hostile], tmp_path: Path) -> None:
    pair, usa = attacked
    ours = [one for _, one in commitments(pair.ind, NATIONAL)]
    stones = pair.ind.node.store.of_verb("anchor", RELEASED)
    anchored = [acts.open_leaf(each.leaf).act.terms["digest"] for each in stones]
    heads = [pair.ind.node.store.body(Owner(NATIONAL, each.id)) for each in stones]
    ours += [acts.Commitment(digest, 120) for digest in anchored]
    secrets = [one.data for one in held(pair, NATIONAL).values()]
    secrets += [one.salt for one in (*held(pair, NATIONAL).values(), *heads) if isinstance(one, Body)]
    assert any(SECRET in each for each in secrets)
    for one in ours:
        usa.erase(usa.claim(pair.record, [one]), one.digest)
    exchange.take_pack(pair.ind.node, usa.pack())
    given = recover.give_back(pair.ind.node)
    opened = capitals.unsealed(pair.usa.node, given)
    made = exchange.make_pack(pair.ind.node, 0, sealed=False)
    export.write(pair.ind.node.store, RELEASED, tmp_path / "out" / "released", bodies=True)
    export.write(pair.ind.node.store, MIRROR, tmp_path / "out" / "mirror", bodies=True)
    files = [path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert [each for each in secrets for whole in (opened, made, *files) if each in whole] == []
    pair.close()
    with open_door(pair.ind.folder) as address, asking(pair.usa.folder, address, "IND") as ask:
        for one in ours:
            for path in ("/v1/bodies/", "/v1/mirror/bodies/"):
                assert ask(f"{path}{one.digest}").status_code == 404


def test_each_owner_of_the_same_bytes_keeps_them_until_it_erases_its_own(attacked: tuple[Pair, Hostile]) -> None:
    """They were given our released texts, and may show them again as theirs: two owners, two lives."""
    pair, usa = attacked
    (owner, one), *_ = [
        each for each in commitments(pair.ind, RELEASED) if isinstance(held(pair, RELEASED).get(each[0]), Body)
    ]
    mirrored = pair.usa.node.store.body(owner._replace(ledger=MIRROR))
    assert isinstance(mirrored, Body)
    shown = usa.write("draft", record=pair.record, texts=[mirrored])
    exchange.take_pack(pair.ind.node, usa.pack())
    copy = Owner(MIRROR, shown.id)
    assert pair.ind.node.store.body(copy) == pair.ind.node.store.body(owner) == mirrored
    spill.erase(pair.ind.node, owner.act, part=owner.part)
    assert isinstance(pair.ind.node.store.body(owner), Erased)
    assert pair.ind.node.store.body(copy) == mirrored
    packed = pack.open_pack(exchange.make_pack(pair.ind.node, 0, sealed=False))
    assert one.digest not in packed.bodies
    usa.erase(shown, one.digest)
    exchange.take_pack(pair.ind.node, usa.pack())
    assert isinstance(pair.ind.node.store.body(copy), Erased)
    pair.ind.node.close()
    sound(pair.ind.folder)


def test_what_a_tombstone_of_theirs_names_is_sought_in_their_own_acts_alone(attacked: tuple[Pair, Hostile]) -> None:
    """Naming an act of ours, or a copy of our leaf in their ledger, orders nothing."""
    pair, usa = attacked
    before = held(pair, RELEASED)
    leaf = next(each for each in pair.ind.node.store.leaves(RELEASED) if acts.open_leaf(each).act.body)
    copied = acts.open_leaf(leaf)
    usa.put(leaf)
    usa.erase(copied, copied.act.body[0].digest)
    for part, _ in enumerate(copied.act.body):
        kept = pair.ind.node.store.body(Owner(RELEASED, copied.id, part))
        assert isinstance(kept, Body)
        usa.node.store.put_body(Owner(RELEASED, copied.id, part), kept)
    taken = exchange.take_pack(pair.ind.node, usa.pack())
    assert taken.void == 2
    assert held(pair, RELEASED) == before
    pair.ind.node.close()
    sound(pair.ind.folder)
