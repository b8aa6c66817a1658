"""Proposals as plain text for a terminal or a letter: no markup, lines of bounded width. Knows no search."""

import textwrap
import unicodedata
from typing import NamedTuple

from dtti.documents.values import Language, Words

from .clocks import Languages, day, span, spoken_in
from .request import Found, Proposal

WIDTH = 100
_WORDS = {
    "score": Words(en="Score", hi="अंक"),
    "of": Words(en="score {} of 100", hi="100 में से {} अंक"),
    "estimate": Words(en="estimate", hi="अनुमान"),
    "unknown": Words(en="not known", hi="ज्ञात नहीं"),
    "looked": Words(en="Looked at", hi="क्या देखा गया"),
    "not": Words(en="Not looked at", hi="क्या नहीं देखा गया"),
    "left": Words(en="Left out, since somebody cannot meet", hi="छोड़े गए दिन, क्योंकि कोई उपलब्ध नहीं"),
    "first": Words(en="First day", hi="पहला दिन"),
    "last": Words(en="Last day", hi="अंतिम दिन"),
    "none": Words(en="No day was found.", hi="कोई दिन नहीं मिला।"),
}


class Row(NamedTuple):
    """A proposal as one row of a table."""

    first: str
    last: str
    score: str
    clocks: str
    summary: str


def rows(found: Found, language: Language) -> list[Row]:
    """One row for each proposal, in words, for a page, a sheet or a paper."""
    return [
        Row(
            day(each.first, language, weekday=True),
            day(each.last, language, weekday=True),
            str(each.score),
            each.sessions[0].clocks.spoken(language)[0],
            each.summary.spoken(language)[0],
        )
        for each in found.proposals
    ]


def heads(language: Language) -> Row:
    """The heads of the columns of `rows`."""
    clocks = {"en": "Clocks, first day", "hi": "घड़ियाँ, पहला दिन"}[language]
    summary = {"en": "In short", "hi": "संक्षेप में"}[language]
    return Row(_word("first", language), _word("last", language), _word("score", language), clocks, summary)


def table(found: Found, languages: Languages = "en") -> list[str]:
    """The whole answer as lines of text, each proposal with all that is known against it."""
    lines: list[str] = []
    for language in spoken_in(languages):
        if lines:
            lines += ["", "=" * WIDTH, ""]
        lines += _answer(found, language)
    return lines


def _answer(found: Found, language: Language) -> list[str]:
    lines = [] if found.proposals else [_word("none", language), ""]
    for number, proposal in enumerate(found.proposals, 1):
        lines += [*_proposal(number, proposal, language), ""]
    if found.left_out:
        lines.append(_word("left", language))
    for left in found.left_out:
        days = span(left.first, left.last, language)
        lines += _wrapped(f"{days}: {'; '.join(each.name.spoken(language)[0] for each in left.because)}", "   ")
    for key, texts in (("looked", found.looked_at), ("not", found.not_known)):
        lines.append(_word(key, language))
        for text in texts:
            lines += _wrapped(text.spoken(language)[0], "   ")
    return lines


def _proposal(number: int, proposal: Proposal, language: Language) -> list[str]:
    days = day(proposal.first, language, weekday=True)
    if proposal.last != proposal.first:
        days += f" – {day(proposal.last, language, weekday=True)}"
    score = _word("of", language).format(proposal.score)
    head = f"{number}. {days}"
    lines = [head + " " * max(3, WIDTH - _columns(head) - _columns(score)) + score]
    for session in proposal.sessions:
        lines += [f"   {each}" for each in session.clocks.spoken(language)[0].split(" · ")]
    lines.append(f"   {proposal.summary.spoken(language)[0]}")
    for finding in proposal.findings:
        text = finding.text.spoken(language)[0]
        if finding.standing in ("estimate", "unknown") and _word("estimate", language) not in text:
            text += f" [{_word(finding.standing, language)}]"
        if finding.source:
            text += f" ({finding.source})"
        points = f"−{finding.points}" if finding.points else "·"
        lines += _wrapped(text, f"{points:>8}  ")
    return lines


def _wrapped(text: str, lead: str) -> list[str]:
    """A text under a lead; later lines stand under its beginning."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _columns(text: str) -> int:
    """The columns that a text takes in a terminal: signs that sit on others take none."""
    return sum(unicodedata.category(each) not in ("Mn", "Me", "Cf") for each in text)


def _word(key: str, language: Language) -> str:
    return _WORDS[key].spoken(language)[0]
