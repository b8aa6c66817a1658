"""The fixed words of a Word file in both languages, sides' names in brackets, dates. Knows no instrument.

Whatever is printed here and is not the text itself is an aside: it is passed over when the file comes back.
"""

import datetime as dt
import re

from dtti.papers.data.words import SIDES, Language, Side, Words

SIDE: dict[Side, dict[Language, str]] = {
    "IND": {"en": "India", "hi": "भारत"},
    "USA": {"en": "United States", "hi": "संयुक्त राज्य अमेरिका"},
}

AND: dict[Language, str] = {"en": " and ", "hi": " तथा "}

UNREVIEWED = "†"

FIXED: dict[str, dict[Language, str]] = {
    "language": {"en": "English", "hi": "हिन्दी"},
    "track": {
        "en": "Please edit with Track Changes on. Numbers are part of the text and do not change by themselves.",
        "hi": "कृपया ‘ट्रैक चेंजेस’ चालू रखकर ही संशोधन करें। क्रमांक पाठ का अंग हैं और स्वतः नहीं बदलते।",
    },
    "brackets": {
        "en": "Text in brackets is proposed by the side named in it; the other side has not agreed to it.",
        "hi": "कोष्ठक में दिया गया पाठ उसमें नामित पक्ष का प्रस्ताव है; दूसरा पक्ष उस पर सहमत नहीं हुआ है।",
    },
    "unreviewed": {
        "en": "† Unreviewed translation: no official has reviewed it against the other language.",
        "hi": "† असमीक्षित अनुवाद: किसी अधिकारी ने दूसरी भाषा से इसका मिलान नहीं किया है।",
    },
    "only": {"en": "(in English only)", "hi": "(केवल हिन्दी में)"},
    "missing": {"en": "(not yet in English)", "hi": "(हिन्दी पाठ अभी नहीं है)"},
    "for": {"en": "For", "hi": "की ओर से"},
    "signature": {"en": "Signature", "hi": "हस्ताक्षर"},
    "particulars": {"en": "Particulars", "hi": "विवरण"},
    "reference": {"en": "Reference", "hi": "संदर्भ संख्या"},
    "label": {"en": "Handling label", "hi": "प्रकटन चिह्न"},
    "status": {"en": "Status", "hi": "स्थिति"},
    "place": {"en": "Place", "hi": "स्थान"},
    "date": {"en": "Date", "hi": "दिनांक"},
    "digest": {"en": "Digest of the agreed text (SHA-256)", "hi": "सहमत पाठ का डाइजेस्ट (SHA-256)"},
    "file_number": {"en": "File number", "hi": "फ़ाइल संख्या"},
    "short": {"en": "Short name", "hi": "संक्षिप्त नाम"},
    "page": {"en": "Page", "hi": "पृष्ठ"},
    "of": {"en": "of", "hi": "/"},
}

_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "hi": (
        "जनवरी",
        "फ़रवरी",
        "मार्च",
        "अप्रैल",
        "मई",
        "जून",
        "जुलाई",
        "अगस्त",
        "सितंबर",
        "अक्तूबर",
        "नवंबर",
        "दिसंबर",
    ),
}

OPENING = re.compile(
    r"\[\s*(?:(?P<IND>India|IND|भारत)|(?P<USA>United States|USA|US|U\.S\.|संयुक्त राज्य अमेरिका|अमेरिका))\s*[:：]\s*",
    re.IGNORECASE,
)
"""How a bracket with its side begins, as printed here or typed by hand."""


def opening(side: Side, language: Language) -> str:
    """What stands before a text in brackets: "[India: "."""
    return f"[{SIDE[side][language]}: "


CLOSING = "]"


def opened_by(found: re.Match[str]) -> Side:
    """The side that a match of OPENING names."""
    return next(side for side in SIDES if found[side])


def day(date: dt.date, language: Language) -> str:
    """A date with the month as a word."""
    return f"{date.day} {_MONTHS[language][date.month - 1]} {date.year}"


def day_read(text: str) -> dt.date | None:
    """The date that `day` printed, or a person wrote so, in either language; None where it is no such date."""
    parts = text.split()
    if len(parts) != 3:
        return None
    for names in _MONTHS.values():
        for number, name in enumerate(names, 1):
            if parts[1].rstrip(".").lower().startswith(name.lower()):
                try:
                    return dt.date(int(parts[2]), number, int(parts[0]))
                except ValueError:
                    return None
    return None


def asides() -> frozenset[str]:
    """Every fixed text, by itself: a paragraph that holds only this is none of the text."""
    found = {text for row in FIXED.values() for text in row.values()}
    return frozenset(found | {name for row in SIDE.values() for name in row.values()})


_WARNINGS: dict[str, Words] = {
    "untracked": Words("Changes made without Track Changes: {}.", "‘ट्रैक चेंजेस’ के बिना किए गए परिवर्तन: {}।"),
    "one_language": Words(
        "Texts changed in one language only: {}. The two may no longer say the same.",
        "केवल एक भाषा में बदले गए पाठ: {}। संभव है कि दोनों भाषाओं के पाठ अब समान न हों।",
    ),
    "other_language": Words(
        "The file is in one language; the other text does not change with it.",
        "यह फ़ाइल एक ही भाषा में है; दूसरी भाषा का पाठ इसके साथ नहीं बदलता।",
    ),
    "unnamed_brackets": Words(
        "Square brackets put in without a side’s name: {}. They are taken as ordinary signs.",
        "किसी पक्ष के नाम के बिना जोड़े गए कोष्ठक: {}। उन्हें साधारण चिह्न माना गया है।",
    ),
    "notes": Words(
        "Footnotes in the file: {}. An instrument has none, so their words are only listed.",
        "फ़ाइल में पाद-टिप्पणियाँ: {}। लिखत में पाद-टिप्पणी नहीं होती, अतः उनका पाठ केवल सूचीबद्ध है।",
    ),
    "pictures": Words(
        "Pictures or drawings in the file: {}. They are passed over.",
        "फ़ाइल में चित्र या आरेख: {}। उन पर विचार नहीं किया गया है।",
    ),
}


def said(warning: str, number: int) -> Words:
    """A warning about a returned file, in both languages."""
    row = _WARNINGS[warning]
    return Words(row.en.format(number), row.hi.format(number))
