"""Forms that were confirmed: remembered with the act that they made, all or nothing, for so many entries."""

from hashlib import sha256

import pytest

from dtti.ledger import sent
from dtti.ledger.sent import Form, Sent
from dtti.ledger.store import Store

from .writers import Place, append


def form(name: str) -> Form:
    key, seat, seen = (sha256(f"{name} {part}".encode()).hexdigest() for part in ("key", "seat", "seen"))
    return Form(key, seat, seen)


ACT = "ac" * 32


def test_a_form_stands_or_falls_with_the_entry_that_it_made(store: Store) -> None:
    def fails() -> None:
        with store.writing():
            append(store, "lost")
            sent.put(store, form("lost"), ACT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert sent.find(store, form("lost").key) is None
    with store.writing():
        append(store, "kept")
        sent.put(store, form("kept"), ACT)
    assert sent.find(store, form("kept").key) == Sent(form("kept"), ACT)
    assert sent.find(store, form("another").key) is None


def test_a_form_is_known_for_as_many_entries_of_both_own_ledgers_as_are_said(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sent, "REMEMBERED", 3)
    for number in range(7):
        with store.writing():
            append(store, f"{number}", ledger="national" if number % 2 else "released")
            append(store, f"theirs {number}", ledger="mirror")
            sent.put(store, form(str(number)), ACT)
        known = [each for each in range(7) if sent.find(store, form(str(each)).key)]
        assert known == list(range(max(0, number - 2), number + 1))
    assert store.engine.run("SELECT count(*) FROM sent") == [(3,)]


def test_a_store_of_the_version_before_is_given_the_table(store: Store, place: Place) -> None:
    append(store, "before")
    store.engine.run("DROP TABLE sent")
    store.engine.set_version(0)  # it said none
    store.close()
    again = place.open()
    with again.writing():
        append(again, "after")
        sent.put(again, form("after"), ACT)
    assert sent.find(again, form("after").key) == Sent(form("after"), ACT)
    assert [each.decode() for each in again.leaves("released")] == ["before", "after"]
    again.close()
