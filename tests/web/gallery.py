"""The gallery: every component of the look on one page, in both languages, invented content under an EXERCISE band.

All it shows is made up, in `look_book/gallery.json`. `python -m tests.web.gallery FOLDER` writes the pages and the
static files they need.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from dtti.documents.charts import bars
from dtti.documents.charts.figure import Chart
from dtti.documents.charts.html import html
from dtti.language.catalogue import LANGUAGES
from dtti.papers import charts
from dtti.papers.charts import cadence, court
from dtti.web.look import STATIC, TEMPLATES, furnish
from dtti.web.parts import Row

BOOK = Path(__file__).parent / "look_book"


def sample(language: str) -> dict[str, Any]:
    """The invented content in one language: what the file gives in both becomes the words of the one asked for."""
    picked: dict[str, Any] = _pick(_both_languages(), language)
    return picked | {"figures": _figures(language, picked["bar_rows"], picked["words"])}


def _figures(language: Any, rows: list[Any], said: dict[str, str]) -> dict[str, Markup]:
    """The charts of pages, from the samples that the papers have of them."""

    def drawn(draw: Callable[[float], Chart], wide: float) -> Markup:
        return Markup(html(draw(wide), narrow=draw(320.0), told=False))

    def sample_of(name: str) -> Any:
        return charts.read(name, charts.sample(name))

    amounts = [
        bars.Bar((each["label"], language), each["amount"], str(each["amount"] or "–"), each["note"]) for each in rows
    ]
    return {
        "court": drawn(lambda width: court.strip(sample_of("court"), language, width=width), 340.0),
        "cadence": drawn(lambda width: cadence.strip(sample_of("cadence"), language, width=width), 540.0),
        "bars": drawn(lambda width: bars.draw(said["bars"], amounts, language, unit=said["unit"], width=width), 540.0),
    }


@cache
def _both_languages() -> Any:
    return json.loads((BOOK / "gallery.json").read_text(encoding="utf-8"))


def _pick(member: Any, language: str) -> Any:
    if isinstance(member, dict):
        if member.keys() == set(LANGUAGES):
            return member[language]
        return {key: _pick(value, language) for key, value in member.items()}
    if isinstance(member, list):
        return [_pick(value, language) for value in member]
    return member


def environment(language: str, static: Callable[[str], str]) -> Environment:
    """The templates of the pages, and those of the gallery, in one language, with escaping on."""
    env = Environment(loader=FileSystemLoader([BOOK, TEMPLATES]), autoescape=select_autoescape(default=True))
    return furnish(env, language=lambda: language, static=static)


def render(template: str, language: str, frame: Row | None = None) -> str:
    """One page as HTML, in "en" or "hi". Members of `frame` replace those of the sample's frame."""
    content = sample(language)
    content["frame"] |= frame or {}
    env = environment(language, static=lambda path: f"static/{path}")
    return env.get_template(template).render(content)


def write(folder: Path) -> list[Path]:
    """Write the gallery into `folder`, made if absent: both languages, signing in, Washington looking at the past."""
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)
    signed_out: Row = {"who": None, "nav": [], "time": None}
    past: Row = {
        "on": "2015-06-30",
        "known": None,
        "now": False,
        "action": "",
        "keep": [],
        "back": "en.html",
    }
    pages = {f"{language}.html": render("gallery.html", language) for language in LANGUAGES}
    for language in LANGUAGES:
        pages[f"sign-in.{language}.html"] = render("gallery_sign_in.html", language, signed_out)
    pages["past.html"] = render("gallery.html", "en", {"side": "USA", "time": past, "band": None})
    for name, page in pages.items():
        (folder / name).write_text(page, encoding="utf-8")
    return [folder / name for name in pages]


if __name__ == "__main__":
    sys.stdout.writelines(f"{path}\n" for path in write(Path(sys.argv[1])))
