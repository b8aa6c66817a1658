"""Whatever the record says, labels stay on the sheet and never meet."""

from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dtti.documents.charts.metrics import clean, trimmed, width, wrapped
from dtti.documents.charts.scene import Circle, Path, Rect, Scene, Text, box
from dtti.papers import charts
from tests.papers.charts.making import ANY, TEXTS

_SETTINGS = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def _check(scene: Scene) -> None:
    boxes = [(text, box(text)) for text in scene.texts if text.text]
    for text, (left, top, right, bottom) in boxes:
        assert left >= -0.6, text
        assert right <= scene.width + 0.6, text
        assert top >= -0.6, text
        assert bottom <= scene.height + 0.6, text
    for n, (one, a) in enumerate(boxes):
        for other, b in boxes[n + 1 :]:
            apart = a[2] <= b[0] + 0.6 or b[2] <= a[0] + 0.6 or a[3] <= b[1] + 0.6 or b[3] <= a[1] + 0.6
            assert apart, (one, other)
    for mark in scene.marks:
        if isinstance(mark, Rect):
            assert mark.width >= 0
            assert mark.height >= 0
            assert mark.x >= -0.6
            assert mark.x + mark.width <= scene.width + 0.6
            assert mark.y + mark.height <= scene.height + 0.6
        elif isinstance(mark, Circle):
            assert mark.radius <= mark.x <= scene.width - mark.radius + 0.6
        elif isinstance(mark, Path):
            assert all(-0.6 <= x <= scene.width + 0.6 and -0.6 <= y <= scene.height + 0.6 for x, y in mark.points)


@pytest.mark.parametrize("name", list(charts.CHARTS))
@_SETTINGS
@given(data=st.data())
def test_no_label_leaves_the_sheet_or_meets_another(name: str, data: Any) -> None:
    holds = data.draw(ANY[name])
    language = data.draw(st.sampled_from(["en", "hi"]))
    wide = data.draw(st.sampled_from([280.0, 340.0, 519.0, 520.0, 720.0, 1100.0]))
    own = data.draw(st.sampled_from(["IND", "USA"]))
    made = charts.draw(holds, language, width=wide, own=own)
    _check(made.scene)
    _check(charts.headed(made))
    assert made.scene.width == wide
    assert all(len(row) == len(made.table.columns) for row in made.table.rows)
    assert made.description


@pytest.mark.parametrize("name", list(charts.CHARTS))
@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("wide", [280.0, 340.0, 720.0, 1400.0])
def test_the_samples_keep_their_labels_apart(name: str, language: Any, wide: float) -> None:
    made = charts.draw(charts.read(name, charts.sample(name)), language, width=wide)
    _check(made.scene)


@settings(max_examples=80, deadline=None)
@given(TEXTS, st.floats(8, 20), st.floats(20, 400), st.booleans(), st.integers(1, 4))
def test_wrapped_lines_are_never_wider_than_their_column(
    text: str, size: float, most: float, bold: bool, count: int
) -> None:
    lines = wrapped(text, size, most, bold=bold, lines=count)
    assert len(lines) <= count
    assert all(width(line, size, bold=bold) <= most for line in lines)


def test_a_text_that_fits_is_not_trimmed_and_one_that_does_not_ends_in_an_ellipsis() -> None:
    assert trimmed("Runway", 14, 100) == "Runway"
    assert trimmed("Runway repair mat", 14, 70) == "Runway…"
    assert trimmed("Runway", 14, 5) == ""


def test_a_conjunct_is_never_parted() -> None:
    assert trimmed("क्षत्रज्ञ", 14, width("क्षत्र…", 14)) == "क्षत्र…"
    assert trimmed("स्थिति", 14, width("स्थि…", 14)) == "स्थि…"


def test_what_xml_cannot_hold_and_what_turns_the_direction_is_taken_out() -> None:
    assert clean("a\x00b\u202ec\n d\ufffe") == "a\ufffdbc d\ufffd"


def test_texts_are_measured_from_above_by_the_faces_that_are_shipped() -> None:
    from importlib.resources import files

    from PIL import ImageFont

    folder = files("dtti.documents.typeset") / "fonts"
    for weight, bold in (("Regular", False), ("Bold", True)):
        for face, text in (
            ("NotoSans", "Waves AV, To: Ty. 26 Jan 2027 (fi, ffl) – 1,234 %…"),
            ("NotoSansDevanagari", "कार्यान्वयन प्रक्रिया क्षत्रिय श्रृंखला द्ध ह्म ज्ञ र्क्र्य राष्ट्रीय प्रौद्योगिकी"),
        ):
            with (folder / f"{face}-{weight}.ttf").open("rb") as file:
                font = ImageFont.truetype(file, 1_000)
                bare = "".join(text.split())
                assert font.getlength(bare) <= width(bare, 1_000, bold=bold) + 1


def test_no_letter_with_its_mark_or_its_conjunct_is_wider_than_was_reckoned() -> None:
    from importlib.resources import files

    from PIL import ImageFont, features

    if not features.check("raqm"):
        pytest.skip("this Pillow does not shape text")
    letters = [chr(code) for code in range(0x915, 0x93A)]
    marks = [chr(code) for code in (*range(0x93E, 0x94D), 0x901, 0x902, 0x903, 0x93C)]
    joined = [a + b for a in letters for b in marks] + [f"{a}\u094d{b}" for a in letters for b in "कतमयरवशषहज"]
    for weight, bold in (("Regular", False), ("Bold", True)):
        with (files("dtti.documents.typeset") / "fonts" / f"NotoSansDevanagari-{weight}.ttf").open("rb") as file:
            font = ImageFont.truetype(file, 1_000)
            wider = [each for each in joined if font.getlength(each) > width(each, 1_000, bold=bold) + 1]
        assert wider == []


def test_a_table_cell_is_never_cut() -> None:
    data = charts.read("court", charts.sample("court"))
    long = "an unusually long reason that will not fit into any column of the drawing " * 4
    words = msgspec.to_builtins(data)
    words["spells"][0]["why"] = {"en": long}
    made = charts.draw(charts.read("court", msgspec.json.encode(words)), "en")
    assert made.table.rows[0][4] == clean(long)
    assert any(text.text.endswith("…") for text in made.scene.texts if isinstance(text, Text))
