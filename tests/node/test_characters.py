"""A text that would read otherwise than it is: not written here, not agreed to when it arrives, and never changed."""

from pathlib import Path
from typing import Any

import pytest

from dtti.accord import table
from dtti.accord.refusal import Refused
from dtti.ledger.store import RELEASED
from dtti.node.core import text
from dtti.node.core.draft import new_record
from dtti.node.core.visibility import Viewer
from dtti.node.record import journal, read
from tests.language.test_characters import LOOKALIKES, UNSEEN

from .capitals import FAR, Capital, Pair, carry, project, swap

PLACES = {
    "content.name": lambda odd: text.Text(content=project() | {"name": odd}),
    "content.aliases[1]": lambda odd: text.Text(content=project() | {"aliases": ["Net", odd]}),
    "remarks": lambda odd: text.Text(content=project(), remarks=odd),
    "paper.number": lambda odd: text.Text(content=project(), paper=text.Paper(odd, "2027-01-02")),
    "held.officer": lambda odd: text.Text(content=project(), held=text.Held("7", "Registry", odd)),
    "file_number": lambda odd: text.Text(content=project(), file_number=odd),
    "by.name": lambda odd: text.Text(content=project(), by=text.By(odd)),
    "by.capacity": lambda odd: text.Text(content=project(), by=text.By("A. Rao", odd)),
    "files[0].name": lambda odd: text.Text(content=project(), files=[text.File(odd, "text/plain")]),
}
IN_FORMAT = {name: each for name, each in UNSEEN.items() if each not in "\x1b\x9b\u202e\u2068\u061c"}  # others it bars


@pytest.mark.parametrize("where", PLACES)
def test_no_text_of_this_side_holds_what_cannot_be_seen_wherever_people_read_it(where: str) -> None:
    with pytest.raises(Refused) as refused:
        text.write(PLACES[where]("Net\u200b of ships"))
    (one,) = refused.value.refusals
    assert one.rule == "text-character"
    assert f"`$.{where}`: U+200B ZERO WIDTH SPACE, character 4," in one.reason
    assert text.write(PLACES[where]("Net of ships"))


@pytest.mark.parametrize("odd", [*IN_FORMAT.values(), *LOOKALIKES.values()], ids=[*IN_FORMAT, *LOOKALIKES])
def test_each_is_refused_by_name(odd: str) -> None:
    with pytest.raises(Refused) as refused:
        text.write(text.Text(remarks=f"It is {odd} here"))
    assert {one.rule for one in refused.value.refusals} == {"text-character"}
    assert any(f"U+{ord(each):04X} " in one.reason for one in refused.value.refusals for each in odd)


def test_a_word_of_mixed_scripts_is_written_since_it_is_marked_wherever_it_is_shown() -> None:
    assert text.write(text.Text(remarks="P\u0430tent, DRDOका, 1२3"))


def test_a_refused_text_leaves_nothing(pair: Pair) -> None:
    size = pair.ind.node.store.size(RELEASED)
    with pytest.raises(Refused):
        pair.ind.comment("project/IND/none", "a\u00adb")
    with pytest.raises(Refused):
        pair.ind.comment(pair.record, "a\u00adb")
    assert pair.ind.node.store.size(RELEASED) == size


def sent_by_their_own_code(capital: Capital, body: text.Text, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """An offer of theirs that their code did not look at; returns record and act."""
    record = new_record("project", capital.side)
    with monkeypatch.context() as patch:
        patch.setattr(text, "against", lambda _stored: ())
        offer = capital.write("propose", record, table.Propose(0, capital.side, FAR), body)
    return record, offer.act


@pytest.mark.parametrize("where", ["content.name", "remarks", "by.name"])
def test_an_offer_that_arrives_with_one_is_kept_as_it_is_and_not_agreed_to(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    body = PLACES[where]("Net\u2028of ships")
    body = text.Text(
        **{
            **{name: getattr(body, name) for name in body.__struct_fields__},
            "content": (body.content or {}) | {"ref": "ex-odd"},
        }
    )
    record, act = sent_by_their_own_code(pair.usa, body, monkeypatch)
    carry(pair.usa, pair.ind)
    with pytest.raises(Refused) as refused:
        pair.ind.write("accept", record, table.Answer(act))
    assert [one.rule for one in refused.value.refusals] == ["text-character"]
    assert "U+2028 LINE SEPARATOR" in refused.value.refusals[0].reason
    shown = journal.body_of(pair.ind.node, Viewer("IND", national=True), act, 0)
    assert shown is not None
    assert shown.text == body  # never changed
    counter: Any = project("ex-odd")
    answer = text.Text(remarks="The same without U+2028."), text.Text(content=counter)
    pair.ind.write("send_back", record, table.SendBack(act, pair.ind.side, FAR), *answer)
    swap(pair.ind, pair.usa)
    assert pair.ind.node.book.view(record).offer is not None


def test_what_was_agreed_under_an_older_version_stands_and_replays(
    pair: Pair, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = text.Text(content=project("ex-old") | {"name": "Net\u00a0of ships"})
    record, act = sent_by_their_own_code(pair.usa, body, monkeypatch)
    carry(pair.usa, pair.ind)
    with monkeypatch.context() as patch:
        patch.setattr(text, "against", lambda _stored: ())
        pair.ind.write("accept", record, table.Answer(act))
    swap(pair.ind, pair.usa)
    again = pair.ind.again()
    view = again.node.book.view(record)
    assert view.version == 1
    assert view.offer is None
    state = read.state(again.node, Viewer("IND", national=True), record)
    assert state is not None
    assert state[1]["name"] == "Net\u00a0of ships"
    again.node.close()
