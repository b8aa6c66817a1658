"""A negotiated text in the one form that Word files are made from: fields with types, entries in parts. Knows no kind.

Every kind of text that is negotiated in Word (`papers/negotiated`) is put into this form and taken out of it again;
this package works on it alone. A *slot* is the place of one value: `title`, `party/IND/name`, `clause/KEY/promised`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from dtti.documents.values import Party, Passage, Side, Words

Held = Words | str | None
"""What a field holds: a text in languages, a value as `values` spells it in code, or nothing."""

Level = Literal[1, 2, 3]


@dataclass(frozen=True)
class Field:
    """One value. `type`: "words", "passages", or one of `values`. `value`: None where the text has none.

    `label`: printed before it, and what tells a line that someone typed; `also`: other labels for it in an entry that
    is new; `bare`: the label is not printed. `joined`: it stands in the paragraph of the field before it, behind this
    sign; `closed`: the sign behind it. `needed`: it cannot be emptied. `shown`: printed even where it is empty, so
    that it can be filled in. `filled`: `{parties}` in it is filled. `kept`: why it is never changed here, "" where it
    may be. `once`: printed once though the file has two languages. `new`: what an entry that came in has where it does
    not say.
    """

    name: str
    type: str = "words"
    value: Held = None
    label: Words | None = None
    also: tuple[Words, ...] = ()
    bare: bool = False
    style: str = "Fact"
    joined: str = ""
    closed: str = ""
    needed: bool = False
    shown: bool = False
    filled: bool = False
    kept: str = ""
    once: bool = False
    strong: bool = False
    new: str = ""


@dataclass(frozen=True)
class Entry:
    """A clause, or a row of a register. `sort`: which kind of entry; `number`: as printed, None where it has none.

    `passages`: the text with its brackets, where one of `fields` is of the type "passages".
    """

    key: str
    sort: str
    number: str | None
    fields: tuple[Field, ...]
    passages: tuple[Passage, ...] = ()
    level: Level = 1

    @property
    def held(self) -> dict[str, Any]:
        """What its fields hold, by name."""
        return {each.name: each.value for each in self.fields}


@dataclass(frozen=True)
class Sort:
    """A kind of entry: its fields in order, none of them with a value.

    `main`: the field that takes the words of an entry that someone typed. `numbered`: it may have a number of its own;
    `number`: the form of that as a regular expression, "" for any.
    """

    name: str
    fields: tuple[Field, ...]
    main: str
    numbered: bool = True
    number: str = ""
    level: Level = 1

    def entry(self, key: str, number: str | None, held: Mapping[str, Held]) -> Entry:
        """An entry of this kind; what `held` does not name is empty."""
        fields = tuple(replace(each, value=held.get(each.name)) for each in self.fields)
        return Entry(key, self.name, number, fields, level=self.level)


@dataclass(frozen=True)
class Part:
    """A part of the text: its heading in print (None for none), the kinds of its entries, why it is `kept` as sent.

    `always`: its heading is printed even where nothing stands under it, so that something can be put there.
    """

    name: str
    title: Words | None
    sorts: tuple[Sort, ...]
    kept: str = ""
    always: bool = False


@dataclass(frozen=True)
class Draft:
    """A whole text. `name`: what kind of text it is, printed at its head where no field says so.

    `parts`: in the order in which they stand; `entries`: in order, those of one part together. `parties`: what stands
    in each side's signature block; `names`: the parties that fill `{parties}`. `facts`: the particulars at the end.
    `settled`: both sides agreed this text already.
    """

    kind: str
    head: tuple[Field, ...]
    parts: tuple[Part, ...]
    entries: tuple[Entry, ...]
    tail: tuple[Field, ...] = ()
    parties: Mapping[Side, tuple[Field, ...]] | None = None
    facts: tuple[Field, ...] = ()
    names: Mapping[Side, Party] | None = None
    name: Words | None = None
    settled: bool = False

    def fields(self) -> Iterator[Field]:
        """Every field outside the entries; its name is its slot."""
        yield from self.head
        yield from self.tail
        for own in (self.parties or {}).values():
            yield from own
        yield from self.facts

    @property
    def held(self) -> dict[str, Any]:
        """What the fields outside the entries hold, by slot."""
        return {each.name: each.value for each in self.fields()}

    def part_of(self, sort: str) -> Part:
        """The part that holds entries of a kind."""
        return next(part for part in self.parts if any(each.name == sort for each in part.sorts))

    def place_of(self, sort: str) -> int:
        """Which part, counted from 0, holds entries of a kind."""
        return self.parts.index(self.part_of(sort))

    def changed(self, values: Mapping[str, Held], entries: tuple[Entry, ...]) -> "Draft":
        """The same text with other values in the slots that `values` names, and with these entries."""

        def put(fields: tuple[Field, ...]) -> tuple[Field, ...]:
            return tuple(replace(each, value=values.get(each.name, each.value)) for each in fields)

        return replace(
            self,
            head=put(self.head),
            tail=put(self.tail),
            facts=put(self.facts),
            parties={side: put(own) for side, own in self.parties.items()} if self.parties else None,
            entries=entries,
        )

    def mapped(self, change: Callable[[Words], Words]) -> "Draft":
        """The same text with every text in languages changed."""

        def put(fields: tuple[Field, ...]) -> tuple[Field, ...]:
            return tuple(
                replace(each, value=change(each.value)) if isinstance(each.value, Words) else each for each in fields
            )

        def entry(each: Entry) -> Entry:
            passages = tuple(Passage(change(one.text), one.bracket) for one in each.passages)
            return replace(each, fields=put(each.fields), passages=passages)

        return replace(
            self,
            head=put(self.head),
            tail=put(self.tail),
            facts=put(self.facts),
            parties={side: put(own) for side, own in self.parties.items()} if self.parties else None,
            entries=tuple(entry(each) for each in self.entries),
        )


@dataclass(frozen=True)
class Form:
    """How one kind of text is put into a draft and taken out of one; `back` raises ValueError or ValidationError."""

    kind: str
    struct: type
    draft: Callable[[Any], Draft]
    back: Callable[[Draft], Any]
