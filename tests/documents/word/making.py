"""An instrument under negotiation, plainly made up, and its file; what several tests here start from."""

import datetime as dt
import io
import re
import zipfile
from typing import Any

from dtti.documents.values import Language, Party, Passage, Words
from dtti.papers.data.instrument import Clause, Instrument
from dtti.papers.negotiated import form_of


def sample() -> Instrument:
    """Six clauses in both languages: headings, sub-clauses, brackets of both sides, an unreviewed translation."""
    return Instrument(
        type=Words("Statement of Intent", "आशय वक्तव्य"),
        reference="DTTI/EX/2027/014",
        title=Words(
            "Statement of Intent between {parties} on the Tidewater Sensor Buoy",
            "{parties} के बीच टाइडवॉटर संवेदक प्लव के संबंध में आशय वक्तव्य",
        ),
        preamble=Words(
            "{parties}, hereinafter “the Participants”, wishing to build together what neither would build alone, "
            "have reached the following understanding:",
            "{parties}, जिन्हें आगे ‘प्रतिभागी’ कहा गया है, जो कार्य कोई अकेला न करता उसे साथ मिलकर करने की इच्छा से, "
            "निम्नलिखित सहमति पर पहुँचे हैं:",
        ),
        parties={
            "IND": Party(
                name=Words("the Department of Defence Production of India", "भारत का रक्षा उत्पादन विभाग"),
                short=Words("the Indian Participant", "भारतीय प्रतिभागी"),
                signatory="A. Example",
                office=Words("Secretary (Defence Production)", "सचिव (रक्षा उत्पादन)"),
                file_number="EX/12(3)/2027/D(Coop)",
            ),
            "USA": Party(
                name=Words("the Department of Defense of the United States", "संयुक्त राज्य अमेरिका का रक्षा विभाग"),
                short=Words("the U.S. Participant", "अमेरिकी प्रतिभागी"),
                signatory="B. Sample",
                office=Words("Under Secretary of Defense (A&S)", "अवर रक्षा सचिव (अर्जन एवं संधारण)"),
                file_number="IC-EX-0147",
            ),
        },
        clauses=(
            Clause(
                key="purpose",
                number="1.",
                heading=Words("Purpose", "उद्देश्य"),
                passages=(
                    Passage(
                        Words(
                            "The Participants intend to design, test and build a moored buoy for coastal waters.",
                            "प्रतिभागी तटीय जल के लिए एक लंगरित संवेदक प्लव का अभिकल्प, परीक्षण और उत्पादन करना चाहते हैं।",
                        )
                    ),
                ),
            ),
            Clause(
                key="shares",
                number="2.",
                heading=Words("Work and cost", "कार्य और लागत"),
                passages=(
                    Passage(
                        Words(
                            "Costs are shared equally, up to a ceiling of ",
                            "लागत समान रूप से बाँटी जाएगी, जिसकी अधिकतम सीमा ",
                        )
                    ),
                    Passage(Words("forty million dollars", "चार करोड़ डॉलर"), "USA"),
                    Passage(Words("four hundred crore rupees", "चार सौ करोड़ रुपये"), "IND"),
                    Passage(Words(".", " होगी।")),
                ),
            ),
            Clause(
                key="shares-work",
                number="2.1",
                level=2,
                passages=(
                    Passage(
                        Words(
                            "The hull is built in India; the acoustic array is built in the United States.",
                            "ढाँचा भारत में बनेगा; ध्वनिक सरणी संयुक्त राज्य अमेरिका में बनेगी।",
                        )
                    ),
                ),
            ),
            Clause(
                key="reports",
                number="2.2",
                level=2,
                passages=(
                    Passage(
                        Words(
                            "Each Participant reports progress to the other within 30 days of the end of each quarter.",
                            "प्रत्येक प्रतिभागी हर तिमाही की समाप्ति के 30 दिन के भीतर दूसरे को प्रगति की सूचना देगा।",
                            reviewed=False,
                        )
                    ),
                ),
            ),
            Clause(
                key="transfer",
                number="3.",
                heading=Words("Third parties", "तृतीय पक्ष"),
                passages=(
                    Passage(
                        Words(
                            "Neither Participant passes on what it received under this Statement without the prior "
                            "written consent of the other. ",
                            "कोई भी प्रतिभागी इस वक्तव्य के अंतर्गत प्राप्त कुछ भी दूसरे की पूर्व लिखित सहमति के बिना "
                            "किसी और को नहीं देगा। ",
                        )
                    ),
                    Passage(
                        Words("Consent is deemed given after sixty days.", "साठ दिन बाद सहमति मान ली जाएगी।"), "IND"
                    ),
                ),
            ),
            Clause(
                key="duration",
                number="4.",
                heading=Words("Duration", "अवधि"),
                passages=(
                    Passage(
                        Words(
                            "This Statement applies from the day of the second signature and ends after five years.",
                            "यह वक्तव्य दूसरे हस्ताक्षर के दिन से लागू होगा और पाँच वर्ष बाद समाप्त होगा।",
                        )
                    ),
                ),
            ),
        ),
        closing=Words(
            "Done in two originals, each in English and Hindi, both texts being equally valid.",
            "दो मूल प्रतियों में, प्रत्येक अंग्रेज़ी और हिन्दी में, संपन्न; दोनों पाठ समान रूप से मान्य हैं।",
        ),
        digest="5f" * 32,
        place=Words("New Delhi", "नई दिल्ली"),
        date=dt.date(2027, 1, 26),
        status=Words("Draft 3, not agreed", "प्रारूप 3, असहमत"),
        label="EXERCISE · UNCLASSIFIED, RELEASABLE TO INDIA AND USA",
    )


def changed(data: bytes, *pairs: tuple[str, str], part: str = "word/document.xml") -> bytes:
    """A file with the first occurrence of each text in a part's XML put in another's place."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    return archived({**parts, part: text.encode()})


def archived(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Parts as an archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return held.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The parts of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def paragraph_with(data: bytes, words: str) -> str:
    """The XML of the paragraph that holds some words."""
    body = unpacked(data)["word/document.xml"].decode()
    return next(each for each in re.findall(r"<w:p>.*?</w:p>", body, re.DOTALL) if words in each)


def shown(text: Any, languages: tuple[Language, ...]) -> Any:
    """A text as far as a file in `languages` shows it; what is in neither is shown in the language that it has."""

    def cut(said: Words) -> Words:
        if not any(getattr(said, each) for each in languages):
            return said
        en, hi = (getattr(said, each) if each in languages else "" for each in ("en", "hi"))
        return Words(en, hi, said.reviewed)

    form = form_of(text)
    return form.back(form.draft(text).mapped(cut))
