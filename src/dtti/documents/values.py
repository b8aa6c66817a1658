"""The values that every paper is made of: a side, a text in one or both languages. Knows no paper."""

from typing import Annotated, Literal

import msgspec

Side = Literal["IND", "USA"]
SIDES: tuple[Side, ...] = ("IND", "USA")
Language = Literal["en", "hi"]
LANGUAGES: tuple[Language, ...] = ("en", "hi")

Line = Annotated[str, msgspec.Meta(max_length=2_000)]
Prose = Annotated[str, msgspec.Meta(max_length=200_000)]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A text in English, in Hindi, or in both. A text that is missing in a language is shown in the other, marked.

    `reviewed`: False where one of the two is a translation that no official has reviewed; papers say so.
    """

    en: Prose = ""
    hi: Prose = ""
    reviewed: bool = True

    def __post_init__(self) -> None:
        if not (self.en or self.hi):
            raise ValueError("a text must be given in English (en), in Hindi (hi), or in both")

    def spoken(self, language: Language) -> tuple[str, Language]:
        """The text for readers of `language`, and the language that it is really in."""
        other: Language = "hi" if language == "en" else "en"
        own = getattr(self, language)
        return (own, language) if own else (getattr(self, other), other)


class Party(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One party: its names as the text uses them, and who signs for it."""

    name: Words
    short: Words
    signatory: Line = ""
    office: Words | None = None
    file_number: Line = ""


class Passage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A run of text inside a clause. `bracket`: the side that proposes it and to which the other has not agreed."""

    text: Words
    bracket: Side | None = None
