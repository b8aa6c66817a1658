import re
from importlib.resources import files

import pytest

from dtti.documents.typeset.compile import HOUSE
from dtti.documents.words import word, words

TEMPLATES = {
    each.name: each.read_text()
    for folder in (HOUSE, files("dtti.papers") / "typst")
    for each in folder.iterdir()
    if each.name.endswith(".typ")
}
CALL = re.compile(r'(?:say|say-stacked|section|word)\("([a-z_]+\.[A-Za-z_0-9-]+)"(?! ?\+)')


@pytest.mark.parametrize("key", words())
def test_every_word_is_in_both_languages_with_the_same_blanks(key: str) -> None:
    held = words()[key]
    assert held["en"].count("{}") == held["hi"].count("{}")
    assert re.search("[\u0900-\u097f]", held["hi"]) or held["hi"] == "{}"
    assert not re.search("[\u0900-\u097f]", held["en"])


def test_every_word_that_a_template_asks_for_is_there() -> None:
    asked = {key for source in TEMPLATES.values() for key in CALL.findall(source)}
    assert len(asked) > 60
    assert asked - set(words()) == set()


def test_no_template_evaluates_text() -> None:
    assert [name for name, source in TEMPLATES.items() if re.search(r"\beval\(|\bplugin\(|\bread\(", source)] == []


def test_a_word_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError):
        word("agenda.nothing", "en")
