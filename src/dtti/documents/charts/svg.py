"""The pen for pages: a scene as SVG that a strict content policy lets through. Knows scenes only.

No style attribute, no style element, no script, no reference to another file: presentation attributes alone (SVG
1.1). Text stays text, in the page's own faces. `role="img"` with title and description (WAI-ARIA Graphics, SVG-AAM
1.0).
"""

from hashlib import sha256
from html import escape

import msgspec

from .scene import COLOURS, Circle, Fill, Mark, Path, Rect, Scene, Stroke, Text

FACES = "Noto Sans, Noto Sans Signs, Noto Sans Devanagari, sans-serif"


def _n(value: float) -> str:
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in ("-0", "") else shown


def _look(fill: Fill | None, stroke: Stroke | None, key: str) -> str:
    if fill is None:
        made = ' fill="none"'
    elif fill.pattern == "solid":
        made = f' fill="{COLOURS[fill.colour]}"'
    else:
        made = f' fill="url(#{key}-{fill.pattern}-{fill.colour})"'
    if stroke is not None:
        made += f' stroke="{COLOURS[stroke.colour]}" stroke-width="{_n(stroke.width)}"'
        if stroke.dashed:
            made += ' stroke-dasharray="3 2.5"'
    return made


def _pattern(fill: Fill, key: str) -> str:
    colour = COLOURS[fill.colour]
    strokes = {
        "hatch": '<path d="M-1.5 1.5L1.5 -1.5M0 6L6 0M4.5 7.5L7.5 4.5"'
        f' stroke="{colour}" stroke-width="1.7" fill="none"/>',
        "cross": f'<path d="M0 0L6 6M6 0L0 6" stroke="{colour}" stroke-width="0.9" fill="none"/>',
        "dots": f'<circle cx="3" cy="3" r="1.2" fill="{colour}"/>',
    }[fill.pattern]
    return (
        f'<pattern id="{key}-{fill.pattern}-{fill.colour}" width="6" height="6" patternUnits="userSpaceOnUse">'
        f'<rect width="6" height="6" fill="{COLOURS["leaf"]}"/>{strokes}</pattern>'
    )


def _drawn(mark: Mark, key: str, language: str) -> str:
    if isinstance(mark, Rect):
        return (
            f'<rect x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}"'
            f"{_look(mark.fill, mark.stroke, key)}/>"
        )
    if isinstance(mark, Circle):
        return (
            f'<circle cx="{_n(mark.x)}" cy="{_n(mark.y)}" r="{_n(mark.radius)}"{_look(mark.fill, mark.stroke, key)}/>'
        )
    if isinstance(mark, Path):
        points = "L".join(f"{_n(x)} {_n(y)}" for x, y in mark.points)
        return f'<path d="M{points}{"Z" if mark.closed else ""}"{_look(mark.fill, mark.stroke, key)}/>'
    anchor = "" if mark.anchor == "start" else f' text-anchor="{mark.anchor}"'
    weight = ' font-weight="600"' if mark.bold else ""
    lang = "" if mark.language == language else f' lang="{mark.language}"'
    return (
        f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}"{anchor}{weight}{lang}'
        f' fill="{COLOURS[mark.colour]}">{escape(mark.text, quote=False)}</text>'
    )


def svg(scene: Scene, *, key: str = "") -> str:
    """The scene as an SVG element. `key` begins its ids, its own on the page; by default made from its content."""
    key = key or f"c{sha256(msgspec.json.encode(scene)).hexdigest()[:10]}"
    patterns: dict[str, str] = {}
    for mark in scene.marks:
        fill = None if isinstance(mark, Text) else mark.fill
        if fill is not None and fill.pattern != "solid":
            patterns[f"{fill.pattern}-{fill.colour}"] = _pattern(fill, key)
    defs = f"<defs>{''.join(patterns[name] for name in sorted(patterns))}</defs>" if patterns else ""
    body = "\n".join(_drawn(mark, key, scene.language) for mark in scene.marks)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(scene.width)} {_n(scene.height)}"'
        f' width="{_n(scene.width)}" height="{_n(scene.height)}" role="img" lang="{scene.language}"'
        f' aria-labelledby="{key}-title {key}-desc" font-family="{escape(FACES)}" direction="ltr">\n'
        f'<title id="{key}-title">{escape(scene.title, quote=False)}</title>\n'
        f'<desc id="{key}-desc">{escape(scene.description, quote=False)}</desc>\n{defs}\n{body}\n</svg>\n'
    )
