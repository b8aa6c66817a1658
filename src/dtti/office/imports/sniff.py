"""What a file is, told by its first bytes and by what it holds, never by its name or by what a browser calls it."""

from typing import Final, Literal

Sort = Literal["sheet", "word", "calendar", "paper"]
_PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
}


def sort_of(data: bytes) -> Sort:
    """What reads it: a workbook or a text with columns is a sheet; the reader refuses what is none of these."""
    if paper_type(data):
        return "paper"
    if data.startswith(b"PK") and b"word/" in data and b"xl/workbook" not in data:
        return "word"
    if data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").upper().startswith(b"BEGIN:VCALENDAR"):
        return "calendar"
    return "sheet"


def paper_type(data: bytes) -> str:
    """The media type of a scan: PDF or a picture; empty for anything else."""
    if b"%PDF-" in data[:1024]:
        return "application/pdf"
    return next((media for start, media in _PICTURES.items() if data.startswith(start)), "")
