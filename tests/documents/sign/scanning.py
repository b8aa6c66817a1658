"""What printing, signing by hand and scanning do to a page, without a printer."""

import io
import random
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw, ImageFilter


def printed(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages of a PDF as a printer puts them on paper, in grey."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.render(scale=dpi / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def foot(page: Image.Image) -> Image.Image:
    """The page with all but its foot white, so that only the mark there can be read."""
    made = page.copy()
    ImageDraw.Draw(made).rectangle((0, 0, made.width, made.height * 85 // 100), fill=255)
    return made


def without_codes(page: Image.Image) -> Image.Image:
    """The page with its right foot and its lower left torn off."""
    made = page.copy()
    draw = ImageDraw.Draw(made)
    draw.rectangle((made.width // 2, made.height * 85 // 100, made.width, made.height), fill=255)
    draw.rectangle((0, made.height // 4, made.width // 3, made.height), fill=255)
    return made


def specked(page: Image.Image, share: float) -> Image.Image:
    chance = random.Random(7)
    made = page.copy()
    dots: Any = made.load()
    for _ in range(int(made.width * made.height * share)):
        dots[chance.randrange(made.width), chance.randrange(made.height)] = chance.choice((0, 255))
    return made


def turned(page: Image.Image, degrees: float) -> Image.Image:
    return page.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def photographed(page: Image.Image) -> Image.Image:
    """From the side, a little out of focus, in poor light."""
    w, h = page.size
    corners = (-0.05 * w, -0.04 * h, 0.02 * w, 1.05 * h, 1.03 * w, h, 0.97 * w, 0.02 * h)
    made = page.transform((w, h), Image.Transform.QUAD, corners, Image.Resampling.BILINEAR, fillcolor=255)
    return made.filter(ImageFilter.GaussianBlur(w / 2000)).point(lambda value: 40 + value * 0.6)


def black_and_white(page: Image.Image) -> Image.Image:
    return page.point(lambda value: 255 * (value > 128)).convert("1")


def saved(pages: list[Image.Image], kind: str, **options: Any) -> bytes:
    made = io.BytesIO()
    if len(pages) > 1:
        options |= {"save_all": True, "append_images": pages[1:]}
    pages[0].save(made, kind, **options)
    return made.getvalue()
