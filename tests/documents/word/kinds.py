"""Papers of the other kinds under negotiation, their files, and what a person does to a file; no test in here."""

from functools import cache
from importlib.resources import files

import msgspec

from dtti.papers.data.agenda import Agenda
from dtti.papers.data.intent import StatementOfIntent
from dtti.papers.data.record import Record
from dtti.papers.negotiated import apply, write

from .making import changed, paragraph_with, unpacked

SAMPLES = files("dtti.papers") / "samples"
KINDS = {"statement-of-intent": StatementOfIntent, "record": Record, "agenda": Agenda}


@cache
def paper(name):
    return msgspec.json.decode((SAMPLES / f"{name}.json").read_bytes(), type=KINDS[name])


@cache
def sent(name, lang="en"):
    return write(paper(name), lang=lang)


def brief(found):
    return [(each.id, each.removed, "".join(part.text for part in each.added).strip()) for each in found.changes]


def trouble(found):
    return [(each.id, each.trouble.rule) for each in found.changes if each.trouble]


def everything(text, found):
    return apply(text, found, {each.id for each in found.changes})


def typed(*lines):
    """Paragraphs as a person types them: no style, no bookmark; a tab where one was typed."""
    made = ""
    for line in lines:
        runs = "<w:tab/>".join(f'<w:t xml:space="preserve">{each}</w:t>' for each in line.split("\t"))
        made += f"<w:p><w:r>{runs}</w:r></w:p>"
    return made


def after(data, words, *lines):
    """A file with paragraphs typed behind the one that holds some words."""
    paragraph = paragraph_with(data, words)
    return changed(data, (paragraph, paragraph + typed(*lines)))


def block(data, first, last):
    """The XML from the paragraph that holds some words to the one that holds others."""
    body = unpacked(data)["word/document.xml"].decode()
    start = body.index(paragraph_with(data, first))
    end = paragraph_with(data, last)
    return body[start : body.index(end) + len(end)]
