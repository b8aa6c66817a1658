"""The book of the look, docs/design.md: its contrasts, signatures and pictures are those of the product."""

import re
from pathlib import Path

import pytest
from jinja2 import nodes
from tests.web import gallery

from dtti.documents.charts.scene import COLOURS
from dtti.web import look

CSS = (look.STATIC / "dtti" / "dtti.css").read_text(encoding="utf-8")
BOOK = Path(__file__).parents[2] / "docs" / "design.md"
WORDS = BOOK.read_text(encoding="utf-8")
MACROS = sorted((look.TEMPLATES / "macros").glob("*.html"))


def _tokens() -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{3,6})\b", CSS.split("\n.IND{")[0]))


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, WCAG 2.2, 1.4.3."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(c * 2 for c in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_contrasts_written_down_are_those_of_the_style_sheet() -> None:
    tokens = _tokens()
    rows = re.findall(r"\| `([a-z-]+)` (#[0-9a-f]+) \| `([a-z-]+)` (#[0-9a-f]+) \| ([\d.]+) \|", WORDS)
    assert len(rows) >= 14
    for name, colour, ground, ground_colour, ratio in rows:
        assert (tokens[name], tokens[ground]) == (colour, ground_colour)
        assert f"{_contrast(colour, ground_colour):.1f}" == ratio
        assert float(ratio) >= (3 if name == "edge" else 4.5)


def test_the_two_sides_can_be_told_apart_without_their_hue() -> None:
    drawn = re.findall(r'<rect [^>]*fill="([^"]*)" stroke="(#[0-9a-f]{6})"', gallery.render("gallery.html", "en"))
    hatched = {stroke: fill.startswith("url(#") and "-hatch-" in fill for fill, stroke in drawn}
    assert hatched[COLOURS["ind"]] is False
    assert hatched[COLOURS["usa"]] is True
    assert hatched[COLOURS["soft"]] is False


def test_charts_are_drawn_in_the_colours_of_the_pages() -> None:
    tokens = _tokens()
    shown = {name: tokens[name] for name in COLOURS}
    assert {name: each if len(each) == 7 else f"#{each[1:] * 2}" for name, each in shown.items()} == COLOURS


def _signatures() -> dict[str, str]:
    """`name(arguments)` of every macro that pages may use, by file and name."""
    env = gallery.environment("en", static=str)
    found = {}
    for path in MACROS:
        source = path.read_text(encoding="utf-8")
        for macro in env.parse(source).find_all(nodes.Macro):
            if not macro.name.startswith("_"):
                head = re.search(rf"macro {macro.name}\((.*?)\) -%}}", source)
                assert head
                found[f"{path.name} {macro.name}"] = f"{macro.name}({head[1]})"
    return found


def test_every_macro_is_written_down_with_its_signature_and_nothing_else_is() -> None:
    written, file = {}, ""
    for line in WORDS.splitlines():
        if heading := re.fullmatch(r"### `macros/(\w+\.html)`", line):
            file = heading[1]
        elif file and (row := re.match(r"\| `(\w+)\((.*?)\)` \|", line)):
            written[f"{file} {row[1]}"] = f"{row[1]}({row[2]})"
    assert written == _signatures()


def test_the_gallery_uses_every_macro_that_draws_something() -> None:
    pages = "".join(
        path.read_text(encoding="utf-8") for path in [*look.TEMPLATES.glob("*.html"), *gallery.BOOK.glob("*.html")]
    )
    pages += "".join(path.read_text(encoding="utf-8") for path in MACROS)
    calls = {key: len(re.findall(rf"(?<!macro )\b{key.split()[1]}\(", pages)) for key in _signatures()}
    assert [key for key, count in calls.items() if not count] == []


def test_the_pictures_in_the_book_are_there_and_small() -> None:
    named = set(re.findall(r"\]\((design/[\w.-]+\.png)\)", WORDS))
    held = {f"design/{path.name}" for path in (BOOK.parent / "design").glob("*.png")}
    assert named == held != set()
    assert sum((BOOK.parent / name).stat().st_size for name in held) < 1_000_000


@pytest.mark.long
def test_the_gallery_is_written_with_all_it_needs(tmp_path: Path) -> None:
    pages = gallery.write(tmp_path)
    assert [path.name for path in pages] == ["en.html", "hi.html", "sign-in.en.html", "sign-in.hi.html", "past.html"]
    for page in pages:
        for address in re.findall(r'(?:src|href)="(static/[^"]+)"', page.read_text(encoding="utf-8")):
            assert (tmp_path / address).is_file(), address
