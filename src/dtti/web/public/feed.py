"""What changed in the public record as Atom feeds (RFC 4287), and the pages as a sitemap (sitemaps.org). No page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from dtti.documents.values import LANGUAGES, Language
from dtti.language.catalogue import translate
from dtti.language.marking import N_
from dtti.node.checking import explore
from dtti.node.checking.explore import Change
from dtti.node.core.node import Node
from dtti.node.core.visibility import Viewer
from dtti.programme.kinds import KINDS

MOST: Final = 200  # entries of a feed, the newest
STRETCH: Final = 500
#: Kinds that have a feed of their own beside that of everything.
KEPT_APART: Final = ("meeting", "project", "instrument")
TITLE: Final = N_("DTTI: what changed in the public record")
TITLE_OF: Final = N_("DTTI: %(kind)s, what changed in the public record")
SAID: Final = N_("%(kind)s: the present text has been in the record since %(day)s.")


def changes(node: Node, viewer: Viewer) -> list[Change]:
    """Every public record as its present state came to be known, newest first."""
    found: list[Change] = []
    while True:
        last = found[-1] if found else None
        more = explore.changes(node, viewer, last.known_from if last else "", last.record if last else "", STRETCH)
        found += more
        if len(more) < STRETCH:
            return found[::-1]


def feeds(found: Sequence[Change], base: str, file_of: Mapping[str, str]) -> dict[str, bytes]:
    """The feeds by file. `base`: where the folder is served, empty where that is not known."""
    made = {}
    for language in LANGUAGES:
        before = "hi/" if language == "hi" else ""
        made[f"{before}feed.xml"] = _feed(found, "feed.xml", base, file_of, language, translate(TITLE, language))
        for code in KEPT_APART:
            face = KINDS[code].face
            title = translate(TITLE_OF, language, kind=translate(face.many, language))
            name = f"feed-{face.address}.xml"
            of_kind = [each for each in found if each.kind == code]
            made[f"{before}{name}"] = _feed(of_kind, name, base, file_of, language, title)
    return made


def _feed(
    found: Sequence[Change], name: str, base: str, file_of: Mapping[str, str], language: Language, title: str
) -> bytes:
    """One feed. Its links are relative to where it stands, which readers of feeds resolve by where they got it."""
    before = "hi/" if language == "hi" else ""
    here = f"{base}{before}"
    entries = [_entry(each, here, file_of[each.record], language) for each in found[:MOST] if each.record in file_of]
    updated = found[0].known_from if found else "1970-01-01T00:00:00Z"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<title>{escape(title)}</title>",
        f"<id>{escape(f'{here}{name}' if base else f'urn:dtti:public:{language}:{name}')}</id>",
        f'<link rel="self" href={quoteattr(here + name)}/>',
        f'<link rel="alternate" type="text/html" href={quoteattr(here + "index.html")}/>',
        f"<updated>{updated}</updated>",
        "<author><name>DTTI</name></author>",
        *entries,
        "</feed>",
    ]
    return ("\n".join(lines) + "\n").encode()


def _entry(change: Change, here: str, file: str, language: Language) -> str:
    kind = translate(KINDS[change.kind].face.one, language)
    said = translate(SAID, language, kind=kind, day=change.known_from[:10])
    return (
        f"<entry><title>{escape(change.title or change.ref)}</title>"
        f"<id>urn:dtti:{escape(change.record)}:{change.known_from}</id><updated>{change.known_from}</updated>"
        f'<link rel="alternate" type="text/html" href={quoteattr(here + file)}/>'
        f"<category term={quoteattr(change.kind)} label={quoteattr(kind)}/><summary>{escape(said)}</summary></entry>"
    )


def sitemap(files: Sequence[str], base: str) -> bytes:
    """Every page, by its address where the folder is served."""
    lines = [f"<url><loc>{escape(base + each)}</loc></url>" for each in files]
    head = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(lines) + "\n</urlset>\n").encode()
