"""Clauses and rows that came in with a returned file: what they say, the entries they would be. Applies nothing."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import msgspec

from dtti.documents.values import LANGUAGES, Language, Passage, Words

from . import values, words
from .clauses import authors
from .draft import Draft, Entry, Field, Form, Held, Level, Sort
from .lines import segments_of
from .match import Matched
from .model import AddedClause, Change, Part, Trouble
from .placing import Added, visible
from .plan import key_of
from .slots import parts
from .tokens import tokens


def added_clauses(form: Form, sent: Draft, found: Matched) -> tuple[tuple[AddedClause, ...], list[Change]]:
    """Entries that came in, those of both languages that stand in one row or bear one number joined to one."""
    taken = {each.key for each in sent.entries}
    places = {each.key: at for at, each in enumerate(sent.entries, 1)}
    names = (name for at in count(1) if (name := f"added-{at}") not in taken)
    clauses: list[AddedClause] = []
    changes: list[Change] = []
    for group in _groups(found.added):
        key = next(names)
        clause = _added(key, group, sent)
        clauses.append(clause)
        pieces = [piece for one in group for paragraph in one.paragraphs for piece in paragraph.pieces]
        changes.append(
            Change(
                id=f"clause/{key}/added",
                kind="added",
                slot=f"clause/{key}",
                language=group[0].edition,
                added=(clause.text or {group[0].edition: _headed(clause, group[0].edition)}).get(group[0].edition, ()),
                after=clause.after,
                trouble=_trouble(form, sent, clause, places),
                tracked=all(piece.state == "added" for piece in pieces if piece.text.strip()),
                tracked_by=authors(pieces),
            )
        )
    return tuple(clauses), changes


def _headed(clause: AddedClause, language: Language) -> tuple[Part, ...]:
    return (Part(text=clause.heading[language]),) if language in clause.heading else ()


def _groups(came: Sequence[Added]) -> list[list[Added]]:
    """What came in, each with its other language."""
    groups: list[list[Added]] = []
    alone: dict[tuple[Language, object], list[int]] = {}
    for each in came:
        if not any(visible(paragraph.pieces).strip() for paragraph in each.paragraphs):
            continue  # put in and struck out again
        known = _known_by(each)
        others = [alone.get((other, one), []) for other in LANGUAGES if other != each.edition for one in known]
        waiting = [at for held in others if (at := next((at for at in held if len(groups[at]) == 1), -1)) >= 0]
        if waiting:
            groups[min(waiting)].append(each)
            continue
        for one in known:
            alone.setdefault((each.edition, one), []).append(len(groups))
        groups.append([each])
    return groups


def _known_by(each: Added) -> list[object]:
    """What the two languages of an entry have in common: the row, the number, or else the text before them."""
    row: list[object] = [each.cell[:2]] if each.cell else []
    if each.number:
        return [*row, each.number]
    return [*row, ("behind", each.previous)] if each.previous else row


def _added(key: str, group: Sequence[Added], sent: Draft) -> AddedClause:
    keys = [each.key for each in sent.entries]
    after = key_of(group[0].previous)
    if not after and group[0].previous in ("closing",) and keys:
        after = keys[-1]
    part = _part(sent, group[0].previous, after)
    sort = _sort(part.sorts, group[0])
    brackets = any(each.type == "passages" for each in sort.fields)
    number = group[0].number if brackets or _numbered(sent, sort, group[0].number) else ""
    heading: dict[Language, str] = {}
    text: dict[Language, tuple[Part, ...]] = {}
    held: dict[str, dict[Language, str]] = {}
    for each in group:
        said = [line for paragraph in each.paragraphs if (line := visible(paragraph.pieces)).strip()]
        first = said[0]
        if number and each.number:
            first = first.lstrip()[len(each.number) :].lstrip()
        if brackets:
            if len(said) > 1 and (
                each.heading or (len(first) <= 80 and not first.rstrip().endswith((".", "।", ";", ":")))
            ):
                heading[each.edition] = first.strip()
                rest = "\n".join(said[1:])
            else:
                rest = "\n".join([first, *said[1:]])
            text[each.edition] = tuple(parts(tokens(rest.strip())))
            continue
        plain: list[str] = []
        labels = labels_of(sort, each.edition)
        cut = segments_of(labels)
        for line in (first, *said[1:]):
            segments = cut(line)
            if not segments:
                plain.append(line.strip())
            for label, start, end in segments:
                held.setdefault(labels[label], {})[each.edition] = line[start:end]
        if sort.main == "heading":
            heading[each.edition] = "\n".join(plain)
        else:
            text[each.edition] = tuple(parts(tokens("\n".join(plain), brackets=False)))
    depth = number.strip(".)").count(".") + 1 if number else 1
    level: Level = (3 if depth >= 3 else 2 if depth == 2 else 1) if brackets else 1
    return AddedClause(
        key=key,
        number=number,
        after=after if after in keys else "",
        sort=sort.name,
        level=level,
        heading={each: said for each, said in heading.items() if said},
        text={each: said for each, said in text.items() if said},
        values=held,
    )


def _part(sent: Draft, previous: str, after: str) -> Any:
    if previous.startswith("part/"):
        named = next((each for each in sent.parts if each.name == previous.removeprefix("part/")), None)
        if named:
            return named
    entry = next((each for each in sent.entries if each.key == after), None)
    if entry:
        return sent.part_of(entry.sort)
    return sent.parts[0]


def _sort(sorts: Sequence[Sort], one: Added) -> Sort:
    """Which kind of entry it is, where a part holds several: what looks like a heading with a number is the first."""
    number = values.plain(one.number)
    for sort in sorts[:-1]:
        if sort.number and re.fullmatch(sort.number, number):
            said = visible(one.paragraphs[0].pieces).lstrip()
            if one.heading or said[len(one.number) : len(one.number) + 1] == "\t":
                return sort
    return sorts[-1]


def _numbered(sent: Draft, sort: Sort, number: str) -> bool:
    """Whether what a paragraph begins with is the number of an entry of this kind, and no word of it."""
    if not sort.numbered or not number or any(each.number is None for each in sent.entries if each.sort == sort.name):
        return False
    return not sort.number or re.fullmatch(sort.number, values.plain(number)) is not None


def labels_of(sort: Sort, edition: Language) -> dict[str, str]:
    """What the lines of a new entry may begin with, and the field of each."""
    return {
        label.spoken(edition)[0]: one.name
        for one in sort.fields
        for label in (one.label, *one.also)
        if label is not None
    }


def entry_of(sent: Draft, added: AddedClause) -> Entry:
    """The entry that came in; `values.Unclear` where something it needs is not there, or is no value of its type."""
    sort = next(sort for part in sent.parts for sort in part.sorts if sort.name == added.sort)
    heading = words_of(added.heading) if any(added.heading.values()) else None
    if any(each.type == "passages" for each in sort.fields):
        made = replace(sort, level=added.level).entry(added.key, added.number, {"heading": heading})
        return replace(made, passages=_passages(added))
    said = {language: "".join(part.text for part in own).strip() for language, own in added.text.items()}
    main: Held = heading if sort.main == "heading" else words_of(said) if any(said.values()) else None
    held: dict[str, Held] = {}
    for each in sort.fields:
        own = added.values.get(each.name, {})
        if each.name == sort.main and main is not None:
            held[each.name] = main if each.type == "words" else _value(each, said)
        elif each.type == "words":
            held[each.name] = words_of(own) if any(own.values()) else None
        else:
            held[each.name] = _value(each, own)
        if held[each.name] is not None and each.kept and not each.needed:
            raise values.Unclear(words.KEPT[each.kept])
        if held[each.name] is None and each.needed:
            raise values.Unclear(_wanting(each))
    none = not sort.numbered or any(each.number is None for each in sent.entries if each.sort == sort.name)
    return sort.entry(added.key, None if none else added.number, held)


def _value(one: Field, said: dict[Language, str]) -> str | None:
    """A value as both languages give it; `one.new` where neither does."""
    found = {values.understood(one.type, each) for each in said.values() if each.strip()}
    if len(found) > 1:
        raise values.Unclear(
            Words(
                f"The two languages give two values: {' / '.join(said.values())[:80]}.",
                f"दोनों भाषाओं में दो भिन्न मान हैं: {' / '.join(said.values())[:80]}।",
            )
        )
    return (found.pop() if found else one.new) or None


def _wanting(one: Field) -> Words:
    label = one.label or Words("Text", "पाठ")
    return Words(
        f"What came in does not say its “{label.en}”; put a line “{label.en}: …” under it.",
        f"जोड़े गए अंश में ‘{label.hi}’ नहीं है; उसके नीचे ‘{label.hi}: …’ पंक्ति जोड़ें।",
    )


def _passages(added: AddedClause) -> tuple[Passage, ...]:
    languages: list[Language] = [each for each in LANGUAGES if each in added.text]
    passages: list[Passage] = []
    rows = [[part for part in added.text[each] if part.text] for each in languages]
    if len(rows) == 2 and [part.bracket for part in rows[0]] == [part.bracket for part in rows[1]]:
        for one, other in zip(*rows, strict=True):
            passages.append(Passage(Words(one.text, other.text, reviewed=False), one.bracket))
    else:
        for language, row in zip(languages, rows, strict=True):
            passages += [Passage(words_of({language: part.text}), part.bracket) for part in row]
    return tuple(passages)


def words_of(found: dict[Language, str]) -> Words:
    """A text by language as Words; one that is given in one language only has nobody's translation to review."""
    return Words(found.get("en", ""), found.get("hi", ""), reviewed=sum(map(bool, found.values())) < 2)


def _trouble(form: Form, sent: Draft, added: AddedClause, places: dict[str, int]) -> Trouble | None:
    """Why the entry cannot be taken as it stands; `places`: where what stands behind each entry would be."""
    part = sent.part_of(added.sort)
    if part.kept:
        return Trouble(rule="word-kept", reason=words.KEPT[part.kept])
    try:
        entry = entry_of(sent, added)
        place = places.get(added.after)
        if place is None:
            own = sent.place_of(added.sort)
            place = sum(sent.place_of(each.sort) < own for each in sent.entries)
        made = form.back(replace(sent, entries=(*sent.entries[:place], entry, *sent.entries[place:])))
        msgspec.convert(msgspec.to_builtins(made), form.struct)
    except values.Unclear as error:
        return Trouble(rule="word-value", reason=error.reason)
    except (msgspec.ValidationError, ValueError) as error:
        said = str(error).split(" - at")[0]
        return Trouble(
            rule="word-value", reason=Words(f"It cannot stand there: {said}.", f"यह वहाँ नहीं रखा जा सकता: {said}।")
        )
    return None
