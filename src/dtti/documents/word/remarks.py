"""Comments and notes of a returned Word file, as plain words. Knows no text that they stand in.

ECMA-376 Part 1, 17.13.4 (comments) and 17.11 (footnotes, endnotes); answers and resolved comments by Word 2013's
extension of the format (commentsExtended).
"""

from dataclasses import dataclass, replace

from lxml import etree

from dtti.documents.package import Package

from .ooxml import W

_W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
_W15 = "http://schemas.microsoft.com/office/word/2012/wordml"


@dataclass(frozen=True)
class Remark:
    """A comment. `on`: the words it stands on; `reply_to`: the comment that it answers, "" for none."""

    id: str
    author: str
    at: str
    text: str
    reply_to: str = ""
    done: bool = False


def q(tag: str) -> str:
    """A tag of the namespace `w`."""
    return f"{{{W}}}{tag}"


def plain(element: etree._Element) -> str:
    """The words of a note or comment, its paragraphs on lines of their own."""
    return "\n".join(
        "".join(_said(each) for each in paragraph.iter(q("t"), q("tab"), q("br"))) for paragraph in element.iter(q("p"))
    )


def _said(each: etree._Element) -> str:
    return (each.text or "") if each.tag == q("t") else "\t" if each.tag == q("tab") else "\n"


def remarks(package: Package, parts: dict[str, str]) -> dict[str, Remark]:
    """Every comment by its id; `parts`: the main part's relations, part name by type."""
    if "comments" not in parts:
        return {}
    found: dict[str, Remark] = {}
    paragraphs: dict[str, str] = {}
    for each in package.xml(parts["comments"]).iter(q("comment")):
        identifier = each.get(q("id"), "")
        found[identifier] = Remark(identifier, each.get(q("author"), ""), when(each), plain(each).strip())
        for paragraph in each.iter(q("p")):
            paragraphs[paragraph.get(f"{{{_W14}}}paraId", "")] = identifier
    if "commentsExtended" in parts:
        for each in package.xml(parts["commentsExtended"]).iter(f"{{{_W15}}}commentEx"):
            own = paragraphs.get(each.get(f"{{{_W15}}}paraId", ""), "")
            if own in found:
                to = paragraphs.get(each.get(f"{{{_W15}}}paraIdParent", ""), "")
                done = each.get(f"{{{_W15}}}done", "0") in ("1", "true")
                found[own] = replace(found[own], reply_to=to, done=done)
    return found


def when(each: etree._Element) -> str:
    """The time of a change or comment; some programs write a row of noughts where they know none."""
    at = each.get(q("date"), "")
    return "" if at.startswith("0") else at
