"""The pens: SVG for pages under a strict policy, a figure with its table, and print."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer
from defusedxml import ElementTree
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from dtti.cli.charts import add
from dtti.papers import charts
from tests.papers.charts.making import ANY

_SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> dict[tuple[str, str], charts.Chart]:
    made = {}
    for name in charts.CHARTS:
        data = charts.read(name, charts.sample(name))
        made |= {(name, language): charts.draw(data, language) for language in ("en", "hi")}  # type: ignore[arg-type]
    return made


def _all(drawn: dict[tuple[str, str], charts.Chart]) -> Iterator[tuple[charts.Chart, Any]]:
    for chart in drawn.values():
        yield chart, ElementTree.fromstring(charts.svg(chart.scene))


def test_an_svg_holds_nothing_that_a_strict_policy_refuses(drawn: dict[tuple[str, str], charts.Chart]) -> None:
    for _, root in _all(drawn):
        for element in root.iter():
            assert element.tag.removeprefix(_SVG) in {
                "svg", "title", "desc", "defs", "pattern", "rect", "path", "circle", "text",
            }  # fmt: skip
            assert "style" not in element.attrib
            assert not any(key.startswith("on") or key.endswith("href") for key in element.attrib)


def test_an_svg_speaks_for_itself(drawn: dict[tuple[str, str], charts.Chart]) -> None:
    for chart, root in _all(drawn):
        title, described = root.attrib["aria-labelledby"].split()
        assert root.attrib["role"] == "img"
        assert root.attrib["lang"] == chart.language
        assert root.find(f"{_SVG}title").attrib["id"] == title
        assert root.find(f"{_SVG}title").text == chart.title
        assert root.find(f"{_SVG}desc").attrib["id"] == described
        assert root.find(f"{_SVG}desc").text == chart.description


def test_every_pattern_that_is_used_is_defined_once(drawn: dict[tuple[str, str], charts.Chart]) -> None:
    for _, root in _all(drawn):
        defined = [each.attrib["id"] for each in root.iter(f"{_SVG}pattern")]
        used = {fill[5:-1] for each in root.iter() if (fill := each.attrib.get("fill", "")).startswith("url(#")}
        assert sorted(defined) == sorted(used)


def test_a_hue_never_stands_without_its_pattern_or_shape(drawn: dict[tuple[str, str], charts.Chart]) -> None:
    from dtti.documents.charts.scene import Rect

    for chart in drawn.values():
        for mark in chart.scene.marks:
            if isinstance(mark, Rect) and mark.fill is not None and mark.fill.colour in ("ind", "usa"):
                assert mark.fill.pattern == ("solid" if mark.fill.colour == "ind" else "hatch")


@pytest.mark.parametrize("name", list(charts.CHARTS))
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_text_is_shown_as_it_stands_and_the_xml_stays_whole(name: str, data: Any) -> None:
    chart = charts.draw(data.draw(ANY[name]), "en")
    root = ElementTree.fromstring(charts.svg(charts.headed(chart)))
    shown = [each.text or "" for each in root.iter(f"{_SVG}text")]
    assert shown == [text.text for text in charts.headed(chart).texts]
    figure = ElementTree.fromstring(charts.html(chart))
    assert [cell.text or "" for row in figure.iter("tbody") for cell in row.iter() if cell.tag in ("td", "th")] == [
        cell for cells in chart.table.rows for cell in cells
    ]


def test_two_charts_on_a_page_have_ids_of_their_own(drawn: dict[tuple[str, str], charts.Chart]) -> None:
    page = "".join(charts.html(chart) for chart in drawn.values()) + charts.html(drawn["court", "en"], key="second")
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_a_figure_holds_caption_drawing_words_and_table(drawn: dict[tuple[str, str], charts.Chart]) -> None:
    chart = drawn["trade", "hi"]
    root = ElementTree.fromstring(charts.html(chart, narrow=chart, key="t"))
    assert root.find("figcaption").text == chart.title
    assert root.find("p").text == chart.description
    assert root.find("details/summary").text == "सारणी के रूप में"
    assert [each.text for each in root.iter("th") if each.attrib["scope"] == "col"] == [
        column.label for column in chart.table.columns
    ]
    assert [each.attrib["class"] for each in root.iter("div")] == ["chart-wide", "chart-narrow", "scroll"]


def test_the_same_data_makes_the_same_bytes() -> None:
    data = charts.read("court", charts.sample("court"))
    made = [charts.draw(data, "hi") for _ in range(2)]
    assert charts.svg(made[0].scene) == charts.svg(made[1].scene)
    assert charts.pdf(made[0]) == charts.pdf(made[1])


def test_a_chart_survives_json() -> None:
    chart = charts.draw(charts.read("flow", charts.sample("flow")), "hi")
    assert msgspec.json.decode(charts.json(chart), type=charts.Chart) == chart


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)
    add(made)
    return made


def test_the_command_writes_what_the_ending_says(app: typer.Typer, tmp_path: Path) -> None:
    data = tmp_path / "court.json"
    shown = CliRunner().invoke(app, ["chart", "court", "--example"])
    data.write_text(shown.stdout, "utf-8")
    starts = {"svg": b"<svg", "pdf": b"%PDF-1.7", "html": b"<figure", "json": b"{"}
    for ending, start in starts.items():
        target = tmp_path / f"made.{ending}"
        words = ["chart", "court", "--data", str(data), "--lang", "hi", "-o", str(target), "--json"]
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
        assert msgspec.json.decode(result.stdout)["rows"] == 7
        assert target.read_bytes().startswith(start)


def test_the_command_refuses_in_rule_reason_and_remedy(app: typer.Typer, tmp_path: Path) -> None:
    data = tmp_path / "data.json"
    data.write_bytes(charts.sample("court"))
    for words, rule in (
        (["chart", "pie", "--data", str(data)], "chart-name"),
        (["chart", "flow", "--data", str(data)], "chart-data"),
        (["chart", "court", "--data", str(data), "-o", str(tmp_path / "made.png")], "chart-file"),
    ):
        result = CliRunner().invoke(app, [*words, "--json"])
        assert result.exit_code == 1
        refused = msgspec.json.decode(result.stdout)["refused"][0]
        assert refused["rule"] == rule
        assert refused["remedy"]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data.json"]


@pytest.mark.office
@pytest.mark.parametrize("name", list(charts.CHARTS))
def test_hindi_copied_out_of_a_printed_chart_reads_right(name: str, tmp_path: Path) -> None:
    import subprocess
    import unicodedata

    chart = charts.draw(charts.read(name, charts.sample(name)), "hi")
    file = tmp_path / "chart.pdf"
    file.write_bytes(charts.pdf(chart))
    out = subprocess.run(["pdftotext", "-raw", str(file), "-"], check=True, capture_output=True, text=True).stdout
    flat = re.sub(r"\s+", "", unicodedata.normalize("NFC", out))
    for text in chart.scene.texts:
        assert re.sub(r"\s+", "", unicodedata.normalize("NFC", text.text)) in flat, text.text
