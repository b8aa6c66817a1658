"""The rows of a sheet on their way to proposals: each value where it belongs, each row beside what is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import msgspec

from dtti.documents.sheet.dates import Order
from dtti.documents.sheet.numbers import Money
from dtti.documents.sheet.outcome import Mapping as Columns
from dtti.documents.sheet.outcome import Problem, Reading, RegisterRow, Value
from dtti.documents.sheet.register import Column, Register
from dtti.documents.sheet.spoken import cut, spoken
from dtti.documents.sheet.text import address, shown
from dtti.documents.values import Words
from dtti.office.asking import Asking, Stored

from . import content as contents
from . import privacy
from .known import Known, Shelf, shelf
from .proposal import Left, Name, Proposal, State, Taken
from .targets import DAY, SIDES, Target

#: Rows of a sheet that is brought in; what is longer comes in parts.
MOST_ROWS: Final = 3_000
_SHOWN: Final = 120


class Settled(msgspec.Struct, frozen=True):
    """What a person says of a sheet. `columns`: None where columns are guessed; `day`: for which the sheet speaks.

    `asked`: by path, what the sheet leaves open. `names`: by `Name.key`, the reference that is meant.
    `meeting`: the record whose rows these are, where they are rows of one. `noted`: what has no field is kept in notes.
    """

    register: str = ""
    sheet: str = ""
    columns: Columns | None = None
    order: Order | None = None
    day: str = ""
    asked: dict[str, str] = {}
    names: dict[str, str] = {}
    meeting: str = ""
    noted: bool = True


class Batch(msgspec.Struct, frozen=True):
    """Proposals of one target; rows of one record are one proposal to write, `whole`."""

    target: Target
    proposals: tuple[Proposal, ...]
    within: Known | None = None


class Rows:
    """The rows of one reading on their way to proposals."""

    def __init__(
        self, asking: Asking, reading: Reading, register: Register, settled: Settled, drafts: tuple[Known, ...]
    ) -> None:
        self._asking, self._settled, self._drafts = asking, settled, drafts
        self._register = register
        self._at = {guess.key: guess.column for guess in reading.columns if guess.key}
        self._rows = list(reading.in_part())
        self._problems: dict[int, list[Problem]] = defaultdict(list)
        for problem in reading.problems:
            self._problems[problem.row].append(problem)
        self._open: dict[str, tuple[str, str, str, list[str]]] = {}
        self.shelves: dict[str, Shelf] = {}

    def shelf(self, kind: str) -> Shelf:
        """What is known of a kind, read once."""
        if kind not in self.shelves:
            self.shelves[kind] = shelf(self._asking, kind, self._drafts)
        return self.shelves[kind]

    def names(self) -> tuple[Name, ...]:
        """The names that a person has to settle, or has settled."""
        return tuple(
            Name(kind, said, side, tuple(places), self._choices(kind, side))
            for kind, said, side, places in self._open.values()
        )

    def _choices(self, kind: str, side: str) -> tuple[Known, ...]:
        held = [one for one in self.shelf(kind).held if not side or one.ref.startswith(f"{side}/")]
        return tuple(sorted({one.ref: one for one in held}.values(), key=lambda one: one.title.casefold()))

    def batch(self, target: Target) -> Batch:
        """The rows as one target takes them."""
        within = None
        held = self.shelf(target.kind)
        if target.rows:
            within = next((one for one in reversed(held.held) if one.record == self._settled.meeting), None)
            rows = within.content.get(target.rows, []) if within else []
            held = Shelf([Known(str(n), str(row.get(target.key, "")), "", row) for n, row in enumerate(rows)])
        made: list[Proposal] = []
        seen: dict[tuple[Any, ...], int] = {}
        refs = set(held.refs)
        for row in self._rows:
            one = self._proposal(target, row, held, refs)
            if one is None:
                continue
            keys = [(by, key) for by in _ways(target, one.content) for key in contents.alike(one.content, by)]
            if any(key in seen for key in keys) and one.state != "barred":
                if target.prefix:  # an office has several holders, and stands in the list once
                    continue
                one = msgspec.structs.replace(one, state="open", why="twice")
            seen |= dict.fromkeys(keys, row.number)
            refs.add(str(one.content.get(target.key or "ref", "")).casefold())
            made.append(one)
        return Batch(target, tuple(made), within)

    def _proposal(self, target: Target, row: RegisterRow, held: Shelf, refs: set[str]) -> Proposal | None:
        content: Stored = {}
        taken: list[Taken] = []
        left: list[Left] = []
        side = str(row.values.get("side") or self._settled.asked.get("side", "")) if target.own_side else ""
        theirs = side in SIDES and side != self._asking.mine
        for key, value in row.values.items():
            self._value(target, row, key, value, content, taken, left, side=side, theirs=theirs)
        self._tidied(target, content)
        title = next(iter(contents.at(content, target.named)), "")
        problems = tuple(problem.cell for problem in self._problems.get(row.number, ()))
        if not title and not problems:
            return None
        found, why = ([], "other-side") if theirs else self._match(target, content, held, side)
        if len(found) == 1:
            self._kept(target, found[0].content, content, taken, left)
            left = self._as_it_stands(target, row, found[0].content, left)
        if target.rows or not self._settled.noted:
            left = [msgspec.structs.replace(each, noted=False) for each in left]
        noted = _notes(left)
        if noted:
            content["notes"] = noted
        before = found[0].content if len(found) == 1 else None
        state: State
        if before is not None:
            content.pop("ref", None)
            made = contents.over(before, content)
            state = "same" if made == before else "changed"
        else:
            made, state = self._new(target, row, content, refs), "new"
        needs = [path for path in target.needs if not contents.at(made, path)]
        if state == "same":
            why = ""
        elif why in ("other-side", "published", "first"):
            state = "open" if why == "first" else "barred"
        elif len(found) > 1 or needs:
            state, why = "open", "two" if len(found) > 1 else "needs"
        if state in ("open", "barred"):  # nothing of it is kept anywhere until it is settled
            left = [msgspec.structs.replace(each, noted=False) for each in left if each.why != "other-side"]
        return Proposal(
            number=row.number,
            kind=target.kind,
            title=title or f"{row.number}",
            content=made,
            state=state,
            record=found[0].record if len(found) == 1 else "",
            before=before,
            why=why,
            taken=tuple(taken),
            left=tuple(left),
            problems=problems,
            rivals=tuple(found) if len(found) > 1 else (),
            drafted=len(found) == 1 and found[0].draft,
            agreed=len(found) == 1 and found[0].agreed,
        )

    def _match(self, target: Target, content: Stored, held: Shelf, side: str) -> tuple[list[Known], str]:
        """The records that a row is like, and why it needs a look nonetheless."""
        if target.prefix:  # the name of an office may be said to mean one that is called otherwise
            said = Name(target.kind, str(content.get(target.named, "")), side, (), ())
            chosen = self._settled.names.get(said.key)
            meant = [one for one in held.held if chosen and one.ref == chosen]
            if meant:
                content.pop(target.named, None)
                return meant[:1], ""
        if any(path in target.needs and path not in content for path in target.links):
            return [], "first"
        found: list[Known] = []
        by: tuple[str, ...] = ()
        for by in _ways(target, content):
            found = held.alike(content, by)
            if found:
                break
        if len(found) == 1 and found[0].barred:
            return found, found[0].barred
        named = contents.alike(found[0].content, (target.named,)) if len(found) == 1 else set()
        if named and by == ("ref",) and contents.alike(content, (target.named,)) != named:
            return found, "title"
        return found, ""

    def _as_it_stands(self, target: Target, row: RegisterRow, before: Stored, left: list[Left]) -> list[Left]:
        """What is left, without what holds on a day, is not dated here, and says what the record says last."""
        said = set()
        for key, value in row.values.items():
            head, _sep, leaf = target.fields.get(key, "").partition(f".{DAY}.")
            rows = before.get(head) or []
            if leaf and rows and rows[-1].get(leaf) == value:
                said.add(address(row.number, self._at[key]))
        return [each for each in left if each.why != "no-day" or each.place not in said]

    def _kept(self, target: Target, before: Stored, content: Stored, taken: list[Taken], left: list[Left]) -> None:
        """First values that stay as they were recorded: a later one goes where later ones stand, or nowhere."""
        for path, later in target.kept.items():
            if path not in content or before.get(path) in (None, content[path]):
                continue
            said = content.pop(path)
            place = next(n for n, each in enumerate(taken) if each.path == path)
            if later and later not in content:
                content[later] = said
                taken[place] = msgspec.structs.replace(taken[place], path=later)
            elif not later:
                one = taken.pop(place)
                left.append(Left(one.label, one.said, one.place, "first-stays", noted=True))

    def _value(
        self,
        target: Target,
        row: RegisterRow,
        key: str,
        value: Value,
        content: Stored,
        taken: list[Taken],
        left: list[Left],
        *,
        side: str,
        theirs: bool,
    ) -> None:
        """Put one value where it belongs, and say what became of it."""
        column = self._register.column(key)
        place = address(row.number, self._at[key])
        label, said = column.name, _both(value, column)
        if key in target.elsewhere or column.type == "currency":
            return
        if key in target.withheld or (target.withheld and privacy.private(said.en)):
            left.append(Left(label, Words("…", "…"), place, "withheld"))
            return
        path = target.fields.get(key, "")
        if key == "ref" and not path:
            made = contents.reference(str(value))
            if made:
                content["ref"] = made
                taken.append(Taken("ref", label, said, place))
            else:
                left.append(Left(label, said, place, "no-field", noted=True))
            return
        if not path:
            left.append(Left(label, said, place, "no-field", noted=True))
            return
        day = self._settled.day
        if DAY in path.split(".") and not day:
            left.append(Left(label, said, place, "no-day", noted=True))
            return
        stored: Any = value
        if path in target.links:
            stored, why = ("", "other-side") if theirs else self._linked(target, str(value), path, place, side)
            if not stored:
                left.append(Left(label, said, place, why, noted=True))
                return
        elif isinstance(value, Money):
            if not isinstance(value.amount, int) or value.amount < 0:
                left.append(Left(label, said, place, "not-whole", noted=True))
                return
            stored = {"amount": value.amount, "currency": value.currency}
        elif column.type == "percent":
            stored = int(Decimal(str(value)) * 100)
        elif isinstance(value, tuple):
            stored = list(value)
        elif isinstance(value, Decimal):
            left.append(Left(label, said, place, "not-whole", noted=True))
            return
        elif path in target.slugs:
            stored = contents.slug(str(value)) or "other"
        contents.put(content, path, stored, day)
        taken.append(Taken(path, label, said, place))

    def _linked(self, target: Target, said: str, path: str, place: str, side: str) -> tuple[str, str]:
        """The reference that a name means, or why it means none."""
        kind = target.links[path]
        side = next((step for step in path.split(".") if step in SIDES), side)
        one = Name(kind, said, side, (), ())
        chosen = self._settled.names.get(one.key, "")
        found = {each.ref for each in self.shelf(kind).called(said, side) if not (target.own_side and each.draft)}
        if not chosen and len(found) == 1:
            return found.pop(), ""
        self._open.setdefault(one.key, (kind, shown(said, 80), side, []))[3].append(place)
        return chosen, "several" if len(found) > 1 else "not-known"

    def _tidied(self, target: Target, content: Stored) -> None:
        """What the columns give together: figures without a sum go, what was said for all rows is filled in."""
        for path, other in target.defaults.items():
            if path not in content and other in content:
                content[path] = content[other]
        for path in target.asks:
            said = self._settled.asked.get(path, "")
            head = path.split(".")[0]
            if said and not contents.at(content, path) and (head == path or head in content):
                contents.put(content, path, said)
        for name in list(content):
            value = content[name]
            if isinstance(value, dict) and "currency" not in value and "money" not in value:
                del content[name]  # a measure, or shares, of no sum
        if target.own_side == "side" and "side" not in target.asks:
            content["side"] = self._asking.mine
        if target.dated and self._settled.day:
            for name in target.dated:
                content[name] = [self._settled.day]
        if target.rows:
            content.setdefault("owners", [])

    def _new(self, target: Target, row: RegisterRow, content: Stored, refs: set[str]) -> Stored:
        """The content of a record that is not there yet: with what every new one begins, and a reference of its own."""
        made = {**target.constants, **content}
        if made.get("end") and "end_state" in target.constants:
            made["end_state"] = "ended"
        if target.rows:
            count = len(refs)
            while not made.get(target.key) or str(made[target.key]).casefold() in refs:
                count += 1
                made[target.key] = str(count)
            return made
        ref = made.get("ref") or ""
        if not ref:
            said = next(iter(contents.at(made, target.named)), "")
            base = contents.slug(said) or f"{contents.slug(target.kind)}-{row.number}"
            ref = f"{made[target.prefix]}/{base}" if made.get(target.prefix) else base
        whole, count = ref, 1
        while whole.casefold() in refs:
            count += 1
            whole = f"{ref[:76]}-{count}"
        return {"ref": whole, **{name: value for name, value in made.items() if name != "ref"}}


def _both(value: Value, column: Column) -> Words:
    return Words(en=cut(spoken(value, column, "en"), _SHOWN) or "–", hi=cut(spoken(value, column, "hi"), _SHOWN) or "–")


def _notes(left: Iterable[Left]) -> str:
    """What has no field, as lines of notes: `Label: value`, in the language in which the register is named first."""
    return "\n".join(f"{each.label.en}: {each.said.en}" for each in left if each.noted)


def _ways(target: Target, content: Stored) -> Iterable[tuple[str, ...]]:
    """By what a row is known; one within a text by its number where it has one, else by its words."""
    return target.same[:1] if target.rows and target.key in content else target.same
