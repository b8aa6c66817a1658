"""The fixed words of a Word file in both languages, sides' names in brackets, warnings. Knows no text.

Whatever is printed here and is not the text itself is an aside: it is passed over when the file comes back.
"""

import re
from collections.abc import Sequence

from dtti.documents.values import LANGUAGES, SIDES, Language, Side, Words
from dtti.language import names

SIDE: dict[Side, dict[Language, str]] = {
    side: {each: names.side_named(side, each, formal=True) for each in LANGUAGES} for side in SIDES
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
    "empty": {"en": "(not stated)", "hi": "(उल्लेख नहीं)"},
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

LABELS: dict[str, dict[Language, str]] = {
    "statement-of-intent": {"en": "Statement of Intent", "hi": "आशय वक्तव्य"},
    "record": {"en": "Record of discussion", "hi": "चर्चा-अभिलेख"},
    "agenda": {"en": "Agenda", "hi": "कार्यसूची"},
    "general": {"en": "General provisions", "hi": "सामान्य उपबंध"},
    "items": {"en": "Items", "hi": "मद"},
    "exercise": {"en": "Exercise", "hi": "अभ्यास"},
    "signatory_file": {"en": "File number of the signatory", "hi": "हस्ताक्षरकर्ता की फ़ाइल संख्या"},
    "before": {"en": "Promised before", "hi": "पूर्व वचनबद्ध तिथि"},
    "remark": {"en": "Note", "hi": "टिप्पणी"},
    "owner": {"en": "Owner", "hi": "दायित्व"},
    "officer": {"en": "Officer", "hi": "अधिकारी"},
    "evidence": {"en": "Evidence", "hi": "साक्ष्य"},
    "reserving": {"en": "Reserved by", "hi": "आपत्तिकर्ता"},
    "verified": {"en": "Verified by", "hi": "सत्यापनकर्ता"},
    "organisation": {"en": "Organisation", "hi": "संगठन"},
    "capacity": {"en": "Capacity", "hi": "हैसियत"},
    "side": {"en": "Side", "hi": "पक्ष"},
    "day": {"en": "Day", "hi": "दिन"},
    "minutes": {"en": "Minutes", "hi": "मिनट"},
    "presenter": {"en": "Presented by", "hi": "प्रस्तुति"},
    "papers": {"en": "Papers", "hi": "पत्र"},
    "carried": {"en": "Carried over from", "hi": "कहाँ से अग्रेषित"},
}
"""What stands before a value, or at the head of a part."""

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


def asides() -> frozenset[str]:
    """Every fixed text, by itself: a paragraph that holds only this is none of the text."""
    return frozenset(text for row in FIXED.values() for text in row.values())


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
        "Footnotes in the file: {}. The text has none, so their words are only listed.",
        "फ़ाइल में पाद-टिप्पणियाँ: {}। इस पाठ में पाद-टिप्पणी नहीं होती, अतः उनके शब्द केवल सूचीबद्ध हैं।",
    ),
    "values_differ": Words(
        "Values that the two languages give differently: {}. Only one of the two can be confirmed.",
        "ऐसे मान जो दोनों भाषाओं में भिन्न हैं: {}। दोनों में से केवल एक की पुष्टि हो सकती है।",
    ),
    "settled": Words(
        "Both sides agreed this text; with any of these changes it is another one, and not agreed: {}.",
        "इस पाठ पर दोनों पक्ष सहमत हो चुके हैं; इनमें से किसी भी परिवर्तन से यह दूसरा, असहमत पाठ हो जाएगा: {}।",
    ),
    "unusable": Words(
        "Changes that cannot be taken as they are: {}. Each says why.",
        "ऐसे परिवर्तन जो यथावत स्वीकार नहीं किए जा सकते: {}। प्रत्येक के साथ कारण दिया है।",
    ),
    "form": Words(
        "Headings of parts or other fixed words changed: {}. They are printed by the form and are no part of the text.",
        "भागों के शीर्षक या अन्य नियत शब्द बदले गए: {}। वे प्रपत्र के हैं, पाठ का अंग नहीं।",
    ),
    "prompts": Words(
        "Content controls that nobody has filled in: {} ({}). What they ask for is no text.",
        "ऐसे कंटेंट कंट्रोल जो भरे नहीं गए: {} ({})। उनमें लिखा संकेत पाठ नहीं है।",
    ),
    "equations": Words(
        "Equations in the file: {} ({}). They are read as signs in one line; look at them in the file.",
        "फ़ाइल में समीकरण: {} ({})। वे एक पंक्ति के चिह्नों के रूप में पढ़े गए हैं; उन्हें फ़ाइल में देखें।",
    ),
    "pictures": Words(
        "Pictures or drawings in the file: {}. They are passed over.",
        "फ़ाइल में चित्र या आरेख: {}। उन पर विचार नहीं किया गया है।",
    ),
}


