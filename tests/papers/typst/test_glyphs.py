import json
from collections import Counter
from importlib.resources import files

import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from dtti.documents.typeset.glyphs import BREAK, LONGEST, fit
from dtti.language.characters import found
from dtti.papers import render

from .making import agenda_with, beyond_margin, outside, text

FONTS = files("dtti.documents.typeset") / "fonts"


def fitted(given_text: str) -> tuple[str, dict[str, int]]:
    missing: Counter[str] = Counter()
    return fit(given_text, missing), dict(missing)


def test_text_in_both_languages_is_left_as_it_is() -> None:
    for line in ("The Government of India", "भारत सरकार, नई दिल्ली — “ठीक”", "₹ 12,00,000; § 3 → 4", "naïve Łódź Ḳ"):
        assert fitted(line) == (line, {})


def test_a_character_that_is_none_of_ours_is_printed_as_its_code_and_counted() -> None:
    printed = "agreed [U+1F44D] [U+0634][U+0643][U+0631][U+0627]"
    assert fitted("agreed 👍 شكرا")[0].replace(BREAK, "") == printed
    assert fitted("agreed 👍 شكرا")[1] == {"👍": 1, "ش": 1, "ك": 1, "ر": 1, "ا": 1}


def test_what_cannot_be_seen_is_printed_and_a_word_of_mixed_scripts_is_marked() -> None:
    assert fitted("wo\u200brd") == ("wo[U+200B]rd", {"\u200b": 1})
    assert fitted("p\u0430tent") == ("p[U+0430]tent", {"\u0430": 1})
    assert fitted("DRDOका") == ("DRDOका[U+0915…]", {"क": 1, "ा": 1})


def test_a_code_typed_by_hand_is_told_from_one_of_ours() -> None:
    assert fitted("wo[U+200B]rd") == ("wo[U+005B]U+200B]rd", {})


def test_signs_that_turn_the_direction_of_text_are_shown_and_not_obeyed() -> None:
    assert fitted("pay \u202e0001\u202c")[0] == "pay [U+202E]0001[U+202C]"


def test_a_long_word_may_break_and_never_inside_a_devanagari_syllable() -> None:
    printed, _ = fitted("क्षत्रियत्वप्रतिष्ठापनार्थसंस्थानसमितिप्रमुखः")
    pieces = printed.split(BREAK)
    assert "".join(pieces) == "क्षत्रियत्वप्रतिष्ठापनार्थसंस्थानसमितिप्रमुखः"
    assert len(pieces) > 2
    assert all(piece[0] not in "ािीुूृेैोौंःँ्" for piece in pieces)
    assert all(piece[-1] != "्" for piece in pieces)


def test_a_pile_of_marks_is_counted_and_not_piled() -> None:
    printed, missing = fitted("a" + "\u0301" * 100)
    assert printed == "a[U+0301 ×2][U+0301 ×98]"
    assert missing == {"\u0301": 100}


@given(st.text(max_size=300))
def test_fitting_loses_nothing_but_what_it_counts(typed: str) -> None:
    printed, missing = fitted(typed)
    again = printed.replace(BREAK, "")
    assert bool(missing) == bool(found(typed.replace("\r\n", "\n").replace("\r", "\n")))
    assert missing or again == typed.replace("\r\n", "\n").replace("\r", "\n").replace("[U+", "[U+005B]U+")
    longest = max((len(word) for word in printed.replace("\n", " ").replace(BREAK, " ").split()), default=0)
    assert longest <= LONGEST


@pytest.mark.parametrize("family", ["Noto Serif", "Noto Sans"])
@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_every_character_said_to_be_held_is_held_in_this_face(family: str, weight: str) -> None:
    ranges = json.loads((FONTS / "coverage.json").read_text())
    held = " ".join(chr(point) for low, high in ranges for point in range(low, high + 1))
    source = (
        f'#set text(font: ("{family}", "Noto Sans Devanagari", "Noto Sans Math", "Noto Sans Symbols2"), '
        f'weight: "{weight}", fallback: false)\n#sys.inputs.held'
    )
    pdf = typst.compile(  # PDF/A allows no missing glyph: a gap would be an error here
        source.encode(),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"held": held},
        pdf_standards=["a-2b"],
    )
    assert pdf.startswith(b"%PDF")


@settings(max_examples=10)
@given(
    st.text(min_size=1, max_size=120)
    | st.text(alphabet="कखगघत्रषरािीुूृेैोौंःँ्ज्ञ़‍‌ ", min_size=1, max_size=120)
    | st.text(alphabet="#$*_@<>[]{}()\\/=-+~`\"'! \nabc", min_size=1, max_size=120)
    | st.text(alphabet="אבגدهو \u202e\u202d\u2067a1", min_size=1, max_size=60)
    | st.text(alphabet="WMw@", min_size=60, max_size=400),
    st.sampled_from(["en", "hi", "both"]),
)
def test_any_text_whatever_renders_inside_the_page(typed: str, language: str) -> None:
    made = render.typeset("agenda", agenda_with(typed, typed[::-1]), language=language)
    assert outside(made.pdf) == []
    assert made.pdf_a


@pytest.mark.parametrize("language", ["en", "hi", "both"])
@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("@" * 400, id="a reference longer than the foot of a page"),
        pytest.param("M" * 120, id="the widest letters in the narrowest column"),
        pytest.param("M\n" * 20, id="few letters on many lines"),
    ],
)
def test_what_is_long_wide_or_of_many_lines_stays_on_its_page(typed: str, language: str) -> None:
    assert outside(render.typeset("agenda", agenda_with(typed, typed[::-1]), language=language).pdf) == []


def test_very_long_words_stay_inside_their_column() -> None:
    made = render.typeset("agenda", agenda_with("W" * 900, "क्ष" * 300), language="both")
    assert beyond_margin(made.pdf) == []


def test_a_paper_says_which_characters_stand_as_their_codes() -> None:
    made = render.typeset("agenda", agenda_with("Done 🎉"))
    assert made.missing["🎉"] >= 4
    assert made.warnings[0].startswith("U+1F389 PARTY POPPER: shown as its code")
    assert "U+1F389PARTYPOPPER" in text(made.pdf)


def test_a_paper_shows_what_cannot_be_seen_and_marks_what_mixes_scripts() -> None:
    made = render.typeset("agenda", agenda_with("re\u200blease P\u0430tent \U000e0041 \u3164"), language="en")
    printed = text(made.pdf)
    for said in ("re[U+200B]lease", "P[U+0430]tent", "[U+E0041]", "[U+3164]", "U+0430CYRILLICSMALLLETTERA"):
        assert said in printed
    assert not {"\u200b", "\u0430", "\U000e0041", "\u3164"} & set(printed)
