"""What is said about signed and scanned papers, in English and Hindi. Knows nothing else.

Each entry: its weight (bad stands against the paper, heed asks for care, note informs), English, Hindi. Blanks in
braces are the same in both languages.
"""

from typing import Literal

from dtti.documents.values import SIDES, Words
from dtti.language import names

SIDE = {
    side: Words(names.side_named(side, "en", inside=True, formal=True), names.side_named(side, "hi", formal=True))
    for side in SIDES
}

STANDING = {
    "valid": Words(en="Signed by both sides, and valid", hi="दोनों पक्षों द्वारा हस्ताक्षरित और मान्य"),
    "part": Words(en="Signed by one side only", hi="केवल एक पक्ष द्वारा हस्ताक्षरित"),
    "unsigned": Words(en="Not signed electronically", hi="इलेक्ट्रॉनिक रूप से हस्ताक्षरित नहीं"),
    "untrusted": Words(
        en="Unaltered, but signed with a certificate that you do not trust",
        hi="बदला नहीं गया, पर ऐसे प्रमाणपत्र से हस्ताक्षरित जिस पर आपका विश्वास नहीं है",
    ),
    "invalid": Words(en="Not valid", hi="मान्य नहीं"),
}

STATE = {
    "valid": Words(en="signature valid", hi="हस्ताक्षर मान्य"),
    "untrusted": Words(en="certificate not trusted", hi="प्रमाणपत्र पर विश्वास नहीं"),
    "invalid": Words(en="signature not valid", hi="हस्ताक्षर मान्य नहीं"),
    "missing": Words(en="signature missing", hi="हस्ताक्षर नहीं है"),
}

