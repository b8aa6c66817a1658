"""The executable model of the pen: it finds no fault, its page says what it found, and the code does the same."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dtti.accord import table, table_2
from dtti.accord.fold import Filed, Record, View, fold
from dtti.accord.rule_sets import RULE_SETS
from dtti.ledger.act import FORMAT, NOTHING, Act, Commitment, Seen

FOLDER = Path(__file__).parents[2] / "docs" / "pen-model"
SCRIPT = FOLDER / "pen_model.py"
RECORD = "text/AAA/aaaaaaaa"
SIDES = {"A": "AAA", "B": "BBB"}
EARLY, DATE, LATE, NEVER = (
    "2027-01-01T00:00:00Z",
    "2027-02-01T00:00:00Z",
    "2027-03-01T00:00:00Z",
    "2999-01-01T00:00:00Z",
)


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("pen_model", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["pen_model"] = module
    spec.loader.exec_module(module)
    return module


model = _load()


# --- the same history, in the code's words


def name(of: tuple[str, int] | None) -> str:
    """The id, in the code, of an act of the model."""
    return f"{of[0]}{of[1]}" if of else ""


def filed(side: str, ledger: tuple[object, ...], facing: tuple[object, ...]) -> list[tuple[int, Filed]]:
    """A ledger of the model as `fold` takes it."""
    return [(index, _one(side, index, ledger, facing)) for index in range(len(ledger))]


def _one(side: str, index: int, ledger: tuple[object, ...], facing: tuple[object, ...]) -> Filed:
    act = ledger[index]
    late = model.late(ledger, index)
    until = NEVER if late else DATE
    terms = {
        "draft": lambda: table.Plain(),
        "tick": lambda: table.Plain(),
        "hand_over": lambda: table.Plain(),
        "propose": lambda: table.Propose(act.base, SIDES.get(act.next, ""), until, act.firm),
        "accept": lambda: table.Answer(name(act.offer)),
        "withdraw": lambda: table.Answer(name(act.offer)),
        "send_back": lambda: table.SendBack(name(act.offer), *((SIDES[act.next], until) if act.next else ())),
        "close": lambda: _close(side, act),
        "notice": lambda: table.Notice(act.what),
    }[act.verb]()
    written = Act(
        body=[Commitment(NOTHING, 1)] * (2 if act.verb == "send_back" and act.next else 1),
        environment="exercise",
        format=FORMAT,
        index=index,
        ledger="released",
        office="",
        previous=NOTHING,
        programme="dtti",
        record=RECORD,
        rests=[],
        role="node",
        rules="dtti_1",
        seen=Seen(NOTHING, act.seen),
        side=SIDES[side],
        terms={},
        time=LATE if late else EARLY,
        verb={"tick": "comment"}.get(act.verb, act.verb),
    )
    heard = LATE if model.late(facing[: act.seen], act.seen) else EARLY
    return Filed(name((side, index)), written, terms, heard, RULE_SETS[f"dtti_{act.rules}"])


def _close(side: str, act: Any) -> table.Close:
    answer = name(act.answer) or None
    if act.rules == 1:
        return table.Close(name(act.offer), act.what, answer)
    return table_2.Close(name(act.offer), act.what, answer, name((side, act.sighted)) if act.what == "late" else None)


def folded(a: tuple[object, ...], b: tuple[object, ...]) -> Record:
    """The code's reading of a history of the model."""
    return fold(RECORD, "joint", ("AAA", "BBB"), {"AAA": filed("A", a, b), "BBB": filed("B", b, a)})


