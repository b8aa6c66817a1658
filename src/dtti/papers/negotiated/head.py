"""What several kinds of text hold: a head, parties and their signature blocks, persons, clocks. Knows no kind."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dtti.documents.values import LANGUAGES, SIDES, Party, Side, Words
from dtti.documents.word import words
from dtti.documents.word.draft import Draft, Entry, Field, Held, Part, Sort
from dtti.documents.words import word
from dtti.papers.data.agenda import Session
from dtti.papers.data.head import Head, Person


def fixed(key: str, side: Side | None = None) -> Words:
    """A fixed text of papers in both languages, with a side's name behind it where one is given."""
    en, hi = (word(key, each) + (f", {words.SIDE[side][each]}" if side else "") for each in LANGUAGES)
    return Words(en, hi)


def own(key: str, side: Side | None = None) -> Words:
    """A fixed text of Word files in both languages."""
    row = words.FIXED.get(key) or words.LABELS[key]
    en, hi = (row[each] + (f", {words.SIDE[side][each]}" if side else "") for each in LANGUAGES)
    return Words(en, hi)


def put(entries: Iterable[Field], held: Mapping[str, Held]) -> tuple[Field, ...]:
    """Fields with their values."""
    return tuple(replace(each, value=held.get(each.name)) for each in entries)


def title_of(head: Head, *, filled: bool = False) -> tuple[Field, ...]:
    """What stands at the head of the text."""
    return (
        Field("title", "words", head.title, style="Title", needed=True, filled=filled),
        Field("subtitle", "words", head.subtitle, style="Kind"),
    )


def facts_of(head: Head) -> tuple[Field, ...]:
    """What of a head stands among the particulars."""
    return (
        Field("reference", "line", head.reference or None, own("reference"), once=True),
        Field("label", "line", head.label or None, own("label"), once=True),
        Field("status", "words", head.status, own("status")),
        Field("place", "words", head.place, own("place")),
        Field("date", "day", head.date, own("date")),
        *(
            Field(f"file/{side}", "line", head.file_numbers.get(side), own("file_number", side), once=True)
            for side in SIDES
        ),
        Field("exercise", "yes", "yes" if head.exercise else None, own("exercise")),
    )


def head_from(held: Mapping[str, Any]) -> Head:
    """The head that the fields of a draft say."""
    return Head(
        title=held["title"],
        subtitle=held.get("subtitle"),
        reference=held.get("reference") or "",
        label=held.get("label") or "",
        file_numbers={side: held[f"file/{side}"] for side in SIDES if held.get(f"file/{side}") is not None},
        date=held.get("date"),
        place=held.get("place"),
        status=held.get("status"),
        exercise=held.get("exercise") == "yes",
    )


def block_of(side: Side, party: Party) -> tuple[Field, ...]:
    """A side's signature block."""
    at = f"party/{side}"
    return (
        Field(f"{at}/name", "words", party.name, style="Party", needed=True),
        Field(f"{at}/signatory", "line", party.signatory or None, style="Signatory", once=True),
        Field(f"{at}/office", "words", party.office, style="Office"),
    )


def party_facts(parties: Mapping[Side, Party], *, file: str = "file_number") -> tuple[Field, ...]:
    """What of the parties stands among the particulars; `file`: what their file numbers are called there."""
    return tuple(
        field
        for side in SIDES
        for field in (
            Field(f"party/{side}/short", "words", parties[side].short, own("short", side), needed=True),
            Field(
                f"party/{side}/file_number",
                "line",
                parties[side].file_number or None,
                own(file, side),
                once=True,
            ),
        )
    )


def parties_from(held: Mapping[str, Any]) -> dict[Side, Party]:
    """The parties that the fields of a draft say."""
    return {
        side: Party(
            held[f"party/{side}/name"],
            held[f"party/{side}/short"],
            held.get(f"party/{side}/signatory") or "",
            held.get(f"party/{side}/office"),
            held.get(f"party/{side}/file_number") or "",
        )
        for side in SIDES
    }


def persons(name: str, title: str) -> Part:
    """A part that lists persons, one to a line: name, office, organisation, capacity, side."""
    return Part(
        name,
        fixed(title),
        (
            Sort(
                name,
                (
                    Field(
                        "name", "line", None, fixed("delegation.name"), bare=True, style="Row", needed=True, strong=True
                    ),
                    Field("office", "words", None, fixed("delegation.office"), bare=True, joined=", ", needed=True),
                    Field("capacity", "capacity", None, own("capacity"), bare=True, joined=" (", closed=")"),
                    Field("within", "words", None, own("organisation"), bare=True, joined=", "),
                    Field("side", "side", None, own("side"), bare=True, joined=" · ", needed=True),
                ),
                "name",
                numbered=False,
            ),
        ),
    )


def person_entries(part: Part, listed: Iterable[Person]) -> tuple[Entry, ...]:
    """Persons as entries."""
    return tuple(
        part.sorts[0].entry(
            f"{part.name}.{at}",
            None,
            {
                "name": each.name,
                "office": each.office,
                "within": each.organisation,
                "capacity": each.capacity if each.capacity != "substantive" else None,
                "side": each.side,
            },
        )
        for at, each in enumerate(listed, 1)
    )


def persons_from(draft: Draft, name: str) -> tuple[Person, ...]:
    """The persons that the entries of a part say."""
    return tuple(
        Person(
            name=each.held["name"],
            office=each.held["office"],
            side=each.held["side"],
            capacity=each.held.get("capacity") or "substantive",
            organisation=each.held.get("within"),
        )
        for each in draft.entries
        if each.sort == name
    )


CLOCKS = Part(
    "clocks",
    fixed("agenda.begins"),
    (
        Sort(
            "clocks",
            (
                Field("place", "words", None, own("place"), bare=True, style="Row", needed=True),
                Field("time", "clock", None, fixed("agenda.time"), bare=True, joined=", ", needed=True),
                Field("day", "words", None, own("day"), bare=True, joined=", "),
            ),
            "place",
            numbered=False,
        ),
    ),
)
"""When a meeting begins, on the clock of each capital."""


def clock_entries(clocks: Iterable[Session]) -> tuple[Entry, ...]:
    """The beginnings on several clocks as entries."""
    return tuple(
        CLOCKS.sorts[0].entry(f"clocks.{at}", None, {"place": each.place, "time": each.time, "day": each.day})
        for at, each in enumerate(clocks, 1)
    )


def clocks_from(draft: Draft) -> tuple[Session, ...]:
    """The beginnings that the entries say."""
    return tuple(
        Session(place=each.held["place"], time=each.held["time"], day=each.held.get("day"))
        for each in draft.entries
        if each.sort == "clocks"
    )


def meeting_facts(host: Side | None, mode: str) -> tuple[Field, ...]:
    """Host and manner of a meeting among the particulars."""
    return (
        Field("host", "side", host, fixed("agenda.host")),
        Field("mode", "mode", mode, fixed("agenda.mode"), needed=True),
    )