UNLIKE: dict[str, Words] = {
    "hidden": Words(
        "Hidden words, which a reader of the file does not see: {} ({}). Here they are read as text.",
        "छिपे हुए शब्द, जो फ़ाइल पढ़ने वाले को दिखाई नहीं देते: {} ({})। यहाँ वे पाठ के रूप में पढ़े गए हैं।",
    ),
    "pale": Words(
        "Words in the colour of the paper, or too small to be read: {} ({}). Here they are read as text.",
        "काग़ज़ के ही रंग में, या इतने छोटे कि पढ़े न जा सकें, ऐसे शब्द: {} ({})। यहाँ वे पाठ के रूप में पढ़े गए हैं।",
    ),
    "struck": Words(
        "Words struck by format and not by Track Changes: {} ({}). Here they still stand; ask whether they are to go.",
        "‘ट्रैक चेंजेस’ के बजाय केवल स्वरूपण से काटे गए शब्द: {} ({})। यहाँ वे पाठ में बने हुए हैं; पूछ लें कि क्या उन्हें हटाना है।",
    ),
    "signs": Words(
        "Words in a font of signs, which show otherwise than they are read here: {} ({}).",
        "चिह्नों वाले फ़ॉन्ट में लिखे शब्द, जो यहाँ पढ़े गए रूप से भिन्न दिखाई देते हैं: {} ({})।",
    ),
    "alternate": Words(
        "Words that other programs show in place of those read here: {} ({}).",
        "ऐसे शब्द जो अन्य प्रोग्राम यहाँ पढ़े गए शब्दों के स्थान पर दिखाते हैं: {} ({})।",
    ),
    "fields": Words(
        "Fields that show what each program works out for itself: {} ({}). Nothing is read for them.",
        "ऐसे फ़ील्ड जिनमें प्रत्येक प्रोग्राम स्वयं निकाला हुआ मान दिखाता है: {} ({})। उनके स्थान पर यहाँ कुछ नहीं पढ़ा गया।",
    ),
    "unread": Words(
        "Words in a form that is not read as text, such as text boxes: {} ({}). Look at them in the file.",
        "ऐसे रूप में शब्द जो पाठ के रूप में नहीं पढ़ा जाता, जैसे टेक्स्ट बॉक्स: {} ({})। उन्हें फ़ाइल में देखें।",
    ),
    "joined": Words(
        "Paragraphs that run into the one before them, though they are two texts: {} ({}).",
        "ऐसे पैराग्राफ़ जो दो अलग पाठ होते हुए भी पिछले पैराग्राफ़ में मिल गए हैं: {} ({})।",
    ),
    "place": Words(
        "Texts that stand elsewhere than in what was sent: {} ({}).",
        "ऐसे पाठ जो भेजे गए पाठ से भिन्न स्थान पर हैं: {} ({})।",
    ),
    "earlier": Words(
        "The file was made from another text than the one it is compared with, perhaps an earlier one: "
        "what changed between the two shows as a change of this file.",
        "यह फ़ाइल उस पाठ से नहीं बनी है जिससे इसकी तुलना हो रही है, संभवतः किसी पूर्व पाठ से: दोनों के बीच का अंतर इस फ़ाइल के परिवर्तन "
        "के रूप में दिखता है।",
    ),
}
"""What a reader sees otherwise than it is read here: a file with any of it does not say what was sent."""


def said(warning: str, number: int, examples: Sequence[str] = ()) -> Words:
    """A warning about a returned file, in both languages, with examples."""
    row = _WARNINGS.get(warning) or UNLIKE[warning]
    some = [each if len(each) <= 60 else f"{each[:60]}…" for each in dict.fromkeys(examples)]
    en, hi = ("; ".join(mark.format(each) for each in some[:5]) for mark in ("“{}”", "‘{}’"))
    return Words(row.en.format(number, en), row.hi.format(number, hi))


KEPT: dict[str, Words] = {
    "phases": Words(
        "The standing of a record is changed by an act of a side, never by editing its text.",
        "अभिलेख की स्थिति किसी पक्ष के कृत्य से बदलती है, पाठ के संशोधन से कभी नहीं।",
    ),
    "original": Words(
        "The original due date is kept for ever; a new date is stated as “Due now”.",
        "मूल नियत तिथि सदैव सुरक्षित रहती है; नई तिथि ‘वर्तमान नियत तिथि’ के रूप में दी जाती है।",
    ),
    "verified": Words(
        "That an action was verified is an act of the side that verifies it, never an edit of the text.",
        "कार्रवाई का सत्यापन उसी पक्ष का कृत्य है जो सत्यापित करता है, पाठ का संशोधन नहीं।",
    ),
    "part": Words(
        "It stands in another part of the text, where it would be something else.",
        "यह पाठ के दूसरे भाग में आ गया है, जहाँ इसका अर्थ भिन्न होगा।",
    ),
    "needed": Words("It cannot be empty.", "यह रिक्त नहीं हो सकता।"),
}
"""Why a change cannot be taken, by what is kept."""