def by_code(view: View) -> dict[str, object]:
    """A view of the code in terms that both share."""
    offer = view.offer
    return {
        "exists": view.exists,
        "version": view.version,
        "pen": view.pen,
        "offer": offer and (offer.id, offer.base, offer.firm, offer.next, offer.until, offer.answer, offer.answer_verb),
        "counter": offer.counter.id if offer and offer.counter else "",
        "notices": {side: notice for side, (notice, _) in view.notices.items()},
        "opened": [offer.id for offer in view.offers],
        "ended": [(offer.id, offer.outcome, offer.decided_by) for offer in view.offers if offer.outcome],
        "passages": [(passage.side, passage.act) for passage in view.passages],
        "overtaken": view.overtaken,
    }


def by_model(view: object) -> dict[str, object]:
    """A view of the model in terms that both share."""
    offer = view.offer
    until = (DATE if offer.dated else NEVER) if offer else ""
    return {
        "exists": view.exists,
        "version": view.version,
        "pen": SIDES[view.pen],
        "offer": offer
        and (name(offer.id), offer.base, offer.firm, SIDES[offer.next], until, name(offer.answer), offer.answer_verb),
        "counter": name(offer.counter.id) if offer and offer.counter else "",
        "notices": {SIDES[side]: notice for side, notice in view.notices.items()},
        "opened": [name(event[1]) for event in view.events if event[0] == "opened"],
        "ended": [(name(event[1]), event[2], name(event[3])) for event in view.events if event[0] == "ended"],
        "passages": [(SIDES[event[1]], name(event[2])) for event in view.events if event[0] == "pen"],
        "overtaken": {name(act): name(by) for act, by in view.overtaken.items()},
    }


def histories(bounds: object, most: int) -> Iterator[tuple[tuple[object, ...], tuple[object, ...]]]:
    """Pairs of ledgers that the model can reach, breadth first and then only every so many, longest last."""
    start = model.State()
    found, level = {start}, [start]
    while level:
        yield from dict.fromkeys((state.a, state.b) for state in level)
        following = dict.fromkeys(each for state in level for each in model.successors(state, bounds))
        fresh = [each for each in following if each not in found]
        found.update(fresh)
        level = fresh[:: max(1, len(fresh) // most)]


def assert_in_step(a: tuple[object, ...], b: tuple[object, ...]) -> None:
    record = folded(a, b)
    assert by_code(record.whole) == by_model(model.fold(a, b))
    void = [
        name((side, index))
        for side, ledger in (("A", a), ("B", b))
        for index, act in enumerate(ledger)
        if not act.valid
    ]
    assert sorted(record.void) == sorted(void)


@pytest.mark.parametrize("exploration", model.EXPLORATIONS)
def test_code_and_model_read_the_same_histories_alike(exploration: str):
    compared = 0
    for a, b in islice(histories(model.EXPLORATIONS[exploration], 12), 250):
        assert_in_step(a, b)
        compared += 1
    assert compared > 100


@pytest.mark.model
@pytest.mark.parametrize("exploration", model.EXPLORATIONS)
def test_code_and_model_read_many_histories_alike(exploration: str):
    for a, b in islice(histories(model.EXPLORATIONS[exploration], 150), 4000):
        assert_in_step(a, b)


def test_the_model_finds_a_fault_where_there_is_one(monkeypatch: pytest.MonkeyPatch):
    sound = model.judge

    def lax(view: object, side: str, act: object, *late: bool) -> bool:
        return (act.verb == "withdraw" and act.offer == (view.offer and view.offer.id)) or sound(view, side, act, *late)

    monkeypatch.setattr(model, "judge", lax)
    model.fold.cache_clear()
    with pytest.raises(model.Fault):
        model.explore(model.Bounds(hand_over=0))
    model.fold.cache_clear()


@pytest.mark.model
@pytest.mark.sweep
def test_the_model_finds_no_fault_and_its_page_says_what_it_found():
    run = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (0, "")
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    printed = re.search(r"```\n\$ python3 docs/pen-model/pen_model\.py\n(.*?)```", page, re.DOTALL)
    assert printed is not None
    assert run.stdout == printed[1]
    assert run.stdout.count("no fault") == len(model.EXPLORATIONS)