FINDINGS: dict[str, tuple[Literal["bad", "heed", "note"], str, str]] = {
    # Scans
    "several-codes": (
        "bad",
        "Page {page} of the scan carries codes of different pages.",
        "स्कैन के पृष्ठ {page} पर अलग-अलग पृष्ठों के कोड हैं।",
    ),
    "other-text": (
        "bad",
        "Page {page} of the scan belongs to another text, with the reference {reference}.",
        "स्कैन का पृष्ठ {page} किसी दूसरे पाठ का है, जिसका संदर्भ {reference} है।",
    ),
    "several-texts": (
        "bad",
        "The scan holds pages of different texts: {references}.",
        "स्कैन में अलग-अलग पाठों के पृष्ठ हैं: {references}।",
    ),
    "text-absent": (
        "bad",
        "No page of the text {reference} was found.",
        "पाठ {reference} का कोई पृष्ठ नहीं मिला।",
    ),
    "originals-mixed": (
        "bad",
        "The scan holds pages of both originals. Each original is scanned by itself.",
        "स्कैन में दोनों मूल प्रतियों के पृष्ठ हैं। हर मूल प्रति अलग से स्कैन की जाए।",
    ),
    "prints-mixed": (
        "bad",
        "The pages come from prints with different numbers of pages.",
        "पृष्ठ ऐसी प्रतियों के हैं जिनकी पृष्ठ संख्या अलग-अलग है।",
    ),
    "pages-missing": (
        "bad",
        "Of the {total} pages of {reference} these were not found: {pages}.",
        "{reference} के {total} पृष्ठों में से ये नहीं मिले: {pages}।",
    ),
    "pages-twice": (
        "heed",
        "These pages of {reference} are there more than once: {pages}.",
        "{reference} के ये पृष्ठ एक से अधिक बार हैं: {pages}।",
    ),
    "no-code": (
        "heed",
        "On these pages of the scan no code could be read: {pages}.",
        "स्कैन के इन पृष्ठों पर कोई कोड नहीं पढ़ा जा सका: {pages}।",
    ),
    "no-code-at-all": (
        "bad",
        "No code could be read in the scan. Type the reference printed beside it, or scan again at 300 dpi.",
        "स्कैन में कोई कोड नहीं पढ़ा जा सका। कोड के पास छपा संदर्भ टाइप करें, या 300 dpi पर फिर से स्कैन करें।",
    ),
    # The file
    "unreadable": (
        "bad",
        "The file cannot be read to the end as a PDF: {reason}. What cannot be read is not valid.",
        "फ़ाइल PDF के रूप में अंत तक पढ़ी नहीं जा सकती: {reason}। जो पढ़ा न जा सके, वह मान्य नहीं है।",
    ),
    "encrypted": ("bad", "The file is encrypted.", "फ़ाइल कूटबद्ध (एन्क्रिप्टेड) है।"),
    "not-archival": (
        "bad",
        "The file does not declare itself as PDF/A-2.",
        "फ़ाइल स्वयं को PDF/A-2 घोषित नहीं करती।",
    ),
    "active-content": (
        "bad",
        "The file holds what can change or hide its content: {what}.",
        "फ़ाइल में ऐसा कुछ है जो सामग्री को बदल या छिपा सकता है: {what}।",
    ),
    "hidden-objects": (
        "bad",
        "The file as it was signed holds {count} objects that nothing on its pages uses.",
        "हस्ताक्षर के समय फ़ाइल में {count} ऐसी वस्तुएँ थीं जिनका उपयोग किसी पृष्ठ पर नहीं होता।",
    ),
    "foreign-annotation": (
        "bad",
        "Page {page} carries an annotation ({kind}).",
        "पृष्ठ {page} पर एक टिप्पणी ({kind}) है।",
    ),
    "foreign-field": (
        "bad",
        "The file has a form field that belongs to neither side: {name}.",
        "फ़ाइल में एक फ़ॉर्म फ़ील्ड है जो किसी पक्ष का नहीं है: {name}।",
    ),
    "bytes-around": (
        "bad",
        "There are bytes before the beginning or after the end of the PDF.",
        "PDF के आरंभ से पहले या अंत के बाद अतिरिक्त बाइट हैं।",
    ),
    "before-signing": (
        "bad",
        "The file was changed after it was made and before the first signature.",
        "फ़ाइल बनने के बाद और पहले हस्ताक्षर से पूर्व बदली गई थी।",
    ),
    # The text
    "digest-absent": (
        "bad",
        "The file carries no digest of a text.",
        "फ़ाइल में किसी पाठ का डाइजेस्ट नहीं है।",
    ),
    "digest-unclear": (
        "bad",
        "The places where the file carries the digest of its text do not agree.",
        "फ़ाइल में जिन स्थानों पर पाठ का डाइजेस्ट है, वे आपस में मेल नहीं खाते।",
    ),
    "digest-other": (
        "bad",
        "The file is of another text: it carries {carried}, expected is {expected}.",
        "फ़ाइल किसी दूसरे पाठ की है: इसमें {carried} है, अपेक्षित {expected} है।",
    ),
    "digest-same": (
        "note",
        "The file carries the digest of the expected text.",
        "फ़ाइल में अपेक्षित पाठ का ही डाइजेस्ट है।",
    ),
    "digest-carried": (
        "note",
        "The file says that it is the text {reference}; it was not compared with a record.",
        "फ़ाइल के अनुसार यह पाठ {reference} है; इसका किसी अभिलेख से मिलान नहीं किया गया।",
    ),
    # A signature
    "signature-missing": (
        "bad",
        "The signature of {side} is missing.",
        "{side} का हस्ताक्षर नहीं है।",
    ),
    "signature-removed": (
        "bad",
        "The file carried the signature of {side}; a later update removed it.",
        "फ़ाइल पर {side} का हस्ताक्षर था; बाद के अद्यतन में उसे हटा दिया गया।",
    ),
    "signature-unread": (
        "bad",
        "The signature in the field of {side} cannot be read: {reason}.",
        "{side} के फ़ील्ड का हस्ताक्षर पढ़ा नहीं जा सकता: {reason}।",
    ),
    "not-intact": (
        "bad",
        "The signed bytes were altered after {side} signed.",
        "{side} के हस्ताक्षर के बाद हस्ताक्षरित बाइट बदले गए।",
    ),
    "not-genuine": (
        "bad",
        "The signature of {side} does not belong to its certificate, or was itself altered.",
        "{side} का हस्ताक्षर उसके प्रमाणपत्र से मेल नहीं खाता, या स्वयं बदला गया है।",
    ),
    "not-covered": (
        "bad",
        "The signature of {side} does not cover the whole file as it was when signed.",
        "{side} का हस्ताक्षर हस्ताक्षर के समय की पूरी फ़ाइल पर लागू नहीं है।",
    ),
    "altered-after": (
        "bad",
        "Altered after {side} signed.",
        "{side} के हस्ताक्षर के बाद बदला गया।",
    ),
    "other-fields": (
        "bad",
        "After {side} signed, another form field was filled: {names}.",
        "{side} के हस्ताक्षर के बाद एक अन्य फ़ॉर्म फ़ील्ड भरा गया: {names}।",
    ),
    "bytes-beside": (
        "bad",
        "Something stands beside the signature of {side} in its place in the file.",
        "फ़ाइल में {side} के हस्ताक्षर के स्थान पर हस्ताक्षर के साथ कुछ और भी है।",
    ),
    "wrong-format": (
        "bad",
        "The signature of {side} is not a PAdES signature.",
        "{side} का हस्ताक्षर PAdES हस्ताक्षर नहीं है।",
    ),
    "untrusted": (
        "bad",
        "Signed with a certificate that you do not trust ({holder}, issued by {issuer}).",
        "ऐसे प्रमाणपत्र से हस्ताक्षरित जिस पर आपका विश्वास नहीं है ({holder}, जारीकर्ता {issuer})।",
    ),
    "wrong-side": (
        "bad",
        "The field of {side} was signed with a certificate of {other}.",
        "{side} के फ़ील्ड में {other} के प्रमाणपत्र से हस्ताक्षर किया गया है।",
    ),
    "same-signer": (
        "bad",
        "Both fields were signed with one key. No one acts for both sides.",
        "दोनों फ़ील्ड एक ही कुंजी से हस्ताक्षरित हैं। कोई भी व्यक्ति दोनों पक्षों की ओर से कार्य नहीं करता।",
    ),
    "withdrawn": (
        "bad",
        "The certificate was withdrawn by its issuer on {when}.",
        "जारीकर्ता ने {when} को प्रमाणपत्र वापस ले लिया था।",
    ),
    "expired": (
        "bad",
        "The certificate was not valid at the time of judgement, {when}; it is valid from {start} to {end}.",
        "निर्णय के समय, {when}, प्रमाणपत्र मान्य नहीं था; इसकी मान्यता {start} से {end} तक है।",
    ),
    "not-for-signing": (
        "bad",
        "The certificate was not issued for signing (non-repudiation).",
        "प्रमाणपत्र हस्ताक्षर (अस्वीकार-निषेध) के लिए जारी नहीं किया गया था।",
    ),
    "chain": (
        "bad",
        "The certificate chain was not accepted: {reason}.",
        "प्रमाणपत्र शृंखला स्वीकार नहीं की गई: {reason}।",
    ),
    "revocation-unknown": (
        "heed",
        "Whether the certificate had been withdrawn was not checked; no revocation information was given.",
        "प्रमाणपत्र वापस लिया गया था या नहीं, इसकी जाँच नहीं हुई; निरसन सूचना नहीं दी गई थी।",
    ),
    "claimed-later": (
        "heed",
        "The time of signing that the signer states, {when}, lies after the time of this judgement.",
        "हस्ताक्षरकर्ता द्वारा बताया गया हस्ताक्षर का समय, {when}, इस निर्णय के समय के बाद का है।",
    ),
    "no-time-stamp": (
        "note",
        "The time of signing is the signer's own statement; there is no time stamp.",
        "हस्ताक्षर का समय हस्ताक्षरकर्ता का अपना कथन है; कोई समय-मुहर नहीं है।",
    ),
    "time-stamped": (
        "note",
        "Time-stamped on {when} by {authority}.",
        "{authority} द्वारा {when} को समय-मुहर लगाई गई।",
    ),
    "time-stamp-bad": (
        "bad",
        "The time stamp is not valid.",
        "समय-मुहर मान्य नहीं है।",
    ),
    "time-stamp-withdrawn": (
        "bad",
        "The certificate of the time-stamp authority was withdrawn: its time cannot be relied on.",
        "समय-मुहर प्राधिकारी का प्रमाणपत्र वापस ले लिया गया था: उसके समय पर भरोसा नहीं किया जा सकता।",
    ),
    "time-stamp-untrusted": (
        "bad",
        "The time stamp is of an authority that you do not trust ({authority}).",
        "समय-मुहर ऐसे प्राधिकारी की है जिस पर आपका विश्वास नहीं है ({authority})।",
    ),
    # What was altered
    "damaged": (
        "bad",
        "Page {page}: its content cannot be decoded; it was altered or damaged.",
        "पृष्ठ {page}: सामग्री पढ़ी नहीं जा सकती; वह बदली गई है या क्षतिग्रस्त है।",
    ),
    "page-content": ("bad", "Page {page}: what is drawn on it was changed.", "पृष्ठ {page}: उस पर अंकित सामग्री बदली गई।"),
    "page-resources": (
        "bad",
        "Page {page}: fonts, images or other resources were changed.",
        "पृष्ठ {page}: फ़ॉन्ट, चित्र या अन्य संसाधन बदले गए।",
    ),
    "page-frame": (
        "bad",
        "Page {page}: its size, crop or rotation was changed.",
        "पृष्ठ {page}: उसका आकार, कतरन या घुमाव बदला गया।",
    ),
    "page-other": ("bad", "Page {page}: {what} was changed.", "पृष्ठ {page}: {what} बदला गया।"),
    "annotation-added": (
        "bad",
        "Page {page}: an annotation ({kind}) was added.",
        "पृष्ठ {page}: एक टिप्पणी ({kind}) जोड़ी गई।",
    ),
    "annotation-removed": (
        "bad",
        "Page {page}: an annotation ({kind}) was removed.",
        "पृष्ठ {page}: एक टिप्पणी ({kind}) हटाई गई।",
    ),
    "annotation-changed": (
        "bad",
        "Page {page}: an annotation ({kind}) was changed.",
        "पृष्ठ {page}: एक टिप्पणी ({kind}) बदली गई।",
    ),
    "pages-count": (
        "bad",
        "The number of pages was changed from {before} to {after}.",
        "पृष्ठों की संख्या {before} से बदलकर {after} की गई।",
    ),
    "pages-order": (
        "bad",
        "Pages were exchanged or replaced: {pages}.",
        "पृष्ठ आपस में बदले गए या प्रतिस्थापित किए गए: {pages}।",
    ),
    "field-added": ("bad", "A form field was added: {name}.", "एक फ़ॉर्म फ़ील्ड जोड़ा गया: {name}।"),
    "field-removed": ("bad", "A form field was removed: {name}.", "एक फ़ॉर्म फ़ील्ड हटाया गया: {name}।"),
    "field-changed": ("bad", "A form field was changed: {name}.", "एक फ़ॉर्म फ़ील्ड बदला गया: {name}।"),
    "properties-changed": (
        "bad",
        "The document's properties were changed: {what}.",
        "दस्तावेज़ के गुण बदले गए: {what}।",
    ),
    "catalogue-changed": (
        "bad",
        "The document's catalogue was changed: {what}.",
        "दस्तावेज़ की सूची (कैटलॉग) बदली गई: {what}।",
    ),
    "objects-changed": (
        "bad",
        "Objects inside the file were changed: {what}.",
        "फ़ाइल के भीतर की वस्तुएँ बदली गईं: {what}।",
    ),
    "appended": (
        "bad",
        "{count} bytes were added at the end of the file.",
        "फ़ाइल के अंत में {count} बाइट जोड़े गए।",
    ),
    "cut-off": (
        "bad",
        "{count} bytes are missing at the end of the file.",
        "फ़ाइल के अंत से {count} बाइट हटाए गए।",
    ),
    "first-difference": (
        "bad",
        "Compared with the kept copy, the first altered byte is number {at}, in {where}.",
        "रखी हुई प्रति से तुलना करने पर पहला बदला हुआ बाइट {at} है, {where} में।",
    ),
    "kept-same": ("note", "The file is the kept copy, byte for byte.", "फ़ाइल रखी हुई प्रति से हर बाइट में मेल खाती है।"),
    "kept-begins": (
        "note",
        "The file begins with the kept copy, byte for byte, and adds to it.",
        "फ़ाइल का आरंभ हर बाइट में रखी हुई प्रति जैसा है, और उसके बाद जोड़ा गया है।",
    ),
    "kept-signature": (
        "bad",
        "The kept copy carries the signature of {side}; this file does not.",
        "रखी हुई प्रति पर {side} का हस्ताक्षर है; इस फ़ाइल पर नहीं है।",
    ),
}
