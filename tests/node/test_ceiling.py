"""Nothing marked above the ceiling is kept: every body of this side is asked, what the other side sends is judged."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger import body as bodies
from dtti.ledger.store import NATIONAL, RELEASED
from dtti.node.core import ceiling, text
from dtti.node.core.draft import Draft, new_record
from dtti.node.core.visibility import Viewer
from dtti.node.line import exchange
from dtti.node.record import read
from dtti.programme.labels import Label
from tests.node import capitals
from tests.node.capitals import Capital, Pair
from tests.node.hostile import Hostile

ROOT = Path(__file__).resolve().parents[2]
MARKED = "Minutes of the meeting\n\nSECRET\n\nThe seeker was shown."
FOREIGN = "CONFIDENTIAL//NOFORN"


def rules(write: Callable[[], object]) -> set[str]:
    with pytest.raises(Refused) as refused:
        write()
    return {each.rule for each in refused.value.refusals}


def event(by: Capital, ledger: str, **said: object) -> Draft:
    content = {"ref": "e", "name": "A law", "scope": "external", "category": "law", "date": "2020-05"}
    body = text.Text(**{"content": content, **said})  # type: ignore[arg-type]
    return Draft("state", new_record("event", by.side), table.State(base=0), by.office, (body,), ledger=ledger)


@pytest.mark.parametrize("ledger", [RELEASED, NATIONAL])
@pytest.mark.parametrize(
    "said",
    [
        {
            "content": {
                "ref": "e",
                "name": "A",
                "scope": "external",
                "category": "law",
                "date": "2020",
                "effect": MARKED,
            }
        },
        {"remarks": MARKED},
        {"remarks": "गुप्त"},
        {"remarks": "RESTRICTED"},
        {"file_number": FOREIGN},
        {"held": text.Held(FOREIGN, "Registry", "A")},
    ],
)
def test_no_text_of_this_side_that_is_marked_is_kept(pair: Pair, ledger: str, said: dict[str, object]) -> None:
    node = pair.ind.node
    before = node.store.size(ledger)
    assert rules(lambda: node.write(event(pair.ind, ledger, **said))) == {ceiling.RULE}
    assert node.store.size(ledger) == before
    assert not [path for path in pair.ind.folder.rglob("*") if path.is_file() and b"seeker" in path.read_bytes()]


@pytest.mark.parametrize("verb", ["comment", "draft", "request_pen", "propose"])
def test_every_verb_that_carries_a_text_is_asked(pair: Pair, verb: str) -> None:
    terms = table.Propose(0, "IND", capitals.FAR) if verb == "propose" else table.Plain()
    content = capitals.project("ex-other") if verb in ("draft", "propose") else None
    body = text.Text(content=content, remarks=MARKED)
    record = new_record("project", "IND") if content else pair.record
    assert rules(lambda: pair.ind.write(verb, record, terms, body)) == {ceiling.RULE}


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("minutes.txt", MARKED.encode(), "the text, line 3"),
        ("minutes.txt", MARKED.encode("utf-16"), "the text, line 3"),
        ("TOP SECRET.txt", b"nothing", "the name of the file"),
    ],
)
def test_no_file_that_is_marked_is_kept_and_the_place_is_named(pair: Pair, name: str, data: bytes, place: str) -> None:
    body = text.Text(remarks="See it.", files=[text.File(name, "text/plain")])
    with pytest.raises(Refused) as refused:
        pair.ind.write("comment", pair.record, None, body, files=(data,))
    [one] = refused.value.refusals
    assert one.rule == ceiling.RULE
    assert place in one.reason
    assert "registry number" in one.remedy
    assert "A spill" in one.remedy


def test_a_file_is_taken_in_by_nobody_while_there_is_no_reader(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceiling, "_readers", [])
    body = text.Text(remarks="See it.", files=[text.File("a.txt", "text/plain")])
    assert rules(lambda: pair.ind.write("comment", pair.record, None, body, files=(b"plain",))) == {"marking-unread"}
    pair.ind.comment(pair.record, "Words alone are read here.")


def test_what_the_other_side_sends_marked_is_kept_as_theirs_and_cannot_be_read_or_agreed_to(pair: Pair) -> None:
    hostile = Hostile(pair.usa)
    record = new_record("project", "USA")
    said = text.write(text.Text(content=capitals.project("ex-marked") | {"purpose": MARKED}))
    terms = {"base": 0, "firm": False, "next": "USA", "until": capitals.FAR}
    hostile.write("propose", terms, record=record, texts=[bodies.wrap(said)])
    exchange.take_pack(pair.ind.node, exchange.make_pack(pair.usa.node))
    node = pair.ind.node
    row, content = read.state(node, Viewer("IND", national=True, person="a"), record) or (None, {"it": "is gone"})
    assert row is not None
    assert (row.text_state, content) == ("unreadable", {})
    assert [each.rule for each in row.stands_against] == [ceiling.RULE]
    offer = node.book.view(record).offer
    assert offer is not None
    assert rules(lambda: pair.ind.write("accept", record, table.Answer(offer.id))) == {ceiling.RULE}


def label(*sides: str) -> Label:
    return Label("Policy", "controlled-unclassified", list(sides), "IND, A", "2026-11-30")  # type: ignore[arg-type]


def test_a_label_for_this_side_alone_is_told_to_nobody_and_one_for_both_is_told_with_the_text(pair: Pair) -> None:
    node = pair.ind.node
    assert rules(lambda: node.write(event(pair.ind, RELEASED, label=label("IND")))) == {"label-release"}
    node.write(event(pair.ind, NATIONAL, label=label("IND")))
    node.write(event(pair.ind, RELEASED, label=label("IND", "USA")))


def names_of_calls(path: Path, wanted: set[str]) -> set[str]:
    """Functions of a module that call one of these by its name."""
    found = set()
    for function in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(function, ast.FunctionDef):
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in wanted:
                    found.add(f"{path.stem}.{function.name}")
    return found


#: Where bodies come into a store. One is the write path, which asks; the next takes what the other side committed to,
#: judged as it is projected; an anchor carries a digest; recovery takes back what was written before.
PLACES = {"node._append", "commitments._keep_bodies", "attend._anchor", "recover._mirror_pack"}


def test_bodies_come_into_a_store_at_these_places_and_nowhere_else() -> None:
    found = set()
    for path in (ROOT / "src" / "dtti").rglob("*.py"):
        if path.name != "store.py" and "put_bod" in path.read_text():
            found |= names_of_calls(path, {"put_bodies", "put_body"})
    assert found == PLACES
    asked = names_of_calls(ROOT / "src" / "dtti" / "node" / "core" / "checks.py", {"of_content", "of_file"})
    assert asked == {"checks.check_files", "checks.judge_offer"}
