"""One catalogue for all words: teaches Django's translations ours, so that Python and templates read the same file."""

from functools import cache

from django.utils.translation import trans_real

from dtti.language.catalogue import LANGUAGES, Words, catalogue


@cache
def teach() -> None:
    """Lay our messages over Django's and allauth's, whose own Hindi is partial or missing."""
    for language in LANGUAGES:
        ours = catalogue(language)
        if isinstance(ours, Words):
            trans_real.translation(language).merge(ours)
