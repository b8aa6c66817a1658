"""A text in two originals, filled in for one of them: title, preamble, signature lines, brackets. Knows no layout.

Alternat: each side's own original names it first in title, preamble and signature block. The parties are joined here
and nowhere else, so that nothing but their order can differ.
"""

from collections.abc import Mapping
from typing import Any

from dtti.documents.values import LANGUAGES, SIDES, Language, Party, Side, Words
from dtti.documents.words import word

from .data.instrument import Instrument
from .data.intent import StatementOfIntent

TwoOriginals = Instrument | StatementOfIntent


def order_of(first: Side) -> tuple[Side, Side]:
    """Both sides, `first` first."""
    return ("IND", "USA") if first == "IND" else ("USA", "IND")


def joined(parties: Mapping[Side, Party], first: Side, language: Language, *, short: bool = False) -> str:
    """The names of both parties in the order of this original: "India and the United States"."""
    names = [(parties[side].short if short else parties[side].name).spoken(language)[0] for side in order_of(first)]
    return f"{names[0]} {word('house.and', language)} {names[1]}"


def filled(text: Words, parties: Mapping[Side, Party], first: Side, language: Language) -> str:
    """`text` in `language` with `{parties}` and `{parties_short}` filled in; any other brace stays.

    A text that begins with the parties begins with a capital letter.
    """
    spoken, real = text.spoken(language)
    made = spoken.replace("{parties}", joined(parties, first, real)).replace(
        "{parties_short}", joined(parties, first, real, short=True)
    )
    return made[:1].upper() + made[1:] if spoken.startswith("{parties") else made


def title_of(data: TwoOriginals) -> Words:
    """The title with its blanks."""
    return data.title if isinstance(data, Instrument) else data.head.title


def text_of(data: TwoOriginals, first: Side) -> dict[str, dict[str, Any]]:
    """Title, preamble and signature lines of this original in each language, and the language each is really in."""
    made: dict[str, dict[str, Any]] = {}
    for language in LANGUAGES:
        title = title_of(data)
        made[language] = {
            "title": filled(title, data.parties, first, language),
            "preamble": filled(data.preamble, data.parties, first, language),
            "real": title.spoken(language)[1],
            "real_preamble": data.preamble.spoken(language)[1],
            "sign": {side: signing(data.parties[side], language) for side in SIDES},
        }
    return made


def signing(party: Party, language: Language) -> str:
    """The line above a signature: For the Government of the Republic of India."""
    spoken, real = party.name.spoken(language)
    return word("side.for", real).replace("{}", spoken)


def brackets_of(data: Instrument) -> list[dict[str, Any]]:
    """Passages in brackets by clause, in the order of the text: {number, passages: [{side, text}]}."""
    rows = []
    for clause in data.clauses:
        held = [
            {"side": each.bracket, "text": {"en": each.text.en, "hi": each.text.hi}}
            for each in clause.passages
            if each.bracket
        ]
        if held:
            rows.append({"number": clause.number, "passages": held})
    return rows


def figures(data: TwoOriginals, first: Side) -> dict[str, Any]:
    """What the templates of texts in two originals read as `extra`."""
    made: dict[str, Any] = {"text": text_of(data, first)}
    if isinstance(data, Instrument):
        rows = brackets_of(data)
        made |= {"brackets-by-clause": rows, "brackets": [each for row in rows for each in row["passages"]]}
    if data.digest:
        from dtti.documents.sign.seal import seal_block

        made["seal"] = seal_block(data.digest, first)
    return made
