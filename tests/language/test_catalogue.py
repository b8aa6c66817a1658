"""The catalogue: it holds what the floors mark and nothing else, in Hindi, with the same blanks."""

import re

from dtti.language.catalogue import catalogue, compile_words, file_of, messages, translate

from .gathering import BLANK, Message, entries, held, levelled, marked


def each(words: Message) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else words


def test_bringing_the_catalogue_level_with_the_sources_changes_nothing():
    assert levelled(held(), marked()) == file_of("hi").read_bytes()


def test_words_changed_since_they_were_compiled_are_read_from_their_own_file(tmp_path, monkeypatch):
    monkeypatch.setattr("dtti.language.catalogue.LOCALE", tmp_path)
    words = tmp_path / "hi" / "LC_MESSAGES" / "messages.po"
    words.parent.mkdir(parents=True)
    said = []
    for hindi, compiling in (("पहला", True), ("दूसरा", False), ("दूसरा", True)):
        words.write_text(f'msgid "first"\nmsgstr "{hindi}"\n', "utf-8")
        messages.cache_clear()
        if compiling:
            compile_words()
            monkeypatch.setattr("dtti.language.catalogue.messages", None)  # what is compiled is read without it
        catalogue.cache_clear()
        said.append(translate("first", "hi"))
        monkeypatch.setattr("dtti.language.catalogue.messages", messages)
    messages.cache_clear()
    catalogue.cache_clear()
    assert said == ["पहला", "दूसरा", "दूसरा"]


def test_a_word_that_is_new_waits_at_the_end_and_one_that_is_gone_is_dropped():
    words = {("agreed here", None), ("A word of no page", None)}
    made = levelled(held(), words).decode()
    assert made.endswith('msgid "A word of no page"\nmsgstr ""\n\n')
    assert re.findall('^msgid "(.+)"$', made, re.MULTILINE) == ["agreed here", "A word of no page"]


def test_every_word_is_in_hindi_with_the_same_blanks():
    untranslated, unlike = set(), set()
    for (message, _context), words in entries(held()).items():
        if not all(each(words)):
            untranslated.add(message)
            continue
        blanks = set(BLANK.findall(each(message)[-1]))
        letters = re.search("[A-Za-z]", BLANK.sub("", each(message)[-1]))  # not signs alone
        for word in each(words):
            if set(BLANK.findall(word)) != blanks or (letters and not re.search("[\u0900-\u097f]", word)):
                unlike.add(message)
    assert (untranslated, unlike) == (set(), set())
    assert not any(one.fuzzy for one in held() if one.id)


def test_blanks_are_filled_and_a_language_without_a_catalogue_reads_as_the_sources_do():
    assert translate("suspended by %(side)s", "hi", side="भारत") == catalogue("hi").gettext(
        "suspended by %(side)s"
    ).replace("%(side)s", "भारत")
    assert translate("suspended by %(side)s", "en", side="India") == "suspended by India"
