"""The words of a calendar entry, in English, Hindi or both, as a mail program shows them. Knows no file format.

RFC 5545 gives an entry one summary, one place and one description; an entry in both languages holds both in each.
"""

from dtti.documents.values import Language, Side, Words

from .clocks import Languages, both_clocks, span, spoken_in
from .event import Event, Mode, Timed

_MODES: dict[Mode, Words] = {
    "in-person": Words(en="In person", hi="आमने-सामने"),
    "virtual": Words(en="By video", hi="वीडियो द्वारा"),
    "hybrid": Words(en="In person and by video", hi="आमने-सामने और वीडियो द्वारा"),
}
_NAMES = {
    "video": Words(en="Video room", hi="वीडियो कक्ष"),
    "page": Words(en="In the record", hi="अभिलेख में"),
    "unreviewed": Words(
        en="The translation has not been reviewed by an official.", hi="अनुवाद की किसी अधिकारी ने समीक्षा नहीं की है।"
    ),
    "meeting": Words(en="Meeting", hi="बैठक"),
    "due": Words(en="Due date", hi="नियत तिथि"),
    "clock": Words(en="Clock", hi="समय-सीमा"),
}
_BETWEEN = "\n\n— — —\n\n"


def one_line(words: Words, languages: Languages) -> str:
    """A title or place on one line: `Meeting / बैठक` in both languages, once where only one is there."""
    return " / ".join(dict.fromkeys(words.spoken(each)[0] for each in spoken_in(languages)))


def category(event: Event, languages: Languages) -> str:
    """What sort of entry it is, in words."""
    return one_line(_NAMES[event.sort], languages)


def paragraphs(words: Words, languages: Languages) -> str:
    """A longer text; both languages one under the other."""
    return "\n\n".join(dict.fromkeys(words.spoken(each)[0] for each in spoken_in(languages)))


def description(event: Event, languages: Languages) -> str:
    """What stands under an entry: its marking, both capitals' clocks, how one takes part, the text, its page."""
    # Of what is white, only what stands here: another kind of space in a text is shown as its code.
    return _BETWEEN.join(dict.fromkeys(_block(event, each) for each in spoken_in(languages))).strip("\n ")


def _block(event: Event, language: Language) -> str:
    head = [event.label] if event.label else []
    if isinstance(event.when, Timed):
        first: Side = "USA" if event.when.zone.startswith(("America/", "Pacific/")) else "IND"
        clocks = both_clocks(event.when.start, language, until=event.when.end, first=first, dated=True)
        head += clocks.split(" · ")
    else:
        head.append(span(event.when.first, event.when.last, language))
    if event.mode:
        head.append(_MODES[event.mode].spoken(language)[0])
    if event.link:
        head.append(f"{_NAMES['video'].spoken(language)[0]}: {event.link}")
    parts = ["\n".join(head)]
    if event.description:
        parts.append(event.description.spoken(language)[0])
    foot = [f"{_NAMES['page'].spoken(language)[0]}: {event.page}"] if event.page else []
    if not all(words.reviewed for words in (event.title, event.place, event.description) if words):
        foot.append(_NAMES["unreviewed"].spoken(language)[0])
    if foot:
        parts.append("\n".join(foot))
    return "\n\n".join(parts)
