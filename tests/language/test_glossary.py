"""One Hindi word for each notion, on pages, papers and charts, by the table of docs/glossary.md."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest

from tests.conftest import ROOT

from .gathering import SOURCES, entries, held

GLOSSARY = re.findall(
    r"^\| (?!English|-)(.+?) \| (.+?) \|", (ROOT / "docs/glossary.md").read_text("utf-8"), re.MULTILINE
)
WRITTEN = re.compile(r"`[^`]*`|%\(\w+\)s|\{\w*\}")  # what is typed or filled in

#: What has the word of a notion in another sense.
OTHER_SENSES = {
    "agreed": "the agreed date|counted or agreed from it",
    "body": "body by its place|body of  ?bytes|body  of the act|body is not a text",
    "commitment": "commitment (in the ledger|to the text)",
    "exchange": "information exchange",
    "mail": "e-mail",
    "offer": "needs? (or|and) offers?",
    "office": "office system|offices there|offices call it so",
    "release": "press releases?",
    "remark": "content, remarks, paper",
}


@cache
def said() -> list[tuple[str, str]]:
    """Every text in English that has Hindi beside it, wherever it stands."""
    return list(_said())


def _said() -> Iterator[tuple[str, str]]:
    for (message, _context), words in entries(held()).items():
        yield (message, words) if isinstance(message, str) else (message[-1], words[-1])  # type: ignore[misc]
    for path in (SOURCES / "papers").rglob("*.toml"):
        yield from _pairs(tomllib.loads(path.read_text("utf-8")))
    for path in (SOURCES / "papers").rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(each, ast.Call) and ast.unparse(each.func) == "Words":
                given = dict(zip(("en", "hi"), each.args, strict=False)) | {one.arg: one.value for one in each.keywords}
                yield from _constants(given.get("en"), given.get("hi"))
            elif isinstance(each, ast.Dict):
                keys = [ast.unparse(key).strip("'") if key else "" for key in each.keys]
                given = dict(zip(keys, each.values, strict=True))
                yield from _constants(given.get("en"), given.get("hi"))


def _pairs(held_: object) -> Iterator[tuple[str, str]]:
    if isinstance(held_, dict):
        if isinstance(held_.get("en"), str) and isinstance(held_.get("hi"), str):
            yield held_["en"], held_["hi"]
        for each in held_.values():
            yield from _pairs(each)
    elif isinstance(held_, list):
        if len(held_) == 2 and all(isinstance(each, str) for each in held_):
            yield held_[0], held_[1]
        for each in held_:
            yield from _pairs(each)


def _constants(english: object, hindi: object) -> Iterator[tuple[str, str]]:
    if isinstance(english, ast.Constant) and isinstance(hindi, ast.Constant):
        yield str(english.value), str(hindi.value)


def stems(hindi: str) -> list[str]:
    """The words of a term without the vowel in which an inflected one ends otherwise."""
    return [re.sub("[ािीुूेैोौंईा]+$", "", word) for word in hindi.split()]


@pytest.mark.parametrize(("english", "hindi"), GLOSSARY, ids=[english for english, _hindi in GLOSSARY])
def test_a_notion_has_one_word_in_hindi(english: str, hindi: str):
    notion = re.compile(rf"\b{english}s?\b", re.IGNORECASE)
    senses = re.compile(OTHER_SENSES.get(english, "$^"), re.IGNORECASE)
    other = {
        text: words
        for text, words in said()
        if notion.search(senses.sub("", WRITTEN.sub("", text)))
        and re.search("[\u0900-\u097f]", words)
        and not all(stem in words for stem in stems(hindi))
    }
    assert other == {}
